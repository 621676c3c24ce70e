// Package network is how a server meets the network, as its flags say it: addresses, certificates, bounds. What
// those bounds do is package edge's.
package network

import (
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"

	"aftersales-ledger/api/edge"
	"aftersales-ledger/domain"
)

// Flags say how the server meets the network.
type Flags struct {
	TLSCert       string   `name:"tls-cert" help:"Certificate chain (PEM) to serve by TLS; it is read again when it changes." env:"LEDGER_TLS_CERT" type:"path" placeholder:"FILE" group:"network"`
	TLSKey        string   `name:"tls-key" help:"Key of --tls-cert (PEM)." env:"LEDGER_TLS_KEY" type:"path" placeholder:"FILE" group:"network"`
	ACMEDomain    []string `name:"acme-domain" help:"Have certificates for these names from an authority (ACME), in place of --tls-cert. The authority must reach this server on port 443." env:"LEDGER_ACME_DOMAIN" placeholder:"NAME" group:"network"`
	ACMEDirectory string   `name:"acme-directory" help:"The authority's directory; its terms are agreed to. Default: Let's Encrypt." env:"LEDGER_ACME_DIRECTORY" placeholder:"URL" group:"network"`
	ACMEMail      string   `name:"acme-mail" help:"Where the authority warns." env:"LEDGER_ACME_MAIL" placeholder:"ADDRESS" group:"network"`

	TrustedProxy []Network `help:"Addresses or networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; nobody else's are." env:"LEDGER_TRUSTED_PROXY" placeholder:"ADDRESS" group:"network"`
	Operators    []Network `help:"Addresses or networks that may read /metrics." default:"127.0.0.0/8,::1" env:"LEDGER_OPERATORS" placeholder:"ADDRESS" group:"network"`

	WebhookNetwork []Network `help:"Networks of your own that webhooks may be posted to, beside public addresses; there without TLS, too." env:"LEDGER_WEBHOOK_NETWORK" placeholder:"ADDRESS" group:"network"`

	Connections           int `help:"Connections open at once; 0: what the machine's limit of open files leaves." default:"0" env:"LEDGER_CONNECTIONS" group:"network"`
	ConnectionsPerAddress int `help:"Of these, of one address that is no trusted proxy." default:"256" env:"LEDGER_CONNECTIONS_PER_ADDRESS" group:"network"`
	RatePerAddress        int `help:"Requests a minute from one address; 0: without limit." default:"6000" env:"LEDGER_RATE_PER_ADDRESS" group:"network"`
	RatePerPerson         int `help:"Requests a minute of one person; 0: without limit." default:"1200" env:"LEDGER_RATE_PER_PERSON" group:"network"`
	StreamsPerPerson      int `help:"Live feeds of one person open at once; 0: without limit." default:"6" env:"LEDGER_STREAMS_PER_PERSON" group:"network"`
	AtOncePerPerson       int `help:"Requests of one person under way at once; 0: without limit." default:"24" env:"LEDGER_AT_ONCE_PER_PERSON" group:"network"`
}

// Network is an address, or a network such as 10.0.0.0/8.
type Network netip.Prefix

// UnmarshalText implements [encoding.TextUnmarshaler].
func (n *Network) UnmarshalText(text []byte) error {
	if at, err := netip.ParseAddr(string(text)); err == nil {
		*n = Network(netip.PrefixFrom(at, at.BitLen()))
		return nil
	}
	p, err := netip.ParsePrefix(string(text))
	*n = Network(p.Masked())
	return err
}

// MarshalText implements [encoding.TextMarshaler].
func (n Network) MarshalText() ([]byte, error) { return netip.Prefix(n).MarshalText() }

// Prefixes are networks as the standard library has them.
func Prefixes(networks []Network) (list []netip.Prefix) {
	for _, n := range networks {
		list = append(list, netip.Prefix(n))
	}
	return list
}

// Bounds are what the flags say of how much anybody can take.
func (f Flags) Bounds() edge.Bounds {
	b := edge.Defaults()
	if f.Connections > 0 {
		b.Connections = f.Connections
	}
	b.PerAddress, b.AddressRate, b.PersonRate = f.ConnectionsPerAddress, f.RatePerAddress, f.RatePerPerson
	b.AtOnce, b.Streams = f.AtOncePerPerson, f.StreamsPerPerson
	b.Proxies, b.Operators = Prefixes(f.TrustedProxy), Prefixes(f.Operators)
	return b
}

// CertificatesFolder is where certificates that an authority gives out are kept, in
// the data folder.
const CertificatesFolder = "certificates"

// certificates are what the server is known by; nil: it serves without TLS.
func (f Flags) certificates(data string, log *slog.Logger) (*tls.Config, error) {
	switch {
	case len(f.ACMEDomain) > 0 && f.TLSCert != "":
		return nil, domain.Failed(nil, "--acme-domain and --tls-cert exclude each other: one certificate is served")
	case len(f.ACMEDomain) > 0:
		return edge.FromACME(edge.ACME{
			Domains: f.ACMEDomain, Directory: f.ACMEDirectory, Mail: f.ACMEMail, Cache: filepath.Join(data, CertificatesFolder),
		})
	case (f.TLSCert == "") != (f.TLSKey == ""):
		return nil, domain.Failed(nil, "--tls-cert and --tls-key go together")
	case f.TLSCert != "":
		return edge.FromFiles(f.TLSCert, f.TLSKey, log)
	}
	return nil, nil
}

// Serve serves handler on an address; address is what it can be asked at.
func (f Flags) Serve(
	listen, data string, handler http.Handler, log *slog.Logger,
) (server *http.Server, address string, served <-chan error, err error) {
	certificates, err := f.certificates(data, log)
	if err != nil {
		return nil, "", nil, err
	}
	bounds := f.Bounds()
	opened, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, "", nil, err
	}
	server = edge.Server(handler, bounds, log)
	server.TLSConfig = certificates
	listener := edge.Listen(opened, bounds)
	done := make(chan error, 1)
	if certificates != nil {
		go func() { done <- server.ServeTLS(listener, "", "") }()
		return server, "https://" + opened.Addr().String(), done, nil
	}
	if at, err := netip.ParseAddrPort(opened.Addr().String()); err == nil && !at.Addr().IsLoopback() &&
		len(f.TrustedProxy) == 0 {
		log.Warn("served without TLS to others than this machine: credentials can be read on the way; see --tls-cert, --acme-domain or --trusted-proxy",
			"address", opened.Addr().String())
	}
	go func() { done <- server.Serve(listener) }()
	return server, "http://" + opened.Addr().String(), done, nil
}

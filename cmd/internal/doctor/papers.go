package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"aftersales-ledger/api/edge"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/letterheadfile"
	"aftersales-ledger/cmd/internal/network"
	"aftersales-ledger/cmd/internal/notices"
	"aftersales-ledger/cmd/internal/policyfile"
)

// documents are the files that a server reads at its start.
func (e *examination) documents() {
	if path := e.Config.Policy; path != "" {
		if _, err := policyfile.Read(path); err != nil {
			e.ill(Bad, "policy", "the service table cannot be read: %v", err).
				treat("mend it; 'ledger policy --check FILE' says line by line what is wrong")
		} else {
			e.good("policy", "the service table %s can be read", path)
		}
	}
	path := e.Config.Letterhead
	if path == "" {
		path = filepath.Join(e.Config.Data, app.LetterheadFile)
	}
	switch _, err := letterheadfile.Read(path); {
	case err == nil:
		e.good("letterhead", "the letterhead %s can be read", path)
	case errors.Is(err, fs.ErrNotExist) && e.Config.Letterhead == "":
		e.ill(Warn, "letterhead", "papers and mails go out without a letterhead").
			treat("write %s: who the department is, where to pay to", path)
	default:
		e.ill(Bad, "letterhead", "the letterhead cannot be read: %v",
			err).treat("mend the file; a server does not start with it")
	}
}

// mail signs in to the mail server, and sends nothing.
func (e *examination) mail(ctx context.Context) {
	switch {
	case e.NoNotices:
		e.ill(Warn, "mail", "no notices are sent by this server (--no-notices)").treat("see that another server sends them")
		return
	case e.SMTP == "":
		e.ill(Warn, "mail", "there is no mail server: notices are written into a folder, and nobody gets them").
			treat("name one with --smtp, --mail-from and --addresses")
		return
	}
	server, err := notices.ParseSMTP(e.SMTP)
	if err == nil {
		var cancel func()
		ctx, cancel = context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		err = server.Check(ctx)
	}
	if err != nil {
		e.ill(Bad, "mail", "the mail server does not let us in: %v", err).
			treat("see that it runs, that this machine reaches it and that user and password are right")
	} else {
		e.good("mail", "the mail server lets us in")
	}
	if err := notices.CheckAddress(e.Sender); err != nil {
		e.ill(Bad, "mail", "--mail-from %q is no mail address", e.Sender).treat("name the address that notices come from")
	}
	if e.Addresses == "" {
		e.ill(Bad, "mail",
			"there is no address book").treat("name one with --addresses; 'ledger serve --help' shows its form")
	} else if _, err := notices.OpenBook(e.Addresses); err != nil {
		e.ill(Bad, "mail", "the address book cannot be read: %v", err).treat("mend the file")
	} else {
		e.good("mail", "the address book %s can be read", e.Addresses)
	}
}

// links are those in mails, by which people come to the console.
func (e *examination) links() {
	switch public, err := e.Door.Public(); {
	case e.NoNotices:
	case err != nil:
		e.ill(Bad, "links", "mails cannot carry links: %v", err).
			treat("mend it; the server does not start with it")
	case public == "":
		e.ill(Warn, "links",
			"mails carry no links: statements are answered by who signs in, or on paper, and invitations are passed on by hand").
			treat("name the address at which people reach the console with --public-url")
	default:
		e.good("links", "mails carry links to %s", public)
	}
}

// soon is how long before its end a certificate should have been renewed.
const soon = 21 * 24 * time.Hour

// certificates are what the server is known by.
func (e *examination) certificates() {
	switch {
	case e.Network.TLSCert != "":
		pair, err := tls.LoadX509KeyPair(e.Network.TLSCert, e.Network.TLSKey)
		if err == nil {
			err = edge.KeyIsKept(e.Network.TLSKey)
		}
		if err != nil {
			e.ill(Bad, "certificate", "the certificate cannot be read: %v", err).
				treat("see that --tls-cert is the chain and --tls-key its key, both PEM and readable")
			return
		}
		e.expiry(pair.Leaf)
	case len(e.Network.ACMEDomain) > 0:
		for _, name := range e.Network.ACMEDomain {
			leaf := firstCertificate(filepath.Join(e.Config.Data, network.CertificatesFolder, name))
			if leaf == nil {
				e.ill(Warn, "certificate", "there is no certificate for %s yet", name).
					treat("it is asked for at the first connection; the authority must reach this server on port 443 under that name")
				continue
			}
			e.expiry(leaf)
		}
	default:
		at, err := netip.ParseAddrPort(e.Listen)
		if err == nil && at.Addr().IsLoopback() || strings.HasPrefix(e.Listen, "localhost:") {
			e.good("certificate", "the server speaks to its own machine only, without TLS")
		} else if len(e.Network.TrustedProxy) > 0 {
			e.good("certificate", "a trusted proxy speaks TLS for the server")
		} else {
			e.ill(Bad, "certificate",
				"the server speaks to others without TLS: whoever is on the way reads passwords and tokens").
				treat("give it a certificate (--tls-cert or --acme-domain), or name the proxy that has one (--trusted-proxy)")
		}
	}
}

func (e *examination) expiry(leaf *x509.Certificate) {
	names, until := leaf.DNSNames, leaf.NotAfter.Format(time.DateOnly)
	switch left := leaf.NotAfter.Sub(e.Machine.Now()); {
	case left <= 0:
		e.ill(Bad, "certificate", "the certificate for %s ended on %s", names, until).
			treat("renew it; the server reads the new one by itself")
	case left < soon:
		e.ill(Warn, "certificate", "the certificate for %s ends on %s", names, until).
			treat("renew it; the server reads the new one by itself")
	default:
		e.good("certificate", "the certificate for %s is good until %s", names, until)
	}
}

// firstCertificate reads the first certificate of a PEM file that may begin with
// a key; nil: there is none.
func firstCertificate(path string) *x509.Certificate {
	text, _ := os.ReadFile(path)
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			leaf, _ := x509.ParseCertificate(block.Bytes)
			return leaf
		}
	}
	return nil
}

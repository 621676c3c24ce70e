package network

import (
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"aftersales-ledger/api/door"
	"aftersales-ledger/cmd/internal/claimsfile"
	"aftersales-ledger/domain"
)

// DoorFlags say how people are let in.
type DoorFlags struct {
	SessionIdle    time.Duration `help:"A browser's session that long unused is over." default:"30m" env:"LEDGER_SESSION_IDLE" group:"door"`
	SessionLimit   time.Duration `help:"A session is over after it, used or not." default:"12h" env:"LEDGER_SESSION_LIMIT" group:"door"`
	PasswordLength int           `help:"Least number of characters of a password." default:"12" env:"LEDGER_PASSWORD_LENGTH" group:"door"`
	PublicURL      string        `name:"public-url" help:"Address at which people reach the console, such as https://ledger.example.com. Without it mails carry no links: statements are answered by who signs in, or on paper." env:"LEDGER_PUBLIC_URL" placeholder:"URL" group:"door"`
	LinkDays       int           `help:"How many days after the day to answer by the link of a statement's mail is good." default:"30" env:"LEDGER_LINK_DAYS" group:"door"`
	SecondFactor   []string      `help:"Roles of which a passkey is asked beside the password, such as finance,administrator; whoever has one shows it anyway. Needs --public-url." env:"LEDGER_SECOND_FACTOR" placeholder:"ROLE" group:"door"`
	PlainCookies   bool          `help:"Let sessions in without TLS. On this machine's own address that is so already; elsewhere whoever listens on the way becomes who signs in." env:"LEDGER_PLAIN_COOKIES" group:"door"`
}

// ProviderFlags say by which identity provider people sign in (OpenID Connect).
type ProviderFlags struct {
	OIDCIssuer           string   `name:"oidc-issuer" help:"Address of the organisation's identity provider (OpenID Connect), as its discovery document names it; needs --public-url. Without it people sign in with passwords only." env:"LEDGER_OIDC_ISSUER" placeholder:"URL" group:"door"`
	OIDCName             string   `name:"oidc-name" help:"What people call it, for the button to sign in. Default: its host." env:"LEDGER_OIDC_NAME" placeholder:"TEXT" group:"door"`
	OIDCClientID         string   `name:"oidc-client-id" help:"As which client the provider knows the ledger." env:"LEDGER_OIDC_CLIENT_ID" placeholder:"ID" group:"door"`
	OIDCClientSecret     string   `name:"oidc-client-secret" help:"The client's secret; better by --oidc-client-secret-file. Without either the ledger is a public client." env:"LEDGER_OIDC_CLIENT_SECRET" placeholder:"SECRET" group:"door" secret:""`
	OIDCClientSecretFile string   `name:"oidc-client-secret-file" help:"File that holds the client's secret, readable by its owner only." env:"LEDGER_OIDC_CLIENT_SECRET_FILE" type:"path" placeholder:"FILE" group:"door"`
	OIDCScope            []string `name:"oidc-scope" help:"Scopes to ask the provider for, beside openid." default:"profile,email" env:"LEDGER_OIDC_SCOPE" placeholder:"SCOPE" group:"door"`
	OIDCMapping          string   `name:"oidc-mapping" help:"YAML file that says which login, name, roles and reaches the provider's claims come to; api/door/README.md shows one." env:"LEDGER_OIDC_MAPPING" type:"path" placeholder:"FILE" group:"door"`
}

// Provider is the identity provider of the flags; nil: there is none.
func (f ProviderFlags) Provider() (*door.Provider, error) {
	if f.OIDCIssuer == "" {
		if f.OIDCClientID+f.OIDCClientSecret+f.OIDCClientSecretFile+f.OIDCMapping != "" {
			return nil,
				domain.Failed(nil, "--oidc-client-id, --oidc-client-secret and --oidc-mapping are of an identity provider: name it with --oidc-issuer")
		}
		return nil, nil
	}
	if f.OIDCMapping == "" {
		return nil, domain.Failed(nil, "--oidc-issuer needs --oidc-mapping: a file that says what its claims come to")
	}
	p := &door.Provider{
		Name: f.OIDCName, Issuer: f.OIDCIssuer, ClientID: f.OIDCClientID, ClientSecret: door.Secret(f.OIDCClientSecret),
		Scopes: f.OIDCScope,
	}
	if f.OIDCClientSecretFile != "" {
		if f.OIDCClientSecret != "" {
			return nil, domain.Failed(nil, "--oidc-client-secret and --oidc-client-secret-file exclude each other")
		}
		secret, err := readSecret(f.OIDCClientSecretFile)
		if err != nil {
			return nil, err
		}
		p.ClientSecret = door.Secret(secret)
	}
	var err error
	p.Mapping, err = claimsfile.Read(f.OIDCMapping)
	return p, err
}

// readSecret reads a secret from a file that nobody else can read.
func readSecret(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", domain.Failed(nil, "%s: others can read it: chmod 600 it, and have the provider make a new secret", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" || strings.ContainsAny(secret, "\r\n") {
		return "", domain.Failed(nil, "%s: must hold the secret, on one line", path)
	}
	return secret, nil
}

// Policy is the door's, of a server that listens on an address.
func (f DoorFlags) Policy(listen string, served Flags) door.Policy {
	var second []domain.Role
	for _, role := range f.SecondFactor {
		second = append(second, domain.Role(role))
	}
	return door.Policy{
		SecondFactor: second,
		SessionIdle:  f.SessionIdle, SessionAbsolute: f.SessionLimit, PasswordLength: f.PasswordLength,
		LinkLife:  time.Duration(f.LinkDays) * 24 * time.Hour,
		PlainHTTP: f.PlainCookies || loopback(listen) && !encrypted(served),
	}
}

// Public is the address at which people reach the console, empty where it is not
// known. It is refused where a link to it would be read on the way, or lead
// elsewhere.
func (f DoorFlags) Public() (string, error) {
	if f.PublicURL == "" {
		return "", nil
	}
	u, err := url.Parse(f.PublicURL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || u.RawQuery != "" ||
		u.Fragment != "" || u.Path != "" && u.Path != "/":
		return "", domain.Failed(nil, "--public-url %q: must be an address and nothing after it, such as https://ledger.example.com",
			f.PublicURL)
	case u.Scheme == "http" && !loopback(net.JoinHostPort(u.Hostname(), "0")) && !f.PlainCookies:
		return "", domain.Failed(nil, "--public-url %q: must begin with https://, or whoever is on the way opens what is mailed",
			f.PublicURL)
	case f.LinkDays < 1 || f.LinkDays > 366:
		return "", domain.Failed(nil, "--link-days %d: must be 1 to 366", f.LinkDays)
	}
	return u.Scheme + "://" + u.Host, nil
}

// encrypted reports whether people reach the server by TLS: its own, or a proxy's.
func encrypted(f Flags) bool {
	return f.TLSCert != "" || len(f.ACMEDomain) > 0 || len(f.TrustedProxy) > 0
}

// loopback reports whether an address is this machine's own.
func loopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	at := net.ParseIP(host)
	return host == "localhost" || at != nil && at.IsLoopback()
}

package network

import (
	"fmt"
	"net"
	"net/url"
	"time"

	"aftersales-ledger/api/door"
)

// DoorFlags say how people are let in.
type DoorFlags struct {
	SessionIdle    time.Duration `help:"A browser's session that long unused is over." default:"30m" env:"LEDGER_SESSION_IDLE" group:"door"`
	SessionLimit   time.Duration `help:"A session is over after it, used or not." default:"12h" env:"LEDGER_SESSION_LIMIT" group:"door"`
	PasswordLength int           `help:"Least number of characters of a password." default:"12" env:"LEDGER_PASSWORD_LENGTH" group:"door"`
	PublicURL      string        `name:"public-url" help:"Address at which people reach the console, such as https://ledger.example.com. Without it mails carry no links: statements are answered by who signs in, or on paper." env:"LEDGER_PUBLIC_URL" placeholder:"URL" group:"door"`
	LinkDays       int           `help:"How many days after the day to answer by the link of a statement's mail is good." default:"30" env:"LEDGER_LINK_DAYS" group:"door"`
	PlainCookies   bool          `help:"Let sessions in without TLS. On this machine's own address that is so already; elsewhere whoever listens on the way becomes who signs in." env:"LEDGER_PLAIN_COOKIES" group:"door"`
}

// Policy is the door's, of a server that listens on an address.
func (f DoorFlags) Policy(listen string, served Flags) door.Policy {
	return door.Policy{
		SessionIdle: f.SessionIdle, SessionAbsolute: f.SessionLimit, PasswordLength: f.PasswordLength,
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
		return "", fmt.Errorf("--public-url %q: must be an address and nothing after it, such as https://ledger.example.com",
			f.PublicURL)
	case u.Scheme == "http" && !loopback(net.JoinHostPort(u.Hostname(), "0")) && !f.PlainCookies:
		return "", fmt.Errorf("--public-url %q: must begin with https://, or whoever is on the way opens what is mailed",
			f.PublicURL)
	case f.LinkDays < 1 || f.LinkDays > 366:
		return "", fmt.Errorf("--link-days %d: must be 1 to 366", f.LinkDays)
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

package network

import (
	"net"
	"time"

	"aftersales-ledger/api/door"
	"aftersales-ledger/domain"
)

// DoorFlags say how people are let in.
type DoorFlags struct {
	SessionIdle    time.Duration `help:"A browser's session that long unused is over." default:"30m" env:"LEDGER_SESSION_IDLE" group:"door"`
	SessionLimit   time.Duration `help:"A session is over after it, used or not." default:"12h" env:"LEDGER_SESSION_LIMIT" group:"door"`
	PasswordLength int           `help:"Least number of characters of a password." default:"12" env:"LEDGER_PASSWORD_LENGTH" group:"door"`
	PlainCookies   bool          `help:"Let sessions in without TLS. On this machine's own address that is so already; elsewhere whoever listens on the way becomes who signs in." env:"LEDGER_PLAIN_COOKIES" group:"door"`
	PasskeyRoles   []domain.Role `help:"Roles whose holders must show a passkey when they sign in, such as finance,administrator." env:"LEDGER_PASSKEY_ROLES" placeholder:"ROLE" group:"door"`
	Origin         string        `help:"Address at which people reach the server, such as https://ledger.example.com; passkeys are bound to it." env:"LEDGER_ORIGIN" placeholder:"URL" group:"door"`
}

// Policy is the door's, of a server that listens on an address.
func (f DoorFlags) Policy(listen string, served Flags) door.Policy {
	return door.Policy{
		SessionIdle: f.SessionIdle, SessionAbsolute: f.SessionLimit, PasswordLength: f.PasswordLength,
		PasskeyRoles: f.PasskeyRoles, Origin: f.Origin,
		PlainHTTP: f.PlainCookies || loopback(listen) && !encrypted(served),
	}
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

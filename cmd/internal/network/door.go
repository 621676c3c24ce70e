package network

import (
	"net"
	"time"

	"aftersales-ledger/api/door"
)

// DoorFlags say how people are let in.
type DoorFlags struct {
	SessionIdle    time.Duration `help:"A browser's session that long unused is over." default:"30m" env:"LEDGER_SESSION_IDLE" group:"door"`
	SessionLimit   time.Duration `help:"A session is over after it, used or not." default:"12h" env:"LEDGER_SESSION_LIMIT" group:"door"`
	PasswordLength int           `help:"Least number of characters of a password." default:"12" env:"LEDGER_PASSWORD_LENGTH" group:"door"`
	PlainCookies   bool          `help:"Let sessions in without TLS. On this machine's own address that is so already; elsewhere whoever listens on the way becomes who signs in." env:"LEDGER_PLAIN_COOKIES" group:"door"`
}

// Policy is the door's, of a server that listens on an address.
func (f DoorFlags) Policy(listen string, served Flags) door.Policy {
	return door.Policy{
		SessionIdle: f.SessionIdle, SessionAbsolute: f.SessionLimit, PasswordLength: f.PasswordLength,
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

package door

import (
	"cmp"
	"time"

	"aftersales-ledger/domain"
)

// Policy is what a department may decide of its door. Zero values take the
// defaults.
type Policy struct {
	SessionIdle     time.Duration // a session that long unused is over; 30 minutes
	SessionAbsolute time.Duration // a session is over after it, used or not; 12 hours
	PasswordLength  int           // least number of characters; 12
	TokenLife       time.Duration // the longest an API token may be good for; 366 days
	InvitationLife  time.Duration // how long an invitation may be taken up; 3 days
	LinkLife        time.Duration // how long a mailed link is good after the day to answer by; 30 days
	CodeLife        time.Duration // how long a mailed code may be entered; 10 minutes
	ProofLife       time.Duration // how long a session may answer after a code; 30 minutes
	AuditAge        time.Duration // how long the audit is kept; 400 days
	AuditEntries    int           // how many entries of it at most; 1,000,000
	// SecondFactor are the roles of which a second factor is asked; whoever has a passkey
	// shows it, whatever their roles.
	SecondFactor []domain.Role
	// PlainHTTP lets cookies through without TLS: for a server on one's own machine.
	PlainHTTP bool
}

func (p Policy) withDefaults() Policy {
	p.SessionIdle = cmp.Or(p.SessionIdle, 30*time.Minute)
	p.SessionAbsolute = cmp.Or(p.SessionAbsolute, 12*time.Hour)
	p.PasswordLength = cmp.Or(p.PasswordLength, 12)
	p.TokenLife = cmp.Or(p.TokenLife, 366*24*time.Hour)
	p.InvitationLife = cmp.Or(p.InvitationLife, 3*24*time.Hour)
	p.LinkLife = cmp.Or(p.LinkLife, 30*24*time.Hour)
	p.CodeLife = cmp.Or(p.CodeLife, 10*time.Minute)
	p.ProofLife = cmp.Or(p.ProofLife, 30*time.Minute)
	p.AuditAge = cmp.Or(p.AuditAge, 400*24*time.Hour)
	p.AuditEntries = cmp.Or(p.AuditEntries, 1_000_000)
	return p
}

func (p Policy) check() error {
	switch {
	case p.SessionIdle <= 0 || p.SessionAbsolute < p.SessionIdle:
		return domain.Failed(nil, "a session of at most %s cannot be unused for %s: name a shorter idle time",
			p.SessionAbsolute, p.SessionIdle)
	case p.PasswordLength < 8 || p.PasswordLength > mostPassword:
		return domain.Failed(nil, "a password of at least %d characters: name 8 to %d", p.PasswordLength, mostPassword)
	}
	for _, role := range p.SecondFactor {
		if _, err := domain.ParseRole(string(role)); err != nil {
			return err
		}
	}
	return nil
}

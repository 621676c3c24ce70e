// Package user keeps the people who are let in: who they are, which roles of the
// procedure (§4) they hold, how far each reaches and from when until when, and
// who granted it for which reason. How they prove who they are is the door's.
package user

import (
	"maps"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
)

// Stream is the stream of all users. There are some hundreds, they are read
// together at every start, and the last administrator among them must stay: an
// invariant of all of them at once.
const Stream = "users"

// Event is a fact about a user. On is the business date on which it was decided,
// By the login of who decided it.
//
//sumtype:decl
type Event interface {
	domain.Grounded
	userEvent()
}

// UserCreated begins a user. Nothing is granted to them yet.
type UserCreated struct {
	Login  string        `json:"login"` // in its one form, see domain.Login; never another's again
	Name   string        `json:"name"`  // 姓名
	Mail   string        `json:"mail,omitempty"`
	Phone  string        `json:"phone,omitempty"`
	Reason string        `json:"reason"`
	On     calendar.Date `json:"on"`
	By     string        `json:"by"`
}

// UserInvited says that a user was asked to sign in for the first time.
type UserInvited struct {
	Login  string        `json:"login"`
	Mail   string        `json:"mail,omitempty"` // address that they had; empty: the invitation is handed over
	Reason string        `json:"reason"`
	On     calendar.Date `json:"on"`
	By     string        `json:"by"`
}

// UserDetailsChanged says who a user is from now on: all of it, changed or not.
type UserDetailsChanged struct {
	Login  string        `json:"login"`
	Name   string        `json:"name"`
	Mail   string        `json:"mail,omitempty"`
	Phone  string        `json:"phone,omitempty"`
	Reason string        `json:"reason"`
	On     calendar.Date `json:"on"`
	By     string        `json:"by"`
}

// RoleGranted gives a user a role, as far as it reaches, from a business date to
// another, both included.
type RoleGranted struct {
	Login  string        `json:"login"`
	Grant  int           `json:"grant"` // number of the grant among the user's, from 1
	Role   domain.Role   `json:"role"`
	Reach  access.Reach  `json:"reach"`
	From   calendar.Date `json:"from"`
	Until  calendar.Date `json:"until,omitzero"` // zero: open
	Reason string        `json:"reason"`
	On     calendar.Date `json:"on"`
	By     string        `json:"by"`
}

// GrantWithdrawn ends a grant before its time.
type GrantWithdrawn struct {
	Login  string        `json:"login"`
	Grant  int           `json:"grant"`
	Role   domain.Role   `json:"role"` // that the grant was of
	From   calendar.Date `json:"from"` // the first business date on which it is not in force any more
	Reason string        `json:"reason"`
	On     calendar.Date `json:"on"`
	By     string        `json:"by"`
}

// UserSuspended keeps a user out, at once, whatever is granted to them.
type UserSuspended struct {
	Login  string        `json:"login"`
	Reason string        `json:"reason"`
	On     calendar.Date `json:"on"`
	By     string        `json:"by"`
}

// UserReinstated lets a suspended user in again, with what is granted to them.
type UserReinstated struct {
	Login  string        `json:"login"`
	Reason string        `json:"reason"`
	On     calendar.Date `json:"on"`
	By     string        `json:"by"`
}

// IdentityLinked has a user sign in by an identity provider, too: as the one whom the
// provider knows by a subject. A provider's subject is one user's, and a user has
// one subject of a provider.
type IdentityLinked struct {
	Login string `json:"login"`
	Identity
	Reason string        `json:"reason"`
	On     calendar.Date `json:"on"`
	By     string        `json:"by"`
}

// IdentityUnlinked takes that back.
type IdentityUnlinked struct {
	Login string `json:"login"`
	Identity
	Reason string        `json:"reason"`
	On     calendar.Date `json:"on"`
	By     string        `json:"by"`
}

func (UserCreated) EventType() string        { return "UserCreated" }
func (UserInvited) EventType() string        { return "UserInvited" }
func (UserDetailsChanged) EventType() string { return "UserDetailsChanged" }
func (RoleGranted) EventType() string        { return "RoleGranted" }
func (GrantWithdrawn) EventType() string     { return "GrantWithdrawn" }
func (UserSuspended) EventType() string      { return "UserSuspended" }
func (UserReinstated) EventType() string     { return "UserReinstated" }
func (IdentityLinked) EventType() string     { return "IdentityLinked" }
func (IdentityUnlinked) EventType() string   { return "IdentityUnlinked" }

func (UserCreated) RestsOn() domain.Ground        { return domain.Clause("4") }
func (UserInvited) RestsOn() domain.Ground        { return domain.Clause("4") }
func (UserDetailsChanged) RestsOn() domain.Ground { return domain.Clause("4") }
func (RoleGranted) RestsOn() domain.Ground        { return domain.Clause("4") }
func (GrantWithdrawn) RestsOn() domain.Ground     { return domain.Clause("4") }
func (UserSuspended) RestsOn() domain.Ground      { return domain.Clause("4") }
func (UserReinstated) RestsOn() domain.Ground     { return domain.Clause("4") }
func (IdentityLinked) RestsOn() domain.Ground     { return domain.Clause("4") }
func (IdentityUnlinked) RestsOn() domain.Ground   { return domain.Clause("4") }

func (UserCreated) userEvent()        {}
func (UserInvited) userEvent()        {}
func (UserDetailsChanged) userEvent() {}
func (RoleGranted) userEvent()        {}
func (GrantWithdrawn) userEvent()     {}
func (UserSuspended) userEvent()      {}
func (UserReinstated) userEvent()     {}
func (IdentityLinked) userEvent()     {}
func (IdentityUnlinked) userEvent()   {}

// About is the login of the user that an event is about.
func About(e Event) string {
	switch e := e.(type) {
	case UserCreated:
		return e.Login
	case UserInvited:
		return e.Login
	case UserDetailsChanged:
		return e.Login
	case RoleGranted:
		return e.Login
	case GrantWithdrawn:
		return e.Login
	case UserSuspended:
		return e.Login
	case UserReinstated:
		return e.Login
	case IdentityLinked:
		return e.Login
	case IdentityUnlinked:
		return e.Login
	}
	return ""
}

// Users is the state of all users.
type Users struct {
	all    map[string]User   // by login
	mailed map[string]string // the login that has a mail address, by the address in one form
	linked map[Identity]string
	order  []string // logins, as they were created
	events int
}

// Events is how many events the state is folded of: one that has as many is the same.
func (s *Users) Events() int { return s.events }

// Copy is the state as it is now, whatever is folded into s later.
func (s *Users) Copy() *Users {
	return &Users{maps.Clone(s.all), maps.Clone(s.mailed), maps.Clone(s.linked), slices.Clip(s.order), s.events}
}

// User is one user with all that was ever granted. Nothing of it is changed in
// place: a user that was looked up stays as it was.
type User struct {
	Login, Name, Mail, Phone string
	Suspended                bool
	Created                  calendar.Date
	Invited                  calendar.Date // last; zero: never
	Granted                  []Granted     // by number
	Named                    []Named       // the names they had, in order
	Identities               []Identity    // by which they sign in at a provider
}

// Named is a name from a business date on.
type Named struct {
	From calendar.Date
	Name string
}

// NameOn is the name that a user had on a business date, today's if it is zero;
// before they were created, the first that is known of them.
func (u User) NameOn(day calendar.Date) string {
	name := u.Name
	if day.IsZero() {
		return name
	}
	for i, n := range u.Named {
		if i == 0 || n.From <= day {
			name = n.Name
		}
	}
	return name
}

// Granted is a grant that was made, and its end if it was withdrawn.
type Granted struct {
	Number       int
	access.Grant // as granted
	Reason       string
	On           calendar.Date
	By           string
	Withdrawn    *Withdrawn // nil: it was not
}

// Withdrawn is how a grant ended before its time.
type Withdrawn struct {
	From   calendar.Date // the first business date on which it is not in force any more
	Reason string
	On     calendar.Date
	By     string
}

// InForce is the grant with the end that it really has. It may end before it
// begins: then it is never in force.
func (g Granted) InForce() access.Grant {
	if w := g.Withdrawn; w != nil && (g.Until.IsZero() || w.From <= g.Until) {
		g.Until = w.From.AddDays(-1)
	}
	return g.Grant
}

// open reports whether the grant is in force and has no end.
func (g Granted) open(today calendar.Date) bool { return g.From <= today && g.InForce().Until.IsZero() }

// never reports whether the grant is in force on no day.
func never(g access.Grant) bool { return !g.Until.IsZero() && g.Until < g.From }

// On is the person on a business date, with what was in force then.
func (u User) On(day calendar.Date) Person {
	p := Person{Login: u.Login, Name: u.Name, Mail: u.Mail, Phone: u.Phone, Suspended: u.Suspended}
	if !u.Suspended {
		p.Grants = u.Held(day)
	}
	return p
}

// Held are the grants in force on a business date, whether or not the user is
// suspended now.
func (u User) Held(day calendar.Date) (held []access.Grant) {
	for _, g := range u.Granted {
		if in := g.InForce(); in.On(day) {
			held = append(held, in)
		}
	}
	return held
}

// Named returns a user by their login, however it is written.
func (s *Users) Named(login string) (User, bool) {
	u, ok := s.all[domain.Login(login)]
	return u, ok
}

// All lists the users in the order in which they were created.
func (s *Users) All() []User {
	out := make([]User, len(s.order))
	for i, login := range s.order {
		out[i] = s.all[login]
	}
	return out
}

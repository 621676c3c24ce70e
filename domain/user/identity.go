package user

import (
	"net/url"
	"slices"
	"strings"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
)

// Identity is by what an identity provider (OpenID Connect) tells a person from all
// others: its own address, and the subject, which it never gives to another person.
// A mail address or a name does not: they change, and are given to others. The names
// of its fields are stored.
type Identity struct {
	Issuer  string `json:"issuer"`
	Subject string `json:"subject"`
}

// mostSubject is how long a subject may be, in bytes (OpenID Connect Core, 2).
const mostSubject = 255

func (i Identity) check() error {
	if err := domain.FirstError(domain.CheckText("issuer", i.Issuer, true),
		domain.CheckText("subject", i.Subject, true)); err != nil {
		return err
	}
	u, err := url.Parse(i.Issuer)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return domain.Invalid("issuer", domain.Clip(i.Issuer), "bad-issuer",
			"must be the provider's address, as its discovery document names it", "4")
	}
	if len(i.Subject) > mostSubject {
		return domain.Invalid("subject", domain.Clip(i.Subject), "bad-subject", "must be at most %d bytes", "4", mostSubject)
	}
	return nil
}

// byProvider begins the name under which what a provider says of people is recorded.
// No login holds a colon.
const byProvider = "oidc:"

// ByProvider is the name under which what a provider says of people is recorded.
func ByProvider(issuer string) string {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" {
		return byProvider
	}
	return byProvider + u.Host
}

// OfProvider reports whether a provider's claims granted it, and not a person.
func (g Granted) OfProvider() bool { return strings.HasPrefix(g.By, byProvider) }

// Identified returns whose an identity is.
func (s *Users) Identified(i Identity) (User, bool) {
	u, ok := s.all[s.linked[i]]
	return u, ok
}

// Link has a user sign in by an identity provider, too.
type Link struct {
	Login string `json:"login,omitzero"`
	Identity
	Reason string `json:"reason,omitzero"`
	By     string `json:"by,omitzero"`
}

// Link links an identity to a user.
func (s *Users) Link(c Link, today calendar.Date) ([]Event, error) {
	u, err := s.existing(c.Login, c.Reason)
	if err == nil {
		err = c.Identity.check()
	}
	if err != nil {
		return nil, err
	}
	if whose, taken := s.linked[c.Identity]; taken {
		if whose == u.Login {
			return nil, nil
		}
		return nil, domain.Conflict("subject", domain.Clip(c.Subject), "identity-taken",
			"signs in as %s already; unlink it there first", "4", whose)
	}
	if had, ok := u.identityAt(c.Issuer); ok {
		return nil, domain.Conflict("login", u.Login, "identity-of-another",
			"signs in at this provider as subject %s already; unlink that first", "4", had.Subject)
	}
	return []Event{IdentityLinked{Login: u.Login, Identity: c.Identity, Reason: c.Reason, On: today, By: c.By}}, nil
}

func (u User) identityAt(issuer string) (Identity, bool) {
	i := slices.IndexFunc(u.Identities, func(i Identity) bool { return i.Issuer == issuer })
	if i < 0 {
		return Identity{}, false
	}
	return u.Identities[i], true
}

// Unlink takes back that a user signs in by an identity provider.
type Unlink Link

// Unlink unlinks an identity.
func (s *Users) Unlink(c Unlink, today calendar.Date) ([]Event, error) {
	u, err := s.existing(c.Login, c.Reason)
	if err != nil || !slices.Contains(u.Identities, c.Identity) {
		return nil, err
	}
	return []Event{IdentityUnlinked{Login: u.Login, Identity: c.Identity, Reason: c.Reason, On: today, By: c.By}}, nil
}

// LinkBy is by what a user that there is already is taken for whom a provider lets in
// for the first time.
type LinkBy string

// The rules by which an existing user is linked. Without one an administrator does it.
const (
	LinkByLogin LinkBy = "login" // the provider gives logins, and never one to another person
	LinkByMail  LinkBy = "mail"  // the provider has verified the mail address, and it is the user's
)

// Follow has a user be what an identity provider says of them, who has just been
// signed in by it.
type Follow struct {
	Identity
	Login        string   `json:"login,omitzero"` // that they get if they are new
	Name         string   `json:"name,omitzero"`  // empty: it says none
	Mail         string   `json:"mail,omitzero"`  // empty: it says none
	MailVerified bool     `json:"mailVerified,omitzero"`
	Link         LinkBy   `json:"link,omitzero"`
	Create       bool     `json:"create,omitzero"` // whom the ledger does not know
	Wanted       []Wanted `json:"wanted,omitzero"` // what the claims come to
	Days         int      `json:"days,omitzero"`   // for how long it is granted, from each sign-in
	By           string   `json:"by,omitzero"`
}

// Wanted is a role with its reach that claims come to.
type Wanted struct {
	Role   domain.Role  `json:"role,omitzero"`
	Reach  access.Reach `json:"reach,omitzero"`
	Reason string       `json:"reason,omitzero"` // the claim
}

// Follow decides all that a provider's claims change: it makes or links the user, keeps
// name and mail address, withdraws what claims granted before and do not say any more,
// and grants what they say. What people granted it leaves alone, and a suspended user as
// they are. A grant ends by itself after c.Days without a sign-in, and is prolonged
// by one in its second half.
func (s *Users) Follow(c Follow, today calendar.Date) ([]Event, error) {
	if err := c.Identity.check(); err != nil {
		return nil, err
	}
	after, events := s.Copy(), []Event(nil)
	take := func(more []Event, err error) error {
		for _, e := range more {
			after.Evolve(e)
		}
		events = append(events, more...)
		return err
	}
	u, known := s.Identified(c.Identity)
	if !known {
		first, err := s.admit(c, today)
		if err := take(first, err); err != nil {
			return nil, err
		}
		u, _ = after.Identified(c.Identity)
	}
	if u.Suspended {
		return nil, domain.Forbidden("login", u.Login, "suspended", "is suspended; an administrator reinstates them", "4")
	}
	if err := take(after.detailed(c, u, today)); err != nil {
		return nil, err
	}
	for _, g := range u.Granted {
		end := g.InForce().Until
		if !g.OfProvider() || never(g.InForce()) || !end.IsZero() && end < today || c.wants(g) {
			continue
		}
		if err := take(after.Withdraw(Withdraw{
			Login: u.Login, Grant: g.Number, Reason: "身份提供方不再给出 not claimed any more", By: c.By,
		}, today)); err != nil {
			return nil, err
		}
	}
	for _, w := range c.Wanted {
		if after.lasts(u.Login, w, today, c.Days) {
			continue
		}
		if err := take(after.Grant(Grant{
			Login: u.Login, Role: w.Role, Reach: w.Reach, From: today, Until: today.AddDays(c.Days), Reason: w.Reason, By: c.By,
		}, today)); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// admit makes the user of an identity that nobody has, or links it to one.
func (s *Users) admit(c Follow, today calendar.Date) ([]Event, error) {
	c.Login = domain.Login(c.Login)
	reason := "首次由身份提供方登录 first sign-in by the provider"
	link := func(s *Users, login string) ([]Event, error) {
		return s.Link(Link{Login: login, Identity: c.Identity, Reason: reason, By: c.By}, today)
	}
	if err := domain.CheckLogin("login", c.Login); err != nil {
		return nil, err
	}
	byMail := s.mailed[oneMail(c.Mail)]
	_, taken := s.all[c.Login]
	switch {
	case taken && c.Link == LinkByLogin:
		return link(s, c.Login)
	case byMail != "" && c.Mail != "" && c.MailVerified && c.Link == LinkByMail:
		return link(s, byMail)
	case taken:
		return nil, domain.Conflict("login", c.Login, "identity-not-linked",
			"is a user of the ledger who is not linked to subject %s of the provider; an administrator links them: ledger user link",
			"4", domain.Clip(c.Subject))
	case !c.Create:
		return nil, domain.Forbidden("login", c.Login, "unknown-identity",
			"is no user of the ledger, and the mapping makes none; an administrator makes and links them", "4")
	case len(c.Wanted) == 0:
		return nil, nothingGranted(c.Login)
	}
	events, err := s.Create(Create{Login: c.Login, Name: c.Name, Mail: c.Mail, Reason: reason, By: c.By}, today)
	if err != nil {
		return nil, err
	}
	after := s.Copy()
	for _, e := range events {
		after.Evolve(e)
	}
	linked, err := link(after, c.Login)
	return append(events, linked...), err
}

// nothingGranted refuses who would be let in to nothing.
func nothingGranted(login string) error {
	return domain.Forbidden("login", login, "nothing-granted",
		"is granted nothing: neither do the provider's claims come to a role, nor has an administrator granted one", "4")
}

// CheckGranted refuses a person to whom nothing is granted now.
func (p Person) CheckGranted() error {
	if len(p.Grants) == 0 {
		return nothingGranted(p.Login)
	}
	return nil
}

// detailed keeps what the provider says that a user is called and how they are reached.
func (s *Users) detailed(c Follow, u User, today calendar.Date) ([]Event, error) {
	name, mail := u.Name, u.Mail
	if c.Name != "" {
		name = c.Name
	}
	if c.Mail != "" {
		mail = c.Mail
	}
	return s.Change(Change{
		Login: u.Login, Name: name, Mail: mail, Phone: u.Phone, Reason: "身份提供方的资料 as the provider has it", By: c.By,
	}, today)
}

func (c Follow) wants(g Granted) bool {
	return slices.ContainsFunc(c.Wanted, func(w Wanted) bool { return w.Role == g.Role && w.Reach.Same(g.Reach) })
}

// lasts reports whether what claims come to is granted by them for long enough.
func (s *Users) lasts(login string, w Wanted, today calendar.Date, days int) bool {
	u, _ := s.Named(login)
	return slices.ContainsFunc(u.Granted, func(g Granted) bool {
		in := g.InForce()
		return g.OfProvider() && in.On(today) && in.Role == w.Role && in.Reach.Same(w.Reach) &&
			(in.Until.IsZero() || in.Until >= today.AddDays(days/2))
	})
}

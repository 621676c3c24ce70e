package user

import (
	"net/mail"
	"strconv"
	"strings"
	"unicode/utf8"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
)

// Create is the command that makes a user; nothing is granted to them yet.
type Create struct {
	Login  string `json:"login,omitzero"`
	Name   string `json:"name,omitzero"`
	Mail   string `json:"mail,omitzero"`
	Phone  string `json:"phone,omitzero"`
	Reason string `json:"reason,omitzero"`
	By     string `json:"by,omitzero"`
}

// Create makes a user. One who is there as the command has them decides nothing.
func (s *Users) Create(c Create, today calendar.Date) ([]Event, error) {
	asked := domain.Clip(c.Login)
	c.Login = domain.Login(c.Login)
	if err := domain.FirstError(domain.NamedBy("login", asked, domain.CheckLogin("login", c.Login)),
		s.checkDetails(c.Login, c.Name, c.Mail, c.Phone), checkReason(c.Reason)); err != nil {
		return nil, err
	}
	if u, taken := s.all[c.Login]; taken {
		if u.Name == c.Name && u.Mail == c.Mail && u.Phone == c.Phone {
			return nil, nil
		}
		return nil, domain.Conflict("login", asked, "login-taken",
			"is the login of %s; change their details, or choose another login", "4", u.Name)
	}
	return []Event{UserCreated{
		Login: c.Login, Name: c.Name, Mail: c.Mail, Phone: c.Phone, Reason: c.Reason, On: today, By: c.By,
	}}, nil
}

// Begin is the command that makes the first administrator, of a ledger that has
// no users yet.
type Begin struct{ Create }

// Begin makes the first user and grants them the role of administrator for good.
func (s *Users) Begin(c Begin, today calendar.Date) ([]Event, error) {
	if len(s.order) > 0 {
		return nil, domain.Conflict("login", c.Login, "users-begun",
			"cannot begin the users: the ledger has %d already, and an administrator among them makes others", "4", len(s.order))
	}
	events, err := s.Create(c.Create, today)
	if err != nil {
		return nil, err
	}
	return append(events, RoleGranted{
		Login: domain.Login(c.Login), Grant: 1, Role: domain.Administrator, Reach: access.Everything(), From: today,
		Reason: c.Reason, On: today, By: c.By,
	}), nil
}

// Invite is the command that asks a user to sign in for the first time.
type Invite struct {
	Login  string `json:"login,omitzero"`
	Reason string `json:"reason,omitzero"`
	By     string `json:"by,omitzero"`
}

// Invite invites a user, as often as it is asked for: an invitation may be lost.
func (s *Users) Invite(c Invite, today calendar.Date) ([]Event, error) {
	u, err := s.existing(c.Login, c.Reason)
	switch {
	case err != nil:
		return nil, err
	case u.Suspended:
		return nil, domain.Conflict("login", u.Login, "suspended", "is suspended; reinstate them first", "4")
	}
	return []Event{UserInvited{Login: u.Login, Mail: u.Mail, Reason: c.Reason, On: today, By: c.By}}, nil
}

// Change is the command that says who a user is from now on: all of it.
type Change Create

// Change changes a user's name, mail address and telephone to what the command
// has. What is so already decides nothing.
func (s *Users) Change(c Change, today calendar.Date) ([]Event, error) {
	u, err := s.existing(c.Login, c.Reason)
	if err == nil {
		err = s.checkDetails(u.Login, c.Name, c.Mail, c.Phone)
	}
	if err != nil || u.Name == c.Name && u.Mail == c.Mail && u.Phone == c.Phone {
		return nil, err
	}
	return []Event{UserDetailsChanged{
		Login: u.Login, Name: c.Name, Mail: c.Mail, Phone: c.Phone, Reason: c.Reason, On: today, By: c.By,
	}}, nil
}

// Grant is the command that gives a user a role.
type Grant struct {
	Login  string        `json:"login,omitzero"`
	Role   domain.Role   `json:"role,omitzero"`
	Reach  access.Reach  `json:"reach,omitzero"`
	From   calendar.Date `json:"from,omitzero"`  // zero: today
	Until  calendar.Date `json:"until,omitzero"` // zero: open
	Reason string        `json:"reason,omitzero"`
	By     string        `json:"by,omitzero"`
}

// Grant gives a user a role as far as it reaches, from a business date to another.
// What is granted so already decides nothing. Nobody grants themselves anything;
// and as a property center answers us, whoever is of one belongs to no other, and
// not to the department, on the same day.
func (s *Users) Grant(c Grant, today calendar.Date) ([]Event, error) {
	if c.From.IsZero() {
		c.From = today
	}
	u, err := s.existing(c.Login, c.Reason)
	if err != nil {
		return nil, err
	}
	if _, err := domain.ParseRole(string(c.Role)); err != nil {
		return nil, err
	}
	if domain.Login(c.By) == u.Login {
		return nil, domain.Forbidden("login", u.Login, "own-rights",
			"is who asks: nobody grants themselves anything; another administrator does", "4")
	}
	if err := domain.FirstError(
		c.Reach.Check(c.Role), c.From.CheckRange("from"), c.Until.CheckRange("until"),
	); err != nil {
		return nil, err
	}
	grant := access.Grant{Role: c.Role, Reach: c.Reach.And(access.Reach{}), From: c.From, Until: c.Until}
	if never(grant) {
		return nil, domain.Invalid("until", c.Until.String(), "ends-before-begin", "must not lie before the first day, %s",
			"4", c.From)
	}
	for _, g := range u.Granted {
		in := g.InForce()
		switch {
		case never(in):
		case in.Role == c.Role && in.Reach.Same(grant.Reach) && in.From == grant.From && in.Until == grant.Until:
			return nil, nil
		case overlap(in, grant) && c.Role.OfCenter() != in.Role.OfCenter():
			return nil, domain.Conflict("role", string(c.Role), "center-and-department",
				"cannot be held with %s from %s: a center answers the department, and nobody is of both on one day", "4",
				in.Role, in.From)
		case overlap(in, grant) && c.Role.OfCenter() && in.Reach.Centers[0] != grant.Reach.Centers[0]:
			return nil, domain.Conflict("centers", string(grant.Reach.Centers[0]), "of-another-center",
				"is not the center that they belong to from %s: %s; a person belongs to one at a time", "4",
				in.From, in.Reach.Centers[0])
		}
	}
	return []Event{RoleGranted{
		Login: u.Login, Grant: len(u.Granted) + 1, Role: c.Role, Reach: grant.Reach, From: c.From, Until: c.Until,
		Reason: c.Reason, On: today, By: c.By,
	}}, nil
}

// overlap reports whether two grants are in force on one day.
func overlap(a, b access.Grant) bool {
	return (a.Until.IsZero() || b.From <= a.Until) && (b.Until.IsZero() || a.From <= b.Until)
}

// Withdraw is the command that ends a grant before its time.
type Withdraw struct {
	Login string `json:"login,omitzero"`
	Grant int    `json:"grant,omitzero"` // its number
	// the first day without it; zero: today, or the grant's first day if that comes later
	From   calendar.Date `json:"from,omitzero"`
	Reason string        `json:"reason,omitzero"`
	By     string        `json:"by,omitzero"`
}

// Withdraw ends a grant from a business date on. One that ends then already
// decides nothing; a withdrawal makes a grant shorter, never longer, and leaves
// an administrator.
func (s *Users) Withdraw(c Withdraw, today calendar.Date) ([]Event, error) {
	u, err := s.existing(c.Login, c.Reason)
	if err != nil {
		return nil, err
	}
	if c.Grant < 1 || c.Grant > len(u.Granted) {
		return nil, domain.NotFound("grant", strconv.Itoa(c.Grant), "unknown-grant", "is not the number of a grant of %s", u.Login).
			Among(grantsOf(u))
	}
	g := u.Granted[c.Grant-1]
	if c.From.IsZero() {
		c.From = max(today, g.From)
	}
	if err := c.From.CheckRange("from"); err != nil {
		return nil, err
	}
	end := g.InForce().Until
	switch {
	case c.From < g.From:
		return nil, domain.Invalid("from", c.From.String(), "before-grant", "must not lie before the grant's first day, %s",
			"4", g.From)
	case end.IsZero():
	case c.From == end.AddDays(1):
		return nil, nil
	case c.From > end:
		return nil, domain.Conflict("from", c.From.String(), "grant-ended",
			"lies after the grant's last day, %s; to prolong it, grant the role anew", "4", end)
	}
	if g.Role == domain.Administrator && !s.administered(today, func(o User, og Granted) bool {
		return o.Login == u.Login && og.Number == g.Number
	}) {
		return nil, lastAdministrator(u.Login)
	}
	return []Event{GrantWithdrawn{
		Login: u.Login, Grant: g.Number, Role: g.Role, From: c.From, Reason: c.Reason, On: today, By: c.By,
	}}, nil
}

// Suspend is the command that keeps a user out.
type Suspend Invite

// Suspend keeps a user out at once. One who is out already decides nothing; the
// last administrator stays.
func (s *Users) Suspend(c Suspend, today calendar.Date) ([]Event, error) {
	u, err := s.existing(c.Login, c.Reason)
	if err != nil || u.Suspended {
		return nil, err
	}
	holds := false
	for _, g := range u.Granted {
		holds = holds || g.Role == domain.Administrator && g.open(today)
	}
	if holds && !s.administered(today, func(o User, _ Granted) bool { return o.Login == u.Login }) {
		return nil, lastAdministrator(u.Login)
	}
	return []Event{UserSuspended{Login: u.Login, Reason: c.Reason, On: today, By: c.By}}, nil
}

// Reinstate is the command that lets a suspended user in again.
type Reinstate Invite

// Reinstate lets a suspended user in again, with what is granted to them. One who
// is not suspended decides nothing; nobody lifts their own suspension.
func (s *Users) Reinstate(c Reinstate, today calendar.Date) ([]Event, error) {
	u, err := s.existing(c.Login, c.Reason)
	if err == nil && domain.Login(c.By) == u.Login {
		err = domain.Forbidden("login", u.Login, "own-suspension",
			"is who asks: nobody lifts their own suspension; another administrator does", "4")
	}
	if err != nil || !u.Suspended {
		return nil, err
	}
	return []Event{UserReinstated{Login: u.Login, Reason: c.Reason, On: today, By: c.By}}, nil
}

// administered reports whether somebody would be administrator for good, now and
// without an end, if it were not for what is left out.
func (s *Users) administered(today calendar.Date, without func(User, Granted) bool) bool {
	for _, u := range s.all {
		for _, g := range u.Granted {
			if !u.Suspended && g.Role == domain.Administrator && g.open(today) && !without(u, g) {
				return true
			}
		}
	}
	return false
}

func lastAdministrator(login string) error {
	return domain.Conflict("login", login, "last-administrator",
		"is the last administrator: make another one first, from today and without a last day", "4")
}

// existing is the user that a command is about; it must give a reason.
func (s *Users) existing(login, reason string) (User, error) {
	u, ok := s.Named(login)
	if !ok {
		return u, s.Nobody("login", login)
	}
	return u, checkReason(reason)
}

// Nobody is the refusal of a login that no user has, as it was sent.
func (s *Users) Nobody(field, asked string) *domain.Rejection {
	return domain.NotFound(field, domain.Clip(asked), "unknown-login", "is nobody's login").
		Among(domain.Each(s.All(), func(u User) domain.NamedID { return domain.NamedID{ID: u.Login, Name: u.Name} }))
}

// grantsOf are the numbers of what is granted to a user.
func grantsOf(u User) (there []domain.Existing) {
	for i := range u.Granted {
		there = append(there, domain.Existing{NamedID: domain.NamedID{ID: strconv.Itoa(i + 1)}})
	}
	return there
}

func checkReason(reason string) error { return domain.CheckText("reason", reason, true) }

const (
	maxName  = 60 // characters, as papers have room for
	maxMail  = 254
	maxPhone = 40
)

// checkDetails rejects what cannot be the name, the mail address or the telephone
// of a person, and an address that is another's: what is sent to it is for one.
func (s *Users) checkDetails(login, name, address, phone string) error {
	if err := domain.FirstError(domain.CheckText("name", name, true), domain.CheckText("mail", address, false),
		domain.CheckText("phone", phone, false)); err != nil {
		return err
	}
	if utf8.RuneCountInString(name) > maxName || strings.TrimSpace(name) != name || strings.ContainsAny(name, "\r\n\t") {
		return domain.Invalid("name", domain.Clip(name), "bad-person-name",
			"must be one line of at most %d characters without a blank at either end", "4", maxName)
	}
	if a, err := mail.ParseAddress(address); address != "" &&
		(err != nil || a.Address != address || len(address) > maxMail) {
		return domain.Invalid("mail", domain.Clip(address), "bad-mail",
			"must be a mail address, such as wang.fang@example.com", "4")
	}
	if len(phone) > maxPhone || strings.ContainsFunc(phone, func(r rune) bool {
		return !strings.ContainsRune("0123456789+-() ", r)
	}) || phone != "" && strings.Count(phone, "")-1 < 5 || strings.TrimSpace(phone) != phone {
		return domain.Invalid("phone", domain.Clip(phone), "bad-phone",
			"must be a telephone number of 5 to %d digits, blanks and the signs + - ( )", "4", maxPhone)
	}
	if other, taken := s.mailed[oneMail(address)]; taken && address != "" && other != login {
		return domain.Conflict("mail", address, "mail-taken",
			"is the mail address of %s; codes and invitations go to one person", "4", other)
	}
	return nil
}

// oneMail is the form in which mail addresses are compared.
func oneMail(address string) string { return domain.Login(address) }

// Enroll is a line of a list of users: who somebody is and, if the line names a
// role, what is granted to them.
type Enroll struct {
	Create
	Role  domain.Role   `json:"role,omitzero"` // empty: nothing is granted
	Reach access.Reach  `json:"reach,omitzero"`
	From  calendar.Date `json:"from,omitzero"`  // zero: today
	Until calendar.Date `json:"until,omitzero"` // zero: open
}

// Enroll makes the user of a line, unless they are there as the line has them, and
// grants what it names.
func (s *Users) Enroll(c Enroll, today calendar.Date) ([]Event, error) {
	events, err := s.Create(c.Create, today)
	if err != nil || c.Role == "" {
		return events, err
	}
	after := s
	if len(events) > 0 {
		after = s.Copy()
		for _, e := range events {
			after.Evolve(e)
		}
	}
	granted, err := after.Grant(Grant{
		Login: c.Login, Role: c.Role, Reach: c.Reach, From: c.From, Until: c.Until, Reason: c.Reason, By: c.By,
	}, today)
	return append(events, granted...), err
}

package users

import (
	"context"
	"slices"
	"strings"
	"time"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
)

type listInput struct {
	kit.PageParams
	On        string `query:"on" doc:"Business date on which a grant must be in force to count. Default: today in Shanghai"`
	After     uint64 `query:"after" doc:"Accepted as by every question; users are read from the log itself and are never behind"`
	Role      string `query:"role" example:"regional-admin" doc:"Only who holds it on that day"`
	Region    string `query:"region" doc:"Only who holds a grant on that day that names it"`
	City      string `query:"city" doc:"As region"`
	Project   string `query:"project" doc:"As region"`
	Center    string `query:"center" doc:"As region"`
	Suspended string `query:"suspended" enum:"true,false" doc:"Default: whether or not"`
	Text      string `query:"text" maxLength:"100" doc:"Only whose login, name, mail address or telephone has it"`
}

type userInput struct {
	Login string `path:"login"`
	On    string `query:"on" doc:"Business date on which a grant is in force or not. Default: today in Shanghai"`
	After uint64 `query:"after" doc:"Accepted as by every question; users are read from the log itself and are never behind"`
}

// UserBody is a user with what is granted to them.
type UserBody struct {
	Login     string      `json:"login"`
	Name      string      `json:"name"`
	Mail      string      `json:"mail,omitempty"`
	Phone     string      `json:"phone,omitempty"`
	Suspended bool        `json:"suspended"`
	CreatedOn string      `json:"createdOn"`
	InvitedOn string      `json:"invitedOn,omitempty" doc:"The last time"`
	Grants    []GrantBody `json:"grants" doc:"All that were ever made, by number"`

	Identities []IdentityBody `json:"identities,omitempty" doc:"As whom they sign in by an identity provider"`
}

// IdentityBody is whom an identity provider knows a user as.
type IdentityBody struct {
	Issuer  string `json:"issuer" maxLength:"2000" example:"https://id.example.com" doc:"The provider's address, as its discovery document names it"`
	Subject string `json:"subject" maxLength:"255" doc:"By which the provider tells them from all others; a refused sign-in names it in the audit of the door"`
}

// GrantBody is a grant of a role. Names are put in as into every answer.
type GrantBody struct {
	Grant     int            `json:"grant" doc:"Number among the person's"`
	Role      string         `json:"role"`
	Reach     ReachBody      `json:"reach"`
	From      string         `json:"from"`
	Until     string         `json:"until,omitempty" doc:"Last day, as granted; none: open"`
	InForce   bool           `json:"inForce" doc:"On the day asked for; whoever is suspended cannot use it"`
	Withdrawn *WithdrawnBody `json:"withdrawn,omitempty"`
	Reason    string         `json:"reason"`
	On        string         `json:"on" doc:"Day on which it was granted"`
	By        string         `json:"by"`
	ByName    string         `json:"byName,omitempty"`
}

// WithdrawnBody is how a grant ended before its time.
type WithdrawnBody struct {
	From   string `json:"from" doc:"The first day without it"`
	Reason string `json:"reason"`
	On     string `json:"on"`
	By     string `json:"by"`
	ByName string `json:"byName,omitempty"`
}

// UserListBody is a page of users.
type UserListBody struct {
	On   string     `json:"on"`
	Rows []UserBody `json:"rows" doc:"By login"`
	Next string     `json:"next,omitempty"`
}

// NextPage is the cursor of the next page, empty on the last.
func (b *UserListBody) NextPage() string { return b.Next }

// UserHistoryBody is a user with all that was decided on them.
type UserHistoryBody struct {
	UserBody
	Steps []UserStepBody `json:"steps" doc:"In order"`
}

// UserStepBody is one thing that was decided on a user.
type UserStepBody struct {
	Event      string     `json:"event"`
	RecordedAt string     `json:"recordedAt"`
	By         string     `json:"by"`
	ByName     string     `json:"byName,omitempty"`
	Reason     string     `json:"reason"`
	Name       string     `json:"name,omitempty"`
	Mail       string     `json:"mail,omitempty"`
	Phone      string     `json:"phone,omitempty"`
	Grant      int        `json:"grant,omitempty"`
	Role       string     `json:"role,omitempty"`
	Reach      *ReachBody `json:"reach,omitempty"`
	From       string     `json:"from,omitempty" doc:"Of a grant its first day, of a withdrawal the first day without it"`
	Until      string     `json:"until,omitempty"`
	Issuer     string     `json:"issuer,omitempty" doc:"Of an identity provider"`
	Subject    string     `json:"subject,omitempty" doc:"As whom the provider knows them"`
}

func (s *service) views() {
	kit.Query(s.Service, "/v1/users", "list-users", "Who is let in, with what is granted to them", kit.MayAdministerUsers,
		s.list)
	kit.TaggedQuery(s.Service, "/v1/users/{login}", "user-history", "One user, with all that was decided on them",
		kit.MayAdministerUsers, func(*userInput) string { return user.Stream }, s.history)
}

func (s *service) list(_ context.Context, in *listInput) (out UserListBody, err error) {
	var p kit.Parser
	on := p.Date("on", in.On)
	if in.Role != "" {
		_, err := domain.ParseRole(in.Role)
		p.Fail("role", err)
	}
	if _, ok := s.Deps.Ledger.People().User(in.Cursor); !ok && in.Cursor != "" {
		p.Fail("cursor", projections.BadCursor(in.Cursor))
	}
	if p.Err != nil {
		return out, p.Err
	}
	if on.IsZero() {
		on = s.Today()
	}
	out = UserListBody{On: on.String(), Rows: []UserBody{}}
	all := s.Deps.Ledger.People().All()
	slices.SortFunc(all, func(a, b user.User) int { return strings.Compare(a.Login, b.Login) })
	for _, u := range all {
		if u.Login <= in.Cursor || !in.matches(u, on) {
			continue
		}
		if len(out.Rows) == in.Limit {
			out.Next = out.Rows[in.Limit-1].Login
			break
		}
		out.Rows = append(out.Rows, s.bodyOf(u, on))
	}
	return out, nil
}

func (in *listInput) matches(u user.User, on calendar.Date) bool {
	if in.Suspended != "" && (in.Suspended == "true") != u.Suspended {
		return false
	}
	if text := domain.Fold(in.Text); !slices.ContainsFunc([]string{u.Login, u.Name, u.Mail, u.Phone},
		func(s string) bool { return strings.Contains(domain.Fold(s), text) }) {
		return false
	}
	if in.Role+in.Region+in.City+in.Project+in.Center == "" {
		return true
	}
	return slices.ContainsFunc(u.Held(on), func(g access.Grant) bool {
		return (in.Role == "" || in.Role == string(g.Role)) && names(g.Reach.Regions, in.Region) &&
			names(g.Reach.Cities, in.City) && names(g.Reach.Projects, in.Project) && names(g.Reach.Centers, in.Center)
	})
}

// names reports whether a grant names what is asked for, if anything is.
func names[T ~string](list []T, asked string) bool {
	return asked == "" || slices.Contains(list, T(asked))
}

func (s *service) history(ctx context.Context, in *userInput) (out UserHistoryBody, err error) {
	var p kit.Parser
	on := p.Date("on", in.On)
	if p.Err != nil {
		return out, p.Err
	}
	if on.IsZero() {
		on = s.Today()
	}
	steps, err := s.Ledger(ctx).UserHistory(ctx, in.Login)
	if err != nil {
		return out, err
	}
	var state user.Users // of these steps, whatever the directory knows meanwhile
	for _, step := range steps {
		state.Evolve(step.Event.(user.Event))
		out.Steps = append(out.Steps, s.stepOf(step))
	}
	u, _ := state.Named(in.Login)
	out.UserBody = s.bodyOf(u, on)
	return out, nil
}

func (s *service) bodyOf(u user.User, on calendar.Date) UserBody {
	b := UserBody{
		Login: u.Login, Name: u.Name, Mail: u.Mail, Phone: u.Phone, Suspended: u.Suspended, CreatedOn: u.Created.String(),
		InvitedOn: day(u.Invited), Grants: make([]GrantBody, len(u.Granted)),
	}
	for i, g := range u.Granted {
		b.Grants[i] = GrantBody{
			Grant: g.Number, Role: string(g.Role), Reach: reachBody(g.Reach), From: g.From.String(), Until: day(g.Until),
			InForce: g.InForce().On(on), Reason: g.Reason, On: g.On.String(), By: g.By,
		}
		if w := g.Withdrawn; w != nil {
			b.Grants[i].Withdrawn = &WithdrawnBody{
				From: w.From.String(), Reason: w.Reason, On: w.On.String(), By: w.By,
			}
		}
	}
	for _, i := range u.Identities {
		b.Identities = append(b.Identities, IdentityBody(i))
	}
	return b
}

// day is a date, empty if there is none.
func day(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func reachBody(r access.Reach) ReachBody {
	return ReachBody{
		Company: r.All, Regions: r.Regions, Cities: r.Cities, Projects: ids[string](r.Projects),
		Centers: ids[string](r.Centers),
	}
}

func (s *service) stepOf(step ledger.Step) UserStepBody {
	b := UserStepBody{
		Event: step.Event.EventType(), RecordedAt: step.RecordedAt.In(calendar.Shanghai).Format(time.RFC3339Nano),
		By: step.Actor,
	}
	switch e := step.Event.(user.Event).(type) {
	case user.UserCreated:
		b.Name, b.Mail, b.Phone, b.Reason = e.Name, e.Mail, e.Phone, e.Reason
	case user.UserInvited:
		b.Mail, b.Reason = e.Mail, e.Reason
	case user.UserDetailsChanged:
		b.Name, b.Mail, b.Phone, b.Reason = e.Name, e.Mail, e.Phone, e.Reason
	case user.RoleGranted:
		reach := reachBody(e.Reach)
		b.Grant, b.Role, b.Reach, b.From, b.Until, b.Reason = e.Grant, string(e.Role), &reach, e.From.String(), day(e.Until),
			e.Reason
	case user.GrantWithdrawn:
		b.Grant, b.Role, b.From, b.Reason = e.Grant, string(e.Role), e.From.String(), e.Reason
	case user.UserSuspended:
		b.Reason = e.Reason
	case user.UserReinstated:
		b.Reason = e.Reason
	case user.IdentityLinked:
		b.Issuer, b.Subject, b.Reason = e.Issuer, e.Subject, e.Reason
	case user.IdentityUnlinked:
		b.Issuer, b.Subject, b.Reason = e.Issuer, e.Subject, e.Reason
	}
	return b
}

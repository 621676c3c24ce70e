package user_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/user"
)

var today = calendar.NewDate(2026, time.November, 29)

type failer interface {
	Helper()
	Fatal(args ...any)
}

// create makes users, the first of them the first administrator.
func create(t failer, logins ...string) *user.Users {
	t.Helper()
	s := &user.Users{}
	for i, login := range logins {
		c := user.Create{Login: login, Name: "王" + login, Reason: "入职", By: "boss"}
		events, err := s.Create(c, today)
		if i == 0 {
			events, err = s.Begin(user.Begin{Create: c}, today)
		}
		fold(t, s, events, err)
	}
	return s
}

func fold(t failer, s *user.Users, events []user.Event, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		s.Evolve(e)
	}
}

func grant(change func(*user.Grant)) user.Grant {
	c := user.Grant{
		Login: "li", Role: domain.RegionalAdmin, Reach: access.Reach{Regions: []string{"华东"}}, Reason: "接任", By: "admin",
	}
	change(&c)
	return c
}

func TestTheDecisionsOnUsers(t *testing.T) {
	type decision = func(*user.Users) ([]user.Event, error)
	granting := func(change func(*user.Grant)) decision {
		return func(s *user.Users) ([]user.Event, error) { return s.Grant(grant(change), today) }
	}
	withdrawing := func(c user.Withdraw) decision {
		c.Reason = "调岗"
		return func(s *user.Users) ([]user.Event, error) { return s.Withdraw(c, today) }
	}
	creating := func(change func(*user.Create)) decision {
		c := user.Create{
			Login: "Wang.Fang", Name: "王芳", Mail: "wang@example.com", Phone: "021-1234", Reason: "入职", By: "admin",
		}
		change(&c)
		return func(s *user.Users) ([]user.Event, error) { return s.Create(c, today) }
	}
	suspending := func(login, by string) decision {
		return func(s *user.Users) ([]user.Event, error) {
			return s.Suspend(user.Suspend{Login: login, Reason: "手机遗失", By: by}, today)
		}
	}
	reinstating := func(login, by string) decision {
		return func(s *user.Users) ([]user.Event, error) {
			return s.Reinstate(user.Reinstate{Login: login, Reason: "已换号", By: by}, today)
		}
	}
	changing := func(mail string) decision {
		return func(s *user.Users) ([]user.Event, error) {
			return s.Change(user.Change{Login: "li", Name: "李丽", Mail: mail, Reason: "改名", By: "admin"}, today)
		}
	}
	enrolling := func(name string, role domain.Role) decision {
		return func(s *user.Users) ([]user.Event, error) {
			c := user.Enroll{Create: user.Create{Login: "Qian", Name: name, Reason: "名单", By: "admin"}, Role: role}
			if role != "" {
				c.Reach = access.Reach{Regions: []string{"华东"}}
			}
			return s.Enroll(c, today)
		}
	}
	inviting := func(s *user.Users) ([]user.Event, error) {
		return s.Invite(user.Invite{Login: "li", Reason: "入职", By: "admin"}, today)
	}
	same := func(*user.Grant) {}
	asCreated := func(*user.Create) {}
	center := func(role domain.Role, id domain.CenterID) decision {
		return granting(func(c *user.Grant) { c.Role, c.Reach = role, access.OfCenter(id) })
	}
	second := granting(func(c *user.Grant) { c.Role, c.Reach = domain.Administrator, access.Everything() })
	granted := user.RoleGranted{
		Login: "li", Grant: 1, Role: domain.RegionalAdmin, Reach: access.Reach{Regions: []string{"华东"}}, From: today,
		Reason: "接任", On: today, By: "admin",
	}
	later := granted
	later.From, later.Until = today+10, today+20

	for name, c := range map[string]struct {
		given []decision
		do    decision
		want  []user.Event
		code  string
	}{
		"a login is kept in its one form": {do: creating(asCreated), want: []user.Event{user.UserCreated{
			Login: "wang.fang", Name: "王芳", Mail: "wang@example.com", Phone: "021-1234", Reason: "入职", On: today, By: "admin",
		}}},
		"created twice is created once": {given: []decision{creating(asCreated)}, do: creating(asCreated)},
		"a login is one person's": {
			given: []decision{creating(asCreated)}, do: creating(func(c *user.Create) { c.Login, c.Name = "WANG.FANG", "王方" }),
			code: "login-taken",
		},
		"a mail address is one person's, in any case": {
			given: []decision{creating(asCreated)}, do: changing("Wang@Example.com"), code: "mail-taken",
		},
		"an address that was given up is free": {
			given: []decision{changing("li@example.com"), changing("li2@example.com")},
			do:    creating(func(c *user.Create) { c.Mail = "li@example.com" }),
			want: []user.Event{user.UserCreated{
				Login: "wang.fang", Name: "王芳", Mail: "li@example.com", Phone: "021-1234", Reason: "入职", On: today, By: "admin",
			}},
		},
		"a login of letters that look like others": {do: creating(func(c *user.Create) { c.Login = "w\u0430ng" }), code: "bad-login"},
		"a name is needed":                         {do: creating(func(c *user.Create) { c.Name = "" }), code: "text-required"},
		"a name of two lines":                      {do: creating(func(c *user.Create) { c.Name = "王\n芳" }), code: "bad-person-name"},
		"a name that no paper has room for":        {do: creating(func(c *user.Create) { c.Name = strings.Repeat("王", 61) }), code: "bad-person-name"},
		"a reason is needed":                       {do: creating(func(c *user.Create) { c.Reason = "" }), code: "text-required"},
		"a mail address with a name before it":     {do: creating(func(c *user.Create) { c.Mail = "王芳 <wang@example.com>" }), code: "bad-mail"},
		"a mail address with a second line": {
			do: creating(func(c *user.Create) { c.Mail = "wang@example.com\r\nBcc: x@example.com" }), code: "bad-mail",
		},
		"a telephone of words": {do: creating(func(c *user.Create) { c.Phone = "call me" }), code: "bad-phone"},

		"details are all said anew": {
			do:   changing(""),
			want: []user.Event{user.UserDetailsChanged{Login: "li", Name: "李丽", Reason: "改名", On: today, By: "admin"}},
		},
		"the same details decide nothing": {given: []decision{changing("")}, do: changing("")},
		"an invitation goes to the address": {
			given: []decision{changing("li@example.com")}, do: inviting,
			want: []user.Event{user.UserInvited{Login: "li", Mail: "li@example.com", Reason: "入职", On: today, By: "admin"}},
		},
		"without an address it is handed over": {
			do: inviting, want: []user.Event{user.UserInvited{Login: "li", Reason: "入职", On: today, By: "admin"}},
		},
		"nobody is invited while suspended": {
			given: []decision{changing("li@example.com"), suspending("li", "admin")}, do: inviting, code: "suspended",
		},

		"a grant begins today unless it says when": {do: granting(same), want: []user.Event{granted}},
		"a grant has a first and a last day": {
			do: granting(func(c *user.Grant) { c.From, c.Until = today+10, today+20 }), want: []user.Event{later},
		},
		"granted twice is granted once":       {given: []decision{granting(same)}, do: granting(same)},
		"nobody is granted what is no role":   {do: granting(func(c *user.Grant) { c.Role = "king" }), code: "unknown-role"},
		"nobody grants what nobody has":       {do: granting(func(c *user.Grant) { c.Login = "zhao" }), code: "unknown-login"},
		"a grant that ends before it begins":  {do: granting(func(c *user.Grant) { c.Until = today - 1 }), code: "ends-before-begin"},
		"nobody grants themselves anything":   {do: granting(func(c *user.Grant) { c.By = "ＬＩ" }), code: "own-rights"},
		"a region's role reaches no company":  {do: granting(func(c *user.Grant) { c.Reach = access.Everything() }), code: "reach-of-another-kind"},
		"a region's role reaches no projects": {do: granting(func(c *user.Grant) { c.Reach.Projects = []domain.ProjectID{"P001"} }), code: "reach-of-another-kind"},
		"a region's role names regions":       {do: granting(func(c *user.Grant) { c.Reach = access.Reach{} }), code: "reach-required"},
		"a company's role names no region":    {do: granting(func(c *user.Grant) { c.Role = domain.Finance }), code: "reach-of-another-kind"},
		"a company's role says so":            {do: granting(func(c *user.Grant) { c.Role, c.Reach = domain.Finance, access.Reach{} }), code: "reach-required"},
		"a center's role has one center": {
			do: granting(func(c *user.Grant) {
				c.Role, c.Reach = domain.CenterHead, access.Reach{Centers: []domain.CenterID{"C01", "C02"}}
			}), code: "one-center",
		},
		"nobody is of a center and the department": {
			given: []decision{granting(same)}, do: center(domain.CenterHead, "C01"), code: "center-and-department",
		},
		"nor of two centers": {
			given: []decision{center(domain.CenterHead, "C01")}, do: center(domain.CenterRegistrar, "C02"),
			code: "of-another-center",
		},
		"but after each other": {
			given: []decision{center(domain.CenterHead, "C01"), withdrawing(user.Withdraw{Login: "li", Grant: 1})},
			do:    granting(same),
			want:  []user.Event{func() user.RoleGranted { g := granted; g.Grant = 2; return g }()},
		},

		"a grant is withdrawn from today": {
			given: []decision{granting(same)}, do: withdrawing(user.Withdraw{Login: "LI", Grant: 1, By: "admin"}),
			want: []user.Event{user.GrantWithdrawn{
				Login: "li", Grant: 1, Role: domain.RegionalAdmin, From: today, Reason: "调岗", On: today, By: "admin",
			}},
		},
		"one that has not begun, from its first day": {
			given: []decision{granting(func(c *user.Grant) { c.From = today + 5 })},
			do:    withdrawing(user.Withdraw{Login: "li", Grant: 1, By: "admin"}),
			want: []user.Event{user.GrantWithdrawn{
				Login: "li", Grant: 1, Role: domain.RegionalAdmin, From: today + 5, Reason: "调岗", On: today, By: "admin",
			}},
		},
		"what was never granted":               {do: withdrawing(user.Withdraw{Login: "li", Grant: 1}), code: "unknown-grant"},
		"a withdrawal makes no grant longer":   {given: []decision{granting(func(c *user.Grant) { c.Until = today + 5 })}, do: withdrawing(user.Withdraw{Login: "li", Grant: 1, From: today + 7}), code: "grant-ended"},
		"nor ends it before it began":          {given: []decision{granting(same)}, do: withdrawing(user.Withdraw{Login: "li", Grant: 1, From: today - 1}), code: "before-grant"},
		"what ends then already":               {given: []decision{granting(func(c *user.Grant) { c.Until = today + 5 })}, do: withdrawing(user.Withdraw{Login: "li", Grant: 1, From: today + 6})},
		"the last administrator keeps it":      {do: withdrawing(user.Withdraw{Login: "admin", Grant: 1}), code: "last-administrator"},
		"also if another's is to end":          {given: []decision{granting(func(c *user.Grant) { c.Role, c.Reach, c.Until = domain.Administrator, access.Everything(), today+900 })}, do: withdrawing(user.Withdraw{Login: "admin", Grant: 1, From: today + 9}), code: "last-administrator"},
		"or has not begun":                     {given: []decision{granting(func(c *user.Grant) { c.Role, c.Reach, c.From = domain.Administrator, access.Everything(), today+1 })}, do: suspending("admin", "li"), code: "last-administrator"},
		"the last administrator stays":         {do: suspending("admin", "admin"), code: "last-administrator"},
		"one who is suspended does not count":  {given: []decision{second, suspending("li", "admin")}, do: suspending("admin", "li"), code: "last-administrator"},
		"with another one they may go":         {given: []decision{second}, do: suspending("admin", "li"), want: []user.Event{user.UserSuspended{Login: "admin", Reason: "手机遗失", On: today, By: "li"}}},
		"suspended twice is suspended once":    {given: []decision{suspending("li", "admin")}, do: suspending("li", "admin")},
		"nobody lifts their own suspension":    {given: []decision{second, suspending("li", "admin")}, do: reinstating("li", "Li"), code: "own-suspension"},
		"another lifts it":                     {given: []decision{suspending("li", "admin")}, do: reinstating("li", "admin"), want: []user.Event{user.UserReinstated{Login: "li", Reason: "已换号", On: today, By: "admin"}}},
		"who is not suspended is let in as is": {do: reinstating("li", "admin")},
		"a line of a list makes a person and grants to them": {
			do: enrolling("钱", domain.RegionalAdmin), want: []user.Event{
				user.UserCreated{Login: "qian", Name: "钱", Reason: "名单", On: today, By: "admin"},
				user.RoleGranted{
					Login: "qian", Grant: 1, Role: domain.RegionalAdmin, Reach: access.Reach{Regions: []string{"华东"}}, From: today,
					Reason: "名单", On: today, By: "admin",
				},
			},
		},
		"a second line grants more": {
			given: []decision{enrolling("钱", domain.RegionalAdmin)}, do: enrolling("钱", domain.RegionalSupervisor),
			want: []user.Event{user.RoleGranted{
				Login: "qian", Grant: 2, Role: domain.RegionalSupervisor, Reach: access.Reach{Regions: []string{"华东"}},
				From: today, Reason: "名单", On: today, By: "admin",
			}},
		},
		"a line again decides nothing": {
			given: []decision{enrolling("钱", domain.RegionalAdmin)}, do: enrolling("钱", domain.RegionalAdmin),
		},
		"a line may grant nothing":   {given: []decision{enrolling("钱", "")}, do: enrolling("钱", "")},
		"a line that is another's":   {given: []decision{enrolling("钱", "")}, do: enrolling("孙", ""), code: "login-taken"},
		"a line whose role is unfit": {do: enrolling("钱", domain.Finance), code: "reach-of-another-kind"},
		"users begin once": {
			do: func(s *user.Users) ([]user.Event, error) {
				return s.Begin(user.Begin{Create: user.Create{Login: "zhao", Name: "赵", Reason: "r"}}, today)
			}, code: "users-begun",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := create(t, "admin", "li")
			for _, given := range c.given {
				events, err := given(s)
				fold(t, s, events, err)
			}
			got, err := c.do(s)
			var r *domain.Rejection
			if c.code != "" {
				if !errors.As(err, &r) || r.Code != c.code {
					t.Errorf("got %v, want %s", err, c.code)
				}
				return
			}
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Error(err, diff)
			}
		})
	}
}

func TestWhoIsSuspendedHasNothingAndLosesNothing(t *testing.T) {
	s := create(t, "admin", "li")
	events, err := s.Grant(grant(func(*user.Grant) {}), today)
	fold(t, s, events, err)
	u, _ := s.Named("LI")
	want := user.Person{Login: "li", Name: "王li", Grants: u.Held(today)}
	if diff := cmp.Diff(want, u.On(today)); diff != "" || len(want.Grants) != 1 {
		t.Error(diff, want.Grants)
	}
	if p := u.On(today - 1); p.Grants != nil {
		t.Errorf("the day before: %v", p.Grants)
	}
	events, err = s.Suspend(user.Suspend{Login: "li", Reason: "r", By: "admin"}, today)
	fold(t, s, events, err)
	u, _ = s.Named("li")
	if p := u.On(today); !p.Suspended || p.Grants != nil || len(u.Held(today)) != 1 {
		t.Errorf("suspended: %+v", p)
	}
	events, err = s.Reinstate(user.Reinstate{Login: "li", Reason: "r", By: "admin"}, today)
	fold(t, s, events, err)
	u, _ = s.Named("li")
	if diff := cmp.Diff(want, u.On(today)); diff != "" {
		t.Error(diff)
	}
}

func TestEveryRoleIsGrantedByItsKindOfReach(t *testing.T) {
	reaches := map[access.Kind]access.Reach{
		access.OfCompany: access.Everything(), access.OfRegions: {Regions: []string{"华东", "华南"}},
		access.OfCities: {Cities: []string{"上海"}}, access.OfProjects: {Projects: []domain.ProjectID{"P001", "P002"}},
		access.OfOneCenter: access.OfCenter("C01"),
	}
	for _, role := range domain.Roles() {
		for kind, reach := range reaches {
			s := create(t, "admin", "li")
			_, err := s.Grant(grant(func(c *user.Grant) { c.Role, c.Reach = role, reach }), today)
			if fits := access.KindOf(role) == kind; fits != (err == nil) {
				t.Errorf("%s by %s: %v", role, kind, err)
			}
		}
	}
}

package user_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/user"
)

// The oracle knows no intervals: it keeps a sheet of days on which a grant is
// ticked, the last of which stands for ever after.
const (
	firstDay = calendar.Date(20_000)
	days     = 30
	forever  = days
)

type sheet struct {
	role, what string
	from, upTo int // as granted
	ticked     [days + 1]bool
}

func (s *sheet) last() int {
	for d := forever; d >= 0; d-- {
		if s.ticked[d] {
			return d
		}
	}
	return s.from - 1 // never in force
}

func reachOf(role domain.Role, i int) access.Reach {
	switch access.KindOf(role) {
	case access.OfRegions:
		return access.Reach{Regions: []string{[]string{"华东", "华南"}[i]}}
	case access.OfProjects:
		return access.Reach{Projects: []domain.ProjectID{[]domain.ProjectID{"P001", "P002"}[i]}}
	case access.OfOneCenter:
		return access.OfCenter([]domain.CenterID{"C01", "C02"}[i])
	case access.OfCompany, access.OfCities:
	}
	return access.Everything()
}

func TestWhoHoldsWhatOnADayIsWhatWasGrantedAndNotWithdrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := create(t, "admin", "wang")
		var sheets []*sheet
		roles := []domain.Role{
			domain.Finance, domain.RegionalAdmin, domain.Technician, domain.CenterHead, domain.CenterRegistrar,
		}
		today := firstDay + calendar.Date(rapid.IntRange(0, days-1).Draw(t, "today"))
		var before user.User
		var held []string
		for range rapid.IntRange(1, 25).Draw(t, "commands") {
			var got []user.Event
			var err error
			var want string // refused, nothing or recorded
			switch rapid.IntRange(0, 2).Draw(t, "command") {
			case 0:
				role := rapid.SampledFrom(roles).Draw(t, "role")
				i := rapid.IntRange(0, 1).Draw(t, "reach")
				from, upTo := rapid.IntRange(0, days-1).Draw(t, "from"), rapid.IntRange(0, forever).Draw(t, "upTo")
				c := user.Grant{
					Login: "wang", Role: role, Reach: reachOf(role, i), From: firstDay + calendar.Date(from),
					Reason: "r", By: "admin",
				}
				if upTo != forever {
					c.Until = firstDay + calendar.Date(upTo)
				}
				want = grantOracle(&sheets, role, fmt.Sprint(c.Reach), from, upTo)
				got, err = s.Grant(c, today)
			default:
				if len(sheets) == 0 {
					continue
				}
				n, from := rapid.IntRange(0, len(sheets)-1).Draw(t, "grant"), rapid.IntRange(0, days-1).Draw(t, "without from")
				want = withdrawOracle(sheets[n], from)
				got, err = s.Withdraw(user.Withdraw{
					Login: "wang", Grant: n + 1, From: firstDay + calendar.Date(from), Reason: "r", By: "admin",
				}, today)
			}
			if is := outcome(got, err); is != want {
				t.Fatalf("got %s (%v), want %s", is, err, want)
			}
			before, _ = s.Named("wang")
			held = heldOn(before)
			for _, e := range got {
				s.Evolve(e)
			}
			if diff := cmp.Diff(held, heldOn(before)); diff != "" {
				t.Fatal("a user who was looked up changed: " + diff)
			}
		}
		u, _ := s.Named("wang")
		for d := range days {
			var want []string
			for _, sh := range sheets {
				if sh.ticked[d] {
					want = append(want, sh.role+" "+sh.what)
				}
			}
			if diff := cmp.Diff(want, heldAt(u, firstDay+calendar.Date(d))); diff != "" {
				t.Fatalf("day %d: %s", d, diff)
			}
		}
	})
}

func outcome(events []user.Event, err error) string {
	switch {
	case err != nil:
		return "refused"
	case len(events) == 0:
		return "nothing"
	}
	return "recorded"
}

func heldAt(u user.User, day calendar.Date) (out []string) {
	for _, g := range u.On(day).Grants {
		out = append(out, string(g.Role)+" "+fmt.Sprint(g.Reach))
	}
	return out
}

func heldOn(u user.User) (out []string) {
	for d := range days {
		out = append(out, fmt.Sprint(heldAt(u, firstDay+calendar.Date(d))))
	}
	return out
}

func grantOracle(sheets *[]*sheet, role domain.Role, what string, from, upTo int) string {
	if upTo < from {
		return "refused"
	}
	added := &sheet{role: string(role), what: what, from: from, upTo: upTo}
	for d := from; d <= upTo; d++ {
		added.ticked[d] = true
	}
	for _, s := range *sheets {
		if s.role == added.role && s.what == what && s.ticked == added.ticked {
			return "nothing"
		}
		common := false
		for d := range s.ticked {
			common = common || s.ticked[d] && added.ticked[d]
		}
		center, other := role.OfCenter(), domain.Role(s.role).OfCenter()
		if common && (center != other || center && s.what != what) {
			return "refused"
		}
	}
	*sheets = append(*sheets, added)
	return "recorded"
}

func withdrawOracle(s *sheet, from int) string {
	switch last := s.last(); {
	case from < s.from, from > last+1:
		return "refused"
	case from == last+1:
		return "nothing"
	}
	for d := from; d <= forever; d++ {
		s.ticked[d] = false
	}
	return "recorded"
}

package visit_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/visit"
)

var day = domaintest.Day

func TestVisits(t *testing.T) {
	today := day("2026-06-20")
	command := visit.Make{
		Project: "P001", Center: "C01", On: day("2026-06-17"), Technician: "李伟", Participants: []string{"陈刚"}, Remark: "除尘",
		By: "li",
	}
	made := visit.RoutineVisitMade(command)
	back := visit.RoutineVisitWithdrawn{Project: "P001", On: made.On, Reason: "误录", By: "li"}
	enter := func(change func(*visit.Make)) func(*visit.Visits) ([]visit.Event, error) {
		c := command
		change(&c)
		return func(v *visit.Visits) ([]visit.Event, error) { return v.Make(c, today) }
	}
	withdraw := func(on, reason string) func(*visit.Visits) ([]visit.Event, error) {
		return func(v *visit.Visits) ([]visit.Event, error) {
			return v.Withdraw(visit.Withdraw{Project: "P001", On: day(on), Reason: reason, By: "li"})
		}
	}
	tests := map[string]struct {
		given []visit.Event
		when  func(*visit.Visits) ([]visit.Event, error)
		then  []visit.Event
		code  string
	}{
		"a visit is entered":                    {when: enter(func(*visit.Make) {}), then: []visit.Event{made}},
		"the same again, nothing more":          {given: []visit.Event{made}, when: enter(func(*visit.Make) {})},
		"a day has one visit":                   {given: []visit.Event{made}, when: enter(func(c *visit.Make) { c.Technician = "王五" }), code: "visited-already"},
		"other participants are another visit":  {given: []visit.Event{made}, when: enter(func(c *visit.Make) { c.Participants = nil }), code: "visited-already"},
		"no visit of tomorrow":                  {when: enter(func(c *visit.Make) { c.On = today + 1 }), code: "in-the-future"},
		"somebody made it":                      {when: enter(func(c *visit.Make) { c.Technician = "" }), code: "text-required"},
		"a participant has a name":              {when: enter(func(c *visit.Make) { c.Participants = []string{""} }), code: "text-required"},
		"a visit is taken back":                 {given: []visit.Event{made}, when: withdraw("2026-06-17", "误录"), then: []visit.Event{back}},
		"with a reason":                         {given: []visit.Event{made}, when: withdraw("2026-06-17", ""), code: "text-required"},
		"only one that was made":                {given: []visit.Event{made}, when: withdraw("2026-06-18", "误录"), code: "no-visit"},
		"and once":                              {given: []visit.Event{made, back}, when: withdraw("2026-06-17", "误录"), code: "no-visit"},
		"after that the day takes another":      {given: []visit.Event{made, back}, when: enter(func(*visit.Make) {}), then: []visit.Event{made}},
		"which can be taken back in its course": {given: []visit.Event{made, back, made}, when: withdraw("2026-06-17", "误录"), then: []visit.Event{back}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			state := domaintest.Fold[visit.Visits](tc.given...)
			got, err := tc.when(state)
			domaintest.Decided(t, tc.then, got, err, tc.code)
		})
	}
}

// day by day, the oracle asks of every day which whole visits of its period are
// owed up to it, and shares neither the periods nor the arithmetic with Tally.
type oracle struct {
	quota map[calendar.Date]policy.Quota
	made  []calendar.Date
	over  calendar.Date
}

// key names the period that holds a day by the calendar alone.
func key(q policy.Quota, d calendar.Date) (name string, length int) {
	t := d.UTC()
	y, m, n := t.Date()
	switch q.Per {
	case policy.Week:
		iy, w := t.ISOWeek()
		return string(rune(iy)) + "W" + string(rune(w)), 7
	case policy.HalfMonth:
		if n <= 15 {
			return string(rune(y)) + m.String() + "a", 15
		}
		return string(rune(y)) + m.String() + "b", t.AddDate(0, 1, -n).Day() - 15
	}
	return string(rune(y)) + m.String(), t.AddDate(0, 1, -n).Day()
}

func (o oracle) shortfall(first, last calendar.Date) (due, made, short int) {
	type part struct {
		days, length, visits int
		end                  calendar.Date
		touches              bool
	}
	var parts []*part
	var open *part
	previous, previousKey := policy.Quota{}, ""
	for d := first.AddDays(-40); !d.After(last.AddDays(40)); d = d.AddDays(1) {
		q := o.quota[d]
		if q.Count == 0 {
			open, previous = nil, q
			continue
		}
		k, length := key(q, d)
		if open == nil || q != previous || k != previousKey {
			open = &part{length: length}
			parts = append(parts, open)
		}
		previous, previousKey = q, k
		open.days += q.Count // counted in visits per period, so that due is days / length
		open.end = d
		if slices.Contains(o.made, d) {
			open.visits++
		}
		open.touches = open.touches || !d.Before(first) && !d.After(last)
	}
	for _, p := range parts {
		if !p.touches {
			continue
		}
		owed := p.days / p.length
		due, made = due+owed, made+p.visits
		if !p.end.After(o.over) && owed > p.visits {
			short += owed - p.visits
		}
	}
	return due, made, short
}

func TestTallyAgainstAnOracle(t *testing.T) {
	quotas := []policy.Quota{
		{}, {Count: 2, Per: policy.Week}, {Count: 1, Per: policy.Week}, {Count: 1, Per: policy.HalfMonth},
		{Count: 1, Per: policy.Month}, {Count: 3, Per: policy.Month}, {Count: 7, Per: policy.Week},
	}
	rapid.Check(t, func(t *rapid.T) {
		first := calendar.NewDate(2024, 1, 1).AddDays(rapid.IntRange(0, 900).Draw(t, "first"))
		last := first.AddDays(rapid.IntRange(0, 120).Draw(t, "days"))
		o := oracle{quota: map[calendar.Date]policy.Quota{}, over: first.AddDays(rapid.IntRange(-5, 140).Draw(t, "over"))}
		q := rapid.SampledFrom(quotas).Draw(t, "quota")
		left := rapid.IntRange(1, 60).Draw(t, "for")
		for d := first.AddDays(-80); !d.After(last.AddDays(80)); d = d.AddDays(1) {
			if left--; left < 0 {
				q, left = rapid.SampledFrom(quotas).Draw(t, "next"), rapid.IntRange(1, 60).Draw(t, "for")
			}
			o.quota[d] = q
			if rapid.IntRange(0, 4).Draw(t, "visit") == 0 && !d.After(o.over) {
				o.made = append(o.made, d)
			}
		}
		spans := visit.Tally(first, last, o.over, func(d calendar.Date) visit.Owed { return visit.Owed{Quota: o.quota[d]} },
			o.made)
		var due, made, short int
		for i, s := range spans {
			due, made, short = due+s.Due, made+len(s.Made), short+s.Shortfall
			if s.Whole && s.Due != s.Quota.Count {
				t.Fatalf("a whole period owes %d of %s", s.Due, s.Quota)
			}
			if s.Running && s.Shortfall > 0 {
				t.Fatalf("a period to %s, running on %s, is short of %d", s.Last, o.over, s.Shortfall)
			}
			if i > 0 && !spans[i-1].Last.Before(s.First) {
				t.Fatalf("spans overlap: %s and %s", spans[i-1].Last, s.First)
			}
		}
		wantDue, wantMade, wantShort := o.shortfall(first, last)
		if due != wantDue || made != wantMade || short != wantShort {
			t.Fatalf("due %d made %d short %d; want %d, %d, %d", due, made, short, wantDue, wantMade, wantShort)
		}
	})
}

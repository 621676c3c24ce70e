package policy_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/policy"
)

var day = domaintest.Day

// daysOf is a month's length by the rule of the almanac, which shares nothing
// with the code under test.
func daysOf(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// stepMonths walks n months one by one and clamps at the end.
func stepMonths(y, m, d, n int) (int, int, int) {
	for ; n > 0; n-- {
		if m++; m == 13 {
			y, m = y+1, 1
		}
	}
	for ; n < 0; n++ {
		if m--; m == 0 {
			y, m = y-1, 12
		}
	}
	return y, m, min(d, daysOf(y, m))
}

func drawDay(t *rapid.T, name string) (y, m, d int, date calendar.Date) {
	y = rapid.IntRange(2001, 2095).Draw(t, name+"Year")
	m = rapid.IntRange(1, 12).Draw(t, name+"Month")
	d = daysOf(y, m)
	if !rapid.Bool().Draw(t, name+"IsMonthEnd") { // ends of months are what goes wrong
		d = rapid.IntRange(1, d).Draw(t, name+"Day")
	}
	return y, m, d, calendar.NewDate(y, time.Month(m), d)
}

// The handover begins the same day six months earlier, and the team stays on
// site until the same day six months after occupancy, both clamped to the
// month's end.
func TestHalfYearsAreClampedToTheMonthsEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y, m, d, date := drawDay(t, "")
		months := rapid.SampledFrom([]int{6, 6, 6, 1, 3, 12, 18}).Draw(t, "months")
		text := policy.DefaultTable().Text()
		text.Version, text.HandoverMonths = "x", months
		for i, r := range text.Rows {
			if r.OnSite != "none" {
				text.Rows[i].OnSite = strings.Replace(r.OnSite, "6", strconv.Itoa(months), 1)
			}
		}
		table, err := text.Table()
		if err != nil {
			t.Fatal(err)
		}
		oy, om, od := stepMonths(y, m, d, -months)
		if got, want := table.HandoverFrom(date), calendar.NewDate(oy, time.Month(om), od); got != want {
			t.Fatalf("warranty to %s: handover from %s, want %s", date, got, want)
		}
		ay, am, ad := stepMonths(y, m, d, months)
		until := calendar.NewDate(ay, time.Month(am), ad)
		for on, visits := range map[calendar.Date]string{
			until.AddDays(-1): "none", until: "none", until.AddDays(1): "1/month",
		} {
			r, err := table.Evaluate(policy.Inputs{
				At: on.Start(), WarrantyEndsOn: on.AddDays(30), OccupancyOn: date, Presence: policy.LeftCity,
			})
			if err != nil {
				t.Fatal(err)
			}
			if r.OnSiteUntil != until || r.Visits.String() != visits {
				t.Fatalf("occupancy %s, on %s: on site until %s with %s, want until %s with %s", date, on, r.OnSiteUntil, r.Visits,
					until, visits)
			}
		}
	})
}

// A deadline is the row's hours after the notification, to the nanosecond,
// whatever the day; whether the warranty counts is decided by the date in
// Shanghai. The oracle counts in seconds since 1970 and UTC days.
func TestDeadlinesAndWarrantyAgainstAnOracle(t *testing.T) {
	within := map[bool]map[policy.Presence]int64{
		true:  {policy.OnProject: 0, policy.ElsewhereCity: 24 * 3600, policy.LeftCity: 48 * 3600},
		false: {policy.OnProject: 0, policy.ElsewhereCity: 0, policy.LeftCity: 0},
	}
	rapid.Check(t, func(t *rapid.T) {
		_, _, _, ends := drawDay(t, "end")
		edge := ends.End().Unix()
		second := edge + rapid.Int64Range(-3*86400, 3*86400).Draw(t, "second")
		if rapid.Bool().Draw(t, "isEdge") {
			second = edge + rapid.Int64Range(-2, 2).Draw(t, "nearEdge")
		}
		presence := rapid.SampledFrom(policy.Presences()).Draw(t, "presence")
		category := rapid.SampledFrom([]policy.Category{policy.Emergency, policy.Ordinary}).Draw(t, "category")
		cause := rapid.SampledFrom(policy.Causes()).Draw(t, "cause")
		at := time.Unix(second, 0).In(time.FixedZone("", rapid.IntRange(-11, 11).Draw(t, "zone")*3600))

		r, err := policy.DefaultTable().Evaluate(policy.Inputs{
			At: at, WarrantyEndsOn: ends, Presence: presence, Category: category, Cause: cause,
		})
		if err != nil {
			t.Fatal(err)
		}
		in := second < edge
		if r.InWarranty != in {
			t.Fatalf("%d s before the end of %s: in warranty %t", edge-second, ends, r.InWarranty)
		}
		limit := within[in][presence]
		switch {
		case category == policy.Ordinary || limit == 0:
			if r.RespondBy != nil {
				t.Fatalf("a deadline where none is: %s", r.RespondBy)
			}
		case r.RespondBy == nil || r.RespondBy.Unix() != second+limit:
			t.Fatalf("respond by %v, want %d", r.RespondBy, second+limit)
		}
		if advisory := in && presence == policy.OnProject && category == policy.Emergency; r.Advisory != advisory {
			t.Fatalf("advisory %t", r.Advisory)
		}
		outside := cause != policy.Wear && cause != policy.Unknown
		if ours := in && !outside; (r.Bearer == policy.Us) != ours {
			t.Fatalf("%s, in warranty %t: borne by %s", cause, in, r.Bearer)
		}
		if r.TravelCharged != (presence == policy.LeftCity) {
			t.Fatalf("travel charged %t where the team is %s", r.TravelCharged, presence)
		}
		if because := strings.Join(r.Because(),
			"\n"); !strings.Contains(because, r.Clause) || !strings.Contains(because, ends.String()) {
			t.Fatalf("the ruling does not name clause and warranty: %s", because)
		}
		c, err := policy.DefaultTable().Cover(policy.Inputs{
			At: at, WarrantyEndsOn: ends, Presence: presence, Category: category,
		})
		if err != nil || c.BearerFor(cause) != r.Bearer || c.Clause != r.Clause ||
			(c.RespondBy == nil) != (r.RespondBy == nil) {
			t.Fatalf("what a ticket freezes, %+v, differs from the ruling, %+v (%v)", c, r, err)
		}
	})
}

// Of the terms for one cell the one that began last counts, while it lasts.
func TestContractTermsComeFirst(t *testing.T) {
	overrides := []policy.Override{
		{ID: "A", InWarranty: true, Presence: policy.ElsewhereCity, Cell: policy.Response, Value: "12h", From: day("2026-03-01"), Until: day("2026-09-30"), Contract: "8.2"},
		{ID: "B", InWarranty: true, Presence: policy.ElsewhereCity, Cell: policy.Response, Value: "promptly", From: day("2026-05-01"), Until: day("2026-05-31"), Contract: "8.3"},
		{ID: "C", InWarranty: true, Presence: policy.ElsewhereCity, Cell: policy.Cost, Value: "center", From: day("2026-07-01"), Contract: "9"},
		{ID: "D", InWarranty: true, Presence: policy.ElsewhereCity, Cell: policy.Cost, Value: policy.FromTable, From: day("2026-08-01"), Contract: "补充协议"},
		{ID: "E", InWarranty: false, Presence: policy.ElsewhereCity, Cell: policy.Response, Value: "1h", From: day("2026-01-01"), Contract: "10"},
	}
	tests := map[string]struct {
		on, terms string
		response  string
		bearer    policy.Bearer
	}{
		"before the first term":             {"2026-02-28", "", "24h", policy.Us},
		"on its first day":                  {"2026-03-01", "A", "12h", policy.Us},
		"a later term takes its place":      {"2026-05-01", "B", "promptly", policy.Us},
		"and gives way again when it ends":  {"2026-06-01", "A", "12h", policy.Us},
		"on the last day of a term":         {"2026-09-30", "A", "12h", policy.Us},
		"terms for two cells":               {"2026-07-01", "AC", "12h", policy.Center},
		"one gives its cell to the table":   {"2026-08-01", "A", "12h", policy.Us},
		"after the last day of the first":   {"2026-10-01", "", "24h", policy.Us},
		"out of warranty another row's own": {"2027-01-01", "E", "1h", policy.Center},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r, err := policy.DefaultTable().Evaluate(policy.Inputs{
				At: day(tc.on).Start(), WarrantyEndsOn: day("2026-12-31"), Presence: policy.ElsewhereCity,
				Category: policy.Emergency, Overrides: overrides,
			})
			// However they are ordered.
			back := slices.Clone(overrides)
			slices.Reverse(back)
			if turned, err := policy.DefaultTable().Evaluate(policy.Inputs{
				At: day(tc.on).Start(), WarrantyEndsOn: day("2026-12-31"), Presence: policy.ElsewhereCity,
				Category: policy.Emergency, Overrides: back,
			}); err != nil || turned.Row != r.Row {
				t.Errorf("in reverse order: %+v, %v", turned.Row, err)
			}
			if err != nil {
				t.Fatal(err)
			}
			terms := ""
			for _, c := range r.Contract {
				terms += string(c.Override)
				if !strings.Contains(strings.Join(r.Because(), "\n"), c.Contract) {
					t.Errorf("the ruling does not name the contract's clause %s", c.Contract)
				}
			}
			if terms != tc.terms || r.Row.Text(policy.Response) != tc.response || r.Bearer != tc.bearer {
				t.Errorf("terms %q, response %s, bearer %s", terms, r.Row.Text(policy.Response), r.Bearer)
			}
		})
	}
}

func TestATableReadsAsItIsWritten(t *testing.T) {
	text := policy.DefaultTable().Text()
	text.Version = "v"
	got, err := text.Table()
	if err != nil {
		t.Fatal(err)
	}
	want := policy.DefaultTable()
	want.Version = "v"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	text.Rows[3] = text.Rows[0]
	_, err = text.Table()
	var r *domain.Rejection
	if !errors.As(err, &r) || r.Code != "service-row-twice" || r.Field != "rows[3]" {
		t.Errorf("a row twice gives %v", err)
	}
}

// Periods tile the calendar: every day lies in one of each kind, which begins
// where the one before ended and knows all of its days.
func TestPeriodsTileTheCalendar(t *testing.T) {
	for d := day("2023-12-20"); d.Before(day("2026-04-10")); d = d.AddDays(1) {
		for _, p := range []policy.Period{policy.Week, policy.HalfMonth, policy.Month} {
			first, last := p.Around(d)
			if d.Before(first) || d.After(last) {
				t.Fatalf("%s of %s is %s to %s", p, d, first, last)
			}
			if f, l := p.Around(first); f != first || l != last {
				t.Fatalf("%s of %s is %s to %s, of its first day %s to %s", p, d, first, last, f, l)
			}
			if _, before := p.Around(first.AddDays(-1)); before != first.AddDays(-1) {
				t.Fatalf("%s before %s ends on %s", p, first, before)
			}
			switch start := first.UTC(); {
			case p == policy.Week && (start.Weekday() != time.Monday || last-first != 6),
				p == policy.HalfMonth && start.Day() != 1 && start.Day() != 16,
				p == policy.HalfMonth && start.Day() == 1 && last.UTC().Day() != 15,
				p == policy.Month && start.Day() != 1:
				t.Fatalf("%s of %s is %s to %s", p, d, first, last)
			}
		}
	}
}

func TestAnotherCategoryHasItsOwnClock(t *testing.T) {
	at := time.Date(2026, time.June, 18, 9, 40, 0, 0, calendar.Shanghai)
	emergency, err := policy.DefaultTable().Cover(policy.Inputs{
		At: at, WarrantyEndsOn: day("2026-12-31"), Presence: policy.ElsewhereCity, Category: policy.Emergency,
	})
	if err != nil {
		t.Fatal(err)
	}
	ordinary := emergency.AsCategory(policy.Ordinary, at)
	if ordinary.RespondBy != nil || ordinary.Category != policy.Ordinary {
		t.Errorf("an ordinary need has %+v", ordinary)
	}
	if diff := cmp.Diff(emergency, ordinary.AsCategory(policy.Emergency, at)); diff != "" {
		t.Error("there and back:", diff)
	}
	old := ordinary
	old.Response = "" // as frozen before the cell was
	if back := old.AsCategory(policy.Emergency, at); back.RespondBy == nil || !back.RespondBy.Equal(at.Add(24*time.Hour)) {
		t.Errorf("coverage frozen without its cell gives %v", back.RespondBy)
	}
}

package policy_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
)

func TestServiceTable(t *testing.T) {
	ends := calendar.NewDate(2026, time.August, 31)
	lastSecond := time.Date(2026, time.August, 31, 23, 59, 59, 0, calendar.Shanghai)
	next := lastSecond.Add(time.Second)
	within := func(from time.Time, hours int) *time.Time {
		by := from.Add(time.Duration(hours) * time.Hour)
		return &by
	}
	tests := map[string]struct {
		at       time.Time
		presence policy.Presence
		category policy.Category
		bearer   policy.Bearer
		travel   bool
		by       *time.Time
		clause   string
		response string
	}{
		"in warranty, on the project, emergency: advisory":          {lastSecond, policy.OnProject, policy.Emergency, policy.Us, false, nil, "5.4/1", "promptly"},
		"in warranty, another team in the city, emergency: 24 h":    {lastSecond, policy.ElsewhereCity, policy.Emergency, policy.Us, false, within(lastSecond, 24), "5.4/2", "24h"},
		"in warranty, another team in the city, ordinary: no clock": {lastSecond, policy.ElsewhereCity, policy.Ordinary, policy.Us, false, nil, "5.4/2", "24h"},
		"in warranty, city left, emergency: 48 h":                   {lastSecond, policy.LeftCity, policy.Emergency, policy.Us, true, within(lastSecond, 48), "5.4/3", "48h"},
		"over, on the project: the center pays":                     {next, policy.OnProject, policy.Emergency, policy.Center, false, nil, "5.4/4", "none"},
		"over, another team in the city":                            {next, policy.ElsewhereCity, policy.Emergency, policy.Center, false, nil, "5.4/5", "none"},
		"over, city left: travel too":                               {next, policy.LeftCity, policy.Ordinary, policy.Center, true, nil, "5.4/6", "none"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := policy.DefaultTable().Cover(policy.Inputs{
				At: tc.at, WarrantyEndsOn: ends, Presence: tc.presence, Category: tc.category,
			})
			if err != nil {
				t.Fatal(err)
			}
			want := policy.Coverage{
				NotifiedOn: calendar.DateOf(tc.at), WarrantyEndsOn: ends, InWarranty: tc.bearer == policy.Us, Presence: tc.presence,
				Category: tc.category, Bearer: tc.bearer, TravelCharged: tc.travel, RespondBy: tc.by, Clause: tc.clause,
				Response: tc.response, Advisory: tc.response == "promptly" && tc.category == policy.Emergency,
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			for _, c := range policy.Causes() {
				want := tc.bearer
				if c != policy.Wear && c != policy.Unknown {
					want = policy.Center // human damage and force majeure: outside warranty everywhere
				}
				if got := got.BearerFor(c); got != want {
					t.Errorf("%s is borne by %s, want %s", c, got, want)
				}
			}
		})
	}
	if _, err := policy.DefaultTable().Cover(policy.Inputs{
		At: next, WarrantyEndsOn: ends, Presence: "ON_HOLIDAY", Category: policy.Ordinary,
	}); err == nil {
		t.Error("an unknown presence is covered")
	}
}

func TestDueDates(t *testing.T) {
	want := map[string]string{
		"2026Q1": "2026-07-31", "2026Q2": "2026-07-31", "2026Q3": "2027-01-31", "2026Q4": "2027-01-31",
	}
	got := make(map[string]string)
	for q := range 4 {
		posted := calendar.QuarterOf(2026, q+1)
		got[posted.String()] = policy.Default().DueOn(posted).String()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

package projections_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/ageing"
	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/money"
)

// Scenario 7: 1,000.00 due 31 July; 400.00 received 5 September, recorded 12
// September.
func TestAsOfVersusAsKnown(t *testing.T) {
	b := &projections.Clerk{T: t}
	b.Open("C01", "华东", projections.Noon("2026-05-01"))
	b.Charge("C01", "F3-1", "P1", "1000.00", "2026-05-20", projections.Noon("2026-05-21"))
	b.Pay("C01", "S1", "400.00", "2026-09-05", projections.Noon("2026-09-12"))
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(b.Events...),
		projections.WithClock(domaintest.NewClock(projections.Noon("2026-10-01"))))
	projections.Projected(t, m, uint64(len(b.Events)))

	for name, c := range map[string]struct {
		cut    projections.Cut
		open   string
		bucket ageing.Bucket
	}{
		"as of the due date it is not due":                      {projections.Cut{Scope: access.Whole(), AsOf: projections.Day("2026-07-31")}, "1000.00", ageing.NotDue},
		"30 days later it is in the first bucket":               {projections.Cut{Scope: access.Whole(), AsOf: projections.Day("2026-08-30")}, "1000.00", ageing.Late1To30},
		"31 days later it is in the second":                     {projections.Cut{Scope: access.Whole(), AsOf: projections.Day("2026-08-31")}, "1000.00", ageing.Late31To60},
		"a receipt not recorded yet is not known":               {projections.Cut{Scope: access.Whole(), AsOf: projections.Day("2026-09-05"), KnownAt: projections.Noon("2026-09-10")}, "1000.00", ageing.Late31To60},
		"once recorded it counts from its value date":           {projections.Cut{Scope: access.Whole(), AsOf: projections.Day("2026-09-05"), KnownAt: projections.Noon("2026-09-13")}, "600.00", ageing.Late31To60},
		"before its value date it does not count, though known": {projections.Cut{Scope: access.Whole(), AsOf: projections.Day("2026-09-04")}, "1000.00", ageing.Late31To60},
		"today is the default":                                  {projections.Cut{Scope: access.Whole()}, "600.00", ageing.Late61To90},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := money.Of(m).Receivables(t.Context(), c.cut, projections.Filter{}, projections.Page{})
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Rows) != 1 || !got.Ties {
				t.Fatalf("want one center and tie-outs that hold, got %+v", got)
			}
			want := ageing.Ageing{}
			want[c.bucket] = projections.Yuan(c.open)
			if diff := cmp.Diff(want, got.Rows[0].Ageing.Buckets(), projections.CompareAmounts); diff != "" {
				t.Error("ageing (-want +got):", diff)
			}
			if got.Rows[0].Closing != projections.Yuan(c.open) || got.Total.Closing != projections.Yuan(c.open) {
				t.Errorf("closing %s, total %s; want %s", got.Rows[0].Closing, got.Total.Closing, c.open)
			}
		})
	}
}

// What is known at a moment is a beginning of the log, also where the clock of
// a writer was behind: else an allocation could be known before its payment.
func TestKnownAtIsACutOfTheLog(t *testing.T) {
	b := &projections.Clerk{T: t}
	b.Open("C01", "华东", projections.Noon("2026-05-01"))
	b.Charge("C01", "F3-1", "P1", "100.00", "2026-05-20", projections.Noon("2026-05-21"))
	b.Charge("C01", "F3-2", "P1", "20.00", "2026-05-20", projections.Noon("2026-05-21").Add(-time.Hour))
	b.Charge("C01", "F3-3", "P1", "3.00", "2026-05-20", projections.Noon("2026-05-21").Add(time.Hour))
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(b.Events...),
		projections.WithClock(domaintest.NewClock(projections.Noon("2026-06-01"))))
	projections.Projected(t, m, uint64(len(b.Events)))
	for name, c := range map[string]struct {
		knownAt time.Time
		closing string
	}{
		"at the time its writer stated, the second is not known": {projections.Noon("2026-05-21").Add(-time.Minute), "0.00"},
		"it is known with the first, after which it stands":      {projections.Noon("2026-05-21"), "120.00"},
		"the third is known when it was recorded":                {projections.Noon("2026-05-21").Add(time.Hour), "123.00"},
		"a moment that has not come is now":                      {projections.Noon("2027-05-21"), "123.00"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := money.Of(m).Receivables(t.Context(), projections.Cut{
				Scope: access.Whole(), KnownAt: c.knownAt,
			}, projections.Filter{},
				projections.Page{})
			if err != nil {
				t.Fatal(err)
			}
			if got.Total.Closing != projections.Yuan(c.closing) {
				t.Errorf("closing %s, want %s", got.Total.Closing, c.closing)
			}
			if got.KnownAt.After(projections.Noon("2026-06-01")) {
				t.Errorf("the answer claims to be known at %s", got.KnownAt)
			}
		})
	}
}

// The pages of one answer show one state of things, whatever comes between.
func TestPagesShareACut(t *testing.T) {
	b := &projections.Clerk{T: t}
	b.Open("C01", "华东", projections.Noon("2026-05-01"))
	for _, id := range []domain.ChargeID{"F3-1", "F3-3", "F3-5"} {
		b.Charge("C01", id, "P1", "10.00", "2026-05-20", projections.Noon("2026-05-21"))
	}
	clock, log := domaintest.NewClock(projections.Noon("2026-06-01")), projections.NewMemoryLog(b.Events...)
	m, _ := projections.Start(t, projections.NewDatabase(t), log, projections.WithClock(clock))
	projections.Projected(t, m, uint64(len(b.Events)))
	first, err := money.Of(m).Charges(t.Context(), projections.Cut{Scope: access.Whole()}, money.ChargeFilter{},
		projections.Page{Limit: 2})
	if err != nil {
		t.Fatal(err)
	}
	n := len(b.Events)
	b.Charge("C01", "F3-4", "P1", "10.00", "2026-05-20", projections.Noon("2026-06-02"))
	projections.Projected(t, m, log.Append(b.Events[n:]...))
	clock.Set(projections.Noon("2026-06-03"))

	second, err := money.Of(m).Charges(t.Context(), projections.Cut{Scope: access.Whole()}, money.ChargeFilter{},
		projections.Page{Limit: 2, After: first.Next})
	if err != nil {
		t.Fatal(err)
	}
	if len(second.Rows) != 1 || second.Rows[0].Charge != "F3-5" || second.Next != "" ||
		second.KnownAt != first.KnownAt {
		t.Errorf("the second page is %+v", second)
	}
	_, err = money.Of(m).Charges(t.Context(), projections.Cut{Scope: access.Whole()}, money.ChargeFilter{OpenOnly: true},
		projections.Page{After: first.Next})
	if rejection := (*domain.Rejection)(nil); !errors.As(err, &rejection) || rejection.Code != "bad-cursor" {
		t.Errorf("a cursor of another question gives %v", err)
	}
}

// What the log has not come to, nobody is made to wait for: neither who says to have
// been answered with it by a command, nor whose pages say to rest on it.
func TestNobodyWaitsForWhatTheLogHasNotComeTo(t *testing.T) {
	b := &projections.Clerk{T: t}
	b.Open("C01", "华东", projections.Noon("2026-05-01"))
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(b.Events...),
		projections.WithClock(domaintest.NewClock(projections.Noon("2026-06-01"))))
	projections.Projected(t, m, uint64(len(b.Events)))
	if err := m.Follow(t.Context(), uint64(len(b.Events))); err != nil {
		t.Errorf("what is shown is waited for: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), projections.FollowLimit/2)
	defer cancel()
	var r *domain.Rejection
	if err := m.Follow(ctx, uint64(len(b.Events)+1)); !errors.As(err, &r) || r.Field != "after" || r.Code != "beyond-log" {
		t.Errorf("what is beyond the log: %v", err)
	}
}

func TestTheHistoryOfACharge(t *testing.T) {
	b := &projections.Clerk{T: t}
	b.Open("C01", "华东", projections.Noon("2026-05-01"))
	b.Charge("C01", "F3-1", "P1", "100.00", "2026-05-20", projections.Noon("2026-05-21"))
	b.Pay("C01", "S1", "30.00", "2026-06-05", projections.Noon("2026-06-06"))
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(b.Events...),
		projections.WithClock(domaintest.NewClock(projections.Noon("2026-07-01"))))
	projections.Projected(t, m, uint64(len(b.Events)))
	got, err := money.Of(m).ChargeHistory(t.Context(), projections.Cut{Scope: access.Whole()}, "C01", "F3-1")
	if err != nil {
		t.Fatal(err)
	}
	if !got.Found || got.Charge.Open.Amount != projections.Yuan("70.00") ||
		got.Charge.Paid.Amount != projections.Yuan("30.00") {
		t.Errorf("charge %+v", got.Charge)
	}
	q := calendar.QuarterOf(2026, 2)
	posting := func(
		position uint64, line int, event string, at time.Time, a books.LedgerAccount, amount string, p domain.PaymentID,
		on string,
	) money.Posting {
		return money.Posting{
			Position: position, Line: line, Event: event, RecordedAt: projections.Moment{at}, Actor: "li.na", Role: "finance",
			Account: a, Amount: projections.Yuan(amount), Payment: p, On: projections.Day(on), Posted: q,
		}
	}
	want := []money.Posting{
		posting(2, 0, "ChargeAccrued", projections.Noon("2026-05-21"), books.ReceivableUnconfirmed, "100.00", "",
			"2026-05-20"),
		posting(2, 1, "ChargeAccrued", projections.Noon("2026-05-21"), books.ServiceRevenue, "-100.00", "", "2026-05-20"),
		posting(4, 0, "PaymentAllocated", projections.Noon("2026-06-06"), books.UnappliedCash, "30.00", "S1", "2026-06-05"),
		posting(4, 1, "PaymentAllocated", projections.Noon("2026-06-06"), books.ReceivableUnconfirmed, "-30.00", "S1",
			"2026-06-05"),
	}
	if diff := cmp.Diff(want, got.Postings, projections.CompareAmounts); diff != "" {
		t.Error("postings (-want +got):", diff)
	}
	if got, err := money.Of(m).ChargeHistory(t.Context(), projections.Cut{Scope: access.Whole()}, "C01",
		"F3-2"); err != nil || got.Found {
		t.Errorf("a charge that does not exist gives %+v, %v", got, err)
	}
}

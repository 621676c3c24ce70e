package projections_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/remittance"
	"aftersales-ledger/projections"
	moneyviews "aftersales-ledger/projections/money"
)

func TestDebtorsAreKnownByWhatALineMayNameThemBy(t *testing.T) {
	b := &projections.Clerk{T: t}
	b.Open("C02", "华南", projections.Noon("2026-05-01"))
	b.Open("C01", "华东", projections.Noon("2026-05-01"))
	b.Register("P1", "云栖花园", "C01")
	b.Register("P2", "湖畔名邸", "C02")
	b.Charge("C01", "F3-1", "P1", "100.00", "2026-05-20", projections.Noon("2026-05-21"))
	b.Charge("C01", "F3-2", "P1", "50.00", "2026-05-22", projections.Noon("2026-05-23"))
	b.Charge("C01", "F3-3", "P1", "7.00", "2026-07-01", projections.Noon("2026-07-02"))
	b.Pay("C01", "S1", "120.00", "2026-06-05", projections.Noon("2026-06-06"))
	b.Pay("C02", "S2", "30.00", "2026-02-01", projections.Noon("2026-06-06"))
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(b.Events...),
		projections.WithClock(domaintest.NewClock(projections.Noon("2026-07-10"))))
	projections.Projected(t, m, uint64(len(b.Events)))

	got, err := moneyviews.Of(m).Debtors(t.Context(), projections.Cut{
		Scope: access.Whole(),
	}, []string{"bank-S1", "bank-S9"},
		projections.Day("2026-05-01"), projections.Day("2026-07-10"))
	if err != nil {
		t.Fatal(err)
	}
	q2, q3 := calendar.QuarterOf(2026, 2), calendar.QuarterOf(2026, 3)
	want := []remittance.Candidate{
		{
			Center: "C01", Name: "物业 C01", Projects: []remittance.Project{{ID: "P1", Name: "云栖花园"}}, Payers: []string{"物业"},
			Charges: []remittance.Charge{
				{Charge: "F3-2", Project: "P1", OccurredOn: projections.Day("2026-05-22"), DueOn: projections.Day("2026-07-31"), Posted: q2, Open: projections.Yuan("30.00")},
				{Charge: "F3-3", Project: "P1", OccurredOn: projections.Day("2026-07-01"), DueOn: projections.Day("2027-01-31"), Posted: q3, Open: projections.Yuan("7.00")},
			},
			Receipts: []remittance.Receipt{
				{Payment: "S1", Payer: "物业", Amount: projections.Yuan("120.00"), ReceivedOn: projections.Day("2026-06-05")},
			},
		},
		{
			Center: "C02", Name: "物业 C02", Projects: []remittance.Project{{ID: "P2", Name: "湖畔名邸"}}, Payers: []string{"物业"},
			Unapplied: projections.Yuan("30.00"),
		},
	}
	if diff := cmp.Diff(want, got.Candidates, projections.CompareAmounts); diff != "" {
		t.Error("candidates (-want +got):", diff)
	}
	booked := map[string][]account.PaymentReceived{"bank-S1": {{
		Payment: "S1", Center: "C01", BankReference: "bank-S1", Payer: "物业", Amount: projections.Yuan("120.00"),
		ReceivedOn: projections.Day("2026-06-05"),
	}}}
	if diff := cmp.Diff(booked, got.Booked, projections.CompareAmounts, cmpopts.EquateEmpty()); diff != "" {
		t.Error("booked (-want +got):", diff)
	}
}

func TestAProjectCountsForTheCenterOfTheDay(t *testing.T) {
	b := &projections.Clerk{T: t}
	b.Open("C01", "华东", projections.Noon("2026-05-01"))
	b.Open("C02", "华东", projections.Noon("2026-05-01"))
	b.Register("P1", "云栖花园", "C01")
	b.Record(project.Stream("P1"), projections.Noon("2026-05-02"),
		project.CenterAssigned{Project: "P1", Center: "C02", From: projections.Day("2026-06-01")})
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(b.Events...),
		projections.WithClock(domaintest.NewClock(projections.Noon("2026-07-10"))))
	projections.Projected(t, m, uint64(len(b.Events)))
	for on, want := range map[string]string{"2026-05-31": "C01:P1 C02:", "2026-06-01": "C01: C02:P1"} {
		d, err := moneyviews.Of(m).Debtors(t.Context(), projections.Cut{Scope: access.Whole(), AsOf: projections.Day(on)},
			nil, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for i, c := range d.Candidates {
			if i > 0 {
				got += " "
			}
			got += string(c.Center) + ":"
			for _, p := range c.Projects {
				got += string(p.ID)
			}
		}
		if got != want {
			t.Errorf("on %s: %s, want %s", on, got, want)
		}
	}
}

func TestADisputedChargeIsToldFromTheOthersUntilItsDisputeEnds(t *testing.T) {
	b := &projections.Clerk{T: t}
	b.Open("C01", "华东", projections.Noon("2026-05-01"))
	for _, id := range []domain.ChargeID{"A", "B", "C"} {
		b.Charge("C01", id, "P1", "100.00", "2026-05-20", projections.Noon("2026-05-21"))
	}
	q2 := calendar.QuarterOf(2026, 2)
	b.Decide("C01", projections.Noon("2026-07-05"), func(
		a *account.Account, today calendar.Date,
	) ([]account.Event, error) {
		return a.IssueStatement(account.IssueStatement{Center: "C01", Quarter: q2}, policy.Default(), today)
	})
	b.Decide("C01", projections.Noon("2026-07-06"), func(
		a *account.Account, today calendar.Date,
	) ([]account.Event, error) {
		return a.ConfirmStatement(account.ConfirmStatement{
			Center: "C01", Quarter: q2, Version: 1,
			Disputes: []account.Dispute{{Charge: "A", Reason: "未施工"}, {Charge: "B", Reason: "未施工"}},
		}, today)
	})
	b.Decide("C01", projections.Noon("2026-07-08"), func(
		a *account.Account, today calendar.Date,
	) ([]account.Event, error) {
		return a.RejectDispute(account.RejectDispute{Center: "C01", Charge: "B", Reason: "有签字"}, today)
	})
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(b.Events...),
		projections.WithClock(domaintest.NewClock(projections.Noon("2026-07-10"))))
	projections.Projected(t, m, uint64(len(b.Events)))
	for on, want := range map[string]string{"2026-07-05": "A B C", "2026-07-07": "A! B! C", "2026-07-10": "A! B C"} {
		d, err := moneyviews.Of(m).Debtors(t.Context(), projections.Cut{Scope: access.Whole(), AsOf: projections.Day(on)},
			nil, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range d.Candidates[0].Charges {
			got = append(got, string(c.Charge)+map[bool]string{true: "!"}[c.Disputed])
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("on %s: %s, want %s", on, s, want)
		}
	}
}

// What is open of the charges of a random life of the department is what the
// receivables say.
func TestDebtorsAgreeWithTheReceivables(t *testing.T) {
	w := projections.NewWorld(t, 11)
	w.Live(600)
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(w.Events...),
		projections.WithClock(domaintest.NewClock(w.Now)))
	projections.Projected(t, m, w.Events[len(w.Events)-1].Position)
	var references []string
	for i := range 2500 {
		references = append(references, fmt.Sprintf("bank-%d", i))
	}
	for _, asOf := range []calendar.Date{w.Today(), w.Today().AddDays(-90)} {
		d, err := moneyviews.Of(m).Debtors(t.Context(), projections.Cut{Scope: access.Whole(), AsOf: asOf}, references, 0,
			projections.LastDate)
		if err != nil {
			t.Fatal(err)
		}
		r, err := moneyviews.Of(m).Receivables(t.Context(), projections.Cut{
			Scope: access.Whole(), AsOf: asOf,
		}, projections.Filter{},
			projections.Page{})
		if err != nil {
			t.Fatal(err)
		}
		receipts := 0
		for i, c := range d.Candidates {
			var open money.Amount
			for _, ch := range c.Charges {
				open = open.Add(ch.Open)
			}
			if of := r.Rows[i]; of.Center != c.Center || of.Open != open || of.Unapplied != c.Unapplied {
				t.Errorf("%s as of %s: %s open, %s unapplied; the receivables say %+v", c.Center, asOf, open, c.Unapplied, of)
			}
			receipts += len(c.Receipts)
		}
		if receipts == 0 || receipts != len(d.Booked) || len(d.Candidates) != len(r.Rows) {
			t.Errorf("%d receipts, %d booked, %d centers", receipts, len(d.Booked), len(d.Candidates))
		}
	}
}

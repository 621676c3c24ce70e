package projections_test

import (
	"fmt"
	"slices"
	"testing"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/projections"
	moneyviews "aftersales-ledger/projections/money"
)

// Every account of the chart, posting by posting over pages of seven, adds up to
// what the trial balance says of it.
func TestPostingsOfAnAccountAddUpToTheTrialBalance(t *testing.T) {
	w := projections.NewWorld(t, 5)
	w.Live(300)
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(w.Events...),
		projections.WithClock(domaintest.NewClock(w.Now)))
	projections.Projected(t, m, w.Events[len(w.Events)-1].Position)
	ctx, today := t.Context(), w.Today().Quarter()
	for _, filter := range []projections.Filter{{}, {Region: "华东"}} {
		balance, err := moneyviews.Of(m).TrialBalance(ctx, projections.Cut{Scope: access.Whole()}, today, today, filter)
		if err != nil {
			t.Fatal(err)
		}
		booked := 0
		for _, row := range balance.Rows {
			var debits, sum money.Amount
			var days []calendar.Date
			page, count := projections.Page{Limit: 7}, 0
			for {
				cut := projections.Cut{Scope: access.Whole()}
				a, err := moneyviews.Of(m).LedgerAccount(ctx, cut, row.Account, 0, today, filter, page)
				if err != nil {
					t.Fatalf("%s: %v", row.Account, err)
				}
				for _, p := range a.Rows {
					sum, days = sum.Add(p.Amount), append(days, p.On)
					if p.BalanceAfter != sum || (p.Charge != "" && p.Service == "") {
						t.Fatalf("%s of %v: after %s of %q (%q) the balance is %s, said to be %s",
							row.Account, filter, p.Amount, p.Charge, p.Service, sum, p.BalanceAfter)
					}
				}
				count, debits = a.Count, a.Debits.Sub(a.Credits)
				if page.After = a.Next; a.Next == "" {
					break
				}
			}
			booked += count
			if sum != row.Closing || count > 0 && debits != row.Closing || len(days) != count || !slices.IsSorted(days) {
				t.Errorf("%s of %v: %d postings of %d sum to %s, said to be %s; the trial balance says %s",
					row.Account, filter, len(days), count, sum, debits, row.Closing)
			}
		}
		if booked < 30 {
			t.Errorf("%v: %d postings show little", filter, booked)
		}
	}
}

func TestThingsAreFoundByWhatIsKnownOfThem(t *testing.T) {
	b := &projections.Clerk{T: t}
	b.Open("C01", "华东", projections.Noon("2026-05-01"))
	b.Open("C02", "华南", projections.Noon("2026-05-01"))
	b.Register("P001", "云山花园", "C01")
	b.Charge("C01", "F3-C01-1", "P001", "100.00", "2026-05-02", projections.Noon("2026-05-02"))
	b.Charge("C02", "F3-C02-11", "P002", "100.00", "2026-05-03", projections.Noon("2026-05-03"))
	for i := range 9 {
		b.Charge("C02", domain.ChargeID(fmt.Sprintf("MANY-%d", i)), "P002", "1.00", "2026-05-03", projections.Noon("2026-05-03"))
	}
	b.Pay("C02", "pay-7", "50.00", "2026-05-04", projections.Noon("2026-05-05"))
	b.Record(account.Stream("C01"), projections.Noon("2026-05-05"), account.CompensationQuoted{
		Quote: "BJ-1", Center: "C01", Project: "P001", Damage: "门口机被撞", QuotedOn: projections.Day("2026-05-05"),
	})
	may := projections.Day("2026-05-01").Month()
	b.Record(payables.Stream("华东", may), projections.Noon("2026-05-06"), payables.PaymentRequested{
		Request: "FK-1", Region: "华东", Month: may, RequestedOn: projections.Day("2026-05-06"),
		Lines: []payables.Line{{Return: "R-1", Supplier: "大华"}, {Return: "R-2", Supplier: "海康威视"}},
	})
	b.Record(payables.Stream("华东", may), projections.Noon("2026-05-07"), payables.PaymentRequestReturned{
		Request: "FK-1", Region: "华东", Month: may, Returns: []domain.ReturnID{"R-1", "R-2"}, On: projections.Day("2026-05-07"),
	})
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(b.Events...),
		projections.WithClock(domaintest.NewClock(projections.Noon("2026-06-01"))))
	projections.Projected(t, m, b.Events[len(b.Events)-1].Position)

	sites := access.NewSites()
	sites.OpenCenter("C01", "华东")
	sites.OpenCenter("C02", "华南")
	for text, c := range map[string]struct {
		asOf, knownAt string // of the cut; empty: now
		reach         access.Reach
		want          []string
	}{
		"云山":     {want: []string{"PROJECT P001"}},
		"BANK-P": {want: []string{"PAYMENT pay-7"}},
		"f3-c0":  {want: []string{"CHARGE F3-C02-11", "CHARGE F3-C01-1"}},
		"F3-":    {reach: access.Reach{Centers: []domain.CenterID{"C01"}}, want: []string{"CHARGE F3-C01-1"}},
		"C01":    {want: []string{"CENTER C01", "CHARGE F3-C01-1"}},
		"ay-7":   {asOf: "2026-05-03"},
		"pay-7":  {knownAt: "2026-05-04"},
		"FK-1":   {want: []string{"PAYMENT_REQUEST FK-1"}}, // though it went back
		"bj-":    {want: []string{"QUOTE BJ-1"}},
		"没有的":    {},
	} {
		cut := projections.Cut{Scope: access.Whole()}
		if c.asOf != "" {
			cut.AsOf = projections.Day(c.asOf)
		}
		if c.knownAt != "" {
			cut.KnownAt = projections.Noon(c.knownAt)
		}
		if len(c.reach.Centers) > 0 {
			cut.Scope = access.Resolve(c.reach, sites, projections.Day("2026-06-01"))
		}
		found, err := m.Search(t.Context(), cut, text)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range found.Rows {
			got = append(got, string(f.Kind)+" "+f.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q finds %v, want %v", text, got, c.want)
		}
	}
	whole := projections.Cut{Scope: access.Whole()}
	many, err := m.Search(t.Context(), whole, "many-")
	if err != nil || len(many.Rows) != 8 || many.Rows[0].OfKind != 9 {
		t.Errorf("of nine charges the list shows %d and says: %+v, %v", len(many.Rows), many.Rows, err)
	}
	if byReference, err := m.Search(t.Context(), whole, "bank-p"); err != nil || byReference.Rows[0].Matched != "bank-pay-7" {
		t.Errorf("what a payment was found by: %+v, %v", byReference.Rows, err)
	}
	if _, err := m.Search(t.Context(), whole, " x "); err == nil {
		t.Error("one character is searched for")
	}
}

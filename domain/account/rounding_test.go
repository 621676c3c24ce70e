package account_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/money"
)

// TestTheTaxOfACreditIsThatOfItsPart: however a charge is taken back, the taxes
// of its credit notes add up to its own, to the fen, and no note has more tax
// than the rounded share of what was taken back so far leaves it.
func TestTheTaxOfACreditIsThatOfItsPart(t *testing.T) {
	taxed := func(price, quantity string, rate int64, excluded bool) *account.Account {
		a := fold(opened(account.ByChargeDate))
		events, err := accrue(account.AccrueCharge{
			Charge: "A", Center: "C01", Project: "P001", Quantity: decimal.RequireFromString(quantity),
			OccurredOn: day("2026-05-01"),
		}, price, money.Tax{Rate: decimal.New(rate, -2), Excluded: excluded})(a)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			a.Evolve(e)
		}
		return a
	}
	for name, tc := range map[string]struct {
		price, quantity string
		rate            int64
		excluded        bool
		parts           [][2]string // gross of a note, and its tax
	}{
		"in thirds, the fen that remain go to the later notes": {"100.00", "1", 6, false, [][2]string{{"33.33", "1.89"}, {"33.33", "1.88"}, {"33.34", "1.89"}}},
		"all at once":            {"100.00", "1", 6, false, [][2]string{{"100.00", "5.66"}}},
		"too little to be taxed": {"0.03", "1", 13, false, [][2]string{{"0.01", "0.00"}, {"0.01", "0.00"}, {"0.01", "0.00"}}},
		// 31.375 → 31.38, tax 3.61
		"by the metre, three decimals times a quantity, half up once": {"3.125", "10.04", 13, false, [][2]string{{"10.00", "1.15"}, {"21.38", "2.46"}}},
		// 105.99, tax 6.00
		"tax on top of a net price": {"99.99", "1", 6, true, [][2]string{{"53.00", "3.00"}, {"52.99", "3.00"}}},
	} {
		t.Run(name, func(t *testing.T) {
			a := taxed(tc.price, tc.quantity, tc.rate, tc.excluded)
			for i, part := range tc.parts {
				events, err := a.IssueCreditNote(account.IssueCreditNote{
					Note: domain.CreditNoteID(fmt.Sprint("N", i+1)), Charge: "A", Center: "C01", Amount: yuan(part[0]), Reason: "多计",
					On: day("2026-06-01"), By: "qian",
				}, day("2026-06-01"))
				if err != nil {
					t.Fatal(err)
				}
				note := events[0].(account.CreditNoteIssued)
				if note.Money.Tax != yuan(part[1]) || note.Money.Net.Add(note.Money.Tax) != note.Money.Gross ||
					note.Money.Gross != yuan(part[0]) {
					t.Errorf("note %d is %+v, want %s with tax %s", i+1, note.Money, part[0], part[1])
				}
				a.Evolve(note)
			}
			s, err := a.DraftStatement("C01", day("2026-05-01").Quarter())
			if err != nil {
				t.Fatal(err)
			}
			if !s.Closing.IsZero() || !s.Totals.Tax.IsZero() {
				t.Errorf("%s is left, with tax %s", s.Closing, s.Totals.Tax)
			}
		})
	}
}

package parts

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/money"
)

// Metres and pieces are not added up: a sum has a quantity where all of it is of one
// part, in whatever order its rows come, and a value always.
func TestASumHasAQuantityWhereAllOfItIsOfOnePart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.SampledFrom([]domain.PartCode{"CAM", "CABLE"}), 0, 5).Draw(t, "parts")
		sums := totalsBy(rows, []string{"all"},
			func(p domain.PartCode) (string, partTotal) {
				return "all", partTotal{part: p, quantity: decimal.NewFromInt(2), value: money.Fen(3)}
			},
			func(_ string, total partTotal) partTotal { return total })
		one := make(map[domain.PartCode]bool)
		for _, p := range rows {
			one[p] = true
		}
		if len(sums) != min(len(rows), 1) {
			t.Fatalf("%d rows come to %d sums", len(rows), len(sums))
		}
		for _, sum := range sums {
			q := sum.ofOnePart()
			if (q != nil) != (len(one) == 1) || q != nil && !q.Equal(decimal.NewFromInt(int64(2*len(rows)))) ||
				sum.value != money.Fen(int64(3*len(rows))) {
				t.Errorf("%v add up to %v, %s yuan", rows, q, sum.value)
			}
		}
	})
}

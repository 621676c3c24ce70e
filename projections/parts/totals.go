package parts

import (
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/money"
)

// partTotal sums rows up.
type partTotal struct {
	rows     int
	part     domain.PartCode // of all rows; empty: there are several
	quantity decimal.Decimal // of that part; metres and pieces are not added up
	value    money.Amount    // yuan
}

func (t *partTotal) add(row partTotal) {
	switch {
	case t.rows == 0:
		t.part, t.quantity = row.part, row.quantity
	case t.part == row.part && t.part != "":
		t.quantity = t.quantity.Add(row.quantity)
	default:
		t.part, t.quantity = "", decimal.Zero
	}
	t.rows, t.value = t.rows+1, t.value.Add(row.value)
}

// ofOnePart is the quantity, where all rows are of one part.
func (t partTotal) ofOnePart() *decimal.Decimal {
	if t.part == "" {
		return nil
	}
	return &t.quantity
}

// totalsBy sums rows up by what of says they are, in the given order.
func totalsBy[K comparable, R, T any](
	rows []R, order []K, of func(R) (K, partTotal), total func(K, partTotal) T,
) (totals []T) {
	sums := make(map[K]*partTotal)
	totals = []T{}
	for _, r := range rows {
		k, row := of(r)
		if sums[k] == nil {
			sums[k] = &partTotal{}
		}
		sums[k].add(row)
	}
	for _, k := range order {
		if t := sums[k]; t != nil {
			totals = append(totals, total(k, *t))
		}
	}
	return totals
}

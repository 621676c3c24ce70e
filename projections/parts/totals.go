package parts

import (
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

// partTotal sums rows up.
type partTotal struct {
	rows     int
	part     domain.PartCode // of all rows; empty: there are several
	quantity decimal.Decimal // of that part; metres and pieces are not added up
	value    money.Amount    // yuan, of those whose value is known
	unvalued int             // rows whose value nobody knows
}

// inQuestion is a row of a part and what it is worth.
func inQuestion(part domain.PartCode, quantity decimal.Decimal, value projections.Figure) partTotal {
	t := partTotal{part: part, quantity: quantity, value: value.Amount}
	if value.Hidden {
		t.unvalued = 1
	}
	return t
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
	t.rows, t.value, t.unvalued = t.rows+1, t.value.Add(row.value), t.unvalued+row.unvalued
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

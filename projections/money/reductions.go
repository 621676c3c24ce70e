package money

import "aftersales-ledger/domain/money"

import (
	"aftersales-ledger/projections"
)

// Reductions are what has become of charges, in yuan: each its own figure,
// because money, credit notes, write-offs and transfers are different facts.
type Reductions struct {
	Paid        money.Amount // by money, recoveries of what was written off included
	Credited    money.Amount // taken back with credit notes
	Transferred money.Amount // to other centers, with the project
	WrittenOff  money.Amount // given up by us and still owed (账销案存)
}

// Open is what they leave open of charges.
func (r Reductions) Open(charged money.Amount) money.Amount {
	return charged.Sub(r.Paid).Sub(r.Credited).Sub(r.Transferred).Sub(r.WrittenOff)
}

// to are the destinations of the columns paid, credited, transferred and
// written_off, in this order.
func (r *Reductions) to() []any {
	return []any{
		projections.AmountTo(&r.Paid), projections.AmountTo(&r.Credited), projections.AmountTo(&r.Transferred),
		projections.AmountTo(&r.WrittenOff),
	}
}

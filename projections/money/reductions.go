package money

import (
	"aftersales-ledger/domain/ageing"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

// Reductions are what has become of charges, in yuan: each its own figure,
// because money, credit notes, write-offs and transfers are different facts.
type Reductions struct {
	Paid        projections.Figure `json:"paid" doc:"By money, recoveries of what was written off included"`
	Credited    projections.Figure `json:"credited" doc:"Credit notes"`
	Transferred projections.Figure `json:"transferred" doc:"To another center, with the project"`
	WrittenOff  projections.Figure `json:"writtenOff" doc:"Given up by us, still owed (账销案存)"`
}

// leave is what they leave open of charges.
func (r Reductions) leave(charged money.Amount) money.Amount {
	return charged.Sub(r.Paid.Amount).Sub(r.Credited.Amount).Sub(r.Transferred.Amount).Sub(r.WrittenOff.Amount)
}

// Hide keeps them from who asks.
func (r *Reductions) Hide() {
	for _, f := range []*projections.Figure{&r.Paid, &r.Credited, &r.Transferred, &r.WrittenOff} {
		f.Hidden = true
	}
}

// Ageing is open money by days late, upper bounds inclusive, in yuan: an
// [ageing.Ageing] with a name for each of its buckets.
type Ageing struct {
	NotDue       money.Amount `json:"notDue"`
	Late1To30    money.Amount `json:"late1To30"`
	Late31To60   money.Amount `json:"late31To60"`
	Late61To90   money.Amount `json:"late61To90"`
	Late91To180  money.Amount `json:"late91To180"`
	Late181To365 money.Amount `json:"late181To365"`
	LateOver365  money.Amount `json:"lateOver365"`
}

// Buckets are its amounts in the order of reports.
func (a Ageing) Buckets() ageing.Ageing {
	return ageing.Ageing{
		ageing.NotDue: a.NotDue, ageing.Late1To30: a.Late1To30, ageing.Late31To60: a.Late31To60,
		ageing.Late61To90: a.Late61To90, ageing.Late91To180: a.Late91To180, ageing.Late181To365: a.Late181To365,
		ageing.LateOver365: a.LateOver365,
	}
}

package money

import (
	"aftersales-ledger/domain/ageing"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

// Reductions are what has become of charges, in yuan: each its own figure,
// because money, credit notes, write-offs and transfers are different facts.
type Reductions struct {
	Paid        money.Amount `json:"paid" doc:"By money, recoveries of what was written off included"`
	Credited    money.Amount `json:"credited" doc:"Credit notes"`
	Transferred money.Amount `json:"transferred" doc:"To another center, with the project"`
	WrittenOff  money.Amount `json:"writtenOff" doc:"Given up by us, still owed (账销案存)"`
}

// leave is what they leave open of charges.
func (r Reductions) leave(charged money.Amount) money.Amount {
	return charged.Sub(r.Paid).Sub(r.Credited).Sub(r.Transferred).Sub(r.WrittenOff)
}

// SeenReductions are [Reductions] where not everybody sees what a center owes: null for
// who does not.
type SeenReductions struct {
	Paid        projections.Figure `json:"paid" nullable:"true" doc:"By money, recoveries of what was written off included; here and below null where the role does not see what a center owes"`
	Credited    projections.Figure `json:"credited" nullable:"true" doc:"Credit notes"`
	Transferred projections.Figure `json:"transferred" nullable:"true" doc:"To another center, with the project"`
	WrittenOff  projections.Figure `json:"writtenOff" nullable:"true" doc:"Given up by us, still owed (账销案存)"`
}

// Figures are its amounts, whoever sees them.
func (r SeenReductions) Figures() Reductions {
	return Reductions{
		Paid: r.Paid.Amount, Credited: r.Credited.Amount, Transferred: r.Transferred.Amount, WrittenOff: r.WrittenOff.Amount,
	}
}

// Hide keeps them from who asks.
func (r *SeenReductions) Hide() {
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

package money

import (
	"context"
	_ "embed"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed receivables.sql
var receivablesSQL string

// Receivable is what one center owes, in yuan.
type Receivable struct {
	Center          domain.CenterID `json:"center,omitempty"`
	Name            string          `json:"name,omitempty"`
	Region          string          `json:"region,omitempty"`
	Charged         money.Amount    `json:"charged" doc:"Gross of every charge made here"`
	TransfersIn     money.Amount    `json:"transfersIn" doc:"And of those that came from another center"`
	Paid            money.Amount    `json:"paid" doc:"By money, recoveries of what was written off included"`
	Credited        money.Amount    `json:"credited" doc:"Credit notes"`
	TransfersOut    money.Amount    `json:"transfersOut" doc:"Went to another center"`
	OpenUnconfirmed money.Amount    `json:"openUnconfirmed" doc:"待对账: posted, not yet confirmed"`
	OpenConfirmed   money.Amount    `json:"openConfirmed" doc:"已确认应收"`
	Open            money.Amount    `json:"open" sql:"-" doc:"Both together"`
	WrittenOff      money.Amount    `json:"writtenOff" doc:"Given up by us, still owed by the center (账销案存)"`
	Unapplied       money.Amount    `json:"unapplied" doc:"Received, settling no charge yet"`
	Closing         money.Amount    `json:"closing" sql:"-" doc:"Open and written off less unapplied"`
	Ageing          Ageing          `json:"ageing" sql:",inline" doc:"Of what is open"`
	Ties            bool            `json:"ties" sql:"-" doc:"charged + transfersIn − paid − credited − transfersOut − writtenOff = openUnconfirmed + openConfirmed; ageing + writtenOff − unapplied = closing"`
}

// Derive implements [projections.Derived].
func (r *Receivable) Derive(calendar.Date) {
	r.Open = r.OpenUnconfirmed.Add(r.OpenConfirmed)
	r.Closing = r.Open.Add(r.WrittenOff).Sub(r.Unapplied)
	r.Ties = r.Charged.Add(r.TransfersIn).Sub(r.Paid).Sub(r.Credited).Sub(r.TransfersOut).Sub(r.WrittenOff) == r.Open &&
		r.Ageing.Buckets().Total().Add(r.WrittenOff).Sub(r.Unapplied) == r.Closing
}

// Receivables is the answer of [Views.Receivables].
type Receivables struct {
	projections.List[Receivable] // by center
	ReceivablesTotal
}

// ReceivablesTotal is what all centers that match owe. Double entry: the sum of
// their postings is 0.00, or the books are wrong.
type ReceivablesTotal struct {
	Total       Receivable   `json:"total" doc:"Over all centers that match, not only this page's"`
	PostingsSum money.Amount `json:"postingsSum" doc:"Sum of all postings up to the cut: 0.00"`
	Ties        bool         `json:"ties"`
}

// Receivables answers what each center owes and since when, §5.3.4.
//
// With a project in the filter the answer is restricted to the project's
// charges. Unapplied money belongs to no project, so it is 0.00 then and
// Closing is what is open.
func (m Views) Receivables(
	ctx context.Context, cut projections.Cut, filter projections.Filter, page projections.Page,
) (answer Receivables, err error) {
	q, err := m.AskSorted(cut, page, projections.Sortable{"open", "overdue", "unapplied", "closing"}, "receivables",
		filter)
	if err != nil {
		return answer, err
	}
	defer q.Done()
	type beside struct{ PostingsSum money.Amount }
	p, statement := filter.Params().With("after_center", q.AfterKey(0, "")), projections.OfAccounts(receivablesSQL)
	answer.List, err = projections.ListBeside(ctx, q, statement, p, func(r *Receivable) []string {
		return []string{string(r.Center)}
	}, func(r *Receivable, b *beside) bool {
		if r.Center != "" {
			return true
		}
		r.Name, r.Region = "", ""
		answer.Total, answer.PostingsSum = *r, b.PostingsSum
		return false
	})
	answer.Ties = answer.Total.Ties && answer.PostingsSum.IsZero() &&
		!slices.ContainsFunc(answer.Rows, func(r Receivable) bool { return !r.Ties })
	return answer, err
}

package money

import (
	"context"
	_ "embed"
	"slices"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/ageing"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed receivables.sql
var receivablesSQL string

// Receivable is what one center owes. Amounts are in yuan.
type Receivable struct {
	Center domain.CenterID
	Name   string
	Region string

	Charged     money.Amount // gross of every charge that was made here
	TransfersIn money.Amount // and of those that came from another center
	Reductions
	OpenUnconfirmed money.Amount  // 待对账: posted, not yet confirmed by the center
	OpenConfirmed   money.Amount  // 已确认应收
	Unapplied       money.Amount  // received, settling no charge yet
	Closing         money.Amount  // open and written off less unapplied: the center's balance
	Ageing          ageing.Ageing // of what is open, by due date

}

// Ties reports whether the charges, less what reduced them, are what is open on
// the ledger accounts, and whether the ageing of each charge adds up to that:
// with what was written off, and less unapplied, it is the closing balance.
func (r Receivable) Ties() bool {
	return r.Reductions.Open(r.Charged.Add(r.TransfersIn)) == r.Open() &&
		r.Ageing.Total().Add(r.WrittenOff).Sub(r.Unapplied) == r.Closing
}

// Open is what is owed of all charges.
func (r Receivable) Open() money.Amount { return r.OpenUnconfirmed.Add(r.OpenConfirmed) }

// Receivables is the answer of [Views.Receivables].
type Receivables struct {
	projections.Answer
	Centers []Receivable // by center
	Total   Receivable   // over all centers that match, not only those of the page; Center, Name and Region are empty
	Next    string       // asks for the next page; empty on the last

	// PostingsSum is the sum of every posting of the centers that match, up to
	// the cut. Double entry: it is 0.00, or the books are wrong.
	PostingsSum money.Amount
}

// Ties reports whether every tie-out of the answer holds.
func (r Receivables) Ties() bool {
	for _, c := range r.Centers {
		if !c.Ties() {
			return false
		}
	}
	return r.Total.Ties() && r.PostingsSum.IsZero()
}

// Receivables answers what each center owes and since when, §5.3.4.
//
// With a project in the filter the answer is restricted to the project's
// charges. Unapplied money belongs to no project, so it is 0.00 then and
// Closing is what is open.
func (m Views) Receivables(
	ctx context.Context, cut projections.Cut, filter projections.Filter, page projections.Page,
) (Receivables, error) {
	q, err := m.AskSorted(cut, page, projections.Sortable{"open", "overdue", "unapplied", "closing"}, "receivables",
		filter)
	if err != nil {
		return Receivables{}, err
	}
	defer q.Done()
	answer := Receivables{Answer: q.Answer}
	var last int64
	err = q.Rows(ctx, receivablesSQL, filter.Params().With("after_center",
		q.AfterKey(0, "")), func(rows driver.Rows) error {
		r, posted, key, err := scanReceivable(rows)
		switch {
		case err != nil:
			return err
		case r.Center == "":
			r.Name, r.Region = "", ""
			answer.Total, answer.PostingsSum = r, posted
		case len(answer.Centers) == q.Limit:
			answer.Next = q.NextSorted(last, string(answer.Centers[q.Limit-1].Center))
		default:
			answer.Centers, last = append(answer.Centers, r), key
		}
		return nil
	})
	return answer, err
}

func scanReceivable(rows driver.Rows) (r Receivable, posted money.Amount, sortKey int64, err error) {
	to := slices.Concat([]any{
		projections.TextTo(&r.Center), &r.Name, &r.Region, projections.AmountTo(&r.Charged),
		projections.AmountTo(&r.TransfersIn),
	}, r.to(), []any{
		projections.AmountTo(&r.OpenUnconfirmed), projections.AmountTo(&r.OpenConfirmed), projections.AmountTo(&r.Unapplied),
		projections.AmountTo(&posted),
	})
	for b := range r.Ageing {
		to = append(to, projections.AmountTo(&r.Ageing[b]))
	}
	err = rows.Scan(append(to, &sortKey)...)
	r.Closing = r.Open().Add(r.WrittenOff).Sub(r.Unapplied)
	return r, posted, sortKey, err
}

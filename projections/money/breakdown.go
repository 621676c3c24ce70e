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

//go:embed breakdown.sql
var breakdownSQL string

// BreakdownBy is what receivables are broken down by.
type BreakdownBy string

const (
	ByProject BreakdownBy = "project"
	ByKind    BreakdownBy = "kind" // of service
)

// BreakdownRow is what is owed of one part, in yuan.
type BreakdownRow struct {
	Part            string // project or kind of service; empty on the total
	Charges         int
	Charged         money.Amount
	OpenUnconfirmed money.Amount // 待对账
	OpenConfirmed   money.Amount // 已确认应收
	Reductions
	Ageing ageing.Ageing // of what is open, by due date
}

// Ties reports whether the charges, less what reduced them, are what is open on
// the ledger accounts, and whether the ageing of each charge adds up to that.
func (r BreakdownRow) Ties() bool {
	return r.Reductions.Open(r.Charged) == r.Open() && r.Ageing.Total() == r.Open()
}

// Open is what is owed of the part's charges.
func (r BreakdownRow) Open() money.Amount { return r.OpenUnconfirmed.Add(r.OpenConfirmed) }

// Breakdown is the answer of [Views.Breakdown].
type Breakdown struct {
	projections.Answer
	Rows  []BreakdownRow // by part
	Total BreakdownRow   // over all that match
	Next  string         // asks for the next page; empty on the last
}

// Breakdown answers what is owed by project or by kind of service.
func (m Views) Breakdown(
	ctx context.Context, cut projections.Cut, by BreakdownBy, filter projections.Filter, page projections.Page,
) (Breakdown, error) {
	if by != ByProject && by != ByKind {
		return Breakdown{}, domain.Invalid("by", string(by), "bad-breakdown", "must be project or kind", "")
	}
	q, err := m.AskSorted(cut, page, projections.Sortable{"charged", "open", "overdue"}, "breakdown", by, filter)
	if err != nil {
		return Breakdown{}, err
	}
	defer q.Done()
	answer := Breakdown{Answer: q.Answer}
	var last int64
	p := filter.Params().With("by", string(by)).With("after_part", q.AfterKey(0, ""))
	err = q.Rows(ctx, breakdownSQL, p, func(rows driver.Rows) error {
		var (
			r     BreakdownRow
			count uint64
			key   int64
		)
		to := slices.Concat([]any{&r.Part, &count, projections.AmountTo(&r.Charged)}, r.to(),
			[]any{projections.AmountTo(&r.OpenUnconfirmed), projections.AmountTo(&r.OpenConfirmed)})
		for b := range r.Ageing {
			to = append(to, projections.AmountTo(&r.Ageing[b]))
		}
		if err := rows.Scan(append(to, &key)...); err != nil {
			return err
		}
		r.Charges = int(count)
		switch {
		case r.Part == "":
			answer.Total = r
		case len(answer.Rows) == q.Limit:
			answer.Next = q.NextSorted(last, answer.Rows[q.Limit-1].Part)
		default:
			answer.Rows, last = append(answer.Rows, r), key
		}
		return nil
	})
	return answer, err
}

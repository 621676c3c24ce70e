package money

import (
	"context"
	_ "embed"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
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

// BreakdownRow is what is owed of one project or kind of service, in yuan.
type BreakdownRow struct {
	Part    string       `json:"part,omitempty" doc:"Project, or kind of service"`
	Charges int          `json:"charges" doc:"Number of them"`
	Charged money.Amount `json:"charged"`
	Reductions
	OpenUnconfirmed money.Amount `json:"openUnconfirmed"` // 待对账
	OpenConfirmed   money.Amount `json:"openConfirmed"`   // 已确认应收
	Open            money.Amount `json:"open" sql:"-"`
	Ageing          Ageing       `json:"ageing" sql:",inline"`
	Ties            bool         `json:"ties" sql:"-" doc:"charged − paid − credited − transferred − writtenOff = openUnconfirmed + openConfirmed; ageing = open"`
}

// Derive implements [projections.Derived].
func (r *BreakdownRow) Derive(calendar.Date) {
	r.Open = r.OpenUnconfirmed.Add(r.OpenConfirmed)
	r.Ties = r.leave(r.Charged) == r.Open && r.Ageing.Buckets().Total() == r.Open
}

// Breakdown is the answer of [Views.Breakdown].
type Breakdown struct {
	projections.List[BreakdownRow]              // by part
	Total                          BreakdownRow // over all that match
}

// Breakdown answers what is owed by project or by kind of service.
func (m Views) Breakdown(
	ctx context.Context, cut projections.Cut, by BreakdownBy, filter projections.Filter, page projections.Page,
) (answer Breakdown, err error) {
	if by != ByProject && by != ByKind {
		return answer, domain.Invalid("by", string(by), "bad-breakdown", "must be project or kind", "")
	}
	q, err := m.AskSorted(cut, page, projections.Sortable{"charged", "open", "overdue"}, "breakdown", by, filter)
	if err != nil {
		return answer, err
	}
	defer q.Done()
	p := filter.Params().With("by", string(by)).With("after_part", q.AfterKey(0, ""))
	answer.List, err = projections.ListBeside(ctx, q, breakdownSQL, p, func(r *BreakdownRow) []string {
		return []string{r.Part}
	}, func(r *BreakdownRow, _ *struct{}) bool {
		if r.Part == "" {
			answer.Total = *r
		}
		return r.Part != ""
	})
	return answer, err
}

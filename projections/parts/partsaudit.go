package parts

import (
	"cmp"
	"context"
	"slices"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/match"
)

// FindingTotal sums the rows of one finding up.
type FindingTotal struct {
	Finding         match.Verdict    `json:"finding"`
	Rows            uint64           `json:"rows"`
	InQuestion      *decimal.Decimal `json:"inQuestion,omitempty" doc:"Units, where all rows are of one part: metres and pieces are not added up"`
	ValueInQuestion money.Amount     `json:"valueInQuestion" doc:"Of the rows whose value is known"`
	Unvalued        int              `json:"unvalued" doc:"Rows whose value nobody knows"`
}

// PartsAuditFilter narrows the audit down. Empty fields do not narrow.
type PartsAuditFilter struct {
	projections.Filter               // Project and Region are those of either side
	From               calendar.Date // on or after, by PartsAuditLine.On
	To                 calendar.Date // on or before, by PartsAuditLine.On
	Findings           []match.Verdict
	Part               domain.PartCode
}

// PartsAudit is the answer of [Views.PartsAudit].
type PartsAudit struct {
	projections.List[match.PartsAuditLine]                // by project, date and key
	Totals                                 []FindingTotal // over all rows that match; on the first page only
}

// PartsAudit compares the issues from stock with the fault records F1, §5.1.3:
// the part of the match that [Views.AuditFindings] answers findings of, with
// what agrees.
func (m Views) PartsAudit(
	ctx context.Context, cut projections.Cut, filter PartsAuditFilter, page projections.Page,
) (PartsAudit, error) {
	q, err := m.Ask(cut, page, "parts audit", filter)
	if err != nil {
		return PartsAudit{}, err
	}
	defer q.Done()
	answer := PartsAudit{List: projections.List[match.PartsAuditLine]{Answer: q.Answer}, Totals: []FindingTotal{}}
	sites, err := q.Sites(ctx)
	if err != nil {
		return answer, err
	}
	scope := sites.Narrow(filter.Filter)
	facts, err := auditFactsOf(ctx, q, scope)
	if err != nil {
		return answer, err
	}
	found := match.Audit(facts, q.AsOf, q.M.Opts.Rules)
	rows := []match.PartsAuditLine{}
	for _, r := range found.Rows {
		r.Region, r.Center, r.AgeDays = sites.Region(r.Project), sites.Center(r.Project, r.On), int(q.AsOf-r.On)
		if filter.shows(r, scope) {
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, func(a, b match.PartsAuditLine) int {
		return cmp.Or(cmp.Compare(a.Project, b.Project), cmp.Compare(a.On, b.On), cmp.Compare(a.Key, b.Key))
	})
	if page.After == "" {
		answer.Totals = findingTotals(rows)
	}
	rows = rows[1+slices.IndexFunc(rows, func(r match.PartsAuditLine) bool { return r.Key == q.AfterKey(0, "") }):]
	if len(rows) > q.Limit {
		rows = rows[:q.Limit]
		answer.Next = q.Next(rows[q.Limit-1].Key)
	}
	returns := found.Returns()
	for i := range rows {
		rows[i].Return = returns[rows[i].Line]
	}
	answer.Rows = rows
	return answer, nil
}

func (f PartsAuditFilter) shows(r match.PartsAuditLine, scope projections.ProjectSelection) bool {
	return (scope.Has(r.Project) || r.LineProject != "" && scope.Has(r.LineProject)) &&
		(f.Center == "" || f.Center == r.Center) &&
		(f.Part == "" || f.Part == r.Part || f.Part == r.LinePart) &&
		(len(f.Findings) == 0 || slices.Contains(f.Findings, r.Finding)) &&
		(f.From == 0 || r.On >= f.From) && (f.To == 0 || r.On <= f.To)
}

func findingTotals(rows []match.PartsAuditLine) []FindingTotal {
	return totalsBy(rows, match.Verdicts(),
		func(r match.PartsAuditLine) (match.Verdict, partTotal) {
			return r.Finding, inQuestion(r.Part, r.InQuestion, r.ValueInQuestion)
		},
		func(v match.Verdict, t partTotal) FindingTotal {
			return FindingTotal{
				Finding: v, Rows: uint64(t.rows), InQuestion: t.ofOnePart(), ValueInQuestion: t.value, Unvalued: t.unvalued,
			}
		})
}

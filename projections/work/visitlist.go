package work

import (
	"context"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/visit"
	"aftersales-ledger/projections"
)

// VisitFilter narrows the periods of routine visits down.
type VisitFilter struct {
	projections.Filter               // Center is the period's
	From, To           calendar.Date // periods that touch these dates; zero: the month that is asked for
	ShortfallOnly      bool
}

// VisitPeriod is a period of one project's quota, or the part of it in which one
// quota held; see [visit.Tally].
type VisitPeriod struct {
	Project   domain.ProjectID `json:"project"`
	Name      string           `json:"name"`
	Region    string           `json:"region"`
	Center    domain.CenterID  `json:"center"` // on the last day of the period
	First     calendar.Date    `json:"first"`
	Last      calendar.Date    `json:"last"`
	Quota     string           `json:"quota" doc:"Such as 2/week"`
	Clause    string           `json:"clause"`
	Whole     bool             `json:"whole" doc:"The quota held on every day of the period; else each part owes its share by days, rounded down"`
	Due       int              `json:"due"`
	Made      int              `json:"made"`
	Dates     []calendar.Date  `json:"dates" doc:"Of the visits made"`
	Shortfall *int             `json:"shortfall" doc:"Visits owed and not made; null until the period is over"`
	Running   bool             `json:"running" doc:"The period is not over"`
}

// VisitTotals sums the periods that match up, not only a page's.
type VisitTotals struct {
	Periods   int `json:"periods"`
	Due       int `json:"due"`
	Made      int `json:"made"`
	Shortfall int `json:"shortfall"`
	Running   int `json:"running"`
}

// VisitList is the answer of [Views.Visits], by project and first day.
type VisitList struct {
	projections.List[VisitPeriod]
	Totals VisitTotals
}

const visitsMadeSQL = `
SELECT project, on_date
FROM visits
WHERE on_date <= {as_of:Date}
  AND on_date BETWEEN {from_date:Date} AND {to_date:Date}
  AND ({project:String} = '' OR project = {project:String})
GROUP BY project, on_date
HAVING argMax(step, position) = 'MADE'
ORDER BY project, on_date`

// Visits answers the routine visits made against those owed, period by period
// (§5.4).
func (m Views) Visits(
	ctx context.Context, cut projections.Cut, filter VisitFilter, page projections.Page,
) (VisitList, error) {
	q, err := m.Ask(cut, page, "visits", filter)
	if err != nil {
		return VisitList{}, err
	}
	defer q.Done()
	answer := VisitList{List: projections.List[VisitPeriod]{Answer: q.Answer, Rows: []VisitPeriod{}}}
	if filter.From.IsZero() {
		filter.From = q.AsOf.Month().First()
	}
	if filter.To.IsZero() || filter.To.After(q.AsOf) {
		filter.To = q.AsOf
	}
	if limit := filter.From.AddMonths(maxVisitMonths); filter.To.After(limit) {
		return answer, domain.Invalid("to", filter.To.String(), "range-too-long", "must lie within three years of %s", "",
			filter.From)
	}
	tables, err := serviceTables(ctx, q)
	if err != nil {
		return answer, err
	}
	ofProjects := filter.Filter
	ofProjects.Center = "" // a period is of the center that answered then
	all, err := served(ctx, q, ofProjects)
	if err != nil {
		return answer, err
	}
	made, err := visitsMade(ctx, q, filter.Project, filter.From.AddDays(-longestPeriod), filter.To.AddDays(longestPeriod))
	if err != nil {
		return answer, err
	}
	// A day counts as over once it has ended by the moment of knowledge.
	over := q.AsOf
	if calendar.DateOf(q.KnownAt) <= over {
		over = calendar.DateOf(q.KnownAt).AddDays(-1)
	}
	afterProject, afterFirst := domain.ProjectID(q.AfterKey(0, "")), q.AfterKey(1, "")
	for _, p := range all {
		spans := visit.Tally(filter.From, filter.To, over, func(d calendar.Date) visit.Owed { return p.owedOn(d, tables) },
			made[p.project])
		for _, s := range spans {
			center := p.centerOn(s.Last)
			if filter.ShortfallOnly && s.Shortfall == 0 || filter.Center != "" && center != filter.Center ||
				!q.InScope().Has(access.Place{Region: p.region, City: p.city, Project: p.project, Center: center}) {
				continue
			}
			t := &answer.Totals
			t.Periods, t.Due, t.Made, t.Shortfall = t.Periods+1, t.Due+s.Due, t.Made+len(s.Made), t.Shortfall+s.Shortfall
			if s.Running {
				t.Running++
			}
			if p.project < afterProject || p.project == afterProject && s.First.String() <= afterFirst ||
				len(answer.Rows) > q.Limit {
				continue
			}
			answer.Rows = append(answer.Rows, visitPeriod(p, center, s))
		}
	}
	if len(answer.Rows) > q.Limit {
		answer.Rows = answer.Rows[:q.Limit]
		end := answer.Rows[q.Limit-1]
		answer.Next = q.Next(string(end.Project), end.First.String())
	}
	return answer, nil
}

const (
	maxVisitMonths = 36
	longestPeriod  = 31 // days
)

// visitsMade are the dates of the visits that were made and not taken back: all of a
// project's, so that a period in which it moved to another center counts for whoever sees
// the period.
func visitsMade(
	ctx context.Context, q *projections.Question, of domain.ProjectID, from, to calendar.Date,
) (map[domain.ProjectID][]calendar.Date, error) {
	type row struct {
		Project domain.ProjectID `sql:"project"`
		On      calendar.Date    `sql:"on_date"`
	}
	made := make(map[domain.ProjectID][]calendar.Date)
	err := projections.Each(ctx, q.BeyondScope(), visitsMadeSQL, projections.Params{
		"project": string(of), "from_date": projections.IsoDate(from), "to_date": projections.IsoDate(to),
	}, func(r *row) error {
		made[r.Project] = append(made[r.Project], r.On)
		return nil
	})
	return made, err
}

func visitPeriod(p *servedProject, center domain.CenterID, s visit.Span) VisitPeriod {
	row := VisitPeriod{
		Project: p.project, Name: p.name, Region: p.region, Center: center, First: s.First, Last: s.Last,
		Quota: s.Quota.String(), Clause: s.Clause, Whole: s.Whole, Due: s.Due, Made: len(s.Made),
		Dates: append([]calendar.Date{}, s.Made...), Running: s.Running,
	}
	if !s.Running {
		row.Shortfall = &s.Shortfall
	}
	return row
}

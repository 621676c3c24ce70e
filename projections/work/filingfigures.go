package work

import (
	"context"
	_ "embed"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/projections"
)

var (
	//go:embed filingfigures.sql
	filingFiguresSQL string
	//go:embed filingfigures_parts.sql
	filingPartsSQL string
)

// FilingFigures counts what the F4 of a project states about some days, both
// included (§5.1.4).
func (m Views) FilingFigures(
	ctx context.Context, cut projections.Cut, project domain.ProjectID, from, through calendar.Date,
) (f filing.Figures, answer projections.Answer, err error) {
	q, err := m.Ask(cut, projections.Page{}, "filing-figures", project, from, through)
	if err != nil {
		return f, answer, err
	}
	defer q.Done()
	f.From, f.Through, f.PartsUsed = from, through, []filing.PartUsed{}
	p := projections.Params{
		"project": string(project), "from": projections.IsoDate(from), "through": projections.IsoDate(through),
	}
	if err := q.Rows(ctx, filingFiguresSQL, p, func(rows driver.Rows) error {
		n := make([]uint32, 12)
		err := rows.Scan(&n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6], &n[7], &n[8], &n[9],
			projections.AmountTo(&f.Charged), &n[10], &n[11])
		for i, figure := range []*int{
			&f.TicketsReceived, &f.TicketsClosed, &f.TicketsOpen, &f.ResponseMet, &f.ResponseBreached, &f.ResponseRunning,
			&f.DevicesOut, &f.DevicesBack, &f.DevicesAway, &f.Charges, &f.Escalated, &f.EscalationsOpen,
		} {
			*figure = int(n[i])
		}
		return err
	}); err != nil {
		return f, q.Answer, err
	}
	err = q.Rows(ctx, filingPartsSQL, p, func(rows driver.Rows) error {
		var (
			used  filing.PartUsed
			lines uint32
		)
		err := rows.Scan(projections.TextTo(&used.Part), &lines, &used.Quantity)
		f.FaultLines += int(lines)
		if used.Part != "" {
			f.PartsUsed = append(f.PartsUsed, used)
		}
		return err
	})
	if err != nil {
		return f, q.Answer, err
	}
	return f, q.Answer, m.countVisits(ctx, q, project, &f)
}

// countVisits counts the routine visits of the days, and what was owed by the
// quotas of the periods that ended in them.
func (m Views) countVisits(
	ctx context.Context, q *projections.Question, project domain.ProjectID, f *filing.Figures,
) error {
	if err := q.Rows(ctx, visitsMadeSQL, projections.Params{
		"project": string(project), "from_date": projections.IsoDate(f.From), "to_date": projections.IsoDate(f.Through),
	}, func(rows driver.Rows) error {
		f.VisitsMade++
		return nil
	}); err != nil {
		return err
	}
	list, err := m.Visits(ctx, projections.Cut{Scope: q.InScope(), AsOf: q.AsOf, KnownAt: q.KnownAt},
		VisitFilter{Filter: projections.Filter{Project: project}, From: f.From, To: f.Through},
		projections.Page{Limit: projections.MaxLimit})
	for _, p := range list.Rows {
		if !p.Running && !p.Last.After(f.Through) && !p.Last.Before(f.From) {
			f.VisitsOwed, f.VisitsShort = f.VisitsOwed+p.Due, f.VisitsShort+p.Shortfall
		}
	}
	return err
}

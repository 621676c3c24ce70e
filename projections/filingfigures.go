package projections

import (
	"context"
	_ "embed"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/filing"
)

var (
	//go:embed filingfigures.sql
	filingFiguresSQL string
	//go:embed filingfigures_parts.sql
	filingPartsSQL string
)

// FilingFigures counts what the F4 of a project states about some days, both
// included (§5.1.4).
func (m *ReadModels) FilingFigures(ctx context.Context, cut Cut, project domain.ProjectID, from, through calendar.Date) (f filing.Figures, answer Answer, err error) {
	q, err := m.ask(cut, Page{}, "filing-figures", project, from, through)
	if err != nil {
		return f, answer, err
	}
	defer q.done()
	f.From, f.Through, f.PartsUsed = from, through, []filing.PartUsed{}
	p := params{"project": string(project), "from": isoDate(from), "through": isoDate(through)}
	if err := q.rows(ctx, filingFiguresSQL, p, func(rows driver.Rows) error {
		n := make([]uint32, 12)
		err := rows.Scan(&n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6], &n[7], &n[8], &n[9], amountTo{&f.Charged}, &n[10], &n[11])
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
	err = q.rows(ctx, filingPartsSQL, p, func(rows driver.Rows) error {
		var (
			used  filing.PartUsed
			lines uint32
		)
		err := rows.Scan(textTo(&used.Part), &lines, &used.Quantity)
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
func (m *ReadModels) countVisits(ctx context.Context, q *question, project domain.ProjectID, f *filing.Figures) error {
	if err := q.rows(ctx, visitsMadeSQL, params{"project": string(project), "from_date": isoDate(f.From), "to_date": isoDate(f.Through)}, func(rows driver.Rows) error {
		f.VisitsMade++
		return nil
	}); err != nil {
		return err
	}
	list, err := m.Visits(ctx, Cut{AsOf: q.AsOf, KnownAt: q.KnownAt}, VisitFilter{Filter: Filter{Project: project}, From: f.From, To: f.Through}, Page{Limit: MaxLimit})
	for _, p := range list.Rows {
		if !p.Running && !p.Last.After(f.Through) && !p.Last.Before(f.From) {
			f.VisitsOwed, f.VisitsShort = f.VisitsOwed+p.Due, f.VisitsShort+p.Shortfall
		}
	}
	return err
}

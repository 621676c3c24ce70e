package work

import (
	"context"
	_ "embed"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/makers"
	"aftersales-ledger/projections/match"
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
	p := projections.Params{
		"project": string(project), "from": projections.IsoDate(from), "through": projections.IsoDate(through),
	}
	type figures struct {
		filing.Figures `sql:",partly"`
	}
	if err := projections.Each(ctx, q, filingFiguresSQL, p, func(r *figures) error {
		f = r.Figures
		return nil
	}); err != nil {
		return f, q.Answer, err
	}
	f.From, f.Through, f.PartsUsed = from, through, []filing.PartUsed{}
	type used struct {
		filing.PartUsed
		Lines int `sql:"lines"`
	}
	err = projections.Each(ctx, q, filingPartsSQL, p, func(r *used) error {
		f.FaultLines += r.Lines
		if r.Part != "" {
			f.PartsUsed = append(f.PartsUsed, r.PartUsed)
		}
		return nil
	})
	if err != nil {
		return f, q.Answer, err
	}
	if err := m.countUnits(ctx, q, project, &f); err != nil {
		return f, q.Answer, err
	}
	return f, q.Answer, m.countVisits(ctx, q, project, &f)
}

// countUnits counts the units that the project's depot sent to their makers while no
// process sheet follows them, beside the devices of sheets: each unit once. Of those
// devices it takes the ones that are back by count, of which their sheets say nothing.
func (m Views) countUnits(
	ctx context.Context, q *projections.Question, project domain.ProjectID, f *filing.Figures,
) error {
	sites, err := q.Sites(ctx)
	if err != nil {
		return err
	}
	scope := sites.Narrow(projections.Filter{Project: project})
	facts, err := makers.Facts(ctx, q)
	if err != nil {
		return err
	}
	away := func(on calendar.Date) (n int) {
		for _, u := range match.SentWithoutSheet(facts, on, q.M.Opts.Rules.RepairWithinDays) {
			if !scope.Has(u.Project) {
				continue
			}
			if n += u.Away; on == f.Through && !u.ShippedOn.Before(f.From) {
				f.DevicesOut += u.Sent
				f.DevicesBack += u.Sent
			}
		}
		for _, s := range match.CountedSheets(facts, on) {
			if s.Project == project && scope.Has(project) {
				n--
			}
		}
		return n
	}
	before, after := away(f.From-1), away(f.Through)
	f.DevicesBack += before - after
	f.DevicesAway += after
	return nil
}

// countVisits counts the routine visits of the days, and what was owed by the
// quotas of the periods that ended in them.
func (m Views) countVisits(
	ctx context.Context, q *projections.Question, project domain.ProjectID, f *filing.Figures,
) error {
	made, err := visitsMade(ctx, q, project, f.From, f.Through)
	if err != nil {
		return err
	}
	f.VisitsMade = len(made[project])
	list, err := m.Visits(ctx, projections.Cut{Scope: q.InScope(), AsOf: q.AsOf, KnownAt: q.KnownAt},
		VisitFilter{Filter: projections.Filter{Project: project}, From: f.From, To: f.Through},
		projections.Page{Limit: projections.MaxLimit})
	for _, p := range list.Rows {
		if !p.Running && !p.Last.After(f.Through) && !p.Last.Before(f.From) {
			f.VisitsOwed, f.VisitsShort = f.VisitsOwed+p.Due, f.VisitsShort+*p.Shortfall
		}
	}
	return err
}

// Package gather asks the log and the read models for what only both together know: what a form is filled from, and
// where the forms of a region stand. It answers whoever calls it, a server or not, and decides nothing.
package gather

import (
	"context"

	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
	filingsviews "aftersales-ledger/projections/filings"
	workviews "aftersales-ledger/projections/work"
)

// Work gathers what a form is filled from, from figures that show everything
// recorded by now, within a scope; l is the ledger within it.
func Work(
	ctx context.Context, l *ledger.Ledger, m *projections.ReadModels, scope access.Scope, c filing.File,
) (work ledger.Work, err error) {
	if c.Form == filing.ChargeList {
		return work, nil // the accounts know
	}
	head, err := l.Head(ctx)
	if err != nil {
		return work, err
	}
	if err := m.Follow(ctx, uint64(head)); err != nil {
		return work, err
	}
	if c.Form == filing.FaultRecord {
		lines, answer, err := filingsviews.Of(m).UnfiledFaults(ctx, scope, c.Project)
		return ledger.Work{Faults: lines, Through: answer.Position}, err
	}
	from, through, err := l.ReportPeriod(ctx, c.Project, c.Month)
	if err != nil {
		return work, err
	}
	figures, answer, err := workviews.Of(m).FilingFigures(ctx, projections.Cut{Scope: scope}, c.Project, from, through)
	return ledger.Work{Figures: &figures, Through: answer.Position}, err
}

// Filings is where a form of every project of a region stands.
func Filings(
	ctx context.Context, m *projections.ReadModels, rules policy.Policy, cut projections.Cut, region string,
	month calendar.Month, form filing.Form,
) (rows []filingsviews.FilingRow, err error) {
	filter := filingsviews.FilingFilter{
		Filter: projections.Filter{Region: region}, Month: month, DueOn: rules.Filing.DueOn(month), Form: form,
	}
	err = projections.EveryPage(func(page projections.Page) (string, error) {
		list, err := filingsviews.Of(m).Filings(ctx, cut, filter, page)
		rows = append(rows, list.Rows...)
		return list.Next, err
	})
	return rows, err
}

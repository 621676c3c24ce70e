package kit

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/supplier"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
	workviews "aftersales-ledger/projections/work"
	"context"
	"math"

	filingsviews "aftersales-ledger/projections/filings"
)

// DecisionBody approves or rejects what another submitted.
type DecisionBody struct {
	Approve bool   `json:"approve"`
	Note    string `json:"note,omitempty" doc:"Required for a rejection"`
}

// FilingPath names a form of a project and month.
type FilingPath struct {
	Project string `path:"project"`
	Month   string `path:"month" example:"2026-09"`
	Form    string `path:"form" enum:"F1,F3,F4"`
}

func (in FilingPath) Parse() (id domain.ProjectID, m calendar.Month, form filing.Form, err error) {
	var p Parser
	m = p.Month("month", in.Month)
	return domain.ProjectID(in.Project), m, filing.Form(in.Form), p.Err
}

func (in FilingPath) Name() string { return in.Project + "-" + in.Month + "-" + in.Form }

// WorkOf gathers what a form is filled from, from figures that show everything
// recorded by now.
func (s *Service) WorkOf(ctx context.Context, c filing.File) (work ledger.Work, err error) {
	if c.Form == filing.ChargeList {
		return work, nil // the accounts know
	}
	head, err := s.Ledger(ctx).Head(ctx)
	if err != nil {
		return work, err
	}
	var p Parser
	if _, err := s.Cut(ctx, &p, CutParams{After: uint64(head)}); err != nil {
		return work, err
	}
	if c.Form == filing.FaultRecord {
		lines, answer, err := filingsviews.Of(s.Deps.ReadModels).UnfiledFaults(ctx, ScopeOf(ctx), c.Project)
		return ledger.Work{Faults: lines, Through: answer.Position}, err
	}
	from, through, err := s.Ledger(ctx).ReportPeriod(ctx, c.Project, c.Month)
	if err != nil {
		return work, err
	}
	figures, answer, err := workviews.Of(s.Deps.ReadModels).FilingFigures(ctx, projections.Cut{Scope: ScopeOf(ctx)},
		c.Project, from, through)
	return ledger.Work{Figures: &figures, Through: answer.Position}, err
}

// NoticesStatus says how the sender of notices is.
type NoticesStatus struct {
	State    string `json:"state" doc:"starting, live or waiting"`
	Reason   string `json:"reason,omitempty" doc:"Why it waits"`
	Channel  string `json:"channel" enum:"SMTP,OUTBOX"`
	Position uint64 `json:"position" doc:"Log position up to which events were taken in"`
	Waiting  int    `json:"waiting" doc:"Notices to be tried, or tried again"`
	Held     int    `json:"held" doc:"Events whose notices wait for an address"`
	GivenUp  uint64 `json:"givenUp" doc:"Since the process began"`
}

// Dated is when a paper speaks: its own date, and the log position up to which
// it was known what holds on that. What changes later changes no paper.
type Dated struct {
	On    calendar.Date
	Known eventstore.Position
}

// Now is when a draft speaks.
func (s *Service) Now() Dated { return Dated{s.Today(), math.MaxUint64} }

func (s *Service) FilingsOf(
	ctx context.Context, region string, month calendar.Month, form filing.Form, after uint64,
) (rows []filingsviews.FilingRow, err error) {
	var p Parser
	cut, err := s.Cut(ctx, &p, CutParams{After: after})
	if err != nil {
		return nil, err
	}
	return s.FilingsKnown(ctx, cut, region, month, form)
}

// FilingsKnown is where a form of every project of a region stands.
func (s *Service) FilingsKnown(
	ctx context.Context, cut projections.Cut, region string, month calendar.Month, form filing.Form,
) (rows []filingsviews.FilingRow, err error) {
	filter := filingsviews.FilingFilter{
		Filter: projections.Filter{Region: region}, Month: month, DueOn: s.Deps.Ledger.Rules().Filing.DueOn(month),
		Form: form,
	}
	for page := (projections.Page{Limit: projections.MaxLimit}); ; {
		list, err := filingsviews.Of(s.Deps.ReadModels).Filings(ctx, cut, filter, page)
		if err != nil {
			return nil, err
		}
		if rows = append(rows, list.Rows...); list.Next == "" {
			return rows, nil
		}
		page.After = list.Next
	}
}

// QuarterPath names the statement of a center for a quarter.
type QuarterPath struct {
	Center  string `path:"center"`
	Quarter string `path:"quarter" example:"2026Q2"`
}

// SuppliersAt are the suppliers as they were known when a paper speaks.
func SuppliersAt(steps []ledger.Step, at Dated) *supplier.Suppliers {
	var known supplier.Suppliers
	for _, step := range steps {
		if step.Position <= at.Known {
			known.Evolve(step.Event.(supplier.Event))
		}
	}
	return &known
}

// LogPath leads to the event at a position.
func LogPath(position uint64) string { return projections.EventPath(position).String() }

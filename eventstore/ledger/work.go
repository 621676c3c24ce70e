package ledger

import (
	"context"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/servicetable"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/domain/visit"
	"aftersales-ledger/eventstore"
)

// This file carries out what concerns the service of a project: the table that
// says what is owed, the agreements with its center, the course of its tickets
// and its routine visits.

// ServiceTable returns the service table in force on a date, and from when it
// is; a zero date: it is the procedure's own.
func (l *Ledger) ServiceTable(
	ctx context.Context, on calendar.Date,
) (table policy.Table, from calendar.Date, err error) {
	err = inspect(ctx, l, servicetable.Stream, func(t *servicetable.Tables) error {
		table, from = t.On(on, l.rules.Service)
		return nil
	})
	return table, from, err
}

// AdoptServiceTable puts the table of a department's file in force, from the
// given date or from today, unless it is in force, or about to be, already. A
// table that another one has replaced needs a new version to come back.
func (l *Ledger) AdoptServiceTable(
	ctx context.Context, r Request, text policy.TableText, from calendar.Date,
) (eventstore.Outcome, error) {
	known := false
	if err := inspect(ctx, l, servicetable.Stream, func(t *servicetable.Tables) error {
		since, published := t.Has(text)
		known = published
		current, replacedOn := t.On(l.today(), l.rules.Service)
		if published && !since.After(l.today()) && current.Version != text.Version {
			return domain.Conflict("version", text.Version, "service-table-replaced",
				"was replaced by %s on %s; give it another version to put it in force again", "5.4", current.Version, replacedOn)
		}
		return nil
	}); err != nil || known {
		return eventstore.Outcome{}, err
	}
	if from.IsZero() {
		from = l.today()
	}
	return Do(ctx, l, r, servicetable.Publish{Table: text, EffectiveFrom: from},
		Dateless((*servicetable.Tables).Publish))
}

// inputs are what the service table is asked for a project at a moment.
func inputs(terms project.Terms, at time.Time) policy.Inputs {
	return policy.Inputs{
		At: at.In(calendar.Shanghai), WarrantyEndsOn: terms.WarrantyEndsOn, OccupancyOn: terms.OccupancyOn,
		Presence: terms.Presence, Overrides: terms.Overrides,
	}
}

// cover finds what a need notified at an instant is granted.
func (l *Ledger) cover(
	ctx context.Context, terms project.Terms, at time.Time, category policy.Category,
) (policy.Coverage, error) {
	table, _, err := l.ServiceTable(ctx, calendar.DateOf(at))
	if err != nil {
		return policy.Coverage{}, err
	}
	in := inputs(terms, at)
	in.Category = category
	return table.Cover(in)
}

// Service is what the service table and the contract grant a project.
type Service struct {
	policy.Ruling
	Center       domain.CenterID
	HandoverFrom calendar.Date // when the handover before the warranty's end begins (§5.4.1.1)
}

// ServiceOf answers what a project is granted at a moment, for a need of a
// category and a fault of a cause where they are given, and why.
func (l *Ledger) ServiceOf(
	ctx context.Context, id domain.ProjectID, at time.Time, category policy.Category, cause policy.Cause,
) (Service, error) {
	if at.IsZero() {
		at = l.now()
	}
	terms, err := l.termsOn(ctx, id, calendar.DateOf(at))
	if err != nil {
		return Service{}, err
	}
	if err := l.mayEnter("project", placeOn(terms, id)); err != nil {
		return Service{}, err
	}
	table, _, err := l.ServiceTable(ctx, calendar.DateOf(at))
	if err != nil {
		return Service{}, err
	}
	in := inputs(terms, at)
	in.Category, in.Cause = category, cause
	ruling, err := table.Evaluate(in)
	return Service{ruling, terms.Center, table.HandoverFrom(terms.WarrantyEndsOn)}, err
}

// PlanHandover plans the handover to the center before the warranty ends
// (§5.4.1.1).
func (l *Ledger) PlanHandover(ctx context.Context, r Request, c project.PlanHandover) (eventstore.Outcome, error) {
	c.By = r.Actor.Name
	terms, err := l.termsOn(ctx, c.Project, l.today())
	if err != nil {
		return eventstore.Outcome{}, err
	}
	table, _, err := l.ServiceTable(ctx, l.today())
	if err != nil {
		return eventstore.Outcome{}, err
	}
	c.From = table.HandoverFrom(terms.WarrantyEndsOn)
	return execute(ctx, l, r, project.Stream(c.Project), c,
		func(p *project.Project) ([]project.Event, error) { return p.PlanHandover(c, l.today()) })
}

// MakeVisit enters a routine visit (§5.4).
func (l *Ledger) MakeVisit(ctx context.Context, r Request, c visit.Make) (eventstore.Outcome, error) {
	if err := c.On.CheckPast("on", l.today()); err != nil {
		return eventstore.Outcome{}, err
	}
	terms, err := l.termsOn(ctx, c.Project, c.On)
	if err != nil {
		return eventstore.Outcome{}, err
	}
	if c.By = r.Actor.Name; c.Technician == "" {
		c.Technician = c.By
	}
	said := c // whose center it is is looked up, so that a repeat is the same command
	c.Center = terms.Center
	return execute(ctx, l, r, visit.Stream(c.Project,
		c.On.Month()), said, func(v *visit.Visits) ([]visit.Event, error) {
		return v.Make(c, l.today())
	})
}

// AnswerFaultLine is the request to answer what the tech group lead asks about a line
// of F1.
type AnswerFaultLine struct {
	Ticket domain.TicketID    `json:"ticket,omitzero"`
	Line   domain.FaultLineID `json:"line,omitzero"`
	Answer string             `json:"answer,omitzero"`
	Paper  attachment.Digest  `json:"paper,omitzero"` // may be absent
}

// AnswerFaultLine answers what the tech group lead asks about a line of F1 (§5.1.3).
func (l *Ledger) AnswerFaultLine(ctx context.Context, r Request, c AnswerFaultLine) (eventstore.Outcome, error) {
	paper, err := l.optional(ctx, r, "paper", c.Paper)
	if err != nil {
		return eventstore.Outcome{}, err
	}
	a := ticket.AnswerQuery{Ticket: c.Ticket, Line: c.Line, Answer: c.Answer, Paper: paper, By: r.Actor.Name}
	return l.onTicket(ctx, r, c.Ticket, c,
		func(t *ticket.Ticket) ([]ticket.Event, error) { return t.AnswerFaultLine(a, l.today()) })
}

package ledger

import (
	"context"
	"time"

	"aftersales-ledger/domain"
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

// PublishServiceTable puts a department's own service table in force from a
// date on (§5.4).
func (l *Ledger) PublishServiceTable(
	ctx context.Context, r Request, c servicetable.Publish,
) (eventstore.Outcome, error) {
	c.By = r.Actor.Name
	return eventstore.Execute(ctx, l.exec, servicetable.Stream, r.command(c),
		func(t *servicetable.Tables) ([]servicetable.Event, error) {
			return t.Publish(c)
		})
}

// ServiceTable returns the service table in force on a date, and from when it
// is; a zero date: it is the procedure's own.
func (l *Ledger) ServiceTable(
	ctx context.Context, on calendar.Date,
) (table policy.Table, from calendar.Date, err error) {
	err = eventstore.Inspect(ctx, l.exec, servicetable.Stream, func(t *servicetable.Tables) error {
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
	if err := eventstore.Inspect(ctx, l.exec, servicetable.Stream, func(t *servicetable.Tables) error {
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
	return l.PublishServiceTable(ctx, r, servicetable.Publish{Table: text, EffectiveFrom: from})
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
	ctx context.Context, actor domain.Actor, id domain.ProjectID, at time.Time, category policy.Category,
	cause policy.Cause,
) (Service, error) {
	if at.IsZero() {
		at = l.now()
	}
	terms, err := l.termsOn(ctx, id, calendar.DateOf(at))
	if err != nil {
		return Service{}, err
	}
	if err := onlyOwnCenter(actor, terms.Center, "5.4"); err != nil {
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

// onProject executes a decision on a project. A center's people act for the
// projects of their own center.
func (l *Ledger) onProject(
	ctx context.Context, r Request, id domain.ProjectID, clause string, c eventstore.Named,
	decide func(*project.Project) ([]project.Event, error),
) (eventstore.Outcome, error) {
	if err := domain.CheckID("project", id); err != nil {
		return eventstore.Outcome{}, err
	}
	if r.Actor.Role.OfCenter() {
		terms, err := l.termsOn(ctx, id, l.today())
		if err != nil {
			return eventstore.Outcome{}, err
		}
		if err := onlyOwnCenter(r.Actor, terms.Center, clause); err != nil {
			return eventstore.Outcome{}, err
		}
	}
	return eventstore.Execute(ctx, l.exec, project.Stream(id), r.command(c), decide)
}

// PublishRoster adds a version of the names and phones on call (§5.1.1).
func (l *Ledger) PublishRoster(ctx context.Context, r Request, c project.PublishRoster) (eventstore.Outcome, error) {
	c.By = r.Actor.Name
	return l.onProject(ctx, r, c.Project, "5.1.1", c,
		func(p *project.Project) ([]project.Event, error) { return p.PublishRoster(c) })
}

// HandOverForm records that a center was given F0 (§5.1.2).
func (l *Ledger) HandOverForm(ctx context.Context, r Request, c project.HandOverForm) (eventstore.Outcome, error) {
	c.By = r.Actor.Name
	return l.onProject(ctx, r, c.Project, "5.1.2", c,
		func(p *project.Project) ([]project.Event, error) { return p.HandOverForm(c, l.today()) })
}

// OverrideTerms enters a term of a project's contract in place of the service
// table (§5.4).
func (l *Ledger) OverrideTerms(ctx context.Context, r Request, c project.OverrideTerms) (eventstore.Outcome, error) {
	c.By = r.Actor.Name
	return l.onProject(ctx, r, c.Project, "5.4", c,
		func(p *project.Project) ([]project.Event, error) { return p.OverrideTerms(c) })
}

// AmendWarranty agrees a project's warranty anew from a date on (§5.4).
func (l *Ledger) AmendWarranty(ctx context.Context, r Request, c project.AmendWarranty) (eventstore.Outcome, error) {
	c.By = r.Actor.Name
	return l.onProject(ctx, r, c.Project, "5.4", c,
		func(p *project.Project) ([]project.Event, error) { return p.AmendWarranty(c) })
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
	return l.onProject(ctx, r, c.Project, "5.4.1.1", c,
		func(p *project.Project) ([]project.Event, error) { return p.PlanHandover(c, l.today()) })
}

// FinishHandoverItem records the evidence of an item of the handover.
func (l *Ledger) FinishHandoverItem(
	ctx context.Context, r Request, c project.FinishHandoverItem,
) (eventstore.Outcome, error) {
	c.By = r.Actor.Name
	return l.onProject(ctx, r, c.Project, "5.4.1.1", c,
		func(p *project.Project) ([]project.Event, error) { return p.FinishHandoverItem(c, l.today()) })
}

// AdviseSpareParts records what a center was advised to stock (§5.4.2.1).
func (l *Ledger) AdviseSpareParts(
	ctx context.Context, r Request, c project.AdviseSpareParts,
) (eventstore.Outcome, error) {
	c.By = r.Actor.Name
	return l.onProject(ctx, r, c.Project, "5.4.2.1", c,
		func(p *project.Project) ([]project.Event, error) { return p.AdviseSpareParts(c, l.today()) })
}

// onOwnTicket executes a decision on a ticket; a center's people act for the
// tickets of their own center.
func (l *Ledger) onOwnTicket(
	ctx context.Context, r Request, id domain.TicketID, clause string, c eventstore.Named,
	decide func(*ticket.Ticket) ([]ticket.Event, error),
) (eventstore.Outcome, error) {
	if err := domain.CheckID("ticket", id); err != nil {
		return eventstore.Outcome{}, err
	}
	return l.onTicket(ctx, r, id, c, func(t *ticket.Ticket) ([]ticket.Event, error) {
		if center, err := t.Center(id); err != nil {
			return nil, err
		} else if err := onlyOwnCenter(r.Actor, center, clause); err != nil {
			return nil, err
		}
		return decide(t)
	})
}

// AcceptTicket records that a team has taken a ticket up (§5.1.2).
func (l *Ledger) AcceptTicket(ctx context.Context, r Request, c ticket.Accept) (eventstore.Outcome, error) {
	if c.By = r.Actor.Name; c.Technician == "" {
		c.Technician = c.By
	}
	return l.onOwnTicket(ctx, r, c.Ticket, "5.1.2", c,
		func(t *ticket.Ticket) ([]ticket.Event, error) { return t.Accept(c, l.now()) })
}

// ArriveOnSite records a technician's arrival, which stops the clock (§5.4).
func (l *Ledger) ArriveOnSite(ctx context.Context, r Request, c ticket.Arrive) (eventstore.Outcome, error) {
	if c.By = r.Actor.Name; c.Technician == "" {
		c.Technician = c.By
	}
	return l.onOwnTicket(ctx, r, c.Ticket, "5.4", c,
		func(t *ticket.Ticket) ([]ticket.Event, error) { return t.Arrive(c, l.now()) })
}

// WithdrawArrival takes an arrival back that was entered by mistake (§5.4).
func (l *Ledger) WithdrawArrival(ctx context.Context, r Request, c ticket.WithdrawArrival) (eventstore.Outcome, error) {
	c.By, c.Role = r.Actor.Name, r.Actor.Role
	return l.onOwnTicket(ctx, r, c.Ticket, "5.4", c,
		func(t *ticket.Ticket) ([]ticket.Event, error) { return t.WithdrawArrival(c, l.now()) })
}

// ResolveTicket records how a need was met (§5.1.3).
func (l *Ledger) ResolveTicket(ctx context.Context, r Request, c ticket.Resolve) (eventstore.Outcome, error) {
	c.By = r.Actor.Name
	return l.onOwnTicket(ctx, r, c.Ticket, "5.1.3", c,
		func(t *ticket.Ticket) ([]ticket.Event, error) { return t.Resolve(c, l.now()) })
}

// CloseTicket ends a ticket (§5.1.3).
func (l *Ledger) CloseTicket(ctx context.Context, r Request, c ticket.Close) (eventstore.Outcome, error) {
	c.By = r.Actor.Name
	return l.onOwnTicket(ctx, r, c.Ticket, "5.1.3", c,
		func(t *ticket.Ticket) ([]ticket.Event, error) { return t.Close(c, l.now()) })
}

// ReopenTicket takes a ticket's resolution back (§5.1.3).
func (l *Ledger) ReopenTicket(ctx context.Context, r Request, c ticket.Reopen) (eventstore.Outcome, error) {
	c.By = r.Actor.Name
	return l.onOwnTicket(ctx, r, c.Ticket, "5.1.3", c,
		func(t *ticket.Ticket) ([]ticket.Event, error) { return t.Reopen(c, l.now()) })
}

// OverrideCoverage puts another value in place of one frozen on a ticket
// (§5.4).
func (l *Ledger) OverrideCoverage(
	ctx context.Context, r Request, c ticket.OverrideCoverage,
) (eventstore.Outcome, error) {
	c.By, c.Role = r.Actor.Name, r.Actor.Role
	return l.onOwnTicket(ctx, r, c.Ticket, "5.4", c,
		func(t *ticket.Ticket) ([]ticket.Event, error) { return t.OverrideCoverage(c, l.now()) })
}

// Escalate puts a matter before supervisor and manager (§5.1.2).
func (l *Ledger) Escalate(ctx context.Context, r Request, c ticket.Escalate) (eventstore.Outcome, error) {
	c.By = r.Actor.Name
	return l.onOwnTicket(ctx, r, c.Ticket, "5.1.2", c,
		func(t *ticket.Ticket) ([]ticket.Event, error) { return t.Escalate(c, l.now()) })
}

// GiveOpinion records the opinion of one who was asked (§5.1.2).
func (l *Ledger) GiveOpinion(ctx context.Context, r Request, c ticket.GiveOpinion) (eventstore.Outcome, error) {
	c.By, c.Role = r.Actor.Name, r.Actor.Role
	return l.onOwnTicket(ctx, r, c.Ticket, "5.1.2", c,
		func(t *ticket.Ticket) ([]ticket.Event, error) { return t.GiveOpinion(c, l.now()) })
}

// FollowUpEscalation notes a step towards closure (§5.1.2).
func (l *Ledger) FollowUpEscalation(ctx context.Context, r Request, c ticket.FollowUp) (eventstore.Outcome, error) {
	c.By = r.Actor.Name
	return l.onOwnTicket(ctx, r, c.Ticket, "5.1.2", c,
		func(t *ticket.Ticket) ([]ticket.Event, error) { return t.FollowUp(c, l.now()) })
}

// CloseEscalation ends an escalation (§5.1.2).
func (l *Ledger) CloseEscalation(ctx context.Context, r Request, c ticket.CloseEscalation) (eventstore.Outcome, error) {
	c.By = r.Actor.Name
	return l.onOwnTicket(ctx, r, c.Ticket, "5.1.2", c,
		func(t *ticket.Ticket) ([]ticket.Event, error) { return t.CloseEscalation(c, l.now()) })
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
	return eventstore.Execute(ctx, l.exec, visit.Stream(c.Project,
		c.On.Month()), r.command(said), func(v *visit.Visits) ([]visit.Event, error) {
		return v.Make(c, l.today())
	})
}

// WithdrawVisit takes a visit back that was entered by mistake.
func (l *Ledger) WithdrawVisit(ctx context.Context, r Request, c visit.Withdraw) (eventstore.Outcome, error) {
	if err := l.projectExists(ctx, c.Project); err != nil {
		return eventstore.Outcome{}, err
	}
	c.By = r.Actor.Name
	return eventstore.Execute(ctx, l.exec, visit.Stream(c.Project,
		c.On.Month()), r.command(c), func(v *visit.Visits) ([]visit.Event, error) {
		return v.Withdraw(c)
	})
}

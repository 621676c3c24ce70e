package sample

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/domain/visit"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// This file plays the monthly forms F1, F3 and F4: filed on the 25th, sometimes
// late, now and then never; reviewed, returned and sent. What they report is
// counted from what was recorded, by an account of the player's own.

// tally is what was recorded of one project's work.
type tally struct {
	tickets     map[domain.TicketID]*span
	lines       []ticket.FaultRecorded
	charges     []account.ChargeAccrued
	devices     map[domain.ReturnID]*journey
	units       []*journey // that its depot sent in a batch and no process sheet follows
	visits      map[calendar.Date]bool
	escalations map[domain.EscalationID]*span
}

// span is when what happened to a ticket, or to an escalation.
type span struct {
	began, notified, arrived time.Time
	arrivals                 ticket.Arrivals
	respondBy                *time.Time
	endings                  []ending // in the order in which they were recorded
}

// ending is a closing, or a reopening that takes it back.
type ending struct {
	on     calendar.Date
	closed bool
}

func (s *span) end(at time.Time, closed bool) {
	s.endings = append(s.endings, ending{calendar.DateOf(at), closed})
}

// closedOn is when it was closed, if it is closed at the end of a day.
func (s *span) closedOn(through calendar.Date) (on calendar.Date) {
	for _, e := range s.endings {
		switch {
		case e.on.After(through):
		case e.closed:
			on = e.on
		default:
			on = 0
		}
	}
	return on
}

type journey struct{ shipped, back calendar.Date }

// tallies keep every project's, and whose a ticket or process sheet is.
type tallies struct {
	of      map[domain.ProjectID]*tally
	tickets map[domain.TicketID]*tally
	returns map[domain.ReturnID]*tally
	sent    map[string]*journey // by serial: units in batches of depots that no process sheet follows
}

func newTallies() *tallies {
	return &tallies{make(map[domain.ProjectID]*tally), make(map[domain.TicketID]*tally), make(map[domain.ReturnID]*tally),
		make(map[string]*journey)}
}

func (x *tallies) project(id domain.ProjectID) *tally {
	t := x.of[id]
	if t == nil {
		t = &tally{
			tickets: make(map[domain.TicketID]*span), devices: make(map[domain.ReturnID]*journey),
			visits:      make(map[calendar.Date]bool),
			escalations: make(map[domain.EscalationID]*span),
		}
		x.of[id] = t
	}
	return t
}

// see takes an event into the tallies that it concerns.
func (x *tallies) see(e domain.Event) {
	switch e := e.(type) {
	case ticket.TicketRegistered:
		t := x.project(e.Project)
		x.tickets[e.Ticket], t.tickets[e.Ticket] = t, &span{began: e.RegisteredAt}
	case ticket.TeamNotified:
		c := x.tickets[e.Ticket].tickets[e.Ticket]
		c.notified, c.respondBy = e.NotifiedAt, e.Coverage.RespondBy
	case ticket.CoverageOverridden:
		x.tickets[e.Ticket].tickets[e.Ticket].respondBy = e.Coverage.RespondBy
	case ticket.ArrivedOnSite:
		c := x.tickets[e.Ticket].tickets[e.Ticket]
		c.arrivals = c.arrivals.With(e)
		c.arrived = c.arrivals.First().ArrivedAt
	case ticket.ArrivalWithdrawn:
		c := x.tickets[e.Ticket].tickets[e.Ticket]
		c.arrivals = c.arrivals.Without(e)
		c.arrived = c.arrivals.First().ArrivedAt
	case ticket.TicketClosed:
		x.tickets[e.Ticket].tickets[e.Ticket].end(e.ClosedAt, true)
	case ticket.TicketReopened:
		x.tickets[e.Ticket].tickets[e.Ticket].end(e.ReopenedAt, false)
	case ticket.FaultRecorded:
		t := x.project(e.Project)
		t.lines = append(t.lines, e)
	case ticket.TicketEscalated:
		x.project(e.Project).escalations[e.Escalation] = &span{began: e.EscalatedAt}
	case ticket.EscalationClosed:
		x.tickets[e.Ticket].escalations[e.Escalation].end(e.ClosedAt, true)
	case account.ChargeAccrued:
		t := x.project(e.Project)
		t.charges = append(t.charges, e)
	case repair.ReturnOpened:
		t := x.project(e.Project)
		x.returns[e.Return], t.devices[e.Return] = t, &journey{}
	case repair.DeviceShipped:
		x.returns[e.Return].devices[e.Return].shipped = e.ShippedOn
	case repair.DeviceReturned:
		x.returns[e.Return].devices[e.Return].back = e.On
	case depot.FaultyUnitsShipped:
		t := x.project(e.Project)
		for _, u := range e.Units {
			if u.Return == "" {
				x.sent[u.Serial] = &journey{shipped: e.ShippedOn}
				t.units = append(t.units, x.sent[u.Serial])
			}
		}
	case depot.PartReceived:
		for _, serial := range e.BackAs() {
			if j := x.sent[serial]; j != nil && j.back.IsZero() {
				j.back = e.ReceivedOn
			}
		}
	case visit.RoutineVisitMade:
		x.project(e.Project).visits[e.On] = true
	case visit.RoutineVisitWithdrawn:
		delete(x.project(e.Project).visits, e.On)
	}
}

// figures counts what an F4 states about some days.
func (t *tally) figures(from, through, today calendar.Date, owed func(calendar.Date) visit.Owed) filing.Figures {
	f := filing.Figures{From: from, Through: through, PartsUsed: []filing.PartUsed{}}
	within := func(d calendar.Date) bool { return !d.IsZero() && !d.Before(from) && !d.After(through) }
	by := func(at time.Time) bool { return !at.IsZero() && !calendar.DateOf(at).After(through) }
	day := func(at time.Time) (d calendar.Date) {
		if !at.IsZero() {
			d = calendar.DateOf(at)
		}
		return d
	}
	count := func(n *int, is bool) {
		if is {
			*n++
		}
	}
	for _, c := range t.tickets {
		count(&f.TicketsReceived, within(day(c.began)))
		count(&f.TicketsClosed, within(c.closedOn(through)))
		count(&f.TicketsOpen, by(c.began) && c.closedOn(through).IsZero())
		if c.respondBy == nil {
			continue
		}
		met := !c.arrived.IsZero() && !c.arrived.After(*c.respondBy)
		count(&f.ResponseMet, within(day(*c.respondBy)) && met)
		count(&f.ResponseBreached, within(day(*c.respondBy)) && !met)
		count(&f.ResponseRunning, !by(*c.respondBy) && by(c.notified) && !by(c.arrived))
	}
	for _, l := range t.lines {
		if !within(l.RecordedOn) {
			continue
		}
		f.FaultLines++
		if r := l.Replacement; r != nil {
			f = f.Add(filing.Figures{
				From: from, Through: through, PartsUsed: []filing.PartUsed{{Part: r.Part, Quantity: r.Quantity}},
			})
		}
	}
	for _, d := range slices.AppendSeq(slices.Clone(t.units), maps.Values(t.devices)) {
		count(&f.DevicesOut, within(d.shipped))
		count(&f.DevicesBack, within(d.back))
		count(&f.DevicesAway, !d.shipped.IsZero() && !d.shipped.After(through) && (d.back.IsZero() || d.back.After(through)))
	}
	for _, c := range t.charges {
		if within(c.OccurredOn) {
			f.Charges, f.Charged = f.Charges+1, f.Charged.Add(c.Money.Gross)
		}
	}
	for _, e := range t.escalations {
		count(&f.Escalated, within(day(e.began)))
		count(&f.EscalationsOpen, by(e.began) && e.closedOn(through).IsZero())
	}
	var made []calendar.Date
	for d := range t.visits {
		made = append(made, d)
		count(&f.VisitsMade, within(d))
	}
	for _, s := range visit.Tally(from, through, today.AddDays(-1), owed, made) {
		if !s.Running && within(s.Last) {
			f.VisitsOwed, f.VisitsShort = f.VisitsOwed+s.Due, f.VisitsShort+s.Shortfall
		}
	}
	return f
}

// paperwork is aside with luck of its own.
func (p *player) paperwork(t time.Time, do func() error) {
	p.at(t, func() error {
		p.rng, p.papers = p.papers, p.rng
		defer func() { p.rng, p.papers = p.papers, p.rng }()
		return do()
	})
}

func newPapers(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0xf1_f3_f4)) }

// planFilings puts a month's forms of a center's projects on the agenda.
func (p *player) planFilings(c *center, m time.Month) {
	month := calendar.NewDate(p.opts.Year, m, 1).Month()
	p.paperwork(p.on(m, 25, 9), func() error {
		for _, s := range c.sites {
			at := p.on(m, 25, p.between(13, 20)).Add(time.Duration(p.between(1, 3000)) * time.Second)
			switch n := p.between(1, 100); {
			case n <= 2: // forgotten for good, until the lines turn up on the next
				continue
			case n <= 8:
				at = at.AddDate(0, 0, p.between(1, 5))
			}
			p.paperwork(at, func() error { return p.file(s, month, filing.FaultRecord) })
			p.paperwork(at.Add(10*time.Minute), func() error { return p.file(s, month, filing.ChargeList) })
			p.paperwork(at.Add(20*time.Minute), func() error { return p.fileReport(s, month, "") })
		}
		return nil
	})
}

// filingOf is the request of a form.
func (p *player) filingOf(a domain.Actor, s *site, m calendar.Month, form filing.Form) ledger.Request {
	return p.request(a, fmt.Sprintf("%s %s %s", form, s.id, m))
}

// file files F1 or F3, or that there is nothing to report.
func (p *player) file(s *site, m calendar.Month, form filing.Form) error {
	work := ledger.Work{Through: uint64(p.sum.Total)}
	for _, l := range p.seen.project(s.id).lines {
		work.Faults = append(work.Faults, filing.FaultLine{Line: l.Line, Ticket: l.Ticket, RecordedOn: l.RecordedOn})
	}
	c := filing.File{Project: s.id, Month: m, Form: form}
	out, err := p.ledger.FileReport(p.ctx, p.filingOf(s.technician, s, m, form), c, work)
	if isRefusal(err, "nothing-to-report") {
		p.sum.Refusals["nothing-to-report"]++
		c.Nil = true
		out, err = p.ledger.FileReport(p.ctx, p.filingOf(s.technician, s, m, form), c, work)
	}
	if err := p.does(s.center, out, err); err != nil {
		return err
	}
	p.paperwork(p.office(p.now(), p.between(1, 3)), func() error {
		out, err := ledger.Do(p.ctx, p.ledger, p.filingOf(s.center.admin, s, m, form),
			filing.Review{Project: s.id, Month: m, Form: form, Approve: true}, (*filing.Filing).Review)
		if err := p.done(out, err); err != nil {
			return err
		}
		out, err = ledger.Do(p.ctx, p.ledger, p.filingOf(s.center.admin, s, m, form),
			filing.Send{Project: s.id, Month: m, Form: form}, (*filing.Filing).Send)
		return p.done(out, err)
	})
	return nil
}

// fileReport files F4 and sends it on its way.
func (p *player) fileReport(s *site, m calendar.Month, remark string) error {
	from, through, err := p.ledger.ReportPeriod(p.ctx, s.id, m)
	if err != nil {
		return err
	}
	figures := p.seen.project(s.id).figures(from, through, p.today(), func(d calendar.Date) visit.Owed {
		service, err := p.ledger.ServiceOf(p.ctx, s.id, d.Start(), "", "")
		if err != nil { // before its service
			return visit.Owed{}
		}
		return visit.Owed{Quota: service.Visits, Clause: service.Clause}
	})
	c := filing.File{Project: s.id, Month: m, Form: filing.MonthlyReport, Remark: remark}
	if err := p.done(p.ledger.FileReport(p.ctx, p.filingOf(s.technician, s, m, c.Form), c,
		ledger.Work{Figures: &figures, Through: uint64(p.sum.Total)})); err != nil {
		return err
	}
	p.passOn(s, m, 0, remark == "" && p.chance(6))
	return nil
}

// passOn lets the next of the reviewers look at an F4; one of them may find
// fault with it.
func (p *player) passOn(s *site, m calendar.Month, step int, faulty bool) {
	region := cmp.Or(slices.Index([]string{"admin.1", "admin.2", "admin.3"}, s.center.admin.Name), 0) + 1
	people := []domain.Actor{
		s.center.lead, s.center.admin, {Name: fmt.Sprintf("regional.%d", region), Role: domain.RegionalSupervisor},
		{Name: "assistant", Role: domain.AssistantManager},
	}
	p.paperwork(p.office(p.now(), p.between(0, 1)), func() error {
		review := filing.Review{Project: s.id, Month: m, Form: filing.MonthlyReport, Approve: true}
		if step == len(people) {
			return p.done(ledger.Do(p.ctx, p.ledger, p.filingOf(s.center.admin, s, m, review.Form),
				filing.Send{Project: s.id, Month: m, Form: review.Form}, (*filing.Filing).Send))
		}
		if step == 0 && p.chance(2) { // the technician stands in for the city lead
			out, err := ledger.Do(p.ctx, p.ledger,
				p.filingOf(domain.Actor{Name: s.technician.Name, Role: domain.CityLead}, s, m, review.Form), review,
				(*filing.Filing).Review)
			p.count(eventstore.Outcome{Events: out.Events})
			if err := p.refused("own-submission", err); err != nil {
				return err
			}
		}
		if faulty && (step == 1 || p.chance(50)) {
			review.Approve, review.Note = false, "漏写重大故障的处理情况"
			if err := p.done(ledger.Do(p.ctx, p.ledger, p.filingOf(people[step], s, m, review.Form), review,
				(*filing.Filing).Review)); err != nil {
				return err
			}
			p.paperwork(p.office(p.now(), 1), func() error { return p.fileReport(s, m, "补充重大故障的处理情况") })
			return nil
		}
		if err := p.done(ledger.Do(p.ctx, p.ledger, p.filingOf(people[step], s, m, review.Form), review,
			(*filing.Filing).Review)); err != nil {
			return err
		}
		p.passOn(s, m, step+1, faulty)
		return nil
	})
}

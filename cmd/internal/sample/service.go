package sample

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/servicetable"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/domain/visit"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// This file plays the service around the tickets: who is on call, F0, contract
// terms, the handover before a warranty ends, routine visits, and the course
// of each ticket from its acceptance to its closing. None of it changes who
// bears a cost, so that the money of the year is the same with it and without.

// afield has what it does draw from a source of its own.
func (p *player) afield(t time.Time, do func() error) {
	p.at(t, func() error { return p.field(do) })
}

func (p *player) field(do func() error) error {
	was := p.rng
	p.rng = p.service
	defer func() { p.rng = was }()
	return do()
}

func newService(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x5e_71_1c_e5)) }

// deskAt is an instant in office hours of a day.
func (p *player) deskAt(d calendar.Date) time.Time {
	return d.Start().Add(8*time.Hour + time.Duration(p.between(0, 9*60))*time.Minute)
}

// planTable has the department put a table of its own in force from July: two
// visits a month, wherever in it, where another team in the city serves.
func (p *player) planTable() {
	p.at(p.on(time.June, 16, 9), func() error {
		text := policy.DefaultTable().Text()
		text.Version = fmt.Sprintf("%d-07", p.opts.Year)
		for i, r := range text.Rows {
			if r.Visits == "1/half-month" {
				text.Rows[i].Visits = "2/month"
			}
		}
		return p.done(ledger.Do(p.ctx, p.ledger, p.request(manager, "service table"), servicetable.Publish{
			Table: text, EffectiveFrom: calendar.NewDate(p.opts.Year, time.July, 1),
		}, ledger.Dateless((*servicetable.Tables).Publish)))
	})
}

// planService puts the year of a project's service on the agenda.
func (p *player) planService(s *site) error {
	return p.field(func() error {
		about, lead := string(s.id), s.center.lead
		start := calendar.DateOf(p.now())
		p.afield(p.deskAt(start.AddDays(1)), func() error { return p.publishRoster(s, p.today()) })
		p.afield(p.deskAt(start.AddDays(2)), func() error {
			if s.warranty.CompletionHandoverOn.After(p.today()) {
				return nil
			}
			return p.done(ledger.Do(p.ctx, p.ledger, p.request(lead, about),
				project.HandOverForm{Project: s.id, On: p.today(), ReceivedBy: s.center.registrar.Name},
				(*project.Project).HandOverForm))
		})
		if p.chance(40) { // somebody leaves the team
			p.afield(p.on(time.Month(p.between(3, 11)), p.between(1, 25), 10),
				func() error { return p.publishRoster(s, p.today().AddDays(p.between(0, 10))) })
		}
		if p.chance(15) {
			p.afield(p.on(time.Month(p.between(2, 9)), p.between(1, 25), 11), func() error { return p.agreeTerms(s) })
		}
		p.planHandover(s)
		for monday := start.AddDays((11 - int(start)%7) % 7); monday < calendar.DateOf(p.end); monday = monday.AddDays(7) {
			p.afield(monday.Start().Add(7*time.Hour), func() error { return p.planWeek(s, monday) })
		}
		return nil
	})
}

// publishRoster names who works in the project and answers for its city, and a second
// technician.
func (p *player) publishRoster(s *site, from calendar.Date) error {
	entry := func(r domain.Role) project.Contact { // a name is drawn for everybody, so that the year stays what it was
		return project.Contact{
			Role: r, Name: p.person(), Phone: fmt.Sprintf("1%d%08d", p.between(30, 89), p.rng.IntN(100_000_000)),
		}
	}
	c := project.PublishRoster{
		Project: s.id, From: from,
		Entries: []project.Contact{entry(domain.Technician), entry(domain.Technician), entry(domain.CityLead)},
	}
	c.Entries[0].Name, c.Entries[2].Name = p.nameOf(s.technician), p.nameOf(s.center.lead)
	return p.done(ledger.Do(p.ctx, p.ledger, p.request(s.center.lead, string(s.id)), c,
		ledger.Dateless((*project.Project).PublishRoster)))
}

// agreeTerms enters what a contract says of the routine visits.
func (p *player) agreeTerms(s *site) error {
	return p.done(ledger.Do(p.ctx, p.ledger, p.request(supervisor, string(s.id)), project.OverrideTerms{
		Project: s.id, Override: domain.OverrideID("HT-" + string(s.id)), InWarranty: true, Presence: s.presence,
		Cell: policy.Visits, Value: "3/week",
		From: p.today().AddDays(10), Until: p.today().AddMonths(4), Contract: fmt.Sprintf("合同第8.%d条", p.between(1, 6)),
		Reason: "补充协议",
	}, ledger.Dateless((*project.Project).OverrideTerms)))
}

// warrantyEnds is the last day of a project's warranty.
func (s *site) warrantyEnds() calendar.Date {
	start := map[project.WarrantyStart]calendar.Date{
		project.FromCompletionHandover: s.warranty.CompletionHandoverOn, project.FromAcceptance: s.warranty.AcceptanceOn,
		project.FromOccupancy: s.warranty.OccupancyOn,
	}[s.warranty.StartsFrom]
	return start.AddMonths(s.warranty.Months).AddDays(-1)
}

// planHandover puts what a center must have before the warranty ends on the
// agenda, and the advice on parts after it.
func (p *player) planHandover(s *site) {
	ends, today := s.warrantyEnds(), calendar.DateOf(p.now())
	if ends.Before(today.AddDays(60)) {
		return
	}
	begins := max(policy.DefaultTable().HandoverFrom(ends), today)
	p.afield(p.deskAt(begins.AddDays(5)), func() error {
		due := make([]project.PlannedItem, 0, 4)
		for i, item := range project.HandoverItems() {
			due = append(due, project.PlannedItem{Item: item, DueOn: min(ends, p.today().AddDays(20*(i+1)))})
		}
		if err := p.done(p.ledger.PlanHandover(p.ctx, p.request(s.center.lead, string(s.id)),
			project.PlanHandover{Project: s.id, Due: due})); err != nil {
			return err
		}
		for _, d := range due {
			if p.chance(88) {
				p.afield(p.deskAt(d.DueOn.AddDays(p.between(-9, 12))), func() error { return p.proveHandover(s, d.Item) })
			}
		}
		return nil
	})
	p.afield(p.deskAt(ends.AddDays(p.between(3, 20))), func() error {
		var parts []project.AdvisedPart
		for _, d := range devices[:3] {
			parts = append(parts,
				project.AdvisedPart{
					Part: d.part, Name: d.name, Quantity: decimal.NewFromInt(int64(p.between(1, 4))), Remark: "易损件",
				})
		}
		return p.done(ledger.Do(p.ctx, p.ledger, p.request(s.technician, string(s.id)),
			project.AdviseSpareParts{Project: s.id, On: p.today(), Parts: parts}, (*project.Project).AdviseSpareParts))
	})
}

func (p *player) proveHandover(s *site, item project.HandoverItem) error {
	c := project.FinishHandoverItem{Project: s.id, Item: item, On: p.today(), Evidence: "应急预案"}
	switch item {
	case project.NamedPerson:
		c.Evidence, c.Person = "委派函", p.person()
	case project.Training:
		c.Evidence, c.Attended = "培训签到表", []string{p.person(), p.person()}
	case project.GradualHandover:
		c.Evidence = "移交清单"
	case project.EmergencyPlan:
	}
	return p.done(ledger.Do(p.ctx, p.ledger, p.request(s.center.head, string(s.id)), c,
		(*project.Project).FinishHandoverItem))
}

// planWeek makes the routine visits that are owed in the week of a Monday,
// most of the time.
func (p *player) planWeek(s *site, monday calendar.Date) error {
	r, err := policy.DefaultTable().Evaluate(policy.Inputs{
		At: monday.Start(), WarrantyEndsOn: s.warrantyEnds(), OccupancyOn: s.warranty.OccupancyOn, Presence: s.presence,
	})
	if err != nil {
		return err
	}
	owed := r.Visits.Count
	first, _ := r.Visits.Per.Around(monday)
	if r.Visits.Per != policy.Week && monday.AddDays(-7) >= first {
		owed = 0 // made in the first week of its half-month or month
	}
	for i := range owed {
		if !p.chance(90) {
			continue
		}
		on := monday.AddDays(1 + 2*i)
		p.afield(on.AddDays(p.between(0, 2)).Start().Add(18*time.Hour), func() error { return p.visitRound(s, on) })
	}
	return nil
}

func (p *player) visitRound(s *site, on calendar.Date) error {
	about := "visits " + string(s.id)
	c := visit.Make{Project: s.id, On: on, Remark: pick(p, []string{"巡检正常", "门口机除尘", "核对门禁时钟", "录像抽查正常"})}
	if p.chance(30) {
		c.Participants = []string{p.person()}
	}
	if err := p.done(p.ledger.MakeVisit(p.ctx, p.request(s.technician, about), c)); err != nil || !p.chance(1) {
		return err
	}
	return p.done(ledger.Do(p.ctx, p.ledger, p.request(s.technician, about),
		visit.Withdraw{Project: s.id, On: on, Reason: "误录，实为邻近项目"}, ledger.Dateless((*visit.Visits).Withdraw)))
}

// course is how far a ticket has come.
type course struct {
	lines     int // of the fault record, still to be written
	replaced  bool
	escalated bool // closed with its escalation
	solved    time.Time
}

// takeUp is the team's answer to a notification.
func (p *player) takeUp(j *job) error {
	return p.field(func() error {
		j.course = &course{}
		accepted := p.now().Add(time.Duration(p.between(2, 40)) * time.Minute)
		p.afield(accepted, func() error {
			return p.done(ledger.Do(p.ctx, p.ledger, p.request(j.s.technician, string(j.ticket)),
				ticket.Accept{Ticket: j.ticket, AcceptedAt: p.now()}, (*ticket.Ticket).Accept))
		})
		if j.coverage.RespondBy != nil && p.chance(8) {
			by := j.coverage.RespondBy.Add(12 * time.Hour)
			p.afield(accepted.Add(10*time.Minute), func() error {
				return p.done(ledger.Do(p.ctx, p.ledger, p.request(supervisor, string(j.ticket)), ticket.OverrideCoverage{
					Ticket: j.ticket, What: ticket.OfDeadline, Value: by.Format(time.RFC3339), Reason: "业主要求改期上门",
				}, (*ticket.Ticket).OverrideCoverage))
			})
		}
		if p.chance(2) {
			j.course.escalated = true
			p.afield(accepted.Add(time.Duration(p.between(1, 30))*time.Hour), func() error { return p.escalate(j) })
		}
		return nil
	})
}

// onSite records the technician's arrival, and counts the lines of F1 that
// are to come.
func (p *player) onSite(j *job, lines int) error {
	return p.field(func() error {
		j.course.lines += lines
		err := p.arrive(j)
		if err == nil && j.wish != "" {
			p.solve(j, ticket.WorkDone)
		}
		return err
	})
}

// written says that a line of F1 was written, or that it never will be; after
// the last of them the ticket can be resolved.
func (p *player) written(j *job, replaced bool) {
	_ = p.field(func() error {
		c := j.course
		c.lines--
		c.replaced = c.replaced || replaced
		switch {
		case c.lines > 0:
		case c.replaced:
			p.solve(j, ticket.Replaced)
		default:
			p.solve(j, ticket.OnSite)
		}
		return nil
	})
}

// solve records how the need was met, once there is time for papers.
func (p *player) solve(j *job, how ticket.Resolution) {
	p.afield(p.now().Add(time.Duration(p.between(10, 300))*time.Minute), func() error {
		j.course.solved = j.visit.Add(time.Duration(p.between(5, 90)) * time.Minute)
		if now := p.now(); j.course.solved.After(now) {
			j.course.solved = now
		}
		err := p.done(ledger.Do(p.ctx, p.ledger, p.request(j.s.technician, string(j.ticket)),
			ticket.Resolve{Ticket: j.ticket, ResolvedAt: j.course.solved, How: how}, (*ticket.Ticket).Resolve))
		if err == nil && !j.course.escalated {
			p.finish(j)
		}
		return err
	})
}

// finish has the center close a ticket, and reopen one in thirty.
func (p *player) finish(j *job) {
	p.afield(p.office(p.now(), p.between(1, 7)), func() error {
		if err := p.close(j); err != nil || !p.chance(3) {
			return err
		}
		p.afield(p.office(p.now(), p.between(2, 12)), func() error { return p.reopenTicket(j) })
		return nil
	})
}

func (p *player) close(j *job) error {
	return p.done(ledger.Do(p.ctx, p.ledger, p.request(j.s.center.registrar, string(j.ticket)),
		ticket.Close{Ticket: j.ticket, ClosedAt: p.now(), Note: "业主确认"}, (*ticket.Ticket).Close))
}

func (p *player) reopenTicket(j *job) error {
	about := string(j.ticket)
	if err := p.done(ledger.Do(p.ctx, p.ledger, p.request(j.s.center.registrar, about),
		ticket.Reopen{Ticket: j.ticket, ReopenedAt: p.now(), Reason: "业主反映故障复现"}, (*ticket.Ticket).Reopen)); err != nil {
		return err
	}
	p.afield(p.office(p.now(), p.between(0, 3)), func() error {
		if err := p.done(ledger.Do(p.ctx, p.ledger, p.request(j.s.technician, about),
			ticket.Arrive{Ticket: j.ticket, ArrivedAt: p.now()}, (*ticket.Ticket).Arrive)); err != nil {
			return err
		}
		if err := p.done(ledger.Do(p.ctx, p.ledger, p.request(j.s.technician, about),
			ticket.Resolve{Ticket: j.ticket, ResolvedAt: p.now(), How: ticket.OnSite, Note: "重新调试"},
			(*ticket.Ticket).Resolve)); err != nil {
			return err
		}
		p.afield(p.office(p.now(), p.between(1, 5)), func() error { return p.close(j) })
		return nil
	})
	return nil
}

// escalate puts a matter before supervisor and manager, who give their
// opinions within days; the supervisor sees it through. Now and then the
// supervisor escalated it and tries to give an opinion as well.
func (p *player) escalate(j *job) error {
	id, about, by := domain.EscalationID("ES-"+string(j.ticket)), string(j.ticket), j.s.center.lead
	own := p.chance(30)
	if own {
		by = supervisor
	}
	if err := p.done(ledger.Do(p.ctx, p.ledger, p.request(by, about), ticket.Escalate{
		Ticket: j.ticket, Escalation: id, Reason: ticket.LeftoverDefect, ComplaintRisk: true,
		Matter: pick(p, []string{"遗留缺陷，业主多次反映", "同楼栋反复故障"}), EscalatedAt: p.now(),
	}, (*ticket.Ticket).Escalate)); err != nil {
		return err
	}
	opinion := func(a domain.Actor, text string) (eventstore.Outcome, error) {
		return ledger.Do(p.ctx, p.ledger, p.request(a, about),
			ticket.GiveOpinion{Ticket: j.ticket, Escalation: id, Opinion: text, GivenAt: p.now()}, (*ticket.Ticket).GiveOpinion)
	}
	p.afield(p.office(p.now(), 1), func() error {
		a := supervisor
		if own {
			_, err := opinion(a, "同意处理")
			if err := p.refused("own-submission", err); err != nil {
				return err
			}
			p.sum.Events["OwnDecisionRefused"]++
			a.Name = "hq.deputy"
		}
		return p.done(opinion(a, "列入遗留问题"))
	})
	p.afield(p.office(p.now(), 3), func() error { return p.done(opinion(manager, "同意，尽快处理")) })
	p.afield(p.office(p.now(), 6), func() error {
		return p.done(ledger.Do(p.ctx, p.ledger, p.request(supervisor, about),
			ticket.FollowUp{Ticket: j.ticket, Escalation: id, Note: "已联系业主，配件在途", NotedAt: p.now()}, (*ticket.Ticket).FollowUp))
	})
	p.afield(p.office(p.now(), p.between(10, 40)), func() error {
		err := p.done(ledger.Do(p.ctx, p.ledger, p.request(supervisor, about),
			ticket.CloseEscalation{Ticket: j.ticket, Escalation: id, Outcome: "已处理，业主认可", ClosedAt: p.now()},
			(*ticket.Ticket).CloseEscalation))
		j.course.escalated = false
		if err == nil && !j.course.solved.IsZero() {
			p.finish(j)
		}
		return err
	})
	return nil
}

package projections_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/domain/visit"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/facts"
	"aftersales-ledger/projections/work"
)

// happening is an event on its way into the log.
type happening struct {
	recordedAt time.Time
	stream     string
	event      domain.Event
}

// service is a random life of tickets and visits: things happen, and are
// entered hours or days later, those of one ticket in their order.
type service struct {
	rnd      *rand.Rand
	happened []happening
}

func (s *service) happens(stream string, at time.Time, entered *time.Time, e domain.Event) {
	recorded := at.Add(time.Duration(s.rnd.IntN(50*60)) * time.Minute)
	if s.rnd.IntN(3) == 0 {
		recorded = at
	}
	if recorded.Before(*entered) {
		recorded = *entered
	}
	*entered = recorded
	s.happened = append(s.happened, happening{recorded, stream, e})
}

func (s *service) project(id domain.ProjectID, region string, center domain.CenterID) {
	var entered time.Time
	at := projections.Noon("2026-01-02")
	for _, e := range []domain.Event{
		project.ProjectRegistered{
			Project: id, Name: "花园", Region: region, City: "杭州", RegisteredOn: projections.Day("2026-01-02"),
		},
		project.CenterAssigned{Project: id, Center: center, From: projections.Day("2026-01-01")},
		project.TeamPresenceChanged{Project: id, Presence: policy.OnProject, From: projections.Day("2026-01-01")},
		project.WarrantyAgreed{
			Project: id, AcceptanceOn: projections.Day("2026-01-01"), StartsFrom: project.FromAcceptance, Months: 24,
			EndsOn: projections.Day("2027-12-31"),
		},
	} {
		s.happens(project.Stream(id), at, &entered, e)
	}
}

// ticket lives one ticket, up to any point of its course.
func (s *service) ticket(n int, p domain.ProjectID, center domain.CenterID) {
	id := domain.TicketID(fmt.Sprintf("T-%03d", n))
	at := projections.Day("2026-03-01").AddDays(s.rnd.IntN(60)).Start().Add(time.Duration(s.rnd.IntN(86400)) * time.Second)
	var entered time.Time
	left := 1 + s.rnd.IntN(14)
	step := func(e domain.Event) {
		if left--; left >= 0 {
			s.happens(ticket.Stream(id), at, &entered, e)
		}
	}
	later := func() {
		at = at.Add(time.Duration(s.rnd.IntN(30*3600)) * time.Second)
		if s.rnd.IntN(4) == 0 {
			at = at.Add(time.Duration(s.rnd.IntN(1000)) * time.Millisecond)
		}
	}
	step(ticket.TicketRegistered{Ticket: id, Project: p, Center: center, Need: "门打不开", RegisteredAt: at})
	later()
	coverage := policy.Coverage{
		NotifiedOn: calendar.DateOf(at), Presence: policy.ElsewhereCity, Category: policy.Emergency, Bearer: policy.Us,
		Clause: "5.4/2",
	}
	switch s.rnd.IntN(5) {
	case 0:
		coverage.Category = policy.Ordinary
	case 1:
		coverage.Advisory = true
	default:
		by := at.Add(24 * time.Hour)
		coverage.RespondBy = &by
	}
	step(ticket.TeamNotified{Ticket: id, NotifiedAt: at, Coverage: coverage})
	if s.rnd.IntN(4) == 0 {
		later()
		changed := coverage
		by := at.Add(time.Duration(s.rnd.IntN(40)) * time.Hour)
		changed.RespondBy, changed.Advisory = &by, false
		step(ticket.CoverageOverridden{
			Ticket: id, What: ticket.OfDeadline, Coverage: changed, Reason: "改期", OverriddenAt: at, By: "zhao",
		})
	}
	for round := 0; left > 0 && round < 3; round++ {
		later()
		step(ticket.TicketAccepted{Ticket: id, AcceptedAt: at, Technician: "li", By: "li"})
		if s.rnd.IntN(5) > 0 {
			later()
			if coverage.RespondBy != nil && s.rnd.IntN(4) == 0 && at.Before(*coverage.RespondBy) {
				at = coverage.RespondBy.Add(time.Duration(s.rnd.IntN(3)-1) * time.Second) // at the edge
			}
			step(ticket.ArrivedOnSite{Ticket: id, ArrivedAt: at, Technician: "li", By: "li"})
			if came := at; s.rnd.IntN(4) == 0 {
				later()
				step(ticket.ArrivalWithdrawn{
					Ticket: id, ArrivedAt: came, Technician: "li", EnteredBy: "li", Reason: "误录", By: "zhou",
				})
				if s.rnd.IntN(3) == 0 { // it was right after all
					step(ticket.ArrivedOnSite{Ticket: id, ArrivedAt: came, Technician: "li", By: "li"})
				}
			}
		}
		later()
		step(ticket.ResolutionRecorded{Ticket: id, ResolvedAt: at, How: ticket.OnSite, By: "li"})
		if s.rnd.IntN(3) > 0 {
			later()
			step(ticket.TicketClosed{Ticket: id, ClosedAt: at, By: "wu"})
		}
		later()
		step(ticket.TicketReopened{Ticket: id, ReopenedAt: at, Reason: "复现", By: "wu"})
	}
	if s.rnd.IntN(3) == 0 {
		s.escalation(id, p, center, at)
	}
}

func (s *service) escalation(id domain.TicketID, p domain.ProjectID, center domain.CenterID, at time.Time) {
	var entered time.Time
	events := []domain.Event{
		ticket.TicketEscalated{
			Ticket: id, Escalation: "ES-1", Project: p, Center: center, Reason: ticket.Important, Matter: "重要", EscalatedAt: at,
			By: "zhou",
		},
		ticket.EscalationOpinionGiven{
			Ticket: id, Escalation: "ES-1", Role: domain.HQAffairsSupervisor, Opinion: "同意", GivenAt: at.Add(20 * time.Hour),
			By: "zhao",
		},
		ticket.EscalationOpinionGiven{
			Ticket: id, Escalation: "ES-1", Role: domain.DepartmentManager, Opinion: "同意", GivenAt: at.Add(40 * time.Hour),
			By: "ma",
		},
		ticket.EscalationFollowUpNoted{
			Ticket: id, Escalation: "ES-1", Note: "跟进", NotedAt: at.Add(60 * time.Hour), By: "zhao",
		},
		ticket.EscalationClosed{Ticket: id, Escalation: "ES-1", Outcome: "完", ClosedAt: at.Add(80 * time.Hour), By: "zhao"},
	}
	for i, e := range events[:1+s.rnd.IntN(len(events))] {
		s.happens(ticket.Stream(id), at.Add(time.Duration(20*i)*time.Hour), &entered, e)
	}
}

// seen is what the oracle says of a ticket.
type seen struct {
	Ticket      domain.TicketID
	Status      string
	Clock       work.ResponseStatus
	Late        time.Duration
	Overrides   int
	Reopenings  int
	Escalations int // open
}

// ticketsOf folds the events one by one, as a person with pen and paper would.
func ticketsOf(events []facts.Recorded, asOf calendar.Date, moment time.Time) []seen {
	type life struct {
		seen
		by                       *time.Time
		advisory, told, accepted bool
		arrived, resolved        time.Time // first of each
	}
	lives := make(map[domain.TicketID]*life)
	of := func(id domain.TicketID) *life {
		if lives[id] == nil {
			lives[id] = &life{}
		}
		return lives[id]
	}
	first := func(to *time.Time, at time.Time) {
		if to.IsZero() || at.Before(*to) {
			*to = at
		}
	}
	counts := func(at time.Time) bool { return calendar.DateOf(at) <= asOf }
	takenBack := make(map[int]bool)
	for i, r := range events {
		w, ok := r.Event.(ticket.ArrivalWithdrawn)
		for n := i - 1; ok && n >= 0; n-- {
			if a, is := events[n].Event.(ticket.ArrivedOnSite); is && a.Ticket == w.Ticket && a.ArrivedAt.Equal(w.ArrivedAt) &&
				!takenBack[n] {
				takenBack[n], ok = true, false
			}
		}
	}
	for i, r := range events {
		if takenBack[i] {
			continue
		}
		switch e := r.Event.(type) {
		case ticket.TicketRegistered:
			if counts(e.RegisteredAt) {
				l := of(e.Ticket)
				l.Ticket, l.Status = e.Ticket, "REGISTERED"
			}
		case ticket.TeamNotified:
			if counts(e.NotifiedAt) {
				l := of(e.Ticket)
				l.told, l.by, l.advisory, l.Status = true, e.Coverage.RespondBy, e.Coverage.Advisory, "NOTIFIED"
			}
		case ticket.CoverageOverridden:
			if counts(e.OverriddenAt) {
				l := of(e.Ticket)
				l.by, l.advisory, l.Overrides = e.Coverage.RespondBy, e.Coverage.Advisory, l.Overrides+1
			}
		case ticket.TicketAccepted:
			if l := of(e.Ticket); counts(e.AcceptedAt) && !l.accepted {
				if l.accepted = true; l.Status == "NOTIFIED" {
					l.Status = "ACCEPTED"
				}
			}
		case ticket.ArrivedOnSite:
			if l := of(e.Ticket); counts(e.ArrivedAt) {
				if first(&l.arrived, e.ArrivedAt); l.Status == "NOTIFIED" || l.Status == "ACCEPTED" {
					l.Status = "ON_SITE"
				}
			}
		case ticket.ResolutionRecorded:
			if l := of(e.Ticket); counts(e.ResolvedAt) {
				first(&l.resolved, e.ResolvedAt)
				l.Status = "RESOLVED"
			}
		case ticket.TicketClosed:
			if counts(e.ClosedAt) {
				of(e.Ticket).Status = "CLOSED"
			}
		case ticket.TicketReopened:
			if l := of(e.Ticket); counts(e.ReopenedAt) {
				l.Status, l.Reopenings = "REOPENED", l.Reopenings+1
			}
		case ticket.TicketEscalated:
			if counts(e.EscalatedAt) {
				of(e.Ticket).Escalations++
			}
		case ticket.EscalationClosed:
			if counts(e.ClosedAt) {
				of(e.Ticket).Escalations--
			}
		}
	}
	var all []seen
	for _, l := range lives {
		if l.Ticket == "" {
			continue
		}
		stop := l.arrived
		if stop.IsZero() || !l.resolved.IsZero() && l.resolved.Unix() < stop.Unix() {
			stop = l.resolved
		}
		switch {
		case !l.told:
			l.Clock = work.ResponseNotNotified
		case l.advisory:
			l.Clock = work.ResponseAdvisory
		case l.by == nil:
			l.Clock = work.ResponseNone
		default:
			end, state := stop, work.ResponseMet
			if stop.IsZero() {
				end, state = moment, work.ResponseRunning
			}
			if late := end.Unix() - l.by.Unix(); late > 0 {
				state, l.Late = work.ResponseBreached, time.Duration(late)*time.Second
			}
			l.Clock = state
		}
		all = append(all, l.seen)
	}
	slices.SortFunc(all, func(a, b seen) int { return cmp.Compare(a.Ticket, b.Ticket) })
	return all
}

// The tickets' view says of every date, known at every moment, what a fold of
// the events says, page by page.
func TestTicketsAgainstAnOracle(t *testing.T) {
	for seed := range uint64(2) {
		s := &service{rnd: rand.New(rand.NewPCG(seed, 11))}
		s.project("P1", "华东", "C01")
		s.project("P2", "华南", "C02")
		for n := range 60 {
			if n%3 == 0 {
				s.ticket(n, "P2", "C02")
			} else {
				s.ticket(n, "P1", "C01")
			}
		}
		slices.SortStableFunc(s.happened, func(a, b happening) int { return a.recordedAt.Compare(b.recordedAt) })
		var log projections.Recorder
		for _, h := range s.happened {
			log.Record(h.stream, h.recordedAt, h.event)
		}
		now := projections.Noon("2026-08-01")
		m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(log.Events...),
			projections.WithClock(domaintest.NewClock(now)))
		projections.Projected(t, m, uint64(len(log.Events)))
		clocks := make(map[work.ResponseStatus]int)
		for n := range 5 {
			cut := projections.Cut{Scope: access.Whole(),
				AsOf:    projections.Day("2026-02-27").AddDays(s.rnd.IntN(80)),
				KnownAt: projections.Day("2026-03-01").Start().Add(time.Duration(s.rnd.IntN(80*86400)) * time.Second),
			}
			switch {
			case n == 0: // everything
				cut = projections.Cut{Scope: access.Whole(), AsOf: projections.Day("2026-06-30"), KnownAt: now}
			case s.rnd.IntN(3) == 0:
				cut.KnownAt = now
			}
			moment := cut.KnownAt
			if end := cut.AsOf.End(); end.Before(moment) {
				moment = end
			}
			want := ticketsOf(newOracle(log.Events, cut.AsOf, cut.KnownAt).events, cut.AsOf, moment)
			var got []seen
			var totals work.TicketTotals
			for page := (projections.Page{Limit: 23}); ; {
				list, err := work.Of(m).Tickets(t.Context(), cut, work.TicketFilter{}, page)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range list.Rows {
					s := seen{
						Ticket: r.Ticket, Status: r.Status, Clock: r.Clock, Overrides: r.Overrides, Reopenings: r.Reopenings,
						Escalations: r.OpenEscalations,
					}
					if r.LateSeconds != nil {
						s.Late = time.Duration(*r.LateSeconds) * time.Second
					}
					got = append(got, s)
				}
				if totals = list.Totals; list.Next == "" {
					break
				}
				page.After = list.Next
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Fatalf("seed %d, %+v (-want +got):\n%s", seed, cut, diff)
			}
			var sum work.TicketTotals
			for _, w := range want {
				clocks[w.Clock]++
				sum.Tickets++
				sum.LateSeconds += int64(w.Late / time.Second)
				switch w.Clock {
				case work.ResponseMet:
					sum.Met++
				case work.ResponseBreached:
					sum.Breached++
				case work.ResponseRunning:
					sum.Running++
				}
				if sum.Open++; w.Status == "CLOSED" {
					sum.Open, sum.Closed = sum.Open-1, sum.Closed+1
				}
			}
			if sum != totals {
				t.Fatalf("seed %d, %+v: totals %+v, want %+v", seed, cut, totals, sum)
			}
			if n == 0 {
				checkTicketFilters(t, m, cut, want)
			}
		}
		if len(clocks) != 6 {
			t.Errorf("seed %d had clocks %v, not one of each kind", seed, clocks)
		}
	}
}

func checkTicketFilters(t *testing.T, m *projections.ReadModels, cut projections.Cut, want []seen) {
	t.Helper()
	count := func(keep func(seen) bool) (n uint64) {
		for _, w := range want {
			if keep(w) {
				n++
			}
		}
		return n
	}
	for name, f := range map[string]struct {
		filter work.TicketFilter
		keep   func(seen) bool
	}{
		"breached":   {work.TicketFilter{Clock: work.ResponseBreached}, func(s seen) bool { return s.Clock == work.ResponseBreached }},
		"reopened":   {work.TicketFilter{Status: "REOPENED"}, func(s seen) bool { return s.Status == "REOPENED" }},
		"open":       {work.TicketFilter{OpenOnly: true}, func(s seen) bool { return s.Status != "CLOSED" }},
		"overridden": {work.TicketFilter{Overridden: true}, func(s seen) bool { return s.Overrides > 0 }},
		"of a region": {work.TicketFilter{Filter: projections.Filter{Region: "华南"}}, func(s seen) bool {
			var n int
			_, _ = fmt.Sscanf(string(s.Ticket), "T-%d", &n)
			return n%3 == 0
		}},
		"of a center": {work.TicketFilter{Filter: projections.Filter{Center: "C01"}}, func(s seen) bool {
			var n int
			_, _ = fmt.Sscanf(string(s.Ticket), "T-%d", &n)
			return n%3 != 0
		}},
	} {
		list, err := work.Of(m).Tickets(t.Context(), cut, f.filter, projections.Page{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		if n := count(f.keep); list.Totals.Tickets != n {
			t.Errorf("%s: %d tickets, want %d", name, list.Totals.Tickets, n)
		}
	}
}

// Two visits a week are owed; those made and not taken back count, as of any
// date and as known at any moment.
func TestVisitsAgainstAnOracle(t *testing.T) {
	s := &service{rnd: rand.New(rand.NewPCG(5, 5))}
	s.project("P1", "华东", "C01")
	for d := projections.Day("2026-02-02"); d < projections.Day("2026-05-04"); d = d.AddDays(1) {
		if s.rnd.IntN(3) > 0 {
			continue
		}
		var entered time.Time
		made := visit.RoutineVisitMade{Project: "P1", Center: "C01", On: d, Technician: "li", By: "li"}
		s.happens(visit.Stream("P1", d.Month()), d.Start().Add(15*time.Hour), &entered, made)
		if s.rnd.IntN(4) == 0 {
			s.happens(visit.Stream("P1", d.Month()), entered.Add(time.Hour), &entered,
				visit.RoutineVisitWithdrawn{Project: "P1", On: d, Reason: "误录", By: "li"})
			if s.rnd.IntN(2) == 0 {
				s.happens(visit.Stream("P1", d.Month()), entered.Add(time.Hour), &entered, made)
			}
		}
	}
	slices.SortStableFunc(s.happened, func(a, b happening) int { return a.recordedAt.Compare(b.recordedAt) })
	var log projections.Recorder
	for _, h := range s.happened {
		log.Record(h.stream, h.recordedAt, h.event)
	}
	now := projections.Noon("2026-06-01")
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(log.Events...),
		projections.WithClock(domaintest.NewClock(now)))
	projections.Projected(t, m, uint64(len(log.Events)))
	from := projections.Day("2026-02-02") // a Monday
	for range 12 {
		cut := projections.Cut{Scope: access.Whole(),
			AsOf:    from.AddDays(s.rnd.IntN(95)),
			KnownAt: projections.Noon("2026-02-03").Add(time.Duration(s.rnd.IntN(95*24)) * time.Hour),
		}
		if s.rnd.IntN(2) == 0 {
			cut.KnownAt = now
		}
		on := make(map[calendar.Date]bool)
		for _, r := range newOracle(log.Events, cut.AsOf, cut.KnownAt).events {
			switch e := r.Event.(type) {
			case visit.RoutineVisitMade:
				on[e.On] = e.On <= cut.AsOf
			case visit.RoutineVisitWithdrawn:
				delete(on, e.On)
			}
		}
		var want work.VisitTotals
		for monday := from; monday <= cut.AsOf; monday = monday.AddDays(7) {
			made := 0
			for i := range 7 {
				if on[monday.AddDays(i)] {
					made++
				}
			}
			want.Periods, want.Due, want.Made = want.Periods+1, want.Due+2, want.Made+made
			switch sunday := monday.AddDays(6); {
			case sunday > cut.AsOf || !sunday.End().Before(cut.KnownAt.Add(time.Nanosecond)):
				want.Running++
			case made < 2:
				want.Shortfall += 2 - made
			}
		}
		got, err := work.Of(m).Visits(t.Context(), cut, work.VisitFilter{From: from}, projections.Page{Limit: 3})
		if err != nil {
			t.Fatal(err)
		}
		if got.Totals != want {
			t.Fatalf("%+v: %+v, want %+v", cut, got.Totals, want)
		}
		rows := 0
		for page := got; ; {
			if rows += len(page.Rows); page.Next == "" {
				break
			}
			if page, err = work.Of(m).Visits(t.Context(), cut, work.VisitFilter{From: from},
				projections.Page{Limit: 3, After: page.Next}); err != nil {
				t.Fatal(err)
			}
		}
		if rows != want.Periods {
			t.Fatalf("%+v: %d rows on all pages, want %d", cut, rows, want.Periods)
		}
	}
}

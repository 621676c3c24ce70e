package ticket_test

import (
	"testing"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/ticket"
)

type command = func(*ticket.Ticket) ([]ticket.Event, error)

type row struct {
	given []ticket.Event
	when  command
	then  []ticket.Event
	code  string
}

func check(t *testing.T, tests map[string]row) {
	t.Helper()
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			state := domaintest.Fold[ticket.Ticket](tc.given...)
			got, err := tc.when(state)
			domaintest.Decided(t, tc.then, got, err, tc.code)
		})
	}
}

var (
	told     = []ticket.Event{registered, notified}
	accepted = ticket.TicketAccepted{
		Ticket: "F0-1", AcceptedAt: at("2026-06-17T09:40:00+08:00"), Technician: "li", By: "li",
	}
	arrived = ticket.ArrivedOnSite{Ticket: "F0-1", ArrivedAt: at("2026-06-17T14:00:00+08:00"), Technician: "li", By: "li"}
	onSite  = ticket.ResolutionRecorded{
		Ticket: "F0-1", ResolvedAt: at("2026-06-17T15:00:00+08:00"), How: ticket.OnSite, By: "li",
	}
	closed   = ticket.TicketClosed{Ticket: "F0-1", ClosedAt: at("2026-06-17T18:00:00+08:00"), By: "wu"}
	reopened = ticket.TicketReopened{
		Ticket: "F0-1", ReopenedAt: at("2026-06-18T09:00:00+08:00"), Reason: "再次无图像", By: "wu",
	}
)

func TestAnArrivalEnteredByMistake(t *testing.T) {
	right := "2026-06-17T16:00:00+08:00"
	withdraw := func(by, instead, reason string) command {
		c := ticket.WithdrawArrival{
			Ticket: "F0-1", ArrivedAt: arrived.ArrivedAt, Reason: reason, By: by, Role: domain.CityLead,
		}
		if instead != "" {
			c.Instead = at(instead)
		}
		return func(t *ticket.Ticket) ([]ticket.Event, error) { return t.WithdrawArrival(c, now) }
	}
	there := with(told, accepted, arrived)
	withdrawn := ticket.ArrivalWithdrawn{
		Ticket: "F0-1", ArrivedAt: arrived.ArrivedAt, Technician: "li", EnteredBy: "li", Reason: "误录", By: "zhou",
	}
	instead := ticket.ArrivedOnSite{Ticket: "F0-1", ArrivedAt: at(right), Technician: "li", By: "zhou"}
	exact, exactly := arrived, withdrawn // entered by a program, to the millisecond
	exact.ArrivedAt = arrived.ArrivedAt.Add(250 * time.Millisecond)
	exactly.ArrivedAt = exact.ArrivedAt
	later := ticket.ResolutionRecorded{
		Ticket: "F0-1", ResolvedAt: at("2026-06-17T17:00:00+08:00"), How: ticket.OnSite, By: "li",
	}
	check(t, map[string]row{
		"is taken back":                                 {given: there, when: withdraw("zhou", "", "误录"), then: []ticket.Event{withdrawn}},
		"named to the second, as it is read":            {given: with(told, accepted, exact), when: withdraw("zhou", "", "误录"), then: []ticket.Event{exactly}},
		"with a reason":                                 {given: there, when: withdraw("zhou", "", ""), code: "text-required"},
		"and the right one is put in its place":         {given: there, when: withdraw("zhou", right, "误录"), then: []ticket.Event{withdrawn, instead}},
		"not before the team was told":                  {given: there, when: withdraw("zhou", "2026-06-17T09:29:59+08:00", "误录"), code: "out-of-order"},
		"nor tomorrow":                                  {given: there, when: withdraw("zhou", "2026-06-18T12:02:01+08:00", "误录"), code: "in-the-future"},
		"never by who arrived":                          {given: there, when: withdraw("li", right, "误录"), code: "own-submission"},
		"what nobody entered is not taken back":         {given: told, when: withdraw("zhou", "", "误录"), code: "unknown-arrival"},
		"what was taken back is gone":                   {given: with(there, withdrawn), when: withdraw("zhou", "", "误录"), code: "unknown-arrival"},
		"a solution on site needs an arrival":           {given: with(there, onSite), when: withdraw("zhou", "", "误录"), code: "nobody-arrived"},
		"by then":                                       {given: with(there, onSite), when: withdraw("zhou", right, "误录"), code: "nobody-arrived"},
		"a closed ticket is corrected and stays closed": {given: with(there, later, closed), when: withdraw("zhou", right, "误录"), then: []ticket.Event{withdrawn, instead}},
		"without it nobody has been there": {given: with(there, withdrawn), when: func(t *ticket.Ticket) ([]ticket.Event, error) {
			return t.Resolve(ticket.Resolve{
				Ticket: "F0-1", ResolvedAt: at("2026-06-17T17:00:00+08:00"), How: ticket.OnSite, By: "li",
			}, now)
		}, code: "nobody-arrived"},
		"it may have been right after all": {given: with(there, withdrawn), when: func(t *ticket.Ticket) ([]ticket.Event, error) {
			return t.Arrive(ticket.Arrive{Ticket: "F0-1", ArrivedAt: arrived.ArrivedAt, Technician: "li", By: "li"}, now)
		}, then: []ticket.Event{arrived}},
	})
}

func with(given []ticket.Event, more ...ticket.Event) []ticket.Event {
	return append(append([]ticket.Event(nil), given...), more...)
}

func TestTheCourseOfATicket(t *testing.T) {
	accept := func(instant, technician string) command {
		return func(t *ticket.Ticket) ([]ticket.Event, error) {
			return t.Accept(ticket.Accept{Ticket: "F0-1", AcceptedAt: at(instant), Technician: technician, By: "li"}, now)
		}
	}
	arrive := func(instant string) command {
		return func(t *ticket.Ticket) ([]ticket.Event, error) {
			return t.Arrive(ticket.Arrive{Ticket: "F0-1", ArrivedAt: at(instant), Technician: "li", By: "li"}, now)
		}
	}
	resolve := func(instant string, how ticket.Resolution) command {
		return func(t *ticket.Ticket) ([]ticket.Event, error) {
			return t.Resolve(ticket.Resolve{Ticket: "F0-1", ResolvedAt: at(instant), How: how, By: "li"}, now)
		}
	}
	end := func(instant string) command {
		return func(t *ticket.Ticket) ([]ticket.Event, error) {
			return t.Close(ticket.Close{Ticket: "F0-1", ClosedAt: at(instant), By: "wu"}, now)
		}
	}
	reopen := func(instant, reason string) command {
		return func(t *ticket.Ticket) ([]ticket.Event, error) {
			return t.Reopen(ticket.Reopen{Ticket: "F0-1", ReopenedAt: at(instant), Reason: reason, By: "wu"}, now)
		}
	}
	fault := func(replacement *ticket.Replacement) command {
		c := record
		c.Line, c.Replacement = "F1-9", replacement
		return func(t *ticket.Ticket) ([]ticket.Event, error) { return t.RecordFault(c, today) }
	}
	replacedLine, adjusted := recorded(policy.Us, policy.Wear), recorded(policy.Us, policy.Wear)
	adjusted.Replacement = nil
	byPart := onSite
	byPart.How = ticket.Replaced
	onPhone := ticket.ResolutionRecorded{
		Ticket: "F0-1", ResolvedAt: at("2026-06-17T10:00:00+08:00"), How: ticket.ByPhone, By: "li",
	}
	there := with(told, arrived)
	check(t, map[string]row{
		"a team takes a ticket up":                {given: told, when: accept("2026-06-17T09:40:00+08:00", "li"), then: []ticket.Event{accepted}},
		"not before it was told":                  {given: told, when: accept("2026-06-17T09:29:59+08:00", "li"), code: "out-of-order"},
		"at the very moment it was":               {given: told, when: accept("2026-06-17T09:30:00+08:00", "li"), then: []ticket.Event{ticket.TicketAccepted{Ticket: "F0-1", AcceptedAt: notified.NotifiedAt, Technician: "li", By: "li"}}},
		"nor one nobody told it of":               {given: told[:1], when: accept("2026-06-17T09:40:00+08:00", "li"), code: "not-notified"},
		"the same again, nothing more":            {given: with(told, accepted), when: accept("2026-06-17T09:40:00+08:00", "li")},
		"a technician accepts once":               {given: with(told, accepted), when: accept("2026-06-17T09:50:00+08:00", "li"), code: "accepted-already"},
		"another may take over":                   {given: with(told, accepted), when: accept("2026-06-17T09:50:00+08:00", "wang"), then: []ticket.Event{ticket.TicketAccepted{Ticket: "F0-1", AcceptedAt: at("2026-06-17T09:50:00+08:00"), Technician: "wang", By: "li"}}},
		"a technician arrives":                    {given: told, when: arrive("2026-06-17T14:00:00+08:00"), then: []ticket.Event{arrived}},
		"not before being told":                   {given: told, when: arrive("2026-06-17T09:29:59.999+08:00"), code: "out-of-order"},
		"not tomorrow":                            {given: told, when: arrive("2026-06-18T12:02:01+08:00"), code: "in-the-future"},
		"arrived once at one instant":             {given: there, when: arrive("2026-06-17T14:00:00+08:00")},
		"not after the solution":                  {given: with(there, onSite), when: arrive("2026-06-17T16:00:00+08:00"), code: "after-resolution"},
		"an earlier visit may be entered late":    {given: with(there, onSite), when: arrive("2026-06-17T12:00:00+08:00"), then: []ticket.Event{ticket.ArrivedOnSite{Ticket: "F0-1", ArrivedAt: at("2026-06-17T12:00:00+08:00"), Technician: "li", By: "li"}}},
		"nobody arrives at a closed ticket":       {given: with(there, onSite, closed), when: arrive("2026-06-17T12:00:00+08:00"), code: "ticket-closed"},
		"solved on site":                          {given: there, when: resolve("2026-06-17T15:00:00+08:00", ticket.OnSite), then: []ticket.Event{onSite}},
		"on site needs somebody there":            {given: told, when: resolve("2026-06-17T15:00:00+08:00", ticket.OnSite), code: "nobody-arrived"},
		"by then":                                 {given: there, when: resolve("2026-06-17T13:59:59+08:00", ticket.OnSite), code: "nobody-arrived"},
		"by phone needs nobody there":             {given: told, when: resolve("2026-06-17T10:00:00+08:00", ticket.ByPhone), then: []ticket.Event{onPhone}},
		"not before the team was told":            {given: told, when: resolve("2026-06-17T09:29:00+08:00", ticket.ByPhone), code: "out-of-order"},
		"a way to solve is one of the list":       {given: there, when: resolve("2026-06-17T15:00:00+08:00", "MAGIC"), code: "unknown-resolution"},
		"a replacement has its line of F1":        {given: there, when: resolve("2026-06-17T15:00:00+08:00", ticket.Replaced), code: "replacement-without-line"},
		"which names a part":                      {given: with(there, adjusted), when: resolve("2026-06-17T15:00:00+08:00", ticket.Replaced), code: "replacement-without-line"},
		"with it a replacement solves":            {given: with(there, replacedLine), when: resolve("2026-06-17T15:00:00+08:00", ticket.Replaced), then: []ticket.Event{byPart}},
		"what was replaced was not adjusted":      {given: with(there, replacedLine), when: resolve("2026-06-17T15:00:00+08:00", ticket.OnSite), code: "contradicts-fault-record"},
		"nor solved by phone":                     {given: with(there, replacedLine), when: resolve("2026-06-17T15:00:00+08:00", ticket.ByPhone), code: "contradicts-fault-record"},
		"solved once":                             {given: with(there, onSite), when: resolve("2026-06-17T16:00:00+08:00", ticket.OnSite), code: "resolved-already"},
		"the same solution again, nothing more":   {given: with(there, onSite), when: resolve("2026-06-17T15:00:00+08:00", ticket.OnSite)},
		"no part after an on-site solution":       {given: with(there, onSite), when: fault(replacement), code: "contradicts-resolution"},
		"a late line without a part may come":     {given: with(there, onSite), when: fault(nil), then: []ticket.Event{func() ticket.Event { l := adjusted; l.Line = "F1-9"; return l }()}},
		"a closed ticket takes no line":           {given: with(there, onSite, closed), when: fault(nil), code: "ticket-closed"},
		"a solved ticket is closed":               {given: with(there, onSite), when: end("2026-06-17T18:00:00+08:00"), then: []ticket.Event{closed}},
		"not before it was solved":                {given: with(there, onSite), when: end("2026-06-17T14:59:59+08:00"), code: "out-of-order"},
		"an unsolved one is not":                  {given: there, when: end("2026-06-17T18:00:00+08:00"), code: "not-resolved"},
		"closed again, nothing more":              {given: with(there, onSite, closed), when: end("2026-06-17T18:00:00+08:00")},
		"closed once":                             {given: with(there, onSite, closed), when: end("2026-06-17T19:00:00+08:00"), code: "ticket-closed"},
		"a closed ticket is reopened":             {given: with(there, onSite, closed), when: reopen("2026-06-18T09:00:00+08:00", "再次无图像"), then: []ticket.Event{reopened}},
		"with a reason":                           {given: with(there, onSite, closed), when: reopen("2026-06-18T09:00:00+08:00", ""), code: "text-required"},
		"not before it was closed":                {given: with(there, onSite, closed), when: reopen("2026-06-17T17:59:59+08:00", "误"), code: "out-of-order"},
		"one that was only solved, too":           {given: with(there, onSite), when: reopen("2026-06-18T09:00:00+08:00", "再次无图像"), then: []ticket.Event{reopened}},
		"an open one is not":                      {given: there, when: reopen("2026-06-18T09:00:00+08:00", "误"), code: "not-resolved"},
		"after reopening it is solved anew":       {given: with(there, onSite, closed, reopened), when: resolve("2026-06-18T10:00:00+08:00", ticket.OnSite), then: []ticket.Event{ticket.ResolutionRecorded{Ticket: "F0-1", ResolvedAt: at("2026-06-18T10:00:00+08:00"), How: ticket.OnSite, By: "li"}}},
		"not before it was reopened":              {given: with(there, onSite, closed, reopened), when: resolve("2026-06-18T08:59:59+08:00", ticket.OnSite), code: "out-of-order"},
		"by what was done since":                  {given: with(there, replacedLine, byPart, closed, reopened), when: resolve("2026-06-18T10:00:00+08:00", ticket.Replaced), code: "replacement-without-line"},
		"a line of before does not contradict it": {given: with(there, replacedLine, byPart, closed, reopened), when: resolve("2026-06-18T10:00:00+08:00", ticket.OnSite), then: []ticket.Event{ticket.ResolutionRecorded{Ticket: "F0-1", ResolvedAt: at("2026-06-18T10:00:00+08:00"), How: ticket.OnSite, By: "li"}}},
		"a technician has a name":                 {given: told, when: accept("2026-06-17T09:40:00+08:00", ""), code: "text-required"},
		"instants must be given": {given: told, when: func(t *ticket.Ticket) ([]ticket.Event, error) {
			return t.Arrive(ticket.Arrive{Ticket: "F0-1", Technician: "li"}, now)
		}, code: "instant-required"},
		"nothing happens to a ticket that does not exist": {when: arrive("2026-06-17T14:00:00+08:00"), code: "unknown-ticket"},
	})
}

var (
	escalated = ticket.TicketEscalated{
		Ticket: "F0-1", Escalation: "ES-1", Project: "P001", Center: "C01", Reason: ticket.LeftoverDefect,
		ComplaintRisk: true, Matter: "漏装闭门器",
		To: []domain.Role{domain.HQAffairsSupervisor, domain.DepartmentManager}, EscalatedAt: at("2026-06-17T11:00:00+08:00"),
		By: "zhou",
	}
	ofSupervisor = ticket.EscalationOpinionGiven{
		Ticket: "F0-1", Escalation: "ES-1", Role: domain.HQAffairsSupervisor, Opinion: "补装",
		GivenAt: at("2026-06-17T12:00:00+08:00"), By: "zhao",
	}
	ofManager = ticket.EscalationOpinionGiven{
		Ticket: "F0-1", Escalation: "ES-1", Role: domain.DepartmentManager, Opinion: "同意",
		GivenAt: at("2026-06-17T13:00:00+08:00"), By: "ma",
	}
	ended = ticket.EscalationClosed{
		Ticket: "F0-1", Escalation: "ES-1", Outcome: "已补装", ClosedAt: at("2026-06-18T09:00:00+08:00"), By: "zhao",
	}
)

func TestEscalations(t *testing.T) {
	escalate := func(change func(*ticket.Escalate)) command {
		c := ticket.Escalate{
			Ticket: "F0-1", Escalation: "ES-1", Reason: ticket.LeftoverDefect, ComplaintRisk: true, Matter: "漏装闭门器",
			EscalatedAt: escalated.EscalatedAt, By: "zhou",
		}
		change(&c)
		return func(t *ticket.Ticket) ([]ticket.Event, error) { return t.Escalate(c, now) }
	}
	opine := func(role domain.Role, by, instant string) command {
		opinion := map[domain.Role]string{domain.HQAffairsSupervisor: "补装", domain.DepartmentManager: "同意"}[role]
		if opinion == "" {
			opinion = "无"
		}
		return func(t *ticket.Ticket) ([]ticket.Event, error) {
			return t.GiveOpinion(ticket.GiveOpinion{
				Ticket: "F0-1", Escalation: "ES-1", Role: role, Opinion: opinion, GivenAt: at(instant), By: by,
			}, now)
		}
	}
	end := func(outcome, instant string) command {
		return func(t *ticket.Ticket) ([]ticket.Event, error) {
			return t.CloseEscalation(ticket.CloseEscalation{
				Ticket: "F0-1", Escalation: "ES-1", Outcome: outcome, ClosedAt: at(instant), By: "zhao",
			}, now)
		}
	}
	follow := func(id domain.EscalationID, note string) command {
		return func(t *ticket.Ticket) ([]ticket.Event, error) {
			return t.FollowUp(ticket.FollowUp{Ticket: "F0-1", Escalation: id, Note: note, NotedAt: now, By: "zhao"}, now)
		}
	}
	open, both := with(told, escalated), with(told, escalated, ofSupervisor, ofManager)
	resolved := with(told, arrived, onSite)
	check(t, map[string]row{
		"a matter goes to supervisor and manager":          {given: told, when: escalate(func(*ticket.Escalate) {}), then: []ticket.Event{escalated}},
		"one that is registered and not yet notified, too": {given: told[:1], when: escalate(func(*ticket.Escalate) {}), then: []ticket.Event{escalated}},
		"a leftover defect where a complaint is likely":    {given: told, when: escalate(func(c *ticket.Escalate) { c.ComplaintRisk = false }), code: "no-complaint-likely"},
		"an important matter without":                      {given: told, when: escalate(func(c *ticket.Escalate) { c.ComplaintRisk, c.Reason = false, ticket.Important }), then: []ticket.Event{func() ticket.Event { e := escalated; e.ComplaintRisk, e.Reason = false, ticket.Important; return e }()}},
		"for no other reason":                              {given: told, when: escalate(func(c *ticket.Escalate) { c.Reason = "BOREDOM" }), code: "unknown-escalation-reason"},
		"a matter is named":                                {given: told, when: escalate(func(c *ticket.Escalate) { c.Matter = "" }), code: "text-required"},
		"not before the need":                              {given: told, when: escalate(func(c *ticket.Escalate) { c.EscalatedAt = registered.RegisteredAt.Add(-time.Second) }), code: "out-of-order"},
		"the same again, nothing more":                     {given: open, when: escalate(func(*ticket.Escalate) {})},
		"a number is used once":                            {given: open, when: escalate(func(c *ticket.Escalate) { c.Matter = "另一事项" }), code: "escalation-exists"},
		"not on a closed ticket":                           {given: with(resolved, closed), when: escalate(func(*ticket.Escalate) {}), code: "ticket-closed"},
		"the supervisor gives an opinion":                  {given: open, when: opine(domain.HQAffairsSupervisor, "zhao", "2026-06-17T12:00:00+08:00"), then: []ticket.Event{ofSupervisor}},
		"the manager too":                                  {given: with(open, ofSupervisor), when: opine(domain.DepartmentManager, "ma", "2026-06-17T13:00:00+08:00"), then: []ticket.Event{ofManager}},
		"nobody else is asked":                             {given: open, when: opine(domain.CityLead, "sun", "2026-06-17T12:00:00+08:00"), code: "not-asked"},
		"not before the escalation":                        {given: open, when: opine(domain.HQAffairsSupervisor, "zhao", "2026-06-17T10:59:59+08:00"), code: "out-of-order"},
		"the same opinion again, nothing more":             {given: with(open, ofSupervisor), when: opine(domain.HQAffairsSupervisor, "zhao", "2026-06-17T12:00:00+08:00")},
		"a role has one opinion":                           {given: with(open, ofSupervisor), when: opine(domain.HQAffairsSupervisor, "qi", "2026-06-17T12:00:00+08:00"), code: "opinion-given"},
		"nobody gives one on their own submission":         {given: open, when: opine(domain.DepartmentManager, "zhou", "2026-06-17T12:00:00+08:00"), code: "own-submission"},
		"nor in both roles":                                {given: with(open, ofSupervisor), when: opine(domain.DepartmentManager, "zhao", "2026-06-17T12:30:00+08:00"), code: "own-submission"},
		"a step is noted":                                  {given: open, when: follow("ES-1", "已发货"), then: []ticket.Event{ticket.EscalationFollowUpNoted{Ticket: "F0-1", Escalation: "ES-1", Note: "已发货", NotedAt: now, By: "zhao"}}},
		"of an escalation that exists":                     {given: open, when: follow("ES-2", "已发货"), code: "unknown-escalation"},
		"and says something":                               {given: open, when: follow("ES-1", ""), code: "text-required"},
		"the supervisor closes it":                         {given: both, when: end("已补装", "2026-06-18T09:00:00+08:00"), then: []ticket.Event{ended}},
		"not before the manager's opinion":                 {given: with(open, ofSupervisor), when: end("已补装", "2026-06-18T09:00:00+08:00"), code: "opinion-missing"},
		"not before the supervisor's":                      {given: with(open, ofManager), when: end("已补装", "2026-06-18T09:00:00+08:00"), code: "opinion-missing"},
		"nor at an earlier time":                           {given: both, when: end("已补装", "2026-06-17T12:59:59+08:00"), code: "out-of-order"},
		"with an outcome":                                  {given: both, when: end("", "2026-06-18T09:00:00+08:00"), code: "text-required"},
		"closed again, nothing more":                       {given: with(both, ended), when: end("已补装", "2026-06-18T09:00:00+08:00")},
		"closed once":                                      {given: with(both, ended), when: end("另", "2026-06-18T09:00:00+08:00"), code: "escalation-closed"},
		"no follow-up after that":                          {given: with(both, ended), when: follow("ES-1", "已发货"), code: "escalation-closed"},
		"a ticket waits for its escalations": {given: with(resolved, escalated), when: func(t *ticket.Ticket) ([]ticket.Event, error) {
			return t.Close(ticket.Close{Ticket: "F0-1", ClosedAt: now, By: "wu"}, now)
		}, code: "escalation-open"},
		"and is closed after them": {given: with(resolved, escalated, ofSupervisor, ofManager, ended), when: func(t *ticket.Ticket) ([]ticket.Event, error) {
			return t.Close(ticket.Close{Ticket: "F0-1", ClosedAt: now, By: "wu"}, now)
		}, then: []ticket.Event{ticket.TicketClosed{Ticket: "F0-1", ClosedAt: now, By: "wu"}}},
		"nothing is escalated on a ticket that is not there": {when: escalate(func(*ticket.Escalate) {}), code: "unknown-ticket"},
	})
}

func TestOverridesOfCoverage(t *testing.T) {
	due := at("2026-06-18T09:30:00+08:00")
	emergency := coverage
	emergency.Presence, emergency.Category, emergency.Clause = policy.ElsewhereCity, policy.Emergency, "5.4/2"
	emergency.Response, emergency.RespondBy = "24h", &due
	given := []ticket.Event{
		registered, ticket.TeamNotified{Ticket: "F0-1", NotifiedAt: notified.NotifiedAt, Coverage: emergency},
	}
	override := func(what ticket.CoverageItem, value, reason, by string) command {
		return func(t *ticket.Ticket) ([]ticket.Event, error) {
			return t.OverrideCoverage(ticket.OverrideCoverage{
				Ticket: "F0-1", What: what, Value: value, Reason: reason, By: by, Role: domain.CityLead,
			}, now)
		}
	}
	overridden := func(what ticket.CoverageItem, was, value string, change func(*policy.Coverage)) ticket.Event {
		c := emergency
		change(&c)
		return ticket.CoverageOverridden{
			Ticket: "F0-1", What: what, Was: was, Now: value, Coverage: c, Reason: "装修破坏", OverriddenAt: now, By: "zhao",
		}
	}
	theirs := overridden(ticket.OfBearer, "DEPARTMENT", "CENTER", func(c *policy.Coverage) { c.Bearer = policy.Center })
	later := at("2026-06-19T09:30:00+08:00")
	line := recorded(policy.Us, policy.Wear)
	line.By = "li"
	check(t, map[string]row{
		"who bears the cost":                        {given: given, when: override(ticket.OfBearer, "CENTER", "装修破坏", "zhao"), then: []ticket.Event{theirs}},
		"travel":                                    {given: given, when: override(ticket.OfTravel, "CHARGED", "装修破坏", "zhao"), then: []ticket.Event{overridden(ticket.OfTravel, "FREE", "CHARGED", func(c *policy.Coverage) { c.TravelCharged = true })}},
		"the category, and the clock with it":       {given: given, when: override(ticket.OfCategory, "ORDINARY", "装修破坏", "zhao"), then: []ticket.Event{overridden(ticket.OfCategory, "EMERGENCY", "ORDINARY", func(c *policy.Coverage) { c.Category, c.RespondBy = policy.Ordinary, nil })}},
		"the deadline":                              {given: given, when: override(ticket.OfDeadline, "2026-06-19T01:30:00Z", "装修破坏", "zhao"), then: []ticket.Event{overridden(ticket.OfDeadline, "2026-06-18T09:30:00+08:00", "2026-06-19T09:30:00+08:00", func(c *policy.Coverage) { c.RespondBy, c.Response = &later, "" })}},
		"no deadline":                               {given: given, when: override(ticket.OfDeadline, "NONE", "装修破坏", "zhao"), then: []ticket.Event{overridden(ticket.OfDeadline, "2026-06-18T09:30:00+08:00", "NONE", func(c *policy.Coverage) { c.RespondBy, c.Response = nil, "" })}},
		"never to before the notification":          {given: given, when: override(ticket.OfDeadline, "2026-06-17T09:29:59+08:00", "误", "zhao"), code: "bad-override"},
		"a reason is given":                         {given: given, when: override(ticket.OfBearer, "CENTER", "", "zhao"), code: "text-required"},
		"and says something":                        {given: given, when: override(ticket.OfBearer, "CENTER", "  ", "zhao"), code: "text-required"},
		"to what it is, nothing more":               {given: given, when: override(ticket.OfBearer, "DEPARTMENT", "装修破坏", "zhao")},
		"a value of the list":                       {given: given, when: override(ticket.OfBearer, "OWNER", "装修破坏", "zhao"), code: "bad-override"},
		"an item of the list":                       {given: given, when: override("WARRANTY", "true", "装修破坏", "zhao"), code: "unknown-coverage-item"},
		"not by who took it up":                     {given: with(given, accepted), when: override(ticket.OfBearer, "CENTER", "装修破坏", "li"), code: "own-submission"},
		"not by who wrote its fault record":         {given: with(given, line), when: override(ticket.OfBearer, "CENTER", "装修破坏", "li"), code: "own-submission"},
		"not before the notification froze it":      {given: given[:1], when: override(ticket.OfBearer, "CENTER", "装修破坏", "zhao"), code: "not-notified"},
		"not on a closed ticket":                    {given: with(given, arrived, onSite, closed), when: override(ticket.OfBearer, "CENTER", "装修破坏", "zhao"), code: "ticket-closed"},
		"a fault recorded after it is the center's": {given: with(given, theirs), when: func(t *ticket.Ticket) ([]ticket.Event, error) { return t.RecordFault(record, today) }, then: []ticket.Event{func() ticket.Event { l := recorded(policy.Center, policy.Wear); l.Clause = "5.4/2"; return l }()}},
	})
}

package ticket_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/ticket"
)

var at = domaintest.At

var (
	now      = at("2026-06-18T12:00:00+08:00")
	today    = calendar.DateOf(now)
	coverage = policy.Coverage{
		NotifiedOn: today - 1, InWarranty: true, Presence: policy.OnProject, Category: policy.Ordinary, Bearer: policy.Us,
		Clause: "5.4/1",
	}
	registered = ticket.TicketRegistered{
		Ticket: "F0-1", Project: "P001", Center: "C01", Room: "1-301", Owner: "王", Phone: "13", Device: "室内机", Need: "无图像",
		RegisteredAt: at("2026-06-17T09:00:00+08:00"),
	}
	notified    = ticket.TeamNotified{Ticket: "F0-1", NotifiedAt: at("2026-06-17T09:30:00+08:00"), Coverage: coverage}
	replacement = &ticket.Replacement{Part: "VI-07A", Quantity: decimal.NewFromInt(1), OldSerial: "SN1", NewSerial: "SN2"}
	record      = ticket.RecordFault{
		Ticket: "F0-1", Line: "F1-1", Device: "室内机", Serial: "SN1", Location: "1-301", Symptom: "无图像", Cause: policy.Wear,
		SolvedOnSite: true, Replacement: replacement, RecordedOn: today - 1,
	}
)

func recorded(bearer policy.Bearer, cause policy.Cause) ticket.FaultRecorded {
	return ticket.FaultRecorded{Ticket: "F0-1", Line: "F1-1", Project: "P001", Center: "C01", Device: "室内机", Serial: "SN1",
		Location: "1-301", Symptom: "无图像",
		Cause: cause, SolvedOnSite: true, Replacement: replacement, Bearer: bearer, Clause: "5.4/1", RecordedOn: today - 1}
}

func TestTicket(t *testing.T) {
	type command = func(*ticket.Ticket) ([]ticket.Event, error)
	register := func(change func(*ticket.Register)) command {
		c := ticket.Register(registered)
		change(&c)
		return func(t *ticket.Ticket) ([]ticket.Event, error) { return t.Register(c, now) }
	}
	notify := func(instant string, category policy.Category) command {
		c := ticket.Notify{Ticket: "F0-1", NotifiedAt: at(instant), Coverage: coverage}
		c.Coverage.Category = category
		return func(t *ticket.Ticket) ([]ticket.Event, error) { return t.Notify(c, now) }
	}
	fault := func(change func(*ticket.RecordFault)) command {
		c := record
		change(&c)
		return func(t *ticket.Ticket) ([]ticket.Event, error) { return t.RecordFault(c, today) }
	}
	same := func(*ticket.RecordFault) {}
	told := []ticket.Event{registered, notified}
	tests := map[string]struct {
		given []ticket.Event
		when  command
		then  []ticket.Event
		code  string
	}{
		"a need is registered":                      {when: register(func(*ticket.Register) {}), then: []ticket.Event{registered}},
		"instants are kept in Shanghai, to the ms":  {when: register(func(c *ticket.Register) { c.RegisteredAt = at("2026-06-17T09:00:00.000999+08:00").UTC() }), then: []ticket.Event{registered}},
		"a ticket is registered once":               {given: told, when: register(func(*ticket.Register) {}), code: "ticket-exists"},
		"a need says something":                     {when: register(func(c *ticket.Register) { c.Need = "" }), code: "text-required"},
		"a need is not of tomorrow":                 {when: register(func(c *ticket.Register) { c.RegisteredAt = now.Add(121 * time.Second) }), code: "in-the-future"},
		"clocks may differ by two minutes":          {when: register(func(c *ticket.Register) { c.RegisteredAt = now.Add(2 * time.Minute) }), then: []ticket.Event{func() ticket.Event { r := registered; r.RegisteredAt = now.Add(2 * time.Minute); return r }()}},
		"the team is told, and coverage frozen":     {given: told[:1], when: notify("2026-06-17T09:30:00+08:00", policy.Ordinary), then: []ticket.Event{notified}},
		"the team is told at once":                  {given: told[:1], when: notify("2026-06-17T09:00:00+08:00", policy.Ordinary), then: []ticket.Event{ticket.TeamNotified{Ticket: "F0-1", NotifiedAt: registered.RegisteredAt, Coverage: coverage}}},
		"not told before the need":                  {given: told[:1], when: notify("2026-06-17T08:59:59+08:00", policy.Ordinary), code: "before-registration"},
		"not told tomorrow":                         {given: told[:1], when: notify("2026-06-18T12:02:01+08:00", policy.Ordinary), code: "in-the-future"},
		"a category is one of two":                  {given: told[:1], when: notify("2026-06-17T09:30:00+08:00", "URGENT"), code: "unknown-category"},
		"told again at the same time, nothing more": {given: told, when: notify("2026-06-17T09:30:00+08:00", policy.Ordinary)},
		"the same to the ms":                        {given: told, when: notify("2026-06-17T09:30:00.0004+08:00", policy.Ordinary)},
		"the clock starts once":                     {given: told, when: notify("2026-06-17T09:31:00+08:00", policy.Ordinary), code: "already-notified"},
		"the category is frozen":                    {given: told, when: notify("2026-06-17T09:30:00+08:00", policy.Emergency), code: "already-notified"},
		"nobody is told of an unknown ticket":       {when: notify("2026-06-17T09:30:00+08:00", policy.Ordinary), code: "unknown-ticket"},
		"wear in warranty is ours":                  {given: told, when: fault(same), then: []ticket.Event{recorded(policy.Us, policy.Wear)}},
		"human damage in warranty is the center's":  {given: told, when: fault(func(c *ticket.RecordFault) { c.Cause = policy.HumanDamage }), then: []ticket.Event{recorded(policy.Center, policy.HumanDamage)}},
		"a line is written once":                    {given: append(told, recorded(policy.Us, policy.Wear)), when: fault(same), code: "line-exists"},
		"a line is not written otherwise":           {given: append(told, recorded(policy.Us, policy.Wear)), when: fault(func(c *ticket.RecordFault) { c.Symptom = "花屏" }), code: "line-exists"},
		"a fault needs a notified team":             {given: told[:1], when: fault(same), code: "not-notified"},
		"a fault needs a ticket":                    {when: fault(same), code: "unknown-ticket"},
		"no work before the team was told":          {given: told, when: fault(func(c *ticket.RecordFault) { c.RecordedOn = today - 2 }), code: "before-notification"},
		"no work tomorrow":                          {given: told, when: fault(func(c *ticket.RecordFault) { c.RecordedOn = today + 1 }), code: "in-the-future"},
		"a cause is one of the table":               {given: told, when: fault(func(c *ticket.RecordFault) { c.Cause = "" }), code: "unknown-cause"},
		"a symptom is named":                        {given: told, when: fault(func(c *ticket.RecordFault) { c.Symptom = "" }), code: "text-required"},
		"a replacement names its part":              {given: told, when: fault(func(c *ticket.RecordFault) { c.Replacement = &ticket.Replacement{Quantity: decimal.NewFromInt(1)} }), code: "bad-identity"},
		"a replacement is more than nothing":        {given: told, when: fault(func(c *ticket.RecordFault) { c.Replacement = &ticket.Replacement{Part: "VI"} }), code: "bad-quantity"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			state := domaintest.Fold[ticket.Ticket](tc.given...)
			got, err := tc.when(state)
			domaintest.Decided(t, tc.then, got, err, tc.code)
			want, _ := json.Marshal(tc.then) // shows the zone, which cmp passes over
			if text, err := json.Marshal(got); string(text) != string(want) {
				t.Errorf("stored as %s, want %s (%v)", text, want, err)
			}
		})
	}
}

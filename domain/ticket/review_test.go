package ticket_test

import (
	"testing"

	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/ticket"
)

func TestALineIsReviewedBySomebodyElse(t *testing.T) {
	line := recorded(policy.Us, policy.Wear)
	line.By = "li"
	first := recorded(policy.Us, policy.Wear) // of the first version: nobody knows who recorded it
	verified := ticket.FaultLineReviewed{Ticket: "F0-1", Line: "F1-1", Verdict: ticket.Verified, On: today, By: "chen"}
	queried := ticket.FaultLineReviewed{
		Ticket: "F0-1", Line: "F1-1", Verdict: ticket.Queried, Note: "无出库单", On: today, By: "chen",
	}
	command := ticket.ReviewFaultLine{Ticket: "F0-1", Line: "F1-1", Verdict: ticket.Verified, By: "chen"}
	with := func(change func(*ticket.ReviewFaultLine)) ticket.ReviewFaultLine {
		c := command
		change(&c)
		return c
	}
	query := with(func(c *ticket.ReviewFaultLine) { c.Verdict, c.Note = ticket.Queried, "无出库单" })
	given := []ticket.Event{registered, notified, line}
	for name, tc := range map[string]struct {
		given []ticket.Event
		when  ticket.ReviewFaultLine
		then  []ticket.Event
		code  string
	}{
		"it is verified":                 {given: given, when: command, then: []ticket.Event{verified}},
		"or queried":                     {given: given, when: query, then: []ticket.Event{queried}},
		"the same again decides nothing": {given: append(given[:3:3], verified), when: command},
		"by whomever":                    {given: append(given[:3:3], verified), when: with(func(c *ticket.ReviewFaultLine) { c.By = "wei" })},
		"a question that was answered is asked again": {
			given: append(given[:3:3], queried, ticket.FaultLineAnswered{Ticket: "F0-1", Line: "F1-1", Answer: "丢了", By: "li"}),
			when:  query, then: []ticket.Event{queried},
		},
		"what was queried is verified":           {given: append(given[:3:3], queried), when: command, then: []ticket.Event{verified}},
		"what was verified is queried":           {given: append(given[:3:3], verified), when: query, then: []ticket.Event{queried}},
		"another question is another review":     {given: append(given[:3:3], queried), when: with(func(c *ticket.ReviewFaultLine) { c.Verdict, c.Note = ticket.Queried, "旧件呢" }), then: []ticket.Event{ticket.FaultLineReviewed{Ticket: "F0-1", Line: "F1-1", Verdict: ticket.Queried, Note: "旧件呢", On: today, By: "chen"}}},
		"a query says what is asked":             {given: given, when: with(func(c *ticket.ReviewFaultLine) { c.Verdict = ticket.Queried }), code: "text-required"},
		"never by who recorded it":               {given: given, when: with(func(c *ticket.ReviewFaultLine) { c.By = "li" }), code: "own-submission"},
		"a line of the first version by anybody": {given: []ticket.Event{registered, notified, first}, when: command, then: []ticket.Event{verified}},
		"a line that exists":                     {given: given, when: with(func(c *ticket.ReviewFaultLine) { c.Line = "F1-2" }), code: "unknown-line"},
		"of a ticket that exists":                {when: command, code: "unknown-ticket"},
		"verified or queried":                    {given: given, when: with(func(c *ticket.ReviewFaultLine) { c.Verdict = "OK" }), code: "unknown-verdict"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &ticket.Ticket{}
			for _, e := range tc.given {
				s.Evolve(e)
			}
			got, err := s.ReviewFaultLine(tc.when, today)
			domaintest.Decided(t, tc.then, got, err, tc.code)
		})
	}
}

func TestAQueryIsAnsweredUntilTheLineIsVerified(t *testing.T) {
	line := recorded(policy.Us, policy.Wear)
	line.By = "li"
	queried := ticket.FaultLineReviewed{
		Ticket: "F0-1", Line: "F1-1", Verdict: ticket.Queried, Note: "旧件在哪", On: today, By: "chen",
	}
	verified := ticket.FaultLineReviewed{Ticket: "F0-1", Line: "F1-1", Verdict: ticket.Verified, On: today, By: "chen"}
	answered := ticket.FaultLineAnswered{Ticket: "F0-1", Line: "F1-1", Answer: "在库房，明日交回", On: today, By: "li"}
	photo := attachment.Ref{SHA256: "ab", Name: "旧件.jpg", Type: attachment.JPEG}
	shown := answered
	shown.Paper = &photo
	command := ticket.AnswerQuery{Ticket: "F0-1", Line: "F1-1", Answer: "在库房，明日交回", By: "li"}
	with := func(change func(*ticket.AnswerQuery)) ticket.AnswerQuery {
		c := command
		change(&c)
		return c
	}
	asked := []ticket.Event{registered, notified, line, queried}
	for name, tc := range map[string]struct {
		given []ticket.Event
		when  ticket.AnswerQuery
		then  []ticket.Event
		code  string
	}{
		"with a sentence":                 {given: asked, when: command, then: []ticket.Event{answered}},
		"and a paper":                     {given: asked, when: with(func(c *ticket.AnswerQuery) { c.Paper = &photo }), then: []ticket.Event{shown}},
		"the same again decides nothing":  {given: append(asked[:4:4], answered), when: command},
		"but a paper is more":             {given: append(asked[:4:4], answered), when: with(func(c *ticket.AnswerQuery) { c.Paper = &photo }), then: []ticket.Event{shown}},
		"what was asked again, too":       {given: append(asked[:4:4], answered, queried), when: command, then: []ticket.Event{answered}},
		"an answer says something":        {given: asked, when: with(func(c *ticket.AnswerQuery) { c.Answer = "" }), code: "text-required"},
		"nobody asked":                    {given: asked[:3], when: command, code: "not-queried"},
		"it is verified":                  {given: append(asked[:4:4], verified), when: command, code: "verified-already"},
		"it is verified once it answered": {given: append(asked[:4:4], answered, verified), when: command, code: "verified-already"},
		"a line that exists":              {given: asked, when: with(func(c *ticket.AnswerQuery) { c.Line = "F1-2" }), code: "unknown-line"},
		"of a ticket that exists":         {when: command, code: "unknown-ticket"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &ticket.Ticket{}
			for _, e := range tc.given {
				s.Evolve(e)
			}
			got, err := s.AnswerFaultLine(tc.when, today)
			domaintest.Decided(t, tc.then, got, err, tc.code)
		})
	}
}

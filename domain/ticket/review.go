package ticket

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/duties"
)

// FaultLineReviewed is the tech group lead's word on a line of F1, after
// comparing it with what was issued (§5.1.3).
type FaultLineReviewed struct {
	Ticket  domain.TicketID    `json:"ticket"`
	Line    domain.FaultLineID `json:"line"`
	Verdict Verdict            `json:"verdict"`
	Note    string             `json:"note,omitempty"` // what is asked, of a queried line
	On      calendar.Date      `json:"on"`
	By      string             `json:"by"`
}

func (FaultLineReviewed) EventType() string { return "FaultLineReviewed" }

func (FaultLineReviewed) RestsOn() domain.Ground { return domain.Clause("5.1.3") }

func (FaultLineReviewed) ticketEvent() {}

// FaultLineAnswered is what the team says to a query about a line of F1. The line then
// waits for the tech group lead again (§5.1.3).
type FaultLineAnswered struct {
	Ticket domain.TicketID    `json:"ticket"`
	Line   domain.FaultLineID `json:"line"`
	Answer string             `json:"answer"`
	Paper  *attachment.Ref    `json:"paper,omitempty"` // that bears it out
	On     calendar.Date      `json:"on"`
	By     string             `json:"by"`
}

func (FaultLineAnswered) EventType() string { return "FaultLineAnswered" }

func (FaultLineAnswered) RestsOn() domain.Ground { return domain.Clause("5.1.3") }

func (FaultLineAnswered) ticketEvent() {}

// Verdict is the outcome of a review.
type Verdict string

const (
	Verified Verdict = "VERIFIED" // 已核实
	Queried  Verdict = "QUERIED"  // 有疑问
)

// ReviewFaultLine is the command that verifies or queries a line of F1.
type ReviewFaultLine struct {
	Ticket  domain.TicketID    `json:"ticket,omitzero"`
	Line    domain.FaultLineID `json:"line,omitzero"`
	Verdict Verdict            `json:"verdict,omitzero"`
	Note    string             `json:"note,omitzero"`
	By      string             `json:"by,omitzero"`
}

// ReviewFaultLine verifies or queries a line. Who recorded a line does not
// review it: the attempt is refused and recorded. The same verdict again decides nothing,
// but the same question once it was answered: then it is asked again.
func (t *Ticket) ReviewFaultLine(c ReviewFaultLine, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(t.mustExist(c.Ticket),
		domain.CheckText("note", c.Note, c.Verdict == Queried)); err != nil {
		return nil, err
	}
	if c.Verdict != Verified && c.Verdict != Queried {
		return nil, domain.Invalid("verdict", string(c.Verdict), "unknown-verdict", "must be one of %v", "5.1.3",
			[]Verdict{Verified, Queried})
	}
	line, ok := t.line(c.Line)
	if !ok {
		return nil, t.noLine(c.Line)
	}
	if err := duties.Apart(duties.Decision{
		Matter: duties.Matter{
			Kind: duties.FaultLine, Document: string(c.Line), Decision: string(c.Verdict), Ticket: c.Ticket,
		},
		Field: "line", Clause: "4", By: c.By, On: today,
	}, duties.By(line.By).Did("was recorded by %s, who must not review it")); err != nil {
		return nil, err
	}
	_, answered := t.answers[c.Line]
	if was := t.reviews[c.Line]; was.Verdict == c.Verdict && was.Note == c.Note && !answered {
		return nil, nil
	}
	return []Event{
		FaultLineReviewed{Ticket: c.Ticket, Line: c.Line, Verdict: c.Verdict, Note: c.Note, On: today, By: c.By},
	}, nil
}

// AnswerQuery is what the team says to a query about a line of F1.
type AnswerQuery struct {
	Ticket domain.TicketID
	Line   domain.FaultLineID
	Answer string
	Paper  *attachment.Ref // may be absent
	By     string
}

// AnswerFaultLine answers what the tech group lead asks about a line, until that is
// verified. The same answer again decides nothing.
func (t *Ticket) AnswerFaultLine(c AnswerQuery, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(t.mustExist(c.Ticket), domain.CheckText("answer", c.Answer, true)); err != nil {
		return nil, err
	}
	if _, ok := t.line(c.Line); !ok {
		return nil, t.noLine(c.Line)
	}
	switch was := t.reviews[c.Line]; was.Verdict {
	case Queried:
	case Verified:
		return nil, domain.Conflict("line", string(c.Line), "verified-already",
			"was verified by %s on %s: nothing about it is open to be answered", "5.1.3", was.By, was.On)
	default:
		return nil, domain.Conflict("line", string(c.Line), "not-queried",
			"was not queried by the tech group lead: there is nothing to answer", "5.1.3")
	}
	e := FaultLineAnswered{Ticket: c.Ticket, Line: c.Line, Answer: c.Answer, Paper: c.Paper, On: today, By: c.By}
	if was, again := t.answers[c.Line]; again && was.Answer == e.Answer && was.paper() == e.paper() {
		return nil, nil
	}
	return []Event{e}, nil
}

// paper is what bears the answer out; the zero value if nothing does.
func (e FaultLineAnswered) paper() (ref attachment.Ref) {
	if e.Paper != nil {
		ref = *e.Paper
	}
	return ref
}

func (t *Ticket) line(id domain.FaultLineID) (FaultRecorded, bool) {
	for _, l := range t.lines {
		if l.Line == id {
			return l, true
		}
	}
	return FaultRecorded{}, false
}

// noLine is the refusal of a line that is not on the ticket.
func (t *Ticket) noLine(id domain.FaultLineID) error {
	return domain.NotFound("line", string(id), "unknown-line", "is not a line of this ticket").
		Among(domain.Each(t.lines, func(l FaultRecorded) domain.NamedID {
			return domain.NamedID{ID: string(l.Line), Name: l.Device}
		}))
}

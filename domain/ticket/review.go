package ticket

import (
	"aftersales-ledger/domain"
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
// review it: the attempt is refused and recorded. The same verdict again decides nothing.
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
		return nil, domain.NotFound("line", string(c.Line), "unknown-line", "is not a line of this ticket")
	}
	if err := duties.Apart(duties.Decision{
		Matter: duties.Matter{
			Kind: duties.FaultLine, Document: string(c.Line), Decision: string(c.Verdict), Ticket: c.Ticket,
		},
		Field: "line", Clause: "4", By: c.By, On: today,
	}, duties.By(line.By).Did("was recorded by %s, who must not review it")); err != nil {
		return nil, err
	}
	if was := t.reviews[c.Line]; was.Verdict == c.Verdict && was.Note == c.Note {
		return nil, nil
	}
	return []Event{
		FaultLineReviewed{Ticket: c.Ticket, Line: c.Line, Verdict: c.Verdict, Note: c.Note, On: today, By: c.By},
	}, nil
}

func (t *Ticket) line(id domain.FaultLineID) (FaultRecorded, bool) {
	for _, l := range t.lines {
		if l.Line == id {
			return l, true
		}
	}
	return FaultRecorded{}, false
}

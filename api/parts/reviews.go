package parts

import (
	"context"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"

	"aftersales-ledger/api/bulk"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/projections/match"
)

type reviewInput struct {
	kit.CommandHeaders
	Ticket string `path:"ticket"`
	Line   string `path:"line"`
	Body   struct {
		Verdict string `json:"verdict" enum:"VERIFIED,QUERIED"`
		Note    string `json:"note,omitempty" doc:"What is asked, of a queried line"`
	}
}

type answerInput struct {
	kit.CommandHeaders
	Ticket string `path:"ticket"`
	Line   string `path:"line"`
	Body   struct {
		Answer string `json:"answer" doc:"To what the tech group lead asks"`
		Paper  string `json:"paper,omitempty" doc:"SHA-256 of an attachment that bears it out"`
	}
}

// lineToReview names one line of F1.
type lineToReview struct {
	Ticket string `json:"ticket" example:"T-2026-0001"`
	Line   string `json:"line" example:"F1-0007"`
}

type reviewsInput struct {
	kit.BulkHeaders
	Body struct {
		Lines   []lineToReview `json:"lines" minItems:"1" maxItems:"1000"`
		Verdict string         `json:"verdict" enum:"VERIFIED,QUERIED"`
		Note    string         `json:"note,omitempty" doc:"What is asked, of queried lines"`
	}
}

// ReviewedLine is what became of one line in a bulk review.
type ReviewedLine struct {
	Ticket  string `json:"ticket"`
	Line    string `json:"line"`
	Outcome string `json:"outcome" enum:"REVIEWED,UNCHANGED,REFUSED" doc:"UNCHANGED: the line has this verdict already"`
	Code    string `json:"code,omitempty" doc:"Stable name of the rule that refused it"`
	Problem string `json:"problem,omitempty" doc:"Why it was refused"`

	OpenFindings []match.OpenFinding `json:"openFindings,omitempty" doc:"Open findings about the line, or a document that names it"`
}

// ReviewedLines is what became of a bulk review.
type ReviewedLines struct {
	Reviewed  int            `json:"reviewed"`
	Unchanged int            `json:"unchanged"`
	Refused   int            `json:"refused"`
	Position  uint64         `json:"position,omitempty" doc:"Log position; a query given it as 'after' shows the reviews"`
	Lines     []ReviewedLine `json:"lines"`

	WithFindings   int  `json:"withFindings" doc:"Of the reviewed and the unchanged, those about which findings are open"`
	FindingsUnread bool `json:"findingsUnread,omitempty" doc:"The reviews are recorded, but the figures could not be read: ask for the findings"`
}

func (s *service) reviews() {
	kit.Command(s.Service, "/v1/tickets/{ticket}/fault-lines/{line}/review", "review-fault-line",
		"Verify or query a line of F1 (5.1.3); never by who recorded it. Open findings about it do not keep it from being verified: the answer, the list and the paper say them", kit.MayReviewFaults,
		func(ctx context.Context, in *reviewInput) (kit.ReviewReceipt, error) {
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), ticket.ReviewFaultLine{
				Ticket: domain.TicketID(in.Ticket), Line: domain.FaultLineID(in.Line), Verdict: ticket.Verdict(in.Body.Verdict),
				Note: in.Body.Note,
			}, (*ticket.Ticket).ReviewFaultLine)
			if err != nil {
				return kit.ReviewReceipt{}, err
			}
			return s.Reviewed(ctx, kit.ReceiptOf(in.Line, o), domain.FaultLineID(in.Line)), nil
		})
	kit.Command(s.Service, "/v1/tickets/{ticket}/fault-lines/{line}/answer", "answer-fault-line",
		"Answer a query about a line of F1 (5.1.3): the line then waits for its review again", kit.MayRecordFaults,
		func(ctx context.Context, in *answerInput) (kit.Receipt, error) {
			o, err := s.Ledger(ctx).AnswerFaultLine(ctx, in.Request(ctx), ledger.AnswerFaultLine{
				Ticket: domain.TicketID(in.Ticket), Line: domain.FaultLineID(in.Line), Answer: in.Body.Answer,
				Paper: attachment.Digest(in.Body.Paper),
			})
			return kit.ReceiptOf(in.Line, o), err
		})
	kit.Command(s.Service, "/v1/fault-lines/reviews", "review-fault-lines",
		"Verify or query many lines of F1, each with its own outcome (5.1.3)", kit.MayReviewFaults, s.reviewAll)
}

// reviewAll reviews lines, each with its own outcome; a line that is listed twice
// is refused the second time.
func (s *service) reviewAll(ctx context.Context, in *reviewsInput) (out ReviewedLines, err error) {
	seen := make(map[string]bool)
	out.Position, err = bulk.Each(in.Body.Lines, func(l lineToReview) (eventstore.Outcome, error) {
		if seen[l.Line] {
			return eventstore.Outcome{}, domain.Invalid("line", l.Line, "line-twice", "is listed twice in this review", "5.1.3")
		}
		seen[l.Line] = true
		r := in.Request(ctx)
		r.Key += "/" + l.Line
		return ledger.Do(ctx, s.Ledger(ctx), r, ticket.ReviewFaultLine{
			Ticket: domain.TicketID(l.Ticket), Line: domain.FaultLineID(l.Line), Verdict: ticket.Verdict(in.Body.Verdict),
			Note: in.Body.Note,
		}, (*ticket.Ticket).ReviewFaultLine)
	}, func(l lineToReview, o eventstore.Outcome, refusal *domain.Rejection) {
		row := ReviewedLine{Ticket: l.Ticket, Line: l.Line, Outcome: "REVIEWED"}
		switch {
		case refusal != nil:
			row.Outcome, row.Code, row.Problem = "REFUSED", refusal.Code, s.Refusal(ctx, refusal)
			out.Refused++
		case len(o.Events) == 0:
			row.Outcome = "UNCHANGED"
			out.Unchanged++
		default:
			out.Reviewed++
		}
		out.Lines = append(out.Lines, row)
	})
	if err == nil {
		s.sayOpen(ctx, &out)
	}
	return out, err
}

// sayOpen says of every line that was reviewed what is open about it.
func (s *service) sayOpen(ctx context.Context, out *ReviewedLines) {
	var lines []domain.FaultLineID
	for _, l := range out.Lines {
		if l.Outcome != "REFUSED" {
			lines = append(lines, domain.FaultLineID(l.Line))
		}
	}
	var open map[domain.FaultLineID][]match.Finding
	open, out.FindingsUnread = s.OpenOfLines(ctx, lines, out.Position)
	for i := range out.Lines {
		l := &out.Lines[i]
		if found := open[domain.FaultLineID(l.Line)]; len(found) > 0 && l.Outcome != "REFUSED" {
			l.OpenFindings = match.OpenFindings(found)
			out.WithFindings++
		}
	}
}

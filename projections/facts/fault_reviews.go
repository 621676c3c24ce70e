package facts

import (
	_ "embed"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/ticket"
)

//go:embed fault_reviews.sql
var faultReviewsSQL string

// faultReviewFacts are the reviews of lines of F1.
type faultReviewFacts struct {
	key       keyColumns
	faultLine textColumn
	ticket    textColumn
	step      textColumn
	verdict   textColumn
	note      textColumn
	onDate    dateColumn
}

func newFaultReviewFacts() *faultReviewFacts {
	t := newTable("fault_reviews", faultReviewsSQL)
	return &faultReviewFacts{
		key: newKeyColumns(t), faultLine: t.text("fault_line"), ticket: t.text("ticket"), step: t.text("step"),
		verdict: t.text("verdict"), note: t.text("note"), onDate: t.date("on_date"),
	}
}

func (f *faultReviewFacts) add(r *Recorded, e ticket.Event) error {
	switch e := e.(type) {
	case ticket.FaultLineReviewed:
		f.append(r, e.Line, e.Ticket, "REVIEWED", e.Verdict, e.Note, e.On)
		return nil
	case ticket.FaultLineReviewRefused:
		f.append(r, e.Line, e.Ticket, "REFUSED", e.Verdict, e.Reason, e.On)
		return nil
	case ticket.TicketRegistered, ticket.TeamNotified, ticket.FaultRecorded, ticket.TicketAccepted, ticket.ArrivedOnSite, ticket.ArrivalWithdrawn, ticket.ResolutionRecorded,
		ticket.TicketClosed, ticket.TicketReopened, ticket.CoverageOverridden, ticket.TicketEscalated, ticket.EscalationOpinionGiven,
		ticket.EscalationFollowUpNoted, ticket.EscalationClosed, ticket.TicketDecisionRefused:
		return nil
	}
	return unmapped(r, f.key.table)
}

func (f *faultReviewFacts) append(r *Recorded, l domain.FaultLineID, t domain.TicketID, step string, v ticket.Verdict, note string, on calendar.Date) {
	f.key.begin(r, 0)
	f.faultLine.add(string(l))
	f.ticket.add(string(t))
	f.step.add(step)
	f.verdict.add(string(v))
	f.note.add(note)
	f.onDate.add(on)
}

package facts

import "aftersales-ledger/domain/ticket"

// ticket gives the rows of an event of a ticket: one each, and where it lies.
func (f *Facts) ticket(r *Recorded, e ticket.Event) error {
	switch e := e.(type) {
	case ticket.TicketRegistered:
		f.tickets.add(r, ticketRow{ticket: e.Ticket, step: "REGISTERED", at: e.RegisteredAt, registered: e})
		f.places.add(r, ticketPlace, string(e.Ticket), e.Project, e.Center)
	case ticket.TeamNotified:
		f.tickets.add(r, ticketRow{ticket: e.Ticket, step: "NOTIFIED", at: e.NotifiedAt, coverage: e.Coverage})
	case ticket.TicketAccepted:
		f.tickets.add(r, ticketRow{ticket: e.Ticket, step: "ACCEPTED", at: e.AcceptedAt, technician: e.Technician})
	case ticket.ArrivedOnSite:
		f.tickets.add(r, ticketRow{ticket: e.Ticket, step: "ARRIVED", at: e.ArrivedAt, technician: e.Technician})
	case ticket.ArrivalWithdrawn:
		f.tickets.add(r, ticketRow{
			ticket: e.Ticket, step: "ARRIVAL_WITHDRAWN", at: e.ArrivedAt, technician: e.Technician, note: e.Reason,
		})
	case ticket.ResolutionRecorded:
		f.tickets.add(r, ticketRow{
			ticket: e.Ticket, step: "RESOLVED", at: e.ResolvedAt, how: string(e.How), note: e.Note,
		})
	case ticket.TicketClosed:
		f.tickets.add(r, ticketRow{ticket: e.Ticket, step: "CLOSED", at: e.ClosedAt, note: e.Note})
	case ticket.TicketReopened:
		f.tickets.add(r, ticketRow{ticket: e.Ticket, step: "REOPENED", at: e.ReopenedAt, note: e.Reason})
	case ticket.CoverageOverridden:
		f.tickets.add(r, ticketRow{
			ticket: e.Ticket, step: "COVERAGE_OVERRIDDEN", at: e.OverriddenAt, coverage: e.Coverage, how: string(e.What),
			was: e.Was, now: e.Now, note: e.Reason,
		})
	case ticket.FaultRecorded:
		f.faultLines.add(r, &e)
	case ticket.FaultLineReviewed:
		f.faultReviews.add(r,
			faultReviewRow{faultLine: e.Line, ticket: e.Ticket, step: "REVIEWED", verdict: e.Verdict, note: e.Note, on: e.On})
	case ticket.FaultLineAnswered:
		answer := faultReviewRow{faultLine: e.Line, ticket: e.Ticket, step: "ANSWERED", note: e.Answer, on: e.On}
		if e.Paper != nil {
			answer.paper = e.Paper.SHA256
		}
		f.faultReviews.add(r, answer)
	case ticket.TicketEscalated:
		f.escalations.add(r, escalationRow{
			ticket: e.Ticket, escalation: e.Escalation, step: "ESCALATED", at: e.EscalatedAt, first: e, text: e.Matter, by: e.By,
		})
	case ticket.EscalationOpinionGiven:
		f.escalations.add(r, escalationRow{
			ticket: e.Ticket, escalation: e.Escalation, step: "OPINION", at: e.GivenAt, role: e.Role,
			text: e.Opinion, by: e.By,
		})
	case ticket.EscalationFollowUpNoted:
		f.escalations.add(r, escalationRow{
			ticket: e.Ticket, escalation: e.Escalation, step: "FOLLOW_UP", at: e.NotedAt, text: e.Note, by: e.By,
		})
	case ticket.EscalationClosed:
		f.escalations.add(r, escalationRow{
			ticket: e.Ticket, escalation: e.Escalation, step: "CLOSED", at: e.ClosedAt, text: e.Outcome, by: e.By,
		})
	default:
		return unmapped(r)
	}
	return nil
}

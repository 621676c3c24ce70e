package api

import (
	"context"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/ticket"
)

type acceptTicketInput struct {
	CommandHeaders
	Ticket string `path:"ticket"`
	Body   struct {
		AcceptedAt string `json:"acceptedAt" example:"2026-06-18T09:45:00+08:00"`
		Technician string `json:"technician,omitempty" doc:"Who goes; the caller if absent"`
	}
}

type arriveInput struct {
	CommandHeaders
	Ticket string `path:"ticket"`
	Body   struct {
		ArrivedAt  string `json:"arrivedAt" example:"2026-06-18T14:05:00+08:00"`
		Technician string `json:"technician,omitempty" doc:"Who arrived; the caller if absent"`
	}
}

type resolveInput struct {
	CommandHeaders
	Ticket string `path:"ticket"`
	Body   struct {
		ResolvedAt string `json:"resolvedAt" example:"2026-06-18T15:00:00+08:00"`
		How        string `json:"how" enum:"ON_SITE,REPLACED,PHONE,WORK_DONE,NOTHING_FOUND"`
		Note       string `json:"note,omitempty"`
	}
}

type closeTicketInput struct {
	CommandHeaders
	Ticket string `path:"ticket"`
	Body   struct {
		ClosedAt string `json:"closedAt" example:"2026-06-19T10:00:00+08:00"`
		Note     string `json:"note,omitempty" doc:"What the owner or the center said"`
	}
}

type reopenTicketInput struct {
	CommandHeaders
	Ticket string `path:"ticket"`
	Body   struct {
		ReopenedAt string `json:"reopenedAt" example:"2026-06-20T10:00:00+08:00"`
		Reason     string `json:"reason" example:"再次黑屏"`
	}
}

type withdrawArrivalInput struct {
	CommandHeaders
	Ticket string `path:"ticket"`
	Body   struct {
		ArrivedAt string `json:"arrivedAt" example:"2026-06-18T14:05:00+08:00" doc:"As it was entered"`
		Instead   string `json:"instead,omitempty" example:"2026-06-18T16:05:00+08:00" doc:"When it was; absent: nobody arrived"`
		Reason    string `json:"reason" example:"误录"`
	}
}

type overrideCoverageInput struct {
	CommandHeaders
	Ticket string `path:"ticket"`
	Body   struct {
		What   string `json:"what" enum:"BEARER,TRAVEL,CATEGORY,DEADLINE"`
		Value  string `json:"value" example:"CENTER" doc:"BEARER: DEPARTMENT or CENTER; TRAVEL: CHARGED or FREE; CATEGORY: EMERGENCY or ORDINARY; DEADLINE: an instant, or NONE"`
		Reason string `json:"reason" example:"现场确认系装修破坏"`
	}
}

func (s *server) ticketCourse() {
	command(s, "/v1/tickets/{ticket}/acceptance", "accept-ticket", "Take a ticket up (5.1.2)", mayWorkTickets,
		func(ctx context.Context, in *acceptTicketInput) (Receipt, error) {
			var p parser
			c := ticket.Accept{Ticket: domain.TicketID(in.Ticket), AcceptedAt: p.instant("acceptedAt", in.Body.AcceptedAt), Technician: in.Body.Technician}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.AcceptTicket(ctx, in.request(ctx), c)
			return receipt(in.Ticket, o), err
		})

	command(s, "/v1/tickets/{ticket}/arrivals", "arrive-on-site", "Record a technician on site: the first arrival stops the clock (5.4)", mayWorkTickets,
		func(ctx context.Context, in *arriveInput) (Receipt, error) {
			var p parser
			c := ticket.Arrive{Ticket: domain.TicketID(in.Ticket), ArrivedAt: p.instant("arrivedAt", in.Body.ArrivedAt), Technician: in.Body.Technician}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.ArriveOnSite(ctx, in.request(ctx), c)
			return receipt(in.Ticket, o), err
		})

	command(s, "/v1/tickets/{ticket}/arrivals/withdrawal", "withdraw-arrival", "Take an arrival back that was entered by mistake, with a reason that stays visible; never by who arrived or entered it (5.4)", mayOverrideCoverage,
		func(ctx context.Context, in *withdrawArrivalInput) (Receipt, error) {
			var p parser
			c := ticket.WithdrawArrival{Ticket: domain.TicketID(in.Ticket), ArrivedAt: p.instant("arrivedAt", in.Body.ArrivedAt), Reason: in.Body.Reason}
			if in.Body.Instead != "" {
				c.Instead = p.instant("instead", in.Body.Instead)
			}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.WithdrawArrival(ctx, in.request(ctx), c)
			return receipt(in.Ticket, o), err
		})

	command(s, "/v1/tickets/{ticket}/resolution", "resolve-ticket", "Record how a need was met, in agreement with F1 (5.1.3)", mayWorkTickets,
		func(ctx context.Context, in *resolveInput) (Receipt, error) {
			var p parser
			c := ticket.Resolve{
				Ticket: domain.TicketID(in.Ticket), ResolvedAt: p.instant("resolvedAt", in.Body.ResolvedAt), How: ticket.Resolution(in.Body.How), Note: in.Body.Note,
			}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.ResolveTicket(ctx, in.request(ctx), c)
			return receipt(in.Ticket, o), err
		})

	command(s, "/v1/tickets/{ticket}/closing", "close-ticket", "End a ticket that is resolved (5.1.3)", mayCloseTickets,
		func(ctx context.Context, in *closeTicketInput) (Receipt, error) {
			var p parser
			c := ticket.Close{Ticket: domain.TicketID(in.Ticket), ClosedAt: p.instant("closedAt", in.Body.ClosedAt), Note: in.Body.Note}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.CloseTicket(ctx, in.request(ctx), c)
			return receipt(in.Ticket, o), err
		})

	command(s, "/v1/tickets/{ticket}/reopening", "reopen-ticket", "Take a resolution back: the need was not met (5.1.3)", mayCloseTickets,
		func(ctx context.Context, in *reopenTicketInput) (Receipt, error) {
			var p parser
			c := ticket.Reopen{Ticket: domain.TicketID(in.Ticket), ReopenedAt: p.instant("reopenedAt", in.Body.ReopenedAt), Reason: in.Body.Reason}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.ReopenTicket(ctx, in.request(ctx), c)
			return receipt(in.Ticket, o), err
		})

	command(s, "/v1/tickets/{ticket}/coverage-overrides", "override-coverage", "Put another value in place of one frozen at notification, with a reason that stays visible (5.4)", mayOverrideCoverage,
		func(ctx context.Context, in *overrideCoverageInput) (Receipt, error) {
			o, err := s.deps.Ledger.OverrideCoverage(ctx, in.request(ctx), ticket.OverrideCoverage{
				Ticket: domain.TicketID(in.Ticket), What: ticket.CoverageItem(in.Body.What), Value: in.Body.Value, Reason: in.Body.Reason,
			})
			return receipt(in.Ticket, o), err
		})
}

type escalateInput struct {
	CommandHeaders
	Ticket string `path:"ticket"`
	Body   struct {
		Escalation    string `json:"escalation,omitempty" example:"ES-1" doc:"Number, unique in the ticket; derived from the Idempotency-Key if absent"`
		Reason        string `json:"reason" enum:"LEFTOVER_DEFECT,IMPORTANT"`
		ComplaintRisk bool   `json:"complaintRisk,omitempty" doc:"A complaint is likely; always so of a leftover defect that is escalated"`
		Matter        string `json:"matter" example:"单元门漏装闭门器，业主多次反映"`
		EscalatedAt   string `json:"escalatedAt" example:"2026-06-18T11:00:00+08:00"`
	}
}

type opinionInput struct {
	CommandHeaders
	Ticket     string `path:"ticket"`
	Escalation string `path:"escalation"`
	Body       struct {
		Opinion string `json:"opinion" example:"同意补装"`
		GivenAt string `json:"givenAt" example:"2026-06-18T17:00:00+08:00"`
	}
}

type escalationFollowUpInput struct {
	CommandHeaders
	Ticket     string `path:"ticket"`
	Escalation string `path:"escalation"`
	Body       struct {
		Note    string `json:"note" example:"闭门器已发货"`
		NotedAt string `json:"notedAt" example:"2026-06-20T09:00:00+08:00"`
	}
}

type closeEscalationInput struct {
	CommandHeaders
	Ticket     string `path:"ticket"`
	Escalation string `path:"escalation"`
	Body       struct {
		Outcome  string `json:"outcome" example:"已补装，业主认可"`
		ClosedAt string `json:"closedAt" example:"2026-06-25T09:00:00+08:00"`
	}
}

func (s *server) escalations() {
	command(s, "/v1/tickets/{ticket}/escalations", "escalate", "Put a matter before the HQ affairs supervisor and the department manager (5.1.2)", mayEscalate,
		func(ctx context.Context, in *escalateInput) (Receipt, error) {
			var p parser
			b, r := in.Body, in.request(ctx)
			if b.Escalation == "" {
				b.Escalation = r.NewID("ES")
			}
			c := ticket.Escalate{
				Ticket: domain.TicketID(in.Ticket), Escalation: domain.EscalationID(b.Escalation), Reason: ticket.EscalationReason(b.Reason),
				ComplaintRisk: b.ComplaintRisk, Matter: b.Matter, EscalatedAt: p.instant("escalatedAt", b.EscalatedAt),
			}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.Escalate(ctx, r, c)
			return receipt(b.Escalation, o), err
		})

	command(s, "/v1/tickets/{ticket}/escalations/{escalation}/opinions", "give-opinion", "Give one's opinion on an escalation (5.1.2)", mayGiveOpinions,
		func(ctx context.Context, in *opinionInput) (Receipt, error) {
			var p parser
			c := ticket.GiveOpinion{
				Ticket: domain.TicketID(in.Ticket), Escalation: domain.EscalationID(in.Escalation), Opinion: in.Body.Opinion, GivenAt: p.instant("givenAt", in.Body.GivenAt),
			}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.GiveOpinion(ctx, in.request(ctx), c)
			return receipt(in.Escalation, o), err
		})

	command(s, "/v1/tickets/{ticket}/escalations/{escalation}/follow-ups", "follow-up-escalation", "Note a step towards an escalation's closure (5.1.2)", mayFollowEscalations,
		func(ctx context.Context, in *escalationFollowUpInput) (Receipt, error) {
			var p parser
			c := ticket.FollowUp{
				Ticket: domain.TicketID(in.Ticket), Escalation: domain.EscalationID(in.Escalation), Note: in.Body.Note, NotedAt: p.instant("notedAt", in.Body.NotedAt),
			}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.FollowUpEscalation(ctx, in.request(ctx), c)
			return receipt(in.Escalation, o), err
		})

	command(s, "/v1/tickets/{ticket}/escalations/{escalation}/closing", "close-escalation", "End an escalation on which both have given their opinions (5.1.2)", mayFollowEscalations,
		func(ctx context.Context, in *closeEscalationInput) (Receipt, error) {
			var p parser
			c := ticket.CloseEscalation{
				Ticket: domain.TicketID(in.Ticket), Escalation: domain.EscalationID(in.Escalation), Outcome: in.Body.Outcome, ClosedAt: p.instant("closedAt", in.Body.ClosedAt),
			}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.CloseEscalation(ctx, in.request(ctx), c)
			return receipt(in.Escalation, o), err
		})
}

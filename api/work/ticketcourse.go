package work

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore/ledger"
)

type acceptTicketInput struct {
	kit.CommandHeaders
	Ticket string `path:"ticket"`
	Body   struct {
		AcceptedAt string `json:"acceptedAt" example:"2026-06-18T09:45:00+08:00"`
		Technician string `json:"technician,omitempty" doc:"Who goes; the caller if absent"`
	}
}

type arriveInput struct {
	kit.CommandHeaders
	Ticket string `path:"ticket"`
	Body   struct {
		ArrivedAt  string `json:"arrivedAt" example:"2026-06-18T14:05:00+08:00"`
		Technician string `json:"technician,omitempty" doc:"Who arrived; the caller if absent"`
	}
}

type resolveInput struct {
	kit.CommandHeaders
	Ticket string `path:"ticket"`
	Body   struct {
		ResolvedAt string `json:"resolvedAt" example:"2026-06-18T15:00:00+08:00"`
		How        string `json:"how" enum:"ON_SITE,REPLACED,PHONE,WORK_DONE,NOTHING_FOUND"`
		Note       string `json:"note,omitempty"`
	}
}

type closeTicketInput struct {
	kit.CommandHeaders
	Ticket string `path:"ticket"`
	Body   struct {
		ClosedAt string `json:"closedAt" example:"2026-06-19T10:00:00+08:00"`
		Note     string `json:"note,omitempty" doc:"What the owner or the center said"`
	}
}

type reopenTicketInput struct {
	kit.CommandHeaders
	Ticket string `path:"ticket"`
	Body   struct {
		ReopenedAt string `json:"reopenedAt" example:"2026-06-20T10:00:00+08:00"`
		Reason     string `json:"reason" example:"再次黑屏"`
	}
}

type withdrawArrivalInput struct {
	kit.CommandHeaders
	Ticket string `path:"ticket"`
	Body   struct {
		ArrivedAt string `json:"arrivedAt" example:"2026-06-18T14:05:00+08:00" doc:"As it was entered"`
		Instead   string `json:"instead,omitempty" example:"2026-06-18T16:05:00+08:00" doc:"When it was; absent: nobody arrived"`
		Reason    string `json:"reason" example:"误录"`
	}
}

type overrideCoverageInput struct {
	kit.CommandHeaders
	Ticket string `path:"ticket"`
	Body   struct {
		What   string `json:"what" enum:"BEARER,TRAVEL,CATEGORY,DEADLINE"`
		Value  string `json:"value" example:"CENTER" doc:"BEARER: DEPARTMENT or CENTER; TRAVEL: CHARGED or FREE; CATEGORY: EMERGENCY or ORDINARY; DEADLINE: an instant, or NONE"`
		Reason string `json:"reason" example:"现场确认系装修破坏"`
	}
}

func (s *service) ticketCourse() {
	kit.Command(s.Service, "/v1/tickets/{ticket}/acceptance", "accept-ticket", "Take a ticket up (5.1.2)",
		kit.MayWorkTickets,
		func(ctx context.Context, in *acceptTicketInput) (kit.Receipt, error) {
			var p kit.Parser
			c := ticket.Accept{
				Ticket: domain.TicketID(in.Ticket), AcceptedAt: p.Instant("acceptedAt", in.Body.AcceptedAt),
				Technician: in.Body.Technician,
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*ticket.Ticket).Accept)
			return kit.ReceiptOf(in.Ticket, o), err
		})

	kit.Command(s.Service, "/v1/tickets/{ticket}/arrivals", "arrive-on-site",
		"Record a technician on site: the first arrival stops the clock (5.4)", kit.MayWorkTickets,
		func(ctx context.Context, in *arriveInput) (kit.Receipt, error) {
			var p kit.Parser
			c := ticket.Arrive{
				Ticket: domain.TicketID(in.Ticket), ArrivedAt: p.Instant("arrivedAt", in.Body.ArrivedAt),
				Technician: in.Body.Technician,
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*ticket.Ticket).Arrive)
			return kit.ReceiptOf(in.Ticket, o), err
		})

	kit.Command(s.Service, "/v1/tickets/{ticket}/arrivals/withdrawal", "withdraw-arrival",
		"Take an arrival back that was entered by mistake, with a reason that stays visible; never by who arrived or entered it (5.4)", kit.MayOverrideCoverage,
		func(ctx context.Context, in *withdrawArrivalInput) (kit.Receipt, error) {
			var p kit.Parser
			c := ticket.WithdrawArrival{
				Ticket: domain.TicketID(in.Ticket), ArrivedAt: p.Instant("arrivedAt", in.Body.ArrivedAt), Reason: in.Body.Reason,
			}
			if in.Body.Instead != "" {
				c.Instead = p.Instant("instead", in.Body.Instead)
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*ticket.Ticket).WithdrawArrival)
			return kit.ReceiptOf(in.Ticket, o), err
		})

	kit.Command(s.Service, "/v1/tickets/{ticket}/resolution", "resolve-ticket",
		"Record how a need was met, in agreement with F1 (5.1.3)", kit.MayWorkTickets,
		func(ctx context.Context, in *resolveInput) (kit.Receipt, error) {
			var p kit.Parser
			c := ticket.Resolve{
				Ticket: domain.TicketID(in.Ticket), ResolvedAt: p.Instant("resolvedAt", in.Body.ResolvedAt),
				How: ticket.Resolution(in.Body.How), Note: in.Body.Note,
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*ticket.Ticket).Resolve)
			return kit.ReceiptOf(in.Ticket, o), err
		})

	kit.Command(s.Service, "/v1/tickets/{ticket}/closing", "close-ticket", "End a ticket that is resolved (5.1.3)",
		kit.MayCloseTickets,
		func(ctx context.Context, in *closeTicketInput) (kit.Receipt, error) {
			var p kit.Parser
			c := ticket.Close{
				Ticket: domain.TicketID(in.Ticket), ClosedAt: p.Instant("closedAt", in.Body.ClosedAt), Note: in.Body.Note,
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*ticket.Ticket).Close)
			return kit.ReceiptOf(in.Ticket, o), err
		})

	kit.Command(s.Service, "/v1/tickets/{ticket}/reopening", "reopen-ticket",
		"Take a resolution back: the need was not met (5.1.3)", kit.MayCloseTickets,
		func(ctx context.Context, in *reopenTicketInput) (kit.Receipt, error) {
			var p kit.Parser
			c := ticket.Reopen{
				Ticket: domain.TicketID(in.Ticket), ReopenedAt: p.Instant("reopenedAt", in.Body.ReopenedAt), Reason: in.Body.Reason,
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*ticket.Ticket).Reopen)
			return kit.ReceiptOf(in.Ticket, o), err
		})

	kit.Command(s.Service, "/v1/tickets/{ticket}/coverage-overrides", "override-coverage",
		"Put another value in place of one frozen at notification, with a reason that stays visible (5.4)", kit.MayOverrideCoverage,
		func(ctx context.Context, in *overrideCoverageInput) (kit.Receipt, error) {
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), ticket.OverrideCoverage{
				Ticket: domain.TicketID(in.Ticket), What: ticket.CoverageItem(in.Body.What), Value: in.Body.Value,
				Reason: in.Body.Reason,
			}, (*ticket.Ticket).OverrideCoverage)
			return kit.ReceiptOf(in.Ticket, o), err
		})
}

type escalateInput struct {
	kit.CommandHeaders
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
	kit.CommandHeaders
	Ticket     string `path:"ticket"`
	Escalation string `path:"escalation"`
	Body       struct {
		Opinion string `json:"opinion" example:"同意补装"`
		GivenAt string `json:"givenAt" example:"2026-06-18T17:00:00+08:00"`
	}
}

type escalationFollowUpInput struct {
	kit.CommandHeaders
	Ticket     string `path:"ticket"`
	Escalation string `path:"escalation"`
	Body       struct {
		Note    string `json:"note" example:"闭门器已发货"`
		NotedAt string `json:"notedAt" example:"2026-06-20T09:00:00+08:00"`
	}
}

type closeEscalationInput struct {
	kit.CommandHeaders
	Ticket     string `path:"ticket"`
	Escalation string `path:"escalation"`
	Body       struct {
		Outcome  string `json:"outcome" example:"已补装，业主认可"`
		ClosedAt string `json:"closedAt" example:"2026-06-25T09:00:00+08:00"`
	}
}

func (s *service) escalations() {
	kit.Command(s.Service, "/v1/tickets/{ticket}/escalations", "escalate",
		"Put a matter before the HQ affairs supervisor and the department manager (5.1.2)", kit.MayEscalate,
		func(ctx context.Context, in *escalateInput) (kit.Receipt, error) {
			var p kit.Parser
			b, r := in.Body, in.Request(ctx)
			if b.Escalation == "" {
				b.Escalation = r.NewID("ES")
			}
			c := ticket.Escalate{
				Ticket: domain.TicketID(in.Ticket), Escalation: domain.EscalationID(b.Escalation),
				Reason:        ticket.EscalationReason(b.Reason),
				ComplaintRisk: b.ComplaintRisk, Matter: b.Matter, EscalatedAt: p.Instant("escalatedAt", b.EscalatedAt),
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), r, c, (*ticket.Ticket).Escalate)
			return kit.ReceiptOf(b.Escalation, o), err
		})

	kit.Command(s.Service, "/v1/tickets/{ticket}/escalations/{escalation}/opinions", "give-opinion",
		"Give one's opinion on an escalation (5.1.2)", kit.MayGiveOpinions,
		func(ctx context.Context, in *opinionInput) (kit.Receipt, error) {
			var p kit.Parser
			c := ticket.GiveOpinion{
				Ticket: domain.TicketID(in.Ticket), Escalation: domain.EscalationID(in.Escalation), Opinion: in.Body.Opinion,
				GivenAt: p.Instant("givenAt", in.Body.GivenAt),
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*ticket.Ticket).GiveOpinion)
			return kit.ReceiptOf(in.Escalation, o), err
		})

	kit.Command(s.Service, "/v1/tickets/{ticket}/escalations/{escalation}/follow-ups", "follow-up-escalation",
		"Note a step towards an escalation's closure (5.1.2)", kit.MayFollowEscalations,
		func(ctx context.Context, in *escalationFollowUpInput) (kit.Receipt, error) {
			var p kit.Parser
			c := ticket.FollowUp{
				Ticket: domain.TicketID(in.Ticket), Escalation: domain.EscalationID(in.Escalation), Note: in.Body.Note,
				NotedAt: p.Instant("notedAt", in.Body.NotedAt),
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*ticket.Ticket).FollowUp)
			return kit.ReceiptOf(in.Escalation, o), err
		})

	kit.Command(s.Service, "/v1/tickets/{ticket}/escalations/{escalation}/closing", "close-escalation",
		"End an escalation on which both have given their opinions (5.1.2)", kit.MayFollowEscalations,
		func(ctx context.Context, in *closeEscalationInput) (kit.Receipt, error) {
			var p kit.Parser
			c := ticket.CloseEscalation{
				Ticket: domain.TicketID(in.Ticket), Escalation: domain.EscalationID(in.Escalation), Outcome: in.Body.Outcome,
				ClosedAt: p.Instant("closedAt", in.Body.ClosedAt),
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*ticket.Ticket).CloseEscalation)
			return kit.ReceiptOf(in.Escalation, o), err
		})
}

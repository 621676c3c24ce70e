package work

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore/ledger"
)

type registerTicketBody struct {
	Ticket       string `json:"ticket,omitempty" example:"T-2026-0001" doc:"Number on F0; derived from the Idempotency-Key if absent"`
	Project      string `json:"project" example:"P001"`
	Room         string `json:"room,omitempty" example:"3-1-1202"`
	Owner        string `json:"owner,omitempty"`
	Phone        string `json:"phone,omitempty"`
	Device       string `json:"device,omitempty" example:"室内分机"`
	Need         string `json:"need" example:"对讲无声"`
	RegisteredAt string `json:"registeredAt" example:"2026-06-18T09:30:00+08:00"`
}

type notifyInput struct {
	kit.CommandHeaders
	Ticket string `path:"ticket"`
	Body   struct {
		NotifiedAt string `json:"notifiedAt" example:"2026-06-18T09:40:00+08:00"`
		Category   string `json:"category" enum:"EMERGENCY,ORDINARY"`
	}
}

type recordFaultInput struct {
	kit.CommandHeaders
	Ticket string `path:"ticket"`
	Body   struct {
		Line         string           `json:"line,omitempty" example:"F1-0007" doc:"Number of the F1 line, unique in the company; derived from the Idempotency-Key if absent"`
		Device       string           `json:"device" example:"门口机"`
		Serial       string           `json:"serial,omitempty"`
		Location     string           `json:"location,omitempty"`
		Symptom      string           `json:"symptom" example:"黑屏"`
		Cause        string           `json:"cause" enum:"WEAR,HUMAN_DAMAGE,LIGHTNING,TYPHOON,FORCE_MAJEURE,UNKNOWN"`
		SolvedOnSite bool             `json:"solvedOnSite,omitempty"`
		Replacement  *replacementBody `json:"replacement,omitempty" doc:"The part that replaced the faulty one"`
		RecordedOn   string           `json:"recordedOn" example:"2026-06-18"`
	}
}

type replacementBody struct {
	Part      string `json:"part" example:"DS-700"`
	Quantity  string `json:"quantity" example:"1"`
	OldSerial string `json:"oldSerial,omitempty"`
	NewSerial string `json:"newSerial,omitempty"`
}

func (s *service) tickets() {
	kit.Command(s.Service, "/v1/tickets", "register-ticket", "Register a need on F0 (5.1.2)", kit.MayRegisterTickets,
		func(ctx context.Context, in *kit.CommandInput[registerTicketBody]) (kit.Receipt, error) {
			var p kit.Parser
			b, r := in.Body, in.Request(ctx)
			if b.Ticket == "" {
				b.Ticket = r.NewID("T")
			}
			c := ticket.Register{
				Ticket: domain.TicketID(b.Ticket), Project: domain.ProjectID(b.Project), Room: b.Room, Owner: b.Owner,
				Phone:  b.Phone,
				Device: b.Device, Need: b.Need, RegisteredAt: p.Instant("registeredAt", b.RegisteredAt),
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := s.Ledger(ctx).RegisterTicket(ctx, r, c)
			return kit.ReceiptOf(b.Ticket, o), err
		})

	kit.Command(s.Service, "/v1/tickets/{ticket}/notification", "notify-team",
		"Notify the team: the clock starts, coverage is frozen (5.1.2, 5.4)", kit.MayRegisterTickets,
		func(ctx context.Context, in *notifyInput) (kit.Receipt, error) {
			var p kit.Parser
			c := ledger.Notify{
				Ticket: domain.TicketID(in.Ticket), NotifiedAt: p.Instant("notifiedAt", in.Body.NotifiedAt),
				Category: policy.Category(in.Body.Category),
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := s.Ledger(ctx).NotifyTeam(ctx, in.Request(ctx), c)
			return kit.ReceiptOf(in.Ticket, o), err
		})

	kit.Command(s.Service, "/v1/tickets/{ticket}/fault-lines", "record-fault",
		"Write a line of the fault record F1 (5.1.3)", kit.MayRecordFaults,
		func(ctx context.Context, in *recordFaultInput) (kit.Receipt, error) {
			var p kit.Parser
			b, r := in.Body, in.Request(ctx)
			if b.Line == "" {
				b.Line = r.NewID("F1")
			}
			c := ticket.RecordFault{
				Ticket: domain.TicketID(in.Ticket), Line: domain.FaultLineID(b.Line), Device: b.Device, Serial: b.Serial,
				Location: b.Location, Symptom: b.Symptom, Cause: policy.Cause(b.Cause), SolvedOnSite: b.SolvedOnSite,
				RecordedOn: p.Date("recordedOn", b.RecordedOn),
			}
			if b.Replacement != nil {
				c.Replacement = &ticket.Replacement{
					Part: domain.PartCode(b.Replacement.Part), Quantity: p.Decimal("replacement.quantity", b.Replacement.Quantity),
					OldSerial: b.Replacement.OldSerial, NewSerial: b.Replacement.NewSerial,
				}
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := s.Ledger(ctx).RecordFault(ctx, r, c)
			return kit.ReceiptOf(b.Line, o), err
		})
}

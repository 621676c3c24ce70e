package money

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

type creditInput struct {
	kit.CommandHeaders
	Center string `path:"center"`
	Charge string `path:"charge"`
	Body   struct {
		Note   string `json:"note,omitempty" example:"HC-2026-0003" doc:"Number of the credit note; derived from the Idempotency-Key if absent"`
		Amount string `json:"amount" example:"1340.00" doc:"Gross"`
		Reason string `json:"reason"`
		On     string `json:"on" doc:"Business date"`
	}
}

type writeOffInput struct {
	kit.CommandHeaders
	Center string `path:"center"`
	Charge string `path:"charge"`
	Body   struct {
		WriteOff string `json:"writeOff,omitempty" doc:"Number of the request; derived from the Idempotency-Key if absent"`
		Amount   string `json:"amount"`
		Reason   string `json:"reason"`
	}
}

type decideWriteOffInput struct {
	kit.CommandHeaders
	Center   string `path:"center"`
	WriteOff string `path:"writeOff"`
	Body     kit.DecisionBody
}

type reallocateInput struct {
	kit.CommandHeaders
	Center  string `path:"center"`
	Payment string `path:"payment"`
	Body    struct {
		From []designationBody `json:"from" doc:"What the payment is to settle no longer"`
		To   []designationBody `json:"to,omitempty" doc:"What it is to settle instead; the rest stays unapplied"`
		On   string            `json:"on"`
	}
}

type refundInput struct {
	kit.CommandHeaders
	Center  string `path:"center"`
	Payment string `path:"payment"`
	Body    struct {
		Refund        string `json:"refund,omitempty" doc:"Number of the refund; derived from the Idempotency-Key if absent"`
		BankReference string `json:"bankReference" doc:"Of the outgoing transfer"`
		Amount        string `json:"amount"`
		Reason        string `json:"reason"`
		On            string `json:"on"`
	}
}

type bounceInput struct {
	kit.CommandHeaders
	Center  string `path:"center"`
	Payment string `path:"payment"`
	Body    struct {
		Reason string `json:"reason"`
		On     string `json:"on"`
	}
}

// corrections are what is done about charges and payments that stand: nothing
// is edited, each is a fact of its own.
func (s *service) corrections() {
	kit.Command(s.Service, "/v1/centers/{center}/charges/{charge}/credit-notes", "issue-credit-note",
		"Take a charge, or a part of it, back", kit.MayCredit,
		func(ctx context.Context, in *creditInput) (kit.Receipt, error) {
			var p kit.Parser
			b, r := in.Body, in.Request(ctx)
			if b.Note == "" {
				b.Note = r.NewID("HC")
			}
			c := account.IssueCreditNote{
				Note: domain.CreditNoteID(b.Note), Charge: domain.ChargeID(in.Charge), Center: domain.CenterID(in.Center),
				Amount: p.Amount("amount", b.Amount), Reason: b.Reason, On: p.Date("on", b.On),
			}
			return p.CarryOut(b.Note, func() (eventstore.Outcome, error) {
				return ledger.Do(ctx, s.Ledger(ctx), r, c, (*account.Account).IssueCreditNote)
			})
		})
	kit.Command(s.Service, "/v1/centers/{center}/charges/{charge}/write-offs", "request-write-off",
		"Ask to give a receivable up", kit.MayAskWriteOffs,
		func(ctx context.Context, in *writeOffInput) (kit.Receipt, error) {
			var p kit.Parser
			b, r := in.Body, in.Request(ctx)
			if b.WriteOff == "" {
				b.WriteOff = r.NewID("HX")
			}
			c := account.RequestWriteOff{
				WriteOff: domain.WriteOffID(b.WriteOff), Charge: domain.ChargeID(in.Charge), Center: domain.CenterID(in.Center),
				Amount: p.Amount("amount", b.Amount), Reason: b.Reason,
			}
			return p.CarryOut(b.WriteOff, func() (eventstore.Outcome, error) {
				return ledger.Do(ctx, s.Ledger(ctx), r, c, (*account.Account).RequestWriteOff)
			})
		})
	kit.Command(s.Service, "/v1/centers/{center}/write-offs/{writeOff}/decision", "decide-write-off",
		"Approve or reject a write-off", kit.MayWriteOff,
		func(ctx context.Context, in *decideWriteOffInput) (kit.Receipt, error) {
			c := account.DecideWriteOff{
				WriteOff: domain.WriteOffID(in.WriteOff), Center: domain.CenterID(in.Center), Approve: in.Body.Approve,
				Note: in.Body.Note,
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*account.Account).DecideWriteOff)
			return kit.ReceiptOf(in.WriteOff, o), err
		})
	kit.Command(s.Service, "/v1/centers/{center}/payments/{payment}/reallocations", "reallocate-payment",
		"Move money from charges to others", kit.MayBookPayments,
		func(ctx context.Context, in *reallocateInput) (kit.Receipt, error) {
			var p kit.Parser
			c := account.ReallocatePayment{
				Payment: domain.PaymentID(in.Payment), Center: domain.CenterID(in.Center),
				From: designations(&p, "from", in.Body.From), To: designations(&p, "to", in.Body.To), On: p.Date("on", in.Body.On),
			}
			return p.CarryOut(in.Payment, func() (eventstore.Outcome, error) {
				return ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*account.Account).ReallocatePayment)
			})
		})
	kit.Command(s.Service, "/v1/centers/{center}/payments/{payment}/refunds", "refund-payment",
		"Record unapplied money sent back", kit.MayBookPayments,
		func(ctx context.Context, in *refundInput) (kit.Receipt, error) {
			var p kit.Parser
			b, r := in.Body, in.Request(ctx)
			if b.Refund == "" {
				b.Refund = r.NewID("TK")
			}
			c := account.RefundPayment{
				Refund: domain.RefundID(b.Refund), Payment: domain.PaymentID(in.Payment), Center: domain.CenterID(in.Center),
				BankReference: b.BankReference, Amount: p.Amount("amount", b.Amount), Reason: b.Reason, On: p.Date("on", b.On),
			}
			return p.CarryOut(b.Refund, func() (eventstore.Outcome, error) { return s.Ledger(ctx).RefundPayment(ctx, r, c) })
		})
	kit.Command(s.Service, "/v1/centers/{center}/payments/{payment}/bounce", "bounce-payment",
		"Record a payment taken back by the bank", kit.MayBookPayments,
		func(ctx context.Context, in *bounceInput) (kit.Receipt, error) {
			var p kit.Parser
			c := account.BouncePayment{
				Payment: domain.PaymentID(in.Payment), Center: domain.CenterID(in.Center), Reason: in.Body.Reason,
				On: p.Date("on", in.Body.On),
			}
			return p.CarryOut(in.Payment, func() (eventstore.Outcome, error) {
				return ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*account.Account).BouncePayment)
			})
		})
}

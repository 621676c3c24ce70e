package api

import (
	"context"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/eventstore"
)

type creditInput struct {
	CommandHeaders
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
	CommandHeaders
	Center string `path:"center"`
	Charge string `path:"charge"`
	Body   struct {
		WriteOff string `json:"writeOff,omitempty" doc:"Number of the request; derived from the Idempotency-Key if absent"`
		Amount   string `json:"amount"`
		Reason   string `json:"reason"`
	}
}

// decisionBody approves or rejects what another submitted.
type decisionBody struct {
	Approve bool   `json:"approve"`
	Note    string `json:"note,omitempty" doc:"Required for a rejection"`
}

type decideWriteOffInput struct {
	CommandHeaders
	Center   string `path:"center"`
	WriteOff string `path:"writeOff"`
	Body     decisionBody
}

type reallocateInput struct {
	CommandHeaders
	Center  string `path:"center"`
	Payment string `path:"payment"`
	Body    struct {
		From []designationBody `json:"from" doc:"What the payment is to settle no longer"`
		To   []designationBody `json:"to,omitempty" doc:"What it is to settle instead; the rest stays unapplied"`
		On   string            `json:"on"`
	}
}

type refundInput struct {
	CommandHeaders
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
	CommandHeaders
	Center  string `path:"center"`
	Payment string `path:"payment"`
	Body    struct {
		Reason string `json:"reason"`
		On     string `json:"on"`
	}
}

// corrections are what is done about charges and payments that stand: nothing
// is edited, each is a fact of its own.
func (s *server) corrections() {
	command(s, "/v1/centers/{center}/charges/{charge}/credit-notes", "issue-credit-note", "Take a charge, or a part of it, back", mayCredit,
		func(ctx context.Context, in *creditInput) (Receipt, error) {
			var p parser
			b, r := in.Body, in.request(ctx)
			if b.Note == "" {
				b.Note = r.NewID("HC")
			}
			c := account.IssueCreditNote{
				Note: domain.CreditNoteID(b.Note), Charge: domain.ChargeID(in.Charge), Center: domain.CenterID(in.Center),
				Amount: p.amount("amount", b.Amount), Reason: b.Reason, On: p.date("on", b.On),
			}
			return p.carryOut(b.Note, func() (eventstore.Outcome, error) { return s.deps.Ledger.IssueCreditNote(ctx, r, c) })
		})
	command(s, "/v1/centers/{center}/charges/{charge}/write-offs", "request-write-off", "Ask to give a receivable up", mayAskWriteOffs,
		func(ctx context.Context, in *writeOffInput) (Receipt, error) {
			var p parser
			b, r := in.Body, in.request(ctx)
			if b.WriteOff == "" {
				b.WriteOff = r.NewID("HX")
			}
			c := account.RequestWriteOff{
				WriteOff: domain.WriteOffID(b.WriteOff), Charge: domain.ChargeID(in.Charge), Center: domain.CenterID(in.Center),
				Amount: p.amount("amount", b.Amount), Reason: b.Reason,
			}
			return p.carryOut(b.WriteOff, func() (eventstore.Outcome, error) { return s.deps.Ledger.RequestWriteOff(ctx, r, c) })
		})
	command(s, "/v1/centers/{center}/write-offs/{writeOff}/decision", "decide-write-off", "Approve or reject a write-off", mayWriteOff,
		func(ctx context.Context, in *decideWriteOffInput) (Receipt, error) {
			c := account.DecideWriteOff{
				WriteOff: domain.WriteOffID(in.WriteOff), Center: domain.CenterID(in.Center), Approve: in.Body.Approve, Note: in.Body.Note,
			}
			o, err := s.deps.Ledger.DecideWriteOff(ctx, in.request(ctx), c)
			return receipt(in.WriteOff, o), err
		})
	command(s, "/v1/centers/{center}/payments/{payment}/reallocations", "reallocate-payment", "Move money from charges to others", mayBookPayments,
		func(ctx context.Context, in *reallocateInput) (Receipt, error) {
			var p parser
			c := account.ReallocatePayment{
				Payment: domain.PaymentID(in.Payment), Center: domain.CenterID(in.Center),
				From: p.designations("from", in.Body.From), To: p.designations("to", in.Body.To), On: p.date("on", in.Body.On),
			}
			return p.carryOut(in.Payment, func() (eventstore.Outcome, error) {
				return s.deps.Ledger.ReallocatePayment(ctx, in.request(ctx), c)
			})
		})
	command(s, "/v1/centers/{center}/payments/{payment}/refunds", "refund-payment", "Record unapplied money sent back", mayBookPayments,
		func(ctx context.Context, in *refundInput) (Receipt, error) {
			var p parser
			b, r := in.Body, in.request(ctx)
			if b.Refund == "" {
				b.Refund = r.NewID("TK")
			}
			c := account.RefundPayment{
				Refund: domain.RefundID(b.Refund), Payment: domain.PaymentID(in.Payment), Center: domain.CenterID(in.Center),
				BankReference: b.BankReference, Amount: p.amount("amount", b.Amount), Reason: b.Reason, On: p.date("on", b.On),
			}
			return p.carryOut(b.Refund, func() (eventstore.Outcome, error) { return s.deps.Ledger.RefundPayment(ctx, r, c) })
		})
	command(s, "/v1/centers/{center}/payments/{payment}/bounce", "bounce-payment", "Record a payment taken back by the bank", mayBookPayments,
		func(ctx context.Context, in *bounceInput) (Receipt, error) {
			var p parser
			c := account.BouncePayment{
				Payment: domain.PaymentID(in.Payment), Center: domain.CenterID(in.Center), Reason: in.Body.Reason, On: p.date("on", in.Body.On),
			}
			return p.carryOut(in.Payment, func() (eventstore.Outcome, error) {
				return s.deps.Ledger.BouncePayment(ctx, in.request(ctx), c)
			})
		})
}

// carryOut executes a command whose values could all be read.
func (p *parser) carryOut(id string, execute func() (eventstore.Outcome, error)) (Receipt, error) {
	if p.err != nil {
		return Receipt{}, p.err
	}
	o, err := execute()
	return receipt(id, o), err
}

package money

import (
	"context"
	"fmt"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

type receivePaymentInput struct {
	kit.CommandHeaders
	Center string `path:"center"`
	Body   struct {
		BankReference string            `json:"bankReference" example:"ICBC-20260905-0001" doc:"The bank's serial number: one reference is one payment"`
		Payer         string            `json:"payer" example:"云栖花园物业服务中心"`
		Remark        string            `json:"remark,omitempty"`
		Amount        string            `json:"amount" example:"5000.00"`
		Currency      string            `json:"currency,omitempty" default:"CNY" doc:"Only CNY is booked"`
		ReceivedOn    string            `json:"receivedOn" example:"2026-09-05" doc:"Value date at the bank"`
		Designation   []designationBody `json:"designation,omitempty" doc:"What the payer says the money is for; the rest goes to the oldest due"`
		BankMovement
	}
}

// BankMovement tells a receipt from others under the same bank reference.
type BankMovement struct {
	OwnAccount string `json:"ownAccount,omitempty" maxLength:"64" doc:"Account of ours that the money came to (本方账号): a bank's reference is unique within it"`
	Place      int    `json:"place,omitempty" minimum:"0" maximum:"999" doc:"Among equal receipts under one reference, 2 for the second; absent for the first"`
	Apart      bool   `json:"apart,omitempty" doc:"A person vouches that the reference stands for several receipts, of which this is one that is not booked yet"`
}

func (m BankMovement) of(c account.ReceivePayment) account.ReceivePayment {
	c.OwnAccount, c.Place, c.Apart = bankref.PlainAccount(m.OwnAccount), m.Place, m.Apart
	return c
}

type designationBody struct {
	Charge string `json:"charge" example:"SF-2026-0012"`
	Amount string `json:"amount" example:"300.00"`
}

type allocatePaymentInput struct {
	kit.CommandHeaders
	Center  string `path:"center"`
	Payment string `path:"payment"`
	Body    struct {
		Lines []designationBody `json:"lines,omitempty" doc:"Charges to settle; absent: oldest due first"`
		On    string            `json:"on" example:"2026-09-06" doc:"From when the charges count as settled"`
	}
}

// PaymentReceipt answers a booked or allocated payment.
type PaymentReceipt struct {
	kit.Receipt
	Allocated           []AllocationLine `json:"allocated" doc:"Charges settled by this command"`
	PossibleDuplicateOf string           `json:"possibleDuplicateOf,omitempty" doc:"An earlier payment that looks alike; this one waits unapplied for a person"`
}

// AllocationLine is money that settled one charge.
type AllocationLine struct {
	Payment string `json:"payment"`
	Charge  string `json:"charge"`
	Amount  string `json:"amount"`
	On      string `json:"on" doc:"From when the charge counts as settled"`
	Rule    string `json:"rule" doc:"DESIGNATED or OLDEST_DUE_FIRST"`
}

func (s *service) payments() {
	kit.Command(s.Service, "/v1/centers/{center}/payments", "receive-payment",
		"Book money from a center and settle charges with it", kit.MayBookPayments,
		func(ctx context.Context, in *receivePaymentInput) (PaymentReceipt, error) {
			var p kit.Parser
			b := in.Body
			c := b.of(account.ReceivePayment{
				Center: domain.CenterID(in.Center), BankReference: b.BankReference, Payer: b.Payer, Remark: b.Remark,
				Amount: p.Amount("amount", b.Amount), ReceivedOn: p.Date("receivedOn", b.ReceivedOn),
				Designation: designations(&p, "designation", b.Designation),
			})
			if b.Currency != money.Currency {
				p.Fail("currency", domain.Invalid("currency", domain.Clip(b.Currency), "other-currency", "must be CNY", "Money"))
			}
			if p.Err != nil {
				return PaymentReceipt{}, p.Err
			}
			o, err := s.Ledger(ctx).ReceivePayment(ctx, in.Request(ctx), c)
			if err != nil {
				return PaymentReceipt{}, err
			}
			id, err := s.Ledger(ctx).PaymentOf(ctx, c)
			return paymentReceipt(string(id), o), err
		})

	kit.Command(s.Service, "/v1/centers/{center}/payments/{payment}/allocations", "allocate-payment",
		"Settle charges with unapplied money of a payment", kit.MayBookPayments,
		func(ctx context.Context, in *allocatePaymentInput) (PaymentReceipt, error) {
			var p kit.Parser
			c := account.AllocatePayment{
				Center: domain.CenterID(in.Center), Payment: domain.PaymentID(in.Payment),
				Lines: designations(&p, "lines", in.Body.Lines), On: p.Date("on", in.Body.On),
			}
			if p.Err != nil {
				return PaymentReceipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*account.Account).AllocatePayment)
			return paymentReceipt(in.Payment, o), err
		})
}

func designations(p *kit.Parser, field string, lines []designationBody) []account.Designation {
	var out []account.Designation
	for i, l := range lines {
		out = append(out, account.Designation{
			Charge: domain.ChargeID(l.Charge), Amount: p.Amount(fmt.Sprintf("%s[%d].amount", field, i), l.Amount),
		})
	}
	return out
}

func paymentReceipt(id string, o eventstore.Outcome) PaymentReceipt {
	return PaymentReceipt{
		Receipt: kit.ReceiptOf(id, o), Allocated: allocationLines(o), PossibleDuplicateOf: possibleDuplicate(o),
	}
}

// possibleDuplicate is the earlier payment that one that was booked looks like;
// empty where there is none.
func possibleDuplicate(o eventstore.Outcome) string {
	for _, e := range o.Events {
		if r, ok := e.(account.PaymentReceived); ok {
			return string(r.PossibleDuplicateOf)
		}
	}
	return ""
}

func allocationLines(o eventstore.Outcome) []AllocationLine {
	lines := []AllocationLine{}
	for _, e := range o.Events {
		a, ok := e.(account.PaymentAllocated)
		if !ok {
			continue
		}
		for _, l := range a.Lines {
			lines = append(lines,
				AllocationLine{
					Payment: string(a.Payment), Charge: string(l.Charge), Amount: l.Amount.String(), On: l.On.String(),
					Rule: string(a.Rule),
				})
		}
	}
	return lines
}

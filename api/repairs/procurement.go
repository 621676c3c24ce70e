package repairs

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/eventstore/ledger"
)

// RequisitionLine is one kind of material asked for.
type RequisitionLine struct {
	Part     string `json:"part" example:"DS-700"`
	Name     string `json:"name" example:"单元门口机"`
	Quantity string `json:"quantity" example:"2"`
	Estimate string `json:"estimate" example:"1560.00" doc:"Cost of all units together, yuan"`
	Purpose  string `json:"purpose" example:"备件"`
}

type requestMaterialBody struct {
	Requisition string            `json:"requisition,omitempty" example:"SQ-2026-001" doc:"Number of the requisition; derived from the Idempotency-Key if absent"`
	Project     string            `json:"project" example:"P001"`
	Lines       []RequisitionLine `json:"lines"`
}

type decideRequisitionInput struct {
	kit.CommandHeaders
	Requisition string `path:"requisition"`
	Body        kit.DecisionBody
}

type resubmitRequisitionInput struct {
	kit.CommandHeaders
	Requisition string `path:"requisition"`
	Body        struct {
		Lines []RequisitionLine `json:"lines,omitempty" doc:"Absent: as before"`
		Note  string            `json:"note" doc:"What was changed, or why it was right"`
	}
}

type orderPurchaseInput struct {
	kit.CommandHeaders
	Requisition string `path:"requisition"`
	Body        struct {
		Order      string        `json:"order,omitempty" example:"CG-1" doc:"Number of the order; derived from the Idempotency-Key if absent"`
		Supplier   string        `json:"supplier"`
		Lines      []orderedBody `json:"lines"`
		OrderedOn  string        `json:"orderedOn"`
		ExpectedOn string        `json:"expectedOn,omitempty"`
	}
}

type orderedBody struct {
	Part     string `json:"part"`
	Quantity string `json:"quantity"`
	Price    string `json:"price" doc:"Of all units together, yuan"`
}

type receivePurchaseInput struct {
	kit.CommandHeaders
	Requisition string `path:"requisition"`
	Body        struct {
		Receipt    string   `json:"receipt" example:"IN-2026-004" doc:"Number of the goods received note, unique in the depot"`
		Part       string   `json:"part"`
		Quantity   string   `json:"quantity"`
		Value      string   `json:"value" doc:"Cost of all units together, yuan"`
		Serials    []string `json:"serials,omitempty"`
		ReceivedOn string   `json:"receivedOn"`
	}
}

func (s *service) requisitions() {
	kit.Command(s.Service, "/v1/requisitions", "request-material", "Ask for material on a requisition (5.2.3)",
		kit.MayAskMaterial,
		func(ctx context.Context, in *kit.CommandInput[requestMaterialBody]) (kit.Receipt, error) {
			var p kit.Parser
			b, r := in.Body, in.Request(ctx)
			if b.Requisition == "" {
				b.Requisition = r.NewID("SQ")
			}
			c := requisition.Request{
				Requisition: domain.RequisitionID(b.Requisition), Project: domain.ProjectID(b.Project),
				Lines: requisitionLines(&p, b.Lines),
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := s.Ledger(ctx).RequestMaterial(ctx, r, c)
			return kit.ReceiptOf(b.Requisition, o), err
		})
	kit.Command(s.Service, "/v1/requisitions/{requisition}/decision", "decide-requisition",
		"Review, approve or reject a requisition at the gate of one's role: three reviews in any order, then the department manager (5.2.3)", kit.MayDecideMaterial,
		func(ctx context.Context, in *decideRequisitionInput) (kit.Receipt, error) {
			o, err := s.Ledger(ctx).DecideRequisition(ctx, in.Request(ctx), requisition.Decide{
				Requisition: domain.RequisitionID(in.Requisition), Approve: in.Body.Approve, Note: in.Body.Note,
			})
			return kit.ReceiptOf(in.Requisition, o), err
		})
	kit.Command(s.Service, "/v1/requisitions/{requisition}/resubmission", "resubmit-requisition",
		"Put a rejected requisition forward again (5.2.3)", kit.MayAskMaterial,
		func(ctx context.Context, in *resubmitRequisitionInput) (kit.Receipt, error) {
			var p kit.Parser
			c := requisition.Resubmit{
				Requisition: domain.RequisitionID(in.Requisition), Lines: requisitionLines(&p, in.Body.Lines), Note: in.Body.Note,
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*requisition.Requisition).Resubmit)
			return kit.ReceiptOf(in.Requisition, o), err
		})
	kit.Command(s.Service, "/v1/requisitions/{requisition}/orders", "order-purchase", "Order what was approved (5.2.3)",
		kit.MayPurchase,
		func(ctx context.Context, in *orderPurchaseInput) (kit.Receipt, error) {
			var p kit.Parser
			b, r := in.Body, in.Request(ctx)
			if b.Order == "" {
				b.Order = r.NewID("CG")
			}
			c := requisition.Order{
				Requisition: domain.RequisitionID(in.Requisition), Order: domain.OrderID(b.Order), Supplier: b.Supplier,
				OrderedOn: p.Date("orderedOn", b.OrderedOn), ExpectedOn: p.Date("expectedOn", b.ExpectedOn),
			}
			for i, l := range b.Lines {
				c.Lines = append(c.Lines, requisition.Ordered{
					Part: domain.PartCode(l.Part), Quantity: p.Decimal(fmt.Sprintf("lines[%d].quantity", i), l.Quantity),
					Price: p.Amount(fmt.Sprintf("lines[%d].price", i), l.Price),
				})
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), r, c, (*requisition.Requisition).Order)
			return kit.ReceiptOf(b.Order, o), err
		})
	kit.Command(s.Service, "/v1/requisitions/{requisition}/receipts", "receive-purchase",
		"Take delivery of what was ordered, into the project's stock (5.2.3)", kit.MayTakeDelivery,
		func(ctx context.Context, in *receivePurchaseInput) (kit.Receipt, error) {
			var p kit.Parser
			b := in.Body
			c := ledger.ReceivePurchase{Receive: requisition.Receive{
				Requisition: domain.RequisitionID(in.Requisition), Receipt: domain.SlipID(b.Receipt), Part: domain.PartCode(b.Part),
				Quantity: p.Decimal("quantity", b.Quantity), Value: p.Amount("value", b.Value),
				ReceivedOn: p.Date("receivedOn", b.ReceivedOn),
			}, Serials: b.Serials}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := s.Ledger(ctx).ReceivePurchase(ctx, in.Request(ctx), c)
			return kit.ReceiptOf(b.Receipt, o), err
		})
}

func requisitionLines(p *kit.Parser, lines []RequisitionLine) (out []requisition.Line) {
	for i, l := range lines {
		out = append(out, requisition.Line{
			Part: domain.PartCode(l.Part), Name: l.Name, Quantity: p.Decimal(fmt.Sprintf("lines[%d].quantity", i), l.Quantity),
			Estimate: p.Amount(fmt.Sprintf("lines[%d].estimate", i), l.Estimate), Purpose: l.Purpose,
		})
	}
	return out
}

type requestPaymentBody struct {
	Region string                 `json:"region" example:"华东"`
	Month  string                 `json:"month" example:"2026-07"`
	Lines  []requestedPaymentBody `json:"lines"`
}

type requestedPaymentBody struct {
	Return   string `json:"return" example:"F2-2026-011"`
	Amount   string `json:"amount" example:"560.00"`
	Letter   string `json:"letter,omitempty" doc:"SHA-256 of the supplier's letter that we confirmed (维修设备收费确认函)"`
	Sheet    string `json:"sheet,omitempty" doc:"SHA-256 of the process sheet F2 (售后服务处理流程表)"`
	Approval string `json:"approval,omitempty" doc:"SHA-256 of the approval e-mail page (邮件批复页)"`
}

type returnPaymentInput struct {
	kit.CommandHeaders
	Region string `path:"region"`
	Month  string `path:"month"`
	Body   struct {
		Reason string `json:"reason"`
	}
}

type paySupplierInput struct {
	kit.CommandHeaders
	Region string `path:"region"`
	Month  string `path:"month"`
	Body   struct {
		Supplier      string `json:"supplier"`
		Amount        string `json:"amount" doc:"All that the request asks for the supplier"`
		BankReference string `json:"bankReference" doc:"The bank's serial number: one reference is one payment"`
		PaidOn        string `json:"paidOn"`
	}
}

// noRegion is the refusal of a region that does not exist, which says more than that every
// line lies in another one. It is asked for where a command was refused: commands go on
// while the read models, which know the regions, are away.
func (s *service) noRegion(ctx context.Context, region string) error {
	err := s.MustBeRegion(ctx, "region", region)
	if _, refused := errors.AsType[*domain.Rejection](err); refused {
		return err
	}
	return nil
}

func (s *service) paymentRequests() {
	kit.Command(s.Service, "/v1/payment-requests", "request-payment",
		"Ask finance to pay a month's repairs of a region: one batch, three papers each (5.2.2)", kit.MayRequestPayments,
		func(ctx context.Context, in *kit.CommandInput[requestPaymentBody]) (kit.Receipt, error) {
			var p kit.Parser
			b, r := in.Body, in.Request(ctx)
			c := ledger.RequestPayment{
				Request: domain.PaymentRequestID(r.NewID("FK-" + b.Month)), Region: b.Region, Month: p.Month("month", b.Month),
			}
			for i, l := range b.Lines {
				c.Lines = append(c.Lines, ledger.RequestedRepair{
					Return: domain.ReturnID(l.Return), Amount: p.Amount(fmt.Sprintf("lines[%d].amount", i), l.Amount),
					Papers: payables.Papers{
						Letter: attachment.Digest(l.Letter), Sheet: attachment.Digest(l.Sheet), Approval: attachment.Digest(l.Approval),
					},
				})
			}
			if err := p.Faults(); err != nil {
				return kit.Receipt{}, err
			}
			o, err := s.Ledger(ctx).RequestPayment(ctx, r, c)
			if err != nil {
				err = cmp.Or(s.noRegion(ctx, b.Region), err)
			}
			return kit.ReceiptOf(string(c.Request), o), err
		})
	kit.Command(s.Service, "/v1/payment-requests/{region}/{month}/return", "return-payment-request",
		"Send a payment request back to the region (5.2.2)", kit.MayPaySuppliers,
		func(ctx context.Context, in *returnPaymentInput) (kit.Receipt, error) {
			var p kit.Parser
			c := payables.Return{Region: in.Region, Month: p.Month("month", in.Month), Reason: in.Body.Reason}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := s.Ledger(ctx).ReturnPaymentRequest(ctx, in.Request(ctx), c)
			return kit.ReceiptOf(in.Month, o), err
		})
	kit.Command(s.Service, "/v1/payment-requests/{region}/{month}/payments", "pay-supplier",
		"Record a payment to a supplier of a payment request (5.2.2)", kit.MayPaySuppliers,
		func(ctx context.Context, in *paySupplierInput) (kit.Receipt, error) {
			var p kit.Parser
			c := payables.Pay{
				Region: in.Region, Month: p.Month("month", in.Month), Supplier: in.Body.Supplier,
				Amount:        p.Amount("amount", in.Body.Amount),
				BankReference: in.Body.BankReference, PaidOn: p.Date("paidOn", in.Body.PaidOn),
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := s.Ledger(ctx).PaySupplier(ctx, in.Request(ctx), c)
			return kit.ReceiptOf(in.Body.BankReference, o), err
		})
}

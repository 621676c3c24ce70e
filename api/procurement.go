package api

import (
	"context"
	"fmt"

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
	CommandHeaders
	Requisition string `path:"requisition"`
	Body        decisionBody
}

type resubmitRequisitionInput struct {
	CommandHeaders
	Requisition string `path:"requisition"`
	Body        struct {
		Lines []RequisitionLine `json:"lines,omitempty" doc:"Absent: as before"`
		Note  string            `json:"note" doc:"What was changed, or why it was right"`
	}
}

type orderPurchaseInput struct {
	CommandHeaders
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
	CommandHeaders
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

func (s *server) requisitions() {
	command(s, "/v1/requisitions", "request-material", "Ask for material on a requisition (5.2.3)", mayAskMaterial,
		func(ctx context.Context, in *commandInput[requestMaterialBody]) (Receipt, error) {
			var p parser
			b, r := in.Body, in.request(ctx)
			if b.Requisition == "" {
				b.Requisition = r.NewID("SQ")
			}
			c := requisition.Request{
				Requisition: domain.RequisitionID(b.Requisition), Project: domain.ProjectID(b.Project), Lines: p.requisitionLines(b.Lines),
			}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.RequestMaterial(ctx, r, c)
			return receipt(b.Requisition, o), err
		})
	command(s, "/v1/requisitions/{requisition}/decision", "decide-requisition",
		"Review, approve or reject a requisition at the gate of one's role: three reviews in any order, then the department manager (5.2.3)", mayDecideMaterial,
		func(ctx context.Context, in *decideRequisitionInput) (Receipt, error) {
			o, err := s.deps.Ledger.DecideRequisition(ctx, in.request(ctx), requisition.Decide{
				Requisition: domain.RequisitionID(in.Requisition), Approve: in.Body.Approve, Note: in.Body.Note,
			})
			return receipt(in.Requisition, o), err
		})
	command(s, "/v1/requisitions/{requisition}/resubmission", "resubmit-requisition", "Put a rejected requisition forward again (5.2.3)", mayAskMaterial,
		func(ctx context.Context, in *resubmitRequisitionInput) (Receipt, error) {
			var p parser
			c := requisition.Resubmit{Requisition: domain.RequisitionID(in.Requisition), Lines: p.requisitionLines(in.Body.Lines), Note: in.Body.Note}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.ResubmitRequisition(ctx, in.request(ctx), c)
			return receipt(in.Requisition, o), err
		})
	command(s, "/v1/requisitions/{requisition}/orders", "order-purchase", "Order what was approved (5.2.3)", mayPurchase,
		func(ctx context.Context, in *orderPurchaseInput) (Receipt, error) {
			var p parser
			b, r := in.Body, in.request(ctx)
			if b.Order == "" {
				b.Order = r.NewID("CG")
			}
			c := requisition.Order{
				Requisition: domain.RequisitionID(in.Requisition), Order: domain.OrderID(b.Order), Supplier: b.Supplier,
				OrderedOn: p.date("orderedOn", b.OrderedOn), ExpectedOn: p.date("expectedOn", b.ExpectedOn),
			}
			for i, l := range b.Lines {
				c.Lines = append(c.Lines, requisition.Ordered{
					Part: domain.PartCode(l.Part), Quantity: p.decimal(fmt.Sprintf("lines[%d].quantity", i), l.Quantity),
					Price: p.amount(fmt.Sprintf("lines[%d].price", i), l.Price),
				})
			}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.OrderPurchase(ctx, r, c)
			return receipt(b.Order, o), err
		})
	command(s, "/v1/requisitions/{requisition}/receipts", "receive-purchase", "Take delivery of what was ordered, into the project's stock (5.2.3)", mayTakeDelivery,
		func(ctx context.Context, in *receivePurchaseInput) (Receipt, error) {
			var p parser
			b := in.Body
			c := ledger.ReceivePurchase{Receive: requisition.Receive{
				Requisition: domain.RequisitionID(in.Requisition), Receipt: domain.SlipID(b.Receipt), Part: domain.PartCode(b.Part),
				Quantity: p.decimal("quantity", b.Quantity), Value: p.amount("value", b.Value), ReceivedOn: p.date("receivedOn", b.ReceivedOn),
			}, Serials: b.Serials}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.ReceivePurchase(ctx, in.request(ctx), c)
			return receipt(b.Receipt, o), err
		})
}

func (p *parser) requisitionLines(lines []RequisitionLine) (out []requisition.Line) {
	for i, l := range lines {
		out = append(out, requisition.Line{
			Part: domain.PartCode(l.Part), Name: l.Name, Quantity: p.decimal(fmt.Sprintf("lines[%d].quantity", i), l.Quantity),
			Estimate: p.amount(fmt.Sprintf("lines[%d].estimate", i), l.Estimate), Purpose: l.Purpose,
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
	CommandHeaders
	Region string `path:"region"`
	Month  string `path:"month"`
	Body   struct {
		Reason string `json:"reason"`
	}
}

type paySupplierInput struct {
	CommandHeaders
	Region string `path:"region"`
	Month  string `path:"month"`
	Body   struct {
		Supplier      string `json:"supplier"`
		Amount        string `json:"amount" doc:"All that the request asks for the supplier"`
		BankReference string `json:"bankReference" doc:"The bank's serial number: one reference is one payment"`
		PaidOn        string `json:"paidOn"`
	}
}

func (s *server) paymentRequests() {
	command(s, "/v1/payment-requests", "request-payment", "Ask finance to pay a month's repairs of a region: one batch, three papers each (5.2.2)", mayRequestPayments,
		func(ctx context.Context, in *commandInput[requestPaymentBody]) (Receipt, error) {
			var p parser
			b, r := in.Body, in.request(ctx)
			c := ledger.RequestPayment{
				Request: domain.PaymentRequestID(r.NewID("FK-" + b.Month)), Region: b.Region, Month: p.month("month", b.Month),
			}
			for i, l := range b.Lines {
				c.Lines = append(c.Lines, ledger.RequestedRepair{
					Return: domain.ReturnID(l.Return), Amount: p.amount(fmt.Sprintf("lines[%d].amount", i), l.Amount),
					Papers: payables.Papers{Letter: attachment.Digest(l.Letter), Sheet: attachment.Digest(l.Sheet), Approval: attachment.Digest(l.Approval)},
				})
			}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.RequestPayment(ctx, r, c)
			return receipt(string(c.Request), o), err
		})
	command(s, "/v1/payment-requests/{region}/{month}/return", "return-payment-request", "Send a payment request back to the region (5.2.2)", mayPaySuppliers,
		func(ctx context.Context, in *returnPaymentInput) (Receipt, error) {
			var p parser
			c := payables.Return{Region: in.Region, Month: p.month("month", in.Month), Reason: in.Body.Reason}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.ReturnPaymentRequest(ctx, in.request(ctx), c)
			return receipt(in.Month, o), err
		})
	command(s, "/v1/payment-requests/{region}/{month}/payments", "pay-supplier", "Record a payment to a supplier of a payment request (5.2.2)", mayPaySuppliers,
		func(ctx context.Context, in *paySupplierInput) (Receipt, error) {
			var p parser
			c := payables.Pay{
				Region: in.Region, Month: p.month("month", in.Month), Supplier: in.Body.Supplier, Amount: p.amount("amount", in.Body.Amount),
				BankReference: in.Body.BankReference, PaidOn: p.date("paidOn", in.Body.PaidOn),
			}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.PaySupplier(ctx, in.request(ctx), c)
			return receipt(in.Body.BankReference, o), err
		})
}

package money

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/eventstore"
)

type offListInput struct {
	kit.CommandHeaders
	Center string `path:"center"`
	Body   struct {
		Charge     string `json:"charge,omitempty" doc:"Number of the charge it becomes; derived from the Idempotency-Key if absent"`
		Project    string `json:"project"`
		Room       string `json:"room,omitempty"`
		Owner      string `json:"owner,omitempty"`
		Ticket     string `json:"ticket,omitempty"`
		FaultLine  string `json:"faultLine,omitempty"`
		Kind       string `json:"kind" example:"REPAIR"`
		Service    string `json:"service"`
		Quantity   string `json:"quantity,omitempty" default:"1"`
		Unit       string `json:"unit,omitempty" default:"项"`
		UnitPrice  string `json:"unitPrice" example:"350"`
		TaxRate    string `json:"taxRate" example:"0.06" doc:"Included in the price"`
		OccurredOn string `json:"occurredOn,omitempty" doc:"Business date of work that was done already; absent: still to be done"`
		Reason     string `json:"reason"`
	}
}

type decideOffListInput struct {
	kit.CommandHeaders
	Center string `path:"center"`
	Charge string `path:"charge"`
	Body   kit.DecisionBody
}

type executeOffListInput struct {
	kit.CommandHeaders
	Center string `path:"center"`
	Charge string `path:"charge"`
	Body   struct {
		OccurredOn string `json:"occurredOn"`
	}
}

type quoteInput struct {
	kit.CommandHeaders
	Center string `path:"center"`
	Body   struct {
		Quote   string `json:"quote,omitempty" doc:"Number of the quote; derived from the Idempotency-Key if absent"`
		Project string `json:"project"`
		Room    string `json:"room,omitempty"`
		Owner   string `json:"owner,omitempty"`
		Ticket  string `json:"ticket,omitempty"`
		Damage  string `json:"damage"`
		Amount  string `json:"amount" example:"1900.00"`
		TaxRate string `json:"taxRate" example:"0.06" doc:"Included in the amount"`
	}
}

// offList are charges whose price the list does not give.
func (s *service) offList() {
	kit.Command(s.Service, "/v1/centers/{center}/off-list-charges", "request-off-list-charge",
		"Ask for approval of work outside the price list (5.3.1)", kit.MayCharge,
		func(ctx context.Context, in *offListInput) (kit.Receipt, error) {
			var p kit.Parser
			b, r := in.Body, in.Request(ctx)
			if b.Charge == "" {
				b.Charge = r.NewID("SF")
			}
			c := account.RequestOffList{
				Charge: domain.ChargeID(b.Charge), Center: domain.CenterID(in.Center), Project: domain.ProjectID(b.Project),
				Room: b.Room, Owner: b.Owner, Ticket: domain.TicketID(b.Ticket), FaultLine: domain.FaultLineID(b.FaultLine),
				Kind: pricelist.ServiceKind(b.Kind), Service: b.Service, Quantity: p.Decimal("quantity", b.Quantity), Unit: b.Unit,
				UnitPrice: p.Decimal("unitPrice", b.UnitPrice), Tax: money.Tax{Rate: p.Decimal("taxRate", b.TaxRate)},
				OccurredOn: p.Date("occurredOn", b.OccurredOn), Reason: b.Reason,
			}
			return p.CarryOut(b.Charge, func() (eventstore.Outcome, error) { return s.Ledger(ctx).RequestOffList(ctx, r, c) })
		})
	kit.Command(s.Service, "/v1/centers/{center}/off-list-charges/{charge}/decision", "decide-off-list-charge",
		"Approve or reject work outside the price list (5.3.1)", kit.MayApproveOffList,
		func(ctx context.Context, in *decideOffListInput) (ChargeReceipt, error) {
			c := account.DecideOffList{
				Charge: domain.ChargeID(in.Charge), Center: domain.CenterID(in.Center), Approve: in.Body.Approve,
				Note: in.Body.Note,
			}
			o, err := s.Ledger(ctx).DecideOffList(ctx, in.Request(ctx), c)
			return chargeReceipt(in.Charge, o), err
		})
	kit.Command(s.Service, "/v1/centers/{center}/off-list-charges/{charge}/execution", "execute-off-list-charge",
		"Charge approved work once it is done (5.3.1)", kit.MayCharge,
		func(ctx context.Context, in *executeOffListInput) (ChargeReceipt, error) {
			var p kit.Parser
			c := account.ExecuteOffList{
				Charge: domain.ChargeID(in.Charge), Center: domain.CenterID(in.Center),
				OccurredOn: p.Date("occurredOn", in.Body.OccurredOn),
			}
			if p.Err != nil {
				return ChargeReceipt{}, p.Err
			}
			o, err := s.Ledger(ctx).ExecuteOffList(ctx, in.Request(ctx), c)
			return chargeReceipt(in.Charge, o), err
		})
	kit.Command(s.Service, "/v1/centers/{center}/compensation-quotes", "quote-compensation",
		"Quote the compensation for damage outside warranty (5.3.2)", kit.MayApproveOffList,
		func(ctx context.Context, in *quoteInput) (kit.Receipt, error) {
			var p kit.Parser
			b, r := in.Body, in.Request(ctx)
			if b.Quote == "" {
				b.Quote = r.NewID("BJ")
			}
			c := account.QuoteCompensation{
				Quote: domain.QuoteID(b.Quote), Center: domain.CenterID(in.Center), Project: domain.ProjectID(b.Project),
				Room:  b.Room,
				Owner: b.Owner, Ticket: domain.TicketID(b.Ticket), Damage: b.Damage, Amount: p.Amount("amount", b.Amount),
				TaxRate: p.Decimal("taxRate", b.TaxRate),
			}
			return p.CarryOut(b.Quote, func() (eventstore.Outcome, error) { return s.Ledger(ctx).QuoteCompensation(ctx, r, c) })
		})
}

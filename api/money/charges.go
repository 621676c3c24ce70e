package money

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

type accrueChargeInput struct {
	kit.CommandHeaders
	Center string `path:"center"`
	Body   struct {
		Charge     string `json:"charge,omitempty" example:"SF-2026-0012" doc:"Number of the F3 line, unique in the center; derived from the Idempotency-Key if absent"`
		Project    string `json:"project" example:"P001"`
		Room       string `json:"room,omitempty" example:"3-1-1202"`
		Owner      string `json:"owner,omitempty"`
		Ticket     string `json:"ticket,omitempty"`
		FaultLine  string `json:"faultLine,omitempty"`
		Item       string `json:"item" example:"MOVE-01" doc:"Code or Chinese name on the price list in force on the day of the work"`
		Quantity   string `json:"quantity,omitempty" default:"1" example:"2"`
		OccurredOn string `json:"occurredOn" example:"2026-06-18" doc:"Business date of the work; an instant counts on its date in Shanghai"`
		Amount     string `json:"amount,omitempty" example:"300.00" doc:"Gross amount on the sheet; refused if it differs from price times quantity"`
		Remark     string `json:"remark,omitempty"`
		PostTo     string `json:"postTo,omitempty" example:"2026Q3" doc:"Quarter the charge is expected in; refused if it belongs to another, or that one is closed"`
	}
}

// ChargeReceipt answers an accrued charge with its money. Of a decision that charges
// nothing, such as the approval of work that is still to be done, there is none.
type ChargeReceipt struct {
	kit.Receipt
	PriceList           string           `json:"priceList,omitempty" doc:"Version of the price list that applied; absent of work outside it"`
	Net                 string           `json:"net,omitempty" doc:"This and the next four: absent where nothing was charged, as by the approval of work still to be done"`
	Tax                 string           `json:"tax,omitempty"`
	Gross               string           `json:"gross,omitempty"`
	Posted              string           `json:"posted,omitempty" doc:"Accounting quarter"`
	DueOn               string           `json:"dueOn,omitempty"`
	Center              string           `json:"center,omitempty" doc:"That is charged: for work outside the list the one that the project belonged to on its day"`
	Charge              string           `json:"charge,omitempty" doc:"Its number there"`
	Settled             []AllocationLine `json:"settled" doc:"What unapplied money of the center settled at once"`
	PossibleDuplicateOf string           `json:"possibleDuplicateOf,omitempty" doc:"An earlier charge that looks alike; both are booked, for a person to look at"`
}

func (s *service) charges() {
	kit.Command(s.Service, "/v1/centers/{center}/charges", "accrue-charge",
		"Charge a center for work at the price list (5.3.1)", kit.MayCharge,
		func(ctx context.Context, in *accrueChargeInput) (ChargeReceipt, error) {
			var p kit.Parser
			b, r := in.Body, in.Request(ctx)
			if b.Charge == "" {
				b.Charge = r.NewID("SF")
			}
			c := ledger.Charge{Item: b.Item, AccrueCharge: account.AccrueCharge{
				Charge: domain.ChargeID(b.Charge), Center: domain.CenterID(in.Center), Project: domain.ProjectID(b.Project),
				Room: b.Room, Owner: b.Owner, Ticket: domain.TicketID(b.Ticket), FaultLine: domain.FaultLineID(b.FaultLine),
				Quantity: p.Decimal("quantity", b.Quantity), OccurredOn: p.Date("occurredOn", b.OccurredOn), Remark: b.Remark,
				PostTo: p.Quarter("postTo", b.PostTo),
			}}
			if b.Amount != "" {
				stated := p.Amount("amount", b.Amount)
				c.Stated = &stated
			}
			if p.Err != nil {
				return ChargeReceipt{}, p.Err
			}
			o, err := s.Ledger(ctx).AccrueCharge(ctx, r, c)
			return chargeReceipt(b.Charge, o), err
		})
}

func chargeReceipt(id string, o eventstore.Outcome) ChargeReceipt {
	out := ChargeReceipt{Receipt: kit.ReceiptOf(id, o), Settled: allocationLines(o)}
	for _, e := range o.Events {
		if c, ok := e.(account.ChargeAccrued); ok {
			out.PriceList, out.Posted, out.DueOn = c.Basis.PriceList, c.Posted.String(), c.DueOn.String()
			out.Center, out.Charge, out.PossibleDuplicateOf = string(c.Center), string(c.Charge), string(c.PossibleDuplicateOf)
			out.Net, out.Tax, out.Gross = c.Money.Net.String(), c.Money.Tax.String(), c.Money.Gross.String()
		}
	}
	return out
}

package parts

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/depot"
)

type receivePartInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		Receipt     string   `json:"receipt" example:"IN-2026-004" doc:"Number of the goods received note, unique in the depot"`
		Part        string   `json:"part" example:"DS-700"`
		Quantity    string   `json:"quantity" example:"4"`
		Value       string   `json:"value" example:"3120.00" doc:"Cost of all units together, yuan"`
		Source      string   `json:"source" enum:"OPENING,PURCHASE,MAKER"`
		Serials     []string `json:"serials,omitempty"`
		ReceivedOn  string   `json:"receivedOn" example:"2026-06-01"`
		Shipment    string   `json:"shipment,omitempty" example:"FC-0001" doc:"Batch of faulty units that these came back from their maker of"`
		SentSerials []string `json:"sentSerials,omitempty" doc:"Serials of the units as they were sent, in the order of serials"`
	}
}

type issuePartInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		Slip      string   `json:"slip" example:"OUT-31" doc:"Number of the issue slip, unique in the depot"`
		Part      string   `json:"part" example:"DS-700"`
		Asked     string   `json:"asked,omitempty" doc:"Quantity asked for; as issued if absent"`
		Quantity  string   `json:"quantity" example:"1" doc:"Quantity issued"`
		Taker     string   `json:"taker" example:"张伟"`
		FaultLine string   `json:"faultLine,omitempty" example:"F1-0007" doc:"F1 line the part is for"`
		Serials   []string `json:"serials,omitempty"`
		Override  string   `json:"override,omitempty" doc:"Reason for a second issue against one F1 line"`
		IssuedOn  string   `json:"issuedOn" example:"2026-06-18"`
	}
}

func (s *service) depots() {
	s.depotMovements()
	kit.Command(s.Service, "/v1/projects/{project}/depot/receipts", "receive-part",
		"Bring units of a part into a project's stock", kit.MayMoveParts,
		func(ctx context.Context, in *receivePartInput) (kit.Receipt, error) {
			var p kit.Parser
			b := in.Body
			c := depot.Receive{
				Project: domain.ProjectID(in.Project), Receipt: domain.SlipID(b.Receipt), Part: domain.PartCode(b.Part),
				Quantity: p.Decimal("quantity", b.Quantity), Value: p.Amount("value", b.Value), Source: depot.Source(b.Source),
				Serials: b.Serials, ReceivedOn: p.Date("receivedOn", b.ReceivedOn), Shipment: domain.SlipID(b.Shipment),
				SentSerials: b.SentSerials,
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := s.Ledger(ctx).ReceivePart(ctx, in.Request(ctx), c)
			return kit.ReceiptOf(b.Receipt, o), err
		})

	kit.Command(s.Service, "/v1/projects/{project}/depot/issues", "issue-part",
		"Issue a part on a slip, against a line of the fault record (5.1.3)", kit.MayMoveParts,
		func(ctx context.Context, in *issuePartInput) (kit.Receipt, error) {
			var p kit.Parser
			b := in.Body
			if b.Asked == "" {
				b.Asked = b.Quantity
			}
			c := depot.Issue{
				Project: domain.ProjectID(in.Project), Slip: domain.SlipID(b.Slip), Part: domain.PartCode(b.Part),
				Asked: p.Decimal("asked", b.Asked), Quantity: p.Decimal("quantity", b.Quantity), Taker: b.Taker,
				FaultLine: domain.FaultLineID(b.FaultLine), Serials: b.Serials, Override: b.Override,
				IssuedOn: p.Date("issuedOn", b.IssuedOn),
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := s.Ledger(ctx).IssuePart(ctx, in.Request(ctx), c)
			return kit.ReceiptOf(b.Slip, o), err
		})
}

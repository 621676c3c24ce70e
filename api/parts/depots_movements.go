package parts

import (
	"context"
	"fmt"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/eventstore/ledger"
)

type returnPartInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		Return     string   `json:"return" example:"TK-0001" doc:"Number of the return slip (退库单), unique in the depot"`
		Issue      string   `json:"issue" example:"OUT-37" doc:"Issue slip on which the units left"`
		Quantity   string   `json:"quantity" example:"1"`
		Serials    []string `json:"serials,omitempty"`
		ReturnedBy string   `json:"returnedBy" example:"张伟"`
		ReturnedOn string   `json:"returnedOn" example:"2026-08-20"`
	}
}

type transferInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		Transfer      string   `json:"transfer" example:"DB-0001" doc:"Number of the transfer slip (调拨单), unique in the company"`
		Part          string   `json:"part" example:"DS-700"`
		Quantity      string   `json:"quantity" example:"1"`
		Serials       []string `json:"serials,omitempty"`
		To            string   `json:"to" example:"P002" doc:"Project whose depot takes the units in"`
		Reason        string   `json:"reason,omitempty"`
		TransferredOn string   `json:"transferredOn" example:"2026-06-20"`
	}
}

type transferReceiptInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		Transfer   string `json:"transfer" example:"DB-0001"`
		From       string `json:"from" example:"P001" doc:"Project whose depot sent the units"`
		ReceivedOn string `json:"receivedOn" example:"2026-06-21"`
	}
}

type transferRejectionInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		Transfer   string `json:"transfer" example:"DB-0001" doc:"That is refused"`
		From       string `json:"from" example:"P001" doc:"Project whose depot sent the units"`
		Back       string `json:"back" example:"DB-0002" doc:"Number of the transfer slip (调拨单) by which all units go back, unique in the company; the sender takes it in like any other"`
		Reason     string `json:"reason" example:"发错项目"`
		RejectedOn string `json:"rejectedOn" example:"2026-06-21"`
	}
}

type countLineBody struct {
	Part    string   `json:"part" example:"DS-700"`
	Counted string   `json:"counted" example:"6"`
	Serials []string `json:"serials,omitempty"`
	Reason  string   `json:"reason,omitempty" doc:"For the difference, as far as one is known"`
}

type countInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		Count     string          `json:"count" example:"PD-2026-06" doc:"Number of the count sheet (盘点表), unique in the depot"`
		Lines     []countLineBody `json:"lines"`
		CountedBy string          `json:"countedBy" example:"张伟"`
		Witness   string          `json:"witness,omitempty" doc:"监盘人"`
		CountedOn string          `json:"countedOn" example:"2026-06-30" doc:"What was there at the end of the day"`
	}
}

type adjustInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		Adjustment string `json:"adjustment" example:"TZ-0001" doc:"Number of the adjustment, unique in the depot"`
		Count      string `json:"count" example:"PD-2026-06" doc:"Count sheet that showed the difference"`
		Part       string `json:"part" example:"DS-700"`
		Quantity   string `json:"quantity" example:"-1" doc:"A part or all of counted less book; negative for a shortage (盘亏)"`
		UnitCost   string `json:"unitCost,omitempty" example:"260.00" doc:"Yuan, of units found of a part that the depot never held at a cost; the moving average elsewhere"`
		Reason     string `json:"reason" example:"查无单据，报损"`
	}
}

func (s *service) depotMovements() {
	const base = "/v1/projects/{project}/depot/"
	kit.Command(s.Service, base+"returns", "return-part",
		"Bring unused units of an issue slip back, or all of one entered by mistake (退库, 5.1.3)",
		kit.MayMoveParts, s.returnPart)
	kit.Command(s.Service, base+"transfers", "transfer-part",
		"Send units to another project's depot (调拨出库)",
		kit.MayMoveParts, s.transferPart)
	kit.Command(s.Service, base+"transfer-receipts", "receive-transfer", "Take in what another depot sent (调拨入库)",
		kit.MayMoveParts, s.receiveTransfer)
	kit.Command(s.Service, base+"transfer-rejections", "reject-transfer",
		"Refuse what another depot sent by mistake (拒收): it goes back at the value it came with",
		kit.MayMoveParts, s.rejectTransfer)
	kit.Command(s.Service, base+"hand-ins", "hand-in-faulty", "Take a faulty unit back from a technician (旧件交回)",
		kit.MayMoveParts, s.handIn)
	kit.Command(s.Service, base+"shipments", "ship-faulty", "Send a batch of faulty units to their maker (返厂, 5.2.1)",
		kit.MayShipFaulty, s.shipFaulty)
	kit.Command(s.Service, base+"scrappings", "scrap-part", "Take units away for good (报废)", kit.MayAdjustStock, s.scrap)
	kit.Command(s.Service, base+"counts", "count-stock", "Enter a count sheet (盘点): it changes no book", kit.MayCountStock,
		s.count)
	kit.Command(s.Service, base+"adjustments", "adjust-stock",
		"Bring the book to what was counted (盘点调整); never by who counted", kit.MayAdjustStock, s.adjust)
}

func (s *service) returnPart(ctx context.Context, in *returnPartInput) (kit.Receipt, error) {
	var p kit.Parser
	b := in.Body
	c := depot.ReturnUnused{
		Project: domain.ProjectID(in.Project), Slip: domain.SlipID(b.Return), Issue: domain.SlipID(b.Issue),
		Quantity: p.Decimal("quantity", b.Quantity),
		Serials:  b.Serials, ReturnedBy: b.ReturnedBy, ReturnedOn: p.Date("returnedOn", b.ReturnedOn),
	}
	if p.Err != nil {
		return kit.Receipt{}, p.Err
	}
	o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*depot.Depot).ReturnUnused)
	return kit.ReceiptOf(b.Return, o), err
}

func (s *service) transferPart(ctx context.Context, in *transferInput) (kit.Receipt, error) {
	var p kit.Parser
	b := in.Body
	c := depot.TransferOut{
		Project: domain.ProjectID(in.Project), Transfer: domain.SlipID(b.Transfer), Part: domain.PartCode(b.Part),
		Quantity: p.Decimal("quantity", b.Quantity),
		Serials:  b.Serials, To: domain.ProjectID(b.To), Reason: b.Reason,
		TransferredOn: p.Date("transferredOn", b.TransferredOn),
	}
	if p.Err != nil {
		return kit.Receipt{}, p.Err
	}
	o, err := s.Ledger(ctx).TransferPart(ctx, in.Request(ctx), c)
	return kit.ReceiptOf(b.Transfer, o), err
}

func (s *service) receiveTransfer(ctx context.Context, in *transferReceiptInput) (kit.Receipt, error) {
	var p kit.Parser
	b := in.Body
	c := depot.TransferIn{
		Project: domain.ProjectID(in.Project), Transfer: domain.SlipID(b.Transfer), From: domain.ProjectID(b.From),
		ReceivedOn: p.Date("receivedOn", b.ReceivedOn),
	}
	if p.Err != nil {
		return kit.Receipt{}, p.Err
	}
	o, err := s.Ledger(ctx).ReceiveTransfer(ctx, in.Request(ctx), c)
	return kit.ReceiptOf(b.Transfer, o), err
}

func (s *service) rejectTransfer(ctx context.Context, in *transferRejectionInput) (kit.Receipt, error) {
	var p kit.Parser
	b := in.Body
	c := depot.RejectTransfer{
		Project: domain.ProjectID(in.Project), Transfer: domain.SlipID(b.Transfer), From: domain.ProjectID(b.From),
		Back: domain.SlipID(b.Back), Reason: b.Reason, RejectedOn: p.Date("rejectedOn", b.RejectedOn),
	}
	if p.Err != nil {
		return kit.Receipt{}, p.Err
	}
	o, err := s.Ledger(ctx).RejectTransfer(ctx, in.Request(ctx), c)
	return kit.ReceiptOf(b.Back, o), err
}

func (s *service) count(ctx context.Context, in *countInput) (kit.Receipt, error) {
	var p kit.Parser
	b := in.Body
	c := depot.Count{
		Project: domain.ProjectID(in.Project), Count: domain.SlipID(b.Count), CountedBy: b.CountedBy, Witness: b.Witness,
		CountedOn: p.Date("countedOn", b.CountedOn),
	}
	for i, l := range b.Lines {
		c.Lines = append(c.Lines, depot.Counted{
			Part: domain.PartCode(l.Part), Counted: p.Decimal(fmt.Sprintf("lines[%d].counted", i), l.Counted),
			Serials: l.Serials, Reason: l.Reason,
		})
	}
	if p.Err != nil {
		return kit.Receipt{}, p.Err
	}
	o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*depot.Depot).Count)
	return kit.ReceiptOf(b.Count, o), err
}

func (s *service) adjust(ctx context.Context, in *adjustInput) (kit.Receipt, error) {
	var p kit.Parser
	b := in.Body
	c := depot.Adjust{
		Project: domain.ProjectID(in.Project), Adjustment: domain.SlipID(b.Adjustment), Count: domain.SlipID(b.Count),
		Part:     domain.PartCode(b.Part),
		Quantity: p.Decimal("quantity", b.Quantity), Reason: b.Reason,
	}
	if b.UnitCost != "" {
		cost := p.Amount("unitCost", b.UnitCost)
		c.UnitCost = &cost
	}
	if p.Err != nil {
		return kit.Receipt{}, p.Err
	}
	o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*depot.Depot).Adjust)
	return kit.ReceiptOf(b.Adjustment, o), err
}

package parts

import (
	"context"
	"fmt"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/eventstore/ledger"
)

type handInInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		HandIn     string   `json:"handIn" example:"JJ-0001" doc:"Number of the hand-in slip (旧件交回单), unique in the depot"`
		Part       string   `json:"part" example:"DS-700"`
		Quantity   string   `json:"quantity" example:"1"`
		Serials    []string `json:"serials,omitempty"`
		FaultLine  string   `json:"faultLine,omitempty" example:"F1-0007" doc:"F1 line that the unit was replaced by; it may be entered later"`
		HandedInBy string   `json:"handedInBy" example:"张伟"`
		HandedInOn string   `json:"handedInOn" example:"2026-06-19"`
	}
}

type faultyUnitBody struct {
	Part      string `json:"part" example:"DS-700"`
	Quantity  string `json:"quantity,omitempty" example:"1" doc:"1 if absent"`
	Serial    string `json:"serial,omitempty" doc:"Of a single unit"`
	FaultLine string `json:"faultLine,omitempty" example:"F1-0007"`
	Return    string `json:"return,omitempty" example:"F2-0003" doc:"Process sheet F2 that follows the unit; the shipment is recorded on it, too"`
}

type shipFaultyInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		Shipment       string           `json:"shipment" example:"FC-0001" doc:"Number of the batch (返厂批次), unique in the depot"`
		Maker          string           `json:"maker" example:"厂家甲"`
		Waybill        string           `json:"waybill,omitempty" example:"SF1234567890"`
		Units          []faultyUnitBody `json:"units"`
		ShippedOn      string           `json:"shippedOn" example:"2026-06-20"`
		ExpectedBackOn string           `json:"expectedBackOn,omitempty" example:"2026-07-20"`
	}
}

type scrapInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		Scrap      string   `json:"scrap" example:"BF-0001" doc:"Number of the scrap slip (报废单), unique in the depot"`
		Part       string   `json:"part" example:"DS-700"`
		Condition  string   `json:"condition" enum:"GOOD,FAULTY,AT_MAKER" doc:"GOOD: out of stock, at cost. FAULTY: from the shelf of faulty units, worth nothing. AT_MAKER: scrapped by the maker, with or without a process sheet"`
		Shipment   string   `json:"shipment,omitempty" example:"FC-0001" doc:"Batch of units that their maker scrapped; needed where no serials are given"`
		Quantity   string   `json:"quantity" example:"1"`
		Serials    []string `json:"serials,omitempty"`
		FaultLine  string   `json:"faultLine,omitempty" doc:"F1 line that a faulty unit was replaced by"`
		Reason     string   `json:"reason" example:"主板进水，厂家不修"`
		ScrappedOn string   `json:"scrappedOn" example:"2026-06-30"`
	}
}

func (s *service) handIn(ctx context.Context, in *handInInput) (kit.Receipt, error) {
	var p kit.Parser
	b := in.Body
	c := depot.HandIn{
		Project: domain.ProjectID(in.Project), Slip: domain.SlipID(b.HandIn), Part: domain.PartCode(b.Part),
		Quantity: p.Decimal("quantity", b.Quantity),
		Serials:  b.Serials, FaultLine: domain.FaultLineID(b.FaultLine), HandedInBy: b.HandedInBy,
		HandedInOn: p.Date("handedInOn", b.HandedInOn),
	}
	if p.Err != nil {
		return kit.Receipt{}, p.Err
	}
	o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*depot.Depot).HandIn)
	return kit.ReceiptOf(b.HandIn, o), err
}

func (s *service) shipFaulty(ctx context.Context, in *shipFaultyInput) (kit.Receipt, error) {
	var p kit.Parser
	b := in.Body
	c := depot.ShipFaulty{
		Project: domain.ProjectID(in.Project), Shipment: domain.SlipID(b.Shipment), Maker: b.Maker, Waybill: b.Waybill,
		ShippedOn: p.Date("shippedOn", b.ShippedOn), ExpectedBackOn: p.Date("expectedBackOn", b.ExpectedBackOn),
	}
	for i, u := range b.Units {
		if u.Quantity == "" {
			u.Quantity = "1"
		}
		c.Units = append(c.Units, depot.FaultyUnit{
			Part: domain.PartCode(u.Part), Quantity: p.Decimal(fmt.Sprintf("units[%d].quantity", i), u.Quantity),
			Serial:    u.Serial,
			FaultLine: domain.FaultLineID(u.FaultLine), Return: domain.ReturnID(u.Return),
		})
	}
	if p.Err != nil {
		return kit.Receipt{}, p.Err
	}
	o, err := s.Ledger(ctx).ShipFaulty(ctx, in.Request(ctx), c)
	return kit.ReceiptOf(b.Shipment, o), err
}

func (s *service) scrap(ctx context.Context, in *scrapInput) (kit.Receipt, error) {
	var p kit.Parser
	b := in.Body
	c := depot.Scrap{
		Project: domain.ProjectID(in.Project), Slip: domain.SlipID(b.Scrap), Part: domain.PartCode(b.Part),
		Condition: depot.Condition(b.Condition),
		Quantity:  p.Decimal("quantity", b.Quantity), Serials: b.Serials, FaultLine: domain.FaultLineID(b.FaultLine),
		Reason:     b.Reason,
		ScrappedOn: p.Date("scrappedOn", b.ScrappedOn), Shipment: domain.SlipID(b.Shipment),
	}
	if p.Err != nil {
		return kit.Receipt{}, p.Err
	}
	o, err := s.Ledger(ctx).ScrapPart(ctx, in.Request(ctx), c)
	return kit.ReceiptOf(b.Scrap, o), err
}

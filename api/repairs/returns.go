package repairs

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/eventstore/ledger"
)

type openReturnBody struct {
	Return    string `json:"return,omitempty" example:"F2-2026-011" doc:"Number of the process sheet; derived from the Idempotency-Key if absent"`
	Project   string `json:"project" example:"P001"`
	Ticket    string `json:"ticket,omitempty"`
	FaultLine string `json:"faultLine,omitempty" example:"F1-0007"`
	Part      string `json:"part" example:"DS-700"`
	Serial    string `json:"serial,omitempty"`
	Maker     string `json:"maker" example:"海康威视"`
	Fault     string `json:"fault" example:"黑屏"`
	OpenedOn  string `json:"openedOn" example:"2026-06-20"`
	Bearer    string `json:"bearer,omitempty" enum:"DEPARTMENT,CENTER,MAKER" default:"DEPARTMENT" doc:"Who bears the cost"`
	Estimate  string `json:"estimate,omitempty" doc:"What the maker is expected to ask, yuan; absent: nothing is known, which 0.00 says as well. What we bear passes two more gates"`
}

type shipInput struct {
	kit.CommandHeaders
	Return string `path:"return"`
	Body   struct {
		Waybill        string `json:"waybill,omitempty"`
		ShippedOn      string `json:"shippedOn" example:"2026-06-21"`
		ExpectedBackOn string `json:"expectedBackOn,omitempty" doc:"By the department's rules if absent"`
	}
}

type finishInput struct {
	kit.CommandHeaders
	Return string `path:"return"`
	Body   struct {
		Result    string `json:"result" enum:"REPAIRED,REPLACED,SCRAPPED,NOT_BACK"`
		NewSerial string `json:"newSerial,omitempty" doc:"Of the unit that came instead; required for REPLACED"`
		Remark    string `json:"remark,omitempty"`
		On        string `json:"on" example:"2026-07-10"`
	}
}

func (s *service) returns() {
	kit.Command(s.Service, "/v1/returns", "open-return",
		"File a process sheet F2 for a device that goes to its maker (5.2.1)", kit.MayFileReturns,
		func(ctx context.Context, in *kit.CommandInput[openReturnBody]) (kit.Receipt, error) {
			var p kit.Parser
			b, r := in.Body, in.Request(ctx)
			if b.Return == "" {
				b.Return = r.NewID("F2")
			}
			c := repair.Open{
				Return: domain.ReturnID(b.Return), Project: domain.ProjectID(b.Project), Ticket: domain.TicketID(b.Ticket),
				FaultLine: domain.FaultLineID(b.FaultLine), Part: domain.PartCode(b.Part), Serial: b.Serial, Maker: b.Maker,
				Fault: b.Fault, OpenedOn: p.Date("openedOn", b.OpenedOn), Cost: cost(&p, b.Bearer, b.Estimate),
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := s.Ledger(ctx).OpenReturn(ctx, r, c)
			return kit.ReceiptOf(b.Return, o), err
		})

	kit.Command(s.Service, "/v1/returns/{return}/shipment", "ship-device",
		"Record the device on its way to the maker, once every gate has passed its sheet (5.2.1)", kit.MayFollowReturns,
		func(ctx context.Context, in *shipInput) (kit.Receipt, error) {
			var p kit.Parser
			c := repair.Ship{
				Return: domain.ReturnID(in.Return), Waybill: in.Body.Waybill, ShippedOn: p.Date("shippedOn", in.Body.ShippedOn),
				ExpectedBackOn: p.Date("expectedBackOn", in.Body.ExpectedBackOn),
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := s.Ledger(ctx).ShipDevice(ctx, in.Request(ctx), c)
			return kit.ReceiptOf(in.Return, o), err
		})

	kit.Command(s.Service, "/v1/returns/{return}/result", "finish-return", "Record what became of the device (5.2.1)",
		kit.MayFollowReturns,
		func(ctx context.Context, in *finishInput) (kit.Receipt, error) {
			var p kit.Parser
			c := repair.Finish{
				Return: domain.ReturnID(in.Return), Result: repair.Result(in.Body.Result), NewSerial: in.Body.NewSerial,
				Remark: in.Body.Remark, On: p.Date("on", in.Body.On),
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*repair.Return).Finish)
			return kit.ReceiptOf(in.Return, o), err
		})
}

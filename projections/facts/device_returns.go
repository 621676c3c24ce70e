package facts

import (
	_ "embed"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/repair"
)

//go:embed device_returns.sql
var deviceReturnsSQL string

// deviceReturnFacts are the steps of process sheets (F2).
type deviceReturnFacts struct {
	key            keyColumns
	returnID       textColumn
	step           textColumn
	onDate         dateColumn
	project        textColumn
	ticket         textColumn
	faultLine      textColumn
	part           textColumn
	serial         textColumn
	maker          textColumn
	fault          textColumn
	waybill        textColumn
	expectedBackOn dateColumn
	result         textColumn
	newSerial      textColumn
	remark         textColumn
	by             textColumn
	center         textColumn
	bearer         textColumn
	amount         moneyColumn
	gate           textColumn
	goesTo         textColumn
	counterparty   textColumn
	document       textColumn
	quote          textColumn
	paper          textColumn
}

func newDeviceReturnFacts() *deviceReturnFacts {
	t := newTable("device_returns", deviceReturnsSQL, Lies{Numbered: "return_id", Kind: returnPlace})
	return &deviceReturnFacts{
		key: newKeyColumns(t), returnID: t.text("return_id"), step: t.text("step"), onDate: t.date("on_date"),
		project: t.text("project"), ticket: t.text("ticket"), faultLine: t.text("fault_line"), part: t.text("part"),
		serial: t.text("serial"), maker: t.text("maker"), fault: t.text("fault"), waybill: t.text("waybill"),
		expectedBackOn: t.date("expected_back_on"), result: t.text("result"), newSerial: t.text("new_serial"),
		remark: t.text("remark"), by: t.text("by"), center: t.text("center"), bearer: t.text("bearer"),
		amount: t.money("amount"),
		gate:   t.text("gate"), goesTo: t.text("goes_to"), counterparty: t.text("counterparty"), document: t.text("document"),
		quote: t.text("quote"), paper: t.text("paper"),
	}
}

// deviceReturnRow is one step; what the step does not state is left empty.
type deviceReturnRow struct {
	id             domain.ReturnID
	step           string
	on             calendar.Date
	opened         repair.ReturnOpened
	waybill        string
	expectedBackOn calendar.Date
	returned       repair.DeviceReturned
	remark         string
	by             string
	center         domain.CenterID
	cost           repair.Cost
	amount         money.Amount
	gate, goesTo   repair.Gate
	counterparty   string
	document       string
	quote          domain.QuoteID
	paper          attachment.Digest
}

// repair gives the rows of an event of its stream.
func (f *Facts) repair(r *Recorded, e repair.Event) error {
	switch e := e.(type) {
	case repair.ReturnOpened:
		if e.FiledBy == "" {
			e.GoesTo = repair.CityTechLead // filed before there were gates; it has to pass them now
		}
		f.deviceReturns.add(r, deviceReturnRow{
			id: e.Return, step: "OPENED", on: e.OpenedOn, opened: e, by: e.FiledBy, cost: e.Cost,
			amount: e.Cost.Estimate, goesTo: e.GoesTo,
		})
		f.places.add(r, returnPlace, string(e.Return), e.Project, "")
	case repair.CompensationSheetFiled:
		f.places.add(r, returnPlace, string(e.Return), e.Project, e.Center)
		f.deviceReturns.add(r, deviceReturnRow{
			id: e.Return, step: "COMPENSATION_FILED", on: e.FiledOn,
			opened: repair.ReturnOpened{Project: e.Project, Fault: e.Damage}, by: e.By,
			center: e.Center, amount: e.Amount, goesTo: e.GoesTo, document: string(e.Charge),
			quote: e.Quote,
		})
	case repair.ReturnReviewed:
		f.deviceReturns.add(r, deviceReturnRow{
			id: e.Return, step: "REVIEWED", on: e.On, remark: e.Note, by: e.By, amount: e.Amount, gate: e.Gate,
			goesTo: e.GoesTo,
		})
	case repair.ReturnApproved:
		f.deviceReturns.add(r, deviceReturnRow{
			id: e.Return, step: "APPROVED", on: e.On, remark: e.Note, by: e.By, amount: e.Amount, gate: e.Gate, goesTo: e.GoesTo,
			paper: paperOf(e.MailPage),
		})
	case repair.ReturnRejected:
		f.deviceReturns.add(r, deviceReturnRow{
			id: e.Return, step: "REJECTED", on: e.On, remark: e.Reason, by: e.By, amount: e.Amount, gate: e.Gate,
		})
	case repair.ReturnResubmitted:
		f.deviceReturns.add(r, deviceReturnRow{
			id: e.Return, step: "RESUBMITTED", on: e.On, opened: repair.ReturnOpened{Fault: e.Fault}, remark: e.Note, by: e.By,
			cost:   e.Cost,
			amount: e.Cost.Estimate, goesTo: e.GoesTo,
		})
	case repair.DeviceShipped:
		f.deviceReturns.add(r, deviceReturnRow{
			id: e.Return, step: "SHIPPED", on: e.ShippedOn, waybill: e.Waybill, expectedBackOn: e.ExpectedBackOn,
		})
	case repair.ReturnFollowedUp:
		f.deviceReturns.add(r, deviceReturnRow{
			id: e.Return, step: "FOLLOWED_UP", on: e.On, expectedBackOn: e.ExpectedBackOn, remark: e.Note, by: e.By,
			counterparty: e.Contact,
		})
	case repair.DeviceReturned:
		f.deviceReturns.add(r, deviceReturnRow{id: e.Return, step: "RETURNED", on: e.On, returned: e, remark: e.Remark})
	case repair.RepairQuoted:
		f.deviceReturns.add(r, deviceReturnRow{
			id: e.Return, step: "QUOTED", on: e.QuotedOn, by: e.By, amount: e.Amount, goesTo: e.GoesTo, counterparty: e.Supplier,
			paper: paperOf(e.Letter),
		})
	case repair.ConfirmationLetterConfirmed:
		f.deviceReturns.add(r, deviceReturnRow{
			id: e.Return, step: "LETTER_CONFIRMED", on: e.On, by: e.By, amount: e.Amount, counterparty: e.Supplier,
			paper: e.Letter.SHA256,
		})
	case repair.RepairPaymentRequested:
		f.deviceReturns.add(r, deviceReturnRow{
			id: e.Return, step: "PAYMENT_REQUESTED", on: e.On, by: e.By, amount: e.Amount, counterparty: e.Supplier,
			document: string(e.Request),
		})
	case repair.RepairPaymentReleased:
		f.deviceReturns.add(r, deviceReturnRow{
			id: e.Return, step: "PAYMENT_RELEASED", on: e.On, remark: e.Reason, by: e.By,
			document: string(e.Request),
		})
	default:
		return unmapped(r)
	}
	return nil
}

func paperOf(ref *attachment.Ref) attachment.Digest {
	if ref == nil {
		return ""
	}
	return ref.SHA256
}

func (f *deviceReturnFacts) add(r *Recorded, row deviceReturnRow) {
	f.key.begin(r, 0)
	f.returnID.add(string(row.id))
	f.step.add(row.step)
	f.onDate.add(row.on)
	f.project.add(string(row.opened.Project))
	f.ticket.add(string(row.opened.Ticket))
	f.faultLine.add(string(row.opened.FaultLine))
	f.part.add(string(row.opened.Part))
	f.serial.add(row.opened.Serial)
	f.maker.add(row.opened.Maker)
	f.fault.add(row.opened.Fault)
	f.waybill.add(row.waybill)
	f.expectedBackOn.add(row.expectedBackOn)
	f.result.add(string(row.returned.Result))
	f.newSerial.add(row.returned.NewSerial)
	f.remark.add(row.remark)
	f.by.add(row.by)
	f.center.add(string(row.center))
	f.bearer.add(string(row.cost.Bearer))
	f.amount.add(row.amount)
	f.gate.add(string(row.gate))
	f.goesTo.add(string(row.goesTo))
	f.counterparty.add(row.counterparty)
	f.document.add(row.document)
	f.quote.add(string(row.quote))
	f.paper.add(string(row.paper))
}

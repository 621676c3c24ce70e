package projections

import (
	_ "embed"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
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
}

func newDeviceReturnFacts() *deviceReturnFacts {
	t := newTable("device_returns", deviceReturnsSQL)
	return &deviceReturnFacts{
		key: newKeyColumns(t), returnID: t.text("return_id"), step: t.text("step"), onDate: t.date("on_date"),
		project: t.text("project"), ticket: t.text("ticket"), faultLine: t.text("fault_line"), part: t.text("part"),
		serial: t.text("serial"), maker: t.text("maker"), fault: t.text("fault"), waybill: t.text("waybill"),
		expectedBackOn: t.date("expected_back_on"), result: t.text("result"), newSerial: t.text("new_serial"),
		remark: t.text("remark"),
	}
}

// deviceReturnRow is one step; what the step does not state is left empty.
type deviceReturnRow struct {
	id       domain.ReturnID
	step     string
	on       calendar.Date
	opened   repair.ReturnOpened
	shipped  repair.DeviceShipped
	returned repair.DeviceReturned
}

func (f *deviceReturnFacts) add(r *Recorded, e repair.Event) error {
	switch e := e.(type) {
	case repair.ReturnOpened:
		f.append(r, deviceReturnRow{id: e.Return, step: "OPENED", on: e.OpenedOn, opened: e})
		return nil
	case repair.DeviceShipped:
		f.append(r, deviceReturnRow{id: e.Return, step: "SHIPPED", on: e.ShippedOn, shipped: e})
		return nil
	case repair.DeviceReturned:
		f.append(r, deviceReturnRow{id: e.Return, step: "RETURNED", on: e.On, returned: e})
		return nil
	}
	return unmapped(r, f.key.table)
}

func (f *deviceReturnFacts) append(r *Recorded, row deviceReturnRow) {
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
	f.waybill.add(row.shipped.Waybill)
	f.expectedBackOn.add(row.shipped.ExpectedBackOn)
	f.result.add(string(row.returned.Result))
	f.newSerial.add(row.returned.NewSerial)
	f.remark.add(row.returned.Remark)
}

package facts

import (
	_ "embed"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

//go:embed faulty_units.sql
var faultyUnitsSQL string

// faultyUnitFacts follow the units that were taken out of projects.
type faultyUnitFacts struct {
	key            keyColumns
	project        textColumn
	part           textColumn
	step           textColumn
	document       textColumn
	shipment       textColumn
	quantity       decimalColumn
	serials        textsColumn
	cameAs         textsColumn
	faultLine      textColumn
	returnID       textColumn
	maker          textColumn
	waybill        textColumn
	expectedBackOn dateColumn
	person         textColumn
	reason         textColumn
	onDate         dateColumn
}

func newFaultyUnitFacts() *faultyUnitFacts {
	t := newTable("faulty_units", faultyUnitsSQL, Lies{Project: "project"})
	return &faultyUnitFacts{
		key: newKeyColumns(t), project: t.text("project"), part: t.text("part"), step: t.text("step"),
		document: t.text("document"),
		shipment: t.text("shipment"), quantity: t.decimal("quantity", 18, 3), serials: t.texts("serials"),
		cameAs:    t.texts("came_as"),
		faultLine: t.text("fault_line"),
		returnID:  t.text("return_id"), maker: t.text("maker"), waybill: t.text("waybill"),
		expectedBackOn: t.date("expected_back_on"),
		person:         t.text("person"), reason: t.text("reason"), onDate: t.date("on_date"),
	}
}

// faultyUnitRow is one line; what its step does not state is left empty.
type faultyUnitRow struct {
	project        domain.ProjectID
	part           domain.PartCode
	step           string
	document       domain.SlipID
	shipment       domain.SlipID
	quantity       decimal.Decimal
	serials        []string
	cameAs         []string
	faultLine      domain.FaultLineID
	returnID       domain.ReturnID
	maker          string
	waybill        string
	expectedBackOn calendar.Date
	person         string
	reason         string
	on             calendar.Date
}

func (f *faultyUnitFacts) add(r *Recorded, line int, row faultyUnitRow) {
	f.key.begin(r, line)
	f.project.add(string(row.project))
	f.part.add(string(row.part))
	f.step.add(row.step)
	f.document.add(string(row.document))
	f.shipment.add(string(row.shipment))
	f.quantity.add(row.quantity)
	f.serials.add(row.serials)
	f.cameAs.add(row.cameAs)
	f.faultLine.add(string(row.faultLine))
	f.returnID.add(string(row.returnID))
	f.maker.add(row.maker)
	f.waybill.add(row.waybill)
	f.expectedBackOn.add(row.expectedBackOn)
	f.person.add(row.person)
	f.reason.add(row.reason)
	f.onDate.add(row.on)
}

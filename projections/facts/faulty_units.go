package facts

import (
	_ "embed"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
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
	t := newTable("faulty_units", faultyUnitsSQL)
	return &faultyUnitFacts{
		key: newKeyColumns(t), project: t.text("project"), part: t.text("part"), step: t.text("step"), document: t.text("document"),
		shipment: t.text("shipment"), quantity: t.decimal("quantity", 18, 3), serials: t.texts("serials"), faultLine: t.text("fault_line"),
		returnID: t.text("return_id"), maker: t.text("maker"), waybill: t.text("waybill"), expectedBackOn: t.date("expected_back_on"),
		person: t.text("person"), reason: t.text("reason"), onDate: t.date("on_date"),
	}
}

// scrappings are the steps of faulty units that are scrapped.
var scrappings = map[depot.Condition]string{depot.Faulty: "SCRAPPED", depot.AtMaker: "SCRAPPED_AT_MAKER"}

func (f *faultyUnitFacts) add(r *Recorded, e depot.Event) error {
	switch e := e.(type) {
	case depot.FaultyUnitHandedIn:
		f.append(r, 0, faultyUnitRow{
			project: e.Project, part: e.Part, step: "HANDED_IN", document: e.Slip, quantity: e.Quantity, serials: e.Serials,
			faultLine: e.FaultLine, person: e.HandedInBy, on: e.HandedInOn,
		})
		return nil
	case depot.FaultyUnitsShipped:
		for i, u := range e.Units {
			row := faultyUnitRow{
				project: e.Project, part: u.Part, step: "SHIPPED", document: e.Shipment, shipment: e.Shipment, quantity: u.Quantity,
				faultLine: u.FaultLine, returnID: u.Return, maker: e.Maker, waybill: e.Waybill, expectedBackOn: e.ExpectedBackOn, on: e.ShippedOn,
			}
			if u.Serial != "" {
				row.serials = []string{u.Serial}
			}
			f.append(r, i, row)
		}
		return nil
	case depot.PartReceived:
		if e.Source == depot.FromMaker {
			f.append(r, 0, faultyUnitRow{
				project: e.Project, part: e.Part, step: "BACK", document: e.Receipt, shipment: e.Shipment, quantity: e.Quantity,
				serials: e.BackAs(), on: e.ReceivedOn,
			})
		}
		return nil
	case depot.PartScrapped:
		if step := scrappings[e.Condition]; step != "" {
			f.append(r, 0, faultyUnitRow{
				project: e.Project, part: e.Part, step: step, document: e.Slip, shipment: e.Shipment, quantity: e.Quantity, serials: e.Serials,
				faultLine: e.FaultLine, reason: e.Reason, on: e.ScrappedOn,
			})
		}
		return nil
	case depot.PartIssued, depot.PartReturned, depot.PartTransferredOut, depot.PartTransferredIn, depot.StockCounted, depot.StockAdjusted,
		depot.AdjustmentRefused:
		return nil
	}
	return unmapped(r, f.key.table)
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
	faultLine      domain.FaultLineID
	returnID       domain.ReturnID
	maker          string
	waybill        string
	expectedBackOn calendar.Date
	person         string
	reason         string
	on             calendar.Date
}

func (f *faultyUnitFacts) append(r *Recorded, line int, row faultyUnitRow) {
	f.key.begin(r, line)
	f.project.add(string(row.project))
	f.part.add(string(row.part))
	f.step.add(row.step)
	f.document.add(string(row.document))
	f.shipment.add(string(row.shipment))
	f.quantity.add(row.quantity)
	f.serials.add(row.serials)
	f.faultLine.add(string(row.faultLine))
	f.returnID.add(string(row.returnID))
	f.maker.add(row.maker)
	f.waybill.add(row.waybill)
	f.expectedBackOn.add(row.expectedBackOn)
	f.person.add(row.person)
	f.reason.add(row.reason)
	f.onDate.add(row.on)
}

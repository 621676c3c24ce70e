package projections

import (
	_ "embed"

	"aftersales-ledger/domain/depot"
)

//go:embed part_movements.sql
var partMovementsSQL string

// partMovementFacts are the receipts and issues of the depots.
type partMovementFacts struct {
	key       keyColumns
	project   textColumn
	part      textColumn
	kind      textColumn
	slip      textColumn
	quantity  decimalColumn
	value     moneyColumn
	asked     decimalColumn
	source    textColumn
	faultLine textColumn
	taker     textColumn
	override  textColumn
	serials   textsColumn
	onDate    dateColumn
}

func newPartMovementFacts() *partMovementFacts {
	t := newTable("part_movements", partMovementsSQL)
	return &partMovementFacts{
		key: newKeyColumns(t), project: t.text("project"), part: t.text("part"), kind: t.text("kind"),
		slip: t.text("slip"), quantity: t.decimal("quantity", 18, 3), value: t.money("value"),
		asked: t.decimal("asked", 18, 3), source: t.text("source"), faultLine: t.text("fault_line"),
		taker: t.text("taker"), override: t.text("override"), serials: t.texts("serials"), onDate: t.date("on_date"),
	}
}

func (f *partMovementFacts) add(r *Recorded, e depot.Event) error {
	switch e := e.(type) {
	case depot.PartReceived:
		f.append(r, "RECEIPT", string(e.Source), depot.PartIssued{
			Project: e.Project, Slip: e.Receipt, Part: e.Part, Quantity: e.Quantity, Value: e.Value,
			Serials: e.Serials, IssuedOn: e.ReceivedOn,
		})
		return nil
	case depot.PartIssued:
		e.Quantity, e.Value = e.Quantity.Neg(), e.Value.Neg()
		f.append(r, "ISSUE", "", e)
		return nil
	}
	return unmapped(r, f.key.table)
}

// append adds a movement in the form of an issue, whose columns a receipt
// shares but for its source.
func (f *partMovementFacts) append(r *Recorded, kind, source string, e depot.PartIssued) {
	f.key.begin(r, 0)
	f.project.add(string(e.Project))
	f.part.add(string(e.Part))
	f.kind.add(kind)
	f.slip.add(string(e.Slip))
	f.quantity.add(e.Quantity)
	f.value.add(e.Value)
	f.asked.add(e.Asked)
	f.source.add(source)
	f.faultLine.add(string(e.FaultLine))
	f.taker.add(e.Taker)
	f.override.add(e.Override)
	f.serials.add(e.Serials)
	f.onDate.add(e.IssuedOn)
}

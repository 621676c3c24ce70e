package facts

import (
	_ "embed"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
)

//go:embed part_movements.sql
var partMovementsSQL string

// partMovementFacts are all movements of the depots' stock.
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

	reference    textColumn
	otherProject textColumn
	reason       textColumn
	sentSerials  textsColumn
}

func newPartMovementFacts() *partMovementFacts {
	t := newTable("part_movements", partMovementsSQL, Lies{Project: "project"})
	return &partMovementFacts{
		key: newKeyColumns(t), project: t.text("project"), part: t.text("part"), kind: t.text("kind"),
		slip: t.text("slip"), quantity: t.decimal("quantity", 18, 3), value: t.money("value"),
		asked: t.decimal("asked", 18, 3), source: t.text("source"), faultLine: t.text("fault_line"),
		taker: t.text("taker"), override: t.text("override"), serials: t.texts("serials"), onDate: t.date("on_date"),
		reference: t.text("reference"), otherProject: t.text("other_project"), reason: t.text("reason"),
		sentSerials: t.texts("sent_serials"),
	}
}

// movementRow is one movement; what its kind does not state is left empty.
type movementRow struct {
	project      domain.ProjectID
	part         domain.PartCode
	kind         string
	slip         domain.SlipID
	quantity     decimal.Decimal
	value        money.Amount
	asked        decimal.Decimal
	source       depot.Source
	faultLine    domain.FaultLineID
	person       string
	override     string
	serials      []string
	on           calendar.Date
	reference    domain.SlipID
	otherProject domain.ProjectID
	reason       string
	sentSerials  []string
}

func (f *partMovementFacts) add(r *Recorded, row movementRow) {
	f.key.begin(r, 0)
	f.project.add(string(row.project))
	f.part.add(string(row.part))
	f.kind.add(row.kind)
	f.slip.add(string(row.slip))
	f.quantity.add(row.quantity)
	f.value.add(row.value)
	f.asked.add(row.asked)
	f.source.add(string(row.source))
	f.faultLine.add(string(row.faultLine))
	f.taker.add(row.person)
	f.override.add(row.override)
	f.serials.add(row.serials)
	f.onDate.add(row.on)
	f.reference.add(string(row.reference))
	f.otherProject.add(string(row.otherProject))
	f.reason.add(row.reason)
	f.sentSerials.add(row.sentSerials)
}

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
	t := newTable("part_movements", partMovementsSQL)
	return &partMovementFacts{
		key: newKeyColumns(t), project: t.text("project"), part: t.text("part"), kind: t.text("kind"),
		slip: t.text("slip"), quantity: t.decimal("quantity", 18, 3), value: t.money("value"),
		asked: t.decimal("asked", 18, 3), source: t.text("source"), faultLine: t.text("fault_line"),
		taker: t.text("taker"), override: t.text("override"), serials: t.texts("serials"), onDate: t.date("on_date"),
		reference: t.text("reference"), otherProject: t.text("other_project"), reason: t.text("reason"), sentSerials: t.texts("sent_serials"),
	}
}

func (f *partMovementFacts) add(r *Recorded, e depot.Event) error {
	switch e := e.(type) {
	case depot.PartReceived:
		f.append(r, movementRow{
			project: e.Project, part: e.Part, kind: "RECEIPT", slip: e.Receipt, quantity: e.Quantity, value: e.Value, source: e.Source,
			serials: e.Serials, on: e.ReceivedOn, reference: e.Shipment, sentSerials: e.SentSerials,
		})
		return nil
	case depot.PartIssued:
		f.append(r, movementRow{
			project: e.Project, part: e.Part, kind: "ISSUE", slip: e.Slip, quantity: e.Quantity.Neg(), value: e.Value.Neg(), asked: e.Asked,
			faultLine: e.FaultLine, person: e.Taker, override: e.Override, serials: e.Serials, on: e.IssuedOn,
		})
		return nil
	case depot.PartReturned:
		f.append(r, movementRow{
			project: e.Project, part: e.Part, kind: "RETURN", slip: e.Slip, quantity: e.Quantity, value: e.Value, faultLine: e.FaultLine,
			person: e.ReturnedBy, serials: e.Serials, on: e.ReturnedOn, reference: e.Issue,
		})
		return nil
	case depot.PartTransferredOut:
		f.append(r, movementRow{
			project: e.Project, part: e.Part, kind: "TRANSFER_OUT", slip: e.Transfer, quantity: e.Quantity.Neg(), value: e.Value.Neg(),
			serials: e.Serials, on: e.TransferredOn, otherProject: e.To, reason: e.Reason,
		})
		return nil
	case depot.PartTransferredIn:
		f.append(r, movementRow{
			project: e.Project, part: e.Part, kind: "TRANSFER_IN", slip: e.Transfer, quantity: e.Quantity, value: e.Value,
			serials: e.Serials, on: e.ReceivedOn, otherProject: e.From,
		})
		return nil
	case depot.PartScrapped:
		if e.Condition == depot.Good {
			f.append(r, movementRow{
				project: e.Project, part: e.Part, kind: "SCRAP", slip: e.Slip, quantity: e.Quantity.Neg(), value: e.Value.Neg(),
				serials: e.Serials, on: e.ScrappedOn, reason: e.Reason,
			})
		}
		return nil
	case depot.StockAdjusted:
		f.append(r, movementRow{
			project: e.Project, part: e.Part, kind: "ADJUSTMENT", slip: e.Adjustment, quantity: e.Quantity, value: e.Value,
			on: e.AdjustedOn, reference: e.Count, reason: e.Reason,
		})
		return nil
	case depot.FaultyUnitHandedIn, depot.FaultyUnitsShipped, depot.StockCounted, depot.AdjustmentRefused:
		return nil
	}
	return unmapped(r, f.key.table)
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

func (f *partMovementFacts) append(r *Recorded, row movementRow) {
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

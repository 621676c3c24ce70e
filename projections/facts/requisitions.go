package facts

import (
	_ "embed"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/requisition"
)

//go:embed requisitions.sql
var requisitionsSQL string

// requisitionFacts are the steps of requisitions and the material they name.
type requisitionFacts struct {
	key          keyColumns
	requisition  textColumn
	step         textColumn
	onDate       dateColumn
	project      textColumn
	region       textColumn
	gate         textColumn
	by           textColumn
	note         textColumn
	document     textColumn
	counterparty textColumn
	expectedOn   dateColumn
	part         textColumn
	name         textColumn
	purpose      textColumn
	quantity     decimalColumn
	amount       moneyColumn
}

func newRequisitionFacts() *requisitionFacts {
	t := newTable("requisitions", requisitionsSQL, Lies{Numbered: "requisition", Kind: requisitionPlace})
	return &requisitionFacts{
		key: newKeyColumns(t), requisition: t.text("requisition"), step: t.text("step"), onDate: t.date("on_date"),
		project: t.text("project"), region: t.text("region"), gate: t.text("gate"), by: t.text("by"), note: t.text("note"),
		document: t.text("document"), counterparty: t.text("counterparty"), expectedOn: t.date("expected_on"),
		part: t.text("part"),
		name: t.text("name"), purpose: t.text("purpose"), quantity: t.decimal("quantity", 18, 3), amount: t.money("amount"),
	}
}

// requisitionRow is one step, or one line of material of it.
type requisitionRow struct {
	id           domain.RequisitionID
	step         string
	on           calendar.Date
	project      domain.ProjectID
	region       string
	gate         requisition.Gate
	by           string
	note         string
	document     string
	counterparty string
	expectedOn   calendar.Date
	material     requisition.Line // Estimate: the amount of the row
}

// requisition gives the rows of an event of its stream.
func (f *Facts) requisition(r *Recorded, e requisition.Event) error {
	var head requisitionRow
	var lines []requisition.Line
	switch e := e.(type) {
	case requisition.MaterialRequested:
		head = requisitionRow{
			id: e.Requisition, step: "REQUESTED", on: e.RequestedOn, project: e.Project, region: e.Region, by: e.By,
			material: amounting(e.Total),
		}
		lines = e.Lines
		f.places.add(r, requisitionPlace, string(e.Requisition), e.Project, "")
	case requisition.RequisitionReviewed:
		head = requisitionRow{id: e.Requisition, step: "REVIEWED", on: e.On, gate: e.Gate, by: e.By, note: e.Note}
	case requisition.RequisitionApproved:
		head = requisitionRow{
			id: e.Requisition, step: "APPROVED", on: e.On, gate: requisition.DepartmentManager, by: e.By, note: e.Note,
			material: amounting(e.Amount),
		}
	case requisition.RequisitionRejected:
		head = requisitionRow{id: e.Requisition, step: "REJECTED", on: e.On, gate: e.Gate, by: e.By, note: e.Reason}
	case requisition.RequisitionResubmitted:
		head = requisitionRow{
			id: e.Requisition, step: "RESUBMITTED", on: e.On, by: e.By, note: e.Note, material: amounting(e.Total),
		}
		lines = e.Lines
	case requisition.PurchaseOrdered:
		head = requisitionRow{
			id: e.Requisition, step: "ORDERED", on: e.OrderedOn, by: e.By, document: string(e.Order), counterparty: e.Supplier,
			expectedOn: e.ExpectedOn,
			material:   amounting(e.Total),
		}
		for _, l := range e.Lines {
			lines = append(lines, requisition.Line{Part: l.Part, Quantity: l.Quantity, Estimate: l.Price})
		}
	case requisition.PurchaseReceived:
		head = requisitionRow{
			id: e.Requisition, step: "RECEIVED", on: e.ReceivedOn, by: e.By, document: string(e.Receipt),
			material: amounting(e.Value),
		}
		lines = []requisition.Line{{Part: e.Part, Quantity: e.Quantity, Estimate: e.Value}}
	default:
		return unmapped(r)
	}
	f.requisitions.add(r, 0, head)
	for i, l := range lines {
		head.material = l
		f.requisitions.add(r, i+1, head)
	}
	return nil
}

func amounting(a money.Amount) requisition.Line {
	return requisition.Line{Quantity: decimal.Zero, Estimate: a}
}

func (f *requisitionFacts) add(r *Recorded, line int, row requisitionRow) {
	f.key.begin(r, line)
	f.requisition.add(string(row.id))
	f.step.add(row.step)
	f.onDate.add(row.on)
	f.project.add(string(row.project))
	f.region.add(row.region)
	f.gate.add(string(row.gate))
	f.by.add(row.by)
	f.note.add(row.note)
	f.document.add(row.document)
	f.counterparty.add(row.counterparty)
	f.expectedOn.add(row.expectedOn)
	f.part.add(string(row.material.Part))
	f.name.add(row.material.Name)
	f.purpose.add(row.material.Purpose)
	f.quantity.add(row.material.Quantity)
	f.amount.add(row.material.Estimate)
}

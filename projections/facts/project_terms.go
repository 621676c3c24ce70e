package facts

import (
	_ "embed"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/project"
)

//go:embed project_terms.sql
var projectTermsSQL string

// projectTermFacts are what was agreed with centers about the service of
// projects.
type projectTermFacts struct {
	key            keyColumns
	project        textColumn
	step           textColumn
	onDate         dateColumn
	untilDate      dateColumn
	dueOn          dateColumn
	warrantyEndsOn dateColumn
	center         textColumn
	version        numberColumn
	item           textColumn
	ofRole         textColumn
	name           textColumn
	phone          textColumn
	inWarranty     flagColumn
	presence       textColumn
	cell           textColumn
	value          textColumn
	contract       textColumn
	quantity       decimalColumn
	people         textsColumn
	text           textColumn
}

func newProjectTermFacts() *projectTermFacts {
	t := newTable("project_terms", projectTermsSQL, Lies{Project: "project"})
	return &projectTermFacts{
		key: newKeyColumns(t), project: t.text("project"), step: t.text("step"), onDate: t.date("on_date"),
		untilDate: t.date("until_date"),
		dueOn:     t.date("due_on"), warrantyEndsOn: t.date("warranty_ends_on"), center: t.text("center"),
		version: t.number("version"),
		item:    t.text("item"), ofRole: t.text("of_role"), name: t.text("name"), phone: t.text("phone"),
		inWarranty: t.flag("in_warranty"),
		presence:   t.text("presence"), cell: t.text("cell"), value: t.text("value"), contract: t.text("contract"),
		quantity: t.decimal("quantity", 18, 3), people: t.texts("people"), text: t.text("text"),
	}
}

// projectTermRow is one entry; what its step does not state is left empty.
type projectTermRow struct {
	project                        domain.ProjectID
	step                           string
	on, until, due, warrantyEndsOn calendar.Date
	center                         domain.CenterID
	version                        int
	item                           string
	role                           domain.Role
	name, phone                    string
	override                       project.ServiceTermsOverridden
	quantity                       decimal.Decimal
	people                         []string
	text                           string
}

func (f *projectTermFacts) add(r *Recorded, line int, row projectTermRow) {
	f.key.begin(r, line)
	f.project.add(string(row.project))
	f.step.add(row.step)
	f.onDate.add(row.on)
	f.untilDate.add(row.until)
	f.dueOn.add(row.due)
	f.warrantyEndsOn.add(row.warrantyEndsOn)
	f.center.add(string(row.center))
	f.version.add(uint32(row.version))
	f.item.add(row.item)
	f.ofRole.add(string(row.role))
	f.name.add(row.name)
	f.phone.add(row.phone)
	f.inWarranty.add(row.override.InWarranty)
	f.presence.add(string(row.override.Presence))
	f.cell.add(string(row.override.Cell))
	f.value.add(row.override.Value)
	f.contract.add(row.override.Contract)
	f.quantity.add(row.quantity)
	f.people.add(row.people)
	f.text.add(row.text)
}

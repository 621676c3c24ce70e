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
	t := newTable("project_terms", projectTermsSQL)
	return &projectTermFacts{
		key: newKeyColumns(t), project: t.text("project"), step: t.text("step"), onDate: t.date("on_date"), untilDate: t.date("until_date"),
		dueOn: t.date("due_on"), warrantyEndsOn: t.date("warranty_ends_on"), center: t.text("center"), version: t.number("version"),
		item: t.text("item"), ofRole: t.text("of_role"), name: t.text("name"), phone: t.text("phone"), inWarranty: t.flag("in_warranty"),
		presence: t.text("presence"), cell: t.text("cell"), value: t.text("value"), contract: t.text("contract"),
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

func (f *projectTermFacts) add(r *Recorded, e project.Event) error {
	switch e := e.(type) {
	case project.RosterPublished:
		for i, c := range e.Entries {
			f.append(r, i, projectTermRow{project: e.Project, step: "ROSTER", on: e.From, version: e.Version, role: c.Role, name: c.Name, phone: c.Phone})
		}
		return nil
	case project.RegistrationFormHandedOver:
		f.append(r, 0, projectTermRow{project: e.Project, step: "FORM", on: e.On, center: e.Center, name: e.ReceivedBy, text: e.By})
		return nil
	case project.ServiceTermsOverridden:
		f.append(r, 0, projectTermRow{project: e.Project, step: "OVERRIDE", on: e.From, until: e.Until, item: string(e.Override), override: e, text: e.Reason})
		return nil
	case project.HandoverPlanned:
		for i, p := range e.Items {
			f.append(r, i, projectTermRow{
				project: e.Project, step: "HANDOVER_PLANNED", on: e.From, due: p.DueOn, warrantyEndsOn: e.WarrantyEndsOn, center: e.Center, item: string(p.Item),
			})
		}
		return nil
	case project.HandoverItemDone:
		f.append(r, 0, projectTermRow{project: e.Project, step: "HANDOVER_DONE", on: e.On, item: string(e.Item), name: e.Person, people: e.Attended, text: e.Evidence})
		return nil
	case project.SparePartsAdvised:
		for i, p := range e.Parts {
			f.append(r, i, projectTermRow{
				project: e.Project, step: "SPARE_PARTS", on: e.On, center: e.Center, item: string(p.Part), name: p.Name, quantity: p.Quantity, text: p.Remark,
			})
		}
		return nil
	case project.ProjectRegistered, project.CenterAssigned, project.WarrantyAgreed, project.TeamPresenceChanged:
		return nil // projects
	}
	return unmapped(r, f.key.table)
}

func (f *projectTermFacts) append(r *Recorded, line int, row projectTermRow) {
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

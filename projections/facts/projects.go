package facts

import (
	_ "embed"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
)

//go:embed projects.sql
var projectsSQL string

// projectFacts are the steps of projects.
type projectFacts struct {
	key                  keyColumns
	project              textColumn
	step                 textColumn
	onDate               dateColumn
	name                 textColumn
	region               textColumn
	city                 textColumn
	center               textColumn
	presence             textColumn
	completionHandoverOn dateColumn
	acceptanceOn         dateColumn
	occupancyOn          dateColumn
	warrantyStartsFrom   textColumn
	warrantyMonths       *column[uint16]
	warrantyEndsOn       dateColumn
}

func newProjectFacts() *projectFacts {
	t := newTable("projects", projectsSQL, Lies{Project: "project"})
	return &projectFacts{
		key: newKeyColumns(t), project: t.text("project"), step: t.text("step"), onDate: t.date("on_date"),
		name: t.text("name"), region: t.text("region"), city: t.text("city"), center: t.text("center"),
		presence: t.text("presence"), completionHandoverOn: t.date("completion_handover_on"),
		acceptanceOn: t.date("acceptance_on"), occupancyOn: t.date("occupancy_on"),
		warrantyStartsFrom: t.text("warranty_starts_from"),
		warrantyMonths:     newColumn[uint16](t, "warranty_months", "UInt16"), warrantyEndsOn: t.date("warranty_ends_on"),
	}
}

// projectRow is one step; what the step does not state is left empty.
type projectRow struct {
	project  domain.ProjectID
	step     string
	on       calendar.Date
	terms    project.ProjectRegistered
	center   domain.CenterID
	presence policy.Presence
	warranty project.WarrantyAgreed
}

func (f *projectFacts) add(r *Recorded, row projectRow) {
	f.key.begin(r, 0)
	f.project.add(string(row.project))
	f.step.add(row.step)
	f.onDate.add(row.on)
	f.name.add(row.terms.Name)
	f.region.add(row.terms.Region)
	f.city.add(row.terms.City)
	f.center.add(string(row.center))
	f.presence.add(string(row.presence))
	f.completionHandoverOn.add(row.warranty.CompletionHandoverOn)
	f.acceptanceOn.add(row.warranty.AcceptanceOn)
	f.occupancyOn.add(row.warranty.OccupancyOn)
	f.warrantyStartsFrom.add(string(row.warranty.StartsFrom))
	f.warrantyMonths.add(uint16(row.warranty.Months))
	f.warrantyEndsOn.add(row.warranty.EndsOn)
}

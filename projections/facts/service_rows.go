package facts

import (
	_ "embed"

	"aftersales-ledger/domain/servicetable"
)

//go:embed service_rows.sql
var serviceRowsSQL string

// serviceRowFacts are the rows of the department's own service tables.
type serviceRowFacts struct {
	key                                                                     keyColumns
	version                                                                 textColumn
	effectiveFrom                                                           dateColumn
	handoverMonths                                                          numberColumn
	clause, warranty, team, response, visits, onSite, cost, travel, support textColumn
}

func newServiceRowFacts() *serviceRowFacts {
	t := newTable("service_rows", serviceRowsSQL, Lies{Open: true})
	return &serviceRowFacts{
		key: newKeyColumns(t), version: t.text("version"), effectiveFrom: t.date("effective_from"),
		handoverMonths: t.number("handover_months"),
		clause:         t.text("clause"), warranty: t.text("warranty"), team: t.text("team"), response: t.text("response"),
		visits: t.text("visits"),
		onSite: t.text("on_site"), cost: t.text("cost"), travel: t.text("travel"), support: t.text("support"),
	}
}

func (f *serviceRowFacts) add(r *Recorded, e servicetable.ServiceTablePublished) {
	for i, row := range e.Table.Rows {
		f.key.begin(r, i)
		f.version.add(e.Table.Version)
		f.effectiveFrom.add(e.EffectiveFrom)
		f.handoverMonths.add(uint32(e.Table.HandoverMonths))
		f.clause.add(row.Clause)
		f.warranty.add(row.Warranty)
		f.team.add(row.Team)
		f.response.add(row.Response)
		f.visits.add(row.Visits)
		f.onSite.add(row.OnSite)
		f.cost.add(row.Cost)
		f.travel.add(row.Travel)
		f.support.add(row.Support)
	}
}

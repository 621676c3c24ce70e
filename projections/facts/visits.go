package facts

import (
	_ "embed"

	"aftersales-ledger/domain/visit"
)

//go:embed visits.sql
var visitsSQL string

// visitFacts are the routine visits.
type visitFacts struct {
	key          keyColumns
	project      textColumn
	center       textColumn
	step         textColumn
	onDate       dateColumn
	technician   textColumn
	participants textsColumn
	remark       textColumn
}

func newVisitFacts() *visitFacts {
	t := newTable("visits", visitsSQL, Lies{Center: "center", Project: "project"})
	return &visitFacts{
		key: newKeyColumns(t), project: t.text("project"), center: t.text("center"), step: t.text("step"),
		onDate:     t.date("on_date"),
		technician: t.text("technician"), participants: t.texts("participants"), remark: t.text("remark"),
	}
}

// visit gives the rows of an event of its stream.
func (f *Facts) visit(r *Recorded, e visit.Event) error {
	switch e := e.(type) {
	case visit.RoutineVisitMade:
		f.visits.add(r, "MADE", e)
	case visit.RoutineVisitWithdrawn:
		f.visits.add(r, "WITHDRAWN", visit.RoutineVisitMade{Project: e.Project, On: e.On, Remark: e.Reason})
	default:
		return unmapped(r)
	}
	return nil
}

func (f *visitFacts) add(r *Recorded, step string, e visit.RoutineVisitMade) {
	f.key.begin(r, 0)
	f.project.add(string(e.Project))
	f.center.add(string(e.Center))
	f.step.add(step)
	f.onDate.add(e.On)
	f.technician.add(e.Technician)
	f.participants.add(e.Participants)
	f.remark.add(e.Remark)
}

package facts

import (
	_ "embed"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
)

//go:embed finding_steps.sql
var findingStepsSQL string

// findingStepFacts are what people decided about findings.
type findingStepFacts struct {
	key      keyColumns
	finding  textColumn
	step     textColumn
	class    textColumn
	project  textColumn
	part     textColumn
	quantity decimalColumn
	value    moneyColumn
	status   textColumn
	reason   textColumn
	evidence textsColumn
	owner    textColumn
	onDate   dateColumn
}

func newFindingStepFacts() *findingStepFacts {
	t := newTable("finding_steps", findingStepsSQL)
	return &findingStepFacts{
		key: newKeyColumns(t), finding: t.text("finding"), step: t.text("step"), class: t.text("class"), project: t.text("project"),
		part: t.text("part"), quantity: t.decimal("quantity", 18, 3), value: t.money("value"), status: t.text("status"),
		reason: t.text("reason"), evidence: t.texts("evidence"), owner: t.text("owner"), onDate: t.date("on_date"),
	}
}

func (f *findingStepFacts) add(r *Recorded, e finding.Event) error {
	switch e := e.(type) {
	case finding.FindingAssigned:
		f.append(r, e.Finding, "ASSIGNED", e.On, finding.FindingClosed{Reason: e.Note}, e.Owner)
		return nil
	case finding.FindingClosed:
		f.append(r, e.Finding, "CLOSED", e.On, e, "")
		return nil
	case finding.FindingReopened:
		f.append(r, e.Finding, "REOPENED", e.On, finding.FindingClosed{Reason: e.Reason}, "")
		return nil
	case finding.FindingClosingRefused:
		f.append(r, e.Finding, "REFUSED", e.On, finding.FindingClosed{Status: e.Status, Reason: e.Reason}, "")
		return nil
	}
	return unmapped(r, f.key.table)
}

func (f *findingStepFacts) append(r *Recorded, k finding.Key, step string, on calendar.Date, closed finding.FindingClosed, owner string) {
	f.key.begin(r, 0)
	f.finding.add(string(k))
	f.step.add(step)
	f.class.add(string(closed.Class))
	f.project.add(string(closed.Project))
	f.part.add(string(closed.Part))
	f.quantity.add(closed.Quantity)
	f.value.add(closed.Value)
	f.status.add(string(closed.Status))
	f.reason.add(closed.Reason)
	f.evidence.add(closed.Evidence)
	f.owner.add(owner)
	f.onDate.add(on)
}

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
	t := newTable("finding_steps", findingStepsSQL, Lies{Closed: true})
	return &findingStepFacts{
		key: newKeyColumns(t), finding: t.text("finding"), step: t.text("step"), class: t.text("class"),
		project: t.text("project"),
		part:    t.text("part"), quantity: t.decimal("quantity", 18, 3), value: t.money("value"), status: t.text("status"),
		reason: t.text("reason"), evidence: t.texts("evidence"), owner: t.text("owner"), onDate: t.date("on_date"),
	}
}

// findingRow is one decision; what it does not state is left empty.
type findingRow struct {
	finding finding.Key
	step    string
	closed  finding.FindingClosed // its status, reason, evidence and what was found
	owner   string
	on      calendar.Date
}

// finding gives the rows of an event of its stream.
func (f *Facts) finding(r *Recorded, e finding.Event) error {
	switch e := e.(type) {
	case finding.FindingAssigned:
		f.findingSteps.add(r,
			findingRow{
				finding: e.Finding, step: "ASSIGNED", closed: finding.FindingClosed{Reason: e.Note}, owner: e.Owner, on: e.On,
			})
	case finding.FindingClosed:
		f.findingSteps.add(r, findingRow{finding: e.Finding, step: "CLOSED", closed: e, on: e.On})
	case finding.FindingReopened:
		f.findingSteps.add(r, findingRow{
			finding: e.Finding, step: "REOPENED", closed: finding.FindingClosed{Reason: e.Reason}, on: e.On,
		})
	default:
		return unmapped(r)
	}
	return nil
}

func (f *findingStepFacts) add(r *Recorded, row findingRow) {
	f.key.begin(r, 0)
	f.finding.add(string(row.finding))
	f.step.add(row.step)
	f.class.add(string(row.closed.Class))
	f.project.add(string(row.closed.Project))
	f.part.add(string(row.closed.Part))
	f.quantity.add(row.closed.Quantity)
	f.value.add(row.closed.Value)
	f.status.add(string(row.closed.Status))
	f.reason.add(row.closed.Reason)
	f.evidence.add(row.closed.Evidence)
	f.owner.add(row.owner)
	f.onDate.add(row.on)
}

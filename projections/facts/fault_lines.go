package facts

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	_ "embed"

	"aftersales-ledger/domain/ticket"
)

//go:embed fault_lines.sql
var faultLinesSQL string

// faultLineFacts are the lines of the fault record F1.
type faultLineFacts struct {
	key          keyColumns
	faultLine    textColumn
	ticket       textColumn
	project      textColumn
	center       textColumn
	device       textColumn
	serial       textColumn
	location     textColumn
	symptom      textColumn
	cause        textColumn
	solvedOnSite flagColumn
	replaces     flagColumn
	part         textColumn
	quantity     decimalColumn
	oldSerial    textColumn
	newSerial    textColumn
	bearer       textColumn
	clause       textColumn
	recordedOn   dateColumn
}

func newFaultLineFacts() *faultLineFacts {
	t := newTable("fault_lines", faultLinesSQL, Lies{Center: "center", Project: "project"})
	return &faultLineFacts{
		key: newKeyColumns(t), faultLine: t.text("fault_line"), ticket: t.text("ticket"), project: t.text("project"),
		center: t.text("center"), device: t.text("device"), serial: t.text("serial"), location: t.text("location"),
		symptom: t.text("symptom"), cause: t.text("cause"), solvedOnSite: t.flag("solved_on_site"),
		replaces: t.flag("replaces"), part: t.text("part"), quantity: t.decimal("quantity", 18, 3),
		oldSerial: t.text("old_serial"), newSerial: t.text("new_serial"), bearer: t.text("bearer"),
		clause: t.text("clause"), recordedOn: t.date("recorded_on"),
	}
}

func (f *faultLineFacts) add(r *Recorded, e *ticket.FaultRecorded) {
	var replaced ticket.Replacement
	if e.Replacement != nil {
		replaced = *e.Replacement
	}
	f.key.begin(r, 0)
	f.faultLine.add(string(e.Line))
	f.ticket.add(string(e.Ticket))
	f.project.add(string(e.Project))
	f.center.add(string(e.Center))
	f.device.add(e.Device)
	f.serial.add(e.Serial)
	f.location.add(e.Location)
	f.symptom.add(e.Symptom)
	f.cause.add(string(e.Cause))
	f.solvedOnSite.add(e.SolvedOnSite)
	f.replaces.add(e.Replacement != nil)
	f.part.add(string(replaced.Part))
	f.quantity.add(replaced.Quantity)
	f.oldSerial.add(replaced.OldSerial)
	f.newSerial.add(replaced.NewSerial)
	f.bearer.add(string(e.Bearer))
	f.clause.add(e.Clause)
	f.recordedOn.add(e.RecordedOn)
}

//go:embed fault_reviews.sql
var faultReviewsSQL string

// faultReviewFacts are the reviews of lines of F1, and what the team answers.
type faultReviewFacts struct {
	key       keyColumns
	faultLine textColumn
	ticket    textColumn
	step      textColumn
	verdict   textColumn
	note      textColumn
	paper     textColumn
	onDate    dateColumn
}

func newFaultReviewFacts() *faultReviewFacts {
	t := newTable("fault_reviews", faultReviewsSQL, Lies{Numbered: "ticket", Kind: ticketPlace})
	return &faultReviewFacts{
		key: newKeyColumns(t), faultLine: t.text("fault_line"), ticket: t.text("ticket"), step: t.text("step"),
		verdict: t.text("verdict"), note: t.text("note"), paper: t.text("paper"), onDate: t.date("on_date"),
	}
}

// faultReviewRow is one review, the attempt at one of one's own work, or an answer.
type faultReviewRow struct {
	faultLine domain.FaultLineID
	ticket    domain.TicketID
	step      string
	verdict   ticket.Verdict
	note      string
	paper     attachment.Digest
	on        calendar.Date
}

func (f *faultReviewFacts) add(r *Recorded, row faultReviewRow) {
	f.key.begin(r, 0)
	f.faultLine.add(string(row.faultLine))
	f.ticket.add(string(row.ticket))
	f.step.add(row.step)
	f.verdict.add(string(row.verdict))
	f.note.add(row.note)
	f.paper.add(string(row.paper))
	f.onDate.add(row.on)
}

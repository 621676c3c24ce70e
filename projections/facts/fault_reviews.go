package facts

import (
	_ "embed"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/ticket"
)

//go:embed fault_reviews.sql
var faultReviewsSQL string

// faultReviewFacts are the reviews of lines of F1.
type faultReviewFacts struct {
	key       keyColumns
	faultLine textColumn
	ticket    textColumn
	step      textColumn
	verdict   textColumn
	note      textColumn
	onDate    dateColumn
}

func newFaultReviewFacts() *faultReviewFacts {
	t := newTable("fault_reviews", faultReviewsSQL)
	return &faultReviewFacts{
		key: newKeyColumns(t), faultLine: t.text("fault_line"), ticket: t.text("ticket"), step: t.text("step"),
		verdict: t.text("verdict"), note: t.text("note"), onDate: t.date("on_date"),
	}
}

// faultReviewRow is one review, or the attempt at one of one's own work.
type faultReviewRow struct {
	faultLine domain.FaultLineID
	ticket    domain.TicketID
	step      string
	verdict   ticket.Verdict
	note      string
	on        calendar.Date
}

func (f *faultReviewFacts) add(r *Recorded, row faultReviewRow) {
	f.key.begin(r, 0)
	f.faultLine.add(string(row.faultLine))
	f.ticket.add(string(row.ticket))
	f.step.add(row.step)
	f.verdict.add(string(row.verdict))
	f.note.add(row.note)
	f.onDate.add(row.on)
}

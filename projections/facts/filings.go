package facts

import (
	_ "embed"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/money"
)

//go:embed filings.sql
var filingsSQL string

// filingFacts are the monthly forms.
type filingFacts struct {
	key         keyColumns
	eventType   textColumn
	project     textColumn
	center      textColumn
	month       *column[uint16]
	form        textColumn
	version     numberColumn
	isNil       flagColumn
	late        flagColumn
	entries     numberColumn
	document    textColumn
	ticket      textColumn
	amount      moneyColumn
	step        textColumn
	onDate      dateColumn
	dueOn       dateColumn
	by          textColumn
	reason      textColumn
	contentHash textColumn
}

func newFilingFacts() *filingFacts {
	t := newTable("filings", filingsSQL, Lies{Center: "center", Project: "project"})
	return &filingFacts{
		key: newKeyColumns(t), eventType: t.text("event_type"), project: t.text("project"), center: t.text("center"),
		month: newColumn[uint16](t, "month", "UInt16"), form: t.text("form"), version: t.number("version"),
		isNil: t.flag("is_nil"),
		late:  t.flag("late"), entries: t.number("entries"), document: t.text("document"), ticket: t.text("ticket"),
		amount: t.money("amount"),
		step:   t.text("step"), onDate: t.date("on_date"), dueOn: t.date("due_on"), by: t.text("by"),
		reason:      t.text("reason"),
		contentHash: t.text("content_hash"),
	}
}

// filingRow is one row; what a step does not state is left empty.
type filingRow struct {
	project  domain.ProjectID
	center   domain.CenterID
	month    calendar.Month
	form     filing.Form
	version  int
	isNil    bool
	late     bool
	entries  int
	document string
	ticket   domain.TicketID
	amount   money.Amount
	step     domain.Role
	on       calendar.Date
	dueOn    calendar.Date
	by       string
	reason   string
	hash     string
}

// filing gives the rows of an event of its stream.
func (f *Facts) filing(r *Recorded, e filing.Event) error {
	switch e := e.(type) {
	case filing.ReportFiled:
		f.filed(r, e)
	case filing.ReportReviewed:
		f.filings.add(r, 0, filingRow{
			project: e.Project, month: e.Month, form: e.Form, version: e.Version, step: e.Step, on: e.On, by: e.By,
			reason: e.Note,
		})
	case filing.ReportReturned:
		f.filings.add(r, 0, filingRow{
			project: e.Project, month: e.Month, form: e.Form, version: e.Version, step: e.Step, on: e.On, by: e.By,
			reason: e.Reason,
		})
	case filing.ReportSent:
		f.filings.add(r, 0, filingRow{
			project: e.Project, center: e.Center, month: e.Month, form: e.Form, version: e.Version, on: e.On,
			by: e.By, hash: e.ContentHash,
		})
	default:
		return unmapped(r)
	}
	return nil
}

func (f *Facts) filed(r *Recorded, e filing.ReportFiled) {
	row := filingRow{
		project: e.Project, center: e.Center, month: e.Month, form: e.Form, version: e.Version, isNil: e.Nil, late: e.Late,
		entries: len(e.Faults) + len(e.Charges), amount: e.Total, on: e.FiledOn, dueOn: e.DueOn, by: e.By, reason: e.Remark,
		hash: e.ContentHash,
	}
	f.filings.add(r, 0, row)
	part := filingRow{
		project: e.Project, center: e.Center, month: e.Month, form: e.Form, version: e.Version, on: e.FiledOn, by: e.By,
	}
	n := 0
	for _, l := range e.Faults {
		n++
		part.document, part.ticket = string(l.Line), l.Ticket
		f.filings.add(r, n, part)
	}
	for _, c := range e.Charges {
		n++
		part.document, part.center, part.amount = string(c.Charge), c.Center, c.Gross
		f.filings.add(r, n, part)
	}
}

func (f *filingFacts) add(r *Recorded, line int, row filingRow) {
	f.key.begin(r, line)
	f.eventType.add(r.Event.EventType())
	f.project.add(string(row.project))
	f.center.add(string(row.center))
	f.month.add(uint16(row.month))
	f.form.add(string(row.form))
	f.version.add(uint32(row.version))
	f.isNil.add(row.isNil)
	f.late.add(row.late)
	f.entries.add(uint32(row.entries))
	f.document.add(row.document)
	f.ticket.add(string(row.ticket))
	f.amount.add(row.amount)
	f.step.add(string(row.step))
	f.onDate.add(row.on)
	f.dueOn.add(row.dueOn)
	f.by.add(row.by)
	f.reason.add(row.reason)
	f.contentHash.add(row.hash)
}

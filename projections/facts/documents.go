package facts

import (
	"cmp"
	_ "embed"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

//go:embed documents.sql
var documentsSQL string

// documentFacts are what people asked for, approved, answered and noted: the
// part of an account's events that the postings do not tell.
type documentFacts struct {
	key          keyColumns
	eventType    textColumn
	center       textColumn
	document     textColumn
	version      numberColumn
	charge       textColumn
	payment      textColumn
	project      textColumn
	quarter      quarterColumn
	amount       moneyColumn
	onDate       dateColumn
	dueOn        dateColumn
	occurredOn   dateColumn
	by           textColumn
	requestedBy  textColumn
	counterparty textColumn
	status       textColumn
	reason       textColumn
	contentHash  textColumn
}

func newDocumentFacts() *documentFacts {
	t := newTable("documents", documentsSQL, Lies{Center: "center", Project: "project"})
	return &documentFacts{
		key: newKeyColumns(t), eventType: t.text("event_type"), center: t.text("center"), document: t.text("document"),
		version: t.number("version"), charge: t.text("charge"), payment: t.text("payment"), project: t.text("project"),
		quarter: t.quarter("quarter"), amount: t.money("amount"), onDate: t.date("on_date"), dueOn: t.date("due_on"),
		occurredOn: t.date("occurred_on"),
		by:         t.text("by"), requestedBy: t.text("requested_by"), counterparty: t.text("counterparty"),
		status: t.text("status"), reason: t.text("reason"), contentHash: t.text("content_hash"),
	}
}

// documentRow is one row; what an event does not state is left empty.
type documentRow struct {
	eventType    string // empty: that of the event
	center       domain.CenterID
	number       string
	version      int
	charge       domain.ChargeID
	payment      domain.PaymentID
	project      domain.ProjectID
	quarter      calendar.Quarter
	amount       money.Amount
	on, dueOn    calendar.Date
	occurredOn   calendar.Date
	by           string
	requestedBy  string
	counterparty string
	status       string
	reason       string
	contentHash  string
}

// status of a charge in the answer to a statement.
const (
	statusConfirmed = "CONFIRMED"
	statusDisputed  = "DISPUTED"
)

// status of a promise whose amount the center did not name.
const StatusPresumed = "PRESUMED"

func (f *documentFacts) add(r *Recorded, line int, d *documentRow) {
	f.key.begin(r, line)
	f.eventType.add(cmp.Or(d.eventType, r.Event.EventType()))
	f.center.add(string(d.center))
	f.document.add(d.number)
	f.version.add(uint32(d.version))
	f.charge.add(string(d.charge))
	f.payment.add(string(d.payment))
	f.project.add(string(d.project))
	f.quarter.add(d.quarter)
	f.amount.add(d.amount)
	f.onDate.add(d.on)
	f.dueOn.add(d.dueOn)
	f.occurredOn.add(d.occurredOn)
	f.by.add(d.by)
	f.requestedBy.add(d.requestedBy)
	f.counterparty.add(d.counterparty)
	f.status.add(d.status)
	f.reason.add(d.reason)
	f.contentHash.add(d.contentHash)
}

package facts

import (
	_ "embed"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
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
	by           textColumn
	requestedBy  textColumn
	counterparty textColumn
	status       textColumn
	reason       textColumn
	contentHash  textColumn
}

func newDocumentFacts() *documentFacts {
	t := newTable("documents", documentsSQL)
	return &documentFacts{
		key: newKeyColumns(t), eventType: t.text("event_type"), center: t.text("center"), document: t.text("document"),
		version: t.number("version"), charge: t.text("charge"), payment: t.text("payment"), project: t.text("project"),
		quarter: t.quarter("quarter"), amount: t.money("amount"), onDate: t.date("on_date"), dueOn: t.date("due_on"),
		by: t.text("by"), requestedBy: t.text("requested_by"), counterparty: t.text("counterparty"),
		status: t.text("status"), reason: t.text("reason"), contentHash: t.text("content_hash"),
	}
}

// document is one row of the table.
type document struct {
	number       string
	version      int
	charge       domain.ChargeID
	payment      domain.PaymentID
	project      domain.ProjectID
	quarter      calendar.Quarter
	amount       money.Amount
	on, dueOn    calendar.Date
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

func (f *documentFacts) add(r *Recorded, e account.Event) error {
	center := account.CenterOf(e)
	line := 0
	put := func(d document) {
		f.append(r, line, e.EventType(), center, d)
		line++
	}
	switch e := e.(type) {
	case account.OffListChargeRequested:
		put(document{number: string(e.Charge), charge: e.Charge, project: e.Project, amount: e.Money.Gross, on: e.RequestedOn, by: e.By, reason: e.Reason})
	case account.OffListChargeApproved:
		put(document{number: string(e.Charge), charge: e.Charge, on: e.On, by: e.By, reason: e.Note})
	case account.OffListChargeRejected:
		put(document{number: string(e.Charge), charge: e.Charge, on: e.On, by: e.By, reason: e.Reason})
	case account.OffListChargeMoved:
		put(document{number: string(e.Charge), charge: e.Charge, on: e.On, by: e.By, counterparty: string(e.To)})
	case account.CompensationQuoted:
		put(document{number: string(e.Quote), project: e.Project, amount: e.Amount, on: e.QuotedOn, by: e.By, reason: e.Damage})
	case account.CompensationMoved:
		put(document{number: string(e.Quote), charge: e.Charge, amount: e.Amount, on: e.On, by: e.By, counterparty: string(e.To)})
	case account.PaymentAllocated:
		put(document{payment: e.Payment, status: string(e.Rule)})
		for _, l := range e.Lines {
			put(document{payment: e.Payment, charge: l.Charge, amount: l.Amount, on: l.On, status: string(e.Rule)})
		}
	case account.AllocationReversed:
		put(document{payment: e.Payment, status: string(e.Cause)})
		for _, l := range e.Lines {
			put(document{payment: e.Payment, charge: l.Charge, amount: l.Amount, on: l.On, status: string(e.Cause)})
		}
	case account.PaymentRefunded:
		put(document{number: string(e.Refund), payment: e.Payment, amount: e.Amount, on: e.On, by: e.By, counterparty: e.BankReference, reason: e.Reason})
	case account.PaymentBounced:
		put(document{payment: e.Payment, amount: e.Amount, on: e.On, by: e.By, reason: e.Reason})
	case account.CreditNoteIssued:
		put(document{number: string(e.Note), charge: e.Charge, project: e.Project, amount: e.Money.Gross, on: e.On, by: e.By, reason: e.Reason})
	case account.WriteOffRequested:
		put(document{number: string(e.WriteOff), charge: e.Charge, amount: e.Amount, on: e.RequestedOn, by: e.By, reason: e.Reason})
	case account.DecisionRefused:
		put(document{number: e.Document, on: e.On, by: e.By, status: e.Rule, reason: e.Reason})
	case account.WriteOffRejected:
		put(document{number: string(e.WriteOff), on: e.On, by: e.By, reason: e.Reason})
	case account.ReceivableWrittenOff:
		put(document{number: string(e.WriteOff), charge: e.Charge, project: e.Project, amount: e.Share.Amount, on: e.On, by: e.ApprovedBy, requestedBy: e.RequestedBy, reason: e.Reason})
	case account.StatementIssued:
		put(document{number: e.Statement.Statement, version: e.Version, quarter: e.Quarter, amount: e.Closing, on: e.IssuedOn, dueOn: e.ReplyBy, by: e.By, contentHash: e.ContentHash})
	case account.StatementSuperseded:
		put(document{number: e.Statement, version: e.Version, quarter: e.Quarter, reason: e.Cause})
	case account.StatementConfirmed:
		put(document{number: e.Statement, version: e.Version, quarter: e.Quarter, amount: e.Closing, on: e.On, by: e.By, contentHash: e.ContentHash})
		for _, l := range e.Confirmed {
			put(document{number: e.Statement, version: e.Version, quarter: e.Quarter, charge: l.Charge, amount: l.Open, on: e.On, by: e.By, status: statusConfirmed})
		}
		for _, l := range e.Disputed {
			put(document{number: e.Statement, version: e.Version, quarter: e.Quarter, charge: l.Charge, amount: l.Open, on: e.On, by: e.By, status: statusDisputed})
		}
	case account.StatementReopened:
		put(document{number: e.Statement, version: e.Version, quarter: e.Quarter, on: e.On, by: e.By, reason: e.Reason})
		for _, l := range e.Lines {
			put(document{number: e.Statement, version: e.Version, quarter: e.Quarter, charge: l.Charge, amount: l.Open, on: e.On, by: e.By, reason: e.Reason})
		}
	case account.StatementReported:
		put(document{number: e.Statement, version: e.Version, quarter: e.Quarter, amount: e.Closing, on: e.On, by: e.By})
	case account.ChargeDisputed:
		put(document{number: e.Statement, version: e.Version, quarter: e.Quarter, charge: e.Charge, project: e.Project, amount: e.Open, on: e.On, by: e.By, status: statusDisputed, reason: e.Reason})
	case account.DisputeRejected:
		put(document{charge: e.Charge, on: e.On, by: e.By, reason: e.Reason})
	case account.ChargeTransferredOut:
		put(document{number: string(e.Transfer), charge: e.Charge, project: e.Project, amount: e.Money.Gross, on: e.On, by: e.By, counterparty: string(e.To)})
	case account.ChargeTransferredIn:
		put(document{number: string(e.Transfer), charge: e.Charge, project: e.Project, amount: e.Money.Gross, on: e.On, by: e.By, counterparty: string(e.From)})
		if d := e.Dispute; d != nil { // which came with it, and is as old as it is
			f.append(r, line, account.ChargeDisputed{}.EventType(), center, document{
				number: d.Statement, version: d.Version, quarter: d.Quarter, charge: e.Charge, project: e.Project, amount: e.Money.Gross, on: d.On, by: d.By,
				status: statusDisputed, reason: d.Reason,
			})
		}
	case account.ClaimIssued:
		put(document{number: string(e.Claim), amount: e.Total, on: e.On, dueOn: e.DueOn, by: e.By})
		for _, l := range e.Lines {
			put(document{number: string(e.Claim), charge: l.Charge, amount: l.Open, on: e.On, dueOn: l.DueOn, by: e.By})
		}
	case account.ReminderIssued:
		put(document{number: string(e.Reminder), amount: e.Total, on: e.On, by: e.By})
		for _, l := range e.Lines {
			put(document{number: string(e.Reminder), charge: l.Charge, amount: l.Open, on: e.On, dueOn: l.DueOn, by: e.By})
		}
	case account.ReplyReminderIssued:
		put(document{number: string(e.Reminder), version: e.Version, quarter: e.Quarter, amount: e.Closing, on: e.On, dueOn: e.ReplyBy, by: e.By})
	case account.FollowUpNoted:
		status := ""
		if e.Presumed {
			status = StatusPresumed
		}
		put(document{number: string(e.FollowUp), amount: e.Promised, on: e.On, dueOn: e.PromisedOn, by: e.By, counterparty: e.Contact, status: status, reason: e.Note})
	case account.ChargesReported:
		put(document{number: e.Month.String(), project: e.Project, quarter: e.Month.First().Quarter(), amount: e.Total, on: e.On, by: e.By})
		for _, l := range e.Lines {
			put(document{number: e.Month.String(), charge: l.Charge, project: e.Project, quarter: e.Month.First().Quarter(), amount: l.Gross, on: e.On, by: e.By})
		}
	case account.AccountOpened, account.ChargeAccrued, account.PaymentReceived:
		// Rows of tables of their own.
	default:
		return unmapped(r, f.key.table)
	}
	return nil
}

func (f *documentFacts) append(r *Recorded, line int, eventType string, center domain.CenterID, d document) {
	f.key.begin(r, line)
	f.eventType.add(eventType)
	f.center.add(string(center))
	f.document.add(d.number)
	f.version.add(uint32(d.version))
	f.charge.add(string(d.charge))
	f.payment.add(string(d.payment))
	f.project.add(string(d.project))
	f.quarter.add(d.quarter)
	f.amount.add(d.amount)
	f.onDate.add(d.on)
	f.dueOn.add(d.dueOn)
	f.by.add(d.by)
	f.requestedBy.add(d.requestedBy)
	f.counterparty.add(d.counterparty)
	f.status.add(d.status)
	f.reason.add(d.reason)
	f.contentHash.add(d.contentHash)
}

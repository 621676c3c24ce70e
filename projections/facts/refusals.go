package facts

import (
	_ "embed"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/domain/ticket"
)

//go:embed conflicts.sql
var conflictsSQL string

// conflictFacts are the receipts that contradict one already known.
type conflictFacts struct {
	key           keyColumns
	bankReference textColumn
	claimedBy     textColumn
	center        textColumn
	payer         textColumn
	remark        textColumn
	amount        moneyColumn
	receivedOn    dateColumn
	ownAccount    textColumn
	booked        moneyColumn
	bookedOn      dateColumn
}

func newConflictFacts() *conflictFacts {
	t := newTable("conflicts", conflictsSQL, Lies{Center: "center"})
	return &conflictFacts{
		key: newKeyColumns(t), bankReference: t.text("bank_reference"), claimedBy: t.text("claimed_by"),
		center: t.text("center"),
		payer:  t.text("payer"), remark: t.text("remark"), amount: t.money("amount"), receivedOn: t.date("received_on"),
		ownAccount: t.text("own_account"), booked: t.money("booked"), bookedOn: t.date("booked_on"),
	}
}

func (f *conflictFacts) add(r *Recorded, e bankref.ConflictingPaymentRefused) {
	f.key.begin(r, 0)
	f.bankReference.add(e.Reference)
	f.claimedBy.add(string(e.ClaimedBy))
	f.center.add(string(e.Center))
	f.payer.add(e.Payer)
	f.remark.add(e.Remark)
	f.amount.add(e.Amount)
	f.receivedOn.add(e.ReceivedOn)
	f.ownAccount.add(e.OwnAccount)
	f.booked.add(e.Booked)
	f.bookedOn.add(e.BookedOn)
}

// ownDecision gives the row of an attempt to decide on one's own: one among those
// of what was to be decided on, whose history tells of it.
func (f *Facts) ownDecision(r *Recorded, e duties.OwnDecisionRefused) error {
	switch e.Kind {
	case duties.Money:
		f.documents.add(r, 0, &documentRow{
			center: e.Center, number: e.Document, on: e.On, by: e.By, status: e.Rule, reason: e.Reason,
		})
	case duties.Ticket:
		f.tickets.add(r, ticketRow{ticket: e.Ticket, step: "DECISION_REFUSED", at: e.At, how: e.Decision, note: e.Reason})
	case duties.FaultLine:
		f.faultReviews.add(r, faultReviewRow{
			faultLine: domain.FaultLineID(e.Document), ticket: e.Ticket, step: "REFUSED", verdict: ticket.Verdict(e.Decision),
			note: e.Reason, on: e.On,
		})
	case duties.Finding:
		f.findingSteps.add(r, findingRow{
			finding: finding.Key(e.Document), step: "REFUSED",
			closed: finding.FindingClosed{Status: finding.Status(e.Decision), Reason: e.Reason}, on: e.On,
		})
	case duties.Return:
		f.deviceReturns.add(r, deviceReturnRow{
			id: domain.ReturnID(e.Document), step: "REFUSED", on: e.On, remark: e.Reason, by: e.By,
			gate: repair.Gate(e.Decision),
		})
	case duties.Requisition:
		f.requisitions.add(r, 0, requisitionRow{
			id: domain.RequisitionID(e.Document), step: "REFUSED", on: e.On, gate: requisition.Gate(e.Decision), by: e.By,
			note: e.Reason,
		})
	case duties.PaymentRequest:
		f.payables.add(r, 0, payableRow{
			request: domain.PaymentRequestID(e.Document), step: "REFUSED", on: e.On, region: e.Region, month: e.Month,
			repair: payables.Line{Supplier: e.Supplier}, reason: e.Reason, by: e.By,
		})
	case duties.Report:
		f.filings.add(r, 0, filingRow{
			project: e.Project, month: e.Month, form: filing.Form(e.Document), version: e.Version,
			step: domain.Role(e.Decision), on: e.On, by: e.By, reason: e.Reason,
		})
	case duties.StockCount: // moves nothing
	default:
		return unmapped(r)
	}
	return nil
}

// Package facts says which rows an event gives, and holds the tables that they are
// inserted into. It asks no questions and knows nobody who does: the mapping
// depends on the event alone, so that an event delivered again gives the same rows.
package facts

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/importlayout"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/domain/number"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/domain/servicetable"
	"aftersales-ledger/domain/supplier"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/domain/visit"
)

// Facts are the rows of all fact tables that some events give.
type Facts struct {
	accounts      *accountFacts
	projects      *projectFacts
	charges       *chargeFacts
	payments      *paymentFacts
	quotes        *quoteFacts
	postings      *postingFacts
	documents     *documentFacts
	conflicts     *conflictFacts
	tickets       *ticketFacts
	faultLines    *faultLineFacts
	partMovements *partMovementFacts
	deviceReturns *deviceReturnFacts
	faultyUnits   *faultyUnitFacts
	stockCounts   *stockCountFacts
	catalogue     *catalogueFacts
	findingSteps  *findingStepFacts
	faultReviews  *faultReviewFacts
	filings       *filingFacts
	projectTerms  *projectTermFacts
	serviceRows   *serviceRowFacts
	escalations   *escalationFacts
	visits        *visitFacts
	notices       *noticeFacts
	requisitions  *requisitionFacts
	payables      *payableFacts
	places        *placeFacts

	Tables []*Table

	// reached is how far the log is covered once these rows are written.
	Reached  Checkpoint
	Position uint64 // delivered up to here, which may lie beyond the last event
	CaughtUp bool   // the end of the log was reached
	Events   int
}

func New() *Facts {
	f := &Facts{
		accounts: newAccountFacts(), projects: newProjectFacts(), charges: newChargeFacts(), payments: newPaymentFacts(),
		quotes:   newQuoteFacts(),
		postings: newPostingFacts(), documents: newDocumentFacts(), conflicts: newConflictFacts(), tickets: newTicketFacts(),
		faultLines:    newFaultLineFacts(),
		partMovements: newPartMovementFacts(), deviceReturns: newDeviceReturnFacts(),
		faultyUnits: newFaultyUnitFacts(), stockCounts: newStockCountFacts(), catalogue: newCatalogueFacts(),
		findingSteps: newFindingStepFacts(), faultReviews: newFaultReviewFacts(),
		filings:      newFilingFacts(),
		projectTerms: newProjectTermFacts(), serviceRows: newServiceRowFacts(), escalations: newEscalationFacts(),
		visits:       newVisitFacts(),
		notices:      newNoticeFacts(),
		requisitions: newRequisitionFacts(), payables: newPayableFacts(), places: newPlaceFacts(),
	}
	f.Tables = []*Table{
		f.accounts.key.table, f.projects.key.table, f.charges.key.table, f.payments.key.table, f.quotes.key.table,
		f.postings.key.table, f.documents.key.table, f.conflicts.key.table,
		f.tickets.key.table, f.faultLines.key.table, f.partMovements.key.table, f.deviceReturns.key.table,
		f.faultyUnits.key.table, f.stockCounts.key.table, f.catalogue.key.table, f.findingSteps.key.table,
		f.faultReviews.key.table,
		f.filings.key.table,
		f.projectTerms.key.table, f.serviceRows.key.table, f.escalations.key.table, f.visits.key.table,
		f.notices.key.table,
		f.requisitions.key.table, f.payables.key.table, f.places.key.table,
	}
	return f
}

// Add maps one event to its rows: each stream has one switch. The mapping depends
// on nothing but the event, so that an event delivered again gives the same rows.
func (f *Facts) Add(r *Recorded) error {
	f.Events++
	switch e := r.Event.(type) {
	case duties.OwnDecisionRefused: // stands in the streams of all of these
		return f.ownDecision(r, e)
	case account.Event:
		return f.account(r, e)
	case project.Event:
		return f.project(r, e)
	case ticket.Event:
		return f.ticket(r, e)
	case visit.Event:
		return f.visit(r, e)
	case depot.Event:
		return f.depot(r, e)
	case repair.Event:
		return f.repair(r, e)
	case finding.Event:
		return f.finding(r, e)
	case filing.Event:
		return f.filing(r, e)
	case notice.Event:
		return f.notice(r, e)
	case requisition.Event:
		return f.requisition(r, e)
	case payables.Event:
		return f.payable(r, e)
	case user.Event:
		return nil // people are few: the directory of users is read from the log itself
	}
	return f.single(r)
}

// single gives the rows of the events that are alone in their streams.
func (f *Facts) single(r *Recorded) error {
	switch e := r.Event.(type) {
	case servicetable.ServiceTablePublished:
		f.serviceRows.add(r, e)
	case catalogue.PartCatalogued:
		f.catalogue.add(r, e)
	case bankref.ConflictingPaymentRefused:
		f.conflicts.add(r, e)
	case bankref.BankReferenceClaimed: // guards the log: the payment is a fact of its own
	case number.DocumentNumberClaimed: // guards the log: what has the number is a fact of its own
	case filing.FaultLinesReported: // which F1 has which line is told by the form itself
	case pricelist.PriceListPublished: // the price of a charge is in the charge; the list is read from the log
	case supplier.SupplierRecorded: // suppliers are few, and read from the log by whoever shows them
	case importlayout.ImportLayoutSaved: // read from the log when the next list comes
	case attachment.AttachmentStored: // papers are shown by the documents that name them
	default:
		return unmapped(r)
	}
	return nil
}

func (f *Facts) Reset() {
	for _, t := range f.Tables {
		t.reset()
	}
	f.Events, f.CaughtUp = 0, false
}

// unmapped is the refusal of an event that no case of its stream's switch names.
func unmapped(r *Recorded) error { return &EventError{r, "no read model knows it"} }

// EventError is an event that stops the projector.
type EventError struct {
	Event *Recorded
	What  string
}

func (e *EventError) Error() string {
	kind := "no event at all"
	if e.Event.Event != nil {
		kind = e.Event.Event.EventType()
	}
	return fmt.Sprintf("event %s at position %d (%s, revision %d): %s; install the version of the program that wrote it",
		kind, e.Event.Position, e.Event.Stream, e.Event.Revision, e.What)
}

// Recorded is an event as the projector takes it.
type Recorded struct {
	Position   uint64 // place in the whole log; grows along it
	Stream     string
	Revision   int64 // place within the stream, from zero
	ID         uuid.UUID
	RecordedAt time.Time // when the log accepted the event
	Actor      string
	Role       string
	Event      domain.Event
}

// Checkpoint is how far a generation's facts reach. The zero value is the
// beginning of the log.
type Checkpoint struct {
	Position   uint64 // of the last event
	EventID    uuid.UUID
	RecordedAt time.Time // latest recorded time so far
	Events     uint64
}

// Package facts says which rows an event gives, and holds the tables that they are
// inserted into. It asks no questions and knows nobody who does: the mapping
// depends on the event alone, so that an event delivered again gives the same rows.
package facts

import (
	"fmt"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/depot"
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
	"aftersales-ledger/domain/visit"
)

// facts are the rows of all fact tables that some events give.
type Facts struct {
	accounts      *accountFacts
	projects      *projectFacts
	charges       *chargeFacts
	payments      *paymentFacts
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
		postings: newPostingFacts(), documents: newDocumentFacts(), conflicts: newConflictFacts(), tickets: newTicketFacts(), faultLines: newFaultLineFacts(),
		partMovements: newPartMovementFacts(), deviceReturns: newDeviceReturnFacts(),
		faultyUnits: newFaultyUnitFacts(), stockCounts: newStockCountFacts(), catalogue: newCatalogueFacts(),
		findingSteps: newFindingStepFacts(), faultReviews: newFaultReviewFacts(),
		filings:      newFilingFacts(),
		projectTerms: newProjectTermFacts(), serviceRows: newServiceRowFacts(), escalations: newEscalationFacts(), visits: newVisitFacts(),
		notices:      newNoticeFacts(),
		requisitions: newRequisitionFacts(), payables: newPayableFacts(),
	}
	f.Tables = []*Table{
		f.accounts.key.table, f.projects.key.table, f.charges.key.table, f.payments.key.table, f.postings.key.table,
		f.documents.key.table, f.conflicts.key.table,
		f.tickets.key.table, f.faultLines.key.table, f.partMovements.key.table, f.deviceReturns.key.table,
		f.faultyUnits.key.table, f.stockCounts.key.table, f.catalogue.key.table, f.findingSteps.key.table, f.faultReviews.key.table,
		f.filings.key.table,
		f.projectTerms.key.table, f.serviceRows.key.table, f.escalations.key.table, f.visits.key.table,
		f.notices.key.table,
		f.requisitions.key.table, f.payables.key.table,
	}
	return f
}

// add maps one event to its rows. The mapping depends on nothing but the
// event, so that an event delivered again gives the same rows.
func (f *Facts) Add(r *Recorded) error {
	f.Events++
	switch e := r.Event.(type) {
	case account.Event:
		return domain.FirstError(f.accounts.add(r, e), f.charges.add(r, e), f.payments.add(r, e), f.postings.add(r, e), f.documents.add(r, e))
	case project.Event:
		return domain.FirstError(f.projects.add(r, e), f.projectTerms.add(r, e))
	case servicetable.Event:
		return f.serviceRows.add(r, e)
	case ticket.Event:
		return domain.FirstError(f.tickets.add(r, e), f.faultLines.add(r, e), f.faultReviews.add(r, e), f.escalations.add(r, e))
	case visit.Event:
		return f.visits.add(r, e)
	case depot.Event:
		f.postings.book(r, "", e)
		return domain.FirstError(f.partMovements.add(r, e), f.faultyUnits.add(r, e), f.stockCounts.add(r, e))
	case repair.Event:
		return f.deviceReturns.add(r, e)
	case catalogue.Event:
		return f.catalogue.add(r, e)
	case finding.Event:
		return f.findingSteps.add(r, e)
	case filing.Event:
		return f.filings.add(r, e)
	case filing.RegisterEvent:
		return unused(r, ignoreRegister(e))
	case notice.Event:
		return f.notices.add(r, e)
	case requisition.Event:
		return f.requisitions.add(r, e)
	case payables.Event:
		f.postings.book(r, "", e)
		return f.payables.add(r, e)
	case supplier.Event:
		return unused(r, ignoreSupplier(e))
	case importlayout.Event:
		return unused(r, ignoreLayout(e))
	case attachment.Event:
		return unused(r, ignoreAttachment(e))
	case pricelist.Event:
		return unused(r, ignorePriceList(e))
	case bankref.Event:
		return f.conflicts.add(r, e)
	case number.Event:
		return unused(r, ignoreNumber(e))
	}
	return unused(r, false)
}

// The price of a charge is in the charge; the list itself is read from the log.
func ignorePriceList(e pricelist.Event) bool {
	switch e.(type) {
	case pricelist.PriceListPublished:
		return true
	}
	return false
}

// Suppliers are few, and read from the log by whoever shows them.
func ignoreSupplier(e supplier.Event) bool {
	switch e.(type) {
	case supplier.SupplierRecorded:
		return true
	}
	return false
}

// How a list names its columns is read from the log when the next one comes.
func ignoreLayout(e importlayout.Event) bool {
	switch e.(type) {
	case importlayout.ImportLayoutSaved:
		return true
	}
	return false
}

// Papers are shown by the documents that name them.
func ignoreAttachment(e attachment.Event) bool {
	switch e.(type) {
	case attachment.AttachmentStored:
		return true
	}
	return false
}

// The claims of document numbers guard the log; what they were claimed for is a
// fact of its own.
func ignoreNumber(e number.Event) bool {
	switch e.(type) {
	case number.DocumentNumberClaimed:
		return true
	}
	return false
}

// Which F1 has which line is told by the form itself.
func ignoreRegister(e filing.RegisterEvent) bool {
	switch e.(type) {
	case filing.FaultLinesReported:
		return true
	}
	return false
}

func (f *Facts) Reset() {
	for _, t := range f.Tables {
		t.reset()
	}
	f.Events, f.CaughtUp = 0, false
}

// unmapped is the refusal of a read model that was not told what to do with an
// event of its own stream.
func unmapped(r *Recorded, t *Table) error {
	return &EventError{r, fmt.Sprintf("read model %s does not know it", t.Name)}
}

func unused(r *Recorded, known bool) error {
	if known {
		return nil
	}
	return &EventError{r, "no read model knows it"}
}

// eventError is an event that stops the projector.
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

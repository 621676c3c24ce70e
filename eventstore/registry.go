package eventstore

import (
	"encoding/json"
	"errors"
	"fmt"

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

// Trade is the registry of every event the trade records. It only grows: a
// line may be joined by another, and may gain a retired shape; none is removed.
var Trade = NewRegistry(
	event[account.AccountOpened](),
	event[account.AllocationReversed](),
	event[account.ChargeAccrued](),
	event[account.ChargeDisputed](),
	event[account.ChargesReported](),
	event[account.ChargeTransferredIn](),
	event[account.ChargeTransferredOut](),
	event[account.ClaimIssued](),
	event[account.CompensationQuoted](),
	event[account.CreditNoteIssued](),
	retired[decisionRefused](),
	event[account.DisputeRejected](),
	event[account.FollowUpNoted](),
	event[account.OffListChargeApproved](),
	event[account.OffListChargeMoved](),
	event[account.CompensationMoved](),
	event[account.OffListChargeRejected](),
	event[account.OffListChargeRequested](),
	event[account.PaymentAllocated](),
	event[account.PaymentBounced](),
	event[account.PaymentReceived](),
	event[account.PaymentRefunded](),
	event[account.ReceivableWrittenOff](),
	event[account.ReminderIssued](),
	event[account.ReplyReminderIssued](),
	event[account.StatementConfirmed](),
	event[account.StatementIssued](),
	event[account.StatementReopened](),
	event[account.StatementReported](),
	event[account.StatementSuperseded](),
	event[account.WriteOffRejected](),
	event[account.WriteOffRequested](),
	event[attachment.AttachmentStored](),
	event[bankref.BankReferenceClaimed](),
	event[bankref.ConflictingPaymentRefused](),
	event[catalogue.PartCatalogued](),
	retired[adjustmentRefused](),
	event[depot.FaultyUnitHandedIn](),
	event[depot.FaultyUnitsShipped](),
	event[depot.PartIssued](),
	event[depot.PartReceived](),
	event[depot.PartReturned](),
	event[depot.PartScrapped](),
	event[depot.PartTransferredIn](),
	event[depot.PartTransferredOut](),
	event[depot.StockAdjusted](),
	event[depot.StockCounted](),
	event[duties.OwnDecisionRefused](),
	event[filing.FaultLinesReported](),
	event[filing.ReportFiled](),
	event[filing.ReportReturned](),
	event[filing.ReportReviewed](),
	retired[reportSelfReviewRefused](),
	event[filing.ReportSent](),
	event[finding.FindingAssigned](),
	event[finding.FindingClosed](),
	retired[findingClosingRefused](),
	event[finding.FindingReopened](),
	event[importlayout.ImportLayoutSaved](),
	event[notice.NoticeResendRequested](),
	event[notice.NoticeSent](),
	event[notice.NoticesStarted](),
	event[notice.NoticeUndeliverable](),
	event[number.DocumentNumberClaimed](),
	event[payables.PaymentRequestAbandoned](),
	event[payables.PaymentRequested](),
	event[payables.PaymentRequestReturned](),
	event[payables.SupplierPaid](),
	retired[supplierPaymentRefused](),
	event[pricelist.PriceListPublished](),
	event[project.CenterAssigned](),
	event[project.HandoverItemDone](),
	event[project.HandoverPlanned](),
	event[project.ProjectRegistered](),
	event[project.RegistrationFormHandedOver](),
	event[project.RosterPublished](),
	event[project.ServiceTermsOverridden](),
	event[project.SparePartsAdvised](),
	event[project.TeamPresenceChanged](),
	event[project.WarrantyAgreed](),
	event[repair.CompensationSheetFiled](),
	event[repair.ConfirmationLetterConfirmed](),
	event[repair.DeviceReturned](),
	event[repair.DeviceShipped](),
	event[repair.RepairPaymentReleased](),
	event[repair.RepairPaymentRequested](),
	event[repair.RepairQuoted](),
	retired[returnApprovalRefused](),
	event[repair.ReturnApproved](),
	event[repair.ReturnFollowedUp](),
	event[repair.ReturnOpened](),
	event[repair.ReturnRejected](),
	event[repair.ReturnResubmitted](),
	event[repair.ReturnReviewed](),
	event[requisition.MaterialRequested](),
	event[requisition.PurchaseOrdered](),
	event[requisition.PurchaseReceived](),
	retired[requisitionApprovalRefused](),
	event[requisition.RequisitionApproved](),
	event[requisition.RequisitionRejected](),
	event[requisition.RequisitionResubmitted](),
	event[requisition.RequisitionReviewed](),
	event[servicetable.ServiceTablePublished](),
	event[supplier.SupplierRecorded](),
	event[ticket.ArrivalWithdrawn](),
	event[ticket.ArrivedOnSite](),
	event[ticket.CoverageOverridden](),
	event[ticket.EscalationClosed](),
	event[ticket.EscalationFollowUpNoted](),
	event[ticket.EscalationOpinionGiven](),
	event[ticket.FaultLineAnswered](),
	event[ticket.FaultLineReviewed](),
	retired[faultLineReviewRefused](),
	event[ticket.FaultRecorded](),
	event[ticket.ResolutionRecorded](),
	event[ticket.TeamNotified](),
	event[ticket.TicketAccepted](),
	event[ticket.TicketClosed](),
	retired[ticketDecisionRefused](),
	event[ticket.TicketEscalated](),
	event[ticket.TicketRegistered](),
	event[ticket.TicketReopened](),
	event[user.GrantWithdrawn](),
	event[user.IdentityLinked](),
	event[user.IdentityUnlinked](),
	event[user.RoleGranted](),
	event[user.UserCreated](),
	event[user.UserDetailsChanged](),
	event[user.UserInvited](),
	event[user.UserReinstated](),
	event[user.UserSuspended](),
	event[visit.RoutineVisitMade](),
	event[visit.RoutineVisitWithdrawn](),
)

var (
	// ErrUnknownEvent: the log holds an event, or a newer shape of one, that
	// this version of the program cannot read.
	ErrUnknownEvent = errors.New("unknown event")
	// ErrUnreadableEvent: an event of a known type does not decode.
	ErrUnreadableEvent = errors.New("unreadable event")
)

// Registry knows how to read and write events by their stable names.
type Registry struct {
	kinds map[string]Kind
}

// Kind is one line of a registry: an event's name and one decoder per schema
// version, oldest first. The last reads the shape that is written today.
type Kind struct {
	Type    string
	decode  []decoder
	retired bool // written no more, and read as another event
}

type decoder func(data []byte) (domain.Event, error)

// NewRegistry collects kinds. It panics if a name stands twice.
func NewRegistry(kinds ...Kind) *Registry {
	r := &Registry{kinds: make(map[string]Kind, len(kinds))}
	for _, k := range kinds {
		if _, twice := r.kinds[k.Type]; twice {
			panic("eventstore: event " + k.Type + " is registered twice")
		}
		r.kinds[k.Type] = k
	}
	return r
}

// event registers E under its stable name. retired lists the decoders of its
// former shapes, oldest first, each made by upcast.
func event[E domain.Event](retired ...decoder) Kind {
	var zero E
	current := func(data []byte) (domain.Event, error) {
		var e E
		if err := json.Unmarshal(data, &e); err != nil {
			return nil, err
		}
		return e, nil
	}
	return Kind{Type: zero.EventType(), decode: append(retired, current)}
}

// Types lists the registered names.
func (r *Registry) Types() []string {
	names := make([]string, 0, len(r.kinds))
	for name := range r.kinds {
		names = append(names, name)
	}
	return names
}

// Retired reports whether an event type is only read, and as another event.
func (r *Registry) Retired(eventType string) bool { return r.kinds[eventType].retired }

// Schema returns the schema version in which an event type is written today,
// counted from 1; zero for an unknown type.
func (r *Registry) Schema(eventType string) int { return len(r.kinds[eventType].decode) }

// Decode reads an event of a given schema version as today's shape.
func (r *Registry) Decode(eventType string, schema int, data []byte) (domain.Event, error) {
	k, ok := r.kinds[eventType]
	switch {
	case !ok:
		return nil, fmt.Errorf("%w: type %q", ErrUnknownEvent, eventType)
	case schema < 1 || schema > len(k.decode):
		return nil, fmt.Errorf("%w: type %q in schema %d; this program reads 1 to %d", ErrUnknownEvent, eventType, schema,
			len(k.decode))
	}
	e, err := k.decode[schema-1](data)
	if err != nil {
		return nil, fmt.Errorf("%w: type %q: %w", ErrUnreadableEvent, eventType, err)
	}
	return e, nil
}

// Encode writes an event in today's shape.
func (r *Registry) Encode(e domain.Event) (data []byte, schema int, err error) {
	schema = r.Schema(e.EventType())
	if schema == 0 {
		return nil, 0, fmt.Errorf("%w: type %q is not registered", ErrUnknownEvent, e.EventType())
	}
	data, err = json.Marshal(e)
	return data, schema, err
}

// Metadata says why an event was recorded and by whom. When is the store's own
// to say: Recorded.RecordedAt.
type Metadata struct {
	CorrelationID string      `json:"$correlationId,omitempty"` // shared by everything one request set off
	CausationID   string      `json:"$causationId,omitempty"`   // the command that caused the event
	CommandKey    string      `json:"commandKey"`               // idempotency key of that command
	CommandHash   string      `json:"commandHash"`              // SHA-256 of its content, hexadecimal
	Actor         string      `json:"actor"`
	Role          domain.Role `json:"role"`
	Refused       bool        `json:"refused,omitempty"` // the command was refused, and this records that
	Schema        int         `json:"schema"`
	Chain         string      `json:"chain,omitempty"` // see Digest; always the last field
}

// DecodeRecorded reads a recorded event and its metadata.
func (r *Registry) DecodeRecorded(rec Recorded) (domain.Event, Metadata, error) {
	var m Metadata
	err := json.Unmarshal(rec.Metadata, &m)
	if err != nil {
		err = fmt.Errorf("%w: metadata: %w", ErrUnreadableEvent, err)
	}
	var e domain.Event
	if err == nil {
		e, err = r.Decode(rec.Type, m.Schema, rec.Data)
	}
	if err != nil {
		return nil, m, fmt.Errorf("event %s at position %d, stream %q revision %d: %w", rec.ID, rec.Position, rec.Stream,
			rec.Revision, err)
	}
	return e, m, nil
}

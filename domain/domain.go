// Package domain is the trade: what an after-sales department, its property
// centers and its technicians may do, and what then has happened. It holds no
// I/O, no clock and no randomness; those arrive in the commands.
//
// Each concept is a package of its own (project, ticket, account, …) with its
// events, its state and its decisions. A state's zero value is the state before
// the first event; a decision is a method that returns the events to record or
// a Rejection; Evolve folds one event into the state.
package domain

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Event is a fact of the trade. Its JSON encoding is what the log keeps, for
// ever: fields may join, none may change its name or meaning.
type Event interface {
	// EventType is the event's stable name, independent of the Go type's.
	EventType() string
}

// Attempt is an event that records what was refused. It may stand in any stream,
// and changes the state of none.
type Attempt interface {
	Event
	ChangesNothing()
}

// Identities given by the department or derived from the command that made
// the thing. CheckID tells which strings are accepted.
type (
	// ProjectID names a residential project under after-sales service.
	ProjectID string
	// CenterID names a property center (物业服务中心), which is also the debtor.
	CenterID string
	// TicketID names an owner's or center's need, registered on an F0.
	TicketID string
	// FaultLineID is the number of one line of a fault record (F1), unique in the company.
	FaultLineID string
	// ReturnID names the process sheet (F2) that follows one device to its maker.
	ReturnID string
	// SlipID is the number of an issue slip (出库单) or goods received note, unique in its depot.
	SlipID string
	// PartCode names a part or device model of the catalogue.
	PartCode string
	// ChargeID is the number of one charge list (F3) line, unique in its center.
	ChargeID string
	// PaymentID names one receipt of money.
	PaymentID string
	// QuoteID names the HQ affairs supervisor's quote for a compensation.
	QuoteID string
	// SheetID is the number of a process sheet (F2), unique in the company.
	SheetID string
	// CreditNoteID is the number of a credit note, unique in its center.
	CreditNoteID string
	// WriteOffID is the number of a request to write a receivable off, unique in its center.
	WriteOffID string
	// RefundID is the number of a refund, unique in its center.
	RefundID string
	// TransferID names the move of a project from one center to another.
	TransferID string
	// RequisitionID is the number of a material requisition (物资申请单), unique in the company.
	RequisitionID string
	// OrderID is the number of a purchase order, unique in its requisition.
	OrderID string
	// PaymentRequestID is the number of a payment request (付款申请单).
	PaymentRequestID string
	// SupplierID is the number of a supplier (供应商), unique in the company.
	SupplierID string
	// NoticeID is the number of a claim, a reminder or a note of a follow-up, unique in its center.
	NoticeID string
	// OverrideID is the number of a contract's term in place of the service table, unique in its project.
	OverrideID string
	// EscalationID is the number of an escalation, unique in its ticket.
	EscalationID string
)

// maxIDLength bounds identities, in characters: they become stream names and
// parts of URLs.
const maxIDLength = 64

// CheckID rejects a value that cannot be an identity: empty, longer than 64
// characters, or with anything but letters (Chinese ones too), digits and
// "-", "_", ".", "#", and not beginning with a letter or digit.
func CheckID[T ~string](field string, id T) error {
	s := string(id)
	bad := func(rule Sentence, args ...any) error {
		return Invalid(field, s, "bad-identity", rule, "", args...)
	}
	switch {
	case s == "":
		return bad("must not be empty")
	case utf8.RuneCountInString(s) > maxIDLength:
		return bad("must be at most %d characters", maxIDLength)
	case !utf8.ValidString(s):
		return bad("must be UTF-8 text")
	}
	for i, r := range s {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r)
		if !letter && (i == 0 || !isIDMark(r)) {
			return bad(`must begin with a letter or digit and hold only letters, digits, "-", "_", "." and "#"`)
		}
	}
	return nil
}

func isIDMark(r rune) bool { return r == '-' || r == '_' || r == '.' || r == '#' }

// maxTextLength bounds free text, in characters.
const maxTextLength = 2000

// CheckText rejects text that is too long to be kept, not UTF-8 or not to be
// shown on paper as it reads, and, if required, text that says nothing.
func CheckText(field, s string, required bool) error {
	switch {
	case required && s == "":
		return Invalid(field, s, "text-required", "must not be empty", "")
	case utf8.RuneCountInString(s) > maxTextLength:
		return Invalid(field, Clip(s), "text-too-long", "must be at most %d characters", "", maxTextLength)
	case !utf8.ValidString(s):
		return Invalid(field, Clip(s), "text-not-utf8", "must be UTF-8 text", "")
	}
	if i := strings.IndexFunc(s, unprintable); i >= 0 {
		r, _ := utf8.DecodeRuneInString(s[i:])
		return Invalid(field, Clip(s), "text-unprintable",
			"must not hold the control character %U: a paper could not show it, or would show another text", "", r)
	}
	return nil
}

// unprintable tells a character that a paper cannot show, or by which it shows
// what follows in another order. Line breaks and tabs are text.
func unprintable(r rune) bool {
	switch r {
	case '\n', '\r', '\t':
		return false
	case '\ufffe', '\uffff':
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Bidi_Control)
}

// CheckEntries rejects a list of a command that is empty or has more entries than most,
// by how many it has: a list has no value of its own that could be quoted.
func CheckEntries(field, code string, n, most int, clause string) error {
	switch {
	case n == 0:
		return Invalid(field, "", code, "is empty; must have 1 to %d entries", clause, most)
	case n > most:
		return Invalid(field, "", code, "has %d entries; must have 1 to %d", clause, n, most)
	}
	return nil
}

// Clip shortens a value for an error message.
func Clip(s string) string {
	const limit = 80
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit]) + "…"
}

// FirstError returns the first error that is not nil: the checks of a command,
// in the order a person would read them.
func FirstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// clockTolerance is how far a stated instant may lie ahead of the ledger's
// clock before it counts as in the future: the clocks of phones differ.
const clockTolerance = 2 * time.Minute

// CheckNotFuture rejects an instant that has not come yet.
func CheckNotFuture(field string, at, now time.Time) error {
	if at.After(now.Add(clockTolerance)) {
		return Invalid(field, at.Format(time.RFC3339), "in-the-future",
			"must not lie after now, %s", "", now.Format(time.RFC3339))
	}
	return nil
}

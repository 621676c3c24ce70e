// Package account keeps the money of one property center: what it is charged,
// what it pays, what settles what, and what it has agreed to (§5.3 and "Money:
// what must always hold").
//
// Each file holds one concept with its events and decisions: charges, off-list
// work, compensation, credit notes, write-offs, payments, statements, disputes,
// transfers and collection.
package account

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Stream names the stream of one center's account.
func Stream(id domain.CenterID) string { return "account-" + string(id) }

// Event is a fact about one account.
//
//sumtype:decl
type Event interface {
	domain.Grounded
	center() domain.CenterID
	businessDate() calendar.Date // zero: none of its own
	concerns(*trail) bool        // it is part of the trail of the charge
}

// CenterOf is the center whose account an event belongs to.
func CenterOf(e Event) domain.CenterID { return e.center() }

// BusinessDate is the date from which an event counts; ok is false for one
// that has none of its own and counts from when it was recorded.
func BusinessDate(e Event) (on calendar.Date, ok bool) {
	on = e.businessDate()
	return on, !on.IsZero()
}

// AccountOpened begins the account of a property center and fixes its terms.
type AccountOpened struct {
	Center   domain.CenterID `json:"center"`
	Name     string          `json:"name"`
	Region   string          `json:"region"`
	Currency string          `json:"currency"` // CNY
	Terms    Terms           `json:"terms"`
	OpenedOn calendar.Date   `json:"openedOn"`
}

// Terms are agreed with the center in the statement terms.
type Terms struct {
	// SameDueDate orders the charges of one due date when money is applied to
	// the oldest due first.
	SameDueDate SameDueDate `json:"sameDueDate"`
}

// SameDueDate is the rule among charges that fall due on one day.
type SameDueDate string

const (
	ByChargeDate SameDueDate = "CHARGE_DATE" // oldest charge first, as agreed in the terms
	ProRata      SameDueDate = "PRO_RATA"    // in proportion, by largest remainder: where nothing was agreed
)

// Stage is where a receivable stands: one of the two measures of receivable,
// or written off.
type Stage string

const (
	Unconfirmed Stage = "UNCONFIRMED" // 待对账: posted, not yet confirmed by the center
	Confirmed   Stage = "CONFIRMED"   // 已确认应收
	// WrittenOff (账销案存): no longer our receivable, still owed by the center.
	WrittenOff Stage = "WRITTEN_OFF"
)

// Share is a part of one charge's receivable, by the stage it stands in.
type Share struct {
	Amount money.Amount `json:"amount"`
	Stage  Stage        `json:"stage"`
	// ConfirmedOn is when the charge was confirmed. What counts from an earlier
	// date moved the unconfirmed receivable until that day.
	ConfirmedOn calendar.Date `json:"confirmedOn,omitzero"`
	// Reopened are the earlier confirmations that were taken back, in order.
	Reopened []Reopened `json:"reopened,omitempty"`
}

// Reopened is a time in which a charge was confirmed, until its statement was
// reopened.
type Reopened struct {
	ConfirmedOn calendar.Date `json:"confirmedOn"`
	ReopenedOn  calendar.Date `json:"reopenedOn"`
}

func (AccountOpened) EventType() string             { return "AccountOpened" }
func (e AccountOpened) center() domain.CenterID     { return e.Center }
func (e AccountOpened) businessDate() calendar.Date { return e.OpenedOn }
func (AccountOpened) RestsOn() domain.Ground        { return domain.Clause("5.3.4") }
func (AccountOpened) concerns(*trail) bool          { return false } // but the center as a whole

// Package account keeps the money of one property center: what it is charged,
// what it pays, and what settles what (§5.3 and "Money: what must always hold").
package account

import (
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/pricelist"
)

// Stream names the stream of one center's account.
func Stream(id domain.CenterID) string { return "account-" + string(id) }

// Event is a fact about one account.
//
//sumtype:decl
type Event interface {
	domain.Event
	accountEvent()
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

// ChargeAccrued is one line owed by the center.
type ChargeAccrued struct {
	Charge     domain.ChargeID       `json:"charge"`
	Center     domain.CenterID       `json:"center"`
	Project    domain.ProjectID      `json:"project"`
	Room       string                `json:"room,omitempty"`
	Owner      string                `json:"owner,omitempty"`
	Ticket     domain.TicketID       `json:"ticket,omitempty"`
	FaultLine  domain.FaultLineID    `json:"faultLine,omitempty"`
	Kind       pricelist.ServiceKind `json:"kind"`
	Service    string                `json:"service"` // as printed on F3
	Basis      Basis                 `json:"basis"`
	Quantity   decimal.Decimal       `json:"quantity"`
	Unit       string                `json:"unit"`
	UnitPrice  decimal.Decimal       `json:"unitPrice"`
	Tax        money.Tax             `json:"taxTerms"`
	Money      money.Line            `json:"money"`
	OccurredOn calendar.Date         `json:"occurredOn"` // business date of the work
	Posted     calendar.Quarter      `json:"posted"`     // accounting quarter; later than that of OccurredOn for a late item
	DueOn      calendar.Date         `json:"dueOn"`
	Clause     string                `json:"clause"`
	Remark     string                `json:"remark,omitempty"`
}

// Basis is the ground on which a price stands: a version of the price list.
type Basis struct {
	PriceList string `json:"priceList,omitempty"` // version in force on the day of the work
	Item      string `json:"item,omitempty"`      // code on that list
}

// PaymentReceived is money from the center on our bank account.
type PaymentReceived struct {
	Payment       domain.PaymentID `json:"payment"`
	Center        domain.CenterID  `json:"center"`
	BankReference string           `json:"bankReference"` // the bank's serial number (银行流水号)
	Payer         string           `json:"payer"`
	Remark        string           `json:"remark,omitempty"`
	Amount        money.Amount     `json:"amount"`
	ReceivedOn    calendar.Date    `json:"receivedOn"` // value date at the bank
	Posted        calendar.Quarter `json:"posted"`
	// PossibleDuplicateOf is an earlier payment that looks alike; this one is
	// booked all the same and waits, unapplied, for a person.
	PossibleDuplicateOf domain.PaymentID `json:"possibleDuplicateOf,omitempty"`
}

// PaymentAllocated settles charges with unapplied money of one payment.
type PaymentAllocated struct {
	Payment domain.PaymentID `json:"payment"`
	Center  domain.CenterID  `json:"center"`
	Rule    AllocationRule   `json:"rule"`
	Lines   []Allocation     `json:"lines"`
}

// Allocation is the part of a payment that settles one charge.
type Allocation struct {
	Charge domain.ChargeID `json:"charge"`
	Amount money.Amount    `json:"amount"`
	// Stage is the receivable the charge stood in when it was settled.
	Stage Stage `json:"stage"`
	// On is the date from which the charge counts as settled: the later of the
	// money's value date and the charge's date, so that on no date was more
	// settled than charged.
	On     calendar.Date    `json:"on"`
	Posted calendar.Quarter `json:"posted"`
}

// Stage is one of the two measures of receivable.
type Stage string

const (
	Unconfirmed Stage = "UNCONFIRMED" // 待对账: posted, not yet confirmed by the center
	Confirmed   Stage = "CONFIRMED"   // 已确认应收
)

// AllocationRule is why money settled the charges it settled.
type AllocationRule string

const (
	Designated     AllocationRule = "DESIGNATED"       // the payer said so, or a person decided
	OldestDueFirst AllocationRule = "OLDEST_DUE_FIRST" // the procedure's order
)

func (AccountOpened) EventType() string    { return "AccountOpened" }
func (ChargeAccrued) EventType() string    { return "ChargeAccrued" }
func (PaymentReceived) EventType() string  { return "PaymentReceived" }
func (PaymentAllocated) EventType() string { return "PaymentAllocated" }

func (AccountOpened) accountEvent()    {}
func (ChargeAccrued) accountEvent()    {}
func (PaymentReceived) accountEvent()  {}
func (PaymentAllocated) accountEvent() {}

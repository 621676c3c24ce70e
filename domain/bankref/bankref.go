// Package bankref makes bank references unique in the company: one bank
// reference is one payment. The same reference with the same content is the
// same payment; with other content it is refused and kept for a person to see.
package bankref

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Event is a fact about one bank reference.
//
//sumtype:decl
type Event interface {
	domain.Event
	bankReferenceEvent()
}

// Content is what a bank statement says of one receipt. Two receipts with one
// reference are the same payment exactly if their contents are equal.
type Content struct {
	Reference  string          `json:"reference"` // the bank's serial number (银行流水号)
	Center     domain.CenterID `json:"center"`
	Payer      string          `json:"payer"`
	Remark     string          `json:"remark,omitempty"`
	Amount     money.Amount    `json:"amount"`
	ReceivedOn calendar.Date   `json:"receivedOn"`
}

// BankReferenceClaimed ties the reference to the payment that first named it.
type BankReferenceClaimed struct {
	Payment domain.PaymentID `json:"payment"`
	Content
}

// ConflictingPaymentRefused is a second receipt under a known reference with
// other content: refused, and queued for a person.
type ConflictingPaymentRefused struct {
	ClaimedBy domain.PaymentID `json:"claimedBy"`
	Content
}

func (BankReferenceClaimed) EventType() string        { return "BankReferenceClaimed" }
func (ConflictingPaymentRefused) EventType() string   { return "ConflictingPaymentRefused" }
func (BankReferenceClaimed) bankReferenceEvent()      {}
func (ConflictingPaymentRefused) bankReferenceEvent() {}

// Stream names the stream of one reference.
func Stream(reference string) string { return "bankref-" + reference }

// Reference is the state of one bank reference.
type Reference struct {
	claimed BankReferenceClaimed
}

// Claim ties the reference to a payment, or finds the payment it is tied to
// already: see Payment after the claim. Other content is refused; the refusal
// is itself recorded.
func (r *Reference) Claim(c BankReferenceClaimed) ([]Event, error) {
	switch {
	case r.claimed.Payment == "":
		return []Event{c}, nil
	case r.claimed.Content == c.Content:
		return nil, nil
	}
	was := r.claimed
	return []Event{ConflictingPaymentRefused{ClaimedBy: was.Payment, Content: c.Content}},
		domain.Conflict("bankReference", c.Reference, "bank-reference-conflict", "is payment %s: %s yuan from %q to center %s on %s, remark %q; %s yuan from %q to center %s on %s, remark %q cannot be the same payment and is queued for a person", "Money", was.Payment, was.Amount, was.Payer, was.Center, was.ReceivedOn, was.Remark, c.Amount, c.Payer, c.Center, c.ReceivedOn, c.Remark)
}

// Payment is the payment the reference belongs to, empty before the first claim.
func (r *Reference) Payment() domain.PaymentID { return r.claimed.Payment }

// Evolve folds an event into the reference.
func (r *Reference) Evolve(e Event) {
	switch e := e.(type) {
	case BankReferenceClaimed:
		r.claimed = e
	case ConflictingPaymentRefused: // a fact for people; the claim stands
	}
}

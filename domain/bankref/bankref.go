// Package bankref makes bank references unique in the company: one bank
// reference is one payment. The same reference with the same content is the
// same payment; with other content it is refused and kept for a person to see.
//
// A bank's serial number is unique within one account of ours, not among all of
// them, and some banks give one number to several movements. The identity of a
// movement is therefore its own account, its reference and its place among the
// equal lines under that reference. Where the own account is not known, as of
// what was recorded before it was asked for, it speaks against nothing.
package bankref

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Event is a fact about one bank reference.
//
//sumtype:decl
type Event interface {
	domain.Grounded
	bankReferenceEvent()
}

// Content is what a bank statement says of one receipt. Two receipts with one
// reference are the same payment exactly if their contents are equal.
type Content struct {
	Reference string `json:"reference"` // the bank's serial number (银行流水号)
	// OwnAccount is the account of ours that the money came to (本方账号), within
	// which the reference is unique; empty where it is not known.
	OwnAccount string          `json:"ownAccount,omitempty"`
	Center     domain.CenterID `json:"center"`
	Payer      string          `json:"payer"`
	Remark     string          `json:"remark,omitempty"`
	Amount     money.Amount    `json:"amount"`
	ReceivedOn calendar.Date   `json:"receivedOn"`
	// Place is the receipt's place among lines that are equal in all of this: 2
	// for the second. The first has none.
	Place int `json:"place,omitempty"`
}

// BankReferenceClaimed ties the reference to the payment that first named it.
type BankReferenceClaimed struct {
	Payment domain.PaymentID `json:"payment"`
	Content
	// Apart says that a person vouches for it: the reference stands for several
	// movements, of which this is one that is not booked yet.
	Apart bool `json:"apart,omitempty"`
}

// ConflictingPaymentRefused is a second receipt under a known reference with
// other content: refused, and queued for a person.
type ConflictingPaymentRefused struct {
	ClaimedBy domain.PaymentID `json:"claimedBy"`
	Content
	// Booked and BookedOn are the amount and the date of receipt of the payment that
	// has the reference; absent from refusals of the first version.
	Booked   money.Amount  `json:"booked,omitzero"`
	BookedOn calendar.Date `json:"bookedOn,omitzero"`
}

func (BankReferenceClaimed) EventType() string      { return "BankReferenceClaimed" }
func (ConflictingPaymentRefused) EventType() string { return "ConflictingPaymentRefused" }

func (BankReferenceClaimed) RestsOn() domain.Ground      { return domain.Clause("Money") }
func (ConflictingPaymentRefused) RestsOn() domain.Ground { return domain.Clause("Money") }

func (BankReferenceClaimed) bankReferenceEvent()      {}
func (ConflictingPaymentRefused) bankReferenceEvent() {}

// Stream names the stream of one reference, whatever accounts it is used in.
func Stream(reference string) string { return "bankref-" + reference }

// Reference is the state of one bank reference.
type Reference struct {
	claimed []BankReferenceClaimed
}

// Claim ties the reference to a payment, or finds the payment it is tied to
// already: see PaymentOf after the claim. Other content is refused, and the
// refusal is itself recorded, unless the receipt came to another account of
// ours, is a further one of equal lines, or a person says that it stands apart.
func (r *Reference) Claim(c BankReferenceClaimed) ([]Event, error) {
	if _, known := r.PaymentOf(c.Content); known {
		return nil, nil
	}
	was := slices.IndexFunc(r.claimed, func(was BankReferenceClaimed) bool {
		return SameAccount(was.OwnAccount, c.OwnAccount) && !was.leavesRoomFor(c)
	})
	if was < 0 || r.hasEqual(c.Content) {
		c.Payment = r.nextName(c.Payment)
		return []Event{c}, nil
	}
	return []Event{
		ConflictingPaymentRefused{
			ClaimedBy: r.claimed[was].Payment, Content: c.Content,
			Booked: r.claimed[was].Amount, BookedOn: r.claimed[was].ReceivedOn,
		},
	}, conflict(r.claimed[was], c.Content)
}

// hasEqual tells whether a line equal to a receipt is booked, at another place.
func (r *Reference) hasEqual(c Content) bool {
	return slices.ContainsFunc(r.claimed, func(was BankReferenceClaimed) bool {
		return SameAccount(was.OwnAccount, c.OwnAccount) && was.withoutIdentity() == c.withoutIdentity()
	})
}

// leavesRoomFor tells whether another receipt, of an account that may be the
// same, may bear the reference beside the one that was booked: one that has
// nothing in common with a receipt of an unknown account, or one that a person
// vouches for and that is not the same money for another center.
func (b BankReferenceClaimed) leavesRoomFor(c BankReferenceClaimed) bool {
	if b.OwnAccount == "" && c.OwnAccount != "" && b.sharesNothingWith(c.Content) {
		return true
	}
	moved := c.withoutIdentity()
	moved.Center = b.Center
	return c.Apart && moved != b.withoutIdentity()
}

func (c Content) sharesNothingWith(d Content) bool {
	return c.Payer != d.Payer && c.Amount != d.Amount && c.ReceivedOn != d.ReceivedOn
}

// withoutIdentity is what a content says beside which movement it is.
func (c Content) withoutIdentity() Content {
	c.OwnAccount, c.Place = "", 0
	return c
}

func conflict(was BankReferenceClaimed, c Content) error {
	return domain.Conflict("bankReference", c.Reference, "bank-reference-conflict",
		"is payment %s: %s yuan from %q to center %s on %s, %v; %s yuan from %q to center %s on %s, %v, cannot be the same payment and is queued for a person",
		"Money", was.Payment, was.Amount, was.Payer, was.Center, was.ReceivedOn, remark(was.Remark), c.Amount, c.Payer,
		c.Center, c.ReceivedOn, remark(c.Remark))
}

// remark is what a payer wrote, for people.
func remark(s string) domain.Text {
	if s == "" {
		return domain.Say("without a remark")
	}
	return domain.Say("remark %q", s)
}

// PaymentOf is the payment that a receipt is. Before its claim it is not known,
// and the payment is the one that the claim would name.
func (r *Reference) PaymentOf(c Content) (payment domain.PaymentID, known bool) {
	for _, was := range r.claimed {
		if SameAccount(was.OwnAccount, c.OwnAccount) && was.withoutIdentity() == c.withoutIdentity() && was.Place == c.Place {
			return was.Payment, true
		}
	}
	return r.nextName(domain.PaymentID(c.Reference)), false
}

// nextName names the payment of the next claim: the first is called like its
// reference, the others by their number among its payments: S1-第2笔.
func (r *Reference) nextName(first domain.PaymentID) domain.PaymentID {
	if len(r.claimed) == 0 {
		return first
	}
	return domain.PaymentID(fmt.Sprintf("%s-第%d笔", first, len(r.claimed)+1))
}

var laterName = regexp.MustCompile(`-第[0-9]+笔$`)

// MaxPlace bounds the equal lines under one reference.
const MaxPlace = 999

// CheckIdentity rejects what cannot be the identity of a movement.
func CheckIdentity(reference, ownAccount string, place int) error {
	switch {
	case laterName.MatchString(reference):
		return domain.Invalid("bankReference", reference, "bad-identity",
			"must be the bank's: -第2笔 at its end names the second payment under one reference", "Money")
	case place < 0 || place > MaxPlace:
		return domain.Invalid("place", fmt.Sprint(place), "bad-place", "must be between 1 and %d", "Money", MaxPlace)
	case place == 1:
		return domain.Invalid("place", "1", "bad-place", "must be left out for the first of equal lines", "Money")
	}
	if ownAccount == "" {
		return nil
	}
	if ownAccount != PlainAccount(ownAccount) {
		return domain.Invalid("ownAccount", domain.Clip(ownAccount), "bad-account",
			"must be the account number without blanks or other marks between its digits", "Money")
	}
	return domain.CheckText("ownAccount", ownAccount, true)
}

// PlainAccount takes out of an account number what only groups its digits:
// 4420 1501-1000 is 442015011000.
func PlainAccount(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, strings.TrimSpace(s))
}

// SameAccount tells whether two account numbers may be of one account: equal, or
// one not known, or one with digits masked by asterisks that the other has.
func SameAccount(a, b string) bool {
	return a == "" || b == "" || a == b || masks(a, b) || masks(b, a)
}

func masks(masked, plain string) bool {
	i, j := strings.Index(masked, "*"), strings.LastIndex(masked, "*")
	return i >= 0 && len(plain) >= i+len(masked)-1-j && strings.HasPrefix(plain,
		masked[:i]) && strings.HasSuffix(plain, masked[j+1:])
}

// Evolve folds an event into the reference.
func (r *Reference) Evolve(e Event) {
	switch e := e.(type) {
	case BankReferenceClaimed:
		r.claimed = append(r.claimed, e)
	case ConflictingPaymentRefused: // a fact for people; the claim stands
	}
}

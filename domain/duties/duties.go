// Package duties keeps apart who puts something forward and who decides on it:
// nobody reviews or approves their own submission (§4). It compares people, by
// their logins, whatever role they act in and whatever they signed in with. Every
// decision of the trade that has to be another person's asks Apart, and every
// attempt that it refuses is recorded by one event.
package duties

import (
	"cmp"
	"slices"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// Kind is what a decision is about.
type Kind string

const (
	Money          Kind = "MONEY" // something in the account of a center
	Ticket         Kind = "TICKET"
	FaultLine      Kind = "FAULT_LINE"
	StockCount     Kind = "STOCK_COUNT"
	Finding        Kind = "FINDING"
	Return         Kind = "RETURN"
	Requisition    Kind = "REQUISITION"
	PaymentRequest Kind = "PAYMENT_REQUEST"
	Report         Kind = "REPORT"
)

// Matter is what somebody is about to decide on. What its kind does not have is
// left out.
type Matter struct {
	Kind     Kind             `json:"kind"`
	Document string           `json:"document"`           // its number
	Decision string           `json:"decision,omitempty"` // what was to be decided: the gate, the verdict, the status, …
	Center   domain.CenterID  `json:"center,omitempty"`
	Project  domain.ProjectID `json:"project,omitempty"`
	Ticket   domain.TicketID  `json:"ticket,omitempty"`
	Supplier string           `json:"supplier,omitempty"`
	Region   string           `json:"region,omitempty"`
	Month    calendar.Month   `json:"month,omitzero"`
	Version  int              `json:"version,omitempty"`
}

// OwnDecisionRefused records that somebody tried to decide on what they had a part
// in. It stands in the stream of what was to be decided on, and changes nothing
// there.
type OwnDecisionRefused struct {
	Matter
	Rule        string        `json:"rule"` // code of the rule that keeps the two duties apart
	Reason      string        `json:"reason,omitempty"`
	Clause      string        `json:"clause,omitempty"`
	SubmittedBy string        `json:"submittedBy,omitempty"` // the person, as they were written then
	By          string        `json:"by"`
	On          calendar.Date `json:"on"`
	At          time.Time     `json:"at,omitzero"` // of a ticket, whose course counts to the second
}

// EventType implements domain.Event.
func (OwnDecisionRefused) EventType() string { return "OwnDecisionRefused" }

func (OwnDecisionRefused) RestsOn() domain.Ground { return domain.Clause("4") }

// ChangesNothing implements domain.Attempt.
func (OwnDecisionRefused) ChangesNothing() {}

// Decision is what somebody is about to decide.
type Decision struct {
	Matter
	Field  string // that names the document in the command
	Value  string // what it is named by there; empty: its number
	Clause string // of the procedure, that the decision is taken under
	By     string
	On     calendar.Date
	At     time.Time // of a ticket
}

// Involvement is what people did before that keeps them from a decision.
type Involvement struct {
	Code string
	// Rule says of the document what they did; its first verb is their name.
	Rule domain.Sentence
	Args []any // that follow the name
	By   People
}

// OwnSubmission is the code of the rule that nobody decides on their own
// submission.
const OwnSubmission = "own-submission"

// Submitted is the part of those who put it forward.
func Submitted(by ...string) Involvement {
	return By(by...).Did("was submitted by %s, and nobody reviews or approves their own submission")
}

// People are some of whom one may be who decides.
type People []string

// By names people.
func By(names ...string) People { return names }

// Did is the part of people who did what makes the document their own.
func (p People) Did(rule domain.Sentence) Involvement {
	return Involvement{Code: OwnSubmission, Rule: rule, By: p}
}

// PassedGate is the part of who passed another gate of the document, each of which
// is kept by another person.
func PassedGate[G ~string](gate G, by string) Involvement {
	return Involvement{
		"second-gate", "was passed by %s at %s already, and nobody decides at two gates", []any{gate}, By(by),
	}
}

// Same reports whether two names are those of one person. No name is nobody's.
func Same(a, b string) bool { return a != "" && domain.Login(a) == domain.Login(b) }

// Apart refuses a decision by a person who has a part in what it is on, and the
// refusal is a fact: it carries the event that records it.
func Apart(d Decision, parts ...Involvement) error {
	for _, p := range parts {
		i := slices.IndexFunc(p.By, func(by string) bool { return Same(by, d.By) })
		if i < 0 {
			continue
		}
		refusal := domain.Forbidden(d.Field, cmp.Or(d.Value, d.Document), p.Code, p.Rule, d.Clause,
			slices.Concat([]any{d.By}, p.Args)...)
		refusal.Fact = OwnDecisionRefused{
			Matter: d.Matter, Rule: p.Code, Reason: refusal.Rule.String(), Clause: d.Clause, SubmittedBy: p.By[i], By: d.By,
			On: d.On, At: d.At,
		}
		return refusal
	}
	return nil
}

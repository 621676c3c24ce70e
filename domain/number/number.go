// Package number makes document numbers unique across streams: each number is
// a stream of its own, which only its first claimant can begin. The package keeps
// its name: requests that were recorded before 26 November are known again by it.
package number

import (
	"aftersales-ledger/domain"
)

// Event is a fact about one number.
//
//sumtype:decl
type Event interface {
	domain.Grounded
	numberEvent()
}

// DocumentNumberClaimed gives a number of a series to its holder for ever.
type DocumentNumberClaimed struct {
	Series string `json:"series"` // kind of document, such as "F1"
	Number string `json:"number"`
	Holder string `json:"holder"` // stream that records the document
}

func (DocumentNumberClaimed) EventType() string { return "DocumentNumberClaimed" }

func (DocumentNumberClaimed) RestsOn() domain.Ground {
	return domain.Silent("a document number is used once in the company")
}

func (DocumentNumberClaimed) numberEvent() {}

// The series in which a number is unique in the company.
const (
	FaultRecord  = "F1" // lines of fault records
	ProcessSheet = "F2" // process sheets
	TransferSlip = "DB" // transfers of parts between depots (调拨单)
	// PaidReference numbers what we pay to suppliers by the bank's reference.
	PaidReference = "PAID"
)

// Stream names the stream of one number.
func Stream(series, number string) string { return "number-" + series + "-" + number }

// Number is the state of one number.
type Number struct {
	holder string
}

// Holder is the stream that records the document of the number; empty: nobody
// has claimed it.
func (n *Number) Holder() string { return n.holder }

// Claim gives the number to a holder. Claiming it again for the same holder
// decides nothing.
func (n *Number) Claim(field string, c DocumentNumberClaimed) ([]Event, error) {
	switch n.holder {
	case "":
		return []Event{c}, nil
	case c.Holder:
		return nil, nil
	}
	return nil, domain.Conflict(field, c.Number, "number-taken",
		"is the number of another %s document, recorded in %s", "", c.Series, n.holder)
}

// Evolve folds an event into the number.
func (n *Number) Evolve(e Event) {
	switch e := e.(type) {
	case DocumentNumberClaimed:
		n.holder = e.Holder
	}
}

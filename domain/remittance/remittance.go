// Package remittance proposes whose money an incoming bank line is, and what it
// pays (来款认领). It decides nothing: a person accepts a proposal or does not,
// and what is accepted is booked like any receipt.
//
// A proposal's confidence is a percentage read from a table of two questions.
// Who: what the payer's name and the remark say of a center. What: how the
// amount compares with what the center owes. The rows are identities, the
// columns figures:
//
//	                                charges   a sum     a likely   part of   more than
//	                                named     that is   set of     what is   is open
//	                                exactly   owed      charges    open
//	payer and remark name it          99        97         92         85         70
//	one of them names it              97        95         85         75         60
//	one of them hints at it            –        80         60         45         30
//	neither; only the amount fits      –        40          –          –          –
//
// Where n centers are equally likely (within 10 points of the best) every
// confidence is divided by n. A line that looks like a booked receipt is worth
// at most 50, one that names a disputed charge at most 60. What other lines of
// the file say changes no confidence.
package remittance

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
)

// Line is one incoming line of a bank statement.
type Line struct {
	Reference  string   // the bank's serial number (银行流水号)
	Payer      string   // 对方户名; empty where the bank names none
	Remark     string   // 附言 or 摘要
	Texts      []string // what else the line says: 用途, 备注, 商品说明, …; searched like the remark
	Amount     money.Amount
	ReceivedOn calendar.Date
	Waits      bool // a person must decide first whether it is a receipt: others come before it
}

// Candidate is what is known of a center that might have paid.
type Candidate struct {
	Center    domain.CenterID
	Name      string
	Projects  []Project // that the center answers for
	Payers    []string  // names under which earlier receipts came
	Charges   []Charge  // of which something is owed
	Unapplied money.Amount
	Receipts  []Receipt // recent ones, among which a line may have its double
}

// Project is a project of a center.
type Project struct {
	ID   domain.ProjectID
	Name string
}

// Charge is a charge that is not settled in full.
type Charge struct {
	Charge     domain.ChargeID
	Project    domain.ProjectID
	OccurredOn calendar.Date
	DueOn      calendar.Date
	Posted     calendar.Quarter
	Open       money.Amount // more than 0.00; what was written off of it is owed all the same
	Disputed   bool         // not chased: proposed only where the remark names it
}

// Receipt is a payment that was booked.
type Receipt struct {
	Payment    domain.PaymentID
	Payer      string
	Remark     string
	Amount     money.Amount
	ReceivedOn calendar.Date
}

// Reason is one sentence in two languages, with the figures that it rests on.
type Reason struct{ Chinese, English string }

// Proposal is one center that may have paid, and what for.
type Proposal struct {
	Center domain.CenterID
	// Designation names the charges that are paid, never with more than is open
	// on them and in sum never more than the line's amount. What it leaves, all
	// if it is empty, goes to the oldest due.
	Designation []account.Designation
	Confidence  int // percent, 1 to 99
	Reason      Reason
	Names       []domain.ChargeID // open charges that the line names, whatever others take of them
	Compared    []Charge          // what the amount was compared with, as it is booked
}

// Match is what is proposed for one line.
type Match struct {
	Proposals []Proposal // the likeliest first, at most MostProposals; none where no center fits
	Reason    Reason     // why there is none
}

// Unnamed is booked as the payer of a receipt of which the bank names none. It is
// nobody's name.
const Unnamed = "未列付款人"

// MostProposals bounds the proposals for one line.
const MostProposals = 5

// Propose proposes for each line, in the order given, whose money it is and
// what it pays. The answer depends on nothing but what is said, not on the
// order of lines or candidates.
//
// Who a line names and what, and so its confidence, is told from the line and
// from what is booked, whatever else the file holds. Only the money is shared
// out: what the best proposal of one line pays is not proposed to another a
// second time, and the reason says so.
func Propose(lines []Line, candidates []Candidate, rules policy.Policy) []Match {
	b := newBook(candidates, rules)
	matches := make([]Match, len(lines))
	for i, l := range lines {
		matches[i] = b.match(l)
	}
	b.promise(lines, matches)
	return matches
}

// match proposes for one line.
func (b *book) match(l Line) Match {
	known := b.identify(l)
	var proposals []Proposal
	for i, c := range b.centers {
		id := known[i]
		if id == nil {
			continue
		}
		proposals = append(proposals, c.propose(l, *id, c.figure(l, id.charges), b.rules))
	}
	if len(proposals) == 0 {
		proposals = b.byAmountAlone(l)
	}
	if len(proposals) == 0 {
		return Match{Reason: nobody(l)}
	}
	return Match{Proposals: rank(proposals)}
}

// mostByAmount: a sum that more centers owe says nothing of any of them.
const mostByAmount = 3

// byAmountAlone proposes the centers that owe exactly this sum.
func (b *book) byAmountAlone(l Line) []Proposal {
	var proposals []Proposal
	for _, c := range b.centers {
		if f, ok := c.plainlyOwed(l); ok {
			proposals = append(proposals, c.propose(l, identity{}, f, b.rules))
		}
	}
	if len(proposals) > mostByAmount {
		return nil
	}
	return proposals
}

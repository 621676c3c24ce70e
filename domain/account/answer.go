package account

import (
	"math"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Answered is how the closing balance of a statement is made up by the center's
// answer, in yuan, as it was then:
//
//	closing = confirmed + disputed + confirmed before − unapplied
//
// Each amount is what was owed of charges through the quarter, written off or
// not: money that came in the quarter is off it, money that came later is not.
type Answered struct {
	Confirmed money.Amount `json:"confirmed"`
	Disputed  money.Amount `json:"disputed"`
	Before    money.Amount `json:"confirmedBefore"` // on earlier statements
	Unapplied money.Amount `json:"unapplied"`       // received through the quarter, settling none of these charges
	// DisputedPaid is what money had settled of the disputed lines through the
	// quarter: no part of the balance, and unapplied again where it is credited.
	DisputedPaid money.Amount `json:"disputedPaid"`
}

// Closing is the balance that the parts make up.
func (s Answered) Closing() money.Amount {
	return s.Confirmed.Add(s.Disputed).Add(s.Before).Sub(s.Unapplied)
}

// Summary is what finance is told of an answered quarter (§5.3.4), in yuan: the
// answer, what has become of it since, and the two measures of receivable that
// its charges stand in now.
type Summary struct {
	Answered    Answered     `json:"answered"`
	Late        money.Amount `json:"late"`      // of earlier quarters, within the closing balance
	Paid        money.Amount `json:"paidSince"` // since the quarter's end, like the next two
	Credited    money.Amount `json:"creditedSince"`
	Transferred money.Amount `json:"transferredSince"` // to other centers
	Confirmed   money.Amount `json:"openConfirmed"`    // 已确认应收
	Unconfirmed money.Amount `json:"openUnconfirmed"`  // 待对账
	Disputed    money.Amount `json:"stillDisputed"`    // of the unconfirmed
	WrittenOff  money.Amount `json:"writtenOff"`       // given up by us, still owed
	// ByAnswer is what of Paid, Credited and Transferred came before the answer; early
	// reports do not tell the two times apart.
	ByAnswer *ByAnswer `json:"byAnswer,omitempty"`
}

// ByAnswer is what became of the charges of a quarter between its end and the answer,
// in yuan.
type ByAnswer struct {
	Paid        money.Amount `json:"paid"`
	Credited    money.Amount `json:"credited"`
	Transferred money.Amount `json:"transferred"`
}

// Ties reports whether the charges of the answer, less what has become of them
// since, are what is open or written off of them now.
func (s Summary) Ties() bool {
	then := s.Answered.Confirmed.Add(s.Answered.Disputed).Add(s.Answered.Before)
	return then.Sub(s.Paid).Sub(s.Credited).Sub(s.Transferred) == s.Confirmed.Add(s.Unconfirmed).Add(s.WrittenOff)
}

// DisputeEnd is how a dispute ended.
type DisputeEnd string

const (
	StillDisputed   DisputeEnd = ""
	DisputeCredited DisputeEnd = "CREDITED" // 红冲
	DisputeDenied   DisputeEnd = "REJECTED" // 未予采纳: the charge stands
	DisputeMoved    DisputeEnd = "MOVED"    // 转出: the charge went to another center with its project
)

// DisputeCourse is one dispute, from the center's objection to its end.
type DisputeCourse struct {
	Charge    domain.ChargeID
	Statement string
	Version   int
	Reason    string
	On        calendar.Date
	By        string
	Reply     Reply            // how it came
	Papers    []attachment.Ref // that bear it out
	Owed      money.Amount     // of the charge when it was disputed, written off or not
	Paid      money.Amount     // settled of it by money then
	End       DisputeEnd
	EndedOn   calendar.Date // zero of one that moved: its transfer says from when it counts, not when it was decided
	EndReason string
	Document  string       // the credit note or the transfer that ended it
	Credited  money.Amount // by that note
	Departure              // of one that MOVED: where it goes on
}

// inQuarter is what was posted to one quarter of a charge.
type inQuarter struct {
	quarter                              calendar.Quarter
	charged, paid, credited, transferred money.Amount
}

func (p inQuarter) owed() money.Amount {
	return p.charged.Sub(p.paid).Sub(p.credited).Sub(p.transferred)
}

func (p *inQuarter) add(o inQuarter) {
	p.charged, p.paid = p.charged.Add(o.charged), p.paid.Add(o.paid)
	p.credited, p.transferred = p.credited.Add(o.credited), p.transferred.Add(o.transferred)
}

// post notes what an event posted of a charge.
func (a *Account) post(id domain.ChargeID, p inQuarter) {
	c := a.charges[id]
	for i := range c.posts {
		if c.posts[i].quarter == p.quarter {
			c.posts[i].add(p)
			return
		}
	}
	c.posts = append(c.posts, p)
}

// through adds up what was posted of a charge through a quarter, and after it.
func (c *charge) through(q calendar.Quarter) (within, after inQuarter) {
	for _, p := range c.posts {
		if p.quarter <= q {
			within.add(p)
		} else {
			after.add(p)
		}
	}
	return within, after
}

// pursue follows charges quarter by quarter, and disputes to their end.
func (a *Account) pursue(e Event) {
	switch e := e.(type) {
	case ChargeAccrued:
		a.post(e.Charge, inQuarter{quarter: e.Posted, charged: e.Money.Gross})
	case ChargeTransferredIn:
		a.post(e.Charge, inQuarter{quarter: e.Posted, charged: e.Money.Gross})
		if d := e.Dispute; d != nil { // it came with the charge
			a.charges[e.Charge].pursued = &DisputeCourse{
				Charge: e.Charge, Statement: d.Statement, Version: d.Version, Reason: d.Reason, On: d.On, By: d.By,
				Owed: e.Money.Gross,
			}
		}
	case ChargeTransferredOut:
		a.post(e.Charge, inQuarter{quarter: e.Posted, transferred: e.Money.Gross})
		a.endDispute(e.Charge, DisputeCourse{
			End: DisputeMoved, Document: string(e.Transfer), Departure: a.departed[departing{e.Transfer, e.Charge}],
		})
	case CreditNoteIssued:
		a.post(e.Charge, inQuarter{quarter: e.Posted, credited: e.Money.Gross})
		if e.SettlesDispute {
			a.endDispute(e.Charge,
				DisputeCourse{
					End: DisputeCredited, EndedOn: e.On, EndReason: e.Reason, Document: string(e.Note), Credited: e.Money.Gross,
				})
		}
	case PaymentAllocated:
		for _, l := range e.Lines {
			a.post(l.Charge, inQuarter{quarter: l.Posted, paid: l.Amount})
		}
	case AllocationReversed:
		for _, l := range e.Lines {
			a.post(l.Charge, inQuarter{quarter: l.Posted, paid: l.Amount.Neg()})
		}
	case ChargeDisputed:
		a.beginDispute(e)
	case DisputeRejected:
		a.endDispute(e.Charge, DisputeCourse{End: DisputeDenied, EndedOn: e.On, EndReason: e.Reason})
	case StatementIssued:
		s := a.statements[e.Quarter]
		s.issued.raised = append(s.issued.raised, a.standingDisputes(e.Quarter)...)
		s.issued.Asked = a.asked(e.Quarter, e.Closing, e.IssuedOn)
	case StatementConfirmed:
		s := a.statements[e.Quarter]
		s.issued.Answer = a.answer(s, e)
		s.issued.Answered = s.issued.Answer.answered()
		for _, l := range e.Disputed { // on an earlier quarter's statement, while both awaited their answer
			if d := a.charges[l.Charge].pursued; d != nil && !slices.Contains(s.issued.raised, d) {
				s.issued.raised = append(s.issued.raised, d)
			}
		}
	case StatementReported:
		a.statements[e.Quarter].issued.Reported = &e
	default: // concerns no single charge, or changes no amount of it
	}
}

func (a *Account) beginDispute(e ChargeDisputed) {
	c := a.charges[e.Charge]
	all, _ := c.through(math.MaxInt32)
	c.pursued = &DisputeCourse{
		Charge: e.Charge, Statement: e.Statement, Version: e.Version, Reason: e.Reason, On: e.On, By: e.By, Owed: all.owed(),
		Paid: all.paid, Reply: e.Reply, Papers: e.Papers,
	}
	if s := a.statements[e.Quarter]; s != nil {
		s.issued.raised = append(s.issued.raised, c.pursued)
	}
}

func (a *Account) endDispute(id domain.ChargeID, end DisputeCourse) {
	d := a.charges[id].pursued
	if d == nil || d.End != StillDisputed {
		return
	}
	d.End, d.EndedOn, d.EndReason, d.Document, d.Credited = end.End, end.EndedOn, end.EndReason, end.Document, end.Credited
	d.Departure = end.Departure
}

// summary is what is reported to finance of an answered quarter today.
func (a *Account) summary(s *statement, q calendar.Quarter) Summary {
	then := s.issued.Answer.Receivable()
	out := Summary{
		Answered: s.issued.Answered, Late: s.issued.Version.Totals.Late,
		ByAnswer: &ByAnswer{Paid: then.Paid, Credited: then.Credited, Transferred: then.Moved},
	}
	for _, c := range a.byNumber {
		if c.posted > q {
			continue
		}
		_, since := c.through(q)
		out.Paid, out.Credited, out.Transferred = out.Paid.Add(since.paid), out.Credited.Add(since.credited),
			out.Transferred.Add(since.transferred)
		out.WrittenOff = out.WrittenOff.Add(c.writtenOff)
		if c.stage == Confirmed {
			out.Confirmed = out.Confirmed.Add(c.open)
		} else {
			out.Unconfirmed = out.Unconfirmed.Add(c.open)
		}
		if c.disputed() {
			out.Disputed = out.Disputed.Add(c.open)
		}
	}
	return out
}

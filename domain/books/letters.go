package books

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/repair"
)

// Letters books what makers are owed for repairs: what their letters ask that we
// confirmed, where we bear the cost (§5.2.2). A unit's return says nothing of that:
// it may come before the letter or after it, and at no charge.
//
// It is the one part of the books that is no function of an event alone. A maker
// that asks something else takes back the letter which we confirmed, and its event
// does not say how much that was; so events of a sheet are given to it in their
// order. The zero value has seen none.
type Letters struct {
	sheets map[domain.ReturnID]*letter
}

// letter is what a sheet's events come to.
type letter struct {
	project   domain.ProjectID
	bearer    policy.Bearer
	confirmed money.Amount // by the last letter, if we confirmed it
	owed      money.Amount // as booked
	last      calendar.Date
}

// AppendPostings appends to dst the balanced entries that change what a maker is
// owed to what it is after the event: none for an event that does not.
func (l *Letters) AppendPostings(dst []Posting, e repair.Event) []Posting {
	switch e := e.(type) {
	case repair.ReturnOpened:
		s := l.of(e.Return)
		s.project, s.bearer = e.Project, e.Cost.Bearer
		return s.book(dst, e.OpenedOn)
	case repair.ReturnResubmitted:
		s := l.of(e.Return)
		s.bearer = e.Cost.Bearer
		return s.book(dst, e.On)
	case repair.RepairQuoted:
		s := l.of(e.Return)
		s.confirmed = money.Amount{}
		return s.book(dst, e.QuotedOn)
	case repair.ConfirmationLetterConfirmed:
		s := l.of(e.Return)
		s.confirmed = e.Amount
		return s.book(dst, e.On)
	default:
		return dst // changes nothing of it: gates, the way of the unit, requests for payment
	}
}

func (l *Letters) of(id domain.ReturnID) *letter {
	if l.sheets == nil {
		l.sheets = make(map[domain.ReturnID]*letter)
	}
	if l.sheets[id] == nil {
		l.sheets[id] = &letter{}
	}
	return l.sheets[id]
}

// book brings what is booked to what is owed. What is dated back counts from the
// last date of the sheet: it undoes nothing before that was confirmed.
func (s *letter) book(dst []Posting, on calendar.Date) []Posting {
	s.last = max(s.last, on)
	owed := s.confirmed
	if s.bearer != repair.ByUs {
		owed = money.Amount{}
	}
	more := owed.Sub(s.owed)
	s.owed = owed
	return Posting{Project: s.project, On: s.last, Posted: s.last.Quarter()}.move(dst, RepairPayables, RepairCost, more)
}

package account

import (
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Owing is what was owed of charges when their quarter ended, and what has become
// of that by a later day, in yuan:
//
//	owed − paid − credited − moved = open
type Owing struct {
	Owed     money.Amount // by what was posted through the quarter: a part of its closing balance
	Paid     money.Amount // after it: less what bounced or was taken back
	Credited money.Amount
	Moved    money.Amount // to another center, with its project
	Open     money.Amount // on the day, written off by us or not
	// WrittenOff is what of Open we have given up, and is owed all the same.
	WrittenOff money.Amount
	// Settled is what money had settled through the quarter: no part of the balance.
	Settled money.Amount
}

// Add adds what was owed of two charges up.
func (o Owing) Add(p Owing) Owing {
	return Owing{
		Owed: o.Owed.Add(p.Owed), Paid: o.Paid.Add(p.Paid), Credited: o.Credited.Add(p.Credited), Moved: o.Moved.Add(p.Moved),
		Open: o.Open.Add(p.Open), WrittenOff: o.WrittenOff.Add(p.WrittenOff), Settled: o.Settled.Add(p.Settled),
	}
}

// Ties reports whether what was owed, less what became of it, is what is open.
func (o Owing) Ties() bool { return o.Owed.Sub(o.Paid).Sub(o.Credited).Sub(o.Moved) == o.Open }

// Word is what a center says of a charge.
type Word string

const (
	Awaits          Word = "AWAITS"    // 待确认
	ConfirmedBy     Word = "CONFIRMED" // 确认
	DisputedBy      Word = "DISPUTED"  // 异议
	confirmedBefore Word = "CONFIRMED_BEFORE"
)

// BalancePart is one charge of a closing balance.
type BalancePart struct {
	Charge  domain.ChargeID
	Project domain.ProjectID
	Origin  calendar.Quarter // accounting quarter
	Word    Word
	// Disputed is true of a charge that awaits the center's word on the whole, and that
	// it disputes already; and of what it disputes by its answer.
	Disputed bool
	Owing
}

// Makeup is how the closing balance of a statement is made up, as it was on a day:
//
//	closing = parts + confirmed before − unapplied
//
// Its parts are what the center is asked to confirm, or said its word on by its answer.
type Makeup struct {
	On        calendar.Date // of the issue, of the answer, or today of a draft
	Closing   money.Amount
	Parts     []BalancePart
	Before    Owing        // confirmed on earlier statements
	Unapplied money.Amount // received through the quarter, settling none of these charges
}

// Sum adds up what the center says of charges.
func (m Makeup) Sum(of func(BalancePart) bool) (sum Owing) {
	for _, p := range m.Parts {
		if of(p) {
			sum = sum.Add(p.Owing)
		}
	}
	return sum
}

// Said adds the charges up that the center says one word of.
func (m Makeup) Said(w Word) Owing { return m.Sum(func(p BalancePart) bool { return p.Word == w }) }

// Disputed adds the disputed charges up.
func (m Makeup) Disputed() Owing { return m.Sum(func(p BalancePart) bool { return p.Disputed }) }

// Receivable is what all charges come to, before what is unapplied is taken off.
func (m Makeup) Receivable() Owing {
	return m.Before.Add(m.Sum(func(BalancePart) bool { return true }))
}

// Ties reports whether the parts make the closing balance up, and each is what it
// came to.
func (m Makeup) Ties() bool {
	for _, p := range m.Parts {
		if !p.Ties() {
			return false
		}
	}
	return m.Before.Ties() && m.Receivable().Owed.Sub(m.Unapplied) == m.Closing
}

// answered is the makeup of an answer in short.
func (m Makeup) answered() Answered {
	disputed := m.Said(DisputedBy)
	return Answered{
		Confirmed: m.Said(ConfirmedBy).Owed, Disputed: disputed.Owed, Before: m.Before.Owed, Unapplied: m.Unapplied,
		DisputedPaid: disputed.Settled,
	}
}

// makeup makes the closing balance of a quarter up as of today, by what the center
// says of each charge.
func (a *Account) makeup(q calendar.Quarter, closing money.Amount, on calendar.Date, of func(*charge) Word) Makeup {
	m := Makeup{On: on, Closing: closing}
	for _, c := range a.byNumber {
		if c.posted > q {
			continue
		}
		within, since := c.through(q)
		owing := Owing{
			Owed: within.owed(), Paid: since.paid, Credited: since.credited, Moved: since.transferred, Open: c.owed(),
			WrittenOff: c.writtenOff, Settled: within.paid,
		}
		word := of(c)
		if word == confirmedBefore {
			m.Before = m.Before.Add(owing)
			continue
		}
		m.Parts = append(m.Parts, BalancePart{
			Charge: c.id, Project: c.project, Origin: c.posted, Word: word,
			Disputed: word == DisputedBy || word == Awaits && c.disputed(), Owing: owing,
		})
	}
	m.Unapplied = m.Receivable().Owed.Sub(closing)
	return m
}

// asked makes up what a statement is issued with.
func (a *Account) asked(q calendar.Quarter, closing money.Amount, on calendar.Date) Makeup {
	return a.makeup(q, closing, on, func(c *charge) Word {
		if c.stage == Unconfirmed {
			return Awaits
		}
		return confirmedBefore
	})
}

// answer makes up what an answer says of a statement.
func (a *Account) answer(s *statement, e StatementConfirmed) Makeup {
	said := make(map[domain.ChargeID]Word, len(e.Confirmed)+len(e.Disputed))
	for _, l := range e.Confirmed {
		said[l.Charge] = ConfirmedBy
	}
	for _, l := range e.Disputed {
		said[l.Charge] = DisputedBy
	}
	return a.makeup(e.Quarter, s.closing, e.On, func(c *charge) Word {
		if w, ok := said[c.id]; ok {
			return w
		}
		return confirmedBefore
	})
}

// Draft is a quarter's statement as it would be issued today: how its closing balance
// would be made up, and the disputes that would stand on it.
func (a *Account) Draft(
	center domain.CenterID, q calendar.Quarter, today calendar.Date,
) (d StatementVersion, err error) {
	if d.Version.Statement, err = a.DraftStatement(center, q); err != nil {
		return d, err
	}
	d.departed = a.departedWith(d.Version.Lines)
	d.Asked = a.asked(q, d.Version.Closing, today)
	for _, c := range a.standingDisputes(q) {
		d.Disputes = append(d.Disputes, *c)
	}
	return d, nil
}

// standingDisputes are those of what awaits the center's word on a statement.
func (a *Account) standingDisputes(q calendar.Quarter) (standing []*DisputeCourse) {
	for _, c := range a.byNumber {
		if c.posted <= q && c.stage == Unconfirmed && c.pursued != nil && c.pursued.End == StillDisputed {
			standing = append(standing, c.pursued)
		}
	}
	return standing
}

// Stands is how the closing balance stands: by the answer where there is one, else
// by what awaits it, with what is disputed by now.
func (i StatementVersion) Stands() Makeup {
	if !i.AnsweredOn.IsZero() {
		return i.Answer
	}
	m := i.Asked
	m.Parts = slices.Clone(m.Parts)
	for k := range m.Parts {
		p := &m.Parts[k]
		for _, d := range i.Disputes {
			if d.Charge == p.Charge {
				p.Disputed = d.End == StillDisputed
			}
		}
	}
	return m
}

// Disputed returns the disputes that Stands counts, and those that ended before: the
// latter are no part of what it says is disputed.
func (i StatementVersion) Disputed() (standing, ended []DisputeCourse) {
	last := make(map[domain.ChargeID]int, len(i.Disputes))
	for k, d := range i.Disputes {
		last[d.Charge] = k
	}
	counted := make(map[domain.ChargeID]bool)
	for _, p := range i.Stands().Parts {
		counted[p.Charge] = p.Disputed
	}
	for k, d := range i.Disputes {
		if counted[d.Charge] && last[d.Charge] == k {
			standing = append(standing, d)
		} else {
			ended = append(ended, d)
		}
	}
	return standing, ended
}

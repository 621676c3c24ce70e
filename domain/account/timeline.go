package account

import (
	"slices"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// timeline is an amount as of each business date: what is unapplied of a
// payment, or open of a charge. Items are recorded in any order of their
// dates; what is taken must have been there, on its date and ever after, so
// that every figure as of any date is one that was possible then.
type timeline []change // one per date, in order

type change struct {
	on     calendar.Date
	amount money.Amount
}

// add changes the amount from a date on.
func (l *timeline) add(on calendar.Date, amount money.Amount) {
	i, found := slices.BinarySearchFunc(*l, on, func(c change, on calendar.Date) int { return int(c.on - on) })
	if found {
		(*l)[i].amount = (*l)[i].amount.Add(amount)
		return
	}
	*l = slices.Insert(*l, i, change{on, amount})
}

// on returns the amount as of a date.
func (l timeline) on(d calendar.Date) (amount money.Amount) {
	for _, c := range l {
		if c.on > d {
			break
		}
		amount = amount.Add(c.amount)
	}
	return amount
}

// with returns the timeline with more changes; l stays as it is.
func (l timeline) with(more ...change) timeline {
	l = slices.Clone(l)
	for _, c := range more {
		l.add(c.on, c.amount)
	}
	return l
}

// heldFrom returns the first date, from the given one on, from which at least
// amount is there for good. The amount that is there in the end must suffice.
func (l timeline) heldFrom(amount money.Amount, from calendar.Date) calendar.Date {
	var level money.Amount
	for _, c := range l {
		level = level.Add(c.amount)
	}
	for i := len(l) - 1; i >= 0 && l[i].on > from; i-- {
		if level = level.Sub(l[i].amount); level.Less(amount) {
			return l[i].on
		}
	}
	return from
}

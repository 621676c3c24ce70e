package books

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/ageing"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Standing is what an account's postings up to an accounting quarter come to:
// where a statement's closing balance comes from, charge by charge.
type Standing struct {
	Through    calendar.Quarter
	WrittenOff money.Amount // given up by us, still owed
	Unapplied  money.Amount // received, settling no charge

	open  map[domain.ChargeID]money.Amount
	dueOn map[domain.ChargeID]calendar.Date
	buf   []Posting
}

// Add takes an event's postings up.
func (p *Standing) Add(e account.Event) {
	if p.open == nil {
		p.open, p.dueOn = make(map[domain.ChargeID]money.Amount), make(map[domain.ChargeID]calendar.Date)
	}
	switch e := e.(type) {
	case account.ChargeAccrued:
		p.dueOn[e.Charge] = e.DueOn
	case account.ChargeTransferredIn:
		p.dueOn[e.Charge] = e.DueOn
	default: // brings no charge into being
	}
	p.buf = AppendPostings(p.buf[:0], e)
	for _, posting := range p.buf {
		if posting.Posted > p.Through {
			continue
		}
		switch posting.Account {
		case ReceivableUnconfirmed, ReceivableConfirmed:
			p.open[posting.Charge] = p.open[posting.Charge].Add(posting.Amount)
		case WrittenOffMemo:
			p.WrittenOff = p.WrittenOff.Add(posting.Amount)
		case UnappliedCash:
			p.Unapplied = p.Unapplied.Sub(posting.Amount)
		}
	}
}

// Ageing sorts what is open by how late it is on the last day of the quarter.
func (p *Standing) Ageing() ageing.Ageing { return p.AgeingOn(p.Through.Last()) }

// AgeingOn sorts what is open by how late it is on a date.
func (p *Standing) AgeingOn(on calendar.Date) (a ageing.Ageing) {
	for id, open := range p.open {
		b := ageing.Of(int(on - p.dueOn[id]))
		a[b] = a[b].Add(open)
	}
	return a
}

// Closing is what the center owes less what we hold for it: the balance at
// which its statement closes.
func (p *Standing) Closing() money.Amount {
	return p.Ageing().Total().Add(p.WrittenOff).Sub(p.Unapplied)
}

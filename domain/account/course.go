package account

import (
	"iter"
	"maps"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// course is an account in the course of a decision: as it stands, but for what
// the events that were decided so far change of its charges and its money. The
// account itself is folded when they are recorded, and stays as it is till then.
type course struct {
	account *Account
	events  []Event
	debts   map[domain.ChargeID]*debt
	funds   map[domain.PaymentID]*fund
	joined  []*charge  // that the decision brings
	freed   []*payment // whose money it takes back from what they settled
}

// debt is what is owed of a charge: open, or written off and owed all the same.
type debt struct {
	*charge
	open       money.Amount
	opens      timeline
	writtenOff money.Amount
	writeOffs  timeline
	disputed   bool
}

func (d *debt) owed() money.Amount { return d.open.Add(d.writtenOff) }

// fund is what is unapplied of a payment.
type fund struct {
	*payment
	unapplied money.Amount
	free      timeline
}

func (a *Account) course() *course { return &course{account: a} }

// debtOf returns what is owed of a charge by now.
func (c *course) debtOf(id domain.ChargeID) *debt {
	if d, ok := c.debts[id]; ok {
		return d
	}
	ch := c.account.charges[id]
	return &debt{
		charge: ch, open: ch.open, opens: ch.opens, writtenOff: ch.writtenOff, writeOffs: ch.writeOffs,
		disputed: ch.disputed(),
	}
}

// fundOf returns what is unapplied of a payment by now.
func (c *course) fundOf(id domain.PaymentID) *fund {
	if f, ok := c.funds[id]; ok {
		return f
	}
	p := c.account.payments[id]
	return &fund{payment: p, unapplied: p.unapplied, free: p.free}
}

// decide takes the next events of the decision up.
func (c *course) decide(events ...Event) {
	c.events = append(c.events, events...)
	for _, e := range events {
		switch e := e.(type) {
		case ChargeAccrued:
			c.join(chargeAccrued(e))
		case ChargeTransferredIn:
			c.join(chargeTransferredIn(e))
		case PaymentReceived:
			c.put(&fund{payment: paymentReceived(e), unapplied: e.Amount, free: timeline{{e.ReceivedOn, e.Amount}}})
		case PaymentAllocated:
			for _, l := range e.Lines {
				c.owe(l.Charge, l.Stage, l.Amount.Neg(), l.On)
				c.have(e.Payment, l.Amount.Neg(), l.On)
			}
		case AllocationReversed:
			for _, l := range e.Lines {
				c.owe(l.Charge, l.Stage, l.Amount, l.On)
				c.have(e.Payment, l.Amount, l.On)
			}
			c.freed = append(c.freed, c.account.payments[e.Payment])
		case PaymentBounced:
			c.have(e.Payment, e.Amount.Neg(), e.On)
		case CreditNoteIssued:
			for _, s := range e.Shares {
				c.owe(e.Charge, s.Stage, s.Amount.Neg(), e.On)
			}
			if e.SettlesDispute {
				c.keep(e.Charge).disputed = false
			}
		case DisputeRejected:
			c.keep(e.Charge).disputed = false
		default: // nothing that money is applied to or comes from
		}
	}
}

// join adds a charge that the decision brings.
func (c *course) join(ch *charge) {
	ch.number = len(c.account.charges) + len(c.joined)
	c.joined = append(c.joined, ch)
	if c.debts == nil {
		c.debts = make(map[domain.ChargeID]*debt)
	}
	d := &debt{charge: ch, open: ch.gross, disputed: ch.disputed()}
	d.opens.add(ch.occurredOn, ch.gross)
	c.debts[ch.id] = d
}

// keep returns what is owed of a charge, to be changed.
func (c *course) keep(id domain.ChargeID) *debt {
	if c.debts == nil {
		c.debts = make(map[domain.ChargeID]*debt)
	}
	d := c.debtOf(id)
	c.debts[id] = d
	return d
}

func (c *course) put(f *fund) {
	if c.funds == nil {
		c.funds = make(map[domain.PaymentID]*fund)
	}
	c.funds[f.id] = f
}

func (c *course) owe(id domain.ChargeID, stage Stage, amount money.Amount, on calendar.Date) {
	d := c.keep(id)
	if stage == WrittenOff {
		d.writtenOff, d.writeOffs = d.writtenOff.Add(amount), d.writeOffs.with(change{on, amount})
	} else {
		d.open, d.opens = d.open.Add(amount), d.opens.with(change{on, amount})
	}
}

func (c *course) have(id domain.PaymentID, amount money.Amount, on calendar.Date) {
	f := c.fundOf(id)
	f.unapplied, f.free = f.unapplied.Add(amount), f.free.with(change{on, amount})
	c.put(f)
}

// owed yields what is owed and not disputed, in order of application. It holds
// for the next one only: nothing may be decided in between.
func (c *course) owed() iter.Seq[*debt] {
	changed := slices.SortedFunc(maps.Values(c.debts),
		func(x, y *debt) int { return inOrderOfApplication(x.charge, y.charge) })
	return func(yield func(*debt) bool) {
		offer := func(d *debt) bool { return d.disputed || d.owed().IsZero() || yield(d) }
		for _, ch := range c.account.owed {
			for len(changed) > 0 && inOrderOfApplication(changed[0].charge, ch) < 0 {
				if !offer(changed[0]) {
					return
				}
				changed = changed[1:]
			}
			d := c.debtOf(ch.id)
			if len(changed) > 0 && changed[0].charge == ch {
				changed = changed[1:]
			}
			if !offer(d) {
				return
			}
		}
		for _, d := range changed {
			if !offer(d) {
				return
			}
		}
	}
}

// spend applies all that is unapplied of a payment to the oldest due of what
// the center owes, be it open or written off; what is disputed waits for its
// dispute to end. The lines count from when the money that they take was free,
// no earlier than from a date.
func (c *course) spend(id domain.PaymentID, from calendar.Date) {
	f := c.fundOf(id)
	type piece struct {
		*debt
		amount money.Amount
	}
	var (
		pieces []piece
		group  []*debt
		left   = f.unapplied
	)
	share := func() {
		owed := make([]money.Amount, len(group))
		for i, d := range group {
			owed[i] = d.owed()
		}
		for i, part := range spread(left, owed) {
			if !part.IsZero() {
				pieces, left = append(pieces, piece{group[i], part}), left.Sub(part)
			}
		}
		group = group[:0]
	}
	for d := range c.owed() {
		if len(group) > 0 && (c.account.opened.Terms.SameDueDate != ProRata || group[0].dueOn != d.dueOn) {
			share()
		}
		if left.IsZero() {
			break
		}
		group = append(group, d)
	}
	if share(); len(pieces) == 0 {
		return
	}
	on := f.free.heldFrom(f.unapplied.Sub(left), from)
	var lines []Allocation
	for _, p := range pieces {
		lines = append(lines, c.account.settling(p.debt, p.amount, on)...)
	}
	c.decide(c.account.allocated(id, OldestDueFirst, lines))
}

// settling makes the lines of money on a charge: on what is open of it first,
// then on what was written off. They count from a date, or the later one from
// which that is owed.
func (a *Account) settling(d *debt, amount money.Amount, on calendar.Date) (lines []Allocation) {
	open := money.Min(amount, d.open)
	if !open.IsZero() {
		lines = append(lines, a.line(d.charge, open, d.opens.heldFrom(open, on)))
	}
	if recovered := amount.Sub(open); !recovered.IsZero() {
		lines = append(lines, a.recoveryLine(d.charge, recovered, d.writeOffs.heldFrom(recovered, on)))
	}
	return lines
}

// applyUnapplied settles what the decision opened with money of the center that
// lies unapplied, the oldest receipt first: all that is owed is settled oldest
// due first, so that nothing newer is settled while something older is owed.
// Money of one payment can be left out: what a person took off a charge does not
// go back to it by itself. The lines count from no earlier than a date.
func (c *course) applyUnapplied(from calendar.Date, but domain.PaymentID) {
	for _, p := range c.ready() {
		if f := c.fundOf(p.id); p.id != but && f.unapplied.Sign() > 0 {
			c.spend(p.id, max(from, p.receivedOn))
		}
	}
}

// ready returns the payments whose unapplied money settles charges by itself,
// oldest first: those that had some before, and those that have some again.
func (c *course) ready() []*payment {
	ready := slices.Clone(c.account.ready)
	for _, p := range c.freed {
		if !p.suspect && !slices.Contains(ready, p) {
			ready = inOrderOfReceipt(ready, p)
		}
	}
	return ready
}

// decided ends the decision: the versions of statements that it changes are
// superseded.
func (c *course) decided() []Event { return c.account.superseding(c.events) }

package account

import (
	"cmp"
	"fmt"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// PaymentAllocated settles charges with unapplied money of one payment.
type PaymentAllocated struct {
	Payment domain.PaymentID `json:"payment"`
	Center  domain.CenterID  `json:"center"`
	Rule    AllocationRule   `json:"rule"`
	Lines   []Allocation     `json:"lines"`
}

// AllocationReversed takes allocations back: the money is unapplied again, and
// the charges are open with their original due dates.
type AllocationReversed struct {
	Payment domain.PaymentID `json:"payment"`
	Center  domain.CenterID  `json:"center"`
	Cause   ReversalCause    `json:"cause"`
	Lines   []Allocation     `json:"lines"`
}

func (PaymentAllocated) EventType() string   { return "PaymentAllocated" }
func (AllocationReversed) EventType() string { return "AllocationReversed" }

func (e PaymentAllocated) center() domain.CenterID   { return e.Center }
func (e AllocationReversed) center() domain.CenterID { return e.Center }

func (e PaymentAllocated) businessDate() calendar.Date   { return firstOn(e.Lines) }
func (e AllocationReversed) businessDate() calendar.Date { return firstOn(e.Lines) }

func (PaymentAllocated) RestsOn() domain.Ground   { return domain.Clause("Money") }
func (AllocationReversed) RestsOn() domain.Ground { return domain.Clause("Money") }

func (e PaymentAllocated) concerns(t *trail) bool   { return t.settles(e.Lines) }
func (e AllocationReversed) concerns(t *trail) bool { return t.settles(e.Lines) }

// Allocation is the part of a payment that settles one charge.
type Allocation struct {
	Charge domain.ChargeID `json:"charge"`
	Amount money.Amount    `json:"amount"`
	// Stage is the receivable the charge stood in when it was settled. Money on
	// what was written off is a recovery.
	Stage Stage `json:"stage"`
	// On is the date from which the charge counts as settled: when the money had
	// come and was free, and the charge was there and open, so that on no date was
	// more settled than charged, or more spent than received.
	On     calendar.Date    `json:"on"`
	Posted calendar.Quarter `json:"posted"`
	// ConfirmedOn is when the charge was confirmed, see Share.
	ConfirmedOn calendar.Date `json:"confirmedOn,omitzero"`
	Reopened    []Reopened    `json:"reopened,omitempty"`
}

// Share returns the part of the charge's receivable that the line moves.
func (l Allocation) Share() Share { return Share{l.Amount, l.Stage, l.ConfirmedOn, l.Reopened} }

// AllocationRule is why money settled the charges it settled.
type AllocationRule string

const (
	Designated     AllocationRule = "DESIGNATED"       // the payer said so, or a person decided
	OldestDueFirst AllocationRule = "OLDEST_DUE_FIRST" // the procedure's order
)

// ReversalCause is why an allocation was taken back.
type ReversalCause string

const (
	Reallocated ReversalCause = "REALLOCATED" // a person moved the money
	Bounced     ReversalCause = "BOUNCED"     // the bank took the payment back
	Credited    ReversalCause = "CREDITED"    // what it settled was credited
)

// settlement is money of one payment on one charge.
type settlement struct {
	payment  *payment
	charge   *charge
	amount   money.Amount
	recovery bool          // of what was written off
	on       calendar.Date // of the latest allocation
}

// Designation is a payer's or a person's word on what money is for.
type Designation struct {
	Charge domain.ChargeID `json:"charge,omitzero"`
	Amount money.Amount    `json:"amount,omitzero"`
}

// AllocatePayment is the command that settles charges with unapplied money of
// one payment.
type AllocatePayment struct {
	Payment domain.PaymentID `json:"payment,omitzero"`
	Center  domain.CenterID  `json:"center,omitzero"`
	Lines   []Designation    `json:"lines,omitempty"` // empty: oldest due first
	On      calendar.Date    `json:"on,omitzero"`
}

// AllocatePayment settles charges with unapplied money, never more than is owed
// of a charge or unapplied on the payment: those that a person names, or the
// oldest due. What was written off is owed all the same; money on it is a recovery.
// Where there is nothing to settle, or nothing to settle it with, it is refused.
func (a *Account) AllocatePayment(c AllocatePayment, today calendar.Date) ([]Event, error) {
	p, err := a.mustHavePayment(c.Center, c.Payment, "on", c.On, today)
	if err != nil {
		return nil, err
	}
	course := a.course()
	if len(c.Lines) == 0 {
		course.spend(p.id, c.On)
		switch left := course.fundOf(p.id).unapplied; {
		case len(course.events) > 0:
			return course.events, nil
		case left.IsZero():
			return nil, domain.Conflict("payment", string(c.Payment), "nothing-unapplied", "has nothing unapplied to settle with",
				"Money")
		default:
			return nil, domain.Conflict("payment", string(c.Payment), "nothing-to-settle",
				"has nothing to settle: nothing is owed, or all of it is disputed; its %s yuan stay unapplied", "Money", left)
		}
	}
	if err := course.designate("lines", c.Lines, p.id, c.On); err != nil {
		return nil, err
	}
	return course.events, nil
}

// ReallocatePayment is the command that moves money from charges to others.
type ReallocatePayment struct {
	Payment domain.PaymentID `json:"payment,omitzero"`
	Center  domain.CenterID  `json:"center,omitzero"`
	From    []Designation    `json:"from,omitempty"` // what the payment settled and is to settle no longer
	To      []Designation    `json:"to,omitempty"`   // may be empty: the money stays unapplied
	On      calendar.Date    `json:"on,omitzero"`
}

// ReallocatePayment takes allocations of a payment back and settles others
// with the money. What is open by it is settled from other unapplied money of
// the center; what the payment is left with stays unapplied.
func (a *Account) ReallocatePayment(c ReallocatePayment, today calendar.Date) ([]Event, error) {
	p, err := a.mustHavePayment(c.Center, c.Payment, "on", c.On, today)
	if err != nil {
		return nil, err
	}
	back, err := a.takeBack(p, c.From, c.On)
	if err != nil {
		return nil, err
	}
	for i, l := range c.To {
		if slices.ContainsFunc(c.From, func(f Designation) bool { return f.Charge == l.Charge }) {
			return nil, domain.Invalid(fmt.Sprintf("to[%d].charge", i), string(l.Charge), "charge-twice",
				"is listed in from as well; money moves from one charge to another", "Money")
		}
	}
	course := a.course()
	course.decide(AllocationReversed{Payment: p.id, Center: c.Center, Cause: Reallocated, Lines: back})
	if len(c.To) > 0 {
		if err := course.designate("to", c.To, p.id, c.On); err != nil {
			return nil, err
		}
	}
	course.applyUnapplied(c.On, p.id)
	return course.events, nil
}

// takeBack checks what is to be taken back against what the payment settled.
func (a *Account) takeBack(p *payment, from []Designation, on calendar.Date) ([]Allocation, error) {
	if len(from) == 0 {
		return nil, domain.Invalid("from", "", "lines-required", "must name at least one charge that the payment settled",
			"Money")
	}
	var lines []Allocation
	seen := make(map[domain.ChargeID]bool, len(from))
	for i, l := range from {
		at := func(name string) string { return fmt.Sprintf("from[%d].%s", i, name) }
		if err := l.Amount.CheckPositive(at("amount")); err != nil {
			return nil, err
		}
		if seen[l.Charge] {
			return nil, domain.Invalid(at("charge"), string(l.Charge), "charge-twice", "is listed twice in this allocation",
				"Money")
		}
		seen[l.Charge] = true
		left := l.Amount
		for _, s := range p.settlements {
			if s.charge.id != l.Charge || left.IsZero() {
				continue
			}
			part := money.Min(left, s.amount)
			left = left.Sub(part)
			lines = append(lines, a.reverse(s, part, on))
		}
		if !left.IsZero() {
			return nil, domain.Conflict(at("amount"), l.Amount.String(), "above-settled",
				"exceeds the %s yuan that payment %s settled of charge %s", "Money", l.Amount.Sub(left), p.id, l.Charge)
		}
	}
	return lines, nil
}

// reverse makes the line that takes a part of a settlement back, from a date
// on that is no earlier than the settlement's own.
func (a *Account) reverse(s *settlement, part money.Amount, on calendar.Date) Allocation {
	on = max(on, s.on)
	if s.recovery {
		return a.recoveryLine(s.charge, part, on)
	}
	return a.line(s.charge, part, on)
}

func (a *Account) allocated(p domain.PaymentID, rule AllocationRule, lines []Allocation) PaymentAllocated {
	return PaymentAllocated{Payment: p, Center: a.opened.Center, Rule: rule, Lines: lines}
}

// line makes one line on what is open of a charge, or was.
func (a *Account) line(c *charge, part money.Amount, on calendar.Date) Allocation {
	return Allocation{
		Charge: c.id, Amount: part, Stage: c.stage, On: on, Posted: a.postTo(on), ConfirmedOn: c.confirmedOn,
		Reopened: c.reopened,
	}
}

// recoveryLine makes one line on what was written off of a charge.
func (a *Account) recoveryLine(c *charge, part money.Amount, on calendar.Date) Allocation {
	return Allocation{Charge: c.id, Amount: part, Stage: WrittenOff, On: on, Posted: a.postTo(on)}
}

// designate settles what a person names, and checks it against what is owed and
// what the payment has left. The lines count from when all of them were free of it.
func (c *course) designate(field string, wishes []Designation, id domain.PaymentID, valued calendar.Date) error {
	seen := make(map[domain.ChargeID]bool, len(wishes))
	f := c.fundOf(id)
	left := f.unapplied
	for i, l := range wishes {
		at := func(name string) string { return fmt.Sprintf("%s[%d].%s", field, i, name) }
		ch, err := c.account.mustHold(at("charge"), l.Charge)
		if err != nil {
			return err
		}
		if err := l.Amount.CheckPositive(at("amount")); err != nil {
			return err
		}
		switch owed := c.debtOf(l.Charge).owed(); {
		case seen[l.Charge]:
			return domain.Invalid(at("charge"), string(l.Charge), "charge-twice", "is listed twice in this allocation", "Money")
		case owed.Less(l.Amount):
			return ch.aboveOpen(at("amount"), l.Amount, owed)
		case left.Less(l.Amount):
			return domain.Conflict(at("amount"), l.Amount.String(), "above-unapplied",
				"exceeds the %s yuan left of the payment's %s unapplied", "Money", left, f.unapplied)
		}
		seen[l.Charge], left = true, left.Sub(l.Amount)
	}
	on := f.free.heldFrom(f.unapplied.Sub(left), valued)
	var lines []Allocation
	for _, l := range wishes {
		lines = append(lines, c.account.settling(c.debtOf(l.Charge), l.Amount, on)...)
	}
	c.decide(c.account.allocated(id, Designated, lines))
	return nil
}

// spread shares money over what is owed: in full if it suffices, else in
// proportion, the fen that remain going to the largest remainders and, among
// equal ones, to the earlier charge.
func spread(available money.Amount, open []money.Amount) []money.Amount {
	var total money.Amount
	for _, o := range open {
		total = total.Add(o)
	}
	if !available.Less(total) {
		return open
	}
	parts := make([]money.Amount, len(open))
	remainders := make([]uint64, len(open))
	left := available
	for i, o := range open {
		parts[i], remainders[i] = available.Proportion(o, total)
		left = left.Sub(parts[i])
	}
	order := make([]int, len(open))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(remainders[j], remainders[i]) })
	for _, i := range order[:left.Fen()] {
		parts[i] = parts[i].Add(money.Fen(1))
	}
	return parts
}

func (a *Account) settle(e PaymentAllocated) {
	p := a.payments[e.Payment]
	for _, l := range e.Lines {
		c, recovery := a.charges[l.Charge], l.Stage == WrittenOff
		a.spend(p, l.Amount, l.On)
		if recovery {
			a.giveUp(c, l.Amount.Neg(), l.On)
		} else {
			a.reduce(c, l.Amount, l.On)
		}
		s := c.settlementBy(p, recovery)
		if s == nil {
			s = &settlement{payment: p, charge: c, recovery: recovery}
			c.settlements, p.settlements = append(c.settlements, s), append(p.settlements, s)
		}
		s.amount, s.on = s.amount.Add(l.Amount), max(s.on, l.On)
	}
}

func (a *Account) unsettle(e AllocationReversed) {
	p := a.payments[e.Payment]
	for _, l := range e.Lines {
		c, recovery := a.charges[l.Charge], l.Stage == WrittenOff
		p.unapplied = p.unapplied.Add(l.Amount)
		p.free.add(l.On, l.Amount)
		if recovery {
			a.giveUp(c, l.Amount, l.On)
		} else {
			a.reduce(c, l.Amount.Neg(), l.On)
		}
		s := c.settlementBy(p, recovery)
		if s.amount = s.amount.Sub(l.Amount); s.amount.IsZero() {
			gone := func(o *settlement) bool { return o == s }
			c.settlements, p.settlements = slices.DeleteFunc(c.settlements, gone), slices.DeleteFunc(p.settlements, gone)
		}
	}
	a.release(p)
}

func (c *charge) settlementBy(p *payment, recovery bool) *settlement {
	for _, s := range c.settlements {
		if s.payment == p && s.recovery == recovery {
			return s
		}
	}
	return nil
}

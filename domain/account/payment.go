package account

import (
	"cmp"
	"fmt"
	"slices"
	"sort"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
)

// PaymentReceived is money from the center on our bank account.
type PaymentReceived struct {
	Payment       domain.PaymentID `json:"payment"`
	Center        domain.CenterID  `json:"center"`
	BankReference string           `json:"bankReference"` // the bank's serial number (银行流水号)
	Payer         string           `json:"payer"`
	Remark        string           `json:"remark,omitempty"`
	Amount        money.Amount     `json:"amount"`
	ReceivedOn    calendar.Date    `json:"receivedOn"` // value date at the bank
	Posted        calendar.Quarter `json:"posted"`
	// PossibleDuplicateOf is an earlier payment that looks alike; this one is
	// booked all the same and waits, unapplied, for a person.
	PossibleDuplicateOf domain.PaymentID `json:"possibleDuplicateOf,omitempty"`
	By                  string           `json:"by,omitempty"` // who recorded it: they cannot credit or write off what it paid
}

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

// PaymentRefunded is unapplied money that went back to the center.
type PaymentRefunded struct {
	Refund        domain.RefundID  `json:"refund"`
	Payment       domain.PaymentID `json:"payment"`
	Center        domain.CenterID  `json:"center"`
	BankReference string           `json:"bankReference"` // of the outgoing transfer
	Amount        money.Amount     `json:"amount"`
	Reason        string           `json:"reason"`
	On            calendar.Date    `json:"on"`
	Posted        calendar.Quarter `json:"posted"`
	By            string           `json:"by"`
}

// PaymentBounced is a payment that the bank took back in full. What it had
// settled was reversed in the same moment.
type PaymentBounced struct {
	Payment domain.PaymentID `json:"payment"`
	Center  domain.CenterID  `json:"center"`
	Amount  money.Amount     `json:"amount"`
	Reason  string           `json:"reason"`
	On      calendar.Date    `json:"on"`
	Posted  calendar.Quarter `json:"posted"`
	By      string           `json:"by"`
}

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

func (PaymentReceived) EventType() string    { return "PaymentReceived" }
func (PaymentAllocated) EventType() string   { return "PaymentAllocated" }
func (AllocationReversed) EventType() string { return "AllocationReversed" }
func (PaymentRefunded) EventType() string    { return "PaymentRefunded" }
func (PaymentBounced) EventType() string     { return "PaymentBounced" }
func (PaymentReceived) accountEvent()        {}
func (PaymentAllocated) accountEvent()       {}
func (AllocationReversed) accountEvent()     {}
func (PaymentRefunded) accountEvent()        {}
func (PaymentBounced) accountEvent()         {}

// payment is money received. At any time
//
//	amount = settled + unapplied + refunded
//
// unless it bounced.
type payment struct {
	id          domain.PaymentID
	receivedOn  calendar.Date
	amount      money.Amount
	unapplied   money.Amount
	free        timeline // unapplied, as of each date
	refunded    money.Amount
	suspect     bool
	bounced     bool
	ready       bool // settles new charges by itself
	by          string
	settlements []*settlement
}

// settlement is money of one payment on one charge.
type settlement struct {
	payment  *payment
	charge   *charge
	amount   money.Amount
	recovery bool          // of what was written off
	on       calendar.Date // of the latest allocation
}

// lookAlike is what two receipts of the same money have in common.
type lookAlike struct {
	amount        money.Amount
	payer, remark string
}

// ReceivePayment is the command that books money from the center.
type ReceivePayment struct {
	Payment       domain.PaymentID `json:"payment,omitzero"`
	Center        domain.CenterID  `json:"center,omitzero"`
	BankReference string           `json:"bankReference,omitzero"`
	Payer         string           `json:"payer,omitzero"`
	Remark        string           `json:"remark,omitzero"`
	Amount        money.Amount     `json:"amount,omitzero"`
	ReceivedOn    calendar.Date    `json:"receivedOn,omitzero"`
	// Designation is what the payer says the money is for; what it leaves goes
	// to the oldest due.
	Designation []Designation `json:"designation,omitempty"`
	By          string        `json:"by,omitzero"`
}

// Designation is a payer's or a person's word on what money is for.
type Designation struct {
	Charge domain.ChargeID `json:"charge,omitzero"`
	Amount money.Amount    `json:"amount,omitzero"`
}

// ReceivePayment books money and settles charges with it: the payer's
// designation first, then the oldest due. What settles nothing stays
// unapplied. Money that looks like an earlier receipt is booked, flagged and
// left unapplied for a person. A payment is booked once: again decides nothing.
func (a *Account) ReceivePayment(c ReceivePayment, rules policy.Policy, today calendar.Date) ([]Event, error) {
	if err := a.MustExist(c.Center); err != nil {
		return nil, err
	}
	if _, again := a.payments[c.Payment]; again {
		return nil, nil
	}
	if err := CheckReceipt(c, today); err != nil {
		return nil, err
	}
	received := PaymentReceived{
		Payment: c.Payment, Center: c.Center, BankReference: c.BankReference, Payer: c.Payer, Remark: c.Remark,
		Amount: c.Amount, ReceivedOn: c.ReceivedOn, Posted: a.postTo(c.ReceivedOn),
		PossibleDuplicateOf: a.looksLike(c, rules.DuplicateWindowDays), By: c.By,
	}
	events := []Event{received}
	left := c.Amount
	taken := make(map[domain.ChargeID]Allocation, len(c.Designation))
	if len(c.Designation) > 0 {
		lines, err := a.designate("designation", c.Designation, c.Amount, justReceived(c), c.ReceivedOn)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			left = left.Sub(l.Amount)
			if l.Stage != WrittenOff {
				taken[l.Charge] = l
			}
		}
		events = append(events, a.allocated(received.Payment, Designated, lines))
	}
	if received.PossibleDuplicateOf == "" {
		if lines := a.oldestDueFirst(left, justReceived(c), c.ReceivedOn, taken); len(lines) > 0 {
			events = append(events, a.allocated(received.Payment, OldestDueFirst, lines))
		}
	}
	return a.superseding(events), nil
}

// justReceived is what a payment has to spend before it has spent anything.
func justReceived(c ReceivePayment) timeline { return timeline{{c.ReceivedOn, c.Amount}} }

// CheckReceipt rejects a receipt that no account could book.
func CheckReceipt(c ReceivePayment, today calendar.Date) error {
	return domain.FirstError(
		domain.CheckID("bankReference", c.BankReference),
		domain.CheckText("payer", c.Payer, true),
		domain.CheckText("remark", c.Remark, false),
		c.Amount.CheckPositive("amount"),
		c.ReceivedOn.CheckPast("receivedOn", today),
	)
}

func (a *Account) looksLike(c ReceivePayment, windowDays int) domain.PaymentID {
	for _, p := range a.alike[lookAlike{c.Amount, c.Payer, c.Remark}] {
		if d := int(c.ReceivedOn - p.receivedOn); !p.bounced && -windowDays <= d && d <= windowDays {
			return p.id
		}
	}
	return ""
}

// AllocatePayment is the command that settles charges with unapplied money of
// one payment.
type AllocatePayment struct {
	Payment domain.PaymentID `json:"payment,omitzero"`
	Center  domain.CenterID  `json:"center,omitzero"`
	Lines   []Designation    `json:"lines,omitempty"` // empty: oldest due first
	On      calendar.Date    `json:"on,omitzero"`
}

// AllocatePayment settles charges with unapplied money, never more than is
// open on a charge or unapplied on the payment. A person may designate money
// for what was written off: that is a recovery.
func (a *Account) AllocatePayment(c AllocatePayment, today calendar.Date) ([]Event, error) {
	p, err := a.mustHavePayment(c.Center, c.Payment, "on", c.On, today)
	if err != nil {
		return nil, err
	}
	if len(c.Lines) > 0 {
		lines, err := a.designate("lines", c.Lines, p.unapplied, p.free, c.On)
		if err != nil {
			return nil, err
		}
		return []Event{a.allocated(p.id, Designated, lines)}, nil
	}
	lines := a.oldestDueFirst(p.unapplied, p.free, c.On, nil)
	if len(lines) == 0 {
		return nil, nil
	}
	return []Event{a.allocated(p.id, OldestDueFirst, lines)}, nil
}

// mustHavePayment returns a payment that stands, for a decision that counts
// from a date.
func (a *Account) mustHavePayment(center domain.CenterID, id domain.PaymentID, field string, on, today calendar.Date) (*payment, error) {
	if err := domain.FirstError(a.MustExist(center), on.CheckPast(field, today)); err != nil {
		return nil, err
	}
	p, ok := a.payments[id]
	switch {
	case !ok:
		return nil, domain.NotFound("payment", string(id), "unknown-payment", "is not a payment of center %s", center)
	case p.bounced:
		return nil, domain.Conflict("payment", string(id), "payment-bounced", "bounced; its %s yuan are not there", "Money", p.amount)
	case on.Before(p.receivedOn):
		return nil, domain.Invalid(field, on.String(), "before-receipt", "must not lie before the money came, %s", "Money", p.receivedOn)
	}
	return p, nil
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
// with the money.
func (a *Account) ReallocatePayment(c ReallocatePayment, today calendar.Date) ([]Event, error) {
	p, err := a.mustHavePayment(c.Center, c.Payment, "on", c.On, today)
	if err != nil {
		return nil, err
	}
	back, err := a.takeBack(p, c.From, c.On)
	if err != nil {
		return nil, err
	}
	events := []Event{AllocationReversed{Payment: p.id, Center: c.Center, Cause: Reallocated, Lines: back}}
	if len(c.To) == 0 {
		return events, nil
	}
	available, free := p.unapplied, p.free
	for _, l := range back {
		available, free = available.Add(l.Amount), free.with(change{l.On, l.Amount})
	}
	for i, l := range c.To {
		if slices.ContainsFunc(c.From, func(f Designation) bool { return f.Charge == l.Charge }) {
			return nil, domain.Invalid(fmt.Sprintf("to[%d].charge", i), string(l.Charge), "charge-twice", "must not stand in from as well", "Money")
		}
	}
	lines, err := a.designate("to", c.To, available, free, c.On)
	if err != nil {
		return nil, err
	}
	return append(events, a.allocated(p.id, Designated, lines)), nil
}

// takeBack checks what is to be taken back against what the payment settled.
func (a *Account) takeBack(p *payment, from []Designation, on calendar.Date) ([]Allocation, error) {
	if len(from) == 0 {
		return nil, domain.Invalid("from", "", "lines-required", "must name at least one charge that the payment settled", "Money")
	}
	var lines []Allocation
	seen := make(map[domain.ChargeID]bool, len(from))
	for i, l := range from {
		at := func(name string) string { return fmt.Sprintf("from[%d].%s", i, name) }
		if err := l.Amount.CheckPositive(at("amount")); err != nil {
			return nil, err
		}
		if seen[l.Charge] {
			return nil, domain.Invalid(at("charge"), string(l.Charge), "charge-twice", "must stand once in one allocation", "Money")
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

// RefundPayment is the command that records unapplied money sent back.
type RefundPayment struct {
	Refund        domain.RefundID  `json:"refund,omitzero"`
	Payment       domain.PaymentID `json:"payment,omitzero"`
	Center        domain.CenterID  `json:"center,omitzero"`
	BankReference string           `json:"bankReference,omitzero"`
	Amount        money.Amount     `json:"amount,omitzero"`
	Reason        string           `json:"reason,omitzero"`
	On            calendar.Date    `json:"on,omitzero"`
	By            string           `json:"by,omitzero"`
}

// RefundPayment sends unapplied money back, never more than is unapplied.
func (a *Account) RefundPayment(c RefundPayment, today calendar.Date) ([]Event, error) {
	p, err := a.mustHavePayment(c.Center, c.Payment, "on", c.On, today)
	if err != nil {
		return nil, err
	}
	if err := domain.FirstError(
		domain.CheckID("refund", c.Refund),
		domain.CheckID("bankReference", c.BankReference),
		domain.CheckText("reason", c.Reason, true),
		c.Amount.CheckPositive("amount"),
	); err != nil {
		return nil, err
	}
	switch {
	case a.refunds[c.Refund]:
		return nil, domain.Conflict("refund", string(c.Refund), "refund-exists", "was recorded already", "Money")
	case p.unapplied.Less(c.Amount):
		return nil, domain.Conflict("amount", c.Amount.String(), "above-unapplied",
			"exceeds the %s yuan unapplied of payment %s", "Money", p.unapplied, p.id)
	}
	if from := p.free.heldFrom(c.Amount, c.On); from > c.On {
		return nil, domain.Conflict("on", c.On.String(), "not-unapplied-yet",
			"lies before %s, from which on %s yuan of payment %s are unapplied", "Money", from, c.Amount, p.id)
	}
	return a.superseding([]Event{PaymentRefunded{
		Refund: c.Refund, Payment: c.Payment, Center: c.Center, BankReference: c.BankReference, Amount: c.Amount,
		Reason: c.Reason, On: c.On, Posted: a.postTo(c.On), By: c.By,
	}}), nil
}

// BouncePayment is the command that records a payment taken back by the bank.
type BouncePayment struct {
	Payment domain.PaymentID `json:"payment,omitzero"`
	Center  domain.CenterID  `json:"center,omitzero"`
	Reason  string           `json:"reason,omitzero"`
	On      calendar.Date    `json:"on,omitzero"`
	By      string           `json:"by,omitzero"`
}

// BouncePayment reverses everything a payment settled and the payment itself.
// The charges are open again with their original due dates.
func (a *Account) BouncePayment(c BouncePayment, today calendar.Date) ([]Event, error) {
	p, err := a.mustHavePayment(c.Center, c.Payment, "on", c.On, today)
	if err != nil {
		return nil, err
	}
	if err := domain.CheckText("reason", c.Reason, true); err != nil {
		return nil, err
	}
	if !p.refunded.IsZero() {
		return nil, domain.Conflict("payment", string(c.Payment), "payment-refunded",
			"cannot bounce in full: %s of its %s yuan were refunded", "Money", p.refunded, p.amount)
	}
	var back []Allocation
	free := p.free
	for _, s := range p.settlements {
		l := a.reverse(s, s.amount, c.On)
		back, free = append(back, l), free.with(change{l.On, l.Amount})
	}
	var events []Event
	if len(back) > 0 {
		events = append(events, AllocationReversed{Payment: p.id, Center: c.Center, Cause: Bounced, Lines: back})
	}
	// The money leaves no earlier than it was free, so that on no date less than
	// nothing is unapplied.
	on := free.heldFrom(p.amount, c.On)
	return a.superseding(append(events, PaymentBounced{
		Payment: p.id, Center: c.Center, Amount: p.amount, Reason: c.Reason, On: on, Posted: a.postTo(on), By: c.By,
	})), nil
}

func (a *Account) allocated(p domain.PaymentID, rule AllocationRule, lines []Allocation) PaymentAllocated {
	return PaymentAllocated{Payment: p, Center: a.opened.Center, Rule: rule, Lines: lines}
}

// line makes one line on what is open of a charge, or was.
func (a *Account) line(c *charge, part money.Amount, on calendar.Date) Allocation {
	return Allocation{Charge: c.id, Amount: part, Stage: c.stage, On: on, Posted: a.postTo(on), ConfirmedOn: c.confirmedOn, Reopened: c.reopened}
}

// recoveryLine makes one line on what was written off of a charge.
func (a *Account) recoveryLine(c *charge, part money.Amount, on calendar.Date) Allocation {
	return Allocation{Charge: c.id, Amount: part, Stage: WrittenOff, On: on, Posted: a.postTo(on)}
}

// settleFromUnapplied applies the center's unapplied money to a new charge,
// oldest receipt first.
func (a *Account) settleFromUnapplied(id domain.ChargeID, gross money.Amount, occurredOn calendar.Date) []Event {
	var events []Event
	left := gross
	for _, p := range a.ready {
		if left.IsZero() {
			break
		}
		part := money.Min(left, p.unapplied)
		left = left.Sub(part)
		on := p.free.heldFrom(part, max(occurredOn, p.receivedOn))
		events = append(events, a.allocated(p.id, OldestDueFirst, []Allocation{
			{Charge: id, Amount: part, Stage: Unconfirmed, On: on, Posted: a.postTo(on)},
		}))
	}
	return events
}

// designate checks lines named by a person against what is open and what the
// payment has left. They count from when all of them were free of it.
func (a *Account) designate(field string, lines []Designation, available money.Amount, free timeline, valued calendar.Date) ([]Allocation, error) {
	out := make([]Allocation, 0, len(lines))
	seen := make(map[domain.ChargeID]bool, len(lines))
	left := available
	for i, l := range lines {
		at := func(name string) string { return fmt.Sprintf("%s[%d].%s", field, i, name) }
		c, err := a.mustHold(at("charge"), l.Charge)
		if err != nil {
			return nil, err
		}
		if err := l.Amount.CheckPositive(at("amount")); err != nil {
			return nil, err
		}
		switch {
		case seen[l.Charge]:
			return nil, domain.Invalid(at("charge"), string(l.Charge), "charge-twice", "must stand once in one allocation", "Money")
		case c.open.Add(c.writtenOff).Less(l.Amount):
			return nil, domain.Conflict(at("amount"), l.Amount.String(), "above-open",
				"exceeds the %s yuan open on charge %s", "Money", c.open.Add(c.writtenOff), l.Charge)
		case left.Less(l.Amount):
			return nil, domain.Conflict(at("amount"), l.Amount.String(), "above-unapplied",
				"exceeds the %s yuan left of the payment's %s unapplied", "Money", left, available)
		}
		seen[l.Charge], left = true, left.Sub(l.Amount)
	}
	on := free.heldFrom(available.Sub(left), valued)
	for _, l := range lines {
		c := a.charges[l.Charge]
		part := money.Min(l.Amount, c.open)
		if rest := l.Amount.Sub(part); !part.IsZero() {
			out = append(out, a.line(c, part, c.opens.heldFrom(part, on)))
			l.Amount = rest
		}
		if !l.Amount.IsZero() {
			out = append(out, a.recoveryLine(c, l.Amount, c.writeOffs.heldFrom(l.Amount, on)))
		}
	}
	return out, nil
}

// oldestDueFirst spreads money over the open charges in the procedure's order;
// disputed ones wait for their dispute to end. taken is what a designation in
// the same decision has settled already. The lines count from when all the
// money was free.
func (a *Account) oldestDueFirst(available money.Amount, free timeline, valued calendar.Date, taken map[domain.ChargeID]Allocation) []Allocation {
	var lines []Allocation
	on := free.heldFrom(available, valued)
	for group := a.open; len(group) > 0 && available.Sign() > 0; {
		n := 1
		for n < len(group) && a.opened.Terms.SameDueDate == ProRata && group[n].dueOn == group[0].dueOn {
			n++
		}
		open := make([]money.Amount, n)
		for i, c := range group[:n] {
			if !c.disputed {
				open[i] = c.open.Sub(taken[c.id].Amount)
			}
		}
		for i, part := range spread(available, open) {
			if part.Sign() <= 0 {
				continue
			}
			c := group[i]
			available = available.Sub(part)
			opens := c.opens
			if l, ok := taken[c.id]; ok {
				opens = opens.with(change{l.On, l.Amount.Neg()})
			}
			lines = append(lines, a.line(c, part, opens.heldFrom(part, on)))
		}
		group = group[n:]
	}
	return lines
}

// spread shares money over open amounts: in full if it suffices, else in
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

// received adds a payment to the state.
func (a *Account) received(e PaymentReceived) {
	p := &payment{
		id: e.Payment, receivedOn: e.ReceivedOn, amount: e.Amount, unapplied: e.Amount, suspect: e.PossibleDuplicateOf != "", by: e.By,
		free: timeline{{e.ReceivedOn, e.Amount}},
	}
	a.payments[e.Payment] = p
	like := lookAlike{e.Amount, e.Payer, e.Remark}
	a.alike[like] = append(a.alike[like], p)
	a.release(p)
}

// release lets a payment's unapplied money settle new charges by itself.
func (a *Account) release(p *payment) {
	if p.suspect || p.ready || p.unapplied.IsZero() {
		return
	}
	p.ready = true
	i := sort.Search(len(a.ready), func(i int) bool { return a.ready[i].receivedOn.After(p.receivedOn) })
	a.ready = slices.Insert(a.ready, i, p)
}

// spend takes unapplied money from a payment, as of a date.
func (a *Account) spend(p *payment, amount money.Amount, on calendar.Date) {
	p.unapplied = p.unapplied.Sub(amount)
	p.free.add(on, amount.Neg())
	if !p.ready || !p.unapplied.IsZero() {
		return
	}
	p.ready = false
	i := slices.Index(a.ready, p)
	a.ready = slices.Delete(a.ready, i, i+1)
}

func (a *Account) settle(e PaymentAllocated) {
	p := a.payments[e.Payment]
	for _, l := range e.Lines {
		c, recovery := a.charges[l.Charge], l.Stage == WrittenOff
		a.spend(p, l.Amount, l.On)
		if recovery {
			c.giveUp(l.Amount.Neg(), l.On)
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
			c.giveUp(l.Amount, l.On)
		} else {
			c.open = c.open.Add(l.Amount)
			c.opens.add(l.On, l.Amount)
			a.reopen(c)
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

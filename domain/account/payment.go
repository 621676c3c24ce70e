package account

import (
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
	// who recorded it: they cannot credit or write off what it paid
	By string `json:"by,omitempty"`
	// OwnAccount is the account of ours that the money came to (本方账号), and Place
	// the place among equal receipts under one reference, see package bankref.
	OwnAccount string `json:"ownAccount,omitempty"`
	Place      int    `json:"place,omitempty"`
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

func (PaymentReceived) EventType() string { return "PaymentReceived" }
func (PaymentRefunded) EventType() string { return "PaymentRefunded" }
func (PaymentBounced) EventType() string  { return "PaymentBounced" }

func (e PaymentReceived) center() domain.CenterID { return e.Center }
func (e PaymentRefunded) center() domain.CenterID { return e.Center }
func (e PaymentBounced) center() domain.CenterID  { return e.Center }

func (e PaymentReceived) businessDate() calendar.Date { return e.ReceivedOn }
func (e PaymentRefunded) businessDate() calendar.Date { return e.On }
func (e PaymentBounced) businessDate() calendar.Date  { return e.On }

func (PaymentReceived) RestsOn() domain.Ground { return domain.Clause("Money") }
func (PaymentRefunded) RestsOn() domain.Ground { return domain.Clause("Money") }
func (PaymentBounced) RestsOn() domain.Ground  { return domain.Clause("Money") }

func (e PaymentReceived) concerns(t *trail) bool { return t.payments[e.Payment] }
func (e PaymentRefunded) concerns(t *trail) bool { return t.payments[e.Payment] }
func (e PaymentBounced) concerns(t *trail) bool  { return t.payments[e.Payment] }

func (e PaymentReceived) movement() Movement {
	return Movement{
		Type: ReceiptMovement, Document: string(e.Payment), Text: e.Payer, On: e.ReceivedOn, Amount: e.Amount.Neg(),
		Posted: e.Posted,
	}
}

func (e PaymentRefunded) movement() Movement {
	return Movement{
		Type: ReversalMovement, Document: string(e.Refund), Text: e.Reason, On: e.On, Amount: e.Amount, Posted: e.Posted,
	}
}

func (e PaymentBounced) movement() Movement {
	return Movement{
		Type: ReversalMovement, Document: string(e.Payment), Text: e.Reason, On: e.On, Amount: e.Amount, Posted: e.Posted,
	}
}

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
	bouncedBy   string // who recorded it
	ready       bool   // settles new charges by itself
	by          string
	settlements []*settlement
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
	// OwnAccount, Place and Apart tell the receipt from others under the same
	// reference, see package bankref.
	OwnAccount string `json:"ownAccount,omitzero"`
	Place      int    `json:"place,omitzero"`
	Apart      bool   `json:"apart,omitzero"`
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
		PossibleDuplicateOf: a.looksLike(c, rules.DuplicateWindowDays), By: c.By, OwnAccount: c.OwnAccount, Place: c.Place,
	}
	course := a.course()
	course.decide(received)
	if len(c.Designation) > 0 {
		if err := course.designate("designation", c.Designation, c.Payment, c.ReceivedOn); err != nil {
			return nil, err
		}
	}
	if received.PossibleDuplicateOf == "" {
		course.spend(c.Payment, c.ReceivedOn)
	}
	return course.decided(), nil
}

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

// mustHavePayment returns a payment that stands, for a decision that counts
// from a date.
func (a *Account) mustHavePayment(
	center domain.CenterID, id domain.PaymentID, field string, on, today calendar.Date,
) (*payment, error) {
	if err := domain.FirstError(a.MustExist(center), on.CheckPast(field, today)); err != nil {
		return nil, err
	}
	p, ok := a.payments[id]
	switch {
	case !ok:
		return nil, domain.NotFound("payment", string(id), "unknown-payment", "is not a payment of center %s", center).
			Among(a.Payments())
	case p.bounced:
		return nil, domain.Conflict("payment", string(id), "payment-bounced", "has bounced: there are no %s yuan to use",
			"Money", p.amount)
	case on.Before(p.receivedOn):
		return nil, domain.Invalid(field, on.String(), "before-receipt", "must not lie before the money came, %s", "Money",
			p.receivedOn)
	}
	return p, nil
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
			"is too early: payment %s has less than %s yuan unapplied before %s", "Money", p.id, c.Amount, from)
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
// The charges are open again with their original due dates, and settled from
// other unapplied money of the center.
func (a *Account) BouncePayment(c BouncePayment, today calendar.Date) ([]Event, error) {
	if p, known := a.payments[c.Payment]; known && p.bounced {
		return nil, domain.Conflict("payment", string(c.Payment), "payment-bounced",
			"has bounced already, as %s recorded: there is nothing left to do", "Money", p.bouncedBy)
	}
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
	course := a.course()
	if len(back) > 0 {
		course.decide(AllocationReversed{Payment: p.id, Center: c.Center, Cause: Bounced, Lines: back})
	}
	// The money leaves no earlier than it was free, so that on no date less than
	// nothing is unapplied.
	on := free.heldFrom(p.amount, c.On)
	course.decide(PaymentBounced{
		Payment: p.id, Center: c.Center, Amount: p.amount, Reason: c.Reason, On: on, Posted: a.postTo(on), By: c.By,
	})
	course.applyUnapplied(0, p.id)
	return course.decided(), nil
}

func paymentReceived(e PaymentReceived) *payment {
	return &payment{
		id: e.Payment, receivedOn: e.ReceivedOn, amount: e.Amount, unapplied: e.Amount, suspect: e.PossibleDuplicateOf != "",
		by:   e.By,
		free: timeline{{e.ReceivedOn, e.Amount}},
	}
}

// received adds a payment to the state.
func (a *Account) received(e PaymentReceived) {
	p := paymentReceived(e)
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
	a.ready = inOrderOfReceipt(a.ready, p)
}

// inOrderOfReceipt inserts a payment behind those that were received no later.
func inOrderOfReceipt(payments []*payment, p *payment) []*payment {
	i := sort.Search(len(payments), func(i int) bool { return payments[i].receivedOn.After(p.receivedOn) })
	return slices.Insert(payments, i, p)
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

// Payments are the numbers of the center's payments.
func (a *Account) Payments() []domain.Existing { return domain.Numbers(a.payments) }

package account

import (
	"cmp"
	"fmt"
	"slices"
	"sort"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
)

// Account is the state of one center's account.
type Account struct {
	opened   AccountOpened
	charges  map[domain.ChargeID]*charge
	open     []*charge // charges with an open amount, in order of application
	payments map[domain.PaymentID]*payment
	free     []*payment // payments whose unapplied money settles new charges by itself, oldest first
	alike    map[lookAlike][]*payment
}

type charge struct {
	id         domain.ChargeID
	dueOn      calendar.Date
	occurredOn calendar.Date
	number     int // order of accrual
	gross      money.Amount
	open       money.Amount
	stage      Stage
}

type payment struct {
	id         domain.PaymentID
	receivedOn calendar.Date
	amount     money.Amount
	unapplied  money.Amount
	suspect    bool
}

// lookAlike is what two receipts of the same money have in common.
type lookAlike struct {
	amount        money.Amount
	payer, remark string
}

// inOrderOfApplication sorts charges oldest due first, then by charge date.
func inOrderOfApplication(a, b *charge) int {
	return cmp.Or(cmp.Compare(a.dueOn, b.dueOn), cmp.Compare(a.occurredOn, b.occurredOn), cmp.Compare(a.number, b.number))
}

// Open is the command that begins an account.
type Open struct {
	Center domain.CenterID
	Name   string
	Region string
	Terms  Terms
}

// Open begins the account of a property center. An account is opened once.
func (a *Account) Open(c Open, today calendar.Date) ([]Event, error) {
	if a.exists() {
		return nil, domain.Conflict("center", string(c.Center), "account-exists",
			fmt.Sprintf("has an account already, as %q", a.opened.Name), "")
	}
	if err := domain.FirstError(
		domain.CheckID("center", c.Center),
		domain.CheckText("name", c.Name, true),
		domain.CheckText("region", c.Region, true),
	); err != nil {
		return nil, err
	}
	if s := c.Terms.SameDueDate; s != ByChargeDate && s != ProRata {
		return nil, domain.Invalid("terms.sameDueDate", string(s), "unknown-terms", "must be CHARGE_DATE or PRO_RATA", "Money")
	}
	return []Event{AccountOpened{
		Center: c.Center, Name: c.Name, Region: c.Region, Currency: money.Currency, Terms: c.Terms, OpenedOn: today,
	}}, nil
}

// AccrueCharge is the command that charges the center for work at a price of
// the list.
type AccrueCharge struct {
	Charge     domain.ChargeID
	Center     domain.CenterID
	Project    domain.ProjectID
	Room       string
	Owner      string
	Ticket     domain.TicketID
	FaultLine  domain.FaultLineID
	Quantity   decimal.Decimal
	OccurredOn calendar.Date
	Remark     string
	// Stated is the gross amount on a sheet entered from paper, to be checked
	// against price times quantity; nil where none was stated.
	Stated *money.Amount
}

// AccrueCharge charges work at the price in force on its day (§5.3.1), and
// settles it at once from unapplied money of the center.
func (a *Account) AccrueCharge(c AccrueCharge, quote pricelist.Quote, rules policy.Policy, today calendar.Date) ([]Event, error) {
	if err := a.checkCharge(c, today); err != nil {
		return nil, err
	}
	line, err := money.PriceLine(quote.Item.Price, c.Quantity, quote.Item.Tax)
	if err != nil {
		return nil, err
	}
	if err := line.Gross.CheckPositive("amount"); err != nil {
		return nil, err
	}
	if c.Stated != nil && *c.Stated != line.Gross {
		return nil, domain.Invalid("amount", c.Stated.String(), "amount-differs",
			fmt.Sprintf("must be %s: %s × %s at price list %s", line.Gross, quote.Item.Price, c.Quantity, quote.Version), "5.3.1")
	}
	posted := a.postTo(c.OccurredOn)
	accrued := ChargeAccrued{
		Charge: c.Charge, Center: c.Center, Project: c.Project, Room: c.Room, Owner: c.Owner, Ticket: c.Ticket,
		FaultLine: c.FaultLine, Kind: quote.Item.Kind, Service: quote.Item.Name,
		Basis: Basis{PriceList: quote.Version, Item: quote.Item.Code}, Quantity: c.Quantity, Unit: quote.Item.Unit,
		UnitPrice: quote.Item.Price, Tax: quote.Item.Tax, Money: line, OccurredOn: c.OccurredOn, Posted: posted,
		DueOn: rules.DueOn(posted), Clause: "5.3.1", Remark: c.Remark,
	}
	return append([]Event{accrued}, a.settleFromUnapplied(accrued)...), nil
}

func (a *Account) checkCharge(c AccrueCharge, today calendar.Date) error {
	if err := domain.FirstError(
		a.MustExist(c.Center),
		domain.CheckID("charge", c.Charge),
		money.CheckQuantity("quantity", c.Quantity),
		domain.CheckText("room", c.Room, false),
		domain.CheckText("owner", c.Owner, false),
		domain.CheckText("remark", c.Remark, false),
		c.OccurredOn.CheckPast("occurredOn", today),
	); err != nil {
		return err
	}
	if was, ok := a.charges[c.Charge]; ok {
		return domain.Conflict("charge", string(c.Charge), "charge-exists",
			fmt.Sprintf("was entered already: %s yuan for work on %s", was.gross, was.occurredOn), "5.3.3")
	}
	return nil
}

// postTo returns the accounting quarter for a business date: its own.
func (a *Account) postTo(d calendar.Date) calendar.Quarter { return d.Quarter() }

// settleFromUnapplied applies the center's unapplied money to a new charge,
// oldest receipt first.
func (a *Account) settleFromUnapplied(c ChargeAccrued) []Event {
	var events []Event
	left := c.Money.Gross
	for _, p := range a.free {
		if left.IsZero() {
			break
		}
		part := money.Min(left, p.unapplied)
		left = left.Sub(part)
		on := max(c.OccurredOn, p.receivedOn)
		events = append(events, PaymentAllocated{
			Payment: p.id, Center: c.Center, Rule: OldestDueFirst,
			Lines: []Allocation{{Charge: c.Charge, Amount: part, Stage: Unconfirmed, On: on, Posted: a.postTo(on)}},
		})
	}
	return events
}

// ReceivePayment is the command that books money from the center.
type ReceivePayment struct {
	Payment       domain.PaymentID
	Center        domain.CenterID
	BankReference string
	Payer         string
	Remark        string
	Amount        money.Amount
	ReceivedOn    calendar.Date
	// Designation is what the payer says the money is for; what it leaves goes
	// to the oldest due.
	Designation []Designation
}

// Designation is a payer's or a person's word on what money is for.
type Designation struct {
	Charge domain.ChargeID
	Amount money.Amount
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
		PossibleDuplicateOf: a.looksLike(c, rules.DuplicateWindowDays),
	}
	events := []Event{received}
	left := c.Amount
	taken := make(map[domain.ChargeID]money.Amount, len(c.Designation))
	if len(c.Designation) > 0 {
		lines, err := a.designate("designation", c.Designation, c.Amount, c.ReceivedOn)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			left, taken[l.Charge] = left.Sub(l.Amount), l.Amount
		}
		events = append(events, a.allocated(received.Payment, Designated, lines))
	}
	if received.PossibleDuplicateOf == "" {
		if lines := a.oldestDueFirst(left, c.ReceivedOn, taken); len(lines) > 0 {
			events = append(events, a.allocated(received.Payment, OldestDueFirst, lines))
		}
	}
	return events, nil
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
		if d := int(c.ReceivedOn - p.receivedOn); -windowDays <= d && d <= windowDays {
			return p.id
		}
	}
	return ""
}

// AllocatePayment is the command that settles charges with unapplied money of
// one payment.
type AllocatePayment struct {
	Payment domain.PaymentID
	Center  domain.CenterID
	Lines   []Designation // empty: oldest due first
	On      calendar.Date
}

// AllocatePayment settles charges with unapplied money, never more than is
// open on a charge or unapplied on the payment.
func (a *Account) AllocatePayment(c AllocatePayment, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(a.MustExist(c.Center), c.On.CheckPast("on", today)); err != nil {
		return nil, err
	}
	p, ok := a.payments[c.Payment]
	if !ok {
		return nil, domain.NotFound("payment", string(c.Payment), "unknown-payment", "is not a payment of center "+string(c.Center))
	}
	if c.On.Before(p.receivedOn) {
		return nil, domain.Invalid("on", c.On.String(), "before-receipt", "must not lie before the money came, "+p.receivedOn.String(), "Money")
	}
	if len(c.Lines) > 0 {
		lines, err := a.designate("lines", c.Lines, p.unapplied, c.On)
		if err != nil {
			return nil, err
		}
		return []Event{a.allocated(p.id, Designated, lines)}, nil
	}
	lines := a.oldestDueFirst(p.unapplied, c.On, nil)
	if len(lines) == 0 {
		return nil, nil
	}
	return []Event{a.allocated(p.id, OldestDueFirst, lines)}, nil
}

func (a *Account) allocated(p domain.PaymentID, rule AllocationRule, lines []Allocation) PaymentAllocated {
	return PaymentAllocated{Payment: p, Center: a.opened.Center, Rule: rule, Lines: lines}
}

// settles makes one line: part of a payment of value date valued settles c.
func (a *Account) settles(c *charge, part money.Amount, valued calendar.Date) Allocation {
	on := max(valued, c.occurredOn)
	return Allocation{Charge: c.id, Amount: part, Stage: c.stage, On: on, Posted: a.postTo(on)}
}

// designate checks lines named by a person against what is open and what the
// payment has left.
func (a *Account) designate(field string, lines []Designation, available money.Amount, valued calendar.Date) ([]Allocation, error) {
	out := make([]Allocation, 0, len(lines))
	seen := make(map[domain.ChargeID]bool, len(lines))
	left := available
	for i, l := range lines {
		at := func(name string) string { return fmt.Sprintf("%s[%d].%s", field, i, name) }
		c, ok := a.charges[l.Charge]
		if !ok {
			return nil, domain.NotFound(at("charge"), string(l.Charge), "unknown-charge",
				"is not a charge of center "+string(a.opened.Center))
		}
		if err := l.Amount.CheckPositive(at("amount")); err != nil {
			return nil, err
		}
		switch {
		case seen[l.Charge]:
			return nil, domain.Invalid(at("charge"), string(l.Charge), "charge-twice", "must stand once in one allocation", "Money")
		case c.open.Less(l.Amount):
			return nil, domain.Conflict(at("amount"), l.Amount.String(), "above-open",
				fmt.Sprintf("exceeds the %s yuan open on charge %s", c.open, l.Charge), "Money")
		case left.Less(l.Amount):
			return nil, domain.Conflict(at("amount"), l.Amount.String(), "above-unapplied",
				fmt.Sprintf("exceeds the %s yuan left of the payment's %s unapplied", left, available), "Money")
		}
		seen[l.Charge], left = true, left.Sub(l.Amount)
		out = append(out, a.settles(c, l.Amount, valued))
	}
	return out, nil
}

// oldestDueFirst spreads money over the open charges in the procedure's order.
// taken is what a designation in the same decision has settled already.
func (a *Account) oldestDueFirst(available money.Amount, valued calendar.Date, taken map[domain.ChargeID]money.Amount) []Allocation {
	var lines []Allocation
	for group := a.open; len(group) > 0 && available.Sign() > 0; {
		n := 1
		for n < len(group) && a.opened.Terms.SameDueDate == ProRata && group[n].dueOn == group[0].dueOn {
			n++
		}
		open := make([]money.Amount, n)
		for i, c := range group[:n] {
			open[i] = c.open.Sub(taken[c.id])
		}
		for i, part := range spread(available, open) {
			if part.IsZero() {
				continue
			}
			available = available.Sub(part)
			lines = append(lines, a.settles(group[i], part, valued))
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

// Evolve folds an event into the account.
func (a *Account) Evolve(e Event) {
	switch e := e.(type) {
	case AccountOpened:
		*a = Account{
			opened:   e,
			charges:  make(map[domain.ChargeID]*charge),
			payments: make(map[domain.PaymentID]*payment),
			alike:    make(map[lookAlike][]*payment),
		}
	case ChargeAccrued:
		c := &charge{
			id: e.Charge, dueOn: e.DueOn, occurredOn: e.OccurredOn, number: len(a.charges),
			gross: e.Money.Gross, open: e.Money.Gross, stage: Unconfirmed,
		}
		a.charges[e.Charge] = c
		i, _ := slices.BinarySearchFunc(a.open, c, inOrderOfApplication)
		a.open = slices.Insert(a.open, i, c)
	case PaymentReceived:
		p := &payment{
			id: e.Payment, receivedOn: e.ReceivedOn, amount: e.Amount, unapplied: e.Amount, suspect: e.PossibleDuplicateOf != "",
		}
		a.payments[e.Payment] = p
		like := lookAlike{e.Amount, e.Payer, e.Remark}
		a.alike[like] = append(a.alike[like], p)
		if !p.suspect {
			i := sort.Search(len(a.free), func(i int) bool { return a.free[i].receivedOn.After(p.receivedOn) })
			a.free = slices.Insert(a.free, i, p)
		}
	case PaymentAllocated:
		a.settle(e)
	}
}

func (a *Account) settle(e PaymentAllocated) {
	p := a.payments[e.Payment]
	for _, l := range e.Lines {
		p.unapplied = p.unapplied.Sub(l.Amount)
		c := a.charges[l.Charge]
		if c.open = c.open.Sub(l.Amount); c.open.IsZero() {
			i, _ := slices.BinarySearchFunc(a.open, c, inOrderOfApplication)
			a.open = slices.Delete(a.open, i, i+1)
		}
	}
	if i := slices.Index(a.free, p); i >= 0 && p.unapplied.IsZero() {
		a.free = slices.Delete(a.free, i, i+1)
	}
}

// Balance is the account's position.
type Balance struct {
	Open      money.Amount // of all charges
	Unapplied money.Amount // of all payments
}

// Closing is what the center owes less what we hold for it.
func (b Balance) Closing() money.Amount { return b.Open.Sub(b.Unapplied) }

// Balance sums the account up.
func (a *Account) Balance() Balance {
	var b Balance
	for _, c := range a.open {
		b.Open = b.Open.Add(c.open)
	}
	for _, p := range a.payments {
		b.Unapplied = b.Unapplied.Add(p.unapplied)
	}
	return b
}

func (a *Account) exists() bool { return a.opened.Center != "" }

// MustExist rejects a center without an account.
func (a *Account) MustExist(id domain.CenterID) error {
	if !a.exists() {
		return domain.NotFound("center", string(id), "unknown-center", "is not a property center with an account")
	}
	return nil
}

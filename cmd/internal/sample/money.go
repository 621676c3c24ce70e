package sample

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// chargeMistakes are dealt to one charge in twelve, paymentMistakes to one
// payment in four.
var (
	chargeMistakes = []Mistake{
		ChargeEnteredLate, ChargeTwice, AmountMisread, OffListItem, OtherCentersProject, FutureDate, CommandRepeated,
		KeyReused,
	}
	paymentMistakes = []Mistake{PaymentEnteredTwice, BankReferenceConflict, LookAlike, AboveOpen, CommandRepeated}
)

// habit is how a center pays.
type habit uint8

const (
	scripted    habit = iota // the small center
	prompt                   // every month, what is open
	quarterly                // after each quarter, what is open
	late                     // weeks after each quarter
	roundSums                // every month the same round sum
	overpays                 // the next thousand
	underpays                // four fifths
	designating              // names the charges it pays
	halfYearly               // by the procedure, at the end of July
	advance                  // in advance, twice a year
	never
)

var habits = [len(projectsOf)]habit{
	prompt, late, roundSums, overpays, underpays, designating, halfYearly, never, advance, prompt, quarterly, scripted,
}

// openCharge is what a center still owes on a charge, as the player knows it.
type openCharge struct {
	id   domain.ChargeID
	open money.Amount
}

// AccountLine is one charge or one payment.
type AccountLine struct {
	Document string // number of the charge list line, or bank reference
	Text     string
	On       calendar.Date    // of the work, or value date
	Posted   calendar.Quarter // accounting quarter
	Charge   money.Amount     // gross
	Payment  money.Amount
}

// absorb keeps the player's own books.
func (c *center) absorb(out eventstore.Outcome) {
	for _, e := range out.Events {
		switch e := e.(type) {
		case account.ChargeAccrued:
			c.open = append(c.open, openCharge{e.Charge, e.Money.Gross})
			c.note(AccountLine{string(e.Charge), e.Service, e.OccurredOn, e.Posted, e.Money.Gross, money.Amount{}})
		case account.PaymentReceived:
			c.received = append(c.received, receivedMoney{id: e.Payment, on: e.ReceivedOn, unapplied: e.Amount})
			c.note(AccountLine{e.BankReference, e.Remark, e.ReceivedOn, e.Posted, money.Amount{}, e.Amount})
		case account.PaymentAllocated:
			for _, l := range e.Lines {
				c.owe(l.Charge, l.Amount.Neg())
				c.spend(e.Payment, l)
			}
		case account.AllocationReversed:
			for _, l := range e.Lines {
				c.owe(l.Charge, l.Amount)
				l.Amount = l.Amount.Neg()
				c.spend(e.Payment, l)
			}
		case account.CreditNoteIssued:
			c.owe(e.Charge, e.Money.Gross.Neg())
		case account.ReceivableWrittenOff:
			c.owe(e.Charge, e.Share.Amount.Neg())
		case account.PaymentRefunded:
			c.spend(e.Payment, account.Allocation{Amount: e.Amount})
		case account.PaymentBounced:
			c.received = slices.DeleteFunc(c.received, func(r receivedMoney) bool { return r.id == e.Payment })
		}
	}
}

// receivedMoney is a payment as the player knows it.
type receivedMoney struct {
	id        domain.PaymentID
	on        calendar.Date
	unapplied money.Amount
	last      account.Allocation // the last charge it settled
}

// owe changes what the center owes on a charge.
func (c *center) owe(id domain.ChargeID, change money.Amount) {
	i := c.find(id)
	if i < 0 {
		c.open = append(c.open, openCharge{id, change})
		return
	}
	if c.open[i].open = c.open[i].open.Add(change); c.open[i].open.IsZero() {
		c.open = slices.Delete(c.open, i, i+1)
	}
}

func (c *center) find(id domain.ChargeID) int {
	return slices.IndexFunc(c.open, func(o openCharge) bool { return o.id == id })
}

// has reports whether a payment came and did not bounce.
func (c *center) has(id domain.PaymentID) bool {
	return slices.ContainsFunc(c.received, func(r receivedMoney) bool { return r.id == id })
}

func (c *center) spend(id domain.PaymentID, l account.Allocation) {
	if i := slices.IndexFunc(c.received, func(r receivedMoney) bool { return r.id == id }); i >= 0 {
		c.received[i].unapplied, c.received[i].last = c.received[i].unapplied.Sub(l.Amount), l
	}
}

// note keeps the lines of the small center only.
func (c *center) note(l AccountLine) {
	if c.habit == scripted {
		c.lines = append(c.lines, l)
	}
}

// stillOpen leaves out of a designation what was settled while the money was on
// its way.
func (c *center) stillOpen(designation []account.Designation) (out []account.Designation) {
	for _, d := range designation {
		for _, o := range c.open {
			if o.id == d.Charge {
				out = append(out, account.Designation{Charge: d.Charge, Amount: money.Min(d.Amount, o.open)})
			}
		}
	}
	return out
}

// owed is what the center owes, as a person adds it up.
func (c *center) owed() (sum money.Amount) {
	for _, o := range c.open {
		sum = sum.Add(o.open)
	}
	return sum
}

func (c *center) statement() CenterAccount {
	a := CenterAccount{Center: c.id, Name: c.name, Lines: c.lines}
	a.Balance.Unconfirmed = c.owed()
	for _, l := range c.lines {
		a.Balance.Unapplied = a.Balance.Unapplied.Add(l.Payment).Sub(l.Charge)
	}
	a.Balance.Unapplied = a.Balance.Unapplied.Add(a.Balance.Open()) // received − (charged − open)
	return a
}

// chargeFault charges what the center bears of a fault, parts and labour.
func (p *player) chargeFault(j *job, f ticket.FaultRecorded) {
	bears := f.Bearer == policy.Center
	switch {
	case bears && j.replaces && p.planned[NotCharged] > 0:
		p.planned[NotCharged]--
		p.made(NotCharged)
		return
	case !bears && j.replaces && p.planned[WarrantyCharged] > 0:
		p.planned[WarrantyCharged]--
		p.made(WarrantyCharged)
	case !bears:
		return
	}
	o := order{s: j.s, on: f.RecordedOn, ticket: f.Ticket, line: f.Line, room: j.room, owner: j.owner}
	with := func(item string, quantity int) order {
		o.item, o.quantity = item, quantity
		return o
	}
	if j.replaces {
		item := "P-" + string(j.d.part)
		if j.d.part == cable {
			item = "CABLE"
		}
		p.charge(with(item, j.quantity))
	}
	if !j.replaces && !f.SolvedOnSite {
		p.charge(with("REPAIR", milli))
	}
	if p.chance(70) {
		p.charge(with("LABOUR", p.between(1, 6)*milli/2))
	}
	if j.coverage.TravelCharged {
		p.charge(with("TRAVEL", milli))
	}
}

// order is work to be charged.
type order struct {
	s           *site
	item        string
	quantity    int // thousandths
	on          calendar.Date
	ticket      domain.TicketID
	line        domain.FaultLineID
	room, owner string
	remark      string
}

// charge puts the entry of a charge on the agenda.
func (p *player) charge(o order) {
	entered, mistake := p.office(p.now(), p.delay()), Mistake("")
	if p.chance(8) {
		mistake = p.deal(&p.chargeMistakes)
	}
	if mistake == ChargeEnteredLate {
		entered = p.office(o.on.Quarter().Next().First().Start(), p.between(3, 45))
	}
	p.at(entered, func() error { return p.enterCharge(o, mistake) })
}

func (p *player) enterCharge(o order, mistake Mistake) error {
	c := o.s.center
	c.charges++
	id := fmt.Sprintf("F3-%s-%05d", c.id, c.charges)
	cmd := ledger.Charge{Item: o.item, AccrueCharge: account.AccrueCharge{
		Charge: domain.ChargeID(id), Center: c.id, Project: o.s.id, Room: o.room, Owner: o.owner, Ticket: o.ticket,
		FaultLine: o.line,
		Quantity:  decimal.New(int64(o.quantity), -3), OccurredOn: o.on, Remark: o.remark,
	}}
	refuse := func(code string, spoil func(*ledger.Charge)) error {
		wrong := cmd
		spoil(&wrong)
		_, err := p.ledger.AccrueCharge(p.ctx, p.request(c.lead, id), wrong)
		p.made(mistake)
		return p.refused(code, err)
	}
	var err error
	switch mistake {
	case AmountMisread:
		err = refuse("amount-differs", func(w *ledger.Charge) {
			misread := money.Fen(100_000_001) // a slip of the decimal point
			w.Stated = &misread
		})
	case OffListItem:
		err = refuse("not-on-price-list", func(w *ledger.Charge) { w.Item = "岗亭玻璃更换" })
	case OtherCentersProject:
		err = refuse("other-center", func(w *ledger.Charge) { w.Project = p.foreign(o.s).id })
	case FutureDate:
		err = refuse("in-the-future", func(w *ledger.Charge) { w.OccurredOn = p.today().AddDays(365) })
	}
	if err != nil {
		return err
	}
	r := p.request(c.lead, id)
	out, err := p.ledger.AccrueCharge(p.ctx, r, cmd)
	if err := p.done(out, err); err != nil {
		return err
	}
	c.absorb(out)
	if o.on.Quarter() != p.today().Quarter() {
		p.made(ChargeEnteredLate)
	}
	switch mistake {
	case ChargeTwice:
		return refuse("charge-exists", func(w *ledger.Charge) { w.Remark = "补录" })
	case KeyReused:
		other := cmd
		other.Remark = "改"
		_, err := p.ledger.AccrueCharge(p.ctx, r, other)
		p.made(KeyReused)
		return p.refused("idempotency-key-reused", err)
	case CommandRepeated:
		again, err := p.ledger.AccrueCharge(p.ctx, r, cmd)
		return p.repeats(out, again, err)
	}
	return nil
}

// foreign is a project of another center.
func (p *player) foreign(s *site) *site {
	if s.center == p.centers[0] {
		return p.centers[1].sites[0]
	}
	return p.centers[0].sites[0]
}

// payDays puts the days on which a center pays on the agenda.
func (p *player) payDays(c *center) {
	pay := func(month time.Month, first, last int, what func() error) {
		p.at(p.on(month, p.between(first, last), 9).Add(time.Duration(p.between(0, 8*3600))*time.Second), what)
	}
	switch c.habit {
	case scripted, never:
	case advance:
		for _, m := range []time.Month{time.January, time.July} {
			pay(m, 8, 20, func() error { return p.paySum(c, money.Fen(int64(6000*p.activity)*100), "预付服务费") })
		}
	case halfYearly:
		pay(time.July, 20, 31, func() error { return p.paySum(c, c.owed(), "上半年智能化维保费") })
		pay(time.December, 1, 20, func() error { return p.paySum(c, c.owed().Share(1, 2), "下半年智能化维保费（部分）") })
	case quarterly:
		for _, m := range []time.Month{time.April, time.July, time.October} {
			pay(m, 3, 20, func() error { return p.paySum(c, c.owed(), fmt.Sprintf("第%d季度服务费", (m-1)/3)) })
		}
	case late:
		for _, m := range []time.Month{time.May, time.August, time.November} {
			pay(m, 10, 31-1, func() error { return p.paySum(c, c.owed(), fmt.Sprintf("第%d季度服务费", (m-2)/3)) })
		}
	default:
		for m := time.February; m <= time.December; m++ {
			pay(m, 5, 25, func() error { return p.payMonth(c, m) })
		}
	}
}

func (p *player) payMonth(c *center, m time.Month) error {
	remark := fmt.Sprintf("%d月服务费", m-1)
	owed := c.owed()
	switch c.habit {
	case roundSums:
		return p.paySum(c, money.Fen(int64(500*p.activity)*100), remark)
	case overpays:
		const thousand = 1000_00
		return p.paySum(c, money.Fen((owed.Fen()+thousand-1)/thousand*thousand), remark)
	case underpays:
		return p.paySum(c, owed.Share(4, 5), remark)
	case designating:
		// All but the youngest charge, a few to a transfer.
		named := c.open
		for len(named) > 1 {
			n := min(len(named)-1, p.between(1, 4))
			t := transfer{c: c, remark: fmt.Sprintf("%s等，付款单%d", named[0].id, c.payments+1)}
			for _, o := range named[:n] {
				t.designation = append(t.designation, account.Designation{Charge: o.id, Amount: o.open})
				t.amount = t.amount.Add(o.open)
			}
			named = named[n:]
			p.transfer(t)
		}
		return nil
	}
	return p.paySum(c, owed, remark)
}

func (p *player) paySum(c *center, sum money.Amount, remark string) error {
	if sum.Sign() > 0 {
		p.transfer(transfer{c: c, amount: sum, remark: remark})
	}
	return nil
}

// transfer is money on its way.
type transfer struct {
	c           *center
	reference   string
	amount      money.Amount
	remark      string
	on          calendar.Date
	designation []account.Designation
	like        domain.PaymentID // the transfer that this one is meant to look like
}

// transfer moves the money today; finance books it within days.
func (p *player) transfer(t transfer) {
	t.c.payments++
	t.on = p.today()
	t.reference = fmt.Sprintf("%s%s%06d", p.now().Format("20060102"), t.c.id, t.c.payments)
	days := p.between(0, 4)
	if p.chance(6) {
		days = p.between(8, 20)
	}
	var mistake Mistake
	if t.like == "" && t.c.habit != scripted && p.chance(25) {
		mistake = p.deal(&p.paymentMistakes)
	}
	p.at(p.office(p.now(), days), func() error { return p.book(t, mistake) })
}

func (p *player) book(t transfer, mistake Mistake) error {
	c := t.c
	t.designation = c.stillOpen(t.designation)
	cmd := account.ReceivePayment{
		Center: c.id, BankReference: t.reference, Payer: c.name, Remark: t.remark, Amount: t.amount, ReceivedOn: t.on,
		Designation: t.designation,
	}
	if mistake == AboveOpen && len(c.open) > 0 {
		wrong := cmd
		o := c.open[p.rng.IntN(len(c.open))]
		wrong.Designation = []account.Designation{{Charge: o.id, Amount: o.open.Add(money.Fen(1))}}
		if o.open.Less(t.amount) {
			_, err := p.ledger.ReceivePayment(p.ctx, p.request(c.books, t.reference), wrong)
			if err := p.refused("above-open", err); err != nil {
				return err
			}
			p.made(AboveOpen)
		}
	}
	r := p.request(c.books, t.reference)
	out, err := p.ledger.ReceivePayment(p.ctx, r, cmd)
	if err := p.done(out, err); err != nil {
		return err
	}
	c.absorb(out)
	p.sum.Events["BankReferenceClaimed"]++ // recorded before the payment, in a stream of its own
	received := out.Events[0].(account.PaymentReceived)
	alike := received.PossibleDuplicateOf != "" // in a busy year also by chance
	if !alike && t.like != "" && c.has(t.like) {
		return fmt.Errorf("payment %s: was not seen to look like %s", received.Payment, t.like)
	}
	switch {
	case alike:
		p.made(LookAlike)
		if p.chance(60) { // the center says it meant to pay twice
			p.at(p.office(p.now(), p.between(3, 25)), func() error { return p.allocate(c, domain.PaymentID(t.reference)) })
		}
	case mistake == LookAlike:
		p.at(p.office(p.now(), p.between(1, 12)), func() error {
			t.like, t.designation = received.Payment, nil
			p.transfer(t)
			return nil
		})
	case mistake == CommandRepeated:
		again, err := p.ledger.ReceivePayment(p.ctx, r, cmd)
		return p.repeats(out, again, err)
	case mistake == PaymentEnteredTwice:
		p.at(p.office(p.now(), p.between(0, 3)), func() error { return p.bookAgain(c, cmd) })
	case mistake == BankReferenceConflict:
		p.at(p.office(p.now(), p.between(0, 3)), func() error { return p.bookOtherwise(c, cmd) })
	}
	return nil
}

// bookAgain is a second person who books the same receipt: nothing changes.
func (p *player) bookAgain(c *center, cmd account.ReceivePayment) error {
	cmd.Designation = nil
	out, err := p.ledger.ReceivePayment(p.ctx, p.request(c.second, cmd.BankReference), cmd)
	if err == nil && len(out.Events) > 0 {
		err = fmt.Errorf("payment %s was booked twice", cmd.BankReference)
	}
	p.made(PaymentEnteredTwice)
	return err
}

// bookOtherwise is a second person who misreads the amount: refused, and kept
// for a person to see.
func (p *player) bookOtherwise(c *center, cmd account.ReceivePayment) error {
	cmd.Amount, cmd.Designation = cmd.Amount.Add(money.Fen(90_00)), nil
	_, err := p.ledger.ReceivePayment(p.ctx, p.request(c.second, cmd.BankReference), cmd)
	if err := p.refused("bank-reference-conflict", err); err != nil {
		return err
	}
	p.sum.Events["ConflictingPaymentRefused"]++
	p.made(BankReferenceConflict)
	return nil
}

// allocate applies a payment that waited; one that has bounced has nothing to apply, and
// what was owed may have been settled meanwhile.
func (p *player) allocate(c *center, id domain.PaymentID) error {
	if !c.has(id) {
		return nil
	}
	out, err := ledger.Do(p.ctx, p.ledger, p.request(c.books, string(id)),
		account.AllocatePayment{Payment: id, Center: c.id, On: p.today()}, (*account.Account).AllocatePayment)
	if isRefusal(err, "nothing-to-settle") || isRefusal(err, "nothing-unapplied") {
		return nil
	}
	if err := p.done(out, err); err != nil {
		return err
	}
	c.absorb(out)
	return nil
}

// playSmall plays the small center's year, which does not depend on chance.
//
//	12 Mar  室内机移位          1 × 150.00          150.00
//	22 Apr  线缆             12.5 ×   3.125          39.06  (39.0625)
//	 8 May  加装可视对讲室内机  1 × 580.00          580.00
//	15 Jul  payment                                  600.00  oldest first: 410.94 of the 580.00
//	31 Aug  室内机移位          1 × 150.00          150.00  entered 3 Sep, at August's price
//	 1 Sep  室内机移位          1 × 180.00          180.00  at September's
//	20 Nov  门禁卡开通          3 ×  18.00           54.00
//	10 Dec  payment                                  180.00  designated to that of 1 Sep
//
// Charged 1,153.06, received 780.00, open 373.06.
func (p *player) playSmall(c *center) {
	s := c.sites[0]
	work := func(month time.Month, day, daysLater int, item string, quantity int) {
		o := order{
			s: s, item: item, quantity: quantity, on: calendar.NewDate(p.opts.Year, month, day), room: "1栋1单元301", owner: "王建国",
		}
		p.at(p.on(month, day+daysLater, 16), func() error { return p.enterCharge(o, "") })
	}
	work(time.March, 12, 1, "MOV-VI", milli)
	work(time.April, 22, 0, "CABLE", 12_500)
	work(time.May, 8, 5, "ADD-VI", milli)
	work(time.August, 31, 3, "MOV-VI", milli)
	work(time.September, 1, 2, "MOV-VI", milli)
	work(time.November, 20, 4, "ACT-CARD", 3*milli)
	pay := func(month time.Month, day int, fen int64, remark string, designation ...account.Designation) {
		p.at(p.on(month, day, 10), func() error {
			c.payments++
			return p.book(transfer{
				c: c, reference: fmt.Sprintf("%s%s%06d", p.now().Format("20060102"), c.id, c.payments), amount: money.Fen(fen),
				remark: remark, on: p.today(), designation: designation,
			}, "")
		})
	}
	pay(time.July, 15, 600_00, "上半年维保费")
	// The charge of 31 August is entered at 16:00 on 3 September, as that of
	// the 1st is, but was put down before it: the fifth is that of the 1st.
	fifth := account.Designation{Charge: domain.ChargeID(fmt.Sprintf("F3-%s-00005", c.id)), Amount: money.Fen(180_00)}
	pay(time.December, 10, 180_00, "9月移位费", fifth)
}

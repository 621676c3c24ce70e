package account_test

import (
	"cmp"
	"math/big"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
)

// ledgerBook is the oracle: one center's account kept the plain way, from the
// commands that were accepted. It knows no events and shares no code with the
// package: amounts are fen in int64, shares are exact fractions, and
// everything is computed anew each time. Each method says whether the command
// is to be accepted, and if so carries it out.
type ledgerBook struct {
	center   domain.CenterID
	proRata  bool
	charges  []*owed
	cash     []*receipt
	moves    []move
	reviews  map[calendar.Quarter]*review
	closed   calendar.Quarter
	asked    map[domain.ChargeID]*asked
	quoted   map[domain.QuoteID]*quoted
	taken    map[domain.ChargeID]*ledgerBook // numbers of compensations, by who is charged
	giveUps  map[domain.WriteOffID]*giveUp
	used     map[string]bool          // numbers of notes, refunds, notices, transfers
	chasedOn map[string]calendar.Date // the last claim of each half-year, and reminder of what is overdue
	f3       map[domain.ProjectID]calendar.Month
	releases int
}

type owed struct {
	id                        domain.ChargeID
	project                   domain.ProjectID
	on, due                   calendar.Date
	posted                    calendar.Quarter
	gross, tax                int64
	gone                      int64 // credited or transferred
	lost                      int64 // written off and still owed
	paid                      []*part
	confirmedIn               calendar.Quarter
	confirmed, disputed, onF3 bool
	objector                  string // who disputed it, while it is
	opens, losts              []dated
	claimed                   calendar.Date
}

// part is what one receipt settles of one charge.
type part struct {
	of       *receipt
	amount   int64
	recovery bool
	on       calendar.Date
}

type receipt struct {
	id            domain.PaymentID
	on            calendar.Date
	amount, spent int64 // spent on charges
	refunded      int64
	remark        string
	suspect, back bool
	by            string
	free          []dated
	released      int  // when it began to settle charges by itself; 0: it does not
	kept          bool // by a person who took it off a charge
}

type move struct {
	typ         account.MovementType
	on          calendar.Date
	posted      calendar.Quarter
	amount, tax int64
}

type review struct {
	version            int
	standing, ok, told bool
	closedBefore       calendar.Quarter
	issued, nudged     calendar.Date
	by                 string // who issued it
}

type asked struct {
	by           string
	state        string      // asked, approved, rejected, moved
	to           *ledgerBook // that was charged
	on, approved calendar.Date
	project      domain.ProjectID
	amount       int64
}

type quoted struct {
	amount  int64
	by      string
	project domain.ProjectID
	used    bool
}

type giveUp struct {
	charge  domain.ChargeID
	amount  int64
	by      string
	decided bool
}

func newLedgerBook(center domain.CenterID, proRata bool) *ledgerBook {
	return &ledgerBook{
		center: center, proRata: proRata, reviews: map[calendar.Quarter]*review{}, asked: map[domain.ChargeID]*asked{},
		quoted: map[domain.QuoteID]*quoted{}, taken: map[domain.ChargeID]*ledgerBook{},
		giveUps: map[domain.WriteOffID]*giveUp{}, used: map[string]bool{}, chasedOn: map[string]calendar.Date{},
		f3: map[domain.ProjectID]calendar.Month{},
	}
}

// dated is a change of an amount; dates are those it counts from.
type dated struct {
	on     calendar.Date
	amount int64
}

// held tries one day after the other until so much is there on that day and
// on every one after it.
func held(log []dated, amount int64, from calendar.Date) calendar.Date {
	level := func(d calendar.Date) (sum int64) {
		for _, e := range log {
			if e.on <= d {
				sum += e.amount
			}
		}
		return sum
	}
	for d := from; ; d++ {
		if level(d) >= amount && !slices.ContainsFunc(log, func(e dated) bool { return e.on > d && level(e.on) < amount }) {
			return d
		}
	}
}

func (c *owed) open() int64 {
	open := c.gross - c.gone - c.lost
	for _, p := range c.paid {
		open -= p.amount
	}
	return open
}

func (r *receipt) left() int64 {
	if r.back {
		return 0
	}
	return r.amount - r.spent - r.refunded
}

// taxLeft is the tax within what stands of the charge here.
func (c *owed) taxLeft() int64 { return c.tax - halfUp(big.NewRat(c.tax*c.gone, c.gross)) }

func (b *ledgerBook) charge(id domain.ChargeID) *owed {
	for _, c := range b.charges {
		if c.id == id {
			return c
		}
	}
	return nil
}

func (b *ledgerBook) receipt(id domain.PaymentID) *receipt {
	for _, r := range b.cash {
		if r.id == id {
			return r
		}
	}
	return nil
}

func (b *ledgerBook) quarterFor(d calendar.Date) calendar.Quarter {
	if q := d.Quarter(); q > b.closed {
		return q
	}
	return b.closed + 1
}

// moved notes a change of the balance; versions it changes stand no longer.
func (b *ledgerBook) moved(m move) {
	b.moves = append(b.moves, m)
	for q, r := range b.reviews {
		if q >= m.posted {
			r.standing = r.standing && r.ok
		}
	}
}

// halfUp rounds a fraction of not less than 0.
func halfUp(r *big.Rat) int64 {
	twice := new(big.Rat).Add(new(big.Rat).Mul(r, big.NewRat(2, 1)), big.NewRat(1, 1))
	return new(big.Int).Quo(twice.Num(), new(big.Int).Mul(twice.Denom(), big.NewInt(2))).Int64()
}

func taxWithin(gross int64, percent int64) int64 {
	return halfUp(big.NewRat(gross*percent, 100+percent))
}

// accrue adds a charge and pays what is owed from what is left of earlier receipts.
func (b *ledgerBook) accrue(id domain.ChargeID, project domain.ProjectID, on calendar.Date, gross, tax int64) {
	q := b.quarterFor(on)
	due := calendar.NewDate(q.Year(), 7, 31)
	if q.Number() > 2 {
		due = calendar.NewDate(q.Year()+1, 1, 31)
	}
	c := &owed{id: id, project: project, on: on, due: due, posted: q, gross: gross, tax: tax, opens: []dated{{on, gross}}}
	b.charges = append(b.charges, c)
	b.moved(move{account.ChargeMovement, on, q, gross, tax})
	b.useUp(0, nil)
}

// execute charges work that was asked for: here, or in another center's book.
func (b *ledgerBook) execute(id domain.ChargeID, r *asked, on calendar.Date, to *ledgerBook) {
	if to == b {
		delete(b.asked, id)
		b.accrue(id, r.project, on, r.amount, 0)
		return
	}
	r.state, r.on, r.to = "moved", on, to
	b.land(id, r.project, on, r.amount, 0, to)
}

// compensate charges what was quoted: here, or in another center's book, in which
// case the number is taken here as well.
func (b *ledgerBook) compensate(id domain.ChargeID, q *quoted, on calendar.Date, to *ledgerBook) {
	q.used = true
	tax := taxWithin(q.amount, 13)
	if to == b {
		b.accrue(id, q.project, on, q.amount, tax)
		return
	}
	b.taken[id] = to
	b.land(id, q.project, on, q.amount, tax, to)
}

// land charges another center, under a number that is free there.
func (b *ledgerBook) land(
	id domain.ChargeID, project domain.ProjectID, on calendar.Date, gross, tax int64, to *ledgerBook,
) {
	there := id
	for n := 1; !to.newCharge(there); n++ {
		there = domain.ChargeID(string(b.center) + "." + string(id))
		if n > 1 {
			there += domain.ChargeID("#" + string(rune('0'+n)))
		}
	}
	to.accrue(there, project, on, gross, tax)
}

// useUp pays what is owed from what is left of receipts, but not from one of them.
func (b *ledgerBook) useUp(from calendar.Date, but *receipt) {
	free := slices.DeleteFunc(slices.Clone(b.cash), func(r *receipt) bool { return r.released == 0 || r == but })
	slices.SortFunc(free, func(x, y *receipt) int { return cmp.Or(int(x.on-y.on), x.released-y.released) })
	for _, r := range free {
		r.kept = false
		b.spread(r, max(from, r.on))
	}
}

// owing is what the center owes of a charge, given up or not.
func (c *owed) owing() int64 { return c.open() + c.lost }

func (b *ledgerBook) newCharge(id domain.ChargeID) bool {
	return b.charge(id) == nil && b.asked[id] == nil && b.taken[id] == nil
}

// pay settles a part of a charge.
func (b *ledgerBook) pay(r *receipt, c *owed, amount int64, recovery bool, on calendar.Date) {
	if amount <= 0 {
		return
	}
	on = held(r.free, amount, max(on, c.on))
	r.free = append(r.free, dated{on, -amount})
	if recovery {
		on = held(c.losts, amount, on)
		c.losts = append(c.losts, dated{on, -amount})
	} else {
		on = held(c.opens, amount, on)
		c.opens = append(c.opens, dated{on, -amount})
	}
	r.free[len(r.free)-1].on = on
	i := slices.IndexFunc(c.paid, func(p *part) bool { return p.of == r && p.recovery == recovery })
	if i < 0 {
		i = len(c.paid)
		c.paid = append(c.paid, &part{of: r, recovery: recovery})
	}
	c.paid[i].amount += amount
	c.paid[i].on = max(c.paid[i].on, on)
	if recovery {
		c.lost -= amount
	}
	if r.spent += amount; r.left() == 0 {
		r.released = 0
	}
}

// unpay takes back a part of a settlement.
func (b *ledgerBook) unpay(c *owed, p *part, amount int64, on calendar.Date) {
	on = max(on, p.on)
	p.amount -= amount
	p.of.spent -= amount
	p.of.free = append(p.of.free, dated{on, amount})
	if p.recovery {
		c.lost += amount
		c.losts = append(c.losts, dated{on, amount})
	} else {
		c.opens = append(c.opens, dated{on, amount})
	}
	c.paid = slices.DeleteFunc(c.paid, func(p *part) bool { return p.amount == 0 })
	b.release(p.of)
}

func (b *ledgerBook) release(r *receipt) {
	if !r.suspect && r.released == 0 && r.left() > 0 {
		b.releases++
		r.released = b.releases
	}
}

// wish is money that a person wants on a charge.
type wish struct {
	charge domain.ChargeID
	amount int64
}

// may says whether wishes can be met from so much money.
func (b *ledgerBook) may(wishes []wish, money int64) bool {
	seen := map[domain.ChargeID]bool{}
	for _, w := range wishes {
		c := b.charge(w.charge)
		if c == nil || w.amount <= 0 || seen[w.charge] || w.amount > c.open()+c.lost || w.amount > money {
			return false
		}
		seen[w.charge] = true
		money -= w.amount
	}
	return true
}

func (b *ledgerBook) meet(r *receipt, wishes []wish, on calendar.Date) {
	var total int64
	for _, w := range wishes {
		total += w.amount
	}
	on = held(r.free, total, on)
	for _, w := range wishes {
		c := b.charge(w.charge)
		first := min(w.amount, c.open())
		rest := w.amount - first
		b.pay(r, c, first, false, on)
		b.pay(r, c, rest, true, on)
	}
}

// spread pays the oldest due first of all that is owed, given up or not.
func (b *ledgerBook) spread(r *receipt, on calendar.Date) {
	open := slices.DeleteFunc(slices.Clone(b.charges), func(c *owed) bool { return c.owing() == 0 || c.disputed })
	slices.SortStableFunc(open, func(x, y *owed) int { return cmp.Or(int(x.due-y.due), int(x.on-y.on)) })
	var all int64
	for _, c := range open {
		all += c.owing()
	}
	on = held(r.free, min(r.left(), all), on)
	for len(open) > 0 && r.left() > 0 {
		group := open[:1]
		if b.proRata {
			group = slices.DeleteFunc(slices.Clone(open), func(c *owed) bool { return c.due != open[0].due })
		}
		open = open[len(group):]
		var total int64
		for _, c := range group {
			total += c.owing()
		}
		budget := min(r.left(), total)
		rest := budget
		share, fraction := map[*owed]int64{}, map[*owed]*big.Rat{}
		for _, c := range group {
			exact := new(big.Rat).Mul(big.NewRat(budget, total), big.NewRat(c.owing(), 1))
			share[c] = new(big.Int).Quo(exact.Num(), exact.Denom()).Int64()
			fraction[c] = new(big.Rat).Sub(exact, big.NewRat(share[c], 1))
			rest -= share[c]
		}
		ranked := slices.Clone(group)
		slices.SortStableFunc(ranked, func(x, y *owed) int { return fraction[y].Cmp(fraction[x]) })
		for _, c := range ranked[:rest] {
			share[c]++
		}
		for _, c := range group {
			fresh := min(share[c], c.open())
			recovered := share[c] - fresh
			b.pay(r, c, fresh, false, on)
			b.pay(r, c, recovered, true, on)
		}
	}
}

func (b *ledgerBook) receive(
	id domain.PaymentID, on, today calendar.Date, amount int64, remark, by string, wishes []wish,
) bool {
	if b.receipt(id) != nil {
		return true
	}
	if on > today || amount <= 0 || !b.may(wishes, amount) {
		return false
	}
	r := &receipt{id: id, on: on, amount: amount, remark: remark, by: by, free: []dated{{on, amount}}}
	for _, o := range b.cash {
		if days := int(o.on - on); o.amount == amount && o.remark == remark && !o.back && days >= -92 && days <= 92 {
			r.suspect = true
		}
	}
	b.moved(move{account.ReceiptMovement, on, b.quarterFor(on), -amount, 0})
	b.cash = append(b.cash, r)
	b.release(r)
	b.meet(r, wishes, on)
	if !r.suspect {
		b.spread(r, on)
	}
	return true
}

// standing finds a receipt that a decision of a date can use.
func (b *ledgerBook) standing(id domain.PaymentID, on, today calendar.Date) *receipt {
	if r := b.receipt(id); r != nil && !r.back && on <= today && on >= r.on {
		return r
	}
	return nil
}

func (b *ledgerBook) allocate(id domain.PaymentID, on, today calendar.Date, wishes []wish) bool {
	r := b.standing(id, on, today)
	if r == nil || !b.may(wishes, r.left()) {
		return false
	}
	if len(wishes) == 0 {
		before := r.left()
		b.spread(r, on)
		return r.left() != before
	}
	b.meet(r, wishes, on)
	return true
}

func (b *ledgerBook) reallocate(id domain.PaymentID, on, today calendar.Date, from, to []wish) bool {
	r := b.standing(id, on, today)
	if r == nil || len(from) == 0 {
		return false
	}
	money, seen := r.left(), map[domain.ChargeID]bool{}
	for _, w := range from {
		var settled int64
		if c := b.charge(w.charge); c != nil {
			for _, p := range c.paid {
				if p.of == r {
					settled += p.amount
				}
			}
		}
		if w.amount <= 0 || seen[w.charge] || w.amount > settled {
			return false
		}
		seen[w.charge] = true
		money += w.amount
	}
	if slices.ContainsFunc(to, func(w wish) bool { return seen[w.charge] }) || !b.may(to, money) {
		return false
	}
	for _, w := range from {
		c := b.charge(w.charge)
		for _, p := range slices.Clone(c.paid) {
			if p.of == r && w.amount > 0 {
				take := min(w.amount, p.amount)
				w.amount -= take
				b.unpay(c, p, take, on)
			}
		}
	}
	b.meet(r, to, on)
	b.useUp(on, r)
	r.kept = true
	return true
}

func (b *ledgerBook) refund(number string, id domain.PaymentID, on, today calendar.Date, amount int64) bool {
	r := b.standing(id, on, today)
	if r == nil || b.used[number] || amount <= 0 || amount > r.left() || held(r.free, amount, on) > on {
		return false
	}
	b.used[number] = true
	r.free = append(r.free, dated{on, -amount})
	if r.refunded += amount; r.left() == 0 {
		r.released = 0
	}
	b.moved(move{account.ReversalMovement, on, b.quarterFor(on), amount, 0})
	return true
}

func (b *ledgerBook) bounce(id domain.PaymentID, on, today calendar.Date) bool {
	r := b.standing(id, on, today)
	if r == nil || r.refunded > 0 {
		return false
	}
	for _, c := range b.charges {
		for _, p := range slices.Clone(c.paid) {
			if p.of == r {
				b.unpay(c, p, p.amount, on)
			}
		}
	}
	on = held(r.free, r.amount, on)
	r.free = append(r.free, dated{on, -r.amount})
	r.back, r.released = true, 0
	b.moved(move{account.ReversalMovement, on, b.quarterFor(on), r.amount, 0})
	b.useUp(0, r)
	return true
}

// paidBy says whether somebody recorded money that settles a charge.
func (c *owed) paidBy(who string) bool {
	return slices.ContainsFunc(c.paid, func(p *part) bool { return p.of.by == who })
}

// takeAway reduces a charge and returns the tax within.
func (c *owed) takeAway(amount int64) int64 {
	before := halfUp(big.NewRat(c.tax*c.gone, c.gross))
	c.gone += amount
	return halfUp(big.NewRat(c.tax*c.gone, c.gross)) - before
}

func (b *ledgerBook) credit(number string, id domain.ChargeID, on, today calendar.Date, amount int64, by string) bool {
	c := b.charge(id)
	if c == nil || b.used[number] || amount <= 0 || on > today || on < c.on || amount > c.gross-c.gone ||
		c.paidBy(by) || c.disputed && c.objector == by {
		return false
	}
	b.used[number] = true
	noted := on
	fromOpen := min(amount, c.open())
	fromLost := min(amount-fromOpen, c.lost)
	left := amount - fromOpen - fromLost
	freed := left > 0
	for i := len(c.paid) - 1; left > 0; i-- {
		p := c.paid[i]
		take := min(left, p.amount)
		left -= take
		b.unpay(c, p, take, on)
		if p.recovery {
			fromLost += take
		} else {
			fromOpen += take
		}
	}
	on = max(held(c.opens, fromOpen, on), held(c.losts, fromLost, on))
	c.opens, c.losts, c.lost = append(c.opens,
		dated{on, -fromOpen}), append(c.losts, dated{on, -fromLost}), c.lost-fromLost
	tax := c.takeAway(amount)
	ended := c.disputed
	c.disputed = false
	b.moved(move{account.CreditMovement, on, b.quarterFor(on), -amount, -tax})
	switch {
	case ended && c.owing() > 0:
		b.useUp(today, nil)
	case freed:
		b.useUp(noted, nil)
	}
	return true
}

func (b *ledgerBook) askWriteOff(number domain.WriteOffID, id domain.ChargeID, amount int64, by string) bool {
	c := b.charge(id)
	if c == nil || b.giveUps[number] != nil || amount <= 0 || amount > c.open() || c.paidBy(by) {
		return false
	}
	asked := amount
	for _, g := range b.giveUps {
		if g.charge == id && !g.decided {
			asked += g.amount
		}
	}
	if asked > c.open() {
		return false
	}
	b.giveUps[number] = &giveUp{charge: id, amount: amount, by: by}
	return true
}

func (b *ledgerBook) decideWriteOff(number domain.WriteOffID, approve bool, by string, today calendar.Date) bool {
	g := b.giveUps[number]
	if g == nil || g.decided || g.by == by {
		return false
	}
	if c := b.charge(g.charge); approve {
		if g.amount > c.open() || c.paidBy(by) {
			return false
		}
		c.lost += g.amount
		c.opens, c.losts = append(c.opens, dated{today, -g.amount}), append(c.losts, dated{today, g.amount})
	}
	g.decided = true
	return true
}

// totals sums one quarter's movements up.
func (b *ledgerBook) totals(
	q calendar.Quarter,
) (opening, closing, charges, late, credits, receipts, reversals, in, out, tax int64) {
	for _, m := range b.moves {
		switch {
		case m.posted < q:
			opening += m.amount
			continue
		case m.posted > q:
			continue
		}
		tax += m.tax
		closing += m.amount
		switch m.typ {
		case account.ChargeMovement:
			if m.on.Quarter() == q {
				charges += m.amount
			} else {
				late += m.amount
			}
		case account.CreditMovement:
			credits -= m.amount
		case account.ReceiptMovement:
			receipts -= m.amount
		case account.ReversalMovement:
			reversals += m.amount
		case account.TransferInMovement:
			in += m.amount
		case account.TransferOutMovement:
			out -= m.amount
		}
	}
	return opening, opening + closing, charges, late, credits, receipts, reversals, in, out, tax
}

func (b *ledgerBook) issue(q calendar.Quarter, today calendar.Date, by string) bool {
	r := b.reviews[q]
	if q.Last() >= today || q <= b.closed || r != nil && r.standing {
		return false
	}
	if r == nil {
		r = &review{}
		b.reviews[q] = r
	}
	r.version++
	r.standing, r.ok, r.told = true, false, false
	r.issued, r.nudged, r.by = today, 0, by
	return true
}

// nudge reminds of an answer that is late by more than the fifteen days.
func (b *ledgerBook) nudge(number string, q calendar.Quarter, today calendar.Date) bool {
	r := b.reviews[q]
	if r == nil || b.answerable(q,
		r.version) == nil || int(today-r.issued) <= 15 || r.nudged == today || !b.notice(number) {
		return false
	}
	r.nudged = today
	return true
}

func (b *ledgerBook) answerable(q calendar.Quarter, version int) *review {
	if r := b.reviews[q]; r != nil && r.version == version && r.standing && !r.ok && q > b.closed {
		return r
	}
	return nil
}

func (b *ledgerBook) disputable(q calendar.Quarter, id domain.ChargeID) bool {
	c := b.charge(id)
	return c != nil && c.posted <= q && !c.confirmed && !c.disputed && c.gone < c.gross
}

func (b *ledgerBook) dispute(q calendar.Quarter, version int, id domain.ChargeID, by string) bool {
	if r := b.answerable(q, version); r == nil || r.by == by || !b.disputable(q, id) {
		return false
	}
	b.charge(id).disputed, b.charge(id).objector = true, by
	return true
}

func (b *ledgerBook) rejectDispute(id domain.ChargeID, today calendar.Date, by string) bool {
	c := b.charge(id)
	if c == nil || !c.disputed || c.objector == by {
		return false
	}
	c.disputed = false
	b.useUp(today, nil)
	return true
}

func (b *ledgerBook) confirm(q calendar.Quarter, version int, disputes []domain.ChargeID, by string) bool {
	r := b.answerable(q, version)
	if r == nil || r.by == by ||
		slices.ContainsFunc(b.moves, func(m move) bool { return m.posted > b.closed && m.posted < q }) {
		return false
	}
	for i, id := range disputes {
		if !b.disputable(q, id) || slices.Contains(disputes[:i], id) {
			return false
		}
	}
	for _, c := range b.charges {
		if slices.Contains(disputes, c.id) {
			c.disputed, c.objector = true, by
		}
		if c.posted <= q && !c.confirmed && !c.disputed {
			c.confirmed, c.confirmedIn = true, q
		}
	}
	r.ok, r.closedBefore, b.closed = true, b.closed, q
	return true
}

func (b *ledgerBook) reopen(q calendar.Quarter) bool {
	r := b.reviews[q]
	if r == nil || !r.ok || q < b.closed {
		return false
	}
	for _, c := range b.charges {
		if c.confirmed && c.confirmedIn == q {
			c.confirmed, c.confirmedIn = false, 0
		}
	}
	r.ok, r.standing, b.closed = false, false, r.closedBefore
	return true
}

func (b *ledgerBook) report(q calendar.Quarter) bool { return b.reviews[q] != nil && b.reviews[q].ok }

// chased sums what may be asked for after the center's own money, tells how much
// that covers, and counts the charges.
func (b *ledgerBook) chased(of func(*owed) bool) (total, covered int64, n int) {
	for _, c := range b.charges {
		if open := c.open(); open > 0 && !c.disputed && of(c) {
			total, n = total+open, n+1
		}
	}
	for _, r := range b.cash {
		covered += r.left()
	}
	covered = min(covered, total)
	return total - covered, covered, n
}

// overdueAsOf sums what is overdue on a day of what was open on an earlier one,
// less the money that was there then.
func (b *ledgerBook) overdueAsOf(day, then calendar.Date) (total int64) {
	until := func(log []dated) (sum int64) {
		for _, e := range log {
			if e.on <= then {
				sum += e.amount
			}
		}
		return sum
	}
	for _, c := range b.charges {
		if !c.disputed && c.due < day {
			total += until(c.opens)
		}
	}
	for _, r := range b.cash {
		total -= until(r.free)
	}
	return max(total, 0)
}

func (b *ledgerBook) notice(number string) bool {
	if b.used[number] {
		return false
	}
	b.used[number] = true
	return true
}

// chase notes a claim or a reminder; each is made once a day.
func (b *ledgerBook) chase(what string, number string, today calendar.Date) bool {
	if b.chasedOn[what] == today || !b.notice(number) {
		return false
	}
	b.chasedOn[what] = today
	return true
}

// transferOut lists what a transfer takes along.
func (b *ledgerBook) transferOut(
	number string, project domain.ProjectID, from, until calendar.Date, other *ledgerBook,
) []owed {
	b.used[number] = true
	var gone []owed
	for _, c := range b.charges {
		open := c.open()
		if c.project != project || c.on < from || until != 0 && c.on >= until || open == 0 {
			continue
		}
		on := held(c.opens, open, c.on)
		c.opens = append(c.opens, dated{on, -open})
		posted := max(b.quarterFor(on), other.quarterFor(on))
		moving := owed{
			id: c.id, project: project, on: on, posted: posted, due: c.due, gross: open, tax: c.takeAway(open),
			disputed: c.disputed, objector: c.objector,
		}
		c.disputed = false
		gone = append(gone, moving)
		b.moved(move{account.TransferOutMovement, on, posted, -open, -moving.tax})
	}
	return gone
}

func (b *ledgerBook) transferIn(number string, from domain.CenterID, coming []owed) {
	b.used[number] = true
	for _, c := range coming {
		id := domain.ChargeID(string(from) + "." + string(c.id))
		for n := 2; !b.newCharge(id); n++ {
			id = domain.ChargeID(string(from) + "." + string(c.id) + "#" + string(rune('0'+n)))
		}
		b.charges = append(b.charges,
			&owed{
				id: id, project: c.project, on: c.on, due: c.due, posted: c.posted, gross: c.gross, tax: c.tax, onF3: true,
				disputed: c.disputed, objector: c.objector, opens: []dated{{c.on, c.gross}},
			})
		b.moved(move{account.TransferInMovement, c.on, c.posted, c.gross, c.tax})
	}
	if len(coming) > 0 {
		b.useUp(0, nil)
	}
}

func (b *ledgerBook) fileF3(project domain.ProjectID, month calendar.Month, today calendar.Date) bool {
	n := 0
	for _, c := range b.charges {
		if c.project == project && !c.onF3 {
			n++
		}
	}
	if month > today.Month() || month < b.f3[project] || n == 0 {
		return false
	}
	for _, c := range b.charges {
		c.onF3 = c.onF3 || c.project == project
	}
	b.f3[project] = month
	return true
}

package remittance

import (
	"cmp"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/money"
)

// promises are what the lines of a file take of a center's open charges.
type promises struct {
	taken    map[domain.ChargeID]money.Amount
	by       map[domain.ChargeID][]string // references of the lines that take it
	receipts []Receipt                    // the lines, as if they were booked
}

// promise shares the open charges out to the best proposals: first to lines that
// are more than a guess, those that designate charges before those whose money
// goes to the oldest due, each in order of receipt; last to lines of which a
// person must decide first whether they are receipts. Other proposals are
// limited to what the best ones leave.
func (b *book) promise(lines []Line, matches []Match) {
	order := make([]int, 0, len(lines))
	for i, m := range matches {
		if len(m.Proposals) > 0 {
			order = append(order, i)
		}
	}
	turn := func(i int) int {
		switch best := matches[i].Proposals[0]; {
		case lines[i].Waits:
			return 3
		case best.Confidence <= atMostAlike:
			return 2
		case len(best.Designation) == 0:
			return 1
		default:
			return 0
		}
	}
	slices.SortStableFunc(order,
		func(i, j int) int { return cmp.Or(cmp.Compare(turn(i), turn(j)), inOrderOfReceipt(lines[i], lines[j])) })
	for _, i := range order {
		best := &matches[i].Proposals[0]
		c := b.center(best.Center)
		c.limit(best, lines[i])
		c.settle(lines[i], best, b.rules.DuplicateWindowDays)
	}
	for _, i := range order {
		for n := range matches[i].Proposals[1:] {
			other := &matches[i].Proposals[n+1]
			b.center(other.Center).limit(other, lines[i])
		}
	}
}

func inOrderOfReceipt(a, b Line) int {
	return cmp.Or(cmp.Compare(a.ReceivedOn, b.ReceivedOn), cmp.Compare(a.Reference, b.Reference), a.Amount.Cmp(b.Amount),
		cmp.Compare(a.Payer, b.Payer), cmp.Compare(a.Remark, b.Remark))
}

func (b *book) center(id domain.CenterID) *center {
	i, _ := slices.BinarySearchFunc(b.centers, id,
		func(c *center, id domain.CenterID) int { return cmp.Compare(c.Center, id) })
	return b.centers[i]
}

// left is what the lines before leave open of a charge.
func (c *center) left(ch Charge) money.Amount { return ch.Open.Sub(c.promises.taken[ch.Charge]) }

// limit takes from a proposal what is promised to other lines, and says what it
// is short of.
func (c *center) limit(p *Proposal, l Line) {
	var left, short []Charge
	var by []string
	for _, ch := range p.Compared {
		if c.promises.taken[ch.Charge].Sign() > 0 {
			short = append(short, ch)
			for _, reference := range c.promises.by[ch.Charge] {
				if !slices.Contains(by, reference) {
					by = append(by, reference)
				}
			}
		}
		if ch.Open = c.left(ch); ch.Open.Sign() > 0 {
			left = append(left, ch)
		}
	}
	if len(p.Designation) > 0 {
		p.Designation = designate(left, l.Amount)
	}
	missing := money.Min(l.Amount, sumOf(p.Compared)).Sub(sumOf(left))
	if missing.Sign() <= 0 {
		return
	}
	p.Reason.add(
		money.Sprintf("但 %s 中已有款项计入同一文件的来款 %s，本笔因此少 %s 元可核销，改核销其余最早到期的收费，余款留作未核销",
			listCharges(short), listed(by), missing),
		money.Sprintf("But %s is taken by %s of the same file: this line is short of %s, which goes to what else is the oldest due, or stays unapplied",
			listCharges(short), listed(by), missing))
}

// settle takes a line as booked under a proposal: designated charges first, then
// the oldest due; but a line that the account will take for a possible duplicate
// of another in the file settles no more than it designates.
func (c *center) settle(l Line, p *Proposal, windowDays int) {
	left := l.Amount
	take := func(id domain.ChargeID, amount money.Amount) {
		if amount.Sign() <= 0 {
			return
		}
		if c.promises.taken == nil {
			c.promises.taken, c.promises.by = make(map[domain.ChargeID]money.Amount), make(map[domain.ChargeID][]string)
		}
		c.promises.taken[id] = c.promises.taken[id].Add(amount)
		c.promises.by[id] = append(c.promises.by[id], l.Reference)
		left = left.Sub(amount)
	}
	for _, d := range p.Designation {
		take(d.Charge, d.Amount)
	}
	if r, ok := alike(c.promises.receipts, l, windowDays); ok {
		p.Reason.add(
			money.Sprintf("与同一文件的来款 %s 付款人、附言、金额相同：入账时标为疑似重复，未指定的款项留作未核销", r.Payment),
			money.Sprintf("Payer, remark and amount are those of %s of the same file: booked, it is flagged as a possible duplicate, and what is not designated stays unapplied", r.Payment))
	} else {
		for _, ch := range c.open {
			take(ch.Charge, money.Min(left, c.left(ch)))
		}
	}
	c.promises.receipts = append(c.promises.receipts, Receipt{
		Payment: domain.PaymentID(l.Reference), Payer: l.Payer, Remark: l.Remark, Amount: l.Amount, ReceivedOn: l.ReceivedOn,
	})
}

// add joins a further sentence.
func (r *Reason) add(chinese, english string) {
	r.Chinese += chinese + "。"
	r.English += " " + english + "."
}

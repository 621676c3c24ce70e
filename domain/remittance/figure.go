package remittance

import (
	"cmp"
	"slices"
	"strings"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// fit is how an amount compares with what is owed: the column of the table.
type fit int

const (
	exactlyNamed fit = iota // the sum of the charges that the remark names
	owed                    // a sum that is owed by itself: up to a due date, of a quarter, a project, one charge
	likely                  // of one set of charges and no other, or near what the remark names
	part                    // of what is open
	surplus                 // over what is open
)

// figure is what an amount may pay.
type figure struct {
	fit         fit
	of          []Charge // that the amount is compared with
	designation []account.Designation
	disputed    bool // a designated charge is
	reason      Reason
}

// figure compares a line's amount with what the center owes. named are the
// open charges that its remark names.
func (c *center) figure(l Line, named []domain.ChargeID) figure {
	if len(named) > 0 {
		return c.namedCharges(l.Amount, named)
	}
	if f, ok := c.sumOwed(l); ok {
		return f
	}
	return c.guess(l)
}

func (c *center) namedCharges(amount money.Amount, named []domain.ChargeID) figure {
	of := c.choose(func(ch Charge) bool { return slices.Contains(named, ch.Charge) })
	sum := sumOf(of)
	f := figure{
		fit: exactlyNamed, of: of, designation: designate(of, amount),
		disputed: slices.ContainsFunc(of, func(ch Charge) bool { return ch.Disputed }),
	}
	chinese := money.Sprintf("附言列明收费 %s，未清合计 %s 元", listCharges(of), sum)
	english := money.Sprintf("the remark names %s with %s open", listCharges(of), sum)
	switch amount.Cmp(sum) {
	case 0:
		f.reason = Reason{chinese + "，等于来款", english + ", exactly the amount"}
	case -1:
		f.fit = likely
		f.reason = Reason{
			chinese + money.Sprintf("，来款少 %s 元", sum.Sub(amount)),
			english + money.Sprintf(", %s more than the amount", sum.Sub(amount)),
		}
	default:
		f.fit = likely
		f.reason = Reason{
			chinese + money.Sprintf("，来款多 %s 元，余额冲最早到期", amount.Sub(sum)),
			english + money.Sprintf(", %s less than the amount; the rest goes to the oldest due", amount.Sub(sum)),
		}
	}
	return f
}

// chases tells a charge that a line may be meant for without naming it: it had
// been incurred when the money came, and is not disputed.
func (l Line) chases(ch Charge) bool { return !ch.Disputed && ch.OccurredOn <= l.ReceivedOn }

// sumOwed recognises an amount that is owed by itself: everything due up to a
// date, one charge, the charges of one quarter or one project.
func (c *center) sumOwed(l Line) (figure, bool) {
	if f, ok := c.plainlyOwed(l); ok {
		return f, true
	}
	chased := c.choose(l.chases)
	if of, quarter, ok := groupOf(chased, l.Amount, func(ch Charge) calendar.Quarter { return ch.Posted }); ok {
		return figure{fit: owed, of: of, designation: designate(of, l.Amount), reason: Reason{
			money.Sprintf("来款等于 %s 季度 %d 笔收费的未清合计 %s 元", quarter, len(of), l.Amount),
			money.Sprintf("the amount is what is open of the %s of %s, %s", count(of), quarter, l.Amount),
		}}, true
	}
	if of, project, ok := groupOf(chased, l.Amount, func(ch Charge) domain.ProjectID { return ch.Project }); ok {
		return figure{fit: owed, of: of, designation: designate(of, l.Amount), reason: Reason{
			money.Sprintf("来款等于项目 %s 的 %d 笔收费的未清合计 %s 元", project, len(of), l.Amount),
			money.Sprintf("the amount is what is open of the %s of project %s, %s", count(of), project, l.Amount),
		}}, true
	}
	return figure{}, false
}

// plainlyOwed recognises what tells a center even where nothing names it:
// everything due up to a date, or one charge.
func (c *center) plainlyOwed(l Line) (figure, bool) {
	if f, ok := c.dueUpTo(l); ok {
		return f, true
	}
	i := slices.IndexFunc(c.open, func(ch Charge) bool { return ch.Open == l.Amount && l.chases(ch) })
	if i < 0 {
		return figure{}, false
	}
	one := c.open[i : i+1]
	return figure{fit: owed, of: one, designation: designate(one, l.Amount), reason: Reason{
		money.Sprintf("来款等于收费 %s 的未清 %s 元", listCharges(one), l.Amount),
		money.Sprintf("the amount is what is open on %s, %s", listCharges(one), l.Amount),
	}}, true
}

// dueUpTo recognises everything that is due up to some date, with or without
// what the center has paid in advance. The oldest due come first anyway, so that
// charges are named only where others are due by then, disputed or incurred
// since.
func (c *center) dueUpTo(l Line) (figure, bool) {
	var sum money.Amount
	n, others := 0, false
	for i, ch := range c.open {
		if l.chases(ch) {
			sum, n = sum.Add(ch.Open), n+1
		} else {
			others = true
		}
		if n == 0 || i+1 < len(c.open) && c.open[i+1].DueOn == ch.DueOn {
			continue
		}
		advance := !c.Unapplied.IsZero() && sum.Sub(c.Unapplied) == l.Amount
		if sum != l.Amount && !advance {
			continue
		}
		due := slices.DeleteFunc(slices.Clone(c.open[:i+1]), func(ch Charge) bool { return !l.chases(ch) })
		f := figure{fit: owed, of: due, reason: Reason{
			money.Sprintf("来款等于截至 %s 到期的 %d 笔收费的未清合计 %s 元", ch.DueOn, n, sum),
			money.Sprintf("the amount is what is open of the %s due up to %s, %s", count(due), ch.DueOn, sum),
		}}
		if advance {
			f.reason = Reason{
				money.Sprintf("来款等于截至 %s 到期的未清合计 %s 元减去未核销的 %s 元", ch.DueOn, sum, c.Unapplied),
				money.Sprintf("the amount is the %s due up to %s less the %s unapplied", sum, ch.DueOn, c.Unapplied),
			}
		}
		if others {
			f.designation = designate(due, l.Amount)
		}
		return f, true
	}
	return figure{}, false
}

// guess says what an amount pays that is owed by no name.
func (c *center) guess(l Line) figure {
	amount := l.Amount
	set, ways := combination(c.choose(l.chases), amount)
	if ways == 1 {
		return figure{fit: likely, of: set, designation: designate(set, amount), reason: Reason{
			money.Sprintf("来款恰为收费 %s 的未清合计 %s 元，别无其他组合", listCharges(set), amount),
			money.Sprintf("the amount is the sum of %s, %s, and of no other charges", listCharges(set), amount),
		}}
	}
	open := sumOf(c.open)
	switch {
	case open.IsZero():
		return figure{fit: surplus, reason: Reason{"该中心无未清收费，全额留作未核销", "nothing is open; all of it stays unapplied"}}
	case open.Less(amount):
		return figure{fit: surplus, of: c.open, reason: Reason{
			money.Sprintf("来款超出全部未清 %s 元，多出 %s 元留作未核销", open, amount.Sub(open)),
			money.Sprintf("the amount exceeds all that is open, %s; %s stays unapplied", open, amount.Sub(open)),
		}}
	}
	f := figure{fit: part, of: c.open, reason: Reason{
		money.Sprintf("金额不对应具体收费，未清合计 %s 元，按最早到期核销", open),
		money.Sprintf("the amount is of no charges in particular; %s is open and the oldest due come first", open),
	}}
	if ways > 1 {
		f.reason = Reason{
			money.Sprintf("不止一种收费组合等于来款，未清合计 %s 元，按最早到期核销", open),
			money.Sprintf("more than one set of charges gives the amount; %s is open and the oldest due come first", open),
		}
	}
	return f
}

// choose lists the open charges that are wanted, the oldest due first.
func (c *center) choose(wanted func(Charge) bool) []Charge {
	var out []Charge
	for _, ch := range c.open {
		if wanted(ch) {
			out = append(out, ch)
		}
	}
	return out
}

// groupOf finds the group of charges, more than one, whose sum is the amount;
// of several the first by key.
func groupOf[K cmp.Ordered](charges []Charge, amount money.Amount, key func(Charge) K) (of []Charge, k K, ok bool) {
	sums := make(map[K]money.Amount)
	for _, ch := range charges {
		sums[key(ch)] = sums[key(ch)].Add(ch.Open)
	}
	for candidate, sum := range sums {
		if sum == amount && (!ok || candidate < k) {
			k, ok = candidate, true
		}
	}
	if !ok {
		return nil, k, false
	}
	for _, ch := range charges {
		if key(ch) == k {
			of = append(of, ch)
		}
	}
	return of, k, true
}

// designate pays charges in full, in order, as far as the amount goes.
func designate(charges []Charge, amount money.Amount) []account.Designation {
	var out []account.Designation
	for _, ch := range charges {
		pays := money.Min(amount, ch.Open)
		if pays.IsZero() {
			break
		}
		amount = amount.Sub(pays)
		out = append(out, account.Designation{Charge: ch.Charge, Amount: pays})
	}
	return out
}

func sumOf(charges []Charge) (sum money.Amount) {
	for _, ch := range charges {
		sum = sum.Add(ch.Open)
	}
	return sum
}

func count(charges []Charge) string {
	if len(charges) == 1 {
		return "charge"
	}
	return money.Sprintf("%d charges", len(charges))
}

func listCharges(charges []Charge) string {
	ids := make([]string, len(charges))
	for i, ch := range charges {
		ids[i] = string(ch.Charge)
	}
	return listed(ids)
}

// listed names the first few of a list.
func listed(ids []string) string {
	const few = 5
	if len(ids) <= few {
		return strings.Join(ids, ", ")
	}
	return money.Sprintf("%s … (%d)", strings.Join(ids[:few], ", "), len(ids))
}

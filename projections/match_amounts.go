package projections

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/policy"
)

// This file compares amounts: what was counted with the book, what was charged
// with who bears the cost, and what a unit cost with the catalogue.

// compareCounts holds every count sheet against the book as it stands for the
// end of that day. A difference stands for as long as every later count of the
// part shows it, and the later ones do not raise it again: the findings of a
// part add up to what its last count shows.
func (m *match) compareCounts() {
	counted := make(map[holdingKey][]*countFact)
	for i := range m.counts {
		if c := &m.counts[i]; c.on <= m.asOf {
			k := holdingKey{c.project, c.part}
			counted[k] = append(counted[k], c)
		}
	}
	for k, list := range counted {
		slices.SortFunc(list, func(a, b *countFact) int { return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.sheet, b.sheet)) })
		lasting := make([][2]int64, len(list)) // short and over that this and every later count shows
		for i, c := range slices.Backward(list) {
			variance := c.counted - m.stock[k].at(c.on).book
			lasting[i] = [2]int64{max(-variance, 0), max(variance, 0)}
			if i+1 < len(list) {
				lasting[i] = [2]int64{min(lasting[i][0], lasting[i+1][0]), min(lasting[i][1], lasting[i+1][1])}
			}
		}
		var before [2]int64
		for i, c := range list {
			if short := lasting[i][0] - before[0]; short > 0 {
				m.countDiffers(finding.CountShort, k, c, short)
			}
			if over := lasting[i][1] - before[1]; over > 0 {
				m.countDiffers(finding.CountOver, k, c, over)
			}
			before = lasting[i]
		}
	}
}

func (m *match) countDiffers(class finding.Class, k holdingKey, c *countFact, units int64) {
	d := m.stock[k].at(c.on)
	var value int64
	switch {
	case d.book > 0 && d.bookValue > 0:
		value = share(d.bookValue, units, d.book)
	case d.cameIn > 0:
		value = share(d.cameInCost, units, d.cameIn)
	default:
		value = m.byCatalogue(k.part, c.on, units)
	}
	m.find(class, k.project+"/"+c.sheet+"/"+k.part, &c.stamp, k.part, units, value, AuditFinding{
		Expected: quantity(d.book), Actual: quantity(c.counted), Stated: []string{c.sheet}, Documents: []Document{c.document("COUNT_SHEET", c.sheet)},
	})
}

// charged is what was charged for the part of a line, less credit notes: those of
// other centers, too, to which the charge moved with its project.
type charged struct {
	amount  int64
	numbers []string
	papers  []ref
}

func (c *charged) add(o *charged) {
	if o != nil {
		c.amount, c.numbers, c.papers = c.amount+o.amount, append(c.numbers, o.numbers...), append(c.papers, o.papers...)
	}
}

// compareCharges holds replacements against charges (§5.4): a part that we bear
// and that was charged, or one that the center bears and that was not, in time. A
// charge that names only the ticket is for its replacement where it has one.
func (m *match) compareCharges() {
	type chargeKey struct{ center, charge string }
	origin := make(map[chargeKey]chargeKey) // of charges that moved from another center's account
	for i := range m.charges {
		if c := &m.charges[i]; c.fromCharge != "" {
			origin[chargeKey{c.center, c.charge}] = chargeKey{c.fromCenter, c.fromCharge}
		}
	}
	credits := make(map[chargeKey][]*creditFact) // by the charge as it was accrued
	for i := range m.credits {
		if c := &m.credits[i]; c.on <= m.asOf {
			k := chargeKey{c.center, c.charge}
			for from, moved := origin[k]; moved; from, moved = origin[k] {
				k = from
			}
			credits[k] = append(credits[k], c)
		}
	}
	byLine, byTicket := make(map[string]*charged), make(map[string]*charged)
	for i := range m.charges {
		c := &m.charges[i]
		if c.on > m.asOf || c.fromCharge != "" {
			continue
		}
		to, name := byLine, c.line
		if name == "" {
			to, name = byTicket, c.ticket
		}
		if to[name] == nil {
			to[name] = &charged{}
		}
		one := &charged{c.gross, []string{c.charge}, []ref{{&c.stamp, "CHARGE", c.charge}}}
		for _, n := range credits[chargeKey{c.center, c.charge}] {
			one.amount -= n.amount
			one.papers = append(one.papers, ref{&n.stamp, "CREDIT_NOTE", n.note})
		}
		to[name].add(one)
	}
	replacements := make(map[string]int, len(m.lines))
	for i := range m.lines {
		if l := &m.lines[i]; l.replaces && l.on <= m.asOf {
			replacements[l.ticket]++
		}
	}
	for i := range m.lines {
		l := &m.lines[i]
		if !l.replaces || l.on > m.asOf {
			continue
		}
		var c charged
		c.add(byLine[l.line])
		if replacements[l.ticket] == 1 {
			c.add(byTicket[l.ticket])
		}
		m.compareCharge(l, c)
	}
}

func (m *match) compareCharge(l *lineFact, c charged) {
	due := l.on + uint16(m.rules.ChargeWithinDays)
	bearer := policy.Bearer(l.bearer)
	late := bearer == policy.Center && c.amount <= 0 && m.asOf > due
	if !late && (bearer != policy.Us || c.amount <= 0) {
		return
	}
	f := AuditFinding{
		Line: domain.FaultLineID(l.line), Ticket: domain.TicketID(l.ticket), Bearer: bearer, Expected: quantity(l.quantity),
		Stated: []string{l.bearer}, Seen: c.numbers, Documents: written(append([]ref{{&l.stamp, "F1", l.line}}, c.papers...)...),
	}
	value := c.amount
	if late {
		f.DueOn, value = calendar.Date(due), m.cost(l.project, l.part, l.on, l.quantity)
	}
	m.find(finding.CoverageConflict, l.line, &l.stamp, l.part, l.quantity, value, f)
}

// compareCosts finds slips whose units cost otherwise than the catalogue in
// force says.
func (m *match) compareCosts() {
	for _, s := range m.slips {
		p := m.price(s.part, s.on)
		if !s.there || p == nil || p.cost <= 0 {
			continue
		}
		units, value := -s.moveFact.quantity, -s.moveFact.value
		// In thousandths of a fen: nothing is rounded before it is compared.
		should := p.cost * units
		differs := max(value*milli-should, should-value*milli)
		if differs*100 <= should*int64(m.rules.CostVariancePercent) {
			continue
		}
		m.find(finding.CostVariance, s.project+"/"+s.slip, &s.stamp, s.part, s.quantity, share(differs, s.quantity, units*milli), AuditFinding{
			Line: domain.FaultLineID(s.line), Expected: decimal.New(p.cost, -2), Actual: decimal.New(share(value, milli, units), -2),
			Stated: []string{s.slip}, Documents: []Document{s.document("ISSUE_SLIP", s.slip), p.document("CATALOGUE", p.part)},
		})
	}
}

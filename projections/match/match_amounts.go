package match

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
func (m *Comparison) compareCounts() {
	counted := make(map[holdingKey][]*CountFact)
	for i := range m.Counts {
		if c := &m.Counts[i]; c.On <= m.asOf {
			k := holdingKey{c.Project, c.Part}
			counted[k] = append(counted[k], c)
		}
	}
	for k, list := range counted {
		slices.SortFunc(list,
			func(a, b *CountFact) int { return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.Sheet, b.Sheet)) })
		lasting := make([][2]int64, len(list)) // short and over that this and every later count shows
		for i, c := range slices.Backward(list) {
			variance := c.Counted - m.stock[k].at(c.On).book
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

func (m *Comparison) countDiffers(class finding.Class, k holdingKey, c *CountFact, units int64) {
	d := m.stock[k].at(c.On)
	var value int64
	switch {
	case d.book > 0 && d.bookValue > 0:
		value = share(d.bookValue, units, d.book)
	case d.cameIn > 0:
		value = share(d.cameInCost, units, d.cameIn)
	default:
		value = m.byCatalogue(k.Part, c.On, units)
	}
	m.find(class, k.Project+"/"+c.Sheet+"/"+k.Part, &c.Stamp, k.Part, units, value, Finding{
		Expected: Quantity(d.book), Actual: Quantity(c.Counted), Stated: []string{c.Sheet},
		Documents: []FindingDocument{c.document("COUNT_SHEET", c.Sheet)},
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
func (m *Comparison) compareCharges() {
	type chargeKey struct{ center, charge string }
	origin := make(map[chargeKey]chargeKey) // of charges that moved from another center's account
	for i := range m.Charges {
		if c := &m.Charges[i]; c.FromCharge != "" {
			origin[chargeKey{c.Center, c.Charge}] = chargeKey{c.FromCenter, c.FromCharge}
		}
	}
	credits := make(map[chargeKey][]*CreditFact) // by the charge as it was accrued
	for i := range m.Credits {
		if c := &m.Credits[i]; c.On <= m.asOf {
			k := chargeKey{c.Center, c.Charge}
			for from, moved := origin[k]; moved; from, moved = origin[k] {
				k = from
			}
			credits[k] = append(credits[k], c)
		}
	}
	byLine, byTicket := make(map[string]*charged), make(map[string]*charged)
	for i := range m.Charges {
		c := &m.Charges[i]
		if c.On > m.asOf || c.FromCharge != "" {
			continue
		}
		to, name := byLine, c.Line
		if name == "" {
			to, name = byTicket, c.Ticket
		}
		if to[name] == nil {
			to[name] = &charged{}
		}
		one := &charged{c.Gross, []string{c.Charge}, []ref{{&c.Stamp, "CHARGE", c.Charge}}}
		for _, n := range credits[chargeKey{c.Center, c.Charge}] {
			one.amount -= n.Amount
			one.papers = append(one.papers, ref{&n.Stamp, "CREDIT_NOTE", n.Note})
		}
		to[name].add(one)
	}
	replacements := make(map[string]int, len(m.Lines))
	for i := range m.Lines {
		if l := &m.Lines[i]; l.Replaces && l.On <= m.asOf {
			replacements[l.Ticket]++
		}
	}
	for i := range m.Lines {
		l := &m.Lines[i]
		if !l.Replaces || l.On > m.asOf {
			continue
		}
		var c charged
		c.add(byLine[l.Line])
		if replacements[l.Ticket] == 1 {
			c.add(byTicket[l.Ticket])
		}
		m.compareCharge(l, c)
	}
}

func (m *Comparison) compareCharge(l *LineFact, c charged) {
	due := l.On + uint16(m.rules.ChargeWithinDays)
	bearer := policy.Bearer(l.Bearer)
	late := bearer == policy.Center && c.amount <= 0 && m.asOf > due
	if !late && (bearer != policy.Us || c.amount <= 0) {
		return
	}
	f := Finding{
		Line: domain.FaultLineID(l.Line), Ticket: domain.TicketID(l.Ticket), Bearer: bearer, Expected: Quantity(l.Quantity),
		Stated: []string{l.Bearer}, Seen: c.numbers,
		Documents: written(append([]ref{{&l.Stamp, "F1", l.Line}}, c.papers...)...),
	}
	value := c.amount
	if late {
		f.DueOn, value = calendar.Date(due), m.cost(l.Project, l.Part, l.On, l.Quantity)
	}
	m.find(finding.CoverageConflict, l.Line, &l.Stamp, l.Part, l.Quantity, value, f)
}

// compareCosts finds slips whose units cost otherwise than the catalogue in
// force says.
func (m *Comparison) compareCosts() {
	for _, s := range m.slips {
		p := m.price(s.Part, s.On)
		if !s.there || p == nil || p.Cost <= 0 {
			continue
		}
		units, value := -s.MoveFact.Quantity, -s.MoveFact.Value
		// In thousandths of a fen: nothing is rounded before it is compared.
		should := p.Cost * units
		differs := max(value*milli-should, should-value*milli)
		if differs*100 <= should*int64(m.rules.CostVariancePercent) {
			continue
		}
		m.find(finding.CostVariance, s.Project+"/"+s.Slip, &s.Stamp, s.Part, s.quantity,
			share(differs, s.quantity, units*milli), Finding{
				Line: domain.FaultLineID(s.Line), Expected: decimal.New(p.Cost, -2),
				Actual: decimal.New(share(value, milli, units), -2),
				Stated: []string{s.Slip}, Documents: []FindingDocument{s.document("ISSUE_SLIP", s.Slip), p.document("CATALOGUE", p.Part)},
			})
	}
}

package bankfile

import (
	"fmt"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/money"
)

// tallied is what one line counts for in the totals of its file.
type tallied struct {
	side    Direction
	amount  money.Amount // on that side; a reversal is negative
	known   bool
	nature  Nature
	balance int // its place among the balances
}

func (l *lineReader) tallied() tallied {
	t := tallied{side: l.line.Direction, amount: l.line.Amount, known: l.moneyKnown(), nature: l.line.Nature}
	switch {
	case l.reversal:
		t.side, t.amount = Incoming, l.credit
	case t.side == Outgoing:
		t.amount = l.debit
	}
	return t
}

// part is what the lines of one side come to. Closed and refunded transactions
// and lines of 0.00 are counted by some banks and not by others.
type part struct {
	Sum
	closed Sum
	zeros  int
}

func (p part) counts(n int) bool {
	for _, closed := range []int{0, p.closed.Lines} {
		for _, zeros := range []int{0, p.zeros} {
			if n == p.Lines+closed+zeros {
				return true
			}
		}
	}
	return false
}

func (p part) comesTo(a money.Amount) bool {
	return a == p.Amount || p.closed.Lines > 0 && a == p.Amount.Add(p.closed.Amount)
}

// tally is what lines of a file come to, side by side.
type tally struct {
	sides   map[Direction]*part
	unknown int // lines whose money is not known
}

// span is lines of a file, the first and the one behind the last.
type span struct{ from, to int }

func (r *reader) tally(s span) tally {
	t := tally{sides: map[Direction]*part{Unknown: {}, Incoming: {}, Outgoing: {}, Neither: {}}}
	for _, l := range r.tallied[s.from:s.to] {
		p := t.sides[l.side]
		switch {
		case !l.known:
			t.unknown++
		case l.nature == Zero:
			p.zeros++
		case l.nature == Closed || l.nature == Refunded:
			p.closed = p.closed.Add(l.amount)
		default:
			p.Sum = p.Sum.Add(l.amount)
		}
	}
	return t
}

// all is both sides in one, and what is on neither.
func (t tally) all(withNeither bool) (p part) {
	for side, q := range t.sides {
		if side == Neither && !withNeither {
			continue
		}
		p.Lines, p.zeros, p.closed.Lines = p.Lines+q.Lines, p.zeros+q.zeros, p.closed.Lines+q.closed.Lines
	}
	return p
}

// agrees tells whether a figure is what lines come to.
func (t tally) agrees(f figure) bool {
	in, out := t.sides[Incoming], t.sides[Outgoing]
	switch {
	case f.isCount && f.side != Unknown:
		return t.sides[f.side].counts(f.lines)
	case f.isCount:
		p, q := t.all(true), t.all(false)
		p.Lines, q.Lines = p.Lines+t.unknown, q.Lines+t.unknown
		return p.counts(f.lines) || q.counts(f.lines) || f.orSide != Unknown && t.sides[f.orSide].counts(f.lines)
	case f.side != Unknown:
		return t.sides[f.side].comesTo(f.amount)
	}
	return f.amount == in.Amount.Sub(out.Amount) || f.amount == in.Amount.Add(out.Amount) || in.comesTo(f.amount)
}

// found is what lines come to, to be named beside a figure that differs.
func (t tally) found(f figure) string {
	switch {
	case f.isCount && f.side != Unknown:
		return fmt.Sprint(t.sides[f.side].Lines)
	case f.isCount:
		p := t.all(true)
		return fmt.Sprint(p.Lines + p.zeros + p.closed.Lines + t.unknown)
	case f.side != Unknown:
		return t.sides[f.side].Amount.String()
	}
	return t.sides[Incoming].Amount.Sub(t.sides[Outgoing].Amount).String()
}

// checkSums compares what the file says of itself with its lines: the totals of
// all with all, those of a page or a group with the lines since the last, sums
// carried over with those so far. What cannot be compared is named.
func (r *reader) checkSums() {
	all := span{0, len(r.tallied)}
	last := 0 // where the page or group began
	carried := make(map[Direction]money.Amount)
	for i, f := range r.figures {
		var spans []span
		switch {
		case f.scope == section:
			spans = []span{{last, f.at}, {0, f.at}}
		case f.scope == sofar || f.scope == yearToDate:
			spans = []span{{0, f.at}}
		case f.at < all.to:
			spans = []span{all, {0, f.at}, {last, f.at}}
		case r.severalTotals():
			spans = []span{all, {last, f.at}}
		default:
			spans = []span{all}
		}
		r.compare(f, spans, carried)
		if next := i + 1; f.scope != sofar && (next == len(r.figures) || r.figures[next].at != f.at) {
			last = f.at
		}
	}
}

// severalTotals tells a file that states totals of its months or pages by the
// same word as one of all.
func (r *reader) severalTotals() bool {
	for _, f := range r.figures {
		if f.scope == whole && f.at < len(r.tallied) {
			return true
		}
	}
	return false
}

// sumOf and linesOf say a total and a number of lines as a file states them.
var (
	sumOf = map[Direction]domain.Sentence{
		Incoming: "sum of credits %s", Outgoing: "sum of debits %s", Neither: "sum of neither credits nor debits %s",
		Unknown: "sum %s",
	}
	linesOf = map[Direction]domain.Sentence{
		Incoming: "number of credits %d", Outgoing: "number of debits %d", Neither: "number of neither credits nor debits %d",
		Unknown: "number of lines %d",
	}
)

func (r *reader) compare(f figure, spans []span, carried map[Direction]money.Amount) {
	stated := domain.Say(sumOf[f.side], f.amount)
	if f.isCount {
		stated = domain.Say(linesOf[f.side], f.lines)
	}
	if f.carried && !f.isCount {
		if _, known := carried[f.side]; !known {
			carried[f.side] = f.amount.Sub(r.tally(spans[0]).sum(f.side))
			if f.at > 0 && !carried[f.side].IsZero() {
				r.note("%s (%s): carried forward, with %s of before this file", stated, f.cell, carried[f.side])
			}
			return
		}
		f.amount = f.amount.Sub(carried[f.side])
	}
	for _, s := range spans {
		t := r.tally(s)
		if t.unknown > 0 && (!f.isCount || f.side != Unknown) {
			r.note("%s (%s): the amount or the direction of %d lines cannot be read", stated, f.cell, t.unknown)
			return
		}
		if t.agrees(f) {
			r.check(stated)
			if p := t.all(true); (f.side == Incoming || f.side == Unknown && f.orSide == Unknown) && (!f.isCount || p.zeros+
				p.closed.Lines == 0) {
				r.proved = append(r.proved, s)
			}
			return
		}
	}
	found := r.tally(spans[0]).found(f)
	switch {
	case f.scope == yearToDate, f.scope == sofar && !f.carried:
		r.note("%s (%s): the lines of this file sum to %s; it may count what was before this file", stated, f.cell, found)
	case f.isCount:
		r.refuse(f.cell,
			domain.Invalid(f.field, fmt.Sprint(f.lines), "lines-differ", linesDiffer[f.side], "", f.lines, found))
	default:
		r.refuse(f.cell, domain.Invalid(f.field, f.amount.String(), "total-differs", sumsDiffer[f.side], "", f.amount, found))
	}
}

func (t tally) sum(side Direction) money.Amount {
	if side == Unknown {
		return t.sides[Incoming].Amount.Sub(t.sides[Outgoing].Amount)
	}
	return t.sides[side].Amount
}

var (
	linesDiffer = map[Direction]domain.Sentence{
		Incoming: "the file says it has %d incoming (贷方) lines, but has %s",
		Outgoing: "the file says it has %d outgoing (借方) lines, but has %s",
		Neither:  "the file says it has %d lines that neither came nor left (不计收支), but has %s",
		Unknown:  "the file says it has %d lines, but has %s",
	}
	sumsDiffer = map[Direction]domain.Sentence{
		Incoming: "the file says its incoming (贷方) lines sum to %s, but they sum to %s",
		Outgoing: "the file says its outgoing (借方) lines sum to %s, but they sum to %s",
		Neither:  "the file says its lines that neither came nor left (不计收支) sum to %s, but they sum to %s",
		Unknown:  "the file says its lines sum to %s, but they sum to %s",
	}
)

package bankfile

import (
	"cmp"
	"slices"
	"strings"

	"aftersales-ledger/api/sheet"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/money"
)

// movements are the rows of a list that move money. A row that was passed over
// for a word in it, and yet has a date and a reference, is one.
func movements(list *sheet.List) []sheet.Row {
	rows := list.Rows
	var passed []sheet.Passed
	for _, p := range list.Passed {
		if _, err := p.Value("receivedOn").Date(); err == nil && !p.Value("reference").Blank() {
			rows = append(slices.Clip(rows), p.Row)
		} else {
			passed = append(passed, p)
		}
	}
	list.Passed = passed
	slices.SortStableFunc(rows, func(a, b sheet.Row) int { return cmp.Compare(a.Number, b.Number) })
	return rows
}

// lineReader reads one row as a movement.
type lineReader struct {
	row           sheet.Row
	line          Line
	moved         bool // its money is known
	credit, debit money.Amount
	reversal      bool // of a receipt: negative in the credit column
	redundant     bool // a minus beside 借 says no more than 借
}

func (l *lineReader) fail(field string, err error) {
	if err == nil {
		return
	}
	named := *rejectionOf(err)
	named.Field = field
	l.line.Faults = append(l.line.Faults, Fault{l.row.Value(field).Cell, &named})
}

// amount reads a cell that may be blank; 0.00 says no more than blank.
func (l *lineReader) amount(field string) (a money.Amount, given bool) {
	v := l.row.Value(field)
	if v.Blank() {
		return a, false
	}
	a, err := v.Amount()
	l.fail(field, err)
	return a, err == nil && !a.IsZero()
}

// movement reads how much money went which way.
func (l *lineReader) movement() {
	credit, isCredit := l.amount("credit")
	debit, isDebit := l.amount("debit")
	amount, isAmount := l.amount("amount")
	if len(l.line.Faults) > 0 {
		return
	}
	switch {
	case isCredit && isDebit:
		l.fail("credit", domain.Invalid("", credit.String(), "both-directions", "has %s beside it in the debit column; a line moves money one way", "", debit))
	case isCredit:
		l.move(credit, Incoming)
	case isDebit:
		l.move(debit, Outgoing)
	case isAmount:
		if d, ok := l.direction(); ok {
			if d == Outgoing && l.redundant && amount.Sign() < 0 {
				amount = amount.Neg()
			}
			l.move(amount, d)
		}
	}
}

// move notes an amount of one column. A negative one takes back what the column
// says: a reversed receipt goes out, a reversed payment is no receipt either.
func (l *lineReader) move(a money.Amount, d Direction) {
	l.moved, l.line.Direction, l.line.Amount = true, d, a
	switch {
	case d == Incoming:
		l.credit, l.reversal = a, a.Sign() < 0
	case d == Outgoing:
		l.debit = a
	case a.Sign() < 0:
		l.line.Direction, l.debit = Outgoing, a.Neg()
	default:
		l.line.Direction, l.credit = Incoming, a
	}
	if l.reversal {
		l.line.Direction = Outgoing
	}
	if a.Sign() < 0 {
		l.line.Amount = a.Neg()
	}
}

// signed is what the line does to the balance.
func (l *lineReader) signed() money.Amount { return l.credit.Sub(l.debit) }

var directions = map[string]Direction{
	"贷": Incoming, "贷方": Incoming, "收": Incoming, "收入": Incoming, "转入": Incoming, "存入": Incoming, "进账": Incoming, "来账": Incoming,
	"c": Incoming, "cr": Incoming, "credit": Incoming, "in": Incoming, "+": Incoming,
	"借": Outgoing, "借方": Outgoing, "支": Outgoing, "付": Outgoing, "支出": Outgoing, "转出": Outgoing, "支取": Outgoing, "往账": Outgoing,
	"d": Outgoing, "dr": Outgoing, "debit": Outgoing, "out": Outgoing,
}

// direction reads which way the one column of amounts counts; without a column
// that says so, its sign does.
func (l *lineReader) direction() (Direction, bool) {
	if !l.row.Has("direction") {
		return Unknown, true
	}
	v := l.row.Value("direction")
	s, err := v.Text()
	if err != nil {
		l.fail("direction", err)
		return Unknown, false
	}
	d, known := directions[strings.ToLower(s)]
	if !known {
		l.fail("direction", domain.Invalid("", domain.Clip(s), "unknown-direction", "must be 贷 or 借 (收入 or 支出, credit or debit)", ""))
	}
	return d, known
}

// rest reads who, when and why. Of a line that is no receipt nothing is
// required but its money.
func (l *lineReader) rest() {
	if !l.moved && len(l.line.Faults) == 0 {
		l.fail(l.moneyField(), domain.Invalid("", "", "amount-required", "must be given", ""))
	}
	text := func(field string, wanted bool) string {
		s, err := l.row.Value(field).Text()
		if wanted {
			l.fail(field, err)
		}
		return s
	}
	incoming := l.line.Direction != Outgoing
	l.line.Reference = text("reference", incoming)
	l.line.Payer = text("payer", incoming)
	l.line.Account = text("account", false)
	for _, field := range []string{"remark", "note", "summary"} {
		if l.line.Remark == "" {
			l.line.Remark = text(field, incoming)
		}
	}
	on, err := l.row.Value("receivedOn").Date()
	l.line.ReceivedOn = on
	if !incoming {
		return
	}
	l.fail("receivedOn", err)
	if len(l.line.Faults) == 0 {
		l.fail("reference", domain.CheckID("reference", l.line.Reference))
		l.fail("payer", domain.CheckText("payer", l.line.Payer, false))
		l.fail("remark", domain.CheckText("remark", l.line.Remark, false))
	}
}

func (l *lineReader) moneyField() string {
	if l.row.Has("credit") {
		return "credit"
	}
	return "amount"
}

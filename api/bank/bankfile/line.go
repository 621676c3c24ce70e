package bankfile

import (
	"slices"
	"strings"
	"time"

	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// lineReader reads one row as a movement.
type lineReader struct {
	row           sheet.Row
	columns       columns
	day           func(sheet.Row) (calendar.Date, error)
	line          Line
	moved         bool // its money is known, and more than 0.00
	credit, debit money.Amount
	reversal      bool // of a receipt: negative on the credit side
}

func (l *lineReader) fail(field string, err error) { l.failAt(l.row.Value(field).Cell, field, err) }

func (l *lineReader) failAt(cell, field string, err error) {
	if err == nil {
		return
	}
	named := *rejectionOf(err)
	named.Field = field
	l.line.Errors = append(l.line.Errors, CellError{cell, &named})
}

// read reads the row. Of a line that is no receipt nothing is required but its
// money.
func (l *lineReader) read() {
	l.movement()
	l.nature()
	if !l.moneyKnown() && len(l.line.Errors) == 0 {
		l.fail(l.columns.moneyField(), domain.Invalid("", "", "amount-required", "must be given", ""))
	}
	incoming := l.line.Direction == Incoming || l.line.Direction == Unknown
	wanted := incoming && l.line.Nature == Standing
	text := func(field string, wanted bool) string {
		s, err := l.row.Value(field).Text()
		if wanted {
			l.fail(field, err)
		}
		return s
	}
	if l.line.Reference = text("reference", wanted); strings.Trim(l.line.Reference, "0") == "" {
		l.line.Reference = "" // some banks write 0 where there is none
	}
	if voucher := text("voucher", wanted && l.line.Reference == ""); strings.Trim(voucher, "0") == "" {
	} else if l.line.Reference == "" {
		l.line.Reference = voucher
	} else {
		l.line.Voucher = voucher
	}
	l.line.Payer = text("payer", wanted)
	l.line.Account = text("account", false)
	l.texts(wanted)
	l.ownAccount(incoming)
	on, err := l.day(l.row)
	l.line.ReceivedOn, l.line.at = on, l.timeOfDay()
	after, err2 := l.row.Value("balance").Amount()
	l.line.Balance, l.line.HasBalance = after, err2 == nil && !l.row.Value("balance").Blank()
	if !wanted {
		l.line.Errors = slices.DeleteFunc(l.line.Errors, func(e CellError) bool {
			return !slices.Contains(moneyFields, e.Field)
		})
		return
	}
	l.fail("receivedOn", err)
	if len(l.line.Errors) > 0 {
		return
	}
	if l.line.Reference != "" {
		l.fail("reference", domain.CheckID("reference", l.line.Reference))
	}
	l.fail("payer", domain.CheckText("payer", l.line.Payer, false))
	l.fail("remark", domain.CheckText("remark", l.line.Remark, false))
}

// moneyFields are those without which even a line that is no receipt is unreadable.
var moneyFields = []string{"credit", "debit", "amount", "direction", "status", "reversal"}

// texts gathers what the line says in words. The remark that is booked is the
// first of its kinds that says something; what is booked under it must be found
// again, so that the order of the kinds stays.
func (l *lineReader) texts(wanted bool) {
	remark := []string{"remark", "note", "summary"}
	if !l.row.Has("remark") {
		remark[0] = "purpose"
	}
	add := func(s string) {
		if s != "" && !slices.Contains(l.line.Texts, s) {
			l.line.Texts = append(l.line.Texts, s)
		}
	}
	for _, field := range remark {
		s, err := l.row.Value(field).Text()
		if l.line.Remark == "" {
			if wanted {
				l.fail(field, err)
			}
			l.line.Remark = s
		}
		add(s)
	}
	if s, err := l.row.Value("purpose").Text(); err == nil {
		add(s)
	}
	for _, h := range l.columns.words {
		if s, err := l.row.Under(h).Text(); err == nil {
			add(s)
		}
	}
}

// ownAccount reads which account of ours the line is of: from its own column, or
// as the payee of what came and the payer of what left.
func (l *lineReader) ownAccount(incoming bool) {
	field := "account"
	if incoming {
		field = "payeeAccount"
	}
	for _, f := range []string{"ownAccount", field} {
		if f == "account" && !l.row.Has("payeeAccount") {
			continue
		}
		if s, err := l.row.Value(f).Text(); err == nil && s != "" && l.line.OwnAccount == "" {
			if s = bankref.PlainAccount(s); bankref.CheckIdentity("1", s, 0) == nil {
				l.line.OwnAccount = s
			}
		}
	}
}

// timeOfDay reads the time of the movement, from beside its day or from a column
// of its own.
func (l *lineReader) timeOfDay() string {
	for _, field := range []string{"time", "receivedOn"} {
		v := l.row.Value(field)
		if t, timed, err := v.Instant(); err == nil && timed {
			return t.Format("150405")
		}
	}
	text := l.row.Value("time").Shown()
	if _, err := l.row.Value("time").Date(); err == nil {
		return "" // the day alone
	}
	for _, form := range []string{"15:04:05", "15:04", "150405", "15.04.05", "15时04分05秒"} {
		if t, err := time.Parse(form, text); err == nil {
			return t.Format("150405")
		}
		if t, err := time.Parse(form, "0"+text); err == nil { // a leading zero is easily lost
			return t.Format("150405")
		}
	}
	return text
}

// amount reads a cell that may be blank; 0.00 says no more than blank of a side.
func (l *lineReader) amount(field string) (a money.Amount, given bool) {
	v := l.row.Value(field)
	if v.Blank() {
		return a, false
	}
	a, err := v.Amount()
	l.fail(field, err)
	if err == nil && a.IsZero() {
		l.line.Nature = Zero
	}
	return a, err == nil && !a.IsZero()
}

// movement reads how much money went which way.
func (l *lineReader) movement() {
	credit, isCredit := l.amount("credit")
	debit, isDebit := l.amount("debit")
	amount, isAmount := l.amount("amount")
	if isCredit || isDebit || isAmount || len(l.line.Errors) > 0 {
		l.line.Nature = Standing
	}
	if len(l.line.Errors) > 0 {
		return
	}
	switch {
	case isCredit && isDebit:
		l.fail("credit",
			domain.Invalid("", credit.String(), "both-directions",
				"has %s beside it in the debit column; a line moves money one way", "", debit))
	case isCredit:
		l.confirm("credit", credit, Incoming)
		l.move(credit, Incoming)
	case isDebit:
		l.confirm("debit", debit, Outgoing)
		if l.columns.negative {
			debit = debit.Neg()
		}
		l.move(debit, Outgoing)
	case isAmount:
		if d, ok := l.direction(); ok {
			if d == Outgoing && l.columns.redundant && amount.Sign() < 0 {
				amount = amount.Neg()
			}
			l.move(amount, d)
		}
	case l.line.Nature == Zero:
		l.zeroSide()
	}
}

// confirm holds an amount of a column of one direction against what else the line
// says of its money: a word of direction, and a column of all amounts. The sign
// of either may be written or not; of a negative amount the word may be either.
func (l *lineReader) confirm(field string, a money.Amount, of Direction) {
	if d, fault := l.columns.directionOf(l.row); fault == nil && a.Sign() > 0 && d != of && (d == Incoming ||
		d == Outgoing) {
		h := l.columns.directions[0]
		v := l.row.Under(h)
		l.failAt(v.Cell, "direction",
			domain.Invalid("", domain.Clip(v.Shown()), "directions-differ",
				"is another direction than the other column of the line says", ""))
	}
	if v := l.row.Value("amount"); !v.Blank() {
		if all, err := v.Amount(); err == nil && all != a && all != a.Neg() {
			l.fail("amount", domain.Invalid("", v.Shown(), "amounts-differ",
				"is not what %s says, %s; correct one, or say which of the two columns is meant (columns)", "",
				l.row.Value(field).Cell, a))
		}
	}
}

// zeroSide tells in which column, or under which word, a line of 0.00 stands:
// its bank counts it there.
func (l *lineReader) zeroSide() {
	d, _ := l.columns.directionOf(l.row)
	switch {
	case d != Unknown:
	case !l.row.Value("credit").Blank() && l.row.Value("debit").Blank():
		d = Incoming
	case !l.row.Value("debit").Blank() && l.row.Value("credit").Blank():
		d = Outgoing
	}
	l.line.Direction = d
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
		if a.Sign() < 0 {
			l.line.Nature = Reversed
		}
	case d == Neither:
	case a.Sign() < 0:
		l.line.Direction, l.debit = Outgoing, a.Neg()
	default:
		l.line.Direction, l.credit = Incoming, a
	}
	if l.reversal {
		l.line.Direction, l.line.Nature = Outgoing, Reversed
	}
	if a.Sign() < 0 {
		l.line.Amount = a.Neg()
	}
}

// nature reads whether the line was carried out, and stands.
func (l *lineReader) nature() {
	if l.line.Nature != Standing {
		return
	}
	status, err := l.row.Value("status").Text()
	n, known := natureOf(status)
	if err != nil || !known && l.line.Direction == Incoming {
		l.fail("status", domain.Invalid("", domain.Clip(status), "unknown-status",
			"must say whether the transaction was carried out (交易成功, 交易关闭, 已退款); book it by hand, or leave the column unread (columns: status=)", ""))
		return
	}
	mark, err := l.row.Value("reversal").Text()
	reversed, known := reversalMark(mark)
	if err != nil || !known && l.line.Direction == Incoming {
		l.fail("reversal", domain.Invalid("", domain.Clip(mark), "unknown-reversal",
			"must say whether the line is a reversal (是 or 否, Y or N), or leave the column unread (columns: reversal=)", ""))
		return
	}
	switch summary, _ := l.row.Value("summary").Text(); {
	case reversed:
		l.line.Nature = Reversed
	case n != Standing:
		l.line.Nature = n
	case l.line.Direction == Outgoing && reversalText.MatchString(summary):
		l.line.Nature = Reversed
	}
}

// direction reads which way the one column of amounts counts: by the words of a
// column, else by its sign.
func (l *lineReader) direction() (Direction, bool) {
	if len(l.columns.directions) == 0 {
		return l.columns.amountSide, true
	}
	d, err := l.columns.directionOf(l.row)
	if err != nil {
		l.line.Errors = append(l.line.Errors, *err)
	}
	return d, err == nil
}

// moneyKnown tells whether it could be read what the line moved.
func (l *lineReader) moneyKnown() bool { return l.moved || l.line.Nature == Zero }

// signed is what the line does to the balance.
func (l *lineReader) signed() money.Amount { return l.credit.Sub(l.debit) }

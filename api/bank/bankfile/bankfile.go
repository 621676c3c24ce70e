// Package bankfile reads bank statements (银行对账单, 交易明细), and those of payment
// services: every movement exactly, or why it cannot be read and in which cell.
//
// A line says which way its money went by a word, by its column or by its sign;
// what neither came nor stayed (outgoing, reversed, refunded, closed, 0.00) is
// shown as what it is. A line without a serial number of the bank's gets one of
// our own, made of what the line says, so that it is known again.
//
// A file that contradicts itself is refused as a whole, with both figures: where
// a stated total or number of lines is not that of its lines, where a running
// balance does not follow from the line before, where money is not CNY. Lines
// that share a reference stop themselves alone.
package bankfile

import (
	"errors"
	"fmt"

	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// MaxLines bounds the lines of one statement.
const MaxLines = 10_000

// Direction says which way money went.
type Direction uint8

const (
	Unknown  Direction = iota // the line says none that can be read
	Incoming                  // 贷方, 收入
	Outgoing                  // 借方, 支出, and the reversal of a receipt (红字)
	Neither                   // 不计收支: within one payment service
)

// Nature is why a line is no receipt or payment that stands.
type Nature string

const (
	Standing Nature = ""
	Zero     Nature = "ZERO"     // 0.00: it moved no money
	Closed   Nature = "CLOSED"   // 交易关闭, 交易失败: it was never carried out
	Refunded Nature = "REFUNDED" // 已全额退款, 已退款: the money went back
	Reversed Nature = "REVERSED" // 冲正, 红字: taken back by the bank, or what takes back
)

// Doubt is what a person must decide of a receipt before it can be booked.
type Doubt string

const (
	NoDoubt Doubt = ""
	// Equal: the line repeats one further up in every respect, and neither balance
	// nor total proves two movements.
	Equal Doubt = "EQUAL"
	// Shared: other receipts of the file bear the same reference.
	Shared Doubt = "SHARED"
)

// Line is one movement.
type Line struct {
	Row        int    // of the worksheet, or line of the file
	Cell       string // where it stands, for people
	Reference  string
	Voucher    string   // 凭证号 beside the reference; once it was read as one
	Derived    bool     // the reference is our own, made of the line
	OwnAccount string   // 本方账号; empty where neither file nor person names it
	Place      int      // among equal lines under one reference: 2 for the second; 0 for the first
	Payer      string   // the other side; empty where the bank names none
	Account    string   // its account number
	Remark     string   // what is booked as such: 附言 or 用途, else 备注, else 摘要
	Texts      []string // all that the line says in words
	Amount     money.Amount
	Direction  Direction
	Nature     Nature
	ReceivedOn calendar.Date
	Balance    money.Amount // after it; of a line that has one
	HasBalance bool
	Question   Doubt
	Twin       int         // row of the line that the question is about, or that reversed this one
	Errors     []CellError // why the line cannot be read; empty otherwise

	at string // time of day as 150405, or as it stands
}

// IsReceipt tells a line of money that came and stayed.
func (l *Line) IsReceipt() bool {
	return l.Direction == Incoming && l.Nature == Standing && len(l.Errors) == 0
}

// CellError is what is wrong with one cell.
type CellError struct {
	Cell string
	*domain.Rejection
}

// Sum is a number of lines and their money.
type Sum struct {
	Lines  int
	Amount money.Amount
}

// Add counts one line more.
func (s Sum) Add(a money.Amount) Sum { return Sum{s.Lines + 1, s.Amount.Add(a)} }

// Title is what people call a field of a statement, in Chinese.
func Title(field string) string {
	if field == "lines" {
		return "笔数"
	}
	return sheet.BankStatement.Title(field)
}

// BankStatement is what was read of a file.
type BankStatement struct {
	*sheet.List
	Layout     string // of the bank whose export it looks like; empty: of none that is known
	Lines      []Line // in the order of the file
	OwnAccount string // that the file names above its lines, or a person
	Credits    Sum    // incoming, 贷方, reversals taken off
	Debits     Sum    // outgoing, 借方
	// Ignored lists the rows that are no lines: totals, titles, signatures.
	Ignored []sheet.Passed
	// Checked lists what the file says of itself and was found true, such as
	// 贷方合计 1210.00, and NotCompared what could not be compared, and why.
	Checked     []domain.Text
	NotCompared []domain.Text

	directions map[string]bool // columns that say which way money went, by letters
}

// FieldOf is what a column was read as, be it by its heading or by its words.
func (s *BankStatement) FieldOf(h sheet.Heading) string {
	if h.Field == "" && s.directions[h.Column] {
		return "direction"
	}
	return h.Field
}

// Unread returns the headings of columns that are neither read nor known to say
// nothing of their own.
func (s *BankStatement) Unread() []string {
	var out []string
	for _, h := range s.Headings {
		if s.FieldOf(h) == "" && !h.Aside {
			out = append(out, h.Text)
		}
	}
	return out
}

// Contradiction is a file that contradicts itself.
type Contradiction struct{ Errors []CellError }

func (r *Contradiction) Error() string {
	first := r.Errors[0]
	return fmt.Sprintf("at %s, %v", first.Cell, first.Rejection)
}

// Options say how a statement is read.
type Options struct {
	sheet.Options
	// OwnAccount is the account of ours that the statement is of, where the file
	// does not name it.
	OwnAccount string
}

// Read reads a bank statement. Errors are *domain.Rejection of what is no bank
// statement, and *Contradiction of one that contradicts itself.
func Read(file []byte, o Options) (*BankStatement, error) {
	if err := bankref.CheckIdentity("1", bankref.PlainAccount(o.OwnAccount), 0); err != nil {
		return nil, err
	}
	list, err := sheet.Read(file, o.Options, sheet.BankStatement)
	switch {
	case err != nil:
		return nil, err
	case len(list.Sheets) > 1:
		return nil, domain.Invalid("worksheet", domain.Clip(o.Sheet), "several-sheets",
			"must name one worksheet: a bank statement is read and compared with its totals one at a time", "")
	}
	r := &reader{statement: &BankStatement{List: list, Layout: recognise(list)}}
	for _, h := range list.Headings {
		if h.Beside != "" && moreDates.MatchString(h.Text) {
			r.days = append(r.days, h)
		}
	}
	r.rows()
	if len(r.movements) > MaxLines {
		return nil, domain.Invalid("file", "", "too-many-lines",
			"has %d lines; must have at most %d, split it by date", "", len(r.movements), MaxLines)
	}
	if r.columns, err = columnsOf(list, r.movements); err != nil {
		return nil, err
	}
	r.statement.directions = make(map[string]bool)
	for _, h := range r.columns.directions {
		r.statement.directions[h.Column] = true
	}
	r.heads(bankref.PlainAccount(o.OwnAccount))
	for _, row := range r.ordered {
		switch {
		case row.movement:
			r.line(row.Row)
		case len(row.labels) > 0:
			for i, v := range row.Cells() {
				r.labelled(v, sheet.Labelled{Label: row.labels[i], Number: v.Shown()}, "", whole, false)
			}
		default:
			r.checkAccount(row.Row)
			r.stated(row.Row)
			r.told(row.Row, false)
		}
	}
	r.reversals()
	r.checkSums()
	r.checkBalances()
	r.checkPeriod()
	if len(r.refused) > 0 {
		return nil, &Contradiction{r.refused}
	}
	r.tellApart()
	return r.statement, nil
}

// reader takes a statement apart and collects what speaks against it.
type reader struct {
	statement  *BankStatement
	columns    columns
	days       []sheet.Heading // that may name the day, beside the best
	movements  []sheet.Row
	ordered    []ordered // movements and what may state totals, in the order of the file
	labels     []string  // of the row before, where it holds nothing else
	tallied    []tallied // of each line
	balances   []balance
	figures    []figure
	sideBefore Direction // of the figure before in the same cell, for one without a side of its own
	period     period    // that the file says it is of
	months     []sheet.Days
	opening    *figure // balances before the first and after the last movement
	closing    *figure
	proved     []span // of lines that a total has counted one by one
	refused    []CellError
}

func (r *reader) refuse(cell string, rejection *domain.Rejection) {
	r.refused = append(r.refused, CellError{cell, rejection})
}

// note notes what could not be compared, and why.
func (r *reader) note(why domain.Sentence, args ...any) {
	r.statement.NotCompared = append(r.statement.NotCompared, domain.Say(why, args...))
}

// check notes what the file says of itself and was found true.
func (r *reader) check(what domain.Text) { r.statement.Checked = append(r.statement.Checked, what) }

// line reads one movement, or a balance brought forward.
func (r *reader) line(row sheet.Row) {
	l := lineReader{row: row, columns: r.columns, day: r.day, line: Line{Row: row.Number, Cell: row.Place()}}
	r.checkCurrency(row.Value("currency"))
	for _, h := range r.columns.currencies {
		r.checkCurrency(row.Under(h))
	}
	l.read()
	if l.line.OwnAccount == "" {
		l.line.OwnAccount = r.statement.OwnAccount
	} else if own := r.statement.OwnAccount; own != "" && !bankref.SameAccount(own, l.line.OwnAccount) {
		r.refuse(l.line.Cell,
			domain.Invalid("ownAccount", l.line.OwnAccount, "account-differs",
				"is the account of this line, but the statement is of account %s", "Money", own))
	}
	if l.line.Reference == "" && len(l.line.Errors) == 0 {
		l.line.Reference, l.line.Derived = l.line.derivedReference(), true
	}
	t := l.tallied()
	switch {
	case !t.known:
	case t.side == Incoming && l.line.Nature == Standing || l.reversal:
		r.statement.Credits = r.statement.Credits.Add(t.amount)
	case t.side == Outgoing && l.line.Nature == Standing:
		r.statement.Debits = r.statement.Debits.Add(t.amount)
	}
	if v := row.Value("balance"); !v.Blank() && !l.line.HasBalance {
		r.note("balance %s (%s): is no amount, and cannot be compared with those around it", v.Shown(), v.Cell)
	}
	t.balance = len(r.balances)
	r.tallied = append(r.tallied, t)
	r.balances = append(r.balances, l.balance())
	r.statement.Lines = append(r.statement.Lines, l.line)
}

// reversals finds the receipts that a line further down takes back: one of the
// same payer and amount, under the same reference if there is one.
func (r *reader) reversals() {
	lines := r.statement.Lines
	for i := range lines {
		back := &lines[i]
		if back.Nature != Reversed || back.Direction != Outgoing || len(back.Errors) > 0 {
			continue
		}
		var taken *Line
		for j := range lines {
			l := &lines[j]
			if !l.IsReceipt() || l.Amount != back.Amount || l.Payer != back.Payer || l.ReceivedOn > back.ReceivedOn &&
				!back.ReceivedOn.IsZero() {
				continue
			}
			if taken == nil || l.Reference == back.Reference || taken.Reference != back.Reference &&
				l.ReceivedOn >= taken.ReceivedOn {
				taken = l
			}
		}
		if taken != nil {
			taken.Nature, taken.Twin, back.Twin = Reversed, back.Row, taken.Row
		}
	}
}

func (r *reader) checkCurrency(v sheet.Value) {
	if s, err := v.Text(); err == nil && s != "" && !sheet.IsYuan(s) {
		r.refuse(v.Cell,
			domain.Invalid("currency", domain.Clip(s), "other-currency",
				"must be CNY: other money cannot be booked, and sums over both say nothing", "Money"))
	}
}

func rejectionOf(err error) *domain.Rejection {
	var r *domain.Rejection
	if errors.As(err, &r) {
		return r
	}
	return domain.Invalid("", "", "unreadable", "cannot be read: %v", "", err)
}

// Package bankfile reads bank statements (银行对账单, 交易明细) from CSV and XLSX: every
// movement exactly, or why it cannot be read and in which cell.
//
// A file that contradicts itself is refused as a whole, with both figures: where
// a stated total or number of lines is not that of its lines, where a running
// balance does not follow from the line before, where one reference stands for
// two different receipts, where money is not CNY.
package bankfile

import (
	"errors"
	"fmt"
	"strings"

	"aftersales-ledger/api/sheet"
	"aftersales-ledger/domain"
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
)

// Line is one movement.
type Line struct {
	Row        int    // of the worksheet, or line of the CSV file
	Cell       string // where it stands, for people
	Reference  string
	Payer      string // the other side; empty where the bank names none
	Account    string // its account number
	Remark     string // 附言, else 用途, 备注, 摘要
	Amount     money.Amount
	Direction  Direction
	ReceivedOn calendar.Date
	RepeatOf   int     // row of the same receipt further up; 0 for none
	Faults     []Fault // why the line cannot be read; empty otherwise
}

// Fault is what is wrong with one cell.
type Fault struct {
	Cell string
	*domain.Rejection
}

// Sum is a number of lines and their money.
type Sum struct {
	Lines  int
	Amount money.Amount
}

// Statement is what was read of a file.
type Statement struct {
	Format  string // "csv" or "xlsx"
	Charset string // of CSV
	Lines   []Line // in the order of the file
	Credits Sum    // incoming, 贷方
	Debits  Sum    // outgoing, 借方
	Ignored int    // rows below the header that are no movements: totals, signatures
	Unread  []string
	// Checked lists what the file says of itself and was found true, such as
	// 贷方合计 1210.00.
	Checked []string
}

// Refusal is a file that contradicts itself.
type Refusal struct{ Faults []Fault }

func (r *Refusal) Error() string {
	first := r.Faults[0]
	return fmt.Sprintf("at %s, %v", first.Cell, first.Rejection)
}

// Read reads a bank statement. worksheet chooses one of an XLSX file, empty is
// the first; columns names the heading of a field where it is not a usual one.
// Errors are *domain.Rejection of what is no bank statement, and *Refusal of one
// that contradicts itself.
func Read(file []byte, worksheet string, columns map[string]string) (*Statement, error) {
	list, err := sheet.Read(file, sheet.Options{Sheet: worksheet, Columns: columns}, sheet.BankStatement)
	if err != nil {
		return nil, err
	}
	rows := movements(list)
	switch {
	case len(rows) > MaxLines:
		return nil, domain.Invalid("file", fmt.Sprint(len(rows)), "too-many-lines", "must have at most %d lines; split it by date", "", MaxLines)
	case len(rows) > 0 && !rows[0].Has("credit") && !rows[0].Has("amount"):
		return nil, domain.Invalid("file", rows[0].Value("").Cell, "column-missing", "is below a header with neither 贷方金额 (credit) nor 交易金额 (amount), one of which a bank statement has", "")
	}
	r := reader{statement: &Statement{Format: list.Format, Charset: list.Charset, Ignored: len(list.Passed), Unread: list.Unread()}}
	r.signsRepeatDirections(rows)
	for _, row := range rows {
		r.line(row)
	}
	for _, p := range list.Passed {
		r.summary(p.Row)
	}
	r.checkSums()
	r.checkBalances()
	r.checkReferences()
	if len(r.refused) > 0 {
		return nil, &Refusal{r.refused}
	}
	return r.statement, nil
}

// reader takes a statement apart and collects what speaks against it.
type reader struct {
	statement *Statement
	balances  []balance
	stated    []stated
	unsummed  bool // the money of some line is not known
	redundant bool // every outgoing amount beside a direction is negative, too
	refused   []Fault
}

func (r *reader) refuse(cell string, rejection *domain.Rejection) {
	r.refused = append(r.refused, Fault{cell, rejection})
}

// line reads one row: a movement, a total that begins with no known word, or a
// balance brought forward.
func (r *reader) line(row sheet.Row) {
	l := lineReader{row: row, redundant: r.redundant, line: Line{Row: row.Number, Cell: row.Value("").Cell}}
	r.checkCurrency(row)
	blank := row.Value("reference").Blank()
	if _, err := row.Value("receivedOn").Date(); err != nil && isSummary(row) {
		r.statement.Ignored++
		r.summary(row)
		return
	}
	l.movement()
	if blank && !l.moved && len(l.line.Faults) == 0 && !row.Value("balance").Blank() {
		r.statement.Ignored++ // 承前页, 期初余额
		r.balance(row, money.Amount{}, true)
		return
	}
	if blank && !l.moved && len(l.line.Faults) == 0 && len(row.Cells()) == 1 {
		r.statement.Ignored++ // a note below the list
		return
	}
	l.rest()
	r.balance(row, l.signed(), l.moved)
	switch {
	case !l.moved:
		r.unsummed = true
	case l.line.Direction == Incoming:
		r.statement.Credits = r.statement.Credits.add(l.credit)
	case l.reversal:
		r.statement.Credits = r.statement.Credits.add(l.credit)
	default:
		r.statement.Debits = r.statement.Debits.add(l.debit)
	}
	r.statement.Lines = append(r.statement.Lines, l.line)
}

// signsRepeatDirections finds out what a minus beside 借 means: the direction
// once more where every outgoing line has one, a reversal where only some do.
func (r *reader) signsRepeatDirections(rows []sheet.Row) {
	for _, row := range rows {
		word, _ := row.Value("direction").Text()
		if directions[strings.ToLower(word)] != Outgoing {
			continue
		}
		if a, err := row.Value("amount").Amount(); err == nil {
			if r.redundant = a.Sign() < 0; !r.redundant {
				return
			}
		}
	}
}

func (s Sum) add(a money.Amount) Sum { return Sum{s.Lines + 1, s.Amount.Add(a)} }

// currencies are how banks write CNY.
var currencies = map[string]bool{"CNY": true, "RMB": true, "人民币": true, "人民币元": true, "元": true, "156": true, "¥": true}

func (r *reader) checkCurrency(row sheet.Row) {
	v := row.Value("currency")
	if s, err := v.Text(); err == nil && s != "" && !currencies[s] {
		r.refuse(v.Cell, domain.Invalid("currency", domain.Clip(s), "other-currency", "must be CNY: other money cannot be booked, and sums over both say nothing", "Money"))
	}
}

// checkReferences finds receipts that stand in the file twice. The same serial
// number for a payment and its fee, both outgoing, is none of our business.
func (r *reader) checkReferences() {
	first := make(map[string]*Line)
	for i := range r.statement.Lines {
		l := &r.statement.Lines[i]
		if l.Direction != Incoming || len(l.Faults) > 0 {
			continue
		}
		was, twice := first[l.Reference]
		switch {
		case !twice:
			first[l.Reference] = l
		case was.Payer == l.Payer && was.Remark == l.Remark && was.Amount == l.Amount && was.ReceivedOn == l.ReceivedOn:
			l.RepeatOf = was.Row
		default:
			r.refuse(l.Cell, domain.Conflict("reference", l.Reference, "reference-twice", "names two payments: %s from %q on %s, remark %q, in row %d, and %s from %q on %s, remark %q, here; a bank reference names one", "Money", was.Amount, was.Payer, was.ReceivedOn, was.Remark, was.Row, l.Amount, l.Payer, l.ReceivedOn, l.Remark))
		}
	}
}

func rejectionOf(err error) *domain.Rejection {
	var r *domain.Rejection
	if errors.As(err, &r) {
		return r
	}
	return domain.Invalid("", "", "unreadable", "cannot be read: %v", "", err)
}

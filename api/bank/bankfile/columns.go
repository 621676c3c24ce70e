package bankfile

import (
	"regexp"
	"slices"
	"strings"

	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// columns is what the columns of a file are, beyond those that are read by name.
type columns struct {
	directions []sheet.Heading // that say which way money went, under whatever heading
	currencies []sheet.Heading // that name the money beside the column that is read as such
	words      []sheet.Heading // of text that is searched for what a payer names
	amountSide Direction       // of the one column of amounts, where its heading says so
	redundant  bool            // every outgoing amount beside a word of direction is negative, too
	negative   bool            // so is every amount in the column of what went out
	hasCredit  bool
}

func (c columns) moneyField() string {
	if c.hasCredit {
		return "credit"
	}
	return "amount"
}

// columnsOf finds out what the columns of a statement say. It refuses one whose
// money has no column, or has one and nothing tells what came from what left.
func columnsOf(list *sheet.List, rows []sheet.Row) (c columns, err error) {
	has := make(map[string]sheet.Heading)
	for _, h := range list.Headings {
		if _, ok := has[h.Field]; !ok && h.Field != "" {
			has[h.Field] = h
		}
	}
	_, c.hasCredit = has["credit"]
	_, debit := has["debit"]
	amount, one := has["amount"]
	if !c.hasCredit && !one {
		return c, domain.Invalid("file", headerOf(list), "column-missing",
			"follows a header without 贷方金额 or 交易金额 of a bank statement; say which heading is one (columns: 贷方金额=HEADING) or the other (columns: 交易金额=HEADING)", "")
	}
	for _, h := range list.Headings {
		switch {
		case h.Field == "direction":
			c.directions = append(c.directions, h)
		case h.Field == "" && !h.Aside && currencyHeading.MatchString(h.Text):
			c.currencies = append(c.currencies, h)
		case h.Field == "" && saysDirections(h, rows):
			c.directions = append(c.directions, h)
		case h.Field == "" && !h.Aside && !moreDates.MatchString(h.Text):
			c.words = append(c.words, h)
		}
	}
	c.negative = allNegative(rows)
	if err := c.unread(has, rows); err != nil || c.hasCredit {
		return c, err
	}
	if len(c.directions) == 0 {
		if c.amountSide = sideOf(amount.Text); c.amountSide == Unknown && !isSigned(rows) && !debit {
			return c, domain.Invalid("file", amount.Cell, "direction-missing",
				"is the one column of money, and neither a sign nor a column of 收/付, 借/贷 or 收入/支出 tells what came from what left; "+
					"name that column (columns: direction=HEADING) or, if all of it came in, say so (columns: credit=%s)", "Money",
				domain.Clip(amount.Text))
		}
		return c, nil
	}
	for _, row := range rows {
		if d, _ := c.directionOf(row); d != Outgoing {
			continue
		}
		if a, err := row.Value("amount").Amount(); err == nil && !a.IsZero() {
			if c.redundant = a.Sign() < 0; !c.redundant {
				break
			}
		}
	}
	return c, nil
}

// moreDates heads a further column of dates, which says nothing in words.
var moreDates = regexp.MustCompile(`日期|时间|起息日`)

var (
	currencyHeading  = regexp.MustCompile(`币种|币别|货币|(?i)currency`)
	directionHeading = regexp.MustCompile(`借|贷|收支|收付|收[/／]|支出|收入|转入|转出|方向`)
	partyHeading     = regexp.MustCompile(`对方|对手|付款|汇款|来款|往来单位|户名`)
)

// unread refuses a column that looks like one of directions and is of other words,
// where the money has but one column, one that may name the payer where no other
// does, and one that gives every line a number where no column of references is
// known.
func (c columns) unread(has map[string]sheet.Heading, rows []sheet.Row) error {
	_, payer := has["payer"]
	_, reference := has["reference"]
	if _, voucher := has["voucher"]; voucher {
		reference = true
	}
	for _, h := range c.words {
		filled := slices.ContainsFunc(rows, func(r sheet.Row) bool { return !r.Under(h).Blank() })
		field := ""
		switch {
		case !filled || h.Beside != "":
		case !c.hasCredit && len(c.directions) == 0 && directionHeading.MatchString(h.Text):
			field = "direction"
		case !payer && partyHeading.MatchString(h.Text):
			field = "payer"
		case !reference && numbersLines(h, rows):
			field = "reference"
		}
		if field != "" {
			title := sheet.BankStatement.Title(field)
			return domain.Invalid("file", h.Cell, "column-unread",
				"is headed %s, which is not known, and may be the %s of a bank statement; "+
					"say so (columns: %s=%s), or that it is not to be read (columns: unread=%s)", "Money", domain.Clip(h.Text),
				title, title, domain.Clip(h.Text), domain.Clip(h.Text))
		}
	}
	return nil
}

var someNumber = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._#-]{0,63}$`)

// numbersLines tells a column that has a number for every line, and none twice.
func numbersLines(h sheet.Heading, rows []sheet.Row) bool {
	seen := make(map[string]bool)
	for _, row := range rows {
		s := row.Under(h).Shown()
		if !someNumber.MatchString(s) || !strings.ContainsAny(s, "0123456789") || seen[s] {
			return false
		}
		seen[s] = true
	}
	return len(rows) > 0
}

// allNegative tells a column of what went out whose minus says no more than that.
func allNegative(rows []sheet.Row) (negative bool) {
	for _, row := range rows {
		if a, err := row.Value("debit").Amount(); err == nil && !a.IsZero() {
			if negative = a.Sign() < 0; !negative {
				return false
			}
		}
	}
	return negative
}

func headerOf(list *sheet.List) string {
	if len(list.Headings) > 0 {
		return list.Headings[0].Cell
	}
	return ""
}

// saysDirections tells a column whose every word is one of direction.
func saysDirections(h sheet.Heading, rows []sheet.Row) bool {
	found := false
	for _, row := range rows {
		v := row.Under(h)
		s := strings.TrimSpace(v.Shown())
		if s == "" {
			continue
		}
		d, known := directionOf(s)
		if !known {
			return false
		}
		found = found || d != Neither && !v.Blank()
	}
	return found
}

// directionOf reads the columns of direction, which must agree.
func (c columns) directionOf(row sheet.Row) (of Direction, fault *CellError) {
	for _, h := range c.directions {
		v := row.Under(h)
		s := v.Shown()
		if s == "" {
			continue
		}
		d, known := directionOf(s)
		switch {
		case !known:
			return Unknown, &CellError{
				v.Cell,
				domain.Invalid("direction", s, "unknown-direction", "must be 贷 or 借 (收入 or 支出, 收 or 付, credit or debit)", ""),
			}
		case of != Unknown && of != d:
			return Unknown, &CellError{
				v.Cell,
				domain.Invalid("direction", s, "directions-differ", "is another direction than the other column of the line says",
					""),
			}
		}
		of = d
	}
	if of == Unknown && len(c.directions) > 0 {
		h := c.directions[0]
		return Unknown, &CellError{
			row.Under(h).Cell,
			domain.Invalid("direction", "", "unknown-direction", "must be given: 贷 or 借 (收入 or 支出, 收 or 付)", ""),
		}
	}
	return of, nil
}

// isSigned tells whether the signs of the amounts tell what came from what left:
// some of them are negative, or written with a plus.
func isSigned(rows []sheet.Row) bool {
	return slices.ContainsFunc(rows, func(row sheet.Row) bool {
		v := row.Value("amount")
		a, err := v.Amount()
		return err == nil && (a.Sign() < 0 || strings.HasPrefix(v.Shown(), "+") && !a.IsZero())
	})
}

// rows sorts the rows of the file: what moves money, and what may state totals.
func (r *reader) rows() {
	list := r.statement.List
	passed := list.Passed
	for _, row := range list.Rows {
		for len(passed) > 0 && passed[0].Number < row.Number {
			r.sort(passed[0], false)
			passed = passed[1:]
		}
		r.sort(sheet.Passed{Row: row, Why: sheet.GrandTotal}, true)
	}
	for _, p := range passed {
		r.sort(p, false)
	}
}

// day is the day of a row: of the best of its columns that is one. 交易时间 may hold
// the time of day alone, and 日期 beside it the day.
func (r *reader) day(row sheet.Row) (calendar.Date, error) {
	d, err := row.Value("receivedOn").Date()
	for _, h := range r.days {
		if err == nil {
			break
		}
		if other, err2 := row.Under(h).Date(); err2 == nil {
			return other, nil
		}
	}
	return d, err
}

// ordered is a row that moves money or may state totals.
type ordered struct {
	sheet.Row
	movement bool
	labels   []string // of its cells, from the row above it; as payment services sum up
}

func (r *reader) sort(p sheet.Passed, data bool) {
	above := r.labels
	r.labels = labelsOf(p.Row)
	switch {
	case len(above) > 0 && areFigures(p.Row, len(above)):
		r.statement.Ignored = append(r.statement.Ignored, p)
		r.ordered = append(r.ordered, ordered{Row: p.Row, labels: above})
	case len(r.labels) > 0:
		r.statement.Ignored = append(r.statement.Ignored, p)
	case data && r.isMovement(p.Row):
		r.movement(p.Row)
	default:
		r.passed(p)
	}
}

// labelsOf are the labels of a row that holds nothing but labels of totals.
func labelsOf(row sheet.Row) (labels []string) {
	cells := row.Cells()
	for _, v := range cells {
		label := plainLabel(v.Shown())
		if len(cells) < 2 || !totalLabel.MatchString(label) && !summaryLabel.MatchString(label) ||
			len(sheet.Figures(v.Shown())) > 0 {
			return nil
		}
		labels = append(labels, label)
	}
	return labels
}

func areFigures(row sheet.Row, n int) bool {
	cells := row.Cells()
	for _, v := range cells {
		if _, err := v.Amount(); err != nil {
			return false
		}
	}
	return len(cells) == n
}

func (r *reader) movement(row sheet.Row) {
	r.movements = append(r.movements, row)
	r.ordered = append(r.ordered, ordered{Row: row, movement: true})
}

// passed takes a row that the list passed over for what a word in it says. One
// that has a date and a reference is a movement all the same.
func (r *reader) passed(p sheet.Passed) {
	if _, err := r.day(p.Row); err == nil && !p.Value("reference").Blank() && p.Why != sheet.Header {
		r.movement(p.Row)
		return
	}
	r.statement.Ignored = append(r.statement.Ignored, p)
	if p.Why != sheet.Header && p.Why != sheet.Footer {
		r.ordered = append(r.ordered, ordered{Row: p.Row})
	}
}

// isMovement tells a row of the list that moves money from one that states a
// total, brings a balance forward or notes something.
func (r *reader) isMovement(row sheet.Row) bool {
	_, err := r.day(row)
	dated := err == nil
	if !dated && len(row.Cells()) == 1 {
		return false // a note
	}
	if cells := row.Cells(); len(cells) > 0 {
		text := strings.ReplaceAll(cells[0].Shown(), " ", "")
		if carriedWord.MatchString(text) || !dated && (summaryWord.MatchString(text) || accountLabel.MatchString(text)) {
			return false
		}
	}
	money := false
	for _, field := range []string{"credit", "debit", "amount"} {
		money = money || !row.Value(field).Blank()
	}
	if money || !row.Value("reference").Blank() {
		return !isCarried(row) || dated && money && !row.Value("reference").Blank()
	}
	if !row.Value("balance").Blank() {
		return false
	}
	return len(row.Cells()) > 1 && dated
}

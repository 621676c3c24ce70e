package sheet

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
)

// cell is what a file holds at one place.
type cell struct {
	text   string      // as shown, cleaned
	number string      // of a numeric cell of XLSX: exact decimal; else empty
	bad    domain.Text // why it cannot be read; else empty
	dated  bool        // a number that is shown as a date
	merged bool        // shows the text of a merged cell that began in a row above
}

func (c cell) blank() bool { return c.text == "" && c.bad.IsZero() }

// gridRow is one row of a file that is not blank.
type gridRow struct {
	number int
	cells  []cell
	hidden bool // by a filter, or by hand
}

func (r gridRow) at(column int) cell {
	if column < len(r.cells) {
		return r.cells[column]
	}
	return cell{}
}

// grid is a whole table: its rows that are not blank, in order.
type grid struct {
	sheet  string // worksheet; empty for other formats
	rows   []gridRow
	merged []cellRange
	commas bool         // stand between the cells
	hidden map[int]bool // columns that nobody sees
	header header       // once found
	serial serialDates
	year   int // of dates that name none; 0: unknown
}

// cellRange is a merged range; rows as in gridRow, columns counted from zero.
type cellRange struct{ top, left, bottom, right int }

// name tells people where a cell is: Sheet1!F12, or line 12, column 费用.
func (g *grid) name(r gridRow, column int) string {
	if g.sheet != "" {
		return fmt.Sprintf("%s!%s%d", g.sheet, columnLetters(column), r.number)
	}
	heading := g.header.texts[column]
	if heading == "" {
		heading = columnLetters(column)
	}
	return fmt.Sprintf("line %d, column %s", r.number, heading)
}

func (g *grid) rowName(r gridRow) string {
	if g.sheet != "" {
		return fmt.Sprintf("%s!%d", g.sheet, r.number)
	}
	return fmt.Sprintf("line %d", r.number)
}

// columnLetters names a column counted from zero: A, B, …, AA.
func columnLetters(i int) string {
	var letters []byte
	for i++; i > 0; i = (i - 1) / 26 {
		letters = append([]byte{byte('A' + (i-1)%26)}, letters...)
	}
	return string(letters)
}

func (g *grid) value(r gridRow, at int, kind Kind) Value {
	c := r.at(at)
	v := Value{Cell: g.name(r, at), text: c.text, number: c.number, bad: c.bad, serial: g.serial, year: g.year}
	if !v.bad.IsZero() {
		return v
	}
	switch kind {
	case Number:
		switch {
		case c.merged:
			v.bad = domain.Say("is merged with the cell above; each row must state its own number")
		case c.number != "" && strings.Contains(c.text, "%"):
			v.bad = domain.Say("is shown as a percentage; format the cell as a number and enter it again")
		case c.number != "" && otherMoney.MatchString(c.text):
			v.bad = domain.Say("is shown as other money, %s; state it in yuan (元)", c.text)
		case c.dated:
			v.bad = domain.Say("is a date; format the cell as a number and enter it again")
		}
	case Code:
		v.bad = spoiltCode(c)
		fallthrough
	case Text:
		if c.number != "" && strings.ContainsAny(c.text, "Ee") {
			v.text = c.number // 1.38E+10 is a telephone number
		}
		if c.dated {
			if t, timed, ok := g.serial.instant(c.number); ok && !timed {
				v.text = t.Format("2006-01-02")
			}
		}
		if len(strings.TrimLeft(c.number, "-")) > 15 && !strings.Contains(c.number, ".") {
			v.bad = domain.Say("is a number of more than 15 digits, of which the spreadsheet has lost the last; " + asText)
		}
	}
	return v
}

const asText = "format the cell as text and enter it again, or export the file again with the column as text"

// agreeing reads a cell, and holds it against the columns that mean the same.
func (g *grid) agreeing(r gridRow, at int, also []int, kind Kind) Value {
	v := g.value(r, at, kind)
	for _, other := range also {
		w := g.value(r, other, kind)
		switch {
		case w.Blank() || !v.bad.IsZero():
		case v.Blank():
			v = w
		case !sameValue(v, w, kind):
			v.bad = domain.Say("is not what %s says, %s; correct one, or say which of the two columns is meant (columns)",
				w.Cell, w.Shown())
		}
	}
	return v
}

func sameValue(v, w Value, kind Kind) bool {
	if kind == Date {
		a, err := v.Date()
		b, err2 := w.Date()
		return err == nil && err2 == nil && a == b
	}
	a, err := v.Price()
	b, err2 := w.Price()
	return err == nil && err2 == nil && a.Equal(b)
}

var (
	yearWritten = regexp.MustCompile(`(20[0-9]{2})(?:年|[-./][0-9]{1,2}|$)`)
	fullDate    = regexp.MustCompile(`^(20[0-9]{2})[-./年]?[0-9]{1,2}`)
)

// yearOfList is the year of dates that name none: the one that the title states,
// or all other dates of the list. Where two are named it is not known.
func (g *grid) yearOfList() int {
	years := make(map[int]bool)
	note := func(text string, of *regexp.Regexp) {
		for _, m := range of.FindAllStringSubmatch(text, -1) {
			years[number(m[1])] = true
		}
	}
	for _, r := range g.rows[:g.header.row] {
		for _, c := range r.cells {
			note(strings.ReplaceAll(c.text, " ", ""), yearWritten)
		}
	}
	note(g.sheet, yearWritten)
	if len(years) == 0 {
		for _, r := range g.rows[g.header.row+g.header.depth:] {
			for field, at := range g.header.columns {
				if slices.Contains(g.header.dates, field) {
					note(r.at(at).text, fullDate)
				}
			}
		}
	}
	if len(years) != 1 {
		return 0
	}
	for y := range years {
		return y
	}
	return 0
}

// decimalOf reads a cell as a number, with or without a unit or the marks of
// the currency.
func (v Value) decimalOf() (decimal.Decimal, bool) {
	if d, err := v.Price(); err == nil {
		return d, true
	}
	d, err := v.Quantity()
	return d, err == nil
}

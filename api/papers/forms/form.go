// Package forms renders the trade's papers from what the log holds: as a
// spreadsheet, as a page to print and as a PDF. Each paper is a plain struct that
// lays itself out as a Form; Form.XLSX, Form.Print and Form.PDF are the ways of
// writing any of them. Papers are in Chinese; English stands in the subtitle, and
// below the headers of the lists that are read back.
package forms

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/letterhead"
)

// Form is a paper as the trade knows it, ready to be laid out.
type Form struct {
	Title      string        // 对账单
	Subtitle   string        // in English
	Code       string        // of the form: VKWY7.5.1-J02-03-F1
	Wide       bool          // on A4 across
	On         calendar.Date // what it shows is of this day; zero: of today
	Marks      string        // printed across: draft, superseded
	Letterhead []string      // who sends it: the name, and below it address and contact
	Head       []Field
	Tables     []Table
	Foot       []Field
	Notes      []string // below that, each in a line of its own
	Replies    []string // boxes to tick
	Replied    int      // which of them was ticked, from 1 on; 0: none yet
	Signs      []Field  // who signs, in order; the value is who did, and when
	Seal       string   // where it comes from: hash and version
}

// Field is one labelled value.
type Field struct{ Label, Value string }

// Table is one block of a form: rows of text under headers, or labelled boxes.
// Amounts and quantities are text of exact digits.
type Table struct {
	Title   string
	Columns []Column
	Rows    [][]string
	Total   []string // closes the rows
	Least   int      // rows to print at least; what is missing is left empty, to be written by hand
	// Boxes are rows of labelled boxes over the whole width, in place of columns.
	Boxes [][]Field
	// Sheet names the worksheet that begins with this table, and begins a page of
	// its own on paper. Empty: it follows the one before.
	Sheet string
}

// Column is one column of a table.
type Column struct {
	Header string // Chinese, and English below it after a line break
	Kind   Kind
	// Block is the part of a wide table that the column is printed in: the blocks
	// of a table stand one after the other on paper, each after the table's first
	// column, and beside one another on a worksheet. It does not fall from left to
	// right.
	Block int
	// Written is true of a column that is filled in by hand, and needs the room.
	Written bool
}

// Kind is what a column holds.
type Kind uint8

const (
	Text   Kind = iota
	Amount      // yuan with two decimals
	Number      // a quantity or a price
	Date        // 2026-09-25
	Moment      // 2026-09-25 14:05 or with seconds
)

func columns(kind Kind, headers []string) []Column {
	out := make([]Column, len(headers))
	for i, h := range headers {
		out[i] = Column{Header: h, Kind: kind}
	}
	return out
}

func texts(headers ...string) []Column   { return columns(Text, headers) }
func amounts(headers ...string) []Column { return columns(Amount, headers) }
func numbers(headers ...string) []Column { return columns(Number, headers) }
func dates(headers ...string) []Column   { return columns(Date, headers) }
func moments(headers ...string) []Column { return columns(Moment, headers) }

// written gives columns the room to be filled in by hand.
func written(lists ...[]Column) []Column {
	all := slices.Concat(lists...)
	for i := range all {
		all[i].Written = true
	}
	return all
}

// inBlock puts columns into a part of a wide table.
func inBlock(block int, lists ...[]Column) []Column {
	all := slices.Concat(lists...)
	for i := range all {
		all[i].Block = block
	}
	return all
}

// Lines are the rows as they are printed: padded with empty ones, the total
// left out.
func (t Table) Lines() [][]string {
	rows := slices.Clip(t.Rows)
	for len(rows) < t.Least {
		rows = append(rows, make([]string, len(t.Columns)))
	}
	return rows
}

// footing stands at the foot of every page: which paper it is of, and of what, so
// that a loose page finds its way back.
func (f Form) footing() string {
	text, said := f.Title, 0
	for _, h := range f.Head {
		name := h.Label != projectsCounted && len(h.Value) > 3 && len(h.Value) < 60 // not a list of projects, either
		if name && said < footed && len(text)+len(h.Value) < footRoom {
			text, said = text+"　"+h.Value, said+1
		}
	}
	return text
}

// footed is how many values of its head a paper's pages have at their foot, where
// there is room for them beside the number of the page, in bytes: the month, its
// days and the project, or the center and the quarter.
const footed, footRoom = 3, 160

// projectsCounted (项目数) is the name of what the head of a region's paper says of how many
// projects there are, and how many of them filed: a count that says nothing without its name.
const projectsCounted = "项目数"

// Shown reports whether the table has anything to print.
func (t Table) Shown() bool { return len(t.Lines()) > 0 || len(t.Boxes) > 0 }

// orNone is the table, which says that there is nothing where it has no rows: a paper
// without lines shows its list all the same. Lists that are read back stay empty.
func (t Table) orNone() Table {
	if len(t.Rows) > 0 {
		return t
	}
	row := make([]string, len(t.Columns))
	row[max(0, slices.IndexFunc(t.Columns, func(c Column) bool { return c.Kind == Text }))] = "无"
	t.Rows = [][]string{row}
	return t
}

// Numeric reports whether a column is set to the right.
func (t Table) Numeric(i int) bool {
	return i < len(t.Columns) && (t.Columns[i].Kind == Amount || t.Columns[i].Kind == Number)
}

// blocks cuts a wide table into what is printed one after the other.
func (t Table) blocks() []Table {
	if len(t.Columns) == 0 || t.Columns[len(t.Columns)-1].Block == 0 {
		return []Table{t}
	}
	var out []Table
	for block := range t.Columns[len(t.Columns)-1].Block + 1 {
		part := Table{Least: t.Least}
		if block == 0 {
			part.Title, part.Sheet = t.Title, t.Sheet
		}
		pick := func(i int) bool { return i == 0 || t.Columns[i].Block == block }
		row := func(r []string) (picked []string) {
			for i, v := range r {
				if pick(i) {
					picked = append(picked, v)
				}
			}
			return picked
		}
		for i, c := range t.Columns {
			if pick(i) {
				part.Columns = append(part.Columns, Column{Header: c.Header, Kind: c.Kind, Written: c.Written})
			}
		}
		for _, r := range t.Rows {
			part.Rows = append(part.Rows, row(r))
		}
		if total := row(t.Total); slices.ContainsFunc(total[min(1, len(total)):], func(v string) bool { return v != "" }) {
			part.Total = total // a block of which there is none has no row for it
		}
		out = append(out, part)
	}
	return out
}

func labelSpan(n int) int {
	if n > 2 {
		return 1
	}
	return 2
}

// Paper is a form of the trade that knows its layout.
type Paper interface{ Lay() Form }

// Sent puts who sends the form above it.
func (f Form) Sent(l letterhead.Letterhead) Form {
	f.Letterhead = l.Lines()
	return f
}

// ToPay says, with what closes the form, where to pay.
func (f Form) ToPay(l letterhead.Letterhead) Form {
	f.Foot = append(slices.Clip(f.Foot), Field{"收款账户", l.PayTo()})
	return f
}

// Named puts what people were called on the form's day beside their logins.
func (f Form) Named(b letterhead.Book) Form {
	if b.Names == nil {
		return f
	}
	return f.changed(func(kind Kind, text string) string {
		if kind != Text {
			return text
		}
		return b.Named(text, f.On)
	})
}

// plain is the form without what no paper carries: control characters, what is no
// character, and what turns the order of letters round. They come along when texts
// are copied, or are sent to see what happens.
func (f Form) plain() Form {
	clean := func(text string) string {
		return strings.Map(func(r rune) rune {
			switch {
			case r == '\n' || r == '\t':
				return r
			case unicode.IsControl(r), r == utf8.RuneError, r&0xfffe == 0xfffe, 0xfdd0 <= r && r <= 0xfdef,
				0x202a <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069:
				return -1
			}
			return r
		}, text)
	}
	all := func(in []string) (out []string) {
		for _, text := range in {
			out = append(out, clean(text))
		}
		return out
	}
	f = f.changed(func(_ Kind, text string) string { return clean(text) })
	f.Seal, f.Letterhead, f.Replies, f.Notes = clean(f.Seal), all(f.Letterhead), all(f.Replies), all(f.Notes)
	return f
}

// changed is the form with every value and every cell written anew.
func (f Form) changed(write func(Kind, string) string) Form {
	fields := func(in []Field) (out []Field) {
		for _, x := range in {
			out = append(out, Field{x.Label, write(Text, x.Value)})
		}
		return out
	}
	f.Head, f.Foot, f.Signs = fields(f.Head), fields(f.Foot), fields(f.Signs)
	f.Tables = slices.Clone(f.Tables)
	for i := range f.Tables {
		t := &f.Tables[i]
		rows, boxes := make([][]string, len(t.Rows)), make([][]Field, len(t.Boxes))
		for j, r := range t.Rows {
			rows[j] = slices.Clone(r)
			for k, v := range r {
				if k < len(t.Columns) {
					rows[j][k] = write(t.Columns[k].Kind, v)
				}
			}
		}
		for j, r := range t.Boxes {
			boxes[j] = fields(r)
		}
		t.Rows, t.Boxes = rows, boxes
	}
	return f
}

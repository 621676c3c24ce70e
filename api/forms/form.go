// Package forms renders the trade's papers from what the log holds: as a
// spreadsheet and as a page to print. Each paper is a plain struct that lays
// itself out as a Form; Form.XLSX and Form.Print are the two ways of writing
// any of them.
package forms

import "slices"

// Form is a paper as the trade knows it, ready to be laid out.
type Form struct {
	Title    string // 对账单
	Subtitle string // in English
	Code     string // of the form: vkwy7.5.1-j02-03-f1
	Wide     bool   // on A4 across
	Marks    string // printed across: draft, superseded
	Head     []Field
	Tables   []Table
	Foot     []Field
	Replies  []string // boxes to tick
	Signs    []Field  // who signs, in order; the value is who did, and when
	Seal     string   // where it comes from: hash and version
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
}

// Column is one column of a table.
type Column struct {
	Header string // Chinese, and English below it after a line break
	Kind   Kind
}

// Kind is what a column holds.
type Kind uint8

const (
	Text   Kind = iota
	Amount      // yuan with two decimals
	Number      // a quantity or a price
)

func columns(kind Kind, headers []string) []Column {
	out := make([]Column, len(headers))
	for i, h := range headers {
		out[i] = Column{h, kind}
	}
	return out
}

func texts(headers ...string) []Column   { return columns(Text, headers) }
func amounts(headers ...string) []Column { return columns(Amount, headers) }
func numbers(headers ...string) []Column { return columns(Number, headers) }

// Lines are the rows as they are printed: padded with empty ones, the total
// left out.
func (t Table) Lines() [][]string {
	rows := slices.Clip(t.Rows)
	for len(rows) < t.Least {
		rows = append(rows, make([]string, len(t.Columns)))
	}
	return rows
}

// Shown reports whether the table has anything to print.
func (t Table) Shown() bool { return len(t.Lines()) > 0 || len(t.Boxes) > 0 }

// Numeric reports whether a column is set to the right.
func (t Table) Numeric(i int) bool { return i < len(t.Columns) && t.Columns[i].Kind != Text }

// span is how many of the width's twelfths the value of a box takes where n of
// them stand in a row, each after its label.
func span(n int) int { return 12/n - labelSpan(n) }

func labelSpan(n int) int {
	if n > 2 {
		return 1
	}
	return 2
}

// Paper is a form of the trade that knows its layout.
type Paper interface{ Lay() Form }

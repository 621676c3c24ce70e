// Package sheet reads the lists that a department keeps in spreadsheets: CSV
// and XLSX, with title rows above the header, a total row at the end and
// signatures below it. It finds the columns by the names that people give them,
// and reads each value exactly or says why it cannot, and in which cell.
//
// Nothing is guessed that could be read in two ways, nothing is rounded, and no
// row is passed over unless it is blank or states no more than a total.
package sheet

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"aftersales-ledger/domain"
)

// Limits on what is read, against mistakes and malice alike.
const (
	MaxBytes      = 16 << 20  // of the file
	maxUnzipped   = 128 << 20 // of all parts of an XLSX file
	maxRows       = 50_000    // of data
	maxColumns    = 1_000
	maxCellLength = 32_767 // in characters, as in spreadsheet programs
	headerWithin  = 60     // non-blank rows from the top that are searched for the header
)

// Kind says how the cells of a column are read where that matters to a
// spreadsheet: a number may be shown as a text, a merged cell may speak for
// several rows.
type Kind uint8

const (
	Text   Kind = iota // as a person sees it
	Number             // exact; a merged cell states one number, not one per row
	Date               // a date or a date with a time of day
	YesNo
)

// Column is a column that a list may have, under the names given to it.
type Column struct {
	Field    string // name of the value in errors and in Row.Value
	Kind     Kind
	Names    []string // the best first: if several columns of a file bear one of them, the better is read
	Required bool
}

// Layout is what a kind of list may consist of.
type Layout struct {
	Name    string // for errors: "charge list"
	Columns []Column
	Total   string // field whose column a total row states
	// Aside names columns that are known and say nothing of their own, such as
	// running numbers and units.
	Aside []string
}

// List is what was read of a file.
type List struct {
	Format  string // "csv" or "xlsx"
	Charset string // of CSV: "UTF-8", "UTF-16" or "GB18030"
	Sheet   string // of XLSX
	Rows    []Row
	Totals  []Total
	Passed  []Row    // the rows that Ignored counts, for lists that say more in them than one sum
	Ignored int      // rows below the header that hold something, but no data: totals, signatures, the header again
	Unread  []string // headings of columns that were not recognised
}

// Row is one row of data.
type Row struct {
	Number int // in the file, counted from 1; of CSV the line on which it begins
	place  string
	values map[string]Value
	grid   *grid
	source gridRow
}

// Value returns the cell of a field. Where the file has no such column it is
// blank, and its Cell names the row.
func (r Row) Value(field string) Value {
	if v, ok := r.values[field]; ok {
		return v
	}
	return Value{Cell: r.place}
}

// Has reports whether the file has a column for a field.
func (r Row) Has(field string) bool {
	_, ok := r.values[field]
	return ok
}

// Cells returns the cells of the row that say something, whether or not their
// columns are read.
func (r Row) Cells() []Value {
	var out []Value
	for i, c := range r.source.cells {
		if v := r.grid.value(r.source, i, Text); !v.Blank() && !c.merged {
			out = append(out, v)
		}
	}
	return out
}

// Total is a row that states the sum of the rows above it.
type Total struct {
	Word  string // 合计, 总计, …
	Row   int
	Value Value
}

// Read reads the list in a file, whose format it recognises by its content.
// sheet names the worksheet of an XLSX file; empty is the first. Errors are
// *domain.Rejection.
func Read(file []byte, sheet string, layout Layout) (*List, error) {
	if len(file) == 0 {
		return nil, unreadable("file-empty", "the file is empty")
	}
	if len(file) > MaxBytes {
		return nil, unreadable("file-too-large", "the file has %d bytes; at most %d are read", len(file), MaxBytes)
	}
	switch {
	case strings.HasPrefix(string(file[:min(4, len(file))]), "PK"):
		return readXLSX(file, sheet, layout)
	case strings.HasPrefix(string(file[:min(4, len(file))]), "\xd0\xcf\x11\xe0"):
		return nil, unreadable("file-format", "the file is an old .xls workbook or is protected by a password; save it as .xlsx without one, or as .csv")
	}
	if sheet != "" {
		return nil, domain.Invalid("sheet", domain.Clip(sheet), "no-sheets", "a CSV file has no worksheets to choose from", "")
	}
	return readCSV(file, layout)
}

var errTooManyRows = unreadable("too-many-rows", "the file has more than %d rows; split it", maxRows)

func unreadable(code string, rule domain.Sentence, args ...any) error {
	return domain.Invalid("file", "", code, rule, "", args...)
}

// cell is what a file holds at one place.
type cell struct {
	text   string      // as shown, cleaned
	number string      // of a numeric cell of XLSX: exact decimal; else empty
	bad    domain.Text // why it cannot be read; else empty
	merged bool        // shows the text of a merged cell that began in a row above
}

func (c cell) blank() bool { return c.text == "" && c.bad.IsZero() }

// gridRow is one row of a file that is not blank.
type gridRow struct {
	number int
	cells  []cell
}

func (r gridRow) at(column int) cell {
	if column < len(r.cells) {
		return r.cells[column]
	}
	return cell{}
}

// grid is a whole file: its rows that are not blank, in order.
type grid struct {
	sheet  string // worksheet; empty for CSV
	rows   []gridRow
	header []cell // once found
	serial serialDates
}

// name tells people where a cell is: Sheet1!F12, or line 12, column 费用.
func (g *grid) name(r gridRow, column int) string {
	if g.sheet != "" {
		return fmt.Sprintf("%s!%s%d", g.sheet, columnLetters(column), r.number)
	}
	heading := gridRow{cells: g.header}.at(column).text
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

// header is where the columns of a layout stand in a file.
type header struct {
	row     int // index in grid.rows
	columns map[string]int
	unread  []string
}

// read takes the grid apart.
func (g *grid) read(layout Layout) (*List, error) {
	h, err := g.findHeader(layout)
	if err != nil {
		return nil, err
	}
	g.header = g.rows[h.row].cells
	list := &List{Unread: h.unread}
	for _, r := range g.rows[h.row+1:] {
		word, total, isTotal := g.totalIn(r, h, layout)
		switch {
		case isTotal:
			list.pass(g.row(r, h, layout))
			if !total.Blank() {
				list.Totals = append(list.Totals, Total{Word: word, Row: r.number, Value: total})
			}
		case g.saysNothing(r, h, layout), isSignature(r), g.repeatsHeader(r, h):
			list.pass(g.row(r, h, layout))
		case len(list.Rows) == maxRows:
			return nil, errTooManyRows
		default:
			list.Rows = append(list.Rows, g.row(r, h, layout))
		}
	}
	return list, nil
}

func (l *List) pass(r Row) {
	l.Passed = append(l.Passed, r)
	l.Ignored++
}

func (g *grid) row(r gridRow, h header, layout Layout) Row {
	row := Row{Number: r.number, place: g.rowName(r), values: make(map[string]Value, len(h.columns)), grid: g, source: r}
	for _, c := range layout.Columns {
		if at, ok := h.columns[c.Field]; ok {
			row.values[c.Field] = g.value(r, at, c.Kind)
		}
	}
	return row
}

func (g *grid) value(r gridRow, at int, kind Kind) Value {
	c := r.at(at)
	v := Value{Cell: g.name(r, at), text: c.text, number: c.number, bad: c.bad, serial: g.serial}
	if c.merged && kind == Number && v.bad.IsZero() {
		v.bad = domain.Say("is merged with the cell above; each row must state its own number")
	}
	if kind == Text && c.number != "" && strings.ContainsAny(c.text, "Ee") {
		v.text = c.number // 1.38E+10 is a telephone number
	}
	if kind == Text && v.bad.IsZero() && len(strings.TrimLeft(c.number, "-")) > 15 && !strings.Contains(c.number, ".") {
		v.bad = domain.Say("is a number of more than 15 digits, of which the spreadsheet has lost the last; format the cell as text and enter it again")
	}
	return v
}

// findHeader finds the row that names the columns: the first that names all
// required ones, else the one that comes closest, for the error.
func (g *grid) findHeader(layout Layout) (header, error) {
	var best header
	var missing []Column
	for i, r := range g.rows[:min(headerWithin, len(g.rows))] {
		h, lacks, err := g.headerIn(r, layout)
		if err != nil && len(lacks) == 0 {
			return header{}, err
		}
		h.row = i
		if len(lacks) == 0 {
			return h, nil
		}
		if len(h.columns) > len(best.columns) {
			best, missing = h, lacks
		}
	}
	if len(best.columns) < 2 {
		return header{}, unreadable("no-header", "no row names the columns of a %s: %s", layout.Name, joinNames(layout.required()))
	}
	return header{}, domain.Invalid("file", g.rowName(g.rows[best.row]), "column-missing",
		"names the columns, but not %s of a %s", "", joinNames(missing), layout.Name)
}

func (l Layout) required() []Column {
	return slices.DeleteFunc(slices.Clone(l.Columns), func(c Column) bool { return !c.Required })
}

func joinNames(columns []Column) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Names[0] + " (" + c.Field + ")"
	}
	return strings.Join(names, ", ")
}

// headerIn reads a row as a header and tells which required columns it lacks.
func (g *grid) headerIn(r gridRow, layout Layout) (h header, lacks []Column, err error) {
	h.columns = make(map[string]int)
	taken := make(map[int]bool)
	for _, c := range layout.Columns {
		at, rank, twice := -1, len(c.Names), -1
		for i, cell := range r.cells {
			n := c.rank(cell.text)
			switch {
			case n < 0:
			case n < rank:
				at, rank, twice = i, n, -1
			case n == rank && !cell.merged:
				twice = i
			}
		}
		switch {
		case twice >= 0 && err == nil:
			err = domain.Invalid("file", g.name(r, twice), "column-twice",
				"is headed %q like %s; only one column may be", "", r.at(twice).text, g.name(r, at))
		case at >= 0:
			h.columns[c.Field], taken[at] = at, true
		case c.Required:
			lacks = append(lacks, c)
		}
	}
	for i, cell := range r.cells {
		if name := canonical(cell.text); name != "" && !taken[i] && !slices.Contains(layout.Aside, name) {
			h.unread = append(h.unread, cell.text)
		}
	}
	return h, lacks, err
}

// rank returns the place of a heading among the column's names, or -1.
func (c Column) rank(heading string) int {
	if heading == "" || utf8.RuneCountInString(heading) > 60 {
		return -1
	}
	whole := canonical(heading)
	for _, name := range []string{whole, chineseOf(whole), latinOf(whole)} {
		if i := slices.Index(c.Names, name); name != "" && i >= 0 {
			return i
		}
	}
	return -1
}

// totalIn recognises a row that states a total, and returns its word and the
// stated sum, blank where it states none (such as the sum in capitals alone).
func (g *grid) totalIn(r gridRow, h header, layout Layout) (word string, total Value, ok bool) {
	first := true
	for i, c := range r.cells {
		if c.blank() {
			continue
		}
		w, rest, found := cutTotalWord(c.text)
		if found && (first || rest == "") {
			word, ok = w, true
			if n := strings.TrimSpace(rest); n != "" {
				if _, err := ParseAmount(n); err == nil {
					total = Value{Cell: g.name(r, i), text: n}
				}
			}
			break
		}
		first = false
	}
	if !ok || word == "" {
		return word, Value{}, ok
	}
	if at, known := h.columns[layout.Total]; known && !r.at(at).blank() {
		if _, _, label := cutTotalWord(r.at(at).text); !label {
			total = g.value(r, at, Number)
		}
	}
	return word, total, true
}

// saysNothing tells a row without a value in any column that is read: a blank
// one, or one of a template that holds no more than its number and sums of 0.
func (g *grid) saysNothing(r gridRow, h header, layout Layout) bool {
	for _, c := range layout.Columns {
		at, ok := h.columns[c.Field]
		if !ok {
			continue
		}
		v := r.at(at)
		if v.blank() || v.merged || isPlaceholder(v.text) {
			continue
		}
		if c.Kind == Number && v.bad.IsZero() && isZero(v) {
			continue
		}
		return false
	}
	return true
}

func (g *grid) repeatsHeader(r gridRow, h header) bool {
	for _, at := range h.columns {
		if r.at(at).text != g.rows[h.row].at(at).text {
			return false
		}
	}
	return true
}

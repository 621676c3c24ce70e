// Package sheet reads the lists that a department keeps in spreadsheets: CSV,
// XLSX and the web pages that banks name .xls, with title rows above the header,
// headers of up to three rows, totals anywhere, and signatures below. It finds
// the columns by the names that people give them, and reads each value exactly
// or says why it cannot, and in which cell.
//
// Nothing is guessed that could be read in two ways, nothing is rounded, and
// nothing is passed over unnamed: a list says which column was read as what,
// which rows were no data and why, what its totals state, and which sheets and
// rows nobody sees. A column that carries a quantity, a price, an amount, a
// date, a direction, a reference or a counter-party is read, or the file is
// refused with its name.
package sheet

import (
	"slices"
	"strings"

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

// Options say how a file is read. The zero value reads the one list that is
// seen in it.
type Options struct {
	// Sheet names the worksheet of a workbook, several with a / between them, or
	// with * every one that is seen and has the same header.
	Sheet string
	// Columns names headings by field where they are no usual ones; see Layout.Map.
	Columns map[string]string
	// Hidden reads the rows that a filter hides, too.
	Hidden bool
}

// List is what was read of a file.
type List struct {
	Format   string    // "csv", "xlsx" or "html"
	Charset  string    // of CSV: "UTF-8", "UTF-16" or "GB18030"
	Sheets   []string  // worksheets read, in the order of the workbook
	Others   []Other   // worksheets not read
	Headings []Heading // every column of the (first) header, and what it was read as
	Above    []Row     // rows above the header: titles, accounts, totals stated there
	Rows     []Row     // of data
	Passed   []Passed  // rows from the header on that are no data, in order
	Hidden   []Row     // rows of data that nobody sees, and that were not read for this
	Totals   []Total   // what the file states of itself
	// HiddenRead counts the hidden rows among Rows.
	HiddenRead int
}

// Unread returns the headings of columns that are neither read nor known to say
// nothing of their own.
func (l *List) Unread() []string {
	var out []string
	for _, h := range l.Headings {
		if h.Field == "" && !h.Aside {
			out = append(out, h.Text)
		}
	}
	return out
}

// Other is a worksheet that was not read.
type Other struct {
	Name string
	Why  string // OtherHidden, OtherBlank, OtherNoList or OtherNotChosen
}

// Why a worksheet was not read.
const (
	OtherHidden    = "HIDDEN"
	OtherBlank     = "BLANK"
	OtherNoList    = "NO_LIST"
	OtherNotChosen = "NOT_CHOSEN"
)

// Heading is a column of a file.
type Heading struct {
	Cell   string // of its lowest heading, such as 11月!F3 or line 1, column 数量
	Column string // its letters
	Text   string // as it stands there; of a group, 收费情况/数量
	Field  string // what it was read as; empty: not read
	Title  string // the same as people call it
	Aside  bool   // not read, and known to say nothing of its own
	Beside string // not read, since this heading means the same and was read
	Hidden bool   // nobody sees the column
}

// Why a row was passed over.
type Why string

const (
	Blank       Why = "BLANK"       // 以下空白, or a row of the template
	Header      Why = "HEADER"      // the heads again, or in another language
	TitleAgain  Why = "TITLE"       // a title of the list, above or within it
	Footer      Why = "FOOTER"      // 第1页 共2页
	Signature   Why = "SIGNATURE"   // 制表人：, and notes
	Capitals    Why = "CAPITALS"    // 金额（大写）
	GrandTotal  Why = "TOTAL"       // 合计
	SectionSum  Why = "SUBTOTAL"    // 小计, of a group or a page
	BroughtOver Why = "CARRIED"     // 承前页, 过次页, 累计
	Unnamed     Why = "UNNAMED_SUM" // figures alone that are the sums of those above
	KindHeading Why = "GROUP"       // the name of a group over its rows
)

// Passed is a row that is no data.
type Passed struct {
	Row
	Why   Why
	after int // how many rows of data stand above
}

// Row is one row of a file.
type Row struct {
	Number int // in the file, counted from 1; of CSV the line on which it begins
	place  string
	values map[string]Value
	grid   *grid
	source gridRow
}

// Place names the row: Sheet1!12, or line 12.
func (r Row) Place() string { return r.place }

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

// Under returns the cell of the row under a heading, as text, whether or not its
// column is read.
func (r Row) Under(h Heading) Value { return r.grid.value(r.source, columnIndex(h.Column), Text) }

// Text joins what the row says, for people.
func (r Row) Text() string {
	var out []string
	for _, v := range r.Cells() {
		out = append(out, v.Shown())
	}
	return domain.Clip(strings.Join(out, " "))
}

// Read reads the list in a file, whose format it recognises by its content.
// Errors are *domain.Rejection.
func Read(file []byte, o Options, layout Layout) (*List, error) {
	if len(file) == 0 {
		return nil, unreadable("file-empty", "the file is empty")
	}
	if len(file) > MaxBytes {
		return nil, unreadable("file-too-large", "the file has %d bytes; at most %d are read", len(file), MaxBytes)
	}
	layout, err := layout.Map(o.Columns)
	if err != nil {
		return nil, err
	}
	switch {
	case strings.HasPrefix(string(file[:min(4, len(file))]), "PK"):
		return readXLSX(file, o, layout)
	case strings.HasPrefix(string(file[:min(4, len(file))]), "\xd0\xcf\x11\xe0"):
		return nil, unreadable("file-format",
			"the file is an old .xls workbook or is protected by a password; save it as .xlsx without one, or as .csv")
	}
	if format := foreignFile(file); format != "" {
		return nil, unreadable("file-format",
			"the file is a document (%s), and no list; open it in a spreadsheet program and save it as .xlsx (另存为 Excel 工作簿)",
			format)
	}
	if o.Sheet != "" {
		return nil, domain.Invalid("worksheet", domain.Clip(o.Sheet), "no-sheets",
			"only a workbook has worksheets to choose from", "")
	}
	text, charset, err := decode(file)
	if err != nil {
		return nil, err
	}
	switch markupOf(text) {
	case "html":
		return readHTML(text, charset, o, layout)
	case "xml":
		return nil, unreadable("file-format",
			"the file is a workbook saved as XML (XML 表格 2003) under another name; open it and save it as .xlsx (另存为 Excel 工作簿)")
	}
	return readCSV(text, charset, o, layout)
}

var errTooManyRows = unreadable("too-many-rows", "the file has more than %d rows; split it", maxRows)

func unreadable(code string, rule domain.Sentence, args ...any) error {
	return domain.Invalid("file", "", code, rule, "", args...)
}

// read takes a grid apart.
func (g *grid) read(layout Layout, o Options) (*List, error) {
	h, err := g.findHeader(layout)
	if err != nil {
		return nil, err
	}
	if err := g.checkHeadings(h, layout); err != nil {
		return nil, err
	}
	g.header = h
	g.year = g.yearOfList()
	list := &List{Headings: h.headings}
	for _, r := range g.rows[:h.row] {
		list.Above = append(list.Above, g.row(r, layout))
	}
	for _, r := range g.rows[h.row+h.depth:] {
		row := g.row(r, layout)
		why := g.sort(r, layout, list.Rows)
		if at, moved := g.movedHeading(r, layout); moved {
			return nil, unreadable("header-moved",
				"names the columns again at %s, %s, in another order than above; keep the columns in one order, or send each part as a file of its own",
				g.name(r, at), domain.Clip(r.at(at).text))
		}
		switch {
		case why != "":
			list.Passed = append(list.Passed, Passed{Row: row, Why: why, after: len(list.Rows)})
			continue
		case r.hidden && !o.Hidden:
			list.Hidden = append(list.Hidden, row)
			continue
		case r.hidden:
			list.HiddenRead++
		case len(list.Rows) == maxRows:
			return nil, errTooManyRows
		}
		list.Rows = append(list.Rows, row)
	}
	if !layout.Movements { // whose reader knows more of currencies
		if err := g.otherCurrency(h, list); err != nil {
			return nil, err
		}
	}
	g.spoilt(list, layout)
	g.total(list, layout)
	return list, nil
}

func (g *grid) row(r gridRow, layout Layout) Row {
	row := Row{
		Number: r.number, place: g.rowName(r), values: make(map[string]Value, len(g.header.columns)), grid: g, source: r,
	}
	for _, c := range layout.Columns {
		if at, ok := g.header.columns[c.Field]; ok {
			v := g.agreeing(r, at, g.header.also[c.Field], c.Kind)
			if why := g.torn(r, at, layout); c.Kind == Number && v.bad.IsZero() && !why.IsZero() {
				v.bad = why
			}
			row.values[c.Field] = v
		}
	}
	return row
}

// join appends what was read of another worksheet.
func (l *List) join(other *List) {
	offset := len(l.Rows)
	for _, t := range other.Totals {
		t.shift(offset)
		l.Totals = append(l.Totals, t)
	}
	l.Sheets = append(l.Sheets, other.Sheets...)
	l.Above = append(l.Above, other.Above...)
	l.Rows = append(l.Rows, other.Rows...)
	l.Passed = append(l.Passed, other.Passed...)
	l.Hidden = append(l.Hidden, other.Hidden...)
	l.HiddenRead += other.HiddenRead
}

// fields returns what is read, for the comparison of two headers.
func (h header) fields() []string {
	out := make([]string, 0, len(h.columns))
	for field := range h.columns {
		out = append(out, field)
	}
	slices.Sort(out)
	return out
}

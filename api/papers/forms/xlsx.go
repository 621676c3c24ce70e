package forms

import (
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
)

// XLSX writes the form as worksheets that print on A4 at their own size: within
// margins, with page numbers, and with the headers of a list on each of its
// pages. Amounts, numbers, dates and times are values, not texts; a spreadsheet
// keeps 15 digits, and what is longer is written as text.
func (f Form) XLSX(w io.Writer) (err error) {
	file := excelize.NewFile()
	defer func() { _ = file.Close() }()
	if err := errors.Join(file.SetDefaultFont(measuringFont), f.sign(file)); err != nil {
		return err
	}
	f = f.plain()
	l := f.place(true)
	styles := make(map[cellLook]int)
	for i, s := range l.sections {
		x := &sheetWriter{
			typefaces: spreadsheetFaces(), file: file, form: f, wide: l.wide, name: sheetName(s.name), styles: styles,
		}
		if i == 0 {
			x.do(file.SetSheetName("Sheet1", x.name))
		} else {
			_, err := file.NewSheet(x.name)
			x.do(err)
		}
		if x.write(s); x.err != nil {
			return fmt.Errorf("form %s: %w", f.Title, x.err)
		}
	}
	return file.Write(w)
}

// program is what says in a file's properties that it made it.
const program = "aftersales-ledger"

// sign writes into a workbook's properties who sends the form and of which day it is. No
// clock is asked: the same form is the same file.
func (f Form) sign(file *excelize.File) error {
	by := program
	if len(f.Letterhead) > 0 {
		by = f.Letterhead[0]
	}
	props := excelize.DocProperties{Creator: by, LastModifiedBy: by, Title: f.Title}
	if f.On != 0 {
		props.Created = f.On.UTC().Format(time.RFC3339)
		props.Modified = props.Created
	}
	return errors.Join(file.SetDocProps(&props), file.SetAppProps(&excelize.AppProperties{Application: program}))
}

// sheetName is at most what a spreadsheet takes.
func sheetName(name string) string {
	r := []rune(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return ' '
		}
		return r
	}, name))
	return string(r[:min(len(r), 31)])
}

// sheetWriter writes one worksheet and keeps the first error.
type sheetWriter struct {
	*typefaces
	file   *excelize.File
	form   Form
	wide   bool
	name   string
	edges  []float64 // of the columns, in points
	styles map[cellLook]int
	err    error
}

// cellLook is what tells one style of cells from another.
type cellLook struct {
	style style
	size  float64
	kind  Kind
	// seconds: a time that has them
	seconds bool
}

func (x *sheetWriter) do(err error) {
	if x.err == nil {
		x.err = err
	}
}

const (
	spreadsheetFont = "宋体"
	// measuringFont is the one whose digits are the unit of a column's width. Where
	// it is not, DejaVu Sans takes its place, with digits of the same width.
	measuringFont = "Verdana"
	// pointsPerWidth is how wide that unit is: 9 pixels.
	pointsPerWidth = 6.75
	// highestRow is what a spreadsheet takes.
	highestRow = 409.0
	// slack is what of a page is left free, for programs that measure otherwise.
	slack = .96
)

func (x *sheetWriter) write(s section) {
	x.edges = edgesOf(s)
	var settled []strip
	for i := range s.strips {
		x.settle(&s.strips[i], s.keys > 0)
		settled = append(settled, x.divided(s.strips[i], highestRow)...)
	}
	s.strips = settled
	for i := 1; i < len(x.edges); i++ {
		name := x.column(i)
		x.do(x.file.SetColWidth(x.name, name, name, (x.edges[i]-x.edges[i-1])*slack/pointsPerWidth))
	}
	header, last := 0, 0
	for i, strip := range s.strips {
		row := i + 1
		x.do(x.file.SetRowHeight(x.name, row, strip.height))
		for _, c := range strip.cells {
			x.cell(row, c)
		}
		if s.lists == 1 && header == 0 && len(strip.cells) > 0 && strip.cells[0].style == headerCell {
			header = row
		}
		last = row
	}
	x.setUp(s, header, last)
}

// edgesOf are the columns of a sheet: those that its cells need. Where it has one
// list and no boxes the list has its columns to itself, and what else stands on
// the sheet is moved to their edges.
func edgesOf(s section) []float64 {
	plain := s.lists == 1
	var list, all []float64
	for _, strip := range s.strips {
		for _, c := range strip.cells {
			plain = plain && c.style != boxLabel
			if c.style == headerCell {
				list = append(list, c.from, c.to)
			}
			all = append(all, c.from, c.to)
		}
	}
	if edges := distinct(list); plain && len(edges) > 1 && s.fits(edges) {
		return edges
	}
	if edges := distinct(all); len(edges) > 1 {
		return edges
	}
	return []float64{0, 100}
}

// distinct are edges in order, of which those that nearly meet are one.
func distinct(all []float64) (edges []float64) {
	slices.Sort(all)
	const near = 7 // points
	for _, e := range all {
		if n := len(edges); n == 0 || e-edges[n-1] > near {
			edges = append(edges, e)
		}
	}
	return edges
}

// fits reports whether a sheet's one list has a column for each that stand beside one
// another elsewhere on it, and whether those who sign, and what is a value, have room
// enough between its columns.
func (s section) fits(edges []float64) bool {
	const digit, name = .65, 80 // of the size; points
	for _, strip := range s.strips {
		if len(strip.cells) >= len(edges) {
			return false
		}
		for _, c := range seat(slices.Clone(strip.cells), edges, s.keys > 0) {
			need := 0.0
			switch {
			case c.style == sign:
				need = name
			case strip.table == 0 && c.kind != Text:
				need = digit*c.size*float64(len(shown(c.kind, c.text))) + 2*padX
			}
			if c.to-c.from < need {
				return false
			}
		}
	}
	return true
}

func (x *sheetWriter) index(at float64) int { return nearest(x.edges, at) }

// nearest is the index of the edge that is nearest.
func nearest(edges []float64, at float64) (best int) {
	for i, e := range edges {
		if math.Abs(e-at) < math.Abs(edges[best]-at) {
			best = i
		}
	}
	return best
}

func (x *sheetWriter) column(n int) string {
	name, err := excelize.ColumnNumberToName(n)
	x.do(err)
	return name
}

// settle moves a strip's cells to the columns, and gives it the height that its
// texts need there.
func (x *sheetWriter) settle(s *strip, keys bool) {
	for i := range seat(s.cells, x.edges, keys) {
		c := &s.cells[i]
		if c.style == sign {
			c.text = x.signed(x.form.Signs[c.signer], c.to-c.from)
			if lines := x.lines(*c); len(lines) > 1 { // a spreadsheet would break dates at their hyphens
				c.text = strings.Join(lines, "\n")
			}
		}
		s.height = max(s.height, x.heightOf(*c))
	}
}

// seat moves cells to the edges of the columns, each to at least one column. A
// label takes no less than it needs. Where pages stand beside one another the
// column that is repeated holds nothing but its list.
func seat(cells []cell, edges []float64, keys bool) []cell {
	last, next := len(edges)-1, 0
	for i := range cells {
		c := &cells[i]
		left := len(cells) - 1 - i // that need a column each
		list := c.style == headerCell || c.style == bodyCell || c.style == totalCell
		if i == 0 && keys && !list {
			next = 1
		}
		to := nearest(edges, c.to)
		if c.style == fieldLabel || c.style == footLabel {
			for to < last && edges[to]-edges[next] < c.to-c.from-1 {
				to++
			}
		}
		to = max(next+1, min(to, last-left))
		c.from, c.to = edges[min(next, last-1)], edges[min(to, last)]
		next = to
	}
	return cells
}

func (x *sheetWriter) cell(row int, c cell) {
	from, to := x.index(c.from), x.index(c.to)
	first, end := fmt.Sprintf("%s%d", x.column(from+1), row), fmt.Sprintf("%s%d", x.column(to), row)
	look := cellLook{c.style, c.size, c.kind, false}
	switch {
	case c.text == "": // blank, and no text of nothing
	case c.kind == Amount, c.kind == Number:
		d, err := decimal.NewFromString(c.text)
		if err != nil || d.NumDigits() > 15 {
			x.text(first, c.text)
			break
		}
		if d.StringFixed(2) == c.text { // a price
			look.kind = Amount
		}
		// Exact for up to 15 digits.
		x.do(x.file.SetCellFloat(x.name, first, d.InexactFloat64(), -1, 64))
	case c.kind == Date, c.kind == Moment:
		if t, ok := parseMoment(c.text); ok {
			x.do(x.file.SetCellValue(x.name, first, t))
			look.seconds = t.Second() != 0
		} else {
			x.text(first, c.text)
		}
	default:
		x.text(first, c.text)
	}
	if first != end {
		x.do(x.file.MergeCell(x.name, first, end))
	}
	x.do(x.file.SetCellStyle(x.name, first, end, x.styleOf(look)))
}

// code is how a spreadsheet writes a character by its number.
var code = regexp.MustCompile(`_(x[0-9A-Fa-f]{4}_)`)

// text writes a text that is nothing but that: no formula, and no character by its
// number.
func (x *sheetWriter) text(axis, text string) {
	x.do(x.file.SetCellStr(x.name, axis, code.ReplaceAllString(text, "_x005F_$1")))
}

// firstYear is from when on every spreadsheet counts days alike.
const firstYear = 1901

// parseMoment reads a date or a time as a spreadsheet keeps them: without a zone.
func parseMoment(text string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, "2006-01-02 15:04", time.DateTime} {
		if t, err := time.Parse(layout, text); err == nil && t.Year() >= firstYear {
			return t, true
		}
	}
	return time.Time{}, false
}

// styleOf makes a style once for each look.
func (x *sheetWriter) styleOf(c cellLook) int {
	if id, ok := x.styles[c]; ok {
		return id
	}
	look := looks[c.style]
	horizontal := map[byte]string{'l': "left", 'c': "center", 'r': "right"}[look.align]
	st := &excelize.Style{
		Font:      &excelize.Font{Family: spreadsheetFont, Size: c.size, Bold: look.bold},
		Alignment: &excelize.Alignment{Horizontal: horizontal, Vertical: "center", WrapText: true},
	}
	if look.grey {
		st.Font.Color = "555555"
	}
	line := func(side string) excelize.Border { return excelize.Border{Type: side, Color: "808080", Style: 1} }
	switch {
	case look.border:
		st.Border = []excelize.Border{line("left"), line("right"), line("top"), line("bottom")}
	case look.underlined:
		st.Border, st.Alignment.Vertical = []excelize.Border{line("bottom")}, "bottom"
	}
	if look.shaded {
		st.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F0F0F0"}}
	}
	// The space after a number keeps it from the text of the next cell.
	format := map[Kind]string{
		Amount: "#,##0.00_ ", Number: "General_ ", Date: "yyyy-mm-dd", Moment: "yyyy-mm-dd hh:mm",
	}[c.kind]
	if c.kind == Moment && c.seconds {
		format = "yyyy-mm-dd hh:mm:ss"
	}
	if format != "" {
		st.CustomNumFmt = &format
	}
	if (c.kind == Amount || c.kind == Number) && (c.style == bodyCell || c.style == totalCell) {
		st.Alignment.Horizontal = "right"
	}
	id, err := x.file.NewStyle(st)
	x.do(err)
	x.styles[c] = id
	return id
}

// setUp says how the sheet is printed.
func (x *sheetWriter) setUp(s section, header, last int) {
	orientation, a4, wide, tall, fit := "portrait", 9, s.across, 0, true
	if x.wide {
		orientation = "landscape"
	}
	const inch = 72
	left, top, foot, edge, centered := marginX/inch, marginTop/inch, marginFoot/inch, .25, true
	x.do(x.file.SetPageLayout(x.name,
		&excelize.PageLayoutOptions{Size: &a4, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &tall}))
	x.do(x.file.SetPageMargins(x.name, &excelize.PageLayoutMarginsOptions{
		Left: &left, Right: &left, Top: &top, Bottom: &foot, Header: &edge, Footer: &edge, Horizontally: &centered,
	}))
	x.do(x.file.SetSheetProps(x.name, &excelize.SheetPropsOptions{FitToPage: &fit}))
	x.do(x.file.SetHeaderFooter(x.name,
		&excelize.HeaderFooterOptions{
			OddFooter: "&L&8" + strings.ReplaceAll(x.form.footing(), "&", "&&") + "&R&8第 &P 页 / 共 &N 页",
		}))
	right := x.column(len(x.edges) - 1)
	x.do(x.file.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Area", RefersTo: fmt.Sprintf("'%s'!$A$1:$%s$%d", x.name, right, last), Scope: x.name,
	}))
	var titles []string
	if s.keys > 0 {
		titles = append(titles, fmt.Sprintf("'%s'!$A:$%s", x.name, x.column(x.index(s.keys))))
	}
	if header > 0 { // a list over several pages has its headers on each
		titles = append(titles, fmt.Sprintf("'%s'!$%d:$%d", x.name, header, header))
	}
	if len(titles) > 0 {
		x.do(x.file.SetDefinedName(&excelize.DefinedName{
			Name: "_xlnm.Print_Titles", RefersTo: strings.Join(titles, ","), Scope: x.name,
		}))
	}
	for n, begin := range s.pages(printHeight(x.wide) * slack) {
		if n > 0 {
			x.do(x.file.InsertPageBreak(x.name, fmt.Sprintf("A%d", begin+1)))
		}
	}
	for n := 1; n < s.across; n++ {
		at := x.index(printWidth(x.wide) + float64(n-1)*(printWidth(x.wide)-s.keys))
		x.do(x.file.InsertPageBreak(x.name, fmt.Sprintf("%s1", x.column(at+1))))
	}
}

package forms

import (
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
)

// XLSX writes the form as a worksheet laid out for A4. Amounts are numbers with
// two decimals, so that they can be summed; a spreadsheet keeps 15 digits, and
// what is longer is written as text.
func (f Form) XLSX(w io.Writer) (err error) {
	file := excelize.NewFile()
	defer func() { _ = file.Close() }()
	s := &sheetWriter{file: file, name: f.Title, least: make(map[int]float64)}
	s.columns, s.boxed = f.columns()
	s.do(file.SetSheetName("Sheet1", f.Title))
	s.makeStyles()

	if f.Code != "" {
		s.across(f.Code, s.right)
	}
	s.across(f.Title, s.title)
	s.least[s.row] = 30
	s.across(strings.TrimSpace(f.Subtitle+"  "+f.Marks), s.centered)
	s.fields(f.Head)
	lists, header := 0, 0
	for _, t := range f.Tables {
		switch {
		case !t.Shown():
			continue
		case len(t.Boxes) > 0:
			s.boxes(t)
		default:
			header = s.list(t)
			lists++
		}
	}
	if lists == 1 { // a list over several pages has its headers on each
		s.do(file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", s.name, header, header), Scope: s.name}))
	}
	s.row++
	s.fields(f.Foot)
	for _, r := range f.Replies {
		s.across("☐ "+r, s.plain)
	}
	s.signs(f.Signs)
	if f.Seal != "" {
		s.row++
		s.across(f.Seal, s.small)
	}
	s.measure(f.Wide)
	orientation, a4, wide, tall, fit := "portrait", 9, 1, 0, true
	if f.Wide {
		orientation = "landscape"
	}
	narrow, centered := 0.4, true
	s.do(file.SetPageLayout(s.name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &tall}))
	s.do(file.SetPageMargins(s.name, &excelize.PageLayoutMarginsOptions{Left: &narrow, Right: &narrow, Horizontally: &centered}))
	s.do(file.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &fit}))
	s.do(file.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{OddFooter: "&R&8&P / &N"}))
	if s.err != nil {
		return fmt.Errorf("form %s: %w", f.Title, s.err)
	}
	return file.Write(w)
}

// columns is how many columns the sheet has: the most that a list has, and
// twelve for boxes.
func (f Form) columns() (n int, boxed bool) {
	n = 4
	for _, t := range f.Tables {
		if n = max(n, len(t.Columns)); len(t.Boxes) > 0 {
			n, boxed = max(n, 12), true
		}
	}
	return n, boxed
}

// sheetWriter writes downwards and keeps the first error.
type sheetWriter struct {
	file       *excelize.File
	name       string
	columns    int
	boxed      bool // divided into twelfths
	row        int
	columnText [][]string // what stands in each column alone
	texts      []placed   // whose height is to be seen to
	least      map[int]float64
	err        error

	plain, bold, small, right, title, centered, label, header, cell, amount, number, total, totalAmount, totalNumber int
}

// placed is a text in a row, over one column or several.
type placed struct {
	row, from, to int
	text          string
}

func (s *sheetWriter) do(err error) {
	if s.err == nil {
		s.err = err
	}
}

const font = "宋体"

func (s *sheetWriter) makeStyles() {
	border := []excelize.Border{{Type: "left", Color: "888888", Style: 1}, {Type: "right", Color: "888888", Style: 1}, {Type: "top", Color: "888888", Style: 1}, {Type: "bottom", Color: "888888", Style: 1}}
	twoDecimals, digits := "#,##0.00", "0.####"
	style := func(size float64, bold bool, horizontal string, change ...func(*excelize.Style)) int {
		st := &excelize.Style{
			Font:      &excelize.Font{Family: font, Size: size, Bold: bold},
			Alignment: &excelize.Alignment{Horizontal: horizontal, Vertical: "center", WrapText: true},
		}
		for _, f := range change {
			f(st)
		}
		id, err := s.file.NewStyle(st)
		s.do(err)
		return id
	}
	boxed := func(st *excelize.Style) { st.Border = border }
	grey := func(st *excelize.Style) {
		st.Border, st.Fill = border, excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F0F0F0"}}
	}
	money := func(st *excelize.Style) {
		st.Border, st.CustomNumFmt, st.Alignment.Indent = border, &twoDecimals, 1
	}
	count := func(st *excelize.Style) { st.Border, st.CustomNumFmt, st.Alignment.Indent = border, &digits, 1 }
	s.plain, s.bold, s.small = style(10, false, ""), style(11, true, ""), style(8, false, "")
	s.right, s.title, s.centered = style(9, false, "right"), style(18, true, "center"), style(10, false, "center")
	s.label, s.header = style(10, true, "", grey), style(9, true, "center", grey)
	s.cell, s.amount, s.number = style(9, false, "", boxed), style(9, false, "right", money), style(9, false, "right", count)
	s.total, s.totalAmount, s.totalNumber = style(9, true, "", boxed), style(9, true, "right", money), style(9, true, "right", count)
}

func (s *sheetWriter) at(column int) string {
	name, err := excelize.CoordinatesToCellName(column, s.row)
	s.do(err)
	return name
}

// set writes a text over one column, or several.
func (s *sheetWriter) set(from, to int, text string, style int) {
	s.do(s.file.SetCellStr(s.name, s.at(from), text))
	s.seal(from, to, style)
	s.texts = append(s.texts, placed{s.row, from, to, text})
}

// digits writes exact digits; excelize formats a float, which is exact for up
// to 15 of them.
func (s *sheetWriter) digits(from, to int, text string, decimals, style int) {
	d, err := decimal.NewFromString(text)
	if err != nil || d.NumDigits() > 15 {
		s.set(from, to, text, style)
		return
	}
	s.do(s.file.SetCellFloat(s.name, s.at(from), d.InexactFloat64(), decimals, 64))
	s.seal(from, to, style)
}

func (s *sheetWriter) seal(from, to, style int) {
	if to > from {
		s.do(s.file.MergeCell(s.name, s.at(from), s.at(to)))
	}
	s.do(s.file.SetCellStyle(s.name, s.at(from), s.at(to), style))
}

func (s *sheetWriter) grow(column int, text string) {
	for len(s.columnText) < column {
		s.columnText = append(s.columnText, nil)
	}
	s.columnText[column-1] = append(s.columnText[column-1], text)
}

// width of a text in digits: Chinese is as wide as two.
func width(text string) int { return (len(text) + utf8.RuneCountInString(text)) / 2 }

// widestWord is the width of what is not broken: Chinese is, at every character.
func widestWord(text string) int {
	widest, word := 0, 0
	for _, r := range text {
		switch {
		case r == ' ':
			word = 0
		case r > 0x2e80:
			word, widest = 0, max(widest, 2)
		default:
			word++
			widest = max(widest, word)
		}
	}
	return widest
}

// across writes one line over the whole width.
func (s *sheetWriter) across(text string, style int) {
	s.row++
	s.set(1, s.columns, text, style)
}

// fields writes two in a line, or one that is long.
func (s *sheetWriter) fields(fields []Field) {
	half := s.columns / 2
	for i := 0; i < len(fields); i++ {
		text := fields[i].Label + "：" + fields[i].Value
		if i+1 == len(fields) || width(text) > 44 || width(fields[i+1].Label+fields[i+1].Value) > 42 {
			s.across(text, s.plain)
			continue
		}
		s.row++
		s.set(1, half, text, s.plain)
		i++
		s.set(half+1, s.columns, fields[i].Label+"："+fields[i].Value, s.plain)
	}
}

// boxes writes labelled boxes, each row over the whole width.
func (s *sheetWriter) boxes(t Table) {
	s.heading(t.Title)
	for _, row := range t.Boxes {
		s.row++
		s.least[s.row] = 21
		for i, f := range row {
			at := func(twelfth int) int { return 1 + (i*12/len(row)+twelfth)*s.columns/12 }
			label, end := at(labelSpan(len(row))), at(12/len(row))
			if i == len(row)-1 {
				end = s.columns + 1
			}
			s.set(at(0), label-1, f.Label, s.label)
			s.set(label, end-1, f.Value, s.cell)
		}
	}
}

func (s *sheetWriter) heading(title string) {
	if s.row++; title == "" {
		return
	}
	s.across(title, s.bold)
}

// list writes rows under headers, and returns the row of these. Where the sheet
// is divided for boxes, the columns of a list share its width.
func (s *sheetWriter) list(t Table) (header int) {
	s.heading(t.Title)
	s.row++
	header = s.row
	s.least[s.row] = 18
	place := func(i int) (from, to int) {
		if n := len(t.Columns); s.boxed && n <= s.columns {
			return 1 + i*s.columns/n, (i + 1) * s.columns / n
		}
		return i + 1, i + 1
	}
	grow := func(i int, text string) {
		if from, to := place(i); from == to {
			for line := range strings.SplitSeq(text, "\n") {
				s.grow(from, line)
			}
		}
	}
	for i, c := range t.Columns {
		from, to := place(i)
		s.set(from, to, c.Header, s.header)
		grow(i, c.Header)
	}
	line := func(r []string, text, amount, number int) {
		s.row++
		s.least[s.row] = 18
		for i, v := range r {
			from, to := place(i)
			switch kind := t.Columns[i].Kind; {
			case kind == Amount && v != "":
				s.digits(from, to, v, 2, amount)
				grow(i, v+",,")
			case kind == Number && len(v) > 3 && v[len(v)-3] == '.':
				s.digits(from, to, v, 2, amount)
				grow(i, v+",,")
			case kind == Number && v != "":
				s.digits(from, to, v, -1, number)
				grow(i, v)
			default:
				s.set(from, to, v, text)
				grow(i, v)
			}
		}
	}
	for _, r := range t.Lines() {
		line(r, s.cell, s.amount, s.number)
	}
	if t.Total != nil {
		line(t.Total, s.total, s.totalAmount, s.totalNumber)
	}
	return header
}

// signs writes those who sign beside one another.
func (s *sheetWriter) signs(signs []Field) {
	if len(signs) == 0 {
		return
	}
	s.row += 2
	for i, f := range signs {
		from, to := 1+i*s.columns/len(signs), (i+1)*s.columns/len(signs)
		if from <= to {
			s.set(from, to, f.Label+"："+f.Value, s.bold)
		}
	}
}

// Widths of A4 within the margins, in digits of the default font.
const (
	portraitWidth  = 96
	landscapeWidth = 142
)

// measure sets the columns wide enough for their words and to fill the page,
// and the rows high enough for what is broken into lines.
func (s *sheetWriter) measure(wide bool) {
	page := portraitWidth
	if wide {
		page = landscapeWidth
	}
	fair := page / s.columns
	widths, total := make([]float64, s.columns), 0.0
	for i := range widths {
		widest := fair * 2 / 3
		if i < len(s.columnText) && !s.boxed {
			for _, text := range s.columnText[i] {
				widest = max(widest, min(width(text), fair*6/5), min(widestWord(text), 26))
			}
		}
		widths[i] = float64(widest + 2)
		total += widths[i]
	}
	stretch := max(1, float64(page)/total)
	for i := range widths {
		widths[i] *= stretch
		name, err := excelize.ColumnNumberToName(i + 1)
		s.do(err)
		s.do(s.file.SetColWidth(s.name, name, name, widths[i]))
	}
	lines := make(map[int]int)
	for _, p := range s.texts {
		room := -1.5
		for _, w := range widths[p.from-1 : p.to] {
			room += w
		}
		n := 0
		for line := range strings.SplitSeq(p.text, "\n") {
			n += max(1, int(math.Ceil(float64(width(line))/room)))
		}
		lines[p.row] = max(lines[p.row], n)
	}
	for row, n := range lines {
		if height := max(s.least[row], float64(n)*13+3); height > 16 {
			s.do(s.file.SetRowHeight(s.name, row, min(height, 400)))
		}
	}
}

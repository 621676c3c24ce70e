package forms

import (
	"fmt"
	"io"
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
	s := &sheetWriter{file: file, name: f.Title, columns: f.columns()}
	s.do(file.SetSheetName("Sheet1", f.Title))
	bold := s.style(&excelize.Style{Font: &excelize.Font{Bold: true}})
	title := s.style(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 18}, Alignment: &excelize.Alignment{Horizontal: "center"}})
	centered := s.style(&excelize.Style{Alignment: &excelize.Alignment{Horizontal: "center"}})
	border := []excelize.Border{{Type: "left", Color: "888888", Style: 1}, {Type: "right", Color: "888888", Style: 1}, {Type: "top", Color: "888888", Style: 1}, {Type: "bottom", Color: "888888", Style: 1}}
	header := s.style(&excelize.Style{Font: &excelize.Font{Bold: true}, Border: border, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F0F0F0"}}})
	cell := s.style(&excelize.Style{Border: border})
	twoDecimals := "#,##0.00"
	amount := s.style(&excelize.Style{Border: border, CustomNumFmt: &twoDecimals})

	s.across(f.Title, title)
	s.across(strings.TrimSpace(f.Subtitle+"  "+f.Marks), centered)
	s.fields(f.Head)
	for _, t := range f.Tables {
		if len(t.Rows) == 0 {
			continue
		}
		s.row++
		s.across(t.Title, bold)
		s.row++
		for i, h := range t.Headers {
			s.set(i+1, h, header)
		}
		for _, r := range t.Rows {
			s.row++
			for i, v := range r {
				if i < len(t.Amounts) && t.Amounts[i] && v != "" {
					s.amount(i+1, v, amount)
				} else {
					s.set(i+1, v, cell)
				}
			}
		}
	}
	s.row++
	s.fields(f.Foot)
	for _, r := range f.Replies {
		s.across("☐ "+r, 0)
	}
	s.row += 2
	for i, r := range f.Signs {
		s.set(1+i*max(1, s.columns/len(f.Signs)), r+"：", bold)
	}
	s.row++
	if f.Seal != "" {
		s.across(f.Seal, 0)
	}
	s.widths()
	landscape, a4, wide, tall := "landscape", 9, 1, 0
	fit := true
	s.do(file.SetPageLayout(s.name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &landscape, FitToWidth: &wide, FitToHeight: &tall}))
	s.do(file.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &fit}))
	if s.err != nil {
		return fmt.Errorf("form %s: %w", f.Title, s.err)
	}
	return file.Write(w)
}

func (f Form) columns() int {
	n := 4
	for _, t := range f.Tables {
		n = max(n, len(t.Headers))
	}
	return n
}

// sheetWriter writes downwards and keeps the first error.
type sheetWriter struct {
	file    *excelize.File
	name    string
	columns int
	row     int
	widest  []int
	err     error
}

func (s *sheetWriter) do(err error) {
	if s.err == nil {
		s.err = err
	}
}

func (s *sheetWriter) style(st *excelize.Style) int {
	id, err := s.file.NewStyle(st)
	s.do(err)
	return id
}

func (s *sheetWriter) at(column int) string {
	name, err := excelize.CoordinatesToCellName(column, s.row)
	s.do(err)
	return name
}

func (s *sheetWriter) set(column int, text string, style int) {
	s.do(s.file.SetCellStr(s.name, s.at(column), text))
	s.do(s.file.SetCellStyle(s.name, s.at(column), s.at(column), style))
	s.grow(column, text)
}

// amount writes exact digits; excelize formats a float, which is exact for up
// to 15 of them.
func (s *sheetWriter) amount(column int, text string, style int) {
	d, err := decimal.NewFromString(text)
	if err != nil || d.NumDigits() > 15 {
		s.set(column, text, style)
		return
	}
	s.do(s.file.SetCellFloat(s.name, s.at(column), d.InexactFloat64(), 2, 64))
	s.do(s.file.SetCellStyle(s.name, s.at(column), s.at(column), style))
	s.grow(column, text)
}

func (s *sheetWriter) grow(column int, text string) {
	for len(s.widest) < column {
		s.widest = append(s.widest, 6)
	}
	width := 2 + (len(text)+utf8.RuneCountInString(text))/2 // Chinese is as wide as two
	s.widest[column-1] = max(s.widest[column-1], min(width, 40))
}

// across writes one line over the whole width.
func (s *sheetWriter) across(text string, style int) {
	s.row++
	s.do(s.file.SetCellStr(s.name, s.at(1), text))
	s.do(s.file.MergeCell(s.name, s.at(1), s.at(s.columns)))
	s.do(s.file.SetCellStyle(s.name, s.at(1), s.at(s.columns), style))
}

func (s *sheetWriter) fields(fields []Field) {
	for _, f := range fields {
		s.across(f.Label+"："+f.Value, 0)
	}
}

func (s *sheetWriter) widths() {
	for i, w := range s.widest {
		name, err := excelize.ColumnNumberToName(i + 1)
		s.do(err)
		s.do(s.file.SetColWidth(s.name, name, name, float64(w)))
	}
}

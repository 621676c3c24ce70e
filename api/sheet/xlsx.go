package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"aftersales-ledger/domain"
)

// readXLSX reads one worksheet of a workbook.
//
// Two passes read it: scan takes what is stored (exact numbers, kinds of
// cells, merged ranges) and insists that the part is whole, since the library
// ends quietly where XML breaks off; the library then says how each cell is
// shown.
func readXLSX(file []byte, sheet string, layout Layout) (list *List, err error) {
	defer func() {
		if p := recover(); p != nil {
			list, err = nil, unreadable("file-damaged", "the workbook is damaged: %v", p)
		}
	}()
	book, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{
		UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped,
		ShortDatePattern: "yyyy-mm-dd", LongDatePattern: "yyyy-mm-dd",
	})
	if err != nil {
		return nil, unreadable("file-damaged", "the workbook cannot be opened: %v", err)
	}
	defer book.Close()
	sheet, err = chooseSheet(book, sheet)
	if err != nil {
		return nil, err
	}
	g, err := xlsxGrid(book, sheet)
	if err != nil {
		return nil, err
	}
	if list, err = g.read(layout); err != nil {
		return nil, err
	}
	list.Format, list.Sheet = "xlsx", sheet
	return list, nil
}

func chooseSheet(book *excelize.File, sheet string) (string, error) {
	names := book.GetSheetList()
	if len(names) == 0 {
		return "", unreadable("file-damaged", "the workbook has no worksheet")
	}
	if sheet == "" {
		return names[0], nil
	}
	for _, name := range names {
		if strings.EqualFold(name, sheet) {
			return name, nil
		}
	}
	return "", unreadable("no-such-sheet", "the workbook has no worksheet %q; it has %s", sheet, strings.Join(names, ", "))
}

func xlsxGrid(book *excelize.File, sheet string) (*grid, error) {
	part, err := worksheetPart(book, sheet)
	if err != nil {
		return nil, err
	}
	stored, err := scan(part)
	if err != nil {
		return nil, unreadable("file-damaged", "worksheet %s is damaged: %v", sheet, err)
	}
	props, err := book.GetWorkbookProps()
	if err != nil {
		return nil, unreadable("file-damaged", "the workbook is damaged: %v", err)
	}
	g := &grid{sheet: sheet, serial: serialDates{from1904: props.Date1904 != nil && *props.Date1904}}
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil, unreadable("file-damaged", "worksheet %s cannot be read: %v", sheet, err)
	}
	defer rows.Close()
	at := 0
	for number := 1; at < len(stored.rows) && rows.Next(); number++ {
		shown, err := rows.Columns()
		if err != nil {
			return nil, unreadable("file-damaged", "row %d of worksheet %s cannot be read: %v", number, sheet, err)
		}
		if stored.rows[at].number != number {
			continue
		}
		g.add(number, stored.rows[at].cells, shown, book)
		at++
	}
	if err := errors.Join(rows.Error()); err != nil || at < len(stored.rows) {
		return nil, unreadable("file-damaged", "worksheet %s ends before row %d", sheet, stored.rows[at].number)
	}
	g.fillMerged(stored.merged)
	return g, nil
}

// add joins what is stored in a row with what is shown of it.
func (g *grid) add(number int, stored []storedCell, shown []string, book *excelize.File) {
	row := gridRow{number: number}
	blank := true
	for _, s := range stored {
		text := ""
		if s.column < len(shown) {
			text = shown[s.column]
		}
		c := s.read(text, book)
		for len(row.cells) <= s.column {
			row.cells = append(row.cells, cell{})
		}
		row.cells[s.column] = c
		blank = blank && c.blank()
	}
	if !blank {
		g.rows = append(g.rows, row)
	}
}

// read makes a cell of what is stored and how it is shown.
func (s storedCell) read(shown string, book *excelize.File) cell {
	if s.formula && !s.valued {
		return cell{bad: domain.Say("is a formula without a computed value; open the file in a spreadsheet program and save it again")}
	}
	switch s.kind {
	case "e":
		return cell{text: clean(s.value), bad: domain.Say("is the error %s of a formula; correct the formula", clean(s.value))}
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(s.value))
		if known := book.SharedStrings; err != nil || known == nil || i < 0 || i >= len(known.SI) {
			return cell{bad: domain.Say("refers to a text that the workbook does not hold")}
		}
		return textCell(shown)
	case "d": // a date as text, ISO 8601
		return textCell(strings.TrimSuffix(s.value, "Z"))
	case "b", "str", "inlineStr":
		return textCell(shown)
	}
	c := textCell(shown)
	if !c.bad.IsZero() {
		return c
	}
	var ok bool
	if c.number, ok = exactNumber(s.value); !ok {
		return cell{text: clean(s.value), bad: domain.Say("is not a number that a spreadsheet can hold")}
	}
	return c
}

// exactNumber turns a stored number into the decimal that was entered or
// computed. Spreadsheets keep binary floating point and show 15 significant
// digits of it: 1234.5600000000001 is 1234.56. Within these digits nothing is
// rounded.
func exactNumber(s string) (string, bool) {
	s = strings.TrimSpace(s)
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || strings.Trim(s, "0123456789.+-eE") != "" || math.IsInf(f, 0) || math.IsNaN(f) || math.Abs(f) >= 1e20 {
		return "", false
	}
	if math.Abs(f) < 1e-15 {
		f = 0
	}
	d, err := decimal.NewFromString(strconv.FormatFloat(f, 'g', 15, 64))
	if err != nil {
		return "", false
	}
	return d.String(), true
}

// fillMerged lets every row that a merged cell spans show its text.
func (g *grid) fillMerged(merged []cellRange) {
	index := make(map[int]int, len(g.rows))
	for i, r := range g.rows {
		index[r.number] = i
	}
	for _, m := range merged {
		first, ok := index[m.top]
		if !ok || m.top == m.bottom {
			continue
		}
		from := g.rows[first].at(m.left)
		if from.blank() {
			continue
		}
		from.merged = true
		for i := first + 1; i < len(g.rows) && g.rows[i].number <= m.bottom; i++ {
			r := &g.rows[i]
			for len(r.cells) <= m.left {
				r.cells = append(r.cells, cell{})
			}
			if r.cells[m.left].blank() {
				r.cells[m.left] = from
			}
		}
	}
}

// worksheetPart finds the XML of a worksheet by the workbook's relations.
func worksheetPart(book *excelize.File, sheet string) ([]byte, error) {
	id := ""
	for _, s := range book.WorkBook.Sheets.Sheet {
		if s.Name == sheet {
			id = s.ID
		}
	}
	var target string
	var broken error
	book.Pkg.Range(func(name, content any) bool {
		if !strings.HasSuffix(strings.ToLower(name.(string)), "workbook.xml.rels") {
			return true
		}
		var relations struct {
			Relationship []struct {
				ID     string `xml:"Id,attr"`
				Target string `xml:"Target,attr"`
			}
		}
		if broken = xml.Unmarshal(content.([]byte), &relations); broken != nil {
			return false
		}
		for _, r := range relations.Relationship {
			if r.ID == id {
				target = r.Target
			}
		}
		return target == ""
	})
	target = strings.TrimPrefix(strings.ReplaceAll(target, `\`, "/"), "/")
	for _, name := range []string{target, "xl/" + target} {
		if part, ok := book.Pkg.Load(name); ok && target != "" {
			return part.([]byte), nil
		}
	}
	return nil, unreadable("file-damaged", "the workbook does not hold its worksheet %s", sheet)
}

// storedCell is a cell that holds something, as the part stores it.
type storedCell struct {
	column  int // counted from zero
	kind    string
	value   string
	formula bool
	valued  bool // has a value, be it the empty text
}

type storedRow struct {
	number int
	cells  []storedCell
}

// cellRange is a merged range; rows and columns as in storedRow.
type cellRange struct{ top, left, bottom, right int }

type storedSheet struct {
	rows   []storedRow // that hold something
	merged []cellRange
}

// maxMerged bounds the merged ranges of a worksheet.
const maxMerged = 100_000

// scan reads a worksheet's XML to its end. It refuses cells and rows that are
// not in ascending order, which readers take for others, and a sheet too large.
func scan(part []byte) (*storedSheet, error) {
	d := xml.NewDecoder(bytes.NewReader(part))
	sheet := &storedSheet{}
	row := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return sheet, nil
		}
		if err != nil {
			return nil, err
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "row":
			r, err := scanRow(d, start, row)
			if err != nil {
				return nil, err
			}
			row = r.number
			if len(r.cells) == 0 {
				continue
			}
			if len(sheet.rows) >= maxRows+headerWithin+1000 {
				return nil, fmt.Errorf("it has more than %d rows; split the file", maxRows)
			}
			sheet.rows = append(sheet.rows, r)
		case "mergeCell":
			if m, ok := rangeOf(attribute(start, "ref")); ok && len(sheet.merged) < maxMerged {
				sheet.merged = append(sheet.merged, m)
			}
		}
	}
}

func scanRow(d *xml.Decoder, start xml.StartElement, previous int) (storedRow, error) {
	row := storedRow{number: previous + 1}
	if r := attribute(start, "r"); r != "" {
		n, err := strconv.Atoi(r)
		if err != nil || n <= previous || n > excelize.TotalRows {
			return row, fmt.Errorf("row %q follows row %d", r, previous)
		}
		row.number = n
	}
	column := -1
	for {
		token, err := d.Token()
		if err != nil {
			return row, err
		}
		switch t := token.(type) {
		case xml.EndElement:
			if t.Name.Local == "row" {
				return row, nil
			}
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			c, err := scanCell(d, t, row.number, column)
			if err != nil {
				return row, err
			}
			column = c.column
			if !c.holds() {
				continue
			}
			if c.column >= maxColumns {
				return row, fmt.Errorf("it has more than %d columns", maxColumns)
			}
			row.cells = append(row.cells, c)
		}
	}
}

// holds reports whether the cell says anything; a formula without a value does:
// it was never computed.
func (c storedCell) holds() bool {
	return c.value != "" || c.formula && !c.valued || c.kind == "inlineStr"
}

func scanCell(d *xml.Decoder, start xml.StartElement, row, previous int) (storedCell, error) {
	c := storedCell{column: previous + 1, kind: attribute(start, "t")}
	if ref := attribute(start, "r"); ref != "" {
		column, r, err := excelize.CellNameToCoordinates(ref)
		if err != nil || r != row || column-1 <= previous {
			return c, fmt.Errorf("cell %q stands out of order in row %d", ref, row)
		}
		c.column = column - 1
	}
	inValue := false
	for {
		token, err := d.Token()
		if err != nil {
			return c, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			inValue = t.Name.Local == "v"
			c.valued = c.valued || inValue
			c.formula = c.formula || t.Name.Local == "f"
		case xml.CharData:
			if inValue {
				c.value += string(t)
			}
		case xml.EndElement:
			inValue = false
			if t.Name.Local == "c" {
				return c, nil
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func rangeOf(ref string) (m cellRange, ok bool) {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		return m, false
	}
	left, top, err := excelize.CellNameToCoordinates(from)
	right, bottom, err2 := excelize.CellNameToCoordinates(to)
	return cellRange{top, left - 1, bottom, right - 1}, err == nil && err2 == nil && top <= bottom && left <= right && left <= maxColumns
}

package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"aftersales-ledger/domain"
)

// readXLSX reads the worksheet of a workbook that is seen and holds a list, or
// those that are chosen.
//
// Two passes read it: scan takes what is stored (exact numbers, kinds of
// cells, merged ranges) and insists that the part is whole, since the library
// ends quietly where XML breaks off; the library then says how each cell is
// shown.
func readXLSX(file []byte, o Options, layout Layout) (list *List, err error) {
	defer func() {
		if p := recover(); p != nil {
			list, err = nil, unreadable("file-damaged",
				"the workbook is damaged; open it in a spreadsheet program and save it again")
		}
	}()
	book, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{
		UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped,
		ShortDatePattern: "yyyy-mm-dd", LongDatePattern: "yyyy-mm-dd",
	})
	if err != nil {
		return nil, unreadable("file-damaged",
			"the workbook cannot be opened: it is damaged, protected by a password or too large when unpacked; open it in a spreadsheet program and save it again")
	}
	defer book.Close()
	w, err := openWorkbook(book)
	if err != nil {
		return nil, err
	}
	chosen, err := w.choose(o.Sheet, layout)
	if err != nil {
		return nil, err
	}
	for i, g := range chosen {
		part, err := g.read(layout, o)
		if err != nil {
			return nil, err
		}
		part.Sheets = []string{g.sheet}
		if i == 0 {
			list = part
			continue
		}
		if !slices.Equal(chosen[0].header.fields(), g.header.fields()) {
			return nil, domain.Invalid("worksheet", g.sheet, "other-header",
				"has other columns than %s; read the two one by one (sheet)", "", chosen[0].sheet)
		}
		if list.join(part); len(list.Rows) > maxRows {
			return nil, errTooManyRows
		}
	}
	list.Format, list.Others = "xlsx", w.others(chosen)
	return list, nil
}

func xlsxGrid(book *excelize.File, sheet string) (*grid, error) {
	part, err := worksheetPart(book, sheet)
	if err != nil {
		return nil, err
	}
	stored, err := scan(part)
	var limit *domain.Rejection
	if err != nil && !errors.As(err, &limit) {
		err = unreadable("file-damaged", "worksheet %s is damaged; open it in a spreadsheet program and save it again", sheet)
	}
	if err != nil {
		return nil, err
	}
	props, err := book.GetWorkbookProps()
	if err != nil {
		return nil, unreadable("file-damaged", "the workbook is damaged; open it in a spreadsheet program and save it again")
	}
	g := &grid{
		sheet: sheet, serial: serialDates{from1904: props.Date1904 != nil && *props.Date1904}, merged: stored.merged,
		hidden: stored.hidden,
	}
	dates, struck := dateStyles(book), struckStyles(book)
	rows, err := book.Rows(sheet)
	if err != nil {
		return nil, unreadable("file-damaged", "worksheet %s is damaged; open it in a spreadsheet program and save it again",
			sheet)
	}
	defer rows.Close()
	at := 0
	for number := 1; at < len(stored.rows) && rows.Next(); number++ {
		shown, err := rows.Columns()
		if err != nil {
			return nil, unreadable("file-damaged", "worksheet %s is damaged; open it in a spreadsheet program and save it again",
				sheet)
		}
		if stored.rows[at].number != number {
			continue
		}
		g.add(stored.rows[at], shown, book, dates, struck)
		at++
	}
	if err := errors.Join(rows.Error()); err != nil || at < len(stored.rows) {
		return nil, unreadable("file-damaged", "worksheet %s is damaged; open it in a spreadsheet program and save it again",
			sheet)
	}
	g.fillMerged(stored.merged)
	return g, nil
}

// add joins what is stored in a row with what is shown of it.
func (g *grid) add(stored storedRow, shown []string, book *excelize.File, dates, struck map[int]bool) {
	row := gridRow{number: stored.number, hidden: stored.hidden}
	blank := true
	for _, s := range stored.cells {
		text := ""
		if s.column < len(shown) {
			text = shown[s.column]
		}
		c := s.read(text, book)
		c.dated = c.number != "" && dates[s.style]
		if struck[s.style] && !c.blank() && c.bad.IsZero() {
			c.bad = domain.Say("is struck through (删除线); delete the row or the value, or take the line off")
		}
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
		return cell{
			bad: domain.Say("is a formula without a computed value; open the file in a spreadsheet program and save it again"),
		}
	}
	switch s.kind {
	case "e":
		return cell{
			text: clean(s.value), bad: domain.Say("is the error %s of a formula; correct the formula", clean(s.value)),
		}
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
	return nil, unreadable("file-damaged", "worksheet %s is damaged; open it in a spreadsheet program and save it again",
		sheet)
}

// dateStyles lists the styles of cells that show a number as a date.
func dateStyles(book *excelize.File) map[int]bool {
	dates := make(map[int]bool)
	if book.Styles == nil || book.Styles.CellXfs == nil {
		return dates
	}
	formats := make(map[int]string)
	if book.Styles.NumFmts != nil {
		for _, f := range book.Styles.NumFmts.NumFmt {
			formats[f.NumFmtID] = f.FormatCode
		}
	}
	for i, x := range book.Styles.CellXfs.Xf {
		if x.NumFmtID == nil {
			continue
		}
		id := *x.NumFmtID
		code, custom := formats[id]
		dates[i] = custom && isDateFormat(code) || !custom && (id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 &&
			id <= 47 || id >= 50 && id <= 58)
	}
	return dates
}

// struckStyles lists the styles of cells whose text is struck through.
func struckStyles(book *excelize.File) map[int]bool {
	struck := make(map[int]bool)
	if book.Styles == nil || book.Styles.CellXfs == nil || book.Styles.Fonts == nil {
		return struck
	}
	for i, x := range book.Styles.CellXfs.Xf {
		if x.FontID == nil || *x.FontID < 0 || *x.FontID >= len(book.Styles.Fonts.Font) {
			continue
		}
		if f := book.Styles.Fonts.Font[*x.FontID]; f != nil && f.Strike != nil && f.Strike.Value() {
			struck[i] = true
		}
	}
	return struck
}

// notCode is what a format says literally, or about colours and places.
var notCode = regexp.MustCompile(`"[^"]*"|\\.|\[[^\]]*\]|_.|\*.|(?i:general|e[+-]0+)`)

func isDateFormat(code string) bool {
	code, _, _ = strings.Cut(code, ";")
	code = strings.ToLower(notCode.ReplaceAllString(code, ""))
	return strings.ContainsAny(code, "ymdhs")
}

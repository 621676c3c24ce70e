package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// storedCell is a cell that holds something, as the part stores it.
type storedCell struct {
	column  int // counted from zero
	style   int
	kind    string
	value   string
	formula bool
	valued  bool // has a value, be it the empty text
}

type storedRow struct {
	number int
	cells  []storedCell
	hidden bool
}

type storedSheet struct {
	rows   []storedRow // that hold something
	merged []cellRange
	hidden map[int]bool // columns
}

// maxMerged bounds the merged ranges of a worksheet.
const maxMerged = 100_000

// scan reads a worksheet's XML to its end. It refuses cells and rows that are
// not in ascending order, which readers take for others, and a sheet too large.
func scan(part []byte) (*storedSheet, error) {
	d := xml.NewDecoder(bytes.NewReader(part))
	sheet := &storedSheet{hidden: make(map[int]bool)}
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
				return nil, errTooManyRows
			}
			sheet.rows = append(sheet.rows, r)
		case "col":
			from, err := strconv.Atoi(attribute(start, "min"))
			to, err2 := strconv.Atoi(attribute(start, "max"))
			for i := from; err == nil && err2 == nil && isTrue(attribute(start, "hidden")) && i <= min(to, maxColumns); i++ {
				sheet.hidden[i-1] = true
			}
		case "mergeCell":
			if m, ok := rangeOf(attribute(start, "ref")); ok && len(sheet.merged) < maxMerged {
				sheet.merged = append(sheet.merged, m)
			}
		}
	}
}

func scanRow(d *xml.Decoder, start xml.StartElement, previous int) (storedRow, error) {
	row := storedRow{number: previous + 1, hidden: isTrue(attribute(start, "hidden")) || attribute(start, "ht") == "0"}
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
				return row, unreadable("too-many-columns", "a row has more than %d columns", maxColumns)
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
	c.style, _ = strconv.Atoi(attribute(start, "s"))
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

func isTrue(s string) bool { return s == "1" || s == "true" }

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
	return cellRange{
		top, left - 1, bottom, right - 1,
	}, err == nil && err2 == nil && top <= bottom && left <= right && left <= maxColumns
}

package forms_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"aftersales-ledger/api/papers/forms"
)

// hostileTexts are what people paste, and what others send to see what happens.
var hostileTexts = []string{
	"=1+1", "+cmd|' /C calc'!A0", "-1-1", "@SUM(A1:A9)", "=HYPERLINK(\"http://x\",\"y\")", "\ttab\r\nline",
	"nul\x00 bell\x07 vt\x0b esc\x1b[31m del\x7f", "\ufffe\uffff\ufeff\u200b\u202e", "not \xff\xfe UTF-8", "😀🏠👨‍👩‍👧",
	"_x0041_ _x000D_", "]]>&<b>'\"", "1e999", "NaN", "-0.00", "0001-01-01", "2026-02-30", "9999-12-31 23:59:59",
	"123456789012345678901234567890.12", strings.Repeat("A", 400), "'", " ",
}

// escaped is how a spreadsheet writes a character that it cannot.
var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// hostileLong is longer than a cell of a worksheet may be.
var hostileLong = strings.Repeat("长", 40_000)

// hostile writes the texts above into every place of a form.
func hostile(f forms.Form, long string) forms.Form {
	n := 0
	next := func() string { n++; return hostileTexts[n%len(hostileTexts)] }
	fields := func(in []forms.Field) []forms.Field {
		out := slices.Clone(in)
		for i := range out {
			out[i].Value = next()
		}
		return out
	}
	f.Head, f.Foot, f.Signs = fields(f.Head), fields(f.Foot), fields(f.Signs)
	f.Foot = append(f.Foot, forms.Field{Label: "备注", Value: long})
	f.Letterhead, f.Replies, f.Seal = []string{next(), next()}, append(slices.Clone(f.Replies), next()), next()
	f.Tables = slices.Clone(f.Tables)
	for i := range f.Tables {
		t := &f.Tables[i]
		boxes, rows := make([][]forms.Field, len(t.Boxes)), make([][]string, max(3, len(t.Rows)))
		for j, r := range t.Boxes {
			boxes[j] = fields(r)
		}
		if len(t.Columns) > 0 {
			for j := range rows {
				for range t.Columns {
					rows[j] = append(rows[j], next())
				}
			}
			rows[0][len(t.Columns)-1] = long
			t.Rows = rows
		}
		t.Boxes = boxes
	}
	return f
}

// worksheet is what of a worksheet's XML is looked at.
type worksheet struct {
	Columns []struct {
		Width float64 `xml:"width,attr"`
	} `xml:"cols>col"`
	Rows []struct {
		Number int     `xml:"r,attr"`
		Height float64 `xml:"ht,attr"`
		Cells  []struct {
			Axis    string  `xml:"r,attr"`
			Kind    string  `xml:"t,attr"`
			Style   int     `xml:"s,attr"`
			Value   string  `xml:"v"`
			Formula *string `xml:"f"`
			Inline  string  `xml:"is>t"`
		} `xml:"c"`
	} `xml:"sheetData>row"`
	Merged []struct {
		Ref string `xml:"ref,attr"`
	} `xml:"mergeCells>mergeCell"`
	Breaks []struct {
		Count int `xml:"count,attr"`
		Break []struct {
			At int `xml:"id,attr"`
		} `xml:"brk"`
	} `xml:"rowBreaks"`
	Setup struct {
		Paper int `xml:"paperSize,attr"`
		Wide  int `xml:"fitToWidth,attr"`
	} `xml:"pageSetup"`
	Foot string `xml:"headerFooter>oddFooter"`
}

type sharedStrings struct {
	Items []struct {
		Text string `xml:"t"`
		Runs []struct {
			Text string `xml:"t"`
		} `xml:"r"`
	} `xml:"si"`
}

// Excel cannot be run here. What it is known to refuse, or to repair with a word
// of warning, or to carry out, is on no worksheet, whatever people have written.
func TestWorksheetsHoldNothingThatExcelRefuses(t *testing.T) {
	for name, f := range filledForms(t) {
		t.Run(name, func(t *testing.T) {
			long := "长"
			if name == "f0" || name == "f1-region" || name == "statement" { // with boxes, blocks, and several lists
				long = hostileLong
			}
			f := hostile(f, long)
			parts := partsOf(t, f)
			for name, part := range parts {
				wellFormed(t, name, part)
			}
			checkWorkbook(t, parts["xl/workbook.xml"])
			var texts sharedStrings
			if err := xml.Unmarshal(parts["xl/sharedStrings.xml"], &texts); err != nil {
				t.Fatal(err)
			}
			counts := make([]int, len(texts.Items))
			for i, s := range texts.Items {
				text := s.Text
				for _, r := range s.Runs {
					text += r.Text
				}
				counts[i] = strings.Count(text, "长")
				for _, code := range escaped.FindAllString(text, -1) {
					if code != "_x005F_" {
						t.Errorf("%.40q is read as a character", text)
					}
				}
				if strings.ContainsFunc(text, func(r rune) bool {
					return r != '\n' && r != '\t' && unicode.IsControl(r) || r == utf8.RuneError
				}) {
					t.Errorf("%.40q has characters that are none", text)
				}
				if n := len(utf16.Encode([]rune(text))); n > 32767 {
					t.Errorf("a cell has %d characters", n)
				}
			}
			there := 0
			for name, part := range parts {
				if path.Dir(name) == "xl/worksheets" {
					there += checkSheet(t, name, part, counts)
				}
			}
			if want := strings.Count(written(f), "长"); there < want {
				t.Errorf("%d of %d long characters are there", there, want)
			}
			for _, other := range []func(io.Writer) error{f.Print, f.PDF} {
				if err := other(io.Discard); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// written is all that stands in the rows of a form.
func written(f forms.Form) (all string) {
	for _, t := range f.Tables {
		for _, r := range t.Rows {
			all += strings.Join(r, "")
		}
	}
	return all
}

func partsOf(t *testing.T, f forms.Form) map[string][]byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.XLSX(&b); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range book.GetSheetList() {
		if _, err := book.GetRows(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	archive, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	parts := make(map[string][]byte)
	for _, file := range archive.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if parts[file.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return parts
}

// wellFormed reads a part to its end: the reader refuses characters that XML has
// not.
func wellFormed(t *testing.T, name string, part []byte) {
	t.Helper()
	if !utf8.Valid(part) {
		t.Errorf("%s is not UTF-8", name)
	}
	if !strings.HasSuffix(name, ".xml") && !strings.HasSuffix(name, ".rels") {
		return
	}
	d := xml.NewDecoder(bytes.NewReader(part))
	for {
		switch _, err := d.Token(); {
		case errors.Is(err, io.EOF):
			return
		case err != nil:
			t.Errorf("%s: %v", name, err)
			return
		}
	}
}

func checkWorkbook(t *testing.T, part []byte) {
	t.Helper()
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
		} `xml:"sheets>sheet"`
		Names []struct {
			Name  string `xml:"name,attr"`
			Sheet *int   `xml:"localSheetId,attr"`
			Text  string `xml:",chardata"`
		} `xml:"definedNames>definedName"`
	}
	if err := xml.Unmarshal(part, &book); err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, s := range book.Sheets {
		n := len(utf16.Encode([]rune(s.Name)))
		if n == 0 || n > 31 || strings.ContainsAny(s.Name, `:\/?*[]'`) || seen[strings.ToLower(s.Name)] {
			t.Errorf("%q is no name of a worksheet", s.Name)
		}
		seen[strings.ToLower(s.Name)] = true
	}
	for _, n := range book.Names {
		key := fmt.Sprint(n.Name, " ", n.Sheet != nil && *n.Sheet >= 0)
		if n.Sheet == nil || *n.Sheet >= len(book.Sheets) {
			t.Fatalf("%s is of no worksheet", key)
		}
		if key = fmt.Sprint(n.Name, *n.Sheet); seen[key] {
			t.Errorf("%s stands there twice", key)
		}
		seen[key] = true
		for ref := range strings.SplitSeq(n.Text, ",") {
			if !strings.HasPrefix(ref, "'"+book.Sheets[*n.Sheet].Name+"'!$") {
				t.Errorf("%s refers to %s", n.Name, ref)
			}
		}
	}
	for i := range book.Sheets {
		if !seen[fmt.Sprint("_xlnm.Print_Area", i)] {
			t.Errorf("%s has no print area", book.Sheets[i].Name)
		}
	}
}

// checkSheet looks at a worksheet, and adds up what its texts count.
func checkSheet(t *testing.T, name string, part []byte, counts []int) (sum int) {
	t.Helper()
	var s worksheet
	if err := xml.Unmarshal(part, &s); err != nil {
		t.Fatal(err)
	}
	if s.Setup.Paper != 9 || s.Setup.Wide < 1 {
		t.Errorf("%s is not set up for A4: %+v", name, s.Setup)
	}
	if n := len(utf16.Encode([]rune(s.Foot))); n > 255 {
		t.Errorf("%s: the foot has %d characters", name, n)
	}
	for _, c := range s.Columns {
		if c.Width < 0 || c.Width > 255 {
			t.Errorf("%s: a column is %v wide", name, c.Width)
		}
	}
	for _, b := range s.Breaks {
		if b.Count > 1023 || b.Count != len(b.Break) {
			t.Errorf("%s: %d breaks of %d", name, len(b.Break), b.Count)
		}
	}
	row := 0
	for _, r := range s.Rows {
		if r.Number <= row || r.Number > 1_048_576 || r.Height > 409.5 {
			t.Errorf("%s: row %d, %v high, after row %d", name, r.Number, r.Height, row)
		}
		row = r.Number
		column := 0
		for _, c := range r.Cells {
			x, y, err := excelize.CellNameToCoordinates(c.Axis)
			if err != nil || y != row || x <= column {
				t.Errorf("%s: %s stands after column %d of row %d", name, c.Axis, column, row)
			}
			column = x
			if c.Formula != nil {
				t.Errorf("%s %s is a formula: %s", name, c.Axis, *c.Formula)
			}
			switch c.Kind {
			case "", "n":
				v, err := strconv.ParseFloat(c.Value, 64)
				if c.Value != "" && (err != nil || math.IsInf(v, 0) || math.IsNaN(v)) {
					t.Errorf("%s %s is the number %q", name, c.Axis, c.Value)
				}
			case "s":
				if i, err := strconv.Atoi(c.Value); err != nil || i < 0 || i >= len(counts) {
					t.Errorf("%s %s is the text %q of %d", name, c.Axis, c.Value, len(counts))
				} else {
					sum += counts[i]
				}
			default:
				t.Errorf("%s %s is of the kind %q: %q", name, c.Axis, c.Kind, c.Value+c.Inline)
			}
		}
	}
	taken := make(map[[2]int]string)
	for _, m := range s.Merged {
		from, to, _ := strings.Cut(m.Ref, ":")
		x1, y1, err1 := excelize.CellNameToCoordinates(from)
		x2, y2, err2 := excelize.CellNameToCoordinates(to)
		if err1 != nil || err2 != nil || x1 > x2 || y1 > y2 || from == to {
			t.Errorf("%s: %s cannot be merged", name, m.Ref)
			continue
		}
		for x := x1; x <= x2; x++ {
			for y := y1; y <= y2; y++ {
				if other := taken[[2]int{x, y}]; other != "" {
					t.Errorf("%s: %s overlaps %s", name, m.Ref, other)
				}
				taken[[2]int{x, y}] = m.Ref
			}
		}
	}
	return sum
}

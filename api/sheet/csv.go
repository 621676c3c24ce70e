package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"aftersales-ledger/domain"
)

// readCSV reads separated values in UTF-8, UTF-16 or GB18030, whichever of
// comma, semicolon and tab separates them.
func readCSV(file []byte, layout Layout) (*List, error) {
	text, charset, err := decode(file)
	if err != nil {
		return nil, err
	}
	separator, err := separatorOf(text, layout)
	if err != nil {
		return nil, err
	}
	g, err := csvGrid(text, separator, maxRows+headerWithin+1000)
	if err != nil {
		return nil, err
	}
	list, err := g.read(layout)
	if err != nil {
		return nil, err
	}
	list.Format, list.Charset = "csv", charset
	return list, nil
}

// separatorOf finds the separator under which the top of the file holds a
// header, or explains why there is none under any.
func separatorOf(text []byte, layout Layout) (rune, error) {
	var failure error
	for _, separator := range []rune{',', ';', '\t'} {
		g, err := csvGrid(text, separator, headerWithin)
		if err == nil || errors.Is(err, errTooManyRows) {
			_, err = g.findHeader(layout)
		}
		if err == nil {
			return separator, nil
		}
		if failure == nil || informative(err) > informative(failure) {
			failure = err
		}
	}
	return 0, failure
}

// informative orders the failures under several separators: a header found in
// part says more than none, for which the wrong separator may be the reason.
func informative(err error) int {
	var r *domain.Rejection
	switch errors.As(err, &r); {
	case r == nil || r.Code == "no-header":
		return 0
	case r.Code == "csv-syntax":
		return 1
	}
	return 2
}

// decode turns a file into UTF-8 without byte order mark.
func decode(file []byte) (text []byte, charset string, err error) {
	utf16 := bytes.HasPrefix(file, []byte{0xff, 0xfe}) || bytes.HasPrefix(file, []byte{0xfe, 0xff})
	switch {
	case utf16:
		charset = "UTF-16"
		text, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(file)
	case utf8.Valid(file):
		charset, text = "UTF-8", bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	case bytes.IndexByte(file, 0) >= 0:
		return nil, "", unreadable("file-format", "the file is neither text nor an .xlsx workbook; save it as .xlsx or .csv")
	case isDamagedUTF8(file):
		return nil, "", unreadable("file-charset", "the file is UTF-8 text, but damaged on line %d; save it again", lineOfBreak(file))
	default:
		charset = "GB18030"
		text, err = simplifiedchinese.GB18030.NewDecoder().Bytes(file)
	}
	if err == nil && charset != "UTF-8" {
		if i := bytes.IndexRune(text, utf8.RuneError); i >= 0 {
			err = fmt.Errorf("%s breaks off on line %d", charset, 1+bytes.Count(text[:i], []byte("\n")))
		}
	}
	if err != nil {
		return nil, "", unreadable("file-charset", "the file is neither UTF-8 nor GB18030 text, nor an .xlsx workbook (%v); save it as CSV UTF-8", err)
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return nil, "", unreadable("file-format", "the file is neither text nor an .xlsx workbook; save it as .xlsx or .csv")
	}
	if !bytes.ContainsRune(text, '\n') {
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	return text, charset, nil
}

// isDamagedUTF8 tells a file of UTF-8 with some bytes spoilt from one in
// another encoding, which would read it as other characters without an error:
// GB18030 seldom looks like UTF-8, never mostly.
func isDamagedUTF8(file []byte) bool {
	if bytes.HasPrefix(file, []byte("\xef\xbb\xbf")) {
		return true
	}
	sound, broken := 0, 0
	for len(file) > 0 {
		r, size := utf8.DecodeRune(file)
		switch {
		case r == utf8.RuneError && size == 1:
			broken++
		case size > 2:
			sound += size
		}
		file = file[size:]
	}
	return sound > broken
}

// lineOfBreak returns the line on which UTF-8 breaks off.
func lineOfBreak(file []byte) int {
	line := 1
	for len(file) > 0 {
		r, size := utf8.DecodeRune(file)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		file = file[size:]
	}
	return line
}

// csvGrid reads at most limit rows that are not blank; with the error for more
// come those before.
func csvGrid(text []byte, separator rune, limit int) (*grid, error) {
	g := &grid{}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = separator, -1, true
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, csvError(err)
		}
		if len(record) > maxColumns {
			return nil, unreadable("too-many-columns", "a row has more than %d columns", maxColumns)
		}
		line, _ := r.FieldPos(0)
		row := gridRow{number: line, cells: make([]cell, len(record))}
		blank := true
		for i, field := range record {
			row.cells[i] = textCell(field)
			blank = blank && row.cells[i].blank()
		}
		if blank {
			continue
		}
		if len(g.rows) == limit {
			return g, errTooManyRows
		}
		g.rows = append(g.rows, row)
	}
	return g, nil
}

func csvError(err error) error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return unreadable("csv-syntax", "the file cannot be read as CSV: %v", err)
	}
	return domain.Invalid("file", fmt.Sprintf("line %d", p.Line), "csv-syntax",
		"cannot be read as CSV: %v (in the row that begins on line %d)", "", p.Err, p.StartLine)
}

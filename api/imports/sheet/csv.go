package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"aftersales-ledger/domain"
)

// readCSV reads separated values, whichever of comma, semicolon, tab and stroke
// separates them.
func readCSV(text []byte, charset string, o Options, layout Layout) (*List, error) {
	separator, err := separatorOf(text, layout)
	if err != nil {
		return nil, err
	}
	g, err := csvGrid(text, separator, maxRows+headerWithin+1000)
	if err != nil {
		return nil, err
	}
	g.commas = separator == ','
	list, err := g.read(layout, o)
	if err != nil {
		return nil, err
	}
	list.Format, list.Charset = "csv", charset
	return list, nil
}

// separatorOf finds the separator under which the top of the file holds a
// header, or explains why there is none under any.
func separatorOf(text []byte, layout Layout) (byte, error) {
	var failure error
	for _, separator := range []byte{',', ';', '\t', '|'} {
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
	case utf8.Valid(file) && bytes.IndexByte(file, 0) < 0:
		charset, text = "UTF-8", bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	case bytes.IndexByte(file, 0) >= 0:
		if text, ok := unmarkedUTF16(file); ok {
			return text, "UTF-16", nil
		}
		return nil, "", unreadable("file-format", "the file is neither text nor an .xlsx workbook; save it as .xlsx or .csv")
	case isDamagedUTF8(file):
		return nil, "", unreadable("file-charset", "the file is UTF-8 text, but damaged on line %d; save it again",
			lineOfBreak(file))
	default:
		charset = "GB18030"
		text, err = simplifiedchinese.GB18030.NewDecoder().Bytes(file)
	}
	if err == nil && charset != "UTF-8" {
		if i := bytes.IndexRune(text, utf8.RuneError); i >= 0 {
			line := 1 + bytes.Count(text[:i], []byte("\n"))
			return nil, "", unreadable("file-charset",
				"the file is neither UTF-8 nor GB18030 text, nor an .xlsx workbook: it breaks off on line %d; save it as CSV UTF-8",
				line)
		}
	}
	if err != nil {
		return nil, "", unreadable("file-charset", "the file is neither text nor an .xlsx workbook; save it as .xlsx or .csv")
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return nil, "", unreadable("file-format", "the file is neither text nor an .xlsx workbook; save it as .xlsx or .csv")
	}
	if !bytes.ContainsRune(text, '\n') {
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	return text, charset, nil
}

// unmarkedUTF16 reads UTF-16 that lacks its byte order mark, if that gives text.
func unmarkedUTF16(file []byte) (text []byte, ok bool) {
	for _, order := range []unicode.Endianness{unicode.LittleEndian, unicode.BigEndian} {
		text, err := unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder().Bytes(file)
		odd := bytes.ContainsFunc(text,
			func(r rune) bool { return r == utf8.RuneError || r < ' ' && r != '\t' && r != '\r' && r != '\n' })
		if err == nil && len(file)%2 == 0 && !odd && bytes.ContainsAny(text, "\n") && bytes.ContainsAny(text, ",;\t|") {
			return text, true
		}
	}
	return nil, false
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
func csvGrid(text []byte, separator byte, limit int) (*grid, error) {
	g := &grid{}
	r := csvReader{text: text, separator: separator, line: 1}
	for len(r.text) > 0 {
		line := r.line
		record, err := r.record()
		if err != nil {
			return nil, err
		}
		row := gridRow{number: line, cells: make([]cell, len(record))}
		blank := true
		for i, field := range record {
			row.cells[i] = textCell(string(field))
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

// csvReader takes a text apart by RFC 4180, except that white space may stand
// around a quoted field, as payment services write it.
type csvReader struct {
	text      []byte // not read yet
	separator byte
	line      int
	begin     int // of the record
}

// record reads one row.
func (r *csvReader) record() (fields [][]byte, err error) {
	r.begin = r.line
	for {
		field, err := r.field()
		if err != nil {
			return nil, err
		}
		fields = append(fields, field)
		if len(fields) > maxColumns {
			return nil, unreadable("too-many-columns", "a row has more than %d columns", maxColumns)
		}
		if len(r.text) == 0 {
			return fields, nil
		}
		end := r.text[0]
		r.text = r.text[1:]
		if end == '\r' && len(r.text) > 0 && r.text[0] == '\n' {
			r.text = r.text[1:]
		}
		if end != r.separator {
			r.line++
			return fields, nil
		}
	}
}

// field reads up to the next separator or end of line, which stays.
func (r *csvReader) field() ([]byte, error) {
	begin := r.text[r.white():]
	if len(begin) > 0 && begin[0] == '"' {
		r.text = begin[1:]
		return r.quoted()
	}
	n := bytes.IndexAny(r.text, string([]byte{r.separator, '\r', '\n', '"'}))
	switch {
	case n < 0:
		n = len(r.text)
	case r.text[n] == '"' && !bytes.HasPrefix(r.text, []byte(`="`)):
		return nil, r.wrong(domain.Say("a quotation mark (\") stands within a value that is not quoted"))
	case r.text[n] == '"': // ="0012", a text that shall be no number
		if end := bytes.IndexByte(r.text[2:], '"'); end >= 0 {
			n = 2 + end + 1
			if m := bytes.IndexAny(r.text[n:], string([]byte{r.separator, '\r', '\n'})); m >= 0 {
				n += m
			} else {
				n = len(r.text)
			}
		}
	}
	field := r.text[:n]
	r.text = r.text[n:]
	return field, nil
}

// white counts the white space at the front that is no separator.
func (r *csvReader) white() (n int) {
	for n < len(r.text) && (r.text[n] == ' ' || r.text[n] == '\t') && r.text[n] != r.separator {
		n++
	}
	return n
}

// quoted reads a field whose first quotation mark is read.
func (r *csvReader) quoted() ([]byte, error) {
	var field []byte
	for {
		n := bytes.IndexByte(r.text, '"')
		if n < 0 {
			return nil, r.wrong(domain.Say("a quotation mark (\") is never closed"))
		}
		field = append(field, bytes.ReplaceAll(r.text[:n], []byte("\r\n"), []byte("\n"))...)
		r.line += bytes.Count(r.text[:n], []byte("\n"))
		r.text = r.text[n+1:]
		if len(r.text) > 0 && r.text[0] == '"' {
			field = append(field, '"')
			r.text = r.text[1:]
			continue
		}
		r.text = r.text[r.white():]
		if len(r.text) > 0 && r.text[0] != r.separator && r.text[0] != '\r' && r.text[0] != '\n' {
			return nil, r.wrong(domain.Say("something follows the quotation mark (\") that closes a value"))
		}
		return field, nil
	}
}

func (r *csvReader) wrong(what domain.Text) error {
	return domain.Invalid("file", fmt.Sprintf("line %d", r.line), "csv-syntax",
		"cannot be read as CSV: %s (in the row that begins on line %d); save the file again as .xlsx or CSV", "", what,
		r.begin)
}

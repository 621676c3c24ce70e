package sheet

import (
	"regexp"
	"strings"

	"aftersales-ledger/domain"
)

var (
	// rounded is a long number as a spreadsheet shows it: 2.02611E+19.
	rounded = regexp.MustCompile(`^[0-9](?:\.[0-9]+)?[eE]\+[0-9]{1,3}$`)
	// becameDate is what a spreadsheet makes of 2-5 or 3/1.
	becameDate = regexp.MustCompile(`(?i)^(?:[0-9]{1,2}月[0-9]{1,2}日|[0-9]{4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?|[0-9]{4}[/-][0-9]{1,2}[/-][0-9]{1,2}(?: 0?0?:00(?::00)?)?|` +
		`[0-9]{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-[0-9]{1,2})$`)
	longDigits = regexp.MustCompile(`^[0-9]{16,}$`)
	digits     = regexp.MustCompile(`^[0-9]+$`)
)

// spoiltCode tells an identity that a spreadsheet has made something else of.
func spoiltCode(c cell) domain.Text {
	switch {
	case c.dated, c.number == "" && becameDate.MatchString(c.text):
		return domain.Say("is a date, which a spreadsheet has made of something like 2-5; " + asText)
	case rounded.MatchString(c.text):
		return domain.Say("is a rounded number: the spreadsheet has lost its last digits; " + asText)
	}
	return domain.Text{}
}

// spoilt finds identities that a single cell does not show to be spoilt: the
// zeros that stand where a spreadsheet has lost the digits beyond the fifteenth,
// and the leading zeros that others of the column still have.
func (g *grid) spoilt(l *List, layout Layout) {
	for _, column := range layout.Columns {
		if column.Kind != Code {
			continue
		}
		var zeros []int
		long, length, uneven := 0, 0, false
		for i, r := range l.Rows {
			text := r.Value(column.Field).text
			if longDigits.MatchString(text) {
				long++
				if strings.Trim(text[15:], "0") == "" {
					zeros = append(zeros, i)
				}
			}
			if digits.MatchString(text) && text[0] == '0' && len(text) > 1 {
				uneven = uneven || length > 0 && length != len(text)
				length = len(text)
			}
		}
		for _, i := range zeros {
			n := len(l.Rows[i].Value(column.Field).text) - 15
			if n > 4 || long == len(zeros) && (n > 1 || long > 1) {
				l.Rows[i].spoil(column.Field,
					domain.Say("ends in zeros behind its 15th digit, where a spreadsheet loses the digits of a number; "+asText))
			}
		}
		if length == 0 || uneven {
			continue
		}
		for i, r := range l.Rows {
			if text := r.Value(column.Field).text; digits.MatchString(text) && len(text) < length {
				l.Rows[i].spoil(column.Field,
					domain.Say("has fewer digits than others of its column: a spreadsheet may have dropped leading zeros; "+asText))
			}
		}
	}
}

// spoil marks a cell as unreadable.
func (r Row) spoil(field string, why domain.Text) {
	v := r.values[field]
	if v.bad.IsZero() {
		v.bad = why
		r.values[field] = v
	}
}

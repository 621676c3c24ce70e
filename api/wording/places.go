package wording

import (
	"regexp"
	"strings"
)

// place is where something stands in a file whose cells have no names, as
// package sheet writes it.
var place = regexp.MustCompile(`^line (\d+)(?:, column (.+))?$`)

// Column is what the reader calls a column: its title, in English its field, and
// its field where it has no title.
func (l Language) Column(title, field string) string {
	if l == English || title == "" {
		return field
	}
	return title
}

// Place says where something stands in a file: line 6, column 金额 is
// 第 6 行“金额”列. Anything else stays: a cell of a workbook, 11月!F3, is called so
// in every language.
func (l Language) Place(at string) string {
	if l == English {
		return at
	}
	if from, to, several := strings.Cut(at, " … "); several {
		return l.Place(from) + " … " + l.Place(to)
	}
	m := place.FindStringSubmatch(at)
	switch {
	case m == nil:
		return at
	case m[2] == "":
		return "第 " + m[1] + " 行"
	}
	return "第 " + m[1] + " 行“" + m[2] + "”列"
}

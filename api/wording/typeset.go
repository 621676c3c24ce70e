package wording

import (
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"aftersales-ledger/domain"
)

// This file sets figures into Chinese sentences as Chinese is set: in its own quotation
// marks, and without a space between two of its words.

// figure is a text among the figures. What was typed stays as it was typed, on one line.
type figure string

// String implements fmt.Stringer.
func (f figure) String() string { return string(f) }

// Format implements fmt.Formatter: %q is “…”.
func (f figure) Format(s fmt.State, verb rune) {
	if verb != 'q' {
		_, _ = fmt.Fprintf(s, fmt.FormatString(s, verb), string(f))
		return
	}
	quoted := strconv.Quote(string(f))
	_, _ = io.WriteString(s, "“"+strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)+"”")
}

// figured is what a figure is called in a sentence.
func (l Language) figured(v any) any {
	named := l.name(v)
	if _, says := named.(fmt.Stringer); !says {
		if text := reflect.ValueOf(named); text.Kind() == reflect.String {
			return figure(text.String())
		}
	}
	return named
}

var figureVerb = regexp.MustCompile(`%(?:\[(\d+)\])?([a-z%])`)

// fullWidth tells what takes the room of a Chinese character: no space stands beside it.
func fullWidth(r rune) bool {
	return unicode.Is(unicode.Han, r) || strings.ContainsRune("（）《》“”", r)
}

// closedUp takes the spaces out of a sentence that would stand between two Chinese words,
// one of which is a figure.
func (l Language) closedUp(format string, args []any) string {
	var out strings.Builder
	from, next := 0, 1
	for _, at := range figureVerb.FindAllStringSubmatchIndex(format, -1) {
		verb := format[at[4]:at[5]]
		if at[2] >= 0 {
			next, _ = strconv.Atoi(format[at[2]:at[3]])
		}
		before := format[from:at[0]]
		from = at[1]
		if verb != "s" && verb != "v" && verb != "q" || next > len(args) {
			if out.WriteString(before + format[at[0]:at[1]]); verb != "%" {
				next++
			}
			continue
		}
		said := domain.Text{Args: args[next-1 : next]}.In("%v", l.figured, "、")
		next++
		first, _ := utf8.DecodeRuneInString(said)
		last, _ := utf8.DecodeLastRuneInString(said)
		if verb == "q" {
			first, last = '“', '”'
		}
		if word, spaced := strings.CutSuffix(before, " "); spaced && fullWidth(first) {
			if end, _ := utf8.DecodeLastRuneInString(word); unicode.Is(unicode.Han, end) {
				before = word
			}
		}
		out.WriteString(before + format[at[0]:at[1]])
		if rest, spaced := strings.CutPrefix(format[from:], " "); spaced && fullWidth(last) {
			if begin, _ := utf8.DecodeRuneInString(rest); unicode.Is(unicode.Han, begin) {
				from++
			}
		}
	}
	return out.String() + format[from:]
}

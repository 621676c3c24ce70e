package domain

import (
	"strings"
	"unicode"
)

// Fold makes writings of one text equal: full-width forms and case.
func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		case r == '\u3000':
			r = ' '
		}
		return unicode.ToUpper(r)
	}, s)
}

// numerals are Chinese figures as names write them: 一期 is 1期.
var numerals = map[rune]rune{'一': '1', '二': '2', '三': '3', '四': '4', '五': '5', '六': '6', '七': '7', '八': '8', '九': '9'}

// PlainName reduces the name of a project, a center or a payer to what tells it
// from others, so that one name is found however it is written: its letters and
// digits, folded, with figures in digits. 云栖花园（一期）and 云栖花园 1 期 are
// 云栖花园1期.
func PlainName(name string) string {
	return strings.Map(func(r rune) rune {
		if figure, ok := numerals[r]; ok {
			return figure
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, Fold(name))
}

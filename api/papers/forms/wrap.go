package forms

import (
	"strings"
	"unicode"
)

// wrap breaks a text into lines no wider than room. Chinese is broken at every
// character but before a closing mark; Latin at spaces, after hyphens and
// slashes, never within a date or a number, unless there is no other way.
func (f face) wrap(text string, size, room float64) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		lines = append(lines, f.wrapLine([]rune(paragraph), size, room)...)
	}
	return lines
}

func (f face) wrapLine(text []rune, size, room float64) (lines []string) {
	start, last, used := 0, 0, 0.0 // last: where the line may be broken
	for i := 0; i < len(text); i++ {
		if i > start && breakable(text, i) {
			last = i
		}
		w := f.width(string(text[i]), size)
		for used+w > room && i > start && text[i] != ' ' {
			at := last
			if at <= start {
				at = i
			}
			lines = append(lines, strings.TrimRight(string(text[start:at]), " "))
			for at < len(text) && text[at] == ' ' {
				at++
			}
			start, last, used = at, at, f.width(string(text[at:i]), size)
		}
		used += w
	}
	return append(lines, strings.TrimRight(string(text[start:]), " "))
}

// breakable reports whether a line may end before text[i].
func breakable(text []rune, i int) bool {
	before, after := text[i-1], text[i]
	switch {
	case after == ' ', closing(after), opening(before):
		return false
	case before == ' ' && inGroups(text, i):
		return false
	case before == ' ', wide(before), wide(after):
		return true
	case before == '-' || before == '/':
		return !(i >= 2 && unicode.IsDigit(text[i-2]) && unicode.IsDigit(after)) && !inNumber(text, i)
	}
	return strings.ContainsRune(",;@_|·→", before)
}

// inGroups reports whether a blank before text[i] stands within a number that is written
// in groups of digits, as those of bank accounts and telephones are: 1202 0216 0990 0101.
func inGroups(text []rune, i int) bool {
	digits := func(at, step int) (n int) {
		for ; at >= 0 && at < len(text) && unicode.IsDigit(text[at]); at += step {
			n++
		}
		return n
	}
	before, after := digits(i-2, -1), digits(i, 1)
	return 3 <= before && before <= 4 && 3 <= after && after <= 4
}

// longestNumber is up to how many characters the number of a document is not
// broken: F1-P001-2508-0012.
const longestNumber = 18

// inNumber reports whether text[i] stands within the number of a document or
// part: capitals and digits with hyphens.
func inNumber(text []rune, i int) bool {
	part := func(r rune) bool { return r == '-' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' }
	from, to := i, i
	for from > 0 && part(text[from-1]) {
		from--
	}
	for to < len(text) && part(text[to]) {
		to++
	}
	return to > i && to-from <= longestNumber
}

func wide(r rune) bool { return r >= 0x2e80 }
func closing(r rune) bool {
	return strings.ContainsRune("，。；：、！？）》」』】〕”’%,.;:!?)]}", r)
}
func opening(r rune) bool { return strings.ContainsRune("（《「『【〔“‘([{", r) }

// widest is the width of the widest part that is not broken.
func (f face) widest(text string, size float64) float64 {
	most := 0.0
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := []rune(paragraph)
		start := 0
		for i := 1; i <= len(line); i++ {
			if i == len(line) || breakable(line, i) {
				most = max(most, f.width(strings.TrimRight(string(line[start:i]), " "), size))
				start = i
			}
		}
	}
	return most
}

// longest is the width of the longest line as it is written.
func (f face) longest(text string, size float64) (most float64) {
	for line := range strings.SplitSeq(text, "\n") {
		most = max(most, f.width(line, size))
	}
	return most
}

package remittance

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Names and codes below these lengths, in characters, stand in any text by
// chance, and are not looked for in one.
const (
	shortestName = 4
	shortestCode = 3
)

func isName(folded string) bool { return utf8.RuneCountInString(folded) >= shortestName }

// isCode tells a number that can be told from words: C01, SF-2026-0101.
func isCode(folded string) bool {
	return utf8.RuneCountInString(folded) >= shortestCode && strings.ContainsFunc(folded, unicode.IsDigit)
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

// isCodeRune tells what the numbers of documents are made of, Chinese aside.
func isCodeRune(r rune) bool {
	return r <= unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.#", r))
}

// codesIn lists the words of a folded text that may be numbers of documents,
// whole: SF-2026-0101 is not found in SF-2026-01012.
func codesIn(text string) []string {
	var codes []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !isCodeRune(r) }) {
		if word = strings.Trim(word, "-_.#"); isCode(word) {
			codes = append(codes, word)
		}
	}
	return codes
}

// namesCode reports whether a folded text holds a code with nothing of a code
// next to it.
func namesCode(text, code string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], code)
		if i < 0 {
			return false
		}
		at := from + i
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(code):])
		if !isDigitOrLatin(before) && !isDigitOrLatin(after) {
			return true
		}
		from = at + len(code)
	}
}

func isDigitOrLatin(r rune) bool {
	return r != utf8.RuneError && r <= unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

package main

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"aftersales-ledger/api/wording"
)

// What is measured is called in the language of who reads the figures.
func TestEveryMeasureIsNamedInBothLanguages(t *testing.T) {
	chinese := func(s string) bool {
		return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	}
	for _, m := range slices.Concat(engineMeasures, nodeMeasures) {
		for _, name := range []string{m.name, m.baselineMeaning} {
			zh, en := wording.Chinese.Label(name), wording.English.Label(name)
			if name != "" && (!chinese(zh) || chinese(en) || en == "") {
				t.Errorf("%q is %q in Chinese and %q in English", name, zh, en)
			}
		}
	}
}

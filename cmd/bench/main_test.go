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
	said := []string{usage, langHelp}
	for _, m := range slices.Concat(engineMeasures, nodeMeasures) {
		said = append(said, m.name, m.baselineMeaning)
	}
	for _, name := range said {
		zh, en := wording.Chinese.Label(name), wording.English.Label(name)
		if name != "" && (!chinese(zh) || chinese(en) || en == "") {
			t.Errorf("%q is %q in Chinese and %q in English", name, zh, en)
		}
	}
}

package scenario

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
)

// Mismatch is one expectation that was not met.
type Mismatch struct {
	Path string // where in the answer, such as body.rows[0].open
	Line int    // of the expectation in its file; zero where it is a rule for every step
	Want any    // as the file or the answer has it, or a [domain.Text]
	Got  any
}

// match compares an answer with what was expected of it: of a mapping only the
// fields named, of a list every element in order, of a single value its number
// if it is written as one, else its text.
func match(at string, want *node, got any) []Mismatch {
	switch want.kind {
	case null:
		if got == nil {
			return nil
		}
		return differs(at, want, got)
	case mapping:
		return matchMapping(at, want, got)
	case sequence:
		return matchList(at, want, got)
	case scalar:
		if sameValue(want, got) {
			return nil
		}
		return differs(at, want, got)
	}
	return nil
}

func differs(at string, want *node, got any) []Mismatch {
	return []Mismatch{{at, want.line, render(want), show(got)}}
}

func matchMapping(at string, want *node, got any) []Mismatch {
	if misses, isChoice := matchChoice(at, want, got); isChoice {
		return misses
	}
	switch got := got.(type) {
	case map[string]any:
		var out []Mismatch
		for _, f := range want.fields {
			value, present := got[f.name]
			where := join(at, f.name)
			if !present && f.value.kind != null && f.value.lookup(wordNot) == nil {
				out = append(out, Mismatch{where, f.line, render(f.value), domain.Say("nothing: there is no such field")})
				continue
			}
			out = append(out, match(where, f.value, value)...)
		}
		return out
	case []any:
		return matchParts(at, want, got)
	case string:
		if part := want.lookup(wordContains); part != nil && len(want.fields) == 1 && part.kind == scalar {
			if strings.Contains(got, part.text) {
				return nil
			}
			return []Mismatch{{at, part.line, domain.Say("a text that contains %s", part.text), show(got)}}
		}
	}
	return differs(at, want, got)
}

// matchChoice compares a value with {oneOf: [several]} or {not: this}; a field
// of the answer that bears one of these names is expected among others.
func matchChoice(at string, want *node, got any) (misses []Mismatch, isChoice bool) {
	if len(want.fields) != 1 {
		return nil, false
	}
	if values := want.lookup(wordOneOf); values != nil && values.kind == sequence {
		for _, value := range values.items {
			if len(match(at, value, got)) == 0 {
				return nil, true
			}
		}
		return []Mismatch{{at, values.line, domain.Say("one of %s", render(values)), show(got)}}, true
	}
	if value := want.lookup(wordNot); value != nil {
		if len(match(at, value, got)) == 0 {
			return []Mismatch{{at, value.line, domain.Say("not %s", render(value)), show(got)}}, true
		}
		return nil, true
	}
	return nil, false
}

// The words by which a list, or a text, is matched in part, and a value by what
// it may be or must not be.
const (
	wordOneOf    = "oneOf"
	wordNot      = "not"
	wordContains = "contains"
	wordLength   = "length"
)

// matchParts compares a list with `length` and `contains`.
func matchParts(at string, want *node, got []any) []Mismatch {
	var out []Mismatch
	for _, f := range want.fields {
		switch f.name {
		case wordLength:
			if !sameValue(f.value, json.Number(strconv.Itoa(len(got)))) {
				out = append(out, Mismatch{at, f.line, domain.Say("a list of %s", render(f.value)), listOf(got)})
			}
		case wordContains:
			out = append(out, matchContained(at, f.value, got)...)
		default:
			return []Mismatch{
				{
					join(at, f.name), f.line, render(want),
					domain.Say("a list of %d, not a mapping; of a list expect [elements], `contains` or `length`: %s", len(got), show(got)),
				},
			}
		}
	}
	return out
}

// matchContained finds an element of its own for everything wanted, in any
// order. What is not there is shown beside the element that comes closest.
func matchContained(at string, want *node, got []any) []Mismatch {
	items := []*node{want}
	if want.kind == sequence {
		items = want.items
	}
	taken := make([]bool, len(got))
	var out []Mismatch
	for _, item := range items {
		found, nearest := false, []Mismatch(nil)
		for i, element := range got {
			if taken[i] {
				continue
			}
			misses := match(fmt.Sprintf("%s[%d]", at, i), item, element)
			if len(misses) == 0 {
				found, taken[i] = true, true
				break
			}
			if nearest == nil || len(misses) < len(nearest) {
				nearest = misses
			}
		}
		switch {
		case found:
		case nearest == nil || item.kind != mapping || len(nearest) >= len(item.fields):
			out = append(out, Mismatch{at, item.line, domain.Say("a list that contains %s", render(item)), listOf(got)})
		default:
			out = append(out, nearest...)
		}
	}
	return out
}

func matchList(at string, want *node, got any) []Mismatch {
	list, ok := got.([]any)
	switch {
	case !ok:
		return differs(at, want, got)
	case len(list) != len(want.items):
		return []Mismatch{{at, want.line, domain.Say("a list of %d: %s", len(want.items), render(want)), listOf(list)}}
	}
	var out []Mismatch
	for i, item := range want.items {
		out = append(out, match(fmt.Sprintf("%s[%d]", at, i), item, list[i])...)
	}
	return out
}

// sameValue compares single values.
func sameValue(want *node, got any) bool {
	var text string
	switch got := got.(type) {
	case string:
		text = got
	case json.Number:
		text = got.String()
	case bool:
		text = strconv.FormatBool(got)
	default:
		return false
	}
	if want.text == text {
		return true
	}
	if want.quoted || !decimalText.MatchString(want.text) || !decimalText.MatchString(text) {
		return false
	}
	a, errA := decimal.NewFromString(want.text)
	b, errB := decimal.NewFromString(text)
	return errA == nil && errB == nil && a.Equal(b)
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

// maxShown bounds a value in a report, in characters.
const maxShown = 300

func clip(s string) string {
	if r := []rune(s); len(r) > maxShown {
		return string(r[:maxShown]) + "…"
	}
	return s
}

// show writes a value of an answer.
func show(got any) any {
	switch got := got.(type) {
	case nil:
		return domain.Say("nothing")
	case string:
		if got == "" || strings.TrimSpace(got) != got {
			return strconv.Quote(got)
		}
		return clip(got)
	case json.Number:
		return got.String()
	case bool:
		return strconv.FormatBool(got)
	}
	text, err := json.Marshal(got)
	if err != nil {
		return fmt.Sprint(got)
	}
	return clip(string(text))
}

func listOf(got []any) domain.Text { return domain.Say("a list of %d: %s", len(got), show(got)) }

// render writes an expectation in one line, as YAML.
func render(want *node) string {
	var b strings.Builder
	renderTo(&b, want)
	return clip(b.String())
}

func renderTo(b *strings.Builder, n *node) {
	switch n.kind {
	case null:
		b.WriteString("nothing")
	case scalar:
		if n.text == "" {
			b.WriteString(`""`)
		}
		b.WriteString(n.text)
	case mapping:
		b.WriteByte('{')
		for i, f := range n.fields {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(f.name + ": ")
			renderTo(b, f.value)
		}
		b.WriteByte('}')
	case sequence:
		b.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				b.WriteString(", ")
			}
			renderTo(b, item)
		}
		b.WriteByte(']')
	}
}

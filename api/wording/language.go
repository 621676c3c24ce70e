// Package wording says in the reader's language what the domain refused and
// the service answers. The English sentence stands where the rule is written
// and is the key (domain.Sentence); the files under zh hold it in Chinese.
package wording

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"strings"
	"unicode"

	"golang.org/x/text/language"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/names"
)

// Language is one that the ledger speaks.
type Language string

const (
	Chinese Language = "zh-CN" // what is spoken where nobody asks for another
	English Language = "en"
)

var spoken = []Language{Chinese, English}

var matcher = language.NewMatcher([]language.Tag{
	language.MustParse(string(Chinese)), language.MustParse(string(English)),
})

// Choose returns the language that suits best what is asked for, in the form of
// an Accept-Language header; Chinese where nothing is asked for, or nothing
// that the ledger speaks.
func Choose(accept string) Language {
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return Chinese
	}
	_, i, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return Chinese
	}
	return spoken[i]
}

// AtTerminal is the language of who types at a terminal: the one asked for, or where
// none is, English where LANG begins with en, else Chinese.
func AtTerminal(asked string) Language {
	if asked == string(English) || asked == "" && strings.HasPrefix(os.Getenv("LANG"), "en") {
		return English
	}
	return Chinese
}

type contextKey struct{}

// With returns a context whose reader reads l.
func With(ctx context.Context, l Language) context.Context {
	return context.WithValue(ctx, contextKey{}, l)
}

// Of returns the language of the context's reader, Chinese if none is known.
func Of(ctx context.Context) Language {
	if l, ok := ctx.Value(contextKey{}).(Language); ok {
		return l
	}
	return Chinese
}

// Say says a sentence with its figures.
func (l Language) Say(t domain.Text) string {
	if l == English {
		return t.String()
	}
	format, ok := chinese()[t.Format]
	if !ok {
		return t.String() // TestEverySentenceIsSaidInChinese names it
	}
	return t.In(l.closedUp(format, t.Args), l.figured, "、")
}

// Sayf is Say of a sentence with its figures beside it.
func (l Language) Sayf(format domain.Sentence, args ...any) string {
	return l.Say(domain.Say(format, args...))
}

// Rule says which rule was broken and, of a reference to what does not exist, what there is
// that is nearest.
func (l Language) Rule(r *domain.Rejection) string { return l.Say(offering(r)) }

// Refusal says which value was refused by which rule, and its clause.
func (l Language) Refusal(r *domain.Rejection) string { return l.RefusalIn("", r) }

// RefusalIn is Refusal with the names that the records of a room have for their fields.
func (l Language) RefusalIn(room string, r *domain.Rejection) string {
	subject, rule := l.subject(room, r.Field, r.Value), l.Rule(r)
	if l == English {
		if subject != "" {
			subject += " "
		}
		if r.Clause != "" {
			rule += fmt.Sprintf(" (clause %s)", r.Clause)
		}
		return subject + rule
	}
	if subject != "" {
		subject += "："
	}
	if r.Clause != "" {
		rule += fmt.Sprintf("（%s）", clause(r.Clause))
	}
	return subject + rule
}

// file is the field of a refusal of a file, whose value is where it is wrong.
const file = "file"

// subject names a field, and its value where there is one.
func (l Language) subject(room, field, value string) string {
	if field == "" {
		return ""
	}
	name := l.FieldIn(room, field)
	switch {
	case field == file && l != English && value == "":
		return "" // the sentence is of the file
	case field == file && l != English:
		if at := l.Place(value); at != value {
			return "文件" + at
		}
		return "文件“" + value + "”"
	case value == "":
		return name
	case l == English:
		return fmt.Sprintf("%s %q", name, value)
	}
	return name + "“" + value + "”"
}

// clause names what a rule rests on: a clause of the procedure, or what must
// always hold of money, or everywhere.
func clause(c string) string {
	if name := Chinese.Clause(c); name != c {
		return name
	}
	return "条款 " + c
}

// Clause is the number of a clause, or the name of what has none.
func (l Language) Clause(c string) string {
	switch {
	case l == English:
	case c == "Money":
		return "资金规则"
	case c == "every":
		return "通则"
	}
	return c
}

// Codes are a list of them whose type is not known: what a schema or a flag admits.
type Codes []string

// name is the Chinese of one figure. Codes have the names that they have on
// papers; a list of them is what may be sent, and says the codes as well.
func (l Language) name(v any) any {
	switch said := v.(type) {
	case domain.Text:
		return l.Say(said)
	case domain.Sentence:
		return l.Sayf(said)
	case error:
		return l.Error(said)
	case person:
		return said.inChinese()
	case recordedCode:
		return said.name
	}
	if at, ok := v.(string); ok {
		return l.Place(at)
	}
	if name, ok := names.Find(v); ok {
		return name
	}
	if codes, ok := v.(Codes); ok {
		named := names.Among(codes)
		return each(len(codes), func(i int) any { return withCode(named[codes[i]], codes[i]) })
	}
	if list := reflect.ValueOf(v); list.Kind() == reflect.Slice {
		return each(list.Len(), func(i int) any {
			code := list.Index(i).Interface()
			if name, ok := names.Find(code); ok {
				return withCode(name, code)
			}
			return l.name(code)
		})
	}
	return v
}

func each(n int, say func(i int) any) []any {
	said := make([]any, n)
	for i := range said {
		said[i] = say(i)
	}
	return said
}

// withCode is a code that may be sent, and what it is called: 紧急（EMERGENCY）.
func withCode(name string, code any) any {
	if name == "" || name == fmt.Sprint(code) {
		return code
	}
	return fmt.Sprintf("%s（%v）", name, code)
}

// Label is what stands in both languages, 中文 English, as the reader reads it:
// the Chinese up to the first space or line break, or the English after it.
func (l Language) Label(both string) string {
	i := strings.IndexAny(both, " \n")
	if i < 0 || !strings.ContainsFunc(both[:i], func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return both
	}
	if l == English {
		return both[i+1:]
	}
	return both[:i]
}

// Code says a code: its name in Chinese, itself in English.
func Code[T ~string](l Language, code T) string {
	if l == English {
		return string(code)
	}
	return names.Of(code)
}

package domain

import (
	"fmt"
	"reflect"
	"strings"
)

// Sentence is what is said to people, in English, with fmt's verbs for its
// figures. It is a constant of the source, and by it the sentence is found in
// other languages (api/wording): a string that was put together at run time is
// no Sentence, and does not compile as one.
type Sentence string

// Text is a sentence with its figures: what a refusal says, before anybody has
// chosen the language. Its zero value says nothing.
type Text struct {
	Format Sentence
	// Args are the figures, in the order of the English verbs. They are values
	// of the trade (a date, a role, an amount, a list of them), not words: each
	// language has its own.
	Args []any
}

// Say is a sentence with its figures. A sentence without figures has no verbs:
// it is taken as it stands.
func Say(format Sentence, args ...any) Text { return Text{Format: format, Args: args} }

// NamedID is what has a number and a name. People are told both: C01 云栖花园物业服务中心.
type NamedID struct{ ID, Name string }

// String is the number, and the name where there is one.
func (n NamedID) String() string {
	if n.Name == "" {
		return n.ID
	}
	return n.ID + " " + n.Name
}

// IsZero reports whether nothing is said.
func (t Text) IsZero() bool { return t.Format == "" }

// String is the sentence in English, as the logs keep it.
func (t Text) String() string {
	return t.In(string(t.Format), func(arg any) any { return arg }, ", ")
}

// grouped is a figure that people read in groups of three digits: an amount.
type grouped interface{ Grouped() string }

// In puts the figures into format, the sentence in some language. Name gives a
// figure its name there; the elements of a list are named one by one, and stand
// with the comma between them. A Text among the figures is named like any other.
// Amounts are written as everywhere that people read them, 1,234.50.
func (t Text) In(format string, name func(any) any, comma string) string {
	if len(t.Args) == 0 {
		return format
	}
	args := make([]any, len(t.Args))
	for i, arg := range t.Args {
		args[i] = name(arg)
		if amount, ok := args[i].(grouped); ok {
			args[i] = amount.Grouped()
		}
		if _, named := args[i].(fmt.Stringer); named {
			continue
		}
		if list := reflect.ValueOf(args[i]); list.IsValid() && list.Kind() == reflect.Slice {
			args[i] = joined(list, name, comma)
		}
	}
	return fmt.Sprintf(format, args...)
}

func joined(list reflect.Value, name func(any) any, comma string) string {
	elements := make([]string, list.Len())
	for i := range elements {
		element := name(list.Index(i).Interface())
		if amount, ok := element.(grouped); ok {
			element = amount.Grouped()
		}
		elements[i] = fmt.Sprint(element)
	}
	return strings.Join(elements, comma)
}

package domain

import (
	"errors"
	"fmt"
	"strings"
)

// Kind sorts rejections by what the caller can do about them.
type Kind uint8

const (
	// KindInvalid: the value itself breaks a rule; correct it.
	KindInvalid Kind = iota
	// KindNotFound: what the command names does not exist.
	KindNotFound
	// KindConflict: the value is fine, but not in the present state of things.
	KindConflict
	// KindForbidden: this actor or role may not do this.
	KindForbidden
)

// Rejection is a decision against a command. It says what was wrong with which
// value, and under which clause of the procedure. Nothing was recorded, unless
// the refusal itself is a fact.
type Rejection struct {
	Kind   Kind
	Field  string // path of the offending field, in the command's JSON
	Value  string // the offending value as given
	Code   string // stable name of the rule, for programs
	Rule   Text   // the rule with its figures, for people
	Clause string // clause of the procedure, empty where the rule is elementary
	Fact   Event  // that records the refusal, where it is a fact; else nil
	// There is what a reference to what does not exist could have named. Whoever is refused
	// is offered the nearest of it that they may see.
	There []Existing
}

// Existing is something that a command could have named.
type Existing struct {
	NamedID
	Project ProjectID // whose it is; empty: of whoever may give the command
}

// Numbers are the keys of what a state holds, for a refusal of one that it does not.
func Numbers[K ~string, V any](held map[K]V) []Existing {
	there := make([]Existing, 0, len(held))
	for number := range held {
		there = append(there, Existing{NamedID: NamedID{ID: string(number)}})
	}
	return there
}

// Each is what a list holds, as what a command could have named.
func Each[T any](held []T, named func(T) NamedID) []Existing {
	there := make([]Existing, len(held))
	for i, one := range held {
		there[i].NamedID = named(one)
	}
	return there
}

// Named is a list of names, as what a command or a question could have named.
func Named(list []NamedID) []Existing {
	return Each(list, func(one NamedID) NamedID { return one })
}

// Among is the refusal with what there is beside it.
func (r *Rejection) Among(there []Existing) *Rejection {
	r.There = there
	return r
}

func (r *Rejection) Error() string {
	var b strings.Builder
	switch {
	case r.Field != "" && r.Value != "":
		fmt.Fprintf(&b, "%s %q ", r.Field, r.Value)
	case r.Field != "":
		b.WriteString(r.Field + " ")
	}
	b.WriteString(r.Rule.String())
	if r.Clause != "" {
		fmt.Fprintf(&b, " (clause %s)", r.Clause)
	}
	return b.String()
}

// Invalid rejects a value that breaks a rule by itself. The args are those of
// the rule, see Say.
func Invalid(field, value, code string, rule Sentence, clause string, args ...any) *Rejection {
	return &Rejection{KindInvalid, field, value, code, Say(rule, args...), clause, nil, nil}
}

// NotFound rejects a reference to something that does not exist.
func NotFound(field, value, code string, rule Sentence, args ...any) *Rejection {
	return &Rejection{KindNotFound, field, value, code, Say(rule, args...), "", nil, nil}
}

// Conflict rejects a value that the present state does not admit.
func Conflict(field, value, code string, rule Sentence, clause string, args ...any) *Rejection {
	return &Rejection{KindConflict, field, value, code, Say(rule, args...), clause, nil, nil}
}

// Forbidden rejects an actor or role.
func Forbidden(field, value, code string, rule Sentence, clause string, args ...any) *Rejection {
	return &Rejection{KindForbidden, field, value, code, Say(rule, args...), clause, nil, nil}
}

// NamedBy has a rejection speak of the field by which a command names what was
// rejected, where the command that was checked is an earlier one.
func NamedBy(field, value string, err error) error {
	var r *Rejection
	if errors.As(err, &r) {
		r.Field, r.Value = field, value
	}
	return err
}

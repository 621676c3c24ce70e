package eventstore

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"aftersales-ledger/domain"
)

// Commands that were recorded before 26 November 2026 were hashed under the names
// of the Go code, every field said. A repeat of such a command is known by what its
// hash was then.

// wasHashedAs reports whether a hash is one that an earlier version would have
// recorded of the command.
func (c Command) wasHashedAs(hash string) bool {
	content, err := earlierJSON(reflect.ValueOf(c.Content))
	if err != nil {
		return false // a field that joined since says something: it was never recorded so
	}
	type envelope struct { // of the night to the 26th; some commands had a name by then
		Actor   string          `json:"actor"`
		Role    domain.Role     `json:"role"`
		Center  domain.CenterID `json:"center,omitzero"`
		Command string          `json:"command"`
		Content json.RawMessage `json:"content"`
	}
	goName := fmt.Sprintf("%T", c.Content)
	return slices.ContainsFunc([]any{
		struct { // until the 25th
			Actor   domain.Actor
			Type    string
			Content json.RawMessage
		}{c.Actor, goName, content},
		envelope{c.Actor.Name, c.Actor.Role, c.Actor.Center, goName, content},
		envelope{c.Actor.Name, c.Actor.Role, c.Actor.Center, c.Content.CommandName(), content},
	}, func(envelope any) bool {
		text, err := json.Marshal(envelope)
		sum := sha256.Sum256(text)
		return err == nil && hex.EncodeToString(sum[:]) == hash
	})
}

// joinedSince are the fields of commands that joined after 26 November 2026: those
// of before did not say them.
var joinedSince = map[string][]string{
	"account.Dispute":        {"Papers"},
	"account.ReceivePayment": {"OwnAccount", "Place", "Apart"},
	"depot.Scrap":            {"Shipment"},
}

// earlierJSON writes a value as it was written before the fields of commands had
// names of their own: by their Go names, none left out. A struct whose fields may
// all be left out today is a command, or a part of one, that had none; others are
// events and their parts, which have always been written as today.
func earlierJSON(v reflect.Value) ([]byte, error) {
	switch {
	case v.Kind() == reflect.Struct && unnamedThen(v.Type()):
		var b bytes.Buffer
		b.WriteByte('{')
		if err := earlierFields(&b, v); err != nil {
			return nil, err
		}
		b.WriteByte('}')
		return b.Bytes(), nil
	case v.Kind() == reflect.Slice && !v.IsNil() && v.Type().Elem().Kind() == reflect.Struct:
		items := make([]json.RawMessage, v.Len())
		for i := range items {
			item, err := earlierJSON(v.Index(i))
			if err != nil {
				return nil, err
			}
			items[i] = item
		}
		return json.Marshal(items)
	case v.Kind() == reflect.Pointer && !v.IsNil():
		return earlierJSON(v.Elem())
	}
	return json.Marshal(v.Interface())
}

func earlierFields(b *bytes.Buffer, v reflect.Value) error {
	joined := joinedSince[v.Type().String()]
	for i := range v.NumField() {
		f := v.Type().Field(i)
		switch {
		case neverHashed(f), slices.Contains(joined, f.Name) && v.Field(i).IsZero():
			continue
		case slices.Contains(joined, f.Name):
			return fmt.Errorf("%s.%s joined later", v.Type(), f.Name)
		case f.Anonymous && unnamedThen(f.Type):
			if err := earlierFields(b, v.Field(i)); err != nil {
				return err
			}
			continue
		}
		value, err := earlierJSON(v.Field(i))
		if err != nil {
			return err
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		fmt.Fprintf(b, "%q:%s", f.Name, value)
	}
	return nil
}

// unnamedThen reports whether the fields of a struct had no names of their own.
func unnamedThen(t reflect.Type) bool {
	marshals := reflect.TypeFor[json.Marshaler]()
	if t.Kind() != reflect.Struct || t.Implements(marshals) || reflect.PointerTo(t).Implements(marshals) {
		return false
	}
	if t.String() == "notice.Resend" { // all of whose fields are always said
		return true
	}
	for i := range t.NumField() {
		f := t.Field(i)
		tag, named := f.Tag.Lookup("json")
		if neverHashed(f) {
			continue
		}
		if !f.IsExported() || !f.Anonymous && (!named || !strings.Contains(tag, ",omit")) {
			return false
		}
	}
	return t.NumField() > 0
}

// neverHashed reports whether a field is no part of what was asked for: it says how the
// command came, or was looked up.
func neverHashed(f reflect.StructField) bool { return f.Tag.Get("json") == "-" }

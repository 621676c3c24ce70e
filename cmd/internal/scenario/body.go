package scenario

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// document is what the ledger's OpenAPI document says of the bodies that
// commands take. By it a value written without quotes is sent as what the
// ledger asks for: 12000.00 as text where the ledger takes decimals as text,
// 24 as a number where it counts.
type document struct {
	Paths map[string]map[string]struct {
		RequestBody struct {
			Content map[string]struct {
				Schema *schema `json:"schema"`
			} `json:"content"`
		} `json:"requestBody"`
	} `json:"paths"`
	Components struct {
		Schemas map[string]*schema `json:"schemas"`
	} `json:"components"`
}

type schema struct {
	Ref        string             `json:"$ref"`
	Type       types              `json:"type"`
	Properties map[string]*schema `json:"properties"`
	Items      *schema            `json:"items"`
}

// types is one type or several, as JSON Schema allows.
type types []string

func (t *types) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(b, []byte("[")) {
		return json.Unmarshal(b, (*[]string)(t))
	}
	var one string
	err := json.Unmarshal(b, &one)
	*t = types{one}
	return err
}

func readDocument(text []byte) (*document, error) {
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, fmt.Errorf("the ledger's OpenAPI document: %w", err)
	}
	if len(d.Paths) == 0 {
		return nil, errors.New("the ledger's OpenAPI document lists no paths")
	}
	return &d, nil
}

// bodySchema finds the schema of the body that a request carries, nil if the
// document has none for it.
func (d *document) bodySchema(method, path string) *schema {
	path, _, _ = strings.Cut(path, "?")
	for template, operations := range d.Paths {
		if !fits(template, path) {
			continue
		}
		if op, ok := operations[strings.ToLower(method)]; ok {
			return op.RequestBody.Content["application/json"].Schema
		}
	}
	return nil
}

// fits reports whether a path is one of a template's, such as
// /v1/centers/{center}/charges.
func fits(template, path string) bool {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	return slices.EqualFunc(want, got, func(w, g string) bool {
		return w == g || (strings.HasPrefix(w, "{") && g != "")
	})
}

func (d *document) resolve(s *schema) *schema {
	for range maxDepth {
		if s == nil || s.Ref == "" {
			return s
		}
		name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/")
		if !ok {
			return nil
		}
		s = d.Components.Schemas[name]
	}
	return nil
}

// encode writes a body as JSON of the types that s asks for.
func (d *document) encode(b *bytes.Buffer, n *node, s *schema) {
	s = d.resolve(s)
	if s == nil {
		s = &schema{}
	}
	switch n.kind {
	case null:
		b.WriteString("null")
	case scalar:
		b.WriteString(encodeScalar(n, s.Type))
	case mapping:
		b.WriteByte('{')
		for i, f := range n.fields {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(quote(f.name) + ":")
			d.encode(b, f.value, s.Properties[f.name])
		}
		b.WriteByte('}')
	case sequence:
		b.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				b.WriteByte(',')
			}
			d.encode(b, item, s.Items)
		}
		b.WriteByte(']')
	}
}

func encodeScalar(n *node, t types) string {
	asks := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(t, name) })
	}
	unknown := len(t) == 0
	isBool := n.text == "true" || n.text == "false"
	switch {
	case n.quoted || asks("string"):
	case isBool && (unknown || asks("boolean")):
		return n.text
	case jsonNumber.MatchString(n.text) && asks("number", "integer"),
		jsonNumber.MatchString(n.text) && unknown && !strings.Contains(n.text, "."):
		return n.text
	}
	return quote(n.text)
}

func quote(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string can always be written
	}
	return string(text)
}

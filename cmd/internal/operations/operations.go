// Package operations reads the commands of the trade out of the OpenAPI document of a
// server, and makes the request of one of them from what a person typed: field=value,
// each field by its path as a refusal names it, such as lines[0].part. It knows no
// command by name: what the document has can be done.
package operations

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Operation is one command, as the document describes it.
type Operation struct {
	Name    string // operationId
	Action  string // the line of the table of roles that it names
	Summary string
	Says    string // description, with the roles
	Method  string
	Path    string // with {places}
	Area    string // where it belongs: the first name of its path, or what of a project it is about
	Media   []string
	Fields  []Input
	body    *schema // nil: it takes none, or a file
	schemas map[string]*schema
}

// TakesFile reports whether the body is a file, sent as it is.
func (o Operation) TakesFile() bool { return len(o.Media) > 0 && o.body == nil }

// Input is something that a command can be told.
type Input struct {
	Path     string // as a refusal names it; of an entry of a list, lines[].part
	Kind     Kind
	Required bool // of an entry of a list: by each entry
	Choices  []string
	Default  string
	Example  string
	Says     string
}

// Kind is what a value is.
type Kind string

const (
	Text    Kind = "TEXT"
	Whole   Kind = "WHOLE"
	Switch  Kind = "SWITCH"
	List    Kind = "LIST"
	Group   Kind = "GROUP"
	Table   Kind = "TABLE" // from names of the sender's own to values
	Listing      = "[]"    // in a path: an entry of a list
)

type document struct {
	Paths      map[string]map[string]described
	Components struct{ Schemas map[string]*schema }
}

type described struct {
	OperationID string
	Action      string `json:"x-action"`
	Summary     string
	Description string
	Parameters  []struct {
		Name, In, Description string
		Required              bool
		Schema                *schema
	}
	RequestBody *struct {
		Content map[string]struct{ Schema *schema }
	}
}

type schema struct {
	Ref         string `json:"$ref"`
	Type        any
	Description string
	Enum        []string
	Default     any
	Examples    []any
	Required    []string
	Properties  map[string]*schema
	Items       *schema
	More        json.RawMessage `json:"additionalProperties"`
}

// Read lists the commands of a document that a person or a program gives: those that
// name a line of the table of roles. How somebody signs in is no command.
func Read(text []byte) ([]Operation, error) {
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, fmt.Errorf("the OpenAPI document: %w", err)
	}
	var list []Operation
	for path, methods := range d.Paths {
		for method, of := range methods {
			if of.Action != "" && method != "get" {
				list = append(list, d.operation(path, strings.ToUpper(method), of))
			}
		}
	}
	slices.SortFunc(list, func(a, b Operation) int {
		return cmp.Or(cmp.Compare(a.Area, b.Area), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Name, b.Name))
	})
	return list, nil
}

func (d document) operation(path, method string, of described) Operation {
	o := Operation{
		Name: of.OperationID, Action: of.Action, Summary: of.Summary, Says: of.Description, Method: method, Path: path,
		Area: areaOf(path), schemas: d.Components.Schemas,
	}
	for _, p := range of.Parameters {
		if p.In != "header" { // which a tool sets by itself
			o.Fields = append(o.Fields, o.field(p.Name, p.Schema, p.Required, p.Description))
		}
	}
	if of.RequestBody != nil {
		o.Media = slices.Sorted(maps.Keys(of.RequestBody.Content))
		if content, ok := of.RequestBody.Content["application/json"]; ok {
			o.body = o.resolved(content.Schema)
			o.list("", o.body)
		}
	}
	return o
}

// areaOf tells where a command belongs. What projects have of their own to be done to
// is much: their depots and their monthly forms are areas beside them.
func areaOf(path string) string {
	names := strings.Split(strings.TrimPrefix(path, "/v1/"), "/")
	for _, own := range []string{"depot", "filings"} {
		if slices.Contains(names[1:], own) {
			return own
		}
	}
	return names[0]
}

// list adds the fields of an object, and those of what is in it.
func (o *Operation) list(under string, s *schema) {
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		property := s.Properties[name]
		f := o.field(under+name, property, slices.Contains(s.Required, name), property.Description)
		o.Fields = append(o.Fields, f)
		inner := o.resolved(property)
		if f.Kind == List {
			inner = o.resolved(inner.Items)
			name += Listing
		}
		o.list(under+name+".", inner)
	}
}

func (o *Operation) field(path string, s *schema, required bool, says string) Input {
	s = o.resolved(s)
	f := Input{Path: path, Kind: kindOf(s), Required: required, Choices: s.Enum, Says: cmp.Or(says, s.Description)}
	if f.Kind == List && len(f.Choices) == 0 && s.Items != nil {
		f.Choices = o.resolved(s.Items).Enum
	}
	if s.Default != nil {
		f.Default = fmt.Sprint(s.Default)
	}
	if len(s.Examples) > 0 {
		f.Example = fmt.Sprint(s.Examples[0])
		if text, err := json.Marshal(s.Examples[0]); err == nil && f.Kind != Text {
			f.Example = string(text)
		}
	}
	return f
}

// resolved is a schema where it is written down.
func (o *Operation) resolved(s *schema) *schema {
	for s != nil && s.Ref != "" {
		s = o.schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	}
	if s == nil {
		return new(schema)
	}
	return s
}

func kindOf(s *schema) Kind {
	types := []any{s.Type}
	if several, ok := s.Type.([]any); ok {
		types = several
	}
	for _, t := range types {
		switch t {
		case "array":
			return List
		case "integer":
			return Whole
		case "boolean":
			return Switch
		case "object":
			if len(s.Properties) == 0 && len(s.More) > 0 && string(s.More) != "false" {
				return Table
			}
			return Group
		}
	}
	return Text
}

// MediaOf is what a file is sent as, by the end of its name.
func (o Operation) MediaOf(file string) string {
	for end, media := range map[string]string{
		".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
		".eml": "message/rfc822", ".csv": "text/csv",
		".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	} {
		if strings.HasSuffix(strings.ToLower(file), end) && slices.Contains(o.Media, media) {
			return media
		}
	}
	return "application/octet-stream"
}

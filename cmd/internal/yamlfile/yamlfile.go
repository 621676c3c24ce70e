// Package yamlfile reads the files in which a department says how its ledger is to
// be: every field is known and written once, and a mistake is told with its line.
package yamlfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"aftersales-ledger/domain"
)

// FormatError is a mistake in a file.
type FormatError struct {
	File string
	Line int   // zero where the file as a whole is meant
	Err  error // what is wrong, which has its words in each language
}

// Wrong is a mistake that a sentence says. The args are those of the sentence.
func Wrong(file string, line int, what domain.Sentence, args ...any) *FormatError {
	return &FormatError{file, line, domain.Failed(nil, what, args...)}
}

// Unreadable is what keeps the parser from reading a file.
func Unreadable(file string, err error) *FormatError {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		return Wrong(file, at.GetToken().Position.Line, "cannot be read as YAML: %s", at.GetMessage())
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return Wrong(file, 0, "cannot be read as YAML: %s", first)
}

func (e *FormatError) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Err.Error()
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Err)
}

func (e *FormatError) Unwrap() error { return e.Err }

// Reader walks a file and remembers where its fields stand, and its first mistake.
type Reader struct {
	File  string
	Lines map[string]int // by field, such as rows[2].response
	Err   error
}

// Parse has walk read the one document of a file, and returns its first mistake.
// holds says what a file holds, such as "one service table".
func Parse(
	file string, src []byte, mostBytes int, holds domain.Sentence, walk func(*Reader, ast.Node),
) (r *Reader, err error) {
	r = &Reader{File: file, Lines: map[string]int{}}
	if len(src) > mostBytes {
		return r, Wrong(file, 0, "has %d bytes; it may have at most %d", len(src), mostBytes)
	}
	defer func() {
		// The parser meets input it was not made for with a panic now and then.
		if p := recover(); p != nil {
			err = Wrong(file, 0, "cannot be read as YAML")
		}
	}()
	doc, err := parser.ParseBytes(src, 0)
	if err != nil {
		return r, Unreadable(file, err)
	}
	var bodies []ast.Node
	for _, d := range doc.Docs {
		if d.Body != nil {
			bodies = append(bodies, d.Body)
		}
	}
	switch len(bodies) {
	case 0:
		r.Fail(0, "is empty")
	case 1:
		walk(r, bodies[0])
	default:
		r.Fail(bodies[1].GetToken().Position.Line, "begins a second document; a file holds %s", holds)
	}
	return r, r.Err
}

// Fail notes the first mistake.
func (r *Reader) Fail(line int, what domain.Sentence, args ...any) {
	if r.Err == nil {
		r.Err = Wrong(r.File, line, what, args...)
	}
}

// Place finds the line of the field that a rejection names.
func (r *Reader) Place(err error) error {
	var rejection *domain.Rejection
	if !errors.As(err, &rejection) {
		return err
	}
	for field := rejection.Field; field != ""; {
		if line, ok := r.Lines[field]; ok {
			return &FormatError{r.File, line, rejection}
		}
		cut := strings.LastIndexAny(field, ".[")
		field = field[:max(cut, 0)]
	}
	return &FormatError{r.File, 0, rejection}
}

// Mapping reads the fields of a mapping, each known and written once. Whatever may be
// called so is known if known is nil.
func (r *Reader) Mapping(n ast.Node, prefix string, known []string) map[string]ast.Node {
	fields := make(map[string]ast.Node)
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		r.Fail(LineOf(n), "must be a mapping of %v", known)
		return fields
	}
	for _, v := range values {
		name, line := v.Key.GetToken().Value, v.Key.GetToken().Position.Line
		switch {
		case known != nil && !slices.Contains(known, name):
			r.Fail(line, "%q is not known; known are %v", domain.Clip(name), known)
		case fields[name] != nil:
			r.Fail(line, "%s is written twice", name)
		default:
			fields[name], r.Lines[prefix+name] = v.Value, line
		}
	}
	return fields
}

// Scalar reads a single value, as it is written.
func (r *Reader) Scalar(n ast.Node) string {
	switch n.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value
	}
	r.Fail(LineOf(n), "must be a single value")
	return ""
}

// LineOf is the line on which something stands.
func LineOf(n ast.Node) int {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 { // whose own token is that of a later colon
		return m.Values[0].Key.GetToken().Position.Line
	}
	return n.GetToken().Position.Line
}

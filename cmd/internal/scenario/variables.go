package scenario

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
)

// variables are values by name: captured from answers, given by foreach, or
// the step's own time.
type variables map[string]string

// with returns v and more; more has the last word.
func (v variables) with(more variables) variables {
	out := make(variables, len(v)+len(more))
	maps.Copy(out, v)
	maps.Copy(out, more)
	return out
}

// reference is a variable's use in a text.
var reference = regexp.MustCompile(`\$\{([^{}]*)\}`)

// variableName is what a variable can be called.
var variableName = regexp.MustCompile(`^[\pL_][\pL\pN_-]*$`)

// The variables that every step has.
const (
	varNow   = "now"   // the step's time, RFC 3339 in Shanghai
	varToday = "today" // its date
)

// references lists the names used in a text.
func references(text string) []string {
	var names []string
	for _, m := range reference.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	return names
}

// unknownVariable is the error of a text that uses a value nobody captured.
type unknownVariable string

func (e unknownVariable) Error() string {
	return fmt.Sprintf("${%s} has no value: the step that captures it failed", string(e))
}

// fill replaces the references in a text.
func (v variables) fill(text string) (string, error) {
	var missing error
	out := reference.ReplaceAllStringFunc(text, func(ref string) string {
		name := ref[2 : len(ref)-1]
		value, ok := v[name]
		if !ok && missing == nil {
			missing = unknownVariable(name)
		}
		return value
	})
	return out, missing
}

// fillNode replaces the references in every text and field name of a tree.
func (v variables) fillNode(n *node) (*node, error) {
	if n == nil {
		return nil, nil
	}
	out := *n
	var err error
	if n.kind == scalar {
		out.text, err = v.fill(n.text)
		// A value alone keeps the kind it was captured with.
		out.quoted = n.quoted && reference.FindString(n.text) != n.text
		return &out, err
	}
	out.fields = make([]field, len(n.fields))
	for i, f := range n.fields {
		out.fields[i] = f
		if out.fields[i].name, err = v.fill(f.name); err != nil {
			return nil, err
		}
		if out.fields[i].value, err = v.fillNode(f.value); err != nil {
			return nil, err
		}
	}
	out.items = make([]*node, len(n.items))
	for i, item := range n.items {
		if out.items[i], err = v.fillNode(item); err != nil {
			return nil, err
		}
	}
	return &out, nil
}

// eachText visits every text and field name of a tree.
func (n *node) eachText(visit func(text string, line int)) {
	if n == nil {
		return
	}
	if n.kind == scalar {
		visit(n.text, n.line)
	}
	for _, f := range n.fields {
		visit(f.name, f.line)
		f.value.eachText(visit)
	}
	for _, item := range n.items {
		item.eachText(visit)
	}
}

// path leads to a value in an answer, such as rows[0].key.
type path []any // string: a field; int: an element, counted from zero

var pathStep = regexp.MustCompile(`^(?:\.?([\pL_][\pL\pN_-]*)|\[([0-9]{1,6})\])`)

func parsePath(s string) (path, bool) {
	var p path
	for rest := s; rest != ""; {
		m := pathStep.FindStringSubmatch(rest)
		if m == nil || (len(p) == 0 && strings.HasPrefix(rest, ".")) {
			return nil, false
		}
		if m[1] != "" {
			if len(p) > 0 && !strings.HasPrefix(rest, ".") {
				return nil, false
			}
			p = append(p, m[1])
		} else {
			i, err := strconv.Atoi(m[2])
			if err != nil {
				return nil, false
			}
			p = append(p, i)
		}
		rest = rest[len(m[0]):]
	}
	return p, len(p) > 0
}

// find follows the path into decoded JSON to a single value.
func (p path) find(body any) (string, error) {
	for i, step := range p {
		ok := false
		switch step := step.(type) {
		case string:
			var object map[string]any
			if object, ok = body.(map[string]any); ok {
				body, ok = object[step]
			}
		case int:
			var list []any
			if list, ok = body.([]any); ok {
				if ok = step < len(list); ok {
					body = list[step]
				}
			}
		}
		if !ok {
			return "", fmt.Errorf("the answer has no %s", p[:i+1])
		}
	}
	switch v := body.(type) {
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case bool:
		return strconv.FormatBool(v), nil
	}
	return "", fmt.Errorf("%s of the answer is not a single value", p)
}

func (p path) String() string {
	var b strings.Builder
	for _, step := range p {
		switch step := step.(type) {
		case string:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(step)
		case int:
			fmt.Fprintf(&b, "[%d]", step)
		}
	}
	return b.String()
}

package scenario

import (
	"errors"
	"regexp"
	"strings"

	"aftersales-ledger/cmd/internal/yamlfile"
	"aftersales-ledger/domain"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// kind of a node.
type kind uint8

const (
	null kind = iota
	scalar
	mapping
	sequence
)

// said is what people call it.
func (k kind) said() domain.Sentence {
	return [...]domain.Sentence{"nothing", "a single value", "a mapping", "a list"}[k]
}

// node is one value of a file. YAML's own conversion of numbers and dates is
// left out: 12000.00 stays these eight characters, since zeros at the end and
// digits beyond those of a float matter in a ledger.
type node struct {
	kind   kind
	text   string // of a scalar, as written
	quoted bool   // the scalar stood in quotes or in a block, and is text whatever it looks like
	line   int
	fields []field // of a mapping, in the order written
	items  []*node // of a sequence
}

type field struct {
	name  string
	line  int
	value *node
}

// lookup finds a field of a mapping.
func (n *node) lookup(name string) *node {
	for _, f := range n.fields {
		if f.name == name {
			return f.value
		}
	}
	return nil
}

// Bounds of a file. A scenario is written by a person; what is beyond them is
// a mistake or an attack.
const (
	maxFileSize = 1 << 20 // bytes
	maxDepth    = 64      // of nesting
)

// readYAML reads the one document of a file.
func readYAML(file string, src []byte) (_ *node, err error) {
	if len(src) > maxFileSize {
		return nil, yamlfile.Wrong(file, 0, "has %d bytes; it may have at most %d", len(src), maxFileSize)
	}
	if line := tooDeep(src); line > 0 {
		return nil, yamlfile.Wrong(file, line, "is nested deeper than %d levels", maxDepth)
	}
	defer func() {
		// The parser meets input it was not made for with a panic now and then.
		if p := recover(); p != nil {
			err = yamlfile.Wrong(file, 0, "cannot be read as YAML")
		}
	}()
	doc, err := parser.ParseBytes(src, 0)
	if err != nil {
		return nil, syntaxError(file, src, err)
	}
	c := converter{file: file}
	var root *node
	for _, d := range doc.Docs {
		if d.Body == nil {
			continue
		}
		if root != nil {
			return nil, yamlfile.Wrong(file, d.Body.GetToken().Position.Line,
				"begins a second document; a file holds %s", domain.Sentence("one scenario"))
		}
		root = c.convert(d.Body, 0)
	}
	if c.err != nil {
		return nil, c.err
	}
	if root == nil {
		return nil, yamlfile.Wrong(file, 0, "is empty")
	}
	return root, nil
}

// tooDeep returns the line on which brackets or indentation go deeper than a
// scenario can, before the parser follows them. It counts brackets in text as
// well, which no scenario has so many of.
func tooDeep(src []byte) int {
	line, depth, indent, fresh := 1, 0, 0, true
	for _, c := range src {
		switch {
		case c == '\n':
			line, indent, fresh = line+1, 0, true
			continue
		case c == '[' || c == '{':
			depth++
		case (c == ']' || c == '}') && depth > 0:
			depth--
		}
		if fresh = fresh && (c == ' ' || c == '-' || c == '?'); fresh {
			indent++
		}
		if depth > maxDepth || indent > 4*maxDepth {
			return line
		}
	}
	return 0
}

func syntaxError(file string, src []byte, err error) error {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return yamlfile.Unreadable(file, err)
	}
	line, msg := e.GetToken().Position.Line, e.GetMessage()
	lines := strings.Split(string(src), "\n")
	at := ""
	if line >= 1 && line <= len(lines) {
		at = lines[line-1]
	}
	switch {
	case strings.Contains(at, "\t"):
		return yamlfile.Wrong(file, line, "cannot be read as YAML: %s; YAML indents with spaces, not tabs", msg)
	case strings.Contains(at, "${") && strings.ContainsAny(at, "{["):
		return yamlfile.Wrong(file, line,
			`cannot be read as YAML: %s; within { } and [ ], write a variable in quotes: "${name}"`, msg)
	case strings.Count(at, ": ") > 1:
		return yamlfile.Wrong(file, line, `cannot be read as YAML: %s; a text that holds ": " needs quotes`, msg)
	}
	return yamlfile.Wrong(file, line, "cannot be read as YAML: %s", msg)
}

// converter turns the parser's tree into nodes and remembers the first mistake.
type converter struct {
	file string
	err  error
}

func (c *converter) fail(line int, what domain.Sentence, args ...any) *node {
	if c.err == nil {
		c.err = yamlfile.Wrong(c.file, line, what, args...)
	}
	return &node{line: line}
}

func (c *converter) convert(n ast.Node, depth int) *node {
	if n == nil {
		return &node{}
	}
	line := n.GetToken().Position.Line
	if depth > maxDepth {
		return c.fail(line, "is nested deeper than %d levels", maxDepth)
	}
	switch n := n.(type) {
	case *ast.NullNode:
		return &node{kind: null, line: line}
	case *ast.StringNode:
		t := n.GetToken().Type
		return &node{
			kind: scalar, text: n.Value, quoted: t == token.SingleQuoteType || t == token.DoubleQuoteType, line: line,
		}
	case *ast.LiteralNode:
		return &node{kind: scalar, text: n.Value.Value, quoted: true, line: line}
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return &node{kind: scalar, text: n.GetToken().Value, line: line}
	case *ast.MappingNode:
		return c.mapping(n.Values, depth)
	case *ast.MappingValueNode:
		return c.mapping([]*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		out := &node{kind: sequence, line: line}
		for _, item := range n.Values {
			out.items = append(out.items, c.convert(item, depth+1))
		}
		return out
	case *ast.AnchorNode, *ast.AliasNode:
		return c.fail(line,
			"anchors (&) and aliases (*) are not part of the format; use `include` or `foreach`, or quote the text")
	case *ast.TagNode:
		return c.fail(line, "tags (!) are not part of the format; quote the text")
	}
	return c.fail(line, "%s is not part of the format", n.Type().String())
}

func (c *converter) mapping(values []*ast.MappingValueNode, depth int) *node {
	out := &node{kind: mapping}
	for i, v := range values {
		key, line := v.Key.GetToken(), v.Key.GetToken().Position.Line
		if i == 0 {
			out.line = line
		}
		switch v.Key.(type) {
		case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		case *ast.MergeKeyNode:
			return c.fail(line, "merging (<<) is not part of the format; use `include` or `foreach`")
		default:
			return c.fail(line, "the name of a field must be plain text")
		}
		value := c.convert(v.Value, depth+1)
		if value.line == 0 {
			value.line = line
		}
		out.fields = append(out.fields, field{key.Value, line, value})
	}
	return out
}

// jsonNumber is what JSON takes for a number, without an exponent.
var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// decimalText is what is compared as a number.
var decimalText = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

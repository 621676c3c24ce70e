package scenario

import (
	"fmt"
	"testing"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

func dump(n ast.Node, in string) {
	switch n := n.(type) {
	case *ast.MappingNode:
		fmt.Printf("%smap line %d\n", in, n.GetToken().Position.Line)
		for _, v := range n.Values {
			fmt.Printf("%s key %T %q line %d\n", in, v.Key, v.Key.GetToken().Value, v.Key.GetToken().Position.Line)
			dump(v.Value, in+"   ")
		}
	case *ast.MappingValueNode:
		fmt.Printf("%smapvalue key %q line %d\n", in, n.Key.GetToken().Value, n.Key.GetToken().Position.Line)
		dump(n.Value, in+"   ")
	case *ast.SequenceNode:
		fmt.Printf("%sseq line %d\n", in, n.GetToken().Position.Line)
		for _, v := range n.Values {
			dump(v, in+"   ")
		}
	default:
		if n == nil {
			fmt.Println(in, "nil")
			return
		}
		t := n.GetToken()
		fmt.Printf("%s%T type %v val %q orig %q line %d\n", in, n, t.Type, t.Value, t.Origin, t.Position.Line)
	}
}

func TestScratch(t *testing.T) {
	src := "name: a # c\nn: [12000.00, -5.00, 1_000, 0x1F, 007, 1e3, +5, .5, 5.3, 5.3.1, 2026-07-15, true, yes, ~, .inf, 10:00, \"${x}\"]\nat: 2026-07-15 10:00\nas: center-head:li@C01\nPOST: /v1/c/${x}?a=b#c\nq: \"12.00\"\ns: 'a''b'\nl: |\n  one\n  two\nf: >-\n  fold\n  ed\nempty:\nmulti: one\n  two 12\nobj: {a: 1, b: {c: 2.50}}\nt: !!str 12\nx: &a b\ny: *a\n"
	for _, s := range []string{src, "a: {b: ${x}}", "a: 1\na: 2", "a: [1,", "a: b: c", "", "- 1", "a: 1\n---\nb: 2", "? a\n: b", "\ta: 1", "a:\n  - b\n c: d","a: 00.50\nb: 1202\nc: 0123\nd: 0o17\ne: 0b11\nf: 1_0.5\ng: 12345678901234567890123.45\nh: -0\ni: 2026-09-30T15:59:59.999Z\nj: \"${x}\"\nk: 3-1-1202\nl: 1.\nn: 1e999999\n"} {
		f, err := parser.ParseBytes([]byte(s), 0)
		fmt.Println("=====", err)
		if err != nil {
			continue
		}
		for _, d := range f.Docs {
			dump(d.Body, "")
		}
	}
}

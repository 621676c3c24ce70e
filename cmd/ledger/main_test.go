package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// Every command explains itself: its flags clash with none of those around
// them, and each says what it does.
func TestEveryCommandExplainsItself(t *testing.T) {
	parser, err := kong.New(&cli{}, described...)
	if err != nil {
		t.Fatal(err)
	}
	commands := 0
	var visit func(path []string, n *kong.Node)
	visit = func(path []string, n *kong.Node) {
		if n.Type == kong.CommandNode && n.Help == "" {
			t.Errorf("%s does not say what it does", strings.Join(path, " "))
		}
		for _, f := range n.Flags {
			if f.Help == "" {
				t.Errorf("%s --%s does not say what it is", strings.Join(path, " "), f.Name)
			}
		}
		for _, child := range n.Children {
			commands++
			visit(append(path, child.Name), child)
		}
	}
	visit([]string{"ledger"}, parser.Model.Node)
	if commands < 20 {
		t.Errorf("only %d commands were looked at", commands)
	}
	var out bytes.Buffer
	parser.Stdout = &out
	parser.Exit = func(int) {}
	if _, err := parser.Parse([]string{"query", "--help"}); err == nil && !strings.Contains(out.String(), "findings") {
		t.Errorf("ledger query --help does not list its views:\n%s", out.String())
	}
}

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
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

// The list of tools in README.md has every command that there is, and no other.
func TestTheListOfToolsIsOfTheCommands(t *testing.T) {
	parser, err := kong.New(&cli{}, described...)
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	list, _, _ := strings.Cut(string(readme), "\n## ")
	listed := make(map[string]bool)
	for _, m := range regexp.MustCompile("`ledger ([a-z-]+)").FindAllStringSubmatch(list, -1) {
		listed[m[1]] = true
	}
	for _, command := range parser.Model.Children {
		if !listed[command.Name] && !command.Hidden {
			t.Errorf("README.md does not list ledger %s", command.Name)
		}
		delete(listed, command.Name)
	}
	for name := range listed {
		t.Errorf("README.md lists ledger %s, which is no command", name)
	}
}

// Whom a table names it names by name and login: what an answer calls …By is a person,
// and is said by person.
func TestTablesNamePeopleByTheirNames(t *testing.T) {
	bare := regexp.MustCompile(`[ (,]v\.\w*By\b[^,)}]*[,}]`)
	files, err := filepath.Glob("query*.go")
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			for _, found := range bare.FindAllString(line, -1) {
				// Days, and a payment that has a reference, are no people.
				said := strings.Contains(line, "c.person("+strings.Trim(found, " (,}")) ||
					strings.Contains(found, "ReplyBy") || strings.Contains(found, "RespondBy") ||
					strings.Contains(found, "ClaimedBy")
				if !said {
					t.Errorf("%s:%d names somebody by %s", file, i+1, strings.TrimSpace(found))
				}
			}
		}
	}
}

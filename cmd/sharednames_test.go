package cmd

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sharedNames are the exported types whose name two packages have, by the reason for
// which nobody mistakes the one for the other. It is the rule of domain/README.md.
func sharedNames(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("testdata/sharednames.txt")
	if err != nil {
		t.Fatal(err)
	}
	names, reason := make(map[string]string), ""
	for line := range strings.Lines(string(text)) {
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, "# "):
			reason = line
		default:
			for _, name := range strings.Fields(line) {
				if names[name] != "" {
					t.Errorf("testdata/sharednames.txt has %s twice", name)
				}
				names[name] = reason
			}
		}
	}
	return names
}

// One noun has one meaning: an exported type that is called as one of another package
// is the same thing there, or its name is of those that are read with the package.
func TestAnExportedTypeHasANameOfItsOwn(t *testing.T) {
	packages := make(map[string]map[string]bool) // by type
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "testdata" || entry.Name() == "generated"):
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, d := range file.Decls {
			types, ok := d.(*ast.GenDecl)
			if !ok || types.Tok != token.TYPE {
				continue
			}
			for _, s := range types.Specs {
				if name := s.(*ast.TypeSpec).Name; name.IsExported() {
					if packages[name.Name] == nil {
						packages[name.Name] = make(map[string]bool)
					}
					packages[name.Name][filepath.Dir(path)] = true
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(packages) < 500 {
		t.Fatalf("found %d types; the walk does not see the source", len(packages))
	}
	known := sharedNames(t)
	for name, in := range packages {
		if len(in) > 1 && known[name] == "" {
			t.Errorf("%s is a type in %q: call one of them otherwise, or say in cmd/testdata/sharednames.txt why both may be",
				name, slices.Sorted(maps.Keys(in)))
		}
	}
	for name := range known {
		if len(packages[name]) < 2 {
			t.Errorf("testdata/sharednames.txt explains %s, which one package has", name)
		}
	}
}

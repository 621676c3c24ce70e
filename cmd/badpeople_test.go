package cmd_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What is tried by bad people is tried by tests that there are: each item of OWASP's
// list of ten and each of our own names one.
func TestWhatBadPeopleTryIsTried(t *testing.T) {
	page, err := os.ReadFile("../api/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "## What bad people try")
	table, _, _ = strings.Cut(table, "Walks against")
	there := testsThere(t)
	named := regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9]+)`")
	rows := 0
	for line := range strings.Lines(table) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| what") {
			continue
		}
		rows++
		tests := named.FindAllStringSubmatch(line, -1)
		if len(tests) == 0 {
			t.Errorf("nothing tries: %s", line)
		}
		for _, test := range tests {
			if !there[test[1]] {
				t.Errorf("there is no %s", test[1])
			}
		}
	}
	for i := range 10 {
		if !strings.Contains(table, fmt.Sprintf("| API%d ", i+1)) {
			t.Errorf("API%d is not there", i+1)
		}
	}
	if rows < 20 {
		t.Errorf("only %d rows", rows)
	}
}

// testsThere are the names of all tests and fuzz targets.
func testsThere(t *testing.T) map[string]bool {
	t.Helper()
	there := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Za-z0-9]+)\(`)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && d.Name() == "node_modules" {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		for _, test := range declared.FindAllSubmatch(text, -1) {
			there[string(test[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return there
}

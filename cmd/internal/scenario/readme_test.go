package scenario

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The table of clauses says of every clause where it lives and which scenario
// proves it: both are there, and the clauses of service provision, repair and
// what is owed each have a scenario named after them.
func TestTheReadmeNamesWhatProvesEachClause(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(readme), "| clause | rule | where |")
	if table, _, _ = strings.Cut(table, "\n\n"); !found {
		t.Fatal("README.md has no table of clauses")
	}
	names := regexp.MustCompile("`([^`]+)`")
	var clauses []string
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 4 || strings.Contains(cells[0], "---") || strings.Contains(cells[1], "scenario in") {
			continue
		}
		clauses = append(clauses, strings.Split(strings.TrimSpace(cells[0]), ", ")...)
		beside := "."
		for _, m := range names.FindAllStringSubmatch(cells[2], -1) {
			path := filepath.Join("../../..", m[1])
			if _, err := os.Stat(path); err != nil {
				path = filepath.Join(beside, m[1])
			}
			if _, err := os.Stat(path); err != nil {
				t.Errorf("clause %s lives in %s: %v", cells[0], m[1], err)
			}
			beside = filepath.Dir(path)
		}
		for _, m := range names.FindAllStringSubmatch(cells[3], -1) {
			if _, err := os.Stat("testdata/" + m[1] + ".yaml"); err != nil {
				t.Errorf("clause %s: %v", cells[0], err)
			}
		}
	}
	for _, c := range []string{
		"5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.2.1", "5.2.2", "5.2.3", "5.4", "5.4.1.1", "5.4.2.1",
	} {
		if named, err := filepath.Glob("testdata/clause-" + c + "-*.yaml"); err != nil || len(named) == 0 ||
			!slices.Contains(clauses, c) {
			t.Errorf("clause %s has the scenarios %v, and stands in the README: %v", c, named, slices.Contains(clauses, c))
		}
	}
}

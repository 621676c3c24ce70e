package cmd_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	diff "github.com/google/go-cmp/cmp"
)

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Whoever follows the guide and forgets a step looks for the test that it names.
func TestTheGuideNamesTestsThatExist(t *testing.T) {
	out, err := exec.Command("go", "list", "-f",
		`{{$d := .Dir}}{{range .TestGoFiles}}{{$d}}/{{.}}
{{end}}{{range .XTestGoFiles}}{{$d}}/{{.}}
{{end}}`, "aftersales-ledger/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	tests := make(map[string]bool)
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	for file := range strings.FieldsSeq(string(out)) {
		for _, m := range declared.FindAllStringSubmatch(read(t, file), -1) {
			tests[m[1]] = true
		}
	}
	named := regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(read(t, "../domain/README.md"), -1)
	for _, m := range named {
		if !tests[m[1]] {
			t.Errorf("domain/README.md names %s, and there is no such test", m[1])
		}
	}
	if len(named) < 10 {
		t.Errorf("the guide names %d tests", len(named))
	}
}

// The table of papers lists every paper that a route answers with, and no other.
func TestThePapersAreWhereTheirTableSays(t *testing.T) {
	var document struct{ Paths map[string]any }
	if err := json.Unmarshal([]byte(read(t, "../api/web/openapi.json")), &document); err != nil {
		t.Fatal(err)
	}
	var served, listed []string
	for path := range document.Paths {
		if strings.HasSuffix(path, "/form") {
			served = append(served, path)
		}
	}
	which := regexp.MustCompile(`/(F[134]|\{F0 or COUNT\})/form$`) // of the forms that one route has
	for _, m := range regexp.MustCompile("`(/v1/[^`]+)`").FindAllStringSubmatch(read(t, "../api/papers/README.md"), -1) {
		if path := which.ReplaceAllString(m[1], "/{form}/form"); strings.HasSuffix(path, "/form") {
			listed = append(listed, path)
		}
	}
	slices.Sort(served)
	slices.Sort(listed)
	if d := diff.Diff(served, slices.Compact(listed)); d != "" {
		t.Errorf("api/papers/README.md (-served +listed):\n%s", d)
	}
}

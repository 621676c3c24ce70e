package door_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What the audit may be asked for is what is noted somewhere, all of it, and the README
// lists it.
func TestTheAuditIsAskedForWhatIsNoted(t *testing.T) {
	source := func(pattern string) (text string) {
		t.Helper()
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(file, "_test.go") {
				text += string(raw)
			}
		}
		return text
	}
	all := source("*.go") + source("../kit/*.go") + source("../hooks/*.go")
	var noted []string
	for _, where := range []string{
		`\bWhat(?:, note\.Via)?(?::| =)\s+"([a-z-]+)"`, `NoteAct\([^)\n]*?"[a-z-]+", "([a-z-]+)"`,
		`map\[bool\]string\{true: "(webhook-[a-z]+)"`, `false: "(webhook-[a-z]+)"\}`, `removeNamed\(ctx, [^)\n]*"([a-z-]+)", `,
	} {
		found := regexp.MustCompile(where).FindAllStringSubmatch(all, -1)
		if len(found) == 0 {
			t.Errorf("nothing is noted as %s", where)
		}
		for _, m := range found {
			noted = append(noted, m[1])
		}
	}
	slices.Sort(noted)
	noted = slices.Compact(noted)
	tag := regexp.MustCompile("query:\"what\" enum:\"([^\"]+)\"").FindStringSubmatch(source("routes_audit.go"))
	if tag == nil {
		t.Fatal("the audit can be asked for anything")
	}
	asked := strings.Split(tag[1], ",")
	readme := source("README.md")
	for _, what := range asked {
		if !slices.Contains(noted, what) {
			t.Errorf("the audit can be asked for %s, which is noted nowhere", what)
		}
		if !strings.Contains(readme, what) {
			t.Errorf("the README does not list %s", what)
		}
	}
	for _, what := range noted {
		if !slices.Contains(asked, what) {
			t.Errorf("the audit cannot be asked for %s", what)
		}
	}
}

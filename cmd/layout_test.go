package cmd_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "aftersales-ledger/"

// mayImport says which top-level folders a top-level folder may import, itself
// aside. Tests keep to it as well.
var mayImport = map[string][]string{
	"domain":      {},
	"eventstore":  {"domain"},
	"projections": {"domain"},
	"api":         {"domain", "eventstore", "projections"},
	"cmd":         {"domain", "eventstore", "projections", "api"},
}

func TestFoldersImportOnlyWhatTheLayoutAllows(t *testing.T) {
	out, err := exec.Command("go", "list", "-test", "-f", `{{.ImportPath}}|{{join .Imports "|"}}`, "aftersales-ledger/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	checked := 0
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.TrimSpace(line), "|")
		from, ok := folder(fields[0])
		if !ok {
			continue
		}
		allowed, known := mayImport[from]
		if !known {
			t.Errorf("%s is outside the five folders", fields[0])
			continue
		}
		for _, imported := range fields[1:] {
			to, ours := folder(imported)
			if imported == "" {
				continue
			}
			if ours && to != from && !slices.Contains(allowed, to) {
				t.Errorf("%s imports %s; %s may import only %v", fields[0], imported, from, allowed)
			}
			if from == "domain" && !ours && strings.Contains(strings.Split(imported, "/")[0], ".") && !allowedInDomain(imported, fields[0]) {
				t.Errorf("%s imports %s; domain uses the standard library and decimal only", fields[0], imported)
			}
			checked++
		}
	}
	if checked == 0 {
		t.Fatal("no import was checked")
	}
}

// allowedInDomain: decimal everywhere, test libraries in tests.
func allowedInDomain(imported, from string) bool {
	if imported == "github.com/shopspring/decimal" {
		return true
	}
	test := strings.HasSuffix(from, ".test]")
	return test && (strings.HasPrefix(imported, "github.com/google/go-cmp/") || imported == "pgregory.net/rapid")
}

func folder(path string) (string, bool) {
	rest, ok := strings.CutPrefix(path, module)
	if !ok {
		return "", false
	}
	name, _, _ := strings.Cut(rest, "/")
	name, _, _ = strings.Cut(name, " ")
	return strings.TrimSuffix(strings.TrimSuffix(name, ".test"), "_test"), true
}

package cmd_test

import (
	"os/exec"
	"slices"
	"strconv"
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

// rooms are the areas of the trade, the same on every floor. What two of them need
// lies one floor down, so that none imports another of its floor.
var rooms = []string{"money", "work", "parts", "repairs", "filings", "notices"}

// beside are the further rooms of a floor that keep to the same rule.
var beside = map[string][]string{
	"projections": nil,
	"api":         {"papers", "intake"},
}

// A room of a floor does not know the others, and what they share does not know
// them: only the floor's own package and the tests beside it put them together.
func TestNoRoomImportsAnotherOfItsFloor(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}|{{join .Imports "|"}}`, "aftersales-ledger/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := make(map[string]bool)
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.TrimSpace(line), "|")
		floor, from := room(fields[0])
		if floor == "" {
			continue
		}
		seen[floor+"/"+from] = true
		for _, imported := range fields[1:] {
			there, to := room(imported)
			if there == floor && to != from && slices.Contains(append(rooms, beside[floor]...), to) {
				t.Errorf("%s imports %s: a room imports no other of its floor", fields[0], imported)
			}
		}
	}
	for floor := range beside {
		for _, r := range rooms {
			if !seen[floor+"/"+r] {
				t.Errorf("%s has no room %s", floor, r)
			}
		}
	}
}

// room tells the floor and the room of a package below a floor that has rooms.
func room(path string) (floor, name string) {
	parts := strings.Split(strings.TrimPrefix(path, module), "/")
	if _, ok := beside[parts[0]]; !ok || len(parts) < 2 {
		return "", ""
	}
	return parts[0], parts[1]
}

// A newcomer reads in the comment of a package what lives there.
func TestEveryPackageSaysWhatLivesThere(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}|{{.Name}}|{{len .GoFiles}}|{{.Doc}}`,
		"aftersales-ledger/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.SplitN(strings.TrimSpace(line), "|", 4)
		begins := "Package " + fields[1] + " "
		if fields[1] == "main" {
			begins = "Command "
		}
		if fields[2] != "0" && !strings.HasPrefix(fields[3], begins) {
			t.Errorf("%s has no comment that begins with %q and says what lives there and what may not", fields[0], begins)
		}
	}
}

// mostFiles is how many files a package has before it wants rooms.
const mostFiles = 30

func TestNoPackageIsFlat(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{len .GoFiles}}`, "aftersales-ledger/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		path, count, _ := strings.Cut(strings.TrimSpace(line), " ")
		if n, err := strconv.Atoi(count); err != nil || n > mostFiles {
			t.Errorf("%s has %s files of production code, more than %d", path, count, mostFiles)
		}
	}
}

func TestFoldersImportOnlyWhatTheLayoutAllows(t *testing.T) {
	out, err := exec.Command("go", "list", "-test", "-f", `{{.ImportPath}}|{{join .Imports "|"}}`,
		"aftersales-ledger/...").Output()
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
			if from == "domain" && !ours && strings.Contains(strings.Split(imported, "/")[0],
				".") && !allowedInDomain(imported, fields[0]) {
				t.Errorf("%s imports %s; domain uses the standard library and decimal only", fields[0], imported)
			}
			checked++
		}
	}
	if checked == 0 {
		t.Fatal("no import was checked")
	}
}

// playsTests are the packages of the program that are built with what is for tests.
var playsTests = []string{
	"cmd/bench",             // measures against a stand-in for an event log
	"cmd/internal/scenario", // lets in whoever a scenario names
}

// A package whose name ends in test is for tests: the program is built without it.
func TestNoProgramIsBuiltWithWhatIsForTests(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}|{{join .Imports "|"}}`, "aftersales-ledger/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.TrimSpace(line), "|")
		if strings.HasSuffix(fields[0], "test") || slices.Contains(playsTests, strings.TrimPrefix(fields[0], module)) {
			continue
		}
		for _, imported := range fields[1:] {
			if strings.HasPrefix(imported, module) && strings.HasSuffix(imported, "test") {
				t.Errorf("%s imports %s, which is for tests: move what it needs", fields[0], imported)
			}
		}
	}
}

// allowedInDomain: decimal everywhere, test libraries in tests.
func allowedInDomain(imported, from string) bool {
	if imported == "github.com/shopspring/decimal" {
		return true
	}
	test := strings.HasSuffix(from, ".test]") || from == module+"domain/domaintest"
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

// Papers, lists that come as files and bank statements are worked on without a server:
// a request is decoded and answered elsewhere.
func TestWhatNeedsNoServerKnowsOfNone(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}|{{join .Imports "|"}}`, "aftersales-ledger/api/bank/...",
		"aftersales-ledger/api/gather", "aftersales-ledger/api/imports/...", "aftersales-ledger/api/papers/fill",
		"aftersales-ledger/api/papers/forms", "aftersales-ledger/api/wording").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.TrimSpace(line), "|")
		for _, imported := range fields[1:] {
			switch imported {
			case "net/http", "github.com/danielgtaylor/huma/v2", module + "api/kit":
				t.Errorf("%s imports %s: it is called without a server, too", fields[0], imported)
			}
		}
	}
}

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// routes are what the OpenAPI document says of each route.
func routes(t *testing.T) map[string]map[string]route {
	t.Helper()
	var doc struct{ Paths map[string]map[string]route }
	text, err := os.ReadFile("../../api/web/openapi.json")
	if err == nil {
		err = json.Unmarshal(text, &doc)
	}
	if err != nil {
		t.Fatal(err)
	}
	return doc.Paths
}

type route struct {
	Parameters []struct{ Name, In string }
}

func (r route) asks(name string) bool {
	return slices.ContainsFunc(r.Parameters, func(p struct{ Name, In string }) bool { return p.Name == name })
}

// TestAPaperCanBeAskedForAsItsRouteCan: what narrows a paper's route down is a flag of 'ledger form'.
func TestAPaperCanBeAskedForAsItsRouteCan(t *testing.T) {
	offered := []string{"format", "after"} // by the file's name; by the command itself
	for _, f := range reflect.VisibleFields(reflect.TypeFor[formCmd]()) {
		offered = append(offered, strings.ToLower(f.Name))
	}
	there := routes(t)
	for _, p := range papers {
		var found []string
		pattern := strings.ReplaceAll(regexp.QuoteMeta(p.path), "%s", `\{\w+\}`)
		pattern = regexp.MustCompile(`/(F[0-4]|COUNT)/`).ReplaceAllString(pattern, `/\{form\}/`)
		for path, operations := range there {
			if !regexp.MustCompile("^" + pattern + "$").MatchString(path) {
				continue
			}
			found = append(found, path)
			for _, asked := range operations["get"].Parameters {
				if asked.In == "query" && !slices.Contains(offered, asked.Name) {
					t.Errorf("%s takes %s, for which 'ledger form %s' has no flag", path, asked.Name, p.name)
				}
			}
		}
		if len(found) != 1 {
			t.Errorf("%s is %v in the document", p.path, found)
		}
	}
}

// TestAQuestionOffersWhatItsRouteCanBeAsked holds every table of 'ledger query' against the
// OpenAPI document: sorting and a region are offered where the route knows them, and there only.
func TestAQuestionOffersWhatItsRouteCanBeAsked(t *testing.T) {
	there := routes(t)
	commands := make(map[string]reflect.Type)
	for _, c := range reflect.VisibleFields(reflect.TypeFor[queryCmd]()) {
		commands[c.Type.Name()] = c.Type
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	// The first question that each command's Run asks.
	asks := regexp.MustCompile(`(?s)\nfunc \(r (\w+)\) Run\([^\n]*\n(?:[^}\n][^\n]*\n|\n)*?` +
		`[^\n]*\bask(?:One)?\(ctx, c, [\w.]+, "(/v1/[^"]+)"(\+)?`)
	oneThing, held := regexp.MustCompile(`^\{\w+\}$`), 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range asks.FindAllStringSubmatch(string(source), -1) {
			command, path := commands[m[1]], m[2]
			if command == nil {
				continue // no table of 'ledger query'
			}
			if m[3] != "" { // what follows names one thing
				for known := range there {
					if rest, ok := strings.CutPrefix(known, path); ok && oneThing.MatchString(rest) {
						path = known
					}
				}
			}
			get, ok := there[path]["get"]
			if !ok {
				t.Errorf("%s asks %s, which the document does not have", m[1], path)
				continue
			}
			held++
			for field, parameter := range map[string]string{
				"Region": "region", "Sort": "sort", "AsOf": "asOf", "KnownAt": "knownAt",
			} {
				_, offered := command.FieldByName(field)
				known := get.asks(parameter)
				if offered && !known {
					t.Errorf("%s offers --%s, which %s cannot be asked", m[1], parameter, path)
				}
				if known && !offered {
					t.Errorf("%s does not offer --%s, which %s can be asked", m[1], parameter, path)
				}
			}
		}
	}
	if held < 25 {
		t.Errorf("%d tables were held against the document", held)
	}
}

package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"aftersales-ledger/api/wording"
)

// schema is what the test reads of a JSON schema.
type schema struct {
	Ref        string `json:"$ref"`
	Items      *schema
	Properties map[string]*schema
}

// TestEveryFieldOfARequestHasItsNameOnTheForms holds the document against the
// names by which refusals call fields.
func TestEveryFieldOfARequestHasItsNameOnTheForms(t *testing.T) {
	rec := httptest.NewRecorder()
	newWorld(t).handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/openapi.json", nil))
	type operation struct {
		Parameters  []struct{ Name string }
		RequestBody struct {
			Content map[string]struct{ Schema *schema }
		}
	}
	var doc struct {
		Paths      map[string]map[string]operation
		Components struct{ Schemas map[string]*schema }
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	need := func(field, at string) {
		if !seen[field] && !strings.HasPrefix(field, "$") && wording.Chinese.Field(field) == field {
			t.Errorf("api/wording/zh/names/fields.txt does not name %s (of %s)", field, at)
		}
		seen[field] = true
	}
	var walk func(s *schema, at string, depth int)
	walk = func(s *schema, at string, depth int) {
		switch {
		case s == nil || depth > 20:
		case s.Ref != "":
			walk(doc.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")], at, depth+1)
		case s.Items != nil:
			walk(s.Items, at, depth+1)
		}
		if s != nil {
			for name, property := range s.Properties {
				need(name, at)
				walk(property, at, depth+1)
			}
		}
	}
	for path, methods := range doc.Paths {
		for _, op := range methods {
			for _, p := range op.Parameters {
				need(p.Name, path)
			}
			for _, content := range op.RequestBody.Content {
				walk(content.Schema, path, 0)
			}
		}
	}
	if len(seen) < 100 {
		t.Fatalf("the document has %d fields; the walk does not see it", len(seen))
	}
}

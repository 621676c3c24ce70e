package app_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"aftersales-ledger/cmd/internal/app"
)

// TestAListOfNothingIsAList asks every list that comes in pages, of a ledger in which
// next to nothing happened: rows that are none are an empty list, and never null, which
// a reader would take for not known.
func TestAListOfNothingIsAList(t *testing.T) {
	a := start(t, app.Config{Data: t.TempDir()})
	post(t, clientOf(t, a, regionalAdmin), "/v1/centers", "open", openC01)
	asked := 0
	for path, methods := range described(t, a).Paths {
		op, has := methods["get"]
		paged := slices.ContainsFunc(op.Parameters, func(p parameter) bool { return p.Name == "limit" && p.In == "query" })
		if !has || !paged || strings.Contains(path, "{") {
			continue
		}
		query := url.Values{}
		for _, p := range op.Parameters {
			if p.In == "query" && p.Required {
				query.Set(p.Name, map[string]string{"quarter": "2026Q3", "month": "2026-09"}[p.Name])
			}
		}
		resp := ask(t, a, http.MethodGet, path+"?"+query.Encode(), nil)
		var body map[string]json.RawMessage
		if resp.Status != http.StatusOK || json.Unmarshal(resp.Body, &body) != nil {
			continue
		}
		if rows, has := body["rows"]; has {
			asked++
			if !strings.HasPrefix(string(rows), "[") {
				t.Errorf("GET %s answers rows %s", path, rows)
			}
		}
	}
	if asked < 25 {
		t.Errorf("only %d lists were asked", asked)
	}
}

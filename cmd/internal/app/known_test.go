package app_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/cmd/internal/sample"
	"aftersales-ledger/domain"
)

// documented is the part of the OpenAPI document that says what may be asked.
type documented struct {
	Paths map[string]map[string]struct {
		OperationID string
		Action      string `json:"x-action"`
		Parameters  []parameter
		RequestBody struct {
			Content map[string]struct{ Schema schema }
		}
	}
	Components struct{ Schemas map[string]schema }
}

type parameter struct {
	Name, In string
	Required bool
	Example  any
	Schema   schema
}

type schema struct {
	Ref        string `json:"$ref"`
	Type       any
	Enum       []any
	Examples   []any
	MinItems   int
	Required   []string
	Properties map[string]schema
	Items      *schema
}

// namesNothing are parameters that name nothing kept in the ledger.
var namesNothing = map[string]string{
	"Idempotency-Key": "chosen by the caller", "X-Correlation-ID": "chosen by the caller",
	"asOf": "a date", "knownAt": "a moment", "after": "a position", "from": "a date", "to": "a date", "occurredFrom": "a date", "occurredTo": "a date",
	"on": "a date", "at": "a moment", "clearedSince": "a date", "countedOn": "a date", "countedBy": "a person, who need not be known", "witness": "a person",
	"owner": "a person or a role: whoever was assigned nothing owns nothing", "cursor": "of a page, refused unless it is one", "columns": "headings of a file",
	"If-Match": "the tag of a receipt", "If-None-Match": "the tag of an answer",
	"text": "words to look for", "names": "words to look for", "file": "a file that is sent along", "sheet": "a worksheet of that file", "name": "of a file that is sent along",
}

// valued fills a schema with the plainest value that it admits.
func (d documented) valued(s schema) any {
	if s.Ref != "" {
		return d.valued(d.Components.Schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]])
	}
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case len(s.Examples) > 0:
		return s.Examples[0]
	}
	switch fmt.Sprint(s.Type) {
	case "integer", "number":
		return 1
	case "boolean":
		return false
	case "array", "[array null]":
		if s.Items == nil {
			return []any{}
		}
		return []any{d.valued(*s.Items)}
	case "object":
		o := make(map[string]any)
		for _, name := range s.Required {
			if name != "$schema" {
				o[name] = d.valued(s.Properties[name])
			}
		}
		return o
	}
	return "X"
}

// knownNames are names of the sample year.
var knownNames = map[string]string{
	"center": "C01", "project": "P001", "region": "华东", "quarter": "2025Q3", "through": "2025Q4", "posted": "2025Q3", "month": "2025-09", "serial": "IR2129178",
}

// sampleYear is a ledger of the sample year, all of it in the read models, with the
// document of its interface.
func sampleYear(t *testing.T) (*app.App, documented) {
	t.Helper()
	clock := sample.NewClock(time.Time{})
	config := app.Config{Data: t.TempDir(), Clock: clock.Now, Bulk: true}
	l, store, err := app.OpenLedger(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	_, err = sample.Fill(t.Context(), l, clock, sample.Options{Seed: 1})
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	config.Bulk = false
	a := start(t, config)
	return a, described(t, a)
}

// described waits until the read models have all of the log, and returns the document
// of the interface.
func described(t *testing.T, a *app.App) (doc documented) {
	t.Helper()
	head, err := a.Store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := a.ReadModels.Wait(t.Context(), uint64(head)); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(get(t, clientOf(t, a, regionalAdmin), "/openapi.json").Body, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestWhatDoesNotExistIsRefusedEverywhere walks the OpenAPI document: whatever a
// path or a filter may name is asked for under a name that is none, in every
// operation, and no operation answers as if it were there.
func TestWhatDoesNotExistIsRefusedEverywhere(t *testing.T) {
	a, doc := sampleYear(t)
	asked := 0
	for path, methods := range doc.Paths {
		for method, op := range methods {
			for _, p := range op.Parameters {
				kind := fmt.Sprint(p.Schema.Type)
				if namesNothing[p.Name] != "" || kind == "boolean" || kind == "integer" || len(p.Schema.Enum) > 0 ||
					p.Schema.Items != nil && len(p.Schema.Items.Enum) > 0 {
					continue
				}
				asked++
				checkUnknown(t, a, doc, method, path, p.Name)
			}
			for _, content := range op.RequestBody.Content {
				// The first two may name a new region; the third is refused by the repairs it lists.
				if strings.ToUpper(method) == http.MethodPost && !slices.Contains([]string{
					"/v1/centers", "/v1/projects", "/v1/payment-requests",
				}, path) {
					body, _ := doc.valued(content.Schema).(map[string]any)
					s := doc.Components.Schemas[content.Schema.Ref[strings.LastIndex(content.Schema.Ref, "/")+1:]]
					if _, has := s.Properties["region"]; has {
						asked++
						body["region"] = "华东区"
						checkUnknownBody(t, a, method, path, body)
					}
				}
			}
		}
	}
	if asked < 150 {
		t.Errorf("only %d names were tried", asked)
	}
	resp := ask(t, a, http.MethodGet, "/v1/receivables?center=C1", nil)
	if named := regexp.MustCompile(`最接近的有：(C\d\d \p{Han}+[^、]*、){2}C\d\d \p{Han}+`); !named.Match(resp.Body) {
		t.Errorf("the nearest centers are told without their names: %s", resp.Body)
	}
}

// roleFor lets each operation be asked by somebody who may.
func ask(t *testing.T, a *app.App, method, path string, body any) client.Response {
	t.Helper()
	var last client.Response
	for _, role := range domain.Roles() {
		actor := domain.Actor{Name: "anna", Role: role}
		if role.OfCenter() {
			actor.Center = "C01"
		}
		request := client.Request{Method: strings.ToUpper(method), Path: path}
		if body != nil {
			request.Key = "unknown-" + path
			request.Body, _ = json.Marshal(body)
		}
		resp, err := clientOf(t, a, actor).Do(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		if last = resp; resp.Status != http.StatusForbidden {
			return resp
		}
	}
	return last
}

func checkUnknown(t *testing.T, a *app.App, doc documented, method, path, wrong string) {
	t.Helper()
	unknown := map[string]string{
		"region": "华东区", "center": "C99", "project": "P999", "quarter": "2099Q1", "through": "2099Q1", "posted": "2099Q1", "month": "2099-01",
	}
	name := func(p string) string {
		if p == wrong {
			if v := unknown[p]; v != "" {
				return v
			}
			return "X-9999"
		}
		if v := knownNames[p]; v != "" {
			return v
		}
		return "1"
	}
	target, query := path, url.Values{}
	op := doc.Paths[path][method]
	for _, p := range op.Parameters {
		switch {
		case p.In == "path":
			value := name(p.Name)
			if len(p.Schema.Enum) > 0 {
				value = fmt.Sprint(p.Schema.Enum[0])
			}
			target = strings.ReplaceAll(target, "{"+p.Name+"}", url.PathEscape(value))
		case p.In == "query" && p.Name == wrong:
			query.Set(p.Name, name(p.Name))
		case p.In == "query" && p.Required:
			query.Set(p.Name, name(p.Name))
		}
	}
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	var body any
	for _, content := range op.RequestBody.Content {
		body = doc.valued(content.Schema)
	}
	resp := ask(t, a, method, target, body)
	var problem kit.Problem
	_ = json.Unmarshal(resp.Body, &problem)
	// A command may refuse the whole state of things, or somebody else's center, before it looks at the name.
	refused := resp.Status == http.StatusConflict || resp.Status == http.StatusForbidden
	if resp.Status != http.StatusNotFound && resp.Status != http.StatusUnprocessableEntity && (method == "get" ||
		!refused) {
		t.Errorf("%s %s answers %d: %.120s", method, target, resp.Status, resp.Body)
		return
	}
	if named := func(
		v kit.Violation,
	) bool {
		return strings.HasSuffix(v.Field, wrong) || v.Value == name(wrong)
	}; method == "get" && !slices.ContainsFunc(problem.Violations, named) {
		t.Errorf("%s %s does not name %s: %.200s", method, target, wrong, resp.Body)
	}
}

func checkUnknownBody(t *testing.T, a *app.App, method, path string, body map[string]any) {
	t.Helper()
	for name, value := range knownNames {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	resp := ask(t, a, method, path, body)
	var problem kit.Problem
	_ = json.Unmarshal(resp.Body, &problem)
	if resp.Status != http.StatusUnprocessableEntity || len(problem.Violations) != 1 ||
		problem.Violations[0].Value != "华东区" || !strings.Contains(problem.Violations[0].Rule, "华东、") {
		t.Errorf("%s %s with region 华东区 answers %d: %s", method, path, resp.Status, resp.Body)
	}
}

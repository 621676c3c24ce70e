package generated_test

import (
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"

	"aftersales-ledger/api/kit/doortest"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/app/apptest"
	"aftersales-ledger/domain/calendar"
)

var update = flag.Bool("update", false, "generate the client anew")

// generate makes the client of a handler's document.
func generate(t *testing.T, handler http.Handler) string {
	t.Helper()
	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/openapi-3.0.json", nil))
	doc, err := openapi3.NewLoader().LoadFromData(bare(t, rec.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	source, err := codegen.Generate(doc, codegen.Configuration{
		PackageName: "generated",
		Generate:    codegen.GenerateOptions{Models: true, Client: true},
		OutputOptions: codegen.OutputOptions{
			IncludeOperationIDs: []string{
				"open-account", "register-project", "publish-price-list", "accrue-charge", "issue-statement", "confirm-statement",
				"receive-payment", "receivables", "statements",
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// bare is a document without what is for people, and without all refusals but
// one: a client is made anew when the API changes, and not when it is explained
// better.
func bare(t *testing.T, src []byte) []byte {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(src, &doc); err != nil {
		t.Fatal(err)
	}
	var strip func(v any)
	strip = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, people := range []string{"description", "summary", "example", "examples"} {
				if _, text := v[people].(map[string]any); !text {
					delete(v, people)
				}
			}
			if answers, ok := v["responses"].(map[string]any); ok {
				for status, answer := range answers {
					if status[0] == '4' && status != "422" || status[0] == '5' {
						delete(answers, status)
					} else if answer, ok := answer.(map[string]any); ok {
						strip(answer)
						answer["description"] = "" // OpenAPI asks for it
					}
				}
				delete(v, "responses")
				defer func() { v["responses"] = answers }()
			}
			for _, child := range v {
				strip(child)
			}
		case []any:
			for _, child := range v {
				strip(child)
			}
		}
	}
	strip(doc)
	doc["info"] = map[string]any{"title": "ledger", "version": "0"} // the version changes with every commit
	out, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// virtual is a clock that is set.
type virtual struct{ at atomic.Pointer[time.Time] }

func (v *virtual) now() time.Time { return *v.at.Load() }

func (v *virtual) set(day string) {
	at, err := time.ParseInLocation("2006-01-02 15:04", day, calendar.Shanghai)
	if err != nil {
		panic(err)
	}
	v.at.Store(&at)
}

func TestTheClientIsGeneratedFromTheDocument(t *testing.T) {
	clock := new(virtual)
	clock.set("2026-06-18 12:00")
	a := start(t, clock)
	source := generate(t, a.Handler)
	if *update {
		if err := os.WriteFile("client.gen.go", []byte(source), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile("client.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != source {
		t.Error("the API has changed: go test ./cmd/internal/generated -run Generated -update")
	}
}

// start opens a ledger with its figures.
func start(t *testing.T, clock *virtual) *app.App {
	t.Helper()
	return apptest.Start(t, app.Config{Data: t.TempDir(), Clock: clock.now, Door: doortest.New(clock.now)})
}

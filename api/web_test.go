package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"aftersales-ledger/api"
	"aftersales-ledger/api/door"
	"aftersales-ledger/api/kit"
)

var update = flag.Bool("update", false, "write the console's copy of the OpenAPI document")

// The console's types are made from a copy of the document, a line a member so that
// a change of it can be read and merged. `make openapi` takes the copy and makes the
// types.
func TestConsoleKnowsTheDocument(t *testing.T) {
	const kept = "web/openapi.json"
	served := httptest.NewRecorder()
	api.New(kit.Deps{Metrics: prometheus.NewRegistry(), Door: new(door.Door)}).ServeHTTP(served,
		httptest.NewRequest(http.MethodGet, "/openapi.json", nil))
	if served.Code != http.StatusOK {
		t.Fatalf("the document: status %d", served.Code)
	}
	var document bytes.Buffer
	if err := json.Indent(&document, served.Body.Bytes(), "", " "); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(kept, document.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	copied, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(copied, document.Bytes()) {
		t.Errorf("api/%s is not the document that is served: run `make openapi`", kept)
	}
}

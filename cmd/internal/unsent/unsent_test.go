package unsent_test

import (
	"net/http"
	"testing"

	"aftersales-ledger/cmd/internal/unsent"
)

const document = `{"paths": {"/v1/things/{thing}": {"post": {
	"parameters": [{"name": "thing", "in": "path"}, {"name": "asOf", "in": "query"}, {"name": "Idempotency-Key", "in": "header"}],
	"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}}},
	"components": {"schemas": {"Thing": {"properties": {"amount": {}, "on": {}, "serials": {"items": {}}, "note": {},
	"lines": {"items": {"properties": {"part": {}, "cost": {}}}}}}}}}`

func TestARefusalNamesWhatWasSent(t *testing.T) {
	d, err := unsent.Read([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	asked := unsent.Request{
		Method: "POST", Target: "/v1/things/T-1?asOf=2026-01-01", Header: http.Header{"Idempotency-Key": {"k"}},
		Body: []byte(`{"amount": 5.00, "on": "2026-07-01T16:00:00Z", "serials": ["A", "B"], "lines": [{"part": "DS"}], "nonsense": "x"}`),
	}
	for name, c := range map[string]struct {
		field, value string
		wrong        bool
	}{
		"a field of the body, with its figure":       {"amount", "5", false},
		"with another":                               {"amount", "6", true},
		"a moment, by its day in Shanghai":           {"on", "2026-07-02", false},
		"by another day":                             {"on", "2026-07-01", true},
		"a list, with one of its entries":            {"serials", "B", false},
		"with how many it has":                       {"serials", "2", true},
		"a field of a row":                           {"lines[0].part", "DS", false},
		"of a row that was not sent":                 {"lines[1].part", "DS", true},
		"a field that could have been sent":          {"note", "", false},
		"one of a row":                               {"lines[0].cost", "", false},
		"one that could have been, with a value":     {"note", "x", true},
		"one that no request has":                    {"version", "", true},
		"one that was sent though no request has it": {"nonsense", "x", false},
		"what the path names":                        {"thing", "T-1", false},
		"what it does not name":                      {"thing", "T-2", true},
		"a filter":                                   {"asOf", "2026-01-01", false},
		"a header":                                   {"Idempotency-Key", "k", false},
		"no field":                                   {"", "{", true},
	} {
		answer := `{"type": "urn:aftersales-ledger:problem:p", "violations": [{"field": "` + c.field + `", "value": "` + c.value + `"}]}`
		if got := d.Named(asked, http.StatusUnprocessableEntity, []byte(answer)); (len(got) > 0) != c.wrong {
			t.Errorf("%s: %q", name, got)
		}
		if got := d.Named(asked, http.StatusCreated, []byte(answer)); len(got) > 0 {
			t.Errorf("what is no refusal: %q", got)
		}
	}
}

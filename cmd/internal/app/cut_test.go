package app_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"aftersales-ledger/api"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/verify"
	"aftersales-ledger/domain"
	"aftersales-ledger/eventstore/esdb/esdbtest"
)

// An operator of the event log cuts the stream of one center, deletes that of a
// second and buries that of a third. None of them is a new center, or one that
// does not exist: commands say what happened to which stream, and the audit
// finds all three, although the log still holds their events.
func TestWhatAnOperatorDoesToAStreamIsFound(t *testing.T) {
	address, _ := esdbtest.Serve(t, sqliteLog(t))
	a := start(t, app.Config{Data: t.TempDir(), Log: address})
	c := clientOf(t, a, regionalAdmin)
	open := func(center string) string { return strings.Replace(openC01, "C01", center, 1) }
	centers := []string{"C01", "C02", "C03"}
	for _, center := range centers {
		if resp := post(t, c, "/v1/centers", "open "+center, open(center)); resp.Status != http.StatusCreated {
			t.Fatalf("%s", resp.Body)
		}
	}
	conf, err := esdb.ParseConnectionString(address)
	if err != nil {
		t.Fatal(err)
	}
	conf.Logger = esdb.NoopLogging()
	operator, err := esdb.NewClient(conf)
	if err != nil {
		t.Fatal(err)
	}
	defer operator.Close()
	var hidden esdb.StreamMetadata
	hidden.SetMaxCount(1)
	_, err1 := operator.SetStreamMetadata(t.Context(), "account-C01", esdb.AppendToStreamOptions{}, hidden)
	_, err2 := operator.DeleteStream(t.Context(), "account-C02", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Any{}})
	_, err3 := operator.TombstoneStream(t.Context(), "account-C03",
		esdb.TombstoneStreamOptions{ExpectedRevision: esdb.Any{}})
	if err1 != nil || err2 != nil || err3 != nil {
		t.Fatal(err1, err2, err3)
	}
	eventually(t, "all three pass", func() bool { return len(a.Store.Cuts()) == 3 })
	var health api.HealthBody
	resp := get(t, c, "/readyz")
	if err := json.Unmarshal(resp.Body, &health); err != nil {
		t.Fatal(err)
	}
	if health.Status == "ready" || len(health.Streams) != 3 {
		t.Errorf("%s", resp.Body)
	}
	for i, s := range health.Streams {
		if s.Stream != "account-"+centers[i] || s.What == "" || s.At == "" {
			t.Errorf("%+v", s)
		}
	}
	for _, center := range centers {
		for what, key := range map[string]string{"sent again": "open " + center, "opened anew": "anew " + center} {
			resp := post(t, c, "/v1/centers", key, open(center))
			if resp.Status != http.StatusInternalServerError || !strings.Contains(string(resp.Body),
				"problem:stream-cut") || !strings.Contains(string(resp.Body), "account-"+center) {
				t.Errorf("%s, %s: %d %s", center, what, resp.Status, resp.Body)
			}
		}
	}
	report, err := verify.Run(t.Context(), clientOf(t, a, domain.Actor{Name: "lin", Role: domain.Finance}),
		func(uint64) {})
	if err != nil {
		t.Fatal(err)
	}
	for center, what := range map[string]string{"C01": "$maxCount 1", "C02": "a soft delete", "C03": "a tombstone"} {
		found := false
		for _, f := range report.Flaws {
			found = found || f.Where == "account-"+center && strings.Contains(f.What.String(), what)
		}
		if !found {
			t.Errorf("%s is not found: %v", center, report.Flaws)
		}
	}
}

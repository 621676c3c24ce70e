package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/esdb/esdbtest"
	"aftersales-ledger/projections"
)

// A prefix that is changed by accident would show an empty ledger.
func TestThePrefixOfALogIsKeptBesideIt(t *testing.T) {
	address, _ := esdbtest.Serve(t, sqliteLog(t))
	data := t.TempDir()
	open := func(prefix string) error {
		_, store, err := app.OpenLedger(t.Context(), app.Config{Data: data, Log: address + prefix})
		if err == nil {
			err = store.Close()
		}
		return err
	}
	if err := open("&streamPrefix=ledger-"); err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{"", "&streamPrefix=ledger2-"} {
		if err := open(other); err == nil || !strings.Contains(err.Error(), `"ledger-"`) {
			t.Errorf("%q: %v", other, err)
		}
	}
	if err := open("&streamPrefix=ledger-"); err != nil {
		t.Error(err)
	}
}

// An event that nobody here knows stops the read models if it is under our
// prefix; what another program writes beside it does not.
func TestOnlyAnUnknownEventOfOursStopsTheReadModels(t *testing.T) {
	address, _ := esdbtest.Serve(t, sqliteLog(t))
	a := start(t, app.Config{Data: t.TempDir(), Log: address + "&streamPrefix=ledger-"})
	others, err := esdb.Open(t.Context(), address, esdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = others.Close() }()
	place := func(stream string) {
		t.Helper()
		e := eventstore.Proposed{ID: uuid.New(), Type: "OrderPlaced", Data: []byte(`{}`), Metadata: []byte(`{}`)}
		if _, err := others.Append(t.Context(), stream, eventstore.NoStream(), []eventstore.Proposed{e}); err != nil {
			t.Fatal(err)
		}
	}
	place("orders-1")
	if resp := post(t, clientOf(t, a, regionalAdmin), "/v1/centers", "open", openC01); resp.Status != http.StatusCreated {
		t.Fatalf("%s", resp.Body)
	}
	head, err := a.Store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the read models pass another program's event", func() bool {
		s := a.ReadModels.Status()
		return s.State == projections.Live && s.Position >= uint64(head)
	})
	place("ledger-account-C09")
	eventually(t, "they stop at one of ours", func() bool { return a.ReadModels.Status().State == projections.Stopped })
	if s := a.ReadModels.Status(); !strings.Contains(s.Reason, "OrderPlaced") {
		t.Errorf("the reason is %q", s.Reason)
	}
}

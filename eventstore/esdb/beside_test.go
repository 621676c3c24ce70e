package esdb_test

import (
	"testing"

	"github.com/google/uuid"

	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/esdb/esdbtest"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/sqlite/sqlitetest"
)

// What the door keeps on the same server is none of the trade's: it is neither read
// nor counted, and the trade's is none of the door's.
func TestStreamsBesideTheTradesAreReadByTheirOwnStoreOnly(t *testing.T) {
	kept := sqlitetest.Open(t, sqlite.Options{})
	address, _ := esdbtest.Serve(t, kept)
	stores := map[string]*esdb.Store{}
	for name, opts := range map[string]esdb.Options{"trade": {}, "door": {Beside: true}} {
		s, err := esdb.Open(t.Context(), address, opts)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		stores[name] = s
		for _, stream := range []string{"records", "records-2"} {
			if _, err := s.Append(t.Context(), stream, eventstore.NoStream(), []eventstore.Proposed{{
				ID: uuid.New(), Type: name, Data: []byte(`{}`), Metadata: []byte(`{}`),
			}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, s := range stores {
		seen := 0
		for e, err := range s.ReadAll(t.Context(), 0) {
			if err != nil {
				t.Fatal(err)
			}
			if seen++; e.Type != name {
				t.Errorf("%s read %s of %s", name, e.Stream, e.Type)
			}
		}
		if seen != 2 {
			t.Errorf("%s read %d events; want its 2", name, seen)
		}
	}
}

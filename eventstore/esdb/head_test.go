package esdb

import (
	"testing"

	"github.com/google/uuid"

	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb/esdbtest"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/sqlite/sqlitetest"
)

// The server's own events are searched once, not for every look at the head,
// and what the search remembers hides nothing.
func TestHeadRemembersItsSearch(t *testing.T) {
	backing := sqlitetest.Open(t, sqlite.Options{Durability: sqlite.BulkLoad})
	address, ctl := esdbtest.Serve(t, backing)
	s, err := Open(t.Context(), address, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	write := func(to eventstore.Store, expected eventstore.Expected) {
		t.Helper()
		if _, err := to.Append(t.Context(), "a", expected,
			[]eventstore.Proposed{{ID: uuid.New(), Type: "tested", Data: []byte("1"), Metadata: []byte("{}")}}); err != nil {
			t.Fatal(err)
		}
	}
	wantHead := func(what string, calls int) {
		t.Helper()
		want, err := backing.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		before := ctl.Calls(esdbtest.Read)
		head, err := s.Head(t.Context())
		if err != nil || head != want<<10 {
			t.Fatalf("%s: head is %d (%v), want %d", what, head, err, want<<10)
		}
		if n := ctl.Calls(esdbtest.Read) - before; n != calls {
			t.Fatalf("%s: the head took %d calls, want %d", what, n, calls)
		}
	}

	wantHead("an empty log", 1)
	ctl.AddSystemEvents(100)
	wantHead("no event but the system's", 3) // pages of 1, 16 and 256
	wantHead("the same again", 1)
	write(s, eventstore.NoStream())
	wantHead("an event of this process", 1)
	ctl.AddSystemEvents(100)
	wantHead("system events since", 3)
	wantHead("the same again", 1)
	ctl.AddSystemEvents(5)
	wantHead("a few more", 2)
	write(backing, eventstore.At(0))
	wantHead("an event of another process", 1)

	// A log that was put back to an earlier state does not keep the old head.
	ctl.AddSystemEvents(1)
	s.horizon.set(1<<40, 1<<40)
	wantHead("a shorter log", 2)
	wantHead("the same again", 1)
}

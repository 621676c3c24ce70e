package esdb

import (
	"testing"

	"github.com/google/uuid"

	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb/esdbtest"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/sqlite/sqlitetest"
)

// A checkpoint may arrive between the answer to an append and its event. The
// subscription must not call itself caught up then.
func TestNotCaughtUpBeforeWhatIsKnown(t *testing.T) {
	backing := sqlitetest.Open(t, sqlite.Options{Durability: sqlite.BulkLoad})
	address, ctl := esdbtest.Serve(t, backing)
	s, err := Open(t.Context(), address, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	write := func(expected eventstore.Expected) eventstore.Appended {
		done, err := s.Append(t.Context(), "a", expected,
			[]eventstore.Proposed{{ID: uuid.New(), Type: "tested", Data: []byte("1")}})
		if err != nil {
			t.Error(err)
		}
		return done
	}
	first := write(eventstore.NoStream())

	step := 0
	for b, err := range s.Subscribe(t.Context(), 0, 10) {
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case step == 0 && b.CaughtUp:
			// As if the next event, one place further, had been answered for.
			s.sawPosition(first.Position * 2)
			ctl.AddSystemEvents(300)
			step++
		case step == 1:
			if len(b.Events) != 0 || b.Position <= first.Position || b.CaughtUp {
				t.Fatalf("the checkpoint was delivered as %+v", b)
			}
			if at := write(eventstore.At(0)); at.Position != first.Position*2 {
				t.Fatalf("the event landed at %d", at.Position)
			}
			step++
		case step == 2 && len(b.Events) > 0:
			if !b.CaughtUp {
				t.Fatal("not caught up with the last event")
			}
			return
		}
	}
}

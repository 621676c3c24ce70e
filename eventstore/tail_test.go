package eventstore_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/sqlite/sqlitetest"
)

// Readers who begin anywhere, at any time, and read as much at once as they like
// see every event after their place once and in order, though far more is written
// than a tail holds.
func TestEveryReaderOfATailSeesTheLogFromTheirPlace(t *testing.T) {
	store := sqlitetest.Open(t, sqlite.Options{Durability: sqlite.BulkLoad})
	written := eventstore.Position(0)
	write := func(n int) {
		events := make([]eventstore.Proposed, n)
		for i := range events {
			events[i] = eventstore.Proposed{ID: uuid.New(), Type: "Noted", Data: []byte(`{}`), Metadata: []byte(`{}`)}
		}
		at, err := store.Append(t.Context(), "s-"+uuid.NewString(), eventstore.NoStream(), events)
		if err != nil {
			t.Fatal(err)
		}
		written = at.Position
	}
	write(50)
	tail := eventstore.NewTail(store)
	go tail.Run(t.Context())
	type reader struct {
		at   eventstore.Position
		seen int
	}
	var readers []*reader
	read := func(r *reader, limit int) error {
		events, upTo, _, err := tail.After(t.Context(), r.at, limit)
		if err != nil {
			return err
		}
		for _, e := range events {
			if e.Position != r.at+1 { // SQLite's positions have no gap
				return fmt.Errorf("a reader at %d is given %d", r.at, e.Position)
			}
			r.at, r.seen = e.Position, r.seen+1
		}
		if upTo < r.at || upTo > r.at {
			return fmt.Errorf("a reader that was given up to %d is told up to %d", r.at, upTo)
		}
		return nil
	}
	rapid.Check(t, func(rt *rapid.T) {
		switch rapid.IntRange(0, 3).Draw(rt, "step") {
		case 0:
			write(rapid.IntRange(1, 2000).Draw(rt, "events"))
		case 1:
			readers = append(readers, &reader{at: eventstore.Position(rapid.IntRange(0, int(written)).Draw(rt, "place"))})
		default:
			for _, r := range readers {
				if err := read(r, rapid.IntRange(1, 500).Draw(rt, "limit")); err != nil {
					rt.Fatal(err)
				}
			}
		}
	})
	for _, r := range readers {
		for r.at < written {
			_, _, news, err := tail.After(t.Context(), r.at, 1)
			if err != nil {
				t.Fatal(err)
			}
			before := r.at
			if err := read(r, 1000); err != nil {
				t.Fatal(err)
			}
			if r.at == before {
				<-news
			}
		}
	}
}

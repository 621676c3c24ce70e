package esdb_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/esdb/esdbtest"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/sqlite/sqlitetest"
)

// quick is for connection strings of servers that will not be found: two
// looks for them are enough.
const quick = "&maxDiscoverAttempts=2&discoveryInterval=1"

// serve returns a store over a server over a fresh store.
func serve(t *testing.T, opts ...esdbtest.Option) (*esdb.Store, *esdbtest.Server, eventstore.Store) {
	t.Helper()
	backing := newBacking(t)
	address, ctl := esdbtest.Serve(t, backing, opts...)
	return open(t, address+quick, esdb.Options{}), ctl, backing
}

func events(n int) []eventstore.Proposed {
	list := make([]eventstore.Proposed, n)
	for i := range list {
		list[i] = eventstore.Proposed{
			ID: uuid.New(), Type: "tested", Data: fmt.Appendf(nil, `{"n":%d}`, i), Metadata: []byte(`{"actor":"test"}`),
		}
	}
	return list
}

// fill appends n events to a stream that is at revision last.
func fill(t *testing.T, s eventstore.Store, stream string, last eventstore.Revision, n int) eventstore.Appended {
	t.Helper()
	done, err := s.Append(t.Context(), stream, eventstore.At(last), events(n))
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func wantError(t *testing.T, err error, targets ...error) {
	t.Helper()
	for _, target := range targets {
		if !errors.Is(err, target) {
			t.Fatalf("error is %v, want %v", err, target)
		}
	}
}

func readStream(t *testing.T, s eventstore.Store, stream string) []eventstore.Recorded {
	t.Helper()
	var list []eventstore.Recorded
	for e, err := range s.ReadStream(t.Context(), stream, 0, eventstore.Forwards) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	return list
}

func readAll(t *testing.T, s eventstore.Store, after eventstore.Position) []eventstore.Recorded {
	t.Helper()
	var list []eventstore.Recorded
	for e, err := range s.ReadAll(t.Context(), after) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	return list
}

// follow subscribes in the background. Batches arrive on the channel until the
// error that ended the subscription, which arrives last.
type followed struct {
	eventstore.Batch
	err error
}

func follow(t *testing.T, s eventstore.Store, after eventstore.Position, limit int) <-chan followed {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	batches, done := make(chan followed), make(chan struct{})
	go func() {
		defer close(done)
		defer close(batches)
		for b, err := range s.Subscribe(ctx, after, limit) {
			select {
			case batches <- followed{b, err}:
			case <-ctx.Done():
				return
			}
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
	return batches
}

// next returns the next batch that satisfies done; the events of all batches
// up to it are added to list.
func next(
	t *testing.T, batches <-chan followed, list *[]eventstore.Recorded, done func(eventstore.Batch) bool,
) eventstore.Batch {
	t.Helper()
	for {
		select {
		case b, ok := <-batches:
			if !ok || b.err != nil {
				t.Fatalf("the subscription ended: %v", b.err)
			}
			*list = append(*list, b.Events...)
			if done(b.Batch) {
				return b.Batch
			}
		case <-time.After(time.Minute): // only keeps a broken store from hanging the build
			t.Fatal("nothing more was delivered")
		}
	}
}

func caughtUp(b eventstore.Batch) bool { return b.CaughtUp }

// wantSame checks that exactly the events of the log were delivered, in order.
func wantSame(t *testing.T, got, want []eventstore.Recorded) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d events were delivered, want %d", len(got), len(want))
	}
	for i := range got {
		if got[i].ID != want[i].ID || got[i].Position != want[i].Position {
			t.Fatalf("delivery %d is %v at %d, want %v at %d", i, got[i].ID, got[i].Position, want[i].ID, want[i].Position)
		}
	}
}

// logs is a log that is kept.
type logs struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logs) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// newBacking returns a fresh store for a server to stand on.
func newBacking(t *testing.T) eventstore.Store {
	t.Helper()
	s := sqlitetest.Open(t, sqlite.Options{Durability: sqlite.BulkLoad})
	return s
}

package esdb_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/esdb/esdbtest"
)

// operator is somebody with the server's own tools.
func operator(t *testing.T, address string) *client.Client {
	t.Helper()
	conf, err := client.ParseConnectionString(address)
	if err != nil {
		t.Fatal(err)
	}
	conf.Logger = client.NoopLogging()
	c, err := client.NewClient(conf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// ways are what an operator can do to a stream, and how it is named.
var ways = map[string]struct {
	do    func(t *testing.T, c *client.Client, stream string) error
	names string
}{
	"$maxCount": {func(t *testing.T, c *client.Client, stream string) error {
		var m client.StreamMetadata
		m.SetMaxCount(1)
		_, err := c.SetStreamMetadata(t.Context(), stream, client.AppendToStreamOptions{}, m)
		return err
	}, "$maxCount 1"},
	"$tb": {func(t *testing.T, c *client.Client, stream string) error {
		var m client.StreamMetadata
		m.SetTruncateBefore(2)
		_, err := c.SetStreamMetadata(t.Context(), stream, client.AppendToStreamOptions{}, m)
		return err
	}, "$tb 2"},
	"a soft delete": {func(t *testing.T, c *client.Client, stream string) error {
		_, err := c.DeleteStream(t.Context(), stream, client.DeleteStreamOptions{ExpectedRevision: client.Any{}})
		return err
	}, "a soft delete"},
	"a tombstone": {func(t *testing.T, c *client.Client, stream string) error {
		_, err := c.TombstoneStream(t.Context(), stream, client.TombstoneStreamOptions{ExpectedRevision: client.Any{}})
		return err
	}, "a tombstone"},
}

func wantCut(t *testing.T, what string, err error, stream, names string) {
	t.Helper()
	var cut *eventstore.CutError
	if !errors.As(err, &cut) || !errors.Is(err, eventstore.ErrCut) || errors.Is(err, eventstore.ErrStreamNotFound) {
		t.Fatalf("%s: %v, want that the stream is cut", what, err)
	}
	if cut.Stream != stream || !strings.Contains(cut.What, names) {
		t.Errorf("%s: the cut is told as %+v, want %q of %q", what, cut.Truncation, names, stream)
	}
}

// A stream of which an operator took something is neither a shorter nor a new
// one: not for those who read it first, nor for those who have folded it.
func TestWhatAnOperatorTookAwayIsTold(t *testing.T) {
	for _, prefix := range []string{"", "books."} {
		for name, way := range ways {
			t.Run(prefix+name, func(t *testing.T) {
				address, _ := esdbtest.Serve(t, newBacking(t))
				ours := address
				if prefix != "" {
					ours += "&streamPrefix=" + prefix
				}
				var said logs
				store := open(t, ours, esdb.Options{Logger: said.logger()})
				folded := eventstore.NewExecutor(store, eventstore.Trade, eventstore.ExecutorOptions{})
				if err := count(t.Context(), folded, "before", 3); err != nil {
					t.Fatal(err)
				}
				batches := follow(t, store, 0, 100)
				var got []eventstore.Recorded
				next(t, batches, &got, caughtUp)

				if err := way.do(t, operator(t, address), prefix+"number-x"); err != nil {
					t.Fatal(err)
				}
				// It passes, and is known.
				for len(store.Cuts()) == 0 {
					time.Sleep(time.Millisecond)
				}
				if c := store.Cuts()[0]; c.Stream != "number-x" || !strings.Contains(c.What,
					way.names) || c.Position == 0 || c.At.IsZero() {
					t.Errorf("it was seen as %+v", c)
				}
				for !strings.Contains(said.String(), "an operator has taken events of a stream away") {
					time.Sleep(time.Millisecond) // it is known a moment before it is told
				}
				wantCut(t, "a command that has folded it", count(t.Context(), folded, "after", 1), "number-x", way.names)

				// Who has not seen it pass meets it when reading.
				late := open(t, ours, esdb.Options{})
				anew := eventstore.NewExecutor(late, eventstore.Trade, eventstore.ExecutorOptions{})
				wantCut(t, "a command that reads it first", count(t.Context(), anew, "after", 1), "number-x", way.names)
				wantCut(t, "a look", eventstore.Inspect(t.Context(), anew, "number-x", func(*counted) error { return nil }),
					"number-x", way.names)

				// The log still holds all of it, and other streams go on.
				if n := len(readAll(t, late, 0)); n != 3 {
					t.Errorf("the log holds %d events, want 3", n)
				}
				fill(t, late, "other", eventstore.NoRevision, 2)
			})
		}
	}
}

// What hides nothing any more is whole again.
func TestACutThatIsUndone(t *testing.T) {
	address, _ := esdbtest.Serve(t, newBacking(t))
	store := open(t, address, esdb.Options{})
	x := eventstore.NewExecutor(store, eventstore.Trade, eventstore.ExecutorOptions{})
	if err := count(t.Context(), x, "before", 3); err != nil {
		t.Fatal(err)
	}
	batches := follow(t, store, 0, 100)
	var got []eventstore.Recorded
	next(t, batches, &got, caughtUp)
	op := operator(t, address)
	if err := ways["$maxCount"].do(t, op, "number-x"); err != nil {
		t.Fatal(err)
	}
	for len(store.Cuts()) == 0 {
		time.Sleep(time.Millisecond)
	}
	wantCut(t, "cut", count(t.Context(), x, "after", 1), "number-x", "$maxCount 1")
	if _, err := op.SetStreamMetadata(t.Context(), "number-x", client.AppendToStreamOptions{},
		client.StreamMetadata{}); err != nil {
		t.Fatal(err)
	}
	for len(store.Cuts()) != 0 {
		time.Sleep(time.Millisecond)
	}
	if err := count(t.Context(), x, "after", 1); err != nil {
		t.Error(err)
	}
	if n := len(readStream(t, store, "number-x")); n != 4 {
		t.Errorf("the stream holds %d events, want 4", n)
	}
}

// Companies share a cluster: with a prefix what others write is neither read nor
// sent to us, what they name like ours does not meet ours, and what we write
// begins with it.
func TestALogSharedWithOtherPrograms(t *testing.T) {
	backing := newBacking(t)
	address, _ := esdbtest.Serve(t, backing)
	store := open(t, address+"&streamPrefix=ledger%2F", esdb.Options{})
	others := open(t, address, esdb.Options{})
	second := open(t, strings.Replace(address, "?", "?streamPrefix=ledger2%2F&", 1), esdb.Options{})

	fill(t, others, "orders-1", eventstore.NoRevision, 5)
	fill(t, others, "a", eventstore.NoRevision, 2)
	fill(t, second, "a", eventstore.NoRevision, 4)
	if head, err := store.Head(t.Context()); err != nil || head != 0 {
		t.Fatalf("the head of a log of others' events is %d, %v", head, err)
	}
	fill(t, store, "a", eventstore.NoRevision, 2)
	last := fill(t, store, "a", 1, 1)
	fill(t, others, "orders-1", 4, 300)
	if head, err := store.Head(t.Context()); err != nil || head != last.Position {
		t.Errorf("the head is %d, want %d (%v)", head, last.Position, err)
	}
	if n := len(readStream(t, store, "a")); n != 3 {
		t.Errorf("our stream holds %d events, want 3", n)
	}
	all := readAll(t, store, 0)
	if len(all) != 3 || all[0].Stream != "a" {
		t.Errorf("our log is %d events of %q", len(all), all[0].Stream)
	}
	if n := len(readStream(t, backing, "ledger/a")); n != 3 {
		t.Errorf("the server's stream holds %d events, want 3", n)
	}
	if e, err := store.EventAt(t.Context(), last.Position); err != nil || e.Stream != "a" {
		t.Errorf("the event at our head is %+v, %v", e, err)
	}
	foreign := readAll(t, others, 0)[0]
	if _, err := store.EventAt(t.Context(), foreign.Position); !errors.Is(err, eventstore.ErrEventNotFound) {
		t.Errorf("another program's event is told as ours: %v", err)
	}
	batches := follow(t, store, 0, 100)
	var got []eventstore.Recorded
	next(t, batches, &got, caughtUp)
	wantSame(t, got, all)
	fill(t, others, "orders-2", eventstore.NoRevision, 10)
	fill(t, store, "b", eventstore.NoRevision, 1)
	next(t, batches, &got, func(eventstore.Batch) bool { return len(got) == 4 })
	if got[3].Stream != "b" {
		t.Errorf("delivered %+v", got[3])
	}
}

func TestAPrefixThatIsNone(t *testing.T) {
	address, _ := esdbtest.Serve(t, newBacking(t))
	for _, bad := range []string{"", "$x", "%ff", "%zz"} {
		if _, err := esdb.Open(t.Context(), fmt.Sprint(address, "&streamPrefix=", bad),
			esdb.Options{}); err == nil || !strings.Contains(err.Error(), "streamPrefix") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

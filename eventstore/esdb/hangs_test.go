package esdb_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/esdb/esdbtest"
)

// A leader that is stopped with calls under way keeps its connections and says
// nothing. A command goes on with the node that leads by then, a read is told in
// time, and a subscription goes on there without a gap.
func TestANodeThatFallsAsleepInTheMiddle(t *testing.T) {
	backing := newBacking(t)
	_, one := esdbtest.Serve(t, backing)
	_, two := esdbtest.Serve(t, backing)
	two.Follow(one)
	store := open(t,
		fmt.Sprintf("esdb://%s,%s?tls=false&gossipTimeout=1&maxDiscoverAttempts=20&discoveryInterval=50", one.Addr(),
			two.Addr()), esdb.Options{})
	fill(t, store, "long", eventstore.NoRevision, 1000)
	batches := follow(t, store, 0, 100)
	var got []eventstore.Recorded
	next(t, batches, &got, caughtUp)

	one.Fail(1, esdbtest.CallFailure{Method: esdbtest.Append, Kind: esdbtest.Hang})
	one.Fail(1, esdbtest.CallFailure{Method: esdbtest.Read, Kind: esdbtest.Hang, Messages: 10})
	var done eventstore.Appended
	var read error
	var g errgroup.Group
	g.Go(func() (err error) {
		done, err = store.Append(t.Context(), "a", eventstore.NoStream(), events(2))
		return err
	})
	g.Go(func() error {
		for _, err := range store.ReadStream(t.Context(), "long", 0, eventstore.Forwards) {
			read = err
		}
		return nil
	})
	await(func() bool { return one.Underway(esdbtest.Append) > 0 && one.Underway(esdbtest.Read) > 1 })
	one.Freeze()
	two.Follow(nil)
	one.Follow(two)
	if err := g.Wait(); err != nil || done.Repeated || done.Revision != 1 {
		t.Errorf("the command is answered %+v, %v", done, err)
	}
	if !errors.Is(read, eventstore.ErrUnavailable) || !strings.Contains(read.Error(), "said nothing") {
		t.Errorf("the read ended with %v", read)
	}
	if n := len(readStream(t, store, "long")); n != 1000 {
		t.Errorf("the stream is read as %d events afterwards", n)
	}
	next(t, batches, &got, func(b eventstore.Batch) bool { return b.Position >= done.Position })
	wantSame(t, got, readAll(t, store, 0))
}

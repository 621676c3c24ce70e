package esdb_test

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/esdb/esdbtest"
)

// Lines cut again and again in the middle of history lose and repeat nothing.
func TestSubscriptionCutOffDuringCatchUp(t *testing.T) {
	address, ctl := esdbtest.Serve(t, newBacking(t))
	var said logs
	store := open(t, address, esdb.Options{Logger: said.logger()})
	fill(t, store, "a", eventstore.NoRevision, 300)
	fill(t, store, "a", 299, 200)
	want := readAll(t, store, 0)

	for _, messages := range []int{1, 2, 100, 77} {
		ctl.Fail(1, esdbtest.CallFailure{Method: esdbtest.Read, Kind: esdbtest.Drop, Messages: messages})
	}
	ctl.Fail(1, esdbtest.CallFailure{Method: esdbtest.Read, Kind: esdbtest.Unavailable, Messages: 50})
	ctl.Fail(1, esdbtest.CallFailure{Method: esdbtest.Read, Kind: esdbtest.Timeout})
	var got []eventstore.Recorded
	next(t, follow(t, store, 0, 7), &got, caughtUp)
	wantSame(t, got, want)
	if !strings.Contains(said.String(), "subscription interrupted") {
		t.Fatal("nothing was logged")
	}
}

func TestSubscriptionCutOffWhileLive(t *testing.T) {
	store, ctl, _ := serve(t)
	fill(t, store, "a", eventstore.NoRevision, 3)
	batches := follow(t, store, 0, 100)
	var got []eventstore.Recorded
	next(t, batches, &got, caughtUp)
	last := eventstore.Revision(2)
	for range 5 {
		ctl.DropConnections()
		for range 3 { // some meet a line that is down, some one that is up again
			batch := events(2)
			for {
				done, err := store.Append(t.Context(), "a", eventstore.At(last), batch)
				if err == nil {
					last = done.Revision
					break
				}
				wantError(t, err, eventstore.ErrUnavailable)
			}
		}
		next(t, batches, &got, func(eventstore.Batch) bool { return len(got) == int(last)+1 })
	}
	wantSame(t, got, readAll(t, store, 0))
}

// A server that is away for longer than the search for it takes is waited for.
func TestServerAwayForAWhile(t *testing.T) {
	store, ctl, backing := serve(t)
	fill(t, store, "a", eventstore.NoRevision, 3)
	batches := follow(t, store, 0, 100)
	var got []eventstore.Recorded
	next(t, batches, &got, caughtUp)

	ctl.Refuse()
	for range 5 {
		_, err := store.Append(t.Context(), "b", eventstore.NoStream(), events(1))
		wantError(t, err, eventstore.ErrUnavailable)
		_, err = store.Head(t.Context())
		wantError(t, err, eventstore.ErrUnavailable)
	}
	fill(t, backing, "c", eventstore.NoRevision, 2) // somebody else, meanwhile
	ctl.Accept()
	next(t, batches, &got, func(b eventstore.Batch) bool { return b.CaughtUp && len(got) == 5 })
	for {
		_, err := store.Append(t.Context(), "b", eventstore.NoStream(), events(1))
		if err == nil {
			break
		}
		wantError(t, err, eventstore.ErrUnavailable)
	}
	next(t, batches, &got, func(eventstore.Batch) bool { return len(got) == 6 })
	wantSame(t, got, readAll(t, store, 0))
}

// What waiting cannot mend ends the subscription.
func TestSubscriptionDenied(t *testing.T) {
	store, ctl, _ := serve(t)
	ctl.Fail(1, esdbtest.CallFailure{Method: esdbtest.Read, Kind: esdbtest.Denied})
	b, ok := <-follow(t, store, 0, 10)
	if !ok {
		t.Fatal("the subscription ended without an error")
	}
	wantError(t, b.err, eventstore.ErrUnavailable)
	if !strings.Contains(b.err.Error(), "Access Denied") {
		t.Fatalf("error %q does not say why", b.err)
	}
}

func TestLeaderChange(t *testing.T) {
	backing := newBacking(t)
	_, one := esdbtest.Serve(t, backing)
	_, two := esdbtest.Serve(t, backing)
	one.Follow(two)
	store := open(t, "esdb://"+one.Addr()+","+two.Addr()+"?tls=false", esdb.Options{})
	fill(t, store, "a", eventstore.NoRevision, 1)
	if one.Calls(esdbtest.Append) != 0 || two.Calls(esdbtest.Append) != 1 {
		t.Fatal("the leader was not found by gossip")
	}
	batches := follow(t, store, 0, 100)
	var got []eventstore.Recorded
	next(t, batches, &got, caughtUp)

	one.Follow(nil)
	two.Follow(one)
	batch := events(1)
	_, err := store.Append(t.Context(), "a", eventstore.At(0), batch)
	wantError(t, err, eventstore.ErrUnavailable)
	done, err := store.Append(t.Context(), "a", eventstore.At(0), batch)
	if err != nil || done.Repeated || one.Calls(esdbtest.Append) != 1 {
		t.Fatalf("the new leader is not asked: %+v, %v", done, err)
	}

	// The old leader dies, and with it the subscription it served.
	two.Refuse()
	fill(t, store, "a", 1, 1)
	next(t, batches, &got, func(eventstore.Batch) bool { return len(got) == 3 })
	wantSame(t, got, readAll(t, store, 0))
}

// Who knows one node only follows it to the leader it names.
func TestLeaderIsNamed(t *testing.T) {
	backing := newBacking(t)
	address, one := esdbtest.Serve(t, backing)
	_, two := esdbtest.Serve(t, backing)
	store := open(t, address+quick, esdb.Options{})
	fill(t, store, "a", eventstore.NoRevision, 1)
	batches := follow(t, store, 0, 100)
	var got []eventstore.Recorded
	next(t, batches, &got, caughtUp)

	one.Follow(two)
	_, err := store.Append(t.Context(), "a", eventstore.At(0), events(1))
	wantError(t, err, eventstore.ErrUnavailable)
	fill(t, store, "a", 0, 1)
	if n := two.Calls(esdbtest.Append); n != 1 {
		t.Fatalf("the leader got %d appends, want 1", n)
	}
	next(t, batches, &got, func(eventstore.Batch) bool { return len(got) == 2 })
	wantSame(t, got, readAll(t, store, 0))

	// And back to the one it knows when the leader dies.
	one.Follow(nil)
	two.Refuse()
	for {
		_, err := store.Append(t.Context(), "a", eventstore.At(1), events(1))
		if err == nil {
			break
		}
		wantError(t, err, eventstore.ErrUnavailable)
	}
	next(t, batches, &got, func(eventstore.Batch) bool { return len(got) == 3 })
}

func TestSystemEventsAreNotSeen(t *testing.T) {
	store, ctl, _ := serve(t)
	ctl.AddSystemEvents(3)
	if head, err := store.Head(t.Context()); err != nil || head != 0 {
		t.Fatalf("head of a log of system events is %d (%v), want 0", head, err)
	}
	fill(t, store, "a", eventstore.NoRevision, 2)
	ctl.AddSystemEvents(5)
	last := fill(t, store, "a", 1, 2)
	ctl.AddSystemEvents(700)
	if head, err := store.Head(t.Context()); err != nil || head != last.Position {
		t.Fatalf("head is %d (%v), want %d", head, err, last.Position)
	}
	all := readAll(t, store, 0)
	if len(all) != 4 {
		t.Fatalf("the log has %d events, want 4", len(all))
	}

	batches := follow(t, store, 0, 100)
	var got []eventstore.Recorded
	// Checkpoints move the position over what is not delivered.
	b := next(t, batches, &got, func(b eventstore.Batch) bool { return b.CaughtUp && b.Position > last.Position })
	wantSame(t, got, all)
	resumed := follow(t, store, b.Position, 100)
	var later []eventstore.Recorded
	next(t, resumed, &later, caughtUp)
	fill(t, store, "a", 3, 1)
	next(t, batches, &got, func(eventstore.Batch) bool { return len(got) == 5 })
	next(t, resumed, &later, func(eventstore.Batch) bool { return len(later) == 1 })
	if rest := readAll(t, store, b.Position); len(rest) != 1 || rest[0].ID != later[0].ID {
		t.Fatalf("after a checkpoint the log has %d events, want 1", len(rest))
	}
}

// Live checkpoints come while the log stays as it is.
func TestCheckpointsWhileLive(t *testing.T) {
	store, ctl, _ := serve(t)
	at := fill(t, store, "a", eventstore.NoRevision, 1).Position
	batches := follow(t, store, 0, 100)
	var got []eventstore.Recorded
	next(t, batches, &got, caughtUp)
	for range 2 {
		ctl.AddSystemEvents(300)
		b := next(t, batches, &got, func(b eventstore.Batch) bool { return b.Position > at })
		if !b.CaughtUp || len(got) != 1 {
			t.Fatalf("checkpoint delivered as %+v", b)
		}
		at = b.Position
	}
}

// A subscriber that fell behind is not caught up until the server says so.
func TestSubscriptionFallsBehind(t *testing.T) {
	store, ctl, _ := serve(t)
	fill(t, store, "a", eventstore.NoRevision, 1)
	batches := follow(t, store, 0, 100)
	var got []eventstore.Recorded
	next(t, batches, &got, caughtUp)
	ctl.FallBehind()
	ctl.AddSystemEvents(300) // its checkpoint shows that the message before has arrived
	b := next(t, batches, &got, func(b eventstore.Batch) bool { return true })
	if b.CaughtUp {
		t.Fatal("caught up although it fell behind")
	}
	ctl.CatchUp()
	next(t, batches, &got, caughtUp)
}

// Servers before 23.10 do not tell that a subscription has caught up.
func TestCaughtUpWithOldServer(t *testing.T) {
	store, _, _ := serve(t, esdbtest.Version("22.10.2"))
	batches := follow(t, store, 0, 3)
	var got []eventstore.Recorded
	next(t, batches, &got, caughtUp)
	for round := range eventstore.Revision(3) {
		// What is delivered before the append has returned may have been the end
		// as far as the store knew.
		last := fill(t, store, "a", 10*round-1, 10).Position
		next(t, batches, &got, func(b eventstore.Batch) bool { return b.CaughtUp && b.Position >= last })
		if want := 10 * (int(round) + 1); len(got) != want {
			t.Fatalf("caught up after %d events, want %d", len(got), want)
		}
	}
	again := follow(t, store, got[14].Position, 100)
	got = nil
	next(t, again, &got, caughtUp)
	if len(got) != 15 {
		t.Fatalf("caught up after %d events, want 15", len(got))
	}
}

// A slow consumer holds up the line, not the store's memory, and loses nothing.
func TestSlowConsumer(t *testing.T) {
	store, _, backing := serve(t)
	last := eventstore.NoRevision
	for range 10 {
		last = fill(t, backing, "a", last, 500).Revision
	}
	batches := follow(t, store, 0, 10)
	var got []eventstore.Recorded
	next(t, batches, &got, func(eventstore.Batch) bool { return true })
	last = fill(t, store, "a", last, 500).Revision // while nobody takes batches
	next(t, batches, &got, func(b eventstore.Batch) bool { return len(got) == int(last)+1 })
	wantSame(t, got, readAll(t, store, 0))
}

// Breaking off, cancelling and closing leave nothing running.
func TestNothingIsLeftRunning(t *testing.T) {
	address, ctl := esdbtest.Serve(t, newBacking(t))
	warm := open(t, address, esdb.Options{})
	fill(t, warm, "a", eventstore.NoRevision, 2000)
	if err := warm.Close(); err != nil {
		t.Fatal(err)
	}
	settled := func() int { // how many goroutines there are when no more end
		n := runtime.NumGoroutine()
		for calm := 0; calm < 20; calm++ {
			time.Sleep(2 * time.Millisecond)
			if now := runtime.NumGoroutine(); now < n {
				n, calm = now, 0
			}
		}
		return n
	}
	before := settled()

	store := open(t, address, esdb.Options{})
	for range 20 {
		for range store.ReadStream(t.Context(), "a", 0, eventstore.Forwards) {
			break
		}
		for range store.ReadAll(t.Context(), 0) {
			break
		}
		for range store.Subscribe(t.Context(), 0, 1) {
			break
		}
		ctx, cancel := context.WithCancel(t.Context())
		for b := range store.Subscribe(ctx, 0, 100) {
			if b.CaughtUp {
				cancel()
			}
		}
		cancel()
		for ctl.Underway(esdbtest.Read) > 0 { // the server must hear of it, too
			time.Sleep(time.Millisecond)
		}
		ctl.DropConnections()
		for {
			if _, err := store.Head(t.Context()); err == nil {
				break
			}
		}
	}
	_ = store.Close()
	deadline := time.Now().Add(time.Minute)
	for settled() > before {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before:\n%s", settled(), before, stacks[:runtime.Stack(stacks, true)])
		}
	}
}

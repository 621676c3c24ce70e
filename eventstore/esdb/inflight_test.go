package esdb_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/esdb/esdbtest"
)

// inFlight keeps every append in flight until the gate is closed.
func inFlight(gate <-chan struct{}) esdbtest.Option {
	return esdbtest.WithPace(esdbtest.Pace{
		Abort: 10 * time.Millisecond, Commit: func(int) time.Duration { <-gate; return 0 },
	})
}

// await waits until something holds.
func await(holds func() bool) {
	for !holds() {
		time.Sleep(time.Millisecond)
	}
}

// The server leaves all but the first of the same appends at once without an
// answer. Whoever sent them, from one process or from several, is told at last,
// and one of them that it wrote the events.
func TestTheSameAppendSixteenTimesAtOnce(t *testing.T) {
	for _, expected := range []eventstore.Expected{eventstore.At(0), eventstore.Exists()} {
		t.Run(expected.String(), func(t *testing.T) {
			backing := newBacking(t)
			gate := make(chan struct{})
			address, ctl := esdbtest.Serve(t, backing, inFlight(gate))
			stores := make([]*esdb.Store, 4)
			for i := range stores {
				stores[i] = open(t, address, esdb.Options{})
			}
			fill(t, backing, "a", eventstore.NoRevision, 1)
			batch := events(3)
			answers := make([]eventstore.Appended, 16)
			var g errgroup.Group
			for i := range answers {
				g.Go(func() (err error) {
					answers[i], err = stores[i%len(stores)].Append(t.Context(), "a", expected, batch)
					return err
				})
			}
			// One is in flight, and those of the others are given up and sent again.
			await(func() bool { return ctl.Calls(esdbtest.Append) > len(stores) })
			close(gate)
			if err := g.Wait(); err != nil {
				t.Fatal(err)
			}
			fresh, want := 0, readStream(t, backing, "a")[3]
			for _, a := range answers {
				if !a.Repeated {
					fresh++
				}
				if a.Revision != 3 || a.Position != want.Position<<10 {
					t.Errorf("one is answered %+v", a)
				}
			}
			if fresh != 1 {
				t.Errorf("%d are told that they wrote the events, want one", fresh)
			}
			if n := len(readStream(t, backing, "a")); n != 4 {
				t.Errorf("the stream holds %d events, want 4", n)
			}
		})
	}
}

// An append that lost its followers, or whose answer hangs, is the caller's own
// when it is found to be written: not a repeat.
func TestAnAnswerLostWithinOneAppendIsNotARepeat(t *testing.T) {
	for _, after := range []bool{false, true} {
		for _, expected := range []eventstore.Expected{eventstore.At(0), eventstore.Exists()} {
			t.Run(fmt.Sprintf("written %v, expecting %v", after, expected), func(t *testing.T) {
				store, ctl, _ := serve(t)
				fill(t, store, "a", eventstore.NoRevision, 1)
				batch := events(2)
				ctl.Fail(2, esdbtest.CallFailure{
					Method: esdbtest.Append, Kind: esdbtest.Abort, After: after, Messages: 1 + len(batch),
				})
				done, err := store.Append(t.Context(), "a", expected, batch)
				if err != nil || done.Repeated || done.Revision != 2 {
					t.Fatalf("answered %+v, %v", done, err)
				}
				again, err := store.Append(t.Context(), "a", expected, batch)
				if want := (eventstore.Appended{
					Revision: 2, Position: done.Position, Repeated: true,
				}); err != nil || again != want {
					t.Errorf("the repeat is answered %+v, %v", again, err)
				}
				if n := len(readStream(t, store, "a")); n != 3 {
					t.Errorf("the stream holds %d events, want 3", n)
				}
			})
		}
	}
}

// What another append in flight has passed is told before a read shows it.
func TestAConflictWithWhatNoReadShowsYet(t *testing.T) {
	backing := newBacking(t)
	gate := make(chan struct{})
	address, ctl := esdbtest.Serve(t, backing, inFlight(gate))
	store := open(t, address, esdb.Options{})
	fill(t, backing, "a", eventstore.NoRevision, 3)
	var g errgroup.Group
	g.Go(func() error {
		_, err := store.Append(t.Context(), "a", eventstore.At(2), events(2))
		return err
	})
	await(func() bool { return ctl.Flights() > 0 })
	_, err := store.Append(t.Context(), "a", eventstore.At(2), events(1))
	var wrong *eventstore.WrongRevisionError
	if !errors.As(err, &wrong) || wrong.Actual != 4 || errors.Is(err, eventstore.ErrUnavailable) {
		t.Errorf("the conflict is told as %v", err)
	}
	if n := len(readStream(t, store, "a")); n != 3 {
		t.Errorf("a read shows %d events already", n)
	}
	close(gate)
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
}

// The server would write one new and one old event, the old one a second time.
func TestOneNewAndOneOldUnderExistsIsNotSent(t *testing.T) {
	store, ctl, _ := serve(t)
	fill(t, store, "a", eventstore.NoRevision, 1)
	batch := events(3)
	if _, err := store.Append(t.Context(), "a", eventstore.Exists(), batch[1:]); err != nil {
		t.Fatal(err)
	}
	sent := ctl.Calls(esdbtest.Append)
	for name, mixed := range map[string][]eventstore.Proposed{
		"one new, then the old": batch,
		"the old, then one new": append(append([]eventstore.Proposed(nil), batch[1:]...), batch[0]),
		"another order":         {batch[2], batch[1]},
	} {
		_, err := store.Append(t.Context(), "a", eventstore.Exists(), mixed)
		if !errors.Is(err, eventstore.ErrInvalidAppend) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if ctl.Calls(esdbtest.Append) != sent {
		t.Error("it was sent")
	}
	if n := len(readStream(t, store, "a")); n != 3 {
		t.Errorf("the stream holds %d events, want 3", n)
	}
}

// Without a leader everything is refused at once, and taken again when one is
// elected; what was in flight when the followers died is told truly.
func TestNoLeaderAndNoQuorum(t *testing.T) {
	for _, kept := range []bool{false, true} {
		t.Run(fmt.Sprint("kept ", kept), func(t *testing.T) {
			backing := newBacking(t)
			gate := make(chan struct{})
			address, ctl := esdbtest.Serve(t, backing, inFlight(gate))
			store := open(t, address+quick, esdb.Options{})
			batch := events(2)
			var g errgroup.Group
			g.Go(func() error {
				for {
					done, err := store.Append(t.Context(), "a", eventstore.NoStream(), batch)
					switch {
					case err == nil && done.Revision != 1:
						return fmt.Errorf("answered %+v", done)
					case err == nil || !errors.Is(err, eventstore.ErrUnavailable):
						return err
					}
				}
			})
			await(func() bool { return ctl.Flights() > 0 })
			ctl.LoseQuorum()
			close(gate)
			_, err := store.Append(t.Context(), "b", eventstore.NoStream(), events(1))
			wantError(t, err, eventstore.ErrUnavailable)
			ctl.Elect(kept)
			if err := g.Wait(); err != nil {
				t.Error(err)
			}
			if n := len(readStream(t, backing, "a")); n != 2 {
				t.Errorf("the stream holds %d events, want 2", n)
			}
		})
	}
}

package esdb_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/esdb/esdbtest"
)

// An append whose answer is lost is sent again with the same IDs: the log must
// hold the events once, and the answer must be true about who wrote them.
func TestAppendWithUnknownOutcome(t *testing.T) {
	cases := []struct {
		name     string
		fault    esdbtest.CallFailure
		repeated bool
	}{
		{"timed out after it was written", esdbtest.CallFailure{Kind: esdbtest.Timeout, After: true}, true},
		{"timed out before it was written", esdbtest.CallFailure{Kind: esdbtest.Timeout}, false},
		{"cut off after it was written", esdbtest.CallFailure{Kind: esdbtest.Drop, After: true}, true},
		{"cut off before it was written", esdbtest.CallFailure{Kind: esdbtest.Drop}, false},
		{"no answer after it was written", esdbtest.CallFailure{Kind: esdbtest.Hang, After: true}, true},
		{"no answer before it was written", esdbtest.CallFailure{Kind: esdbtest.Hang}, false},
		{"an empty answer after it was written", esdbtest.CallFailure{Kind: esdbtest.Empty, After: true}, true},
		{"an empty answer before it was written", esdbtest.CallFailure{Kind: esdbtest.Empty}, false},
	}
	for _, c := range cases {
		for _, expected := range []eventstore.Expected{eventstore.At(1), eventstore.Exists()} {
			t.Run(fmt.Sprintf("%s, expecting %v", c.name, expected), func(t *testing.T) {
				backing := newBacking(t)
				address, ctl := esdbtest.Serve(t, backing)
				store := open(t, address, esdb.Options{})
				fill(t, store, "a", eventstore.NoRevision, 2)

				batch := events(3)
				c.fault.Method, c.fault.Messages = esdbtest.Append, 1+len(batch)
				ctl.Fail(1, c.fault)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if c.fault.Kind == esdbtest.Hang {
					// The caller gives up when the server has what it will ever have of it.
					go func() {
						for ctl.Underway(esdbtest.Append) == 0 || c.fault.After && held(backing, "a") < 5 {
							time.Sleep(time.Millisecond)
						}
						cancel()
					}()
				}
				_, err := store.Append(ctx, "a", expected, batch)
				wantError(t, err, eventstore.ErrUnavailable)
				if errors.Is(err, context.Canceled) != (c.fault.Kind == esdbtest.Hang) || errors.Is(err, context.DeadlineExceeded) {
					t.Fatalf("error %v does not tell whose end it was", err)
				}

				again, err := store.Append(t.Context(), "a", expected, batch)
				if err != nil {
					t.Fatal(err)
				}
				stored := readStream(t, store, "a")
				if len(stored) != 5 {
					t.Fatalf("the stream holds %d events, want 5", len(stored))
				}
				want := eventstore.Appended{Revision: 4, Position: stored[4].Position, Repeated: c.repeated}
				if again != want {
					t.Fatalf("the second try is answered %+v, want %+v", again, want)
				}
				third, err := store.Append(t.Context(), "a", expected, batch)
				want.Repeated = true
				if err != nil || third != want {
					t.Fatalf("the third try is answered %+v (%v), want %+v", third, err, want)
				}
			})
		}
	}
}

// held returns how many events a stream holds.
func held(s eventstore.Store, stream string) (n int) {
	for _, err := range s.ReadStream(context.Background(), stream, 0, eventstore.Forwards) {
		if err == nil {
			n++
		}
	}
	return n
}

// The server forgets the IDs appended under Exists; the store must not send
// them blindly again.
func TestAppendExistsIsSearchedBeforeItIsSentAgain(t *testing.T) {
	store, ctl, _ := serve(t)
	fill(t, store, "a", eventstore.NoRevision, 1)
	batch := events(2)
	ctl.Fail(1, esdbtest.CallFailure{Method: esdbtest.Append, Kind: esdbtest.Timeout, After: true})
	_, err := store.Append(t.Context(), "a", eventstore.Exists(), batch)
	wantError(t, err, eventstore.ErrUnavailable)
	fill(t, store, "a", 2, 5)
	before := ctl.Calls(esdbtest.Append)
	done, err := store.Append(t.Context(), "a", eventstore.Exists(), batch)
	if err != nil || !done.Repeated || done.Revision != 2 {
		t.Fatalf("repeat is answered %+v (%v)", done, err)
	}
	if ctl.Calls(esdbtest.Append) != before {
		t.Fatal("the events were sent again")
	}
}

// A new append costs one call.
func TestAppendIsOneCall(t *testing.T) {
	store, ctl, _ := serve(t)
	reads := ctl.Calls(esdbtest.Read)
	fill(t, store, "a", eventstore.NoRevision, 3)
	fill(t, store, "a", 2, 3)
	if n := ctl.Calls(esdbtest.Append); n != 2 {
		t.Fatalf("%d append calls, want 2", n)
	}
	if n := ctl.Calls(esdbtest.Read); n != reads {
		t.Fatalf("%d reads besides", n-reads)
	}
}

// What another process wrote before this one opened the store is recognised.
func TestRepeatAcrossProcesses(t *testing.T) {
	for _, version := range []string{"24.10.0", "20.6.1"} {
		t.Run(version, func(t *testing.T) {
			address, _ := esdbtest.Serve(t, newBacking(t), esdbtest.Version(version))
			batch := events(2)
			one := open(t, address, esdb.Options{})
			first, err := one.Append(t.Context(), "a", eventstore.NoStream(), batch)
			if err != nil {
				t.Fatal(err)
			}
			two := open(t, address, esdb.Options{})
			first.Repeated = true
			if again, err := two.Append(t.Context(), "a", eventstore.NoStream(), batch); err != nil || again != first {
				t.Fatalf("repeat is answered %+v (%v), want %+v", again, err, first)
			}
		})
	}
}

func TestAppendTooLargeForTheServer(t *testing.T) {
	store, _, _ := serve(t, esdbtest.MaxAppendSize(4000))
	batch := events(20)
	for i := range batch {
		batch[i].Data = fmt.Appendf(nil, `"%s"`, bytes.Repeat([]byte("x"), 500))
	}
	_, err := store.Append(t.Context(), "a", eventstore.NoStream(), batch)
	wantError(t, err, eventstore.ErrInvalidAppend)
	fill(t, store, "a", eventstore.NoRevision, 1)
}

// heavy is an append that does not go out at once: the server may answer before
// it has all of it.
func heavy() []eventstore.Proposed {
	batch := events(40)
	for i := range batch {
		batch[i].Data = fmt.Appendf(nil, `"%s"`, bytes.Repeat([]byte("x"), 20_000))
	}
	return batch
}

// The reason must reach the caller even if the server gives it before the
// whole append was sent.
func TestAppendRefusedWhileItIsSent(t *testing.T) {
	for kind, reason := range map[esdbtest.Kind]string{
		esdbtest.NotLeader: "not the leader", esdbtest.Unavailable: "Server Is Not Ready", esdbtest.Denied: "Access Denied",
	} {
		t.Run(reason, func(t *testing.T) {
			store, ctl, _ := serve(t)
			batch := heavy()
			ctl.Fail(1000, esdbtest.CallFailure{Method: esdbtest.Append, Kind: kind, Leader: ctl.Addr()})
			_, err := store.Append(t.Context(), "a", eventstore.NoStream(), batch)
			wantError(t, err, eventstore.ErrUnavailable)
			if !strings.Contains(err.Error(), reason) {
				t.Fatalf("error %q lost its reason %q", err, reason)
			}
			ctl.Forgive()
			done, err := store.Append(t.Context(), "a", eventstore.NoStream(), batch)
			if err != nil || done.Repeated {
				t.Fatalf("the next try is answered %+v (%v)", done, err)
			}
			if n := len(readStream(t, store, "a")); n != len(batch) {
				t.Fatalf("the stream holds %d events, want %d", n, len(batch))
			}
		})
	}
}

// A reason that is gone when it is asked for is no reason to fail.
func TestAppendRefusedForAMoment(t *testing.T) {
	store, ctl, _ := serve(t)
	batch := heavy()
	ctl.Fail(1, esdbtest.CallFailure{Method: esdbtest.Append, Kind: esdbtest.Denied})
	done, err := store.Append(t.Context(), "a", eventstore.NoStream(), batch)
	if err != nil || done.Repeated {
		t.Fatalf("the append is answered %+v (%v)", done, err)
	}
	if n := len(readStream(t, store, "a")); n != len(batch) {
		t.Fatalf("the stream holds %d events, want %d", n, len(batch))
	}
}

// An answer that says nothing, to the question for the reason, is none: the log
// is not damaged.
func TestAnEmptyAnswerIsNoReason(t *testing.T) {
	store, ctl, _ := serve(t)
	ctl.Fail(3, esdbtest.CallFailure{Method: esdbtest.Append, Kind: esdbtest.Empty, Messages: 2})
	if err := store.Probe(t.Context()); err != nil {
		t.Errorf("a probe is answered %v", err)
	}
	ctl.Fail(1000, esdbtest.CallFailure{Method: esdbtest.Append, Kind: esdbtest.Empty, Messages: 2})
	if err := store.Probe(t.Context()); !errors.Is(err, eventstore.ErrUnavailable) {
		t.Errorf("a probe that nobody answers gives %v", err)
	}
}

// A line that breaks before all was sent leaves nothing unknown.
func TestAppendCutOffWhileItIsSent(t *testing.T) {
	store, ctl, _ := serve(t)
	batch := heavy()
	ctl.Fail(1, esdbtest.CallFailure{Method: esdbtest.Append, Kind: esdbtest.Drop, Messages: 2})
	for {
		done, err := store.Append(t.Context(), "a", eventstore.NoStream(), batch)
		if err == nil {
			if done.Repeated || done.Revision != eventstore.Revision(len(batch)-1) {
				t.Fatalf("the append is answered %+v", done)
			}
			break
		}
		wantError(t, err, eventstore.ErrUnavailable)
	}
	if n := len(readStream(t, store, "a")); n != len(batch) {
		t.Fatalf("the stream holds %d events, want %d", n, len(batch))
	}
}

// The server's limit may be lower than the port's.
func TestAppendTooLargeWhileItIsSent(t *testing.T) {
	store, _, _ := serve(t, esdbtest.MaxAppendSize(50_000))
	_, err := store.Append(t.Context(), "a", eventstore.NoStream(), heavy())
	wantError(t, err, eventstore.ErrInvalidAppend)
	fill(t, store, "a", eventstore.NoRevision, 1)
}

// A conflict tells what the stream is at, whoever is asked.
func TestConflictTellsTheRevision(t *testing.T) {
	for _, version := range []string{"24.10.0", "20.6.1"} {
		t.Run(version, func(t *testing.T) {
			store, _, _ := serve(t, esdbtest.Version(version))
			fill(t, store, "a", eventstore.NoRevision, 8)
			for stream, want := range map[string]eventstore.Revision{"a": 7, "b": eventstore.NoRevision} {
				_, err := store.Append(t.Context(), stream, eventstore.At(3), events(1))
				var wrong *eventstore.WrongRevisionError
				if !errors.As(err, &wrong) || wrong.Actual != want || wrong.Expected != eventstore.At(3) {
					t.Errorf("the conflict on %q is told as %v, want revision %d", stream, err, want)
				}
			}
			_, err := store.Append(t.Context(), "b", eventstore.Exists(), events(1))
			wantError(t, err, eventstore.ErrWrongRevision)
		})
	}
}

// The caller's deadline is told as such, and as an unknown outcome.
func TestAppendHonoursItsContext(t *testing.T) {
	store, ctl, _ := serve(t)
	ctl.Fail(1, esdbtest.CallFailure{Method: esdbtest.Append, Kind: esdbtest.Hang})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := store.Append(ctx, "a", eventstore.NoStream(), events(1))
	wantError(t, err, eventstore.ErrUnavailable, context.DeadlineExceeded)

	// Also while no server can be found, however long that is tried.
	backing := newBacking(t)
	address, other := esdbtest.Serve(t, backing)
	lost := open(t, address+"&maxDiscoverAttempts=1000000", esdb.Options{})
	other.Refuse()
	for { // until the store has noticed and searches
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		_, err = lost.Append(ctx, "a", eventstore.NoStream(), events(1))
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			break
		}
		wantError(t, err, eventstore.ErrUnavailable)
	}
}

// An import may be sent again long after, with times that have since passed.
func TestRepeatWithGivenTimes(t *testing.T) {
	store, _, _ := serve(t)
	old := events(3)
	begin := time.Now().Add(time.Second)
	for i := range old {
		old[i].RecordedAt = begin.Add(time.Duration(i) * time.Second)
	}
	first, err := store.Append(t.Context(), "a", eventstore.NoStream(), old)
	if err != nil {
		t.Fatal(err)
	}
	late := events(1)
	late[0].RecordedAt = begin.Add(time.Minute)
	if _, err := store.Append(t.Context(), "b", eventstore.NoStream(), late); err != nil {
		t.Fatal(err)
	}
	first.Repeated = true
	if again, err := store.Append(t.Context(), "a", eventstore.NoStream(), old); err != nil || again != first {
		t.Fatalf("repeat is answered %+v (%v), want %+v", again, err, first)
	}
	fresh := events(1)
	fresh[0].RecordedAt = begin
	_, err = store.Append(t.Context(), "a", eventstore.At(2), fresh)
	wantError(t, err, eventstore.ErrInvalidAppend)
}

// However the server orders appends that are under way at once, time must not
// run backwards along the log.
func TestTimeAlongTheLogOfConcurrentAppends(t *testing.T) {
	address, _ := esdbtest.Serve(t, newBacking(t))
	var ticks atomic.Int64
	clock := func() time.Time { return time.UnixMilli(1_700_000_000_000 + ticks.Add(3)) }
	store := open(t, address, esdb.Options{Clock: clock})
	g, ctx := errgroup.WithContext(t.Context())
	for w := range 8 {
		g.Go(func() error {
			for i := range eventstore.Revision(40) {
				if _, err := store.Append(ctx, fmt.Sprint(w), eventstore.At(i-1), events(1)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	var last time.Time
	distinct := 0
	for _, e := range readAll(t, store, 0) {
		if e.RecordedAt.Before(last) {
			t.Fatalf("%v follows %v", e.RecordedAt, last)
		}
		if e.RecordedAt.After(last) {
			distinct++
		}
		last = e.RecordedAt
	}
	if distinct < 10 {
		t.Fatalf("320 events have %d times; the clock stood still", distinct)
	}
}

// An append that hangs holds nobody up for long, and when it comes through at
// last, time has not run ahead of it.
func TestTimeStandsStillBehindAnAppendThatHangs(t *testing.T) {
	address, ctl := esdbtest.Serve(t, newBacking(t))
	var ticks atomic.Int64
	store := open(t, address, esdb.Options{Clock: func() time.Time { return time.Unix(1_700_000_000+ticks.Add(1), 0) }})
	release := make(chan struct{})
	ctl.Fail(1, esdbtest.CallFailure{Method: esdbtest.Append, Kind: esdbtest.Hold, Until: release})
	var g errgroup.Group
	g.Go(func() error {
		_, err := store.Append(t.Context(), "held", eventstore.NoStream(), events(1))
		return err
	})
	for ctl.Underway(esdbtest.Append) == 0 {
		time.Sleep(time.Millisecond)
	}
	for i := range eventstore.Revision(10) {
		fill(t, store, "a", i-1, 1)
	}
	close(release)
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	fill(t, store, "b", eventstore.NoRevision, 1)
	log := readAll(t, store, 0)
	for i, e := range log[1:] {
		if e.RecordedAt.Before(log[i].RecordedAt) {
			t.Errorf("%s at %v follows %s at %v", e.Stream, e.RecordedAt, log[i].Stream, log[i].RecordedAt)
		}
	}
	if last := log[len(log)-1]; len(log) != 12 || last.Stream != "b" || !last.RecordedAt.After(log[0].RecordedAt) {
		t.Errorf("%d events, the last of them of %s at %v: time does not go on", len(log), last.Stream, last.RecordedAt)
	}
}

// A process whose clock is late continues the time of the streams it reads.
func TestTimeFollowsOtherProcesses(t *testing.T) {
	address, _ := esdbtest.Serve(t, newBacking(t))
	ahead := open(t, address, esdb.Options{Clock: func() time.Time { return time.Now().Add(time.Hour) }})
	late := open(t, address, esdb.Options{})
	fill(t, ahead, "a", eventstore.NoRevision, 1)
	before := readStream(t, late, "a")
	fill(t, late, "a", 0, 1)
	after := readStream(t, ahead, "a")
	if after[1].RecordedAt.Before(before[0].RecordedAt) {
		t.Fatalf("%v follows %v", after[1].RecordedAt, before[0].RecordedAt)
	}
}

func TestCloseWaitsForAppends(t *testing.T) {
	store, ctl, backing := serve(t)
	release := make(chan struct{})
	ctl.Fail(1, esdbtest.CallFailure{Method: esdbtest.Append, Kind: esdbtest.Hold, Until: release})
	var g errgroup.Group
	g.Go(func() error {
		_, err := store.Append(t.Context(), "a", eventstore.NoStream(), events(1))
		return err
	})
	for ctl.Calls(esdbtest.Append) == 0 {
		time.Sleep(time.Millisecond)
	}
	closed := make(chan struct{})
	go func() { defer close(closed); _ = store.Close() }()
	for { // until Close has begun
		_, err := store.Head(t.Context())
		if errors.Is(err, eventstore.ErrClosed) {
			break
		}
	}
	select {
	case <-closed:
		t.Fatal("Close did not wait for the append")
	default:
	}
	close(release)
	if err := g.Wait(); err != nil {
		t.Fatalf("the append under way failed: %v", err)
	}
	<-closed
	if n := len(readStream(t, backing, "a")); n != 1 {
		t.Fatalf("the stream holds %d events", n)
	}
}

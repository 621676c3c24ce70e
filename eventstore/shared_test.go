package eventstore_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/number"
	"aftersales-ledger/eventstore"
)

// readsStore counts reads of streams beside appends, and tells how many events
// they brought.
type readsStore struct {
	countingStore
	reads, read atomic.Int64
}

func (s *readsStore) ReadStream(
	ctx context.Context, stream string, from eventstore.Revision, dir eventstore.Direction,
) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		s.reads.Add(1)
		for rec, err := range s.Store.ReadStream(ctx, stream, from, dir) {
			s.read.Add(1)
			if !yield(rec, err) {
				return
			}
		}
	}
}

// costs runs something and returns the appends, the reads and the events read.
func (s *readsStore) costs(run func()) [3]int64 {
	a, r, e := s.appends.Load(), s.reads.Load(), s.read.Load()
	run()
	return [3]int64{s.appends.Load() - a, s.reads.Load() - r, s.read.Load() - e}
}

// What a command costs on a stream that is folded and that others may write to.
func TestWhatACommandCosts(t *testing.T) {
	s := &readsStore{countingStore: countingStore{Store: openStore(t, t.TempDir())}}
	x, other := executor(s, eventstore.ExecutorOptions{}), executor(s.Store, eventstore.ExecutorOptions{})
	do := func(x *eventstore.Executor, key string, n int) func() {
		return func() {
			if o, err := tallied(x, "number-x", key, n); err != nil || o.Repeated {
				t.Fatalf("%+v, %v", o, err)
			}
		}
	}
	refused := domain.Conflict("f", "v", "not-now", "must wait", "")
	refuse := func() {
		if _, err := eventstore.Execute(t.Context(), x, "number-x", command("r", nth(0)),
			func(*tally) ([]number.Event, error) { return nil, refused }); codeOf(err) != "not-now" {
			t.Fatal(err)
		}
	}
	do(x, "first", 40)()
	for _, step := range []struct {
		what string
		run  func()
		want [3]int64
	}{
		{"a command: one append and no read", do(x, "a", 3), [3]int64{1, 0, 0}},
		{"a command after it", do(x, "b", 1), [3]int64{1, 0, 0}},
		{"a refusal: a read of what is new, which is nothing", refuse, [3]int64{0, 1, 0}},
		{"a look: the same", func() {
			if err := eventstore.Inspect(t.Context(), x, "number-x", func(*tally) error { return nil }); err != nil {
				t.Fatal(err)
			}
		}, [3]int64{0, 1, 0}},
		{"a rehearsal: the same", func() {
			if _, err := eventstore.Rehearse(t.Context(), x, "number-x", command("h", nth(0)),
				func(*tally) ([]number.Event, error) { return []number.Event{claimed(1)}, nil }); err != nil {
				t.Fatal(err)
			}
		}, [3]int64{0, 1, 0}},
		{"the other writes: nothing of ours", do(other, "c", 2), [3]int64{0, 0, 0}},
		{"a command: a conflict, a read of the two that are new, an append", do(x, "d", 1), [3]int64{2, 1, 2}},
		{"a command after that", do(x, "e", 1), [3]int64{1, 0, 0}},
	} {
		if got := s.costs(step.run); got != step.want {
			t.Errorf("%s: %d appends, %d reads of %d events, want %v", step.what, got[0], got[1], got[2], step.want)
		}
	}
}

// What appends nothing is answered from a state that was read after the command
// came, whoever wrote before.
func TestWhatAppendsNothingKnowsWhatOthersWrote(t *testing.T) {
	s := openStore(t, t.TempDir())
	x, other := executor(s, eventstore.ExecutorOptions{}), executor(s, eventstore.ExecutorOptions{})
	if _, err := tallied(x, "number-x", "first", 1); err != nil {
		t.Fatal(err)
	}
	saw := 0
	look := func(s *tally) ([]number.Event, error) {
		if saw = s.n; s.n%2 == 1 {
			return nil, domain.Conflict("f", "v", "odd", "must be even", "")
		}
		return nil, nil
	}
	for i := range 20 {
		if _, err := tallied(other, "number-x", fmt.Sprint("o", i), 1); err != nil {
			t.Fatal(err)
		}
		want := i + 2
		for what, err := range map[string]error{
			"a command": func() error {
				_, err := eventstore.Execute(t.Context(), x, "number-x", command(fmt.Sprint("k", i), nth(i)), look)
				return err
			}(),
			"a rehearsal": func() error {
				_, err := eventstore.Rehearse(t.Context(), x, "number-x", command(fmt.Sprint("r", i), nth(i)), look)
				return err
			}(),
			"a look": eventstore.Inspect(t.Context(), x, "number-x", func(s *tally) error { _, err := look(s); return err }),
		} {
			if saw != want || (codeOf(err) == "odd") != (want%2 == 1) {
				t.Fatalf("%s is answered from %d events (%v), there are %d", what, saw, err, want)
			}
		}
	}
}

// The same command reaches two servers at once, as a balancer's retry does.
// Whichever is first, the other tells its outcome as a repeat, or refuses other
// content; what it goes on with is what stands in the log.
func TestOneCommandAtTwoServersAtOnce(t *testing.T) {
	for name, trace := range map[string][2]string{"equal bytes": {"c", "c"}, "other correlation IDs": {"c1", "c2"}} {
		t.Run(name, func(t *testing.T) {
			s := openStore(t, t.TempDir())
			two := [2]*eventstore.Executor{executor(s, eventstore.ExecutorOptions{}), executor(s, eventstore.ExecutorOptions{})}
			for i := range 200 {
				var outcomes [2]eventstore.Outcome
				var errs [2]error
				var group sync.WaitGroup
				for w, x := range two {
					group.Go(func() {
						c := command(fmt.Sprint("k", i), nth(i))
						c.CorrelationID = trace[w]
						if i%3 == 0 {
							c.Content = nth(i + w)
						}
						outcomes[w], errs[w] = eventstore.Execute(t.Context(), x, "number-x", c, func(s *tally) ([]number.Event, error) {
							return []number.Event{claimed(s.n)}, nil
						})
					})
				}
				group.Wait()
				if i%3 == 0 {
					if (errs[0] == nil) == (errs[1] == nil) || codeOf(errors.Join(errs[0], errs[1])) != "idempotency-key-reused" {
						t.Fatalf("with other content: %v", errs)
					}
					continue
				}
				if errs != [2]error{} || outcomes[0].Repeated == outcomes[1].Repeated {
					t.Fatalf("with equal content: %+v, %v", outcomes, errs)
				}
				outcomes[0].Repeated, outcomes[1].Repeated = true, true
				if diff := cmp.Diff(outcomes[0], outcomes[1]); diff != "" {
					t.Fatalf("the two outcomes: %s", diff)
				}
			}
			wantWhole(t, s, "number-x", 200)
		})
	}
}

// wantWhole checks that a stream holds so many events whose digests follow from
// one another.
func wantWhole(t *testing.T, s eventstore.Store, stream string, n int) {
	t.Helper()
	var events []eventstore.Recorded
	for rec, err := range s.ReadStream(t.Context(), stream, 0, eventstore.Forwards) {
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, rec)
	}
	if err := checkChain(events); err != nil || len(events) != n {
		t.Errorf("%d events, want %d: %v", len(events), n, err)
	}
}

// A store may know that an append was a repeat: its earlier sending was written,
// and its answer lost. Whose events stand there is read, not guessed.
func TestARepeatTheStoreKnowsOfIsReadBack(t *testing.T) {
	s := &countingStore{Store: openStore(t, t.TempDir())}
	s.fail = func(n int64, apply func() (eventstore.Appended, error)) (eventstore.Appended, error) {
		at, err := apply()
		at.Repeated = n%2 == 0 // it was written by an earlier sending of ours
		return at, err
	}
	x := executor(s, eventstore.ExecutorOptions{})
	for i := range 6 {
		o, err := tallied(x, "number-x", fmt.Sprint(i), 1)
		if err != nil || o.Repeated || o.Revision != eventstore.Revision(i) {
			t.Errorf("%+v, %v", o, err)
		}
		o.Repeated = true
		if again, err := tallied(x, "number-x", fmt.Sprint(i), 1); err != nil || !cmp.Equal(o, again) {
			t.Errorf("the repeat: %+v, %v; the first %+v", again, err, o)
		}
	}
	wantWhole(t, s, "number-x", 6)
}

// Commands that share an append, and no command, are told where their own events
// stand, from a store that numbers them and from one that does not say how.
func TestARepeatIsAnsweredWithTheFirstPosition(t *testing.T) {
	for name, hide := range map[string]bool{
		"consecutive positions": false, "positions of which only the last is told": true,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &countingStore{Store: openStore(t, t.TempDir())}
				var store eventstore.Store = s
				if !hide {
					store = consecutive{s}
				}
				x := eventstore.NewExecutor(store, eventstore.Trade, eventstore.ExecutorOptions{})
				do := func(key string, n int) func() (eventstore.Outcome, error) {
					return func() (eventstore.Outcome, error) { return tallied(x, "number-x", key, n) }
				}
				commands := []func() (eventstore.Outcome, error){do("a", 2), do("b", 1), do("none", 0), do("c", 3)}
				first, errs := together(t, s, x, "number-x", commands...)
				for i, again := range commands {
					o, err := again()
					if want := first[i]; i != 2 {
						want.Repeated = true
						if diff := cmp.Diff(want, o); diff != "" || err != nil || errs[i] != nil {
							t.Errorf("command %d (-first +repeat): %s %v %v", i, diff, err, errs[i])
						}
					}
				}
				if first[0].Position != 3 || first[1].Position != 4 || first[3].Position != 7 {
					t.Errorf("positions: %+v", first)
				}
			})
		})
	}
}

type consecutive struct{ *countingStore }

func (consecutive) Consecutive() {}

// Two servers under equal load on one stream take turns: neither waits for ever,
// and together they do nearly what one of them does with all of it, whether the
// log tells them of one another or has to be read.
func TestTwoServersTakeTurns(t *testing.T) {
	for name, c := range map[string]struct {
		follow bool
		least  float64
	}{"told of one another": {true, 0.7}, "reading": {false, 0.6}} {
		t.Run(name, func(t *testing.T) {
			one := carriedOutBy(t, 1, c.follow)
			two := carriedOutBy(t, 2, c.follow)
			if a, b := two[0], two[1]; a > 2*b || b > 2*a || float64(a+b) < c.least*float64(one[0]) {
				t.Errorf("one of two has carried out %d, the other %d; one alone %d", a, b, one[0])
			}
		})
	}
}

// carriedOutBy returns how many commands each of so many servers carries out in
// a fifth of a second for its share of 32 clients.
func carriedOutBy(t *testing.T, servers int, follow bool) []int64 {
	counts := make([]int64, servers)
	synctest.Test(t, func(t *testing.T) {
		s := &slowStore{Store: openStore(t, t.TempDir())}
		var store eventstore.Store = s
		if follow {
			store = toldStore{s}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		var group sync.WaitGroup
		for w := range servers {
			x := executor(store, eventstore.ExecutorOptions{})
			for c := range 32 / servers {
				group.Go(func() {
					for i := 0; ctx.Err() == nil; i++ {
						if _, err := tallied(x, "number-x", fmt.Sprint(w, c, i), 1); err != nil {
							t.Error(err)
						}
						atomic.AddInt64(&counts[w], 1)
					}
				})
			}
		}
		group.Wait()
		all := int64(0)
		for _, n := range counts {
			all += n
		}
		wantWhole(t, s, "number-x", int(all))
		time.Sleep(time.Minute) // what follows the stream ends when nobody wants it
	})
	return counts
}

// toldStore tells what is written, a little after it was.
type toldStore struct{ *slowStore }

func (s toldStore) Follow(
	ctx context.Context, stream string, after eventstore.Revision,
) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		time.Sleep(500 * time.Microsecond)
		for ctx.Err() == nil {
			for rec, err := range s.Store.ReadStream(ctx, stream, after+1, eventstore.Forwards) {
				if err != nil || !yield(rec, nil) {
					return
				}
				after = rec.Revision
			}
			time.Sleep(200 * time.Microsecond)
		}
	}
}

// slowStore takes its time, in which a conflict is told before a read shows why.
type slowStore struct {
	eventstore.Store
	mu      sync.Mutex
	accepts eventstore.Revision // plus one
}

func (s *slowStore) Append(
	ctx context.Context, stream string, expected eventstore.Expected, events []eventstore.Proposed,
) (eventstore.Appended, error) {
	time.Sleep(300 * time.Microsecond)
	base, _ := expected.Exact()
	s.mu.Lock()
	if base+1 != s.accepts {
		defer s.mu.Unlock()
		return eventstore.Appended{}, &eventstore.WrongRevisionError{
			Stream: stream, Expected: expected, Actual: s.accepts - 1,
		}
	}
	s.accepts += eventstore.Revision(len(events))
	s.mu.Unlock()
	time.Sleep(1100 * time.Microsecond)
	return s.Store.Append(ctx, stream, expected, events)
}

func (s *slowStore) ReadStream(
	ctx context.Context, stream string, from eventstore.Revision, dir eventstore.Direction,
) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		time.Sleep(500 * time.Microsecond)
		for rec, err := range s.Store.ReadStream(ctx, stream, from, dir) {
			if !yield(rec, err) {
				return
			}
		}
	}
}

package storetest

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"aftersales-ledger/eventstore"
)

var subscribeCases = []testCase{
	{"a subscription delivers what is there and then what comes", subscribeFromStart},
	{"a subscription resumes after a position", subscribeFromMiddle},
	{"a subscription from the end delivers only what comes", subscribeFromEnd},
	{"a subscription says whenever it has caught up", subscribeCaughtUp},
	{"a batch is never larger than the limit", subscribeLimit},
	{"nothing is lost or repeated where history meets the present", subscribeSeam},
	{"two subscribers each get everything", subscribeTwo},
	{"a subscription that is broken off leaves the store usable", subscribeBreak},
	{"a cancelled subscription ends with the context's error", subscribeCancel},
	{"a subscription cancelled under load ends with the context's error", subscribeCancelLoad},
}

// follow subscribes after a position until done says so, checking what every
// batch must keep, and returns the case's own events. done is asked after each
// batch, with the events so far. resumed holds the revisions before after.
func (f *fixture) follow(
	ctx context.Context, after eventstore.Position, limit int, resumed map[string]eventstore.Revision,
	done func(own []eventstore.Recorded, b eventstore.Batch) bool,
) ([]eventstore.Recorded, error) {
	order := newOrder(f, after)
	for stream, last := range resumed {
		order.resumed(stream, last)
	}
	var own []eventstore.Recorded
	position := after
	for b, err := range f.store.Subscribe(ctx, after, limit) {
		if err != nil {
			return own, fmt.Errorf("subscription after %d: %w", after, err)
		}
		if len(b.Events) > limit {
			return own, fmt.Errorf("a batch of %d events exceeds the limit %d", len(b.Events), limit)
		}
		for _, e := range b.Events {
			if err := order.check(e); err != nil {
				return own, err
			}
			if f.own(e) {
				own = append(own, e)
			}
		}
		if b.Position < position || b.Position < order.last {
			return own, fmt.Errorf("batch position %d lies before %d, which was delivered", b.Position,
				max(position, order.last))
		}
		position = b.Position
		if done(own, b) {
			return own, nil
		}
	}
	return own, errors.New("the subscription ended without an error")
}

// count is done once n events were delivered.
func count(n int) func([]eventstore.Recorded, eventstore.Batch) bool {
	return func(own []eventstore.Recorded, _ eventstore.Batch) bool { return len(own) >= n }
}

// wantDelivered checks that exactly the events of the log were delivered.
func (f *fixture) wantDelivered(got, want []eventstore.Recorded) {
	f.Helper()
	if len(got) != len(want) {
		f.Fatalf("%d events were delivered, want %d", len(got), len(want))
	}
	for i := range got {
		if got[i].ID != want[i].ID || got[i].Position != want[i].Position || got[i].Revision != want[i].Revision {
			f.Fatalf("delivery %d is %v at %d, want %v at %d", i, got[i].ID, got[i].Position, want[i].ID, want[i].Position)
		}
		if !sameJSON(got[i].Data, want[i].Data) || !got[i].RecordedAt.Equal(want[i].RecordedAt) {
			f.Fatalf("delivery %d has another content than the log", i)
		}
	}
}

func subscribeFromStart(f *fixture) {
	f.mustFill(f.stream("a"), 700)
	written := false
	got, err := f.follow(f.ctx, f.start, 100, nil, func(own []eventstore.Recorded, b eventstore.Batch) bool {
		if b.CaughtUp && !written {
			written = true
			f.mustFill(f.stream("b"), 300)
		}
		return len(own) >= 1000
	})
	if err != nil {
		f.Fatal(err)
	}
	f.wantDelivered(got, f.readOwn())
}

func subscribeFromMiddle(f *fixture) {
	f.mustFill(f.stream("a"), 300)
	own := f.readOwn()
	for _, i := range []int{0, 150, 298} {
		resumed := map[string]eventstore.Revision{f.stream("a"): own[i].Revision}
		got, err := f.follow(f.ctx, own[i].Position, 64, resumed, count(len(own)-i-1))
		if err != nil {
			f.Fatal(err)
		}
		f.wantDelivered(got, own[i+1:])
	}
}

func subscribeFromEnd(f *fixture) {
	f.mustFill(f.stream("a"), 40)
	head, err := f.store.Head(f.ctx)
	if err != nil {
		f.Fatal(err)
	}
	written := false
	got, err := f.follow(f.ctx, head, 10, nil, func(own []eventstore.Recorded, b eventstore.Batch) bool {
		if !written {
			if len(own) != 0 {
				f.Errorf("%d events of the past were delivered", len(own))
			}
			written = b.CaughtUp
			if written {
				f.mustFill(f.stream("b"), 25)
			}
		}
		return len(own) >= 25
	})
	if err != nil {
		f.Fatal(err)
	}
	f.wantDelivered(got, f.readOwn()[40:])
}

func subscribeCaughtUp(f *fixture) {
	// A projection answers "up to date" only on this signal, so it must come
	// at the end of history and again after every new event. A shared log may
	// deliver events of others in between, but never the signal too early.
	const rounds = 5
	f.mustFill(f.stream("a"), 10)
	round := 0
	_, err := f.follow(f.ctx, f.start, 4, nil, func(own []eventstore.Recorded, b eventstore.Batch) bool {
		if !b.CaughtUp {
			return false
		}
		if len(own) < 10+round {
			f.Errorf("caught up after %d events, with %d in the log", len(own), 10+round)
			return true
		}
		if round == rounds {
			return true
		}
		round++
		f.mustAppend(f.stream("a"), eventstore.At(eventstore.Revision(8+round)), newEvents(1))
		return false
	})
	if err != nil {
		f.Fatal(err)
	}
}

func subscribeLimit(f *fixture) {
	f.mustFill(f.stream("a"), 100)
	want := f.readOwn()
	for _, limit := range []int{1, 3, 100, 100_000} {
		got, err := f.follow(f.ctx, f.start, limit, nil, count(100))
		if err != nil {
			f.Fatalf("limit %d: %v", limit, err)
		}
		f.wantDelivered(got, want)
	}
}

// subscribeSeam subscribes again and again while writers are at work, so that
// every subscription begins in history and ends in the present.
func subscribeSeam(f *fixture) {
	writers, each, subscribers := 4, scale(1000, 200), scale(8, 4)
	limits := []int{1, 7, 64, 500}
	delivered := make([][]eventstore.Recorded, subscribers)
	marks := make([]chan struct{}, subscribers)
	for i := range marks {
		marks[i] = make(chan struct{})
	}
	g, ctx := errgroup.WithContext(f.ctx)
	for w := range writers {
		g.Go(func() error {
			_, _, err := f.write(ctx, f.stream(fmt.Sprint(w)), each)
			return err
		})
	}
	for i := range subscribers {
		g.Go(func() error {
			// Each starts when the one before it has seen its share, so the
			// seams spread over the whole run without a clock.
			if i > 0 {
				select {
				case <-marks[i-1]:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			var err error
			share, marked := (i+1)*writers*each/(subscribers+1), false
			delivered[i], err = f.follow(ctx, f.start, limits[i%len(limits)], nil,
				func(own []eventstore.Recorded, _ eventstore.Batch) bool {
					if !marked && len(own) >= share {
						marked = true
						close(marks[i])
					}
					return len(own) >= writers*each
				})
			return err
		})
	}
	if err := g.Wait(); err != nil {
		f.Fatal(err)
	}
	want := f.readOwn()
	for _, got := range delivered {
		f.wantDelivered(got, want)
	}
}

func subscribeTwo(f *fixture) {
	n := scale(1000, 200)
	f.mustFill(f.stream("a"), n/2)
	var delivered [2][]eventstore.Recorded
	g, ctx := errgroup.WithContext(f.ctx)
	for i := range delivered {
		g.Go(func() (err error) {
			delivered[i], err = f.follow(ctx, f.start, 1+i*99, nil, count(n))
			return err
		})
	}
	g.Go(func() error {
		_, _, err := f.write(ctx, f.stream("b"), n-n/2)
		return err
	})
	if err := g.Wait(); err != nil {
		f.Fatal(err)
	}
	want := f.readOwn()
	f.wantDelivered(delivered[0], want)
	f.wantDelivered(delivered[1], want)
}

func subscribeBreak(f *fixture) {
	f.mustFill(f.stream("a"), 50)
	for range 50 {
		if _, err := f.follow(f.ctx, f.start, 10, nil, count(10)); err != nil {
			f.Fatal(err)
		}
	}
	f.mustAppend(f.stream("a"), eventstore.At(49), newEvents(1))
}

func subscribeCancel(f *fixture) {
	f.mustFill(f.stream("a"), 5)
	ctx, cancel := context.WithCancel(f.ctx)
	defer cancel()
	_, err := f.follow(ctx, f.start, 10, nil, func(_ []eventstore.Recorded, b eventstore.Batch) bool {
		if b.CaughtUp {
			cancel() // while it waits for what comes
		}
		return false
	})
	f.wantError(err, context.Canceled)

	_, err = f.follow(ctx, f.start, 10, nil, func([]eventstore.Recorded, eventstore.Batch) bool {
		f.Error("a subscription cancelled from the start delivered a batch")
		return true
	})
	f.wantError(err, context.Canceled)
}

func subscribeCancelLoad(f *fixture) {
	ctx, cancel := context.WithCancel(f.ctx)
	defer cancel()
	stop := make(chan struct{})
	var g errgroup.Group
	g.Go(func() error {
		for last := eventstore.NoRevision; ; {
			select {
			case <-stop:
				return nil
			default:
			}
			got, err := f.store.Append(f.ctx, f.stream("a"), eventstore.At(last), newEvents(1))
			if err != nil {
				return err
			}
			last = got.Revision
		}
	})
	_, err := f.follow(ctx, f.start, 1, nil, func(own []eventstore.Recorded, _ eventstore.Batch) bool {
		if len(own) == 20 {
			cancel()
		}
		if len(own) > 20 {
			f.Errorf("a batch was delivered after the context was cancelled")
			return true
		}
		return false
	})
	close(stop)
	f.wantError(err, context.Canceled)
	if err := g.Wait(); err != nil {
		f.Fatal(err)
	}
}

package storetest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"aftersales-ledger/eventstore"
)

var lifecycleCases = []testCase{
	{"a cancelled append writes nothing", lifecycleCancelAppend},
	{"a cancelled read ends with the context's error", lifecycleCancelRead},
	{"a restart loses nothing", lifecycleRestart},
	{"a closed store says so", lifecycleClosed},
	{"closing ends the subscriptions", lifecycleCloseSubscription},
	{"closing keeps the appends that were acknowledged", lifecycleCloseAppends},
}

func lifecycleCancelAppend(f *fixture) {
	ctx, cancel := context.WithCancel(f.ctx)
	cancel()
	_, err := f.store.Append(ctx, f.stream("a"), eventstore.NoStream(), newEvents(1))
	f.wantError(err, context.Canceled)
	f.wantStream(f.stream("a"))

	ctx, cancel = context.WithDeadline(f.ctx, time.Unix(0, 0))
	defer cancel()
	_, err = f.store.Append(ctx, f.stream("a"), eventstore.NoStream(), newEvents(1))
	f.wantError(err, context.DeadlineExceeded)
	f.wantStream(f.stream("a"))
}

func lifecycleCancelRead(f *fixture) {
	f.mustFill(f.stream("a"), 2500)
	reads := map[string]func(context.Context) iter.Seq2[eventstore.Recorded, error]{
		"forwards": func(ctx context.Context) iter.Seq2[eventstore.Recorded, error] {
			return f.store.ReadStream(ctx, f.stream("a"), 0, eventstore.Forwards)
		},
		"backwards": func(ctx context.Context) iter.Seq2[eventstore.Recorded, error] {
			return f.store.ReadStream(ctx, f.stream("a"), eventstore.EndOfStream, eventstore.Backwards)
		},
		"the log": func(ctx context.Context) iter.Seq2[eventstore.Recorded, error] {
			return f.store.ReadAll(ctx, f.start)
		},
	}
	for name, read := range reads {
		for _, after := range []int{0, 1, 700} {
			ctx, cancel := context.WithCancel(f.ctx)
			if after == 0 {
				cancel()
			}
			seen, failed := 0, error(nil)
			for _, err := range read(ctx) {
				if err != nil {
					failed = err
					continue
				}
				if seen++; seen == after {
					cancel()
				}
			}
			cancel()
			if !errors.Is(failed, context.Canceled) || seen != after {
				f.Errorf("%s: cancelled after %d events, got %d events and the error %v", name, after, seen, failed)
			}
		}
	}
}

func lifecycleRestart(f *fixture) {
	events := newEvents(6)
	first := f.mustAppend(f.stream("a"), eventstore.NoStream(), events[:2])
	f.mustFill(f.stream("b"), 20)
	second := f.mustAppend(f.stream("a"), eventstore.At(1), events[2:4])
	before := f.readOwn()

	f.restart()
	f.wantDelivered(f.readOwn(), before)
	head, err := f.store.Head(f.ctx)
	if err != nil || head < second.Position || (!f.Shared && head != second.Position) {
		f.Fatalf("head after the restart is %d (%v), want %d", head, err, second.Position)
	}
	f.wantRepeat(f.stream("a"), eventstore.NoStream(), events[:2], first)
	f.wantRepeat(f.stream("a"), eventstore.At(1), events[2:4], second)
	_, err = f.store.Append(f.ctx, f.stream("a"), eventstore.NoStream(), newEvents(1))
	f.wantWrongRevision(err, f.stream("a"), 3)

	got, err := f.follow(f.ctx, f.start, 10, nil, count(len(before)))
	if err != nil {
		f.Fatal(err)
	}
	f.wantDelivered(got, before)

	f.mustAppend(f.stream("a"), eventstore.At(3), events[4:])
	f.wantStream(f.stream("a"), events...)
	f.readOwn() // checks that the log goes on without a hole
}

func lifecycleClosed(f *fixture) {
	f.mustFill(f.stream("a"), 1)
	if err := f.store.Close(); err != nil {
		f.Fatalf("Close: %v", err)
	}
	_, err := f.store.Append(f.ctx, f.stream("a"), eventstore.At(0), newEvents(1))
	f.wantError(err, eventstore.ErrClosed)
	_, err = f.store.Head(f.ctx)
	f.wantError(err, eventstore.ErrClosed)
	f.wantError(f.store.Probe(f.ctx), eventstore.ErrClosed)
	_, err = f.store.EventAt(f.ctx, f.start+1)
	f.wantError(err, eventstore.ErrClosed)
	_, err = collect(f.store.ReadStream(f.ctx, f.stream("a"), 0, eventstore.Forwards))
	f.wantError(err, eventstore.ErrClosed)
	_, err = collect(f.store.ReadAll(f.ctx, f.start))
	f.wantError(err, eventstore.ErrClosed)
	_, err = f.follow(f.ctx, f.start, 10, nil, func([]eventstore.Recorded, eventstore.Batch) bool { return true })
	f.wantError(err, eventstore.ErrClosed)
	if err := f.store.Close(); err != nil && !errors.Is(err, eventstore.ErrClosed) {
		f.Fatalf("closing again: %v", err)
	}
}

func lifecycleCloseSubscription(f *fixture) {
	f.mustFill(f.stream("a"), 5)
	caughtUp := make(chan struct{})
	var once sync.Once
	var g errgroup.Group
	g.Go(func() error {
		_, err := f.follow(f.ctx, f.start, 10, nil, func(_ []eventstore.Recorded, b eventstore.Batch) bool {
			if b.CaughtUp {
				once.Do(func() { close(caughtUp) })
			}
			return false
		})
		return err
	})
	select {
	case <-caughtUp:
	case <-f.ctx.Done():
		f.Fatal("the subscription never caught up")
	}
	if err := f.store.Close(); err != nil {
		f.Fatalf("Close: %v", err)
	}
	f.wantError(g.Wait(), eventstore.ErrClosed)
}

func lifecycleCloseAppends(f *fixture) {
	const writers = 8
	store := f.store // the one to be closed, not its successor
	acknowledged := make([][]eventstore.Proposed, writers)
	underway := make(chan struct{}, writers)
	var g errgroup.Group
	for w := range writers {
		g.Go(func() error {
			for {
				event := newEvents(1)
				expected := eventstore.At(eventstore.Revision(len(acknowledged[w]) - 1))
				_, err := store.Append(f.ctx, f.stream(fmt.Sprint(w)), expected, event)
				if errors.Is(err, eventstore.ErrClosed) || errors.Is(err, eventstore.ErrUnavailable) {
					return nil
				}
				if err != nil {
					return err
				}
				acknowledged[w] = append(acknowledged[w], event...)
				if len(acknowledged[w]) == 3 {
					underway <- struct{}{}
				}
			}
		})
	}
	for range writers {
		select {
		case <-underway:
		case <-f.ctx.Done():
			f.Fatal("the writers never got under way")
		}
	}
	f.restart()
	if err := g.Wait(); err != nil {
		f.Fatal(err)
	}
	for w, want := range acknowledged {
		// The last append may have landed although its answer was lost.
		got := f.readStream(f.stream(fmt.Sprint(w)))
		if len(got) < len(want) || len(got) > len(want)+1 {
			f.Fatalf("writer %d: %d events are there, %d were acknowledged", w, len(got), len(want))
		}
		for i, e := range want {
			if got[i].ID != e.ID {
				f.Fatalf("writer %d: event %d is %v, but %v was acknowledged", w, i, got[i].ID, e.ID)
			}
		}
	}
}

package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"aftersales-ledger/eventstore"
)

var concurrentCases = []testCase{
	{"of the writers at one revision exactly one wins", concurrentOneWins},
	{"writers on one stream lose nothing", concurrentOneStream},
	{"writers on many streams lose nothing", concurrentManyStreams},
	{"the same append sent many times at once is written once", concurrentSameAppend},
}

func concurrentOneWins(f *fixture) {
	const writers = 16
	for round := range eventstore.Revision(scale(20, 5)) {
		events := make([][]eventstore.Proposed, writers)
		won := make([]bool, writers)
		var g errgroup.Group
		for w := range writers {
			events[w] = newEvents(3)
			g.Go(func() error {
				_, err := f.store.Append(f.ctx, f.stream("a"), eventstore.At(3*round-1), events[w])
				won[w] = err == nil
				if err != nil && !errors.Is(err, eventstore.ErrWrongRevision) {
					return err
				}
				return nil
			})
		}
		if err := g.Wait(); err != nil {
			f.Fatal(err)
		}
		stored := f.readStream(f.stream("a"))
		if len(stored) != int(3*round)+3 {
			f.Fatalf("round %d: the stream holds %d events", round, len(stored))
		}
		for w := range writers {
			if in := stored[3*round].ID == events[w][0].ID; in != won[w] {
				f.Fatalf("round %d: writer %d was told %t, but its events are there: %t", round, w, won[w], in)
			}
		}
	}
}

func concurrentOneStream(f *fixture) {
	writers, each := 8, scale(60, 15)
	var mu sync.Mutex
	landed := make(map[eventstore.Revision]uuid.UUID)
	g, ctx := errgroup.WithContext(f.ctx)
	for range writers {
		g.Go(func() error {
			last := eventstore.NoRevision
			for done := 0; done < each; {
				event := newEvents(1)
				got, err := f.store.Append(ctx, f.stream("a"), eventstore.At(last), event)
				var wrong *eventstore.WrongRevisionError
				if errors.As(err, &wrong) {
					last = wrong.Actual
					continue
				}
				if err != nil {
					return err
				}
				done, last = done+1, got.Revision
				mu.Lock()
				_, twice := landed[got.Revision]
				landed[got.Revision] = event[0].ID
				mu.Unlock()
				if twice || got.Repeated {
					return fmt.Errorf("revision %d was given twice", got.Revision)
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		f.Fatal(err)
	}
	stored := f.readStream(f.stream("a"))
	if len(stored) != writers*each || len(f.readOwn()) != writers*each {
		f.Fatalf("the stream holds %d events, %d were acknowledged", len(stored), writers*each)
	}
	for _, e := range stored {
		if landed[e.Revision] != e.ID {
			f.Fatalf("revision %d is %v, but %v was acknowledged there", e.Revision, e.ID, landed[e.Revision])
		}
	}
}

func concurrentManyStreams(f *fixture) {
	writers, each := 16, scale(100, 20)
	acknowledged := make([][]eventstore.Appended, writers)
	written := make([][]eventstore.Proposed, writers)
	g, ctx := errgroup.WithContext(f.ctx)
	for w := range writers {
		g.Go(func() error {
			var err error
			written[w], acknowledged[w], err = f.write(ctx, f.stream(fmt.Sprint(w)), each)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		f.Fatal(err)
	}
	for w := range writers {
		stream := f.stream(fmt.Sprint(w))
		f.wantStream(stream, written[w]...)
		stored := f.readStream(stream)
		for _, a := range acknowledged[w] {
			if stored[a.Revision].Position != a.Position {
				f.Fatalf("revision %d was acknowledged at position %d, but stands at %d", a.Revision, a.Position,
					stored[a.Revision].Position)
			}
		}
	}
	f.readOwn() // checks the order of the log
}

// write appends n events to a new stream in appends of one, two and three.
func (f *fixture) write(
	ctx context.Context, stream string, n int,
) ([]eventstore.Proposed, []eventstore.Appended, error) {
	events := newEvents(n)
	var landed []eventstore.Appended
	for done := 0; done < n; {
		step := min(1+len(landed)%3, n-done)
		expected := eventstore.At(eventstore.Revision(done - 1))
		got, err := f.store.Append(ctx, stream, expected, events[done:done+step])
		if err != nil {
			return nil, nil, err
		}
		done += step
		if got.Repeated || got.Revision != eventstore.Revision(done-1) {
			return nil, nil, fmt.Errorf("append expecting %v landed as %+v", expected, got)
		}
		landed = append(landed, got)
	}
	return events, landed, nil
}

func concurrentSameAppend(f *fixture) {
	events := newEvents(3)
	answers := make([]eventstore.Appended, 16)
	var g errgroup.Group
	for i := range answers {
		g.Go(func() (err error) {
			answers[i], err = f.store.Append(f.ctx, f.stream("a"), eventstore.NoStream(), events)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		f.Fatal(err)
	}
	fresh := 0
	for _, a := range answers {
		if !a.Repeated {
			fresh++
		}
		if a.Revision != 2 || a.Position != answers[0].Position {
			f.Fatalf("answers differ: %+v and %+v", a, answers[0])
		}
	}
	if fresh != 1 {
		f.Fatalf("%d appends say they wrote the events, want one", fresh)
	}
	f.wantStream(f.stream("a"), events...)
}

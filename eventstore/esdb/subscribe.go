package esdb

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"aftersales-ledger/eventstore"
)

// The wait before a lost subscription is tried again grows from the first to
// the second.
const (
	firstBackoff = 50 * time.Millisecond
	lastBackoff  = 5 * time.Second
)

// maxAhead bounds the events taken from the server before the consumer asks
// for them. Beyond it the line backs up, and the server slows down or falls
// back to reading the log from disk.
const maxAhead = 256

// Subscribe implements [eventstore.Store]. A lost connection is taken up again
// after the last position delivered, for as long as it takes; only what waiting
// cannot mend, such as refused access or a damaged log, ends the sequence.
//
// CaughtUp is set while the server says that the subscription is live, nothing
// is left to hand over, and no event is known to this process that has not been
// delivered. Servers before 23.10 do not say; there, what was the end when the
// subscription began is taken for it.
func (s *Store) Subscribe(
	ctx context.Context, after eventstore.Position, limit int,
) iter.Seq2[eventstore.Batch, error] {
	return func(yield func(eventstore.Batch, error) bool) {
		f := &follower{store: s, caller: ctx, limit: max(limit, 1), position: after, yield: yield}
		for {
			err := f.follow()
			if f.left {
				return
			}
			if ended := s.ended(ctx); ended != nil {
				err = ended
			}
			var failed *failure
			if !errors.As(err, &failed) || failed.final {
				if err != ctx.Err() {
					err = fmt.Errorf("subscription after position %d: %w", f.position, err)
				}
				yield(eventstore.Batch{}, err)
				return
			}
			select {
			case <-time.After(f.interrupted(err)):
			case <-ctx.Done():
			case <-s.closing.Done():
			}
		}
	}
}

// backoff returns the wait after so many failures in a row, with some chance in
// it, lest all subscribers come back at once.
func backoff(failures int) time.Duration {
	d := lastBackoff
	if failures < 10 {
		d = min(firstBackoff<<failures, lastBackoff)
	}
	return d/2 + rand.N(d/2)
}

// follower is a subscription across all its connections.
type follower struct {
	store    *Store
	caller   context.Context
	limit    int
	yield    func(eventstore.Batch, error) bool
	position eventstore.Position // everything up to here has been delivered
	left     bool                // the consumer broke off
	progress bool                // the last connection got through
	failures int                 // tries in a row that did not get through
	since    time.Time           // when the first of them failed
	told     bool                // that it is interrupted
}

// tellAfter is how many tries may fail before people are told that this
// subscription is interrupted. That the log is away is not: it is told once for
// all who use it, by who looks after it ([eventstore.Watched]).
const tellAfter = 3

// interrupted takes notice of a try that ended and returns how long to wait
// before the next.
func (f *follower) interrupted(err error) time.Duration {
	if f.progress || f.failures == 0 {
		f.failures, f.since = 0, time.Now()
	}
	wait := backoff(f.failures)
	f.failures++
	level := slog.LevelDebug
	var failed *failure
	away := errors.As(err, &failed) && (failed.away || failed.lost)
	if f.failures >= tellAfter && !away && !f.told {
		level, f.told = slog.LevelWarn, true
	}
	f.store.log.Log(f.caller, level, "event log: subscription interrupted",
		"position", uint64(f.position), "tries", f.failures, "retry_in", wait, "error", err)
	return wait
}

// back takes notice that a try got through.
func (f *follower) back() {
	f.progress = true
	if f.told {
		f.store.log.Info("event log: subscription is back",
			"position", uint64(f.position), "after", time.Since(f.since).Round(time.Millisecond), "tries", f.failures)
	}
	f.told = false
}

// follow subscribes once and delivers until that ends.
func (f *follower) follow() error {
	f.progress = false
	s := f.store
	in, err := s.open(f.caller, min(max(f.limit, 16), maxAhead), s.subscription(f.position))
	if err != nil {
		return err
	}
	defer in.end()

	live := false
	end := eventstore.Position(0) // of the log when an old server was asked
	asks := !in.caughtUp
	if asks {
		if end, err = s.Head(f.caller); err != nil {
			return err
		}
	}
	told := false // that the end was reached, since the last event
	for {
		b := eventstore.Batch{Position: f.position}
		var failed error
		take := func(n notice) {
			if failed = n.err; failed != nil {
				return
			}
			if !f.progress {
				f.back()
			}
			switch {
			case n.caughtUp:
				live, told = true, false
			case n.behind:
				live = false
			case n.position > b.Position:
				b.Position = n.position
				if n.event.Stream != "" {
					b.Events = append(b.Events, n.event)
				}
			}
			// Anything else was delivered before.
		}
		atEnd := func() bool {
			known := eventstore.Position(s.seen.Load())
			return (live || asks && b.Position >= end) && len(in.notices) == 0 && b.Position >= known && failed == nil
		}
		// Wait for something, unless the end that an old server does not
		// announce is reached already.
		if told || !asks || !atEnd() {
			select {
			case n := <-in.notices:
				take(n)
			case <-f.caller.Done():
				return f.caller.Err()
			case <-s.closing.Done():
				return eventstore.ErrClosed
			}
		}
	drain:
		for failed == nil && len(b.Events) < f.limit {
			select {
			case n := <-in.notices:
				take(n)
			default:
				break drain
			}
		}
		b.CaughtUp = atEnd()
		if len(b.Events) > 0 || b.Position > f.position || b.CaughtUp && !told {
			if err := s.ended(f.caller); err != nil {
				return err
			}
			f.position = b.Position
			told = b.CaughtUp
			if !f.yield(b, nil) {
				f.left = true
				return nil
			}
		}
		if failed != nil {
			return failed
		}
	}
}

// While only system events come, the server tells a checkpoint for every so
// many it has looked at: searchWindow times checkpointEvery.
const (
	searchWindow    = 32
	checkpointEvery = 8
)

// wanted are the events the server is asked for: ours, and those of its own that
// tell what was done to our streams.
func (s *Store) wanted() *esdb.SubscriptionFilter {
	if s.prefix == "" {
		return &esdb.SubscriptionFilter{Type: esdb.EventFilterType, Regex: `^([^$]|\$metadata$|\$streamDeleted$)`}
	}
	return &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{s.prefix, metadataOf + s.prefix}}
}

// subscription is what follows the log after a position. The server leaves out
// what is not ours.
func (s *Store) subscription(after eventstore.Position) source {
	opts := esdb.SubscribeToAllOptions{
		From:               allPosition(after),
		Filter:             s.wanted(),
		MaxSearchWindow:    searchWindow,
		CheckpointInterval: checkpointEvery,
	}
	return func(ctx context.Context, c *esdb.Client) (func() (notice, error), error) {
		return s.delivered(c.SubscribeToAll(ctx, opts))
	}
}

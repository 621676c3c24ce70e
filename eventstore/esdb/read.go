package esdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"aftersales-ledger/eventstore"
)

// everything is the count of a read without a limit: the largest that every
// version of the server takes, since it counts in signed numbers.
const everything = math.MaxInt64

// readAhead bounds the events of a read that are fetched before the caller asks
// for them.
const readAhead = 64

// ReadStream implements [eventstore.Store]. Breaking off the loop ends the call
// on the server, too. A stream of which events were taken away is a CutError, not
// a shorter or a new one.
func (s *Store) ReadStream(
	ctx context.Context, stream string, from eventstore.Revision, dir eventstore.Direction,
) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		// A forward read at the far end, or a backward one before the start,
		// has nothing to yield, but the stream must be there.
		barren := dir == eventstore.Forwards && from == eventstore.EndOfStream || dir == eventstore.Backwards && from < 0
		count := uint64(everything)
		if barren {
			from, dir, count = eventstore.EndOfStream, eventstore.Backwards, 1
		}
		fail := func(err error) {
			yield(eventstore.Recorded{}, fmt.Errorf("read stream %q: %w", stream, err))
		}
		if s.whole(stream) != nil { // as far as is known
			if err := s.missing(ctx, stream); err != nil {
				fail(err)
				return
			}
		}
		due := max(from, 0)
		for e, err := range s.readStream(ctx, stream, from, dir, count) {
			switch {
			case errors.Is(err, eventstore.ErrStreamNotFound):
				if cut := s.missing(ctx, stream); cut != nil {
					err = cut
				}
				fail(err)
				return
			case err != nil:
				fail(s.buried(stream, err))
				return
			case barren:
				return
			case dir == eventstore.Forwards && e.Revision != due:
				fail(s.cutAway(ctx, stream, e.Revision))
				return
			}
			due++
			s.saw(e)
			if !yield(e, nil) {
				return
			}
		}
	}
}

// ReadAll implements [eventstore.Store]. The client cannot ask for a filter
// here, so what is not ours is left out on this side.
func (s *Store) ReadAll(ctx context.Context, after eventstore.Position) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		// The server would go on to the end the log has when the read gets
		// there, which a reader that writes never reaches.
		end, err := s.Head(ctx)
		if err == nil && end <= after {
			return
		}
		last := after
		if err == nil {
			for e, failed := range s.readAll(ctx, allPosition(after), esdb.Forwards, everything) {
				if failed != nil {
					err = failed
					break
				}
				// Unlike a subscription, a read begins with the event at its
				// position.
				if e.Position > end {
					break
				}
				if e.Position <= last || s.isOthers(e) {
					continue
				}
				last = e.Position
				s.saw(e)
				if !yield(e, nil) || last == end {
					return
				}
			}
		}
		if err == nil {
			// Half a ledger must not pass for a whole one.
			err = fmt.Errorf("%w: the log was read to position %d only, its end is at %d", eventstore.ErrUnavailable, last, end)
		}
		yield(eventstore.Recorded{}, fmt.Errorf("read the log after position %d: %w", after, err))
	}
}

// EventAt implements [eventstore.Store].
func (s *Store) EventAt(ctx context.Context, at eventstore.Position) (eventstore.Recorded, error) {
	for e, err := range s.readAll(ctx, allPosition(at), esdb.Forwards, 1) {
		var f *failure
		switch {
		case errors.As(err, &f) && f.place:
		case err != nil:
			return eventstore.Recorded{}, fmt.Errorf("read the event at position %d: %w", at, err)
		case e.Position == at && !s.isOthers(e):
			s.saw(e)
			return e, nil
		}
	}
	return eventstore.Recorded{}, fmt.Errorf("%w at position %d", eventstore.ErrEventNotFound, at)
}

// readStream yields count events of a stream, then at most one error.
func (s *Store) readStream(
	ctx context.Context, stream string, from eventstore.Revision, dir eventstore.Direction, count uint64,
) iter.Seq2[eventstore.Recorded, error] {
	return s.readRaw(ctx, s.prefix+stream, from, dir, count)
}

// readRaw is readStream of the server's name of a stream.
func (s *Store) readRaw(
	ctx context.Context, stream string, from eventstore.Revision, dir eventstore.Direction, count uint64,
) iter.Seq2[eventstore.Recorded, error] {
	opts := esdb.ReadStreamOptions{Direction: esdb.Forwards}
	if dir == eventstore.Backwards {
		opts.Direction = esdb.Backwards
	}
	switch {
	case from == eventstore.EndOfStream:
		opts.From = esdb.End{}
	case from < 0:
		opts.From = esdb.Start{}
	default:
		opts.From = esdb.Revision(uint64(from))
	}
	return s.read(ctx, count, func(ctx context.Context, c *esdb.Client) (func() (notice, error), error) {
		return s.received(c.ReadStream(ctx, stream, opts, count))
	})
}

// readAll yields count events of the log, the system's among them, then at most
// one error.
func (s *Store) readAll(
	ctx context.Context, from esdb.AllPosition, dir esdb.Direction, count uint64,
) iter.Seq2[eventstore.Recorded, error] {
	return s.read(ctx, count, func(ctx context.Context, c *esdb.Client) (func() (notice, error), error) {
		return s.received(c.ReadAll(ctx, esdb.ReadAllOptions{Direction: dir, From: from}, count))
	})
}

// patienceOfARead bounds the silence of a server that is read from: it sleeps,
// or was left in the middle of an election, and another may lead by now.
const patienceOfARead = 5 * time.Second

// read yields the events of a read, then at most one error.
func (s *Store) read(ctx context.Context, count uint64, src source) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		in, err := s.open(ctx, int(min(count, readAhead)), src)
		if err != nil {
			yield(eventstore.Recorded{}, err)
			return
		}
		defer in.end()
		for {
			var n notice
			silence := time.NewTimer(patienceOfARead)
			select {
			case n = <-in.notices:
			case <-in.ctx.Done():
			case <-silence.C:
				s.lines.lost(in.line, false)
				n.err = &failure{
					err: fmt.Errorf("%w: the server has said nothing for %v", eventstore.ErrUnavailable, patienceOfARead),
				}
			}
			silence.Stop()
			if errors.Is(n.err, io.EOF) {
				return
			}
			// What was fetched ahead is not delivered to a caller who has given
			// up.
			if ended := s.ended(ctx); ended != nil {
				n.err = ended
			}
			if !yield(n.event, n.err) || n.err != nil {
				return
			}
		}
	}
}

// allPosition is a place in the log. The prepare position of an event equals
// its commit position, transactions apart.
func allPosition(p eventstore.Position) esdb.AllPosition {
	if p == 0 {
		return esdb.Start{}
	}
	return esdb.Position{Commit: uint64(p), Prepare: uint64(p)}
}

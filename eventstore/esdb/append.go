package esdb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"aftersales-ledger/eventstore"
)

// Append implements [eventstore.Store]. The server answers a repeat like a
// first success, with the first one's revision and position. It is told apart
// without asking again by its position, if this store has seen the log beyond
// it, and by an earlier try of this process, after whose lost answer the event
// is read back. What stays unnoticed is a repeat of what another process wrote
// after this one opened the store and has not read yet.
//
// The server recognises repeats under an exact expectation always, and under
// Exists only while it remembers the IDs; for Exists, after a lost answer, the
// end of the stream is searched before anything is sent again.
func (s *Store) Append(ctx context.Context, stream string, expected eventstore.Expected, events []eventstore.Proposed) (eventstore.Appended, error) {
	if err := s.enter(); err != nil {
		return eventstore.Appended{}, fmt.Errorf("append to %q: %w", stream, err)
	}
	defer s.appends.Done()
	if err := checkAppend(stream, expected, events); err != nil {
		return eventstore.Appended{}, fmt.Errorf("append to %q: %w", stream, err)
	}
	if err := ctx.Err(); err != nil {
		return eventstore.Appended{}, fmt.Errorf("append to %q: %w", stream, err)
	}
	limited, cancel := context.WithTimeout(ctx, s.deadline)
	defer cancel()
	done, err := s.attempt(limited, stream, expected, events)
	if err != nil {
		return eventstore.Appended{}, fmt.Errorf("append to %q: %w", stream, unfinished(ctx, limited, err))
	}
	return done, nil
}

// unfinished words the end of a context during an append: whoever's it was,
// the outcome may be unknown, and a caller's own is also told as such.
func unfinished(caller, limited context.Context, err error) error {
	if limited.Err() == nil || errors.Is(err, eventstore.ErrWrongRevision) || errors.Is(err, eventstore.ErrInvalidAppend) {
		return err
	}
	if !errors.Is(err, eventstore.ErrUnavailable) {
		err = fmt.Errorf("%w: %w", eventstore.ErrUnavailable, err)
	}
	if caller.Err() != nil && !errors.Is(err, caller.Err()) {
		err = fmt.Errorf("%w: %w", err, caller.Err())
	}
	return err
}

// attempt is one try to append.
func (s *Store) attempt(ctx context.Context, stream string, expected eventstore.Expected, events []eventstore.Proposed) (eventstore.Appended, error) {
	key := attemptKey{stream: stream, first: events[0].ID}
	open, openStamp := s.attempts.begin(key)
	defer s.attempts.end(key)

	base, exact := expected.Exact()
	if open && !exact {
		if done, ok, err := s.findBack(ctx, stream, events); err != nil || ok {
			return done, err
		}
	}

	first, highest := givenTimes(events)
	t, err := s.stamps.take(ctx, openStamp, first, highest)
	if errors.Is(err, errBackwards) {
		// A repeat of old events may come with their old times.
		if exact {
			if done, ok, err := s.findAt(ctx, stream, base, events); err != nil || ok {
				return done, err
			}
		}
		return eventstore.Appended{}, fmt.Errorf("%w: %w", eventstore.ErrInvalidAppend, err)
	}
	if err != nil {
		return eventstore.Appended{}, err
	}
	defer s.stamps.giveBack(t)
	times, err := spread(events, t.at)
	if err != nil {
		return eventstore.Appended{}, fmt.Errorf("%w: %w", eventstore.ErrInvalidAppend, err)
	}
	last := times[len(times)-1]

	before := eventstore.Position(s.seen.Load())
	result, err := s.send(ctx, stream, expectation(expected), proposals(events, times))
	var f *failure
	switch {
	case errors.As(err, &f) && f.conflict:
		return eventstore.Appended{}, s.conflict(ctx, stream, expected)
	case err != nil:
		if f != nil && !f.unsent {
			s.attempts.unanswered(key, last)
		}
		return eventstore.Appended{}, err
	}

	done := eventstore.Appended{
		Revision: eventstore.Revision(result.NextExpectedVersion),
		Position: eventstore.Position(result.CommitPosition),
	}
	doubtful := open && done.Position > before
	if doubtful || done.Position == 0 {
		// Which of several tries wrote the events shows in their time; if that
		// was given with them, the earlier try gets the credit. Old servers do
		// not tell the position of a repeat, and the client makes up an answer
		// where there is none.
		e, err := s.one(ctx, stream, done.Revision)
		if err == nil && e.ID != events[len(events)-1].ID {
			err = fmt.Errorf("the server answered with revision %d, where another event stands", done.Revision)
		}
		if err != nil {
			s.attempts.unanswered(key, last)
			return eventstore.Appended{}, fmt.Errorf("%w: the append was accepted, but the events could not be read back: %w", eventstore.ErrUnavailable, err)
		}
		done.Position = e.Position
		done.Repeated = !e.RecordedAt.Equal(last) || open && !highest.IsZero()
	}
	if exact && done.Revision != base+eventstore.Revision(len(events)) {
		return eventstore.Appended{}, fmt.Errorf("%w: %d events after revision %d landed at %d",
			eventstore.ErrDamaged, len(events), base, done.Revision)
	}
	done.Repeated = done.Repeated || done.Position <= before
	done.Repeated = !s.attempts.wrote(key, !done.Repeated) || done.Repeated
	s.sawPosition(done.Position)
	return done, nil
}

// givenTimes returns the time given with the first event and the latest of all
// given times, zero where there is none.
func givenTimes(events []eventstore.Proposed) (first, highest time.Time) {
	for _, e := range events {
		if at := e.RecordedAt.UTC().Truncate(time.Microsecond); !e.RecordedAt.IsZero() && at.After(highest) {
			highest = at
		}
	}
	if !events[0].RecordedAt.IsZero() {
		first = events[0].RecordedAt.UTC().Truncate(time.Microsecond)
	}
	return first, highest
}

// spread returns the time of every event: its own, or that of the one before.
func spread(events []eventstore.Proposed, at time.Time) ([]time.Time, error) {
	times := make([]time.Time, len(events))
	for i, e := range events {
		if !e.RecordedAt.IsZero() {
			given := e.RecordedAt.UTC().Truncate(time.Microsecond)
			if given.Before(at) {
				return nil, errBackwards
			}
			at = given
		}
		times[i] = at
	}
	return times, nil
}

// sends is how often an append is sent that the server breaks off for no reason
// that meets others.
const sends = 3

// send makes the call. From an append that the server refuses while it is being
// sent the client comes back without the reason. It has not been written then,
// so the reason is asked for, and it is sent again if there is none any more. If
// it is broken off every time, what the server does not take is its size, which
// may be limited below the port's.
func (s *Store) send(ctx context.Context, stream string, expected esdb.ExpectedRevision, events []esdb.EventData) (*esdb.WriteResult, error) {
	for try := 1; ; try++ {
		result, err := s.write(ctx, stream, expected, events)
		var f *failure
		if !errors.As(err, &f) || !f.cut {
			return result, err
		}
		if reason := s.knock(ctx, stream); reason != nil {
			return nil, reason
		}
		if try == sends {
			return nil, &failure{
				err:    fmt.Errorf("%w: the server broke it off %d times while it was being sent, but takes smaller ones", eventstore.ErrInvalidAppend, sends),
				unsent: true,
			}
		}
	}
}

// unreachable is a revision no stream is at.
const unreachable = 1 << 62

// knocks is how often that is asked, for a server in a hurry breaks off even the
// smallest append.
const knocks = 10

// knock asks why the server does not take an append to the stream, by one so
// small that it is as good as sent before the answer comes. It expects a revision
// the stream is not at, and therefore is never written; nil means that nothing
// else speaks against it.
func (s *Store) knock(ctx context.Context, stream string) error {
	nothing := esdb.EventData{
		EventID: uuid.New(), EventType: "knock", ContentType: esdb.ContentTypeJson, Data: []byte("{}"), Metadata: []byte("{}"),
	}
	for try := 1; ; try++ {
		_, err := s.write(ctx, stream, esdb.Revision(unreachable), []esdb.EventData{nothing})
		var f *failure
		switch {
		case err == nil:
			return damaged("stream %q is at revision %d", stream, int64(unreachable))
		case !errors.As(err, &f):
			return err
		case f.conflict:
			return nil
		case f.cut && try < knocks:
			continue
		}
		f.unsent = true // as far as the caller's events are concerned
		return f
	}
}

// write makes one call.
func (s *Store) write(ctx context.Context, stream string, expected esdb.ExpectedRevision, events []esdb.EventData) (*esdb.WriteResult, error) {
	c, err := s.lines.acquire(ctx)
	if err != nil {
		return nil, err
	}
	return ask(ctx, c, func(c *esdb.Client) (*esdb.WriteResult, error) {
		return c.AppendToStream(s.lines.outgoing(ctx), stream, esdb.AppendToStreamOptions{ExpectedRevision: expected}, events...)
	})
}

// expectation puts an expectation into the client's terms.
func expectation(expected eventstore.Expected) esdb.ExpectedRevision {
	switch base, exact := expected.Exact(); {
	case !exact:
		return esdb.StreamExists{}
	case base == eventstore.NoRevision:
		return esdb.NoStream{}
	default:
		return esdb.Revision(uint64(base))
	}
}

// conflict asks what revision the stream is at. The client tells it of the
// moment of the conflict, but only in words.
func (s *Store) conflict(ctx context.Context, stream string, expected eventstore.Expected) error {
	actual := eventstore.NoRevision
	last, err := s.one(ctx, stream, eventstore.EndOfStream)
	switch {
	case err == nil:
		actual = last.Revision
	case !errors.Is(err, eventstore.ErrStreamNotFound):
		return err
	}
	if base, exact := expected.Exact(); exact && actual == base || !exact && actual != eventstore.NoRevision {
		return fmt.Errorf("%w: stream %q has come to %v since it was refused", eventstore.ErrUnavailable, stream, expected)
	}
	return &eventstore.WrongRevisionError{Stream: stream, Expected: expected, Actual: actual}
}

// one reads the event of a stream at a revision, or its last.
func (s *Store) one(ctx context.Context, stream string, at eventstore.Revision) (eventstore.Recorded, error) {
	for e, err := range s.readStream(ctx, stream, at, eventstore.Backwards, 1) {
		return e, err
	}
	return eventstore.Recorded{}, eventstore.ErrStreamNotFound
}

// findAt looks whether exactly these events stand after revision base.
func (s *Store) findAt(ctx context.Context, stream string, base eventstore.Revision, events []eventstore.Proposed) (eventstore.Appended, bool, error) {
	at := 0
	for e, err := range s.readStream(ctx, stream, base+1, eventstore.Forwards, uint64(len(events))) {
		if errors.Is(err, eventstore.ErrStreamNotFound) {
			break
		}
		if err != nil {
			return eventstore.Appended{}, false, err
		}
		if e.ID != events[at].ID || e.Revision != base+1+eventstore.Revision(at) {
			break
		}
		if at++; at == len(events) {
			return eventstore.Appended{Revision: e.Revision, Position: e.Position, Repeated: true}, true, nil
		}
	}
	return eventstore.Appended{}, false, nil
}

// searchBack is how many events at the end of a stream are searched for those
// of an append whose answer was lost.
const searchBack = 1000

// findBack looks whether exactly these events stand together near the end.
func (s *Store) findBack(ctx context.Context, stream string, events []eventstore.Proposed) (eventstore.Appended, bool, error) {
	last := events[len(events)-1].ID
	for e, err := range s.readStream(ctx, stream, eventstore.EndOfStream, eventstore.Backwards, searchBack) {
		if errors.Is(err, eventstore.ErrStreamNotFound) {
			break
		}
		if err != nil {
			return eventstore.Appended{}, false, err
		}
		if e.ID == last {
			return s.findAt(ctx, stream, e.Revision-eventstore.Revision(len(events)), events)
		}
	}
	return eventstore.Appended{}, false, nil
}

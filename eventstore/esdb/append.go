package esdb

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"aftersales-ledger/eventstore"
)

// Append implements [eventstore.Store]. The server answers a repeat like a
// first success, with the first one's revision and position, and keeps the
// first one's data. It is told apart without asking again by its position, if
// this store has seen the log beyond it, and by an earlier try of this process,
// after whose lost answer the event is read back. What stays unnoticed is a
// repeat of what another process wrote after this one opened the store and has
// not read yet: who must know which bytes stand in the log gives other bytes
// other IDs, as the Executor does.
//
// An append that the server gives up because the same one is in flight, or
// because it lost its followers, is sent again, as long as the caller's time
// and the store's deadline last: whose it was shows when it is written. It may
// be cut off by a server that hangs, and then goes to the next that leads.
//
// The server recognises repeats under an exact expectation always, and under
// Exists only while it remembers the IDs, and by the first ID alone: for Exists,
// several events, or one whose answer was lost, are looked for at the end of the
// stream before anything is sent.
func (s *Store) Append(
	ctx context.Context, stream string, expected eventstore.Expected, events []eventstore.Proposed,
) (eventstore.Appended, error) {
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
	if err := s.whole(stream); err != nil {
		return eventstore.Appended{}, fmt.Errorf("append to %q: %w", stream, err)
	}
	limited, cancel := context.WithTimeout(ctx, s.deadline)
	defer cancel()
	done, err := s.attempt(limited, stream, expected, events)
	if err != nil {
		return eventstore.Appended{}, fmt.Errorf("append to %q: %w", stream, unfinished(ctx, limited, s.buried(stream, err)))
	}
	return done, nil
}

// unfinished words the end of a context during an append: whoever's it was,
// the outcome may be unknown, and a caller's own is also told as such.
func unfinished(caller, limited context.Context, err error) error {
	if limited.Err() == nil || errors.Is(err,
		eventstore.ErrWrongRevision) || errors.Is(err, eventstore.ErrInvalidAppend) || errors.Is(err, eventstore.ErrCut) {
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

// attempt appends, sending as often as it takes.
func (s *Store) attempt(
	ctx context.Context, stream string, expected eventstore.Expected, events []eventstore.Proposed,
) (eventstore.Appended, error) {
	key := attemptKey{stream: stream, first: events[0].ID}
	open, openStamp, err := s.attempts.begin(ctx, key)
	if err != nil {
		return eventstore.Appended{}, err
	}
	defer s.attempts.end(key)

	base, exact := expected.Exact()
	if !exact && (open || len(events) > 1) {
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
	result, again, err := s.insist(ctx, stream, expected, events, proposals(events, times))
	var f *failure
	switch {
	case errors.As(err, &f) && f.conflict:
		return eventstore.Appended{}, s.conflict(ctx, stream, expected, f.actual)
	case err != nil:
		if again || f != nil && !f.unsent {
			s.attempts.unanswered(key, last)
		}
		return eventstore.Appended{}, err
	}

	done := eventstore.Appended{
		Revision: eventstore.Revision(result.NextExpectedVersion),
		Position: eventstore.Position(result.CommitPosition),
	}
	doubtful := (open || again) && done.Position > before
	if doubtful || done.Position == 0 {
		// Which of several tries wrote the events shows in their time; if that
		// was given with them, the earlier call gets the credit. Old servers do
		// not tell the position of a repeat, and the client makes up an answer
		// where there is none.
		e, err := s.one(ctx, stream, done.Revision)
		if err == nil && e.ID != events[len(events)-1].ID {
			err = fmt.Errorf("the server answered with revision %d, where another event stands", done.Revision)
		}
		if err != nil {
			s.attempts.unanswered(key, last)
			return eventstore.Appended{}, fmt.Errorf("%w: the append was accepted, but the events could not be read back: %w",
				eventstore.ErrUnavailable, err)
		}
		done.Position = e.Position
		done.Repeated = !e.RecordedAt.Equal(last) || open && !highest.IsZero()
	}
	if exact && base == eventstore.NoRevision && done.Revision >= eventstore.Revision(len(events)) {
		// It was deleted, and is written on as if it were new.
		return eventstore.Appended{}, s.cutAway(ctx, stream, done.Revision-eventstore.Revision(len(events))+1)
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

// insist sends an append until the server says how it ended, or the context
// does. again tells that an earlier sending of it was given up and may have been
// written.
func (s *Store) insist(
	ctx context.Context, stream string, expected eventstore.Expected, events []eventstore.Proposed, data []esdb.EventData,
) (result *esdb.WriteResult, again bool, err error) {
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		result, err = s.send(ctx, stream, expectation(expected), data)
		var f *failure
		if !errors.As(err, &f) || !f.aborted {
			return result, again, err
		}
		again = true
		select {
		case <-time.After(pause/2 + rand.N(pause/2)):
		case <-ctx.Done():
			return nil, again, err
		}
		if _, exact := expected.Exact(); exact {
			continue
		}
		done, ok, failed := s.findBack(ctx, stream, events)
		switch {
		case ok:
			return &esdb.WriteResult{
				NextExpectedVersion: uint64(done.Revision), CommitPosition: uint64(done.Position),
			}, again, nil
		case failed != nil:
			return nil, again, failed
		}
	}
}

// The wait before what was given up is sent again.
const (
	firstPause = 2 * time.Millisecond
	lastPause  = 100 * time.Millisecond
)

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
func (s *Store) send(
	ctx context.Context, stream string, expected esdb.ExpectedRevision, events []esdb.EventData,
) (*esdb.WriteResult, error) {
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
				err: fmt.Errorf("%w: the server broke it off %d times while it was being sent, but takes smaller ones",
					eventstore.ErrInvalidAppend, sends),
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
		EventID: uuid.New(), EventType: "knock", ContentType: esdb.ContentTypeJson, Data: []byte("{}"),
		Metadata: []byte("{}"),
	}
	for try := 1; ; try++ {
		result, err := s.write(ctx, stream, esdb.Revision(unreachable), []esdb.EventData{nothing})
		var f *failure
		switch {
		case err == nil && result.NextExpectedVersion > unreachable:
			return damaged("stream %q is at revision %d", stream, int64(unreachable))
		case err == nil && try < knocks: // the client made an answer up where there was none
			continue
		case err == nil:
			return &failure{
				err: fmt.Errorf("%w: the server does not say how an append ends", eventstore.ErrUnavailable), unsent: true,
			}
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

// patienceOfAnAppend bounds one sending of an append. The server gives up what
// it cannot write after 2 to 3 seconds; one that says nothing for longer sleeps,
// or was left in the middle of an election, and another may lead by now.
const patienceOfAnAppend = 4 * time.Second

// write makes one call.
func (s *Store) write(
	ctx context.Context, stream string, expected esdb.ExpectedRevision, events []esdb.EventData,
) (*esdb.WriteResult, error) {
	c, err := s.lines.acquire(ctx)
	if err != nil {
		return nil, err
	}
	patient, cancel := context.WithTimeout(ctx, patienceOfAnAppend)
	defer cancel()
	result, err := ask(patient, c, func(c *esdb.Client) (*esdb.WriteResult, error) {
		return c.AppendToStream(s.lines.outgoing(patient), s.prefix+stream,
			esdb.AppendToStreamOptions{ExpectedRevision: expected}, events...)
	})
	var f *failure
	if errors.As(err, &f) && !f.unsent && patient.Err() != nil && ctx.Err() == nil {
		s.lines.lost(c.line, false)
		f.aborted = true
	}
	return result, err
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

// conflict words a refusal. The server tells the revision of its moment, that of
// an append still in flight included, which no read may show yet. Where it could
// not be made out it is read, once a read has passed what was refused.
func (s *Store) conflict(
	ctx context.Context, stream string, expected eventstore.Expected, told *eventstore.Revision,
) error {
	if told != nil {
		return &eventstore.WrongRevisionError{Stream: stream, Expected: expected, Actual: *told}
	}
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		actual := eventstore.NoRevision
		last, err := s.one(ctx, stream, eventstore.EndOfStream)
		switch {
		case err == nil:
			actual = last.Revision
		case !errors.Is(err, eventstore.ErrStreamNotFound):
			return err
		}
		base, exact := expected.Exact()
		wrong := &eventstore.WrongRevisionError{Stream: stream, Expected: expected, Actual: actual}
		if exact && actual != base || !exact && actual == eventstore.NoRevision {
			return wrong
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return wrong
		}
	}
}

// one reads the event of a stream at a revision, or its last.
func (s *Store) one(ctx context.Context, stream string, at eventstore.Revision) (eventstore.Recorded, error) {
	for e, err := range s.readStream(ctx, stream, at, eventstore.Backwards, 1) {
		return e, err
	}
	return eventstore.Recorded{}, eventstore.ErrStreamNotFound
}

// findAt looks whether exactly these events stand after revision base.
func (s *Store) findAt(
	ctx context.Context, stream string, base eventstore.Revision, events []eventstore.Proposed,
) (eventstore.Appended, bool, error) {
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
// of an append that expects no revision.
const searchBack = 1000

// findBack looks whether exactly these events stand together near the end. Some
// of them there, but not all, or not in their order, are ErrInvalidAppend.
func (s *Store) findBack(
	ctx context.Context, stream string, events []eventstore.Proposed,
) (eventstore.Appended, bool, error) {
	wanted := make(map[uuid.UUID]bool, len(events))
	for _, e := range events {
		wanted[e.ID] = true
	}
	last := eventstore.NoRevision // of those found
	for e, err := range s.readStream(ctx, stream, eventstore.EndOfStream, eventstore.Backwards, searchBack) {
		if errors.Is(err, eventstore.ErrStreamNotFound) {
			break
		}
		if err != nil {
			return eventstore.Appended{}, false, err
		}
		if wanted[e.ID] {
			last = e.Revision
			break
		}
	}
	if last == eventstore.NoRevision {
		return eventstore.Appended{}, false, nil
	}
	done, ok, err := s.findAt(ctx, stream, last-eventstore.Revision(len(events)), events)
	if err == nil && !ok {
		err = fmt.Errorf("%w: some of its events stand in %q already, up to revision %d, and not all of them together",
			eventstore.ErrInvalidAppend, stream, last)
	}
	return done, ok, err
}

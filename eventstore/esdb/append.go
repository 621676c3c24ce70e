package esdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

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
	n, err := s.nodes.acquire(ctx)
	if err != nil {
		return eventstore.Appended{}, err
	}
	defer s.nodes.release(n)
	resp, f := s.send(ctx, n, stream, expected, events, times)
	if f != nil {
		if f.lost {
			s.nodes.lost(n, f.leader)
		}
		if !f.unsent {
			s.attempts.unanswered(key, last)
		}
		return eventstore.Appended{}, f
	}
	if wrong := resp.GetWrongExpectedVersion(); wrong != nil {
		return eventstore.Appended{}, s.conflict(ctx, stream, expected, wrong)
	}

	success := resp.GetSuccess()
	if success == nil {
		s.attempts.unanswered(key, last)
		return eventstore.Appended{}, fmt.Errorf("%w: the server's answer is empty", eventstore.ErrUnavailable)
	}
	done := eventstore.Appended{
		Revision: eventstore.Revision(success.GetCurrentRevision()),
		Position: eventstore.Position(success.GetPosition().GetCommitPosition()),
	}
	if exact && done.Revision != base+eventstore.Revision(len(events)) {
		return eventstore.Appended{}, fmt.Errorf("%w: %d events after revision %d landed at %d",
			eventstore.ErrDamaged, len(events), base, done.Revision)
	}
	doubtful := open && (done.Position > before)
	if doubtful || success.GetPosition() == nil {
		// Which of several tries wrote the events shows in their time; if that
		// was given with them, the earlier try gets the credit. Old servers do
		// not tell the position of a repeat.
		e, err := s.one(ctx, stream, done.Revision)
		if err != nil {
			s.attempts.unanswered(key, last)
			return eventstore.Appended{}, fmt.Errorf("%w: the events are there, but could not be read back: %w", eventstore.ErrUnavailable, err)
		}
		done.Position = e.Position
		done.Repeated = !e.RecordedAt.Equal(last) || open && !highest.IsZero()
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

// send makes the call and returns the server's answer.
func (s *Store) send(ctx context.Context, n *node, stream string, expected eventstore.Expected, events []eventstore.Proposed, times []time.Time) (*api.AppendResp, *failure) {
	options := &api.AppendReq_Options{StreamIdentifier: streamName(stream)}
	switch base, exact := expected.Exact(); {
	case !exact:
		options.ExpectedStreamRevision = &api.AppendReq_Options_StreamExists{StreamExists: &shared.Empty{}}
	case base == eventstore.NoRevision:
		options.ExpectedStreamRevision = &api.AppendReq_Options_NoStream{NoStream: &shared.Empty{}}
	default:
		options.ExpectedStreamRevision = &api.AppendReq_Options_Revision{Revision: uint64(base)}
	}
	// The call must not outlive a failure to send.
	calling, cancel := context.WithCancel(ctx)
	defer cancel()
	call, err := n.streams().Append(s.nodes.outgoing(calling))
	if err != nil {
		return nil, translate("event log", err, nil)
	}
	err = call.Send(&api.AppendReq{Content: &api.AppendReq_Options_{Options: options}})
	for i := 0; i < len(events) && err == nil; i++ {
		err = call.Send(proposal(events[i], times[i]))
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, translate("event log", err, call.Trailer())
	}
	// EOF: the server has already answered, and why is in its answer.
	resp, err := call.CloseAndRecv()
	if err != nil {
		settle(ctx, err)
		f := translate("event log", err, call.Trailer())
		if first(call.Trailer(), "exception") == "wrong-expected-version" {
			return olderConflict(first(call.Trailer(), "actual-version")), nil
		}
		return nil, f
	}
	return resp, nil
}

// olderConflict words the answer of servers that tell a conflict as an error.
func olderConflict(actual string) *api.AppendResp {
	wrong := &api.AppendResp_WrongExpectedVersion{}
	if at, err := strconv.ParseInt(actual, 10, 64); err == nil && at >= 0 {
		wrong.CurrentRevisionOption = &api.AppendResp_WrongExpectedVersion_CurrentRevision{CurrentRevision: uint64(at)}
	} else if err == nil && at == -1 {
		wrong.CurrentRevisionOption = &api.AppendResp_WrongExpectedVersion_CurrentNoStream{CurrentNoStream: &shared.Empty{}}
	}
	return &api.AppendResp{Result: &api.AppendResp_WrongExpectedVersion_{WrongExpectedVersion: wrong}}
}

// conflict tells what revision the stream is at, which it asks for if the
// server did not say.
func (s *Store) conflict(ctx context.Context, stream string, expected eventstore.Expected, wrong *api.AppendResp_WrongExpectedVersion) error {
	conflict := &eventstore.WrongRevisionError{Stream: stream, Expected: expected, Actual: eventstore.NoRevision}
	switch current := wrong.GetCurrentRevisionOption().(type) {
	case *api.AppendResp_WrongExpectedVersion_CurrentRevision:
		conflict.Actual = eventstore.Revision(current.CurrentRevision)
	case *api.AppendResp_WrongExpectedVersion_CurrentNoStream:
	default:
		last, err := s.one(ctx, stream, eventstore.EndOfStream)
		if err != nil && !errors.Is(err, eventstore.ErrStreamNotFound) {
			return err
		}
		if err == nil {
			conflict.Actual = last.Revision
		}
	}
	return conflict
}

// one reads the event of a stream at a revision, or its last.
func (s *Store) one(ctx context.Context, stream string, at eventstore.Revision) (eventstore.Recorded, error) {
	for e, err := range s.read(ctx, readStreamRequest(stream, at, eventstore.Backwards, 1)) {
		return e, err
	}
	return eventstore.Recorded{}, eventstore.ErrStreamNotFound
}

// findAt looks whether exactly these events stand after revision base.
func (s *Store) findAt(ctx context.Context, stream string, base eventstore.Revision, events []eventstore.Proposed) (eventstore.Appended, bool, error) {
	at := 0
	for e, err := range s.read(ctx, readStreamRequest(stream, base+1, eventstore.Forwards, uint64(len(events)))) {
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
	for e, err := range s.read(ctx, readStreamRequest(stream, eventstore.EndOfStream, eventstore.Backwards, searchBack)) {
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

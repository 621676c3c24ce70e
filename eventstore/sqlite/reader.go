package sqlite

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"aftersales-ledger/eventstore"
)

// Reads take the log in pages and hold no connection and no transaction while
// the caller looks at one: a caller that takes its time would keep SQLite from
// ever beginning its write-ahead log anew.
//
// The first page of a stream is small, because most streams are, and a caller
// that wants one event of a long one should not pay for the rest.
const (
	pageEvents      = 512
	firstPageEvents = 16
	pageBytes       = 4 << 20 // of data and metadata; a page holds at least one event
)

const columns = "e.revision, e.position, s.name, e.id, e.type, e.data, e.metadata, e.recorded_at"

// The stream is joined from the left, so that an event whose stream is missing
// is found and not passed over.
const (
	logPage = "SELECT " + columns + ` FROM events e LEFT JOIN streams s ON s.id = e.stream_id
		WHERE e.position > ? AND e.position <= ? ORDER BY e.position LIMIT ?`
	streamPageForwards = "SELECT " + columns + ` FROM events e LEFT JOIN streams s ON s.id = e.stream_id
		WHERE e.stream_id = ? AND e.revision BETWEEN ? AND ? ORDER BY e.revision LIMIT ?`
	streamPageBackwards = "SELECT " + columns + ` FROM events e LEFT JOIN streams s ON s.id = e.stream_id
		WHERE e.stream_id = ? AND e.revision BETWEEN ? AND ? ORDER BY e.revision DESC LIMIT ?`
	streamEnd = `SELECT s.id, (SELECT max(revision) FROM events WHERE stream_id = s.id)
		FROM streams s WHERE s.name = ?`
)

// readers is a pool of connections that only read.
type readers struct {
	free   chan *sqlite.Conn
	closed <-chan struct{}
}

func openReaders(path string, closed <-chan struct{}) (*readers, error) {
	n := max(4, runtime.GOMAXPROCS(0))
	r := &readers{free: make(chan *sqlite.Conn, n), closed: closed}
	for range n {
		conn, err := sqlite.OpenConn(path, sqlite.OpenReadOnly)
		if err != nil {
			return nil, errors.Join(storageError(err), r.closeFree())
		}
		conn.SetBusyTimeout(busyTimeout)
		r.free <- conn
	}
	return r, nil
}

// with lends a connection. It waits for one if all are lent out.
func (r *readers) with(ctx context.Context, use func(*sqlite.Conn) error) error {
	if err := r.usable(ctx); err != nil {
		return err
	}
	select {
	case conn := <-r.free:
		defer func() { r.free <- conn }()
		return use(conn)
	case <-ctx.Done():
		return ctx.Err()
	case <-r.closed:
		return eventstore.ErrClosed
	}
}

// usable returns why nothing can be read any more, if so.
func (r *readers) usable(ctx context.Context) error {
	select {
	case <-r.closed:
		return eventstore.ErrClosed
	default:
		return ctx.Err()
	}
}

// close waits for the pages being read and closes the connections.
func (r *readers) close() error {
	var err error
	for range cap(r.free) {
		conn := <-r.free
		err = errors.Join(err, conn.Close())
	}
	return err
}

// closeFree closes the connections that are there.
func (r *readers) closeFree() error {
	var err error
	for len(r.free) > 0 {
		conn := <-r.free
		err = errors.Join(err, conn.Close())
	}
	return err
}

// ReadAll implements [eventstore.Store]. A position beyond the end of the log
// yields ErrDamaged: whoever holds it has seen events that are gone.
func (s *Store) ReadAll(ctx context.Context, after eventstore.Position) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		end := s.head.get()
		if err := checkStart(after, end); err != nil {
			yield(eventstore.Recorded{}, err)
			return
		}
		for after < end {
			events, err := s.logAfter(ctx, after, end, pageEvents)
			if err != nil {
				yield(eventstore.Recorded{}, err)
				return
			}
			if !s.yieldAll(ctx, events, yield) {
				return
			}
			after = events[len(events)-1].Position
		}
		if err := s.readers.usable(ctx); err != nil {
			yield(eventstore.Recorded{}, err)
		}
	}
}

// EventAt implements [eventstore.Store].
func (s *Store) EventAt(ctx context.Context, at eventstore.Position) (eventstore.Recorded, error) {
	if at == 0 || at > s.head.get() {
		if err := s.readers.usable(ctx); err != nil {
			return eventstore.Recorded{}, err
		}
		return eventstore.Recorded{}, fmt.Errorf("%w: position %d", eventstore.ErrEventNotFound, at)
	}
	// Within the log every position holds an event; that it is missing would
	// be damage.
	events, err := s.logAfter(ctx, at-1, at, 1)
	if err != nil {
		return eventstore.Recorded{}, err
	}
	return events[0], nil
}

// Subscribe implements [eventstore.Store]. It waits for commits, not for a
// clock: a subscription that has nothing to deliver costs nothing. A position
// beyond the end of the log yields ErrDamaged, as in ReadAll. limit must be at
// least 1.
func (s *Store) Subscribe(
	ctx context.Context, after eventstore.Position, limit int,
) iter.Seq2[eventstore.Batch, error] {
	return func(yield func(eventstore.Batch, error) bool) {
		if limit < 1 {
			yield(eventstore.Batch{}, fmt.Errorf("subscription with a limit of %d events", limit))
			return
		}
		if err := checkStart(after, s.head.get()); err != nil {
			yield(eventstore.Batch{}, err)
			return
		}
		for caughtUp := false; ; {
			batch, moved, err := s.nextBatch(ctx, after, limit)
			if err != nil {
				yield(eventstore.Batch{}, err)
				return
			}
			if len(batch.Events) > 0 || !caughtUp {
				if !yield(batch, nil) {
					return
				}
			}
			after, caughtUp = batch.Position, batch.CaughtUp
			if caughtUp {
				s.await(ctx, moved)
			}
		}
	}
}

// nextBatch reads on after a position and returns a channel that is closed when
// the log has grown beyond what it saw.
func (s *Store) nextBatch(
	ctx context.Context, after eventstore.Position, limit int,
) (eventstore.Batch, <-chan struct{}, error) {
	if err := s.readers.usable(ctx); err != nil {
		return eventstore.Batch{}, nil, err
	}
	end, moved := s.head.watch()
	batch := eventstore.Batch{Position: after}
	if after < end {
		events, err := s.logAfter(ctx, after, end, limit)
		if err != nil {
			return eventstore.Batch{}, nil, err
		}
		batch.Events, batch.Position = events, events[len(events)-1].Position
	}
	batch.CaughtUp = batch.Position >= end
	return batch, moved, nil
}

// await returns when the log has moved on, or the subscription is over.
func (s *Store) await(ctx context.Context, moved <-chan struct{}) {
	select {
	case <-moved:
	case <-ctx.Done():
	case <-s.closed:
	}
}

// checkStart refuses to read on from where the log has never been: the file
// was replaced by an older one, or the reader belongs to another log. Waiting
// for the log to grow there would silently pass events over.
func checkStart(after, end eventstore.Position) error {
	if after <= end {
		return nil
	}
	return fmt.Errorf("%w: it ends at position %d, but was read up to %d before", eventstore.ErrDamaged, end, after)
}

// logAfter reads at least one and at most limit events of the log after a
// position, which must lie before end.
func (s *Store) logAfter(
	ctx context.Context, after, end eventstore.Position, limit int,
) ([]eventstore.Recorded, error) {
	p := page{events: make([]eventstore.Recorded, 0, min(limit, pageEvents, int(end-after)))}
	err := s.readers.with(ctx, func(conn *sqlite.Conn) error {
		stmt, err := conn.Prepare(logPage)
		if err != nil {
			return err
		}
		stmt.BindInt64(1, int64(after))
		stmt.BindInt64(2, int64(end))
		stmt.BindInt64(3, int64(limit))
		return p.read(stmt, func(e eventstore.Recorded) error {
			return checkNext("position", uint64(after)+uint64(len(p.events))+1, uint64(e.Position))
		})
	})
	if err == nil && len(p.events) == 0 {
		err = fmt.Errorf("%w: position %d is missing", eventstore.ErrDamaged, after+1)
	}
	return p.events, readError(err)
}

// ReadStream implements [eventstore.Store]. Like ReadAll it ends where the
// stream ended when it began.
func (s *Store) ReadStream(
	ctx context.Context, stream string, from eventstore.Revision, dir eventstore.Direction,
) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		span, err := s.span(ctx, stream, from, dir)
		if err != nil {
			yield(eventstore.Recorded{}, err)
			return
		}
		for limit := firstPageEvents; !span.empty(); limit = min(4*limit, pageEvents) {
			events, err := s.streamPage(ctx, stream, span, limit)
			if err != nil {
				yield(eventstore.Recorded{}, err)
				return
			}
			if !s.yieldAll(ctx, events, yield) {
				return
			}
			span.advance(len(events))
		}
		if err := s.readers.usable(ctx); err != nil {
			yield(eventstore.Recorded{}, err)
		}
	}
}

// span is what is still to be read of a stream, both ends included.
type span struct {
	stream      int64
	first, last eventstore.Revision
	dir         eventstore.Direction
}

func (s *span) empty() bool { return s.first > s.last }

// next returns the revision that is i events away from where the span begins.
func (s *span) next(i int) eventstore.Revision {
	if s.dir == eventstore.Backwards {
		return s.last - eventstore.Revision(i)
	}
	return s.first + eventstore.Revision(i)
}

func (s *span) advance(n int) {
	if s.dir == eventstore.Backwards {
		s.last = s.next(n)
	} else {
		s.first = s.next(n)
	}
}

// span resolves a read against the stream as it is now.
func (s *Store) span(
	ctx context.Context, stream string, from eventstore.Revision, dir eventstore.Direction,
) (span, error) {
	found := span{dir: dir, last: eventstore.NoRevision}
	err := s.readers.with(ctx, func(conn *sqlite.Conn) error {
		stmt, err := conn.Prepare(streamEnd)
		if err != nil {
			return err
		}
		stmt.BindText(1, stream)
		return query(stmt, func(row *sqlite.Stmt) error {
			if row.ColumnType(1) == sqlite.TypeNull {
				return fmt.Errorf("%w: the events of stream %q are missing", eventstore.ErrDamaged, stream)
			}
			found.stream, found.last = row.ColumnInt64(0), eventstore.Revision(row.ColumnInt64(1))
			return nil
		})
	})
	if err != nil {
		return span{}, readError(err)
	}
	if found.last == eventstore.NoRevision {
		return span{}, fmt.Errorf("%w: %q", eventstore.ErrStreamNotFound, stream)
	}
	if dir == eventstore.Backwards {
		found.last = min(found.last, from)
	} else {
		found.first = max(0, from)
	}
	return found, nil
}

// streamPage reads at least one event, at most limit, from where the span begins.
func (s *Store) streamPage(ctx context.Context, stream string, span span, limit int) ([]eventstore.Recorded, error) {
	p := page{events: make([]eventstore.Recorded, 0, min(limit, int(span.last-span.first)+1))}
	err := s.readers.with(ctx, func(conn *sqlite.Conn) error {
		text := streamPageForwards
		if span.dir == eventstore.Backwards {
			text = streamPageBackwards
		}
		stmt, err := conn.Prepare(text)
		if err != nil {
			return err
		}
		stmt.BindInt64(1, span.stream)
		stmt.BindInt64(2, int64(span.first))
		stmt.BindInt64(3, int64(span.last))
		stmt.BindInt64(4, int64(limit))
		return p.read(stmt, func(e eventstore.Recorded) error {
			return checkNext("revision", int64(span.next(len(p.events))), int64(e.Revision))
		})
	})
	if err == nil && len(p.events) == 0 {
		err = fmt.Errorf("%w: revision %d is missing", eventstore.ErrDamaged, span.next(0))
	}
	if err = readError(err); err != nil && errors.Is(err, eventstore.ErrDamaged) {
		err = fmt.Errorf("stream %q: %w", stream, err)
	}
	return p.events, err
}

// checkNext makes sure that nothing is missing between two events.
func checkNext[N int64 | uint64](what string, want, got N) error {
	if got == want {
		return nil
	}
	return fmt.Errorf("%w: %s %d is missing, the next one found is %d", eventstore.ErrDamaged, what, want, got)
}

// yieldAll hands a page on; false if the read is over.
func (s *Store) yieldAll(
	ctx context.Context, events []eventstore.Recorded, yield func(eventstore.Recorded, error) bool,
) bool {
	for i := range events {
		if err := s.readers.usable(ctx); err != nil {
			yield(eventstore.Recorded{}, err)
			return false
		}
		if !yield(events[i], nil) {
			return false
		}
	}
	return true
}

// page collects the events of one page.
type page struct {
	events []eventstore.Recorded
	bytes  int
}

// read steps through a statement until it or the page is at its end.
func (p *page) read(stmt *sqlite.Stmt, check func(eventstore.Recorded) error) error {
	for p.bytes < pageBytes {
		more, err := stmt.Step()
		if err != nil || !more {
			return errors.Join(err, resetAfter(stmt, err))
		}
		e, err := decode(stmt)
		if err == nil {
			err = check(e)
		}
		if err != nil {
			return errors.Join(err, stmt.Reset())
		}
		p.events = append(p.events, e)
		p.bytes += len(e.Data) + len(e.Metadata)
	}
	return stmt.Reset()
}

// decode reads an event from the current row of a statement over columns.
func decode(stmt *sqlite.Stmt) (eventstore.Recorded, error) {
	e := eventstore.Recorded{
		Revision:   eventstore.Revision(stmt.ColumnInt64(0)),
		Position:   eventstore.Position(stmt.ColumnInt64(1)),
		Stream:     stmt.ColumnText(2),
		Type:       stmt.ColumnText(4),
		RecordedAt: fromMicro(stmt.ColumnInt64(7)),
	}
	if e.Stream == "" {
		return e, fmt.Errorf("%w: the event at position %d belongs to no stream", eventstore.ErrDamaged, e.Position)
	}
	if n := stmt.ColumnBytes(3, e.ID[:]); n != len(uuid.UUID{}) || stmt.ColumnLen(3) != n {
		return e, fmt.Errorf("%w: the event at position %d has an ID of %d bytes", eventstore.ErrDamaged, e.Position,
			stmt.ColumnLen(3))
	}
	// One allocation for both; neither may grow into the other.
	data, metadata := stmt.ColumnLen(5), stmt.ColumnLen(6)
	content := make([]byte, data+metadata)
	stmt.ColumnBytes(5, content[:data])
	stmt.ColumnBytes(6, content[data:])
	e.Data, e.Metadata = content[:data:data], content[data:]
	return e, nil
}

// readError passes on what ends a read as such and translates SQLite's errors.
func readError(err error) error {
	if errors.Is(err,
		context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, eventstore.ErrClosed) {
		return err
	}
	return storageError(err)
}

package sqlite

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/golang-lru/v2/simplelru"
	"zombiezen.com/go/sqlite"

	"aftersales-ledger/eventstore"
)

const (
	// checkpointPages is how long the write-ahead log grows before SQLite
	// copies it into the file, in pages: 8 MB, measured as some 10 ms of the
	// commit it falls on. Four times as long wrote no faster and stalled
	// three times as long.
	checkpointPages = 1000

	// maxWALBytes bounds the write-ahead log even if readers are at work
	// without a break: SQLite can only begin it anew in a moment when none
	// reads from it. Past this size the writer waits for that moment, which
	// lasts as long as the reading of one page.
	maxWALBytes = 64 << 20

	// busyTimeout is how long the writer waits for a lock of another process,
	// say, a shell that has the file open.
	busyTimeout = 5 * time.Second

	// knownStreams bounds the streams whose last revision is kept in memory;
	// some 150 bytes each.
	knownStreams = 1 << 15

	// repeatWindow is how many of a stream's last events are searched for a
	// repeat when the expectation names no revision.
	repeatWindow = 128
)

// streamState is what the writer knows about a stream.
type streamState struct {
	id   int64
	last eventstore.Revision
}

// writer owns the only connection that writes. What it keeps in memory (head,
// time, streams) runs ahead of the file during a transaction and is forgotten
// if the transaction fails.
type writer struct {
	mu   sync.Mutex // held by whoever uses the connection
	conn *sqlite.Conn
	stmts
	clock     eventstore.Clock
	committed *head
	wal       string // path
	walBound  int64  // maxWALBytes, less in a test
	walLimit  int64  // bytes at which the log is next cut back
	bulk      bool
	marked    bool // the file says that its bulk load is under way
	done      chan struct{}

	known    bool // the fields below match the file
	position eventstore.Position
	time     int64 // RecordedAt of the last event in µs
	streams  *simplelru.LRU[string, streamState]

	beforeCommit func() error // tests let a commit fail here
}

// stmts are the prepared statements of the writing connection.
type stmts struct {
	begin, commit, rollback  *sqlite.Stmt
	lastEvent                *sqlite.Stmt
	findStream, lastRevision *sqlite.Stmt
	addStream, addEvent      *sqlite.Stmt
	idsFrom                  *sqlite.Stmt
}

func prepareStatements(conn *sqlite.Conn) (s stmts, err error) {
	for _, p := range []struct {
		stmt  **sqlite.Stmt
		query string
	}{
		{&s.begin, "BEGIN IMMEDIATE"},
		{&s.commit, "COMMIT"},
		{&s.rollback, "ROLLBACK"},
		{&s.lastEvent, "SELECT position, recorded_at FROM events ORDER BY position DESC LIMIT 1"},
		{&s.findStream, "SELECT id FROM streams WHERE name = ?"},
		{&s.lastRevision, "SELECT revision FROM events WHERE stream_id = ? ORDER BY revision DESC LIMIT 1"},
		{&s.addStream, "INSERT INTO streams (name) VALUES (?)"},
		{&s.addEvent, "INSERT INTO events (position, stream_id, revision, id, type, data, metadata, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
		{&s.idsFrom, "SELECT id, position FROM events WHERE stream_id = ? AND revision >= ? ORDER BY revision LIMIT ?"},
	} {
		if *p.stmt, err = conn.Prepare(p.query); err != nil {
			return s, storageError(err)
		}
	}
	return s, nil
}

// openWriter opens the file for writing, creating it if it is fresh.
func openWriter(path string, opts Options, committed *head) (_ *writer, err error) {
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite, sqlite.OpenCreate)
	if err != nil {
		return nil, storageError(err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, conn.Close())
		}
	}()
	conn.SetBusyTimeout(busyTimeout)
	if err := prepareFile(conn, opts.Durability); err != nil {
		return nil, err
	}
	streams, err := simplelru.NewLRU[string, streamState](knownStreams, nil)
	if err != nil {
		return nil, err
	}
	w := &writer{
		conn: conn, clock: opts.Clock, committed: committed,
		wal: path + "-wal", walBound: maxWALBytes, walLimit: maxWALBytes,
		bulk: opts.Durability == BulkLoad, done: make(chan struct{}), streams: streams,
	}
	if w.stmts, err = prepareStatements(conn); err != nil {
		return nil, err
	}
	if err := w.recall(); err != nil {
		return nil, err
	}
	committed.set(w.position)
	return w, nil
}

// run commits what comes through the queue until it is closed and empty.
func (w *writer) run(q *queue) {
	defer close(w.done)
	var group []*request
	for {
		if group = q.take(group); len(group) == 0 {
			return
		}
		w.write(group)
		// Those just answered get to queue their next append now; otherwise
		// the first of them would start a group, and a sync, of its own.
		runtime.Gosched()
	}
}

// write commits the appends of a group in one transaction and answers them.
func (w *writer) write(group []*request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	answers := make([]answer, len(group))
	if err := w.transact(group, answers); err != nil {
		for i := range answers {
			answers[i] = answer{err: err}
		}
	} else {
		w.committed.set(w.position)
	}
	for i, r := range group {
		r.answer <- answers[i]
		group[i] = nil
	}
	w.boundWAL()
}

// transact applies a group and commits it. After an error, which wraps
// ErrUnavailable or ErrDamaged, nothing of the group was written and the next
// group starts from what the file holds.
func (w *writer) transact(group []*request, answers []answer) (err error) {
	defer func() {
		if err != nil {
			err = storageError(err)
			w.forget()
		}
	}()
	if err := w.start(); err != nil {
		return err
	}
	for i, r := range group {
		if !r.take() {
			continue // withdrawn: nobody waits for the answer
		}
		if answers[i], err = w.apply(r); err != nil {
			return err
		}
	}
	if w.beforeCommit != nil {
		if err := w.beforeCommit(); err != nil {
			return err
		}
	}
	return run(w.commit)
}

// start begins a transaction with the writer's memory in line with the file.
func (w *writer) start() error {
	if err := w.recall(); err != nil {
		return err
	}
	if w.bulk && !w.marked {
		if err := w.mark(-schemaVersion); err != nil {
			return err
		}
		w.marked = true
	}
	return run(w.begin)
}

// forget drops a failed transaction and everything known of it.
func (w *writer) forget() {
	w.known = false
	w.streams.Purge()
	w.rollBack()
}

// rollBack ends a transaction that is still open. A failure is not final:
// recall tries again.
func (w *writer) rollBack() {
	if !w.conn.AutocommitEnabled() {
		_ = run(w.rollback)
	}
}

// recall reads the end of the log from the file if it is not known.
func (w *writer) recall() error {
	if w.known {
		return nil
	}
	w.rollBack()
	w.position, w.time = 0, minTime
	err := query(w.lastEvent, func(s *sqlite.Stmt) error {
		w.position, w.time = eventstore.Position(s.ColumnInt64(0)), s.ColumnInt64(1)
		return nil
	})
	if err != nil {
		return storageError(err)
	}
	w.known = true
	return nil
}

// minTime lies before every time an event may carry.
const minTime = -1 << 63

// apply accepts or refuses one append. The answer carries the refusal; an
// error is one of the storage and fails the whole group.
func (w *writer) apply(r *request) (answer, error) {
	st, err := w.lookUp(r.stream)
	if err != nil {
		return answer{}, err
	}
	exact, ok := r.expected.Exact()
	switch {
	case !ok && st.last != eventstore.NoRevision:
		if a, found, err := w.repeatInTail(r, st); found || err != nil {
			return a, err
		}
	case ok && exact == st.last:
	case ok && exact < st.last:
		if a, found, err := w.repeatAt(r, st, exact+1); found || err != nil {
			return a, err
		}
		fallthrough
	default:
		return answer{err: &eventstore.WrongRevisionError{Stream: r.stream, Expected: r.expected, Actual: st.last}}, nil
	}
	return w.insert(r, st)
}

// lookUp returns what is known of a stream; a new one has no ID.
func (w *writer) lookUp(name string) (streamState, error) {
	if st, ok := w.streams.Get(name); ok {
		return st, nil
	}
	st := streamState{last: eventstore.NoRevision}
	w.findStream.BindText(1, name)
	err := query(w.findStream, func(s *sqlite.Stmt) error {
		st.id = s.ColumnInt64(0)
		return nil
	})
	if err != nil || st.id == 0 {
		return st, err
	}
	w.lastRevision.BindInt64(1, st.id)
	err = query(w.lastRevision, func(s *sqlite.Stmt) error {
		st.last = eventstore.Revision(s.ColumnInt64(0))
		return nil
	})
	if err == nil {
		w.streams.Add(name, st)
	}
	return st, err
}

// placed is an event's identity and where it stands.
type placed struct {
	id       uuid.UUID
	position eventstore.Position
}

// places returns at most n events of a stream from a revision on.
func (w *writer) places(st streamState, from eventstore.Revision, n int) ([]placed, error) {
	var found []placed
	w.idsFrom.BindInt64(1, st.id)
	w.idsFrom.BindInt64(2, int64(from))
	w.idsFrom.BindInt64(3, int64(n))
	err := query(w.idsFrom, func(s *sqlite.Stmt) error {
		p := placed{position: eventstore.Position(s.ColumnInt64(1))}
		s.ColumnBytes(0, p.id[:])
		found = append(found, p)
		return nil
	})
	return found, err
}

// repeatAt recognises an append whose events already stand at revision from.
func (w *writer) repeatAt(r *request, st streamState, from eventstore.Revision) (answer, bool, error) {
	there, err := w.places(st, from, len(r.rows))
	if err != nil || !matches(there, r.rows) {
		return answer{}, false, err
	}
	return repeated(from, there), true, nil
}

// repeatInTail recognises an append whose events stand among the stream's last
// ones. If only some of them do, the append is neither new nor a repeat, and
// is refused.
func (w *writer) repeatInTail(r *request, st streamState) (answer, bool, error) {
	from := max(0, st.last-repeatWindow+1)
	tail, err := w.places(st, from, repeatWindow)
	if err != nil {
		return answer{}, false, err
	}
	ids := make(map[uuid.UUID]struct{}, len(r.rows))
	for i := range r.rows {
		ids[r.rows[i].id] = struct{}{}
	}
	for i, p := range tail {
		if _, there := ids[p.id]; !there {
			continue
		}
		if run := tail[i:]; len(run) >= len(r.rows) && matches(run[:len(r.rows)], r.rows) {
			return repeated(from+eventstore.Revision(i), run[:len(r.rows)]), true, nil
		}
		return answer{
			err: fmt.Errorf("%w: event %v is in stream %q already, but not all of the append", eventstore.ErrInvalidAppend, p.id,
				r.stream),
		}, true, nil
	}
	return answer{}, false, nil
}

func matches(there []placed, rows []row) bool {
	if len(there) != len(rows) {
		return false
	}
	for i := range rows {
		if rows[i].id != there[i].id {
			return false
		}
	}
	return true
}

// repeated answers an append whose events were found from revision on.
func repeated(from eventstore.Revision, there []placed) answer {
	return answer{appended: eventstore.Appended{
		Revision: from + eventstore.Revision(len(there)) - 1,
		Position: there[len(there)-1].position,
		Repeated: true,
	}}
}

// insert writes the events of an append to the end of the log.
func (w *writer) insert(r *request, st streamState) (answer, error) {
	last, refused := w.stamp(r)
	if refused != nil {
		return answer{err: refused}, nil
	}
	if st.id == 0 {
		w.addStream.BindText(1, r.stream)
		if err := run(w.addStream); err != nil {
			return answer{}, err
		}
		st.id = w.conn.LastInsertRowID()
	}
	for i := range r.rows {
		st.last++
		w.position++
		if err := w.insertRow(&r.rows[i], st); err != nil {
			return answer{}, err
		}
	}
	w.time = last
	w.streams.Add(r.stream, st)
	return answer{appended: eventstore.Appended{Revision: st.last, Position: w.position}}, nil
}

// stamp gives every event its time, which never runs backwards along the log
// even if the clock does. It returns the last one, or the refusal of a time
// that was given and lies before the log's last.
func (w *writer) stamp(r *request) (last int64, refused error) {
	last = w.time
	now := max(last, w.clock().UnixMicro())
	for i := range r.rows {
		e := &r.rows[i]
		if !e.given {
			e.at = max(last, now)
		}
		if e.at < last {
			return 0, fmt.Errorf("%w: event %d was recorded at %v, before the log's last event at %v",
				eventstore.ErrInvalidAppend, i, fromMicro(e.at), fromMicro(last))
		}
		last = e.at
	}
	return last, nil
}

func fromMicro(µs int64) time.Time { return time.UnixMicro(µs).UTC() }

// insertRow writes one event at the writer's position.
func (w *writer) insertRow(e *row, st streamState) error {
	s := w.addEvent
	s.BindInt64(1, int64(w.position))
	s.BindInt64(2, st.id)
	s.BindInt64(3, int64(st.last))
	s.BindBytes(4, e.id[:])
	s.BindText(5, e.typ)
	s.BindText(6, e.data)
	s.BindText(7, e.metadata)
	s.BindInt64(8, e.at)
	return run(s)
}

// boundWAL cuts the write-ahead log back when it has outgrown its bound.
func (w *writer) boundWAL() {
	info, err := os.Stat(w.wal)
	if err != nil || info.Size() < w.walLimit {
		return
	}
	if err := w.truncateWAL(); err != nil {
		// Another process reads on. Waiting for it with every commit would
		// stop the ledger, so the next try is a whole log away.
		w.walLimit = info.Size() + w.walBound
		return
	}
	w.walLimit = w.walBound
}

// truncateWAL copies the write-ahead log into the file and empties it, waiting
// for readers to finish their page.
func (w *writer) truncateWAL() error {
	busy, err := queryInt(w.conn, "PRAGMA wal_checkpoint(TRUNCATE)")
	if err != nil {
		return storageError(err)
	}
	if busy != 0 {
		return fmt.Errorf("%w: another process is reading the file", eventstore.ErrUnavailable)
	}
	return nil
}

// checkpoint implements Store.Checkpoint.
func (w *writer) checkpoint() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn == nil {
		return eventstore.ErrClosed
	}
	if w.marked {
		return w.finishBulk()
	}
	return w.truncateWAL()
}

// finishBulk makes a bulk load durable and takes the mark off the file. The
// mark goes only after all else is on the disk: were both on their way
// together, a crash could keep the one and lose the other.
func (w *writer) finishBulk() error {
	if err := w.mark(-schemaVersion); err != nil {
		return err
	}
	if err := w.mark(schemaVersion); err != nil {
		return err
	}
	w.marked = false
	return nil
}

// mark writes the file's version, negative for a bulk load under way, and
// returns once it and everything written before it is on the disk. Writing it
// makes SQLite sync the file even if the checkpoint had nothing else to copy.
func (w *writer) mark(version int) error {
	if err := execute(w.conn, "PRAGMA synchronous = full"); err != nil {
		return err
	}
	if err := execute(w.conn, fmt.Sprintf("PRAGMA user_version = %d", version)); err != nil {
		return err
	}
	if err := w.truncateWAL(); err != nil {
		return err
	}
	if version > 0 {
		return nil
	}
	return execute(w.conn, "PRAGMA synchronous = off")
}

// close releases the connection; under BulkLoad it makes the file durable.
func (w *writer) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var err error
	if w.marked {
		err = w.finishBulk()
	}
	err = errors.Join(err, w.conn.Close())
	w.conn = nil
	return err
}

// run executes a statement that returns no rows.
func run(s *sqlite.Stmt) error {
	_, err := s.Step()
	return errors.Join(err, resetAfter(s, err))
}

// query calls row for every row of a statement.
func query(s *sqlite.Stmt, row func(*sqlite.Stmt) error) error {
	for {
		more, err := s.Step()
		if err == nil && more {
			err = row(s)
		}
		if err != nil || !more {
			return errors.Join(err, resetAfter(s, err))
		}
	}
}

// resetAfter readies a statement for its next use. After a failure SQLite
// reports the same error once more, which is left out.
func resetAfter(s *sqlite.Stmt, failed error) error {
	err := s.Reset()
	if failed != nil {
		return nil
	}
	return err
}

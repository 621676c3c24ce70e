// Package sqlite keeps the event log in one SQLite file.
//
// It speaks to SQLite through zombiezen.com/go/sqlite rather than database/sql,
// because its prepared statements measured a fifth faster on batched inserts
// and twice as fast on scans.
//
// # Guarantees
//
// An append that returned nil under [Full] durability survives a crash of the
// process and of the machine: its transaction was committed to a write-ahead
// log that was synced. Positions count 1, 2, 3 without a hole, and so do the
// revisions of every stream; a read that finds a hole fails with
// [eventstore.ErrDamaged] instead of passing over it. Reads never wait for
// writes, nor writes for reads.
//
// # One writer
//
// One goroutine writes. What is queued while a commit is on its way to the
// disk goes into the next transaction together, so that many concurrent
// appends share one sync. Each append in such a group is accepted or refused on
// its own; all of them are answered only after the commit. Should the commit
// fail, none of them was written and all get [eventstore.ErrUnavailable].
//
// A file belongs to one store at a time; [Open] locks it against other
// processes.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/eventstore"
)

// Durability says when an append is safe on the disk.
type Durability uint8

const (
	// Full makes every append durable before it returns.
	Full Durability = iota

	// BulkLoad is for filling a fresh file, and only for that: it leaves
	// writing to the operating system and makes the file durable when it is
	// closed or on [Store.Checkpoint]. Until then a crash of the machine may
	// ruin the file, which is why the file is marked meanwhile and Open
	// refuses one whose filling was never finished.
	BulkLoad
)

// Options of a store. The zero value is ready for production.
type Options struct {
	Clock      eventstore.Clock // stamps events; nil is time.Now
	Durability Durability
}

// Store is an event log in a SQLite file. It is safe for concurrent use.
type Store struct {
	path    string
	opened  os.FileInfo // the file at path when it was opened
	lock    *os.File
	queue   *queue
	writer  *writer
	readers *readers
	head    *head
	closed  chan struct{} // closed when reads and subscriptions are to end
	close   func() error  // runs once
}

var _ eventstore.Consecutive = (*Store)(nil)

// Consecutive implements [eventstore.Consecutive].
func (s *Store) Consecutive() {}

// Open opens the event log in the file at path and creates it if there is none.
// The directory must exist. Beside it SQLite keeps path-wal and path-shm, which
// belong to the log while it is open, and the store keeps path.lock.
//
// Open refuses a file that another process has open, that is not an event log,
// that a newer version wrote, or whose bulk load was never finished
// ([eventstore.ErrDamaged]).
func Open(path string, opts Options) (_ *Store, err error) {
	defer func() {
		if err != nil {
			err = domain.Failed(err, "opening event log %s", path)
		}
	}()
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	file, err := realPath(path)
	if err != nil {
		return nil, err
	}
	lock, err := lockFile(file)
	if err != nil {
		return nil, err
	}
	// SQLite would let others read it, and gives what it keeps beside it the same rights.
	made, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	if err := made.Close(); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	s := &Store{path: file, lock: lock, queue: newQueue(), head: &head{}, closed: make(chan struct{})}
	s.close = sync.OnceValue(s.shutDown)
	if s.writer, err = openWriter(file, opts, s.head); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	if s.readers, err = openReaders(file, s.closed); err != nil {
		return nil, errors.Join(err, s.writer.close(), lock.Close())
	}
	if s.opened, err = os.Stat(file); err != nil {
		return nil, errors.Join(err, s.writer.close(), lock.Close())
	}
	go s.writer.run(s.queue)
	return s, nil
}

// realPath resolves links, so that one file is locked under one name.
func realPath(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if file, err := filepath.EvalSymlinks(path); err == nil {
		return file, nil
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, filepath.Base(path)), nil
}

// Append implements [eventstore.Store].
//
// A repeat is recognised at the place the expectation names: the events right
// after the expected revision, however long ago they were written. Under
// [eventstore.Exists], which names no place, it is searched among the last 128
// events of the stream.
//
// If ctx ends before the append was taken up, nothing is written. If it ends
// later the outcome is unknown. Both wrap ErrUnavailable and ctx.Err().
func (s *Store) Append(
	ctx context.Context, stream string, expected eventstore.Expected, events []eventstore.Proposed,
) (eventstore.Appended, error) {
	if err := ctx.Err(); err != nil {
		return eventstore.Appended{}, fmt.Errorf("%w: nothing was written: %w", eventstore.ErrUnavailable, err)
	}
	r, err := newRequest(stream, expected, events)
	if err != nil {
		return eventstore.Appended{}, err
	}
	if !s.queue.put(r) {
		return eventstore.Appended{}, eventstore.ErrClosed
	}
	select {
	case a := <-r.answer:
		return a.appended, a.err
	case <-ctx.Done():
	}
	if r.withdraw() {
		return eventstore.Appended{}, fmt.Errorf("%w: nothing was written: %w", eventstore.ErrUnavailable, ctx.Err())
	}
	select {
	case a := <-r.answer: // it came at the same moment
		return a.appended, a.err
	default:
		return eventstore.Appended{}, fmt.Errorf("%w: the append may have been written: %w", eventstore.ErrUnavailable,
			ctx.Err())
	}
}

// Head implements [eventstore.Store]. It costs no read.
func (s *Store) Head(ctx context.Context) (eventstore.Position, error) {
	if s.queue.isClosed() {
		return 0, eventstore.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	return s.head.get(), nil
}

// Probe implements [eventstore.Store]. A file that was removed or replaced while
// it was open takes events that nobody will ever read.
func (s *Store) Probe(ctx context.Context) error {
	if _, err := s.Head(ctx); err != nil {
		return err
	}
	now, err := os.Stat(s.path)
	if err != nil {
		return fmt.Errorf("%w: %w", eventstore.ErrUnavailable, err)
	}
	if !os.SameFile(s.opened, now) {
		return fmt.Errorf("%w: the file %s was replaced while it was open", eventstore.ErrUnavailable, s.path)
	}
	return nil
}

// Checkpoint moves everything from the write-ahead log into the file itself.
// Under [BulkLoad] the file is durable and complete when it returns nil. Under
// [Full], where nothing depends on it, it makes the file fit to be copied alone
// as long as nothing is appended.
func (s *Store) Checkpoint(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if s.queue.isClosed() {
		return eventstore.ErrClosed
	}
	return s.writer.checkpoint()
}

// Close commits the appends that were accepted, ends reads and subscriptions
// with [eventstore.ErrClosed] and releases the file. Under [BulkLoad] it makes
// the file durable first. Closing again does nothing and returns the same.
func (s *Store) Close() error { return s.close() }

func (s *Store) shutDown() error {
	s.queue.close()
	<-s.writer.done
	close(s.closed)
	// The readers go first: SQLite folds the write-ahead log into the file
	// when its last connection is closed, and that must be the writer's.
	return errors.Join(s.readers.close(), s.writer.close(), s.lock.Close())
}

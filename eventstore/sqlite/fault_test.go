package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"aftersales-ledger/eventstore"
)

// startGroup queues appends while the writer is held up, so that they all go
// into one transaction, and then lets the writer go.
func startGroup(t *testing.T, s *Store, appends ...*request) {
	t.Helper()
	s.writer.mu.Lock()
	defer s.writer.mu.Unlock()
	// The writer may have taken one request already and wait with it for the
	// lock; this one keeps the group together behind it.
	opener := mustRequest(t, "opener-"+uuid.NewString(), eventstore.NoStream(), benchEvent())
	s.queue.put(opener)
	for !s.queueIsEmpty() {
		runtime.Gosched() // until the writer has taken the opener
	}
	for _, r := range appends {
		s.queue.put(r)
	}
}

func (s *Store) queueIsEmpty() bool {
	s.queue.mu.Lock()
	defer s.queue.mu.Unlock()
	return len(s.queue.waiting) == 0
}

func mustRequest(t *testing.T, stream string, expected eventstore.Expected, events ...eventstore.Proposed) *request {
	t.Helper()
	r, err := newRequest(stream, expected, events)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestGroupAcceptsAndRefusesEachAppendOnItsOwn(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "ledger.db"), Options{})
	late := benchEvent()
	late.RecordedAt = time.Unix(0, 0)
	repeated := benchEvent()
	group := []*request{
		mustRequest(t, "a", eventstore.NoStream(), benchEvent(), benchEvent()),
		mustRequest(t, "a", eventstore.NoStream(), benchEvent()),
		mustRequest(t, "b", eventstore.NoStream(), repeated),
		mustRequest(t, "b", eventstore.At(0), late),
		mustRequest(t, "b", eventstore.NoStream(), repeated),
		mustRequest(t, "a", eventstore.At(1), benchEvent()),
		mustRequest(t, "withdrawn", eventstore.NoStream(), benchEvent()),
		mustRequest(t, "c", eventstore.Exists(), benchEvent()),
		mustRequest(t, "b", eventstore.Exists(), benchEvent()),
	}
	group[6].withdraw()
	startGroup(t, s, group...)

	wantErr := []error{
		nil, eventstore.ErrWrongRevision, nil, eventstore.ErrInvalidAppend, nil, nil, nil, eventstore.ErrWrongRevision, nil,
	}
	wantRevision := []eventstore.Revision{1, 0, 0, 0, 0, 2, 0, 0, 1}
	for i, r := range group {
		a := <-r.answer
		if !errors.Is(a.err, wantErr[i]) || a.appended.Revision != wantRevision[i] || a.appended.Repeated != (i == 4) {
			t.Errorf("append %d: %+v, %v", i, a.appended, a.err)
		}
	}
	if got := len(readAll(t, s)); got != 6 {
		t.Errorf("the log holds %d events, want 6", got)
	}
}

// A failed commit must leave no trace: not in the file, and not in what the
// writer believes of it.
func TestFailedCommitLeavesNothing(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "ledger.db"), Options{})
	mustAppend(t, s, "a", eventstore.NoStream(), benchEvent())

	var fail atomic.Bool
	s.writer.mu.Lock()
	s.writer.beforeCommit = func() error {
		if fail.Load() {
			return errors.New("the disk is on fire")
		}
		return nil
	}
	s.writer.mu.Unlock()
	fail.Store(true)
	event := benchEvent()
	group := []*request{
		mustRequest(t, "a", eventstore.At(0), event),
		mustRequest(t, "a", eventstore.At(7), benchEvent()), // would be refused
		mustRequest(t, "b", eventstore.NoStream(), benchEvent()),
		mustRequest(t, "b", eventstore.At(0), benchEvent()),
	}
	startGroup(t, s, group...)
	for i, r := range group {
		if a := <-r.answer; !errors.Is(a.err, eventstore.ErrUnavailable) {
			t.Errorf("append %d: %+v, %v", i, a.appended, a.err)
		}
	}
	if head, err := s.Head(t.Context()); head != 1 || err != nil {
		t.Errorf("head is %d, %v after the failure", head, err)
	}

	fail.Store(false)
	got := mustAppend(t, s, "a", eventstore.At(0), event)
	if got != (eventstore.Appended{Revision: 1, Position: 2}) {
		t.Errorf("the retry landed as %+v", got)
	}
	mustAppend(t, s, "b", eventstore.NoStream(), benchEvent())
	if got := len(readAll(t, s)); got != 3 {
		t.Errorf("the log holds %d events, want 3", got)
	}
}

// TestFullDisk limits the file to its present size, which SQLite answers like
// a full disk, and gives it room again.
func TestFullDisk(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "ledger.db"), Options{})
	limit := func(pages int64) {
		s.writer.mu.Lock()
		defer s.writer.mu.Unlock()
		if _, err := queryInt(s.writer.conn, fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	mustAppend(t, s, "a", eventstore.NoStream(), benchEvent())
	limit(1) // SQLite takes the present size instead

	var written []eventstore.Proposed
	var refused eventstore.Proposed
	for {
		e := benchEvent()
		_, err := s.Append(t.Context(), "a", eventstore.At(eventstore.Revision(len(written))), []eventstore.Proposed{e})
		if err != nil {
			refused = e
			if !errors.Is(err, eventstore.ErrUnavailable) || sqlite.ErrCode(err).ToPrimary() != sqlite.ResultFull {
				t.Fatalf("append to the full file: %v", err)
			}
			break
		}
		written = append(written, e)
	}
	big := make([]eventstore.Proposed, 100) // fails halfway through
	for i := range big {
		big[i] = benchEvent()
	}
	if _, err := s.Append(t.Context(), "big", eventstore.NoStream(), big); !errors.Is(err, eventstore.ErrUnavailable) {
		t.Fatalf("large append to the full file: %v", err)
	}
	if got := len(readAll(t, s)); got != len(written)+1 {
		t.Fatalf("the log holds %d events, %d were acknowledged", got, len(written)+1)
	}

	limit(1 << 30)
	mustAppend(t, s, "a", eventstore.At(eventstore.Revision(len(written))), refused)
	mustAppend(t, s, "big", eventstore.NoStream(), big...)
	if got := len(readAll(t, s)); got != len(written)+2+len(big) {
		t.Fatalf("the log holds %d events after recovery", got)
	}
}

// A write lock of another process stands for every cause that makes BEGIN
// itself fail.
func TestLockedByAnotherProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	s := mustOpen(t, path, Options{})
	s.writer.mu.Lock()
	s.writer.conn.SetBusyTimeout(0)
	s.writer.mu.Unlock()

	other := rawConn(t, path)
	must(t, sqlitex.ExecuteTransient(other, "BEGIN IMMEDIATE", nil))
	_, err := s.Append(t.Context(), "a", eventstore.NoStream(), []eventstore.Proposed{benchEvent()})
	if !errors.Is(err, eventstore.ErrUnavailable) {
		t.Fatalf("append while the file is locked: %v", err)
	}
	must(t, sqlitex.ExecuteTransient(other, "ROLLBACK", nil))
	mustAppend(t, s, "a", eventstore.NoStream(), benchEvent())
}

func TestDamageIsNamed(t *testing.T) {
	cases := []struct {
		name   string
		damage string
		all    string // found by reading the log, if it is
		stream string // found by reading stream s, if it is
	}{
		{"a missing event", "DELETE FROM events WHERE position = 700", "position 700 is missing", "revision 699 is missing"},
		{"a missing start", "DELETE FROM events WHERE position <= 2", "position 1 is missing", "revision 0 is missing"},
		{"a missing page", "DELETE FROM events WHERE position BETWEEN 2 AND 1099", "position 2 is missing", "revision 1 is missing"},
		{"a missing stream", "DELETE FROM streams", "position 1 belongs to no stream", ""},
		{"a revision jump", "UPDATE events SET revision = -revision - 1 WHERE revision >= 600; UPDATE events SET revision = -revision WHERE revision < 0", "", "revision 600 is missing"},
		{"a cut ID", "UPDATE events SET id = x'01' WHERE position = 5", "position 5 has an ID of 1 bytes", "position 5 has an ID"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "ledger.db")
			s := mustOpen(t, path, Options{})
			for i := range eventstore.Revision(11) {
				events := make([]eventstore.Proposed, 100)
				for j := range events {
					events[j] = benchEvent()
				}
				mustAppend(t, s, "s", eventstore.At(i*100-1), events...)
			}
			must(t, s.Close())
			conn := rawConn(t, path)
			must(t,
				sqlitex.ExecuteScript(conn,
					"DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_removed;"+c.damage, nil))

			s = mustOpen(t, path, Options{})
			wantDamage(t, lastError(s.ReadAll(t.Context(), 0)), c.all)
			wantDamage(t, lastError(s.ReadStream(t.Context(), "s", 0, eventstore.Forwards)), c.stream)
			var err error
			for b, e := range s.Subscribe(t.Context(), 0, 100) {
				if err = e; b.CaughtUp {
					break
				}
			}
			wantDamage(t, err, c.all)
		})
	}
}

func wantDamage(t *testing.T, err error, message string) {
	t.Helper()
	if message == "" {
		return
	}
	if !errors.Is(err, eventstore.ErrDamaged) || !strings.Contains(err.Error(), message) {
		t.Errorf("error is %v, want damage: %s", err, message)
	}
}

func TestPositionBeyondTheEndIsDamage(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "ledger.db"), Options{})
	mustAppend(t, s, "a", eventstore.NoStream(), benchEvent())
	wantDamage(t, lastError(s.ReadAll(t.Context(), 2)), "ends at position 1")
	for _, err := range s.Subscribe(t.Context(), 2, 1) {
		wantDamage(t, err, "ends at position 1")
	}
}

func TestHistoryIsNeverEdited(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	s := mustOpen(t, path, Options{})
	mustAppend(t, s, "a", eventstore.NoStream(), benchEvent())
	must(t, s.Close())
	conn := rawConn(t, path)
	for _, edit := range []string{"UPDATE events SET data = '{}'", "DELETE FROM events"} {
		if err := sqlitex.ExecuteTransient(conn, edit, nil); err == nil || !strings.Contains(err.Error(), "never") {
			t.Errorf("%s: %v", edit, err)
		}
	}
}

// The write-ahead log stays bounded although readers never pause.
func TestWALStaysBounded(t *testing.T) {
	const bound = 2 << 20 // below what SQLite would let it grow to by itself
	path := filepath.Join(t.TempDir(), "ledger.db")
	s := mustOpen(t, path, Options{})
	s.writer.mu.Lock()
	s.writer.walBound, s.writer.walLimit = bound, bound
	s.writer.mu.Unlock()

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var g errgroup.Group
	for range 2 {
		g.Go(func() error {
			for ctx.Err() == nil {
				if err := lastError(s.ReadAll(ctx, 0)); err != nil && !errors.Is(err, context.Canceled) {
					return err
				}
			}
			return nil
		})
	}
	// Without truncation the log would grow to some 11 MiB. On a machine so
	// busy that readers stand still in the middle of a page, the writer lets it
	// grow by its limit once more and tries again.
	for i := range 40 {
		fillStream(t, s, fmt.Sprint(i), 250)
		info, err := os.Stat(path + "-wal")
		must(t, err)
		if info.Size() > 3*bound+1<<20 {
			t.Errorf("after %d appends the write-ahead log holds %d bytes", i+1, info.Size())
		}
	}
	cancel()
	must(t, g.Wait())
}

// Another process that reads on must not stop the ledger, nor be waited for
// with every commit.
func TestForeignReaderDoesNotStopTheWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	s := mustOpen(t, path, Options{})
	mustAppend(t, s, "a", eventstore.NoStream(), benchEvent())
	s.writer.mu.Lock()
	s.writer.walBound, s.writer.walLimit = 1<<20, 1<<20
	s.writer.conn.SetBusyTimeout(0)
	s.writer.mu.Unlock()

	other := rawConn(t, path)
	must(t, sqlitex.ExecuteTransient(other, "BEGIN", nil))
	_, err := queryInt(other, "SELECT count(*) FROM events")
	must(t, err)
	for i := range 8 {
		fillStream(t, s, fmt.Sprint(i), 250)
	}
	if err := s.Checkpoint(t.Context()); !errors.Is(err, eventstore.ErrUnavailable) {
		t.Errorf("checkpoint under a foreign reader: %v", err)
	}
	must(t, sqlitex.ExecuteTransient(other, "COMMIT", nil))
	must(t, s.Checkpoint(t.Context()))
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() != 0 {
		t.Errorf("the write-ahead log after the checkpoint: %v, %v", info, err)
	}
	if got := len(readAll(t, s)); got != 2001 {
		t.Errorf("the log holds %d events", got)
	}
}

func fillStream(t *testing.T, s *Store, stream string, n int) {
	t.Helper()
	events := make([]eventstore.Proposed, n)
	for i := range events {
		events[i] = benchEvent()
	}
	mustAppend(t, s, stream, eventstore.NoStream(), events...)
}

func TestRepeatIsSearchedInTheTailOnly(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "ledger.db"), Options{})
	first := benchEvent()
	mustAppend(t, s, "a", eventstore.NoStream(), first)
	later := make([]eventstore.Proposed, repeatWindow-1)
	for i := range later {
		later[i] = benchEvent()
	}
	mustAppend(t, s, "a", eventstore.Exists(), later...)
	got, err := s.Append(t.Context(), "a", eventstore.Exists(), []eventstore.Proposed{first})
	if err != nil || got != (eventstore.Appended{Revision: 0, Position: 1, Repeated: true}) {
		t.Errorf("repeat of the oldest event in the window: %+v, %v", got, err)
	}
	// A new event before one that is there: neither new nor a repeat.
	_, err = s.Append(t.Context(), "a", eventstore.Exists(), []eventstore.Proposed{benchEvent(), later[3]})
	if !errors.Is(err, eventstore.ErrInvalidAppend) {
		t.Errorf("half a repeat: %v", err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func mustAppend(
	t testing.TB, s *Store, stream string, expected eventstore.Expected, events ...eventstore.Proposed,
) eventstore.Appended {
	t.Helper()
	got, err := s.Append(context.Background(), stream, expected, events)
	if err != nil {
		t.Fatalf("append to %q expecting %v: %v", stream, expected, err)
	}
	return got
}

// readAll reads the log, which checks that it is gap-free.
func readAll(t testing.TB, s *Store) []eventstore.Recorded {
	t.Helper()
	var events []eventstore.Recorded
	for e, err := range s.ReadAll(context.Background(), 0) {
		must(t, err)
		events = append(events, e)
	}
	return slices.Clip(events)
}

// lastError drains a read and returns how it ended.
func lastError(seq func(func(eventstore.Recorded, error) bool)) error {
	var last error
	for _, err := range seq {
		last = err
	}
	return last
}

// rawConn opens a file as the sqlite3 shell would.
func rawConn(t testing.TB, path string) *sqlite.Conn {
	t.Helper()
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite, sqlite.OpenCreate)
	must(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

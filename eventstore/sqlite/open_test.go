package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zombiezen.com/go/sqlite/sqlitex"

	"aftersales-ledger/eventstore"
)

func TestOpenRefusesWhatIsNotAnEventLog(t *testing.T) {
	cases := []struct {
		name, script, content, message string
	}{
		{"another application's database", "CREATE TABLE customers (id INTEGER)", "", "not an event log"},
		{"another application's mark", "PRAGMA application_id = 7", "", "not an event log"},
		{"a text file", "", strings.Repeat("These are the minutes of the meeting. ", 100), "not an event log"},
		{"a newer schema", "PRAGMA application_id = 1095126087; PRAGMA user_version = 2; CREATE TABLE events (x)", "", "a newer version wrote this file"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "ledger.db")
			if c.content != "" {
				must(t, os.WriteFile(path, []byte(c.content), 0o600))
			} else {
				conn := rawConn(t, path)
				must(t, sqlitex.ExecuteScript(conn, c.script, nil))
				must(t, conn.Close())
			}
			before, err := os.ReadFile(path)
			must(t, err)
			if _, err := Open(path,
				Options{}); err == nil || !strings.Contains(err.Error(), c.message) || !strings.Contains(err.Error(), path) {
				t.Errorf("error is %v, want one that names the file and says %q", err, c.message)
			}
			after, err := os.ReadFile(path)
			must(t, err)
			if string(before) != string(after) {
				t.Error("the file was changed")
			}
		})
	}
	if _, err := Open(filepath.Join(t.TempDir(), "missing", "ledger.db"), Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("open in a directory that is missing: %v", err)
	}
}

func TestOneStorePerFile(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "ledger.db"), filepath.Join(dir, "link.db")
	s := mustOpen(t, path, Options{})
	must(t, os.Symlink(path, link))
	for _, name := range []string{path, link} {
		if _, err := Open(name,
			Options{}); err == nil || !strings.Contains(err.Error(), "a ledger is already running on "+path) {
			t.Errorf("opening %s a second time: %v", name, err)
		}
	}
	mustAppend(t, s, "a", eventstore.NoStream(), benchEvent())
	must(t, s.Close())
	mustAppend(t, mustOpen(t, link, Options{}), "a", eventstore.At(0), benchEvent())
}

func TestBulkLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	s := mustOpen(t, path, Options{Durability: BulkLoad})
	fill(t, s, 2000)
	must(t, s.Close())

	if _, err := Open(path, Options{Durability: BulkLoad}); err == nil || !strings.Contains(err.Error(), "fresh file") {
		t.Errorf("bulk load onto a history: %v", err)
	}
	s = mustOpen(t, path, Options{})
	if got := len(readAll(t, s)); got != 2000 {
		t.Errorf("%d events after the bulk load", got)
	}
	mustAppend(t, s, "fill-0", eventstore.At(99), benchEvent())
}

// A bulk load that never ended may miss anything, which the file must say.
func TestUnfinishedBulkLoadIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, filepath.Join(dir, "ledger.db"), Options{Durability: BulkLoad})
	copied := func(name string) string {
		t.Helper()
		content, err := os.ReadFile(filepath.Join(dir, "ledger.db"))
		must(t, err)
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, content, 0o600))
		return path
	}
	fill(t, s, 200)
	if _, err := Open(copied("crashed.db"),
		Options{}); !errors.Is(err, eventstore.ErrDamaged) || !strings.Contains(err.Error(), "never finished") {
		t.Errorf("opening an unfinished bulk load: %v", err)
	}
	must(t, s.Checkpoint(t.Context()))
	if got := len(readAll(t, mustOpen(t, copied("checkpoint.db"), Options{}))); got != 200 {
		t.Errorf("%d events in the checkpointed file", got)
	}
	mustAppend(t, s, "later", eventstore.NoStream(), benchEvent())
	if _, err := Open(copied("again.db"), Options{}); !errors.Is(err, eventstore.ErrDamaged) {
		t.Errorf("opening a bulk load that went on after its checkpoint: %v", err)
	}
	must(t, s.Close())
	if got := len(readAll(t, mustOpen(t, filepath.Join(dir, "ledger.db"), Options{}))); got != 201 {
		t.Errorf("%d events after the bulk load", got)
	}
}

func TestMovedTimesContinueWithTheClock(t *testing.T) {
	now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	s := mustOpen(t, filepath.Join(t.TempDir(), "ledger.db"), Options{Clock: func() time.Time { return now }})
	moved := benchEvent()
	moved.RecordedAt = time.Date(2019, 1, 1, 12, 0, 0, 1999, time.UTC)
	mustAppend(t, s, "a", eventstore.NoStream(), moved, benchEvent())
	events := readAll(t, s)
	if want := moved.RecordedAt.Truncate(time.Microsecond); !events[0].RecordedAt.Equal(want) ||
		!events[1].RecordedAt.Equal(now) {
		t.Errorf("recorded at %v and %v", events[0].RecordedAt, events[1].RecordedAt)
	}
}

package sqlitefile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/door/store/sqlitefile"
	"aftersales-ledger/api/door/store/storetest"
	"aftersales-ledger/domain/domaintest"
)

func open(t testing.TB, path string, clock func() time.Time) store.Store {
	t.Helper()
	s, err := sqlitefile.Open(path, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestAFileKeepsWhatTheDoorRemembers(t *testing.T) {
	storetest.Run(t, func(t testing.TB, clock *domaintest.Clock) func() store.Store {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		return func() store.Store { return open(t, filepath.Join(dir, "door.sqlite"), clock.Now) }
	})
}

func TestTheFileIsPrivateAndNeverMadeAnewSilently(t *testing.T) {
	path := filepath.Join(t.TempDir(), "door.sqlite")
	s := open(t, path, time.Now)
	if err := s.Put(t.Context(), store.Record{Kind: store.Mark, Key: "k", Data: []byte(`{}`)}); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"", "-wal", "-shm", ".made"} {
		if info, err := os.Stat(path + file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("door.sqlite%s has mode %v (%v)", file, info.Mode().Perm(), err)
		}
	}
	refused := func(why, want string) {
		t.Helper()
		if _, err := sqlitefile.Open(path, time.Now); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want a refusal that says %q", why, err, want)
		}
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	refused("a file that others may read", "chmod 600 "+path)

	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	refused("a file that is gone", "put it back from a copy")
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was made in its place")
	}

	if err := os.WriteFile(path, make([]byte, 4096), 0o600); err != nil {
		t.Fatal(err)
	}
	_ = os.Remove(path + "-wal")
	refused("a file of zeros", "damaged")

	other := filepath.Join(t.TempDir(), "other.sqlite")
	if err := os.WriteFile(other, []byte("no database at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlitefile.Open(other, time.Now); err == nil {
		t.Error("a text was opened")
	}
}

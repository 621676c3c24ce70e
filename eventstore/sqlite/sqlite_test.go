package sqlite

import (
	"path/filepath"
	"testing"

	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		path := filepath.Join(t.TempDir(), "ledger.db")
		return storetest.Harness{
			GapFree: true,
			Open: func(t *testing.T, clock eventstore.Clock) eventstore.Store {
				t.Helper()
				return mustOpen(t, path, Options{Clock: clock})
			},
		}
	})
}

// mustOpen opens a store that is closed with the test.
func mustOpen(t testing.TB, path string, opts Options) *Store {
	t.Helper()
	s, err := Open(path, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

// Package sqlitetest gives tests an event log of their own. Only tests import it.
package sqlitetest

import (
	"path/filepath"
	"testing"

	"aftersales-ledger/eventstore/sqlite"
)

// Open returns an empty log that is gone when the test ends.
func Open(t testing.TB, o sqlite.Options) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(filepath.Join(t.TempDir(), "log.sqlite"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

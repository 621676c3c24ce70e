package logstream_test

import (
	"os"
	"path/filepath"
	"testing"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/door/store/logstream"
	"aftersales-ledger/api/door/store/storetest"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/eventstore/sqlite"
)

// nodes open memories on one log, whose streams are continued after some writes.
func nodes(writes int) storetest.Open {
	return func(t testing.TB, clock *domaintest.Clock) func() store.Store {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		log, err := sqlite.Open(filepath.Join(dir, "log.sqlite"), sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = log.Close() })
		return func() store.Store {
			s, err := logstream.Open(t.Context(), log, clock.Now)
			if err != nil {
				t.Fatal(err)
			}
			s.Shorten(writes)
			return s
		}
	}
}

func TestStreamsKeepWhatTheDoorRemembers(t *testing.T) { storetest.Run(t, nodes(20_000)) }

// Streams that are continued in others again and again keep the same.
func TestStreamsThatAreContinuedKeepTheSame(t *testing.T) { storetest.Run(t, nodes(3)) }

func TestANodeThatStartsReadsTheStreamThatGoesOn(t *testing.T) {
	clock := storetest.NewClock()
	node := nodes(5)(t, clock)
	s := node().(*logstream.Store)
	first := s.Stream()
	for i := range 40 {
		r := store.Record{Kind: store.Mark, Key: "k", Version: int64(i), Data: []byte(`{}`)}
		if err := s.Put(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	late := node().(*logstream.Store)
	if s.Stream() == first || late.Stream() != s.Stream() {
		t.Errorf("it began in %s, goes on in %s and was opened in %s", first, s.Stream(), late.Stream())
	}
	if r, err := late.Find(t.Context(), store.Mark, "k"); err != nil || r.Version != 40 {
		t.Errorf("found %+v (%v)", r, err)
	}
}

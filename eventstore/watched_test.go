package eventstore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/sqlite/sqlitetest"
)

// address is where a log is found: which one, and whether it answers, may change.
type address struct {
	eventstore.Store
	down error
}

func (a *address) Probe(ctx context.Context) error {
	if a.down != nil {
		return a.down
	}
	return a.Store.Probe(ctx)
}

// freshLog returns a log with some events.
func freshLog(t *testing.T, events int) eventstore.Store {
	t.Helper()
	s := sqlitetest.Open(t, sqlite.Options{})
	for i := range events {
		propose(t, s, fmt.Sprintf("stream-%d", i))
	}
	return s
}

func propose(t *testing.T, s eventstore.Store, stream string) {
	t.Helper()
	if _, err := s.Append(t.Context(), stream, eventstore.NoStream(), []eventstore.Proposed{proposed()}); err != nil {
		t.Fatal(err)
	}
}

func proposed() eventstore.Proposed {
	return eventstore.Proposed{ID: uuid.New(), Type: "Happened", Data: []byte("{}"), Metadata: []byte("{}")}
}

// readOne fails like a read of a stream.
func readOne(ctx context.Context, s eventstore.Store) error {
	for _, err := range s.ReadStream(ctx, "stream-0", 0, eventstore.Forwards) {
		return err
	}
	return nil
}

func TestALogThatIsAwayIsToldOnceAndWhenItIsBack(t *testing.T) {
	a := &address{Store: freshLog(t, 2)}
	now := time.Date(2026, 11, 28, 10, 0, 0, 0, time.UTC)
	var said bytes.Buffer
	w := eventstore.Watch(a, func() time.Time { return now }, slog.New(slog.NewTextHandler(&said, nil)))
	w.Look(t.Context())
	if c := w.Health(); !c.Good() {
		t.Fatalf("a log that is there is %+v", c)
	}

	began := now
	for i := range 5 {
		a.down = fmt.Errorf("%w: no leader (%d)", eventstore.ErrUnavailable, i)
		w.Look(t.Context())
		now = now.Add(time.Second)
	}
	if c := w.Health(); !c.Away || c.Replaced || !c.Since.Equal(began) || !strings.Contains(c.Reason, "no leader (4)") {
		t.Errorf("a log that is away is %+v", c)
	}
	if err := readOne(t.Context(), w); err != nil {
		t.Errorf("a log that is away may be tried: %v", err)
	}
	a.down = nil
	w.Look(t.Context())
	w.Look(t.Context())
	if c := w.Health(); c != (eventstore.Health{}) {
		t.Errorf("a log that is back is %+v", c)
	}
	lines := strings.Split(strings.TrimSpace(said.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "away") || !strings.Contains(lines[1], "after=5s tries=5") {
		t.Errorf("people were told:\n%s", said.String())
	}
}

// Of a log that comes and goes at every look people are told once in a while how
// often, and in a line when it stays, one way or the other.
func TestALogThatComesAndGoesIsToldOnceInAWhile(t *testing.T) {
	for stays, last := range map[string]string{
		"back": "it is back, and stays\" since=2026-11-28T10:01:59.000Z",
		"away": "it is away, and stays so\" reason=\"event log unavailable: no leader\"",
	} {
		t.Run("it stays "+stays, func(t *testing.T) {
			a := &address{Store: freshLog(t, 2)}
			now := time.Date(2026, 11, 28, 10, 0, 0, 0, time.UTC)
			var said bytes.Buffer
			w := eventstore.Watch(a, func() time.Time { return now }, slog.New(slog.NewTextHandler(&said, nil)))
			look := func(down bool) {
				if a.down = nil; down {
					a.down = fmt.Errorf("%w: no leader", eventstore.ErrUnavailable)
				}
				w.Look(t.Context())
				now = now.Add(time.Second)
			}
			for i := range 120 {
				look(i%2 == 0)
				if i == 1 && strings.Count(said.String(), "\n") != 2 {
					t.Errorf("the first time, people were told:\n%s", said.String())
				}
			}
			for range 100 {
				look(stays == "away")
			}
			lines := strings.Split(strings.TrimSpace(said.String()), "\n")
			if len(lines) != 7 || !strings.Contains(lines[2],
				"it comes and goes\" times=16 away_in_all=15s in=30s") || !strings.Contains(lines[6], last) {
				t.Errorf("people were told:\n%s", said.String())
			}
			if c := w.Health(); c.Good() != (stays == "back") {
				t.Errorf("it is %+v", c)
			}
			// What comes after it was steady is told in lines of its own.
			look(stays == "back")
			look(false)
			if n := strings.Count(said.String(), "\n"); stays == "back" && n != 9 || stays == "away" && n != 8 {
				t.Errorf("people were told:\n%s", said.String())
			}
		})
	}
}

// A node that is a moment behind, goes away, and is a moment behind when it comes
// back is no other log.
func TestALogThatIsBehindForAMomentIsNotAnother(t *testing.T) {
	mine, behind := freshLog(t, 3), freshLog(t, 1)
	a := &address{Store: mine}
	w := eventstore.Watch(a, nil, nil)
	w.Look(t.Context())
	for range 3 {
		a.Store, a.down = behind, nil
		w.Look(t.Context())
		if c := w.Health(); c.Replaced {
			t.Fatalf("behind, it is %+v", c)
		}
		a.down = fmt.Errorf("%w: no leader", eventstore.ErrUnavailable)
		w.Look(t.Context())
	}
	if c := w.Health(); c.Replaced || !c.Away {
		t.Errorf("it is %+v", c)
	}
	a.Store, a.down = mine, nil
	w.Look(t.Context())
	if c := w.Health(); !c.Good() {
		t.Errorf("back, it is %+v", c)
	}
}

func TestAnotherLogAtTheAddressTakesNothingAndShowsNothing(t *testing.T) {
	mine := freshLog(t, 3)
	others := map[string]eventstore.Store{
		"an empty one":                       freshLog(t, 0),
		"a shorter one":                      freshLog(t, 2),
		"one of the same length":             freshLog(t, 3),
		"a longer one, with other events":    freshLog(t, 9),
		"a restored one that ends too early": freshLog(t, 1),
	}
	for name, other := range others {
		t.Run(name, func(t *testing.T) {
			a := &address{Store: mine}
			w := eventstore.Watch(a, nil, nil)
			w.Look(t.Context())
			head, err := w.Head(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			begun, ended := make(chan struct{}), make(chan error, 1)
			following, stop := context.WithCancel(t.Context())
			defer stop()
			go func() {
				for _, err := range w.Subscribe(following, head, 10) {
					if err != nil {
						ended <- err
						return
					}
					close(begun) // at the end of the log, where nothing comes
				}
			}()
			<-begun

			a.Store = other
			w.Look(t.Context())
			if c := w.Health(); c.Replaced {
				t.Error("one look condemns a log that may merely lag behind")
			}
			w.Look(t.Context())
			if c := w.Health(); !c.Replaced || c.Good() {
				t.Fatalf("another log is %+v", c)
			}
			before, _ := other.Head(t.Context())
			if _, err := w.Append(t.Context(), "new", eventstore.NoStream(),
				[]eventstore.Proposed{proposed()}); !errors.Is(err, eventstore.ErrReplaced) {
				t.Errorf("an append gives %v", err)
			}
			if after, _ := other.Head(t.Context()); after != before {
				t.Error("an event was written into another log")
			}
			if err := readOne(t.Context(), w); !errors.Is(err, eventstore.ErrReplaced) {
				t.Errorf("a read gives %v", err)
			}
			for _, err := range w.ReadAll(t.Context(), 0) {
				if !errors.Is(err, eventstore.ErrReplaced) {
					t.Errorf("a read of all gives %v", err)
				}
			}
			if err := <-ended; !errors.Is(err, eventstore.ErrReplaced) {
				t.Errorf("the subscription ended with %v", err)
			}

			a.Store = mine
			w.Look(t.Context())
			if c := w.Health(); !c.Good() {
				t.Errorf("the right log is back, but it is %+v", c)
			}
			if err := readOne(t.Context(), w); err != nil {
				t.Errorf("the right log is back, but a read gives %v", err)
			}
		})
	}
}

// What an earlier process saw in the log is looked for, too.
func TestALogThatLacksWhatWasSeenBeforeTheStartIsAnotherOne(t *testing.T) {
	mine, empty := freshLog(t, 3), freshLog(t, 0)
	head, err := mine.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	last, err := mine.EventAt(t.Context(), head)
	if err != nil {
		t.Fatal(err)
	}
	a := &address{Store: empty}
	w := eventstore.Watch(a, nil, nil)
	w.Look(t.Context())
	w.Expect(last.Position, last.ID)
	w.Look(t.Context())
	w.Look(t.Context())
	if c := w.Health(); !c.Replaced {
		t.Errorf("an empty log in its place is %+v", c)
	}
	a.Store = mine
	w.Look(t.Context())
	if c := w.Health(); !c.Good() {
		t.Errorf("the right log is %+v", c)
	}
}

// A log that grows is the same log.
func TestALogThatGrowsIsFollowed(t *testing.T) {
	store := freshLog(t, 0)
	w := eventstore.Watch(&address{Store: store}, nil, nil)
	for i := range 20 {
		w.Look(t.Context())
		if c := w.Health(); !c.Good() {
			t.Fatalf("after %d events it is %+v", i, c)
		}
		propose(t, store, fmt.Sprintf("stream-%d", i))
	}
}

func TestAFileThatWasReplacedWhileItWasOpenIsAway(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.db")
	s, err := sqlite.Open(path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Rename(path, path+".old"), os.WriteFile(path, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := s.Probe(t.Context()); !errors.Is(err, eventstore.ErrUnavailable) {
		t.Errorf("a probe gives %v", err)
	}
}

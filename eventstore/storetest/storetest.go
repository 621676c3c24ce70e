// Package storetest is the one conformance suite of [eventstore.Store]. Every
// adapter runs it, so that a ledger may be moved from one store to another and
// still keep its promises. [Events] reads a log for tests of what stands on one.
//
// The suite never sleeps to let something happen and asserts no durations: it
// waits for what the port promises, and a deadline far away only keeps a broken
// store from hanging the build.
package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/eventstore"
)

// safetyNet ends a case whose store never answers. No healthy store comes near.
const safetyNet = 3 * time.Minute

// Harness is one piece of storage and what the suite has to know about it.
type Harness struct {
	// Open opens the storage and stamps events with clock. After the store was
	// closed, Open opens the same storage again: that is the suite's restart.
	// The suite closes every store it opens.
	Open func(t *testing.T, clock eventstore.Clock) eventstore.Store

	// Shared is set if others write to the same log, as on a real server: it
	// is then neither empty at the start nor quiet later, and the suite looks
	// only at its own streams. Unset, the storage is fresh and the suite's own.
	Shared bool

	// GapFree is set if positions count 1, 2, 3 without a hole.
	GapFree bool

	// ServerTime is set if a server stamps events with its own time, so that
	// the injected clock cannot be seen in them and the store cannot tell
	// whether a given RecordedAt lies before the log's last.
	ServerTime bool
}

// Run checks that the stores opened through the harness keep the port's
// promises. It calls open once per case.
func Run(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	groups := []struct {
		name  string
		cases []testCase
	}{
		{"append", appendCases},
		{"repeat", repeatCases},
		{"read", readCases},
		{"time", timeCases},
		{"concurrent", concurrentCases},
		{"subscribe", subscribeCases},
		{"lifecycle", lifecycleCases},
	}
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) {
			for _, c := range g.cases {
				t.Run(c.name, func(t *testing.T) { c.run(newFixture(t, open(t))) })
			}
		})
	}
}

// testCase is one promise, named as a sentence.
type testCase struct {
	name string
	run  func(f *fixture)
}

// fixture is an open store and the case's own corner of its log.
type fixture struct {
	*testing.T
	Harness
	ctx    context.Context
	store  eventstore.Store
	clock  *domaintest.Clock
	prefix string              // begins the name of every stream of this case, in this run only
	start  eventstore.Position // the log's head before the case wrote anything
}

func newFixture(t *testing.T, h Harness) *fixture {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), safetyNet)
	t.Cleanup(cancel)
	f := &fixture{
		T:       t,
		Harness: h,
		ctx:     ctx,
		clock:   domaintest.NewClock(time.Date(2024, 3, 1, 9, 30, 0, 123456789, time.UTC)),
		prefix:  "storetest" + strings.ReplaceAll(uuid.NewString(), "-", "")[:12] + "-",
	}
	f.open()
	head, err := f.store.Head(ctx)
	if err != nil {
		t.Fatalf("Head before anything was written: %v", err)
	}
	if !h.Shared && head != 0 {
		t.Fatalf("the harness says its storage is fresh, but its head is %d", head)
	}
	f.start = head
	return f
}

// open opens the storage and closes it with the test, should the case not.
func (f *fixture) open() {
	f.Helper()
	store := f.Harness.Open(f.T, f.clock.Now)
	f.Cleanup(func() { _ = store.Close() })
	f.store = store
}

// restart closes the store and opens the same storage again.
func (f *fixture) restart() {
	f.Helper()
	if err := f.store.Close(); err != nil {
		f.Fatalf("Close: %v", err)
	}
	f.open()
}

// stream returns a stream name of this case.
func (f *fixture) stream(name string) string { return f.prefix + name }

// own reports whether e was written by this case.
func (f *fixture) own(e eventstore.Recorded) bool { return strings.HasPrefix(e.Stream, f.prefix) }

// scale returns the size of a load test: small under -short.
func scale(full, short int) int {
	if testing.Short() {
		return short
	}
	return full
}

// newEvents returns n small, valid events with fresh identities.
func newEvents(n int) []eventstore.Proposed {
	events := make([]eventstore.Proposed, n)
	for i := range events {
		events[i] = eventstore.Proposed{
			ID:       uuid.New(),
			Type:     "storetest.happened",
			Data:     fmt.Appendf(nil, `{"n":%d}`, i),
			Metadata: []byte(`{"actor":"storetest"}`),
		}
	}
	return events
}

// mustAppend appends events and checks that they are new and where they landed.
func (f *fixture) mustAppend(
	stream string, expected eventstore.Expected, events []eventstore.Proposed,
) eventstore.Appended {
	f.Helper()
	got, err := f.store.Append(f.ctx, stream, expected, events)
	if err != nil {
		f.Fatalf("append of %d events expecting %v: %v", len(events), expected, err)
	}
	if got.Repeated {
		f.Fatalf("append of %d new events expecting %v was taken for a repeat", len(events), expected)
	}
	if last, exact := expected.Exact(); exact && got.Revision != last+eventstore.Revision(len(events)) {
		f.Fatalf("append of %d events expecting %v landed at revision %d", len(events), expected, got.Revision)
	}
	return got
}

// mustFill writes n events to a new stream in appends of at most 500.
func (f *fixture) mustFill(stream string, n int) []eventstore.Proposed {
	f.Helper()
	events := newEvents(n)
	last := eventstore.NoRevision
	for done := 0; done < n; {
		step := min(500, n-done)
		last = f.mustAppend(stream, eventstore.At(last), events[done:done+step]).Revision
		done += step
	}
	return events
}

// wantWrongRevision checks that err is a conflict carrying the actual revision.
func (f *fixture) wantWrongRevision(err error, stream string, actual eventstore.Revision) {
	f.Helper()
	var wrong *eventstore.WrongRevisionError
	if !errors.As(err, &wrong) || !errors.Is(err, eventstore.ErrWrongRevision) {
		f.Fatalf("error is %v, want a *WrongRevisionError", err)
	}
	if wrong.Stream != stream || wrong.Actual != actual {
		f.Fatalf("conflict names stream %q at revision %d, want %q at %d", wrong.Stream, wrong.Actual, stream, actual)
	}
}

// wantError checks that err wraps target.
func (f *fixture) wantError(err, target error) {
	f.Helper()
	if !errors.Is(err, target) {
		f.Fatalf("error is %v, want %v", err, target)
	}
}

// readStream reads a whole stream; one that holds no event reads as empty.
func (f *fixture) readStream(stream string) []eventstore.Recorded {
	f.Helper()
	events, err := collect(f.store.ReadStream(f.ctx, stream, 0, eventstore.Forwards))
	if err != nil && !errors.Is(err, eventstore.ErrStreamNotFound) {
		f.Fatalf("reading %q: %v", stream, err)
	}
	return events
}

// readOwn reads what the case wrote from the whole log and checks its order.
func (f *fixture) readOwn() []eventstore.Recorded {
	f.Helper()
	all, err := collect(f.store.ReadAll(f.ctx, f.start))
	if err != nil {
		f.Fatalf("reading the log: %v", err)
	}
	order := newOrder(f, f.start)
	var own []eventstore.Recorded
	for _, e := range all {
		if err := order.check(e); err != nil {
			f.Fatal(err)
		}
		if f.own(e) {
			own = append(own, e)
		}
	}
	return own
}

// wantStream checks that stream holds exactly these events, in this order.
func (f *fixture) wantStream(stream string, want ...eventstore.Proposed) {
	f.Helper()
	got := f.readStream(stream)
	if len(got) != len(want) {
		f.Fatalf("stream holds %d events, want %d", len(got), len(want))
	}
	for i, e := range got {
		if e.ID != want[i].ID || e.Revision != eventstore.Revision(i) || e.Stream != stream {
			f.Fatalf("event %d of %q is %v at revision %d of %q, want %v", i, stream, e.ID, e.Revision, e.Stream, want[i].ID)
		}
	}
}

// collect drains a sequence up to its end or its first error, and makes sure
// that an error is the last thing yielded.
func collect(seq iter.Seq2[eventstore.Recorded, error]) ([]eventstore.Recorded, error) {
	var events []eventstore.Recorded
	var failed error
	for e, err := range seq {
		if failed != nil {
			return events, fmt.Errorf("the sequence went on after its error %q", failed.Error())
		}
		if err != nil {
			failed = err
			continue
		}
		events = append(events, e)
	}
	return events, failed
}

// order checks the order a log promises: positions grow, without a hole where
// the store says so, and every stream counts its revisions from zero.
type order struct {
	f         *fixture
	last      eventstore.Position
	revisions map[string]eventstore.Revision
}

func newOrder(f *fixture, after eventstore.Position) *order {
	return &order{f: f, last: after, revisions: make(map[string]eventstore.Revision)}
}

// resumed tells the order that stream was read up to revision last before.
func (o *order) resumed(stream string, last eventstore.Revision) { o.revisions[stream] = last + 1 }

func (o *order) check(e eventstore.Recorded) error {
	if e.Position <= o.last {
		return fmt.Errorf("position %d follows position %d", e.Position, o.last)
	}
	if o.f.GapFree && e.Position != o.last+1 {
		return fmt.Errorf("position %d follows position %d, but the log is gap-free", e.Position, o.last)
	}
	o.last = e.Position
	if !o.f.own(e) {
		return nil
	}
	if want := o.revisions[e.Stream]; e.Revision != want {
		return fmt.Errorf("stream %q: revision %d where %d was due", e.Stream, e.Revision, want)
	}
	o.revisions[e.Stream] = e.Revision + 1
	return nil
}

// sameJSON reports whether two documents mean the same; stores may reformat
// them but must not touch a digit.
func sameJSON(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return json.Valid(a)
	}
	return canonical(a) != "" && canonical(a) == canonical(b)
}

func canonical(doc []byte) string {
	dec := json.NewDecoder(strings.NewReader(string(doc)))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return ""
	}
	out, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(out)
}

package storetest

import (
	"errors"
	"slices"

	"github.com/google/uuid"

	"aftersales-ledger/eventstore"
)

// A writer that got no answer sends its append again. Whether the first one
// was written or not, the log must hold the events once.
var repeatCases = []testCase{
	{"the same events again are a repeat", repeatSame},
	{"a repeat is recognised after later events", repeatLater},
	{"the beginning of an append again is a repeat", repeatPrefix},
	{"a repeat onto an existing stream is recognised", repeatExists},
	{"events that overlap only in part are refused whole", repeatOverlap},
	{"the same events under another expectation are refused", repeatElsewhere},
	{"the same events in another stream are new", repeatOtherStream},
}

// wantRepeat appends events again and checks that nothing was written and the
// answer is that of the first time.
func (f *fixture) wantRepeat(
	stream string, expected eventstore.Expected, events []eventstore.Proposed, first eventstore.Appended,
) {
	f.Helper()
	got, err := f.store.Append(f.ctx, stream, expected, events)
	if err != nil {
		f.Fatalf("repeat expecting %v: %v", expected, err)
	}
	want := eventstore.Appended{Revision: first.Revision, Position: first.Position, Repeated: true}
	if got != want {
		f.Fatalf("repeat expecting %v is %+v, want %+v", expected, got, want)
	}
}

func repeatSame(f *fixture) {
	events := newEvents(5)
	first := f.mustAppend(f.stream("a"), eventstore.NoStream(), events[:2])
	f.wantRepeat(f.stream("a"), eventstore.NoStream(), events[:2], first)
	second := f.mustAppend(f.stream("a"), eventstore.At(1), events[2:])
	f.wantRepeat(f.stream("a"), eventstore.At(1), events[2:], second)
	f.wantRepeat(f.stream("a"), eventstore.NoStream(), events[:2], first)
	f.wantStream(f.stream("a"), events...)
}

func repeatLater(f *fixture) {
	events := newEvents(3)
	first := f.mustAppend(f.stream("a"), eventstore.NoStream(), events[:1])
	second := f.mustAppend(f.stream("a"), eventstore.At(0), events[1:])
	f.mustFill(f.stream("b"), 700)
	later := newEvents(1200)
	f.mustAppend(f.stream("a"), eventstore.At(2), later[:600])
	f.mustAppend(f.stream("a"), eventstore.At(602), later[600:])

	f.wantRepeat(f.stream("a"), eventstore.NoStream(), events[:1], first)
	f.wantRepeat(f.stream("a"), eventstore.At(0), events[1:], second)
	f.wantStream(f.stream("a"), append(events, later...)...)
}

func repeatPrefix(f *fixture) {
	events := newEvents(3)
	f.mustAppend(f.stream("a"), eventstore.NoStream(), events)
	stored := f.readStream(f.stream("a"))
	f.wantRepeat(f.stream("a"), eventstore.NoStream(), events[:2],
		eventstore.Appended{Revision: 1, Position: stored[1].Position})
	f.wantRepeat(f.stream("a"), eventstore.At(0), events[1:],
		eventstore.Appended{Revision: 2, Position: stored[2].Position})
	f.wantStream(f.stream("a"), events...)
}

func repeatExists(f *fixture) {
	events := newEvents(6)
	f.mustAppend(f.stream("a"), eventstore.NoStream(), events[:1])
	first := f.mustAppend(f.stream("a"), eventstore.Exists(), events[1:3])
	f.wantRepeat(f.stream("a"), eventstore.Exists(), events[1:3], first)
	f.mustAppend(f.stream("a"), eventstore.Exists(), events[3:])
	f.wantRepeat(f.stream("a"), eventstore.Exists(), events[1:3], first)
	f.wantStream(f.stream("a"), events...)
}

func repeatOverlap(f *fixture) {
	events := newEvents(3)
	f.mustAppend(f.stream("a"), eventstore.NoStream(), events)
	fresh := newEvents(2)
	overlaps := []struct {
		name     string
		expected eventstore.Expected
		events   []eventstore.Proposed
	}{
		{"one more at the end", eventstore.NoStream(), slices.Concat(events, fresh[:1])},
		{"another at the end", eventstore.NoStream(), slices.Concat(events[:2], fresh[:1])},
		{"another at the start", eventstore.NoStream(), slices.Concat(fresh[:1], events[1:])},
		{"another in the middle", eventstore.NoStream(), slices.Concat(events[:1], fresh[:1], events[2:])},
		{"another order", eventstore.NoStream(), []eventstore.Proposed{events[1], events[0]}},
		{"one more after the last", eventstore.At(1), slices.Concat(events[2:], fresh)},
		{"one more, on an existing stream", eventstore.Exists(), slices.Concat(events[1:], fresh)},
	}
	for _, o := range overlaps {
		_, err := f.store.Append(f.ctx, f.stream("a"), o.expected, o.events)
		if !errors.Is(err, eventstore.ErrWrongRevision) && !errors.Is(err, eventstore.ErrInvalidAppend) {
			f.Errorf("%s: error is %v, want ErrWrongRevision or ErrInvalidAppend", o.name, err)
		}
	}
	f.wantStream(f.stream("a"), events...)
}

func repeatElsewhere(f *fixture) {
	events := newEvents(4)
	f.mustAppend(f.stream("a"), eventstore.NoStream(), events[:2])
	f.mustAppend(f.stream("a"), eventstore.At(1), events[2:])

	// Same identities at another place are not what the writer wrote before.
	_, err := f.store.Append(f.ctx, f.stream("a"), eventstore.At(0), events[:2])
	f.wantWrongRevision(err, f.stream("a"), 3)
	_, err = f.store.Append(f.ctx, f.stream("a"), eventstore.NoStream(), events[2:])
	f.wantWrongRevision(err, f.stream("a"), 3)
	_, err = f.store.Append(f.ctx, f.stream("a"), eventstore.At(9), events[:2])
	f.wantWrongRevision(err, f.stream("a"), 3)
	f.wantStream(f.stream("a"), events...)

	// Same content under new identities is a second event, hence a conflict.
	copied := slices.Clone(events[:2])
	for i := range copied {
		copied[i].ID = uuid.New()
	}
	_, err = f.store.Append(f.ctx, f.stream("a"), eventstore.NoStream(), copied)
	f.wantWrongRevision(err, f.stream("a"), 3)
}

func repeatOtherStream(f *fixture) {
	events := newEvents(2)
	f.mustAppend(f.stream("a"), eventstore.NoStream(), events)
	f.mustAppend(f.stream("b"), eventstore.NoStream(), events)
	f.wantStream(f.stream("a"), events...)
	f.wantStream(f.stream("b"), events...)
}

package storetest

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"aftersales-ledger/eventstore"
)

var appendCases = []testCase{
	{"an append must say what it expects", appendMustExpect},
	{"no stream is expected of a new stream only", appendNoStream},
	{"an exact revision is expected of the last event", appendExact},
	{"an existing stream is one that holds an event", appendExists},
	{"at revision minus one is no stream", appendAtNoRevision},
	{"a conflict carries the actual revision", appendConflict},
	{"the events of one append stand together or not at all", appendAllOrNothing},
	{"a malformed append is refused and leaves nothing", appendMalformed},
	{"an append may be large but not larger than the limit", appendLimit},
}

func appendMustExpect(f *fixture) {
	var unset eventstore.Expected
	_, err := f.store.Append(f.ctx, f.stream("a"), unset, newEvents(1))
	f.wantError(err, eventstore.ErrInvalidAppend)
	f.wantStream(f.stream("a"))

	_, err = f.store.Append(f.ctx, f.stream("a"), eventstore.At(-2), newEvents(1))
	f.wantError(err, eventstore.ErrInvalidAppend)
	f.wantStream(f.stream("a"))
}

func appendNoStream(f *fixture) {
	events := newEvents(1)
	f.mustAppend(f.stream("a"), eventstore.NoStream(), events)
	_, err := f.store.Append(f.ctx, f.stream("a"), eventstore.NoStream(), newEvents(1))
	f.wantWrongRevision(err, f.stream("a"), 0)
	f.wantStream(f.stream("a"), events...)
}

func appendExact(f *fixture) {
	events := newEvents(4)
	f.mustAppend(f.stream("a"), eventstore.NoStream(), events[:3])
	f.mustAppend(f.stream("a"), eventstore.At(2), events[3:])
	for _, wrong := range []eventstore.Revision{0, 2, 4, 1000} {
		_, err := f.store.Append(f.ctx, f.stream("a"), eventstore.At(wrong), newEvents(1))
		f.wantWrongRevision(err, f.stream("a"), 3)
	}
	f.wantStream(f.stream("a"), events...)
}

func appendExists(f *fixture) {
	_, err := f.store.Append(f.ctx, f.stream("a"), eventstore.Exists(), newEvents(1))
	f.wantWrongRevision(err, f.stream("a"), eventstore.NoRevision)

	events := newEvents(3)
	f.mustAppend(f.stream("a"), eventstore.NoStream(), events[:1])
	if got := f.mustAppend(f.stream("a"), eventstore.Exists(), events[1:]); got.Revision != 2 {
		f.Fatalf("landed at revision %d, want 2", got.Revision)
	}
	f.wantStream(f.stream("a"), events...)
}

func appendAtNoRevision(f *fixture) {
	if eventstore.At(eventstore.NoRevision) != eventstore.NoStream() {
		f.Fatal("At(NoRevision) is not NoStream()")
	}
	f.mustAppend(f.stream("a"), eventstore.At(eventstore.NoRevision), newEvents(1))
	_, err := f.store.Append(f.ctx, f.stream("a"), eventstore.At(eventstore.NoRevision), newEvents(1))
	f.wantWrongRevision(err, f.stream("a"), 0)
}

func appendConflict(f *fixture) {
	// A writer that lost the race must be able to tell how far behind it is,
	// also on a stream that does not exist.
	for _, wrong := range []eventstore.Expected{eventstore.At(0), eventstore.At(7), eventstore.Exists()} {
		_, err := f.store.Append(f.ctx, f.stream("missing"), wrong, newEvents(2))
		f.wantWrongRevision(err, f.stream("missing"), eventstore.NoRevision)
	}
	f.mustFill(f.stream("a"), 12)
	for _, wrong := range []eventstore.Expected{eventstore.NoStream(), eventstore.At(5), eventstore.At(12)} {
		_, err := f.store.Append(f.ctx, f.stream("a"), wrong, newEvents(2))
		f.wantWrongRevision(err, f.stream("a"), 11)
	}
	if own := f.readOwn(); len(own) != 12 {
		f.Fatalf("the log holds %d events of this case, want 12", len(own))
	}
}

func appendAllOrNothing(f *fixture) {
	events := newEvents(3)
	f.mustAppend(f.stream("a"), eventstore.NoStream(), events)

	bad := newEvents(3)
	bad[2].Data = []byte("{")
	_, err := f.store.Append(f.ctx, f.stream("a"), eventstore.At(2), bad)
	f.wantError(err, eventstore.ErrInvalidAppend)
	_, err = f.store.Append(f.ctx, f.stream("a"), eventstore.At(1), newEvents(3))
	f.wantWrongRevision(err, f.stream("a"), 2)
	f.wantStream(f.stream("a"), events...)

	own := f.readOwn()
	if len(own) != 3 {
		f.Fatalf("the log holds %d events of this case, want 3", len(own))
	}
}

func appendMalformed(f *fixture) {
	type change = func(stream *string, events *[]eventstore.Proposed)
	cases := map[string]change{
		"no events":            func(_ *string, e *[]eventstore.Proposed) { *e = nil },
		"an empty stream name": func(s *string, _ *[]eventstore.Proposed) { *s = "" },
		"a system stream":      func(s *string, _ *[]eventstore.Proposed) { *s = "$" + *s },
		"no identity":          func(_ *string, e *[]eventstore.Proposed) { (*e)[1].ID = uuid.Nil },
		"one identity twice":   func(_ *string, e *[]eventstore.Proposed) { (*e)[1].ID = (*e)[0].ID },
		"no type":              func(_ *string, e *[]eventstore.Proposed) { (*e)[1].Type = "" },
		"data that is cut off": func(_ *string, e *[]eventstore.Proposed) { (*e)[1].Data = []byte(`{"n":`) },
		"no data":              func(_ *string, e *[]eventstore.Proposed) { (*e)[1].Data = nil },
		"metadata in prose":    func(_ *string, e *[]eventstore.Proposed) { (*e)[1].Metadata = []byte("by hand") },
		"metadata in an array": func(_ *string, e *[]eventstore.Proposed) { (*e)[1].Metadata = []byte(`["by hand"]`) },
		"too many bytes": func(_ *string, e *[]eventstore.Proposed) {
			(*e)[1].Data = document(eventstore.MaxAppendBytes)
		},
	}
	for name, change := range cases {
		stream, events := f.stream("a"), newEvents(2)
		change(&stream, &events)
		if _, err := f.store.Append(f.ctx, stream, eventstore.NoStream(), events); err == nil {
			f.Errorf("%s: accepted", name)
		} else if !errors.Is(err, eventstore.ErrInvalidAppend) {
			f.Errorf("%s: error is %v, want ErrInvalidAppend", name, err)
		}
	}
	f.wantStream(f.stream("a"))
	if own := f.readOwn(); len(own) != 0 {
		f.Fatalf("the log holds %d events that were refused", len(own))
	}
}

func appendLimit(f *fixture) {
	// Servers count some bytes of their own, so the last few KiB are not
	// promised to fit; one byte too many is refused by all.
	events := newEvents(2)
	room := eventstore.MaxAppendBytes - len(events[0].Metadata) - len(events[1].Metadata)
	events[0].Data, events[1].Data = document(room/2), document(room/2-(16<<10))
	f.mustAppend(f.stream("a"), eventstore.NoStream(), events)
	f.wantStream(f.stream("a"), events...)
	for i, e := range f.readStream(f.stream("a")) {
		if !sameJSON(e.Data, events[i].Data) {
			f.Fatalf("the data of large event %d changed", i)
		}
	}

	more := newEvents(2)
	more[0].Data, more[1].Data = document(room/2), document(room-room/2+1)
	_, err := f.store.Append(f.ctx, f.stream("a"), eventstore.At(1), more)
	f.wantError(err, eventstore.ErrTooLarge)
	f.wantStream(f.stream("a"), events...)
}

// document returns a JSON document of exactly size bytes.
func document(size int) []byte {
	const frame = len(`{"text":""}`)
	return fmt.Appendf(nil, `{"text":"%s"}`, bytes.Repeat([]byte("x"), size-frame))
}

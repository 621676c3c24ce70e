package storetest

import (
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/google/uuid"

	"aftersales-ledger/eventstore"
)

var readCases = []testCase{
	{"a stream without events is not found", readMissing},
	{"an event is read as it was written", readRoundTrip},
	{"a large stream is read from any place in both directions", readLarge},
	{"a read that is broken off leaves the store usable", readBreak},
	{"the whole log is read in order", readLog},
	{"the log is read after a position", readLogAfter},
	{"a read of the log ends where the log ended when it began", readLogEnd},
	{"an event is found by its position", readEventAt},
	{"the head is the position of the last event", readHead},
	{"a probe writes nothing", readProbe},
}

func readMissing(f *fixture) {
	f.mustFill(f.stream("a"), 1)
	for _, dir := range []eventstore.Direction{eventstore.Forwards, eventstore.Backwards} {
		for _, from := range []eventstore.Revision{0, 5, eventstore.EndOfStream} {
			events, err := collect(f.store.ReadStream(f.ctx, f.stream("missing"), from, dir))
			f.wantError(err, eventstore.ErrStreamNotFound)
			if len(events) != 0 {
				f.Fatalf("a missing stream yielded %d events", len(events))
			}
		}
	}
}

func readRoundTrip(f *fixture) {
	documents := []string{
		`{}`,
		`{"amount":"12.3400","sum":12345678901234567890.123456789,"n":-0.00,"e":1e-7}`,
		`{"name":"Łódź – 東京 🧾 \u00e9\ud83d\ude00","quote":"\"\\\/\b\f\n\r\t","null":null}`,
		" {\n \"spaced\" : [ 1 , [ ] , { \"deep\" : [ true , false ] } ] }\n",
		`[1,2,3]`,
		`"text"`,
		`0`,
	}
	events := newEvents(len(documents))
	for i, doc := range documents {
		events[i].Type = "storetest.type-" + string(rune('a'+i))
		events[i].Data = []byte(doc)
		if doc[len(doc)-1] == '}' {
			events[i].Metadata = []byte(doc)
		}
	}
	stream := f.stream("Łódź/東京 #1")
	landed := f.mustAppend(stream, eventstore.NoStream(), events)
	f.wantStream(stream, events...)

	fromStream, fromLog := f.readStream(stream), f.readOwn()
	if last := fromStream[len(fromStream)-1]; last.Position != landed.Position {
		f.Fatalf("the append landed at position %d, but its last event stands at %d", landed.Position, last.Position)
	}
	for i, want := range events {
		for _, got := range []eventstore.Recorded{fromStream[i], fromLog[i]} {
			f.wantEvent(got, want)
		}
		if fromStream[i].Position != fromLog[i].Position || !fromStream[i].RecordedAt.Equal(fromLog[i].RecordedAt) {
			f.Errorf("event %d differs between its stream and the log", i)
		}
	}
}

// wantEvent checks that got is what was proposed.
func (f *fixture) wantEvent(got eventstore.Recorded, want eventstore.Proposed) {
	f.Helper()
	if got.ID != want.ID || got.Type != want.Type {
		f.Errorf("event is %v %q, want %v %q", got.ID, got.Type, want.ID, want.Type)
	}
	if !sameJSON(got.Data, want.Data) {
		f.Errorf("data is %s, want %s", got.Data, want.Data)
	}
	if !sameJSON(got.Metadata, want.Metadata) {
		f.Errorf("metadata is %s, want %s", got.Metadata, want.Metadata)
	}
}

func readLarge(f *fixture) {
	const n = 10_000
	events := f.mustFill(f.stream("a"), n)
	f.mustFill(f.stream("b"), 3)

	reads := []struct {
		from  eventstore.Revision
		dir   eventstore.Direction
		first int // revision of the first event read; -1 for none
	}{
		{0, eventstore.Forwards, 0},
		{n / 2, eventstore.Forwards, n / 2},
		{n - 1, eventstore.Forwards, n - 1},
		{n, eventstore.Forwards, -1},
		{eventstore.EndOfStream, eventstore.Backwards, n - 1},
		{n + 7, eventstore.Backwards, n - 1},
		{n / 2, eventstore.Backwards, n / 2},
		{0, eventstore.Backwards, 0},
	}
	for _, r := range reads {
		got, err := collect(f.store.ReadStream(f.ctx, f.stream("a"), r.from, r.dir))
		if err != nil {
			f.Fatalf("reading from %d: %v", r.from, err)
		}
		var want []eventstore.Proposed
		switch {
		case r.first < 0:
		case r.dir == eventstore.Forwards:
			want = events[r.first:]
		default:
			want = slices.Clone(events[:r.first+1])
			slices.Reverse(want)
		}
		if !slices.EqualFunc(got, want, func(g eventstore.Recorded, w eventstore.Proposed) bool { return g.ID == w.ID }) {
			f.Errorf("reading from %d in direction %d: got %d events, not the %d wanted", r.from, r.dir, len(got), len(want))
		}
	}
}

func readBreak(f *fixture) {
	f.mustFill(f.stream("a"), 1500)
	// A read that kept a connection after its loop was left would soon
	// exhaust the store.
	for i := range 100 {
		reads := []iter.Seq2[eventstore.Recorded, error]{
			f.store.ReadStream(f.ctx, f.stream("a"), 0, eventstore.Forwards),
			f.store.ReadStream(f.ctx, f.stream("a"), eventstore.EndOfStream, eventstore.Backwards),
			f.store.ReadAll(f.ctx, f.start),
		}
		for _, read := range reads {
			seen := 0
			for _, err := range read {
				if err != nil {
					f.Fatalf("read %d: %v", i, err)
				}
				if seen++; seen > i {
					break
				}
			}
		}
	}
	f.mustAppend(f.stream("a"), eventstore.At(1499), newEvents(1))
}

func readLog(f *fixture) {
	var written []uuid.UUID
	lasts := make([]eventstore.Revision, 7)
	for i := range lasts {
		lasts[i] = eventstore.NoRevision
	}
	for i := range 200 {
		s := (i * i) % len(lasts)
		events := newEvents(1 + i%4)
		for _, e := range events {
			written = append(written, e.ID)
		}
		stream := f.stream(string(rune('a' + s)))
		lasts[s] = f.mustAppend(stream, eventstore.At(lasts[s]), events).Revision
	}
	own := f.readOwn()
	if !slices.EqualFunc(own, written, func(e eventstore.Recorded, id uuid.UUID) bool { return e.ID == id }) {
		f.Fatalf("the log holds %d events of this case, not the %d written in their order", len(own), len(written))
	}
}

func readLogAfter(f *fixture) {
	f.mustFill(f.stream("a"), 1200)
	own := f.readOwn()
	for _, i := range []int{0, 1, 499, 500, 777, 1198, 1199} {
		got, err := collect(f.store.ReadAll(f.ctx, own[i].Position))
		if err != nil {
			f.Fatalf("reading after position %d: %v", own[i].Position, err)
		}
		got = slices.DeleteFunc(got, func(e eventstore.Recorded) bool { return !f.own(e) })
		same := func(a, b eventstore.Recorded) bool { return a.ID == b.ID && a.Position == b.Position }
		if !slices.EqualFunc(got, own[i+1:], same) {
			f.Fatalf("reading after event %d: got %d events, want the %d after it", i, len(got), len(own)-i-1)
		}
	}
}

func readLogEnd(f *fixture) {
	f.mustFill(f.stream("a"), 50)
	// A reader that writes, like a process manager, must not chase its own tail.
	last, seen := eventstore.NoRevision, 0
	for e, err := range f.store.ReadAll(f.ctx, f.start) {
		if err != nil {
			f.Fatal(err)
		}
		if !f.own(e) {
			continue
		}
		seen++
		if e.Stream != f.stream("a") {
			f.Fatalf("an event written during the read was read")
		}
		last = f.mustAppend(f.stream("b"), eventstore.At(last), newEvents(1)).Revision
	}
	if seen != 50 {
		f.Fatalf("read %d events, want 50", seen)
	}
	if own := f.readOwn(); len(own) != 100 {
		f.Fatalf("the log holds %d events of this case, want 100", len(own))
	}
}

func readEventAt(f *fixture) {
	events := f.mustFill(f.stream("a"), 20)
	for i, stored := range f.readOwn() {
		got, err := f.store.EventAt(f.ctx, stored.Position)
		if err != nil {
			f.Fatalf("the event at position %d: %v", stored.Position, err)
		}
		f.wantEvent(got, events[i])
		if got.Position != stored.Position || got.Revision != stored.Revision || got.Stream != stored.Stream ||
			!got.RecordedAt.Equal(stored.RecordedAt) {
			f.Fatalf("the event at position %d is %+v, but the log holds %+v", stored.Position, got, stored)
		}
	}
	// Before the first event there is none, and none beyond the end. A shared
	// log may grow, but not by this much.
	head, err := f.store.Head(f.ctx)
	if err != nil {
		f.Fatalf("Head: %v", err)
	}
	for _, at := range []eventstore.Position{0, head + 1<<40} {
		_, err := f.store.EventAt(f.ctx, at)
		f.wantError(err, eventstore.ErrEventNotFound)
	}
}

// readProbe shows that a probe writes nothing, whatever the log holds.
func readProbe(f *fixture) {
	probe := func() {
		if err := f.store.Probe(f.ctx); err != nil {
			f.Fatalf("Probe: %v", err)
		}
	}
	probe()
	landed := f.mustAppend(f.stream("a"), eventstore.NoStream(), newEvents(2))
	probe()
	if head, err := f.store.Head(f.ctx); err != nil || head < landed.Position || (!f.Shared && head != landed.Position) {
		f.Fatalf("the head after a probe is %d (%v), want %d", head, err, landed.Position)
	}
	f.mustAppend(f.stream("a"), eventstore.At(1), newEvents(1))
}

func readHead(f *fixture) {
	last := f.start
	for i := range 10 {
		landed := f.mustAppend(f.stream("a"), eventstore.At(eventstore.Revision(2*i-1)), newEvents(2))
		head, err := f.store.Head(f.ctx)
		if err != nil {
			f.Fatalf("Head: %v", err)
		}
		if landed.Position <= last || head < landed.Position || (!f.Shared && head != landed.Position) {
			f.Fatalf("head is %d after an append landed at %d, with the log at %d before", head, landed.Position, last)
		}
		last = head
	}
	ctx, cancel := context.WithCancel(f.ctx)
	cancel()
	if _, err := f.store.Head(ctx); err != nil && !errors.Is(err, context.Canceled) {
		f.Fatalf("Head under a cancelled context: %v", err)
	}
}

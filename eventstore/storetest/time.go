package storetest

import (
	"time"

	"aftersales-ledger/eventstore"
)

var timeCases = []testCase{
	{"events are stamped in UTC to the microsecond", timeStamp},
	{"time never runs backwards along the log", timeBackwards},
	{"a time given with the event is kept", timeKept},
	{"a time given before the log's last is refused", timeRefused},
}

func timeStamp(f *fixture) {
	f.mustAppend(f.stream("a"), eventstore.NoStream(), newEvents(2))
	for _, e := range f.readStream(f.stream("a")) {
		if e.RecordedAt.IsZero() || e.RecordedAt.Location() != time.UTC {
			f.Fatalf("event was recorded at %v, want a time in UTC", e.RecordedAt)
		}
		if !e.RecordedAt.Equal(e.RecordedAt.Truncate(time.Microsecond)) {
			f.Fatalf("event was recorded at %v, want whole microseconds", e.RecordedAt)
		}
		if want := f.clock.Now().Truncate(time.Microsecond); !f.ServerTime && !e.RecordedAt.Equal(want) {
			f.Fatalf("event was recorded at %v, want the clock's %v", e.RecordedAt, want)
		}
	}
}

func timeBackwards(f *fixture) {
	// A clock is set back by an hour in the middle, and once more across a
	// restart: an audit must still be able to read the log by time.
	steps := []time.Duration{time.Second, time.Minute, -time.Hour, time.Second, 2 * time.Hour, time.Second}
	last := eventstore.NoRevision
	for range 2 {
		for _, step := range steps {
			f.clock.Move(step)
			last = f.mustAppend(f.stream("a"), eventstore.At(last), newEvents(2)).Revision
		}
		f.clock.Move(-24 * time.Hour)
		f.restart()
	}
	last = f.mustAppend(f.stream("a"), eventstore.At(last), newEvents(1)).Revision

	var before time.Time
	own := f.readOwn()
	for _, e := range own {
		if e.RecordedAt.Before(before) {
			f.Fatalf("revision %d was recorded at %v, after an event of %v", e.Revision, e.RecordedAt, before)
		}
		before = e.RecordedAt
	}
	if len(own) != int(last)+1 {
		f.Fatalf("the log holds %d events of this case, want %d", len(own), last+1)
	}
}

func timeKept(f *fixture) {
	// A move from another store: the history keeps its times. On a shared log
	// nothing may lie before what is there, so the times begin now.
	begin := f.clock.Now()
	if f.ServerTime {
		begin = time.Now()
	}
	begin = begin.Truncate(time.Microsecond)
	berlin := time.FixedZone("CET", 3600)
	moved := newEvents(4)
	for i := range moved {
		moved[i].RecordedAt = begin.Add(time.Duration(i) * 1001 * time.Microsecond).In(berlin)
	}
	moved[2].RecordedAt = moved[1].RecordedAt // two events of one moment stay in order
	f.mustAppend(f.stream("a"), eventstore.NoStream(), moved[:3])
	f.mustAppend(f.stream("b"), eventstore.NoStream(), moved[3:])

	for i, e := range f.readOwn() {
		if !e.RecordedAt.Equal(moved[i].RecordedAt) || e.RecordedAt.Location() != time.UTC {
			f.Fatalf("event %d was recorded at %v, want %v in UTC", i, e.RecordedAt, moved[i].RecordedAt.UTC())
		}
	}
}

func timeRefused(f *fixture) {
	if f.ServerTime {
		f.Skip("a server's log does not tell its last time")
	}
	first := newEvents(1)
	first[0].RecordedAt = f.clock.Now().Truncate(time.Microsecond)
	f.mustAppend(f.stream("a"), eventstore.NoStream(), first)

	late := newEvents(2)
	late[0].RecordedAt = first[0].RecordedAt.Add(time.Second)
	late[1].RecordedAt = first[0].RecordedAt // behind its own neighbour
	_, err := f.store.Append(f.ctx, f.stream("b"), eventstore.NoStream(), late)
	f.wantError(err, eventstore.ErrInvalidAppend)

	late = newEvents(1)
	late[0].RecordedAt = first[0].RecordedAt.Add(-time.Microsecond)
	_, err = f.store.Append(f.ctx, f.stream("b"), eventstore.NoStream(), late)
	f.wantError(err, eventstore.ErrInvalidAppend)
	f.wantStream(f.stream("b"))
}

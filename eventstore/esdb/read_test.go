package esdb_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb/esdbtest"
)

// Others may write to the same log with metadata of their own.
func TestForeignMetadata(t *testing.T) {
	store, _, backing := serve(t)
	at := time.Date(2023, 5, 6, 7, 8, 9, 123456000, time.UTC)
	cases := []struct {
		metadata string
		at       time.Time // zero: the server's
	}{
		{`{}`, time.Time{}},
		{`{"actor":"x"}`, time.Time{}},
		{`{"actor":"x","recordedAt":"2023-05-06T07:08:09.123456Z"}`, at},
		{`{"recordedAt":"2023-05-06T09:08:09.1234567+02:00","actor":"x"}`, at},
		{`{"recordedAt":"yesterday","actor":"x"}`, time.Time{}},
		{`{"recordedAt":17,"actor":"x"}`, time.Time{}},
		{`{"nested":{"recordedAt":"2023-05-06T07:08:09.123456Z"}}`, time.Time{}},
	}
	var proposed []eventstore.Proposed
	for _, c := range cases {
		proposed = append(proposed,
			eventstore.Proposed{ID: uuid.New(), Type: "foreign", Data: []byte(`1`), Metadata: []byte(c.metadata)})
	}
	if _, err := backing.Append(t.Context(), "a", eventstore.NoStream(), proposed); err != nil {
		t.Fatal(err)
	}
	server := readStream(t, backing, "a")
	for i, e := range readStream(t, store, "a") {
		want := cases[i].at
		if want.IsZero() {
			want = server[i].RecordedAt
		}
		if !e.RecordedAt.Equal(want) || e.RecordedAt.Location() != time.UTC {
			t.Errorf("%s: recorded at %v, want %v", cases[i].metadata, e.RecordedAt, want)
		}
		if string(e.Metadata) != string(server[i].Metadata) {
			t.Errorf("metadata %s was changed to %s", server[i].Metadata, e.Metadata)
		}
	}
}

// A log cut short by a failing server must not pass for the whole.
func TestReadIsWholeOrFails(t *testing.T) {
	store, ctl, _ := serve(t)
	fill(t, store, "a", eventstore.NoRevision, 100)
	kinds := []esdbtest.Kind{esdbtest.Drop, esdbtest.Unavailable, esdbtest.Timeout}
	for _, kind := range kinds {
		ctl.Fail(1, esdbtest.CallFailure{Method: esdbtest.Read, Kind: kind, Messages: 40})
		var failed error
		seen := 0
		for _, err := range store.ReadStream(t.Context(), "a", 0, eventstore.Forwards) {
			if failed = err; err == nil {
				seen++
			}
		}
		wantError(t, failed, eventstore.ErrUnavailable)
		if seen > 40 {
			t.Fatalf("%d events were read, the server sent 40", seen)
		}
		if n := len(readStreamUntilUp(t, store, "a")); n != 100 {
			t.Fatalf("the stream is read as %d events afterwards, want 100", n)
		}
	}
}

// readStreamUntilUp reads a stream, again while the server is not there.
func readStreamUntilUp(t *testing.T, s eventstore.Store, stream string) []eventstore.Recorded {
	t.Helper()
	for {
		var list []eventstore.Recorded
		var failed error
		for e, err := range s.ReadStream(t.Context(), stream, 0, eventstore.Forwards) {
			if failed = err; err == nil {
				list = append(list, e)
			}
		}
		if failed == nil {
			return list
		}
		wantError(t, failed, eventstore.ErrUnavailable)
	}
}

// Not-leader comes under the status "not found", which a missing stream has,
// too.
func TestReadOfFollowerIsNotAMissingStream(t *testing.T) {
	store, ctl, _ := serve(t)
	fill(t, store, "a", eventstore.NoRevision, 1)
	ctl.Fail(1, esdbtest.CallFailure{Method: esdbtest.Read, Kind: esdbtest.NotLeader, Leader: ctl.Addr()})
	for _, err := range store.ReadStream(t.Context(), "a", 0, eventstore.Forwards) {
		wantError(t, err, eventstore.ErrUnavailable)
		if !strings.Contains(err.Error(), "not the leader") {
			t.Fatalf("error %q does not say why", err)
		}
	}
	if n := len(readStream(t, store, "a")); n != 1 {
		t.Fatalf("the stream holds %d events", n)
	}
}

func TestEventAt(t *testing.T) {
	store, ctl, _ := serve(t)
	fill(t, store, "a", eventstore.NoRevision, 3)
	ctl.AddSystemEvents(2)
	last := fill(t, store, "b", eventstore.NoRevision, 1).Position
	for _, want := range readAll(t, store, 0) {
		got, err := store.EventAt(t.Context(), want.Position)
		if err != nil || got.ID != want.ID || got.Position != want.Position || !got.RecordedAt.Equal(want.RecordedAt) {
			t.Errorf("at position %d stands %+v (%v), want %+v", want.Position, got, err, want)
		}
		// Between the events is nothing, or an event of the system's.
		_, err = store.EventAt(t.Context(), want.Position+1)
		wantError(t, err, eventstore.ErrEventNotFound)
	}
	for _, nowhere := range []eventstore.Position{0, 1, last + 1, last * 2} {
		_, err := store.EventAt(t.Context(), nowhere)
		wantError(t, err, eventstore.ErrEventNotFound)
	}
}

// A position of another log must not be taken for one of this.
func TestPositionOfAnotherLog(t *testing.T) {
	store, _, _ := serve(t)
	last := fill(t, store, "a", eventstore.NoRevision, 3).Position
	for _, err := range store.ReadAll(t.Context(), last-1) {
		wantError(t, err, eventstore.ErrDamaged)
	}
	for _, err := range store.Subscribe(t.Context(), last-1, 10) {
		wantError(t, err, eventstore.ErrDamaged)
	}
}

package esdb

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"
)

// The time goes into metadata and out again without a trace.
func TestStampRoundTrip(t *testing.T) {
	at := time.Date(2026, 2, 28, 23, 59, 59, 7000, time.UTC)
	for _, doc := range []string{
		`{}`, `{ }`, "{\n}", `{"a":1}`, ` { "a" : [ 1 ] } `, "\n\t{}\n", `{"recordedAt":"mine"}`,
		`{"recordedAt":"2023-05-06T07:08:09.123456Z","sum":12345678901234567890.10}`,
	} {
		stamped := putStamp([]byte(doc), at)
		if !json.Valid(stamped) {
			t.Errorf("%q became %s", doc, stamped)
		}
		var read struct{ RecordedAt time.Time }
		if doc == `{"a":1}` && (json.Unmarshal(stamped, &read) != nil || !read.RecordedAt.Equal(at)) {
			t.Errorf("others cannot read the time in %s", stamped)
		}
		rest, got, ok := takeStamp(stamped)
		if !ok || !got.Equal(at) || got.Location() != time.UTC || string(rest) != doc {
			t.Errorf("%q came back as %q at %v (%t)", doc, rest, got, ok)
		}
	}
	if rest, got, ok := takeStamp(putStamp(nil, at)); !ok || string(rest) != `{}` || !got.Equal(at) {
		t.Errorf("no metadata came back as %q at %v (%t)", rest, got, ok)
	}
}

func FuzzTakeStamp(f *testing.F) {
	f.Add([]byte(`{"recordedAt":"2023-05-06T07:08:09.123456Z","a":1}`))
	f.Add([]byte(`{"recordedAt":"2023-05-06T07:08:09.123456Z"`))
	f.Add([]byte(`{"recordedAt":"2023-05-06T07:08:09.123456Z"}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		rest, _, ok := takeStamp(bytes.Clone(doc))
		switch {
		case !ok && !bytes.Equal(rest, doc):
			t.Fatal("changed although there was nothing to take")
		case ok && json.Valid(doc) && !json.Valid(rest):
			t.Fatalf("%q became %q", doc, rest)
		}
	})
}

func TestBackoffIsBounded(t *testing.T) {
	for failures := range 100 {
		if d := backoff(failures); d < firstBackoff/2 || d > lastBackoff {
			t.Fatalf("after %d failures the wait is %v", failures, d)
		}
	}
}

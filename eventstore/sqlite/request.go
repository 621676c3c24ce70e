package sqlite

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/google/uuid"

	"aftersales-ledger/eventstore"
)

// request is an append on its way to the writer. It shares no memory with the
// caller, who may go on with its buffers when its context ends.
type request struct {
	stream   string
	expected eventstore.Expected
	rows     []row
	bytes    int
	taken    atomic.Bool // by the writer, or back by the caller
	answer   chan answer // holds one
}

// row is an event as it is bound to the insert.
type row struct {
	id             uuid.UUID
	typ            string
	data, metadata string
	at             int64 // µs since 1970; set by the writer unless given
	given          bool  // at is the caller's
}

type answer struct {
	appended eventstore.Appended
	err      error
}

// newRequest checks an append as far as that needs no look into the log, in
// the caller's goroutine to keep the writer free. Errors wrap ErrInvalidAppend.
func newRequest(stream string, expected eventstore.Expected, events []eventstore.Proposed) (*request, error) {
	if !expected.Valid() {
		return nil, fmt.Errorf("%w: it does not say which revision it expects", eventstore.ErrInvalidAppend)
	}
	if err := checkStream(stream); err != nil {
		return nil, err
	}
	if len(events) == 0 {
		return nil, fmt.Errorf("%w: no events", eventstore.ErrInvalidAppend)
	}
	r := &request{stream: stream, expected: expected, rows: make([]row, len(events)), answer: make(chan answer, 1)}
	for _, e := range events {
		r.bytes += len(e.Data) + len(e.Metadata)
	}
	if r.bytes > eventstore.MaxAppendBytes {
		return nil, fmt.Errorf("%w: %d", eventstore.ErrTooLarge, r.bytes)
	}
	for i, e := range events {
		if err := checkEvent(e); err != nil {
			return nil, fmt.Errorf("%w: event %d: %w", eventstore.ErrInvalidAppend, i, err)
		}
		r.rows[i] = row{id: e.ID, typ: e.Type, data: string(e.Data), metadata: string(e.Metadata)}
		if !e.RecordedAt.IsZero() {
			r.rows[i].at, r.rows[i].given = e.RecordedAt.UnixMicro(), true
		}
	}
	if id, twice := r.duplicate(); twice {
		return nil, fmt.Errorf("%w: event ID %v is used twice", eventstore.ErrInvalidAppend, id)
	}
	return r, nil
}

func checkStream(name string) error {
	switch {
	case name == "":
		return fmt.Errorf("%w: the stream has no name", eventstore.ErrInvalidAppend)
	case strings.HasPrefix(name, "$"):
		return fmt.Errorf("%w: stream %q: names beginning with $ belong to EventStoreDB", eventstore.ErrInvalidAppend, name)
	case !utf8.ValidString(name) || strings.ContainsRune(name, 0):
		return fmt.Errorf("%w: stream %q: the name is not text", eventstore.ErrInvalidAppend, name)
	}
	return nil
}

func checkEvent(e eventstore.Proposed) error {
	switch {
	case e.ID == uuid.Nil:
		return fmt.Errorf("it has no ID")
	case e.Type == "" || !utf8.ValidString(e.Type) || strings.ContainsRune(e.Type, 0):
		return fmt.Errorf("type %q is not a name", e.Type)
	case !json.Valid(e.Data):
		return fmt.Errorf("its data is not JSON")
	case !json.Valid(e.Metadata) || bytes.TrimLeft(e.Metadata, " \t\r\n")[0] != '{':
		return fmt.Errorf("its metadata is not a JSON object")
	}
	return nil
}

// duplicate finds an ID that is used twice. Such an append could never be told
// from a repeat of itself.
func (r *request) duplicate() (uuid.UUID, bool) {
	if len(r.rows) == 1 {
		return uuid.Nil, false
	}
	seen := make(map[uuid.UUID]struct{}, len(r.rows))
	for i := range r.rows {
		if _, twice := seen[r.rows[i].id]; twice {
			return r.rows[i].id, true
		}
		seen[r.rows[i].id] = struct{}{}
	}
	return uuid.Nil, false
}

// take claims the request for the writer; false if it was withdrawn.
func (r *request) take() bool { return r.taken.CompareAndSwap(false, true) }

// withdraw takes the request back; false if the writer has it already.
func (r *request) withdraw() bool { return r.taken.CompareAndSwap(false, true) }

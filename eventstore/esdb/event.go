package esdb

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"

	"aftersales-ledger/eventstore"
)

// The time an event was recorded travels as the first field of its metadata,
// in a form of fixed width, so that it is put in and taken out again without
// touching the rest of the document.
const (
	stampKey    = `"recordedAt":"`
	stampLayout = "2006-01-02T15:04:05.000000Z"
	stampSize   = len(stampKey) + len(stampLayout) + len(`"`)
)

// checkAppend refuses what no store may accept.
func checkAppend(stream string, expected eventstore.Expected, events []eventstore.Proposed) error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s", eventstore.ErrInvalidAppend, fmt.Sprintf(format, args...))
	}
	switch {
	case !expected.Valid():
		return bad("no valid expectation")
	case stream == "" || !utf8.ValidString(stream):
		return bad("the stream name is empty or not UTF-8")
	case strings.HasPrefix(stream, "$"):
		return bad(`stream names that begin with "$" are the system's`)
	case len(events) == 0:
		return bad("no events")
	}
	size := 0
	ids := make(map[uuid.UUID]struct{}, len(events))
	for i, e := range events {
		size += len(e.Data) + len(e.Metadata)
		switch _, twice := ids[e.ID]; {
		case e.ID == uuid.Nil:
			return bad("event %d has no ID", i)
		case twice:
			return bad("event %d has the ID of another", i)
		case e.Type == "" || !utf8.ValidString(e.Type):
			return bad("the type of event %d is empty or not UTF-8", i)
		case strings.HasPrefix(e.Type, "$"):
			return bad(`event %d: types that begin with "$" are the system's`, i)
		case size > eventstore.MaxAppendBytes:
			return fmt.Errorf("%w, with event %d", eventstore.ErrTooLarge, i)
		case !json.Valid(e.Data):
			return bad("the data of event %d is not JSON", i)
		case len(e.Metadata) > 0 && (objectStart(e.Metadata) < 0 || !json.Valid(e.Metadata)):
			return bad("the metadata of event %d is not a JSON object", i)
		case !e.RecordedAt.IsZero() && (e.RecordedAt.UTC().Year() < 1 || e.RecordedAt.UTC().Year() > 9999):
			return bad("the time of event %d is out of range", i)
		}
		ids[e.ID] = struct{}{}
	}
	return nil
}

// objectStart returns where the "{" of a JSON object stands, or -1.
func objectStart(doc []byte) int {
	for i, c := range doc {
		switch c {
		case '{':
			return i
		case ' ', '\t', '\r', '\n':
		default:
			return -1
		}
	}
	return -1
}

// putStamp returns the metadata with the time as its first field.
func putStamp(metadata []byte, at time.Time) []byte {
	if len(metadata) == 0 {
		metadata = []byte("{}")
	}
	start := objectStart(metadata) + 1
	rest := metadata[start:]
	out := make([]byte, 0, len(metadata)+stampSize+1)
	out = append(out, metadata[:start]...)
	out = append(out, stampKey...)
	out = at.UTC().AppendFormat(out, stampLayout)
	out = append(out, '"')
	if !bytes.HasPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte("}")) {
		out = append(out, ',')
	}
	return append(out, rest...)
}

// takeStamp undoes putStamp, in place. ok is false, and the metadata is as it
// was, if another writer wrote it.
func takeStamp(metadata []byte) (rest []byte, at time.Time, ok bool) {
	start := objectStart(metadata) + 1
	if start == 0 || !bytes.HasPrefix(metadata[start:], []byte(stampKey)) || len(metadata) < start+stampSize+1 {
		return metadata, time.Time{}, false
	}
	text := metadata[start+len(stampKey) : start+stampSize-1]
	at, err := time.Parse(time.RFC3339Nano, string(text))
	if err != nil || text[len(text)-1] != 'Z' || metadata[start+stampSize-1] != '"' {
		return metadata, time.Time{}, false
	}
	// The head of the document, up to its brace, moves up to what is left.
	end := start + stampSize
	if metadata[end] == ',' {
		end++
	}
	copy(metadata[end-start:end], metadata[:start])
	return metadata[end-start:], at.UTC(), true
}

// foreignStamp looks for a time that another writer put elsewhere in the
// metadata or in another form.
func foreignStamp(metadata []byte) (time.Time, bool) {
	if !bytes.Contains(metadata, []byte(`"recordedAt"`)) {
		return time.Time{}, false
	}
	var doc struct {
		RecordedAt time.Time `json:"recordedAt"`
	}
	if json.Unmarshal(metadata, &doc) != nil || doc.RecordedAt.IsZero() {
		return time.Time{}, false
	}
	return doc.RecordedAt.UTC().Truncate(time.Microsecond), true
}

// proposals puts events into the client's terms.
func proposals(events []eventstore.Proposed, times []time.Time) []esdb.EventData {
	list := make([]esdb.EventData, len(events))
	for i, e := range events {
		list[i] = esdb.EventData{
			EventID:     e.ID,
			EventType:   e.Type,
			ContentType: esdb.ContentTypeJson,
			Data:        e.Data,
			Metadata:    putStamp(e.Metadata, times[i]),
		}
	}
	return list
}

// recorded reads an event from the client's terms. It takes over its bytes.
//
// The client exits the process on an event without a time of the server's own,
// which cannot be caught. A server writes that time itself, as a number, with
// every event it sends, so only something that is not EventStoreDB gets there.
func recorded(e *esdb.RecordedEvent) (eventstore.Recorded, error) {
	if e == nil {
		return eventstore.Recorded{}, damaged("the server sent an event without content")
	}
	r := eventstore.Recorded{
		ID:       e.EventID,
		Stream:   e.StreamID,
		Revision: eventstore.Revision(e.EventNumber),
		Position: eventstore.Position(e.Position.Commit),
		Type:     e.EventType,
		Data:     e.Data,
	}
	if r.ID == uuid.Nil {
		return r, damaged("event %d of stream %q has no readable ID", r.Revision, r.Stream)
	}
	var ok bool
	if r.Metadata, r.RecordedAt, ok = takeStamp(e.UserMetadata); ok {
		return r, nil
	}
	if r.RecordedAt, ok = foreignStamp(r.Metadata); !ok {
		r.RecordedAt = e.CreatedDate.UTC().Truncate(time.Microsecond)
	}
	return r, nil
}

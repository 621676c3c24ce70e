// Package eventstore is the event log and the execution of commands against
// it: the Store port with its SQLite and EventStoreDB implementations in
// sub-packages, the registry of stored events, and the Executor that folds a
// stream, lets a decision of the domain look at it and appends what it decided.
package eventstore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/google/uuid"
)

// Position orders events over the whole log. It grows along the log; zero lies
// before the first event. SQLite positions are gap-free, EventStoreDB's are
// byte offsets and are not.
type Position uint64

// Revision is the place of an event within its stream, counted from zero.
type Revision int64

// NoRevision is the revision of a stream that holds no event.
const NoRevision Revision = -1

// MaxAppendBytes bounds the data and metadata of one append, in bytes. It is
// EventStoreDB's default limit, kept by every store so that a log can move. A
// store may need 64 bytes and twice the length of the type of it per event.
const MaxAppendBytes = 1 << 20

// Expected is the revision a writer believes its stream to be at. The zero
// value is invalid on purpose: an append that does not say what it expects
// would accept any history.
type Expected struct {
	kind     expectedKind
	revision Revision
}

type expectedKind uint8

const (
	expectUnset expectedKind = iota
	expectNoStream
	expectExists
	expectExact
)

// NoStream expects the stream to hold no event.
func NoStream() Expected { return Expected{kind: expectNoStream, revision: NoRevision} }

// Exists expects the stream to hold at least one event.
func Exists() Expected { return Expected{kind: expectExists} }

// At expects the last event of the stream to have revision r; At(NoRevision)
// is NoStream.
func At(r Revision) Expected {
	if r == NoRevision {
		return NoStream()
	}
	return Expected{kind: expectExact, revision: r}
}

// Valid reports whether the expectation was set by one of the constructors.
func (e Expected) Valid() bool {
	return e.kind != expectUnset && e.revision >= NoRevision
}

// Exact returns the one revision expected; ok is false for Exists.
// NoStream is the exact revision NoRevision.
func (e Expected) Exact() (r Revision, ok bool) {
	return e.revision, e.kind == expectExact || e.kind == expectNoStream
}

func (e Expected) String() string {
	switch e.kind {
	case expectNoStream:
		return "no stream"
	case expectExists:
		return "an existing stream"
	case expectExact:
		return fmt.Sprintf("revision %d", e.revision)
	}
	return "nothing (unset)"
}

// Proposed is an event on its way into the log.
type Proposed struct {
	ID       uuid.UUID // identity; appended again at the place the expectation names, it is a repeat, not a second event
	Type     string    // stable name from the registry
	Data     []byte    // JSON
	Metadata []byte    // JSON object, see Metadata

	// RecordedAt is the time the log accepted the event. Zero, the usual case,
	// lets the store stamp it; a move between stores sets it to keep history.
	RecordedAt time.Time
}

// Recorded is an event in the log. It never changes.
type Recorded struct {
	ID         uuid.UUID
	Stream     string
	Revision   Revision
	Position   Position
	Type       string
	Data       []byte
	Metadata   []byte
	RecordedAt time.Time // UTC, microseconds; never runs backwards along the log of one writing process
}

// Appended says where an append landed.
type Appended struct {
	Revision Revision // of the last event written
	Position Position // of the last event written
	// Repeated: the store knows that the events were already there, and wrote
	// nothing this time. A store shared with other processes may not know it
	// of what they wrote meanwhile; Revision and Position are right either way.
	Repeated bool
}

// Batch is what a subscription delivers: some events in log order and how far
// the subscription has come.
type Batch struct {
	Events []Recorded
	// Position: every event up to here has been delivered. It need not be the
	// position of an event, and may lie beyond Head.
	Position Position
	CaughtUp bool // the end of the log was reached when this batch was read
}

// Direction in which a stream is read.
type Direction uint8

const (
	Forwards Direction = iota
	Backwards
)

// Store is the event log.
//
// Every method honours its context. Errors wrap one of the sentinels below.
type Store interface {
	// Append writes events to the end of stream, all or none, and returns once
	// they are durable. The expectation is always explicit. If it fails but
	// exactly these event IDs already stand where they would have gone, the
	// append is a repeat and succeeds. Errors: *WrongRevisionError,
	// ErrInvalidAppend, ErrUnavailable.
	Append(ctx context.Context, stream string, expected Expected, events []Proposed) (Appended, error)

	// ReadStream yields the events of stream starting at revision from,
	// inclusive. Backwards, from may be EndOfStream. A stream without events
	// yields ErrStreamNotFound.
	ReadStream(ctx context.Context, stream string, from Revision, dir Direction) iter.Seq2[Recorded, error]

	// ReadAll yields the whole log after position after, in order, up to the
	// end at the time of the call.
	ReadAll(ctx context.Context, after Position) iter.Seq2[Recorded, error]

	// EventAt returns the event at a position, or ErrEventNotFound where none
	// begins.
	EventAt(ctx context.Context, at Position) (Recorded, error)

	// Subscribe yields batches of at most limit events after position after:
	// first what is there, then what comes, without gap or repeat, until ctx
	// ends. When it first has nothing more to deliver, and again whenever it
	// comes back to the end of the log, it yields a batch, possibly empty,
	// with CaughtUp set. An error that the store cannot mend by reconnecting
	// ends the sequence; a cancelled ctx ends it with ctx.Err().
	Subscribe(ctx context.Context, after Position, limit int) iter.Seq2[Batch, error]

	// Head returns the position of the last event, zero in an empty log.
	Head(ctx context.Context) (Position, error)

	// Probe reports whether an append would be taken now; it writes nothing.
	// Errors: ErrUnavailable, ErrRefused.
	Probe(ctx context.Context) error

	// Close waits for appends under way and releases the store.
	Close() error
}

// Consecutive is a Store that gives the events of one append positions without a
// gap, so that the position of the last tells those of all.
type Consecutive interface {
	Store
	Consecutive()
}

// Operated is a Store that others operate, who can take events of a stream away.
type Operated interface {
	// Whole asks whether they did, or have said that they shall be. Errors:
	// *CutError, ErrUnavailable.
	Whole(ctx context.Context, stream string) error
	// Cuts returns what is known of it without asking: what has passed in
	// subscriptions, and what was met.
	Cuts() []Truncation
}

// Followed is a Store that can tell what is written to one stream as it is
// written. It may stop to at any time, and need not tell of everything: what it
// tells spares a read, and no more.
type Followed interface {
	Store
	// Follow yields the events of a stream after a revision, those that are there
	// and those that come, until ctx ends or the connection does.
	Follow(ctx context.Context, stream string, after Revision) iter.Seq2[Recorded, error]
}

// followedOf returns what follows the streams of a store, nil if nothing does.
func followedOf(s Store) Followed {
	kept := s
	if w, watched := s.(*Watched); watched {
		kept = w.Store
	}
	if _, is := kept.(Followed); !is {
		return nil
	}
	f, _ := s.(Followed)
	return f
}

func isConsecutive(s Store) bool {
	if w, watched := s.(*Watched); watched {
		s = w.Store
	}
	_, is := s.(Consecutive)
	return is
}

// EndOfStream as the start of a backwards read begins at the last event.
const EndOfStream Revision = 1<<63 - 1

var (
	// ErrWrongRevision: the stream is not at the expected revision.
	ErrWrongRevision = errors.New("wrong revision")
	// ErrStreamNotFound: the stream holds no event.
	ErrStreamNotFound = errors.New("stream not found")
	// ErrEventNotFound: no event stands at the position.
	ErrEventNotFound = errors.New("event not found")
	// ErrInvalidAppend: the append itself is malformed (no expectation, no
	// events, a bad stream name, more than MaxAppendBytes, JSON that is not
	// JSON, a RecordedAt before the log's last one). Retrying cannot help.
	ErrInvalidAppend = errors.New("invalid append")
	// ErrTooLarge is the ErrInvalidAppend of more than MaxAppendBytes: one
	// command would record more at once than a log takes.
	ErrTooLarge = fmt.Errorf("%w: more than %d bytes of data and metadata", ErrInvalidAppend, MaxAppendBytes)
	// ErrUnavailable: the log cannot be reached or written just now: no leader,
	// a deadline, a full disk. The outcome may be unknown; retrying the same
	// event IDs with the same expectation is safe.
	ErrUnavailable = errors.New("event log unavailable")
	// ErrRefused: the log refuses us, or is none: a wrong password, a missing
	// right, a certificate nobody vouches for, another program at its address.
	// Waiting cannot help; the error says what does. It is also an ErrUnavailable.
	ErrRefused = fmt.Errorf("%w: it refuses us", ErrUnavailable)
	// ErrLasting is an ErrUnavailable of our own side that waiting does not end,
	// such as a full disk.
	ErrLasting = fmt.Errorf("%w until somebody sees to it", ErrUnavailable)
	// ErrCut: somebody who runs the log has hidden or deleted events of a stream,
	// see CutError.
	ErrCut = errors.New("events of the stream were taken away")
	// ErrDamaged: the log contradicts itself (a gap, a row that cannot be
	// read), or a position asked for is none of this log's.
	ErrDamaged = errors.New("event log damaged")
	// ErrClosed: the store was closed.
	ErrClosed = errors.New("event log closed")
)

// Truncation is what somebody who runs the log did to a stream of ours: metadata that
// hides events of it, or its deletion.
type Truncation struct {
	Stream   string
	What     string    // $maxCount 1, $tb 3, …; a soft delete; a tombstone
	Position Position  // of the server's own event that says so; 0 if it was not seen
	At       time.Time // when, zero if that is not told
}

// CutError is the ErrCut of a stream.
type CutError struct{ Truncation }

func (e *CutError) Error() string {
	at := ""
	if !e.At.IsZero() {
		at = " at " + e.At.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("stream %q: an operator of the event log has taken events away: %s%s; nothing is recorded on it until that is undone", e.Stream, e.What, at)
}

func (e *CutError) Unwrap() error { return ErrCut }

// WrongRevisionError carries what was expected and what the stream is at.
type WrongRevisionError struct {
	Stream   string
	Expected Expected
	Actual   Revision // NoRevision if the stream holds no event
}

func (e *WrongRevisionError) Error() string {
	actual := "it holds no event"
	if e.Actual != NoRevision {
		actual = fmt.Sprintf("it is at revision %d", e.Actual)
	}
	return fmt.Sprintf("stream %q: expected %s, but %s", e.Stream, e.Expected, actual)
}

func (e *WrongRevisionError) Unwrap() error { return ErrWrongRevision }

// Clock tells the time. It is injected everywhere, so that a year can be
// played in a second.
type Clock func() time.Time

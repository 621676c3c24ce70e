package projections

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/google/uuid"

	"aftersales-ledger/projections/facts"
)

// Source is the event log as the projector sees it.
type Source interface {
	// Subscribe yields batches of at most limit events after a position, in
	// log order: first what is there, then what comes, until ctx ends. It
	// yields a batch, possibly empty, with CaughtUp set whenever it comes to
	// the end of the log. Events before one that cannot be read are yielded
	// before the error that says so.
	//
	// An error ends the sequence. One that wraps ErrUnreadable stops the
	// projector; after any other the projector subscribes anew.
	Subscribe(ctx context.Context, after uint64, limit int) iter.Seq2[Batch, error]

	// Head returns the position of the last event, zero in an empty log.
	Head(ctx context.Context) (uint64, error)

	// EventID returns the identity of the event at a position; found is false
	// if no event stands there.
	EventID(ctx context.Context, position uint64) (id uuid.UUID, found bool, err error)

	// Expect tells the log which event the rows reach up to, so that a log that
	// does not hold it is known to be another one to all who write and read it.
	Expect(position uint64, id uuid.UUID)

	// Away says since when the log cannot be reached or takes no events, and
	// why; the zero time while it can. It answers at once.
	Away() (since time.Time, reason string)
}

// Batch is some events in log order and how far the subscription has come. The
// events of a batch that was yielded belong to the projector.
type Batch struct {
	Events   []facts.Recorded
	Position uint64 // every event up to here has been delivered
	CaughtUp bool   // the end of the log was reached when the batch was read
}

// ErrUnreadable marks an error of a Source that no repetition can mend: an
// event of an unknown type, data that cannot be decoded, a log that contradicts
// itself. The projector stops with it as its reason rather than skip anything.
var ErrUnreadable = errors.New("the event log cannot be read")

// ErrReplaced marks an error of a Source that says that the log is not the one
// the rows were made from any more: it ends earlier, holds other events, or
// contradicts itself. The projector stops, and no question is answered.
var ErrReplaced = errors.New("the event log is not what it was when the figures were made from it")

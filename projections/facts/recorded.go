package facts

import (
	"aftersales-ledger/domain"
	"time"

	"github.com/google/uuid"
)

// Recorded is an event as the projector takes it.
type Recorded struct {
	Position   uint64 // place in the whole log; grows along it
	Stream     string
	Revision   int64 // place within the stream, from zero
	ID         uuid.UUID
	RecordedAt time.Time // when the log accepted the event
	Actor      string
	Role       string
	Event      domain.Event
}

package facts

import (
	"time"

	"github.com/google/uuid"
)

// checkpoint is how far a generation's facts reach. The zero value is the
// beginning of the log.
type Checkpoint struct {
	Position   uint64 // of the last event
	EventID    uuid.UUID
	RecordedAt time.Time // latest recorded time so far
	Events     uint64
}

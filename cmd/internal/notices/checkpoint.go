package notices

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"aftersales-ledger/eventstore"
)

// Checkpoint is how far the log has been worked through. Losing it costs time
// and nothing else: the streams of the notices say what was sent.
type Checkpoint struct {
	// Start is where notices began when this was written. If they begin elsewhere
	// by now, the checkpoint says nothing.
	Start eventstore.Position `json:"start"`
	// Position is that of an event, or Start. Everything that is to be told of
	// what was recorded up to there was sent or given up, or is held.
	Position eventstore.Position `json:"position"`
	// Event is the identity of the event there: another log is another checkpoint.
	Event string `json:"event,omitempty"`
	// Held are the positions of events whose notices wait for an address.
	Held []eventstore.Position `json:"held,omitempty"`
}

// Checkpoints keeps the checkpoint.
type Checkpoints interface {
	// Load returns the checkpoint that was saved last; ok is false where there is
	// none to be read.
	Load() (c Checkpoint, ok bool, err error)
	Save(Checkpoint) error
}

// CheckpointFile keeps the checkpoint in a file that is replaced as a whole.
type CheckpointFile string

// Load implements [Checkpoints]. A file that cannot be understood is none.
func (f CheckpointFile) Load() (c Checkpoint, ok bool, err error) {
	data, err := os.ReadFile(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return c, false, nil
	}
	if err != nil {
		return c, false, fmt.Errorf("checkpoint of the notices: %w", err)
	}
	if json.Unmarshal(data, &c) != nil {
		return Checkpoint{}, false, nil
	}
	return c, true, nil
}

// Save implements [Checkpoints].
func (f CheckpointFile) Save(c Checkpoint) error {
	data, err := json.Marshal(c)
	if err == nil {
		err = replaceFile(string(f), append(data, '\n'))
	}
	if err != nil {
		return fmt.Errorf("checkpoint of the notices: %w", err)
	}
	return nil
}

package eventstore

import (
	"context"
	"errors"
	"iter"
	"time"

	"aftersales-ledger/domain"
)

// Step is one event of a stream with where, when and by whom it was recorded:
// what a paper or an auditor asks for beside the event itself.
type Step struct {
	Event      domain.Event
	Position   Position
	RecordedAt time.Time
	Actor      string
	Role       domain.Role
	Refused    bool // it records that a command was refused
}

// Trail yields the steps of a stream from its beginning, none for a stream that
// has none.
func (x *Executor) Trail(ctx context.Context, stream string) iter.Seq2[Step, error] {
	return func(yield func(Step, error) bool) {
		for rec, err := range x.store.ReadStream(ctx, stream, 0, Forwards) {
			if errors.Is(err, ErrStreamNotFound) {
				return
			}
			step := Step{Position: rec.Position, RecordedAt: rec.RecordedAt}
			if err == nil {
				var m Metadata
				step.Event, m, err = x.registry.DecodeRecorded(rec)
				step.Actor, step.Role, step.Refused = m.Actor, m.Role, m.Refused
			}
			if !yield(step, err) || err != nil {
				return
			}
		}
	}
}

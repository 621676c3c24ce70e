package app

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"aftersales-ledger/eventstore"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/facts"
)

// logSource shows the event log to the projector, decoded.
type logSource struct {
	store    *eventstore.Watched
	registry *eventstore.Registry
}

func (s logSource) Head(ctx context.Context) (uint64, error) {
	p, err := s.store.Head(ctx)
	return uint64(p), err
}

func (s logSource) EventID(ctx context.Context, position uint64) (uuid.UUID, bool, error) {
	rec, err := s.store.EventAt(ctx, eventstore.Position(position))
	if errors.Is(err, eventstore.ErrEventNotFound) {
		return uuid.UUID{}, false, nil
	}
	return rec.ID, err == nil, err
}

func (s logSource) Subscribe(ctx context.Context, after uint64, limit int) iter.Seq2[projections.Batch, error] {
	return func(yield func(projections.Batch, error) bool) {
		for b, err := range s.store.Subscribe(ctx, eventstore.Position(after), limit) {
			if err != nil {
				yield(projections.Batch{}, s.explain(err))
				return
			}
			out := projections.Batch{Position: uint64(b.Position), CaughtUp: b.CaughtUp}
			var bad error
			if out.Events, bad = s.decode(b.Events); bad != nil {
				if n := len(out.Events); n > 0 {
					out.Position, out.CaughtUp = out.Events[n-1].Position, false
					if !yield(out, nil) {
						return
					}
				}
				yield(projections.Batch{}, s.explain(bad))
				return
			}
			if !yield(out, nil) {
				return
			}
		}
	}
}

func (s logSource) Expect(position uint64, id uuid.UUID) {
	s.store.Expect(eventstore.Position(position), id)
}

func (s logSource) Away() (since time.Time, reason string) {
	if c := s.store.Health(); !c.Good() {
		return c.Since, c.Reason
	}
	return time.Time{}, ""
}

// explain marks the errors that no repetition can mend.
func (s logSource) explain(err error) error {
	if errors.Is(err, eventstore.ErrReplaced) || errors.Is(err, eventstore.ErrDamaged) {
		return fmt.Errorf("%w: %w", projections.ErrReplaced, err)
	}
	if errors.Is(err, eventstore.ErrUnknownEvent) || errors.Is(err, eventstore.ErrUnreadableEvent) {
		return fmt.Errorf("%w: %w", projections.ErrUnreadable, err)
	}
	return err
}

// decode reads events on all processors, in runs of consecutive events, since
// decoding is most of the work of a replay. With an error come the events
// before the one that cannot be read.
func (s logSource) decode(recorded []eventstore.Recorded) ([]facts.Recorded, error) {
	out := make([]facts.Recorded, len(recorded))
	const smallest = 256
	run := max(smallest, (len(recorded)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	type defect struct {
		at  int
		err error
	}
	var defects = make([]defect, (len(recorded)+run-1)/run)
	var group errgroup.Group
	for i := range defects {
		group.Go(func() error {
			for j := i * run; j < min((i+1)*run, len(recorded)); j++ {
				if err := s.decodeOne(&out[j], recorded[j]); err != nil {
					defects[i] = defect{j, err}
					return nil
				}
			}
			return nil
		})
	}
	_ = group.Wait() // defects carries the errors, with their places
	for _, d := range defects {
		if d.err != nil {
			return out[:d.at], d.err
		}
	}
	return out, nil
}

func (s logSource) decodeOne(out *facts.Recorded, rec eventstore.Recorded) error {
	e, meta, err := s.registry.DecodeRecorded(rec)
	if err != nil {
		return err
	}
	*out = facts.Recorded{
		Position: uint64(rec.Position), Stream: rec.Stream, Revision: int64(rec.Revision), ID: rec.ID,
		RecordedAt: rec.RecordedAt, Actor: meta.Actor, Role: string(meta.Role), Event: e,
	}
	return nil
}

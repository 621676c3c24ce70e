package eventstore

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// load folds what the state lacks: everything, or what was appended since it
// was folded.
func (x *Executor) load(ctx context.Context, s *stream) error {
	fresh := s.state == nil
	if fresh {
		s.ahead = nil
		s.state, s.revision, s.position, s.chain = s.folder.zero(), NoRevision, 0, ChainDigest{}
		s.keys = make(map[commandKey]carriedOut)
	}
	for rec, err := range x.store.ReadStream(ctx, s.name, s.revision+1, Forwards) {
		if errors.Is(err, ErrStreamNotFound) {
			break
		}
		if err == nil {
			err = x.fold(s, rec)
		}
		if err != nil {
			s.state, s.ahead = nil, nil
			return err
		}
		if !fresh && !s.unsettled {
			s.others.met()
		}
	}
	s.unsettled = false
	return nil
}

// catchUpFor bounds the wait for a read to show what a refusal told of. It is
// shown within milliseconds, unless it was lost with its leader.
const catchUpFor = 500 * time.Millisecond

// catchUp loads what was appended up to the revision a conflict has told, which
// may be that of an append still on its way.
func (x *Executor) catchUp(ctx context.Context, s *stream, told Revision) error {
	if told < s.revision {
		s.state = nil // the log is shorter than what was folded of it
	}
	begun := time.Now()
	for pause := time.Millisecond; ; pause = min(2*pause, 20*time.Millisecond) {
		if err := x.load(ctx, s); err != nil {
			return err
		}
		if s.revision >= told || time.Since(begun) > catchUpFor || ctx.Err() != nil {
			return nil
		}
		wait(ctx, pause)
	}
}

func (x *Executor) fold(s *stream, rec Recorded) error {
	if rec.Revision != s.revision+1 {
		return fmt.Errorf("%w: stream %q has revision %d after %d", ErrDamaged, s.name, rec.Revision, s.revision)
	}
	e, meta, err := x.registry.DecodeRecorded(rec)
	if err != nil {
		return err
	}
	if err := safely(func() error { return s.folder.evolve(s.state, e) }); err != nil {
		return fmt.Errorf("event %s at position %d: %w", rec.ID, rec.Position, err)
	}
	if s.ahead != nil {
		if err := x.foldInto(s.ahead, s.folder, rec.Type, rec.Data, rec.Metadata); err != nil {
			return err
		}
	}
	key := keyOf(meta.CommandKey)
	k, again := s.keys[key]
	if !again {
		k = carriedOut{meta.CommandHash, rec.Revision, 0, meta.Refused}
	}
	k.count++
	s.keys[key] = k
	s.revision, s.position = rec.Revision, rec.Position
	_, s.chain, _ = unseal(rec.Metadata) // no digest, from another program: it begins anew
	return nil
}

// foldInto folds an event's bytes into a state. Two states do not fold the same
// value: what one keeps of it the other must not change.
func (x *Executor) foldInto(state any, f folder, eventType string, data, metadata []byte) error {
	e, _, err := x.registry.DecodeRecorded(Recorded{Type: eventType, Data: data, Metadata: metadata})
	if err != nil {
		return err
	}
	return safely(func() error { return f.evolve(state, e) })
}

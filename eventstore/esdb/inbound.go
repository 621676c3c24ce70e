package esdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"aftersales-ledger/eventstore"
)

// notice is something the server tells a read or a subscription.
type notice struct {
	event    eventstore.Recorded
	position eventstore.Position // of the event or the checkpoint; 0 for neither
	caughtUp bool
	behind   bool
	err      error // the last notice; io.EOF at the end of a read
}

// source begins a read or a subscription and returns what receives its notices.
type source func(context.Context, *esdb.Client) (func() (notice, error), error)

// inbound is a read or a subscription under way. What it receives it fetches
// ahead, for the client must not be called from a goroutine that has to heed a
// context.
type inbound struct {
	notices  chan notice
	ctx      context.Context // ends with the caller's, with the store or by end
	end      context.CancelFunc
	caughtUp bool // the server says when a subscription has caught up
	line     *line
}

// open begins to fetch, at most so many notices ahead. The result must be
// ended.
func (s *Store) open(caller context.Context, ahead int, src source) (*inbound, error) {
	if err := s.ended(caller); err != nil {
		return nil, err
	}
	ctx, end := s.reading(caller)
	c, err := s.lines.acquire(ctx)
	if err != nil {
		end()
		if ended := s.ended(caller); ended != nil {
			err = ended
		}
		return nil, err
	}
	in := &inbound{notices: make(chan notice, ahead), ctx: ctx, end: end, caughtUp: c.line.tellsCaughtUp(), line: c.line}
	tell := func(n notice) error {
		select {
		case in.notices <- n:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	c.run(ctx, func(client *esdb.Client) error {
		receive, err := src(s.lines.outgoing(ctx), client)
		for err == nil {
			var n notice
			if n, err = receive(); err == nil {
				err = c.handOn(func() error { return tell(n) })
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		return err
	}, func(err error) {
		var f *failure
		switch {
		case err == nil:
			err = io.EOF
		case errors.As(err, &f) && f.place:
			f.final = true
			f.err = fmt.Errorf("%w: the log has no such position: %w", eventstore.ErrDamaged, f.err)
		}
		_ = tell(notice{err: err})
	})
	return in, nil
}

// received returns what receives the events of a read.
func (s *Store) received(read *esdb.ReadStream, err error) (func() (notice, error), error) {
	return func() (notice, error) {
		resolved, err := read.Recv()
		if err != nil {
			return notice{}, err
		}
		return s.appeared(resolved)
	}, err
}

// delivered returns what receives the notices of a subscription. Its events are
// known to this process from here on.
func (s *Store) delivered(sub *esdb.Subscription, err error) (func() (notice, error), error) {
	return func() (notice, error) {
		told := sub.Recv()
		switch {
		case told.SubscriptionDropped != nil:
			err := told.SubscriptionDropped.Error
			if errors.Is(err, io.EOF) {
				// A subscription has no end of its own: the server is going away.
				err = &failure{err: fmt.Errorf("%w: the server ended the subscription", eventstore.ErrUnavailable), lost: true}
			}
			return notice{}, err
		case told.EventAppeared != nil:
			n, err := s.appeared(told.EventAppeared)
			switch {
			case err != nil:
			case s.isOthers(n.event):
				s.operated(n.event)
				n.event = eventstore.Recorded{}
			default:
				s.saw(n.event)
			}
			return n, err
		case told.CheckPointReached != nil:
			return notice{position: eventstore.Position(told.CheckPointReached.Commit)}, nil
		default:
			return notice{caughtUp: told.CaughtUp != nil, behind: told.FellBehind != nil}, nil
		}
	}, err
}

func (s *Store) appeared(resolved *esdb.ResolvedEvent) (notice, error) {
	e, err := recorded(resolved.Event)
	if own, ours := s.own(e.Stream); ours {
		e.Stream = own
	} else if !strings.HasPrefix(e.Stream, "$") {
		e.Stream = foreign
	}
	return notice{event: e, position: e.Position}, err
}

// foreign stands for the streams of other programs, which have no name here.
const foreign = "$foreign"

// isOthers reports whether an event is the server's own business, or another
// program's.
func (s *Store) isOthers(e eventstore.Recorded) bool {
	return strings.HasPrefix(e.Type, "$") || strings.HasPrefix(e.Stream, "$")
}

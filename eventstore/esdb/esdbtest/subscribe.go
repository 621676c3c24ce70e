package esdbtest

import (
	"context"
	"slices"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"

	"aftersales-ledger/eventstore"
)

func (s *Server) subscribe(out *outbound, o *api.ReadReq_Options_AllOptions, f filter) error {
	ctx, cancel := context.WithCancel(out.call.Context())
	defer cancel()
	if err := s.checkPlace(ctx, o); err != nil {
		return err
	}
	after := o.GetPosition().GetCommitPosition() // exclusive, unlike a read's
	if o.GetEnd() != nil {
		head, err := s.store.Head(ctx)
		if err != nil {
			return err
		}
		after = place(head+1) - 1
	}
	confirmation := &api.ReadResp{Content: &api.ReadResp_Confirmation{
		Confirmation: &api.ReadResp_SubscriptionConfirmation{SubscriptionId: uuid.NewString()},
	}}
	if err := out.send(confirmation); err != nil {
		return err
	}

	type delivery struct {
		batch eventstore.Batch
		err   error
	}
	deliveries := make(chan delivery)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for b, err := range s.store.Subscribe(ctx, before(after), 64) {
			select {
			case deliveries <- delivery{b, err}:
			case <-ctx.Done():
				return
			}
		}
	}()
	defer func() { cancel(); <-ended }()

	examined := 0
	examine := func(r record) error {
		if r.at <= after {
			return nil
		}
		after = r.at
		examined++
		if f.wants(r) {
			return out.send(r.response())
		}
		if examined < f.interval {
			return nil
		}
		examined = 0
		return out.send(&api.ReadResp{Content: &api.ReadResp_Checkpoint_{
			Checkpoint: &api.ReadResp_Checkpoint{CommitPosition: r.at, PreparePosition: r.at},
		}})
	}
	systemUpTo := func(upTo uint64) error {
		for _, r := range s.cluster.systemBetween(after, upTo) {
			if err := examine(r); err != nil {
				return err
			}
		}
		return nil
	}

	announces := !s.older(23, 10)
	live := false
	passed := before(after) // of the store
	wake, news := s.listen(0)
	told := len(news)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case d := <-deliveries:
			if d.err != nil {
				return d.err
			}
			for _, e := range d.batch.Events {
				if err := systemUpTo(place(e.Position) - 1); err != nil {
					return err
				}
				if err := examine(userEvent(e)); err != nil {
					return err
				}
			}
			passed = max(passed, d.batch.Position)
			if err := systemUpTo(place(passed+1) - 1); err != nil {
				return err
			}
			if d.batch.CaughtUp && !live {
				live = true
				if announces {
					if err := out.send(&api.ReadResp{
						Content: &api.ReadResp_CaughtUp_{CaughtUp: &api.ReadResp_CaughtUp{}},
					}); err != nil {
						return err
					}
				}
			}
		case <-wake:
			var announcements []*api.ReadResp
			wake, announcements = s.listen(told)
			told += len(announcements)
			for _, m := range announcements {
				if !live {
					continue
				}
				if err := out.send(m); err != nil {
					return err
				}
			}
			if err := systemUpTo(place(passed+1) - 1); err != nil {
				return err
			}
		}
	}
}

// followStream sends the events of a stream after a revision as they are written.
func (s *Server) followStream(out *outbound, o *api.ReadReq_Options_StreamOptions) error {
	ctx := out.call.Context()
	stream := string(o.GetStreamIdentifier().GetStreamName())
	after, err := eventstore.Position(0), error(nil)
	switch r := o.GetRevisionOption().(type) {
	case *api.ReadReq_Options_StreamOptions_Revision:
		for e, err := range s.store.ReadStream(ctx, stream, eventstore.Revision(r.Revision), eventstore.Forwards) {
			if err != nil {
				return err
			}
			after = e.Position
			break
		}
	case *api.ReadReq_Options_StreamOptions_End:
		after, err = s.store.Head(ctx)
	}
	if err != nil {
		return err
	}
	if err := out.send(&api.ReadResp{Content: &api.ReadResp_Confirmation{
		Confirmation: &api.ReadResp_SubscriptionConfirmation{SubscriptionId: uuid.NewString()},
	}}); err != nil {
		return err
	}
	for b, err := range s.store.Subscribe(ctx, after, 64) {
		if err != nil {
			return err
		}
		first, _, deleted, err := s.cluster.shown(stream)
		switch {
		case err != nil:
			return err
		case deleted:
			return streamDeleted(out.call.SetTrailer, stream)
		}
		for _, e := range b.Events {
			if e.Stream != stream || e.Revision < first {
				continue
			}
			if err := out.send(userEvent(e).response()); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// listen returns what is closed when subscriptions should look again, and what
// they are to be told since.
func (s *Server) listen(told int) (wake <-chan struct{}, announcements []*api.ReadResp) {
	s.cluster.mu.Lock()
	wake = s.cluster.wake
	s.cluster.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	return wake, slices.Clone(s.announce[told:])
}

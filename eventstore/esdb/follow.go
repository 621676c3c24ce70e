package esdb

import (
	"context"
	"fmt"
	"iter"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"aftersales-ledger/eventstore"
)

// Follow implements [eventstore.Followed]. A lost connection ends it.
func (s *Store) Follow(
	ctx context.Context, stream string, after eventstore.Revision,
) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		opts := esdb.SubscribeToStreamOptions{From: esdb.Start{}}
		if after >= 0 {
			opts.From = esdb.Revision(uint64(after))
		}
		in, err := s.open(ctx, maxAhead, func(ctx context.Context, c *esdb.Client) (func() (notice, error), error) {
			return s.delivered(c.SubscribeToStream(ctx, s.prefix+stream, opts))
		})
		if err != nil {
			yield(eventstore.Recorded{}, fmt.Errorf("follow stream %q: %w", stream, err))
			return
		}
		defer in.end()
		for {
			var n notice
			select {
			case n = <-in.notices:
			case <-in.ctx.Done():
			}
			if ended := s.ended(ctx); ended != nil {
				n.err = ended
			}
			switch {
			case n.err != nil:
				yield(eventstore.Recorded{}, fmt.Errorf("follow stream %q: %w", stream, n.err))
				return
			case n.event.Stream == "": // where the subscription is, or what an operator did
			case !yield(n.event, nil):
				return
			}
		}
	}
}

package esdb

import (
	"context"
	"fmt"
)

// probed is a stream that never holds an event.
const probed = "probe"

// Probe implements [eventstore.Store]: it sends an append that expects a revision
// no stream is at. Only a leader with a quorum refuses it for that reason.
func (s *Store) Probe(ctx context.Context) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.appends.Done()
	if err := s.knock(ctx, probed); err != nil {
		return fmt.Errorf("probe: %w", unfinished(ctx, ctx, err))
	}
	return nil
}

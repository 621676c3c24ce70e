package esdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"aftersales-ledger/eventstore"
)

// ReadStream implements [eventstore.Store]. Breaking off the loop ends the call
// on the server, too.
func (s *Store) ReadStream(ctx context.Context, stream string, from eventstore.Revision, dir eventstore.Direction) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		// A forward read at the far end, or a backward one before the start,
		// has nothing to yield, but the stream must be there.
		barren := dir == eventstore.Forwards && from == eventstore.EndOfStream || dir == eventstore.Backwards && from < 0
		count := uint64(everything)
		if barren {
			from, dir, count = eventstore.EndOfStream, eventstore.Backwards, 1
		}
		for e, err := range s.read(ctx, readStreamRequest(stream, from, dir, count)) {
			switch {
			case err != nil:
				yield(eventstore.Recorded{}, fmt.Errorf("read stream %q: %w", stream, err))
				return
			case barren:
				return
			}
			s.saw(e)
			if !yield(e, nil) {
				return
			}
		}
	}
}

// ReadAll implements [eventstore.Store]. The server filters out its own events.
func (s *Store) ReadAll(ctx context.Context, after eventstore.Position) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		// The server would go on to the end the log has when the read gets
		// there, which a reader that writes never reaches.
		end, err := s.Head(ctx)
		if err == nil && end <= after {
			return
		}
		last := after
		if err == nil {
			for e, failed := range s.read(ctx, readAllRequest(allPosition(after), api.ReadReq_Options_Forwards, everything)) {
				if failed != nil {
					err = failed
					break
				}
				// Unlike a subscription, a read begins with the event at its
				// position.
				if e.Position > end {
					break
				}
				if e.Position <= last || isSystem(e) {
					continue
				}
				last = e.Position
				s.saw(e)
				if !yield(e, nil) || last == end {
					return
				}
			}
		}
		if err == nil {
			// Half a ledger must not pass for a whole one.
			err = fmt.Errorf("%w: the log was read to position %d only, its end is at %d", eventstore.ErrUnavailable, last, end)
		}
		yield(eventstore.Recorded{}, fmt.Errorf("read the log after position %d: %w", after, err))
	}
}

// EventAt implements [eventstore.Store].
func (s *Store) EventAt(ctx context.Context, at eventstore.Position) (eventstore.Recorded, error) {
	req := readAllRequest(allPosition(at), api.ReadReq_Options_Forwards, 1)
	// With the filter the server would search on for an event to its liking.
	req.Options.FilterOption = &api.ReadReq_Options_NoFilter{NoFilter: &shared.Empty{}}
	for e, err := range s.read(ctx, req) {
		var f *failure
		switch {
		case errors.As(err, &f) && f.place:
		case err != nil:
			return eventstore.Recorded{}, fmt.Errorf("read the event at position %d: %w", at, err)
		case e.Position == at && !isSystem(e):
			s.saw(e)
			return e, nil
		}
	}
	return eventstore.Recorded{}, fmt.Errorf("%w at position %d", eventstore.ErrEventNotFound, at)
}

// read makes a read call and yields its events, then at most one error.
func (s *Store) read(ctx context.Context, req *api.ReadReq) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		in, err := s.open(ctx, req)
		if err != nil {
			yield(eventstore.Recorded{}, err)
			return
		}
		defer in.close()
		for {
			resp, err := in.receive()
			if errors.Is(err, io.EOF) {
				return
			}
			var e eventstore.Recorded
			if err == nil {
				switch content := resp.GetContent().(type) {
				case *api.ReadResp_Event:
					e, err = recorded(content.Event.GetEvent())
				case *api.ReadResp_StreamNotFound_:
					err = eventstore.ErrStreamNotFound
				default:
					continue // first and last positions, which newer servers tell
				}
			}
			// What the server has sent ahead is not delivered to a caller who
			// has given up.
			if ended := s.ended(ctx); ended != nil {
				err = ended
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// inbound is a read or subscription under way.
type inbound struct {
	store  *Store
	caller context.Context
	node   *node
	calls  api.Streams_ReadClient
	cancel context.CancelFunc
}

// open begins a read call. The result must be closed.
func (s *Store) open(ctx context.Context, req *api.ReadReq) (*inbound, error) {
	if err := s.ended(ctx); err != nil {
		return nil, err
	}
	in := &inbound{store: s, caller: ctx}
	ctx, in.cancel = s.reading(ctx)
	n, err := s.nodes.acquire(ctx)
	if err != nil {
		in.cancel()
		return nil, in.explain(err)
	}
	in.node = n
	in.calls, err = n.streams().Read(s.nodes.outgoing(ctx), req)
	if err != nil {
		err = in.explain(err)
		in.close()
		return nil, err
	}
	return in, nil
}

func (in *inbound) close() {
	in.cancel()
	in.store.nodes.release(in.node)
}

// receive returns the next message, or io.EOF at the end of a read.
func (in *inbound) receive() (*api.ReadResp, error) {
	resp, err := in.calls.Recv()
	if err == nil || errors.Is(err, io.EOF) {
		return resp, err
	}
	return nil, in.explain(err)
}

// explain tells in the words of the port why a call failed.
func (in *inbound) explain(err error) error {
	settle(in.caller, err)
	if ended := in.store.ended(in.caller); ended != nil {
		return ended
	}
	var f *failure
	if !errors.As(err, &f) {
		if errors.Is(err, eventstore.ErrClosed) {
			return err
		}
		if in.calls != nil {
			f = translate("event log", err, in.calls.Trailer())
		} else {
			f = translate("event log", err, nil)
		}
	}
	if f.place {
		f.final = true
		f.err = fmt.Errorf("%w: the log has no such position: %s", eventstore.ErrDamaged, describe(err))
	}
	if f.lost && in.node != nil {
		in.store.nodes.lost(in.node, f.leader)
	}
	return f
}

func uuidOption() *api.ReadReq_Options_UUIDOption {
	return &api.ReadReq_Options_UUIDOption{
		Content: &api.ReadReq_Options_UUIDOption_Structured{Structured: &shared.Empty{}},
	}
}

func streamName(stream string) *shared.StreamIdentifier {
	return &shared.StreamIdentifier{StreamName: []byte(stream)}
}

func readStreamRequest(stream string, from eventstore.Revision, dir eventstore.Direction, count uint64) *api.ReadReq {
	place := &api.ReadReq_Options_StreamOptions{StreamIdentifier: streamName(stream)}
	direction := api.ReadReq_Options_Forwards
	if dir == eventstore.Backwards {
		direction = api.ReadReq_Options_Backwards
	}
	switch {
	case from == eventstore.EndOfStream:
		place.RevisionOption = &api.ReadReq_Options_StreamOptions_End{End: &shared.Empty{}}
	case from < 0:
		place.RevisionOption = &api.ReadReq_Options_StreamOptions_Start{Start: &shared.Empty{}}
	default:
		place.RevisionOption = &api.ReadReq_Options_StreamOptions_Revision{Revision: uint64(from)}
	}
	return &api.ReadReq{Options: &api.ReadReq_Options{
		StreamOption:  &api.ReadReq_Options_Stream{Stream: place},
		ReadDirection: direction,
		CountOption:   &api.ReadReq_Options_Count{Count: count},
		FilterOption:  &api.ReadReq_Options_NoFilter{NoFilter: &shared.Empty{}},
		UuidOption:    uuidOption(),
	}}
}

// endOfAll is the end of the log, where a backward read begins.
var endOfAll = &api.ReadReq_Options_AllOptions{AllOption: &api.ReadReq_Options_AllOptions_End{End: &shared.Empty{}}}

// allPosition is a place in the log. The prepare position of an event equals
// its commit position, transactions apart.
func allPosition(p eventstore.Position) *api.ReadReq_Options_AllOptions {
	if p == 0 {
		return &api.ReadReq_Options_AllOptions{AllOption: &api.ReadReq_Options_AllOptions_Start{Start: &shared.Empty{}}}
	}
	return &api.ReadReq_Options_AllOptions{AllOption: &api.ReadReq_Options_AllOptions_Position{
		Position: &api.ReadReq_Options_Position{CommitPosition: uint64(p), PreparePosition: uint64(p)},
	}}
}

func readAllRequest(from *api.ReadReq_Options_AllOptions, dir api.ReadReq_Options_ReadDirection, count uint64) *api.ReadReq {
	return &api.ReadReq{Options: &api.ReadReq_Options{
		StreamOption:  &api.ReadReq_Options_All{All: from},
		ReadDirection: dir,
		CountOption:   &api.ReadReq_Options_Count{Count: count},
		FilterOption:  withoutSystem(),
		UuidOption:    uuidOption(),
	}}
}

func subscribeRequest(after eventstore.Position) *api.ReadReq {
	return &api.ReadReq{Options: &api.ReadReq_Options{
		StreamOption:  &api.ReadReq_Options_All{All: allPosition(after)},
		ReadDirection: api.ReadReq_Options_Forwards,
		CountOption:   &api.ReadReq_Options_Subscription{Subscription: &api.ReadReq_Options_SubscriptionOptions{}},
		FilterOption:  withoutSystem(),
		UuidOption:    uuidOption(),
	}}
}

// While only system events come, the server tells a checkpoint for every so
// many it has looked at: searchWindow times checkpointEvery.
const (
	searchWindow    = 32
	checkpointEvery = 8
)

// withoutSystem filters out system events on the server.
func withoutSystem() *api.ReadReq_Options_Filter {
	return &api.ReadReq_Options_Filter{Filter: &api.ReadReq_Options_FilterOptions{
		Filter: &api.ReadReq_Options_FilterOptions_EventType{
			EventType: &api.ReadReq_Options_FilterOptions_Expression{Regex: esdb.ExcludeSystemEventsFilter().Regex},
		},
		Window:                       &api.ReadReq_Options_FilterOptions_Max{Max: searchWindow},
		CheckpointIntervalMultiplier: checkpointEvery,
	}}
}

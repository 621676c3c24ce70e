package esdbtest

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"aftersales-ledger/eventstore"
)

// Positions of the server are far apart, like the byte offsets of a real one,
// and leave room for system events behind every event.
const spacing = 10

func place(p eventstore.Position) uint64 { return uint64(p) << spacing }

// before returns the store's position of the last event at or before a place.
func before(at uint64) eventstore.Position { return eventstore.Position(at >> spacing) }

// outbound sends the answers of a read until its fault strikes.
type outbound struct {
	s     *Server
	call  api.Streams_ReadServer
	fault *CallFailure
	sent  int
}

func (o *outbound) send(m *api.ReadResp) error {
	if o.fault != nil && o.sent == o.fault.Messages {
		f := o.fault
		o.fault = nil
		if err := o.s.strike(o.call, f); err != nil {
			return err
		}
	}
	o.sent++
	return o.call.Send(m)
}

// Read implements the service: reads, and subscriptions to $all and to a stream.
func (s *Server) Read(req *api.ReadReq, call api.Streams_ReadServer) error {
	out := &outbound{s: s, call: call, fault: s.begin(Read)}
	defer s.end(Read)
	if f := out.fault; f != nil && f.Messages == 0 {
		out.fault = nil
		if err := s.strike(call, f); err != nil {
			return err
		}
	}
	if err := s.checkLeader(call); err != nil {
		return err
	}
	s.travel(call.Context())
	o := req.GetOptions()
	if o.GetUuidOption().GetContent() == nil {
		return status.Error(codes.InvalidArgument, "no UUID option")
	}
	filter, err := newFilter(o)
	if err != nil {
		return status.Error(codes.InvalidArgument, err.Error())
	}
	if o.GetAll() != nil {
		if who, err := s.whoever(call.Context()); err != nil || !s.mayReadAll(who) {
			call.SetTrailer(metadata.Pairs("exception", "access-denied"))
			return status.Error(codes.PermissionDenied, "Access Denied")
		}
	}
	_, subscribes := o.GetCountOption().(*api.ReadReq_Options_Subscription)
	backwards := o.GetReadDirection() == api.ReadReq_Options_Backwards
	switch stream := o.GetStream(); {
	case stream != nil && !subscribes && filter.regex == nil:
		err = s.readStream(out, stream, backwards, o.GetCount())
	case stream != nil && subscribes && !backwards && filter.regex == nil:
		err = s.followStream(out, stream)
	case o.GetAll() != nil && subscribes && !backwards:
		err = s.subscribe(out, o.GetAll(), filter)
	case o.GetAll() != nil && !subscribes:
		err = s.readAll(out, o.GetAll(), filter, backwards, o.GetCount())
	default:
		return status.Error(codes.InvalidArgument, "the combination is invalid")
	}
	if err != nil && call.Context().Err() == nil && status.Code(err) == codes.Unknown {
		return status.Error(codes.Unavailable, err.Error())
	}
	return err
}

func (s *Server) readStream(out *outbound, o *api.ReadReq_Options_StreamOptions, backwards bool, count uint64) error {
	stream := string(o.GetStreamIdentifier().GetStreamName())
	from, dir := eventstore.Revision(0), eventstore.Forwards
	if backwards {
		dir = eventstore.Backwards
	}
	switch r := o.GetRevisionOption().(type) {
	case *api.ReadReq_Options_StreamOptions_Revision:
		from = eventstore.Revision(r.Revision)
	case *api.ReadReq_Options_StreamOptions_End:
		if !backwards {
			return status.Error(codes.InvalidArgument, "a forward read cannot begin at the end")
		}
		from = eventstore.EndOfStream
	case *api.ReadReq_Options_StreamOptions_Start:
	}
	notFound := func() error {
		return out.send(&api.ReadResp{Content: &api.ReadResp_StreamNotFound_{
			StreamNotFound: &api.ReadResp_StreamNotFound{StreamIdentifier: o.GetStreamIdentifier()},
		}})
	}
	if strings.HasPrefix(stream, "$") {
		return s.readSystemStream(out, stream, from, backwards, count, notFound)
	}
	first, there, deleted, err := s.cluster.shown(stream)
	switch {
	case err != nil:
		return err
	case deleted:
		return streamDeleted(out.call.SetTrailer, stream)
	case !there:
		return notFound()
	}
	shown := s.shownHere()
	if !backwards {
		from = max(from, first)
	}
	for e, err := range s.store.ReadStream(out.call.Context(), stream, from, dir) {
		if errors.Is(err, eventstore.ErrStreamNotFound) {
			return notFound()
		}
		if err != nil {
			return err
		}
		if e.Position > shown && backwards {
			continue
		}
		if count == 0 || e.Position > shown || e.Revision < first {
			break
		}
		count--
		if err := out.send(userEvent(e).response()); err != nil {
			return err
		}
	}
	return nil
}

// readSystemStream sends what the server itself or an operator wrote to one of
// the system's streams, such as the metadata of a stream.
func (s *Server) readSystemStream(
	out *outbound, name string, from eventstore.Revision, backwards bool, count uint64, notFound func() error,
) error {
	s.cluster.mu.Lock()
	var found []record
	for _, r := range s.cluster.system {
		if r.event.Stream == name {
			found = append(found, r)
		}
	}
	s.cluster.mu.Unlock()
	if len(found) == 0 {
		return notFound()
	}
	if backwards {
		slices.Reverse(found)
	}
	for _, r := range found {
		if count == 0 {
			break
		}
		if backwards && r.event.Revision > from || !backwards && r.event.Revision < from {
			continue
		}
		count--
		if err := out.send(r.response()); err != nil {
			return err
		}
	}
	return nil
}

// shownHere returns the position up to which this node shows the log: all of
// it, or what a follower has come to.
func (s *Server) shownHere() eventstore.Position {
	s.mu.Lock()
	follows := s.leader != nil
	s.mu.Unlock()
	if follows {
		return s.cluster.shownByFollowers()
	}
	return eventstore.Position(1<<63 - 1)
}

// record is an event of $all.
type record struct {
	at    uint64
	kind  string
	event eventstore.Recorded // unset for statistics
}

func userEvent(e eventstore.Recorded) record {
	return record{at: place(e.Position), kind: e.Type, event: e}
}

// statistics is the stream of what a server tells of itself every so often.
const statistics = "$stats-0.0.0.0:2113"

func (r record) response() *api.ReadResp {
	e := r.event
	if e.Stream == "" {
		e.ID, e.Stream, e.Data = uuid.NewMD5(uuid.Nil, binary.BigEndian.AppendUint64(nil, r.at)), statistics, []byte("{}")
	}
	return &api.ReadResp{Content: &api.ReadResp_Event{Event: &api.ReadResp_ReadEvent{
		Event: &api.ReadResp_ReadEvent_RecordedEvent{
			Id: &shared.UUID{Value: &shared.UUID_Structured_{Structured: &shared.UUID_Structured{
				MostSignificantBits:  int64(binary.BigEndian.Uint64(e.ID[:8])),
				LeastSignificantBits: int64(binary.BigEndian.Uint64(e.ID[8:])),
			}}},
			StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(e.Stream)},
			StreamRevision:   uint64(e.Revision),
			CommitPosition:   r.at,
			PreparePosition:  r.at,
			Metadata: map[string]string{
				"type":         r.kind,
				"content-type": "application/json",
				"created":      strconv.FormatInt(e.RecordedAt.UnixNano()/100, 10),
			},
			Data:           e.Data,
			CustomMetadata: e.Metadata,
		},
		Position: &api.ReadResp_ReadEvent_CommitPosition{CommitPosition: r.at},
	}}}
}

// filter is the part of a request that says which events are wanted.
type filter struct {
	regex    *regexp.Regexp
	prefixes []string
	byStream bool
	interval int // examined events between checkpoints
}

func newFilter(o *api.ReadReq_Options) (filter, error) {
	f := filter{}
	options := o.GetFilter()
	if options == nil {
		return f, nil
	}
	window := max(int(options.GetMax()), 1)
	f.interval = window * max(int(options.GetCheckpointIntervalMultiplier()), 1)
	expression := options.GetEventType()
	if expression == nil {
		expression, f.byStream = options.GetStreamIdentifier(), true
	}
	f.prefixes = expression.GetPrefix()
	if len(f.prefixes) > 0 {
		return f, nil
	}
	var err error
	f.regex, err = regexp.Compile(expression.GetRegex())
	return f, err
}

func (f filter) wants(r record) bool {
	name := r.kind
	if f.byStream {
		if name = r.event.Stream; name == "" {
			name = statistics
		}
	}
	if len(f.prefixes) > 0 {
		return slices.ContainsFunc(f.prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
	}
	return f.regex == nil || f.regex.MatchString(name)
}

// systemBetween returns the system events after one place up to another.
func (c *cluster) systemBetween(after, upTo uint64) []record {
	c.mu.Lock()
	defer c.mu.Unlock()
	place := func(r record, at uint64) int { return cmp.Compare(r.at, at) }
	from, _ := slices.BinarySearchFunc(c.system, after+1, place)
	to, _ := slices.BinarySearchFunc(c.system, upTo+1, place)
	if from >= to {
		return nil
	}
	return slices.Clone(c.system[from:to])
}

const farthest = 1<<63 - 1

// all yields the whole log from a place on, inclusive, with system events.
func (s *Server) all(ctx context.Context, from uint64) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		shown := s.shownHere()
		passed := uint64(0) // the last place passed
		if from > 0 {
			passed = from - 1
		}
		for e, err := range s.store.ReadAll(ctx, before(passed)) {
			if err != nil {
				yield(record{}, err)
				return
			}
			if e.Position > shown {
				break
			}
			for _, r := range s.cluster.systemBetween(passed, place(e.Position)) {
				if !yield(r, nil) {
					return
				}
			}
			passed = place(e.Position)
			if !yield(userEvent(e), nil) {
				return
			}
		}
		for _, r := range s.cluster.systemBetween(passed, farthest) {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// checkPlace refuses a position at which no event begins, as the real server
// does where it comes upon the middle of a record.
func (s *Server) checkPlace(ctx context.Context, o *api.ReadReq_Options_AllOptions) error {
	at := o.GetPosition().GetCommitPosition()
	if at == 0 || len(s.cluster.systemBetween(at-1, at)) > 0 {
		return nil
	}
	head, err := s.store.Head(ctx)
	if err != nil {
		return err
	}
	if at <= place(head) {
		for e, err := range s.store.ReadAll(ctx, before(at-1)) {
			if err != nil {
				return err
			}
			if place(e.Position) == at {
				return nil
			}
			break
		}
	}
	return status.Error(codes.InvalidArgument, "Trying to read from an invalid position.")
}

func (s *Server) readAll(
	out *outbound, o *api.ReadReq_Options_AllOptions, f filter, backwards bool, count uint64,
) error {
	ctx := out.call.Context()
	if err := s.checkPlace(ctx, o); err != nil {
		return err
	}
	if count == 0 {
		return nil
	}
	if !backwards {
		if o.GetEnd() != nil {
			return nil
		}
		for r, err := range s.all(ctx, o.GetPosition().GetCommitPosition()) {
			if err != nil {
				return err
			}
			if !f.wants(r) {
				continue
			}
			if err := out.send(r.response()); err != nil {
				return err
			}
			if count--; count == 0 {
				return nil
			}
		}
		return nil
	}

	// A store reads its log forwards only: begin a few events before the end,
	// and further before if these do not do.
	end := uint64(farthest)
	if p := o.GetPosition(); p != nil {
		end = p.GetCommitPosition()
	} else if o.GetEnd() == nil {
		return nil // before the start is nothing
	}
	head, err := s.store.Head(ctx)
	if err != nil {
		return err
	}
	last := min(head, before(end))
	for back := eventstore.Position(1); ; back *= 8 {
		from := eventstore.Position(0)
		if back < last {
			from = last - back + 1
		}
		var found []record
		for r, err := range s.all(ctx, place(from)) {
			if err != nil {
				return err
			}
			if r.at >= end {
				break
			}
			if f.wants(r) {
				found = append(found, r)
			}
		}
		if uint64(len(found)) < count && from > 0 {
			continue
		}
		for i := len(found) - 1; i >= 0 && count > 0; i, count = i-1, count-1 {
			if err := out.send(found[i].response()); err != nil {
				return err
			}
		}
		return nil
	}
}

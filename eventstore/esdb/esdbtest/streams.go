package esdbtest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
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

// Append implements the service.
func (s *Server) Append(call api.Streams_AppendServer) error {
	if err := s.append(call); !errors.Is(err, errAnswered) {
		return err
	}
	return nil
}

func (s *Server) append(call api.Streams_AppendServer) error {
	fault := s.begin(Append)
	defer s.end(Append)
	taken := 0
	receive := func() (*api.AppendReq, error) {
		if fault != nil && !fault.After && fault.Messages == taken {
			if err := s.strike(call, fault); err != nil {
				return nil, err
			}
		}
		taken++
		return call.Recv()
	}
	if err := s.checkLeader(call); err != nil {
		return err
	}
	req, err := receive()
	if err != nil {
		return err
	}
	options := req.GetOptions()
	if options == nil {
		return status.Error(codes.InvalidArgument, "the first message must hold the options")
	}
	stream := string(options.GetStreamIdentifier().GetStreamName())
	var expected eventstore.Expected
	switch e := options.GetExpectedStreamRevision().(type) {
	case *api.AppendReq_Options_Revision:
		expected = eventstore.At(eventstore.Revision(e.Revision))
	case *api.AppendReq_Options_NoStream:
		expected = eventstore.NoStream()
	case *api.AppendReq_Options_StreamExists:
		expected = eventstore.Exists()
	default:
		return status.Error(codes.InvalidArgument, "esdbtest: an append must say what it expects")
	}
	var events []eventstore.Proposed
	for size := 0; ; {
		req, err := receive()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		m := req.GetProposedMessage()
		kind, ok := m.GetMetadata()["type"]
		if !ok || m.GetMetadata()["content-type"] == "" {
			call.SetTrailer(metadata.Pairs("exception", "missing-required-metadata-property"))
			return status.Error(codes.InvalidArgument, "Required Metadata Property is missing")
		}
		// The real server counts the type, too, in two bytes a character.
		if size += len(m.GetData()) + len(m.GetCustomMetadata()) + 2*len(kind); size > s.maxSize {
			call.SetTrailer(metadata.Pairs("exception", "maximum-append-size-exceeded", "maximum-append-size", strconv.Itoa(s.maxSize)))
			return status.Errorf(codes.InvalidArgument, "Maximum Append Size of %d Exceeded.", s.maxSize)
		}
		id, err := readID(m.GetId())
		if err != nil {
			return status.Error(codes.InvalidArgument, err.Error())
		}
		events = append(events, eventstore.Proposed{ID: id, Type: kind, Data: m.GetData(), Metadata: m.GetCustomMetadata()})
	}

	done, err := s.store.Append(call.Context(), stream, expected, events)
	if fault != nil && fault.After {
		if err := s.strike(call, fault); err != nil {
			return err
		}
	}
	var wrong *eventstore.WrongRevisionError
	switch {
	case errors.As(err, &wrong) && s.older(20, 10):
		actual := strconv.FormatInt(int64(wrong.Actual), 10)
		call.SetTrailer(metadata.Pairs("exception", "wrong-expected-version", "stream-name", stream, "actual-version", actual))
		return status.Errorf(codes.FailedPrecondition, "Append failed due to WrongExpectedVersion. Stream: %s, Actual version: %s", stream, actual)
	case errors.As(err, &wrong):
		return call.SendAndClose(&api.AppendResp{Result: &api.AppendResp_WrongExpectedVersion_{
			WrongExpectedVersion: conflict(wrong),
		}})
	case errors.Is(err, eventstore.ErrInvalidAppend):
		return status.Error(codes.InvalidArgument, err.Error())
	case err != nil:
		return status.Error(codes.Unavailable, err.Error())
	}
	success := &api.AppendResp_Success{
		CurrentRevisionOption: &api.AppendResp_Success_CurrentRevision{CurrentRevision: uint64(done.Revision)},
	}
	if !done.Repeated || !s.older(20, 10) {
		at := place(done.Position)
		success.PositionOption = &api.AppendResp_Success_Position{
			Position: &api.AppendResp_Position{CommitPosition: at, PreparePosition: at},
		}
	}
	return call.SendAndClose(&api.AppendResp{Result: &api.AppendResp_Success_{Success: success}})
}

func conflict(wrong *eventstore.WrongRevisionError) *api.AppendResp_WrongExpectedVersion {
	w := &api.AppendResp_WrongExpectedVersion{}
	if wrong.Actual == eventstore.NoRevision {
		w.CurrentRevisionOption = &api.AppendResp_WrongExpectedVersion_CurrentNoStream{CurrentNoStream: &shared.Empty{}}
	} else {
		w.CurrentRevisionOption = &api.AppendResp_WrongExpectedVersion_CurrentRevision{CurrentRevision: uint64(wrong.Actual)}
	}
	switch r, exact := wrong.Expected.Exact(); {
	case !exact:
		w.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedStreamExists{ExpectedStreamExists: &shared.Empty{}}
	case r == eventstore.NoRevision:
		w.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedNoStream{ExpectedNoStream: &shared.Empty{}}
	default:
		w.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedRevision{ExpectedRevision: uint64(r)}
	}
	return w
}

func readID(id *shared.UUID) (uuid.UUID, error) {
	if text := id.GetString_(); text != "" {
		return uuid.Parse(text)
	}
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:8], uint64(id.GetStructured().GetMostSignificantBits()))
	binary.BigEndian.PutUint64(u[8:], uint64(id.GetStructured().GetLeastSignificantBits()))
	return u, nil
}

// outbound sends the answers of a read until its fault strikes.
type outbound struct {
	s     *Server
	call  api.Streams_ReadServer
	fault *Fault
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

// Read implements the service: reads and subscriptions to $all.
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
	o := req.GetOptions()
	if o.GetUuidOption().GetContent() == nil {
		return status.Error(codes.InvalidArgument, "no UUID option")
	}
	filter, err := newFilter(o)
	if err != nil {
		return status.Error(codes.InvalidArgument, err.Error())
	}
	_, subscribes := o.GetCountOption().(*api.ReadReq_Options_Subscription)
	backwards := o.GetReadDirection() == api.ReadReq_Options_Backwards
	switch stream := o.GetStream(); {
	case stream != nil && !subscribes && filter.regex == nil:
		err = s.readStream(out, stream, backwards, o.GetCount())
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
	for e, err := range s.store.ReadStream(out.call.Context(), stream, from, dir) {
		if errors.Is(err, eventstore.ErrStreamNotFound) {
			return out.send(&api.ReadResp{Content: &api.ReadResp_StreamNotFound_{
				StreamNotFound: &api.ReadResp_StreamNotFound{StreamIdentifier: o.GetStreamIdentifier()},
			}})
		}
		if err != nil {
			return err
		}
		if count == 0 {
			break
		}
		count--
		if err := out.send(userEvent(e).response()); err != nil {
			return err
		}
	}
	return nil
}

// record is an event of $all.
type record struct {
	at    uint64
	kind  string
	event eventstore.Recorded // unset for a system event
}

func userEvent(e eventstore.Recorded) record {
	return record{at: place(e.Position), kind: e.Type, event: e}
}

func systemEvent(at uint64) record { return record{at: at, kind: "$statsCollected"} }

func (r record) response() *api.ReadResp {
	e := r.event
	if e.Stream == "" {
		e.ID, e.Stream, e.Data = uuid.NewMD5(uuid.Nil, binary.BigEndian.AppendUint64(nil, r.at)), "$stats-0.0.0.0:2113", []byte("{}")
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
		name = r.event.Stream
	}
	if len(f.prefixes) > 0 {
		return slices.ContainsFunc(f.prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
	}
	return f.regex == nil || f.regex.MatchString(name)
}

// systemBetween returns the system events after one place up to another.
func (s *Server) systemBetween(after, upTo uint64) []uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	from, _ := slices.BinarySearch(s.system, after+1)
	to, _ := slices.BinarySearch(s.system, upTo+1)
	if from >= to {
		return nil
	}
	return slices.Clone(s.system[from:to])
}

const farthest = 1<<63 - 1

// all yields the whole log from a place on, inclusive, with system events.
func (s *Server) all(ctx context.Context, from uint64) iter.Seq2[record, error] {
	return func(yield func(record, error) bool) {
		passed := uint64(0) // the last place passed
		if from > 0 {
			passed = from - 1
		}
		for e, err := range s.store.ReadAll(ctx, before(passed)) {
			if err != nil {
				yield(record{}, err)
				return
			}
			for _, at := range s.systemBetween(passed, place(e.Position)) {
				if !yield(systemEvent(at), nil) {
					return
				}
			}
			passed = place(e.Position)
			if !yield(userEvent(e), nil) {
				return
			}
		}
		for _, at := range s.systemBetween(passed, farthest) {
			if !yield(systemEvent(at), nil) {
				return
			}
		}
	}
}

// checkPlace refuses a position at which no event begins, as the real server
// does where it comes upon the middle of a record.
func (s *Server) checkPlace(ctx context.Context, o *api.ReadReq_Options_AllOptions) error {
	at := o.GetPosition().GetCommitPosition()
	if at == 0 || len(s.systemBetween(at-1, at)) > 0 {
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

func (s *Server) readAll(out *outbound, o *api.ReadReq_Options_AllOptions, f filter, backwards bool, count uint64) error {
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
		for _, at := range s.systemBetween(after, upTo) {
			if err := examine(systemEvent(at)); err != nil {
				return err
			}
		}
		return nil
	}

	announces := !s.older(23, 10)
	live := false
	passed := before(after) // of the store
	s.mu.Lock()
	wake, told := s.wake, len(s.announce)
	s.mu.Unlock()
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
					if err := out.send(&api.ReadResp{Content: &api.ReadResp_CaughtUp_{CaughtUp: &api.ReadResp_CaughtUp{}}}); err != nil {
						return err
					}
				}
			}
		case <-wake:
			s.mu.Lock()
			wake = s.wake
			announcements := slices.Clone(s.announce[told:])
			told = len(s.announce)
			s.mu.Unlock()
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

// older reports whether the server's version comes before another.
func (s *Server) older(major, minor int) bool {
	var ours, point int
	_, _ = fmt.Sscanf(s.version, "%d.%d", &ours, &point)
	return ours < major || ours == major && point < minor
}

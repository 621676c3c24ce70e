package esdbtest

import (
	"encoding/binary"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"aftersales-ledger/eventstore"
)

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
	s.travel(call.Context())
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
		// What operators say of a stream, or of all, may expect anything.
		if !strings.HasPrefix(stream, "$") {
			return status.Error(codes.InvalidArgument, "esdbtest: an append must say what it expects")
		}
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
			call.SetTrailer(metadata.Pairs("exception", "maximum-append-size-exceeded", "maximum-append-size",
				strconv.Itoa(s.maxSize)))
			return status.Errorf(codes.InvalidArgument, "Maximum Append Size of %d Exceeded.", s.maxSize)
		}
		id, err := readID(m.GetId())
		if err != nil {
			return status.Error(codes.InvalidArgument, err.Error())
		}
		events = append(events, eventstore.Proposed{ID: id, Type: kind, Data: m.GetData(), Metadata: m.GetCustomMetadata()})
	}

	done, err := s.write(call, stream, expected, events)
	if fault != nil && fault.After {
		if err := s.strike(call, fault); err != nil {
			return err
		}
	}
	var wrong *eventstore.WrongRevisionError
	switch {
	case errors.As(err, &wrong) && s.older(20, 10):
		actual := strconv.FormatInt(int64(wrong.Actual), 10)
		call.SetTrailer(metadata.Pairs("exception", "wrong-expected-version", "stream-name", stream, "actual-version",
			actual))
		return status.Errorf(codes.FailedPrecondition,
			"Append failed due to WrongExpectedVersion. Stream: %s, Actual version: %s", stream, actual)
	case errors.As(err, &wrong):
		return call.SendAndClose(&api.AppendResp{Result: &api.AppendResp_WrongExpectedVersion_{
			WrongExpectedVersion: conflict(wrong),
		}})
	case errors.Is(err, errTombstone):
		return streamDeleted(call.SetTrailer, stream)
	case errors.Is(err, errInFlight), errors.Is(err, errGone):
		return status.Error(codes.Aborted, "Operation timed out: Commit phase timeout")
	case status.Code(err) == codes.PermissionDenied:
		return err
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
		if strings.HasPrefix(stream, "$") {
			at = uint64(done.Position)
		}
		success.PositionOption = &api.AppendResp_Success_Position{
			Position: &api.AppendResp_Position{CommitPosition: at, PreparePosition: at},
		}
	}
	return call.SendAndClose(&api.AppendResp{Result: &api.AppendResp_Success_{Success: success}})
}

// write accepts an append and waits until it is written. What is given up is
// errInFlight or errGone, and may be written still.
func (s *Server) write(
	call api.Streams_AppendServer, stream string, expected eventstore.Expected, events []eventstore.Proposed,
) (eventstore.Appended, error) {
	if of, ok := strings.CutPrefix(stream, "$$"); ok && len(events) == 1 && events[0].Type == "$metadata" {
		if who, err := s.whoever(call.Context()); err != nil || !mayDescribe(who, of) {
			return eventstore.Appended{}, status.Error(codes.PermissionDenied, "Access Denied")
		}
		revision, at, err := s.cluster.describe(of, events[0].Data)
		return eventstore.Appended{Revision: revision, Position: eventstore.Position(at)}, err
	}
	if strings.HasPrefix(stream, "$") && len(events) == 1 {
		if who, err := s.whoever(call.Context()); err != nil || !mayDescribe(who, stream) {
			return eventstore.Appended{}, status.Error(codes.PermissionDenied, "Access Denied")
		}
		s.cluster.mu.Lock()
		defer s.cluster.mu.Unlock()
		e := eventstore.Recorded{ID: events[0].ID, Stream: stream, Data: events[0].Data, RecordedAt: time.Now()}
		at, err := s.cluster.addLocked(record{kind: events[0].Type, event: e})
		return eventstore.Appended{Position: eventstore.Position(at)}, err
	}
	f, there, err := s.cluster.accept(stream, expected, events)
	switch {
	case errors.Is(err, errInFlight):
		select {
		case <-time.After(s.pace.Abort):
		case <-call.Context().Done():
		}
		return eventstore.Appended{}, err
	case err != nil:
		return eventstore.Appended{}, err
	case there != nil:
		return *there, nil
	}
	lost := s.cluster.losing()
	go s.cluster.fly(stream, f, s.pace)
	select {
	case <-f.written:
		return f.at, f.err
	case <-lost:
	}
	select {
	case <-f.written:
		return f.at, f.err
	case <-time.After(s.pace.Abort):
		return eventstore.Appended{}, errGone
	}
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
		w.ExpectedRevisionOption = &api.AppendResp_WrongExpectedVersion_ExpectedStreamExists{
			ExpectedStreamExists: &shared.Empty{},
		}
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

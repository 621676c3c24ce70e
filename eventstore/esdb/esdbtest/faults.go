package esdbtest

import (
	"errors"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Method is a call of the protocol.
type Method string

// The calls that can be made to fail, and the one with which clients begin.
const (
	Append   Method = "append"
	Read     Method = "read" // reads and subscriptions
	Features Method = "features"
)

// Kind is a way to fail.
type Kind int

// The ways to fail.
const (
	NotLeader   Kind = iota // answer that Leader is the one to ask
	Unavailable             // answer that the server is not ready
	Timeout                 // answer that the cluster took too long
	Abort                   // answer that the append was given up in its commit phase
	Denied                  // answer that the user may not do this
	Drop                    // cut all connections
	Hang                    // do not answer until the client gives up
	Hold                    // wait for Until, then go on as if nothing was
	Empty                   // answer an append without saying how it ended
	Strange                 // send a message that was not asked for, then go on; reads only
)

// CallFailure is what goes wrong with a call.
type CallFailure struct {
	Method Method
	Kind   Kind
	Leader string          // for NotLeader
	Until  <-chan struct{} // for Hold

	// After lets an append be applied first, so that the client cannot know.
	After bool
	// Messages is how many messages a read sends first, or how many of an
	// append, whose first are its options, are taken.
	Messages int
}

type pending struct {
	CallFailure
	left int
}

// Fail makes the next n calls of its method fail. Failures strike in the
// order they were asked for.
func (s *Server) Fail(n int, f CallFailure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures = append(s.failures, &pending{CallFailure: f, left: n})
}

// Forgive drops the failures that have not struck yet.
func (s *Server) Forgive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures = nil
}

// begin counts a call in and returns the failure that will strike it, if any. It
// needs an end.
func (s *Server) begin(m Method) *CallFailure {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[m]++
	s.underway[m]++
	for _, p := range s.failures {
		if p.Method == m && p.left > 0 {
			p.left--
			return &p.CallFailure
		}
	}
	return nil
}

// end counts a call out.
func (s *Server) end(m Method) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.underway[m]--
}

// errAnswered ends a call that has got an answer.
var errAnswered = errors.New("esdbtest: answered")

// strike lets the failure happen. A nil error lets the call go on.
func (s *Server) strike(ss grpc.ServerStream, f *CallFailure) error {
	switch f.Kind {
	case NotLeader:
		return notLeader(ss, f.Leader)
	case Unavailable:
		return status.Error(codes.Unavailable, "Server Is Not Ready")
	case Timeout:
		return status.Error(codes.Aborted, "Operation timed out: commit")
	case Abort:
		return status.Error(codes.Aborted, "Operation timed out: Commit phase timeout")
	case Denied:
		ss.SetTrailer(metadata.Pairs("exception", "access-denied"))
		return status.Error(codes.PermissionDenied, "Access Denied")
	case Drop:
		s.DropConnections()
		<-ss.Context().Done()
		return ss.Context().Err()
	case Hang:
		<-ss.Context().Done()
		return ss.Context().Err()
	case Hold:
		select {
		case <-f.Until:
			return nil
		case <-ss.Context().Done():
			return ss.Context().Err()
		}
	case Empty:
		if err := ss.SendMsg(&api.AppendResp{}); err != nil {
			return err
		}
		return errAnswered
	case Strange:
		return ss.SendMsg(&api.ReadResp{Content: &api.ReadResp_LastStreamPosition{LastStreamPosition: 1}})
	}
	return status.Error(codes.Internal, "esdbtest: unknown failure")
}

// Flights returns how many appends were accepted and are not written yet.
func (s *Server) Flights() (n int) {
	c := s.cluster
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, st := range c.streams {
		n += len(st.flights)
	}
	return n
}

package esdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"aftersales-ledger/domain"
	"aftersales-ledger/eventstore"
)

// failure is an error of the server, of the way to it or of the client, in the
// words of the port.
type failure struct {
	err      error // wraps one of the port's sentinels
	lost     bool  // the client is not the one to ask any more
	away     bool  // no node was found
	moved    bool  // it is, once it has followed the leader it was told of
	final    bool  // trying again cannot help
	unsent   bool  // an append has certainly not been executed
	cut      bool  // an append ended before it was sent, and the reason is lost
	aborted  bool  // an append was given up; it may be written, and may be sent again
	buried   bool  // a tombstone stands on the stream
	conflict bool  // an append met another revision than it expected
	place    bool  // a read's position is none of this log

	actual *eventstore.Revision // of a conflict; nil if the words do not tell
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// translate is the one place where errors of the client become errors of the
// port. Some reasons the client tells by its own code, most by that of gRPC.
func translate(err error) *failure {
	if f := (*failure)(nil); errors.As(err, &f) {
		return f
	}
	answer := answered(err)
	wrap := func(sentinel error) error { return &said{sentinel, describe(err, answer), answer} }

	if told := (*esdb.Error)(nil); errors.As(err, &told) {
		switch told.Code() {
		case esdb.ErrorCodeNotLeader:
			return &failure{
				err: fmt.Errorf("%w: the node is not the leader", eventstore.ErrUnavailable), lost: true, moved: true, unsent: true,
			}
		case esdb.ErrorCodeConnectionClosed:
			return &failure{err: wrap(eventstore.ErrUnavailable), lost: true, unsent: true}
		case esdb.ErrorCodeStreamDeleted:
			return &failure{err: wrap(eventstore.ErrCut), final: true, unsent: true, buried: true}
		case esdb.ErrorCodeWrongExpectedVersion:
			return &failure{
				err: wrap(eventstore.ErrWrongRevision), final: true, unsent: true, conflict: true,
				actual: actualRevision(err.Error()),
			}
		case esdb.ErrorCodeResourceNotFound:
			// The status of that name may mean other things.
			if answer == nil {
				return &failure{err: wrap(eventstore.ErrStreamNotFound), final: true}
			}
		}
	}
	if errors.Is(err, io.EOF) {
		// The end of a read is told apart before: this is an append's.
		return &failure{err: wrap(eventstore.ErrUnavailable), unsent: true, cut: true}
	}
	switch answer.Code() {
	case codes.Unauthenticated, codes.PermissionDenied, codes.Unimplemented:
		return &failure{err: wrap(eventstore.ErrRefused), final: true, unsent: true}
	case codes.InvalidArgument:
		// A read has nothing that can be malformed but its position.
		return &failure{err: wrap(eventstore.ErrInvalidAppend), final: true, unsent: true, place: true}
	case codes.FailedPrecondition:
		// Servers of old tell a conflict as an error.
		if strings.Contains(answer.Message(), "WrongExpectedVersion") {
			return &failure{
				err: wrap(eventstore.ErrWrongRevision), final: true, unsent: true, conflict: true,
				actual: actualRevision(answer.Message()),
			}
		}
	case codes.Aborted:
		// The prepare or commit phase: the same append is in flight, or the
		// followers are away.
		return &failure{err: wrap(eventstore.ErrUnavailable), aborted: strings.HasSuffix(answer.Message(), "phase timeout")}
	case codes.Canceled:
		// The client closed its connection under the call, to look for another.
		if strings.Contains(answer.Message(), "client connection is closing") {
			return &failure{err: wrap(eventstore.ErrUnavailable), lost: true}
		}
	case codes.DataLoss:
		return &failure{err: wrap(eventstore.ErrDamaged), final: true}
	case codes.Unavailable:
		if remedy := remedyOf(answer.Message()); remedy != "" {
			return &failure{
				err: fmt.Errorf("%w: %s", wrap(eventstore.ErrRefused), remedy), final: true, lost: true, unsent: true,
			}
		}
		return &failure{err: wrap(eventstore.ErrUnavailable), lost: true}
	case codes.Unknown:
		// A follower during an election. Another node may know more by now.
		switch {
		case strings.HasPrefix(answer.Message(), "No leader info"):
			return &failure{err: wrap(eventstore.ErrUnavailable), lost: true, unsent: true}
		case strings.Contains(answer.Message(), "InvalidPosition"):
			return &failure{err: wrap(eventstore.ErrUnavailable), place: true}
		}
	}
	// Timeouts, aborted writes, a call cut off: the outcome is open, and a later
	// try may find things in order.
	return &failure{err: wrap(eventstore.ErrUnavailable)}
}

// inWords finds the revision in the words of a conflict: the client's of an
// answer, and those of servers that tell it as an error.
var inWords = regexp.MustCompile(`(?:but got '|Actual version: )(-?\d+|no_stream)`)

func actualRevision(words string) *eventstore.Revision {
	found := inWords.FindStringSubmatch(words)
	if found == nil {
		return nil
	}
	actual := eventstore.NoRevision
	if found[1] != "no_stream" {
		n, err := strconv.ParseInt(found[1], 10, 64)
		if err != nil || n < int64(eventstore.NoRevision) {
			return nil
		}
		actual = eventstore.Revision(n)
	}
	return &actual
}

// remedies are what mends a connection that no waiting mends. Why there is none
// the client tells in words only.
var remedies = []struct{ says, remedy string }{
	{"x509:", "nobody we trust vouches for the server's certificate; name the file of the authority that signed it with tlsCaFile"},
	{"does not look like a TLS handshake", "the server speaks no TLS; tls=false says so"},
	{"looked like an HTTP/1.1 header", "what answers there is no EventStoreDB"},
	{"no application protocol", "what answers there is no EventStoreDB"},
}

func remedyOf(message string) string {
	for _, r := range remedies {
		if strings.Contains(message, r.says) {
			return r.remedy
		}
	}
	return ""
}

// refusal says what an administrator has to do so that the server lets a user in.
func refusal(user string, err error) error {
	switch code := answered(err).Code(); {
	case code == codes.Unauthenticated && user == "", code == codes.PermissionDenied && user == "":
		return fmt.Errorf("%w; %w", err, domain.Failed(nil, "it wants to know who asks: esdb://USER:PASSWORD@…"))
	case code == codes.Unauthenticated:
		return fmt.Errorf("%w; %w", err, domain.Failed(nil, "user %s is unknown to it, or the password is wrong", user))
	case code == codes.PermissionDenied:
		return fmt.Errorf("%w; %w", err, domain.Failed(nil,
			"user %s may not read $all: an administrator has to name a group of that user among the readers of $all (its ACL)",
			user))
	}
	return err
}

// said is a sentinel of the port with what the server said.
type said struct {
	sentinel error
	words    string
	answer   *status.Status
}

func (s *said) Error() string              { return s.sentinel.Error() + ": " + s.words }
func (s *said) Unwrap() error              { return s.sentinel }
func (s *said) GRPCStatus() *status.Status { return s.answer }

// answered returns the innermost status of gRPC in err, or nil, whose code is
// OK. The statuses around it repeat it with the client's words.
func answered(err error) *status.Status {
	var s interface{ GRPCStatus() *status.Status }
	if errors.As(err, &s) {
		return s.GRPCStatus()
	}
	return nil
}

func describe(err error, answer *status.Status) string {
	if answer != nil {
		return fmt.Sprintf("%s (%s)", answer.Message(), answer.Code())
	}
	return err.Error()
}

// damaged returns a failure for what the log must not hold.
func damaged(format string, args ...any) *failure {
	return &failure{err: fmt.Errorf("%w: %s", eventstore.ErrDamaged, fmt.Sprintf(format, args...)), final: true}
}

// settle waits for a deadline that a call has been told of and that the context
// is about to reach: the server's clock may be a moment ahead of ours, and the
// caller is to hear of its own deadline as such.
func settle(ctx context.Context, err error) {
	if at, ok := ctx.Deadline(); ok && answered(err).Code() == codes.DeadlineExceeded &&
		time.Until(at) < 100*time.Millisecond {
		<-ctx.Done()
	}
}

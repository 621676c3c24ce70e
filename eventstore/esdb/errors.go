package esdb

import (
	"fmt"
	"net"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"aftersales-ledger/eventstore"
)

// failure is an error of the server or of the way to it, in the words of the
// port.
type failure struct {
	err    error  // wraps one of the port's sentinels
	lost   bool   // the node is not the one to talk to any more
	leader string // the node to talk to instead, if the lost one told
	final  bool   // trying again cannot help
	unsent bool   // an append has certainly not been executed
	place  bool   // a read's position is none of this log
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// translate is the one place where errors of gRPC and EventStoreDB become
// errors of the port. The server tells its reasons in the trailer, and some of
// them, like "not-leader", under a misleading status.
func translate(what string, err error, trailer metadata.MD) *failure {
	wrap := func(sentinel error) error {
		// The text of the status alone: the error itself repeats its type.
		return fmt.Errorf("%s: %w: %s", what, sentinel, describe(err))
	}
	switch first(trailer, "exception") {
	case "not-leader":
		f := &failure{err: fmt.Errorf("%s: %w: the node is not the leader", what, eventstore.ErrUnavailable), lost: true, unsent: true}
		if host, port := first(trailer, "leader-endpoint-host"), first(trailer, "leader-endpoint-port"); host != "" && port != "" {
			f.leader = net.JoinHostPort(host, port)
		}
		return f
	case "stream-deleted":
		// Nothing of a ledger is ever deleted: somebody tampered with the log.
		return &failure{err: wrap(eventstore.ErrDamaged), final: true, unsent: true}
	case "stream-not-found":
		return &failure{err: wrap(eventstore.ErrStreamNotFound), final: true, unsent: true}
	case "maximum-append-size-exceeded", "maximum-append-event-size-exceeded", "missing-required-metadata-property":
		return &failure{err: wrap(eventstore.ErrInvalidAppend), final: true, unsent: true}
	}
	switch status.Code(err) {
	case codes.Unauthenticated, codes.PermissionDenied, codes.Unimplemented:
		return &failure{err: wrap(eventstore.ErrUnavailable), final: true, unsent: true}
	case codes.InvalidArgument:
		// A read has nothing that can be malformed but its position.
		return &failure{err: wrap(eventstore.ErrInvalidAppend), final: true, unsent: true, place: true}
	case codes.DataLoss:
		return &failure{err: wrap(eventstore.ErrDamaged), final: true}
	case codes.Unavailable:
		return &failure{err: wrap(eventstore.ErrUnavailable), lost: true}
	case codes.Unknown:
		// A follower during an election. Another node may know more by now.
		switch message := status.Convert(err).Message(); {
		case strings.HasPrefix(message, "No leader info"):
			return &failure{err: wrap(eventstore.ErrUnavailable), lost: true, unsent: true}
		case strings.Contains(message, "InvalidPosition"):
			return &failure{err: wrap(eventstore.ErrUnavailable), place: true}
		}
	}
	// Timeouts, aborted writes, a call cut off: the
	// outcome is open, and a later try may find things in order.
	return &failure{err: wrap(eventstore.ErrUnavailable)}
}

func describe(err error) string {
	if s, ok := status.FromError(err); ok {
		return fmt.Sprintf("%s (%s)", s.Message(), s.Code())
	}
	return err.Error()
}

func first(md metadata.MD, key string) string {
	if values := md.Get(key); len(values) > 0 {
		return values[0]
	}
	return ""
}

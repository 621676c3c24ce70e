// Package esdb keeps the event log in EventStoreDB.
//
// It takes its connection string, its filter and its wire types from the
// official client, but makes the calls itself: the client of v4.2.0 shuts down
// for good once a discovery fails and leaves callers waiting without regard to
// their context, panics when an answer arrives after Close, exits the process
// on an event it cannot date, drops the actual revision of a conflict and loses
// the server's reason if an append is refused while it is still being sent. A
// ledger can afford none of these.
//
// Positions are the commit positions of events; the explicit transactions of
// the old TCP interface, whose events share one, are not supported. System
// events, whose type or stream begins with "$", are never seen.
package esdb

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"time"

	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"aftersales-ledger/eventstore"
)

// Options of a store; the zero value is usable.
type Options struct {
	Clock  eventstore.Clock // stamps events; nil is the system's clock
	Logger *slog.Logger     // told of lost connections and the like; nil is silent
}

// Store is an [eventstore.Store] over EventStoreDB.
type Store struct {
	log      *slog.Logger
	nodes    *cluster
	stamps   *stamper
	attempts *attempts
	deadline time.Duration // of one append

	// seen is the highest position of an event this store has come across. An
	// append that lands no higher was written before.
	seen atomic.Uint64

	closing context.Context // ends with Close
	close   context.CancelFunc
	mu      sync.Mutex
	closed  bool
	appends sync.WaitGroup
}

var _ eventstore.Store = (*Store)(nil)

// Open connects to the server or cluster named by an EventStoreDB connection
// string, such as esdb://user:password@host:2113?tls=true&tlsCaFile=ca.pem.
// Several hosts separated by commas, or the scheme esdb+discover, name a
// cluster. Errors wrap [eventstore.ErrUnavailable] if the server cannot be
// reached or refuses the credentials.
func Open(ctx context.Context, connectionString string, opts Options) (*Store, error) {
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	conf, err := parseConfig(connectionString)
	if err != nil {
		return nil, fmt.Errorf("open event log: %w", err)
	}
	closing, cancel := context.WithCancel(context.Background())
	s := &Store{
		log:      opts.Logger,
		nodes:    newCluster(conf, opts.Logger),
		stamps:   newStamper(opts.Clock),
		attempts: newAttempts(),
		deadline: defaultDeadline,
		closing:  closing,
		close:    cancel,
	}
	if conf.DefaultDeadline != nil {
		s.deadline = *conf.DefaultDeadline
	}
	if conf.Username != "" && conf.DisableTLS {
		s.log.Warn("event log: credentials are not sent over a connection without TLS")
	}
	if conf.SkipCertificateVerification {
		s.log.Warn("event log: the server's certificate is not verified")
	}
	// The last event tells where this process comes in: whatever lands no
	// higher is a repeat, and time must not run backwards from here.
	if _, err := s.Head(ctx); err != nil {
		_ = s.Close()
		return nil, fmt.Errorf("open event log: %w", err)
	}
	return s, nil
}

// defaultDeadline bounds an append unless the connection string says otherwise.
const defaultDeadline = 10 * time.Second

// Close waits for appends under way, ends reads and subscriptions with
// [eventstore.ErrClosed] and disconnects.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	// Readers are told but not waited for: Close may be called by one of them.
	s.close()
	s.appends.Wait()
	s.nodes.close()
	return nil
}

// enter counts an append in, unless the store is closed.
func (s *Store) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return eventstore.ErrClosed
	}
	s.appends.Add(1)
	return nil
}

// reading returns a context for a read, which ends with ctx, with the store or
// when the read is over.
func (s *Store) reading(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(s.closing, cancel)
	return ctx, func() { stop(); cancel() }
}

// ended tells why a read ended early, if it was by the caller or by Close. It
// wants the caller's context, not the one derived from it.
func (s *Store) ended(ctx context.Context) error {
	if s.closing.Err() != nil {
		return eventstore.ErrClosed
	}
	return ctx.Err()
}

// settle waits for a deadline that a call has been told of and that the context
// is about to reach: the server's clock may be a moment ahead of ours, and the
// caller is to hear of its own deadline as such.
func settle(ctx context.Context, err error) {
	if at, ok := ctx.Deadline(); ok && status.Code(err) == codes.DeadlineExceeded && time.Until(at) < 100*time.Millisecond {
		<-ctx.Done()
	}
}

// saw takes notice of an event of the log.
func (s *Store) saw(e eventstore.Recorded) {
	s.sawPosition(e.Position)
	s.stamps.observe(e.RecordedAt)
}

func (s *Store) sawPosition(p eventstore.Position) {
	for {
		old := s.seen.Load()
		if uint64(p) <= old || s.seen.CompareAndSwap(old, uint64(p)) {
			return
		}
	}
}

// Head returns the position of the last event that is not the system's. It
// asks the server, which searches backwards; memory would not know of other
// writers.
func (s *Store) Head(ctx context.Context) (eventstore.Position, error) {
	last, err := s.last(ctx)
	if err != nil {
		return 0, fmt.Errorf("head of the event log: %w", err)
	}
	return last.Position, nil
}

// last returns the last event that is not the system's, or the zero value.
func (s *Store) last(ctx context.Context) (eventstore.Recorded, error) {
	from := endOfAll
	// The filter knows only event types. An event of a system stream that got
	// through is stepped over, from then on in larger steps.
	for count := uint64(1); ; count = 64 {
		got := uint64(0)
		for e, err := range s.read(ctx, readAllRequest(from, api.ReadReq_Options_Backwards, count)) {
			if err != nil {
				return eventstore.Recorded{}, err
			}
			if !isSystem(e) {
				s.saw(e)
				return e, nil
			}
			got++
			from = allPosition(e.Position)
		}
		if got < count {
			return eventstore.Recorded{}, nil
		}
	}
}

// everything is the count of a read without a limit: the largest that every
// version of the server takes, since it counts in signed numbers.
const everything = math.MaxInt64

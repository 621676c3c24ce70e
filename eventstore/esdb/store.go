// Package esdb keeps the event log in EventStoreDB, through the official client.
//
// The client of v4.2.0 has habits a ledger cannot afford. This package keeps
// them from its callers:
//
//   - A failed look for a node ends a client for good, and calls may wait for
//     it for ever. Calls are made in goroutines of their own, which their
//     callers leave when their contexts end, and clients are replaced (lines.go,
//     call.go).
//   - It panics on some answers. Panics become errors, and a client is closed
//     only when its last call has returned (call.go).
//   - A conflict tells the actual revision only in words, and a refusal of an
//     append that is still being sent not at all. Both are asked for (append.go).
//   - It tells servers neither that only the leader should answer nor, in a read
//     of the log, that system events are not wanted (lines.go, head.go).
//
// What remains: a call that begins in the instant in which another one learns
// that the connection is lost makes the client connect again and forget the old
// connection, which then stays until the process ends; so does a connection to
// a leader that was named but does not answer. And the client exits the process
// on an event without a time, which EventStoreDB never sends (event.go).
//
// Positions are the commit positions of events; the explicit transactions of
// the old TCP interface, whose events share one, are not supported. System
// events, whose type or stream begins with "$", are never seen.
package esdb

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/eventstore"
)

// Options of a store; the zero value is usable.
type Options struct {
	Clock  eventstore.Clock // stamps events; nil is the system's clock
	Logger *slog.Logger     // told of lost connections and the like; nil is silent
	// Beside opens the streams that a ledger keeps beside the trade's, on the same
	// server: they are read by nothing that reads the trade's.
	Beside bool
}

// Store is an [eventstore.Store] over EventStoreDB.
type Store struct {
	log      *slog.Logger
	lines    *lines
	stamps   *stamper
	attempts *attempts
	deadline time.Duration // of one append

	// seen is the highest position of an event this store has come across. An
	// append that lands no higher was written before.
	seen    atomic.Uint64
	horizon horizon
	cuts    cuts
	prefix  string // of the server's names of our streams

	closing context.Context // ends with Close
	close   context.CancelFunc
	mu      sync.Mutex
	closed  bool
	appends sync.WaitGroup
}

var (
	_ eventstore.Store    = (*Store)(nil)
	_ eventstore.Operated = (*Store)(nil)
)

// Open connects to the server or cluster named by an EventStoreDB connection
// string, such as esdb://user:password@host:2113?tls=true&tlsCaFile=ca.pem.
// Several hosts separated by commas, or the scheme esdb+discover, name a
// cluster. A setting of our own, streamPrefix=NAME, begins the server's name of
// every stream of ours, on a cluster that others use as well: what does not begin
// so is neither read nor sent to us. Errors wrap [eventstore.ErrUnavailable] if the server cannot be
// reached, and [eventstore.ErrRefused] if waiting for it cannot help.
func Open(ctx context.Context, connectionString string, opts Options) (*Store, error) {
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	connectionString, prefix, err := takePrefix(connectionString)
	if err != nil {
		return nil, domain.Failed(err, "the event log cannot be opened")
	}
	if opts.Beside {
		prefix = Beside + prefix
	} else if strings.HasPrefix(prefix, Beside) {
		return nil, domain.Failed(nil, "connection string: streamPrefix must not begin with %q, which is kept for the door", Beside)
	}
	conf, err := parseConfig(connectionString)
	if err != nil {
		return nil, domain.Failed(err, "the event log cannot be opened")
	}
	closing, cancel := context.WithCancel(context.Background())
	s := &Store{
		log:      opts.Logger,
		lines:    newLines(conf, opts.Logger),
		stamps:   newStamper(opts.Clock),
		attempts: newAttempts(),
		prefix:   prefix,
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
	if err := s.enterLog(ctx); err != nil {
		_ = s.Close()
		return nil, domain.Failed(refusal(conf.Username, err), "the event log cannot be opened")
	}
	return s, nil
}

// moves is how often a node may name another leader while the log is opened.
const moves = 5

// enterLog asks for the end of the log, of the leader: a node that does not lead
// names it, and is followed there.
func (s *Store) enterLog(ctx context.Context) error {
	for try := 1; ; try++ {
		_, err := s.Head(ctx)
		var f *failure
		if !errors.As(err, &f) || !f.moved || try == moves {
			return err
		}
	}
}

// Prefix returns what begins the server's names of our streams.
func (s *Store) Prefix() string { return s.prefix }

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
	s.lines.close()
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

package esdb

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/metadata"

	"aftersales-ledger/eventstore"
)

// lines keeps a working client at hand and replaces it when its server is lost.
//
// A client of v4.2.0 hands out its connection from one goroutine, which also
// looks for nodes. While it looks, every other call waits whatever its context
// says; if it finds none it ends, and those that waited wait for ever. When it
// looks again after a loss it forgets to close what it had. Therefore a client
// looks once in its life: it is proved by one call, alone, before others may
// use it, and given up for a fresh one as soon as it would look again. The one
// exception is a node that names the leader, which only that client knows to
// follow; it is proved anew.
type lines struct {
	conf     esdb.Configuration // of one client
	attempts int                // how many clients a search tries
	interval time.Duration      // between them
	patience time.Duration      // a client takes no longer to look for a node
	log      *slog.Logger
	ctx      context.Context // ends with the lines
	stop     context.CancelFunc

	mu      sync.Mutex
	current *line   // nil while none is proved
	moved   *line   // was told of another leader and is to be proved first
	search  *search // under way, shared by all who wait for a line
	closed  bool
}

// line is a client and who uses it.
type line struct {
	of     *lines
	client *esdb.Client

	// Guarded by the lines' mutex.
	version esdb.ServerVersion
	calls   map[*call]struct{} // that have not returned
	retired bool               // to be closed when all calls have returned
}

type search struct {
	done chan struct{}
	err  error // set when done
}

func newLines(conf *esdb.Configuration, log *slog.Logger) *lines {
	ls := &lines{
		conf:     *conf,
		attempts: max(conf.MaxDiscoverAttempts, 1),
		interval: time.Duration(conf.DiscoveryInterval) * time.Millisecond,
		log:      log,
	}
	// The searches are ours, so that they end with the store.
	ls.conf.MaxDiscoverAttempts, ls.conf.DiscoveryInterval = 1, 0
	ls.conf.GossipTimeout = max(conf.GossipTimeout, 1)
	// It asks every seed for the others, and the best of them for its version.
	asks := 2 * max(len(conf.GossipSeeds), 1)
	ls.patience = time.Duration((asks+1)*ls.conf.GossipTimeout) * time.Second
	ls.ctx, ls.stop = context.WithCancel(context.Background())
	return ls
}

// outgoing marks a call for the leader if that is who should answer. The client
// puts the mark where no server sees it.
func (ls *lines) outgoing(ctx context.Context) context.Context {
	if ls.conf.NodePreference == esdb.NodePreferenceLeader {
		return metadata.AppendToOutgoingContext(ctx, "requires-leader", "true")
	}
	return ctx
}

// acquire returns a call to be made on a line that works, searching for one if
// none is known. The call must be run.
func (ls *lines) acquire(ctx context.Context) (*call, error) {
	for {
		ls.mu.Lock()
		if ls.closed {
			ls.mu.Unlock()
			return nil, eventstore.ErrClosed
		}
		if l := ls.current; l != nil {
			c := l.callLocked()
			ls.mu.Unlock()
			return c, nil
		}
		found := ls.search
		if found == nil {
			found = &search{done: make(chan struct{})}
			ls.search = found
			go ls.find(found, ls.moved)
			ls.moved = nil
		}
		ls.mu.Unlock()

		select {
		case <-found.done:
			if found.err != nil {
				return nil, found.err
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// find ends the search s with a line or an error.
func (ls *lines) find(s *search, moved *line) {
	l, err := ls.look(moved)
	ls.mu.Lock()
	defer ls.mu.Unlock()
	switch {
	case err != nil:
		s.err = err
	case ls.closed:
		l.retireLocked()
		s.err = eventstore.ErrClosed
	default:
		ls.current = l
		ls.log.Debug("event log: connected", "to", ls.where())
	}
	ls.search = nil
	close(s.done)
}

// look tries the line that was told of another leader, then fresh ones until
// one is proved.
func (ls *lines) look(moved *line) (*line, error) {
	if moved != nil && ls.prove(moved) == nil {
		return moved, nil
	}
	for attempt := 1; ; attempt++ {
		client, err := esdb.NewClient(&ls.conf)
		if err != nil {
			return nil, translate(err)
		}
		l := &line{of: ls, client: client}
		err = ls.prove(l)
		if err == nil {
			return l, nil
		}
		if ls.ctx.Err() != nil {
			return nil, eventstore.ErrClosed
		}
		f := translate(err)
		if f.final || attempt == ls.attempts {
			return nil, &failure{
				err:    fmt.Errorf("connect to %s: %w", ls.where(), f.err),
				final:  f.final,
				away:   true,
				unsent: true,
			}
		}
		select {
		case <-time.After(ls.interval):
		case <-ls.ctx.Done():
			return nil, eventstore.ErrClosed
		}
	}
}

// prove lets a line nobody else uses look for its node. It is retired if it
// finds none.
func (ls *lines) prove(l *line) error {
	ls.mu.Lock()
	c := l.callLocked()
	ls.mu.Unlock()
	// The time of two searches: a client that was told of another leader may be
	// at one already, and if that is in vain, it never comes to this call.
	ctx, cancel := context.WithTimeout(ls.ctx, 2*ls.patience)
	defer cancel()
	version, err := ask(ctx, c, (*esdb.Client).GetServerVersion)
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if err != nil {
		l.retireLocked()
		return err
	}
	l.version = *version
	return nil
}

// lost gives up a line, or has it proved anew if its client was told of another
// leader.
func (ls *lines) lost(l *line, moved bool) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if ls.current != l {
		return // another call was first to notice
	}
	ls.current = nil
	if moved {
		ls.moved = l
	} else {
		l.retireLocked()
	}
	ls.log.Debug("event log: looking for a node", "another leader", moved)
}

// close makes room for no more calls. Those under way end with their contexts.
func (ls *lines) close() {
	ls.stop()
	ls.mu.Lock()
	defer ls.mu.Unlock()
	ls.closed = true
	for _, l := range []*line{ls.current, ls.moved} {
		if l != nil {
			l.retireLocked()
		}
	}
	ls.current, ls.moved = nil, nil
}

// where names the nodes of the connection string.
func (ls *lines) where() string {
	if len(ls.conf.GossipSeeds) == 0 {
		return ls.conf.Address
	}
	var seeds []string
	for _, seed := range ls.conf.GossipSeeds {
		seeds = append(seeds, seed.String())
	}
	return strings.Join(seeds, ",")
}

// callLocked counts a call in.
func (l *line) callLocked() *call {
	if l.calls == nil {
		l.calls = make(map[*call]struct{})
	}
	c := &call{line: l, over: make(chan struct{})}
	l.calls[c] = struct{}{}
	return c
}

// retireLocked lets the calls under way go on for as long as they show life.
func (l *line) retireLocked() {
	if !l.retired {
		l.retired = true
		for c := range l.calls {
			go c.watch()
		}
	}
	l.closeIfIdleLocked()
}

func (l *line) closeIfIdleLocked() {
	if l.retired && len(l.calls) == 0 {
		_ = l.client.Close()
	}
}

// tellsCaughtUp reports whether the server says when a subscription has come
// to the end of the log, which it does since version 23.10.
func (l *line) tellsCaughtUp() bool {
	l.of.mu.Lock()
	defer l.of.mu.Unlock()
	v := l.version
	return v.Major > 23 || v.Major == 23 && v.Minor >= 10
}

package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/projections/facts"
)

// Options tune the read models. The zero value is ready for use.
type Options struct {
	// Database is the base name of the databases; empty means that of the DSN,
	// or "ledger". Letters, digits and _ only.
	Database string
	// Clock tells the time; nil means time.Now.
	Clock func() time.Time
	// Logger takes changes of state; nil discards them.
	Logger *slog.Logger
	// BatchEvents is the most events written at once while catching up; zero
	// means 50,000.
	BatchEvents int
	// Rules are the department's; the zero value means the procedure's.
	Rules *policy.Policy
}

const (
	defaultDatabase    = "ledger"
	defaultBatchEvents = 50_000
)

// ReadModels is the read models of one ledger: the projector that fills them
// and the queries over them. It is safe for concurrent use, and is itself a
// prometheus.Collector.
type ReadModels struct {
	source    Source
	Opts      Options
	conn      connection
	warehouse *warehouse
	metrics   *metrics
	backoff   backoff
	sink      func(*generation) sink // replaced in tests, to fail at will

	// filling is held while a generation is made and filled, so that one
	// process never has two under way; writing is held by whoever writes the
	// generation that serves.
	filling chan struct{}
	writing chan struct{}
	// choosing is held while the generation that serves is looked up or
	// changed, so that what ClickHouse says and what m.serving says agree. It
	// is taken before mu.
	choosing sync.Mutex
	// again wakes a projector that has stopped: a rebuild may have mended it.
	again chan struct{}

	begun atomic.Pointer[Begun] // as it was read last, see [ReadModels.Begun]

	mu      sync.Mutex
	serving *generation
	pending *generation // being filled at start, because none that serves fits
	// answering is serving once its checkpoint is known to be of this log; nil
	// while nothing can answer in full.
	answering *generation
	cleaned   bool // leftovers of earlier processes are gone
	pausing   bool // a rebuild is about to take over: a session must not begin
	yield     context.CancelCauseFunc
	status    Status
	atHead    time.Time     // when the projector was last known to be at the head
	changed   chan struct{} // closed and replaced at every change of status
	urge      chan struct{} // holds a token while somebody waits for a position
}

// Open connects to the ClickHouse that dsn names:
//
//	clickhouse://user:password@host:9000/database   a server, native protocol
//	http://…  https://…                             a server, HTTP protocol
//	embedded:DIR                                    the engine in this process, over a data folder
//
// A server need not be up yet. The password is in no error and no log line.
func Open(dsn string, source Source, opts Options) (*ReadModels, error) {
	c, err := connect(dsn)
	if err != nil {
		return nil, err
	}
	if opts.Database == "" {
		opts.Database = c.database
	}
	m, err := newReadModels(c, source, opts)
	if err != nil {
		return nil, errors.Join(err, c.close())
	}
	return m, nil
}

// New is Open for a ClickHouse that the caller opens and closes, such as an
// engine shared between ledgers of different base names.
func New(c Connector, source Source, opts Options) (*ReadModels, error) {
	return newReadModels(connection{Connector: c, close: func() error { return nil }}, source, opts)
}

func newReadModels(c connection, source Source, opts Options) (*ReadModels, error) {
	if opts.Database == "" {
		opts.Database = defaultDatabase
	}
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.Rules == nil {
		rules := policy.Default()
		opts.Rules = &rules
	}
	if opts.BatchEvents <= 0 {
		opts.BatchEvents = defaultBatchEvents
	}
	w, err := newWarehouse(c, opts.Database)
	if err != nil {
		return nil, c.redacted(err)
	}
	m := &ReadModels{
		source: source, Opts: opts, conn: c, warehouse: w, backoff: defaultBackoff,
		sink:    func(g *generation) sink { return g },
		filling: make(chan struct{}, 1), writing: make(chan struct{}, 1), again: make(chan struct{}, 1),
		changed: make(chan struct{}), urge: make(chan struct{}, 1),
	}
	m.metrics = newMetrics()
	m.status = Status{State: Starting, Since: m.now()}
	return m, nil
}

// Close releases the connection. Run and Rebuild must have returned.
func (m *ReadModels) Close() error {
	m.mu.Lock()
	serving, pending := m.serving, m.pending
	m.serving, m.pending, m.answering = nil, nil, nil
	m.mu.Unlock()
	var errs []error
	for _, g := range []*generation{serving, pending} {
		if g != nil {
			g.readers.Wait()
			errs = append(errs, g.conn.Close())
		}
	}
	return errors.Join(append(errs, m.warehouse.close(), m.conn.close())...)
}

func (m *ReadModels) now() time.Time { return m.Opts.Clock().In(calendar.Shanghai) }

// errYield asks the projector to let go of the serving generation for a moment.
var errYield = errors.New("a rebuild takes over")

// stopError is a reason not to go on without a person.
type stopError struct{ err error }

func (e *stopError) Error() string { return e.err.Error() }
func (e *stopError) Unwrap() error { return e.err }

// remedy ends the reasons that a rebuild mends.
const remedy = "; fill the read models anew with `ledger rebuild`"

// stops reports whether repeating cannot help, and why.
func stops(err error) (reason error, ok bool) {
	var (
		stop      *stopError
		event     *facts.EventError
		defect    *facts.DefectError
		exception *clickhouse.Exception
	)
	switch {
	case errors.As(err, &stop):
		return stop.err, true
	case errors.As(err, &event), errors.Is(err, ErrUnreadable), errors.Is(err, ErrReplaced), errors.As(err, &defect):
		return err, true
	case errors.As(err, &exception) && missingTable[exception.Code]:
		return fmt.Errorf("the tables are damaged: %w%s", err, remedy), true
	}
	return nil, false
}

// missingTable lists ClickHouse's error codes for tables that are not as this
// version made them: NO_SUCH_COLUMN_IN_TABLE, UNKNOWN_IDENTIFIER,
// UNKNOWN_TABLE, UNKNOWN_DATABASE.
var missingTable = map[int32]bool{16: true, 47: true, 60: true, 81: true}

// Run projects the log until ctx ends, and then returns nil when the batch
// under way is written. Whatever goes wrong meanwhile is in Status: Run does
// not return early, because the ledger goes on taking commands without it.
func (m *ReadModels) Run(ctx context.Context) error {
	var watch sync.WaitGroup
	defer watch.Wait()
	watch.Go(func() { m.watchHead(ctx) })
	wait := m.backoff
	for ctx.Err() == nil {
		before := m.Status().Position
		err := m.conn.redacted(m.session(ctx))
		if ctx.Err() != nil {
			break
		}
		if errors.Is(err, errYield) {
			continue
		}
		if reason, stop := stops(err); stop && !m.superseded(ctx) {
			m.stop(reason)
			select {
			case <-m.again:
				m.setState(Starting, "")
			case <-ctx.Done():
			}
			continue
		}
		if m.Status().Position != before {
			wait = m.backoff
		}
		m.metrics.retries.Inc()
		m.setState(Retrying, err.Error())
		wait.sleep(ctx)
	}
	return nil
}

// stop ends the projecting until a person has helped. Where the tables are sound
// and merely cannot go on, they answer up to where they came; where they are
// damaged or of another log, nothing is answered.
func (m *ReadModels) stop(reason error) {
	var event *facts.EventError
	sound := errors.As(reason, &event) || errors.Is(reason, ErrUnreadable) && !errors.Is(reason, ErrReplaced)
	m.mu.Lock()
	defer m.mu.Unlock()
	if !sound {
		m.answering = nil
	}
	m.setStateLocked(Stopped, reason.Error())
}

// superseded reports whether another process has rebuilt the read models, so
// that tables which seem damaged are merely no longer ours to fill.
func (m *ReadModels) superseded(ctx context.Context) bool {
	m.mu.Lock()
	g := m.serving
	m.mu.Unlock()
	if g == nil {
		return false
	}
	number, print, found, err := m.warehouse.active(ctx)
	return err == nil && found && print == fingerprint() && number != g.number
}

// session finds the generation that serves, makes sure it belongs to this log,
// and projects onto it until something fails.
func (m *ReadModels) session(ctx context.Context) error {
	g, err := m.openServing(ctx)
	if err != nil {
		return err
	}
	ctx, yield := context.WithCancelCause(ctx)
	defer yield(nil)
	select {
	case m.writing <- struct{}{}:
		defer func() { <-m.writing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	m.mu.Lock()
	mayBegin := m.serving == g && !m.pausing
	m.yield = yield
	m.mu.Unlock()
	if !mayBegin {
		return errYield
	}
	from, err := m.checkpoint(ctx, g)
	if err != nil {
		return err
	}
	m.resume(g, from)
	err = m.pipeline(g, from, func(f *facts.Facts) error { m.advance(f); return nil }).run(ctx)
	if errors.Is(context.Cause(ctx), errYield) {
		return errYield
	}
	return err
}

func (m *ReadModels) pipeline(g *generation, from facts.Checkpoint, written func(*facts.Facts) error) *pipeline {
	return &pipeline{
		source: m.source, sink: m.sink(g), from: from, limit: m.Opts.BatchEvents,
		written: written, urged: m.urge, observe: m.metrics.wrote,
	}
}

// checkpoint reads a generation's checkpoint and checks that it belongs to
// this log: that the log holds the same event at its position.
func (m *ReadModels) checkpoint(ctx context.Context, g *generation) (facts.Checkpoint, error) {
	c, err := g.checkpoint(ctx)
	if err != nil || c.Position == 0 {
		return c, err
	}
	m.source.Expect(c.Position, c.EventID)
	head, err := m.source.Head(ctx)
	if err != nil {
		return c, fmt.Errorf("find the end of the event log: %w", err)
	}
	if c.Position > head {
		return c, &stopError{
			fmt.Errorf("the checkpoint, position %d, lies beyond the end of the event log, %d%s", c.Position, head, remedy),
		}
	}
	id, found, err := m.source.EventID(ctx, c.Position)
	switch {
	case err != nil:
		return c, fmt.Errorf("look up the checkpoint's event: %w", err)
	case !found:
		return c, &stopError{
			fmt.Errorf("the checkpoint's position %d holds no event: it belongs to another event log%s", c.Position, remedy),
		}
	case id != c.EventID:
		return c,
			&stopError{fmt.Errorf("the checkpoint's event at position %d is %s, but the event log holds %s there: it belongs to another event log%s",
				c.Position, c.EventID, id, remedy)}
	}
	return c, nil
}

// backoff is a wait that doubles up to a limit.
type backoff struct{ next, limit time.Duration }

var defaultBackoff = backoff{next: 100 * time.Millisecond, limit: 5 * time.Second}

func (b *backoff) sleep(ctx context.Context) {
	timer := time.NewTimer(b.next)
	defer timer.Stop()
	b.next = min(2*b.next, b.limit)
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

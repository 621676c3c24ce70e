package projections

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"aftersales-ledger/domain"
)

// figures is what all questions together answer.
type figures struct {
	Receivables    []Receivable
	PostingsSum    string
	Reconciliation []Reconciliation
	Audit          []PartsAuditRow
	Totals         []FindingTotal
	Charges        []Charge
}

func figuresOf(t testing.TB, m *ReadModels) (f figures) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, all := context.Background(), Page{Limit: MaxLimit}
	receivables, err := m.Receivables(ctx, Cut{}, Filter{}, all)
	must(err)
	quarter := receivables.AsOf.Quarter()
	reconciliation, err := m.Reconciliation(ctx, Cut{}, quarter-3, quarter, Filter{}, all)
	must(err)
	audit, err := m.PartsAudit(ctx, Cut{}, PartsAuditFilter{}, all)
	must(err)
	charges, err := m.Charges(ctx, Cut{}, ChargeFilter{}, all)
	must(err)
	return figures{
		receivables.Centers, receivables.PostingsSum.String(), reconciliation.Rows, audit.Rows, audit.Totals, charges.Charges,
	}
}

func sameFigures(t testing.TB, want, got figures, when string) {
	t.Helper()
	if diff := gocmp.Diff(want, got, compareAnswers); diff != "" {
		t.Errorf("%s the figures differ (-want +got):\n%s", when, diff)
	}
}

// history is a life, what the read models say of it when nothing goes wrong,
// and the clock at its end.
type history struct {
	*world
	want  figures
	clock *testClock
	head  uint64
}

func newHistory(t testing.TB, events int) *history {
	w := newWorld(t, 4)
	w.live(events)
	h := &history{world: w, clock: newClock(w.now), head: w.events[len(w.events)-1].Position}
	m, stop := start(t, newDatabase(t), h.log(), withClock(h.clock))
	projected(t, m, h.head)
	h.want = figuresOf(t, m)
	stop()
	return h
}

func (h *history) log() *memoryLog { return newMemoryLog(slices.Clone(h.events)...) }

func smallBatches(m *ReadModels) { m.opts.BatchEvents = 25 }

// failure is what happens to a sink at one of its calls.
type failure string

const (
	diesBefore failure = "it dies before it has done what was asked"
	diesAfter  failure = "it dies after, and nobody hears that it was done"
	failsOnce  failure = "it fails once and goes on"
)

// mortalSink fails at one of its calls.
type mortalSink struct {
	sink
	calls   *atomic.Int64
	at      int64
	failure failure
	failed  chan struct{}
}

var errKilled = errors.New("killed")

func (s *mortalSink) call(do func() error) error {
	n := s.calls.Add(1)
	if n == s.at {
		defer close(s.failed)
	}
	switch {
	case n < s.at, n > s.at && s.failure == failsOnce:
		return do()
	case n == s.at && s.failure == diesAfter:
		if err := do(); err != nil {
			return err
		}
	}
	return errKilled
}

func (s *mortalSink) insert(ctx context.Context, t *table) error {
	return s.call(func() error { return s.sink.insert(ctx, t) })
}

func (s *mortalSink) save(ctx context.Context, c checkpoint) error {
	return s.call(func() error { return s.sink.save(ctx, c) })
}

func TestKilledAnywhereTheFiguresAreEqual(t *testing.T) {
	h := newHistory(t, 10)
	var calls atomic.Int64
	count := func(m *ReadModels) {
		smallBatches(m)
		m.sink = func(g *generation) sink { return &mortalSink{sink: g, calls: &calls, at: 1 << 40} }
	}
	m, stop := start(t, newDatabase(t), h.log(), withClock(h.clock), count)
	projected(t, m, h.head)
	stop()
	for n := range calls.Load() {
		for _, f := range []failure{diesBefore, diesAfter, failsOnce} {
			h.survives(t, n+1, f)
		}
	}
}

// survives lets a projector fail at a call to ClickHouse. One that dies is
// followed by another, as after the death of the process.
func (h *history) survives(t *testing.T, call int64, f failure) {
	t.Helper()
	base, failed, calls := newDatabase(t), make(chan struct{}), new(atomic.Int64)
	m, stop := start(t, base, h.log(), withClock(h.clock), smallBatches, func(m *ReadModels) {
		m.sink = func(g *generation) sink { return &mortalSink{g, calls, call, f, failed} }
	})
	select {
	case <-failed:
	case <-patient(t).Done():
		t.Fatal("the projector did not come to its failure")
	}
	if f != failsOnce {
		stop()
		m, stop = start(t, base, h.log(), withClock(h.clock))
	}
	projected(t, m, h.head)
	sameFigures(t, h.want, figuresOf(t, m), fmt.Sprintf("at call %d %s;", call, f))
	stop()
}

func TestReplayAndMergesChangeNothing(t *testing.T) {
	h := newHistory(t, 400)
	m, _ := start(t, newDatabase(t), h.log(), withClock(h.clock), smallBatches)
	projected(t, m, h.head)
	sameFigures(t, h.want, figuresOf(t, m), "in small batches")

	written := func(f *facts) error {
		if f.position == h.head {
			return errFilled
		}
		return nil
	}
	if err := m.pipeline(m.serving, checkpoint{}, written).run(patient(t)); !errors.Is(err, errFilled) {
		t.Fatal(err)
	}
	sameFigures(t, h.want, figuresOf(t, m), "after every event was delivered twice")

	for _, table := range newFacts().tables {
		if err := m.serving.conn.Exec(patient(t), "OPTIMIZE TABLE "+table.name+" FINAL"); err != nil {
			t.Fatal(err)
		}
	}
	sameFigures(t, h.want, figuresOf(t, m), "after merges")
}

// repeating delivers every batch twice, and within the second time every event.
type repeating struct{ *memoryLog }

func (l repeating) Subscribe(ctx context.Context, after uint64, limit int) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		for b, err := range l.memoryLog.Subscribe(ctx, after, limit) {
			again := b
			again.Events = append(slices.Clone(b.Events), b.Events...)
			if !yield(b, err) || err == nil && !yield(again, nil) {
				return
			}
		}
	}
}

func TestEventsDeliveredTwiceAreShownOnce(t *testing.T) {
	h := newHistory(t, 200)
	m, _ := start(t, newDatabase(t), repeating{h.log()}, withClock(h.clock), smallBatches)
	projected(t, m, h.head)
	sameFigures(t, h.want, figuresOf(t, m), "delivered twice")
	var rows uint64
	if err := m.serving.conn.QueryRow(patient(t), "SELECT count() FROM charges").Scan(&rows); err != nil {
		t.Fatal(err)
	}
	if int(rows) != len(h.want.Charges) {
		t.Errorf("%d rows for %d charges: a repeated event was written again", rows, len(h.want.Charges))
	}
}

// newsOfTomorrow is an event of a later version of the program.
type newsOfTomorrow struct{}

func (newsOfTomorrow) EventType() string { return "NewsOfTomorrow" }

func TestAnEventThatCannotBeShownStopsTheProjectorVisibly(t *testing.T) {
	h := newHistory(t, 100)
	n := len(h.events)
	unknown, last := h.events[n-1], h.events[n-1]
	unknown.Event = newsOfTomorrow{}
	early := h.events[n-3]
	early.Position, early.ID = h.events[n-2].Position-1, uuid.New()

	for name, c := range map[string]struct {
		source   func() Source
		position uint64
		reason   string
	}{
		"an event of an unknown type": {
			func() Source { return newMemoryLog(append(slices.Clone(h.events[:n-1]), unknown)...) }, h.events[n-2].Position, "NewsOfTomorrow",
		},
		"an event that cannot be decoded": {
			func() Source {
				l := h.log()
				l.poison = last.Position
				return l
			}, h.events[n-2].Position, "cannot be read",
		},
		"an event out of order": {
			func() Source { return unordered{h.log(), early} }, h.events[n-2].Position, "out of order",
		},
	} {
		t.Run(name, func(t *testing.T) {
			// Tables that have shown the whole log once go on answering.
			base := newDatabase(t)
			before, stop := start(t, base, newMemoryLog(slices.Clone(h.events[:n-3])...), withClock(h.clock))
			until(t, before, Live)
			stop()
			m, _ := start(t, base, c.source(), withClock(h.clock))
			status := until(t, m, Stopped)
			if !strings.Contains(status.Reason, c.reason) {
				t.Errorf("the reason %q does not say %q", status.Reason, c.reason)
			}
			if status.Position != c.position {
				t.Errorf("position %d, want %d: what came before must be shown", status.Position, c.position)
			}
			if err := m.Wait(patient(t), last.Position); !errors.Is(err, ErrStopped) {
				t.Errorf("waiting for what will never be shown gives %v", err)
			}
			answer, err := m.Receivables(t.Context(), Cut{}, Filter{}, Page{})
			if err != nil || answer.State != Stopped || answer.Position != c.position {
				t.Errorf("want answers that carry state and position, got %+v, %v", answer.Answer, err)
			}
			if got := gauge(t, m, "ledger_projector_stopped"); got != 1 {
				t.Errorf("ledger_projector_stopped is %v", got)
			}
		})
	}
}

// unordered delivers one event late.
type unordered struct {
	*memoryLog
	late Recorded
}

func (l unordered) Subscribe(ctx context.Context, _ uint64, _ int) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		events := l.events[:len(l.events)-1]
		_ = yield(Batch{Events: slices.Clone(events), Position: events[len(events)-1].Position}, nil) &&
			yield(Batch{Events: []Recorded{l.late}, Position: l.late.Position}, nil)
		<-ctx.Done()
	}
}

func gauge(t *testing.T, c prometheus.Collector, name string) float64 {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(c)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetGauge().GetValue()
		}
	}
	t.Fatalf("no metric %s", name)
	return 0
}

func TestADamagedCheckpointStopsTheProjectorUntilARebuild(t *testing.T) {
	h := newHistory(t, 100)
	otherLog := slices.Clone(h.events)
	otherLog[len(otherLog)-1].ID = uuid.New()
	exec := func(t *testing.T, base, sql string) {
		w, err := newWarehouse(engine, base)
		if err != nil {
			t.Fatal(err)
		}
		defer w.close()
		if err := w.control.Exec(patient(t), sql); err != nil {
			t.Fatal(err)
		}
	}
	nothing := func(*testing.T, string) {}
	for name, c := range map[string]struct {
		damage func(t *testing.T, base string)
		log    []Recorded
		reason string
	}{
		"it lies beyond the end of the log": {nothing, h.events[:50], "beyond the end"},
		"it belongs to another log":         {nothing, otherLog, "another event log"},
		"its table is missing": {
			func(t *testing.T, base string) { exec(t, base, "DROP TABLE "+base+"_g1.checkpoint") }, h.events, "damaged",
		},
		"a fact table is missing": {
			func(t *testing.T, base string) {
				exec(t, base, "TRUNCATE TABLE "+base+"_g1.checkpoint")
				exec(t, base, "DROP TABLE "+base+"_g1.postings")
			}, h.events, "damaged",
		},
		"all tables are missing": {
			func(t *testing.T, base string) { exec(t, base, "DROP DATABASE "+base+"_g1") }, h.events, "damaged",
		},
	} {
		t.Run(name, func(t *testing.T) {
			base := newDatabase(t)
			m, stop := start(t, base, h.log(), withClock(h.clock))
			projected(t, m, h.head)
			stop()
			c.damage(t, base)

			m, _ = start(t, base, newMemoryLog(slices.Clone(c.log)...), withClock(h.clock))
			status := until(t, m, Stopped)
			if !strings.Contains(status.Reason, c.reason) || !strings.Contains(status.Reason, "ledger rebuild") {
				t.Errorf("the reason %q must say %q and name the remedy", status.Reason, c.reason)
			}
			if err := m.Rebuild(patient(t), nil); err != nil {
				t.Fatal(err)
			}
			until(t, m, Live)
			if len(c.log) == len(h.events) {
				sameFigures(t, h.want, figuresOf(t, m), "after the rebuild")
			}
		})
	}
}

// fallible is a ClickHouse that can be switched off.
type fallible struct{ down atomic.Bool }

func (f *fallible) Options(database string) *clickhouse.Options {
	opts := engine.Options(database)
	opts.TransportFunc = func(*http.Transport) (http.RoundTripper, error) { return f, nil }
	return opts
}

func (f *fallible) RoundTrip(r *http.Request) (*http.Response, error) {
	if f.down.Load() {
		return nil, errors.New("connection refused")
	}
	return engine.RoundTripper().RoundTrip(r)
}

func TestClickHouseDownAndBack(t *testing.T) {
	h := newHistory(t, 200)
	server, log := &fallible{}, newMemoryLog(slices.Clone(h.events[:100])...)
	server.down.Store(true)
	base := newDatabase(t)
	throughServer := func(m *ReadModels) {
		w, err := newWarehouse(server, base)
		if err != nil {
			t.Fatal(err)
		}
		m.warehouse = w
	}
	m, _ := start(t, base, log, withClock(h.clock), throughServer)

	if s := until(t, m, Retrying); !strings.Contains(s.Reason, "connection refused") {
		t.Errorf("down at the start, the reason is %q", s.Reason)
	}
	_, err := m.Receivables(t.Context(), Cut{}, Filter{}, Page{})
	if status := (*StatusError)(nil); !errors.Is(err, ErrUnavailable) || !errors.As(err, &status) || status.Status.State != Retrying {
		t.Errorf("a question gives %v", err)
	}
	server.down.Store(false)
	until(t, m, Live)

	server.down.Store(true)
	log.append(h.events[100:]...)
	h.clock.set(h.clock.now().Add(time.Minute))
	s := when(t, m, func(s Status) bool { return s.State == Retrying && s.Head == h.head })
	if s.Lag.Events == 0 || s.Lag.Behind < time.Minute || s.Since.IsZero() {
		t.Errorf("the status does not show how far it is behind: %+v", s)
	}
	if _, err := m.Receivables(t.Context(), Cut{}, Filter{}, Page{}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("a question gives %v", err)
	}
	server.down.Store(false)
	projected(t, m, h.head)
	sameFigures(t, h.want, figuresOf(t, m), "after it came back")
	if s := m.Status(); s.Lag != (Lag{}) {
		t.Errorf("nothing is missing any more, but the lag is %+v", s.Lag)
	}
}

// brokenSink takes no rows.
type brokenSink struct{ sink }

func (brokenSink) insert(context.Context, *table) error { return errors.New("disk full") }

func TestARetryShowsSinceWhen(t *testing.T) {
	h := newHistory(t, 10)
	m, _ := start(t, newDatabase(t), h.log(), withClock(h.clock), func(m *ReadModels) {
		m.sink = func(g *generation) sink { return brokenSink{g} }
	})
	first := until(t, m, Retrying)
	h.clock.set(h.clock.now().Add(time.Hour))
	tries := counter(t, m, "ledger_projector_retries_total")
	for ctx := patient(t); counter(t, m, "ledger_projector_retries_total") < tries+3; {
		if now := m.Status(); now.State != Retrying || now.Since != first.Since || !strings.Contains(now.Reason, "disk full") {
			t.Fatalf("want retrying since %s, got %v since %s", first.Since, now, now.Since)
		}
		if ctx.Err() != nil {
			t.Fatal("the projector does not try again")
		}
	}
}

func TestRebuildTakesOverFromWhatServes(t *testing.T) {
	h := newHistory(t, 300)
	log := newMemoryLog(slices.Clone(h.events[:250])...)
	base := newDatabase(t)
	m, _ := start(t, base, log, withClock(h.clock))
	projected(t, m, h.events[249].Position)

	var reached, head uint64
	var once sync.Once
	err := m.Rebuild(patient(t), func(position, end uint64) {
		if position < reached || position > end {
			t.Errorf("progress went from %d to %d of %d", reached, position, end)
		}
		reached, head = position, end
		once.Do(func() {
			if err := m.Rebuild(patient(t), nil); !errors.Is(err, ErrBusy) {
				t.Errorf("a second rebuild gives %v", err)
			}
			// The present tables go on serving, and what is written meanwhile
			// must not be lost.
			if _, err := m.Receivables(t.Context(), Cut{}, Filter{}, Page{}); err != nil {
				t.Error(err)
			}
			log.append(h.events[250:]...)
			projected(t, m, h.head)
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if reached != h.head || head != h.head {
		t.Errorf("progress ended at %d of %d, want %d", reached, head, h.head)
	}
	projected(t, m, h.head)
	until(t, m, Live)
	sameFigures(t, h.want, figuresOf(t, m), "after the rebuild")
	if got, err := m.warehouse.numbers(patient(t)); err != nil || !slices.Equal(got, []uint32{2}) {
		t.Errorf("generations %v, %v; want 2 alone", got, err)
	}
}

// lateAnswer holds back the answer to the first question which generation
// serves, until released or for as long as somebody may have to wait for it.
type lateAnswer struct {
	first    atomic.Bool
	asked    chan struct{}
	released chan struct{}
}

func (l *lateAnswer) Options(database string) *clickhouse.Options {
	opts := engine.Options(database)
	opts.TransportFunc = func(*http.Transport) (http.RoundTripper, error) { return l, nil }
	return opts
}

func (l *lateAnswer) RoundTrip(r *http.Request) (*http.Response, error) {
	var text []byte
	if r.GetBody != nil { // a query; rows to be written come as a stream
		body, err := r.GetBody()
		if err != nil {
			return nil, err
		}
		if text, err = io.ReadAll(body); err != nil {
			return nil, err
		}
	}
	answer, err := engine.RoundTripper().RoundTrip(r)
	if bytes.Contains(text, []byte("FROM generations")) && l.first.CompareAndSwap(false, true) {
		close(l.asked)
		select {
		case <-l.released:
		case <-time.After(time.Second):
		}
	}
	return answer, err
}

func TestARebuildWhileTheProjectorStartsIsNotForgotten(t *testing.T) {
	h := newHistory(t, 50)
	base := newDatabase(t)
	m, stop := start(t, base, h.log(), withClock(h.clock))
	projected(t, m, h.head)
	stop()

	late := &lateAnswer{asked: make(chan struct{}), released: make(chan struct{})}
	m, _ = start(t, base, h.log(), withClock(h.clock), func(m *ReadModels) {
		w, err := newWarehouse(late, base)
		if err != nil {
			t.Fatal(err)
		}
		m.warehouse = w
	})
	<-late.asked // the projector is about to serve generation 1 …
	err := m.Rebuild(patient(t), nil)
	close(late.released) // … after generation 2 has replaced it
	if err != nil {
		t.Fatal(err)
	}
	until(t, m, Live)
	projected(t, m, h.head)
	sameFigures(t, h.want, figuresOf(t, m), "after a rebuild during the start")
	if got, err := m.warehouse.numbers(patient(t)); err != nil || !slices.Equal(got, []uint32{2}) {
		t.Errorf("generations %v, %v; want 2 alone", got, err)
	}
}

func TestARebuildByAnotherProcessIsFollowed(t *testing.T) {
	h := newHistory(t, 100)
	log := newMemoryLog(slices.Clone(h.events[:60])...)
	base := newDatabase(t)
	m, _ := start(t, base, log, withClock(h.clock))
	projected(t, m, h.events[59].Position)

	other, err := New(engine, log, Options{Database: base, Clock: h.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(other.Rebuild(patient(t), nil), other.Close()); err != nil {
		t.Fatal(err)
	}
	log.append(h.events[60:]...)
	projected(t, m, h.head)
	sameFigures(t, h.want, figuresOf(t, m), "after another process's rebuild")
}

func TestARebuildThatDiesLeavesWhatServes(t *testing.T) {
	h := newHistory(t, 100)
	base := newDatabase(t)
	m, stop := start(t, base, h.log(), withClock(h.clock))
	projected(t, m, h.head)
	m.sink = func(g *generation) sink {
		return &mortalSink{g, new(atomic.Int64), 1, diesBefore, make(chan struct{})}
	}
	if err := m.Rebuild(patient(t), nil); !errors.Is(err, errKilled) {
		t.Fatalf("want the rebuild to fail, got %v", err)
	}
	sameFigures(t, h.want, figuresOf(t, m), "after a failed rebuild")
	// A process that dies has no time to clean up.
	leftover, err := m.warehouse.create(patient(t))
	if err != nil {
		t.Fatal(err)
	}
	leftover.conn.Close()
	stop()

	m, _ = start(t, base, h.log(), withClock(h.clock))
	until(t, m, Live)
	sameFigures(t, h.want, figuresOf(t, m), "after the next start")
	if got, err := m.warehouse.numbers(patient(t)); err != nil || !slices.Equal(got, []uint32{1}) {
		t.Errorf("generations %v, %v; want 1 alone", got, err)
	}
}

// gated holds events back until it is opened.
type gated struct {
	*memoryLog
	open chan struct{}
}

func (l gated) Subscribe(ctx context.Context, after uint64, limit int) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		half := Batch{Events: slices.Clone(l.events[:len(l.events)/2])}
		half.Position = half.Events[len(half.Events)-1].Position
		if after < half.Position {
			if !yield(half, nil) {
				return
			}
			after = half.Position
		}
		select {
		case <-l.open:
			l.memoryLog.Subscribe(ctx, after, limit)(yield)
		case <-ctx.Done():
		}
	}
}

// replaceable becomes another log.
type replaceable struct {
	*memoryLog
	replaced chan struct{}
}

func (l replaceable) Subscribe(ctx context.Context, after uint64, limit int) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		go func() {
			<-l.replaced
			stop()
		}()
		for b, err := range l.memoryLog.Subscribe(ctx, after, limit) {
			select {
			case <-l.replaced:
				err = ErrReplaced
			default:
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

func TestTablesOfAnotherVersionAreReplacedBeforeQuestionsAreAnswered(t *testing.T) {
	h := newHistory(t, 200)
	base := newDatabase(t)
	m, stop := start(t, base, h.log(), withClock(h.clock))
	projected(t, m, h.head)
	err := m.warehouse.control.Exec(patient(t), "INSERT INTO generations SELECT generation, 'another', activated_at FROM generations")
	if err == nil {
		err = m.warehouse.control.Exec(patient(t), "ALTER TABLE generations DELETE WHERE fingerprint != 'another' SETTINGS mutations_sync = 1")
	}
	if err != nil {
		t.Fatal(err)
	}
	stop()

	source := gated{h.log(), make(chan struct{})}
	m, _ = start(t, base, source, withClock(h.clock))
	until(t, m, Rebuilding)
	when(t, m, func(s Status) bool { return s.Position > 0 })
	_, err = m.Receivables(t.Context(), Cut{}, Filter{}, Page{})
	if status := (*StatusError)(nil); !errors.Is(err, ErrRebuilding) || !errors.As(err, &status) || status.Status.Head != h.head {
		t.Errorf("want a refusal that says how far it is, got %v", err)
	}
	close(source.open)
	until(t, m, Live)
	sameFigures(t, h.want, figuresOf(t, m), "after the replacement")
	if got, err := m.warehouse.numbers(patient(t)); err != nil || !slices.Equal(got, []uint32{2}) {
		t.Errorf("generations %v, %v; want 2 alone", got, err)
	}
}

// slowSink holds a batch until it is let go.
type slowSink struct {
	sink
	begun, finish chan struct{}
	once          *sync.Once
}

func (s slowSink) insert(ctx context.Context, t *table) error {
	s.once.Do(func() { close(s.begun) })
	<-s.finish
	return s.sink.insert(ctx, t)
}

func TestStoppingFinishesTheBatchUnderWay(t *testing.T) {
	h := newHistory(t, 60)
	base, begun, finish := newDatabase(t), make(chan struct{}), make(chan struct{})
	m, stop := start(t, base, newMemoryLog(slices.Clone(h.events[:10])...), withClock(h.clock))
	until(t, m, Live)
	stop()
	_, stop = start(t, base, h.log(), withClock(h.clock), func(m *ReadModels) {
		m.sink = func(g *generation) sink { return slowSink{g, begun, finish, new(sync.Once)} }
	})
	<-begun
	time.AfterFunc(10*time.Millisecond, func() { close(finish) }) // while stop waits
	stop()

	m, _ = start(t, base, h.log(), withClock(h.clock))
	until(t, m, Live)
	if got := counter(t, m, "ledger_projector_events_total"); got != 0 {
		t.Errorf("%v events were projected again", got)
	}
	sameFigures(t, h.want, figuresOf(t, m), "after the stop")
}

func counter(t *testing.T, c prometheus.Collector, name string) float64 {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(c)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetCounter().GetValue()
		}
	}
	t.Fatalf("no metric %s", name)
	return 0
}

func TestAWriterFindsWhatItWrote(t *testing.T) {
	b := &clerk{t: t}
	b.open("C01", "华东", noon("2026-05-01"))
	log := newMemoryLog(b.events...)
	clock := newClock(noon("2026-05-20"))
	m, _ := start(t, newDatabase(t), log, withClock(clock))
	until(t, m, Live)
	for i := range 20 {
		n := len(b.events)
		// The log server's clock is ahead of ours.
		b.charge("C01", domain.ChargeID(fmt.Sprint("F3-", i)), "P1", "10.00", "2026-05-20", clock.now().Add(time.Duration(i)*time.Minute))
		projected(t, m, log.append(b.events[n:]...))
		got, err := m.Receivables(t.Context(), Cut{}, Filter{Center: "C01"}, Page{})
		if err != nil {
			t.Fatal(err)
		}
		if want := yuan(fmt.Sprintf("%d.00", 10*(i+1))); got.Total.Closing != want {
			t.Fatalf("after %d charges the balance is %s, want %s", i+1, got.Total.Closing, want)
		}
	}
}

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
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/projections/facts"
)

func sameFigures(t testing.TB, want, got Figures, when string) {
	t.Helper()
	if diff := gocmp.Diff(want, got, CompareAnswers); diff != "" {
		t.Errorf("%s the figures differ (-want +got):\n%s", when, diff)
	}
}

// history is a life, what the read models say of it when nothing goes wrong,
// and the clock at its end.
type history struct {
	*World
	want  Figures
	clock *domaintest.Clock
	head  uint64
}

func newHistory(t testing.TB, events int) *history {
	w := NewWorld(t, 4)
	w.Live(events)
	h := &history{World: w, clock: domaintest.NewClock(w.Now), head: w.Events[len(w.Events)-1].Position}
	m, stop := Start(t, NewDatabase(t), h.log(), WithClock(h.clock))
	Projected(t, m, h.head)
	h.want = FiguresOf(t, m)
	stop()
	return h
}

func (h *history) log() *memoryLog { return NewMemoryLog(slices.Clone(h.Events)...) }

func SmallBatches(m *ReadModels) { m.Opts.BatchEvents = 25 }

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

func (s *mortalSink) insert(ctx context.Context, t *facts.Table) error {
	return s.call(func() error { return s.sink.insert(ctx, t) })
}

func (s *mortalSink) save(ctx context.Context, c facts.Checkpoint) error {
	return s.call(func() error { return s.sink.save(ctx, c) })
}

func TestKilledAnywhereTheFiguresAreEqual(t *testing.T) {
	h := newHistory(t, 10)
	var calls atomic.Int64
	count := func(m *ReadModels) {
		SmallBatches(m)
		m.sink = func(g *generation) sink { return &mortalSink{sink: g, calls: &calls, at: 1 << 40} }
	}
	m, stop := Start(t, NewDatabase(t), h.log(), WithClock(h.clock), count)
	Projected(t, m, h.head)
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
	base, failed, calls := NewDatabase(t), make(chan struct{}), new(atomic.Int64)
	m, stop := Start(t, base, h.log(), WithClock(h.clock), SmallBatches, func(m *ReadModels) {
		m.sink = func(g *generation) sink { return &mortalSink{g, calls, call, f, failed} }
	})
	select {
	case <-failed:
	case <-Patient(t).Done():
		t.Fatal("the projector did not come to its failure")
	}
	if f != failsOnce {
		stop()
		m, stop = Start(t, base, h.log(), WithClock(h.clock))
	}
	Projected(t, m, h.head)
	sameFigures(t, h.want, FiguresOf(t, m), fmt.Sprintf("at call %d %s;", call, f))
	stop()
}

func TestReplayAndMergesChangeNothing(t *testing.T) {
	h := newHistory(t, 400)
	m, _ := Start(t, NewDatabase(t), h.log(), WithClock(h.clock), SmallBatches)
	Projected(t, m, h.head)
	sameFigures(t, h.want, FiguresOf(t, m), "in small batches")

	written := func(f *facts.Facts) error {
		if f.Position == h.head {
			return errFilled
		}
		return nil
	}
	if err := m.pipeline(m.serving, facts.Checkpoint{}, written).run(Patient(t)); !errors.Is(err, errFilled) {
		t.Fatal(err)
	}
	sameFigures(t, h.want, FiguresOf(t, m), "after every event was delivered twice")

	for _, table := range facts.New().Tables {
		if err := m.serving.conn.Exec(Patient(t), "OPTIMIZE TABLE "+table.Name+" FINAL"); err != nil {
			t.Fatal(err)
		}
	}
	sameFigures(t, h.want, FiguresOf(t, m), "after merges")
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
	m, _ := Start(t, NewDatabase(t), repeating{h.log()}, WithClock(h.clock), SmallBatches)
	Projected(t, m, h.head)
	sameFigures(t, h.want, FiguresOf(t, m), "delivered twice")
	var rows, charges uint64
	count := "SELECT count(), uniqExact(position, line) FROM charges"
	if err := m.serving.conn.QueryRow(Patient(t), count).Scan(&rows, &charges); err != nil {
		t.Fatal(err)
	}
	if rows == 0 || rows != charges {
		t.Errorf("%d rows for %d charges: a repeated event was written again", rows, charges)
	}
}

// newsOfTomorrow is an event of a later version of the program.
type newsOfTomorrow struct{}

func (newsOfTomorrow) EventType() string { return "NewsOfTomorrow" }

func TestAnEventThatCannotBeShownStopsTheProjectorVisibly(t *testing.T) {
	h := newHistory(t, 100)
	n := len(h.Events)
	unknown, last := h.Events[n-1], h.Events[n-1]
	unknown.Event = newsOfTomorrow{}
	early := h.Events[n-3]
	early.Position, early.ID = h.Events[n-2].Position-1, uuid.New()

	for name, c := range map[string]struct {
		source   func() Source
		position uint64
		reason   string
	}{
		"an event of an unknown type": {
			func() Source { return NewMemoryLog(append(slices.Clone(h.Events[:n-1]), unknown)...) }, h.Events[n-2].Position,
			"NewsOfTomorrow",
		},
		"an event that cannot be decoded": {
			func() Source {
				l := h.log()
				l.poison = last.Position
				return l
			}, h.Events[n-2].Position, "cannot be read",
		},
		"an event out of order": {
			func() Source { return unordered{h.log(), early} }, h.Events[n-2].Position, "out of order",
		},
	} {
		t.Run(name, func(t *testing.T) {
			// Tables that have shown the whole log once go on answering.
			base := NewDatabase(t)
			before, stop := Start(t, base, NewMemoryLog(slices.Clone(h.Events[:n-3])...), WithClock(h.clock))
			until(t, before, Live)
			stop()
			m, _ := Start(t, base, c.source(), WithClock(h.clock))
			status := until(t, m, Stopped)
			if !strings.Contains(status.Reason, c.reason) {
				t.Errorf("the reason %q does not say %q", status.Reason, c.reason)
			}
			if status.Position != c.position {
				t.Errorf("position %d, want %d: what came before must be shown", status.Position, c.position)
			}
			if err := m.Wait(Patient(t), last.Position); !errors.Is(err, ErrStopped) {
				t.Errorf("waiting for what will never be shown gives %v", err)
			}
			answer, err := AskReceivables(t.Context(), m, Filter{})
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
	late facts.Recorded
}

func (l unordered) Subscribe(ctx context.Context, _ uint64, _ int) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		events := l.events[:len(l.events)-1]
		_ = yield(Batch{Events: slices.Clone(events), Position: events[len(events)-1].Position}, nil) &&
			yield(Batch{Events: []facts.Recorded{l.late}, Position: l.late.Position}, nil)
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
	otherLog := slices.Clone(h.Events)
	otherLog[len(otherLog)-1].ID = uuid.New()
	exec := func(t *testing.T, base, sql string) {
		w, err := newWarehouse(Engine, base)
		if err != nil {
			t.Fatal(err)
		}
		defer w.close()
		if err := w.control.Exec(Patient(t), sql); err != nil {
			t.Fatal(err)
		}
	}
	nothing := func(*testing.T, string) {}
	for name, c := range map[string]struct {
		damage func(t *testing.T, base string)
		log    []facts.Recorded
		reason string
	}{
		"it lies beyond the end of the log": {nothing, h.Events[:50], "beyond the end"},
		"it belongs to another log":         {nothing, otherLog, "another event log"},
		"its table is missing": {
			func(t *testing.T, base string) { exec(t, base, "DROP TABLE "+base+"_g1.checkpoint") }, h.Events, "damaged",
		},
		"a fact table is missing": {
			func(t *testing.T, base string) {
				exec(t, base, "TRUNCATE TABLE "+base+"_g1.checkpoint")
				exec(t, base, "DROP TABLE "+base+"_g1.postings")
			}, h.Events, "damaged",
		},
		"all tables are missing": {
			func(t *testing.T, base string) { exec(t, base, "DROP DATABASE "+base+"_g1") }, h.Events, "damaged",
		},
	} {
		t.Run(name, func(t *testing.T) {
			base := NewDatabase(t)
			m, stop := Start(t, base, h.log(), WithClock(h.clock))
			Projected(t, m, h.head)
			stop()
			c.damage(t, base)

			m, _ = Start(t, base, NewMemoryLog(slices.Clone(c.log)...), WithClock(h.clock))
			status := until(t, m, Stopped)
			if !strings.Contains(status.Reason, c.reason) || !strings.Contains(status.Reason, "ledger rebuild") {
				t.Errorf("the reason %q must say %q and name the remedy", status.Reason, c.reason)
			}
			if err := m.Rebuild(Patient(t), nil); err != nil {
				t.Fatal(err)
			}
			until(t, m, Live)
			if len(c.log) == len(h.Events) {
				sameFigures(t, h.want, FiguresOf(t, m), "after the rebuild")
			}
		})
	}
}

// fallible is a ClickHouse that can be switched off.
type fallible struct{ down atomic.Bool }

func (f *fallible) Options(database string) *clickhouse.Options {
	opts := Engine.Options(database)
	opts.TransportFunc = func(*http.Transport) (http.RoundTripper, error) { return f, nil }
	return opts
}

func (f *fallible) RoundTrip(r *http.Request) (*http.Response, error) {
	if f.down.Load() {
		return nil, errors.New("connection refused")
	}
	return Engine.RoundTripper().RoundTrip(r)
}

func TestClickHouseDownAndBack(t *testing.T) {
	h := newHistory(t, 200)
	server, log := &fallible{}, NewMemoryLog(slices.Clone(h.Events[:100])...)
	server.down.Store(true)
	base := NewDatabase(t)
	throughServer := func(m *ReadModels) {
		w, err := newWarehouse(server, base)
		if err != nil {
			t.Fatal(err)
		}
		m.warehouse = w
	}
	m, _ := Start(t, base, log, WithClock(h.clock), throughServer)

	if s := until(t, m, Retrying); !strings.Contains(s.Reason, "connection refused") {
		t.Errorf("down at the start, the reason is %q", s.Reason)
	}
	_, err := AskReceivables(t.Context(), m, Filter{})
	if status := (*StatusError)(nil); !errors.Is(err,
		ErrUnavailable) || !errors.As(err, &status) || status.Status.State != Retrying {
		t.Errorf("a question gives %v", err)
	}
	server.down.Store(false)
	until(t, m, Live)

	server.down.Store(true)
	log.Append(h.Events[100:]...)
	h.clock.Set(h.clock.Now().Add(time.Minute))
	s := when(t, m, func(s Status) bool { return s.State == Retrying && s.Head == h.head })
	if s.Lag.Events == 0 || s.Lag.Behind < time.Minute || s.Since.IsZero() {
		t.Errorf("the status does not show how far it is behind: %+v", s)
	}
	if _, err := AskReceivables(t.Context(), m, Filter{}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("a question gives %v", err)
	}
	server.down.Store(false)
	Projected(t, m, h.head)
	sameFigures(t, h.want, FiguresOf(t, m), "after it came back")
	if s := m.Status(); s.Lag != (Lag{}) {
		t.Errorf("nothing is missing any more, but the lag is %+v", s.Lag)
	}
}

// brokenSink takes no rows.
type brokenSink struct{ sink }

func (brokenSink) insert(context.Context, *facts.Table) error { return errors.New("disk full") }

func TestARetryShowsSinceWhen(t *testing.T) {
	h := newHistory(t, 10)
	m, _ := Start(t, NewDatabase(t), h.log(), WithClock(h.clock), func(m *ReadModels) {
		m.sink = func(g *generation) sink { return brokenSink{g} }
	})
	first := until(t, m, Retrying)
	h.clock.Set(h.clock.Now().Add(time.Hour))
	tries := counter(t, m, "ledger_projector_retries_total")
	for ctx := Patient(t); counter(t, m, "ledger_projector_retries_total") < tries+3; {
		if now := m.Status(); now.State != Retrying || now.Since != first.Since || !strings.Contains(now.Reason,
			"disk full") {
			t.Fatalf("want retrying since %s, got %v since %s", first.Since, now, now.Since)
		}
		if ctx.Err() != nil {
			t.Fatal("the projector does not try again")
		}
	}
}

func TestRebuildTakesOverFromWhatServes(t *testing.T) {
	h := newHistory(t, 300)
	log := NewMemoryLog(slices.Clone(h.Events[:250])...)
	base := NewDatabase(t)
	m, _ := Start(t, base, log, WithClock(h.clock))
	Projected(t, m, h.Events[249].Position)

	var reached, head uint64
	var once sync.Once
	err := m.Rebuild(Patient(t), func(position, end uint64) {
		if position < reached || position > end {
			t.Errorf("progress went from %d to %d of %d", reached, position, end)
		}
		reached, head = position, end
		once.Do(func() {
			if err := m.Rebuild(Patient(t), nil); !errors.Is(err, ErrBusy) {
				t.Errorf("a second rebuild gives %v", err)
			}
			// The present tables go on serving, and what is written meanwhile
			// must not be lost.
			if _, err := AskReceivables(t.Context(), m, Filter{}); err != nil {
				t.Error(err)
			}
			log.Append(h.Events[250:]...)
			Projected(t, m, h.head)
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if reached != h.head || head != h.head {
		t.Errorf("progress ended at %d of %d, want %d", reached, head, h.head)
	}
	Projected(t, m, h.head)
	until(t, m, Live)
	sameFigures(t, h.want, FiguresOf(t, m), "after the rebuild")
	if got, err := m.warehouse.numbers(Patient(t)); err != nil || !slices.Equal(got, []uint32{2}) {
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
	opts := Engine.Options(database)
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
	answer, err := Engine.RoundTripper().RoundTrip(r)
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
	base := NewDatabase(t)
	m, stop := Start(t, base, h.log(), WithClock(h.clock))
	Projected(t, m, h.head)
	stop()

	late := &lateAnswer{asked: make(chan struct{}), released: make(chan struct{})}
	m, _ = Start(t, base, h.log(), WithClock(h.clock), func(m *ReadModels) {
		w, err := newWarehouse(late, base)
		if err != nil {
			t.Fatal(err)
		}
		m.warehouse = w
	})
	<-late.asked // the projector is about to serve generation 1 …
	err := m.Rebuild(Patient(t), nil)
	close(late.released) // … after generation 2 has replaced it
	if err != nil {
		t.Fatal(err)
	}
	until(t, m, Live)
	Projected(t, m, h.head)
	sameFigures(t, h.want, FiguresOf(t, m), "after a rebuild during the start")
	if got, err := m.warehouse.numbers(Patient(t)); err != nil || !slices.Equal(got, []uint32{2}) {
		t.Errorf("generations %v, %v; want 2 alone", got, err)
	}
}

func TestARebuildByAnotherProcessIsFollowed(t *testing.T) {
	h := newHistory(t, 100)
	log := NewMemoryLog(slices.Clone(h.Events[:60])...)
	base := NewDatabase(t)
	m, _ := Start(t, base, log, WithClock(h.clock))
	Projected(t, m, h.Events[59].Position)

	other, err := New(Engine, log, Options{Database: base, Clock: h.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(other.Rebuild(Patient(t), nil), other.Close()); err != nil {
		t.Fatal(err)
	}
	log.Append(h.Events[60:]...)
	Projected(t, m, h.head)
	sameFigures(t, h.want, FiguresOf(t, m), "after another process's rebuild")
}

func TestARebuildThatDiesLeavesWhatServes(t *testing.T) {
	h := newHistory(t, 100)
	base := NewDatabase(t)
	m, stop := Start(t, base, h.log(), WithClock(h.clock))
	Projected(t, m, h.head)
	m.sink = func(g *generation) sink {
		return &mortalSink{g, new(atomic.Int64), 1, diesBefore, make(chan struct{})}
	}
	if err := m.Rebuild(Patient(t), nil); !errors.Is(err, errKilled) {
		t.Fatalf("want the rebuild to fail, got %v", err)
	}
	sameFigures(t, h.want, FiguresOf(t, m), "after a failed rebuild")
	// A process that dies has no time to clean up.
	leftover, err := m.warehouse.create(Patient(t))
	if err != nil {
		t.Fatal(err)
	}
	leftover.conn.Close()
	stop()

	m, _ = Start(t, base, h.log(), WithClock(h.clock))
	until(t, m, Live)
	sameFigures(t, h.want, FiguresOf(t, m), "after the next start")
	if got, err := m.warehouse.numbers(Patient(t)); err != nil || !slices.Equal(got, []uint32{1}) {
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
	base := NewDatabase(t)
	m, stop := Start(t, base, h.log(), WithClock(h.clock))
	Projected(t, m, h.head)
	err := m.warehouse.control.Exec(Patient(t),
		"INSERT INTO generations SELECT generation, 'another', activated_at FROM generations")
	if err == nil {
		err = m.warehouse.control.Exec(Patient(t),
			"ALTER TABLE generations DELETE WHERE fingerprint != 'another' SETTINGS mutations_sync = 1")
	}
	if err != nil {
		t.Fatal(err)
	}
	stop()

	source := gated{h.log(), make(chan struct{})}
	m, _ = Start(t, base, source, WithClock(h.clock))
	until(t, m, Rebuilding)
	when(t, m, func(s Status) bool { return s.Position > 0 })
	_, err = AskReceivables(t.Context(), m, Filter{})
	if status := (*StatusError)(nil); !errors.Is(err,
		ErrRebuilding) || !errors.As(err, &status) || status.Status.Head != h.head {
		t.Errorf("want a refusal that says how far it is, got %v", err)
	}
	close(source.open)
	until(t, m, Live)
	sameFigures(t, h.want, FiguresOf(t, m), "after the replacement")
	if got, err := m.warehouse.numbers(Patient(t)); err != nil || !slices.Equal(got, []uint32{2}) {
		t.Errorf("generations %v, %v; want 2 alone", got, err)
	}
}

// slowSink holds a batch until it is let go.
type slowSink struct {
	sink
	begun, finish chan struct{}
	once          *sync.Once
}

func (s slowSink) insert(ctx context.Context, t *facts.Table) error {
	s.once.Do(func() { close(s.begun) })
	<-s.finish
	return s.sink.insert(ctx, t)
}

func TestStoppingFinishesTheBatchUnderWay(t *testing.T) {
	h := newHistory(t, 60)
	base, begun, finish := NewDatabase(t), make(chan struct{}), make(chan struct{})
	m, stop := Start(t, base, NewMemoryLog(slices.Clone(h.Events[:10])...), WithClock(h.clock))
	until(t, m, Live)
	stop()
	_, stop = Start(t, base, h.log(), WithClock(h.clock), func(m *ReadModels) {
		m.sink = func(g *generation) sink { return slowSink{g, begun, finish, new(sync.Once)} }
	})
	<-begun
	time.AfterFunc(10*time.Millisecond, func() { close(finish) }) // while stop waits
	stop()

	m, _ = Start(t, base, h.log(), WithClock(h.clock))
	until(t, m, Live)
	if got := counter(t, m, "ledger_projector_events_total"); got != 0 {
		t.Errorf("%v events were projected again", got)
	}
	sameFigures(t, h.want, FiguresOf(t, m), "after the stop")
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
	b := &Clerk{T: t}
	b.Open("C01", "华东", Noon("2026-05-01"))
	log := NewMemoryLog(b.Events...)
	clock := domaintest.NewClock(Noon("2026-05-20"))
	m, _ := Start(t, NewDatabase(t), log, WithClock(clock))
	until(t, m, Live)
	for i := range 20 {
		n := len(b.Events)
		// The log server's clock is ahead of ours.
		b.Charge("C01", domain.ChargeID(fmt.Sprint("F3-", i)), "P1", "10.00", "2026-05-20",
			clock.Now().Add(time.Duration(i)*time.Minute))
		Projected(t, m, log.Append(b.Events[n:]...))
		got, err := AskReceivables(t.Context(), m, Filter{Center: "C01"})
		if err != nil {
			t.Fatal(err)
		}
		if want := Yuan(fmt.Sprintf("%d.00", 10*(i+1))); got.Closing != want {
			t.Fatalf("after %d charges the balance is %s, want %s", i+1, got.Closing, want)
		}
	}
}

package projections

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/projections/chdb"
	"aftersales-ledger/projections/facts"
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

var Day, Yuan = domaintest.Day, domaintest.Yuan

// Engine is the embedded ClickHouse of this test process; every test has
// databases of its own on it.
var Engine *chdb.Engine

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "projections")
	if err == nil {
		defer os.RemoveAll(dir)
		Engine, err = chdb.Open(filepath.Join(dir, "clickhouse"), chdb.Options{})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "the tests of the read models run on the embedded engine:", err)
		return 1
	}
	defer Engine.Close()
	return m.Run()
}

// patience keeps a broken projector from hanging the tests. A healthy one never
// comes near.
const patience = time.Minute

func Patient(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

var databases atomic.Int64

// NewDatabase returns a base name nobody else uses, and drops what it led to
// after the test.
func NewDatabase(t testing.TB) string { return newDatabaseOn(t, Engine) }

func newDatabaseOn(t testing.TB, c Connector) string {
	base := fmt.Sprintf("t%d", databases.Add(1))
	t.Cleanup(func() {
		w, err := newWarehouse(c, base)
		if err != nil {
			t.Fatal(err)
		}
		defer w.close()
		if err := w.dropOthers(context.Background(), 0); err != nil {
			t.Error(err)
		}
		if err := w.server.Exec(context.Background(), "DROP DATABASE IF EXISTS "+base); err != nil {
			t.Error(err)
		}
	})
	return base
}

// memoryLog is an event log in memory.
type memoryLog struct {
	mu      sync.Mutex
	events  []facts.Recorded
	changed chan struct{}
	poison  uint64 // position whose event cannot be read
	largest int    // events in a delivery; zero: as many as asked for
	away    time.Time
}

func NewMemoryLog(events ...facts.Recorded) *memoryLog {
	l := &memoryLog{changed: make(chan struct{})}
	l.Append(events...)
	return l
}

func (l *memoryLog) Append(events ...facts.Recorded) (head uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, events...)
	close(l.changed)
	l.changed = make(chan struct{})
	return l.headLocked()
}

func (l *memoryLog) headLocked() uint64 {
	if len(l.events) == 0 {
		return 0
	}
	return l.events[len(l.events)-1].Position
}

func (l *memoryLog) Head(context.Context) (uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.headLocked(), nil
}

func (l *memoryLog) EventID(_ context.Context, position uint64) (uuid.UUID, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.events {
		if e.Position == position {
			return e.ID, true, nil
		}
	}
	return uuid.UUID{}, false, nil
}

func (l *memoryLog) Expect(uint64, uuid.UUID) {}

func (l *memoryLog) Away() (time.Time, string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.away, "no node answers"
}

// setAway makes the log out of reach since a moment; the zero time ends it.
func (l *memoryLog) setAway(since time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.away = since
}

func (l *memoryLog) Subscribe(ctx context.Context, after uint64, limit int) iter.Seq2[Batch, error] {
	if l.largest > 0 {
		limit = l.largest
	}
	return func(yield func(Batch, error) bool) {
		for {
			b, changed, err := l.read(after, limit)
			if len(b.Events) > 0 || b.CaughtUp && err == nil {
				if !yield(b, nil) {
					return
				}
				after = b.Position
			}
			if err != nil {
				yield(Batch{}, err)
				return
			}
			if !b.CaughtUp {
				continue
			}
			select {
			case <-changed:
			case <-ctx.Done():
				yield(Batch{}, ctx.Err())
				return
			}
		}
	}
}

func (l *memoryLog) read(after uint64, limit int) (b Batch, changed <-chan struct{}, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b.Position, b.CaughtUp = after, true
	for _, e := range l.events {
		switch {
		case e.Position <= after:
			continue
		case len(b.Events) == limit:
			b.CaughtUp = false
			return b, l.changed, nil
		case e.Position == l.poison:
			b.CaughtUp = false
			return b, l.changed, fmt.Errorf("%w: event at position %d", ErrUnreadable, e.Position)
		}
		b.Events = append(b.Events, e)
		b.Position = e.Position
	}
	return b, l.changed, nil
}

// Recorder makes recorded events of an event stream, one position apart.
type Recorder struct {
	Events    []facts.Recorded
	revisions map[string]int64
}

func (r *Recorder) Record(stream string, at time.Time, events ...domain.Event) {
	if r.revisions == nil {
		r.revisions = make(map[string]int64)
	}
	for _, e := range events {
		r.Events = append(r.Events, facts.Recorded{
			Position: uint64(len(r.Events) + 1), Stream: stream, Revision: r.revisions[stream], ID: uuid.New(),
			RecordedAt: at.Truncate(time.Microsecond), Actor: "li.na", Role: string(domain.Finance), Event: e,
		})
		r.revisions[stream]++
	}
}

// Start opens read models over a log and runs their projector until the test
// ends or stop is called.
func Start(t testing.TB, base string, source Source, change ...func(*ReadModels)) (m *ReadModels, stop func()) {
	t.Helper()
	m, err := New(Engine, source, Options{Database: base})
	if err != nil {
		t.Fatal(err)
	}
	m.backoff = backoff{next: time.Millisecond, limit: 10 * time.Millisecond}
	for _, c := range change {
		c(m)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := m.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	stop = sync.OnceFunc(func() {
		cancel()
		running.Wait()
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return m, stop
}

func WithClock(c *domaintest.Clock) func(*ReadModels) {
	return func(m *ReadModels) { m.Opts.Clock = c.Now }
}

// until waits for a state.
func until(t testing.TB, m *ReadModels, state State) Status {
	t.Helper()
	return when(t, m, func(s Status) bool { return s.State == state })
}

// when waits for a status.
func when(t testing.TB, m *ReadModels, is func(Status) bool) Status {
	t.Helper()
	ctx := Patient(t)
	for {
		m.mu.Lock()
		status, changed := m.statusLocked(), m.changed
		m.mu.Unlock()
		if is(status) {
			return status
		}
		select {
		case <-changed:
		case <-ctx.Done():
			t.Fatalf("the projector did not get there; it is %v", status)
		}
	}
}

func Projected(t testing.TB, m *ReadModels, position uint64) {
	t.Helper()
	if err := m.Wait(Patient(t), position); err != nil {
		t.Fatal(err)
	}
}

func (b *Clerk) Register(id domain.ProjectID, name string, center domain.CenterID) {
	b.T.Helper()
	p := &project.Project{}
	at := Noon("2026-05-01")
	events, err := p.Register(project.Register{
		Project: id, Name: name, Region: "华东", City: "杭州", Center: center, From: Day("2025-01-01"),
		Presence: policy.OnProject,
		Warranty: project.Warranty{AcceptanceOn: Day("2025-01-01"), StartsFrom: project.FromAcceptance, Months: 24},
	}, calendar.DateOf(at))
	if err != nil {
		b.T.Fatal(err)
	}
	for _, e := range events {
		b.Record(project.Stream(id), at, e)
	}
}

var CompareAnswers = gocmp.Options{
	CompareAmounts,
	gocmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) }),
	cmpopts.EquateEmpty(),
}

// Confirm issues a quarter's statement and has it confirmed the same day.
func (b *Clerk) Confirm(center domain.CenterID, quarter, date string) {
	b.T.Helper()
	q, err := calendar.ParseQuarter(quarter)
	if err != nil {
		b.T.Fatal(err)
	}
	b.Decide(center, Noon(date), func(a *account.Account, today calendar.Date) ([]account.Event, error) {
		return a.IssueStatement(account.IssueStatement{Center: center, Quarter: q, By: "qian"}, policy.Default(), today)
	})
	b.Decide(center, Noon(date), func(a *account.Account, today calendar.Date) ([]account.Event, error) {
		return a.ConfirmStatement(account.ConfirmStatement{Center: center, Quarter: q, Version: 1, By: "zheng"}, today)
	})
}

func Noon(date string) time.Time { return Day(date).Start().Add(12 * time.Hour) }

// quote is a price without tax.
func quote(price string) pricelist.Quote {
	return pricelist.Quote{Version: "2026", Item: pricelist.Item{
		Code: "MOVE-1", Name: "移位", Kind: pricelist.Move, Unit: "次", Price: decimal.RequireFromString(price),
	}}
}

// Clerk drives accounts through the domain's decisions and records what they
// decide.
type Clerk struct {
	T testing.TB
	Recorder
	accounts map[domain.CenterID]*account.Account
}

func (b *Clerk) Decide(
	center domain.CenterID, at time.Time, decide func(*account.Account, calendar.Date) ([]account.Event, error),
) {
	b.T.Helper()
	if b.accounts == nil {
		b.accounts = make(map[domain.CenterID]*account.Account)
	}
	a := b.accounts[center]
	if a == nil {
		a = &account.Account{}
		b.accounts[center] = a
	}
	events, err := decide(a, calendar.DateOf(at))
	if err != nil {
		b.T.Fatal(err)
	}
	for _, e := range events {
		a.Evolve(e)
		b.Record(account.Stream(center), at, e)
	}
}

func (b *Clerk) Open(center domain.CenterID, region string, at time.Time) {
	b.T.Helper()
	b.Decide(center, at, func(a *account.Account, today calendar.Date) ([]account.Event, error) {
		return a.Open(account.Open{
			Center: center, Name: "物业 " + string(center), Region: region,
			Terms: account.Terms{SameDueDate: account.ByChargeDate},
		}, today)
	})
}

func (b *Clerk) Charge(
	center domain.CenterID, id domain.ChargeID, project domain.ProjectID, amount, occurredOn string, at time.Time,
) {
	b.T.Helper()
	b.Decide(center, at, func(a *account.Account, today calendar.Date) ([]account.Event, error) {
		return a.AccrueCharge(account.AccrueCharge{
			Charge: id, Center: center, Project: project, Quantity: decimal.NewFromInt(1), OccurredOn: Day(occurredOn),
		}, quote(amount), policy.Default(), today)
	})
}

func (b *Clerk) Pay(center domain.CenterID, id domain.PaymentID, amount, receivedOn string, at time.Time) {
	b.T.Helper()
	b.Decide(center, at, func(a *account.Account, today calendar.Date) ([]account.Event, error) {
		return a.ReceivePayment(account.ReceivePayment{
			Payment: id, Center: center, BankReference: "bank-" + string(id), Payer: "物业", Amount: Yuan(amount),
			ReceivedOn: Day(receivedOn),
		}, policy.Default(), today)
	})
}

var CompareAmounts = domaintest.Exact

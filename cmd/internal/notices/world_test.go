package notices

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/letterhead"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/eventstore/sqlite"
)

// tester is what a test and a run of a property test have in common.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// world is a log, its ledger, and senders that crash and begin again on it.
type world struct {
	t         tester
	ctx       context.Context
	now       time.Time
	store     eventstore.Store
	ledger    *ledger.Ledger
	revisions map[string]eventstore.Revision
	count     int

	post        *postOffice
	faults      faults
	keep        *keptCheckpoint
	book        Addresses
	rules       policy.NoticeRules
	papers      Papers
	letterheads letterhead.Book
	from        *uint64
	links       Links
	console     string
	reactor     *Reactor
}

func newWorld(t tester, ctx context.Context, dir string) *world {
	w := &world{
		t: t, ctx: ctx, now: time.Date(2026, 7, 8, 9, 0, 0, 0, calendar.Shanghai),
		revisions: make(map[string]eventstore.Revision),
		post:      &postOffice{sent: make(map[string]int)}, keep: &keptCheckpoint{}, book: Placeholders{},
		rules: policy.Default().Notices, from: new(uint64),
	}
	store, err := sqlite.Open(filepath.Join(dir, "log.sqlite"),
		sqlite.Options{Clock: w.clock, Durability: sqlite.BulkLoad})
	if err != nil {
		t.Fatal(err)
	}
	w.store = store
	w.ledger = w.newLedger()
	return w
}

func (w *world) newLedger() *ledger.Ledger {
	return ledger.New(eventstore.NewExecutor(w.store, eventstore.Trade, eventstore.ExecutorOptions{}), policy.Default(),
		w.clock).Under(access.Whole())
}

func openWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, t.Context(), t.TempDir())
	t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *world) clock() time.Time { return w.now }

// record appends an event to the log, whatever the trade would say.
func (w *world) record(stream string, e domain.Event) eventstore.Position {
	w.t.Helper()
	data, schema, err := eventstore.Trade.Encode(e)
	if err != nil {
		w.t.Fatal(err)
	}
	meta, err := json.Marshal(eventstore.Metadata{
		CommandKey: fmt.Sprint(w.count), Actor: "qian", Role: domain.RegionalAdmin, Schema: schema,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	last, known := w.revisions[stream]
	if !known {
		last = eventstore.NoRevision
	}
	w.count++
	at, err := w.store.Append(w.ctx, stream, eventstore.At(last), []eventstore.Proposed{{
		ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(fmt.Sprint(w.count))), Type: e.EventType(), Data: data, Metadata: meta,
	}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.revisions[stream] = at.Revision
	return at.Position
}

func (w *world) open(center domain.CenterID) {
	w.t.Helper()
	w.record(account.Stream(center), account.AccountOpened{Center: center, Name: "云栖花园", Region: "华东"})
}

func (w *world) issue(center domain.CenterID) eventstore.Position {
	w.t.Helper()
	return w.record(account.Stream(center), account.StatementIssued{
		Statement: account.Statement{
			Statement: string(center) + "-2026Q2", Center: center, Quarter: calendar.QuarterOf(2026, 2), Version: 1,
		},
		ReplyBy: calendar.DateOf(w.now).AddDays(15), By: "qian",
	})
}

// begin is a fresh process.
func (w *world) begin() { w.reactor = w.newReactor(w.ledger) }

func (w *world) newReactor(l *ledger.Ledger) *Reactor {
	return New(Config{
		Store: w.store, Registry: eventstore.Trade, Recorder: &faultyRecorder{l, &w.faults}, Mailer: w.post,
		Addresses: w.book,
		Sender:    "ledger@dept.example", Checkpoints: &faultyCheckpoints{w.keep, &w.faults}, Rules: w.rules, Clock: w.clock,
		From: w.from, Papers: w.papers, Letterheads: w.letterheads, Links: w.links, Console: w.console,
	})
}

// run lets the present process work through the log once.
func (w *world) run() (waiting int) {
	w.t.Helper()
	if w.reactor == nil {
		w.begin()
	}
	waiting, err := w.reactor.CatchUp(w.ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	return waiting
}

// crash lets it work until the fault strikes, and is the end of the process.
func (w *world) crash(f faults) {
	w.t.Helper()
	if w.reactor == nil {
		w.begin()
	}
	w.faults = f
	if _, err := w.reactor.CatchUp(w.ctx); !errors.Is(err, errCrash) {
		w.t.Fatalf("it went on: %v", err)
	}
	w.faults, w.reactor = faults{}, nil
}

var errCrash = errors.New("crash")

// faults are points at which the process dies. Counters count down to it.
type faults struct {
	beforeRecord int // the nth message has been handed over, and is not recorded
	afterRecord  int // the nth is recorded, and the process does not know
	beforeSave   int // the nth checkpoint is not written
}

func strikes(n *int) bool {
	if *n == 0 {
		return false
	}
	*n--
	return *n == 0
}

type faultyRecorder struct {
	*ledger.Ledger
	faults *faults
}

func (f *faultyRecorder) NoticeSent(ctx context.Context, e notice.NoticeSent) (eventstore.Outcome, error) {
	if strikes(&f.faults.beforeRecord) {
		return eventstore.Outcome{}, errCrash
	}
	out, err := f.Ledger.NoticeSent(ctx, e)
	if err == nil && strikes(&f.faults.afterRecord) {
		return out, errCrash
	}
	return out, err
}

// keptCheckpoint survives the process.
type keptCheckpoint struct {
	c  Checkpoint
	ok bool
}

type faultyCheckpoints struct {
	kept   *keptCheckpoint
	faults *faults
}

func (f *faultyCheckpoints) Load() (Checkpoint, bool, error) { return f.kept.c, f.kept.ok, nil }

func (f *faultyCheckpoints) Save(c Checkpoint) error {
	if strikes(&f.faults.beforeSave) {
		return errCrash
	}
	f.kept.c, f.kept.ok = c, true
	return nil
}

// postOffice takes messages, or answers otherwise as long as its script says so.
type postOffice struct {
	script []post
	taken  []Message
	order  []string       // Message-IDs, as they were taken
	sent   map[string]int // how often each was
	tries  int
	all    []bool // what was asked for with each try
	onSend func()
}

// post is how one message is answered.
type post struct {
	reason notice.Reason // empty: it is taken
	taken  bool          // it is taken, although the answer is an error
}

func (p *postOffice) Channel() notice.Channel { return notice.SMTP }

func (p *postOffice) Send(ctx context.Context, m Message, all bool) ([]notice.RefusedAddress, error) {
	p.tries++
	p.all = append(p.all, all)
	if p.onSend != nil {
		p.onSend()
	}
	if err := ctx.Err(); err != nil {
		return nil, &DeliveryError{notice.OutcomeUnknown, err}
	}
	var how post
	if len(p.script) > 0 {
		how, p.script = p.script[0], p.script[1:]
	}
	if how.reason == "" || how.taken {
		p.taken = append(p.taken, m)
		p.order = append(p.order, m.MessageID())
		p.sent[m.MessageID()]++
	}
	if how.reason != "" {
		return nil, &DeliveryError{how.reason, errors.New("as the script says")}
	}
	return nil, nil
}

// facts are what the log holds of notices.
type facts struct {
	sent   []notice.NoticeSent
	failed []notice.NoticeUndeliverable
}

func (w *world) facts() (f facts) {
	w.t.Helper()
	for rec, err := range w.store.ReadAll(w.ctx, 0) {
		if err != nil {
			w.t.Fatal(err)
		}
		if !strings.HasPrefix(rec.Stream, "notice-") {
			continue
		}
		e, meta, err := eventstore.Trade.DecodeRecorded(rec)
		if err != nil {
			w.t.Fatal(err)
		}
		switch e := e.(type) {
		case notice.NoticeSent:
			if meta.Actor != notice.Sender.Name {
				w.t.Errorf("recorded by %s", meta.Actor)
			}
			f.sent = append(f.sent, e)
		case notice.NoticeUndeliverable:
			f.failed = append(f.failed, e)
		}
	}
	return f
}

// causes lists what was sent by the position of its cause.
func (f facts) causes() (out []eventstore.Position) {
	for _, s := range f.sent {
		out = append(out, eventstore.Position(s.Cause.Position))
	}
	return out
}

// duplicates counts the messages that were taken more than once.
func (p *postOffice) duplicates() (n int) {
	for _, times := range p.sent {
		n += times - 1
	}
	return n
}

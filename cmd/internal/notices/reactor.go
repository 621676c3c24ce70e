// Package notices sends what the procedure has people told: it follows the log
// with a checkpoint of its own, asks the domain which notices an event causes,
// sends them by mail or into a folder, and records what became of them.
//
// # What is guaranteed
//
// A notice is recorded as sent once, whatever crashes and however many senders
// run. Before it is sent, its stream is looked at; after it was sent, that is
// recorded; only then does the checkpoint pass its cause. The checkpoint is a
// shortcut: without it the log is read again from where notices began, and the
// streams say what was sent.
//
// One thing cannot be known: whether a mail server took a message if the
// process died, or the connection broke, between the end of the message and the
// record of the answer. It is then sent again, under the same Message-ID, by
// which mail servers and mailboxes drop the second. At most one message is in
// that state after a crash of the process, since they leave one at a time.
// A file in the outbox folder is replaced by itself and has no such state. Two
// senders on one log that send the same notice in the same moment can each hand
// it over, again under one Message-ID; it is recorded once. One sender is enough,
// and a SQLite log has never more than one.
//
// The notices of one center leave in the order of their causes: one that must
// be tried again holds the later ones of that center up, and no others. One that
// waits for an address, or was given up, holds nothing up.
package notices

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/letterhead"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/eventstore"
)

// Recorder keeps what became of notices: the ledger.
type Recorder interface {
	StartNotices(ctx context.Context, from *uint64) (eventstore.Position, error)
	Notice(ctx context.Context, id notice.ID, look func(*notice.Delivery) error) error
	NoticeSent(ctx context.Context, e notice.NoticeSent) (eventstore.Outcome, error)
	NoticeUndeliverable(ctx context.Context, e notice.NoticeUndeliverable) (eventstore.Outcome, error)
}

// Config is what a reactor works with. Everything but Logger is required.
type Config struct {
	Store       eventstore.Store
	Registry    *eventstore.Registry
	Recorder    Recorder
	Mailer      Mailer
	Addresses   Addresses
	Sender      string // mail address that notices come from
	Checkpoints Checkpoints
	Rules       policy.NoticeRules
	// Letterheads are who we are in mails. Papers makes what goes with them; nil:
	// nothing does.
	Letterheads letterhead.Book
	Papers      Papers
	// Links makes the links by which statements are answered; nil: mails carry none.
	// Console is the address at which people sign in; empty: it is not known.
	Links   Links
	Console string
	Clock   eventstore.Clock
	Logger  *slog.Logger // nil is silent
	// From is where notices begin: nil means where they began before or, at the
	// first start, at the end of the log.
	From *uint64
}

// Papers makes the papers that go with notices, as PDF.
type Papers interface {
	// Paper returns a paper as it was when the log had come to the event that is told of,
	// and what its file is called.
	Paper(ctx context.Context, p notice.Paper, cause eventstore.Position) (name string, content []byte, err error)
}

// Reactor sends notices. Run and CatchUp must not run at the same time; Status
// may be asked at any.
type Reactor struct {
	cfg  Config
	log  *slog.Logger
	wait policy.NoticeRules

	started bool
	start   eventstore.Position
	seen    point                       // the last event taken in
	queue   []*job                      // in the order of the log
	held    map[eventstore.Position]int // causes of notices without an address, with their number
	saved   Checkpoint
	savedAt time.Time
	down    outage

	mu     sync.Mutex
	status Status
}

// point is an event's place in the log.
type point struct {
	position eventstore.Position
	event    string
}

// job is a notice on its way.
type job struct {
	notice.Notice
	before point // the event before the one that brought it up: where the checkpoint must stay
	lane   string
	digest time.Time // of the letter that it waits to be part of; zero: it goes by itself
	// again: it lacked an address, and was taken up once more.
	again    bool
	failures int
	since    time.Time
	next     time.Time // not tried before
	// own are the letters with a link in them, one for each head of the center; nil:
	// they were not made yet. Those of a handed over letter are taken out.
	own []*ownLetter
	// sent is what is to be recorded of a message that was handed over already.
	sent *notice.NoticeSent
}

// Rules are how hard the reactor tries to send a notice.
func (r *Reactor) Rules() policy.NoticeRules { return r.wait }

// New returns a reactor.
func New(c Config) *Reactor {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Reactor{
		cfg: c, log: c.Logger, wait: c.Rules, held: make(map[eventstore.Position]int),
		status: Status{State: Starting, Channel: c.Mailer.Channel()},
	}
}

// Sizes of what is done at once.
const (
	batchSize = 500
	// queueLimit is how many notices may wait before no more of the log is read.
	queueLimit = 5000
)

// lookAround is how often a reactor with nothing to do looks whether the
// address book has changed.
const lookAround = 5 * time.Second

// sendTimeout bounds the sending of one message.
const sendTimeout = 2 * time.Minute

// Run sends notices until ctx ends, and then returns nil when the message under
// way is sent and recorded. Whatever goes wrong meanwhile is in Status: the
// ledger goes on without its notices.
func (r *Reactor) Run(ctx context.Context) error {
	pause := time.Second
	for ctx.Err() == nil {
		err := r.session(ctx)
		if ctx.Err() != nil {
			break
		}
		if r.waits(err) {
			r.log.Error("notices wait", "error", err)
		}
		sleep(ctx, pause)
		pause = min(2*pause, time.Minute)
	}
	return nil
}

// waits takes notice that nothing can be sent for now, and reports whether that
// is news: people are told once when something breaks, and once when it is back.
func (r *Reactor) waits(reason error) (news bool) {
	r.note(func(s *Status) {
		news = s.State != Waiting
		s.State, s.Reason = Waiting, reason.Error()
	})
	return news
}

// lives takes notice that the end of the log is reached, and reports whether
// the reactor had to wait before.
func (r *Reactor) lives() (waited bool) {
	r.note(func(s *Status) {
		waited = s.State == Waiting
		s.State, s.Reason = Live, ""
	})
	return waited
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// session follows the log until something fails.
func (r *Reactor) session(ctx context.Context) error {
	if err := r.Begin(ctx); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	type delivery struct {
		eventstore.Batch
		err error
	}
	batches := make(chan delivery)
	var reading sync.WaitGroup
	defer reading.Wait()
	defer stop()
	after := r.seen.position
	reading.Go(func() {
		for b, err := range r.cfg.Store.Subscribe(ctx, after, batchSize) {
			select {
			case batches <- delivery{b, err}:
			case <-ctx.Done():
				return
			}
		}
	})
	for {
		more := batches
		if len(r.queue) >= queueLimit {
			more = nil
		}
		timer := time.NewTimer(r.untilDue())
		select {
		case b := <-more:
			timer.Stop()
			if b.err != nil {
				return b.err
			}
			if err := r.take(ctx, b.Events); err != nil {
				return errors.Join(err, r.work(ctx, saveEvery)) // what comes before it is sent all the same
			}
			if b.CaughtUp && r.lives() {
				r.log.Info("notices are sent again")
			}
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return errors.Join(ctx.Err(), r.save())
		}
		if err := r.work(ctx, saveEvery); err != nil {
			return err
		}
	}
}

// saveEvery is how often a running reactor writes its checkpoint at most. What
// it has not written is read again after a crash.
const saveEvery = time.Second

// CatchUp works through what is in the log now, trying everything that is due
// once, and returns how many notices have to be tried again later.
func (r *Reactor) CatchUp(ctx context.Context) (waiting int, err error) {
	if err := r.Begin(ctx); err != nil {
		return 0, err
	}
	var batch []eventstore.Recorded
	flush := func() error {
		err := r.take(ctx, batch)
		batch = batch[:0]
		return errors.Join(err, r.work(ctx, 0)) // what comes before one that cannot be read is sent all the same
	}
	for rec, err := range r.cfg.Store.ReadAll(ctx, r.seen.position) {
		if err != nil {
			return len(r.queue), err
		}
		if batch = append(batch, rec); len(batch) == batchSize {
			if err := flush(); err != nil {
				return len(r.queue), err
			}
		}
	}
	err = flush()
	return len(r.queue), err
}

// Begin finds the place in the log, once. Run and CatchUp do it, too; who begins
// before anything else is recorded can be sure that notices are told of it.
func (r *Reactor) Begin(ctx context.Context) error {
	if r.started {
		return nil
	}
	if f := r.cfg.From; f != nil && *f != 0 {
		if _, err := r.cfg.Store.EventAt(ctx, eventstore.Position(*f)); err != nil {
			return fmt.Errorf("notices from position %d: %w", *f, err)
		}
	}
	start, err := r.cfg.Recorder.StartNotices(ctx, r.cfg.From)
	if err != nil {
		return err
	}
	c, ok, err := r.cfg.Checkpoints.Load()
	if err != nil {
		return err
	}
	if ok {
		if ok, err = r.belongs(ctx, c, start); err != nil {
			return err
		}
	}
	if !ok {
		c = Checkpoint{Start: start, Position: start}
		r.log.Info("notices begin", "after", start)
	}
	r.start, r.seen, r.saved = start, point{c.Position, c.Event}, c
	for _, p := range c.Held {
		r.held[p] = 1
	}
	if err := r.takeHeld(ctx); err != nil {
		return err
	}
	r.started = true
	return nil
}

// belongs reports whether a checkpoint is one of this log, and of this start.
func (r *Reactor) belongs(ctx context.Context, c Checkpoint, start eventstore.Position) (bool, error) {
	if c.Start != start || c.Position < start {
		return false, nil
	}
	if c.Event == "" {
		return c.Position == start, nil
	}
	rec, err := r.cfg.Store.EventAt(ctx, c.Position)
	if errors.Is(err, eventstore.ErrEventNotFound) || errors.Is(err, eventstore.ErrDamaged) {
		return false, nil
	}
	return err == nil && rec.ID.String() == c.Event, err
}

// take queues the notices of events.
func (r *Reactor) take(ctx context.Context, events []eventstore.Recorded) error {
	for _, rec := range events {
		jobs, err := r.jobs(ctx, rec)
		if err != nil {
			return err
		}
		for _, j := range jobs {
			j.before = r.seen
		}
		r.queue = append(r.queue, jobs...)
		r.seen = point{rec.Position, rec.ID.String()}
	}
	return nil
}

// takeHeld queues what lacked an address once more.
func (r *Reactor) takeHeld(ctx context.Context) error {
	waiting := make(map[notice.ID]bool, len(r.queue))
	for _, j := range r.queue {
		waiting[j.ID] = true
	}
	var queued []*job
	for _, p := range slices.Sorted(maps.Keys(r.held)) {
		jobs, err := r.caused(ctx, p)
		if err != nil {
			return err
		}
		r.held[p] = len(jobs)
		for _, j := range jobs {
			j.again = true
			if !waiting[j.ID] {
				queued = append(queued, j)
			}
		}
	}
	r.queue = append(queued, r.queue...)
	return nil
}

// jobs are the notices that an event brings up.
func (r *Reactor) jobs(ctx context.Context, rec eventstore.Recorded) ([]*job, error) {
	known := r.cfg.Registry.Schema(rec.Type) > 0 // else decoding says what is wrong
	if known && !notice.Tells(rec.Type) && rec.Type != resendRequested {
		return nil, nil
	}
	e, _, err := r.cfg.Registry.DecodeRecorded(rec)
	if err != nil {
		return nil, err
	}
	if asked, ok := e.(notice.NoticeResendRequested); ok {
		return r.asked(ctx, asked)
	}
	return r.noticesOf(ctx, rec, e)
}

var resendRequested = notice.NoticeResendRequested{}.EventType()

// noticesOf asks the domain what is to be told of an event.
func (r *Reactor) noticesOf(ctx context.Context, rec eventstore.Recorded, e domain.Event) (jobs []*job, err error) {
	defer func() {
		// The ledger must not go down with a letter that cannot be written.
		if p := recover(); p != nil {
			jobs, err = nil, fmt.Errorf("event %s at position %d: no notice could be written of it: %v", rec.ID, rec.Position, p)
		}
	}()
	c, told := notice.About(e, calendar.DateOf(rec.RecordedAt))
	if !told {
		return nil, nil
	}
	for stream, ok := c.Wants(); ok; stream, ok = c.Wants() {
		if err := r.learn(ctx, &c, stream, rec.Position); err != nil {
			return nil, err
		}
	}
	c.Letterhead = r.cfg.Letterheads.On(c.On, c.Region)
	c.Called = func(login string) string { return r.cfg.Letterheads.NameOf(login, c.On) }
	cause := notice.Origin{Event: rec.ID.String(), Position: uint64(rec.Position), Type: rec.Type}
	for _, n := range notice.Of(e, cause, c) {
		j := &job{Notice: n, lane: laneOf(n.Place)}
		if n.Kind == notice.NeedNotified && len(r.cfg.Rules.NeedsDigestAt) > 0 {
			// It holds up nothing but the needs of its project that come after it.
			j.digest = r.cfg.Rules.NeedsTold(rec.RecordedAt)
			j.next, j.lane = j.digest, "needs of "+string(n.Place.Project)
		}
		jobs = append(jobs, j)
	}
	return jobs, nil
}

// caused are the notices of the event at a position.
func (r *Reactor) caused(ctx context.Context, at eventstore.Position) ([]*job, error) {
	rec, err := r.cfg.Store.EventAt(ctx, at)
	if err != nil {
		return nil, fmt.Errorf("cause of a notice, at position %d: %w", at, err)
	}
	e, _, err := r.cfg.Registry.DecodeRecorded(rec)
	if err != nil {
		return nil, err
	}
	return r.noticesOf(ctx, rec, e)
}

// learn reads a stream as it was when the event was recorded.
func (r *Reactor) learn(ctx context.Context, c *notice.Context, stream string, until eventstore.Position) error {
	for rec, err := range r.cfg.Store.ReadStream(ctx, stream, 0, eventstore.Forwards) {
		if errors.Is(err, eventstore.ErrStreamNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if rec.Position > until {
			return nil
		}
		e, _, err := r.cfg.Registry.DecodeRecorded(rec)
		if err != nil {
			return err
		}
		if c.Learn(e) {
			return nil
		}
	}
	return nil
}

// asked finds the notice that a person wants sent: it is made anew from its
// cause. One that today's table no longer has cannot be sent.
func (r *Reactor) asked(ctx context.Context, e notice.NoticeResendRequested) ([]*job, error) {
	jobs, err := r.caused(ctx, eventstore.Position(e.Cause.Position))
	if err != nil {
		return nil, err
	}
	jobs = slices.DeleteFunc(jobs, func(j *job) bool { return j.ID != e.Notice })
	if len(jobs) == 0 {
		r.log.Error("a notice that is asked for is none of today's", "notice", e.Notice, "kind", e.Kind)
	}
	return jobs, nil
}

// laneOf names what a notice must keep the order within.
func laneOf(p notice.Place) string {
	switch {
	case p.Center != "":
		return "center " + string(p.Center)
	case p.Project != "":
		return "project " + string(p.Project)
	}
	return "region " + p.Region
}

// work tries everything that is due, in the order of the log, and saves how far
// it has come.
func (r *Reactor) work(ctx context.Context, saveAfter time.Duration) error {
	if err := r.lookAtAddresses(ctx); err != nil {
		return err
	}
	err := r.tryAll(ctx)
	if time.Since(r.savedAt) >= saveAfter || ctx.Err() != nil { // of the machine: the ledger's clock may be virtual
		if saveErr := r.save(); err == nil {
			err = saveErr
		}
	}
	r.note(func(s *Status) {
		s.Position, s.Waiting, s.Held = uint64(r.seen.position), len(r.queue), len(r.held)
	})
	return err
}

func (r *Reactor) lookAtAddresses(ctx context.Context) error {
	book, ok := r.cfg.Addresses.(reloader)
	if !ok {
		return nil
	}
	changed, err := book.Reload()
	if err != nil {
		r.log.Error("the address book stays as it was", "error", err)
		return nil
	}
	if !changed {
		return nil
	}
	r.log.Info("the address book has changed", "held", len(r.held))
	return r.takeHeld(ctx)
}

// save writes the checkpoint: everything before the first notice that has to be
// tried again is settled.
func (r *Reactor) save() error {
	at := r.seen
	for _, j := range r.queue {
		if !j.again {
			at = j.before
			break
		}
	}
	held := make([]eventstore.Position, 0, len(r.held))
	for p := range r.held {
		held = append(held, p)
	}
	slices.Sort(held)
	c := Checkpoint{Start: r.start, Position: at.position, Event: at.event, Held: held}
	if c.Start == r.saved.Start && c.Position == r.saved.Position && c.Event == r.saved.Event && slices.Equal(c.Held,
		r.saved.Held) {
		return nil
	}
	if err := r.cfg.Checkpoints.Save(c); err != nil {
		return err
	}
	r.saved, r.savedAt = c, time.Now()
	return nil
}

// untilDue is how long nothing needs to be tried.
func (r *Reactor) untilDue() time.Duration {
	now := r.cfg.Clock()
	due := now.Add(lookAround)
	seen := make(map[string]bool)
	for _, j := range r.queue {
		if !seen[j.lane] && j.next.Before(due) {
			due = j.next
		}
		seen[j.lane] = true // the later ones wait for it
	}
	if r.down.until.After(due) {
		due = r.down.until
	}
	return min(max(due.Sub(now), 10*time.Millisecond), lookAround)
}

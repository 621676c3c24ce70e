package eventstore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Watched is a store that is looked after while it is in use: whether it
// answers, whether it takes appends, and whether it is still the log that it
// was. Run does the looking; Health says what was seen.
//
// A log that ends before an event that was seen in it, or holds another one in
// its place, is not the log any more: a node that kept it in memory came back
// empty, a backup was restored, an address leads elsewhere. Decisions made on it
// would be wrong and would be recorded where they do not belong. Appends and
// reads then fail with ErrReplaced, and subscriptions end with it, until the
// event is back.
type Watched struct {
	Store
	clock Clock
	log   *slog.Logger

	mu        sync.Mutex
	condition Health
	seen      landmark
	expected  landmark // seen by an earlier process; zero once it was found
	cause     error    // why the log is another one
	missed    int      // looks in a row that did not find it
	failures  int      // looks in a row that found the log away
	lines     lines
	changed   chan struct{} // closed and replaced when the log is found replaced
}

// landmark is the latest event that is known to stand in the log.
type landmark struct {
	position Position
	id       uuid.UUID
}

// Health is how the log was at the last look. The zero value is that of a
// log that is there and takes appends.
type Health struct {
	// Away: it does not answer, or takes no appends. It comes back by itself.
	Away bool
	// Replaced: it is not the log that was seen before. A person must help.
	Replaced bool
	Since    time.Time // when it was first seen so
	Reason   string
}

// Good reports whether the log is there, takes appends and is the one that was seen.
func (c Health) Good() bool { return !c.Away && !c.Replaced }

// ErrReplaced: the log is not the one that was seen before in this process.
var ErrReplaced = errors.New("the event log is not the one that was seen before")

// Every lookEvery the log is looked at, and a look takes no longer than
// lookTimeout: whoever asks knows within three seconds that it is away.
const (
	lookEvery   = time.Second
	lookTimeout = 1500 * time.Millisecond
	lookAgain   = 250 * time.Millisecond // after a look that found something missing
)

// Watch returns a store that is looked after. A nil clock is the machine's, a
// nil logger is silent.
func Watch(store Store, clock Clock, log *slog.Logger) *Watched {
	if clock == nil {
		clock = time.Now
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Watched{Store: store, clock: clock, log: log, changed: make(chan struct{})}
}

// Health says how the log was at the last look.
func (w *Watched) Health() Health {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.condition
}

// Cuts returns what operators of the log are known to have done to streams, from
// a store that others operate.
func (w *Watched) Cuts() []Truncation {
	if s, operated := w.Store.(Operated); operated {
		return s.Cuts()
	}
	return nil
}

// Whole fails with a CutError if an operator of the log has taken events of a
// stream away, or has said that they shall be; only a store that others operate
// is asked.
func (w *Watched) Whole(ctx context.Context, stream string) error {
	if s, operated := w.Store.(Operated); operated {
		return s.Whole(ctx, stream)
	}
	return nil
}

// Expect says that an event was seen in the log by an earlier process: a log
// that does not hold it is another one from the start.
func (w *Watched) Expect(position Position, id uuid.UUID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.expected = landmark{position, id}
}

// Run looks after the log until ctx ends.
func (w *Watched) Run(ctx context.Context) {
	for ctx.Err() == nil {
		pause := time.NewTimer(w.look(ctx))
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
		}
	}
}

// look looks once and returns when to look again.
func (w *Watched) look(ctx context.Context) time.Duration {
	limited, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	w.mu.Lock()
	seen, expected := w.seen, w.expected
	w.mu.Unlock()
	found, err := w.find(limited, seen, expected)
	switch {
	case ctx.Err() != nil:
		return 0
	case errors.Is(err, ErrReplaced):
		// A node that follows the leader may lag behind for a moment.
		w.mu.Lock()
		w.missed++
		w.cause = err
		missed := w.missed
		w.mu.Unlock()
		if missed == 1 {
			return lookAgain
		}
		w.note(Health{Replaced: true, Reason: err.Error()})
	case err != nil:
		w.mu.Lock()
		w.missed = 0 // it was not looked for
		w.mu.Unlock()
		w.note(Health{Away: true, Reason: err.Error()})
	default:
		w.mu.Lock()
		w.seen, w.missed = found, 0
		if w.expected == expected {
			w.expected = landmark{}
		}
		w.mu.Unlock()
		w.note(Health{})
	}
	return lookEvery
}

// find asks whether the log takes appends and still holds what was seen in it,
// and returns the last event it holds.
func (w *Watched) find(ctx context.Context, seen, expected landmark) (landmark, error) {
	if err := w.Store.Probe(ctx); err != nil {
		return seen, err
	}
	head, err := w.Store.Head(ctx)
	if err != nil {
		return seen, err
	}
	for _, mark := range []landmark{seen, expected} {
		if mark.position > 0 {
			if err := w.holds(ctx, head, mark); err != nil {
				return seen, err
			}
		}
	}
	if head <= seen.position {
		return seen, nil
	}
	last, err := w.Store.EventAt(ctx, head)
	if err != nil {
		return seen, err
	}
	return landmark{head, last.ID}, nil
}

// holds fails with ErrReplaced if the log does not hold an event that it held.
func (w *Watched) holds(ctx context.Context, head Position, seen landmark) error {
	if head < seen.position {
		return fmt.Errorf("%w: it ends at position %d, and position %d was seen", ErrReplaced, head, seen.position)
	}
	rec, err := w.Store.EventAt(ctx, seen.position)
	switch {
	case errors.Is(err, ErrEventNotFound), errors.Is(err, ErrDamaged):
		return fmt.Errorf("%w: it holds no event at position %d, where %s was seen", ErrReplaced, seen.position, seen.id)
	case err != nil:
		return err
	case rec.ID != seen.id:
		return fmt.Errorf("%w: it holds event %s at position %d, where %s was seen", ErrReplaced, rec.ID, seen.position,
			seen.id)
	}
	return nil
}

// note takes notice of a condition, and tells people when it changes: one line
// when something breaks, one when it is back, and one in a while of a log that
// comes and goes.
func (w *Watched) note(now Health) {
	w.mu.Lock()
	defer w.mu.Unlock()
	was, at := w.condition, w.clock()
	changed := was.Away != now.Away || was.Replaced != now.Replaced
	if !now.Good() {
		w.failures++
		if now.Since = was.Since; was.Good() {
			now.Since = at
		}
	}
	w.condition = now
	if changed && now.Replaced {
		w.log.Error("event log: it was replaced; no command is taken and no figure shown until the right one is back",
			"reason", now.Reason)
		close(w.changed)
		w.changed = make(chan struct{})
	}
	w.lines.tell(w.log, at, was, now, w.failures)
	if now.Good() {
		w.failures = 0
	}
}

// steady is how long a log must stay as it is before its next change is told in
// a line of its own again. Of one that comes and goes a line in such a time says
// how often.
const steady = 30 * time.Second

// lines are what people are told of a log that goes away and comes back.
type lines struct {
	back    time.Time // when they were last told that it is back
	changed time.Time // when it last went or came back

	since  time.Time     // from when on it is counted and not told; zero: it is told
	times  int           // how often it went away since then
	absent time.Duration // how long it was away, as far as it is back
}

// tell tells what was seen at a time, after so many looks that found it away.
func (l *lines) tell(log *slog.Logger, at time.Time, was, now Health, tries int) {
	went, came := was.Good() && now.Away, now.Good() && !was.Good()
	if went && l.since.IsZero() && !l.back.IsZero() && at.Sub(l.back) < steady {
		l.since, l.times, l.absent = at, 0, 0
	}
	counts := !l.since.IsZero()
	if went || came {
		l.changed = at
	}
	switch {
	case counts && went:
		l.times++
	case counts && came:
		l.absent += at.Sub(was.Since)
	case went:
		log.Warn("event log: it is away", "reason", now.Reason)
	case came:
		l.back = at
		log.Info("event log: it is back", "after", at.Sub(was.Since).Round(time.Millisecond), "tries", tries)
	}
	switch {
	case !counts:
	case at.Sub(l.changed) >= steady && now.Good():
		log.Info("event log: it is back, and stays", "since", l.changed, "times", l.times, "away_in_all",
			l.absent.Round(time.Millisecond))
		l.since, l.back = time.Time{}, at
	case at.Sub(l.changed) >= steady:
		log.Warn("event log: it is away, and stays so", "reason", now.Reason, "times", l.times)
		l.since = time.Time{}
	case at.Sub(l.since) >= steady:
		log.Warn("event log: it comes and goes", "times", l.times, "away_in_all", l.absent.Round(time.Millisecond), "in",
			at.Sub(l.since).Round(time.Second))
		l.since, l.times, l.absent = at, 0, 0
	}
}

// replaced returns what tells that the log has become another one, or, if it
// has, the error that says so.
func (w *Watched) replaced() (<-chan struct{}, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.condition.Replaced {
		return nil, fmt.Errorf("%w; since %s", w.cause, w.condition.Since.Format(time.RFC3339))
	}
	return w.changed, nil
}

// Append implements [Store].
func (w *Watched) Append(ctx context.Context, stream string, expected Expected, events []Proposed) (Appended, error) {
	if _, err := w.replaced(); err != nil {
		return Appended{}, err
	}
	return w.Store.Append(ctx, stream, expected, events)
}

// ReadStream implements [Store].
func (w *Watched) ReadStream(
	ctx context.Context, stream string, from Revision, dir Direction,
) iter.Seq2[Recorded, error] {
	return w.unlessReplaced(w.Store.ReadStream(ctx, stream, from, dir))
}

// ReadAll implements [Store].
func (w *Watched) ReadAll(ctx context.Context, after Position) iter.Seq2[Recorded, error] {
	return w.unlessReplaced(w.Store.ReadAll(ctx, after))
}

// Follow implements [Followed] over a store that does.
func (w *Watched) Follow(ctx context.Context, stream string, after Revision) iter.Seq2[Recorded, error] {
	return w.unlessReplaced(w.Store.(Followed).Follow(ctx, stream, after))
}

func (w *Watched) unlessReplaced(read iter.Seq2[Recorded, error]) iter.Seq2[Recorded, error] {
	if _, err := w.replaced(); err != nil {
		return func(yield func(Recorded, error) bool) { yield(Recorded{}, err) }
	}
	return read
}

// Subscribe implements [Store].
func (w *Watched) Subscribe(ctx context.Context, after Position, limit int) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		changed, err := w.replaced()
		if err != nil {
			yield(Batch{}, err)
			return
		}
		following, stop := context.WithCancel(ctx)
		defer stop()
		go func() {
			select {
			case <-changed:
				stop()
			case <-following.Done():
			}
		}()
		for b, err := range w.Store.Subscribe(following, after, limit) {
			if err != nil && following.Err() != nil && ctx.Err() == nil {
				_, err = w.replaced()
			}
			if !yield(b, err) || err != nil {
				return
			}
		}
	}
}

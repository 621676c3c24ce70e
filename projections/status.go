package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/projections/facts"
)

// State is what the projector is doing.
type State string

const (
	// Starting: the projector has not found its place in the log yet.
	Starting State = "starting"
	// CatchingUp: queries are answered, but the log has events that the
	// answers do not show yet.
	CatchingUp State = "catching-up"
	// Live: every event is shown as it comes.
	Live State = "live"
	// Retrying: ClickHouse or the log cannot be reached; nothing is lost. What
	// is answered meanwhile is what was known when the log was last reached.
	Retrying State = "retrying"
	// Stopped: the projector cannot go on without a person; Reason says why.
	Stopped State = "stopped"
	// Rebuilding: there are no tables that could answer, or another version of
	// the read models made them, and new ones are being filled. Questions are
	// refused meanwhile: a part of the log is no answer.
	Rebuilding State = "rebuilding"
)

// States lists every state, in the order in which a healthy start passes them.
func States() []State {
	return []State{Starting, Rebuilding, CatchingUp, Live, Retrying, Stopped}
}

// Status says how the projector is, for readiness, metrics and people.
type Status struct {
	State       State
	Position    uint64    // last position whose events the answers show
	Head        uint64    // end of the log when last looked at
	Reason      string    // why it is retrying or stopped, with the remedy; empty otherwise
	Since       time.Time // when the state began
	LastEventAt time.Time // recorded time of the last event shown; zero before the first
	Lag         Lag
}

// Ready reports whether the answers keep up with the log.
func (s Status) Ready() bool { return s.State == Live }

func (s Status) String() string {
	text := fmt.Sprintf("%s at position %d of %d", s.State, s.Position, s.Head)
	if s.Reason != "" {
		text += ": " + s.Reason
	}
	return text
}

// Lag is how far the answers are behind the log.
type Lag struct {
	// Events is the distance to the head in log positions: a number of events
	// where positions are gap-free, an upper bound of it elsewhere.
	Events uint64
	// Behind is an upper bound on the age of the oldest event not shown yet,
	// zero when none is missing. While the log is away, something may be missing
	// that nobody here can see: the bound grows from when it was last reached.
	Behind time.Duration
	// Unknown: nothing has been shown yet, so that no bound is known.
	Unknown bool
}

var (
	// ErrUnavailable: ClickHouse cannot be reached or cannot answer just now.
	ErrUnavailable = errors.New("the read models are unavailable")
	// ErrRebuilding: the tables are being filled anew; the status says how far.
	ErrRebuilding = errors.New("the read models are being rebuilt")
	// ErrStopped: the projector has stopped and will not reach the position
	// waited for.
	ErrStopped = errors.New("the projector has stopped")
	// ErrBusy: a rebuild is under way already.
	ErrBusy = errors.New("a rebuild is under way already")
)

// StatusError is a refusal to answer together with the state of the projector.
// It wraps ErrUnavailable, ErrRebuilding or ErrStopped.
type StatusError struct {
	Err    error // the sentinel
	Status Status
	Cause  error // what ClickHouse said; nil if it was not asked
}

func (e *StatusError) Error() string {
	text := fmt.Sprintf("%v (projector %v)", e.Err, e.Status)
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap makes the sentinel and the cause visible to errors.Is and errors.As.
func (e *StatusError) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Err}
	}
	return []error{e.Err, e.Cause}
}

// Status says how the projector is.
func (m *ReadModels) Status() Status {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.statusLocked()
}

func (m *ReadModels) statusLocked() Status {
	s := m.status
	away, reason := m.source.Away()
	if !away.IsZero() {
		away = InShanghai(away)
	}
	if !away.IsZero() && (s.State == Live || s.State == CatchingUp) {
		s.State, s.Reason, s.Since = Retrying, reason, away
	}
	if s.Head <= s.Position && away.IsZero() {
		return s
	}
	s.Lag.Events = max(s.Head, s.Position) - s.Position
	// What is missing was recorded after the last event shown, and after the
	// projector was last seen to miss nothing.
	since := later(s.LastEventAt, m.atHead)
	if s.Head <= s.Position {
		since = later(since, away)
	}
	if s.Lag.Unknown = since.IsZero(); !s.Lag.Unknown {
		s.Lag.Behind = max(0, m.now().Sub(since))
	}
	return s
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// setState changes the state and tells people about it.
func (m *ReadModels) setState(state State, reason string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.setStateLocked(state, reason)
}

func (m *ReadModels) setStateLocked(state State, reason string) {
	if m.status.State == state && m.status.Reason == reason {
		return
	}
	level := slog.LevelInfo
	if m.status.State == state {
		// One line when something breaks and one when it is back; in between
		// the reason may be worded in many ways.
		m.status.Reason = reason
		m.tellLocked()
		return
	}
	m.status.Since = m.now()
	m.status.State, m.status.Reason = state, reason
	switch state {
	case Retrying:
		level = slog.LevelWarn
	case Stopped:
		level = slog.LevelError
	case Starting, CatchingUp, Live, Rebuilding:
	}
	m.Opts.Logger.Log(context.Background(), level, "read models: "+string(state),
		"position", m.status.Position, "head", m.status.Head, "reason", reason)
	m.tellLocked()
}

// tellLocked wakes everyone who waits for a change.
func (m *ReadModels) tellLocked() {
	close(m.changed)
	m.changed = make(chan struct{})
}

// resume takes a checkpoint as the place from which answers are given by g, or,
// if g is nil, as how far tables are filled that do not answer yet.
func (m *ReadModels) resume(g *generation, c facts.Checkpoint) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answering = g
	m.status.Position, m.status.LastEventAt = c.Position, InShanghai(c.RecordedAt)
	// A retry that gets this far has not succeeded yet: it says so, and since
	// when, until rows are written.
	if g != nil && m.status.State != Retrying {
		m.setStateLocked(CatchingUp, "")
	}
	m.tellLocked()
}

// advance takes note of rows that are written.
func (m *ReadModels) advance(f *facts.Facts) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.advanceLocked(f)
	switch {
	case f.CaughtUp:
		m.atHead = m.now()
		m.setStateLocked(Live, "")
	case m.status.State != Live || m.status.Head-m.status.Position > uint64(m.Opts.BatchEvents):
		// A few events behind for a moment is still live.
		m.setStateLocked(CatchingUp, "")
	}
}

func (m *ReadModels) advanceLocked(f *facts.Facts) {
	m.status.Position = f.Position
	m.status.Head = max(m.status.Head, f.Position)
	if f.Events > 0 {
		m.status.LastEventAt = InShanghai(f.Reached.RecordedAt)
	}
	m.tellLocked()
}

// fillAdvanced is advance for tables that do not serve yet.
func (m *ReadModels) fillAdvanced(f *facts.Facts, head uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.status.Head = head
	m.advanceLocked(f)
	m.setStateLocked(Rebuilding, "the tables are being filled")
}

// watchHead looks for the end of the log every second, so that a projector
// that does not move is seen to fall behind.
func (m *ReadModels) watchHead(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if head, err := m.lookForHead(ctx); err == nil {
			m.noteHead(head)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// headTimeout bounds one look for the end of the log: a log that is away may
// hold an answer back.
const headTimeout = 2 * time.Second

func (m *ReadModels) lookForHead(ctx context.Context) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, headTimeout)
	defer cancel()
	return m.source.Head(ctx)
}

// BeyondLog refuses to go on after what the log has not come to.
func BeyondLog(after uint64) error {
	return domain.Invalid("after", strconv.FormatUint(after, 10), "beyond-log",
		"must be the position of a command's answer: the log has not come to it", "")
}

// beyondLog reports whether a position is one that the log has not come to.
func (m *ReadModels) beyondLog(ctx context.Context, position uint64) (bool, error) {
	head, err := m.lookForHead(ctx)
	return position > head, err
}

func (m *ReadModels) noteHead(head uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if head = max(head, m.status.Position); head != m.status.Head {
		m.status.Head = head
		m.tellLocked()
	}
}

// Wait returns when the answers show the log up to a position. It fails with
// a StatusError over ErrStopped if the projector stops before, and with the
// context's error.
func (m *ReadModels) Wait(ctx context.Context, position uint64) error {
	for {
		m.mu.Lock()
		status, changed := m.statusLocked(), m.changed
		m.mu.Unlock()
		switch {
		case status.State == Rebuilding: // those tables do not answer yet
		case status.Position >= position:
			return nil
		case status.State == Stopped:
			return &StatusError{Err: ErrStopped, Status: status}
		}
		select {
		case m.urge <- struct{}{}: // a pause of the writer ends
		default:
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for position %d, projector %v: %w", position, status, ctx.Err())
		}
	}
}

// FollowLimit bounds how long a question waits for the command that it follows.
const FollowLimit = 10 * time.Second

// BehindError says that the answers did not show a position within FollowLimit.
type BehindError struct{ Position uint64 }

func (e *BehindError) Error() string {
	return fmt.Sprintf("the read models do not show position %d after %s", e.Position, FollowLimit)
}

// Follow is [ReadModels.Wait] for a question that follows a command: it gives up
// after FollowLimit with a BehindError. Position zero follows nothing, and one that
// the log has not come to nothing could follow.
func (m *ReadModels) Follow(ctx context.Context, position uint64) error {
	if position == 0 {
		return nil
	}
	if position > m.Status().Position {
		if beyond, err := m.beyondLog(ctx, position); err == nil && beyond {
			return BeyondLog(position)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, FollowLimit)
	defer cancel()
	err := m.Wait(ctx, position)
	if errors.Is(err, context.DeadlineExceeded) {
		return &BehindError{position}
	}
	return err
}

func InShanghai(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(calendar.Shanghai)
}

package eventstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"aftersales-ledger/domain"
)

// carryOut answers every task, a batch that fits one append at a time.
func (x *Executor) carryOut(s *stream, tasks []*task) {
	seen := x.opts.SoleWriter // the log was read after all of these tasks came
	for len(tasks) > 0 {
		n := x.carryOutBatch(s, tasks, &seen)
		for _, t := range tasks[:n] {
			close(t.done)
		}
		tasks = tasks[n:]
	}
}

// What could not be written is tried again for as long as its command may take,
// with pauses that double from the first to the last: an election of the log's
// leader takes some seconds. What lasts longer, such as a full disk, is tried so
// often only.
const (
	firstPause    = 5 * time.Millisecond
	lastPause     = 250 * time.Millisecond
	lastingsTries = 8
)

// carryOutBatch decides and appends the first tasks and returns how many. The
// context is the executor's own: a caller that gives up must not cut off the
// others.
func (x *Executor) carryOutBatch(s *stream, tasks []*task, seen *bool) int {
	ctx, cancel := context.WithDeadline(context.Background(), tasks[0].came.Add(x.opts.Timeout))
	defer cancel()
	pause := firstPause
	for attempt := 1; ; attempt++ {
		n, err := x.tryBatch(ctx, s, tasks, seen)
		if err == nil {
			return n
		}
		retryable := errors.Is(err, ErrWrongRevision) || errors.Is(err, ErrUnavailable) || errors.Is(err, errRepeated)
		if !retryable && n > 1 {
			tasks = tasks[:1] // one of them is at fault; alone, each gets its own answer
			continue
		}
		if !retryable || ctx.Err() != nil || lasting(err) && attempt >= lastingsTries {
			return x.giveUp(s, tasks[:n], err)
		}
		var wrong *WrongRevisionError
		if errors.As(err, &wrong) {
			// Whoever was refused goes on as soon as it has read what refused it:
			// it is the other's turn to wait.
			s.others.met()
			if x.hearOf(ctx, s, wrong.Actual) || x.catchUp(ctx, s, wrong.Actual) == nil {
				*seen = true
				if base, _ := wrong.Expected.Exact(); wrong.Actual > base {
					continue
				}
			}
		}
		wait(ctx, pause+rand.N(pause))
		pause = min(2*pause, lastPause)
	}
}

// giveUp answers those of the tasks that have had their time with an error, and
// returns how many they are; the first is always one of them.
func (x *Executor) giveUp(s *stream, tasks []*task, err error) int {
	if errors.Is(err, ErrWrongRevision) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errRepeated) {
		err = fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	late := 0
	for i, t := range tasks {
		if i > 0 && errors.Is(err, ErrUnavailable) && !lasting(err) && time.Since(t.came) < x.opts.Timeout {
			break
		}
		t.outcome, t.err = Outcome{}, err
		late++
	}
	return late
}

// lasting reports whether waiting is no help.
func lasting(err error) bool { return errors.Is(err, ErrLasting) || errors.Is(err, ErrRefused) }

func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// errRepeated: the store says that the events of an append stood in the log
// already. Whose they are is read there.
var errRepeated = errors.New("eventstore: the append was a repeat")

// batch is what one append carries.
type batch struct {
	events []Proposed
	size   int
	tasks  int

	// To take it back: where the stream stood and which keys were added.
	before Revision
	chain  ChainDigest
	added  []commandKey
	ahead  any // the state with what the batch decided folded in; nil before it has
}

// tryBatch decides as many tasks as fit one append, one after the other on the
// state its predecessors leave, and appends their events. It returns how many
// tasks it dealt with; after an error none of them counts.
//
// The state may have been passed by other writers. An append is its own proof
// that it was not; where there is none (refusals, rehearsals, nothing to change)
// the tasks are answered from a state that was read after they came, which is
// what seen tells.
func (x *Executor) tryBatch(ctx context.Context, s *stream, tasks []*task, seen *bool) (int, error) {
	x.hear(s)
	known := s.state != nil && !s.unsettled
	if known && !*seen && (tasks[0].appendsNothing() || s.others.near() && s.feed == nil && len(tasks) > 1) {
		known = false
	}
	if !known {
		if err := x.load(ctx, s); err != nil {
			return len(tasks), err
		}
		*seen = true
	}
	b, err := x.decideBatch(ctx, s, tasks)
	if err == nil && len(b.events) == 0 && !*seen {
		if err = x.load(ctx, s); err != nil {
			return b.tasks, err
		}
		*seen = true
		b, err = x.decideBatch(ctx, s, tasks)
	}
	if err != nil {
		b.takeBack(s)
		return max(b.tasks, 1), err
	}
	if len(b.events) > 0 {
		begun := time.Now()
		at, err := x.store.Append(ctx, s.name, At(b.before), b.events)
		if err == nil && at.Repeated {
			err = errRepeated
		}
		if err == nil {
			err = x.locate(ctx, s, commandsOf(tasks[:b.tasks]), b, at)
		}
		if err != nil {
			b.takeBack(s)
			s.unsettled = s.unsettled || !errors.Is(err, ErrWrongRevision)
			return b.tasks, err
		}
		s.position = at.Position
		s.others.wrote(begun)
		x.settle(s, b)
		return b.tasks, nil
	}
	for _, t := range commandsOf(tasks[:b.tasks]) {
		if !t.recalled {
			t.outcome.Position = s.position
		}
	}
	return b.tasks, nil
}

// decideBatch lets tasks decide, folding ahead of the append what they decided.
func (x *Executor) decideBatch(ctx context.Context, s *stream, tasks []*task) (*batch, error) {
	b := &batch{before: s.revision, chain: s.chain}
	for _, t := range tasks {
		if was, again := s.keys[t.key]; t.keyed && again && was.first > b.before {
			break // repeats a command of this batch: its outcome can be read only after the append
		}
		if t.bundle != nil && b.tasks > 0 {
			break // has an append of its own
		}
		b.tasks++
		if t.bundle != nil {
			return b, x.decideBundle(ctx, s, t, b)
		}
		if err := x.decide(ctx, s, t, b); err != nil {
			return b, err
		}
		if b.size > MaxAppendBytes/4 {
			break
		}
	}
	return b, nil
}

// takeBack makes the stream what it was before the batch. A sole writer, whose
// appends nobody refuses, has folded ahead what it would have to take back, and
// reads it anew.
func (b *batch) takeBack(s *stream) {
	s.revision, s.chain = b.before, b.chain
	for _, k := range b.added {
		delete(s.keys, k)
	}
	if b.ahead != nil {
		if b.ahead == s.state {
			s.state = nil
		}
		s.ahead = nil
	}
}

// settle folds into the stream's state what was appended, as the log gives it.
func (x *Executor) settle(s *stream, b *batch) {
	if b.ahead == s.state {
		return
	}
	for _, p := range b.events {
		if x.foldInto(s.state, s.folder, p.Type, p.Data, p.Metadata) != nil {
			s.state, s.ahead = nil, nil // it is read anew
			return
		}
	}
}

// workOn returns the state to fold ahead of an append: the stream's own for a
// sole writer, else a copy that is kept beside it, so that a conflict costs no
// more than reading what is new.
func (x *Executor) workOn(s *stream) (any, error) {
	if x.opts.SoleWriter {
		return s.state, nil
	}
	if s.ahead == nil {
		if err := safely(func() error { s.ahead = copyOf(s.state); return nil }); err != nil {
			return nil, err
		}
	}
	return s.ahead, nil
}

// locate tells each task where its own events stand: a repeat of it will be
// answered with the same position.
func (x *Executor) locate(ctx context.Context, s *stream, tasks []*task, b *batch, at Appended) error {
	last := b.before + Revision(len(b.events))
	if at.Revision != last {
		return fmt.Errorf("%w: %d events after revision %d of %q landed at %d", ErrDamaged, len(b.events), b.before, s.name,
			at.Revision)
	}
	var read []Position // of the batch's events, if they had to be read
	for _, t := range tasks {
		switch {
		case t.recalled:
		case len(t.outcome.Events) == 0 || t.outcome.Revision == last:
			t.outcome.Position = at.Position
		case x.consecutive:
			t.outcome.Position = at.Position - Position(last-t.outcome.Revision)
		default:
			if read == nil {
				var err error
				if read, err = x.positions(ctx, s.name, b); err != nil {
					return err
				}
			}
			t.outcome.Position = read[t.outcome.Revision-b.before-1]
		}
	}
	return nil
}

// positions reads where the events of a batch were put.
func (x *Executor) positions(ctx context.Context, stream string, b *batch) ([]Position, error) {
	found := make([]Position, 0, len(b.events))
	for rec, err := range x.store.ReadStream(ctx, stream, b.before+1, Forwards) {
		if err != nil {
			return nil, err
		}
		if rec.ID != b.events[len(found)].ID {
			return nil, fmt.Errorf("%w: stream %q revision %d is not the event that was written there", ErrDamaged, stream,
				rec.Revision)
		}
		if found = append(found, rec.Position); len(found) == len(b.events) {
			return found, nil
		}
	}
	return nil, fmt.Errorf("%w: what was written to %q is not shown yet", ErrUnavailable, stream)
}

// decide lets one task look at the state and folds what it decided. Its answer
// stays with the task until the append has succeeded; the returned error
// concerns the whole batch.
func (x *Executor) decide(ctx context.Context, s *stream, t *task, b *batch) error {
	t.outcome, t.err, t.recalled = Outcome{Stream: s.name, Revision: s.revision}, nil, false
	state := s.state
	if b.ahead != nil {
		state = b.ahead
	}
	if t.admit != nil {
		if err := safely(func() error { return t.admit(state) }); err != nil {
			t.err = err
			return nil
		}
	}
	was, again := s.keys[t.key]
	if t.keyed && again {
		if was.hash != t.hash && !t.command.wasHashedAs(was.hash) {
			t.err = domain.Conflict("Idempotency-Key", t.command.Key, "idempotency-key-reused",
				"was used for another command on %s; a repeat must have the same content", "", s.name)
			return nil
		}
		if !was.refused && t.rehearsal {
			t.outcome.Repeated = true
			return nil
		}
		if !was.refused || len(t.sent) > 0 {
			if own, err := x.recall(ctx, s, t, was); err != nil || own || !was.refused {
				return err
			}
			t.outcome, t.recalled = Outcome{Stream: s.name, Revision: s.revision}, false
		}
	}
	var events []domain.Event
	if err := safely(func() (err error) { events, err = t.decide(state); return err }); err != nil {
		t.err = err
		if again || t.rehearsal || !isRefusal(err) {
			return nil
		}
	}
	if again {
		// The refusal is recorded; it stands, even if the state would admit the
		// command by now.
		t.err = domain.Conflict("Idempotency-Key", t.command.Key, "refused-before",
			"belongs to a command that was refused; send the command under a new key", "")
		return nil
	}
	if len(events) == 0 {
		return nil
	}
	// Only who may change the stream and would, is told at which revision it is.
	if seen := t.command.If; t.err == nil && seen.Stream == s.name && seen.Revision != s.revision {
		t.err = &PassedError{s.name, s.revision}
		return nil
	}
	if t.rehearsal {
		return nil
	}
	return x.record(s, t, b, events)
}

func isRefusal(err error) bool {
	var r *domain.Rejection
	return errors.As(err, &r)
}

// record encodes a task's events and folds them ahead of the append.
func (x *Executor) record(s *stream, t *task, b *batch, events []domain.Event) error {
	proposed, chain, err := t.propose(x.registry, s.name, s.chain, events, t.err != nil)
	if err != nil {
		t.err = err
		return nil
	}
	if b.ahead == nil {
		if b.ahead, err = x.workOn(s); err != nil {
			return err
		}
	}
	for _, e := range events {
		if err := safely(func() error { return s.folder.evolve(b.ahead, e) }); err != nil {
			return err
		}
	}
	if t.sent == nil {
		t.sent = make(map[uuid.UUID]error, 1)
	}
	t.sent[proposed[0].ID] = t.err
	s.keys[t.key] = carriedOut{t.hash, s.revision + 1, len(events), t.err != nil}
	b.added = append(b.added, t.key)
	s.revision, s.chain = s.revision+Revision(len(events)), chain
	t.outcome.Events, t.outcome.Revision = events, s.revision
	b.events = append(b.events, proposed...)
	for _, p := range proposed {
		b.size += len(p.Data) + len(p.Metadata)
	}
	return nil
}

// recall answers a command whose events stand in the log with the outcome they
// tell. They may be its own: an answer that was lost on the way makes nobody's
// repeat of it.
func (x *Executor) recall(ctx context.Context, s *stream, t *task, was carriedOut) (own bool, err error) {
	t.outcome.Repeated, t.recalled = true, true
	last := was.first + Revision(was.count) - 1
	for rec, err := range x.store.ReadStream(ctx, s.name, was.first, Forwards) {
		if err != nil {
			return false, err
		}
		e, _, err := x.registry.DecodeRecorded(rec)
		if err != nil {
			return false, err
		}
		if rec.Revision == was.first {
			if t.err, own = t.sent[rec.ID]; own {
				t.outcome.Repeated = false
			}
		}
		t.outcome.Events = append(t.outcome.Events, e)
		t.outcome.Revision, t.outcome.Position = rec.Revision, rec.Position
		if rec.Revision >= last {
			return own, nil
		}
	}
	return false, fmt.Errorf("%w: stream %q ends before revision %d, which was read there before", ErrUnavailable, s.name,
		last)
}

package eventstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"aftersales-ledger/domain"
)

// stream is one stream's folded state and the tasks that wait for it. Only the
// goroutine that set busy touches the state.
type stream struct {
	name   string
	folder folder
	users  int  // guarded by Executor.mu; a stream in use is not dropped
	again  bool // guarded by Executor.mu: wanted again since makeRoom last passed it by

	mu    sync.Mutex
	queue []*task
	busy  bool

	state    any // nil until loaded
	revision Revision
	position Position
	chain    Digest
	keys     map[commandKey]carriedOut
}

// folder is how a kind of stream folds.
type folder struct {
	zero   func() any
	evolve func(state any, e domain.Event) error
}

// carriedOut remembers a command by where its events stand.
type carriedOut struct {
	hash    string
	first   Revision
	count   int
	refused bool
}

func (x *Executor) stream(name string, f folder) *stream {
	x.mu.Lock()
	defer x.mu.Unlock()
	s, ok := x.streams[name]
	if ok {
		s.again = true
	} else {
		x.makeRoom()
		s = &stream{name: name, folder: f}
		x.streams[name] = s
	}
	s.users++
	return s
}

func (x *Executor) release(s *stream) {
	x.mu.Lock()
	s.users--
	x.mu.Unlock()
}

// makeRoom drops streams that nobody uses, in the random order of a map, until
// there is room for one more. One that was wanted again is passed by once, so
// that the thousands of streams of a single event do not drive out the accounts.
func (x *Executor) makeRoom() {
	if len(x.streams) < x.opts.Streams {
		return
	}
	for name, s := range x.streams {
		switch {
		case s.users > 0:
		case s.again:
			s.again = false
		default:
			delete(x.streams, name)
		}
		if len(x.streams) < x.opts.Streams {
			return
		}
	}
}

// enqueue adds a task and reports whether the caller has to do the work.
func (s *stream) enqueue(t *task) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append(s.queue, t)
	if s.busy {
		return false
	}
	s.busy = true
	return true
}

// next takes the waiting tasks; with none left the stream falls idle.
func (s *stream) next() []*task {
	s.mu.Lock()
	defer s.mu.Unlock()
	tasks := s.queue
	s.queue = nil
	s.busy = len(tasks) > 0
	return tasks
}

// work carries out what waits. The caller does its own share; what came in
// meanwhile goes to a goroutine, so that no caller works for others for ever.
func (x *Executor) work(s *stream) {
	x.carryOut(s, s.next())
	if tasks := s.next(); len(tasks) > 0 {
		x.hold(s)
		go func() {
			defer x.release(s)
			for ; len(tasks) > 0; tasks = s.next() {
				x.carryOut(s, tasks)
			}
		}()
	}
}

// hold keeps a stream from being dropped while a goroutine works on it.
func (x *Executor) hold(s *stream) {
	x.mu.Lock()
	s.users++
	x.mu.Unlock()
}

// carryOut answers every task, a batch that fits one append at a time.
func (x *Executor) carryOut(s *stream, tasks []*task) {
	for len(tasks) > 0 {
		n := x.carryOutBatch(s, tasks)
		for _, t := range tasks[:n] {
			close(t.done)
		}
		tasks = tasks[n:]
	}
}

// Attempts at one batch: conflicts with other writers and unavailability are
// tried again, with pauses that double from firstPause.
const (
	maxAttempts = 8
	firstPause  = 5 * time.Millisecond
)

// carryOutBatch decides and appends the first tasks and returns how many. The
// context is the executor's own: a caller that gives up must not cut off the
// others.
func (x *Executor) carryOutBatch(s *stream, tasks []*task) int {
	ctx, cancel := context.WithTimeout(context.Background(), x.opts.Timeout)
	defer cancel()
	pause := firstPause
	for attempt := 1; ; attempt++ {
		n, err := x.tryBatch(ctx, s, tasks)
		if err == nil {
			return n
		}
		s.state = nil // what was folded ahead of the append is not true
		retryable := errors.Is(err, ErrWrongRevision) || errors.Is(err, ErrUnavailable)
		if !retryable && n > 1 {
			tasks = tasks[:1] // one of them is at fault; alone, each gets its own answer
			continue
		}
		if !retryable || attempt >= maxAttempts || ctx.Err() != nil {
			if errors.Is(err, ErrWrongRevision) || errors.Is(err, context.DeadlineExceeded) {
				err = fmt.Errorf("%w: %w", ErrUnavailable, err)
			}
			for _, t := range tasks[:n] {
				t.outcome, t.err = Outcome{}, err
			}
			return n
		}
		select {
		case <-time.After(pause + rand.N(pause)):
		case <-ctx.Done():
		}
		pause *= 2
	}
}

// tryBatch decides as many tasks as fit one append, one after the other on the
// state its predecessors leave, and appends their events. It returns how many
// tasks it dealt with; after an error none of them counts.
func (x *Executor) tryBatch(ctx context.Context, s *stream, tasks []*task) (int, error) {
	if err := x.load(ctx, s); err != nil {
		return len(tasks), err
	}
	before := s.revision
	var batch []Proposed
	size, n := 0, 0
	for _, t := range tasks {
		if was, again := s.keys[t.key]; t.keyed && again && was.first > before {
			break // repeats a command of this batch: its outcome can be read only after the append
		}
		proposed, err := x.decide(ctx, s, t)
		if err != nil {
			return n + 1, err
		}
		batch = append(batch, proposed...)
		n++
		for _, p := range proposed {
			size += len(p.Data) + len(p.Metadata)
		}
		if size > MaxAppendBytes/4 {
			break
		}
	}
	if len(batch) > 0 {
		at, err := x.store.Append(ctx, s.name, At(before), batch)
		if err != nil {
			return n, err
		}
		s.position = at.Position
	}
	for _, t := range tasks[:n] {
		if !t.outcome.Repeated {
			t.outcome.Position = s.position
		}
	}
	return n, nil
}

// decide lets one task look at the state and folds what it decided. Its answer
// stays with the task until the append has succeeded; the returned error
// concerns the whole batch.
func (x *Executor) decide(ctx context.Context, s *stream, t *task) ([]Proposed, error) {
	t.outcome, t.err = Outcome{Stream: s.name, Revision: s.revision}, nil
	was, again := s.keys[t.key]
	if t.keyed && again {
		if was.hash != t.hash {
			t.err = domain.Conflict("Idempotency-Key", t.command.Key, "idempotency-key-reused",
				"was used for another command on %s; a repeat must have the same content", "", s.name)
			return nil, nil
		}
		if !was.refused && t.rehearsal {
			t.outcome.Repeated = true
			return nil, nil
		}
		if !was.refused {
			return nil, x.recall(ctx, s, t, was)
		}
	}
	var events []domain.Event
	if err := safely(func() (err error) { events, err = t.decide(s.state); return err }); err != nil {
		t.err = err
		if again || t.rehearsal || !isRefusal(err) {
			return nil, nil
		}
	}
	if again {
		// The refusal is recorded; it stands, even if the state would admit the
		// command by now.
		t.err = domain.Conflict("Idempotency-Key", t.command.Key, "refused-before",
			"belongs to a command that was refused; send the command under a new key", "")
		return nil, nil
	}
	if len(events) == 0 || t.rehearsal {
		return nil, nil
	}
	return x.record(s, t, events)
}

func isRefusal(err error) bool {
	var r *domain.Rejection
	return errors.As(err, &r)
}

// record encodes a task's events and folds them ahead of the append.
func (x *Executor) record(s *stream, t *task, events []domain.Event) ([]Proposed, error) {
	proposed, chain, err := t.propose(x.registry, s.name, s.chain, events, t.err != nil)
	if err != nil {
		t.err = err
		return nil, nil
	}
	for _, e := range events {
		if err := safely(func() error { return s.folder.evolve(s.state, e) }); err != nil {
			return nil, err
		}
	}
	s.keys[t.key] = carriedOut{t.hash, s.revision + 1, len(events), t.err != nil}
	s.revision, s.chain = s.revision+Revision(len(events)), chain
	t.outcome.Events, t.outcome.Revision = events, s.revision
	return proposed, nil
}

// recall answers a repeated command with its first outcome, from the log.
func (x *Executor) recall(ctx context.Context, s *stream, t *task, was carriedOut) error {
	t.outcome.Repeated = true
	last := was.first + Revision(was.count) - 1
	for rec, err := range x.store.ReadStream(ctx, s.name, was.first, Forwards) {
		if err != nil {
			return err
		}
		e, _, err := x.registry.DecodeRecorded(rec)
		if err != nil {
			return err
		}
		t.outcome.Events = append(t.outcome.Events, e)
		t.outcome.Revision, t.outcome.Position = rec.Revision, rec.Position
		if rec.Revision >= last {
			break
		}
	}
	return nil
}

// load folds what the state lacks: everything, or, where others write too,
// what they appended since.
func (x *Executor) load(ctx context.Context, s *stream) error {
	if s.state == nil {
		s.state, s.revision, s.position, s.chain = s.folder.zero(), NoRevision, 0, Digest{}
		s.keys = make(map[commandKey]carriedOut)
	} else if x.opts.SoleWriter {
		return nil
	}
	for rec, err := range x.store.ReadStream(ctx, s.name, s.revision+1, Forwards) {
		if errors.Is(err, ErrStreamNotFound) {
			return nil
		}
		if err == nil {
			err = x.fold(s, rec)
		}
		if err != nil {
			s.state = nil
			return err
		}
	}
	return nil
}

func (x *Executor) fold(s *stream, rec Recorded) error {
	if rec.Revision != s.revision+1 {
		return fmt.Errorf("%w: stream %q has revision %d after %d", ErrDamaged, s.name, rec.Revision, s.revision)
	}
	e, meta, err := x.registry.DecodeRecorded(rec)
	if err != nil {
		return err
	}
	if err := safely(func() error { return s.folder.evolve(s.state, e) }); err != nil {
		return fmt.Errorf("event %s at position %d: %w", rec.ID, rec.Position, err)
	}
	key := keyOf(meta.CommandKey)
	k, again := s.keys[key]
	if !again {
		k = carriedOut{meta.CommandHash, rec.Revision, 0, meta.Refused}
	}
	k.count++
	s.keys[key] = k
	s.revision, s.position = rec.Revision, rec.Position
	_, s.chain, _ = unseal(rec.Metadata) // no digest, from another program: it begins anew
	return nil
}

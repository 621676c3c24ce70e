package eventstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/google/uuid"

	"aftersales-ledger/domain"
)

// Command identifies one request to change something: what makes a repeat of
// it recognisable, and who asks.
type Command struct {
	Key           string // idempotency key, chosen by the caller; unique in the stream it writes to
	Actor         domain.Actor
	CorrelationID string
	// Content is everything the command says. A repeat of Key with equal
	// content is the same command; with other content it is refused.
	Content Named
	// Admit, if it is not nil, is asked about the stream's state before anything
	// else is: what it refuses is refused, and neither decided nor known again. It
	// may be asked more than once.
	Admit func(state any) error
	// If is what its sender believes of a stream; it is no part of the content, so
	// that a repeat is known again without it. The zero value believes nothing.
	If Belief
}

// Belief is at which revision somebody saw a stream. A command that carries it
// changes that stream from there or not at all; on other streams it says nothing.
type Belief struct {
	Stream   string // empty: none
	Revision Revision
}

// PassedError refuses a command whose sender saw the stream at a revision that it
// has passed.
type PassedError struct {
	Stream   string
	Revision Revision // at which the stream is
}

func (e *PassedError) Error() string {
	return fmt.Sprintf("stream %q is at revision %d by now", e.Stream, e.Revision)
}

// Named is content with a stable name of its own, so that the hash kept of it
// does not change with the name of its Go type. The names of its fields are in
// their tags, which leave out what says nothing: a field that joins later then
// changes no hash.
type Named interface {
	CommandName() string
}

// Outcome is what a command led to.
type Outcome struct {
	Stream   string
	Events   []domain.Event // none if the command had nothing to change
	Revision Revision       // of the stream after the command
	Position Position       // a read model that has passed it shows the command's effect
	Repeated bool           // the command had been carried out before; Events are those of the first time
}

// State is what the events of one kind of stream fold into: a pointer to S,
// whose zero value is the state before the first event.
type State[S any, E domain.Event] interface {
	*S
	Evolve(E)
}

// Executor carries out commands: it folds a stream into its state, lets a
// decision look at it, and appends what was decided.
//
// Commands on one stream that arrive while an append is on its way wait for
// it, are then decided one after the other and appended together: one round
// trip, or one flush of the disk, serves them all. Each is still accepted,
// refused and answered on its own.
type Executor struct {
	store       Store
	consecutive bool     // the positions of an append's events follow from its last
	followed    Followed // nil if the store is not
	registry    *Registry
	opts        ExecutorOptions

	mu      sync.Mutex
	streams map[string]*stream
}

// ExecutorOptions tune an Executor. The zero value is useful.
type ExecutorOptions struct {
	// SoleWriter promises that nobody else appends to the store, so that a
	// folded state stays true while it is cached.
	SoleWriter bool
	// Streams is how many folded streams are kept; 0 means 20,000.
	Streams int
	// Timeout bounds what is tried for a command, from when it came, in place of
	// the caller's context, which must not cut off the others an append carries;
	// 0 means 15 s, which an election of the log's leader fits into.
	Timeout time.Duration
	// NewCall tells the calls of Execute apart, in the IDs of the events they
	// record, from one another and from those of other processes. By default it
	// is random, and nothing for a sole writer, whose bytes are told apart by
	// their digest.
	NewCall func() uuid.UUID
}

// NewExecutor returns an executor over a store.
func NewExecutor(store Store, registry *Registry, opts ExecutorOptions) *Executor {
	if opts.Streams == 0 {
		opts.Streams = 20_000
	}
	if opts.Timeout == 0 {
		opts.Timeout = 15 * time.Second
	}
	switch {
	case opts.NewCall != nil:
	case opts.SoleWriter:
		opts.NewCall = func() uuid.UUID { return uuid.Nil }
	default:
		opts.NewCall = uuid.New
	}
	x := &Executor{
		store: store, consecutive: isConsecutive(store), registry: registry, opts: opts, streams: make(map[string]*stream),
	}
	if !opts.SoleWriter {
		x.followed = followedOf(store)
	}
	return x
}

// Execute carries out a command on a stream: decide sees the stream's state,
// which it must not change, and returns the events to record or a refusal. A
// refusal that is a fact, or comes with events, is recorded by them and still
// returned.
//
// On a stream that was folded before, it costs one append: that others have
// written is told by a conflict, upon which what is new is loaded and decided on
// again. So decide may be asked more than once, and on a state others have
// passed. What appends nothing, such as a refusal, is answered from a state read
// after the command came.
//
// A command that was carried out before is answered with its first outcome,
// position included, and marked as repeated; an answer that was lost on the way
// to this call's own success is no repeat. Errors: what decide returned, a
// *domain.Rejection for a reused key, ErrUnavailable if the log could not be
// written within the time; nothing is then half-written, and a retry with the
// same key is safe.
func Execute[S any, E domain.Event, P State[S, E]](
	ctx context.Context, x *Executor, stream string, c Command, decide func(P) ([]E, error),
) (Outcome, error) {
	t, err := newTask[S, E, P](c, decide)
	if err != nil {
		return Outcome{}, err
	}
	return submit[S, E, P](ctx, x, stream, t)
}

// Rehearse refuses what Execute would refuse, a reused key included, and
// records nothing. known says that the command was carried out before; decide
// was then not asked.
func Rehearse[S any, E domain.Event, P State[S, E]](
	ctx context.Context, x *Executor, stream string, c Command, decide func(P) ([]E, error),
) (known bool, err error) {
	t, err := newTask[S, E, P](c, decide)
	if err != nil {
		return false, err
	}
	t.rehearsal = true
	outcome, err := submit[S, E, P](ctx, x, stream, t)
	return outcome.Repeated, err
}

func newTask[S any, E domain.Event, P State[S, E]](c Command, decide func(P) ([]E, error)) (*task, error) {
	hash, err := c.hash()
	if err != nil {
		return nil, err
	}
	return &task{
		command: c, keyed: true, key: keyOf(c.Key), hash: hash, admit: c.Admit,
		decide: func(state any) ([]domain.Event, error) {
			events, err := decide(state.(P))
			out := make([]domain.Event, len(events))
			for i, e := range events {
				out[i] = e
			}
			if r := (*domain.Rejection)(nil); errors.As(err, &r) && r.Fact != nil {
				out = append(out, r.Fact)
			}
			return out, err
		},
	}, nil
}

// Whole fails with a CutError if an operator of the log has taken events of a
// stream away, or has said that they shall be.
func (x *Executor) Whole(ctx context.Context, stream string) error {
	if s, operated := x.store.(Operated); operated {
		return s.Whole(ctx, stream)
	}
	return nil
}

// Recorded yields the events of a stream from its beginning as they were
// recorded; ErrStreamNotFound for a stream that has none.
func (x *Executor) Recorded(ctx context.Context, stream string) iter.Seq2[Recorded, error] {
	return x.store.ReadStream(ctx, stream, 0, Forwards)
}

// Begun reports whether a stream has events, and reads no more than the first.
func (x *Executor) Begun(ctx context.Context, stream string) (bool, error) {
	for _, err := range x.store.ReadStream(ctx, stream, 0, Backwards) {
		if errors.Is(err, ErrStreamNotFound) {
			return false, nil
		}
		return err == nil, err
	}
	return false, fmt.Errorf("stream %q: %w: revision 0 is missing", stream, ErrDamaged)
}

// RevisionAt is the revision that a stream had when the log came to a position; found
// is false if it had not begun.
func (x *Executor) RevisionAt(ctx context.Context, stream string, at Position) (r Revision, found bool, err error) {
	for rec, err := range x.store.ReadStream(ctx, stream, EndOfStream, Backwards) {
		switch {
		case errors.Is(err, ErrStreamNotFound):
			return 0, false, nil
		case err != nil:
			return 0, false, err
		case rec.Position <= at:
			return rec.Revision, true, nil
		}
	}
	return 0, false, nil
}

// Head returns the position of the last event of the log.
func (x *Executor) Head(ctx context.Context) (Position, error) { return x.store.Head(ctx) }

// logBytes bounds how much of the log is read at once, in bytes of data and
// metadata: as much as one append holds.
const logBytes = MaxAppendBytes

// Log returns up to limit events after a position, in order, and fewer where they
// are long; more says that there may be others after them.
func (x *Executor) Log(ctx context.Context, after Position, limit int) (events []Recorded, more bool, err error) {
	bytes := 0
	for rec, err := range x.store.ReadAll(ctx, after) {
		if err != nil {
			return nil, false, err
		}
		events = append(events, rec)
		if bytes += len(rec.Data) + len(rec.Metadata); len(events) == limit || bytes >= logBytes {
			return events, true, nil
		}
	}
	return events, false, nil
}

// Inspect shows the present state of a stream to look, which must not keep or
// change it, and returns what look returns. It may look more than once, but
// never after Inspect has returned.
func Inspect[S any, E domain.Event, P State[S, E]](
	ctx context.Context, x *Executor, stream string, look func(P) error,
) error {
	var mu sync.Mutex
	returned := false
	defer func() {
		mu.Lock()
		returned = true
		mu.Unlock()
	}()
	_, err := submit[S, E, P](ctx, x, stream, &task{
		decide: func(state any) ([]domain.Event, error) {
			mu.Lock()
			defer mu.Unlock()
			if returned {
				return nil, ctx.Err()
			}
			return nil, look(state.(P))
		},
	})
	return err
}

// InspectAt shows the state that a stream had when the log came to a position to look:
// what Inspect would have shown then.
func InspectAt[S any, E domain.Event, P State[S, E]](
	ctx context.Context, x *Executor, stream string, at Position, look func(P) error,
) error {
	state := P(new(S))
	for rec, err := range x.store.ReadStream(ctx, stream, 0, Forwards) {
		if errors.Is(err, ErrStreamNotFound) || err == nil && rec.Position > at {
			break
		}
		if err != nil {
			return err
		}
		e, _, err := x.registry.DecodeRecorded(rec)
		if err == nil {
			err = safely(func() error { return evolve[S, E, P](state, e) })
		}
		if err != nil {
			return fmt.Errorf("event %s at position %d: %w", rec.ID, rec.Position, err)
		}
	}
	return look(state)
}

func submit[S any, E domain.Event, P State[S, E]](
	ctx context.Context, x *Executor, name string, t *task,
) (Outcome, error) {
	if err := ctx.Err(); err != nil {
		return Outcome{}, err
	}
	s := x.stream(name, folder{
		zero:   func() any { return P(new(S)) },
		evolve: evolve[S, E, P],
	})
	defer x.release(s)
	t.came, t.call, t.done = time.Now(), x.opts.NewCall(), make(chan struct{})
	if s.enqueue(t) {
		x.work(s)
	}
	select {
	case <-t.done:
		return t.outcome, t.err
	case <-ctx.Done():
		return Outcome{},
			fmt.Errorf("%w: the command may still be carried out; repeat it with the same key to learn its outcome", ctx.Err())
	}
}

// evolve folds e into state, or fails if e does not belong into the stream.
func evolve[S any, E domain.Event, P State[S, E]](state any, e domain.Event) error {
	own, ok := e.(E)
	if _, attempt := e.(domain.Attempt); attempt {
		return nil
	}
	if !ok {
		return fmt.Errorf("%w: %s does not belong into this kind of stream", ErrUnknownEvent, e.EventType())
	}
	state.(P).Evolve(own)
	return nil
}

// task is one command, or one look, waiting for its turn on a stream.
type task struct {
	command   Command
	keyed     bool
	rehearsal bool // answer, but record nothing
	key       commandKey
	hash      string
	admit     func(state any) error // nil: everything
	decide    func(state any) ([]domain.Event, error)

	came     time.Time           // its time runs from here
	call     uuid.UUID           // makes the IDs of its events its own
	sent     map[uuid.UUID]error // the first events it may have recorded, with the refusal each stands for
	outcome  Outcome
	recalled bool // the outcome was read in the log
	err      error
	done     chan struct{}
	bundle   *bundle // the commands that it stands for, of ExecuteTogether; nil: itself
}

// appendsNothing reports whether the task is answered without an append,
// whatever it decides.
func (t *task) appendsNothing() bool { return !t.keyed && t.bundle == nil || t.rehearsal }

type commandKey [16]byte

func keyOf(key string) commandKey {
	sum := sha256.Sum256([]byte(key))
	return commandKey(sum[:16])
}

// maxKeyLength bounds an idempotency key, in bytes.
const maxKeyLength = 255

func (c Command) hash() (string, error) {
	if c.Key == "" || len(c.Key) > maxKeyLength {
		return "", domain.Invalid("Idempotency-Key", domain.Clip(c.Key), "bad-idempotency-key",
			"must be 1 to %d bytes: every command carries a key, so that a repeat is safe", "", maxKeyLength)
	}
	content, err := json.Marshal(struct {
		Actor   string          `json:"actor"`
		Role    domain.Role     `json:"role"`
		Center  domain.CenterID `json:"center,omitzero"`
		Command string          `json:"command"`
		Content any             `json:"content"`
	}{c.Actor.Name, c.Actor.Role, c.Actor.Center, c.Content.CommandName(), c.Content})
	if err != nil {
		return "", fmt.Errorf("hash command: %w", err)
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:]), nil
}

// commandNamespace makes the identity of a command from its stream and key.
var commandNamespace = uuid.MustParse("6f1d7a36-6a0c-5c4e-9a52-0d3cf7a2c1b4")

func commandID(stream, key string) uuid.UUID {
	return uuid.NewSHA1(commandNamespace, []byte(stream+"\x00"+key+"\x00-1"))
}

// eventID makes the identity of an event from its digest, which says which bytes
// it is and what stands before it, and from the call of Execute it comes from.
// EventStoreDB takes the same ID in the same place for a repeat and keeps the
// first bytes without a word: so other bytes have another ID, and so have equal
// bytes of another server. What an append succeeded with is what its caller sent.
//
// Logs of before hold IDs made from stream, key and number. They are read like
// any others: a command is known again by its key, never by an ID.
func eventID(call uuid.UUID, digest ChainDigest) uuid.UUID {
	h := sha256.New()
	h.Write(call[:])
	h.Write(digest[:])
	id := uuid.UUID(h.Sum(nil)[:16])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80 // version 8: a meaning of our own
	return id
}

// propose encodes the events a task decided.
func (t *task) propose(
	r *Registry, stream string, chain ChainDigest, events []domain.Event, refused bool,
) ([]Proposed, ChainDigest, error) {
	proposed := make([]Proposed, len(events))
	for i, e := range events {
		data, schema, err := r.Encode(e)
		if err != nil {
			return nil, chain, err
		}
		meta, err := json.Marshal(Metadata{
			CorrelationID: t.command.CorrelationID, CausationID: commandID(stream, t.command.Key).String(),
			CommandKey: t.command.Key, CommandHash: t.hash, Actor: t.command.Actor.Name, Role: t.command.Actor.Role,
			Refused: refused, Schema: schema,
		})
		if err != nil {
			return nil, chain, err
		}
		meta, chain = chain.seal(stream, e.EventType(), data, meta)
		proposed[i] = Proposed{ID: eventID(t.call, chain), Type: e.EventType(), Data: data, Metadata: meta}
	}
	return proposed, chain, nil
}

// errPanic wraps what a decision or a fold panicked with.
var errPanic = errors.New("panic in a decision")

// safely turns a panic of the trade's code into an error, so that one command
// cannot take the ledger down with it.
func safely(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errPanic, p)
		}
	}()
	return f()
}

package eventstore

import (
	"context"
	"errors"
	"fmt"

	"aftersales-ledger/domain"
)

// Part is one of the commands that ExecuteTogether carries out.
type Part[S any, E domain.Event, P State[S, E]] struct {
	Command Command
	Decide  func(P) ([]E, error)
}

// Answer is what became of one command of several.
type Answer struct {
	Outcome
	// Err is what the command was refused with; of one that was fine and is not
	// recorded because another was refused, it is ErrLeftOut.
	Err error
}

// ErrLeftOut marks a command that was fine and not recorded, because another of
// the same append was refused.
var ErrLeftOut = errors.New("eventstore: another command of the same append was refused")

// ExecuteTogether carries out several commands on one stream, each decided on the
// state that those before it leave, and records all of them in one append: a crash
// leaves all or none. Each keeps its own key, so that it is known again in whatever
// company it is repeated. If one is refused, none is recorded, unless partly is set:
// then the refused ones alone are not. What is more than one append holds, 3/4 of
// MaxAppendBytes, takes several, in order, each of them all or none.
//
// Errors: what concerns them all, as of Execute. What an earlier append had
// recorded by then stays, and the same commands again complete it.
func ExecuteTogether[S any, E domain.Event, P State[S, E]](
	ctx context.Context, x *Executor, stream string, parts []Part[S, E, P], partly bool,
) (answers []Answer, err error) {
	tasks := make([]*task, len(parts))
	keys := make(map[string]bool, len(parts))
	for i, p := range parts {
		if keys[p.Command.Key] {
			return nil, fmt.Errorf("eventstore: two commands of one append have the key %q", domain.Clip(p.Command.Key))
		}
		keys[p.Command.Key] = true
		if tasks[i], err = newTask[S, E, P](p.Command, p.Decide); err != nil {
			return nil, err
		}
		tasks[i].call = x.opts.NewCall()
	}
	answers = make([]Answer, 0, len(parts))
	for len(tasks) > 0 {
		t := &task{bundle: &bundle{parts: tasks, partly: partly}}
		if _, err := submit[S, E, P](ctx, x, stream, t); err != nil {
			return nil, err
		}
		for _, p := range tasks[:t.bundle.decided] {
			answers = append(answers, Answer{p.outcome, p.err})
		}
		tasks = tasks[t.bundle.decided:]
	}
	return answers, nil
}

// bundle is what a task carries that stands for several commands.
type bundle struct {
	parts   []*task
	partly  bool
	decided int // parts of this append; the rest takes another
}

// bundleBytes is how much of an append a bundle fills before the rest takes
// another: what is left holds the events of any one command.
const bundleBytes = MaxAppendBytes / 4 * 3

// commandsOf are the commands that the tasks of a batch stand for.
func commandsOf(tasks []*task) []*task {
	if len(tasks) == 1 && tasks[0].bundle != nil {
		return tasks[0].bundle.parts[:tasks[0].bundle.decided]
	}
	return tasks
}

// decideBundle lets the commands of a bundle decide, one after the other. A bundle
// has its batch to itself, so that taking the batch back takes no other's events.
func (x *Executor) decideBundle(ctx context.Context, s *stream, t *task, b *batch) error {
	t.err, t.bundle.decided = nil, 0
	faulty := false
	for _, p := range t.bundle.parts {
		p.came = t.came
		t.bundle.decided++
		if err := x.decide(ctx, s, p, b); err != nil {
			return err
		}
		if p.err != nil {
			if !isRefusal(p.err) {
				t.err = p.err
			}
			faulty = true
		}
		if b.size > bundleBytes {
			break
		}
	}
	if t.err == nil && (!faulty || t.bundle.partly) {
		return nil
	}
	for _, p := range t.bundle.parts[:t.bundle.decided] {
		if p.err == nil && !p.recalled {
			p.outcome, p.err = Outcome{Stream: s.name, Revision: b.before}, ErrLeftOut
		}
	}
	b.takeBack(s)
	*b = batch{before: b.before, chain: b.chain, tasks: b.tasks}
	return nil
}

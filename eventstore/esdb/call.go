package esdb

import (
	"context"
	"fmt"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"aftersales-ledger/eventstore"
)

// grace is how long a call may take to notice that its context has ended. One
// that takes longer hangs in the client, not on the line.
const grace = 100 * time.Millisecond

// run makes a call with the client of an acquired line, in a goroutine of its
// own, for the client may panic and may not return. Then it gives back the line
// and tells end the outcome: nil or a *failure.
func (l *line) run(ctx context.Context, call func(*esdb.Client) error, end func(error)) {
	over := make(chan struct{})
	unwatch := context.AfterFunc(ctx, func() { l.watch(over) })
	go func() {
		err := contain(l.client, call)
		close(over)
		unwatch()
		if err != nil {
			settle(ctx, err)
			f := translate(err)
			if f.lost {
				// At once, before another call makes the client look again.
				l.of.lost(l, f.moved)
			}
			err = f
		}
		l.of.mu.Lock()
		l.users--
		l.closeIfIdleLocked()
		l.of.mu.Unlock()
		end(err)
	}()
}

// contain turns a panic of the client into an error. It has some for answers
// that come after Close, and for some that no server should give.
func contain(c *esdb.Client, call func(*esdb.Client) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &failure{err: fmt.Errorf("%w: the client panicked: %v", eventstore.ErrUnavailable, p), lost: true}
		}
	}()
	return call(c)
}

// watch follows a call whose context has ended until it is over. If it hangs,
// nobody else is to hang with it; and if it does so for longer than the client
// can be busy, only closing the client will free it, by a panic.
func (l *line) watch(over <-chan struct{}) {
	select {
	case <-over:
		return
	case <-time.After(grace):
		l.of.lost(l, false)
	}
	select {
	case <-over:
		return
	case <-time.After(l.of.patience):
	}
	l.of.mu.Lock()
	l.stuck++
	l.closeIfIdleLocked()
	l.of.mu.Unlock()
	<-over
	l.of.mu.Lock()
	l.stuck--
	l.of.mu.Unlock()
}

// ask makes a call that has one answer. It waits for it no longer than its
// context lasts, whatever the client does.
func ask[T any](ctx context.Context, l *line, call func(*esdb.Client) (T, error)) (T, error) {
	var answer T
	over := make(chan error, 1)
	l.run(ctx, func(c *esdb.Client) (err error) {
		answer, err = call(c)
		return err
	}, func(err error) { over <- err })
	select {
	case err := <-over:
		return answer, err
	case <-ctx.Done():
	}
	// A call that hears of it in time knows better how it ended.
	select {
	case err := <-over:
		return answer, err
	case <-time.After(2 * grace):
		var none T
		return none, &failure{err: fmt.Errorf("%w: no answer in time", eventstore.ErrUnavailable)}
	}
}

package esdb

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"aftersales-ledger/eventstore"
)

// grace is how long a call may take to notice that its context has ended. One
// that takes longer hangs in the client, not on the line.
const grace = 100 * time.Millisecond

// call is what is done with a client once: an append, or a read or a
// subscription from its beginning to its end.
type call struct {
	line  *line
	steps atomic.Uint64 // odd while what was received is being handed on
	over  chan struct{} // closed when the client has returned

	// Guarded by the lines' mutex.
	end func(error) // nil before the call is run and after its outcome is told
}

// run makes the call in a goroutine of its own, for the client may panic and
// may not return. When it is over or given up, it tells end the outcome, once:
// nil or a *failure.
func (c *call) run(ctx context.Context, do func(*esdb.Client) error, end func(error)) {
	ls := c.line.of
	ls.mu.Lock()
	c.end = end
	ls.mu.Unlock()
	unheard := context.AfterFunc(ctx, func() {
		select {
		case <-c.over:
		case <-time.After(grace):
			// Nobody else is to hang with it.
			ls.lost(c.line, false)
		}
	})
	go func() {
		err := contain(c.line.client, do)
		close(c.over)
		unheard()
		if err != nil {
			settle(ctx, err)
			f := translate(err)
			if f.lost {
				// At once, before another call makes the client look again.
				ls.lost(c.line, f.moved)
			}
			err = f
		}
		ls.mu.Lock()
		delete(c.line.calls, c)
		c.line.closeIfIdleLocked()
		end := c.end
		c.end = nil
		ls.mu.Unlock()
		if end != nil {
			end(err)
		}
	}()
}

// handOn does with something received what takes as long as its consumer likes.
func (c *call) handOn(do func() error) error {
	c.steps.Add(1)
	defer c.steps.Add(1)
	return do()
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

// watch follows a call on a retired line until it is over. One that shows no
// life for longer than the client can be busy hangs in it, or has nothing to
// hear any more, and is given up. What hangs stays so: to free it would take a
// panic, and it holds nothing but itself.
func (c *call) watch() {
	ls := c.line.of
	for {
		before := c.steps.Load()
		select {
		case <-c.over:
			return
		case <-time.After(ls.patience):
		}
		if c.steps.Load() == before && before%2 == 0 {
			break
		}
	}
	ls.mu.Lock()
	end := c.end
	c.end = nil
	ls.mu.Unlock()
	if end != nil {
		end(&failure{err: fmt.Errorf("%w: the client lost its server and does not answer", eventstore.ErrUnavailable)})
	}
}

// ask makes a call that has one answer. It waits for it no longer than its
// context lasts, whatever the client does.
func ask[T any](ctx context.Context, c *call, question func(*esdb.Client) (T, error)) (T, error) {
	var answer, none T
	over := make(chan error, 1)
	c.run(ctx, func(client *esdb.Client) (err error) {
		answer, err = question(client)
		return err
	}, func(err error) { over <- err })
	var err error
	select {
	case err = <-over:
	case <-ctx.Done():
		// A call that hears of it in time knows better how it ended.
		select {
		case err = <-over:
		case <-time.After(2 * grace):
			err = &failure{err: fmt.Errorf("%w: no answer in time", eventstore.ErrUnavailable)}
		}
	}
	if err != nil {
		return none, err // a late answer may be on its way still
	}
	return answer, nil
}

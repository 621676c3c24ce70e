package esdb

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
)

// rememberedAttempts bounds the appends without an answer that are remembered.
const rememberedAttempts = 4096

// attempts remembers what this process tried to append and does not know the
// outcome of, to tell a repeat from a first success: the server answers both
// alike.
type attempts struct {
	mu      sync.Mutex
	byKey   map[attemptKey]*attempt
	unknown []attemptKey // oldest first; may name attempts settled since
}

type attemptKey struct {
	stream string
	first  uuid.UUID
}

// attempt is what is known of all tries to append the same events.
type attempt struct {
	underway int           // the one that sends and those that wait for it
	turn     chan struct{} // holds one: the one that sends
	written  bool          // one try was told that it wrote the events
	open     bool          // one try got no answer
	stamp    time.Time     // the latest time an unanswered try stamped
}

func newAttempts() *attempts { return &attempts{byKey: make(map[attemptKey]*attempt)} }

// begin counts a try in and waits until it is its turn: the server would leave
// the second of two at once without an answer. open tells that an earlier one
// got none, and stamp is then the latest time it may have written. Without an
// error it needs an end.
func (a *attempts) begin(ctx context.Context, key attemptKey) (open bool, stamp time.Time, err error) {
	a.mu.Lock()
	t := a.byKey[key]
	if t == nil {
		t = &attempt{turn: make(chan struct{}, 1)}
		a.byKey[key] = t
	}
	t.underway++
	a.mu.Unlock()
	select {
	case t.turn <- struct{}{}:
	case <-ctx.Done():
		err = ctx.Err()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if err != nil {
		t.underway--
		a.forget(key, t)
	}
	return t.open, t.stamp, err
}

// wrote settles that the events are there and reports whether the asking try
// may say that it wrote them: only one of several at once can have.
func (a *attempts) wrote(key attemptKey, claim bool) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	t := a.byKey[key]
	first := claim && !t.written
	t.written, t.open = true, false
	return first
}

// unanswered notes that a try with this time may or may not have been written.
func (a *attempts) unanswered(key attemptKey, stamp time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	t := a.byKey[key]
	if t.written {
		return
	}
	if stamp.After(t.stamp) {
		t.stamp = stamp
	}
	if t.open {
		return
	}
	t.open = true
	a.unknown = append(a.unknown, key)
	for len(a.unknown) > rememberedAttempts {
		oldest := a.unknown[0]
		a.unknown = a.unknown[1:]
		if o := a.byKey[oldest]; o != nil {
			o.open = false
			a.forget(oldest, o)
		}
	}
}

func (a *attempts) end(key attemptKey) {
	a.mu.Lock()
	defer a.mu.Unlock()
	t := a.byKey[key]
	t.underway--
	<-t.turn
	a.forget(key, t)
}

// forget drops an attempt nobody can ask about any more.
func (a *attempts) forget(key attemptKey, t *attempt) {
	if t.underway == 0 && !t.open {
		delete(a.byKey, key)
	}
}

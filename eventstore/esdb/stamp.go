package esdb

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"aftersales-ledger/eventstore"
)

const (
	// shareFor is how far the clock may run ahead of the time that appends
	// under way share.
	shareFor = 20 * time.Millisecond
	// drainFor is how long appends under way are waited for, lest one lost
	// answer hold up all others. Those that have waited so long share the time
	// of what is left, for as long as that is under way.
	drainFor = 250 * time.Millisecond
)

// errBackwards: a time given with an event lies before the log's last.
var errBackwards = errors.New("recorded before the last event of the log")

// stamper tells when an event was recorded, so that time does not run
// backwards along the log. The server may order appends that are under way at
// once in any way, hence they share one time; a later time is given out when
// they are done. One that hangs makes time stand still, not run backwards. Times
// seen in events of other processes are a lower bound; who must go beyond one,
// or beyond an earlier try of its own, waits no longer than drainFor.
type stamper struct {
	clock eventstore.Clock
	floor atomic.Int64 // latest time seen in the log, in microseconds

	mu    sync.Mutex
	last  time.Time // given out last
	epoch *epoch    // the appends that share it
}

type epoch struct {
	underway int
	done     chan struct{} // closed when nothing is under way

	// How often somebody has waited in vain for what is under way, and how much
	// is left of what was waited for last. Until that is over, all share its time.
	waits int
	stuck int
}

// ticket is a time given out; it must be handed back when the append is over.
type ticket struct {
	at    time.Time
	epoch *epoch
	waits int // of the epoch when it was given out
}

func newStamper(clock eventstore.Clock) *stamper {
	return &stamper{clock: clock, last: time.UnixMicro(0).UTC()}
}

// observe takes notice of a time in the log.
func (s *stamper) observe(t time.Time) {
	micros := t.UnixMicro()
	for {
		old := s.floor.Load()
		if micros <= old || s.floor.CompareAndSwap(old, micros) {
			return
		}
	}
}

// take gives out a time later than after. If first is set it is the time given
// out, and later ones will not lie before highest; it fails with errBackwards
// if first lies before what was given out or seen already.
func (s *stamper) take(ctx context.Context, after, first, highest time.Time) (ticket, error) {
	patience := time.NewTimer(drainFor)
	defer patience.Stop()
	for expired := false; ; {
		s.mu.Lock()
		floor := time.UnixMicro(s.floor.Load()).UTC()
		want := s.clock().UTC().Truncate(time.Microsecond)
		if want.Before(floor) {
			want = floor
		}
		if !after.IsZero() && !want.After(after) {
			want = after.Add(time.Microsecond)
		}
		current := s.epoch
		idle := current == nil || current.underway == 0
		shares := highest.IsZero() && !floor.After(s.last) && s.last.After(after)
		if expired && !idle {
			if idle = !shares; shares && current.stuck == 0 {
				current.waits++
				current.stuck = current.underway
			}
		}
		switch {
		case idle:
			if want.Before(s.last) {
				want = s.last
			}
			if !first.IsZero() {
				if first.Before(s.last) || first.Before(floor) {
					s.mu.Unlock()
					return ticket{}, errBackwards
				}
				want = first
			}
			s.last = want
			if highest.After(want) {
				s.last = highest
			}
			s.epoch = &epoch{underway: 1, done: make(chan struct{})}
			t := ticket{at: want, epoch: s.epoch}
			s.mu.Unlock()
			return t, nil
		case shares && (want.Sub(s.last) < shareFor || current.stuck > 0):
			current.underway++
			t := ticket{at: s.last, epoch: current, waits: current.waits}
			s.mu.Unlock()
			return t, nil
		}
		s.mu.Unlock()

		select {
		case <-current.done:
		case <-patience.C:
			expired = true
		case <-ctx.Done():
			return ticket{}, ctx.Err()
		}
	}
}

func (s *stamper) giveBack(t ticket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.waits < t.epoch.waits {
		t.epoch.stuck--
	}
	if t.epoch.underway--; t.epoch.underway == 0 {
		close(t.epoch.done)
	}
}

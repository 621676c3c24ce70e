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
	// drainFor bounds the wait for appends under way, lest one lost answer
	// hold up all others.
	drainFor = 250 * time.Millisecond
)

// errBackwards: a time given with an event lies before the log's last.
var errBackwards = errors.New("recorded before the last event of the log")

// stamper tells when an event was recorded, so that time does not run
// backwards along the log. The server may order appends that are under way at
// once in any way, hence they share one time; a later time is given out when
// they are done. Times seen in events of other processes are a lower bound.
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
}

// ticket is a time given out; it must be handed back when the append is over.
type ticket struct {
	at    time.Time
	epoch *epoch
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
		idle := current == nil || current.underway == 0 || expired
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
		case highest.IsZero() && !floor.After(s.last) && s.last.After(after) && want.Sub(s.last) < shareFor:
			current.underway++
			t := ticket{at: s.last, epoch: current}
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
	if t.epoch.underway--; t.epoch.underway == 0 {
		close(t.epoch.done)
	}
}

package eventstore

import "time"

// turns is what an executor knows of others that write to a stream: another
// server, whose commands are as good as its own. Who was refused goes on as soon
// as it has read why; who has written gives way. Without that, who has written
// once writes again before the others have read it, and they wait for ever.
type turns struct {
	left int           // appends of ours for which the others are still taken to be near
	ours bool          // the last that was written was ours
	last time.Time     // when
	took time.Duration // what a write takes

	unused int // ways in a row that nobody took
}

const (
	// nearFor is for how many appends, none of them refused, others are taken to
	// be near.
	nearFor = 16
	// The way given to them is the time of a write and a half, between these:
	// they read, decide, and have their append accepted. Where the log tells
	// that they have, it is waited for twice as long.
	leastWay = 500 * time.Microsecond
	mostWay  = 10 * time.Millisecond
	// Who took none of so many ways in a row is given every fourth only.
	patience = 2
)

// near reports whether others are likely to write to the stream just now.
func (o *turns) near() bool { return o.left > 0 }

// met notes that they have.
func (o *turns) met() { o.left, o.ours, o.unused = nearFor, false, 0 }

// wrote notes a write of ours that was begun at a time and was not refused.
func (o *turns) wrote(begun time.Time) {
	o.last = time.Now()
	if took := o.last.Sub(begun); o.took == 0 {
		o.took = took
	} else {
		o.took += (took - o.took) / 8
	}
	o.left, o.ours = max(o.left-1, 0), true
}

// way returns how long to wait for the others to have their time, if it is
// their turn.
func (o *turns) way(told bool) time.Duration {
	switch {
	case !o.ours:
		return 0
	case !told:
		return time.Until(o.last.Add(min(max(o.took*3/2, leastWay), mostWay)))
	case o.unused >= patience && o.left%4 != 0:
		return 0
	default:
		return time.Until(o.last.Add(min(max(o.took*3, 2*leastWay), 2*mostWay)))
	}
}

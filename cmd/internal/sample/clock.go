package sample

import (
	"sync/atomic"
	"time"

	"aftersales-ledger/domain/calendar"
)

// Clock is a virtual clock that stands still until it is set. One clock serves
// both the store, whose stamp is the time an event was recorded, and the
// ledger, so that a year is played in seconds. It is safe for concurrent use.
type Clock struct{ micro atomic.Int64 }

// NewClock returns a clock that shows t.
func NewClock(t time.Time) *Clock {
	c := &Clock{}
	c.Set(t)
	return c
}

// Now is what the clock shows, in Shanghai.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.micro.Load()).In(calendar.Shanghai) }

// Set moves the clock to t, forwards or backwards.
func (c *Clock) Set(t time.Time) { c.micro.Store(t.UnixMicro()) }

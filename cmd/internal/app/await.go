package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/eventstore"
)

// Forever as Config.LogWait waits for the event log until it comes.
const Forever time.Duration = -1

// awaitPause is between two tries to open an event log that is away, and
// awaitTry bounds one of them.
const (
	awaitPause = 500 * time.Millisecond
	awaitTry   = 10 * time.Second
)

// await opens something over the event log, and tries again while the log is
// away, for as long as the configuration says. What no waiting mends is told at
// once.
func (c Config) await(ctx context.Context, open func(context.Context) error) error {
	began := time.Now()
	for tries := 1; ; tries++ {
		err := c.try(ctx, open)
		waited := time.Since(began).Round(time.Millisecond)
		switch {
		case ctx.Err() != nil || !c.mayCome(err):
			if err == nil && tries > 1 {
				c.Logger.Info("event log: it is there", "after", waited, "tries", tries)
			}
			return err
		case c.LogWait != Forever && waited >= c.LogWait:
			return domain.Failed(err, "waited %s for the event log", waited)
		case tries == 1:
			c.Logger.Warn("event log: it is away; waiting for it", "reason", err)
		}
		if c.Waiting != nil {
			c.Waiting(err)
		}
		pause := time.NewTimer(awaitPause)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
		}
	}
}

func (c Config) try(ctx context.Context, open func(context.Context) error) error {
	if c.LogWait == 0 {
		return open(ctx)
	}
	limited, cancel := context.WithTimeout(ctx, awaitTry)
	defer cancel()
	err := open(limited)
	if limited.Err() != nil && ctx.Err() == nil && !errors.Is(err, eventstore.ErrUnavailable) {
		err = fmt.Errorf("%w: %w", eventstore.ErrUnavailable, domain.Failed(err, "no answer within %s", awaitTry))
	}
	return err
}

// mayCome reports whether err is that of an event log that is away and comes
// back by itself. A file does not.
func (c Config) mayCome(err error) bool {
	return c.LogWait != 0 && isEventStoreDB(c.Log) && errors.Is(err,
		eventstore.ErrUnavailable) && !errors.Is(err, eventstore.ErrRefused)
}

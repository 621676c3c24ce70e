package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	repairsviews "aftersales-ledger/projections/repairs"
)

// A payment request takes its repairs one by one before it comes about. One that
// has not come about within breaksOffAfter was broken off by a crash: it is looked
// for at every start, and then every lookAgainAfter.
const (
	breaksOffAfter = 10 * time.Minute
	lookAgainAfter = 10 * time.Minute
)

// freeRepairs makes repairs payable again whose payment request broke off, until
// ctx ends. What cannot be done now is tried again; at a start it waits until the
// read models can be asked.
func (a *App) freeRepairs(ctx context.Context, log *slog.Logger) error {
	for !a.ReadModels.Status().Ready() {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Second):
		}
	}
	again := time.NewTicker(lookAgainAfter)
	defer again.Stop()
	for {
		if err := a.FreeRepairs(ctx); err != nil && ctx.Err() == nil {
			log.Warn("repairs of broken payment requests are not free yet", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-again.C:
		}
	}
}

// FreeRepairs makes the repairs payable again whose payment request broke off
// (§5.2.2).
func (a *App) FreeRepairs(ctx context.Context) error {
	repairs, err := repairsviews.Of(a.ReadModels).BrokenRequests(ctx, a.clock().Add(-breaksOffAfter))
	for _, id := range repairs {
		err = errors.Join(err, a.Ledger.FreeRepair(ctx, id))
	}
	return err
}

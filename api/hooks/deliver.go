package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/live"
	"aftersales-ledger/domain/access"
)

const (
	// lookEvery is how often it is looked for new registrations and those that are
	// due; leaseFor how long one process delivers for one before another may.
	lookEvery = 2 * time.Second
	leaseFor  = time.Minute
	batch     = 100
)

// Run delivers until ctx ends.
func (h *Hooks) Run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		news := h.Tail.News()
		if err := h.Deliver(ctx); err != nil && ctx.Err() == nil {
			h.Log.WarnContext(ctx, "webhooks wait", "error", err)
			news = nil
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-news:
		}
	}
}

// Deliver delivers what is there and due, for every registration side by side: one
// that does not answer keeps no other waiting.
func (h *Hooks) Deliver(ctx context.Context) error {
	hooks, err := h.List(ctx, "")
	if err != nil {
		return err
	}
	var group sync.WaitGroup
	turns := make(chan struct{}, 16)
	for _, hook := range hooks {
		if hook.Paused != "" {
			continue
		}
		turns <- struct{}{}
		group.Go(func() {
			defer func() { <-turns }()
			if err := h.deliver(ctx, hook); err != nil && ctx.Err() == nil && !errors.Is(err, store.ErrChanged) {
				h.Log.WarnContext(ctx, "a webhook waits", "webhook", hook.ID, "error", err)
			}
		})
	}
	group.Wait()
	return nil
}

// deliver delivers for one registration, in the order of the log.
func (h *Hooks) deliver(ctx context.Context, hook Hook) error {
	p, err := h.placeOf(ctx, hook.ID)
	if errors.Is(err, store.ErrNone) {
		return nil // it was removed
	}
	now := h.Clock()
	if err != nil || now.Before(p.Next) || p.Holder != h.holder && now.Before(p.Held) || p.Position >= h.Tail.Position() {
		return err
	}
	reach, ok := h.reachOf(hook)
	if !ok {
		return nil // it goes on where it stopped, should the right come back
	}
	sees, err := h.Places.Within(ctx, reach)
	if err != nil {
		return err
	}
	p.Holder, p.Held = h.holder, now.Add(leaseFor)
	if p, err = h.putPlace(ctx, hook.ID, p); err != nil {
		return err // another process is first
	}
	events, upTo, _, err := h.Tail.After(ctx, p.Position, batch)
	if err != nil {
		return err
	}
	for _, rec := range events {
		if len(hook.Types) > 0 && !slices.Contains(hook.Types, rec.Type) {
			p.Position = rec.Position
			continue
		}
		c, told, err := live.Told(ctx, rec, hook.Role, sees)
		if err != nil {
			return h.stop(ctx, hook, p, err)
		}
		if told {
			if failed := h.send(ctx, hook, c); failed != nil {
				if ctx.Err() != nil {
					return h.stop(ctx, hook, p, ctx.Err())
				}
				if passed, err := h.failed(ctx, hook, &p, c, failed); err != nil || !passed {
					return err
				}
			} else {
				p.Failing, p.Attempts, p.Next, p.Problem = time.Time{}, 0, time.Time{}, ""
			}
		}
		p.Position = rec.Position
		if h.Clock().After(p.Held.Add(-leaseFor / 2)) { // it takes long: the lease is renewed, and the place kept
			p.Held = h.Clock().Add(leaseFor)
			if p, err = h.putPlace(ctx, hook.ID, p); err != nil {
				return err
			}
		}
	}
	p.Position = max(p.Position, upTo)
	return h.stop(ctx, hook, p, nil)
}

// stop keeps the place and gives the lease back.
func (h *Hooks) stop(ctx context.Context, hook Hook, p place, err error) error {
	p.Holder, p.Held = "", time.Time{}
	_, failed := h.putPlace(context.WithoutCancel(ctx), hook.ID, p)
	return errors.Join(err, failed)
}

// reachOf is how far the registration's owner reaches now, in the role in which
// they registered it.
func (h *Hooks) reachOf(hook Hook) (reach access.Reach, ok bool) {
	p, known := h.People.Person(hook.Owner)
	if !known || p.Suspended {
		return reach, false
	}
	for _, g := range p.Grants {
		if g.Role == hook.Role {
			reach, ok = reach.And(g.Reach), true
		}
	}
	return reach, ok
}

// failed notes that a message was not taken. passed says that it was given up, and
// the next may be tried. While the receiver has been away for so long, each message
// is tried once.
func (h *Hooks) failed(ctx context.Context, hook Hook, p *place, c live.Change, why error) (passed bool, err error) {
	now := h.Clock()
	if errors.Is(why, errGone) {
		_, err := h.change(ctx, hook.ID, administrator, func(hook *Hook) { hook.Paused = why.Error() })
		return false, errors.Join(err, h.stop(ctx, hook, *p, nil))
	}
	if p.Failing.IsZero() {
		p.Failing = now
	}
	p.Attempts++
	p.Problem = why.Error()
	if now.Sub(p.Failing) < h.Rules.GiveUpAfter {
		pause := h.Rules.FirstRetry
		for i := 1; i < p.Attempts && pause < h.Rules.LongestRetry; i++ {
			pause *= 2
		}
		p.Next = now.Add(min(pause, h.Rules.LongestRetry))
		return false, h.stop(ctx, hook, *p, nil)
	}
	data, err := json.Marshal(Undelivered{
		Message: messageID(hook.ID, c), Hook: hook.ID, Change: c, Since: p.Failing, Problem: p.Problem,
	})
	if err != nil {
		return false, err
	}
	err = h.Store.Put(ctx, store.Record{
		Kind: store.Undelivered, Key: messageID(hook.ID, c), Owner: hook.ID, Expires: now.Add(undeliveredFor), Data: data,
	})
	if errors.Is(err, store.ErrChanged) {
		err = nil // it was given up before, by a process that crashed then
	}
	return err == nil, err
}

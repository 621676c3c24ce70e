package projections

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"aftersales-ledger/projections/facts"
)

// writeTimeout bounds the writing of one batch: a batch under way is finished
// even when the program is asked to stop, but not waited for for ever.
const writeTimeout = time.Minute

// Every write costs the engine some milliseconds per table, however few the
// rows. So that a busy ledger does not spend its processors on small writes,
// the writer pauses after one, unless somebody waits for what comes next.
const (
	smallWrite = 2_000                  // events; larger writes are worth their cost
	writePause = 250 * time.Millisecond // figures are behind by this at most
)

// pipeline carries events from the log into one generation. Its stages run
// side by side: the log is read and decoded, events are mapped to rows, rows
// are written. At most two batches of rows exist at a time.
type pipeline struct {
	source Source
	sink   sink
	from   facts.Checkpoint
	limit  int // most events written at once

	// written is told of every batch when its rows and checkpoint are durable;
	// an error ends the pipeline.
	written func(*facts.Facts) error
	// urged ends a pause; may be nil.
	urged <-chan struct{}
	// observe is told how long the rows of a batch took to write; may be nil.
	observe func(*facts.Facts, time.Duration)
}

// sink is where rows go: a generation.
type sink interface {
	insert(ctx context.Context, t *facts.Table) error
	save(ctx context.Context, c facts.Checkpoint) error
}

// delivery is a batch, or the error that ended the subscription. Errors take
// the way of the events, so that what came before them is written first.
type delivery struct {
	Batch
	err error
}

// run returns when the subscription or a stage fails, or ctx ends; never nil.
func (p *pipeline) run(ctx context.Context) error {
	stages, ctx := errgroup.WithContext(ctx)
	deliveries := make(chan delivery)
	full, free := make(chan *facts.Facts), make(chan *facts.Facts, 2)
	free <- facts.New()
	free <- facts.New()
	stages.Go(func() error { return p.read(ctx, deliveries) })
	stages.Go(func() error { return p.mapEvents(ctx, deliveries, full, free) })
	stages.Go(func() error { return p.writeAll(ctx, full, free) })
	return stages.Wait()
}

func (p *pipeline) read(ctx context.Context, to chan<- delivery) error {
	send := func(d delivery) bool {
		select {
		case to <- d:
			return true
		case <-ctx.Done():
			return false
		}
	}
	for b, err := range p.source.Subscribe(ctx, p.from.Position, p.limit) {
		if !send(delivery{b, err}) || err != nil {
			return nil
		}
	}
	send(delivery{err: fmt.Errorf("the subscription to the event log ended")})
	return nil
}

// mapEvents hands rows on as soon as the writer is free, and lets them gather
// while it is not: batches are small when the log is quiet and large when it
// is not.
func (p *pipeline) mapEvents(
	ctx context.Context, from <-chan delivery, full chan<- *facts.Facts, free chan *facts.Facts,
) error {
	m := mapper{last: p.from.Position, start: p.from.Position, reached: p.from, window: 2 * p.limit}
	rows, pending := <-free, false
	var failed error
	for {
		in, out := from, full
		if !pending {
			out = nil
		}
		if rows.Events >= p.limit || failed != nil {
			in = nil
		}
		if in == nil && out == nil {
			return failed
		}
		select {
		case d := <-in:
			if failed = d.err; failed == nil {
				failed = m.add(rows, d.Batch)
			}
			pending = pending || failed == nil || rows.Events > 0
		case out <- rows:
			select {
			case rows = <-free:
			case <-ctx.Done():
				return ctx.Err()
			}
			rows.Reset()
			pending = false
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// mapper turns deliveries into rows and keeps the order of the log.
type mapper struct {
	start   uint64 // where the subscription began
	last    uint64 // position of the last event mapped
	reached facts.Checkpoint
	recent  []uint64 // positions mapped lately, growing
	window  int      // how many of them to keep
}

func (m *mapper) add(rows *facts.Facts, b Batch) error {
	rows.CaughtUp = false
	for i := range b.Events {
		r := &b.Events[i]
		if r.Position <= m.last {
			if err := m.repeated(r); err != nil {
				return err
			}
			continue
		}
		// Known at a moment is a cut of the log, so recorded times must not
		// run backwards along it, whatever the clocks of its writers did.
		recordedAt := r.RecordedAt
		if recordedAt.Before(m.reached.RecordedAt) {
			recordedAt = m.reached.RecordedAt
		}
		r.RecordedAt = recordedAt
		if err := rows.Add(r); err != nil {
			rows.Events--
			return err
		}
		m.last = r.Position
		m.recent = append(m.recent, r.Position)
		m.reached = facts.Checkpoint{
			Position: r.Position, EventID: r.ID, RecordedAt: recordedAt, Events: m.reached.Events + 1,
		}
		rows.Reached, rows.Position = m.reached, r.Position
	}
	if len(m.recent) > 2*m.window {
		m.recent = slices.Delete(m.recent, 0, len(m.recent)-m.window)
	}
	rows.Position, rows.CaughtUp = max(m.last, b.Position), b.CaughtUp
	return nil
}

// repeated tells an event delivered again from one that was left out before:
// the first changes nothing, the second must not pass unseen.
func (m *mapper) repeated(r *facts.Recorded) error {
	if r.Position <= m.start || len(m.recent) == 0 || r.Position < m.recent[0] {
		return nil
	}
	if _, seen := slices.BinarySearch(m.recent, r.Position); seen {
		return nil
	}
	return &facts.EventError{Event: r, What: fmt.Sprintf("it was delivered after position %d, out of order", m.last)}
}

func (p *pipeline) writeAll(ctx context.Context, full <-chan *facts.Facts, free chan<- *facts.Facts) error {
	for {
		select {
		case rows := <-full:
			if err := p.write(ctx, rows); err != nil {
				return err
			}
			if err := p.written(rows); err != nil {
				return err
			}
			small := rows.Events < smallWrite
			free <- rows
			if small {
				p.pause(ctx)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (p *pipeline) pause(ctx context.Context) {
	end := time.NewTimer(writePause)
	defer end.Stop()
	select {
	case <-end.C:
	case <-p.urged:
	case <-ctx.Done():
	}
}

// write inserts the rows of every table and then the checkpoint that covers
// them. It does not end with ctx: a batch under way is finished.
func (p *pipeline) write(ctx context.Context, rows *facts.Facts) error {
	if rows.Events == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTimeout)
	defer cancel()
	began := time.Now()
	tables, insertCtx := errgroup.WithContext(ctx)
	for _, t := range rows.Tables {
		if t.Rows > 0 {
			tables.Go(func() error { return p.sink.insert(insertCtx, t) })
		}
	}
	if err := tables.Wait(); err != nil {
		return err
	}
	if err := p.sink.save(ctx, rows.Reached); err != nil {
		return err
	}
	if p.observe != nil {
		p.observe(rows, time.Since(began))
	}
	return nil
}

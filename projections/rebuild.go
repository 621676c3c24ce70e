package projections

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"aftersales-ledger/projections/facts"
)

// openServing returns the generation that serves. Where there is none, or its
// tables were made by another version of the read models, it fills one first.
func (m *ReadModels) openServing(ctx context.Context) (*generation, error) {
	if err := m.warehouse.prepare(ctx); err != nil {
		return nil, err
	}
	g, err := m.adopt(ctx)
	if g != nil || err != nil {
		return g, err
	}
	select {
	case m.filling <- struct{}{}:
		defer func() { <-m.filling }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if g, err := m.adopt(ctx); g != nil || err != nil { // a rebuild may have come between
		return g, err
	}
	return m.fillAtStart(ctx)
}

// adopt serves the active generation if this version of the read models made
// it, and returns nil if not.
func (m *ReadModels) adopt(ctx context.Context) (*generation, error) {
	g, cleaned, err := m.serveActive(ctx)
	if g == nil || err != nil || cleaned {
		return g, err
	}
	return g, m.clean(ctx)
}

// serveActive is adopt without the cleaning.
func (m *ReadModels) serveActive(ctx context.Context) (g *generation, cleaned bool, err error) {
	m.choosing.Lock()
	defer m.choosing.Unlock()
	number, print, found, err := m.warehouse.active(ctx)
	if err != nil {
		return nil, false, err
	}
	if !found || print != fingerprint() {
		return nil, false, nil
	}
	m.mu.Lock()
	g, cleaned = m.serving, m.cleaned
	m.mu.Unlock()
	if g != nil && g.number == number {
		return g, cleaned, nil
	}
	if g, err = m.warehouse.open(number); err != nil {
		return nil, false, err
	}
	m.mu.Lock()
	m.serving = g
	m.mu.Unlock()
	return g, false, nil
}

// clean removes what earlier processes left behind, once, and not while a
// rebuild of this process is under way.
func (m *ReadModels) clean(ctx context.Context) error {
	select {
	case m.filling <- struct{}{}:
		defer func() { <-m.filling }()
	default:
		return nil
	}
	m.mu.Lock()
	keep := m.serving.number // a rebuild may have changed it since
	m.mu.Unlock()
	if err := m.warehouse.dropOthers(ctx, keep); err != nil {
		return err
	}
	m.mu.Lock()
	m.cleaned = true
	m.mu.Unlock()
	return nil
}

// fillAtStart fills a generation that this version of the read models can
// query, while questions are refused, and lets it take over. After a failure
// it goes on where it was.
func (m *ReadModels) fillAtStart(ctx context.Context) (*generation, error) {
	number, _, found, err := m.warehouse.active(ctx)
	if err != nil {
		return nil, err
	}
	g := m.pending
	if g == nil {
		if err := m.warehouse.dropOthers(ctx, number); err != nil {
			return nil, err
		}
		if g, err = m.warehouse.create(ctx); err != nil {
			return nil, err
		}
		m.mu.Lock()
		m.pending = g
		m.mu.Unlock()
	}
	// Before the state changes: while the log is away it goes on saying so.
	if _, err := m.source.Head(ctx); err != nil {
		return nil, fmt.Errorf("find the end of the event log: %w", err)
	}
	reason := "there are no tables yet"
	if found {
		reason = "the tables were made by another version of the read models"
	}
	if m.Status().State != Retrying { // which ends when rows are written
		m.setState(Rebuilding, reason)
	}
	from, err := m.checkpoint(ctx, g)
	if err != nil {
		return nil, err
	}
	m.resume(nil, from)
	progress := func(f *facts.Facts, head uint64) { m.fillAdvanced(f, head) }
	if err := m.fill(ctx, g, from, progress); err != nil {
		return nil, err
	}
	if err := m.takeOver(ctx, g); err != nil {
		return nil, err
	}
	m.mu.Lock()
	m.pending = nil
	m.mu.Unlock()
	return g, nil
}

// errFilled ends a pipeline that has come far enough.
var errFilled = errors.New("filled")

// fill projects onto a generation from a checkpoint until it has reached the
// head of the log as it was at the beginning.
func (m *ReadModels) fill(
	ctx context.Context, g *generation, from facts.Checkpoint, progress func(*facts.Facts, uint64),
) error {
	head, err := m.source.Head(ctx)
	if err != nil {
		return fmt.Errorf("find the end of the event log: %w", err)
	}
	if from.Position >= head {
		return nil
	}
	err = m.pipeline(g, from, func(f *facts.Facts) error {
		progress(f, max(head, f.Position))
		if f.Position >= head {
			return errFilled
		}
		return nil
	}).run(ctx)
	if errors.Is(err, errFilled) {
		return nil
	}
	return err
}

// takeOver makes g the generation that serves and drops all others.
func (m *ReadModels) takeOver(ctx context.Context, g *generation) error {
	old, err := m.serve(ctx, g)
	if err != nil {
		return err
	}
	m.Opts.Logger.Info("read models: a generation takes over", "generation", g.number)
	if old != nil {
		// Questions under way finish on the tables they began on.
		old.readers.Wait()
		if err := old.conn.Close(); err != nil {
			return err
		}
	}
	if err := m.warehouse.dropOthers(ctx, g.number); err != nil {
		return err
	}
	m.mu.Lock()
	m.cleaned = true
	m.mu.Unlock()
	return nil
}

// serve makes g the generation that serves, in ClickHouse and here, and
// returns the one that did.
func (m *ReadModels) serve(ctx context.Context, g *generation) (old *generation, err error) {
	m.choosing.Lock()
	defer m.choosing.Unlock()
	if err := m.warehouse.activate(ctx, g, m.now()); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	old, m.serving, m.cleaned = m.serving, g, false
	if old != nil && m.answering == old {
		m.answering = g // it shows at least as much
	}
	return old, nil
}

// Rebuild fills new tables from the whole log beside the present ones, which
// go on serving, and takes over when it has caught up. progress, if not nil,
// is told how far it is, in log positions. It works with and without Run, and
// fails with ErrBusy while another rebuild is under way. A rebuild that fails
// leaves the present tables serving; it begins anew the next time.
func (m *ReadModels) Rebuild(ctx context.Context, progress func(position, head uint64)) error {
	select {
	case m.filling <- struct{}{}:
		defer func() { <-m.filling }()
	default:
		return ErrBusy
	}
	return m.conn.redacted(m.rebuild(ctx, progress))
}

func (m *ReadModels) rebuild(ctx context.Context, progress func(position, head uint64)) (err error) {
	if err := m.warehouse.prepare(ctx); err != nil {
		return err
	}
	g, err := m.warehouse.create(ctx)
	if err != nil {
		return err
	}
	tookOver := false
	defer func() {
		if !tookOver {
			err = errors.Join(err, m.abandon(g))
		}
	}()
	report := func(f *facts.Facts, head uint64) {
		if progress != nil {
			progress(f.Position, head)
		}
	}
	if err := m.fill(ctx, g, facts.Checkpoint{}, report); err != nil {
		return err
	}
	// The projector pauses for the rest, so that no answer goes back in time.
	release, err := m.pause(ctx)
	if err != nil {
		return err
	}
	defer release()
	from, err := g.checkpoint(ctx)
	if err != nil {
		return err
	}
	if err := m.fill(ctx, g, from, report); err != nil {
		return err
	}
	tookOver = true // from here on the generation may be listed as active
	if err := m.takeOver(ctx, g); err != nil {
		return err
	}
	if from, err = g.checkpoint(ctx); err != nil {
		return err
	}
	m.resume(g, from)
	return nil
}

// abandon removes a generation that did not come to its end. If that fails,
// the next start removes it.
func (m *ReadModels) abandon(g *generation) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return errors.Join(g.conn.Close(), m.warehouse.drop(ctx, g.number))
}

// pause makes the projector let go of the serving generation until release is
// called, and then look for the generation that serves.
func (m *ReadModels) pause(ctx context.Context) (release func(), err error) {
	setPausing := func(on bool) (yield context.CancelCauseFunc) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.pausing = on
		return m.yield
	}
	if yield := setPausing(true); yield != nil {
		yield(errYield)
	}
	select {
	case m.writing <- struct{}{}:
	case <-ctx.Done():
		setPausing(false)
		return nil, ctx.Err()
	}
	return func() {
		setPausing(false)
		<-m.writing
		select {
		case m.again <- struct{}{}:
		default:
		}
	}, nil
}

// mappingVersion goes up when the mapping from events to rows changes although
// no schema does. Old tables are then filled anew beside, see fingerprint.
const mappingVersion = 5

// fingerprint tells generations of tables apart that were made or filled by
// different versions of the read models.
func fingerprint() string {
	h := sha256.New()
	fmt.Fprintf(h, "mapping %d\n%s\n", mappingVersion, checkpointSQL)
	for _, t := range facts.New().Tables {
		fmt.Fprintf(h, "%s\n", t.Schema)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

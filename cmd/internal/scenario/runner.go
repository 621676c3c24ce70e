package scenario

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"aftersales-ledger/api/kit/doortest"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/cmd/internal/notices"
	"aftersales-ledger/cmd/internal/unsent"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/chdb"
)

// Options tune a runner. The zero value is ready for use.
type Options struct {
	// Connector is a ClickHouse that the caller keeps, such as an embedded
	// engine that is open already; nil opens one in a temporary folder.
	Connector projections.Connector
	Logger    *slog.Logger // of the ledgers; nil is silent
	Version   string       // that the ledgers report
	// Color says whether Run prints in colour; nil: where it prints to a terminal.
	Color *bool
	Quiet bool             // Run prints what failed only, and the summary
	Say   wording.Language // in which Run tells the mistakes of a file; empty: in English
}

// Runner plays scenarios, one after the other, on an embedded engine that is opened
// once, and in a temporary folder. Every scenario has a ledger of its own on it.
type Runner struct {
	opts   Options
	dir    string
	engine *chdb.Engine // nil where the caller keeps the ClickHouse
	count  int
	doc    *document // of the ledger's API; the same for every ledger
	asks   *unsent.Document
}

// Open prepares a runner. Without the embedded engine on this machine it fails
// with [chdb.ErrNotInstalled], which says how to install it.
func Open(opts Options) (_ *Runner, err error) {
	s := &Runner{opts: opts}
	if s.dir, err = os.MkdirTemp("", "ledger-scenario-"); err != nil {
		return nil, err
	}
	if opts.Connector == nil {
		if s.engine, err = chdb.Open(filepath.Join(s.dir, "clickhouse"), chdb.Options{}); err != nil {
			return nil, errors.Join(err, os.RemoveAll(s.dir))
		}
		s.opts.Connector = s.engine
	}
	return s, nil
}

// Close stops the engine and removes everything that was played.
func (s *Runner) Close() error {
	var errs []error
	if s.engine != nil {
		errs = append(errs, s.engine.Close())
	}
	return errors.Join(append(errs, os.RemoveAll(s.dir))...)
}

// freshLedger is the ledger of one scenario.
type freshLedger struct {
	runner *Runner
	config app.Config
	clock  *domaintest.Clock
	door   *doortest.Door
	app    *app.App

	book   *noticeBook
	sender *notices.Reactor // nil until notices are sent

	stop context.CancelFunc
	done chan error // what the projector ended with
}

// fresh opens an empty ledger whose clock stands at now.
func (s *Runner) fresh(ctx context.Context, now time.Time) (*freshLedger, error) {
	s.count++
	name := "scenario_" + strconv.Itoa(os.Getpid()) + "_" + strconv.Itoa(s.count)
	l := &freshLedger{runner: s, clock: domaintest.NewClock(now)}
	l.door = doortest.New(l.clock.Now)
	l.config = app.Config{
		Data: filepath.Join(s.dir, name), Database: name, Connector: s.opts.Connector,
		Door: l.door, Clock: l.clock.Now, Logger: s.opts.Logger, Version: s.opts.Version,
	}
	if err := l.open(ctx); err != nil {
		return nil, errors.Join(err, l.remove(ctx))
	}
	if s.doc == nil {
		resp, err := client.InProcess(l.app.Handler, "").Do(ctx, client.Request{Method: "GET", Path: "/openapi.json"})
		if err == nil {
			s.doc, err = readDocument(resp.Body)
		}
		if err == nil {
			s.asks, err = unsent.Read(resp.Body)
		}
		if err != nil {
			return nil, errors.Join(err, l.close(ctx))
		}
	}
	return l, nil
}

func (l *freshLedger) open(ctx context.Context) (err error) {
	if l.app, err = app.Open(ctx, l.config); err != nil {
		return err
	}
	running, stop := context.WithCancel(ctx)
	l.stop, l.done = stop, make(chan error, 1)
	go func(a *app.App) { l.done <- a.Run(running) }(l.app)
	if err := l.ready(ctx); err != nil {
		return errors.Join(err, l.shut())
	}
	return nil
}

// readyWithin bounds how long the projector of a ledger may take to begin.
const readyWithin = time.Minute

// ready waits until the ledger answers questions.
func (l *freshLedger) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for {
		status := l.app.ReadModels.Status()
		switch {
		case status.Ready():
			return nil
		case status.State == projections.Stopped:
			return fmt.Errorf("the read models %v", status)
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return fmt.Errorf("the read models are not ready, but %v: %w", status, ctx.Err())
		}
	}
}

// shut stops the ledger; its data stays.
func (l *freshLedger) shut() error {
	if l.app == nil {
		return nil
	}
	l.stop()
	err := errors.Join(<-l.done, l.app.Close())
	l.app, l.sender = nil, nil
	return err
}

func (l *freshLedger) restart(ctx context.Context) error {
	if err := l.shut(); err != nil {
		return err
	}
	return l.open(ctx)
}

// close stops the ledger and removes its data.
func (l *freshLedger) close(ctx context.Context) error {
	return errors.Join(l.shut(), l.remove(ctx))
}

func (l *freshLedger) remove(ctx context.Context) (err error) {
	err = os.RemoveAll(l.config.Data)
	if ctx.Err() != nil {
		return err // the databases go with the runner
	}
	conn, openErr := clickhouse.Open(l.config.Connector.Options("system"))
	if openErr != nil {
		return errors.Join(err, openErr)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	var names []string
	rows, e := conn.Query(ctx,
		"SELECT name FROM system.databases WHERE name = {base:String} OR startsWith(name, concat({base:String}, '_g'))",
		clickhouse.Named("base", l.config.Database))
	if e != nil {
		return errors.Join(err, e)
	}
	for rows.Next() {
		var name string
		e = errors.Join(e, rows.Scan(&name))
		names = append(names, name)
	}
	err = errors.Join(err, e, rows.Err(), rows.Close())
	for _, name := range names {
		err = errors.Join(err, conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name))
	}
	return err
}

// recorded reads the events after a position.
func (l *freshLedger) recorded(ctx context.Context, after eventstore.Position) ([]eventstore.Recorded, error) {
	var events []eventstore.Recorded
	for e, err := range l.app.Store.ReadAll(ctx, after) {
		if err != nil {
			return nil, fmt.Errorf("read the event log: %w", err)
		}
		events = append(events, e)
	}
	return events, nil
}

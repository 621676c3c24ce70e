// Package app wires the ledger together: event log, command execution, read
// models, sign-in and the HTTP handler, from one configuration. The server, the
// command-line tools, the scenarios and the end-to-end tests all start it.
package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"path/filepath"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"golang.org/x/sync/errgroup"

	"aftersales-ledger/api"
	"aftersales-ledger/api/door"
	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/hooks"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/cmd/internal/letterheadfile"
	"aftersales-ledger/cmd/internal/notices"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/letterhead"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/files"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/projections"
)

// Config says which engines a ledger uses. Empty fields take the embedded ones
// in the Data folder.
type Config struct {
	Data string // folder of everything the ledger keeps on this machine
	// Log is the event log: a path of a SQLite file, or esdb://… for EventStoreDB.
	Log string
	// ReadModels is the ClickHouse: embedded:DIR, clickhouse://… or http(s)://….
	ReadModels string
	// Attachments is where the contents of attachments are kept: a folder, or s3://BUCKET….
	Attachments string
	// Policy is a file with the department's own service table (§5.4), put in
	// force when the ledger is opened, and how hard it sends notices; empty: none.
	Policy string
	// Letterhead is a file with who the department is on papers and in mails
	// (see package letterheadfile); empty: DATA/letterhead.yaml where there is one.
	Letterhead string
	Clock      eventstore.Clock // nil is the machine's
	Logger     *slog.Logger     // nil is silent
	Version    string
	// Bulk fills a fresh SQLite log without a flush per commit; a crash
	// meanwhile means starting over.
	Bulk bool
	// Connector is a ClickHouse that the caller keeps, in place of ReadModels.
	Connector projections.Connector
	// Database is the base name of the ClickHouse databases, empty for the default.
	Database string
	// LogWait is how long Open waits for an EventStoreDB that is away: not at all
	// if zero, until it comes if Forever.
	LogWait time.Duration
	// Waiting, if not nil, is told why Open waits, at every try.
	Waiting func(reason error)
	// WebhookNetworks are networks beside the public one whose addresses webhooks may
	// be posted to.
	WebhookNetworks []netip.Prefix
	// Notices says how notices are sent; nil: they are not, by this process.
	Notices *Notices
	// PublicURL is the address at which people reach the console, such as
	// https://ledger.example.com. Mails carry links only where it is known.
	PublicURL string
	// Door lets people in; nil: the one that remembers in the data folder, by
	// DoorPolicy.
	Door       Door
	DoorPolicy door.Policy
	// Provider is an identity provider by which people sign in, too; nil: there is none.
	Provider *door.Provider
}

// WithDefaults is the configuration with the embedded engines where none is named.
func (c Config) WithDefaults() Config {
	if c.Log == "" {
		c.Log = filepath.Join(c.Data, "log.sqlite")
	}
	if c.ReadModels == "" {
		c.ReadModels = "embedded:" + filepath.Join(c.Data, "clickhouse")
	}
	if c.Attachments == "" {
		c.Attachments = filepath.Join(c.Data, "attachments")
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

// App is a running ledger.
type App struct {
	Ledger     *ledger.Ledger // for the machine's own work: of the whole company
	ReadModels *projections.ReadModels
	Door       Door
	Store      *eventstore.Watched
	Handler    http.Handler
	tail       *eventstore.Tail
	hooks      *hooks.Hooks
	hooksStore store.Store
	notices    *notices.Reactor // nil: none are sent
	verifier   *verifier

	clock  eventstore.Clock
	log    *slog.Logger
	atDoor []func() error // closes what the door uses
}

// Open opens the engines and wires the ledger. Run projects; Close releases.
func Open(ctx context.Context, c Config) (a *App, err error) {
	c = c.WithDefaults()
	if err := keepPrivate(c); err != nil {
		return nil, err
	}
	err = c.await(ctx, func(ctx context.Context) (err error) {
		a, err = open(ctx, c)
		return err
	})
	return a, err
}

func open(ctx context.Context, c Config) (_ *App, err error) {
	a := &App{clock: c.Clock, log: c.Logger}
	defer func() {
		if err != nil {
			_ = a.Close()
		}
	}()
	store, err := openStore(ctx, c)
	if err != nil {
		return nil, err
	}
	a.Store = eventstore.Watch(store, c.Clock, c.Logger)
	scoped, err := newLedger(ctx, a.Store, c)
	if err != nil {
		return nil, err
	}
	a.Ledger = scoped.Under(access.Whole())
	if err := adoptPolicy(ctx, a.Ledger, c.Policy); err != nil {
		return nil, err
	}
	if err := a.Ledger.People().Refresh(ctx); err != nil {
		return nil, err
	}
	if err := a.openDoor(ctx, c); err != nil {
		return nil, err
	}
	source := logSource{a.Store, eventstore.Trade}
	options := projections.Options{Clock: c.Clock, Logger: c.Logger, Database: c.Database}
	if c.Connector != nil {
		a.ReadModels, err = projections.New(c.Connector, source, options)
	} else {
		a.ReadModels, err = projections.Open(c.ReadModels, source, options)
	}
	if err != nil {
		return nil, err
	}
	metrics := prometheus.NewRegistry()
	metrics.MustRegister(a.ReadModels, logGauge(a.Store), cutsGauge(a.Store), collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	letterheads, err := readLetterheads(c)
	if err != nil {
		return nil, err
	}
	letterheads.Names = a.Ledger.People().NameOn
	a.tail = eventstore.NewTail(a.Store)
	a.verifier = &verifier{app: a, head: a.Store.Head}
	deps := kit.Deps{
		Tail: a.tail, Verifier: a.verifier,
		Ledger: scoped, ReadModels: a.ReadModels, Door: a.Door, Clock: c.Clock, Metrics: metrics, Log: c.Logger,
		Version:     c.Version,
		EventLog:    a.Store.Health,
		Cuts:        a.Store.Cuts,
		Letterheads: letterheads,
	}
	if d, ours := a.Door.(*door.Door); ours {
		deps.Inviter, deps.Links = d, d
	}
	if deps.NoticeRules, err = noticeRules(c.Policy); err != nil {
		return nil, err
	}
	if err := a.openHooks(c, &deps); err != nil {
		return nil, err
	}
	if c.Notices != nil {
		if a.notices, err = c.Notices.open(ctx, c, a); err != nil {
			return nil, err
		}
		metrics.MustRegister(a.notices)
		deps.Notices = a.noticesStatus
	}
	a.Handler = api.New(deps)
	return a, nil
}

// LetterheadFile is where a ledger's letterhead is looked for in its data folder.
const LetterheadFile = "letterhead.yaml"

// readLetterheads reads the letterheads. One that is named must be there.
func readLetterheads(c Config) (letterhead.Book, error) {
	if c.Letterhead != "" {
		return letterheadfile.Read(c.Letterhead)
	}
	b, err := letterheadfile.Read(filepath.Join(c.Data, LetterheadFile))
	if errors.Is(err, fs.ErrNotExist) {
		c.Logger.Info("papers and mails go out without a letterhead", "write", filepath.Join(c.Data, LetterheadFile))
		return letterhead.Book{}, nil
	}
	return b, err
}

// OpenLedger opens the write side alone, for what needs no figures. The
// returned function closes the log.
func OpenLedger(ctx context.Context, c Config) (*ledger.Ledger, eventstore.Store, error) {
	c = c.WithDefaults()
	if err := keepPrivate(c); err != nil {
		return nil, nil, err
	}
	var (
		l     *ledger.Ledger
		store eventstore.Store
	)
	err := c.await(ctx, func(ctx context.Context) (err error) {
		if store, err = openStore(ctx, c); err != nil {
			return err
		}
		if l, err = newLedger(ctx, store, c); err != nil {
			return errors.Join(err, store.Close())
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	return l.Under(access.Whole()), store, nil
}

func newLedger(ctx context.Context, store eventstore.Store, c Config) (*ledger.Ledger, error) {
	kept, err := files.Open(ctx, c.Attachments)
	if err != nil {
		return nil, err
	}
	exec := eventstore.NewExecutor(store, eventstore.Trade, eventstore.ExecutorOptions{SoleWriter: !isEventStoreDB(c.Log)})
	return ledger.New(exec, policy.Default(), c.Clock).WithFiles(kept), nil
}

func isEventStoreDB(log string) bool {
	scheme, _, ok := strings.Cut(log, "://")
	return ok && (strings.HasPrefix(scheme, "esdb") || strings.HasPrefix(scheme, "kurrent"))
}

func openStore(ctx context.Context, c Config) (eventstore.Store, error) {
	if isEventStoreDB(c.Log) {
		s, err := esdb.Open(ctx, c.Log, esdb.Options{Clock: c.Clock, Logger: c.Logger})
		if err != nil {
			return nil, err // not s: a nil pointer in an interface is not nil
		}
		if err := keepPrefix(c.Data, s.Prefix()); err != nil {
			return nil, errors.Join(err, s.Close())
		}
		return s, nil
	}
	opts := sqlite.Options{Clock: c.Clock}
	if c.Bulk {
		opts.Durability = sqlite.BulkLoad
	}
	s, err := sqlite.Open(c.Log, opts)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Run projects the log into the read models, frees what a crash left in payment
// requests that never came about, and sends notices where that is configured,
// until ctx ends.
func (a *App) Run(ctx context.Context) error {
	var group errgroup.Group
	group.Go(func() error { a.Store.Run(ctx); return nil })
	group.Go(func() error { a.Ledger.People().Run(ctx, a.log); return nil })
	group.Go(func() error { a.tail.Run(ctx); return nil })
	group.Go(func() error { a.hooks.Run(ctx); return nil })
	group.Go(func() error { return a.ReadModels.Run(ctx) })
	group.Go(func() error { return a.freeRepairs(ctx, a.log) })
	if d, ours := a.Door.(*door.Door); ours {
		group.Go(func() error { return d.Run(ctx) })
	}
	if a.notices != nil {
		group.Go(func() error { return a.notices.Run(ctx) })
	}
	return group.Wait()
}

// Close releases the engines; Run must have returned.
func (a *App) Close() error {
	if a.verifier != nil {
		a.verifier.stop()
	}
	var errs []error
	for _, release := range a.atDoor {
		errs = append(errs, release())
	}
	if a.hooksStore != nil {
		errs = append(errs, a.hooksStore.Close())
	}
	if a.ReadModels != nil {
		errs = append(errs, a.ReadModels.Close())
	}
	if a.Store != nil {
		errs = append(errs, a.Store.Close())
	}
	return errors.Join(errs...)
}

// Package chdb embeds the ClickHouse engine in the process: libchdb loaded
// without cgo, and spoken to by the ordinary clickhouse-go client through an
// [http.RoundTripper] that answers its HTTP protocol in memory.
//
// What to know about the engine:
//
//   - A process has room for one engine over one data folder, and a data
//     folder for one process. Isolated data sets within a process are separate
//     databases on one engine: CREATE DATABASE, and [Engine.Options] with its
//     name. After Close, the same or another folder can be opened, but each
//     round leaves a handful of threads behind, so a test suite does better
//     with one engine and a database per test.
//   - Answers are complete before the client reads the first row, so an error
//     never arrives in the middle of a result and unread rows block nobody.
//     An answer therefore has to fit in memory.
//   - An answer without rows has no columns either, unlike a server's.
//   - Compression, external tables and HTTP sessions are refused: the first
//     would be wasted work within a process, the others have no counterpart.
package chdb

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"aftersales-ledger/domain"
)

const (
	defaultConnections = 4
	defaultDatabase    = "default"
)

var (
	// ErrLocked says that another process works on the data folder.
	ErrLocked error = domain.Failed(nil, "chdb: the data folder is in use by another process")
	// ErrAlreadyOpen says that this process has an engine open already.
	ErrAlreadyOpen error = domain.Failed(nil, "chdb: this process already has an engine open")
	// ErrClosed is the answer of an engine after Close.
	ErrClosed error = domain.Failed(nil, "chdb: the engine is closed")
)

// Options tune an engine. The zero value is ready for use.
type Options struct {
	// Library is the path of libchdb; empty means [Locate].
	Library string
	// Connections is how many statements run side by side, 4 if zero. Further
	// ones wait for their turn.
	Connections int
	// MaxMemory caps the memory of the whole engine in bytes: a query beyond
	// it fails with MEMORY_LIMIT_EXCEEDED. Zero leaves the engine's own limit,
	// nine tenths of the machine's memory.
	MaxMemory uint64
	// MaxThreads caps the threads of one query; zero means one per core.
	MaxThreads int
	// Settings are ClickHouse settings for every query, which a request may
	// override.
	Settings map[string]string
}

// Engine is the embedded ClickHouse engine over one data folder. It is safe
// for concurrent use.
type Engine struct {
	lib   *native
	dir   string
	lock  *os.File
	args  []string
	hello hello

	// control is a session no request runs on. It keeps the engine alive while
	// sessions come and go, and kills the queries of the others.
	control   *conn
	controlMu sync.Mutex

	slots chan struct{} // one token per request that may run
	mu    sync.Mutex
	idle  []*conn // last in, first out, so that few sessions serve a quiet process

	closing   chan struct{}
	closeOnce sync.Once
}

// running is the engine of this process, guarded by its mutex.
var running struct {
	sync.Mutex
	engine *Engine
}

// Open starts the engine over the data folder dir, which is created if need
// be. It fails with [ErrNotInstalled] without the library, with [ErrLocked]
// when another process has the folder, and with [ErrAlreadyOpen] when this
// process has any folder open.
func Open(dir string, opts Options) (*Engine, error) {
	running.Lock()
	defer running.Unlock()
	if running.engine != nil {
		return nil, fmt.Errorf("%w: %s", ErrAlreadyOpen, running.engine.dir)
	}
	if opts.Library == "" {
		path, err := Locate()
		if err != nil {
			return nil, err
		}
		opts.Library = path
	}
	lib, err := load(opts.Library)
	if err != nil {
		return nil, err
	}
	e, err := start(lib, dir, opts)
	if err != nil {
		return nil, err
	}
	running.engine = e
	return e, nil
}

func start(lib *native, dir string, opts Options) (_ *Engine, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("chdb: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, domain.Failed(err, "chdb: the data folder %s cannot be opened", dir)
	}
	// The engine has a lock of its own, but reports it only on standard error.
	lock, err := lockFile(filepath.Join(dir, "engine.lock"))
	switch {
	case errors.Is(err, errHeld):
		return nil, fmt.Errorf("%w: %s", ErrLocked, dir)
	case err != nil:
		return nil, domain.Failed(err, "chdb: the data folder %s cannot be opened", dir)
	}

	connections := opts.Connections
	if connections <= 0 {
		connections = defaultConnections
	}
	e := &Engine{
		lib:  lib,
		dir:  dir,
		lock: lock,
		// Without a named configuration file the engine would read a
		// config.xml from the working directory or the home folder.
		args:    []string{"--path=" + dir, "--config-file="},
		slots:   make(chan struct{}, connections),
		closing: make(chan struct{}),
	}
	if opts.MaxMemory > 0 {
		e.args = append(e.args, "--max_server_memory_usage="+strconv.FormatUint(opts.MaxMemory, 10))
	}
	// Batching inserts across requests would only delay them: there is one
	// writer, and it batches itself.
	base := map[string]string{"async_insert": "0"}
	if opts.MaxThreads > 0 {
		base["max_threads"] = strconv.Itoa(opts.MaxThreads)
	}
	maps.Copy(base, opts.Settings)
	for i := range connections {
		e.idle = append(e.idle, &conn{lib: lib, mark: "chdb-" + strconv.Itoa(i), base: base})
	}
	e.control = &conn{lib: lib, mark: "chdb-control"}
	defer func() {
		if err != nil {
			e.control.close()
			err = errors.Join(err, lock.Close())
		}
	}()
	if err := e.control.dial(e.args); err != nil {
		return nil, domain.Failed(err, "chdb: the data folder %s cannot be opened", dir)
	}
	e.hello, err = askHello(e.control)
	if err != nil {
		return nil, domain.Failed(err, "chdb: the data folder %s cannot be opened", dir)
	}
	return e, nil
}

// Close waits for the statements that run and then stops the engine. Requests
// that come later, or still wait for their turn, fail with [ErrClosed].
func (e *Engine) Close() error {
	var err error
	e.closeOnce.Do(func() {
		close(e.closing)
		// Closing a session under a running query would crash the process, so
		// take every slot before touching one.
		for range cap(e.slots) {
			e.slots <- struct{}{}
		}
		running.Lock()
		defer running.Unlock()
		for _, c := range e.idle {
			c.close()
		}
		e.controlMu.Lock()
		defer e.controlMu.Unlock()
		e.control.close()
		err = e.lock.Close()
		running.engine = nil
	})
	return err
}

// Options returns what clickhouse.Open and clickhouse.OpenDB need to work on
// one database of the engine; an empty name means the default database. The
// database need not exist before the first statement that uses it.
func (e *Engine) Options(database string) *clickhouse.Options {
	return &clickhouse.Options{
		Protocol: clickhouse.HTTP,
		Addr:     []string{"embedded"}, // only ever seen in error messages
		Auth:     clickhouse.Auth{Database: database},
		TransportFunc: func(*http.Transport) (http.RoundTripper, error) {
			return e.RoundTripper(), nil
		},
		Compression: &clickhouse.Compression{Method: clickhouse.CompressionNone},
		// A client connection is a few pointers, and it stays taken while rows
		// or a batch are open. The engine does its own queueing, so the client
		// must not run out first and time out.
		MaxOpenConns:    16 * cap(e.slots),
		MaxIdleConns:    4 * cap(e.slots),
		ConnMaxLifetime: 24 * time.Hour,
		DialTimeout:     time.Minute,
	}
}

// acquire waits for a session. The caller passes it to release.
func (e *Engine) acquire(ctx context.Context) (*conn, error) {
	select {
	case <-e.closing:
		return nil, ErrClosed
	default:
	}
	select {
	case e.slots <- struct{}{}:
	case <-e.closing:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	e.mu.Lock()
	last := len(e.idle) - 1
	c := e.idle[last]
	e.idle = e.idle[:last]
	e.mu.Unlock()
	if c.handle == nil {
		if err := c.dial(e.args); err != nil {
			e.release(c)
			return nil, fmt.Errorf("chdb: open a session: %w", err)
		}
	}
	return c, nil
}

func (e *Engine) release(c *conn) {
	if c.stale {
		c.close()
	}
	e.mu.Lock()
	e.idle = append(e.idle, c)
	e.mu.Unlock()
	<-e.slots
}

// run runs a request on a free session. When ctx ends first, it returns at
// once and sees to the rest in the background: the query is killed, and its
// session is free again only when the engine has let go of it.
func (e *Engine) run(ctx context.Context, r request) (response, error) {
	c, err := e.acquire(ctx)
	if err != nil {
		return response{}, err
	}
	type outcome struct {
		response
		err error
	}
	done := make(chan outcome, 1)
	go func() {
		res, err := c.do(r)
		done <- outcome{res, err}
	}()
	select {
	case out := <-done:
		e.release(c)
		return out.response, out.err
	case <-ctx.Done():
	}
	go func() {
		// A kill misses a query that has not quite begun, hence the repetition.
		retry := time.NewTicker(20 * time.Millisecond)
		defer retry.Stop()
		for {
			e.kill(c)
			select {
			case out := <-done:
				if out.body != nil {
					out.body.free()
				}
				// A killed query stays in the list of processes, with what it
				// holds, until its session runs another or ends.
				c.stale = true
				e.release(c)
				return
			case <-retry.C:
			}
		}
	}()
	return response{}, ctx.Err()
}

// kill stops what runs on c. It is harmless when nothing does.
func (e *Engine) kill(c *conn) {
	e.controlMu.Lock()
	defer e.controlMu.Unlock()
	_ = e.control.exec("KILL QUERY WHERE Settings['log_comment'] = " + quoteText(c.mark) + " ASYNC")
}

// hello is what a client wants to know of a server before anything else.
type hello struct{ version, timezone string }

func askHello(c *conn) (hello, error) {
	res, err := c.query(request{sql: "SELECT version(), timezone()", format: "TSVRaw"})
	if err != nil {
		return hello{}, err
	}
	if res.body == nil {
		return hello{}, domain.Failed(nil, "the engine does not say its version")
	}
	defer res.body.free()
	version, timezone, _ := strings.Cut(strings.TrimSpace(string(res.body.rest)), "\t")
	return hello{version, timezone}, nil
}

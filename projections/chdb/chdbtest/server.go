// Package chdbtest puts servers in front of the embedded engine that speak
// ClickHouse's protocols on the loopback interface, for tests of what a real
// server and the way to it may do.
package chdbtest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Server stands in for a ClickHouse server. Its methods make it misbehave.
type Server struct {
	scheme         string
	engine         engine
	user, password string
	version        string // the one it claims; empty: the engine's
	timezone       string
	lis            *listener

	mu   sync.Mutex
	deny bool
	cuts map[CutPoint]int
}

// Option changes how a server is set up.
type Option func(*Server)

// Login refuses connections that do not come with these credentials.
func Login(user, password string) Option {
	return func(s *Server) { s.user, s.password = user, password }
}

// Version is the version the server claims to have, such as "24.3.5.46".
func Version(v string) Option { return func(s *Server) { s.version = v } }

// newServer listens; the caller serves.
func newServer(t testing.TB, scheme string, transport http.RoundTripper, opts []Option) *Server {
	t.Helper()
	s := &Server{scheme: scheme, engine: engine{RoundTripper: transport}, user: "default", cuts: make(map[CutPoint]int)}
	for _, o := range opts {
		o(s)
	}
	var err error
	if s.timezone, err = s.engine.ask(t.Context(), "SELECT timezone()"); err != nil {
		t.Fatalf("chdbtest: %v", err)
	}
	if s.version == "" {
		if s.version, err = s.engine.ask(t.Context(), "SELECT version()"); err != nil {
			t.Fatalf("chdbtest: %v", err)
		}
	} else {
		s.engine.version = s.version
	}
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("chdbtest: %v", err)
	}
	s.lis = &listener{Listener: lis, conns: make(map[net.Conn]struct{})}
	return s
}

// HTTP starts a server that speaks ClickHouse's HTTP protocol and ends with
// the test.
func HTTP(t testing.TB, engine http.RoundTripper, opts ...Option) *Server {
	t.Helper()
	s := newServer(t, "http", engine, opts)
	web := &http.Server{Handler: http.HandlerFunc(s.serveHTTP), ReadHeaderTimeout: time.Minute}
	serve(t, func() { _ = web.Serve(s.lis) }, func() { _ = web.Close() })
	return s
}

// Native starts a server that speaks ClickHouse's native protocol and ends
// with the test.
func Native(t testing.TB, engine http.RoundTripper, opts ...Option) *Server {
	t.Helper()
	s := newServer(t, "clickhouse", engine, opts)
	ctx, cancel := context.WithCancel(context.Background())
	serve(t, func() { s.serveNative(ctx) }, func() {
		cancel()
		s.Refuse()
		_ = s.lis.Close()
	})
	return s
}

func serve(t testing.TB, run, stop func()) {
	var serving sync.WaitGroup
	serving.Go(run)
	t.Cleanup(func() {
		stop()
		serving.Wait()
	})
}

// Addr is where the server listens.
func (s *Server) Addr() string { return s.lis.Addr().String() }

// DSN is how to connect to a database of the server.
func (s *Server) DSN(database string) string {
	u := url.URL{Scheme: s.scheme, User: url.UserPassword(s.user, s.password), Host: s.Addr(), Path: "/" + database}
	return u.String()
}

// Refuse makes the server unreachable until Accept: it cuts all connections
// and every new one.
func (s *Server) Refuse() {
	s.lis.refuse(true)
	s.lis.drop()
}

// Accept ends Refuse.
func (s *Server) Accept() { s.lis.refuse(false) }

// DenyLogins cuts all connections and denies every login from now on. What it
// then says repeats the password, as a careless proxy might.
func (s *Server) DenyLogins() {
	s.mu.Lock()
	s.deny = true
	s.mu.Unlock()
	s.lis.drop()
}

// login returns the exception for credentials that are not let in.
func (s *Server) login(user, password string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.deny:
		return exception{
			codeAuthenticationFailed,
			fmt.Sprintf("%s: Authentication failed: %s is wrong. (AUTHENTICATION_FAILED)", user, password),
		}
	case user != s.user || password != s.password:
		return exception{
			codeAuthenticationFailed,
			user + ": Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)",
		}
	}
	return nil
}

// versionParts are the numbers of the version as the native protocol has them.
func (s *Server) versionParts() (parts [3]int) {
	for i, text := range strings.SplitN(s.version, ".", 4) {
		if i < len(parts) {
			parts[i], _ = strconv.Atoi(text)
		}
	}
	return parts
}

// listener knows its connections and can cut them.
type listener struct {
	net.Listener

	mu      sync.Mutex
	conns   map[net.Conn]struct{}
	refused bool
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		l.mu.Lock()
		refused := l.refused
		if !refused {
			l.conns[conn] = struct{}{}
		}
		l.mu.Unlock()
		if !refused {
			return &line{conn, l}, nil
		}
		_ = conn.Close()
	}
}

func (l *listener) refuse(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refused = on
}

func (l *listener) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for conn := range l.conns {
		_ = conn.Close()
	}
	clear(l.conns)
}

// line is a connection that its listener can cut.
type line struct {
	net.Conn
	listener *listener
}

// Close implements net.Conn.
func (l *line) Close() error {
	l.listener.mu.Lock()
	delete(l.listener.conns, l.Conn)
	l.listener.mu.Unlock()
	return l.Conn.Close()
}

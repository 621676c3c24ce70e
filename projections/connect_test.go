package projections

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"aftersales-ledger/projections/chdb/chdbtest"
)

const secret = "p@ss/wörd"

func TestThePasswordIsInNoError(t *testing.T) {
	for name, dsn := range map[string]string{
		"a DSN that cannot be parsed": "clickhouse://ledger:" + secret + "@ host:port/x",
		"a port that is no number":    "http://ledger:p%40ss%2Fw%C3%B6rd@localhost:no/x",
		"a bad database name":         "clickhouse://ledger:p%40ss%2Fw%C3%B6rd@localhost:9000/a-b",
		"an unknown scheme":           "mysql://ledger:" + secret + "@localhost/x",
		"an empty folder":             "embedded:",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(dsn, NewMemoryLog(), Options{})
			if err == nil {
				t.Fatal("want an error")
			}
			if text := err.Error(); strings.Contains(text, "w%C3%B6rd") || strings.Contains(text, "wörd") {
				t.Errorf("the error shows the password: %s", text)
			}
		})
	}
}

// TestAServer goes the whole way of a server's DSN: the engine stands in for
// the server, behind both protocols and a password.
func TestAServer(t *testing.T) {
	for protocol, serve := range map[string]func(testing.TB, http.RoundTripper, ...chdbtest.Option) *chdbtest.Server{
		"HTTP": chdbtest.HTTP, "the native protocol": chdbtest.Native,
	} {
		t.Run(protocol, func(t *testing.T) {
			h := newHistory(t, 100)
			server := serve(t, Engine.RoundTripper(), chdbtest.Login("ledger", secret))
			m := runOn(t, server.DSN(NewDatabase(t)), h)
			Projected(t, m, h.head)
			sameFigures(t, h.want, FiguresOf(t, m), "over "+protocol)

			server.DenyLogins()
			_, err := AskReceivables(t.Context(), m, Filter{})
			if !errors.Is(err, ErrUnavailable) || strings.Contains(err.Error(), "wörd") {
				t.Errorf("want an error without the password, got %v", err)
			}
		})
	}
}

// LEDGER_TEST_CLICKHOUSE names a real server, to see there what the engine
// stands in for elsewhere.
func TestARealServer(t *testing.T) {
	dsn := os.Getenv("LEDGER_TEST_CLICKHOUSE")
	if dsn == "" {
		t.Skip("LEDGER_TEST_CLICKHOUSE names no server")
	}
	c, err := connectServer(dsn)
	if err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	at.Path = "/" + newDatabaseOn(t, c)
	h := newHistory(t, 1000)
	m := runOn(t, at.String(), h)
	Projected(t, m, h.head)
	sameFigures(t, h.want, FiguresOf(t, m), "on the server")
}

func TestAnOldServerIsRefused(t *testing.T) {
	server := chdbtest.Native(t, Engine.RoundTripper(), chdbtest.Version("18.16.1"))
	m := runOn(t, server.DSN(NewDatabase(t)), newHistory(t, 1))
	status := until(t, m, Retrying)
	for _, want := range []string{"18.16.1 is too old", "24.8 or newer", "upgrade"} {
		if !strings.Contains(status.Reason, want) {
			t.Errorf("the status says %q, want %q in it", status.Reason, want)
		}
	}
}

// runOn opens the read models of a history by a DSN and runs their projector
// until the test ends.
func runOn(t *testing.T, dsn string, h *history) *ReadModels {
	t.Helper()
	m, err := Open(dsn, h.log(), Options{Clock: h.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = m.Run(ctx) })
	t.Cleanup(func() {
		stop()
		running.Wait()
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

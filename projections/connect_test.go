package projections

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
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
			_, err := Open(dsn, newMemoryLog(), Options{})
			if err == nil {
				t.Fatal("want an error")
			}
			if text := err.Error(); strings.Contains(text, "w%C3%B6rd") || strings.Contains(text, "wörd") {
				t.Errorf("the error shows the password: %s", text)
			}
		})
	}
}

// TestAServerOverHTTP goes the whole way of a server's DSN: the engine stands
// in for the server, behind real HTTP and a password.
func TestAServerOverHTTP(t *testing.T) {
	h := newHistory(t, 100)
	refuse := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, ok := r.BasicAuth()
		if !ok || user != "ledger" || password != secret || refuse {
			http.Error(w, "Code: 516. DB::Exception: ledger: Authentication failed, "+password+" is wrong", http.StatusForbidden)
			return
		}
		answer, err := engine.RoundTripper().RoundTrip(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer answer.Body.Close()
		for name, values := range answer.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.StatusCode)
		_, _ = io.Copy(w, answer.Body)
	}))
	t.Cleanup(server.Close)
	dsn := strings.Replace(server.URL, "http://", "http://ledger:p%40ss%2Fw%C3%B6rd@", 1) + "/" + newDatabase(t)

	m, err := Open(dsn, h.log(), Options{Clock: h.clock.now})
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
	projected(t, m, h.head)
	sameFigures(t, h.want, figuresOf(t, m), "over HTTP")

	refuse = true
	_, err = m.Receivables(t.Context(), Cut{}, Filter{}, Page{})
	if !errors.Is(err, ErrUnavailable) || strings.Contains(err.Error(), "wörd") {
		t.Errorf("want an error without the password, got %v", err)
	}
}

// TestAServerOverTheNativeProtocol asks a server that speaks ClickHouse's
// native protocol, in front of the same engine.
func TestAServerOverTheNativeProtocol(t *testing.T) {
	h := newHistory(t, 100)
	server := chdbtest.Native(t, engine.RoundTripper())
	m, err := Open(server.DSN(newDatabase(t)), h.log(), Options{Clock: h.clock.now})
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
	projected(t, m, h.head)
	sameFigures(t, h.want, figuresOf(t, m), "over the native protocol")
}

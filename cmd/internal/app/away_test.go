package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"aftersales-ledger/api"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/kit/doortest"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb/esdbtest"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/sqlite/sqlitetest"
)

// impatient makes a store give up a search for a node at once.
const impatient = "&maxDiscoverAttempts=1&discoveryInterval=1&gossipTimeout=1"

func sqliteLog(t *testing.T) eventstore.Store {
	t.Helper()
	s := sqlitetest.Open(t, sqlite.Options{Durability: sqlite.BulkLoad})
	return s
}

// said gathers log lines.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

// lines returns the lines that hold a text.
func (s *said) lines(text string) (found []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for line := range strings.Lines(s.text.String()) {
		if strings.Contains(line, text) {
			found = append(found, line)
		}
	}
	return found
}

func health(t *testing.T, h http.Handler, path string) (int, api.HealthBody) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	var body api.HealthBody
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("%s answered %d: %s", path, w.Code, w.Body)
	}
	return w.Code, body
}

// eventually waits for something that comes by itself.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for began := time.Now(); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > time.Minute {
			t.Fatal("it never came that " + what)
		}
	}
}

func TestTheStartWaitsForTheLog(t *testing.T) {
	address, server := esdbtest.Serve(t, sqliteLog(t))
	server.Refuse()
	var text said
	front := &api.Front{Version: "v"}
	began := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	waits := make(chan error, 100)
	opened := make(chan *app.App, 1)
	go func() {
		a, err := app.Open(t.Context(), app.Config{
			Data: t.TempDir(), Log: address + impatient, ReadModels: noClickHouse, LogWait: app.Forever,
			Door: doortest.New(time.Now), Logger: slog.New(slog.NewTextHandler(&text, nil)),
			Waiting: func(reason error) {
				front.Waiting(reason.Error(), began)
				waits <- reason
			},
		})
		if err != nil {
			t.Error(err)
		} else {
			front.Open(a.Handler)
		}
		opened <- a
	}()
	for range 2 {
		if err := <-waits; !errors.Is(err, eventstore.ErrUnavailable) {
			t.Errorf("it waits because of %v", err)
		}
	}
	if code, body := health(t, front, "/healthz"); code != http.StatusOK || body.Version != "v" {
		t.Errorf("/healthz answered %d %+v", code, body)
	}
	code, body := health(t, front, "/readyz")
	if code != http.StatusServiceUnavailable || body.Commands.Taken || body.Commands.Reason == "" ||
		body.Commands.Since != "2026-11-28T17:00:00+08:00" {
		t.Errorf("/readyz answered %d %+v", code, body)
	}
	w := httptest.NewRecorder()
	front.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/receivables", nil))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(),
		"log-unavailable") {
		t.Errorf("a question answered %d %v %s", w.Code, w.Header(), w.Body)
	}

	server.Accept()
	a := <-opened
	if a == nil {
		t.FailNow()
	}
	t.Cleanup(func() { _ = a.Close() })
	if resp := post(t, clientOf(t, a, regionalAdmin), "/v1/centers", "open", openC01); resp.Status != http.StatusCreated {
		t.Errorf("a command answered %d: %s", resp.Status, resp.Body)
	}
	if away, back := text.lines("is away"), text.lines("it is there"); len(away) != 1 || len(back) != 1 ||
		!strings.Contains(back[0], "tries=") {
		t.Errorf("people were told %q and %q", away, back)
	}
}

func TestToolsWaitForTheLogForAWhile(t *testing.T) {
	address, server := esdbtest.Serve(t, sqliteLog(t))
	server.Refuse()
	_, _, err := app.OpenLedger(t.Context(), app.Config{
		Data: t.TempDir(), Log: address + impatient, LogWait: time.Millisecond,
	})
	if !errors.Is(err, eventstore.ErrUnavailable) || !strings.Contains(err.Error(), "waited") {
		t.Errorf("got %v", err)
	}
}

// A log that will never be had is no reason to wait.
func TestNobodyWaitsForALogThatRefusesThem(t *testing.T) {
	page := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(page.Close)
	_, err := app.Open(t.Context(), app.Config{
		Data: t.TempDir(), Log: "esdb://" + page.Listener.Addr().String() + "?tls=false" + impatient,
		ReadModels: noClickHouse,
		LogWait:    app.Forever, Waiting: func(reason error) { t.Errorf("it waits: %v", reason) },
	})
	if !errors.Is(err, eventstore.ErrRefused) {
		t.Errorf("got %v", err)
	}
}

func TestReadinessAndAnswersKnowThatTheLogIsAway(t *testing.T) {
	address, server := esdbtest.Serve(t, sqliteLog(t))
	var text said
	dir := t.TempDir()
	a := start(t, app.Config{
		Data: dir, Log: address + impatient, ReadModels: "embedded:" + dir + "/figures",
		Logger: slog.New(slog.NewTextHandler(&text, nil)), Notices: &app.Notices{},
	})
	c := clientOf(t, a, regionalAdmin)
	if resp := post(t, c, "/v1/centers", "open", openC01); resp.Status != http.StatusCreated {
		t.Fatalf("%d %s", resp.Status, resp.Body)
	}
	eventually(t, "it is ready", func() bool { code, _ := health(t, a.Handler, "/readyz"); return code == http.StatusOK })

	server.Refuse()
	server.DropConnections()
	eventually(t, "readiness says that the log is away", func() bool {
		code, body := health(t, a.Handler, "/readyz")
		return code == http.StatusServiceUnavailable && !body.Commands.Taken && body.Commands.Since != "" &&
			body.Commands.Reason != ""
	})
	if metrics := string(get(t, c, "/metrics").Body); !strings.Contains(metrics, "ledger_log_available 0") {
		t.Errorf("the metrics do not say so:\n%s", metrics)
	}
	resp := get(t, c, "/v1/receivables")
	var answer struct {
		KnownAt   time.Time     `json:"knownAt"`
		ReadModel kit.Freshness `json:"readModel"`
	}
	if err := json.Unmarshal(resp.Body, &answer); err != nil || resp.Status != http.StatusOK {
		t.Fatalf("%d %s (%v)", resp.Status, resp.Body, err)
	}
	if since := a.Store.Health().Since; answer.ReadModel.State == "live" || answer.ReadModel.Reason == "" ||
		answer.KnownAt.After(since) {
		t.Errorf("an answer claims to be of now, with the log away since %s: %s", since, resp.Body)
	}

	server.Accept()
	eventually(t, "it is ready again",
		func() bool { code, _ := health(t, a.Handler, "/readyz"); return code == http.StatusOK })
	if away, back := text.lines("event log: it is away"), text.lines("event log: it is back"); len(away) != 1 ||
		len(back) != 1 {
		t.Errorf("people were told %q and %q", away, back)
	}
	if other := text.lines("subscription"); len(other) > 0 {
		t.Errorf("the subscriptions say it as well: %q", other)
	}
}

// swapped is a log in whose place another one can be put.
type swapped struct {
	mu sync.Mutex
	eventstore.Store
}

func (s *swapped) set(to eventstore.Store) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Store = to
}

func (s *swapped) now() eventstore.Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Store
}

func (s *swapped) Append(
	ctx context.Context, stream string, at eventstore.Expected, events []eventstore.Proposed,
) (eventstore.Appended, error) {
	return s.now().Append(ctx, stream, at, events)
}

func (s *swapped) ReadStream(
	ctx context.Context, stream string, from eventstore.Revision, dir eventstore.Direction,
) iter.Seq2[eventstore.Recorded, error] {
	return s.now().ReadStream(ctx, stream, from, dir)
}

func (s *swapped) ReadAll(ctx context.Context, after eventstore.Position) iter.Seq2[eventstore.Recorded, error] {
	return s.now().ReadAll(ctx, after)
}

func (s *swapped) EventAt(ctx context.Context, at eventstore.Position) (eventstore.Recorded, error) {
	return s.now().EventAt(ctx, at)
}

func (s *swapped) Subscribe(
	ctx context.Context, after eventstore.Position, limit int,
) iter.Seq2[eventstore.Batch, error] {
	return s.now().Subscribe(ctx, after, limit)
}

func (s *swapped) Head(ctx context.Context) (eventstore.Position, error) { return s.now().Head(ctx) }

// A node that kept its log in memory comes back empty under the same address.
func TestAnEmptyLogInItsPlaceTakesNoCommandAndShowsNoFigure(t *testing.T) {
	first, second := sqliteLog(t), sqliteLog(t)
	place := &swapped{Store: first}
	address, server := esdbtest.Serve(t, place)
	dir := t.TempDir()
	a := start(t, app.Config{
		Data: dir, Log: address + impatient, ReadModels: "embedded:" + dir + "/figures", Notices: &app.Notices{},
	})
	c := clientOf(t, a, regionalAdmin)
	if resp := post(t, c, "/v1/centers", "open", openC01); resp.Status != http.StatusCreated {
		t.Fatalf("%d %s", resp.Status, resp.Body)
	}
	eventually(t, "it is ready", func() bool { code, _ := health(t, a.Handler, "/readyz"); return code == http.StatusOK })

	place.set(second)
	server.DropConnections()
	eventually(t, "the log is found replaced", func() bool { return a.Store.Health().Replaced })
	eventually(t, "the projector stops", func() bool {
		code, body := health(t, a.Handler, "/readyz")
		return code == http.StatusServiceUnavailable && body.ReadModel.State == "stopped" && !body.Commands.Taken
	})
	resp := post(t, c, "/v1/centers", "open 2", strings.Replace(openC01, "C01", "C02", 1))
	if resp.Status != http.StatusServiceUnavailable || !strings.Contains(string(resp.Body), "log-replaced") {
		t.Errorf("a command answered %d: %s", resp.Status, resp.Body)
	}
	if resp := get(t, c, "/v1/receivables"); resp.Status != http.StatusServiceUnavailable {
		t.Errorf("a question answered %d: %s", resp.Status, resp.Body)
	}
	if head, err := second.Head(t.Context()); err != nil || head != 0 {
		t.Errorf("something was written into the other log: %d, %v", head, err)
	}
}

// The same data folder over another log: the figures say which log it should be.
func TestARestartOverAnEmptyLogTakesNoCommand(t *testing.T) {
	dir := t.TempDir()
	config := app.Config{Data: dir, ReadModels: "embedded:" + dir + "/figures", Door: doortest.New(time.Now)}
	func() {
		a, err := app.Open(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		running, stop := context.WithCancel(context.WithoutCancel(t.Context()))
		done := make(chan error, 1)
		go func() { done <- a.Run(running) }()
		if resp := post(t, clientOf(t, a, regionalAdmin), "/v1/centers", "open", openC01); resp.Status != http.StatusCreated {
			t.Errorf("%d %s", resp.Status, resp.Body)
		}
		eventually(t, "it is ready", func() bool { code, _ := health(t, a.Handler, "/readyz"); return code == http.StatusOK })
		stop()
		if err := errors.Join(<-done, a.Close()); err != nil {
			t.Fatal(err)
		}
	}()

	config.Log = filepath.Join(dir, "another.sqlite")
	a := start(t, config)
	eventually(t, "the log is found to be another one", func() bool { return a.Store.Health().Replaced })
	if resp := post(t, clientOf(t, a, regionalAdmin), "/v1/centers", "open",
		openC01); resp.Status != http.StatusServiceUnavailable {
		t.Errorf("a command answered %d: %s", resp.Status, resp.Body)
	}
	if head, err := a.Store.Head(t.Context()); err != nil || head != 0 {
		t.Errorf("something was written into the other log: %d, %v", head, err)
	}
}

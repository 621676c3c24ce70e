package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/kit/doortest"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/app/apptest"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/eventstore/ledger"
)

// noClickHouse is the address of a server that does not answer.
const noClickHouse = "http://127.0.0.1:1/ledger"

// start opens a ledger whose projector runs until the test ends.
func start(t testing.TB, c app.Config) *app.App {
	t.Helper()
	if c.Door == nil {
		c.Door = doortest.New(c.WithDefaults().Clock)
	}
	return apptest.Start(t, c)
}

func clientOf(t *testing.T, a *app.App, actor domain.Actor) *client.Client {
	t.Helper()
	return client.InProcess(a.Handler, a.Door.(*doortest.Door).Token(actor, time.Hour))
}

var regionalAdmin = domain.Actor{Name: "zhao", Role: domain.RegionalAdmin}

func post(t *testing.T, c *client.Client, path, key, body string) client.Response {
	t.Helper()
	resp, err := c.Do(t.Context(), client.Request{Method: http.MethodPost, Path: path, Key: key, Body: []byte(body)})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

func get(t *testing.T, c *client.Client, path string) client.Response {
	t.Helper()
	resp, err := c.Do(t.Context(), client.Request{Method: http.MethodGet, Path: path})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

const openC01 = `{"center":"C01","name":"云栖花园物业服务中心","region":"华东","sameDueDate":"CHARGE_DATE"}`

func TestWithoutClickHouseCommandsGoOnAndQueriesSayHowFarBehindTheyAre(t *testing.T) {
	a := start(t, app.Config{Data: t.TempDir(), ReadModels: noClickHouse})
	c := clientOf(t, a, regionalAdmin)
	if resp := post(t, c, "/v1/centers", "open", openC01); resp.Status != http.StatusCreated {
		t.Fatalf("a command answered %d: %s", resp.Status, resp.Body)
	}
	resp := get(t, c, "/v1/receivables")
	var p kit.Problem
	if err := json.Unmarshal(resp.Body,
		&p); err != nil || resp.Status != http.StatusServiceUnavailable || p.ReadModel == nil {
		t.Fatalf("a query answered %d: %s (%v)", resp.Status, resp.Body, err)
	}
	if p.ReadModel.State == "live" {
		t.Errorf("the answer claims a live read model: %s", resp.Body)
	}
	if resp := get(t, c, "/readyz"); resp.Status != http.StatusServiceUnavailable {
		t.Errorf("readiness answered %d: %s", resp.Status, resp.Body)
	}
	if resp := get(t, c, "/healthz"); resp.Status != http.StatusOK {
		t.Errorf("health answered %d: %s", resp.Status, resp.Body)
	}
	if resp := get(t, c, "/metrics"); !strings.Contains(string(resp.Body), "ledger_") {
		t.Errorf("metrics do not speak of the ledger:\n%s", resp.Body)
	}
}

func TestALogThatIsGoneAnswers503AndLosesNothing(t *testing.T) {
	dir := t.TempDir()
	a, err := app.Open(t.Context(), app.Config{Data: dir, ReadModels: noClickHouse, Door: doortest.New(time.Now)})
	if err != nil {
		t.Fatal(err)
	}
	c := clientOf(t, a, regionalAdmin)
	if resp := post(t, c, "/v1/centers", "open", openC01); resp.Status != http.StatusCreated {
		t.Fatalf("a command answered %d: %s", resp.Status, resp.Body)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if resp := post(t, c, "/v1/centers", "open 2",
		strings.Replace(openC01, "C01", "C02", 1)); resp.Status != http.StatusServiceUnavailable {
		t.Fatalf("a command on a closed log answered %d: %s", resp.Status, resp.Body)
	}

	again := start(t, app.Config{Data: dir, ReadModels: noClickHouse})
	c = clientOf(t, again, regionalAdmin)
	resp := post(t, c, "/v1/centers", "open", openC01)
	var r kit.Receipt
	if err := json.Unmarshal(resp.Body, &r); err != nil || !r.Repeated {
		t.Errorf("after a restart the same command answered %d: %s", resp.Status, resp.Body)
	}
	if resp := post(t, c, "/v1/centers", "open 2",
		strings.Replace(openC01, "C01", "C02", 1)); resp.Status != http.StatusCreated {
		t.Errorf("the retry of what was refused answered %d: %s", resp.Status, resp.Body)
	}
}

func TestASecondLedgerOnTheSameDataIsRefused(t *testing.T) {
	dir := t.TempDir()
	start(t, app.Config{Data: dir, ReadModels: noClickHouse})
	if _, err := app.Open(t.Context(),
		app.Config{Data: dir, ReadModels: noClickHouse}); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("got %v; want an error that names the folder", err)
	}
}

func TestALogThatCannotBeReachedIsAnErrorAtStart(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if _, err := app.Open(ctx,
		app.Config{Data: t.TempDir(), Log: "esdb://127.0.0.1:1?tls=false", ReadModels: noClickHouse}); err == nil {
		t.Error("no error")
	}
}

func TestManyClientsRepeatingOneCommandRecordItOnce(t *testing.T) {
	a := start(t, app.Config{Data: t.TempDir(), ReadModels: noClickHouse})
	c := clientOf(t, a, regionalAdmin)
	var group sync.WaitGroup
	var mu sync.Mutex
	var fresh int
	for range 32 {
		group.Go(func() {
			resp, err := c.Do(t.Context(),
				client.Request{Method: http.MethodPost, Path: "/v1/centers", Key: "open", Body: []byte(openC01)})
			var r kit.Receipt
			if err != nil || json.Unmarshal(resp.Body, &r) != nil || resp.Status != http.StatusCreated {
				t.Errorf("%v: %d %s", err, resp.Status, resp.Body)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			if !r.Repeated {
				fresh++
			}
		})
	}
	group.Wait()
	if head, err := a.Store.Head(t.Context()); err != nil || head != 1 || fresh != 1 {
		t.Errorf("the log ends at %d after %d first outcomes (%v); want one of each", head, fresh, err)
	}
}

func TestRequestsThatAreNotUnderstoodAreProblems(t *testing.T) {
	a := start(t, app.Config{Data: t.TempDir(), ReadModels: noClickHouse})
	c := clientOf(t, a, regionalAdmin)
	tests := map[string]struct {
		path, key, body string
		status          int
		problem         string
	}{
		"malformed JSON":             {"/v1/centers", "k", `{"center":`, http.StatusBadRequest, "malformed"},
		"an unknown field":           {"/v1/centers", "k", `{"center":"C01","name":"x","region":"y","colour":"red"}`, http.StatusUnprocessableEntity, "invalid"},
		"a missing idempotency key":  {"/v1/centers", "", openC01, http.StatusUnprocessableEntity, "invalid"},
		"a body over the limit":      {"/v1/centers", "k", fmt.Sprintf(`{"center":"C01","name":%q,"region":"y"}`, strings.Repeat("长", 1<<20)), http.StatusRequestEntityTooLarge, "body-too-large"},
		"a path that does not exist": {"/v1/nothing", "k", `{}`, http.StatusNotFound, "no-such-resource"},
		"a project of nobody":        {"/v1/centers/C01/charges", "k", `{"project":"P1","item":"x","occurredOn":"2026-01-01"}`, http.StatusNotFound, "unknown-center"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			resp := post(t, c, tt.path, tt.key, tt.body)
			var p kit.Problem
			if err := json.Unmarshal(resp.Body, &p); err != nil {
				t.Fatalf("answered %d with something else than a problem: %s", resp.Status, resp.Body)
			}
			if resp.Status != tt.status || p.Status != tt.status || !strings.HasSuffix(p.Type, ":"+tt.problem) {
				t.Errorf("answered %d %s", resp.Status, resp.Body)
			}
		})
	}
	for path, allowed := range map[string][]string{"/v1/projects": {"GET", "POST"}, "/v1/receivables": {"GET"}} {
		w := httptest.NewRecorder()
		a.Handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodDelete, path, nil))
		if w.Code != http.StatusMethodNotAllowed || !slices.Equal(w.Header()["Allow"], allowed) ||
			!strings.Contains(w.Body.String(), "method-not-allowed") {
			t.Errorf("DELETE %s is answered %d, allowed are %v: %s", path, w.Code, w.Header()["Allow"], w.Body)
		}
	}
	if head, err := a.Store.Head(t.Context()); err != nil || head != 0 {
		t.Errorf("the log ends at %d (%v); want it empty", head, err)
	}
}

func TestOnlyGoodTokensAreLetIn(t *testing.T) {
	var ahead atomic.Int64 // of midnight; the projector reads the clock, too
	clock := func() time.Time {
		return time.Date(2026, time.July, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(ahead.Load()))
	}
	data := t.TempDir()
	a := apptest.Start(t, app.Config{Data: data, ReadModels: noClickHouse, Clock: clock})
	good := tokenOfUser(t, a, "zhao", domain.RegionalAdmin)
	finance := tokenOfUser(t, a, "wang", domain.Finance)
	elsewhere := apptest.Start(t, app.Config{Data: t.TempDir(), ReadModels: noClickHouse, Clock: clock})
	forged := tokenOfUser(t, elsewhere, "zhao", domain.RegionalAdmin)
	old := "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJhZnRlcnNhbGVzLWxlZGdlciIsInJvbGUiOiJmaW5hbmNlIn0.c2lnbmVk"
	suspended := tokenOfUser(t, a, "gone", domain.RegionalAdmin)
	if _, err := ledger.Do(t.Context(), a.Ledger, request("suspend"), user.Suspend{Login: "gone", Reason: "left"},
		(*user.Users).Suspend); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		authorization string
		after         time.Duration
		status        int
	}{
		"a good token":                {"Bearer " + good, 0, http.StatusCreated},
		"no token":                    {"", 0, http.StatusUnauthorized},
		"another scheme":              {"Basic " + good, 0, http.StatusUnauthorized},
		"a token of another ledger":   {"Bearer " + forged, 0, http.StatusUnauthorized},
		"a token of an older version": {"Bearer " + old, 0, http.StatusUnauthorized},
		"an expired token":            {"Bearer " + good, 2 * time.Hour, http.StatusUnauthorized},
		"a suspended person's":        {"Bearer " + suspended, 0, http.StatusUnauthorized},
		"a role that may not":         {"Bearer " + finance, 0, http.StatusForbidden},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			ahead.Store(int64(tt.after))
			defer ahead.Store(0)
			path := "/v1/projects"
			body := `{}`
			if tt.status == http.StatusCreated {
				path, body = "/v1/centers", openC01
			}
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
			r.Header.Set("Idempotency-Key", "open")
			r.Header.Set("Content-Type", "application/json")
			if tt.authorization != "" {
				r.Header.Set("Authorization", tt.authorization)
			}
			w := httptest.NewRecorder()
			a.Handler.ServeHTTP(w, r)
			if w.Code != tt.status {
				t.Errorf("answered %d: %s", w.Code, w.Body)
			}
		})
	}
}

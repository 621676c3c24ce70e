package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"aftersales-ledger/api/edge"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/kit/doortest"
	"aftersales-ledger/api/live"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/domain"
	"aftersales-ledger/eventstore/esdb/esdbtest"
)

// feed reads a live feed and remembers where it is.
type feed struct {
	*testing.T
	token string
	last  string // id of the last event that was read
	body  *bufio.Reader
	stop  context.CancelFunc
}

// listen connects to a server, where the feed left off.
func (f *feed) listen(server *httptest.Server) {
	f.Helper()
	ctx, stop := context.WithTimeout(f.Context(), time.Minute)
	f.stop = stop
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/v1/live?after=1", nil)
	if err != nil {
		f.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+f.token)
	r.Header.Set("Accept-Encoding", "zstd, gzip")
	if f.last != "" {
		r.Header.Set("Last-Event-ID", f.last)
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { stop(); _ = resp.Body.Close() })
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Encoding") != "" {
		f.Fatalf("the feed answers %s %v", resp.Status, resp.Header)
	}
	f.body = bufio.NewReader(resp.Body)
}

// next reads one change; beats are passed over.
func (f *feed) next() (c live.Change, err error) {
	id, event := "", ""
	for {
		line, err := f.body.ReadString('\n')
		if err != nil {
			return c, err
		}
		switch name, value, _ := strings.Cut(strings.TrimSpace(line), ": "); name {
		case "id":
			id = value
		case "event":
			event = value
		case "data":
			f.last = id
			if event == "change" {
				return c, json.Unmarshal([]byte(value), &c)
			}
		}
	}
}

// network serves a ledger as the command does.
func network(t *testing.T, a *app.App) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(edge.Server(a.Handler, edge.Defaults(), slog.New(slog.DiscardHandler)).Handler)
	t.Cleanup(s.Close)
	return s
}

func openCenter(id string) string { return strings.Replace(openC01, "C01", id, 1) }

// Two servers on one log, and a reader who breaks off anywhere and comes back to the
// other: everything is heard once, in the order of the log.
func TestAFeedGoesOnWhereItBrokeOnWhicheverServer(t *testing.T) {
	address, _ := esdbtest.Serve(t, sqliteLog(t))
	door := doortest.New(time.Now) // of both
	var servers []*httptest.Server
	var apps []*app.App
	for range 2 {
		a := start(t, app.Config{Data: t.TempDir(), Log: address + impatient, ReadModels: noClickHouse, Door: door})
		apps, servers = append(apps, a), append(servers, network(t, a))
	}
	admin := clientOf(t, apps[0], regionalAdmin)
	other := clientOf(t, apps[1], regionalAdmin)
	const centers = 40
	for i := range centers {
		c := admin
		if i%2 == 1 {
			c = other
		}
		if r := post(t, c, "/v1/centers", fmt.Sprint("open-", i), openCenter(fmt.Sprintf("C%02d", i))); r.Status != http.StatusCreated {
			t.Fatalf("%d: %s", r.Status, r.Body)
		}
	}
	f := &feed{T: t, token: door.Token(regionalAdmin, time.Hour)}
	rng := rand.New(rand.NewPCG(1, 2))
	var got []string
	for at := 0; len(got) < centers; at++ {
		f.listen(servers[at%2])
		for range 1 + rng.IntN(7) {
			change, err := f.next()
			if err != nil {
				t.Fatalf("after %v: %v", got, err)
			}
			if got = append(got, change.ID); strconv.FormatUint(change.Position, 10) != f.last {
				t.Errorf("the change at %d has the id %s", change.Position, f.last)
			}
			if len(got) == centers {
				break
			}
		}
		f.stop()
	}
	for i, id := range got {
		if id != fmt.Sprintf("C%02d", i) {
			t.Fatalf("heard %v", got)
		}
	}
}

func TestACenterHearsOnlyOfItself(t *testing.T) {
	a := start(t, app.Config{Data: t.TempDir(), ReadModels: noClickHouse})
	server := network(t, a)
	admin := clientOf(t, a, regionalAdmin)
	head := a.Door.OfMachine(domain.Actor{Name: "xu", Role: domain.CenterHead, Center: "C02"})
	f := &feed{T: t, token: head}
	for i, center := range []string{"C01", "C02"} {
		for _, step := range []struct{ path, body string }{
			{"/v1/centers", openCenter(center)},
			{"/v1/projects", fmt.Sprintf(`{"project":"P%02d","name":"云栖花园","region":"华东","city":"杭州","center":%q,
				"from":"2024-09-01","warranty":{"occupancyOn":"2024-09-01","startsFrom":"OCCUPANCY","months":36}}`, i, center)},
		} {
			if r := post(t, admin, step.path, center+step.path, step.body); r.Status != http.StatusCreated {
				t.Fatalf("%d: %s", r.Status, r.Body)
			}
		}
	}
	quarter := "/v1/centers/%s/statements/2020Q1/issue"
	for _, center := range []string{"C01", "C02"} {
		if r := post(t, admin, fmt.Sprintf(quarter, center), "issue", ""); r.Status != http.StatusCreated {
			t.Fatalf("%d: %s", r.Status, r.Body)
		}
	}
	f.listen(server)
	c, err := f.next()
	if err != nil || c.ID != "C02" || c.Type != "StatementIssued" || len(c.Waits) == 0 {
		t.Errorf("C02 hears first of %+v: %v", c, err)
	}
}

// A server that stops ends its feeds, and does not wait for those who read them.
func TestAServerThatStopsEndsItsFeeds(t *testing.T) {
	a := start(t, app.Config{Data: t.TempDir(), ReadModels: noClickHouse})
	if r := post(t, clientOf(t, a, regionalAdmin), "/v1/centers", "open", openC01); r.Status != http.StatusCreated {
		t.Fatalf("%d: %s", r.Status, r.Body)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := edge.Server(a.Handler, edge.Defaults(), slog.New(slog.DiscardHandler))
	go func() { _ = s.Serve(edge.Listen(l, edge.Defaults())) }()
	f := &feed{T: t, token: a.Door.OfMachine(regionalAdmin)}
	f.listen(&httptest.Server{URL: "http://" + l.Addr().String()})
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if c, err := f.next(); err == nil {
		t.Errorf("after the stop it tells of %+v", c)
	}
}

func TestAFeedEndsWithTheRightToIt(t *testing.T) {
	var later atomic.Int64 // hours
	begun := time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC)
	a := start(t, app.Config{Data: t.TempDir(), ReadModels: noClickHouse, Clock: func() time.Time {
		return begun.Add(time.Duration(later.Load()) * time.Hour)
	}})
	if r := post(t, clientOf(t, a, regionalAdmin), "/v1/centers", "open", openC01); r.Status != http.StatusCreated {
		t.Fatalf("%d: %s", r.Status, r.Body)
	}
	f := &feed{T: t, token: a.Door.OfMachine(regionalAdmin)}
	f.listen(network(t, a))
	later.Store(2)
	if c, err := f.next(); err == nil || f.Context().Err() != nil {
		t.Errorf("after the token has ended it tells of %+v", c)
	}
}

// A feed begins after what there is: beyond it nothing would ever be told. Whoever comes
// back after what another log had told waits for what comes.
func TestAFeedDoesNotBeginBeyondTheLog(t *testing.T) {
	door := doortest.New(time.Now)
	a := start(t, app.Config{Data: t.TempDir(), ReadModels: noClickHouse, Door: door})
	if r := post(t, clientOf(t, a, regionalAdmin), "/v1/centers", "open", openC01); r.Status != http.StatusCreated {
		t.Fatalf("%d: %s", r.Status, r.Body)
	}
	server, token := network(t, a), door.Token(regionalAdmin, time.Hour)
	for after, want := range map[string]int{"?after=1": 200, "?after=2": 422, "?after=18446744073709551615": 422, "": 200} {
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/v1/live"+after, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != want {
			t.Errorf("%q is answered %s", after, resp.Status)
		}
		if want != http.StatusOK {
			var p kit.Problem
			if err := json.NewDecoder(resp.Body).Decode(&p); err != nil || !strings.HasSuffix(p.Type, "beyond-log") {
				t.Errorf("%q: %v %+v", after, err, p)
			}
		}
		stop()
		_ = resp.Body.Close()
	}
}

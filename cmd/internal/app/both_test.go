package app_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/eventstore/esdb/esdbtest"
	"aftersales-ledger/projections/chdb"
)

// unplugged is a ClickHouse that can be taken away.
type unplugged struct {
	*chdb.Engine
	away atomic.Bool
}

func (u *unplugged) Options(database string) *clickhouse.Options {
	opts := u.Engine.Options(database)
	opts.TransportFunc = func(*http.Transport) (http.RoundTripper, error) { return u, nil }
	return opts
}

func (u *unplugged) RoundTrip(r *http.Request) (*http.Response, error) {
	if u.away.Load() {
		return nil, errors.New("connection refused")
	}
	return u.RoundTripper().RoundTrip(r)
}

// The event log and ClickHouse go away together and come back one after the
// other, in either order. Whatever is asked is refused with the reason or says
// of when it is; whatever is recorded is shown at last.
func TestTheLogAndClickHouseAreAwayTogether(t *testing.T) {
	engine, err := chdb.Open(t.TempDir(), chdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	figures := &unplugged{Engine: engine}
	address, server := esdbtest.Serve(t, sqliteLog(t))
	a := start(t, app.Config{Data: t.TempDir(), Log: address + impatient, Connector: figures, Database: "together"})
	c := clientOf(t, a, regionalAdmin)
	open := func(center string) int {
		return post(t, c, "/v1/centers", "open "+center, strings.Replace(openC01, "C01", center, 1)).Status
	}
	if status := open("C01"); status != http.StatusCreated {
		t.Fatalf("a command answered %d", status)
	}
	ready := func() bool { code, _ := health(t, a.Handler, "/readyz"); return code == http.StatusOK }
	eventually(t, "it is ready", ready)
	everything := func() {
		t.Helper()
		server.Refuse()
		figures.away.Store(true)
		eventually(t, "it says that nothing goes", func() bool {
			code, body := health(t, a.Handler, "/readyz")
			return code == http.StatusServiceUnavailable && !body.Commands.Taken && body.Commands.Reason != "" &&
				body.ReadModel.Reason != ""
		})
		if resp := get(t, c,
			"/v1/receivables"); resp.Status != http.StatusServiceUnavailable || !strings.Contains(string(resp.Body), "reason") {
			t.Errorf("a question answered %d: %s", resp.Status, resp.Body)
		}
	}

	everything()
	figures.away.Store(false)
	eventually(t, "figures are told, and of when they are", func() bool {
		var answer struct {
			KnownAt   time.Time     `json:"knownAt"`
			ReadModel kit.Freshness `json:"readModel"`
		}
		resp := get(t, c, "/v1/receivables")
		if resp.Status != http.StatusOK {
			return false
		}
		if err := json.Unmarshal(resp.Body, &answer); err != nil {
			t.Error(err)
		}
		since := a.Store.Health().Since
		if answer.ReadModel.State == "live" || answer.ReadModel.Reason == "" || answer.KnownAt.After(since) {
			t.Errorf("an answer claims to be of now, with the log away since %s: %s", since, resp.Body)
		}
		return true
	})
	server.Accept()
	eventually(t, "it is ready again", ready)

	everything()
	server.Accept()
	eventually(t, "commands are taken",
		func() bool { _, body := health(t, a.Handler, "/readyz"); return body.Commands.Taken })
	if status := open("C02"); status != http.StatusCreated {
		t.Errorf("a command answered %d", status)
	}
	if resp := get(t, c, "/v1/receivables"); resp.Status != http.StatusServiceUnavailable {
		t.Errorf("a question without figures answered %d: %s", resp.Status, resp.Body)
	}
	figures.away.Store(false)
	eventually(t, "it is ready once more", ready)
	head, err := a.Store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := a.ReadModels.Wait(t.Context(), uint64(head)); err != nil {
		t.Errorf("what was recorded meanwhile is not shown: %v", err)
	}
}

// A node that takes connections and says nothing is away as well.
func TestReadinessKnowsThatANodeHangs(t *testing.T) {
	address, server := esdbtest.Serve(t, sqliteLog(t))
	a := start(t, app.Config{Data: t.TempDir(), Log: address + impatient, ReadModels: noClickHouse})
	c := clientOf(t, a, regionalAdmin)
	if resp := post(t, c, "/v1/centers", "open", openC01); resp.Status != http.StatusCreated {
		t.Fatalf("%d %s", resp.Status, resp.Body)
	}
	server.Freeze()
	eventually(t, "commands are not taken", func() bool {
		code, body := health(t, a.Handler, "/readyz")
		return code == http.StatusServiceUnavailable && !body.Commands.Taken && body.Commands.Reason != "" &&
			body.Commands.Since != ""
	})
	server.Thaw()
	eventually(t, "commands are taken again", func() bool {
		_, body := health(t, a.Handler, "/readyz")
		return body.Commands.Taken
	})
	if resp := post(t, c, "/v1/centers", "open 2",
		strings.Replace(openC01, "C01", "C02", 1)); resp.Status != http.StatusCreated {
		t.Errorf("%d %s", resp.Status, resp.Body)
	}
}

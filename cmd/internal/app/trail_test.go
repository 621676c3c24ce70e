package app_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"aftersales-ledger/api/kit/doortest"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/eventstore/ledger"
)

type trailAnswer struct {
	Events []struct{ Stream, Type, On, Actor, Clause, Data string }
}

// The life of a record is what its streams hold of it; a role that may not know of
// such things, and whoever's reach they lie outside of, is told that there are none.
func TestALifeIsReadBackFromTheLog(t *testing.T) {
	m := newMatrix(t)
	finance := m.as(domain.Finance, access.Everything())
	ask := func(token, names string, streams ...string) (answer, []string) {
		q := url.Values{"stream": streams, "names": {names}}
		a := m.do(token, http.MethodGet, "/v1/trail?"+q.Encode(), "", "")
		var body trailAnswer
		_ = json.Unmarshal([]byte(a.text), &body)
		var types []string
		for _, e := range body.Events {
			types = append(types, e.Type)
		}
		return a, types
	}
	for what, c := range map[string]struct {
		names   string
		streams []string
		want    []string
	}{
		"a payment is what its account says of it": {
			"B-P001", []string{"account-C01"}, []string{"PaymentReceived", "PaymentAllocated", "StatementIssued"},
		},
		"a statement": {"C01-2026Q3", []string{"account-C01"}, []string{"StatementIssued"}},
		"a ticket is all of its stream": {
			"", []string{"ticket-T-P001"}, []string{"TicketRegistered", "TeamNotified", "TicketEscalated"},
		},
		"a slip": {"OUT-P001", []string{"depot-P001"}, []string{"PartIssued"}},
		"one record in two streams, in the order of the log": {
			"L-P001", []string{"depot-P001", "ticket-T-P001"}, []string{"PartIssued"},
		},
	} {
		t.Run(what, func(t *testing.T) {
			if a, types := ask(finance, c.names, c.streams...); a.status != http.StatusOK || !slices.Equal(types, c.want) {
				t.Errorf("answers %d %v, want %v: %.300s", a.status, types, c.want, a.text)
			}
		})
	}
	for name, want := range map[string]string{"no such thing": "named by no event", "B-P0O1": "B-P001"} {
		if a, _ := ask(finance, name, "account-C01"); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s, which nothing names, answers %d: %.300s", name, a.status, a.text)
		} else if !strings.Contains(a.text, want) {
			t.Errorf("%s: want %s: %.300s", name, want, a.text)
		}
	}
	a, _ := ask(finance, "", "account-C77")
	unknown := a.text
	for who, token := range map[string]string{
		"a technician, of an account":      m.as(domain.Technician, access.Everything()),
		"a regional admin of other places": m.as(domain.RegionalAdmin, access.Reach{Regions: []string{"华南"}}),
	} {
		if a, _ := ask(token, "", "account-C01"); a.status != http.StatusNotFound {
			t.Errorf("%s is answered %d: %.300s", who, a.status, a.text)
		}
	}
	if a, _ := ask(finance, "", "user-admin", "reference-B-P001"); a.status != http.StatusNotFound {
		t.Errorf("a stream that nobody is told of answers %d: %.300s (a stream that is not there: %.300s)", a.status,
			a.text, unknown)
	}
}

// An audit that is begun from a page goes on by itself, is one for all who ask, and
// says what it found.
func TestAnAuditIsBegunAndFollowed(t *testing.T) {
	d := doortest.New(time.Now)
	a := start(t, app.Config{Data: t.TempDir(), Door: d})
	token := d.Token(domain.Actor{Name: "wang", Role: domain.Finance}, time.Hour)
	type audit struct {
		State, By, Problem    string
		Head, Through, Events int
		Findings              []struct{ Where, What string }
	}
	ask := func(method string, want int) (got audit) {
		t.Helper()
		r := httptest.NewRequestWithContext(t.Context(), method, "/v1/verification", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		rec := httptest.NewRecorder()
		a.Handler.ServeHTTP(rec, r)
		if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || rec.Code != want {
			t.Fatalf("%s answers %d, %v: %s", method, rec.Code, err, rec.Body)
		}
		return got
	}
	if got := ask(http.MethodGet, http.StatusOK); got.State != "NONE" {
		t.Errorf("before the first there is %+v", got)
	}
	for _, center := range []domain.CenterID{"C01", "C02"} {
		if _, err := ledger.Do(t.Context(), a.Ledger, ledger.Request{
			Key: string(center), Actor: domain.Actor{Name: "wang", Role: domain.Finance},
		}, account.Open{
			Center: center, Name: "物业" + string(center), Region: "华东", Terms: account.Terms{SameDueDate: account.ByChargeDate},
		}, (*account.Account).Open); err != nil {
			t.Fatal(err)
		}
	}
	got := ask(http.MethodPost, http.StatusAccepted)
	if got.State != "RUNNING" || got.By != "wang" {
		t.Fatalf("it begins as %+v", got)
	}
	for end := time.Now().Add(time.Minute); got.State == "RUNNING"; got = ask(http.MethodGet, http.StatusOK) {
		if time.Now().After(end) {
			t.Fatal("it does not end")
		}
		time.Sleep(20 * time.Millisecond)
	}
	if got.State != "DONE" || got.Through != 2 || got.Events != 2 || len(got.Findings) > 0 {
		t.Errorf("it ended as %+v", got)
	}
}

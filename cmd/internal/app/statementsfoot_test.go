package app_test

import (
	"fmt"
	"testing"
	"time"

	"aftersales-ledger/api/papers/forms/formstest"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/sample"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/eventstore/storetest"
)

// Every paper of the sample year that asks a center for its word or its money adds up
// by what its page prints: each version of a statement, what the next would be, claims
// and reminders.
func TestEveryStatementAndClaimOfTheSampleYearFoots(t *testing.T) {
	clock := sample.NewClock(calendar.NewDate(2025, time.January, 1).Start())
	dir := t.TempDir()
	config := app.Config{Data: dir, ReadModels: "embedded:" + dir + "/figures", Clock: clock.Now, Bulk: true}
	l, store, err := app.OpenLedger(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sample.Fill(t.Context(), l, clock, sample.Options{Seed: 1}); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	config.Bulk = false
	a := start(t, config)
	c := clientOf(t, a, domain.Actor{Name: "audit", Role: domain.DepartmentManager})
	papers, demands := make(map[string]bool), make(map[string]bool)
	for e := range storetest.Events(t, a.Store) {
		switch e := e.(type) {
		case account.StatementIssued:
			path := fmt.Sprintf("/v1/centers/%s/statements/%s/form?format=html", e.Center, e.Quarter)
			papers[fmt.Sprintf("%s&version=%d", path, e.Version)] = true
			papers[path+"&draft=true"] = true
		case account.ClaimIssued:
			demands[fmt.Sprintf("/v1/centers/%s/claims/%s/form?format=html", e.Center, e.Claim)] = true
		case account.ReminderIssued:
			demands[fmt.Sprintf("/v1/centers/%s/reminders/%s/form?format=html", e.Center, e.Reminder)] = true
		}
	}
	if len(papers) < 60 || len(demands) < 8 {
		t.Fatalf("the sample year has %d statements and drafts, and %d claims and reminders", len(papers), len(demands))
	}
	for path := range demands {
		resp := get(t, c, path)
		if resp.Status != 200 {
			t.Fatalf("%s: %d %s", path, resp.Status, resp.Body)
		}
		if err := formstest.DemandFoots(formstest.Printed(string(resp.Body))); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	for path := range papers {
		resp := get(t, c, path)
		if resp.Status != 200 {
			t.Fatalf("%s: %d %s", path, resp.Status, resp.Body)
		}
		tables := formstest.Printed(string(resp.Body))
		if len(tables) < 4 {
			t.Fatalf("%s prints %d tables", path, len(tables))
		}
		if err := formstest.StatementFoots(tables); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

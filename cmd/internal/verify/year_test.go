package verify_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/app/apptest"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/cmd/internal/sample"
	"aftersales-ledger/cmd/internal/verify"
	"aftersales-ledger/domain"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/chdb"
)

// audited plays a year, shows it on the engine and audits it.
func audited(t *testing.T, engine projections.Connector, seed uint64) verify.Report {
	t.Helper()
	clock := sample.NewClock(time.Time{})
	config := app.Config{Data: t.TempDir(), Clock: clock.Now, Bulk: true}
	l, store, err := app.OpenLedger(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	_, err = sample.Fill(t.Context(), l, clock, sample.Options{Seed: seed})
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	config.Bulk, config.Connector, config.Database = false, engine, fmt.Sprint("year", seed)
	a := apptest.Start(t, config)
	token := a.Door.OfMachine(domain.Actor{Name: "audit", Role: domain.Finance})
	report, err := verify.Run(t.Context(), client.InProcess(a.Handler, token), func(uint64) {})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// TestTheFiguresOfRandomYearsAreThoseOfTheEvents: what ClickHouse answers is
// what a fold of the events gives, account by account and quarter by quarter.
func TestTheFiguresOfRandomYearsAreThoseOfTheEvents(t *testing.T) {
	engine, err := chdb.Open(t.TempDir(), chdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	for seed := range uint64(3) {
		r := audited(t, engine, seed)
		for _, f := range r.Flaws {
			t.Errorf("year %d: position %d, %s: %s", seed, f.Position, f.Where, f.What)
		}
		if r.Accounts != 12 || r.Statements < 20 || r.Figures < 12*40 {
			t.Errorf("year %d: %d accounts, %d statements, %d figures", seed, r.Accounts, r.Statements, r.Figures)
		}
	}
}

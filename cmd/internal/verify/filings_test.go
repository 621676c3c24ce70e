package verify_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/app/apptest"
	"aftersales-ledger/cmd/internal/sample"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/chdb"
	filingsviews "aftersales-ledger/projections/filings"
	workviews "aftersales-ledger/projections/work"
)

// TestTheMonthlyReportsOfAYearSayWhatTheFactsSay: the sample counts what it
// files in F4 by an account of its own; the read models, asked months later for
// what was known when each was filed, count the same.
func TestTheMonthlyReportsOfAYearSayWhatTheFactsSay(t *testing.T) {
	engine, err := chdb.Open(t.TempDir(), chdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	clock := sample.NewClock(time.Time{})
	config := app.Config{Data: t.TempDir(), Clock: clock.Now, Bulk: true}
	l, store, err := app.OpenLedger(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	_, err = sample.Fill(t.Context(), l, clock, sample.Options{Seed: 5})
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	config.Bulk, config.Connector, config.Database = false, engine, "filings"
	a := apptest.Start(t, config)
	head, err := a.Store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := a.ReadModels.Wait(t.Context(), uint64(head)); err != nil {
		t.Fatal(err)
	}
	same := cmp.Options{
		domaintest.Exact, cmp.Comparer(decimal.Decimal.Equal),
	}
	reports, states, filed := 0, make(map[calendar.Month]int), make(map[string]bool)
	for rec, err := range a.Store.ReadAll(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		e, _, err := eventstore.Trade.DecodeRecorded(rec)
		if err != nil {
			t.Fatal(err)
		}
		f4, ok := e.(filing.ReportFiled)
		if !ok || f4.Form != filing.MonthlyReport {
			continue
		}
		filed[string(f4.Project)+f4.Month.String()] = true
		if states[f4.Month]++; states[f4.Month]%4 != 1 { // one in four is enough
			continue
		}
		reports++
		cut := projections.Cut{Scope: access.Whole(), AsOf: f4.FiledOn, KnownAt: rec.RecordedAt}
		got, _, err := workviews.Of(a.ReadModels).FilingFigures(t.Context(), cut, f4.Project, f4.Figures.From,
			f4.Figures.Through)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(*f4.Figures, got, same); diff != "" {
			t.Errorf("position %d, F4 of %s for %s (-filed +counted again):\n%s", rec.Position, f4.Project, f4.Month, diff)
		}
	}
	if reports < 80 {
		t.Errorf("%d reports were compared", reports)
	}
	// Whoever has to be chased is on the list, and nobody else.
	missing := 0
	for month := range states {
		list, err := filingsviews.Of(a.ReadModels).Filings(t.Context(), projections.Cut{Scope: access.Whole()},
			filingsviews.FilingFilter{Month: month, DueOn: l.Rules().Filing.DueOn(month), Form: filing.MonthlyReport},
			projections.Page{Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range list.Rows {
			if row.State == filingsviews.FilingMissing {
				missing++
			}
			if is := filed[string(row.Project)+month.String()]; is == (row.State == filingsviews.FilingMissing) {
				t.Errorf("%s of %s is %s; filed: %t", row.Project, month, row.State, is)
			}
		}
	}
	if missing < 12 { // the project of the small center files nothing
		t.Errorf("%d reports are missing", missing)
	}
}

package projections_test

import (
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/money"
	"aftersales-ledger/projections/parts"
	"context"
	"errors"
	"testing"
)

func BenchmarkQueries(b *testing.B) {
	events := projections.ManyEvents(projections.BenchmarkEvents)
	m, err := projections.New(projections.Engine, projections.NewSliceSource(events),
		projections.Options{Database: projections.NewDatabase(b)})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() { done <- m.Run(ctx) }()
	defer func() {
		stop()
		if err := errors.Join(<-done, m.Close()); err != nil {
			b.Error(err)
		}
	}()
	projections.Projected(b, m, uint64(len(events)))
	cut, q := projections.Cut{Scope: access.Whole(), AsOf: projections.Day("2026-11-30")}, calendar.QuarterOf(2026, 2)
	one := projections.Filter{Center: "C07"}
	for name, ask := range map[string]func() error{
		"receivables/all": func() error {
			_, err := money.Of(m).Receivables(ctx, cut, projections.Filter{}, projections.Page{})
			return err
		},
		"receivables/one": func() error { _, err := money.Of(m).Receivables(ctx, cut, one, projections.Page{}); return err },
		"reconciliation/all": func() error {
			_, err := money.Of(m).Reconciliation(ctx, cut, q, q, projections.Filter{}, projections.Page{})
			return err
		},
		"reconciliation/one": func() error {
			_, err := money.Of(m).Reconciliation(ctx, cut, q-8, q, one, projections.Page{})
			return err
		},
		"audit/all": func() error {
			_, err := parts.Of(m).PartsAudit(ctx, cut, parts.PartsAuditFilter{}, projections.Page{})
			return err
		},
		"audit/project": func() error {
			_, err := parts.Of(m).PartsAudit(ctx, cut, parts.PartsAuditFilter{Filter: projections.Filter{Project: "P003"}},
				projections.Page{})
			return err
		},
		"charges/one": func() error {
			_, err := money.Of(m).Charges(ctx, cut, money.ChargeFilter{Filter: one}, projections.Page{})
			return err
		},
		"charges/open": func() error {
			_, err := money.Of(m).Charges(ctx, cut, money.ChargeFilter{OpenOnly: true}, projections.Page{})
			return err
		},
		"charge/history": func() error { _, err := money.Of(m).ChargeHistory(ctx, cut, "C00", "F3-00000000"); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := ask(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

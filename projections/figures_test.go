package projections_test

import (
	"context"
	"testing"

	"aftersales-ledger/domain/access"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/match"
	"aftersales-ledger/projections/money"
	"aftersales-ledger/projections/parts"
)

// figures is what all questions together answer.
type figures struct {
	Receivables    []money.Receivable
	PostingsSum    string
	Reconciliation []money.ReconciliationRow
	Audit          []match.PartsAuditLine
	Totals         []parts.FindingTotal
	Charges        []money.Charge
}

func figuresOf(t testing.TB, m *projections.ReadModels) (f figures) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, all := context.Background(), projections.Page{Limit: projections.MaxLimit}
	receivables, err := money.Of(m).Receivables(ctx, projections.Cut{Scope: access.Whole()}, projections.Filter{}, all)
	must(err)
	quarter := receivables.AsOf.Quarter()
	reconciliation, err := money.Of(m).Reconciliation(ctx, projections.Cut{
		Scope: access.Whole(),
	}, quarter-3, quarter, projections.Filter{},
		all)
	must(err)
	audit, err := parts.Of(m).PartsAudit(ctx, projections.Cut{Scope: access.Whole()}, parts.PartsAuditFilter{}, all)
	must(err)
	charges, err := money.Of(m).Charges(ctx, projections.Cut{Scope: access.Whole()}, money.ChargeFilter{}, all)
	must(err)
	return figures{
		receivables.Rows, receivables.PostingsSum.String(), reconciliation.Rows, audit.Rows, audit.Totals, charges.Rows,
	}
}

func init() {
	projections.FiguresOf = func(t testing.TB, m *projections.ReadModels) projections.Figures {
		f := figuresOf(t, m)
		return projections.Figures{f.Receivables, f}
	}
	projections.AskReceivables = func(
		ctx context.Context, m *projections.ReadModels, filter projections.Filter,
	) (projections.Asked, error) {
		answer, err := money.Of(m).Receivables(ctx, projections.Cut{Scope: access.Whole()}, filter,
			projections.Page{Limit: projections.MaxLimit})
		return projections.Asked{answer.Answer, answer.Total.Closing, answer.Rows}, err
	}
}

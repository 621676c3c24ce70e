package projections_test

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
	moneyviews "aftersales-ledger/projections/money"
)

// sorted is one view: how a page of it is asked for, and by what each row is
// sorted.
type sorted[R any] struct {
	page func(projections.Page) (rows []R, next string, err error)
	by   map[string]func(R) int64
}

// check asks for every order, over two pages, and holds the rows
// against the view's own order, sorted here.
func (s sorted[R]) check(t *testing.T, view string) {
	t.Helper()
	all := func(p projections.Page) (rows []R) {
		t.Helper()
		for {
			page, next, err := s.page(p)
			if err != nil {
				t.Fatalf("%s sorted by %q: %v", view, p.Sort, err)
			}
			rows = append(rows, page...)
			if p.After = next; next == "" {
				return rows
			}
		}
	}
	own := all(projections.Page{Limit: projections.MaxLimit})
	if len(own) < 3 {
		t.Fatalf("%s has %d rows: they show nothing about their order", view, len(own))
	}
	for name, key := range s.by {
		different := false
		for _, sort := range []string{name, "-" + name} {
			want := slices.Clone(own)
			slices.SortStableFunc(want, func(a, b R) int {
				if strings.HasPrefix(sort, "-") {
					return cmp.Compare(key(b), key(a))
				}
				return cmp.Compare(key(a), key(b))
			})
			different = different || !gocmp.Equal(want, own, projections.CompareAnswers)
			if diff := gocmp.Diff(want, all(projections.Page{Limit: max(2, (len(own)+1)/2), Sort: sort}),
				projections.CompareAnswers); diff != "" {
				t.Errorf("%s sorted by %s (-want +got):\n%s", view, sort, diff)
			}
		}
		if !different {
			t.Errorf("%s: sorting by %s changes nothing, which shows nothing", view, name)
		}
	}
	var refusal *domain.Rejection
	if _, _, err := s.page(projections.Page{Sort: "colour"}); !errors.As(err, &refusal) || refusal.Code != "bad-sort" {
		t.Errorf("%s sorted by colour: %v", view, err)
	}
}

func orZero[T any](figure *T) (zero T) {
	if figure == nil {
		return zero
	}
	return *figure
}

func fen(a money.Amount) int64 { return a.Fen() }

func TestEveryViewIsSortedAcrossItsPages(t *testing.T) {
	w := projections.NewWorld(t, 11)
	w.Live(400)
	listed := w.Reconcile()
	w.AskForWork(3)
	w.TakeBack(7)
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(w.Events...),
		projections.WithClock(domaintest.NewClock(w.Now)))
	projections.Projected(t, m, w.Events[len(w.Events)-1].Position)
	ctx, today := t.Context(), w.Today().Quarter()

	late := func(r moneyviews.Receivable) int64 { return fen(r.Open) - fen(r.Ageing.NotDue) }
	sorted[moneyviews.Receivable]{func(p projections.Page) ([]moneyviews.Receivable, string, error) {
		a, err := moneyviews.Of(m).Receivables(ctx, projections.Cut{Scope: access.Whole()}, projections.Filter{}, p)
		if err == nil && !a.Ties {
			t.Error("the receivables do not tie")
		}
		return a.Rows, a.Next, err
	}, map[string]func(moneyviews.Receivable) int64{
		"open": func(r moneyviews.Receivable) int64 { return fen(r.Open) }, "overdue": late,
		"unapplied": func(r moneyviews.Receivable) int64 { return fen(r.Unapplied) }, "closing": func(r moneyviews.Receivable) int64 { return fen(r.Closing) },
	}}.check(t, "receivables")

	sorted[moneyviews.BreakdownRow]{func(p projections.Page) ([]moneyviews.BreakdownRow, string, error) {
		a, err := moneyviews.Of(m).Breakdown(ctx, projections.Cut{Scope: access.Whole()}, moneyviews.ByKind,
			projections.Filter{}, p)
		if err == nil && !a.Total.Ties {
			t.Error("the breakdown does not tie")
		}
		return a.Rows, a.Next, err
	}, map[string]func(moneyviews.BreakdownRow) int64{
		"charged": func(r moneyviews.BreakdownRow) int64 { return fen(r.Charged) }, "open": func(r moneyviews.BreakdownRow) int64 { return fen(r.Open) },
		"overdue": func(r moneyviews.BreakdownRow) int64 { return fen(r.Open) - fen(r.Ageing.NotDue) },
	}}.check(t, "breakdown")

	sorted[moneyviews.ReconciliationRow]{func(p projections.Page) ([]moneyviews.ReconciliationRow, string, error) {
		a, err := moneyviews.Of(m).Reconciliation(ctx, projections.Cut{Scope: access.Whole()}, today-3, today,
			projections.Filter{}, p)
		return a.Rows, a.Next, err
	}, map[string]func(moneyviews.ReconciliationRow) int64{
		"quarter": func(r moneyviews.ReconciliationRow) int64 { return int64(r.Quarter) }, "charges": func(r moneyviews.ReconciliationRow) int64 { return fen(r.Charges) },
		"late": func(r moneyviews.ReconciliationRow) int64 { return fen(r.Late) }, "receipts": func(r moneyviews.ReconciliationRow) int64 { return fen(r.Receipts) },
		"closing": func(r moneyviews.ReconciliationRow) int64 { return fen(r.Closing) },
	}}.check(t, "reconciliation")

	sorted[moneyviews.Charge]{func(p projections.Page) ([]moneyviews.Charge, string, error) {
		a, err := moneyviews.Of(m).Charges(ctx, projections.Cut{Scope: access.Whole()}, moneyviews.ChargeFilter{}, p)
		if err == nil && !*a.Ties {
			t.Error("the charges do not tie")
		}
		return a.Rows, a.Next, err
	}, map[string]func(moneyviews.Charge) int64{
		"open": func(c moneyviews.Charge) int64 { return c.Open.Fen() }, "gross": func(c moneyviews.Charge) int64 { return fen(c.Gross) },
		"occurredOn": func(c moneyviews.Charge) int64 { return int64(c.OccurredOn) }, "dueOn": func(c moneyviews.Charge) int64 { return int64(c.DueOn) },
	}}.check(t, "charges")

	sorted[moneyviews.PaymentRow]{func(p projections.Page) ([]moneyviews.PaymentRow, string, error) {
		a, err := moneyviews.Of(m).Payments(ctx, projections.Cut{Scope: access.Whole()}, moneyviews.PaymentFilter{}, p)
		if err == nil && !a.Ties {
			t.Error("the payments do not tie")
		}
		return a.Rows, a.Next, err
	}, map[string]func(moneyviews.PaymentRow) int64{
		"amount": func(p moneyviews.PaymentRow) int64 { return fen(p.Amount) }, "unapplied": func(p moneyviews.PaymentRow) int64 { return fen(p.Unapplied) },
		"receivedOn": func(p moneyviews.PaymentRow) int64 { return int64(p.ReceivedOn) },
	}}.check(t, "payments")

	sorted[moneyviews.StatementRow]{func(p projections.Page) ([]moneyviews.StatementRow, string, error) {
		a, err := moneyviews.Of(m).Statements(ctx, projections.Cut{Scope: access.Whole()}, moneyviews.StatementFilter{}, p)
		if err == nil && !a.Ties {
			t.Errorf("the statements do not tie: %+v", a.Rows)
		}
		return a.Rows, a.Next, err
	}, map[string]func(moneyviews.StatementRow) int64{
		"quarter": func(r moneyviews.StatementRow) int64 { return int64(r.Quarter) }, "closing": func(r moneyviews.StatementRow) int64 { return fen(orZero(r.Closing)) },
		"replyBy": func(r moneyviews.StatementRow) int64 { return int64(max(r.ReplyBy, projections.Day("2000-01-01"))) }, "daysOver": func(r moneyviews.StatementRow) int64 { return int64(orZero(r.DaysOver)) },
	}}.check(t, "statements")

	sorted[moneyviews.DisputedItem]{func(p projections.Page) ([]moneyviews.DisputedItem, string, error) {
		a, err := moneyviews.Of(m).Disputes(ctx, projections.Cut{Scope: access.Whole()}, projections.Filter{}, p)
		if err == nil && !a.Ties {
			t.Error("the disputed items do not tie")
		}
		return a.Rows, a.Next, err
	}, map[string]func(moneyviews.DisputedItem) int64{
		"open": func(d moneyviews.DisputedItem) int64 { return fen(d.Open) }, "disputedOn": func(d moneyviews.DisputedItem) int64 { return int64(d.DisputedOn) },
	}}.check(t, "disputes")

	sorted[moneyviews.CollectionRow]{func(p projections.Page) ([]moneyviews.CollectionRow, string, error) {
		a, err := moneyviews.Of(m).Collection(ctx, projections.Cut{Scope: access.Whole()}, projections.Filter{}, false, p)
		if err == nil && !a.Ties {
			t.Errorf("the collection does not tie: %+v", a)
		}
		return a.Rows, a.Next, err
	}, map[string]func(moneyviews.CollectionRow) int64{
		"open": func(r moneyviews.CollectionRow) int64 { return fen(r.Open) }, "overdue": func(r moneyviews.CollectionRow) int64 { return fen(r.Overdue) },
		"disputed":  func(r moneyviews.CollectionRow) int64 { return fen(r.Disputed) },
		"oldestDue": func(r moneyviews.CollectionRow) int64 { return int64(r.OldestDue) },
	}}.check(t, "collection")

	sorted[moneyviews.ChargeReportBridgeRow]{func(p projections.Page) ([]moneyviews.ChargeReportBridgeRow, string, error) {
		a, err := moneyviews.Of(m).ChargeReportBridge(ctx, projections.Cut{
			Scope: access.Whole(),
		}, listed, projections.Filter{},
			p)
		if err == nil && !a.Total.Ties {
			t.Errorf("the bridge does not tie: %+v", a.Total)
		}
		return a.Rows, a.Next, err
	}, map[string]func(moneyviews.ChargeReportBridgeRow) int64{
		"listed": func(r moneyviews.ChargeReportBridgeRow) int64 { return fen(r.Listed) }, "notListed": func(r moneyviews.ChargeReportBridgeRow) int64 { return fen(r.NotListed) },
		"charges": func(r moneyviews.ChargeReportBridgeRow) int64 { return fen(r.Charges) },
	}}.check(t, "bridge")

	sorted[moneyviews.OffListRequest]{func(p projections.Page) ([]moneyviews.OffListRequest, string, error) {
		a, err := moneyviews.Of(m).OffListRequests(ctx, projections.Cut{Scope: access.Whole()}, moneyviews.OffListFilter{}, p)
		return a.Rows, a.Next, err
	}, map[string]func(moneyviews.OffListRequest) int64{
		"gross":       func(r moneyviews.OffListRequest) int64 { return fen(r.Gross) },
		"requestedOn": func(r moneyviews.OffListRequest) int64 { return int64(r.RequestedOn) },
	}}.check(t, "off-list requests")

	sorted[moneyviews.Correction]{func(p projections.Page) ([]moneyviews.Correction, string, error) {
		a, err := moneyviews.Of(m).Corrections(ctx, projections.Cut{Scope: access.Whole()}, moneyviews.CorrectionFilter{}, p)
		return a.Rows, a.Next, err
	}, map[string]func(moneyviews.Correction) int64{
		"amount": func(r moneyviews.Correction) int64 { return fen(r.Amount) },
		"on":     func(r moneyviews.Correction) int64 { return int64(r.On) },
	}}.check(t, "corrections")

	var refusal *domain.Rejection
	if _, err := moneyviews.Of(m).Conflicts(ctx, projections.Cut{Scope: access.Whole()}, projections.Filter{},
		projections.Page{Sort: "colour"}); !errors.As(err, &refusal) || refusal.Code != "bad-sort" {
		t.Errorf("receipts were sorted by what they have not: %v", err)
	}
}

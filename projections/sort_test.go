package projections

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
)

// sorted is one view: how a page of it is asked for, and by what each row is
// sorted.
type sorted[R any] struct {
	page func(Page) (rows []R, next string, err error)
	by   map[string]func(R) int64
}

// check asks for every order, over two pages, and holds the rows
// against the view's own order, sorted here.
func (s sorted[R]) check(t *testing.T, view string) {
	t.Helper()
	all := func(p Page) (rows []R) {
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
	own := all(Page{Limit: MaxLimit})
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
			different = different || !gocmp.Equal(want, own, compareAnswers)
			if diff := gocmp.Diff(want, all(Page{Limit: max(2, (len(own)+1)/2), Sort: sort}), compareAnswers); diff != "" {
				t.Errorf("%s sorted by %s (-want +got):\n%s", view, sort, diff)
			}
		}
		if !different {
			t.Errorf("%s: sorting by %s changes nothing, which shows nothing", view, name)
		}
	}
	var refusal *domain.Rejection
	if _, _, err := s.page(Page{Sort: "colour"}); !errors.As(err, &refusal) || refusal.Code != "bad-sort" {
		t.Errorf("%s sorted by colour: %v", view, err)
	}
}

func fen(a money.Amount) int64 { return a.Fen() }

func TestEveryViewIsSortedAcrossItsPages(t *testing.T) {
	w := newWorld(t, 11)
	w.live(400)
	listed := w.reconcile()
	m, _ := start(t, newDatabase(t), newMemoryLog(w.events...), withClock(newClock(w.now)))
	projected(t, m, w.events[len(w.events)-1].Position)
	ctx, today := t.Context(), w.today().Quarter()

	late := func(r Receivable) int64 { return fen(r.Open()) - fen(r.Ageing[0]) }
	sorted[Receivable]{func(p Page) ([]Receivable, string, error) {
		a, err := m.Receivables(ctx, Cut{}, Filter{}, p)
		if err == nil && !a.Ties() {
			t.Error("the receivables do not tie")
		}
		return a.Centers, a.Next, err
	}, map[string]func(Receivable) int64{
		"open": func(r Receivable) int64 { return fen(r.Open()) }, "overdue": late,
		"unapplied": func(r Receivable) int64 { return fen(r.Unapplied) }, "closing": func(r Receivable) int64 { return fen(r.Closing) },
	}}.check(t, "receivables")

	sorted[BreakdownRow]{func(p Page) ([]BreakdownRow, string, error) {
		a, err := m.Breakdown(ctx, Cut{}, ByKind, Filter{}, p)
		if err == nil && !a.Total.Ties() {
			t.Error("the breakdown does not tie")
		}
		return a.Rows, a.Next, err
	}, map[string]func(BreakdownRow) int64{
		"charged": func(r BreakdownRow) int64 { return fen(r.Charged) }, "open": func(r BreakdownRow) int64 { return fen(r.Open()) },
		"overdue": func(r BreakdownRow) int64 { return fen(r.Open()) - fen(r.Ageing[0]) },
	}}.check(t, "breakdown")

	sorted[Reconciliation]{func(p Page) ([]Reconciliation, string, error) {
		a, err := m.Reconciliation(ctx, Cut{}, today-3, today, Filter{}, p)
		return a.Rows, a.Next, err
	}, map[string]func(Reconciliation) int64{
		"quarter": func(r Reconciliation) int64 { return int64(r.Quarter) }, "charges": func(r Reconciliation) int64 { return fen(r.Charges) },
		"late": func(r Reconciliation) int64 { return fen(r.Late) }, "receipts": func(r Reconciliation) int64 { return fen(r.Receipts) },
		"closing": func(r Reconciliation) int64 { return fen(r.Closing) },
	}}.check(t, "reconciliation")

	sorted[Charge]{func(p Page) ([]Charge, string, error) {
		a, err := m.Charges(ctx, Cut{}, ChargeFilter{}, p)
		if err == nil && !a.Ties() {
			t.Error("the charges do not tie")
		}
		return a.Charges, a.Next, err
	}, map[string]func(Charge) int64{
		"open": func(c Charge) int64 { return fen(c.Open()) }, "gross": func(c Charge) int64 { return fen(c.Gross) },
		"occurredOn": func(c Charge) int64 { return int64(c.OccurredOn) }, "dueOn": func(c Charge) int64 { return int64(c.DueOn) },
	}}.check(t, "charges")

	sorted[Payment]{func(p Page) ([]Payment, string, error) {
		a, err := m.Payments(ctx, Cut{}, PaymentFilter{}, p)
		if err == nil && !a.Ties() {
			t.Error("the payments do not tie")
		}
		return a.Payments, a.Next, err
	}, map[string]func(Payment) int64{
		"amount": func(p Payment) int64 { return fen(p.Amount) }, "unapplied": func(p Payment) int64 { return fen(p.Unapplied) },
		"receivedOn": func(p Payment) int64 { return int64(p.ReceivedOn) },
	}}.check(t, "payments")

	sorted[StatementRow]{func(p Page) ([]StatementRow, string, error) {
		a, err := m.Statements(ctx, Cut{}, StatementFilter{}, p)
		if err == nil && !a.Ties() {
			t.Errorf("the statements do not tie: %+v", a.Rows)
		}
		return a.Rows, a.Next, err
	}, map[string]func(StatementRow) int64{
		"quarter": func(r StatementRow) int64 { return int64(r.Quarter) }, "closing": func(r StatementRow) int64 { return fen(r.Closing) },
		"replyBy": func(r StatementRow) int64 { return int64(max(r.ReplyBy, day("2000-01-01"))) }, "daysOver": func(r StatementRow) int64 { return int64(r.DaysOver) },
	}}.check(t, "statements")

	sorted[DisputedItem]{func(p Page) ([]DisputedItem, string, error) {
		a, err := m.Disputes(ctx, Cut{}, Filter{}, p)
		if err == nil && !a.Ties() {
			t.Error("the disputed items do not tie")
		}
		return a.Items, a.Next, err
	}, map[string]func(DisputedItem) int64{
		"open": func(d DisputedItem) int64 { return fen(d.Open) }, "disputedOn": func(d DisputedItem) int64 { return int64(d.On) },
	}}.check(t, "disputes")

	sorted[CollectionRow]{func(p Page) ([]CollectionRow, string, error) {
		a, err := m.Collection(ctx, Cut{}, Filter{}, false, p)
		if err == nil && !a.Ties() {
			t.Errorf("the collection does not tie: %+v", a)
		}
		return a.Rows, a.Next, err
	}, map[string]func(CollectionRow) int64{
		"open": func(r CollectionRow) int64 { return fen(r.Open) }, "overdue": func(r CollectionRow) int64 { return fen(r.Overdue) },
		"disputed":  func(r CollectionRow) int64 { return fen(r.Disputed) },
		"oldestDue": func(r CollectionRow) int64 { return int64(r.OldestDue) },
	}}.check(t, "collection")

	sorted[ChargeListBridge]{func(p Page) ([]ChargeListBridge, string, error) {
		a, err := m.ChargeListBridge(ctx, Cut{}, listed, Filter{}, p)
		if err == nil && !a.Total.Ties {
			t.Errorf("the bridge does not tie: %+v", a.Total)
		}
		return a.Rows, a.Next, err
	}, map[string]func(ChargeListBridge) int64{
		"listed": func(r ChargeListBridge) int64 { return fen(r.Listed) }, "notListed": func(r ChargeListBridge) int64 { return fen(r.NotListed) },
		"charges": func(r ChargeListBridge) int64 { return fen(r.Charges) },
	}}.check(t, "bridge")

	var refusal *domain.Rejection
	if _, err := m.Conflicts(ctx, Cut{}, Filter{}, Page{Sort: "colour"}); !errors.As(err, &refusal) || refusal.Code != "bad-sort" {
		t.Errorf("receipts were sorted by what they have not: %v", err)
	}
}

// reconcile puts the last quarter to the centers and has them dispute a few
// lines, on different days.
func (w *world) reconcile() calendar.Quarter {
	q := w.today().Quarter() - 1
	for i, center := range worldCenters {
		a := w.accounts[center]
		decided := keep(w, account.Stream(center), a.Evolve)
		decided(a.ReportCharges(account.ReportCharges{Center: center, Project: worldProjects[i], Month: q.Last().Month(), By: "qian"}, w.today()))
		if !decided(a.IssueStatement(account.IssueStatement{Center: center, Quarter: q, By: "qian"}, policy.Default(), w.today())) {
			w.t.Fatal("no statement")
		}
		issued, err := a.Statements(center, q)
		if err != nil {
			w.t.Fatal(err)
		}
		disputes := 0
		for _, awaited := range issued[len(issued)-1].Version.Awaiting {
			if awaited.Open.Sign() > 0 && disputes < 3 {
				disputes++
				w.now = w.now.AddDate(0, 0, 3-disputes)
				decided(a.DisputeCharge(account.DisputeCharge{
					Center: center, Quarter: q, Version: len(issued), Dispute: account.Dispute{Charge: awaited.Charge, Reason: "未施工"}, By: "zheng",
				}, w.today()))
			}
		}
	}
	w.now = w.now.AddDate(0, 0, 20)
	return q
}

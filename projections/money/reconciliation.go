package money

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed reconciliation.sql
var reconciliationSQL string

//go:embed reconciliation_rows.sql
var reconciliationRowsSQL string

//go:embed reconciliation_totals.sql
var reconciliationTotalsSQL string

// ReconciliationRow is one center's account over one accounting quarter, in yuan
// (§5.3.4). The closing balance is summed from the receivable, written-off and
// unapplied postings, apart from what it must tie with.
type ReconciliationRow struct {
	Center       domain.CenterID  `json:"center,omitempty" doc:"Absent on a total"`
	Name         string           `json:"name,omitempty"`
	Region       string           `json:"region,omitempty"`
	Quarter      calendar.Quarter `json:"quarter"`
	Opening      money.Amount     `json:"opening"`
	Charges      money.Amount     `json:"charges" doc:"The quarter's own"`
	Late         money.Amount     `json:"late" doc:"Posted in the quarter, of an earlier one"`
	TransfersIn  money.Amount     `json:"transfersIn" doc:"Open charges that came with a project from another center"`
	TransfersOut money.Amount     `json:"transfersOut"`
	Credits      money.Amount     `json:"credits" doc:"Credit notes"`
	Receipts     money.Amount     `json:"receipts"`
	Reversals    money.Amount     `json:"reversals" doc:"Money refunded or taken back by the bank"`
	Closing      money.Amount     `json:"closing"`
	Ties         bool             `json:"ties" sql:"-" doc:"opening + charges + late + transfersIn − transfersOut − credits − receipts + reversals = closing"`
}

// Derive implements [projections.Derived].
func (r *ReconciliationRow) Derive(calendar.Date) {
	r.Ties = r.Opening.Add(r.Charges).Add(r.Late).Add(r.TransfersIn).Sub(r.TransfersOut).
		Sub(r.Credits).Sub(r.Receipts).Add(r.Reversals) == r.Closing
}

// Reconciliations is the answer of [Views.Reconciliation].
type Reconciliations struct {
	projections.List[ReconciliationRow]                     // by center, then quarter
	Totals                              []ReconciliationRow // by quarter, of all centers that match
}

// MaxQuarters bounds the range of quarters of one question: ten years.
const MaxQuarters = 40

// Reconciliation answers the account of each center over each quarter from
// first to last, inclusive, which must not be more than MaxQuarters. The
// filter's project must be empty: a balance belongs to a center.
func (m Views) Reconciliation(
	ctx context.Context, cut projections.Cut, first, last calendar.Quarter, filter projections.Filter,
	page projections.Page,
) (answer Reconciliations, err error) {
	if err := checkQuarters(first, last, filter); err != nil {
		return answer, err
	}
	q, err := m.AskSorted(cut, page, projections.Sortable{"quarter", "charges", "late", "receipts", "closing"},
		"reconciliation", first, last, filter)
	if err != nil {
		return answer, err
	}
	defer q.Done()
	p := projections.Params{
		"center": string(filter.Center), "region": filter.Region, "first": uint16(first), "last": uint16(last),
		"after_center": q.AfterKey(0, ""), "after_quarter": q.AfterKey(1, "0"),
	}
	totals := projections.OfAccounts(reconciliationSQL + reconciliationTotalsSQL)
	rows := projections.OfAccounts(reconciliationSQL + reconciliationRowsSQL)
	if answer.Totals, err = projections.All[ReconciliationRow](ctx, q, totals, p); err != nil {
		return answer, err
	}
	answer.List, err = projections.ListOf(ctx, q, rows, p, func(r *ReconciliationRow) []string {
		return []string{string(r.Center), strconv.Itoa(int(r.Quarter))}
	})
	return answer, err
}

func checkQuarters(first, last calendar.Quarter, filter projections.Filter) error {
	switch {
	case first.IsZero() || last.IsZero():
		return domain.Invalid("quarter", "", "quarter-required", "must be given", "5.3.4")
	case last < first || int(last-first) >= MaxQuarters:
		return domain.Invalid("quarter", fmt.Sprintf("%s–%s", first, last), "bad-quarter-range",
			"must be a range of 1 to %d quarters", "5.3.4", MaxQuarters)
	}
	return noProject(filter, "must be empty: accounts are reconciled with centers")
}

package money

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

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

// Reconciliation is one center's account over one accounting quarter (§5.3.4).
// Amounts are in yuan.
type Reconciliation struct {
	Center  domain.CenterID
	Name    string
	Region  string
	Quarter calendar.Quarter

	Opening      money.Amount // balance of what was posted before the quarter
	Charges      money.Amount // gross of the quarter's own charges
	Late         money.Amount // gross of charges posted in the quarter that occurred in an earlier one
	TransfersIn  money.Amount // open charges that came with a project from another center
	TransfersOut money.Amount // and those that went with one
	Credits      money.Amount // credit notes
	Receipts     money.Amount // money received
	Reversals    money.Amount // money refunded or taken back by the bank
	// receivable, and what was written off, less unapplied, of everything posted up to the quarter
	Closing money.Amount

	// Ties: opening + charges + late + transfers in − transfers out − credits −
	// receipts + reversals gives the closing balance, which is summed
	// independently from the receivable, written-off and unapplied postings.
	Ties bool
}

// Reconciliations is the answer of [Views.Reconciliation].
type Reconciliations struct {
	projections.Answer
	Rows   []Reconciliation // by center, then quarter
	Totals []Reconciliation // by quarter, of all centers that match; Center, Name and Region are empty
	Next   string           // asks for the next page; empty on the last
}

// MaxQuarters bounds the range of quarters of one question: ten years.
const MaxQuarters = 40

// Reconciliation answers the account of each center over each quarter from
// first to last, inclusive, which must not be more than MaxQuarters. The
// filter's project must be empty: a balance belongs to a center.
func (m Views) Reconciliation(
	ctx context.Context, cut projections.Cut, first, last calendar.Quarter, filter projections.Filter,
	page projections.Page,
) (Reconciliations, error) {
	if err := checkQuarters(first, last, filter); err != nil {
		return Reconciliations{}, err
	}
	q, err := m.AskSorted(cut, page, projections.Sortable{"quarter", "charges", "late", "receipts", "closing"},
		"reconciliation", first, last, filter)
	if err != nil {
		return Reconciliations{}, err
	}
	defer q.Done()
	answer := Reconciliations{Answer: q.Answer}
	var end int64
	p := projections.Params{
		"center": string(filter.Center), "region": filter.Region, "first": uint16(first), "last": uint16(last),
		"after_center": q.AfterKey(0, ""), "after_quarter": q.AfterKey(1, "0"),
	}
	err = q.Rows(ctx, reconciliationSQL+reconciliationTotalsSQL, p, func(rows driver.Rows) error {
		r, _, err := scanReconciliation(rows)
		answer.Totals = append(answer.Totals, r)
		return err
	})
	if err != nil {
		return answer, err
	}
	err = q.Rows(ctx, reconciliationSQL+reconciliationRowsSQL, p, func(rows driver.Rows) error {
		r, key, err := scanReconciliation(rows)
		if err != nil {
			return err
		}
		if len(answer.Rows) == q.Limit {
			r := answer.Rows[q.Limit-1]
			answer.Next = q.NextSorted(end, string(r.Center), strconv.Itoa(int(r.Quarter)))
			return nil
		}
		answer.Rows, end = append(answer.Rows, r), key
		return nil
	})
	return answer, err
}

func scanReconciliation(rows driver.Rows) (r Reconciliation, sortKey int64, err error) {
	err = rows.Scan(
		projections.TextTo(&r.Center), &r.Name, &r.Region, projections.QuarterTo(&r.Quarter),
		projections.AmountTo(&r.Opening), projections.AmountTo(&r.Charges),
		projections.AmountTo(&r.Late), projections.AmountTo(&r.TransfersIn), projections.AmountTo(&r.TransfersOut),
		projections.AmountTo(&r.Credits), projections.AmountTo(&r.Receipts),
		projections.AmountTo(&r.Reversals), projections.AmountTo(&r.Closing), &sortKey,
	)
	r.Ties = r.Opening.Add(r.Charges).Add(r.Late).Add(r.TransfersIn).Sub(r.TransfersOut).
		Sub(r.Credits).Sub(r.Receipts).Add(r.Reversals) == r.Closing
	return r, sortKey, err
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

package money

import (
	"context"
	_ "embed"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed trialbalance.sql
var trialBalanceSQL string

// TrialBalanceRow is one account of the chart, in yuan. Opening and Closing
// are debits less credits.
type TrialBalanceRow struct {
	Account books.LedgerAccount
	Name    string
	Opening money.Amount
	Debits  money.Amount
	Credits money.Amount
	Closing money.Amount
}

// TrialBalance is the answer of [Views.TrialBalance].
type TrialBalance struct {
	projections.Answer
	Rows  []TrialBalanceRow // every account of the chart, in its order
	Total TrialBalanceRow
}

// Ties reports whether debits equal credits, and both balances are nil.
func (t TrialBalance) Ties() bool {
	return t.Total.Opening.IsZero() && t.Total.Closing.IsZero() && t.Total.Debits == t.Total.Credits
}

// TrialBalance answers what was booked on every account of the chart over the
// quarters from first to last.
func (m Views) TrialBalance(
	ctx context.Context, cut projections.Cut, first, last calendar.Quarter, filter projections.Filter,
) (TrialBalance, error) {
	if err := checkQuarters(first, last, filter); err != nil {
		return TrialBalance{}, err
	}
	q, err := m.Ask(cut, projections.Page{})
	if err != nil {
		return TrialBalance{}, err
	}
	defer q.Done()
	answer := TrialBalance{Answer: q.Answer}
	place := make(map[books.LedgerAccount]int)
	for i, a := range books.LedgerAccounts() {
		answer.Rows = append(answer.Rows, TrialBalanceRow{Account: a.Account, Name: a.Name})
		place[a.Account] = i
	}
	p := projections.Params{
		"center": string(filter.Center), "region": filter.Region, "first": uint16(first), "last": uint16(last),
	}
	err = q.Rows(ctx, trialBalanceSQL, p, func(rows driver.Rows) error {
		var r TrialBalanceRow
		if err := rows.Scan(projections.TextTo(&r.Account), projections.AmountTo(&r.Opening), projections.AmountTo(&r.Debits),
			projections.AmountTo(&r.Credits), projections.AmountTo(&r.Closing)); err != nil {
			return err
		}
		at := place[r.Account]
		r.Name = answer.Rows[at].Name
		answer.Rows[at] = r
		t := &answer.Total
		t.Opening, t.Debits, t.Credits, t.Closing = t.Opening.Add(r.Opening), t.Debits.Add(r.Debits),
			t.Credits.Add(r.Credits), t.Closing.Add(r.Closing)
		return nil
	})
	return answer, err
}

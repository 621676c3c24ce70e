package projections

import (
	"context"
	_ "embed"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
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

// TrialBalance is the answer of [ReadModels.TrialBalance].
type TrialBalance struct {
	Answer
	Rows  []TrialBalanceRow // every account of the chart, in its order
	Total TrialBalanceRow
}

// Ties reports whether debits equal credits, and both balances are nil.
func (t TrialBalance) Ties() bool {
	return t.Total.Opening.IsZero() && t.Total.Closing.IsZero() && t.Total.Debits == t.Total.Credits
}

// TrialBalance answers what was booked on every account of the chart over the
// quarters from first to last.
func (m *ReadModels) TrialBalance(ctx context.Context, cut Cut, first, last calendar.Quarter, filter Filter) (TrialBalance, error) {
	if err := checkQuarters(first, last, filter); err != nil {
		return TrialBalance{}, err
	}
	q, err := m.ask(cut, Page{})
	if err != nil {
		return TrialBalance{}, err
	}
	defer q.done()
	answer := TrialBalance{Answer: q.Answer}
	place := make(map[books.LedgerAccount]int)
	for i, a := range books.LedgerAccounts() {
		answer.Rows = append(answer.Rows, TrialBalanceRow{Account: a.Account, Name: a.Name})
		place[a.Account] = i
	}
	p := params{"center": string(filter.Center), "region": filter.Region, "first": uint16(first), "last": uint16(last)}
	err = q.rows(ctx, trialBalanceSQL, p, func(rows driver.Rows) error {
		var r TrialBalanceRow
		if err := rows.Scan(textTo(&r.Account), amountTo{&r.Opening}, amountTo{&r.Debits}, amountTo{&r.Credits}, amountTo{&r.Closing}); err != nil {
			return err
		}
		at := place[r.Account]
		r.Name = answer.Rows[at].Name
		answer.Rows[at] = r
		t := &answer.Total
		t.Opening, t.Debits, t.Credits, t.Closing = t.Opening.Add(r.Opening), t.Debits.Add(r.Debits), t.Credits.Add(r.Credits), t.Closing.Add(r.Closing)
		return nil
	})
	return answer, err
}

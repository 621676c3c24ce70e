package money

import (
	"context"
	_ "embed"

	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

var (
	//go:embed booked.sql
	bookedSQL string
	//go:embed trialbalance.sql
	trialBalanceSQL string
)

// TrialBalanceRow is one account of the chart, in yuan; balances are debits less
// credits.
type TrialBalanceRow struct {
	Account books.LedgerAccount `json:"account,omitempty"`
	Name    string              `json:"name,omitempty" sql:"-"`
	Opening money.Amount        `json:"opening"`
	Debits  money.Amount        `json:"debits"`
	Credits money.Amount        `json:"credits"`
	Closing money.Amount        `json:"closing"`
}

// add adds what was booked on another account.
func (r *TrialBalanceRow) add(o *TrialBalanceRow) {
	r.Opening, r.Closing = r.Opening.Add(o.Opening), r.Closing.Add(o.Closing)
	r.Debits, r.Credits = r.Debits.Add(o.Debits), r.Credits.Add(o.Credits)
}

// TrialBalance is the answer of [Views.TrialBalance]. It ties if debits equal
// credits, and both balances are nil.
type TrialBalance struct {
	projections.Answer
	Rows  []TrialBalanceRow // every account of the chart, in its order
	Total TrialBalanceRow
	Ties  bool
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
	err = projections.Each(ctx, q, bookedSQL+trialBalanceSQL, p, func(r *TrialBalanceRow) error {
		answer.Rows[place[r.Account]].add(r)
		answer.Total.add(r)
		return nil
	})
	t := answer.Total
	answer.Ties = t.Opening.IsZero() && t.Closing.IsZero() && t.Debits == t.Credits
	return answer, err
}

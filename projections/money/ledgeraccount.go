package money

import (
	"context"
	_ "embed"
	"strconv"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed ledgeraccount.sql
var ledgerAccountSQL string

// LedgerPosting is one side of a double entry on an account of the chart.
type LedgerPosting struct {
	Position     uint64             `json:"position"`
	Line         uint32             `json:"line"`
	On           calendar.Date      `json:"on" doc:"Business date from which it counts"`
	Posted       calendar.Quarter   `json:"posted" doc:"Accounting quarter"`
	Event        string             `json:"event"`
	Center       domain.CenterID    `json:"center,omitempty"`
	Project      domain.ProjectID   `json:"project,omitempty"`
	Charge       domain.ChargeID    `json:"charge,omitempty"`
	Room         string             `json:"room,omitempty" doc:"Of the charge"`
	Service      string             `json:"service,omitempty" doc:"Of the charge: what was done"`
	Payment      string             `json:"payment,omitempty"`
	Payer        string             `json:"payer,omitempty" doc:"Of the payment"`
	Return       domain.ReturnID    `json:"return,omitempty" doc:"Of what a maker is owed: the process sheet F2 with its letter"`
	Amount       money.Amount       `json:"amount" doc:"Debits are positive"`
	BalanceAfter money.Amount       `json:"balanceAfter" doc:"Of the account after it, from the beginning of the books, in the order of business dates"`
	RecordedAt   projections.Moment `json:"recordedAt"`
	Actor        string             `json:"actor"`
	Role         domain.Role        `json:"role"`
}

// LedgerAccount is the answer of [Views.LedgerAccount].
type LedgerAccount struct {
	projections.List[LedgerPosting]
	LedgerSums
}

// LedgerSums is what all postings that match come to, in yuan.
type LedgerSums struct {
	Count   int          `json:"count" doc:"Of all that match, as are the sums"`
	Debits  money.Amount `json:"debits"`
	Credits money.Amount `json:"credits"`
	Balance money.Amount `json:"balance" sql:"-" doc:"Debits less credits of what matches: without a quarter, the closing of the trial balance"`
}

// Derive implements [projections.Derived].
func (s *LedgerSums) Derive(calendar.Date) { s.Balance = s.Debits.Sub(s.Credits) }

// LedgerAccount answers what was booked on one account of the chart over the
// quarters from first to last, by business date. No first quarter: from the
// beginning of the books.
func (m Views) LedgerAccount(
	ctx context.Context, cut projections.Cut, account books.LedgerAccount, first, last calendar.Quarter,
	filter projections.Filter, page projections.Page,
) (answer LedgerAccount, err error) {
	if !first.IsZero() {
		if err := checkQuarters(first, last, filter); err != nil {
			return answer, err
		}
	}
	q, err := m.Ask(cut, page, "ledger-account", account, first, last, filter)
	if err != nil {
		return answer, err
	}
	defer q.Done()
	p := projections.Params{
		"account": string(account), "center": string(filter.Center), "region": filter.Region, "first": uint16(first),
		"last": uint16(last), "after_on": q.AfterKey(0, "1970-01-01"), "after_position": q.AfterKey(1, "0"),
		"after_line": q.AfterKey(2, "0"),
	}
	answer.List, err = projections.SummedListOf(ctx, q, bookedSQL+ledgerAccountSQL, p, func(r *LedgerPosting) []string {
		return []string{r.On.String(), strconv.FormatUint(r.Position, 10), strconv.FormatUint(uint64(r.Line), 10)}
	}, &answer.LedgerSums)
	return answer, err
}

package money

import (
	"context"
	_ "embed"
	"math"
	"strconv"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed accountlines.sql
var accountLinesSQL string

// AccountLine is one step of a center's account. Amounts are in yuan.
type AccountLine struct {
	Position     uint64           `json:"position"`
	Event        string           `json:"event"`
	On           calendar.Date    `json:"on" doc:"Business date from which it counts"`
	Charge       domain.ChargeID  `json:"charge,omitempty"`
	Project      domain.ProjectID `json:"project,omitempty"`
	Room         string           `json:"room,omitempty"`
	Service      string           `json:"service,omitempty"`
	Payment      domain.PaymentID `json:"payment,omitempty"`
	Payer        string           `json:"payer,omitempty"`
	Document     string           `json:"document,omitempty" doc:"Its number: of a statement, claim, reminder, credit note, write-off"`
	Quarter      calendar.Quarter `json:"quarter,omitzero" doc:"Of a statement"`
	Version      uint32           `json:"version,omitempty" doc:"Of a statement"`
	Amount       *money.Amount    `json:"amount" doc:"That the document states, null where it states none; what it moved is change"`
	DueOn        calendar.Date    `json:"dueOn,omitzero" doc:"Reply by, due, promised"`
	By           string           `json:"by,omitempty" doc:"Who the document names, or else who recorded it"`
	Counterparty string           `json:"counterparty,omitempty" doc:"Who was spoken with; the other center of a transfer; the bank reference of a refund"`
	Status       string           `json:"status,omitempty"`
	Reason       string           `json:"reason,omitempty"`
	Change       money.Amount     `json:"change" doc:"Of what the center owes, less its own money with us; 0.00 where nothing was moved"`
	Balance      money.Amount     `json:"balance" doc:"What the center owes after it, in the order of business dates"`
}

// AccountLines is the answer of [Views.AccountLines].
type AccountLines struct {
	projections.List[AccountLine] // the newest first
	AccountSums
}

// AccountSums is what all steps of an account come to, in yuan.
type AccountSums struct {
	Count   int          `json:"count" doc:"Of all steps"`
	Closing money.Amount `json:"closing" doc:"What the center owes: open − unapplied + written off"`
}

// AccountLines answers what happened on a center's account: statements, charges,
// payments, corrections, disputes, reminders, promises, with the balance after
// each. movedOnly leaves out what changed no balance.
func (m Views) AccountLines(
	ctx context.Context, cut projections.Cut, center domain.CenterID, movedOnly bool, page projections.Page,
) (answer AccountLines, err error) {
	q, err := m.Ask(cut, page, "account", center, movedOnly)
	if err != nil {
		return answer, err
	}
	defer q.Done()
	p := projections.Params{
		"center": string(center), "moved_only": movedOnly, "before_on": q.AfterKey(0, "2149-06-06"),
		"before": q.AfterKey(1, strconv.FormatUint(math.MaxUint64, 10)), "before_event": q.AfterKey(2, ""),
	}
	answer.List, err = projections.SummedListOf(ctx, q, accountLinesSQL, p, func(r *AccountLine) []string {
		return []string{r.On.String(), strconv.FormatUint(r.Position, 10), r.Event}
	}, &answer.AccountSums)
	return answer, err
}

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

//go:embed conflictlist.sql
var conflictListSQL string

// ConflictingPayment is a receipt that was refused because its bank reference
// is known with other content. Amounts are in yuan.
type ConflictingPayment struct {
	BankReference string             `json:"bankReference"`
	ClaimedBy     domain.PaymentID   `json:"claimedBy" doc:"The payment that has the reference"`
	Center        domain.CenterID    `json:"center"`
	Payer         string             `json:"payer"`
	Remark        string             `json:"remark,omitempty"`
	Amount        money.Amount       `json:"amount"`
	ReceivedOn    calendar.Date      `json:"receivedOn"`
	OwnAccount    string             `json:"ownAccount,omitempty" doc:"Account of ours that the money is said to have come to (本方账号); absent where it is not known"`
	Booked        *money.Amount      `json:"booked" doc:"Amount of the payment that has the reference, as it stood when this was refused; null of the first refusals, which do not say"`
	BookedOn      calendar.Date      `json:"bookedOn,omitempty" doc:"Its date of receipt"`
	RecordedAt    projections.Moment `json:"recordedAt"`
	Actor         string             `json:"actor"`
	Role          string             `json:"role"`
	Position      uint64             `json:"position"`
}

// ConflictList is the answer of [Views.Conflicts].
type ConflictList struct {
	projections.List[ConflictingPayment] // the newest first
	ConflictSums
}

// ConflictSums is what all receipts that match come to.
type ConflictSums struct {
	Count  int          `json:"count" doc:"Of all that match, as are the next two"`
	Total  money.Amount `json:"total"`
	Booked money.Amount `json:"booked" doc:"What of it is on any account: 0.00"` // regardless of sign
	Ties   bool         `json:"ties" sql:"-" doc:"Nothing of what waits is on the books"`
}

// Conflicts lists the receipts that wait for a person.
func (m Views) Conflicts(
	ctx context.Context, cut projections.Cut, filter projections.Filter, page projections.Page,
) (answer ConflictList, err error) {
	if err := noProject(filter, "must be empty: money belongs to a center until it settles a charge"); err != nil {
		return answer, err
	}
	q, err := m.AskSorted(cut, page, projections.Sortable{"amount", "receivedOn"}, "conflicts", filter)
	if err != nil {
		return answer, err
	}
	defer q.Done()
	p := filter.Params().With("before", q.AfterKey(0, strconv.FormatInt(math.MaxInt64, 10)))
	answer.List, err = projections.SummedListOf(ctx, q, conflictListSQL, p, func(c *ConflictingPayment) []string {
		return []string{strconv.FormatUint(c.Position, 10)}
	}, &answer.ConflictSums)
	answer.Ties = answer.Booked.IsZero()
	return answer, err
}

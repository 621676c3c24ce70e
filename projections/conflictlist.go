package projections

import (
	"context"
	_ "embed"
	"math"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

//go:embed conflictlist.sql
var conflictListSQL string

// ConflictingPayment is a receipt that was refused because its bank reference
// is known with other content. Amounts are in yuan.
type ConflictingPayment struct {
	Position      uint64
	RecordedAt    time.Time // in Shanghai
	Actor         string
	Role          string
	BankReference string
	ClaimedBy     domain.PaymentID // has the reference
	Center        domain.CenterID
	Payer         string
	Remark        string
	Amount        money.Amount
	ReceivedOn    calendar.Date
}

// ConflictList is the answer of [ReadModels.Conflicts].
type ConflictList struct {
	Answer
	Rows []ConflictingPayment // the newest first
	Next string               // asks for the next page; empty on the last
}

// Conflicts lists the receipts that wait for a person.
func (m *ReadModels) Conflicts(ctx context.Context, cut Cut, filter Filter, page Page) (ConflictList, error) {
	if err := noProject(filter, "money belongs to a center until it settles a charge"); err != nil {
		return ConflictList{}, err
	}
	q, err := m.ask(cut, page, "conflicts", filter)
	if err != nil {
		return ConflictList{}, err
	}
	defer q.done()
	answer := ConflictList{Answer: q.Answer}
	p := filter.params().with("before", q.afterKey(0, strconv.FormatUint(math.MaxUint64, 10)))
	err = q.rows(ctx, conflictListSQL, p, func(rows driver.Rows) error {
		var c ConflictingPayment
		if err := rows.Scan(
			&c.Position, &c.RecordedAt, &c.Actor, &c.Role, &c.BankReference, textTo(&c.ClaimedBy), textTo(&c.Center), &c.Payer,
			&c.Remark, amountTo{&c.Amount}, dateTo{&c.ReceivedOn},
		); err != nil {
			return err
		}
		c.RecordedAt = inShanghai(c.RecordedAt)
		if len(answer.Rows) == q.limit {
			answer.Next = q.next(strconv.FormatUint(answer.Rows[q.limit-1].Position, 10))
			return nil
		}
		answer.Rows = append(answer.Rows, c)
		return nil
	})
	return answer, err
}

package money

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
	"aftersales-ledger/projections"
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
	OwnAccount    string // 本方账号; empty where it is not known
}

// ConflictList is the answer of [Views.Conflicts].
type ConflictList struct {
	projections.Answer
	Rows []ConflictingPayment // the newest first
	Next string               // asks for the next page; empty on the last

	// Of all that match, not only those of the page.
	Count  int
	Total  money.Amount
	Booked money.Amount // on any account, regardless of sign: nil
}

// Ties reports whether nothing of what waits is on the books.
func (l ConflictList) Ties() bool { return l.Booked.IsZero() }

// Conflicts lists the receipts that wait for a person.
func (m Views) Conflicts(
	ctx context.Context, cut projections.Cut, filter projections.Filter, page projections.Page,
) (ConflictList, error) {
	if err := noProject(filter, "must be empty: money belongs to a center until it settles a charge"); err != nil {
		return ConflictList{}, err
	}
	q, err := m.AskSorted(cut, page, projections.Sortable{"amount", "receivedOn"}, "conflicts", filter)
	if err != nil {
		return ConflictList{}, err
	}
	defer q.Done()
	answer := ConflictList{Answer: q.Answer}
	var last int64
	p := filter.Params().With("before", q.AfterKey(0, strconv.FormatInt(math.MaxInt64, 10)))
	err = q.Rows(ctx, conflictListSQL, p, func(rows driver.Rows) error {
		var (
			c     ConflictingPayment
			key   int64
			count uint64
		)
		if err := rows.Scan(
			&c.Position, &c.RecordedAt, &c.Actor, &c.Role, &c.BankReference, projections.TextTo(&c.ClaimedBy),
			projections.TextTo(&c.Center), &c.Payer,
			&c.Remark, projections.AmountTo(&c.Amount), projections.DateTo(&c.ReceivedOn), &c.OwnAccount, &key,
			&count, projections.AmountTo(&answer.Total), projections.AmountTo(&answer.Booked),
		); err != nil {
			return err
		}
		c.RecordedAt, answer.Count = projections.InShanghai(c.RecordedAt), int(count)
		if len(answer.Rows) == q.Limit {
			answer.Next = q.NextSorted(last, strconv.FormatUint(answer.Rows[q.Limit-1].Position, 10))
			return nil
		}
		answer.Rows, last = append(answer.Rows, c), key
		return nil
	})
	return answer, err
}

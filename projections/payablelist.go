package projections

import (
	"context"
	_ "embed"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

//go:embed payablelist.sql
var payableListSQL string

// Payable is one repair in a payment request. Amounts are in yuan.
type Payable struct {
	Month       string // 2026-07
	Region      string
	Request     domain.PaymentRequestID
	Return      domain.ReturnID
	Project     domain.ProjectID
	Supplier    string
	Amount      money.Amount
	Letter      attachment.Digest
	Sheet       attachment.Digest
	Approval    attachment.Digest
	RequestedOn calendar.Date
	By          string
	Status      string // REQUESTED, RETURNED or PAID

	ReturnedOn    calendar.Date
	ReturnedBy    string
	Reason        string // why it was returned
	PaidOn        calendar.Date
	PaidBy        string
	BankReference string
}

// PayableFilter narrows the payables down. Empty fields do not narrow.
type PayableFilter struct {
	Filter
	Month    calendar.Month
	Supplier string
	Status   string
}

// PayableList is the answer of [ReadModels.Payables].
type PayableList struct {
	Answer
	Rows []Payable // by month, region, request, repair
	Next string    // asks for the next page; empty on the last

	Requested money.Amount // of all that match: to be paid
	Paid      money.Amount
}

// Payables lists the repairs of payment requests.
func (m *ReadModels) Payables(ctx context.Context, cut Cut, filter PayableFilter, page Page) (PayableList, error) {
	q, err := m.ask(cut, page, "payables", filter)
	if err != nil {
		return PayableList{}, err
	}
	defer q.done()
	month := ""
	if !filter.Month.IsZero() {
		month = filter.Month.String()
	}
	answer := PayableList{Answer: q.Answer}
	p := filter.Filter.params().with("month", month).with("supplier", filter.Supplier).with("status", filter.Status).
		with("after_month", q.afterKey(0, "")).with("after_region", q.afterKey(1, "")).
		with("after_request", q.afterKey(2, "")).with("after_return", q.afterKey(3, ""))
	err = q.rows(ctx, payableListSQL, p, func(rows driver.Rows) error {
		var r Payable
		if err := rows.Scan(
			&r.Month, &r.Region, textTo(&r.Request), textTo(&r.Return), textTo(&r.Project), &r.Supplier, amountTo{&r.Amount}, textTo(&r.Letter),
			textTo(&r.Sheet), textTo(&r.Approval), dateTo{&r.RequestedOn}, &r.By, &r.Status, dateTo{&r.ReturnedOn}, &r.ReturnedBy, &r.Reason,
			dateTo{&r.PaidOn}, &r.PaidBy, &r.BankReference, amountTo{&answer.Requested}, amountTo{&answer.Paid},
		); err != nil {
			return err
		}
		if len(answer.Rows) == q.limit {
			end := answer.Rows[q.limit-1]
			answer.Next = q.next(end.Month, end.Region, string(end.Request), string(end.Return))
			return nil
		}
		answer.Rows = append(answer.Rows, r)
		return nil
	})
	return answer, err
}

//go:embed brokenrequests.sql
var brokenRequestsSQL string

// BrokenRequests returns the repairs that a payment request took before a moment
// and that has not come about: who asked for it broke off.
func (m *ReadModels) BrokenRequests(ctx context.Context, before time.Time) (repairs []domain.ReturnID, err error) {
	q, err := m.ask(Cut{}, Page{}, "broken-requests", before)
	if err != nil {
		return nil, err
	}
	defer q.done()
	err = q.rows(ctx, brokenRequestsSQL, params{"before": before.UnixMicro()}, func(rows driver.Rows) error {
		var id domain.ReturnID
		err := rows.Scan(textTo(&id))
		repairs = append(repairs, id)
		return err
	})
	return repairs, err
}

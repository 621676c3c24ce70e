package repairs

import (
	"context"
	_ "embed"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
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
	projections.Filter
	Month    calendar.Month
	Supplier string
	Status   string
}

// PayableList is the answer of [Views.Payables].
type PayableList struct {
	projections.Answer
	Rows []Payable // by month, region, request, repair
	Next string    // asks for the next page; empty on the last

	Requested money.Amount // of all that match: to be paid
	Paid      money.Amount
}

// Payables lists the repairs of payment requests.
func (m Views) Payables(
	ctx context.Context, cut projections.Cut, filter PayableFilter, page projections.Page,
) (PayableList, error) {
	q, err := m.Ask(cut, page, "payables", filter)
	if err != nil {
		return PayableList{}, err
	}
	defer q.Done()
	month := ""
	if !filter.Month.IsZero() {
		month = filter.Month.String()
	}
	answer := PayableList{Answer: q.Answer}
	p := filter.Filter.Params().With("month", month).With("supplier", filter.Supplier).With("status", filter.Status).
		With("after_month", q.AfterKey(0, "")).With("after_region", q.AfterKey(1, "")).
		With("after_request", q.AfterKey(2, "")).With("after_return", q.AfterKey(3, ""))
	err = q.Rows(ctx, payableListSQL, p, func(rows driver.Rows) error {
		var r Payable
		if err := rows.Scan(
			&r.Month, &r.Region, projections.TextTo(&r.Request), projections.TextTo(&r.Return), projections.TextTo(&r.Project),
			&r.Supplier, projections.AmountTo(&r.Amount), projections.TextTo(&r.Letter),
			projections.TextTo(&r.Sheet), projections.TextTo(&r.Approval), projections.DateTo(&r.RequestedOn), &r.By, &r.Status,
			projections.DateTo(&r.ReturnedOn), &r.ReturnedBy, &r.Reason,
			projections.DateTo(&r.PaidOn), &r.PaidBy, &r.BankReference, projections.AmountTo(&answer.Requested),
			projections.AmountTo(&answer.Paid),
		); err != nil {
			return err
		}
		if len(answer.Rows) == q.Limit {
			end := answer.Rows[q.Limit-1]
			answer.Next = q.Next(end.Month, end.Region, string(end.Request), string(end.Return))
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
func (m Views) BrokenRequests(ctx context.Context, before time.Time) (repairs []domain.ReturnID, err error) {
	q, err := m.Ask(projections.Cut{Scope: access.Whole()}, projections.Page{}, "broken-requests", before)
	if err != nil {
		return nil, err
	}
	defer q.Done()
	err = q.Rows(ctx, brokenRequestsSQL, projections.Params{"before": before.UnixMicro()}, func(rows driver.Rows) error {
		var id domain.ReturnID
		err := rows.Scan(projections.TextTo(&id))
		repairs = append(repairs, id)
		return err
	})
	return repairs, err
}

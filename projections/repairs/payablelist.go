package repairs

import (
	"context"
	_ "embed"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed payablelist.sql
var payableListSQL string

// Payable is one repair in a payment request, in yuan.
type Payable struct {
	Month    string                  `json:"month"` // 2026-07
	Region   string                  `json:"region"`
	Request  domain.PaymentRequestID `json:"request"`
	Return   domain.ReturnID         `json:"return"`
	Project  domain.ProjectID        `json:"project"`
	Supplier string                  `json:"supplier"`

	SupplierUnrecorded bool `json:"supplierUnrecorded,omitempty" sql:"-" doc:"Nobody had recorded the supplier for the day of the request (未建档): no account is on record to pay it to"`

	Amount        money.Amount      `json:"amount"`
	Letter        attachment.Digest `json:"letter" doc:"SHA-256 of the attachment, here and below"`
	Sheet         attachment.Digest `json:"sheet"`
	Approval      attachment.Digest `json:"approval"`
	RequestedOn   calendar.Date     `json:"requestedOn"`
	By            string            `json:"by"`
	Status        string            `json:"status"` // REQUESTED, RETURNED or PAID
	ReturnedOn    calendar.Date     `json:"returnedOn,omitempty"`
	ReturnedBy    string            `json:"returnedBy,omitempty"`
	Reason        string            `json:"reason,omitempty"` // why it was returned
	PaidOn        calendar.Date     `json:"paidOn,omitempty"`
	PaidBy        string            `json:"paidBy,omitempty"`
	BankReference string            `json:"bankReference,omitempty"`
}

// PayableFilter narrows the payables down. Empty fields do not narrow.
type PayableFilter struct {
	projections.Filter
	Request  domain.PaymentRequestID
	Month    calendar.Month
	Supplier string
	Status   string
}

// PayableList is the answer of [Views.Payables], by month, region, request and repair.
type PayableList struct {
	projections.List[Payable]
	PayableSums
}

// PayableSums are over all that match, in yuan.
type PayableSums struct {
	Requested money.Amount `json:"requested" doc:"Of all that match: still to be paid"`
	Paid      money.Amount `json:"paid"`
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
	p := filter.Filter.Params().With("request", string(filter.Request)).With("month", month).
		With("supplier", filter.Supplier).With("status", filter.Status).
		With("after_month", q.AfterKey(0, "")).With("after_region", q.AfterKey(1, "")).
		With("after_request", q.AfterKey(2, "")).With("after_return", q.AfterKey(3, ""))
	var sums PayableSums
	list, err := projections.SummedListOf(ctx, q, payableListSQL, p, func(r *Payable) []string {
		return []string{r.Month, r.Region, string(r.Request), string(r.Return)}
	}, &sums)
	return PayableList{list, sums}, err
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
	type row struct {
		Return domain.ReturnID `sql:"return_id"`
	}
	err = projections.Each(ctx, q, brokenRequestsSQL, projections.Params{"before": before.UnixMicro()}, func(r *row) error {
		repairs = append(repairs, r.Return)
		return nil
	})
	return repairs, err
}

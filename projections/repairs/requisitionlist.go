package repairs

import (
	"context"
	_ "embed"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/projections"
)

//go:embed requisitionlist.sql
var requisitionListSQL string

// RequisitionStatus is how far a requisition has come.
type RequisitionStatus string

const (
	RequisitionInReview         RequisitionStatus = "IN_REVIEW"         // 审核中
	RequisitionAwaitingApproval RequisitionStatus = "AWAITING_APPROVAL" // 待批准
	RequisitionRejected         RequisitionStatus = "REJECTED"          // 已驳回
	RequisitionApproved         RequisitionStatus = "APPROVED"          // 待采购
	RequisitionOrdered          RequisitionStatus = "ORDERED"           // 采购中
	RequisitionReceived         RequisitionStatus = "RECEIVED"          // 已到货: all of it
)

// Requisition is one requisition and how far it has come. Amounts are in yuan.
// Quantities are units over all lines, which say something where these are of one
// part.
type Requisition struct {
	Requisition    domain.RequisitionID
	Project        domain.ProjectID
	Region         string
	RequestedOn    calendar.Date
	By             string
	Status         RequisitionStatus
	WaitsFor       []string // gates
	Lines          int
	Total          money.Amount // estimated
	Approved       money.Amount
	ApprovedOn     calendar.Date
	Ordered        money.Amount
	Received       money.Amount
	Wanted         decimal.Decimal
	OnOrder        decimal.Decimal
	Arrived        decimal.Decimal
	OnePart        bool   // its lines are of one part
	Supplier       string // of the last order
	ExpectedOn     calendar.Date
	RejectedAt     requisition.Gate
	RejectedBy     string
	RejectedReason string
	Refusals       int
}

// RequisitionFilter narrows the requisitions down. Empty fields do not narrow.
type RequisitionFilter struct {
	projections.Filter
	Status   string
	Awaiting requisition.Gate
	All      bool // also those that were received in full
}

// RequisitionList is the answer of [Views.Requisitions].
type RequisitionList struct {
	projections.Answer
	Rows []Requisition // by date, number
	Next string        // asks for the next page; empty on the last

	Total   money.Amount // of all that match
	Ordered money.Amount
}

// Requisitions lists requisitions that are open.
func (m Views) Requisitions(
	ctx context.Context, cut projections.Cut, filter RequisitionFilter, page projections.Page,
) (RequisitionList, error) {
	q, err := m.Ask(cut, page, "requisitions", filter)
	if err != nil {
		return RequisitionList{}, err
	}
	defer q.Done()
	answer := RequisitionList{Answer: q.Answer}
	p := filter.Filter.Params().With("status",
		filter.Status).With("awaiting", string(filter.Awaiting)).With("everything", filter.All).
		With("after_date",
			q.AfterKey(0, projections.IsoDate(projections.FirstDate))).With("after_requisition", q.AfterKey(1, ""))
	err = q.Rows(ctx, requisitionListSQL, p, func(rows driver.Rows) error {
		var (
			r               Requisition
			lines, refusals uint64
		)
		if err := rows.Scan(
			projections.TextTo(&r.Requisition), projections.TextTo(&r.Project), &r.Region, projections.DateTo(&r.RequestedOn),
			&r.By, projections.TextTo(&r.Status), &r.WaitsFor, &lines,
			projections.AmountTo(&r.Total), projections.AmountTo(&r.Approved), projections.DateTo(&r.ApprovedOn),
			projections.AmountTo(&r.Ordered), projections.AmountTo(&r.Received),
			&r.Wanted, &r.OnOrder, &r.Arrived, &r.OnePart, &r.Supplier,
			projections.DateTo(&r.ExpectedOn), projections.TextTo(&r.RejectedAt),
			&r.RejectedBy, &r.RejectedReason,
			&refusals, projections.AmountTo(&answer.Total), projections.AmountTo(&answer.Ordered),
		); err != nil {
			return err
		}
		r.Lines, r.Refusals = int(lines), int(refusals)
		if len(answer.Rows) == q.Limit {
			end := answer.Rows[q.Limit-1]
			answer.Next = q.Next(end.RequestedOn.String(), string(end.Requisition))
			return nil
		}
		answer.Rows = append(answer.Rows, r)
		return nil
	})
	return answer, err
}

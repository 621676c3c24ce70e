package projections

import (
	"context"
	_ "embed"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/requisition"
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

// Requisition is one requisition and how far it has come. Amounts are in yuan,
// quantities in units over all lines.
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
	Supplier       string // of the last order
	ExpectedOn     calendar.Date
	RejectedAt     requisition.Gate
	RejectedBy     string
	RejectedReason string
	Refusals       int
}

// RequisitionFilter narrows the requisitions down. Empty fields do not narrow.
type RequisitionFilter struct {
	Filter
	Status   string
	Awaiting requisition.Gate
	All      bool // also those that were received in full
}

// RequisitionList is the answer of [ReadModels.Requisitions].
type RequisitionList struct {
	Answer
	Rows []Requisition // by date, number
	Next string        // asks for the next page; empty on the last

	Total   money.Amount // of all that match
	Ordered money.Amount
}

// Requisitions lists requisitions that are open.
func (m *ReadModels) Requisitions(ctx context.Context, cut Cut, filter RequisitionFilter, page Page) (RequisitionList, error) {
	q, err := m.ask(cut, page, "requisitions", filter)
	if err != nil {
		return RequisitionList{}, err
	}
	defer q.done()
	answer := RequisitionList{Answer: q.Answer}
	p := filter.Filter.params().with("status", filter.Status).with("awaiting", string(filter.Awaiting)).with("everything", filter.All).
		with("after_date", q.afterKey(0, isoDate(firstDate))).with("after_requisition", q.afterKey(1, ""))
	err = q.rows(ctx, requisitionListSQL, p, func(rows driver.Rows) error {
		var (
			r               Requisition
			lines, refusals uint64
		)
		if err := rows.Scan(
			textTo(&r.Requisition), textTo(&r.Project), &r.Region, dateTo{&r.RequestedOn}, &r.By, textTo(&r.Status), &r.WaitsFor, &lines,
			amountTo{&r.Total}, amountTo{&r.Approved}, dateTo{&r.ApprovedOn}, amountTo{&r.Ordered}, amountTo{&r.Received},
			&r.Wanted, &r.OnOrder, &r.Arrived, &r.Supplier, dateTo{&r.ExpectedOn}, textTo(&r.RejectedAt), &r.RejectedBy, &r.RejectedReason,
			&refusals, amountTo{&answer.Total}, amountTo{&answer.Ordered},
		); err != nil {
			return err
		}
		r.Lines, r.Refusals = int(lines), int(refusals)
		if len(answer.Rows) == q.limit {
			end := answer.Rows[q.limit-1]
			answer.Next = q.next(end.RequestedOn.String(), string(end.Requisition))
			return nil
		}
		answer.Rows = append(answer.Rows, r)
		return nil
	})
	return answer, err
}

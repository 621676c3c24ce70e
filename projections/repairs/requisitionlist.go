package repairs

import (
	"context"
	_ "embed"

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

// Requisition is one requisition and how far it has come, in yuan and units.
type Requisition struct {
	Requisition domain.RequisitionID `json:"requisition"`
	Project     domain.ProjectID     `json:"project"`
	Region      string               `json:"region"`
	RequestedOn calendar.Date        `json:"requestedOn"`
	By          string               `json:"by"`
	Status      RequisitionStatus    `json:"status"`
	WaitsFor    []string             `json:"waitsFor"` // gates
	Lines       int                  `json:"lines"`
	Total       money.Amount         `json:"total" doc:"Estimated"`
	Approved    *money.Amount        `json:"approved" doc:"null where it was not approved"`
	ApprovedOn  calendar.Date        `json:"approvedOn,omitempty"`
	Ordered     money.Amount         `json:"ordered"`
	Received    money.Amount         `json:"received"`
	Wanted      *decimal.Decimal     `json:"wanted" doc:"Units, here and below; null where its lines are of several parts: metres and pieces are not added up"`
	OnOrder     *decimal.Decimal     `json:"onOrder"`
	Arrived     *decimal.Decimal     `json:"arrived"`
	Supplier    string               `json:"supplier,omitempty" doc:"Of the last order"`
	ExpectedOn  calendar.Date        `json:"expectedOn,omitempty"`
	Rejected    Rejected             `json:"rejected,omitzero" sql:"rejected_,inline"`
	Refusals    int                  `json:"refusals" doc:"Attempts to decide that were refused"`
}

// RequisitionFilter narrows the requisitions down. Empty fields do not narrow.
type RequisitionFilter struct {
	projections.Filter
	Status   string
	Awaiting requisition.Gate
	All      bool // also those that were received in full
}

// RequisitionList is the answer of [Views.Requisitions], by date and number.
type RequisitionList struct {
	projections.List[Requisition]
	RequisitionSums
}

// RequisitionSums are over all that match, in yuan.
type RequisitionSums struct {
	Total   money.Amount `json:"total" doc:"Here and below: of all that match, not only this page's"`
	Ordered money.Amount `json:"ordered"`
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
	p := filter.Filter.Params().With("status",
		filter.Status).With("awaiting", string(filter.Awaiting)).With("everything", filter.All).
		With("after_date",
			q.AfterKey(0, projections.IsoDate(projections.FirstDate))).With("after_requisition", q.AfterKey(1, ""))
	var sums RequisitionSums
	list, err := projections.SummedListOf(ctx, q, requisitionListSQL, p, func(r *Requisition) []string {
		return []string{r.RequestedOn.String(), string(r.Requisition)}
	}, &sums)
	return RequisitionList{list, sums}, err
}

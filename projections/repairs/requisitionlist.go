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

//go:embed requisitionlines.sql
var requisitionLinesSQL string

//go:embed requisitionsteps.sql
var requisitionStepsSQL string

// RequisitionStatus is how far a requisition has come.
type RequisitionStatus string

const (
	RequisitionInReview         RequisitionStatus = "IN_REVIEW"         // 审核中
	RequisitionAwaitingApproval RequisitionStatus = "AWAITING_APPROVAL" // 待批准
	RequisitionRejected         RequisitionStatus = "REJECTED"          // 已退回
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
	OrderedOn   calendar.Date        `json:"orderedOn,omitempty" doc:"Day of the last order"`

	SupplierUnrecorded bool `json:"supplierUnrecorded,omitempty" sql:"-" doc:"Nobody had recorded the supplier for the day of the last order (未建档)"`

	ExpectedOn calendar.Date `json:"expectedOn,omitempty"`
	Rejected   Rejected      `json:"rejected,omitzero" sql:"rejected_,inline"`
	Refusals   int           `json:"refusals" doc:"Attempts to decide that were refused"`
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
	return requisitionsOf(ctx, q, filter.params("", q))
}

func requisitionsOf(ctx context.Context, q *projections.Question, p projections.Params) (RequisitionList, error) {
	var sums RequisitionSums
	list, err := projections.SummedListOf(ctx, q, requisitionListSQL, p, func(r *Requisition) []string {
		return []string{r.RequestedOn.String(), string(r.Requisition)}
	}, &sums)
	return RequisitionList{list, sums}, err
}

func (f RequisitionFilter) params(id domain.RequisitionID, q *projections.Question) projections.Params {
	return f.Filter.Params().With("requisition", string(id)).With("status", f.Status).
		With("awaiting", string(f.Awaiting)).With("everything", f.All).
		With("after_date", q.AfterKey(0, projections.IsoDate(projections.FirstDate))).
		With("after_requisition", q.AfterKey(1, ""))
}

// RequisitionMaterial is one kind of material of a requisition as it was last put forward, and
// what has been bought of it; of material that was bought and then not asked for any more,
// nothing is wanted.
type RequisitionMaterial struct {
	Part     domain.PartCode `json:"part"`
	Name     string          `json:"name"`
	Purpose  string          `json:"purpose"`
	Wanted   decimal.Decimal `json:"wanted" doc:"Units, here and below"`
	OnOrder  decimal.Decimal `json:"onOrder" doc:"Ordered so far, arrived or not"`
	Arrived  decimal.Decimal `json:"arrived"`
	Estimate money.Amount    `json:"estimate" doc:"Yuan, of all units together, here and below"`
	Ordered  money.Amount    `json:"ordered"`
	Received money.Amount    `json:"received"`
}

// RequisitionStep is one thing that happened to a requisition.
type RequisitionStep struct {
	Position   uint64             `json:"position"`
	RecordedAt projections.Moment `json:"recordedAt"`
	Actor      string             `json:"actor"`
	Role       string             `json:"role"`
	Step       string             `json:"step" enum:"REQUESTED,REVIEWED,APPROVED,REJECTED,RESUBMITTED,REFUSED,ORDERED,RECEIVED"`
	On         calendar.Date      `json:"on"`
	By         string             `json:"by,omitempty"`
	Gate       requisition.Gate   `json:"gate,omitempty"`
	Amount     *money.Amount      `json:"amount" doc:"null of a step that states none"` // yuan, of what by the step
	Supplier   string             `json:"supplier,omitempty"`

	SupplierUnrecorded bool `json:"supplierUnrecorded,omitempty" sql:"-" doc:"Nobody had recorded the supplier for the day of the order (未建档)"`

	Document   string        `json:"document,omitempty" doc:"Number of the order, or of the goods received note"`
	ExpectedOn calendar.Date `json:"expectedOn,omitempty"`
	Note       string        `json:"note,omitempty" doc:"Or the reason"`
}

// RequisitionHistory is the answer of [Views.RequisitionHistory].
type RequisitionHistory struct {
	projections.Answer
	Requisition Requisition
	Found       bool                  // false: no such requisition up to the cut
	Lines       []RequisitionMaterial // in the order in which they were asked for
	Steps       []RequisitionStep     // in log order
}

// RequisitionHistory traces one requisition from the asking to what arrived.
func (m Views) RequisitionHistory(
	ctx context.Context, cut projections.Cut, id domain.RequisitionID,
) (RequisitionHistory, error) {
	q, err := m.Ask(cut, projections.Page{})
	if err != nil {
		return RequisitionHistory{}, err
	}
	defer q.Done()
	list, err := requisitionsOf(ctx, q, RequisitionFilter{All: true}.params(id, q))
	if err != nil {
		return RequisitionHistory{}, err
	}
	h := RequisitionHistory{Answer: q.Answer, Found: len(list.Rows) == 1}
	if !h.Found {
		return h, nil
	}
	h.Requisition = list.Rows[0]
	one := projections.Params{"requisition": string(id)}
	if h.Lines, err = projections.All[RequisitionMaterial](ctx, q, requisitionLinesSQL, one); err != nil {
		return RequisitionHistory{}, err
	}
	h.Steps, err = projections.All[RequisitionStep](ctx, q, requisitionStepsSQL, one)
	return h, err
}

package repairs

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/projections"
	repairsviews "aftersales-ledger/projections/repairs"
)

type repairsInput struct {
	kit.CutParams
	kit.PageParams
	Region   string `query:"region"`
	Project  string `query:"project"`
	Maker    string `query:"maker"`
	Status   string `query:"status" enum:"AWAITING_APPROVAL,REJECTED,TO_SHIP,AT_MAKER,AWAITING_RESULT,CHARGED,REPAIRED,REPLACED,SCRAPPED,NOT_BACK,BACK"`
	Awaiting string `query:"awaiting" enum:"CITY_TECH_LEAD,TECH_GROUP,HQ_AFFAIRS,DEPARTMENT_MANAGER" doc:"Whose decision they wait for"`
	Overdue  bool   `query:"overdue" doc:"Only devices that should be back from their makers, by the day promised when they were sent or, without one, by the department's rules"`
	All      bool   `query:"all" doc:"Also those that have ended"`

	ToReceive bool `query:"toReceive" doc:"Only devices that are repaired or replaced and wait for the receipt of a depot (已修复，待入库)"`
	ToPay     bool `query:"toPay" doc:"Only repairs that a payment request may ask for: something is payable (可申请付款)"`
}

// RepairsBody lists process sheets, and units at makers that none follows.
type RepairsBody struct {
	Rows    []repairsviews.Repair       `json:"rows"`
	Regions []repairsviews.RepairRegion `json:"regions" doc:"Of all that match, not only this page's"`
	Total   repairsviews.RepairRegion   `json:"total"`
	kit.Paged
}

type returnHistoryInput struct {
	kit.CutParams
	Return string `path:"return"`
}

// ReturnHistoryBody is one process sheet with everything that happened on it.
type ReturnHistoryBody struct {
	kit.Basis
	Return repairsviews.Repair       `json:"return"`
	Steps  []repairsviews.ReturnStep `json:"steps"`
}

type requisitionsInput struct {
	kit.CutParams
	kit.PageParams
	Region   string `query:"region"`
	Project  string `query:"project"`
	Status   string `query:"status" enum:"IN_REVIEW,AWAITING_APPROVAL,REJECTED,APPROVED,ORDERED,RECEIVED"`
	Awaiting string `query:"awaiting" enum:"TECH_GROUP,HQ_AFFAIRS,MATERIALS_PLANNER,DEPARTMENT_MANAGER" doc:"Whose decision they wait for"`
	All      bool   `query:"all" doc:"Also those that were received in full"`
}

type requisitionHistoryInput struct {
	kit.CutParams
	Requisition string `path:"requisition"`
}

// RequisitionHistoryBody is one requisition with its material and everything that happened to it.
type RequisitionHistoryBody struct {
	kit.Basis
	Requisition repairsviews.Requisition           `json:"requisition"`
	Lines       []repairsviews.RequisitionMaterial `json:"lines"`
	Steps       []repairsviews.RequisitionStep     `json:"steps"`
}

// RequisitionsBody lists requisitions.
type RequisitionsBody struct {
	Rows []repairsviews.Requisition `json:"rows"`
	repairsviews.RequisitionSums
	kit.Paged
}

type payablesInput struct {
	kit.CutParams
	kit.PageParams
	Region   string `query:"region"`
	Project  string `query:"project"`
	Request  string `query:"request" doc:"Number of a payment request"`
	Month    string `query:"month" example:"2026-07"`
	Supplier string `query:"supplier"`
	Status   string `query:"status" enum:"REQUESTED,RETURNED,PAID"`
}

// requestAlone is the stream of the payment requests of a region's month, if one of
// each is asked for.
func requestAlone(in *payablesInput) string {
	month, err := calendar.ParseMonth(in.Month)
	if err != nil || in.Region == "" {
		return ""
	}
	return payables.Stream(in.Region, month)
}

// PayablesBody lists the repairs of payment requests.
type PayablesBody struct {
	Rows []repairsviews.Payable `json:"rows"`
	repairsviews.PayableSums
	kit.Paged
}

func (s *service) repairViews() {
	kit.Query(s.Service, "/v1/repairs", "list-repairs",
		"返修: process sheets F2 in progress, where each device is and what it waits for; and units that depots sent to makers with no sheet (5.2.1)", kit.MayReadRepairs,
		s.listRepairs)
	kit.TaggedQuery(s.Service, "/v1/returns/{return}", "return-history",
		"One process sheet F2, from its filing to its payment (5.2.1)", kit.MayReadRepairs,
		func(in *returnHistoryInput) string { return repair.Stream(domain.ReturnID(in.Return)) }, s.returnHistory)
	kit.Query(s.Service, "/v1/requisitions", "list-requisitions", "物资申请: requisitions open (5.2.3)", kit.MayReadRepairs,
		s.listRequisitions)
	kit.TaggedQuery(s.Service, "/v1/requisitions/{requisition}", "requisition-history",
		"One requisition: its material, what was bought of it, and everything that happened to it (5.2.3)", kit.MayReadRepairs,
		func(in *requisitionHistoryInput) string {
			return requisition.Stream(domain.RequisitionID(in.Requisition))
		},
		s.requisitionHistory)
	kit.TaggedQuery(s.Service, "/v1/payables", "list-payables", "付款申请: repairs in payment requests (5.2.2)", kit.MayReadPayables,
		requestAlone, s.listPayables)
}

func (s *service) listRepairs(ctx context.Context, in *repairsInput) (out RepairsBody, err error) {
	var p kit.Parser
	filter := repairsviews.RepairFilter{
		Filter: projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)}, Maker: in.Maker,
		Status:   in.Status,
		Awaiting: repair.Gate(in.Awaiting), Overdue: in.Overdue, ToReceive: in.ToReceive, ToPay: in.ToPay, All: in.All,
	}
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := repairsviews.Of(s.Deps.ReadModels).Repairs(ctx, cut, filter, in.Page())
	if err != nil {
		return out, err
	}
	return RepairsBody{r.Rows, r.Regions, r.Total(), kit.PagedOf(r.List)}, s.markRepairs(ctx, r.Answer, r.Rows)
}

func (s *service) returnHistory(ctx context.Context, in *returnHistoryInput) (out ReturnHistoryBody, err error) {
	var p kit.Parser
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	h, err := repairsviews.Of(s.Deps.ReadModels).ReturnHistory(ctx, cut, domain.ReturnID(in.Return))
	if err != nil {
		return out, err
	}
	if !h.Found {
		return out, domain.NotFound("return", in.Return, "unknown-return",
			"is not a process sheet as of the date and moment asked for")
	}
	for i := range h.Steps {
		if step := &h.Steps[i]; step.Step == "REFUSED" {
			step.Note = s.Recorded(ctx, step.Note)
		}
	}
	of := []repairsviews.Repair{h.Repair}
	err = s.markRepairs(ctx, h.Answer, of)
	return ReturnHistoryBody{kit.BasisOf(h.Answer), of[0], h.Steps}, err
}

func (s *service) requisitionHistory(
	ctx context.Context, in *requisitionHistoryInput,
) (out RequisitionHistoryBody, err error) {
	var p kit.Parser
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	h, err := repairsviews.Of(s.Deps.ReadModels).RequisitionHistory(ctx, cut, domain.RequisitionID(in.Requisition))
	if err != nil {
		return out, err
	}
	if !h.Found {
		return out, domain.NotFound("requisition", in.Requisition, "unknown-requisition",
			"is not a requisition as of the date and moment asked for")
	}
	for i := range h.Steps {
		if step := &h.Steps[i]; step.Step == "REFUSED" {
			step.Note = s.Recorded(ctx, step.Note)
		}
	}
	of := []repairsviews.Requisition{h.Requisition}
	err = s.markOrders(ctx, h.Answer, of, h.Steps)
	return RequisitionHistoryBody{kit.BasisOf(h.Answer), of[0], h.Lines, h.Steps}, err
}

func (s *service) listRequisitions(ctx context.Context, in *requisitionsInput) (out RequisitionsBody, err error) {
	var p kit.Parser
	filter := repairsviews.RequisitionFilter{
		Filter: projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)}, Status: in.Status,
		Awaiting: requisition.Gate(in.Awaiting), All: in.All,
	}
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := repairsviews.Of(s.Deps.ReadModels).Requisitions(ctx, cut, filter, in.Page())
	if err != nil {
		return out, err
	}
	return RequisitionsBody{r.Rows, r.RequisitionSums, kit.PagedOf(r.List)}, s.markOrders(ctx, r.Answer, r.Rows, nil)
}

func (s *service) listPayables(ctx context.Context, in *payablesInput) (out PayablesBody, err error) {
	var p kit.Parser
	filter := repairsviews.PayableFilter{
		Filter: projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)}, Supplier: in.Supplier,
		Request: domain.PaymentRequestID(in.Request), Status: in.Status,
	}
	if in.Month != "" {
		filter.Month = p.Month("month", in.Month)
	}
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := repairsviews.Of(s.Deps.ReadModels).Payables(ctx, cut, filter, in.Page())
	if err != nil {
		return out, err
	}
	return PayablesBody{r.Rows, r.PayableSums, kit.PagedOf(r.List)}, s.markPayables(ctx, r.Answer, r.Rows)
}

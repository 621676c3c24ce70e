package repairs

import (
	"context"
	"time"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
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
	Status   string `query:"status" enum:"AWAITING_APPROVAL,REJECTED,TO_SHIP,AT_MAKER,CHARGED,REPAIRED,REPLACED,SCRAPPED,NOT_BACK"`
	Awaiting string `query:"awaiting" enum:"CITY_TECH_LEAD,TECH_GROUP,HQ_AFFAIRS,DEPARTMENT_MANAGER" doc:"Whose decision they wait for"`
	Overdue  bool   `query:"overdue" doc:"Only devices that should be back from their makers"`
	All      bool   `query:"all" doc:"Also those that have ended"`

	ToReceive bool `query:"toReceive" doc:"Only devices that are repaired or replaced and wait for the receipt of a depot (已修复，待入库)"`
	ToPay     bool `query:"toPay" doc:"Only repairs that a payment request may ask for: something is payable, and we confirmed the maker's letter (可申请付款)"`
}

// RepairBody is one process sheet and how far it has come, in yuan.
type RepairBody struct {
	Return          string        `json:"return"`
	Kind            string        `json:"kind" enum:"REPAIR,COMPENSATION"`
	Project         string        `json:"project"`
	Region          string        `json:"region"`
	Center          string        `json:"center,omitempty" doc:"Of a compensation"`
	Ticket          string        `json:"ticket,omitempty"`
	FaultLine       string        `json:"faultLine,omitempty"`
	Part            string        `json:"part,omitempty"`
	Serial          string        `json:"serial,omitempty"`
	Maker           string        `json:"maker,omitempty"`
	Fault           string        `json:"fault"`
	FiledOn         string        `json:"filedOn"`
	FiledBy         string        `json:"filedBy"`
	Status          string        `json:"status"`
	Awaiting        string        `json:"awaiting,omitempty" doc:"Whose decision it waits for"`
	Rejected        *RejectedBody `json:"rejected,omitempty"`
	Bearer          string        `json:"bearer,omitempty"`
	Estimate        string        `json:"estimate" doc:"Of a compensation: its amount"`
	Quoted          *string       `json:"quoted" doc:"What the maker asks, by its last letter; null where it has not said"`
	Approved        *string       `json:"approved" doc:"The most that the department manager allowed; null where none was asked or given"`
	Payable         *string       `json:"payable" doc:"Approved in full and in no payment request; null of a compensation, which nobody is paid for"`
	LetterConfirmed bool          `json:"letterConfirmed" doc:"We confirmed the maker's letter"`
	PaymentRequest  string        `json:"paymentRequest,omitempty"`
	ShippedOn       string        `json:"shippedOn,omitempty"`
	Waybill         string        `json:"waybill,omitempty"`
	ExpectedBackOn  string        `json:"expectedBackOn,omitempty" doc:"As promised last"`
	DaysAtMaker     *int          `json:"daysAtMaker" doc:"null of a device that was not shipped"`
	DaysOverdue     *int          `json:"daysOverdue" doc:"At the maker, since it was promised back; 0 until then; null of a device that is not at its maker, or with no date promised"`
	BackOn          string        `json:"backOn,omitempty"`
	Result          string        `json:"result,omitempty"`
	NewSerial       string        `json:"newSerial,omitempty"`
	ToReceive       bool          `json:"toReceive" doc:"Repaired or replaced (已修复，待入库), and no receipt of a depot names the unit yet"`
	FollowUps       int           `json:"followUps"`
	LastFollowUp    *FollowUpBody `json:"lastFollowUp,omitempty"`
	Refusals        int           `json:"refusals" doc:"Attempts to decide that were refused"`
	Charge          string        `json:"charge,omitempty" doc:"What a compensation becomes"`
}

// RejectedBody says who sent a paper back, and why.
type RejectedBody struct {
	Gate   string `json:"gate"`
	By     string `json:"by"`
	Reason string `json:"reason"`
}

// FollowUpBody is a word with a maker.
type FollowUpBody struct {
	On      string `json:"on"`
	By      string `json:"by"`
	Contact string `json:"contact"`
	Note    string `json:"note"`
}

// RepairsBody lists process sheets.
type RepairsBody struct {
	kit.Basis
	Rows    []RepairBody       `json:"rows"`
	Regions []RepairRegionBody `json:"regions" doc:"Of all that match, not only this page's"`
	Total   RepairRegionBody   `json:"total"`
	Next    string             `json:"next,omitempty"`
}

// RepairRegionBody sums up the process sheets of a region.
type RepairRegionBody struct {
	Region   string `json:"region,omitempty"`
	Count    int    `json:"count"`
	AtMaker  int    `json:"atMaker"`
	Overdue  int    `json:"overdue"`
	Awaiting int    `json:"awaiting" doc:"That wait for somebody's decision"`
	Payable  string `json:"payable"`
}

func repairRegionBody(r repairsviews.RepairRegion) RepairRegionBody {
	return RepairRegionBody{r.Region, r.Count, r.AtMaker, r.Overdue, r.Awaiting, r.Payable.String()}
}

// NextPage is the cursor of the next page, empty on the last.
func (b *RepairsBody) NextPage() string { return b.Next }

type returnHistoryInput struct {
	kit.CutParams
	Return string `path:"return"`
}

// ReturnStepBody is one thing that happened on a process sheet.
type ReturnStepBody struct {
	Position       uint64  `json:"position"`
	RecordedAt     string  `json:"recordedAt"`
	Actor          string  `json:"actor"`
	Role           string  `json:"role"`
	Step           string  `json:"step"`
	On             string  `json:"on"`
	By             string  `json:"by,omitempty"`
	Gate           string  `json:"gate,omitempty"`
	GoesTo         string  `json:"goesTo,omitempty"`
	Bearer         string  `json:"bearer,omitempty"`
	Amount         *string `json:"amount" doc:"null of a step that states none"`
	Counterparty   string  `json:"counterparty,omitempty"`
	Document       string  `json:"document,omitempty"`
	Paper          string  `json:"paper,omitempty" doc:"SHA-256 of an attachment"`
	Waybill        string  `json:"waybill,omitempty"`
	ExpectedBackOn string  `json:"expectedBackOn,omitempty"`
	Result         string  `json:"result,omitempty"`
	NewSerial      string  `json:"newSerial,omitempty"`
	Note           string  `json:"note,omitempty"`
}

// ReturnHistoryBody is one process sheet with everything that happened on it.
type ReturnHistoryBody struct {
	kit.Basis
	Return RepairBody       `json:"return"`
	Steps  []ReturnStepBody `json:"steps"`
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

// RequisitionBody is one requisition and how far it has come, in yuan and units.
type RequisitionBody struct {
	Requisition string        `json:"requisition"`
	Project     string        `json:"project"`
	Region      string        `json:"region"`
	RequestedOn string        `json:"requestedOn"`
	By          string        `json:"by"`
	Status      string        `json:"status"`
	WaitsFor    []string      `json:"waitsFor"`
	Lines       int           `json:"lines"`
	Total       string        `json:"total" doc:"Estimated"`
	Approved    *string       `json:"approved" doc:"null where it was not approved"`
	ApprovedOn  string        `json:"approvedOn,omitempty"`
	Ordered     string        `json:"ordered"`
	Received    string        `json:"received"`
	Wanted      *string       `json:"wanted" doc:"Units, here and below; null where its lines are of several parts: metres and pieces are not added up"`
	OnOrder     *string       `json:"onOrder"`
	Arrived     *string       `json:"arrived"`
	Supplier    string        `json:"supplier,omitempty" doc:"Of the last order"`
	ExpectedOn  string        `json:"expectedOn,omitempty"`
	Rejected    *RejectedBody `json:"rejected,omitempty"`
	Refusals    int           `json:"refusals" doc:"Attempts to decide that were refused"`
}

// RequisitionsBody lists requisitions.
type RequisitionsBody struct {
	kit.Basis
	Rows    []RequisitionBody `json:"rows"`
	Total   string            `json:"total" doc:"Here and below: of all that match, not only this page's"`
	Ordered string            `json:"ordered"`
	Next    string            `json:"next,omitempty"`
}

// NextPage is the cursor of the next page, empty on the last.
func (b *RequisitionsBody) NextPage() string { return b.Next }

type payablesInput struct {
	kit.CutParams
	kit.PageParams
	Region   string `query:"region"`
	Project  string `query:"project"`
	Month    string `query:"month" example:"2026-07"`
	Supplier string `query:"supplier"`
	Status   string `query:"status" enum:"REQUESTED,RETURNED,PAID"`
}

// PayableBody is one repair in a payment request, in yuan.
type PayableBody struct {
	Month         string `json:"month"`
	Region        string `json:"region"`
	Request       string `json:"request"`
	Return        string `json:"return"`
	Project       string `json:"project"`
	Supplier      string `json:"supplier"`
	Amount        string `json:"amount"`
	Letter        string `json:"letter" doc:"SHA-256 of the attachment, here and below"`
	Sheet         string `json:"sheet"`
	Approval      string `json:"approval"`
	RequestedOn   string `json:"requestedOn"`
	By            string `json:"by"`
	Status        string `json:"status"`
	ReturnedOn    string `json:"returnedOn,omitempty"`
	ReturnedBy    string `json:"returnedBy,omitempty"`
	Reason        string `json:"reason,omitempty"`
	PaidOn        string `json:"paidOn,omitempty"`
	PaidBy        string `json:"paidBy,omitempty"`
	BankReference string `json:"bankReference,omitempty"`
}

// PayablesBody lists the repairs of payment requests.
type PayablesBody struct {
	kit.Basis
	Rows      []PayableBody `json:"rows"`
	Requested string        `json:"requested" doc:"Of all that match: still to be paid"`
	Paid      string        `json:"paid"`
	Next      string        `json:"next,omitempty"`
}

// NextPage is the cursor of the next page, empty on the last.
func (b *PayablesBody) NextPage() string { return b.Next }

func (s *service) repairViews() {
	kit.Query(s.Service, "/v1/repairs", "list-repairs",
		"返修: process sheets F2 in progress, where each device is and what it waits for (5.2.1)", kit.MayReadRepairs,
		s.listRepairs)
	kit.Query(s.Service, "/v1/returns/{return}", "return-history",
		"One process sheet F2, from its filing to its payment (5.2.1)", kit.MayReadRepairs, s.returnHistory)
	kit.Query(s.Service, "/v1/requisitions", "list-requisitions", "物资申请: requisitions open (5.2.3)", kit.MayReadRepairs,
		s.listRequisitions)
	kit.Query(s.Service, "/v1/payables", "list-payables", "付款申请: repairs in payment requests (5.2.2)", kit.MayReadPayables,
		s.listPayables)
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
	out = RepairsBody{
		Basis: kit.BasisOf(r.Answer), Rows: make([]RepairBody, len(r.Rows)),
		Regions: make([]RepairRegionBody, len(r.Regions)),
		Total:   repairRegionBody(r.Total()), Next: r.Next,
	}
	for i, v := range r.Regions {
		out.Regions[i] = repairRegionBody(v)
	}
	for i, v := range r.Rows {
		out.Rows[i] = repairBody(v)
	}
	return out, nil
}

func repairBody(r repairsviews.Repair) RepairBody {
	b := RepairBody{
		Return: string(r.Return), Kind: "REPAIR", Project: string(r.Project), Region: r.Region, Center: string(r.Center),
		Ticket:    string(r.Ticket),
		FaultLine: string(r.FaultLine), Part: string(r.Part), Serial: r.Serial, Maker: r.Maker, Fault: r.Fault,
		FiledOn: r.FiledOn.String(),
		FiledBy: r.FiledBy, Status: string(r.Status), Awaiting: string(r.Awaiting), Bearer: string(r.Bearer),
		Estimate: r.Estimate.String(),
		Quoted:   kit.OnlyIf(r.WasQuoted, r.Quoted.String()), Approved: kit.OnlyIf(r.WasApproved, r.Approved.String()),
		Payable: kit.OnlyIf(!r.Compensation, r.Payable.String()), LetterConfirmed: r.LetterConfirmed,
		PaymentRequest: string(r.InRequest), ShippedOn: r.ShippedOn.String(), Waybill: r.Waybill,
		ExpectedBackOn: r.ExpectedBackOn.String(),
		DaysAtMaker:    kit.OnlyIf(!r.ShippedOn.IsZero(), r.DaysAtMaker),
		DaysOverdue:    kit.OnlyIf(r.Status == "AT_MAKER" && !r.ExpectedBackOn.IsZero(), r.DaysOverdue),
		BackOn:         r.BackOn.String(), Result: string(r.Result), NewSerial: r.NewSerial, ToReceive: r.ToReceive,
		FollowUps: r.FollowUps, Refusals: r.Refusals, Charge: string(r.Charge),
	}
	if r.Compensation {
		b.Kind = "COMPENSATION"
	}
	if r.Rejected {
		b.Rejected = &RejectedBody{string(r.RejectedAt), r.RejectedBy, r.RejectedReason}
	}
	if r.FollowUps > 0 {
		b.LastFollowUp = &FollowUpBody{r.FollowedUpOn.String(), r.FollowedUpBy, r.Contact, r.FollowUpNote}
	}
	return b
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
	out = ReturnHistoryBody{
		Basis: kit.BasisOf(h.Answer), Return: repairBody(h.Repair), Steps: make([]ReturnStepBody, len(h.Steps)),
	}
	for i, v := range h.Steps {
		out.Steps[i] = ReturnStepBody{
			v.Position, v.RecordedAt.Format(time.RFC3339Nano), v.Actor, v.Role, v.Step, v.On.String(), v.By, string(v.Gate),
			string(v.GoesTo),
			string(v.Bearer), kit.OnlyIf(v.HasAmount(), v.Amount.String()), v.Counterparty, v.Document, string(v.Paper),
			v.Waybill, v.ExpectedBackOn.String(),
			string(v.Result), v.NewSerial, v.Note,
		}
	}
	return out, nil
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
	out = RequisitionsBody{
		Basis: kit.BasisOf(r.Answer), Rows: make([]RequisitionBody, len(r.Rows)), Total: r.Total.String(),
		Ordered: r.Ordered.String(), Next: r.Next,
	}
	for i, v := range r.Rows {
		out.Rows[i] = RequisitionBody{
			Requisition: string(v.Requisition), Project: string(v.Project), Region: v.Region,
			RequestedOn: v.RequestedOn.String(), By: v.By,
			Status: string(v.Status), WaitsFor: v.WaitsFor, Lines: v.Lines, Total: v.Total.String(),
			Approved:   kit.OnlyIf(!v.ApprovedOn.IsZero(), v.Approved.String()),
			ApprovedOn: v.ApprovedOn.String(), Ordered: v.Ordered.String(), Received: v.Received.String(),
			Wanted:  kit.OnlyIf(v.OnePart, v.Wanted.String()),
			OnOrder: kit.OnlyIf(v.OnePart, v.OnOrder.String()), Arrived: kit.OnlyIf(v.OnePart, v.Arrived.String()),
			Supplier: v.Supplier, ExpectedOn: v.ExpectedOn.String(),
			Refusals: v.Refusals,
		}
		if v.RejectedAt != "" {
			out.Rows[i].Rejected = &RejectedBody{string(v.RejectedAt), v.RejectedBy, v.RejectedReason}
		}
	}
	return out, nil
}

func (s *service) listPayables(ctx context.Context, in *payablesInput) (out PayablesBody, err error) {
	var p kit.Parser
	filter := repairsviews.PayableFilter{
		Filter: projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)}, Supplier: in.Supplier,
		Status: in.Status,
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
	out = PayablesBody{
		Basis: kit.BasisOf(r.Answer), Rows: make([]PayableBody, len(r.Rows)), Requested: r.Requested.String(),
		Paid: r.Paid.String(), Next: r.Next,
	}
	for i, v := range r.Rows {
		out.Rows[i] = PayableBody{
			v.Month, v.Region, string(v.Request), string(v.Return), string(v.Project), v.Supplier, v.Amount.String(),
			string(v.Letter),
			string(v.Sheet), string(v.Approval), v.RequestedOn.String(), v.By, v.Status, v.ReturnedOn.String(), v.ReturnedBy,
			v.Reason,
			v.PaidOn.String(), v.PaidBy, v.BankReference,
		}
	}
	return out, nil
}

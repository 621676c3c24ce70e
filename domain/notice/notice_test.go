package notice_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/letterhead"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/domain/ticket"
)

func on(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

var (
	q3      = calendar.QuarterOf(2026, 3)
	h2, _   = calendar.ParseHalf("2026H2")
	nine    = time.Date(2026, time.October, 8, 9, 0, 0, 0, calendar.Shanghai)
	tenth   = time.Date(2026, time.October, 10, 9, 0, 0, 0, calendar.Shanghai)
	ticket1 = ticket.TicketRegistered{
		Ticket: "T-1", Project: "P001", Center: "C01", Room: "3-1-1202", Owner: "张三", Phone: "13800000000", Device: "单元门口机",
		Need: "大门打不开", RegisteredAt: nine,
	}
	requested = requisition.MaterialRequested{
		Requisition: "WZ-1", Project: "P001", Region: "华东",
		Lines: []requisition.Line{
			{Part: "DS-700", Name: "门口机", Quantity: decimal.NewFromInt(2), Estimate: money.Fen(156_000), Purpose: "备件"},
		},
		Total: money.Fen(156_000), RequestedOn: on("2026-10-08"), By: "he",
	}
	return1 = repair.ReturnOpened{
		GoesTo: repair.CityTechLead, Return: "F2-1", Project: "P001", Part: "DS-700", Serial: "A0", Maker: "海康威视",
		Fault: "黑屏", OpenedOn: on("2026-10-08"),
	}
	issued = account.StatementIssued{
		Statement: account.Statement{
			Statement: "C01-2026Q3", Center: "C01", Name: "云栖花园", Quarter: q3, Version: 2, Opening: money.Fen(1_200_000),
			Closing: money.Fen(1_210_300),
		},
		IssuedOn: on("2026-10-08"), ReplyBy: on("2026-10-23"), By: "qian",
	}
)

var (
	september = on("2026-09-25").Month()
	figures   = filing.Figures{
		From: on("2026-08-26"), Through: on("2026-09-25"), TicketsReceived: 12, ResponseBreached: 1, VisitsShort: 1,
		PartsUsed: []filing.PartUsed{
			{Part: "DS-700", Quantity: decimal.NewFromInt(2)}, {Part: "SJ-9", Quantity: decimal.NewFromInt(3)},
		},
	}
)

func reviewedBy(step domain.Role) filing.ReportReviewed {
	return filing.ReportReviewed{
		Project: "P001", Month: september, Form: filing.MonthlyReport, Version: 1, Step: step, On: on("2026-09-25"),
		By: "zhou",
	}
}

// streams are what the log holds of the place that the examples happen at.
var streams = map[string][]domain.Event{
	"account-C01": {account.AccountOpened{Center: "C01", Name: "云栖花园物业服务中心", Region: "华东"}, account.ChargeAccrued{Charge: "SF-0", Center: "C01"}, account.ChargeAccrued{Charge: "SF-1", Center: "C01", Project: "P001", OccurredOn: on("2026-09-12"), Room: "3-1-1202", Service: "室内机移位"}, account.WriteOffRequested{WriteOff: "HX-0", Charge: "SF-0", Center: "C01"}, account.WriteOffRequested{WriteOff: "HX-1", Charge: "SF-1", Center: "C01", Amount: money.Fen(10_600), By: "qian"}},
	"account-C02": {account.AccountOpened{Center: "C02", Name: "湖畔名邸物业服务中心", Region: "华东"}, account.ChargeTransferredIn{
		Charge: "C01.SF-1", Center: "C02", From: "C01", FromCharge: "SF-1", Project: "P001", Room: "3-1-1202",
		Dispute: &account.Objection{Statement: "C01-2026Q3"},
	}},
	"project-P001":     {project.ProjectRegistered{Project: "P001", Name: "云栖花园一期", Region: "华东", City: "杭州"}, project.CenterAssigned{Project: "P001", Center: "C01", From: on("2024-09-01")}, project.CenterAssigned{Project: "P001", Center: "C02", From: on("2026-10-09")}},
	"ticket-T-1":       {ticket1},
	"return-F2-1":      {return1},
	"requisition-WZ-1": {requested},
	"catalogue": {
		catalogue.PartCatalogued{Part: "DS-700", Name: "单元门口机", Unit: "台", From: on("2026-01-01")},
		catalogue.PartCatalogued{Part: "DS-700", Name: "新名", Unit: "套", From: on("2027-01-01")},
	},
	"filing-P001-2026-09": {
		filing.ReportFiled{Project: "P001", Form: filing.FaultRecord, Version: 1, Faults: make([]filing.FaultLine, 3)},
		filing.ReportFiled{Project: "P001", Form: filing.ChargeList, Version: 1, Nil: true},
		filing.ReportFiled{
			Project: "P001", Form: filing.ChargeList, Version: 2, Charges: make([]filing.Charge, 1), Total: money.Fen(10_600),
		},
		filing.ReportFiled{Project: "P001", Form: filing.MonthlyReport, Version: 1, Figures: &figures},
	},
}

// contextOf learns what an event needs, as a reactor does.
func contextOf(e domain.Event) (notice.Context, bool) {
	c, ok := notice.About(e, on("2026-10-08"))
	for stream, more := c.Wants(); more; stream, more = c.Wants() {
		for _, known := range streams[stream] {
			if c.Learn(known) {
				break
			}
		}
	}
	c.Letterhead = letterhead.Letterhead{
		Name: "某某公司", Phone: "0571-1", Account: letterhead.BankAccount{Holder: "某某公司", Bank: "工商银行", Number: "0012"},
	}
	return c, ok
}

func noticesOf(e domain.Event) []notice.Notice {
	c, ok := contextOf(e)
	if !ok {
		return nil
	}
	return notice.Of(e, notice.Origin{Event: "11111111-2222-5333-8444-555555555555", Position: 812, Type: e.EventType()}, c)
}

// told is what a case expects: whom, and what the letter must say.
type told struct {
	Kind   notice.Kind
	Clause string
	To, Cc string
	Says   []string
}

// cases are keyed by what happened, in the words of the trade. Every rule of
// the table has one.
var cases = map[string]struct {
	happened domain.Event
	want     []told
}{
	"an emergency is told to the team and the city lead, with the last instant of arrival": {
		ticket.TeamNotified{
			Ticket: "T-1", NotifiedAt: nine,
			Coverage: policy.Coverage{
				Category: policy.Emergency, RespondBy: &tenth, Clause: "5.4/3", InWarranty: true, Presence: policy.LeftCity,
			},
		},
		[]told{
			{"EMERGENCY_NOTIFIED", "5.1.2", "technician@project city-lead@city", "regional-admin@region", []string{"大门打不开", "张三", "13800000000", "单元门口机", "2026-10-10 09:00:00", "3-1-1202", "云栖花园物业服务中心 C01", "服务标准：保修期内，部门撤离城市（条款 5.4 第 3 行）", "Service: in warranty, the department has left the city (clause 5.4, row 3)"}},
		},
	},
	"an emergency in the warranty of a team on the project is to be seen to promptly": {
		ticket.TeamNotified{
			Ticket: "T-1", NotifiedAt: nine, Coverage: policy.Coverage{Category: policy.Emergency, Advisory: true, Clause: "5.4/1"},
		},
		[]told{
			{"EMERGENCY_NOTIFIED", "5.1.2", "technician@project city-lead@city", "regional-admin@region", []string{"最迟到场：及时到场（不计超时）", "Arrive by: promptly"}},
		},
	},
	"an emergency after the warranty has no deadline, and the team is told so": {
		ticket.TeamNotified{
			Ticket: "T-1", NotifiedAt: nine, Coverage: policy.Coverage{
				Category: policy.Emergency, Clause: "5.4/4", Presence: policy.OnProject,
			},
		},
		[]told{
			{"EMERGENCY_NOTIFIED", "5.1.2", "technician@project city-lead@city", "regional-admin@region", []string{"最迟到场：无时限", "Arrive by: no deadline", "服务标准：保修期外，驻场（条款 5.4 第 4 行）"}},
		},
	},
	"an ordinary need is told to the team as well": {
		ticket.TeamNotified{Ticket: "T-1", NotifiedAt: nine, Coverage: policy.Coverage{Category: policy.Ordinary}},
		[]told{
			{"NEED_NOTIFIED", "5.1.2", "technician@project", "city-lead@city", []string{"大门打不开", "3-1-1202", "张三", "13800000000", "单元门口机"}},
		},
	},
	"a process sheet is put to its reviewers, with copies to regional admin and HQ affairs supervisor": {
		return1,
		[]told{
			{"RETURN_FILED", "5.2.1", "city-tech-lead@city", "regional-admin@region hq-affairs-supervisor@company", []string{"DS-700 单元门口机 A0", "海康威视", "云栖花园一期 P001", "预计费用：未估\n", "Estimate: none yet\n"}},
		},
	},
	"one filed before there were gates, too": {
		repair.ReturnOpened{Return: "F2-0", Project: "P001"},
		[]told{{"RETURN_FILED", "5.2.1", "city-tech-lead@city", "regional-admin@region hq-affairs-supervisor@company", nil}},
	},
	"a sheet that the city tech lead has reviewed waits for the tech group lead": {
		repair.ReturnReviewed{
			Return: "F2-1", Gate: repair.CityTechLead, Amount: money.Fen(42_000), On: on("2026-10-08"), By: "wang",
			GoesTo: repair.TechGroup,
		},
		[]told{{"RETURN_REVIEWED", "5.2.1", "tech-group-lead@company", "", []string{"城市技术负责人", "420.00", "DS-700 单元门口机 A0"}}},
	},
	"a review after which nobody waits is nobody's news": {repair.ReturnReviewed{Return: "F2-1", Gate: repair.HQAffairs}, nil},
	"if we bear the cost, the HQ affairs supervisor is next, and gets no copy beside": {
		repair.ReturnApproved{
			Return: "F2-1", Gate: repair.TechGroup, Amount: money.Fen(42_000), On: on("2026-10-08"), By: "sun",
			GoesTo: repair.HQAffairs,
		},
		[]told{
			{"RETURN_APPROVED", "5.2.1", "hq-affairs-supervisor@company", "regional-admin@region", []string{"waits for the next approval", "420.00"}},
		},
	},
	"once all have approved, the device may go; copies to regional admin and HQ affairs supervisor": {
		repair.ReturnApproved{
			Return: "F2-1", Gate: repair.DepartmentManager, Amount: money.Fen(42_000), On: on("2026-10-08"), By: "manager",
		},
		[]told{
			{"RETURN_APPROVED", "5.2.1", "technician@project", "regional-admin@region hq-affairs-supervisor@company", []string{"has all its approvals", "部门经理"}},
		},
	},
	"a rejected sheet goes back with the reason": {
		repair.ReturnRejected{Return: "F2-1", Gate: repair.TechGroup, Reason: "可现场修复", On: on("2026-10-08"), By: "sun"},
		[]told{{"RETURN_REJECTED", "5.2.1", "technician@project", "regional-admin@region", []string{"可现场修复"}}},
	},
	"put forward again, it waits at its gate": {
		repair.ReturnResubmitted{
			Return: "F2-1", Fault: "黑屏", Note: "已现场试过", On: on("2026-10-09"), By: "li", GoesTo: repair.CityTechLead,
		},
		[]told{{"RETURN_RESUBMITTED", "5.2.1", "city-tech-lead@city", "regional-admin@region", []string{"已现场试过"}}},
	},
	"a quote above the approved amount reopens the branch of the cost": {
		repair.RepairQuoted{
			Return: "F2-1", Supplier: "海康威视", Amount: money.Fen(56_000), QuotedOn: on("2026-10-20"), By: "qian",
			GoesTo: repair.HQAffairs,
		},
		[]told{
			{"COST_ABOVE_APPROVAL", "5.2.1", "hq-affairs-supervisor@company", "regional-admin@region", []string{"560.00", "海康威视"}},
		},
	},
	"a quote within it is nobody's news": {repair.RepairQuoted{Return: "F2-1", Amount: money.Fen(42_000)}, nil},
	"the payment request goes to finance": {
		payables.PaymentRequested{
			Request: "FK-1", Region: "华东", Month: september, Lines: make([]payables.Line, 51), Total: money.Fen(56_000),
			RequestedOn: on("2026-10-25"), By: "qian",
		},
		[]told{
			{"PAYMENT_REQUESTED", "5.2.2", "finance@company", "hq-affairs-supervisor@company", []string{"560.00", "1 项", "华东"}},
		},
	},
	"one that is returned goes back to the region": {
		payables.PaymentRequestReturned{
			Request: "FK-1", Region: "华东", Month: september, Reason: "缺章", On: on("2026-10-26"), By: "sun",
		},
		[]told{{"PAYMENT_REQUEST_RETURNED", "5.2.2", "regional-admin@region", "", []string{"缺章"}}},
	},
	"a paid supplier is told of to the region": {
		payables.SupplierPaid{
			Request: "FK-1", Region: "华东", Month: september, Supplier: "海康威视", Amount: money.Fen(56_000), BankReference: "OUT-1",
			PaidOn: on("2026-10-27"), By: "sun",
		},
		[]told{{"SUPPLIER_PAID", "5.2.2", "regional-admin@region", "", []string{"560.00", "OUT-1"}}},
	},
	"the F2 of a compensation is filed with supervisor and finance, copy to the manager": {
		repair.CompensationSheetFiled{
			Return: "F2-9", Project: "P001", Region: "华东", Center: "C01", Quote: "BJ-1", Charge: "SF-3",
			Amount: money.Fen(190_000), Damage: "人为损坏", FiledOn: on("2026-10-08"), By: "zhou", GoesTo: repair.HQAffairs,
		},
		[]told{
			{"COMPENSATION_FILED", "5.3.2", "hq-affairs-supervisor@company finance@company", "department-manager@company", []string{"1,900.00", "BJ-1"}},
		},
	},
	"a requisition goes to its three reviewers": {
		requested,
		[]told{
			{"MATERIAL_REQUESTED", "5.2.3", "tech-group-lead@company hq-affairs-supervisor@company materials-planner@company", "", []string{"DS-700 门口机：数量 2 台，1,560.00 元", "1,560.00"}},
		},
	},
	"a first review is nobody's news": {requisition.RequisitionReviewed{Requisition: "WZ-1", Gate: requisition.TechGroup, GoesTo: []requisition.Gate{requisition.HQAffairs, requisition.MaterialsPlanner}}, nil},
	"after the third it waits for the manager": {
		requisition.RequisitionReviewed{
			Requisition: "WZ-1", Gate: requisition.HQAffairs, On: on("2026-10-09"), By: "zhao",
			GoesTo: []requisition.Gate{requisition.DepartmentManager},
		},
		[]told{{"REQUISITION_REVIEWED", "5.2.3", "department-manager@company", "", []string{"zhao", "云栖花园一期 P001"}}},
	},
	"an approved one is bought": {
		requisition.RequisitionApproved{Requisition: "WZ-1", Amount: money.Fen(156_000), On: on("2026-10-10"), By: "manager"},
		[]told{{"REQUISITION_APPROVED", "5.2.3", "purchasing-admin@company", "project-leader@project", []string{"1,560.00"}}},
	},
	"a rejected one goes back to the project": {
		requisition.RequisitionRejected{
			Requisition: "WZ-1", Gate: requisition.TechGroup, Reason: "库存充足", On: on("2026-10-10"), By: "sun",
		},
		[]told{{"REQUISITION_REJECTED", "5.2.3", "project-leader@project", "", []string{"库存充足"}}},
	},
	"put forward again, all three review it": {
		requisition.RequisitionResubmitted{
			Requisition: "WZ-1", Lines: make([]requisition.Line, 51), Total: money.Fen(78_000), Note: "减半", On: on("2026-10-11"),
			By: "he",
		},
		[]told{
			{"REQUISITION_RESUBMITTED", "5.2.3", "tech-group-lead@company hq-affairs-supervisor@company materials-planner@company", "", []string{"减半", "780.00", "1 项"}},
		},
	},
	"work outside the list goes to the HQ affairs supervisor before it is executed": {
		account.OffListChargeRequested{
			Charge: "SF-2", Center: "C01", Project: "P001", Service: "非标维修", Quantity: decimal.NewFromInt(1), Unit: "项",
			Money: money.Line{Gross: money.Fen(35_000)}, Reason: "价目表外", By: "li",
		},
		[]told{{"OFF_LIST_REQUESTED", "5.3.1", "hq-affairs-supervisor@company", "", []string{"350.00", "未执行", "价目表外"}}},
	},
	"its approval is told": {
		account.OffListChargeApproved{Charge: "SF-2", Center: "C01", On: on("2026-09-30"), By: "zhao"},
		[]told{{"OFF_LIST_APPROVED", "5.3.1", "regional-admin@region", "", []string{"SF-2", "zhao"}}},
	},
	"its rejection is told with the reason": {
		account.OffListChargeRejected{Charge: "SF-2", Center: "C01", Reason: "价格偏高", On: on("2026-09-30"), By: "zhao"},
		[]told{{"OFF_LIST_REJECTED", "5.3.1", "regional-admin@region", "", []string{"价格偏高"}}},
	},
	"a quoted compensation goes to the city lead, whose F2 states exactly that": {
		account.CompensationQuoted{
			Quote: "BJ-1", Center: "C01", Project: "P001", Damage: "人为损坏", Amount: money.Fen(190_000),
			QuotedOn: on("2026-09-30"), By: "zhao",
		},
		[]told{{"COMPENSATION_QUOTED", "5.3.2", "city-lead@city", "", []string{"1,900.00", "人为损坏"}}},
	},
	"the F2 of a compensation goes to supervisor and finance, copy to the manager": {
		account.ChargeAccrued{
			Charge: "SF-3", Center: "C01", Project: "P001", Kind: pricelist.Compensation, Service: "人为损坏",
			Basis: account.PriceBasis{Sheet: "F2-9"}, Money: money.Line{Gross: money.Fen(190_000)}, DueOn: on("2027-01-31"),
		},
		[]told{
			{"COMPENSATION_CHARGED", "5.3.2", "hq-affairs-supervisor@company finance@company", "department-manager@company city-lead@city", []string{"1,900.00", "F2-9", "2027-01-31"}},
		},
	},
	"a charge by the price list is told of on F3": {
		account.ChargeAccrued{Charge: "SF-4", Center: "C01", Project: "P001", Kind: pricelist.Move}, nil,
	},
	"a roster tells the center whom to call": {
		project.RosterPublished{
			Project: "P001", Version: 2, From: on("2026-10-08"),
			Entries: []project.Contact{{Role: domain.Technician, Name: "张伟", Phone: "13800000000"}}, By: "zhou",
		},
		[]told{
			{"ROSTER_PUBLISHED", "5.1.1", "center-head@center", "center-maintenance@center", []string{"张伟 13800000000", "售后服务技术员", "2026-10-08"}},
		},
	},
	"an escalated matter is put before HQ affairs supervisor and department manager": {
		ticket.TicketEscalated{
			Ticket: "T-1", Escalation: "SB-1", Project: "P001", Center: "C01", Reason: ticket.LeftoverDefect,
			ComplaintRisk: true, Matter: "漏水", EscalatedAt: nine, By: "zhou",
		},
		[]told{
			{"ESCALATED", "5.1.2", "hq-affairs-supervisor@company department-manager@company", "city-lead@city", []string{"漏水", "遗留问题", "Complaint likely", "大门打不开"}},
		},
	},
	"an opinion goes to the supervisor, who follows to closure": {
		ticket.EscalationOpinionGiven{
			Ticket: "T-1", Escalation: "SB-1", Role: domain.DepartmentManager, Opinion: "先行修复", GivenAt: nine, By: "manager",
		},
		[]told{{"OPINION_GIVEN", "5.1.2", "hq-affairs-supervisor@company", "city-lead@city", []string{"先行修复", "部门经理"}}},
	},
	"its end goes to the manager": {
		ticket.EscalationClosed{Ticket: "T-1", Escalation: "SB-1", Outcome: "已修复", ClosedAt: nine, By: "zhao"},
		[]told{{"ESCALATION_CLOSED", "5.1.2", "department-manager@company", "city-lead@city", []string{"已修复"}}},
	},
	"a query about a fault record goes back to the team": {
		ticket.FaultLineReviewed{
			Ticket: "T-1", Line: "F1-7", Verdict: ticket.Queried, Note: "旧件在哪", On: on("2026-10-08"), By: "sun",
		},
		[]told{{"FAULT_LINE_QUERIED", "5.1.3", "technician@project", "city-tech-lead@city", []string{"旧件在哪", "F1-7"}}},
	},
	"what the team answers goes to the tech group lead": {
		ticket.FaultLineAnswered{
			Ticket: "T-1", Line: "F1-7", Answer: "在库房，明日交回", On: on("2026-10-09"), By: "li",
		},
		[]told{{"FAULT_LINE_ANSWERED", "5.1.3", "tech-group-lead@company", "city-tech-lead@city", []string{"在库房，明日交回", "F1-7"}}},
	},
	"a verified line is nobody's news": {ticket.FaultLineReviewed{Ticket: "T-1", Line: "F1-7", Verdict: ticket.Verified}, nil},
	"F1 goes to the regional admin": {
		filing.ReportFiled{
			Project: "P001", Center: "C01", Month: september, Form: filing.FaultRecord, Version: 1,
			Faults: make([]filing.FaultLine, 3), FiledOn: on("2026-09-25"), By: "li",
		},
		[]told{{"F1_FILED", "5.1.3", "regional-admin@region", "", []string{"2026-09", "Lines: 3"}}},
	},
	"and from there to the tech group lead": {
		filing.ReportSent{
			Project: "P001", Center: "C01", Month: september, Form: filing.FaultRecord, Version: 1, On: on("2026-09-26"),
			By: "qian",
		},
		[]told{{"F1_SENT", "5.1.3", "tech-group-lead@company", "", []string{"2026-09"}}},
	},
	"F3 goes to the regional admin, late and nil as it is": {
		filing.ReportFiled{
			Project: "P001", Center: "C01", Month: september, Form: filing.ChargeList, Version: 1, Nil: true, Late: true,
			DueOn: on("2026-09-25"), FiledOn: on("2026-09-26"), By: "li",
		},
		[]told{{"F3_FILED", "5.3.3", "regional-admin@region", "", []string{"2026-09-25，已逾期", "nothing to report"}}},
	},
	"and from there to finance": {
		filing.ReportSent{
			Project: "P001", Center: "C01", Month: september, Form: filing.ChargeList, Version: 2, On: on("2026-09-26"),
			By: "qian",
		},
		[]told{{"F3_SENT", "5.3.3", "finance@company", "", []string{"106.00", "Charges: 1"}}},
	},
	"the monthly report begins with the city lead": {
		filing.ReportFiled{
			Project: "P001", Center: "C01", Month: september, Form: filing.MonthlyReport, Version: 1, Figures: &figures,
			FiledOn: on("2026-09-25"), By: "li",
		},
		[]told{{"F4_FILED", "5.1.4", "city-lead@city", "", []string{"12 received"}}},
	},
	"the regional admin aggregates it":         {reviewedBy(domain.CityLead), []told{{"F4_AT_REGIONAL_ADMIN", "5.1.4", "regional-admin@region", "", []string{"12 received", "zhou"}}}},
	"the regional supervisor reviews it":       {reviewedBy(domain.RegionalAdmin), []told{{"F4_AT_REGIONAL_SUPERVISOR", "5.1.4", "regional-supervisor@region", "", []string{"1 breached"}}}},
	"then the assistant manager":               {reviewedBy(domain.RegionalSupervisor), []told{{"F4_AT_ASSISTANT_MANAGER", "5.1.4", "assistant-manager@company", "", []string{"1 breached"}}}},
	"and it may be sent":                       {reviewedBy(domain.AssistantManager), []told{{"F4_REVIEWED", "5.1.4", "regional-admin@region", "", []string{"to be sent"}}}},
	"an F1 that the regional admin has passed": {filing.ReportReviewed{Project: "P001", Month: september, Form: filing.FaultRecord, Version: 1, Step: domain.RegionalAdmin}, nil},
	"a monthly report that goes back says why": {
		filing.ReportReturned{
			Project: "P001", Month: september, Form: filing.MonthlyReport, Version: 1, Step: domain.CityLead, FiledBy: "li",
			Reason: "少一次巡检", On: on("2026-09-25"), By: "zhou",
		},
		[]told{{"F4_RETURNED", "5.1.4", "technician@project", "city-lead@city", []string{"少一次巡检"}}},
	},
	"the monthly report goes to the center's maintenance supervisor, with its copies": {
		filing.ReportSent{
			Project: "P001", Center: "C01", Month: september, Form: filing.MonthlyReport, Version: 1, ContentHash: "ab12",
			On: on("2026-09-26"), By: "qian",
		},
		[]told{
			{"F4_SENT", "5.1.4", "center-maintenance@center", "center-head@center hq-affairs-supervisor@company department-manager@company", []string{"12 received", "更换 DS-700 单元门口机：2 台\n", "更换 SJ-9：×3\n", "1 missed", "ab12"}},
		},
	},
	"the handover before the warranty ends is planned with the center": {
		project.HandoverPlanned{
			Project: "P001", Center: "C01", WarrantyEndsOn: on("2026-08-31"), From: on("2026-02-28"),
			Items: []project.PlannedItem{{Item: project.Training, DueOn: on("2026-05-31")}}, By: "zhou",
		},
		[]told{
			{"HANDOVER_PLANNED", "5.4.1.1", "center-head@center", "center-maintenance@center city-lead@city", []string{"培训", "2026-05-31", "2026-08-31"}},
		},
	},
	"the center is advised what to stock": {
		project.SparePartsAdvised{
			Project: "P001", Center: "C01", On: on("2026-09-01"),
			Parts: append([]project.AdvisedPart{
				{Part: "DS-700", Name: "门口机", Quantity: decimal.NewFromInt(2)},
				{Part: "VI-07A", Name: "室内机 VI-07A", Quantity: decimal.NewFromInt(1)}, // its number is in its name
			}, make([]project.AdvisedPart, 49)...),
			By: "zhou",
		},
		[]told{
			{"SPARE_PARTS_ADVISED", "5.4.2.1", "center-head@center", "center-maintenance@center", []string{"DS-700 门口机: 2 台", "\n  VI-07A 室内机: ", "And: 1 item"}},
		},
	},
	"a center that has not answered is reminded, and asked for no money": {
		account.ReplyReminderIssued{
			Reminder: "CD-1", Center: "C01", Statement: "C01-2026Q3", Quarter: q3, Version: 2, Closing: money.Fen(1_210_300),
			ReplyBy: on("2026-10-23"), On: on("2026-10-24"), By: "qian",
		},
		[]told{
			{"REPLY_REMINDED", "5.3.4", "center-head@center", "center-maintenance@center regional-admin@region", []string{"2026-10-23", "12,103.00"}},
		},
	},
	"the part of F3 on one account is told of with the F3": {account.ChargesReported{Center: "C01", Project: "P001", Month: september}, nil},
	"a statement is put to the center with the date to reply by": {
		issued,
		[]told{
			{"STATEMENT_ISSUED", "5.3.4", "center-head@center", "center-maintenance@center regional-admin@region", []string{"2026-10-23", "12,103.00", "人民币"}},
		},
	},
	"a superseded version must not be confirmed": {
		account.StatementSuperseded{Statement: "C01-2026Q3", Center: "C01", Quarter: q3, Version: 1, Cause: "SF-1"},
		[]told{
			{"STATEMENT_SUPERSEDED", "5.3.4", "center-head@center", "center-maintenance@center regional-admin@region", []string{"第1版", "SF-1"}},
		},
	},
	"the center's answer goes to the regional admin": {
		account.StatementConfirmed{
			Statement: "C01-2026Q3", Center: "C01", Quarter: q3, Version: 2, Closing: money.Fen(1_210_300), On: on("2026-10-15"),
			By: "zheng",
		},
		[]told{{"STATEMENT_CONFIRMED", "5.3.4", "regional-admin@region", "", []string{"12,103.00", "zheng"}}},
	},
	"a reopened quarter is told to the center and to who relied on it": {
		account.StatementReopened{
			Statement: "C01-2026Q3", Center: "C01", Quarter: q3, Version: 2, Reason: "漏记", On: on("2026-10-16"), By: "manager",
		},
		[]told{
			{"STATEMENT_REOPENED", "5.3.4", "center-head@center", "regional-admin@region finance@company hq-affairs-supervisor@company", []string{"漏记"}},
		},
	},
	"the quarterly summary goes to finance, copies to HQ affairs supervisor and department manager": {
		account.StatementReported{
			Statement: "C01-2026Q3", Center: "C01", Quarter: q3, Version: 2, Closing: money.Fen(1_210_300), On: on("2026-10-16"),
			By: "qian",
		},
		[]told{
			{"SUMMARY_REPORTED", "5.3.4", "finance@company", "hq-affairs-supervisor@company department-manager@company", []string{"12,103.00", "季度应收汇总"}},
		},
	},
	"a dispute is told to those who would chase the money": {
		account.ChargeDisputed{
			Charge: "SF-1", Center: "C01", Project: "P001", Statement: "C01-2026Q3", Quarter: q3, Open: money.Fen(10_600),
			Reason: "未施工", On: on("2026-10-14"), By: "zheng",
		},
		[]told{
			{"CHARGE_DISPUTED", "5.3.4", "regional-admin@region", "city-lead@city", []string{"未施工", "106.00", "2026-09-12", "3-1-1202", "室内机移位"}},
		},
	},
	"a dispute that goes on at another center is told to the one that raised it": {
		account.ChargeTransferredIn{
			Transfer: "P001.2026-10-01", Charge: "C01.SF-1", Center: "C02", From: "C01", FromCharge: "SF-1", Project: "P001",
			Money: money.Line{Gross: money.Fen(10_600)}, On: on("2026-09-12"), Dispute: &account.Objection{
				Statement: "C01-2026Q3", Version: 2, Reason: "未施工", On: on("2026-10-14"), By: "zheng",
			},
		},
		[]told{
			{"DISPUTE_MOVED", "5.3.4", "center-head@center", "center-maintenance@center regional-admin@region", []string{"C01-2026Q3 第 2 版", "未施工", "2026-10-14", "3-1-1202", "室内机移位", "C02", "C01.SF-1", "项目移交日期：2026-10-09"}},
		},
	},
	"a charge that nobody disputes and that moves is shown on the statements": {
		account.ChargeTransferredIn{Charge: "C01.SF-1", Center: "C02", From: "C01", FromCharge: "SF-1", Project: "P001"}, nil,
	},
	"a dispute that ends with a rejection": {
		account.DisputeRejected{Charge: "SF-1", Center: "C01", Reason: "有签收单", On: on("2026-10-20"), By: "qian"},
		[]told{
			{"DISPUTE_REJECTED", "5.3.4", "center-head@center", "center-maintenance@center regional-admin@region", []string{"有签收单", "项目：", "2026-09-12", "3-1-1202", "室内机移位"}},
		},
	},
	"a dispute that ends with a credit note": {
		account.CreditNoteIssued{
			Note: "HC-1", Charge: "SF-1", Center: "C01", Project: "P001", Money: money.Line{Gross: money.Fen(10_600)},
			Reason: "重复", SettlesDispute: true, On: on("2026-11-10"),
		},
		[]told{
			{"DISPUTE_CREDITED", "5.3.4", "center-head@center", "center-maintenance@center regional-admin@region", []string{"HC-1", "106.00", "室内机移位"}},
		},
	},
	"a dispute that ends with a rejection at another center than raised it": {
		account.DisputeRejected{Charge: "C01.SF-1", Center: "C02", Reason: "有签收单", On: on("2026-10-20"), By: "qian"},
		[]told{
			{"DISPUTE_REJECTED", "5.3.4", "center-head@center", "center-maintenance@center regional-admin@region", []string{"收费：C01.SF-1", "有签收单"}},
			{"DISPUTE_REJECTED_ELSEWHERE", "5.3.4", "center-head@center", "center-maintenance@center regional-admin@region", []string{"收费：SF-1", "有签收单", "在该中心编号：C01.SF-1"}},
		},
	},
	"a dispute that ends with a credit note at another center than raised it": {
		account.CreditNoteIssued{
			Note: "HC-1", Charge: "C01.SF-1", Center: "C02", Project: "P001", Money: money.Line{Gross: money.Fen(10_600)},
			Reason: "重复", SettlesDispute: true, On: on("2026-11-10"),
		},
		[]told{
			{"DISPUTE_CREDITED_ELSEWHERE", "5.3.4", "center-head@center", "center-maintenance@center regional-admin@region", []string{"HC-1", "收费：SF-1", "106.00"}},
			{"DISPUTE_CREDITED", "5.3.4", "center-head@center", "center-maintenance@center regional-admin@region", []string{"HC-1", "收费：C01.SF-1"}},
		},
	},
	"another credit note is shown on the next statement": {
		account.CreditNoteIssued{Note: "HC-2", Charge: "SF-1", Center: "C01", Project: "P001"}, nil,
	},
	"a claim goes to the center": {
		account.ClaimIssued{
			Claim: "CK-1", Center: "C01", Half: h2, DueOn: on("2027-01-31"),
			Lines: []account.Claimed{{Charge: "SF-1", Open: money.Fen(10_600), DueOn: on("2027-01-31")}},
			Total: money.Fen(10_600), On: on("2027-01-04"), By: "zhou",
		},
		[]told{
			{"CLAIM_ISSUED", "5.3.4", "center-head@center", "center-maintenance@center regional-admin@region", []string{"2026H2", "2026-09-12 P001 3-1-1202 室内机移位，106.00 元，2027-01-31 到期", "户名：某某公司　开户行：工商银行　账号：0012"}},
		},
	},
	"a reminder lists fifty items and counts the others": {
		account.ReminderIssued{
			Reminder: "CB-1", Center: "C01", Lines: slices.Repeat([]account.Claimed{{Open: money.Fen(150)}}, 53),
			Total: money.Fen(10_600), On: on("2027-02-04"), By: "zhou",
		},
		[]told{
			{"REMINDER_ISSUED", "5.3.4", "center-head@center", "center-maintenance@center regional-admin@region", []string{"106.00", "3 项，4.50 元，见附件"}},
		},
	},
	"a statement whose lines are left out of its event says how many there are": {
		account.StatementIssued{
			Statement: account.Statement{Center: "C01"}, Abridged: &account.Abridged{Lines: 2500, Awaiting: 2400},
		},
		[]told{
			{"STATEMENT_ISSUED", "5.3.4", "center-head@center", "center-maintenance@center regional-admin@region", []string{"2400 项"}},
		},
	},
	"a conflicting receipt is queued to finance": {
		bankref.ConflictingPaymentRefused{
			ClaimedBy: "S1",
			Content: bankref.Content{
				Reference: "S1", Center: "C01", Payer: "云栖", Amount: money.Fen(30_000), ReceivedOn: on("2026-09-05"),
			},
			Booked: money.Fen(500_000), BookedOn: on("2026-09-04"),
		},
		[]told{{"RECEIPT_CONFLICT", "Money", "finance@company", "", []string{"S1", "300.00", "5,000.00", "2026-09-04"}}},
	},
	"a receipt that looks like another waits for finance": {
		account.PaymentReceived{
			Payment: "S2", Center: "C01", Payer: "云栖", Amount: money.Fen(500_000), ReceivedOn: on("2026-09-05"),
			PossibleDuplicateOf: "S1",
		},
		[]told{{"POSSIBLE_DUPLICATE", "Money", "finance@company", "", []string{"S1", "5,000.00"}}},
	},
	"any other receipt is nobody's news": {account.PaymentReceived{Payment: "S1", Center: "C01"}, nil},
	"a bounced payment is open again": {
		account.PaymentBounced{Payment: "S1", Center: "C01", Amount: money.Fen(500_000), Reason: "退票", On: on("2026-10-20")},
		[]told{{"PAYMENT_BOUNCED", "Money", "finance@company", "regional-admin@region", []string{"5,000.00", "退票"}}},
	},
	"the center is told of money that goes back to it": {
		account.PaymentRefunded{
			Refund: "TK-1", Payment: "S1", Center: "C01", BankReference: "OUT-1", Amount: money.Fen(12_300), Reason: "多付",
			On: on("2026-10-21"),
		},
		[]told{{
			"PAYMENT_REFUNDED", "Money", "center-head@center",
			"center-maintenance@center regional-admin@region finance@company", []string{"123.00", "TK-1", "OUT-1", "多付"},
		}},
	},
	"a write-off awaits the department manager": {
		account.WriteOffRequested{
			WriteOff: "HX-1", Charge: "SF-1", Center: "C01", Amount: money.Fen(10_600), Reason: "撤销",
			RequestedOn: on("2026-11-10"), By: "qian",
		},
		[]told{
			{"WRITE_OFF_REQUESTED", "Money", "department-manager@company", "finance@company", []string{"106.00", "项目：", "撤销", "室内机移位"}},
		},
	},
	"a write-off rejected": {
		account.WriteOffRejected{WriteOff: "HX-1", Center: "C01", Reason: "继续催收", On: on("2026-11-11"), By: "manager"},
		[]told{
			{"WRITE_OFF_REJECTED", "Money", "finance@company", "regional-admin@region", []string{"继续催收", "SF-1", "106.00"}},
		},
	},
	"a write-off carried out": {
		account.ReceivableWrittenOff{
			WriteOff: "HX-1", Charge: "SF-1", Center: "C01", Project: "P001", Share: account.Share{Amount: money.Fen(10_600)},
			On: on("2026-11-11"), RequestedBy: "qian", ApprovedBy: "manager",
		},
		[]told{{"WRITTEN_OFF", "Money", "finance@company", "regional-admin@region", []string{"106.00", "manager", "室内机移位"}}},
	},
	"a talk with the center is the city lead's own note": {account.FollowUpNoted{FollowUp: "GJ-1", Center: "C01"}, nil},
}

// numbered is the number of a document: a reader finds it by its subject.
var numbered = regexp.MustCompile(`[A-Z][A-Z0-9]*-[A-Z0-9-]+`)

func recipients(list []notice.Recipient) string {
	var out []string
	for _, r := range list {
		out = append(out, r.String())
	}
	return strings.Join(out, " ")
}

func TestWhoIsTold(t *testing.T) {
	covered := make(map[notice.Kind]bool)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got []told
			for i, n := range noticesOf(tc.happened) {
				covered[n.Kind] = true
				says := []string(nil)
				if i < len(tc.want) {
					for _, s := range tc.want[i].Says {
						if strings.Contains(n.Subject.Chinese+n.Body.Chinese+n.Subject.English+n.Body.English, s) {
							says = append(says, s)
						}
					}
				}
				got = append(got, told{n.Kind, n.Clause, recipients(n.To), recipients(n.Cc), says})
				for _, l := range []notice.Language{notice.Chinese, notice.English} {
					said := n.Subject.In(l)
					clause := n.Clause
					if clause == "Money" { // is no number of a clause
						clause = notice.Words{Chinese: "资金规则", English: "rules of money"}.In(l)
					}
					if foot := n.Footer.In(l); !strings.Contains(foot, clause) || !strings.Contains(foot, string(n.ID)) {
						t.Errorf("neither clause nor number in %s", foot)
					}
					if strings.ContainsFunc(said, unicode.IsControl) || utf8.RuneCountInString(said) > 160 || said == "" {
						t.Errorf("the subject is no short line: %q", said)
					}
				}
				if !strings.ContainsFunc(n.Subject.Chinese, isChinese) {
					t.Errorf("not in Chinese: %q", n.Subject.Chinese)
				}
				speaksOneLanguage(t, n)
				for _, number := range numbered.FindAllString(n.Subject.Chinese, -1) {
					if !strings.Contains(n.Subject.English, number) {
						t.Errorf("%q does not name %s", n.Subject.English, number)
					}
				}
				payable, ended := n.Clause == "5.2.2", len(tc.want) > 1 && n.Place.Center == "C02" // where the dispute did
				if n.Place.Region != "华东" || !payable && !ended && n.Place.Center != "C01" {
					t.Errorf("the matter belongs to %+v", n.Place)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
	for _, r := range notice.Rules() {
		if !covered[r.Kind] {
			t.Errorf("no case shows notice %s of %s", r.Kind, r.Event)
		}
	}
}

// speaksOneLanguage holds the words of a letter, what people typed aside, to one
// language: no English label in the Chinese letter, no Chinese one in the English.
func speaksOneLanguage(t *testing.T, n notice.Notice) {
	t.Helper()
	label := func(line string, separator string) string {
		head, _, ok := strings.Cut(line, separator)
		if !ok {
			return ""
		}
		return head
	}
	for line := range strings.Lines(n.Body.Chinese + n.Footer.Chinese) {
		for word := range strings.FieldsSeq(label(line, "：")) {
			if len(word) > 3 && strings.IndexFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }) < 0 {
				t.Errorf("an English word %q in the Chinese letter: %s", word, line)
			}
		}
	}
	for line := range strings.Lines(n.Body.English + n.Footer.English) {
		// lines of a list name what people named
		if head := label(line, ": "); strings.ContainsFunc(head, isChinese) && !strings.HasPrefix(head, "  ") {
			t.Errorf("a Chinese label in the English letter: %s", line)
		}
	}
	if first, _, _ := strings.Cut(n.Body.English,
		"\n"); strings.ContainsFunc(first, isChinese) || !strings.HasSuffix(first, ".") && !strings.HasSuffix(first, ":") {
		t.Errorf("the English letter begins %q", first)
	}
}

func TestWhoWeAreIsSaidOrSaidToBeMissing(t *testing.T) {
	e := account.ReminderIssued{
		Reminder: "CB-1", Center: "C01", Lines: make([]account.Claimed, 1), Total: money.Fen(10_600),
	}
	n := noticesOf(e)[0]
	if !strings.Contains(n.Footer.Chinese, "某某公司\n电话：0571-1") {
		t.Errorf("signed %s", n.Footer.Chinese)
	}
	c, _ := contextOf(e)
	c.Letterhead = letterhead.Letterhead{}
	n = notice.Of(e, notice.Origin{}, c)[0]
	if !strings.Contains(n.Footer.Chinese, "未配置") || !strings.Contains(n.Body.Chinese, "收款账户：收款账户未配置") {
		t.Errorf("without a letterhead: %s%s", n.Body.Chinese, n.Footer.Chinese)
	}
}

// What a letter is about goes with it.
func TestThePaperGoesWithItsLetter(t *testing.T) {
	for name, c := range map[string]struct {
		happened domain.Event
		want     notice.Paper
	}{
		"a statement, in its version": {account.StatementIssued{Statement: account.Statement{Center: "C01", Quarter: q3, Version: 2}}, notice.Paper{Form: notice.StatementPaper, Center: "C01", Quarter: q3, Version: 2}},
		"an F4 on its way":            {reviewedBy(domain.CityLead), notice.Paper{Form: notice.MonthlyReportPaper, Project: "P001", Month: september}},
		"an F4 that goes back":        {filing.ReportReturned{Project: "P001", Month: september, Form: filing.MonthlyReport, Version: 1, Step: domain.CityLead}, notice.Paper{Form: notice.MonthlyReportPaper, Project: "P001", Month: september}},
		"a request that goes back":    {payables.PaymentRequestReturned{Request: "FK-1", Region: "华东", Month: september}, notice.Paper{Form: notice.PaymentRequestPaper, Region: "华东", Month: september}},
		"a process sheet":             {repair.ReturnReviewed{Return: "F2-1", GoesTo: repair.TechGroup}, notice.Paper{Form: notice.ReturnPaper, Return: "F2-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			n := noticesOf(c.happened)[0]
			if diff := cmp.Diff([]notice.Paper{c.want}, n.Papers); diff != "" {
				t.Error(diff)
			}
			if !strings.Contains(n.Footer.Chinese, "附件") {
				t.Errorf("the letter does not say so: %s", n.Footer.Chinese)
			}
		})
	}
}

// What a reader must know to act stands in the letter, once, with its thousands grouped.
func TestALetterSaysWhatItsReaderActsOn(t *testing.T) {
	approved := []domain.Event{
		return1, repair.ReturnApproved{Return: "F2-1", Gate: repair.TechGroup, Amount: money.Fen(1)},
		repair.ReturnApproved{Return: "F2-1", Gate: repair.DepartmentManager, Amount: money.Fen(1_200_00)},
	}
	quoted := repair.RepairQuoted{Return: "F2-1", Supplier: "明瞳", Amount: money.Fen(2_345_60), GoesTo: repair.HQAffairs}
	for name, tc := range map[string]struct {
		happened  domain.Event
		history   []domain.Event
		want, not []string
	}{
		"a quote, what was approved":                        {quoted, approved, []string{"报价：2,345.60 元", "已批准：1,200.00 元"}, nil},
		"a quote before anything was approved":              {quoted, approved[:2], []string{"已批准：尚无"}, nil},
		"a quote, after a rejection took the approval back": {quoted, append(slices.Clone(approved), repair.ReturnRejected{Return: "F2-1"}), []string{"已批准：尚无"}, nil},
		"a payment request that goes back, its region":      {payables.PaymentRequestReturned{Request: "FK-1", Region: "华东", Reason: "缺附件"}, nil, []string{"区域：华东"}, nil},
		"a receipt under a known reference, its number once": {
			bankref.ConflictingPaymentRefused{
				ClaimedBy: "R-1", Content: bankref.Content{Reference: "R-1", Center: "C01", Amount: money.Fen(12_345_67)},
			},
			nil, []string{"流水号：R-1", "金额：12,345.67 元"}, []string{"原回款编号", "已入账："},
		},
		"a receipt whose payment has another number": {
			bankref.ConflictingPaymentRefused{ClaimedBy: "R-1.2", Content: bankref.Content{Reference: "R-1", Center: "C01"}},
			nil, []string{"原回款编号：R-1.2"}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := contextOf(tc.happened)
			c.Approved = money.Amount{}
			for _, e := range tc.history {
				c.Learn(e)
			}
			body := notice.Of(tc.happened, notice.Origin{}, c)[0].Body.Chinese
			for _, want := range tc.want {
				if !strings.Contains(body, want) {
					t.Errorf("%q is missing in\n%s", want, body)
				}
			}
			for _, not := range tc.not {
				if strings.Contains(body, not) {
					t.Errorf("%q is in\n%s", not, body)
				}
			}
		})
	}
}

func TestADigestListsItsNeedsInTheirOrder(t *testing.T) {
	e := ticket.TeamNotified{Ticket: "T-1", NotifiedAt: nine, Coverage: policy.Coverage{Category: policy.Ordinary}}
	one := noticesOf(e)[0]
	two := one
	two.Subject.Chinese = "报修 T-2"
	text, _ := notice.Digest([]notice.Notice{one, two})
	if !strings.Contains(text.Subject.Chinese, "P001 共 2 项") || !strings.Contains(text.Subject.English, "2 needs of") {
		t.Errorf("subject %+v", text.Subject)
	}
	first, second := strings.Index(text.Body.Chinese, "1. 报修 T-1"), strings.Index(text.Body.Chinese, "2. 报修 T-2")
	if first < 0 || second < first || strings.Count(text.Body.Chinese,
		"电话：13800000000") != 2 || strings.Count(text.Body.English, "Telephone: 13800000000") != 2 {
		t.Errorf("body %s\n%s", text.Body.Chinese, text.Body.English)
	}
}

func isChinese(r rune) bool { return unicode.Is(unicode.Han, r) }

func TestTheTableIsSound(t *testing.T) {
	kinds := make(map[notice.Kind]bool)
	for _, r := range notice.Rules() {
		if kinds[r.Kind] {
			t.Errorf("kind %s stands twice: the identity of a notice would, too", r.Kind)
		}
		kinds[r.Kind] = true
		if r.Clause == "" || r.Tells == "" || len(r.To) == 0 && r.Next == "" {
			t.Errorf("%s lacks clause, purpose or recipient: %+v", r.Kind, r)
		}
		for _, who := range append(append([]notice.Recipient(nil), r.To...), r.Cc...) {
			if names.Of(who.Role) == string(who.Role) || who.Role.OfCenter() != (who.Scope == notice.Center) {
				t.Errorf("%s goes to %s", r.Kind, who)
			}
		}
	}
}

// The ways of the monthly forms are the filing's to say; the table follows them.
func TestReviewedFormsGoWhereTheyMust(t *testing.T) {
	for form, kind := range map[filing.Form]notice.Kind{
		filing.FaultRecord: "F1_SENT", filing.ChargeList: "F3_SENT", filing.MonthlyReport: "F4_SENT",
	} {
		for _, r := range notice.Rules() {
			if r.Kind != kind {
				continue
			}
			chain := filing.ChainOf(form)
			if diff := cmp.Diff([][]domain.Role{chain.To, chain.Copies},
				[][]domain.Role{rolesOf(r.To), rolesOf(r.Cc)}); diff != "" {
				t.Errorf("%s (-filing +notice):\n%s", kind, diff)
			}
		}
	}
}

func rolesOf(list []notice.Recipient) (out []domain.Role) {
	for _, r := range list {
		out = append(out, r.Role)
	}
	return out
}

// The identity is in the log, and in mailboxes: it must never change.
func TestTheIdentityOfANoticeIsForEver(t *testing.T) {
	n := noticesOf(issued)[0]
	if n.ID != "612961110a484c6bb3837aff" {
		t.Errorf("the notice is %s now", n.ID)
	}
	renamed := issued
	renamed.Closing, renamed.By = money.Fen(1), "another"
	if again := noticesOf(renamed)[0]; again.ID != n.ID {
		t.Errorf("what the event says makes it another notice: %s and %s", n.ID, again.ID)
	}
	c, _ := contextOf(issued)
	if other := notice.Of(issued, notice.Origin{Event: "another"}, c)[0]; other.ID == n.ID {
		t.Error("two causes gave one notice")
	}
}

func TestTheCenterIsTheOneThatAnswersOnTheDay(t *testing.T) {
	moves := []domain.Event{
		project.ProjectRegistered{Project: "P001", Name: "一期", Region: "华东", City: "杭州"},
		project.CenterAssigned{Project: "P001", Center: "C01", From: on("2024-09-01")},
		project.CenterAssigned{Project: "P001", Center: "C03", From: on("2027-01-01")},
		project.CenterAssigned{Project: "P001", Center: "C02", From: on("2026-06-01")},
	}
	for day, want := range map[string]domain.CenterID{
		"2026-05-31": "C01", "2026-06-01": "C02", "2026-12-31": "C02", "2027-01-01": "C03",
	} {
		c, _ := notice.About(return1, on(day))
		for _, e := range moves {
			c.Learn(e)
		}
		if c.Center != want {
			t.Errorf("on %s it is %s, want %s", day, c.Center, want)
		}
	}
	c, _ := notice.About(account.CreditNoteIssued{Center: "C09", Project: "P001", SettlesDispute: true}, on("2026-07-01"))
	for _, e := range moves {
		c.Learn(e)
	}
	if c.Center != "C09" {
		t.Errorf("the center that the event names became %s", c.Center)
	}
}

// What was paid of disputed items is in no other figure of the answer.
func TestAnAnswerTellsWhatWasPaidOfDisputedItems(t *testing.T) {
	q3, paid := calendar.NewDate(2026, time.August, 1).Quarter(), account.Answered{DisputedPaid: money.Fen(4_321_00)}
	for what, e := range map[string]func(account.Answered) domain.Event{
		"the answer": func(a account.Answered) domain.Event {
			return account.StatementConfirmed{
				Center: "C01", Quarter: q3, Disputed: []account.ConfirmedLine{{Charge: "SF-1"}}, Answered: &a,
			}
		},
		"the summary": func(a account.Answered) domain.Event {
			return account.StatementReported{Center: "C01", Quarter: q3, Summary: &account.Summary{Answered: a}}
		},
	} {
		with, without := noticesOf(e(paid))[0].Body, noticesOf(e(account.Answered{}))[0].Body
		if !strings.Contains(with.Chinese, "异议项目中已付，不在余额内：4,321.00 元") ||
			!strings.Contains(with.English, "Paid of the disputed, not in the balance: 4,321.00 yuan") {
			t.Errorf("%s says %s", what, with)
		}
		if strings.Contains(without.Chinese, "已付") || strings.Contains(without.English, "Paid of") {
			t.Errorf("%s, of nothing paid, says %s", what, without)
		}
	}
}

// A credit note of what was paid says how much of it that was, and what becomes of the
// money: by its own part, and not by that of an earlier note.
func TestACreditOfWhatWasPaidTellsWhatBecomesOfTheMoney(t *testing.T) {
	back := func(cause account.ReversalCause, amount int64) account.Event {
		return account.AllocationReversed{
			Payment: "S1", Center: "C01", Cause: cause,
			Lines: []account.Allocation{{Charge: "SF-1", Amount: money.Fen(amount)}},
		}
	}
	note := func(id domain.CreditNoteID) account.CreditNoteIssued {
		return account.CreditNoteIssued{Note: id, Charge: "SF-1", Center: "C01", Project: "P001", SettlesDispute: true}
	}
	e := note("HC-2")
	c, _ := notice.About(e, on("2026-10-08"))
	for _, known := range []domain.Event{
		account.AccountOpened{Center: "C01", Name: "翠湖花园物业服务中心", Region: "华东"},
		account.ChargeAccrued{Charge: "SF-1", Project: "P001", Service: "室内机移位"},
		back(account.Credited, 7_00), note("HC-1"), back(account.Bounced, 9_00), back(account.Credited, 1_234_00), e,
		back(account.Credited, 5_00), note("HC-3"),
	} {
		if c.Learn(known) {
			break
		}
	}
	said := notice.Of(e, notice.Origin{Type: e.EventType()}, c)[0].Body
	if !strings.Contains(said.Chinese, "其中已付：1,234.00 元，已转为未核销款") ||
		!strings.Contains(said.English, "Of it paid: 1,234.00 yuan, unapplied again") {
		t.Errorf("it says %s", said)
	}
	if said := noticesOf(note("HC-1"))[0].Body; strings.Contains(said.Chinese, "已付") {
		t.Errorf("a credit of what was not paid says %s", said)
	}
}

// Who asks a center to pay anew says whose money went back, and for which charges.
func TestABouncedPaymentNamesItsPayerAndWhatIsOwedAgain(t *testing.T) {
	e := account.PaymentBounced{Payment: "S1", Center: "C01", Amount: money.Fen(5_000_00), Reason: "户名不符", On: on("2026-10-20")}
	line := func(charge domain.ChargeID, amount int64, stage account.Stage) account.Allocation {
		return account.Allocation{Charge: charge, Amount: money.Fen(amount), Stage: stage}
	}
	c, _ := notice.About(e, on("2026-10-20"))
	if stream, ok := c.Wants(); !ok || stream != account.Stream("C01") {
		t.Fatalf("it wants %s", stream)
	}
	for _, known := range []domain.Event{
		account.AccountOpened{Center: "C01", Name: "翠湖花园物业服务中心", Region: "华东"},
		account.ChargeAccrued{Charge: "SF-1", Project: "P001", Room: "3-1-502", Service: "室内机移位", OccurredOn: on("2026-08-02")},
		account.ChargeAccrued{Charge: "SF-2", Project: "P002", Service: "线缆", OccurredOn: on("2026-08-03")},
		account.ChargeAccrued{Charge: "SF-3", Project: "P002", Service: "读卡器", OccurredOn: on("2026-08-04")},
		account.PaymentReceived{Payment: "S0", Center: "C01", Payer: "别家公司"},
		account.PaymentReceived{Payment: "S1", Center: "C01", Payer: "翠湖物业有限公司"},
		account.AllocationReversed{Payment: "S1", Cause: account.Credited, Lines: []account.Allocation{line("SF-3", 9_99, "")}},
		account.AllocationReversed{Payment: "S1", Cause: account.Bounced, Lines: []account.Allocation{
			line("SF-1", 3_000_00, account.Confirmed), line("SF-1", 1_234_00, account.Unconfirmed),
			line("SF-2", 766_00, account.WrittenOff),
		}},
		e,
	} {
		if c.Learn(known) {
			break
		}
	}
	said := notice.Of(e, notice.Origin{Type: e.EventType()}, c)[0].Body
	for _, want := range []string{
		"付款方：翠湖物业有限公司", "恢复未收：SF-1，4,234.00 元，2026-08-02 P001 3-1-502 室内机移位",
		"恢复账销案存：SF-2，766.00 元，2026-08-03 P002 线缆",
	} {
		if !strings.Contains(said.Chinese, want) {
			t.Errorf("%q is missing in\n%s", want, said.Chinese)
		}
	}
	if strings.Contains(said.Chinese, "SF-3") || !strings.Contains(said.English, "Open again: SF-1, 4,234.00 yuan") {
		t.Errorf("it says\n%s%s", said.Chinese, said.English)
	}
}

// A center is told of which of its payments money goes back, whatever it was charged before.
func TestARefundNamesThePaymentItIsOf(t *testing.T) {
	e := account.PaymentRefunded{Refund: "TK-1", Payment: "S1", Center: "C01", Amount: money.Fen(766_00), On: on("2026-10-20")}
	c, _ := notice.About(e, on("2026-10-20"))
	if stream, ok := c.Wants(); !ok || stream != account.Stream("C01") {
		t.Fatalf("it wants %s", stream)
	}
	for _, known := range []domain.Event{
		account.AccountOpened{Center: "C01", Name: "翠湖花园物业服务中心", Region: "华东"},
		account.ChargeAccrued{Charge: "SF-1", Project: "P001", Service: "线缆", OccurredOn: on("2026-08-02")},
		account.PaymentReceived{Payment: "S0", Center: "C01", Payer: "别家公司"},
		account.PaymentReceived{
			Payment: "S1", Center: "C01", Payer: "翠湖物业有限公司", Amount: money.Fen(5_000_00), ReceivedOn: on("2026-09-04"),
		},
		account.PaymentReceived{Payment: "S2", Center: "C01", Payer: "再一家公司"},
		e,
	} {
		if c.Learn(known) {
			break
		}
	}
	n := notice.Of(e, notice.Origin{Type: e.EventType()}, c)[0]
	for said, want := range map[string]string{
		n.Subject.Chinese: "退款 766.00 元，回款 S1", n.Body.Chinese: "原回款金额：5,000.00 元，2026-09-04 到账\n付款方：翠湖物业有限公司",
		n.Body.English: "Received: 5,000.00 yuan, received 2026-09-04",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing in\n%s", want, said)
		}
	}
}

// A center that still owes something was not paid above what it owes: the mail on money that
// goes back to it says what is left on either side.
func TestARefundSaysWhatIsLeft(t *testing.T) {
	e := account.PaymentRefunded{Refund: "TK-1", Payment: "S1", Center: "C01", Amount: money.Fen(60_00), On: on("2026-10-20")}
	given := []domain.Event{
		account.AccountOpened{Center: "C01"},
		account.PaymentReceived{Payment: "S1", Center: "C01", Amount: money.Fen(100_00), ReceivedOn: on("2026-09-04")},
	}
	charged := account.ChargeAccrued{
		Charge: "SF-1", Center: "C01", OccurredOn: on("2026-08-02"), Money: money.Line{Gross: money.Fen(250_00)},
	}
	disputed := account.ChargeDisputed{Charge: "SF-1", Center: "C01", Open: money.Fen(250_00), On: on("2026-09-02")}
	for name, c := range map[string]struct {
		given     []domain.Event
		says, not string
	}{
		"of what was paid above what was owed": {nil, "多付的下列款项", "不再抵减"},
		"while something is owed":              {[]domain.Event{charged}, "贵中心仍欠：250.00 元\n", "多付"},
		"while something is disputed":          {[]domain.Event{charged, disputed}, "仍欠：250.00 元，其中有异议 250.00 元", "多付"},
	} {
		t.Run(name, func(t *testing.T) {
			body := letterOf(t, e, slices.Concat(given, c.given, []domain.Event{e})).Body.Chinese
			for _, want := range []string{c.says, "退款后尚未核销：40.00 元"} {
				if !strings.Contains(body, want) {
					t.Errorf("%q is not in\n%s", want, body)
				}
			}
			if strings.Contains(body, c.not) {
				t.Errorf("%q is in\n%s", c.not, body)
			}
		})
	}
}

// A requisition gives a part a name and no unit: the catalogue says in what it counts.
func TestARequisitionCountsInTheUnitsOfTheCatalogue(t *testing.T) {
	e := requisition.MaterialRequested{
		Requisition: "WZ-1", Project: "P001", RequestedOn: on("2026-10-20"), Lines: []requisition.Line{
			{Part: "DS-700", Name: "门口机", Quantity: decimal.NewFromInt(2), Estimate: money.Fen(1_560_00)},
			{Part: "X", Name: "新件", Quantity: decimal.NewFromInt(3), Estimate: money.Fen(1_00)},
		},
	}
	c, _ := notice.About(e, on("2026-10-20"))
	c.Learn(catalogue.PartCatalogued{Part: "DS-700", Name: "单元门口机", Unit: "台", From: on("2026-01-01")})
	said := notice.Of(e, notice.Origin{Type: e.EventType()}, c)[0].Body
	for _, want := range []string{"DS-700 门口机：数量 2 台，1,560.00 元", "X 新件：数量 3，1.00 元"} {
		if !strings.Contains(said.Chinese, want) {
			t.Errorf("%q is missing in\n%s", want, said.Chinese)
		}
	}
}

func TestWhatPeopleTypedStaysOnItsLine(t *testing.T) {
	evil := "x\r\nBcc: everybody@example.com\u2028\u202e\x00\xff" + strings.Repeat("长", 3000)
	e := account.ChargeDisputed{
		Charge: domain.ChargeID("SF-1\r\nTo: a@b"), Center: "C01", Project: "P001", Statement: evil, Reason: evil, By: evil,
	}
	n := noticesOf(e)[0]
	if strings.ContainsFunc(n.Subject.Chinese, unicode.IsControl) || !utf8.ValidString(n.Subject.Chinese+n.Body.Chinese) {
		t.Errorf("subject %q", n.Subject)
	}
	for line := range strings.Lines(n.Body.Chinese + n.Body.English) {
		if strings.HasPrefix(line,
			"Bcc:") || strings.HasPrefix(line, "To:") || strings.ContainsAny(strings.TrimSuffix(line, "\n"), "\r\n\x00\u2028\u202e") {
			t.Errorf("line %q", line)
		}
	}
}

var matter = notice.Matter{Notice: "n1", Kind: "STATEMENT_ISSUED", Clause: "5.3.4"}

func sent(copies int) notice.NoticeSent {
	return notice.NoticeSent{Matter: matter, Copy: copies, At: nine}
}

func undeliverable(reason notice.Reason, outlook notice.Outlook, attempts int) notice.NoticeUndeliverable {
	return notice.NoticeUndeliverable{
		Matter: matter, Reason: reason, Outlook: outlook, Attempts: attempts, Since: nine, At: nine,
	}
}

var asked = notice.NoticeResendRequested{Matter: matter, Reason: "未收到", At: nine, By: "qian"}

func TestDelivery(t *testing.T) {
	type decision = func(*notice.Delivery) ([]notice.Event, error)
	recordSent := func(e notice.NoticeSent) decision {
		return func(d *notice.Delivery) ([]notice.Event, error) { return d.Sent(e), nil }
	}
	recordFailed := func(e notice.NoticeUndeliverable) decision {
		return func(d *notice.Delivery) ([]notice.Event, error) { return d.Undeliverable(e), nil }
	}
	resend := func(d *notice.Delivery) ([]notice.Event, error) {
		return d.Resend(notice.Resend{Notice: "n1", Reason: "未收到", By: "qian"}, nine)
	}
	tests := map[string]struct {
		given []notice.Event
		due   bool
		when  decision
		then  []notice.Event
		code  string
	}{
		"the first copy is recorded":                {nil, true, recordSent(sent(1)), []notice.Event{sent(1)}, ""},
		"by a second sender, it was recorded":       {[]notice.Event{sent(1)}, false, recordSent(sent(1)), nil, ""},
		"a failure is recorded":                     {nil, true, recordFailed(undeliverable(notice.Unreachable, notice.Retrying, 1)), []notice.Event{undeliverable(notice.Unreachable, notice.Retrying, 1)}, ""},
		"again for the same reason, it is not":      {[]notice.Event{undeliverable(notice.Unreachable, notice.Retrying, 1)}, true, recordFailed(undeliverable(notice.Unreachable, notice.Retrying, 2)), nil, ""},
		"for another reason, it is":                 {[]notice.Event{undeliverable(notice.Unreachable, notice.Retrying, 1)}, true, recordFailed(undeliverable(notice.OutcomeUnknown, notice.Retrying, 2)), []notice.Event{undeliverable(notice.OutcomeUnknown, notice.Retrying, 2)}, ""},
		"giving up is recorded":                     {[]notice.Event{undeliverable(notice.Unreachable, notice.Retrying, 1)}, true, recordFailed(undeliverable(notice.Unreachable, notice.GivenUp, 9)), []notice.Event{undeliverable(notice.Unreachable, notice.GivenUp, 9)}, ""},
		"what was given up is not due":              {[]notice.Event{undeliverable(notice.Refused, notice.GivenUp, 1)}, false, recordFailed(undeliverable(notice.Refused, notice.GivenUp, 2)), nil, ""},
		"what lacks an address is tried with each":  {[]notice.Event{undeliverable(notice.NoAddress, notice.AwaitsAddress, 0)}, true, recordSent(sent(1)), []notice.Event{sent(1)}, ""},
		"what was sent cannot fail any more":        {[]notice.Event{sent(1)}, false, recordFailed(undeliverable(notice.Unreachable, notice.Retrying, 1)), nil, ""},
		"a person has a sent one sent again":        {[]notice.Event{sent(1)}, false, resend, []notice.Event{asked}, ""},
		"and one that was given up":                 {[]notice.Event{undeliverable(notice.Refused, notice.GivenUp, 1)}, false, resend, []notice.Event{asked}, ""},
		"and one that lacks an address":             {[]notice.Event{undeliverable(notice.NoAddress, notice.AwaitsAddress, 0)}, true, resend, []notice.Event{asked}, ""},
		"one asked for is due":                      {[]notice.Event{sent(1), asked}, true, recordSent(sent(2)), []notice.Event{sent(2)}, ""},
		"an old record does not count for it":       {[]notice.Event{sent(1), asked}, true, recordSent(sent(1)), nil, ""},
		"it can fail for the same reason once more": {[]notice.Event{undeliverable(notice.Refused, notice.GivenUp, 1), asked}, true, recordFailed(undeliverable(notice.Refused, notice.GivenUp, 1)), []notice.Event{undeliverable(notice.Refused, notice.GivenUp, 1)}, ""},
		"and is then given up":                      {[]notice.Event{sent(1), asked, undeliverable(notice.Refused, notice.GivenUp, 1)}, false, resend, []notice.Event{asked}, ""},
		"one being sent is not asked for":           {[]notice.Event{sent(1), asked}, true, resend, nil, "notice-under-way"},
		"one being tried is not asked for":          {[]notice.Event{undeliverable(notice.Unreachable, notice.Retrying, 1)}, true, resend, nil, "notice-under-way"},
		"nobody asks for a notice that never was":   {nil, true, resend, nil, "unknown-notice"},
		"a wish has a reason": {[]notice.Event{sent(1)}, false, func(d *notice.Delivery) ([]notice.Event, error) {
			return d.Resend(notice.Resend{Notice: "n1", By: "qian"}, nine)
		}, nil, "text-required"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var d notice.Delivery
			for _, e := range tc.given {
				d.Evolve(e)
			}
			if d.Due() != tc.due {
				t.Errorf("due: %t, want %t", d.Due(), tc.due)
			}
			got, err := tc.when(&d)
			var r *domain.Rejection
			if errors.As(err, &r) != (tc.code != "") || r != nil && r.Code != tc.code {
				t.Errorf("got %v, want %q", err, tc.code)
			}
			if diff := cmp.Diff(tc.then, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhereNoticesBegin(t *testing.T) {
	five, zero := uint64(5), uint64(0)
	tests := map[string]struct {
		given []notice.Event
		from  *uint64
		then  []notice.Event
	}{
		"at the end of the log, at first":   {nil, nil, []notice.Event{notice.NoticesStarted{From: 100, At: nine}}},
		"where they began before":           {[]notice.Event{notice.NoticesStarted{From: 7}}, nil, nil},
		"at a position that a person gives": {nil, &five, []notice.Event{notice.NoticesStarted{From: 5, At: nine}}},
		"there already":                     {[]notice.Event{notice.NoticesStarted{From: 5}}, &five, nil},
		"at the beginning after all":        {[]notice.Event{notice.NoticesStarted{From: 5}}, &zero, []notice.Event{notice.NoticesStarted{From: 0, At: nine}}},
		"at the beginning of an empty log":  {nil, &zero, []notice.Event{notice.NoticesStarted{From: 0, At: nine}}},
		"at the beginning, said again":      {[]notice.Event{notice.NoticesStarted{From: 0}}, &zero, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var o notice.Office
			for _, e := range tc.given {
				o.Evolve(e)
			}
			if diff := cmp.Diff(tc.then, o.Start(tc.from, 100, nine)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A subject says whose matter it is, by the name that people know; a letter has no
// label without a value, no code of a quarter, and no place in our log for those
// outside.
func TestALetterIsWrittenForItsReader(t *testing.T) {
	code := regexp.MustCompile(`(季度|半年度)：\d{4}[QH]\d`)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			for _, n := range noticesOf(tc.happened) {
				subject, body := n.Subject.Chinese, n.Body.Chinese
				if !strings.Contains(subject, "云栖花园") && !strings.Contains(subject, "华东") {
					t.Errorf("%s does not say whose matter it is: %q", n.Kind, subject)
				}
				if code.MatchString(body) {
					t.Errorf("%s speaks in codes:\n%s", n.Kind, body)
				}
				for line := range strings.Lines(body) {
					if _, value, ok := strings.Cut(strings.TrimSpace(line),
						"："); ok && (value == "" || strings.HasSuffix(value, "，")) {
						t.Errorf("%s has a label without a value: %q", n.Kind, line)
					}
				}
				outside := slices.ContainsFunc(n.To, func(r notice.Recipient) bool { return r.Role.OfCenter() })
				if outside == strings.Contains(n.Footer.Chinese, "日志位置") {
					t.Errorf("%s to those outside: %v, ends\n%s", n.Kind, outside, n.Footer.Chinese)
				}
			}
		})
	}
}

// What was escalated, and which fault is asked about, stands in the letter: its
// reader does not know numbers by heart.
func TestALetterSaysWhatItIsAbout(t *testing.T) {
	for name, c := range map[string]struct {
		happened domain.Event
		want     string
	}{
		"an opinion":          {ticket.EscalationOpinionGiven{Ticket: "T-1", Escalation: "SB-1"}, "事项：三次报修"},
		"an end":              {ticket.EscalationClosed{Ticket: "T-1", Escalation: "SB-1"}, "事项：三次报修"},
		"a query":             {ticket.FaultLineReviewed{Ticket: "T-1", Line: "F1-7", Verdict: ticket.Queried}, "故障：门口机 大堂 黑屏"},
		"an approval to ship": {repair.ReturnApproved{Return: "F2-1", Gate: repair.DepartmentManager}, "设备可以寄往厂家"},
		"a half-year's claim": {account.ClaimIssued{Center: "C01", Half: h2}, "半年度：2026年下半年"},
		"a quarter":           {issued, "季度：2026年第3季度"},
	} {
		t.Run(name, func(t *testing.T) {
			about, _ := contextOf(c.happened)
			about.Learn(ticket.TicketEscalated{Escalation: "SB-1", Matter: "三次报修"})
			about.Learn(ticket.FaultRecorded{Line: "F1-7", Device: "门口机", Location: "大堂", Symptom: "黑屏"})
			if body := notice.Of(c.happened, notice.Origin{}, about)[0].Body.Chinese; !strings.Contains(body, c.want) {
				t.Errorf("%q is not in\n%s", c.want, body)
			}
		})
	}
}

// A claim is of everything that a center owes: each line says its project, and the
// letter as a whole is of none, also where work outside the price list is in it.
func TestAClaimNamesTheProjectOfEachLineAndNoneAtItsHead(t *testing.T) {
	for name, happened := range map[string]domain.Event{
		"claim":    account.ClaimIssued{Center: "C01", Half: h2, Lines: []account.Claimed{{Charge: "TS-1"}, {Charge: "SF-2"}}},
		"reminder": account.ReminderIssued{Center: "C01", Lines: []account.Claimed{{Charge: "TS-1"}, {Charge: "SF-2"}}},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := notice.About(happened, on("2027-01-04"))
			c.Learn(account.OffListChargeRequested{Charge: "TS-1", Project: "P002", Service: "道闸改造"})
			c.Learn(account.ChargeAccrued{Charge: "TS-1", Project: "P002", OccurredOn: on("2026-09-01"), Service: "道闸改造"})
			c.Learn(account.ChargeAccrued{
				Charge: "SF-2", Project: "P001", OccurredOn: on("2026-09-12"), Room: "1-101", Service: "移位",
			})
			n := notice.Of(happened, notice.Origin{}, c)[0]
			for _, want := range []string{"TS-1：2026-09-01 P002 道闸改造", "SF-2：2026-09-12 P001 1-101 移位"} {
				if !strings.Contains(n.Body.Chinese, want) {
					t.Errorf("%q is not in\n%s", want, n.Body.Chinese)
				}
			}
			if n.Place.Project != "" || strings.Contains(n.Body.Chinese, "项目：") {
				t.Errorf("it is of project %q:\n%s", n.Place.Project, n.Body.Chinese)
			}
		})
	}
}

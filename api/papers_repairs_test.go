package api_test

import (
	"fmt"
	"hash/crc32"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/eventstore"
)

// givenEvents names the command that given records with its events.
type givenEvents struct {
	Stream string `json:"stream,omitzero"`
}

func (givenEvents) CommandName() string { return "Given" }

// given puts events into a stream as they would have been decided.
func given[S any, E domain.Event, P eventstore.State[S, E]](w *world, stream string, events ...E) {
	w.t.Helper()
	x := eventstore.NewExecutor(w.store, eventstore.Trade, eventstore.ExecutorOptions{})
	if _, err := eventstore.Execute[S, E, P](w.t.Context(), x, stream, eventstore.Command{
		Key: "given", Actor: technician, Content: givenEvents{stream},
	}, func(P) ([]E, error) {
		return events, nil
	}); err != nil {
		w.t.Fatal(err)
	}
}

func TestPapersOfRepairsAndPurchasesAreFilledFromTheirGates(t *testing.T) {
	w := newWorld(t)
	on := func(day int) calendar.Date { return calendar.NewDate(2026, time.June, day) }
	paper := func(name string) attachment.Ref {
		return attachment.Ref{
			SHA256: attachment.Digest(strings.Repeat("ab", 30) + fmt.Sprintf("%04x", crc32.ChecksumIEEE([]byte(name))&0xffff)),
			Name:   name, Type: attachment.PDF, Size: 9,
		}
	}
	letter, page := paper("来函.pdf"), paper("批复.eml")
	given[repair.Return, repair.Event](w, repair.Stream("F2-9"),
		repair.ReturnOpened{Return: "F2-9", Project: "P001", Ticket: "T-1", Part: "DS-700", Serial: "A-1", Maker: "海康威视",
			Fault: "主板损坏", OpenedOn: on(1),
			Cost: repair.Cost{Bearer: repair.ByUs, Estimate: money.Fen(420_00)}, Region: "华东", FiledBy: "孙九",
			GoesTo: repair.CityTechLead},
		repair.ReturnReviewed{
			Return: "F2-9", Gate: repair.CityTechLead, Amount: money.Fen(420_00), Note: "现场无法修复", On: on(2), By: "周一",
			GoesTo: repair.TechGroup,
		},
		repair.ReturnRejected{
			Return: "F2-9", Gate: repair.TechGroup, Amount: money.Fen(420_00), Reason: "请附照片", On: on(3), By: "陈二",
		},
		repair.ReturnResubmitted{
			Return: "F2-9", Cost: repair.Cost{Bearer: repair.ByUs, Estimate: money.Fen(420_00)}, Fault: "主板进水损坏", Note: "已附照片",
			On: on(4), By: "孙九", GoesTo: repair.TechGroup,
		},
		repair.ReturnApproved{
			Return: "F2-9", Gate: repair.TechGroup, Amount: money.Fen(420_00), On: on(5), By: "陈二", GoesTo: repair.HQAffairs,
		},
		repair.ReturnReviewed{
			Return: "F2-9", Gate: repair.HQAffairs, Amount: money.Fen(420_00), On: on(6), By: "郑三",
			GoesTo: repair.DepartmentManager,
		},
		repair.ReturnApproved{
			Return: "F2-9", Gate: repair.DepartmentManager, Amount: money.Fen(420_00), MailPage: &page, On: on(7), By: "经理",
		},
		repair.DeviceShipped{Return: "F2-9", Waybill: "SF123", ShippedOn: on(8), ExpectedBackOn: on(20)},
		repair.ReturnFollowedUp{Return: "F2-9", Contact: "陈工", Note: "等待配件", ExpectedBackOn: on(28), On: on(15), By: "赵六"},
		repair.RepairQuoted{
			Return: "F2-9", Supplier: "海康威视", Amount: money.Fen(560_00), Letter: &letter, QuotedOn: on(16), By: "采购",
			GoesTo: repair.HQAffairs,
		},
	)
	given[repair.Return, repair.Event](w, repair.Stream("F2-8"), // its page came with the payment request
		repair.ReturnOpened{
			Return: "F2-8", Project: "P001", Part: "DS-700", Maker: "大华", Fault: "黑屏", OpenedOn: on(1), Region: "华东",
			Cost: repair.Cost{Bearer: repair.ByUs, Estimate: money.Fen(420_50)}, FiledBy: "孙九", GoesTo: repair.CityTechLead,
		},
		repair.RepairPaymentRequested{
			Return: "F2-8", Request: "FK-1", Supplier: "大华", Amount: money.Fen(420_50), On: on(28), By: "赵六", Region: "华东",
			Month: on(1).Month(),
		},
	)
	given[requisition.Requisition, requisition.Event](w, requisition.Stream("SQ-1"),
		requisition.MaterialRequested{Requisition: "SQ-1", Project: "P001", Region: "华东", Total: money.Fen(4_680_00),
			RequestedOn: on(2), By: "顾",
			Lines: []requisition.Line{
				{Part: "DS-700", Name: "单元门口机", Quantity: decimal.NewFromInt(6), Estimate: money.Fen(4_680_00), Purpose: "备件"},
			}},
		requisition.RequisitionReviewed{
			Requisition: "SQ-1", Gate: requisition.MaterialsPlanner, On: on(3), By: "计划",
			GoesTo: []requisition.Gate{requisition.TechGroup, requisition.HQAffairs},
		},
	)
	month := on(1).Month()
	given[payables.RegionMonth, payables.Event](w, payables.Stream("华东", month),
		payables.PaymentRequested{Request: "FK-1", Region: "华东", Month: month, Total: money.Fen(980_50), RequestedOn: on(28),
			By: "赵六", Lines: []payables.Line{
				{Return: "F2-9", Project: "P001", Supplier: "海康威视", Amount: money.Fen(560_00), Letter: letter, Sheet: paper("F2.pdf"), Approval: page},
				{Return: "F2-8", Project: "P002", Supplier: "大华", Amount: money.Fen(420_50), Letter: letter, Sheet: paper("F2-8.pdf"), Approval: page},
			}},
		payables.SupplierPaid{
			Request: "FK-1", Region: "华东", Month: month, Supplier: "大华", Returns: []domain.ReturnID{"F2-8"},
			Amount: money.Fen(420_50), BankReference: "ICBC-9", PaidOn: on(30), By: "吴二",
		},
	)
	may := on(1).AddDays(-1).Month()
	requested := func(id domain.PaymentRequestID, fen int64) payables.PaymentRequested {
		return payables.PaymentRequested{
			Request: id, Region: "华东", Month: may, Total: money.Fen(fen), RequestedOn: on(28), By: "赵六", Lines: []payables.Line{
				{Return: "F2-9", Supplier: "海康威视", Amount: money.Fen(fen), Letter: letter, Sheet: paper("F2.pdf"), Approval: page},
			},
		}
	}
	given[payables.RegionMonth, payables.Event](w, payables.Stream("华东", may), requested("FK-2", 560_00),
		payables.PaymentRequestReturned{Request: "FK-2", Region: "华东", Month: may, Reason: "金额有误", On: on(29), By: "吴二"},
		requested("FK-3", 550_00),
		payables.SupplierPaid{
			Request: "FK-3", Region: "华东", Month: may, Supplier: "海康威视", Returns: []domain.ReturnID{"F2-9"},
			Amount: money.Fen(550_00), BankReference: "ICBC-10", PaidOn: on(30), By: "吴二",
		},
	)
	for path, want := range map[string][]string{
		"/v1/payment-requests/华东/2026-05/form":             {"FK-3", "550.00", "已付款", "ICBC-10"},
		"/v1/payment-requests/华东/2026-05/form?number=FK-3": {"FK-3", "550.00", "已付款", "ICBC-10"},
		"/v1/payment-requests/华东/2026-05/form?number=FK-2": {"FK-2", "560.00", "退回：金额有误", "未付款"}, // readable for ever
		"/v1/returns/F2-9/form": {
			"主板进水损坏", "现场无法修复", "退回", "请附照片", "重新提交", "2026-06-07", "已批金额", "人民币肆佰贰拾元整", "SF123", "等待配件", "2026-06-28", "560.00", "待确认", "未返回", "未审批", "海康威视（未建档）",
		},
		"/v1/returns/F2-9/letter/form":         {"维修设备收费确认函", "人民币伍佰陆拾元整", "来函.pdf（SHA-256 abababababab…）", "☐ 同意上述收费"},
		"/v1/returns/F2-9/approval/form":       {"邮件批复页", "人民币肆佰贰拾元整", "厂家报价（元）", "560.00（2026-06-16）", "部门经理批准", "批复.eml（SHA-256 abababababab…）"},
		"/v1/returns/F2-8/approval/form":       {"邮件批复页", "420.50", "批复.eml（SHA-256 abababababab…）"},
		"/v1/requisitions/SQ-1/form":           {"物资申请单", "单元门口机", "4,680.00", "人民币肆仟陆佰捌拾元整", "物资计划管理员审核", "技术组审核", "本部事务主管审核", "未审批", "未采购"},
		"/v1/payment-requests/华东/2026-06/form": {"付款申请单", "FK-1", "980.50", "人民币玖佰捌拾元伍角整", "F2.pdf", "ICBC-9", "部分付款", "4 份", "未登记收款账户", "大华（未建档）", "未付款"},
	} {
		t.Run(path, func(t *testing.T) {
			sep := "?"
			if strings.Contains(path, "?") {
				sep = "&"
			}
			status, _, page := w.get(admin, path+sep+"format=html")
			if status != http.StatusOK {
				t.Fatalf("%d: %s", status, page)
			}
			for _, text := range want {
				if !strings.Contains(page, text) {
					t.Errorf("%q is not on the page:\n%s", text, page)
				}
			}
			if status, _, file := w.get(admin, path); status != http.StatusOK || !strings.HasPrefix(file, "PK") {
				t.Errorf("the worksheet: %d", status)
			}
		})
	}
	// The quote lies above what was approved: both look at it again, and the
	// sheet says whose turn it is.
	if _, _, page := w.get(admin, "/v1/returns/F2-9/form?format=html"); strings.Count(page, "本部事务主管审核") != 2 {
		t.Error("the sheet does not say that it waits for the HQ affairs supervisor again")
	}
}

// A repaired unit waits for the receipt of its depot, and the sheet says so until
// then.
func TestTheSheetOfARepairedUnitSaysWhetherADepotHasIt(t *testing.T) {
	w := newWorld(t)
	on := func(day int) calendar.Date { return calendar.NewDate(2026, time.June, day) }
	given[repair.Return, repair.Event](w, repair.Stream("F2-7"),
		repair.ReturnOpened{
			Return: "F2-7", Project: "P001", Part: "DS-700", Serial: "A-7", Maker: "海康威视", Fault: "黑屏", OpenedOn: on(1),
		},
		repair.DeviceShipped{Return: "F2-7", ShippedOn: on(8)},
		repair.DeviceReturned{Return: "F2-7", Result: repair.Repaired, On: on(20)},
	)
	check := func(want string) {
		t.Helper()
		if status, _, page := w.get(admin,
			"/v1/returns/F2-7/form?format=html"); status != http.StatusOK || !strings.Contains(page, want) {
			t.Errorf("%d: %q is not on the page:\n%s", status, want, page)
		}
	}
	check("修复，待入库")
	back := depot.PartReceived{
		Project: "P001", Receipt: "IN-7", Part: "DS-700", Quantity: decimal.NewFromInt(1), Source: depot.FromMaker,
		Serials: []string{"A-7"}, ReceivedOn: on(22),
	}
	given[depot.Depot, depot.Event](w, depot.Stream("P001"), back)
	check("修复，2026-06-22 入库")
}

// What its maker scrapped or lost did not come back: the day of the result is no day of return.
func TestTheSheetOfAUnitThatDidNotComeBackNamesNoDayOfReturn(t *testing.T) {
	w := newWorld(t)
	on := func(day int) calendar.Date { return calendar.NewDate(2026, time.June, day) }
	for id, c := range map[domain.ReturnID]struct {
		result repair.Result
		want   string
	}{
		"F2-8": {repair.Scrapped, "报废，2026-06-20"}, "F2-9": {repair.NotBack, "未返回，2026-06-20"},
	} {
		given[repair.Return, repair.Event](w, repair.Stream(id),
			repair.ReturnOpened{
				Return: id, Project: "P001", Part: "DS-700", Serial: string(id), Maker: "海康威视", Fault: "黑屏", OpenedOn: on(1),
			},
			repair.DeviceShipped{Return: id, ShippedOn: on(8)},
			repair.DeviceReturned{Return: id, Result: c.result, On: on(20)},
		)
		status, _, page := w.get(admin, "/v1/returns/"+string(id)+"/form?format=html")
		if status != http.StatusOK || !strings.Contains(page, c.want) || strings.Contains(page, ">2026-06-20<") ||
			strings.Contains(page, "12 天") {
			t.Errorf("%s, %d:\n%s", id, status, page)
		}
	}
}

package eventstore

import (
	"strings"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/importlayout"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/domain/supplier"
)

// repairExamples are the events of process sheets, requisitions, payment
// requests and their papers.
func repairExamples() []domain.Event {
	paper := func(digit, name string, kind attachment.MediaType, size int64) attachment.Ref {
		return attachment.Ref{SHA256: attachment.Digest(strings.Repeat(digit, 64)), Name: name, Type: kind, Size: size}
	}
	letter := paper("a", "维修设备收费确认函.pdf", attachment.PDF, 120_345)
	sheet, mail := paper("b", "F2-2026-011.xlsx", attachment.XLSX, 9_876), paper("c", "批复.eml", attachment.EML, 4_321)
	lines := []requisition.Line{{
		Part: "DS-700", Name: "单元门口机", Quantity: decimal.RequireFromString("2"), Estimate: yuan("1560.00"), Purpose: "备件",
	}}
	return []domain.Event{
		attachment.AttachmentStored{Ref: letter, By: "qian"},
		supplier.SupplierRecorded{
			Supplier: "GYS-01", Name: "海康威视",
			Account: supplier.BankAccount{Bank: "中国银行杭州滨江支行", Holder: "杭州海康威视数字技术股份有限公司", Number: "3800 0012 3456"},
			From:    on("2026-07-01"), Was: &supplier.BankAccount{Bank: "工商银行杭州分行", Holder: "海康威视", Number: "1202 0000 1111"},
			Reason: "换基本户", On: on("2026-06-28"), By: "cai",
		},
		importlayout.ImportLayoutSaved{
			Kind: "charges", Name: "万科表",
			Columns: map[string]string{"amount": "收费情况/总价", "quantity": "收费情况/台数", "unread": "登记日期"},
		},
		payables.PaymentRequestAbandoned{
			Request: "FK-0", Region: "华东", Month: on("2026-07-01").Month(), On: on("2026-07-25"), By: "qian",
		},
		payables.PaymentRequested{
			Request: "FK-1", Region: "华东", Month: on("2026-07-01").Month(), Lines: []payables.Line{{
				Return: "F2-2026-011", Project: "P001", Supplier: "海康威视", Amount: yuan("560.00"), Letter: letter, Sheet: sheet,
				Approval: mail,
			}}, Total: yuan("560.00"), RequestedOn: on("2026-07-25"), By: "qian",
		},
		payables.PaymentRequestReturned{
			Request: "FK-1", Region: "华东", Month: on("2026-07-01").Month(), Returns: []domain.ReturnID{"F2-2026-011"},
			Reason: "附件不清晰",
			On:     on("2026-07-26"), By: "sun",
		},
		payables.SupplierPaid{
			Request: "FK-2", Region: "华东", Month: on("2026-07-01").Month(), Supplier: "海康威视",
			Returns: []domain.ReturnID{"F2-2026-011"},
			Amount:  yuan("560.00"), BankReference: "OUT-7", PaidOn: on("2026-07-30"), By: "sun",
		},
		repair.CompensationSheetFiled{
			Return: "F2-2026-012", Project: "P001", Region: "华东", Center: "C01", Quote: "BJ-1", Charge: "SF-9",
			Amount: yuan("1900.00"),
			Damage: "门口机人为损坏", OccurredOn: on("2026-06-18"), FiledOn: on("2026-06-20"), By: "zhou", GoesTo: repair.HQAffairs,
		},
		repair.ReturnReviewed{
			Return: "F2-2026-011", Gate: repair.HQAffairs, Amount: yuan("420.00"), Note: "同意", On: on("2026-06-21"), By: "zhao",
			GoesTo: repair.DepartmentManager,
		},
		repair.ReturnApproved{
			Return: "F2-2026-011", Gate: repair.DepartmentManager, Amount: yuan("420.00"), Note: "同意", MailPage: &mail,
			On: on("2026-06-21"), By: "feng",
			GoesTo: repair.HQAffairs,
		},
		repair.ReturnRejected{
			Return: "F2-2026-011", Gate: repair.TechGroup, Amount: yuan("420.00"), Reason: "可现场修复", On: on("2026-06-21"),
			By: "wei",
		},
		repair.ReturnResubmitted{
			Return: "F2-2026-011", Cost: repair.Cost{Bearer: repair.ByMaker, Estimate: yuan("0.00")}, Fault: "主板烧毁",
			Note: "补充检测结果",
			On:   on("2026-06-22"), By: "li", GoesTo: repair.CityTechLead,
		},
		repair.RepairQuoted{
			Return: "F2-2026-011", Supplier: "海康威视", Amount: yuan("560.00"), Letter: &letter, QuotedOn: on("2026-07-01"),
			By: "qian", GoesTo: repair.HQAffairs,
		},
		repair.ConfirmationLetterConfirmed{
			Return: "F2-2026-011", Supplier: "海康威视", Amount: yuan("560.00"), Letter: letter, On: on("2026-07-03"), By: "he",
		},
		repair.ReturnFollowedUp{
			Return: "F2-2026-011", Contact: "海康威视售后", Note: "缺料，下周发出", ExpectedBackOn: on("2026-07-30"), On: on("2026-07-22"),
			By: "qian",
		},
		repair.RepairPaymentRequested{
			Return: "F2-2026-011", Request: "FK-1", Supplier: "海康威视", Amount: yuan("560.00"), On: on("2026-07-25"), By: "qian",
		},
		repair.RepairPaymentReleased{
			Return: "F2-2026-011", Request: "FK-1", Reason: "附件不清晰", On: on("2026-07-26"), By: "sun",
		},
		requisition.MaterialRequested{
			Requisition: "SQ-2026-001", Project: "P001", Region: "华东", Lines: lines, Total: yuan("1560.00"),
			RequestedOn: on("2026-07-01"), By: "jiang",
		},
		requisition.RequisitionReviewed{
			Requisition: "SQ-2026-001", Gate: requisition.MaterialsPlanner, Note: "库存不足", On: on("2026-07-02"), By: "shen",
			GoesTo: []requisition.Gate{requisition.TechGroup, requisition.HQAffairs},
		},
		requisition.RequisitionApproved{
			Requisition: "SQ-2026-001", Amount: yuan("1560.00"), Note: "同意", On: on("2026-07-03"), By: "feng",
		},
		requisition.RequisitionRejected{
			Requisition: "SQ-2026-001", Gate: requisition.HQAffairs, Reason: "数量偏多", On: on("2026-07-02"), By: "zhao",
		},
		requisition.RequisitionResubmitted{
			Requisition: "SQ-2026-001", Lines: lines, Total: yuan("1560.00"), Note: "按实际用量", On: on("2026-07-03"), By: "jiang",
		},
		requisition.PurchaseOrdered{
			Requisition: "SQ-2026-001", Order: "CG-1", Supplier: "海康威视", Lines: []requisition.Ordered{
				{Part: "DS-700", Quantity: decimal.RequireFromString("2"), Price: yuan("1500.00")},
			}, Total: yuan("1500.00"), OrderedOn: on("2026-07-04"), ExpectedOn: on("2026-07-18"), By: "he",
		},
		requisition.PurchaseReceived{
			Requisition: "SQ-2026-001", Project: "P001", Receipt: "IN-9", Part: "DS-700",
			Quantity: decimal.RequireFromString("2"),
			Value:    yuan("1500.00"), ReceivedOn: on("2026-07-16"), By: "shen",
		},
	}
}

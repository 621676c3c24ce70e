package notice

import (
	"fmt"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/repair"
)

// keepers are who keeps the gates of a process sheet (§5.2.1).
var keepers = map[repair.Gate]Recipient{
	repair.CityTechLead: cityTechLead, repair.TechGroup: techGroupLead, repair.HQAffairs: hqSupervisor,
	repair.DepartmentManager: departmentManager,
}

// keeper returns who a sheet waits for; nobody once it has passed them all.
func keeper(g repair.Gate) []Recipient {
	if who, ok := keepers[g]; ok {
		return to(who)
	}
	return nil
}

func gate(g repair.Gate) Words { return Words{names.Of(g), role(keepers[g].Role).English} }

// repaired says what is to be repaired, and at whose cost, as the sheet was filed.
func (l *letter) repaired(c Context, id domain.ReturnID) *letter {
	l.where(c).fact("流程表 F2", id).fact("设备 Device", c.Device)
	if c.sent.Return == "" {
		return l
	}
	return l.fact("厂家 Maker", c.sent.Maker).fact("故障 Fault", c.sent.Fault).
		fact("费用承担 Borne by", bearer(c.sent.Cost.Bearer)).fact("申报时预计费用 Estimate when filed", estimated(c.sent.Cost))
}

// bearer says who bears the cost of a repair.
func bearer(b policy.Bearer) Words {
	en := map[policy.Bearer]string{
		repair.ByUs: "us", repair.ByCenter: "the center", repair.ByMaker: "the maker, under its warranty",
	}
	return Words{names.Of(b), en[b]}
}

// repairRules are the notices of §5.2.1, §5.2.2 and of the process sheets of
// §5.3.2.
func repairRules() []Rule {
	return []Rule{
		row[repair.ReturnOpened]{
			Papers: func(e repair.ReturnOpened, _ Context) []Paper { return one(Paper{Form: ReturnPaper, Return: e.Return}) },
			Kind:   "RETURN_FILED", Clause: "5.2.1", Tells: "a process sheet (F2) for a device that its maker shall repair",
			Next: func(e repair.ReturnOpened) []Recipient {
				if e.GoesTo == "" { // filed before there were gates
					return to(cityTechLead)
				}
				return keeper(e.GoesTo)
			},
			Cc: to(regionalAdmin, hqSupervisor),
			About: func(e repair.ReturnOpened) Refs {
				return Refs{Project: e.Project, Ticket: e.Ticket, Region: e.Region, Parts: []domain.PartCode{e.Part}}
			},
			Write: func(e repair.ReturnOpened, c Context) Text {
				return Text{
					subject("送修流程表 "+string(e.Return)+" 请审核", "Process sheet "+string(e.Return)+" awaits review"),
					say("有设备需送厂维修，请审核处理流程表（F2）。", "A device is to be repaired by its maker: please review the process sheet (F2).").
						where(c).fact("流程表 F2", e.Return).fact("设备 Device", c.deviceOf(e)).fact("厂家 Maker", e.Maker).
						fact("故障 Fault",
							e.Fault).fact("费用承担 Borne by", bearer(e.Cost.Bearer)).fact("预计费用 Estimate", estimated(e.Cost)).
						fact("工单 Ticket",
							e.Ticket).fact("故障记录行 F1 line", e.FaultLine).fact("填报人 Filed by", c.person(e.FiledBy)).fact("日期 Date", e.OpenedOn).end(),
				}
			},
		}.rule(),
		row[repair.ReturnReviewed]{
			Papers: func(e repair.ReturnReviewed, _ Context) []Paper {
				return one(Paper{Form: ReturnPaper, Return: e.Return})
			},
			Kind: "RETURN_REVIEWED", Clause: "5.2.1",
			Tells: "a process sheet that has passed a review and waits at the next gate",
			Next:  func(e repair.ReturnReviewed) []Recipient { return keeper(e.GoesTo) },
			About: func(e repair.ReturnReviewed) Refs { return Refs{Return: e.Return} },
			Write: func(e repair.ReturnReviewed, c Context) Text {
				return Text{
					subject("送修流程表 "+string(e.Return)+" 请审批", "Process sheet "+string(e.Return)+" awaits you"),
					say("处理流程表（F2）已通过上一级审核，请审批。", "The process sheet (F2) has passed the review before yours: please approve it or send it back.").
						repaired(c, e.Return).fact("已通过 Passed", gate(e.Gate)).
						fact("我方承担 We bear", borne(e.Amount)).fact("意见 Note", e.Note).fact("审核人 By", c.person(e.By)).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
		row[repair.ReturnApproved]{
			Papers: func(e repair.ReturnApproved, _ Context) []Paper {
				return one(Paper{Form: ReturnPaper, Return: e.Return})
			},
			Kind: "RETURN_APPROVED", Clause: "5.2.1",
			Tells: "an approval: the sheet waits at the next gate, or the device may go",
			Next: func(e repair.ReturnApproved) []Recipient {
				if e.GoesTo == "" {
					return to(technician)
				}
				return keeper(e.GoesTo)
			},
			Cc:    to(regionalAdmin, hqSupervisor),
			About: func(e repair.ReturnApproved) Refs { return Refs{Return: e.Return} },
			Write: func(e repair.ReturnApproved, c Context) Text {
				zh, en := "处理流程表（F2）已全部批准，设备可以寄往厂家。",
					"The process sheet (F2) has all its approvals: the device may go to its maker."
				switch {
				case c.shipped:
					zh, en = "处理流程表（F2）已全部批准。", "The process sheet (F2) has all its approvals."
				case e.GoesTo != "":
					zh, en = "处理流程表（F2）已批准，请下一级审批。", "The process sheet (F2) is approved and waits for the next approval."
				}
				return Text{
					subject("送修流程表 "+string(e.Return)+" 已批准", "Process sheet "+string(e.Return)+" approved"),
					say(zh, en).repaired(c, e.Return).fact("批准 Approved by", gate(e.Gate).then(c.person(e.By))).
						fact("我方承担 We bear",
							borne(e.Amount)).fact("下一级 Next", gate(e.GoesTo)).fact("意见 Note", e.Note).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
		row[repair.ReturnRejected]{
			Papers: func(e repair.ReturnRejected, _ Context) []Paper {
				return one(Paper{Form: ReturnPaper, Return: e.Return})
			},
			Kind: "RETURN_REJECTED", Clause: "5.2.1", Tells: "a process sheet that goes back to the team, with the reason",
			To: to(technician), Cc: to(regionalAdmin),
			About: func(e repair.ReturnRejected) Refs { return Refs{Return: e.Return} },
			Write: func(e repair.ReturnRejected, c Context) Text {
				return Text{
					subject("送修流程表 "+string(e.Return)+" 退回", "Process sheet "+string(e.Return)+" rejected"),
					say("处理流程表（F2）被退回，请修改后重新提交。",
						"The process sheet (F2) comes back to you: please correct it and submit it again.").
						where(c).fact("流程表 F2", e.Return).fact("设备 Device", c.Device).fact("退回 Rejected by", gate(e.Gate).then(c.person(e.By))).
						fact("原因 Reason", e.Reason).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
		row[repair.ReturnResubmitted]{
			Papers: func(e repair.ReturnResubmitted, _ Context) []Paper {
				return one(Paper{Form: ReturnPaper, Return: e.Return})
			},
			Kind: "RETURN_RESUBMITTED", Clause: "5.2.1", Tells: "a rejected process sheet put forward again",
			Next: func(e repair.ReturnResubmitted) []Recipient { return keeper(e.GoesTo) }, Cc: to(regionalAdmin),
			About: func(e repair.ReturnResubmitted) Refs { return Refs{Return: e.Return} },
			Write: func(e repair.ReturnResubmitted, c Context) Text {
				return Text{
					subject("送修流程表 "+string(e.Return)+" 重新提交", "Process sheet "+string(e.Return)+" resubmitted"),
					say("被退回的处理流程表（F2）已重新提交，请审核。", "The rejected process sheet (F2) was corrected and submitted again: please review it.").
						where(c).fact("流程表 F2", e.Return).fact("设备 Device", c.Device).fact("故障 Fault", e.Fault).
						fact("费用承担 Borne by", bearer(e.Cost.Bearer)).fact("预计费用 Estimate", estimated(e.Cost)).fact("说明 Note", e.Note).
						fact("提交人 By", c.person(e.By)).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
		row[repair.RepairQuoted]{
			Papers: func(e repair.RepairQuoted, _ Context) []Paper { return one(Paper{Form: ReturnPaper, Return: e.Return}) },
			Kind:   "COST_ABOVE_APPROVAL", Clause: "5.2.1",
			Tells: "a quote above what was approved: the gates of the cost decide again",
			Next:  func(e repair.RepairQuoted) []Recipient { return keeper(e.GoesTo) },
			Cc:    to(regionalAdmin),
			About: func(e repair.RepairQuoted) Refs { return Refs{Return: e.Return} },
			Write: func(e repair.RepairQuoted, c Context) Text {
				over, says := Words{"维修报价超出批准 ", ", above approval"},
					Words{"厂家报价超出已批准的费用，请审批。", "The maker asks for more than was approved: please decide again."}
				switch { // nothing was approved yet: it waits at the first gate of its cost
				case !c.Approved.IsZero():
				case c.estimate.Estimate.IsZero():
					over, says = Words{"维修已报价 ", ", none estimated"},
						Words{"申报时未估费用，厂家已经报价，请按报价审批。", "No cost was estimated, and the maker has quoted: please decide on the quote."}
				default:
					over, says = Words{"维修报价超出预计 ", ", above the estimate"},
						Words{"厂家报价超出预计费用，请按报价审批。", "The maker asks for more than was estimated: please decide on the quote."}
				}
				return Text{
					subject(over.Chinese+string(e.Return)+" "+yuan(e.Amount).Chinese,
						"Repair "+string(e.Return)+" quoted at "+yuan(e.Amount).English+over.English),
					say(says.Chinese, says.English).
						where(c).fact("流程表 F2",
						e.Return).fact("设备 Device", c.Device).fact("供应商 Supplier", e.Supplier).fact("报价 Quote", yuan(e.Amount)).
						fact("预计费用 Estimate", estimated(c.estimate)).
						fact("已批准 Approved", approvedSo(c.Approved)).fact("日期 Date", e.QuotedOn).fact("登记人 By", c.person(e.By)).end(),
				}
			},
		}.rule(),
		row[repair.CompensationSheetFiled]{
			Papers: func(e repair.CompensationSheetFiled, _ Context) []Paper {
				return one(Paper{Form: ReturnPaper, Return: e.Return})
			},
			Kind: "COMPENSATION_FILED", Clause: "5.3.2", Tells: "the city lead's F2 of a compensation, for review",
			To: to(hqSupervisor, finance), Cc: to(departmentManager),
			About: func(e repair.CompensationSheetFiled) Refs {
				return Refs{Project: e.Project, Region: e.Region}
			},
			Write: func(e repair.CompensationSheetFiled, c Context) Text {
				return Text{
					subject("赔偿流程表 "+string(e.Return)+" "+yuan(e.Amount).Chinese,
						"Compensation sheet "+string(e.Return)+", "+yuan(e.Amount).English),
					say("保外损坏赔偿处理流程表（F2）已提交，请审核。", "The process sheet (F2) of a compensation was filed, for review.").
						where(c).fact("流程表 F2",
						e.Return).fact("报价 Quote", e.Quote).fact("收费 Charge", e.Charge).fact("损坏 Damage", e.Damage).
						fact("金额 Amount",
							yuan(e.Amount)).fact("发生 Occurred", e.OccurredOn).fact("填报人 Filed by", c.person(e.By)).fact("日期 Date", e.FiledOn).end(),
				}
			},
		}.rule(),
		row[payables.PaymentRequested]{
			Papers: func(e payables.PaymentRequested, _ Context) []Paper {
				return one(Paper{Form: PaymentRequestPaper, Region: e.Region, Month: e.Month})
			},
			Kind: "PAYMENT_REQUESTED", Clause: "5.2.2", Tells: "a region's monthly payment request, with its papers",
			To: to(finance), Cc: to(hqSupervisor),
			About: func(e payables.PaymentRequested) Refs { return Refs{Region: e.Region} },
			Write: func(e payables.PaymentRequested, c Context) Text {
				l := say("维修付款申请单已提交，附件齐全。", "A payment request for repairs was filed, with all its papers.").
					fact("申请单 Request", e.Request).fact("区域 Region", e.Region).fact("月份 Month", e.Month)
				for i, line := range e.Lines {
					if i == maxListed {
						l.fact("另有 And", items(len(e.Lines)-maxListed))
						break
					}
					l.fact("  "+oneLine(string(line.Return)),
						Words{join(line.Supplier, yuan(line.Amount).Chinese), join(line.Supplier, yuan(line.Amount).English)})
				}
				return Text{
					subject(fmt.Sprintf("付款申请单 %s %s", e.Request, yuan(e.Total).Chinese),
						fmt.Sprintf("Payment request %s, %s", e.Request, yuan(e.Total).English)),
					l.fact("合计 Total", yuan(e.Total)).fact("申请人 By", c.person(e.By)).fact("日期 Date", e.RequestedOn).end(),
				}
			},
		}.rule(),
		row[payables.PaymentRequestReturned]{
			Papers: func(e payables.PaymentRequestReturned, _ Context) []Paper {
				return one(Paper{Form: PaymentRequestPaper, Region: e.Region, Month: e.Month})
			},
			Kind: "PAYMENT_REQUEST_RETURNED", Clause: "5.2.2",
			Tells: "a payment request that goes back to the region, with the reason",
			To:    to(regionalAdmin),
			About: func(e payables.PaymentRequestReturned) Refs { return Refs{Region: e.Region} },
			Write: func(e payables.PaymentRequestReturned, c Context) Text {
				return Text{
					subject("付款申请单 "+string(e.Request)+" 退回", "Payment request "+string(e.Request)+" returned"),
					say("付款申请单被退回，其中维修费可重新申请。", "The payment request goes back; its repairs are payable again.").
						fact("申请单 Request", e.Request).fact("区域 Region", e.Region).fact("月份 Month", e.Month).
						fact("原因 Reason", e.Reason).fact("退回人 By", c.person(e.By)).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
		row[payables.SupplierPaid]{
			Kind: "SUPPLIER_PAID", Clause: "5.2.2", Tells: "that a supplier was paid for its repairs",
			To:    to(regionalAdmin),
			About: func(e payables.SupplierPaid) Refs { return Refs{Region: e.Region} },
			Write: func(e payables.SupplierPaid, _ Context) Text {
				return Text{
					subject("已付款 "+e.Supplier+" "+yuan(e.Amount).Chinese, "Paid to "+e.Supplier+", "+yuan(e.Amount).English),
					say("维修款已支付。", "The supplier was paid for its repairs.").
						fact("申请单 Request",
							e.Request).fact("区域 Region", e.Region).fact("供应商 Supplier", e.Supplier).fact("金额 Amount", yuan(e.Amount)).
						fact("流水号 Bank reference",
							e.BankReference).fact("维修 Repairs", items(len(e.Returns))).fact("日期 Date", e.PaidOn).end(),
				}
			},
		}.rule(),
	}
}

// estimated is what the maker is thought to ask; zero is that nobody has said.
func estimated(c repair.Cost) Words {
	if c.Estimate.IsZero() {
		return Words{"未估", "none yet"}
	}
	return yuan(c.Estimate)
}

// borne is what we bear, or nothing where there is none of it.
func borne(a money.Amount) Words {
	if a.IsZero() {
		return Words{}
	}
	return yuan(a)
}

// approvedSo is what was approved before a quote asked for more.
func approvedSo(a money.Amount) Words {
	if a.IsZero() {
		return Words{"尚无", "nothing yet"}
	}
	return yuan(a)
}

package notice

import (
	"fmt"
	"slices"
	"strings"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/requisition"
)

// purchaseRules are the notices of §5.2.3: material requisitions.
func purchaseRules() []Rule {
	return []Rule{
		row[requisition.MaterialRequested]{
			Papers: func(e requisition.MaterialRequested, _ Context) []Paper {
				return one(Paper{Form: RequisitionPaper, Requisition: e.Requisition})
			},
			Kind: "MATERIAL_REQUESTED", Clause: "5.2.3", Tells: "a requisition for its three reviews",
			To: to(techGroupLead, hqSupervisor, materialsPlanner),
			About: func(e requisition.MaterialRequested) Refs {
				return Refs{Project: e.Project, Region: e.Region, Parts: partsAsked(e.Lines)}
			},
			Write: func(e requisition.MaterialRequested, c Context) Text {
				return Text{
					subject("物资申请单 "+string(e.Requisition)+" 请审核", "Requisition "+string(e.Requisition)+" awaits review"),
					materials(say("售后物资申请，请审核。",
						"Material is requested for after-sales: please review.").where(c).fact("申请单 Requisition",
						e.Requisition), c, e.Lines).
						fact("预计合计 Estimate", yuan(e.Total)).fact("申请人 By", c.person(e.By)).fact("日期 Date", e.RequestedOn).end(),
				}
			},
		}.rule(),
		row[requisition.RequisitionReviewed]{
			Papers: func(e requisition.RequisitionReviewed, _ Context) []Paper {
				return one(Paper{Form: RequisitionPaper, Requisition: e.Requisition})
			},
			Kind: "REQUISITION_REVIEWED", Clause: "5.2.3", Tells: "a requisition that all three have reviewed, for approval",
			To: to(departmentManager),
			If: func(e requisition.RequisitionReviewed) bool {
				return slices.Equal(e.GoesTo, []requisition.Gate{requisition.DepartmentManager})
			},
			About: func(e requisition.RequisitionReviewed) Refs { return Refs{Requisition: e.Requisition} },
			Write: func(e requisition.RequisitionReviewed, c Context) Text {
				return Text{
					subject("物资申请单 "+string(e.Requisition)+" 请审批", "Requisition "+string(e.Requisition)+" awaits approval"),
					say("物资申请已完成三方审核，请审批。", "All three have reviewed the requisition: please approve it.").
						where(c).fact("申请单 Requisition",
						e.Requisition).fact("意见 Note", e.Note).fact("末位审核 Last review by", c.person(e.By)).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
		row[requisition.RequisitionApproved]{
			Papers: func(e requisition.RequisitionApproved, _ Context) []Paper {
				return one(Paper{Form: RequisitionPaper, Requisition: e.Requisition})
			},
			Kind: "REQUISITION_APPROVED", Clause: "5.2.3", Tells: "a requisition that may be bought",
			To: to(purchasingAdmin), Cc: to(projectLeader),
			About: func(e requisition.RequisitionApproved) Refs { return Refs{Requisition: e.Requisition} },
			Write: func(e requisition.RequisitionApproved, c Context) Text {
				return Text{
					subject("物资申请单 "+string(e.Requisition)+" 已批准", "Requisition "+string(e.Requisition)+" approved"),
					say("物资申请已批准，请采购。", "The requisition is approved: please place the order.").
						where(c).fact("申请单 Requisition", e.Requisition).fact("批准金额 Amount", yuan(e.Amount)).fact("意见 Note", e.Note).
						fact("批准人 By", c.person(e.By)).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
		row[requisition.RequisitionRejected]{
			Papers: func(e requisition.RequisitionRejected, _ Context) []Paper {
				return one(Paper{Form: RequisitionPaper, Requisition: e.Requisition})
			},
			Kind: "REQUISITION_REJECTED", Clause: "5.2.3", Tells: "a requisition that goes back to the project, with the reason",
			To:    to(projectLeader),
			About: func(e requisition.RequisitionRejected) Refs { return Refs{Requisition: e.Requisition} },
			Write: func(e requisition.RequisitionRejected, c Context) Text {
				return Text{
					subject("物资申请单 "+string(e.Requisition)+" 退回", "Requisition "+string(e.Requisition)+" rejected"),
					say("物资申请被退回，请修改后重新提交。", "The requisition comes back to you: please correct it and submit it again.").
						where(c).fact("申请单 Requisition",
						e.Requisition).fact("原因 Reason", e.Reason).fact("退回人 By", c.person(e.By)).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
		row[requisition.RequisitionResubmitted]{
			Papers: func(e requisition.RequisitionResubmitted, _ Context) []Paper {
				return one(Paper{Form: RequisitionPaper, Requisition: e.Requisition})
			},
			Kind: "REQUISITION_RESUBMITTED", Clause: "5.2.3",
			Tells: "a rejected requisition put forward again, for its three reviews",
			To:    to(techGroupLead, hqSupervisor, materialsPlanner),
			About: func(e requisition.RequisitionResubmitted) Refs {
				return Refs{Requisition: e.Requisition, Parts: partsAsked(e.Lines)}
			},
			Write: func(e requisition.RequisitionResubmitted, c Context) Text {
				return Text{
					subject("物资申请单 "+string(e.Requisition)+" 重新提交", "Requisition "+string(e.Requisition)+" resubmitted"),
					materials(say("被退回的物资申请已重新提交，请审核。", "The rejected requisition was corrected and submitted again: please review it.").
						where(c).fact("申请单 Requisition", e.Requisition).fact("说明 Note", e.Note), c, e.Lines).
						fact("预计合计 Estimate", yuan(e.Total)).fact("申请人 By", c.person(e.By)).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
	}
}

// partsAsked are the parts that a requisition asks for: the catalogue says in what they count.
func partsAsked(lines []requisition.Line) (parts []domain.PartCode) {
	for _, l := range lines {
		parts = append(parts, l.Part)
	}
	return parts
}

func materials(l *letter, c Context, lines []requisition.Line) *letter {
	for i, line := range lines {
		if i == maxListed {
			return l.fact("另有 And", items(len(lines)-maxListed))
		}
		quantity := join(line.Quantity.String(), c.parts[line.Part].Unit)
		l.fact("  "+titled(oneLine(string(line.Part)), oneLine(line.Name)),
			Words{
				strings.TrimSuffix(fmt.Sprintf("数量 %s，%s，%s", quantity, yuan(line.Estimate).Chinese, line.Purpose), "，"),
				strings.TrimSuffix(fmt.Sprintf("%s, %s, %s", quantity, yuan(line.Estimate).English, line.Purpose), ", "),
			})
	}
	return l
}

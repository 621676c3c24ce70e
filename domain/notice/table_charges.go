package notice

import (
	"fmt"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/pricelist"
)

// chargeRules are the notices of §5.3.1 and §5.3.2: what is charged.
func chargeRules() []Rule {
	return []Rule{
		row[account.OffListChargeRequested]{
			Kind: "OFF_LIST_REQUESTED", Clause: "5.3.1", Tells: "work outside the price list that awaits approval",
			To:    to(hqSupervisor),
			About: func(e account.OffListChargeRequested) Refs { return Refs{Center: e.Center, Project: e.Project} },
			Write: func(e account.OffListChargeRequested, c Context) Text {
				var executed any = Words{"未执行", "not yet"}
				if !e.OccurredOn.IsZero() {
					executed = e.OccurredOn.String()
				}
				return Text{
					subject("标准外收费 "+string(e.Charge)+" 请审批", "Charge "+string(e.Charge)+" outside the price list awaits approval"),
					say("下列收费不在部门收费标准内，须经审批后执行。",
						"The work below is outside the price list and needs your approval before it is executed.").
						where(c).fact("编号 Charge", e.Charge).fact("房号 Room", e.Room).fact("服务内容 Service", e.Service).
						fact("数量 Quantity", fmt.Sprintf("%s %s", e.Quantity, e.Unit)).fact("金额 Amount", yuan(e.Money.Gross)).
						fact("执行日期 Executed", executed).fact("原因 Reason", e.Reason).fact("申请人 Requested by", c.person(e.By)).end(),
				}
			},
		}.rule(),
		row[account.OffListChargeApproved]{
			Kind: "OFF_LIST_APPROVED", Clause: "5.3.1", Tells: "the approval of work outside the price list",
			To: to(regionalAdmin),
			About: func(e account.OffListChargeApproved) Refs {
				return Refs{Center: e.Center, Charges: []domain.ChargeID{e.Charge}}
			},
			Write: func(e account.OffListChargeApproved, c Context) Text {
				return Text{
					subject("标准外收费 "+string(e.Charge)+" 已批准", "Charge "+string(e.Charge)+" outside the price list approved"),
					say(approvedOffList(c.charged[e.Charge].on, e.On)).
						asked(c, e.Charge).chargedBy(c, e).fact("批准人 Approved by", c.person(e.By)).fact("日期 Date", e.On).fact("备注 Note", e.Note).end(),
				}
			},
		}.rule(),
		row[account.OffListChargeRejected]{
			Kind: "OFF_LIST_REJECTED", Clause: "5.3.1", Tells: "the rejection of work outside the price list, with its reason",
			To: to(regionalAdmin),
			About: func(e account.OffListChargeRejected) Refs {
				return Refs{Center: e.Center, Charges: []domain.ChargeID{e.Charge}}
			},
			Write: func(e account.OffListChargeRejected, c Context) Text {
				return Text{
					subject("标准外收费 "+string(e.Charge)+" 未批准", "Charge "+string(e.Charge)+" outside the price list rejected"),
					say("标准外收费未获批准，不得执行。", "The charge outside the price list was rejected: the work must not be executed.").
						asked(c, e.Charge).fact("审批人 Rejected by", c.person(e.By)).fact("日期 Date", e.On).fact("原因 Reason", e.Reason).end(),
				}
			},
		}.rule(),
		row[account.CompensationQuoted]{
			Kind: "COMPENSATION_QUOTED", Clause: "5.3.2", Tells: "the quote that the city lead's F2 must state",
			To:    to(cityLead),
			About: func(e account.CompensationQuoted) Refs { return Refs{Center: e.Center, Project: e.Project} },
			Write: func(e account.CompensationQuoted, c Context) Text {
				return Text{
					subject("赔偿报价 "+string(e.Quote)+" "+yuan(e.Amount).Chinese, "Compensation "+string(e.Quote)+" quoted, "+yuan(e.Amount).English),
					say("保外损坏赔偿已报价，请按此金额填写处理流程表（F2）。",
						"The compensation has been quoted: please file the process sheet (F2) with exactly this amount.").
						where(c).fact("报价 Quote", e.Quote).fact("房号 Room", e.Room).fact("损坏 Damage", e.Damage).
						fact("金额 Amount", yuan(e.Amount)).fact("报价人 Quoted by", c.person(e.By)).fact("日期 Date", e.QuotedOn).end(),
				}
			},
		}.rule(),
		row[account.ChargeAccrued]{
			Kind: "COMPENSATION_CHARGED", Clause: "5.3.2",
			Tells: "the F2 of a compensation, whose money city lead and finance chase",
			To:    to(hqSupervisor, finance), Cc: to(departmentManager, cityLead),
			If:    func(e account.ChargeAccrued) bool { return e.Kind == pricelist.Compensation },
			About: func(e account.ChargeAccrued) Refs { return Refs{Center: e.Center, Project: e.Project} },
			Write: func(e account.ChargeAccrued, c Context) Text {
				return Text{
					subject("赔偿收费 "+string(e.Charge)+" "+yuan(e.Money.Gross).Chinese,
						"Compensation "+string(e.Charge)+" charged, "+yuan(e.Money.Gross).English),
					say("保外损坏赔偿已按报价收费，请城市负责人和财务按期催收。",
						"A compensation was charged as quoted: the city lead and finance collect the money.").
						where(c).fact("流程表 F2",
						e.Basis.Sheet).fact("报价 Quote", e.Basis.Quote).fact("编号 Charge", e.Charge).fact("房号 Room", e.Room).
						fact("内容 Damage", e.Service).fact("发生 Occurred", e.OccurredOn).
						fact("金额 Amount", yuan(e.Money.Gross)).fact("到期 Due", e.DueOn).end(),
				}
			},
		}.rule(),
	}
}

// approvedOffList says what an approval comes to: leave to execute the work or, where it
// had been executed already, its charge, which is flagged for ever if the work came first.
func approvedOffList(executed, approved calendar.Date) (zh, en string) {
	switch {
	case executed.IsZero():
		return "标准外收费已批准，可以施工并收费。",
			"The charge outside the price list was approved: the work may be executed and charged."
	case executed.Before(approved):
		return "标准外收费已批准：先施工后批，工作在批准前已经执行，随批准收费，并永久标明（5.3.1）。",
			"The charge outside the price list was approved: its work was executed before the approval, " +
				"is charged by it, and is flagged for ever (5.3.1)."
	}
	return "标准外收费已批准：工作已经执行，随批准收费。",
		"The charge outside the price list was approved: its work was executed already, and is charged by the approval."
}

// chargedBy says what an approval charged of work that had been executed: to the center
// that answered for the project on its day.
func (l *letter) chargedBy(c Context, e account.OffListChargeApproved) *letter {
	executed := c.charged[e.Charge].on
	if executed.IsZero() {
		return l
	}
	l.fact("执行日期 Executed", executed)
	to := c.centerOn(executed)
	if to == "" || to == e.Center {
		return l.fact("收费 Charged", Words{"计入 " + string(e.Center) + "，编号 " + string(e.Charge),
			"to " + string(e.Center) + " as " + string(e.Charge)})
	}
	return l.fact("收费 Charged", Words{"计入 " + string(to) + "（施工当日负责该项目的中心）",
		"to " + string(to) + ", which answered for the project on the day of the work"})
}

// asked says what was asked for outside the price list.
func (l *letter) asked(c Context, id domain.ChargeID) *letter {
	of := c.charged[id]
	l.where(c).fact("编号 Charge", id).fact("房号 Room", of.room).fact("服务内容 Service", of.service)
	if !of.amount.IsZero() {
		l.fact("金额 Amount", yuan(of.amount))
	}
	return l
}

// ofCharge says where the matter belongs, and what is known of its charge.
func (l *letter) ofCharge(c Context, id domain.ChargeID) *letter {
	of := c.charged[id]
	l.where(c).fact("收费 Charge", id)
	if !of.on.IsZero() {
		l.fact("服务日期 Worked on", of.on)
	}
	l.fact("房号 Room", of.room).fact("服务内容 Service", of.service)
	if !of.amount.IsZero() {
		l.fact("收费金额 Charged", yuan(of.amount))
	}
	return l
}

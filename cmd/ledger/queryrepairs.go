package main

import (
	"context"
	"fmt"

	"github.com/jedib0t/go-pretty/v6/table"

	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/requisition"

	repairsapi "aftersales-ledger/api/repairs"
	repairsviews "aftersales-ledger/projections/repairs"
)

type repairsCmd struct {
	question
	Project  string `help:"Only this project."`
	Maker    string `help:"Only this maker."`
	Status   string `help:"Only these: AWAITING_APPROVAL, REJECTED, TO_SHIP, AT_MAKER, AWAITING_RESULT, CHARGED, REPAIRED, REPLACED, SCRAPPED, NOT_BACK or BACK."`
	Awaiting string `help:"Only those that wait for CITY_TECH_LEAD, TECH_GROUP, HQ_AFFAIRS or DEPARTMENT_MANAGER."`
	Overdue  bool   `help:"Only devices that should be back from their makers."`
	All      bool   `help:"Also those that have ended."`

	ToReceive bool `help:"Only devices that are repaired or replaced and wait for the receipt of a depot (待入库)."`
	ToPay     bool `help:"Only repairs that a payment request may ask for (可申请付款)."`
}

func (r repairsCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{
		"project": r.Project, "maker": r.Maker, "status": r.Status, "awaiting": r.Awaiting,
	})
	for name, set := range map[string]bool{"overdue": r.Overdue, "toReceive": r.ToReceive, "toPay": r.ToPay, "all": r.All} {
		if set {
			params.Set(name, "true")
		}
	}
	return ask(ctx, c, r.single, "/v1/repairs", params, func(b *repairsapi.RepairsBody) error {
		var rows, regions []table.Row
		for _, v := range b.Regions {
			regions = append(regions, table.Row{v.Region, v.Count, v.AtMaker, v.Overdue, v.Awaiting, v.Payable})
		}
		for _, v := range b.Rows {
			followed := ""
			if v.FollowUps > 0 {
				followed = v.LastFollowUp.On.String() + " " + v.LastFollowUp.Note
			}
			status := word(c, v.Status)
			if v.ToReceive {
				status += "\n" + c.label("待入库 to receive")
			}
			document := string(v.Return)
			if v.Kind == repairsviews.BatchOfDepot {
				document = string(v.Shipment) + "\n" + c.label("无 F2 no sheet")
				if v.Units != 1 {
					document += fmt.Sprintf(" %d/%d", v.Away, v.Units) // at the maker, of those sent
				}
			}
			rows = append(rows, table.Row{v.Region, document, v.Project, v.Part, c.makerOf(v), status, word(c,
				v.Awaiting), v.ShippedOn, v.DueOn,
				v.DaysAtMaker, v.DaysOverdue, v.Estimate, v.Quoted, v.Approved, v.Payable,
				followed})
		}
		c.grid(c.title("返修 Repairs",
			b.Basis), table.Row{"区域\nregion", "流程表或批次\nF2 or batch", "项目\nproject", "配件\npart", "厂家\nmaker", "状态\nstatus", "待审批\nawaiting",
			"发出\nshipped", "应回\ndue back", "在厂天数\ndays there", "逾期\noverdue", "估价\nestimate", "报价\nquoted", "已批\napproved", "可付\npayable", "跟踪\nfollowed up"},
			rows, nil, 10, 11, 12, 13, 14, 15)
		t := b.Total
		c.grid(c.label("汇总 By region"), table.Row{
			"区域\nregion", "在办\nin progress", "在厂\nat makers", "逾期\noverdue", "待审批\nawaiting", "可付\npayable",
		},
			regions, table.Row{c.label("合计 total"), t.Count, t.AtMaker, t.Overdue, t.Awaiting, t.Payable}, 2, 3, 4, 5, 6)
		return nil
	})
}

// makerOf is the maker with what is to be seen of it.
func (c *cli) makerOf(v repairsviews.Repair) string {
	maker := c.marked(v.Maker, v.MakerUnrecorded)
	if v.CatalogueMaker != "" {
		maker += "\n" + c.label("目录载 catalogue") + " " + v.CatalogueMaker
	}
	return maker
}

// marked is the name of a supplier or maker, with a mark where nobody recorded it.
func (c *cli) marked(name string, unrecorded bool) string {
	if unrecorded {
		return name + "\n" + c.label("未建档 not recorded")
	}
	return name
}

type requisitionsCmd struct {
	question
	Project  string `help:"Only this project."`
	Status   string `help:"Only these: IN_REVIEW, AWAITING_APPROVAL, REJECTED, APPROVED, ORDERED or RECEIVED."`
	Awaiting string `help:"Only those that wait for TECH_GROUP, HQ_AFFAIRS, MATERIALS_PLANNER or DEPARTMENT_MANAGER."`
	All      bool   `help:"Also those that were received in full."`
}

func (r requisitionsCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"project": r.Project, "status": r.Status, "awaiting": r.Awaiting})
	if r.All {
		params.Set("all", "true")
	}
	return ask(ctx, c, r.single, "/v1/requisitions", params, func(b *repairsapi.RequisitionsBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			rows = append(rows, table.Row{
				v.Requisition, v.Region, v.Project, v.RequestedOn, c.person(v.By), word(c, v.Status),
				words[requisition.Gate](c, v.WaitsFor, "\n"), v.Lines, v.Total, v.Approved, v.Ordered, v.Received, v.Wanted,
				v.Arrived, c.marked(v.Supplier, v.SupplierUnrecorded), v.ExpectedOn,
			})
		}
		c.grid(c.title("物资申请 Requisitions",
			b.Basis), table.Row{"申请单\nrequisition", "区域\nregion", "项目\nproject", "日期\non", "申请人\nby", "状态\nstatus",
			"待审\nwaits for", "行数\nlines", "估价\nestimated", "已批\napproved", "已订\nordered", "已收\nreceived", "数量\nwanted", "到货\narrived", "供应商\nsupplier", "预计\nexpected"},
			rows, table.Row{c.label("合计 total"), "", "", "", "", "", "", "", b.Total, "", b.Ordered}, 8, 9, 10, 11, 12, 13, 14)
		return nil
	})
}

type payablesCmd struct {
	question
	Project  string `help:"Only this project."`
	Month    string `help:"Only this month, such as 2025-07."`
	Supplier string `help:"Only this supplier."`
	Status   string `help:"Only these: REQUESTED, RETURNED or PAID."`
}

func (r payablesCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{
		"project": r.Project, "month": r.Month, "supplier": r.Supplier, "status": r.Status,
	})
	return ask(ctx, c, r.single, "/v1/payables", params, func(b *repairsapi.PayablesBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			rows = append(rows, table.Row{v.Month, v.Region, v.Request, v.Return, v.Project,
				c.marked(v.Supplier, v.SupplierUnrecorded), v.Amount, v.RequestedOn, c.person(v.By),
				word(c, names.PayableStatus(v.Status)), v.PaidOn, v.BankReference, v.Reason})
		}
		c.grid(c.title("付款申请 Payables",
			b.Basis), table.Row{"月份\nmonth", "区域\nregion", "申请单\nrequest", "流程表或批次\nF2 or batch", "项目\nproject", "供应商\nsupplier",
			"金额\namount", "申请\nrequested", "申请人\nby", "状态\nstatus", "付款\npaid", "银行流水\nbank reference", "退回原因\nreturned because"},
			rows, table.Row{c.label("合计 total"), "", "", c.label("待付 to pay"), b.Requested, c.label("已付 paid"), b.Paid}, 7)
		return nil
	})
}

type suppliersCmd struct {
	single          // they come in one answer
	Supplier string `help:"Only this supplier, by its number."`
}

func (r suppliersCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"supplierNumber": r.Supplier})
	return ask(ctx, c, r.single, "/v1/suppliers", params, func(b *repairsapi.SuppliersBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			for _, x := range v.Records {
				was := ""
				if x.Was != nil {
					was = x.Was.Bank + " " + x.Was.Number
				}
				rows = append(rows,
					table.Row{v.Supplier, x.Name, x.Bank, x.Holder, x.Number, x.From, was, x.Reason, c.person(x.By), x.RecordedAt})
			}
		}
		c.grid(c.label("供应商 Suppliers")+" "+
			b.AsOf, table.Row{"编号\nsupplier", "名称\nname", "开户银行\nbank", "户名\nholder", "账号\naccount", "生效\nfrom", "变更前\nwas",
			"原因\nreason", "登记人\nby", "登记\nrecorded"}, rows, nil)
		return nil
	})
}

package main

import (
	"cmp"
	"context"
	"net/url"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/pricelist"

	moneyapi "aftersales-ledger/api/money"
	moneyviews "aftersales-ledger/projections/money"
)

type statementsCmd struct {
	sortable
	Center  string `help:"Only this center."`
	Quarter string `arg:"" optional:"" help:"Only this quarter, such as 2025Q2."`
	Status  string `help:"Only these: NOT_ISSUED, ISSUED, SUPERSEDED, CONFIRMED, PARTLY_CONFIRMED or REOPENED."`
	Overdue bool   `help:"Only those not answered in time."`
}

func (r statementsCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"center": r.Center, "quarter": r.Quarter, "status": r.Status})
	if r.Overdue {
		params.Set("overdue", "true")
	}
	return ask(ctx, c, r.single, "/v1/statements", params, func(b *moneyapi.StatementListBody) error {
		var rows, answers []table.Row
		for _, v := range b.Rows {
			rows = append(rows, table.Row{
				v.Center, v.Name, v.Quarter, v.Version, word(c, v.Status), v.IssuedOn, v.ReplyBy, v.DaysOver,
				v.Closing, v.Booked, v.BookedNow, v.AnsweredOn, word(c, v.Way), tick(v.Reported), tick(v.Ties)})
			if v.Confirmed != nil {
				answers = append(answers, answerRow(string(v.Center), v.Quarter, v.AnswerCourse, v.Closing, v.Ties))
			}
		}
		for _, v := range b.Totals {
			rows = append(rows,
				table.Row{
					"", c.label("合计 total"), v.Quarter, "", "", "", "", "", v.Closing, v.Booked, v.BookedNow,
					v.Answers, "", "", tick(v.Ties),
				})
			if v.Answers > 0 {
				answers = append(answers, answerRow(c.label("合计 total"), v.Quarter, v.AnswerCourse, v.ClosingAnswered, v.Ties))
			}
		}
		c.grid(c.title("对账单 Statements",
			b.Basis), table.Row{"中心\ncenter", "名称\nname", "季度\nquarter", "版本\nversion", "状态\nstatus", "出具\nissued",
			"回复期限\nreply by", "逾期天数\ndays over", "期末\nclosing", "出具时账面\nbooked then", "现账面\nbooked now", "答复\nanswered",
			"答复方式\nway", "已报财务\nreported", "勾稽\nties"}, rows, nil, 4, 8, 9, 10, 11)
		if len(answers) > 0 {
			c.grid(c.title("答复，及季度结束后至今 As answered, and since the quarter's end", b.Basis), table.Row{"中心\ncenter", "季度\nquarter", "确认\nconfirmed",
				"＋争议\ndisputed", "＋以前已确认\nbefore",
				"－未核销款\nunapplied", "＝期末\nclosing", "期后回款\npaid since", "期后红冲\ncredited", "期后转出\nmoved", "现已确认\nconfirmed now", "现待对账\nunconfirmed now",
				"账销案存\nwritten off", "争议项\ndisputes", "已了结\nresolved", "争议项已付\npaid of them",
				"勾稽\nties"}, answers, nil, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
		}
		return nil
	})
}

func answerRow(
	center string, quarter calendar.Quarter, a moneyviews.AnswerCourse, closing *money.Amount, ties bool,
) table.Row {
	return table.Row{
		center, quarter, a.Confirmed, a.Disputed, a.ConfirmedBefore, a.Unapplied, closing, a.PaidSince, a.CreditedSince,
		a.TransferredSince, a.OpenConfirmed, a.OpenUnconfirmed, a.WrittenOff, a.Disputes, a.Resolved, a.DisputedPaid,
		tick(ties),
	}
}

type disputesCmd struct {
	sortable
	Center  string `help:"Only this center."`
	Project string `help:"Only this project."`
}

func (r disputesCmd) Run(ctx context.Context, c *cli) error {
	return ask(ctx, c, r.single, "/v1/disputes", r.params(map[string]string{
		"center": r.Center, "project": r.Project,
	}), func(b *moneyapi.DisputesBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			rows = append(rows, table.Row{v.Center, v.Charge, v.Project, v.Room, v.Service, v.OccurredOn, v.Gross, v.Paid,
				v.Credited, v.Transferred, v.WrittenOff, v.Open,
				v.Statement, v.DisputedOn, v.AgeDays, c.person(v.By), v.Reason})
		}
		c.grid(c.title("争议 Disputed",
			b.Basis), table.Row{"中心\ncenter", "单据\ncharge", "项目\nproject", "房号\nroom", "服务\nservice", "日期\non", "金额\ngross",
			"－回款\npaid", "－红冲\ncredited", "－转出\nout", "－坏账转销\nwritten off", "＝未收\nopen", "对账单\nstatement", "提出\ndisputed", "天数\ndays", "提出人\nby", "原因\nreason"},
			rows,
			table.Row{
				"", c.label("合计 total"), "", "", "", "", b.Gross, b.Paid, b.Credited, b.Transferred, b.WrittenOff, b.Open,
				tick(b.Ties),
			}, 7, 8, 9, 10, 11, 12, 15)
		return nil
	})
}

type offListCmd struct {
	sortable
	Center  string `help:"Only this center: where it was asked for, or that its project belongs to by now."`
	Project string `help:"Only this project."`
	Status  string `help:"Only these: PENDING, APPROVED or REJECTED."`
}

func (r offListCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"center": r.Center, "project": r.Project, "status": r.Status})
	return ask(ctx, c, r.single, "/v1/off-list-requests", params, func(b *moneyapi.OffListRequestsBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			rows = append(rows, table.Row{v.Center, v.CenterNow, v.Charge, v.Project, v.ProjectName, v.Gross, v.RequestedOn,
				c.person(v.RequestedBy), v.Reason,
				word(c, v.Status), v.AgeDays, v.DecidedOn, c.person(v.DecidedBy), v.Decision, v.MovedTo, v.DoneOn,
				tick(v.DoneBefore)})
		}
		c.grid(c.title("标准外收费申请 Off-list requests",
			b.Basis), table.Row{"申请中心\nasked at", "现中心\ncenter now", "单据\ncharge", "项目\nproject", "名称\nname",
			"金额\ngross", "申请\nasked", "申请人\nby", "事由\nreason", "状态\nstatus", "天数\ndays", "批复\ndecided", "批复人\nby", "意见\nnote", "转至\nmoved to",
			"完工\ndone", "先施工后批\ndone before approval"},
			rows,
			table.Row{
				"", "", c.label("合计 total"), "", "", b.Gross, "", "", c.label("待批 pending"), b.Pending, "", b.PendingGross,
				c.label("其中退回 of it rejected"), b.Rejected, b.RejectedGross, "", "",
			}, 6, 11)
		return nil
	})
}

type quotesCmd struct {
	sortable
	Center  string `help:"Only this center, to which it was quoted."`
	Project string `help:"Only this project."`
	Ticket  string `help:"Only those of this ticket."`
	Status  string `help:"Only these: OPEN, FILED or CHARGED."`
}

func (r quotesCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"center": r.Center, "project": r.Project, "ticket": r.Ticket, "status": r.Status})
	return ask(ctx, c, r.single, "/v1/compensation-quotes", params, func(b *moneyapi.QuotesBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			rows = append(rows, table.Row{v.Center, v.Quote, v.Project, v.ProjectName, v.Room, v.Ticket, v.Damage, v.Amount,
				v.QuotedOn, c.person(v.QuotedBy), word(c, v.Status), v.AgeDays, v.Sheet, v.ChargedTo, v.Charge, v.OccurredOn})
		}
		c.grid(c.title("赔偿报价 Compensation quotes", b.Basis),
			table.Row{"中心\ncenter", "报价单\nquote", "项目\nproject", "名称\nname", "房号\nroom", "工单\nticket", "损坏情况\ndamage",
				"金额\namount", "报价\nquoted", "报价人\nby", "状态\nstatus", "天数\ndays", "F2\nF2", "收费中心\ncharged to", "单据\ncharge",
				"发生\noccurred"},
			rows,
			table.Row{
				"", c.label("合计 total"), "", "", "", "", "", b.Amount, "", c.label("未收费 not charged"), b.NotCharged, "", "", "", "",
				b.NotChargedAmount,
			}, 8, 12)
		return nil
	})
}

type paymentsCmd struct {
	sortable
	Center    string `help:"Only this center."`
	Unapplied bool   `help:"Only those with money that settles no charge."`
}

func (r paymentsCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"center": r.Center})
	if r.Unapplied {
		params.Set("unapplied", "true")
	}
	return ask(ctx, c, r.single, "/v1/payments", params, func(b *moneyapi.PaymentListBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			rows = append(rows,
				table.Row{
					v.ReceivedOn, v.Center, v.Payment, v.Payer, v.Remark, v.Amount, v.Applied, v.Unapplied, v.Returned,
					v.PossibleDuplicateOf,
				})
		}
		c.grid(c.title("回款 Payments",
			b.Basis), table.Row{"到账\nreceived", "中心\ncenter", "编号\npayment", "付款方\npayer", "附言\nremark", "金额\namount",
			"已核销\napplied", "未核销\nunapplied", "退款退票\nreturned",
			"疑似重复\nlooks like"}, rows,
			table.Row{"", "", c.label("合计 total"), "", "", b.Received, b.Applied, b.Unapplied, b.Returned}, 6, 7, 8, 9)
		return nil
	})
}

type conflictsCmd struct {
	sortable
	Center string `help:"Only this center."`
}

func (r conflictsCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"center": r.Center})
	return ask(ctx, c, r.single, "/v1/payments/conflicts", params, func(b *moneyapi.PaymentConflictsBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			rows = append(rows, table.Row{
				v.ReceivedOn, v.Center, v.Payer, v.Remark, v.BankReference, v.Amount, v.ClaimedBy, v.BookedOn, v.Booked,
			})
		}
		c.grid(c.title("流水号冲突 Conflicting receipts", b.Basis), table.Row{
			"到账\nreceived", "中心\ncenter", "付款方\npayer", "附言\nremark", "流水号\nreference", "未入账\nnot booked",
			"原收款\nhas the reference", "原到账\nreceived then", "已入账\nbooked",
		}, rows, table.Row{"", "", c.label("合计 total"), "", "", b.Total}, 6, 9)
		return nil
	})
}

type collectionCmd struct {
	sortable
	Center  string `help:"Only this center."`
	Overdue bool   `help:"Only centers with overdue money."`
}

func (r collectionCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"center": r.Center})
	if r.Overdue {
		params.Set("overdue", "true")
	}
	return ask(ctx, c, r.single, "/v1/collection", params, func(b *moneyapi.CollectionBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			promised := ""
			if v.Promise.Status != moneyviews.NoPromise {
				promised = money.Sprintf("%s %s %s", v.Promise.PayOn, v.Promise.Amount, word(c, v.Promise.Status))
				if v.Promise.Presumed {
					promised += " " + c.label("未言明金额 presumed")
				}
			}
			rows = append(rows,
				table.Row{
					v.Center, v.Name, v.Open, v.NotDue, v.Overdue, v.Disputed, v.Unapplied, v.ToCollect, v.OldestDue,
					v.DaysLate, v.Reminders, v.Reminder.On, promised, tick(v.Ties),
				})
		}
		t := b.Total
		c.grid(c.title("催收 Collection",
			b.Basis), table.Row{"中心\ncenter", "名称\nname", "未收\nopen", "＝未到期\nnot due", "＋逾期\noverdue", "＋争议\ndisputed",
			"未核销\nunapplied", "应催\nto collect", "最早到期\noldest due", "天数\ndays late", "催款\nreminders", "最近\nlast", "承诺\npromised", "勾稽\nties"},
			rows,
			table.Row{
				"", c.label("合计 total"), t.Open, t.NotDue, t.Overdue, t.Disputed, t.Unapplied, t.ToCollect, "", "", "", "", "",
				tick(t.Ties),
			}, 3, 4, 5, 6, 7, 8, 10, 11)
		return nil
	})
}

type trialBalanceCmd struct {
	question
	Quarter string `arg:"" optional:"" help:"Quarter, such as 2025Q2. Default: the present one."`
	Through string `help:"Last quarter of a range."`
	Center  string `help:"Only this center."`
}

func (r trialBalanceCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"quarter": r.Quarter, "through": r.Through, "center": r.Center})
	params.Del("limit") // it comes in one answer
	return ask(ctx, c, r.single, "/v1/trial-balance", params, func(b *moneyapi.TrialBalanceBody) error {
		var rows []table.Row
		line := func(v moneyviews.TrialBalanceRow, name string) table.Row {
			return table.Row{v.Account, name, v.Opening, v.Debits, v.Credits, v.Closing}
		}
		for _, v := range b.Rows {
			rows = append(rows, line(v, v.Name))
		}
		total := append(line(b.Total, c.label("合计 total")), tick(b.Ties))
		c.grid(c.title("试算平衡表 Trial balance",
			b.Basis), table.Row{
			"科目\naccount", "名称\nname", "期初\nopening", "借方\ndebits", "贷方\ncredits", "期末\nclosing", "勾稽\nties",
		},
			rows, total, 3, 4, 5, 6)
		return nil
	})
}

type breakdownCmd struct {
	sortable
	By      string `help:"project or kind." enum:"project,kind" default:"project"`
	Center  string `help:"Only this center."`
	Project string `help:"Only this project."`
}

func (r breakdownCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"by": r.By, "center": r.Center, "project": r.Project})
	return ask(ctx, c, r.single, "/v1/receivables/breakdown", params, func(b *moneyapi.BreakdownBody) error {
		var rows []table.Row
		line := func(v moneyviews.BreakdownRow, part string) table.Row {
			a := v.Ageing
			return table.Row{
				part, v.Charges, v.Charged, v.Paid, v.Credited, v.Transferred, v.WrittenOff, v.OpenUnconfirmed, v.OpenConfirmed,
				v.Open, a.NotDue, a.Late1To30, a.Late31To60, a.Late61To90, a.Late91To180, a.Late181To365, a.LateOver365,
				tick(v.Ties),
			}
		}
		for _, v := range b.Rows {
			part := v.Part
			if b.By == string(moneyviews.ByKind) {
				part = word(c, pricelist.ServiceKind(part))
			}
			rows = append(rows, line(v, part))
		}
		c.grid(c.title("应收构成： Receivables by", b.Basis,
			word(c,
				moneyviews.BreakdownBy(b.By))), table.Row{"", "笔数\ncharges", "收费\ncharged", "－回款\npaid", "－红冲\ncredited",
			"－转出\nout", "－坏账转销\nwritten off",
			"＝待对账\nunconfirmed", "＋已确认\nconfirmed", "＝未收\nopen", "＝未到期\nnot due", "＋1–30天\n+1–30 days", "＋31–60", "＋61–90", "＋91–180", "＋181–365", "＋>365", "勾稽\nties"},
			rows, line(b.Total, c.label("合计 total")), 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17)
		return nil
	})
}

type bridgeCmd struct {
	sortable
	Quarter string `arg:"" help:"Quarter, such as 2025Q2."`
	Center  string `help:"Only this center."`
}

func (r bridgeCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"quarter": r.Quarter, "center": r.Center})
	return ask(ctx, c, r.single, "/v1/charge-reports/bridge", params, func(b *moneyapi.ChargeReportBridgeBody) error {
		var rows []table.Row
		line := func(v moneyviews.ChargeReportBridgeRow, name string) table.Row {
			return table.Row{
				v.Center, name, v.Listed, v.OfEarlier, v.OfLater, v.ListedElsewhere, v.NotListed, v.Charges, tick(v.Ties),
			}
		}
		for _, v := range b.Rows {
			rows = append(rows, line(v, v.Name))
		}
		c.grid(c.title("收费明细表与季度 From F3 to", b.Basis,
			b.Quarter), table.Row{"中心\ncenter", "名称\nname", "F3合计\nlisted", "－属以前\nof earlier", "－属以后\nof later",
			"＋列于他季\nlisted elsewhere", "＋未列\nnot listed", "＝本季收费\ncharges",
			"勾稽\nties"}, rows, line(b.Total, c.label("合计 total")), 3, 4, 5, 6, 7, 8)
		return nil
	})
}

type chargeCmd struct {
	single
	Center string `arg:"" help:"Property center, such as C01."`
	Charge string `arg:"" help:"Number of the charge, such as F3-C01-00001."`
}

func (r chargeCmd) Run(ctx context.Context, c *cli) error {
	path := "/v1/centers/" + url.PathEscape(r.Center) + "/charges/" + url.PathEscape(r.Charge)
	return askOne(ctx, c, r.single, path, nil, func(b *moneyapi.ChargeHistoryBody) error {
		v := b.Charge
		c.grid(c.title("收费 Charge", b.Basis,
			string(v.Charge)), table.Row{"项目\nproject", "房号\nroom", "服务\nservice", "数量\nquantity", "单价\nprice", "净额\nnet",
			"税\ntax",
			"金额\ngross", "－回款\npaid", "－红冲\ncredited",
			"－转出\nout", "－坏账转销\nwritten off", "＝未收\nopen", "发生\noccurred", "入账\nposted", "到期\ndue", "条款\nclause"},
			[]table.Row{{v.Project, v.Room, v.Service, strings.TrimSpace(v.Quantity + " " +
				v.Unit), price(v.UnitPrice), v.Net, v.Tax, v.Gross, v.Paid, v.Credited,
				v.Transferred, v.WrittenOff, v.Open, v.OccurredOn, v.Posted, v.DueOn,
				c.language().Clause(v.Clause)}}, nil, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)
		t := b.TieOut
		c.grid(c.label("勾稽 Tie-out"), table.Row{
			"金额\ngross", "－红冲\ncredited", "－转出\ntransferred", "－回款\npaid", "＝尚欠\nowed", "＝未收\nopen", "＋账销案存\nwritten off",
			"分录合计\npostings", "相符\nties",
		},
			[]table.Row{{t.Gross, t.Credited, t.Transferred, t.Paid, t.Owed, t.Open, t.WrittenOff, t.PostingsSum, tick(t.Ties)}},
			nil, 1, 2, 3, 4, 5, 6, 7, 8)
		if b.Across != nil {
			var legs []table.Row
			for _, l := range b.Legs {
				legs = append(legs,
					table.Row{
						l.Center, l.Charge, l.TieOut.Gross, l.TieOut.Credited, l.TieOut.Transferred, l.TieOut.Paid, l.TieOut.Owed,
						l.TieOut.Open, l.TieOut.WrittenOff, l.TieOut.PostingsSum, tick(l.TieOut.Ties),
					})
			}
			a := b.Across
			c.grid(c.label("随项目转移 It moved with its project"), table.Row{
				"中心\ncenter", "单据\ncharge", "金额\ngross", "－红冲\ncredited", "－转出\ntransferred", "－回款\npaid", "＝尚欠\nowed", "＝未收\nopen",
				"＋账销案存\nwritten off", "分录合计\npostings", "相符\nties",
			},
				legs,
				table.Row{
					"", c.label("合计 total"), a.Gross, a.Credited, a.OnTheWay, a.Paid, a.Owed, a.Open, a.WrittenOff, "", tick(a.Ties),
				}, 3, 4, 5, 6, 7, 8, 9, 10)
		}
		var documents, postings, events []table.Row
		for _, e := range b.Events {
			events = append(events,
				table.Row{
					e.Position, word(c, names.Event(e.Type)), e.On, minute(e.RecordedAt), c.person(e.Actor),
					word(c, domain.Role(e.Role)),
					c.language().Clause(e.Clause), e.Stream, e.Revision,
				})
		}
		for _, d := range b.Documents {
			documents = append(documents,
				table.Row{
					d.Position, word(c, names.Event(d.Event)), d.Document, saidOfCharge(c, d.Event, d.Status),
					d.Amount, d.On, d.Payment, c.person(cmp.Or(d.By, d.Actor)), c.person(d.Actor),
					word(c, domain.Role(d.Role)), d.Reason,
				})
		}
		for _, p := range b.Postings {
			postings = append(postings,
				table.Row{
					p.Position, word(c, names.Event(p.Event)), p.Account, p.Amount, p.On, p.Posted, p.Payment, c.person(p.Actor),
					word(c, domain.Role(p.Role)),
				})
		}
		c.grid(c.label("经过 What happened"),
			table.Row{
				"位置\nposition", "事件\nevent", "单据\ndocument", "此笔\nof it", "金额\namount", "日期\non", "回款\npayment",
				"何人\nwho", "录入\nentered by", "角色\nrole", "原因\nwhy",
			}, documents, nil, 1, 5)
		c.grid(c.label("分录 Postings"),
			table.Row{
				"位置\nposition", "事件\nevent", "科目\naccount", "金额\namount", "日期\non", "入账\nposted", "回款\npayment", "何人\nwho",
				"角色\nrole",
			}, postings, nil, 1, 4)
		c.grid(c.label("事件 Events, as recorded (--json shows their content)"),
			table.Row{
				"位置\nposition", "事件\nevent", "日期\non", "入账时刻\nrecorded", "何人\nwho", "角色\nrole", "条款\nclause", "流\nstream",
				"序号\nrevision",
			}, events, nil, 1, 9)
		return nil
	})
}

// saidOfCharge is the word for what a document says of a charge on it: by which rule money
// was put to it, why it was taken away again, or whether it is confirmed.
func saidOfCharge(c *cli, event, status string) string {
	switch event {
	case account.PaymentAllocated{}.EventType():
		return word(c, account.AllocationRule(status))
	case account.AllocationReversed{}.EventType():
		return word(c, account.ReversalCause(status))
	}
	return word(c, names.DocumentStatus(status))
}

type priceListsCmd struct {
	connection
	KnownAt string `help:"Moment of knowledge, such as 2025-07-15T00:00:00+08:00. Default: now."`
	JSON    bool   `help:"Print the API's answer instead of a table."`
}

func (r priceListsCmd) Run(ctx context.Context, c *cli) error {
	q := single{connection: r.connection, KnownAt: r.KnownAt, JSON: r.JSON}
	return askOne(ctx, c, q, "/v1/price-lists", nil, func(b *moneyapi.PriceListsBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			for _, it := range v.Items {
				rows = append(rows, table.Row{v.Version, v.EffectiveFrom, v.Until, it.Code, it.Name,
					word(c, pricelist.ServiceKind(it.Kind)), it.Unit, it.Price, it.TaxRate, taxed(c, it.TaxExcluded)})
			}
		}
		c.grid(c.label("部门收费标准 Price lists"), table.Row{"版本\nversion", "生效\nfrom", "止\nuntil", "代码\ncode", "项目\nitem",
			"类别\nkind", "单位\nunit", "单价\nprice", "税率\ntax rate", "价格\nprice is"}, rows, nil)
		return nil
	})
}

func taxed(c *cli, excluded bool) string {
	if excluded {
		return c.label("不含税 net")
	}
	return c.label("含税 gross")
}

type chargeListCmd struct {
	sortable
	Center             string `help:"Only this center."`
	Project            string `help:"Only this project."`
	Posted             string `help:"Only this accounting quarter, such as 2025Q2."`
	Open               bool   `help:"Only those of which something is open."`
	Late               bool   `help:"Only those posted to a later quarter than their own."`
	PossibleDuplicates bool   `help:"Only those that look like an earlier charge of the center and were not taken back in full."`
}

func (r chargeListCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"center": r.Center, "project": r.Project, "posted": r.Posted})
	for name, set := range map[string]bool{
		"openOnly": r.Open, "lateOnly": r.Late, "possibleDuplicates": r.PossibleDuplicates,
	} {
		if set {
			params.Set(name, "true")
		}
	}
	return ask(ctx, c, r.single, "/v1/charges", params, func(b *moneyapi.ChargesBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			rows = append(rows, table.Row{v.Center, v.Charge, v.Project, v.Room, v.Service, v.Ticket, v.OccurredOn, v.Posted,
				v.DueOn,
				v.Gross, v.Paid, v.Credited, v.Transferred, v.WrittenOff, v.Open, v.PossibleDuplicateOf})
		}
		ties := "" // who does not see what a center owes sees no proof of it
		if b.Ties != nil {
			ties = tick(*b.Ties)
		}
		c.grid(c.title("收费 Charges",
			b.Basis), table.Row{"中心\ncenter", "单据\ncharge", "项目\nproject", "房号\nroom", "服务\nservice", "工单\nticket",
			"日期\non", "入账\nposted", "到期\ndue", "金额\ngross", "－回款\npaid", "－红冲\ncredited", "－转出\nout", "－坏账转销\nwritten off", "＝未收\nopen",
			"疑似重复\nlooks like"}, rows,
			table.Row{
				"", c.label("合计 total"), "", "", "", "", "", "", "", b.Gross, b.Paid, b.Credited, b.Transferred, b.WrittenOff,
				b.Open, ties,
			},
			10, 11, 12, 13, 14, 15)
		return nil
	})
}

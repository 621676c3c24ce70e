package notice

import (
	"fmt"
	"strings"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/names"
)

// statementRules are the notices of §5.3.4: what is put to the centers, and
// reported of them.
func statementRules() []Rule {
	return []Rule{
		row[account.StatementIssued]{
			Papers: func(e account.StatementIssued, _ Context) []Paper {
				return one(statementPaper(e.Center, e.Quarter, e.Version))
			},
			Asks: func(e account.StatementIssued) Asking {
				return Asking{Center: e.Center, Quarter: e.Quarter, Version: e.Version, ReplyBy: e.ReplyBy}
			},
			Kind: "STATEMENT_ISSUED", Clause: "5.3.4", Tells: "a quarter's statement, with the date to reply by",
			To: to(centerHead), Cc: to(centerMaintenance, regionalAdmin),
			About: func(e account.StatementIssued) Refs { return Refs{Center: e.Center} },
			Write: func(e account.StatementIssued, c Context) Text {
				return Text{
					subject(fmt.Sprintf("对账单 %s 第%d版，请于 %s 前答复", e.Statement.Statement, e.Version, e.ReplyBy),
						fmt.Sprintf("Statement %s, please reply by %s", version(e.Statement.Statement, e.Version).English, e.ReplyBy)),
					say("请核对本季度对账单，逐项确认或提出异议。", "Please check the statement of the quarter and confirm or dispute it line by line.").
						where(c).fact("对账单 Statement", version(e.Statement.Statement, e.Version)).
						fact("季度 Quarter",
							quarterName(e.Quarter)).fact("期初 Opening", yuan(e.Opening)).fact("期末 Closing", yuan(e.Closing)).
						line(Words{"大写", ""}, Words{e.Closing.Capitals(), ""}).fact("待确认 To confirm", items(e.Asked())).
						fact("请于此日前答复 Reply by", e.ReplyBy).fact("内容摘要 SHA-256", e.ContentHash).end(),
				}
			},
		}.rule(),
		row[account.ReplyReminderIssued]{
			Papers: func(e account.ReplyReminderIssued, _ Context) []Paper {
				return one(statementPaper(e.Center, e.Quarter, e.Version))
			},
			Asks: func(e account.ReplyReminderIssued) Asking {
				return Asking{Center: e.Center, Quarter: e.Quarter, Version: e.Version, ReplyBy: e.ReplyBy}
			},
			Kind: "REPLY_REMINDED", Clause: "5.3.4",
			Tells: "a statement that the center has not answered in time; it asks for no money",
			To:    to(centerHead), Cc: to(centerMaintenance, regionalAdmin),
			About: func(e account.ReplyReminderIssued) Refs { return Refs{Center: e.Center} },
			Write: func(e account.ReplyReminderIssued, c Context) Text {
				return Text{
					subject("催对账 "+e.Statement+"，应于 "+e.ReplyBy.String()+" 前答复", "Statement "+e.Statement+" was to be answered by "+e.ReplyBy.String()),
					say("下列对账单已过答复期限，请尽快确认或提出异议。", "The statement below has not been answered in time: please confirm or dispute it.").
						where(c).fact("对账单 Statement", version(e.Statement, e.Version)).
						fact("季度 Quarter",
							quarterName(e.Quarter)).fact("期末 Closing",
						yuan(e.Closing)).fact("答复期限 Reply by", e.ReplyBy).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
		row[account.StatementSuperseded]{
			Kind: "STATEMENT_SUPERSEDED", Clause: "5.3.4", Tells: "that a version is void and another will follow",
			To: to(centerHead), Cc: to(centerMaintenance, regionalAdmin),
			About: func(e account.StatementSuperseded) Refs { return Refs{Center: e.Center} },
			Write: func(e account.StatementSuperseded, c Context) Text {
				return Text{
					subject(fmt.Sprintf("对账单 %s 第%d版作废", e.Statement, e.Version),
						fmt.Sprintf("Statement %s, is superseded", version(e.Statement, e.Version).English)),
					say("该版对账单因新入账项目作废，新版另行发出，请勿确认旧版。",
						"An item was recorded that changes this version: please do not confirm it; a new one will follow.").
						where(c).fact("对账单 Statement", version(e.Statement, e.Version)).
						fact("季度 Quarter", quarterName(e.Quarter)).fact("原因单据 Because of", e.Cause).end(),
				}
			},
		}.rule(),
		row[account.StatementConfirmed]{
			Kind: "STATEMENT_CONFIRMED", Clause: "5.3.4", Tells: "a center's answer",
			To:    to(regionalAdmin),
			About: func(e account.StatementConfirmed) Refs { return Refs{Center: e.Center} },
			Write: func(e account.StatementConfirmed, c Context) Text {
				head := subject("对账单 "+e.Statement+" 已确认", "Statement "+e.Statement+" confirmed")
				if n := len(e.Disputed); n > 0 {
					head = subject(fmt.Sprintf("对账单 %s 部分确认，%d 项有异议", e.Statement, n),
						fmt.Sprintf("Statement %s confirmed in part, %s disputed", e.Statement, items(n).English))
				}
				confirmed, disputed := items(len(e.Confirmed)), items(len(e.Disputed))
				l := say("物业服务中心已答复对账单，全部确认。", "The center has confirmed its statement.")
				if len(e.Disputed) > 0 {
					l = say("物业服务中心已答复对账单，请查明有异议的项目，逐项红冲，或不予采纳。",
						"The center has answered its statement: please look into what it disputes, and credit or reject it.")
				}
				l.where(c).fact("对账单 Statement", version(e.Statement, e.Version)).
					fact("期末 Closing", yuan(e.Closing))
				if a := e.Answered; a != nil {
					l.fact("确认 Confirmed",
						withAmount(confirmed, yuan(a.Confirmed))).fact("异议 Disputed", withAmount(disputed, yuan(a.Disputed))).
						fact("以前已确认 Confirmed before", yuan(a.Before)).fact("减：未核销款 Less unapplied", yuan(a.Unapplied)).
						paidOfDisputed(a.DisputedPaid)
				} else {
					l.fact("确认 Confirmed", confirmed).fact("异议 Disputed", disputed)
				}
				return Text{head, l.fact("答复人 By", c.person(e.By)).fact("答复方式 Answered by", way(c, e.Reply)).fact("日期 Date", e.On).end()}
			},
		}.rule(),
		row[account.StatementReopened]{
			Kind: "STATEMENT_REOPENED", Clause: "5.3.4", Tells: "that a confirmed quarter is open again, and why",
			To: to(centerHead), Cc: to(regionalAdmin, finance, hqSupervisor),
			About: func(e account.StatementReopened) Refs { return Refs{Center: e.Center} },
			Write: func(e account.StatementReopened, c Context) Text {
				return Text{
					subject("对账单 "+e.Statement+" 已撤销确认", "Statement "+e.Statement+" reopened"),
					say("已确认的对账单经部门经理批准撤销确认，将另发新版。",
						"The confirmed statement was reopened by the department manager; a new version will follow.").
						where(c).fact("对账单 Statement", version(e.Statement, e.Version)).
						fact("季度 Quarter",
							quarterName(e.Quarter)).fact("原因 Reason", e.Reason).fact("批准人 By", c.person(e.By)).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
		row[account.StatementReported]{
			Papers: func(e account.StatementReported, _ Context) []Paper {
				return one(statementPaper(e.Center, e.Quarter, e.Version))
			},
			Kind: "SUMMARY_REPORTED", Clause: "5.3.4", Tells: "the regional admin's quarterly summary, as accounts receivable",
			To: to(finance), Cc: to(hqSupervisor, departmentManager),
			About: func(e account.StatementReported) Refs { return Refs{Center: e.Center} },
			Write: func(e account.StatementReported, c Context) Text {
				l := say("本季度已由物业服务中心答复，汇总如下。", "The center has answered the quarter's statement: this is its summary.").
					where(c).fact("对账单 Statement", version(e.Statement, e.Version)).
					fact("季度 Quarter", quarterName(e.Quarter)).fact("期末 Closing", yuan(e.Closing))
				head := subject("季度应收汇总 "+e.Statement+" 期末 "+yuan(e.Closing).Chinese,
					"Quarterly summary "+e.Statement+", closing at "+yuan(e.Closing).English)
				if s := e.Summary; s != nil {
					head = subject(fmt.Sprintf("季度应收汇总 %s 已确认应收 %s，待对账 %s", e.Statement, yuan(s.Confirmed).Chinese,
						yuan(s.Unconfirmed).Chinese),
						fmt.Sprintf("Quarterly summary %s, %s confirmed, %s unconfirmed", e.Statement,
							yuan(s.Confirmed).English, yuan(s.Unconfirmed).English))
					a := s.Answered
					l.fact("其中补记以前期间 Late items within it", yuan(s.Late)).
						fact("答复时本次确认 Confirmed in the answer", yuan(a.Confirmed)).fact("答复时争议 Disputed in the answer", yuan(a.Disputed)).
						fact("答复时以前已确认 Confirmed before it", yuan(a.Before)).fact("答复时减未核销款 Less unapplied then", yuan(a.Unapplied)).
						paidOfDisputed(a.DisputedPaid).
						since(s).
						fact("已确认应收 Confirmed receivable", yuan(s.Confirmed)).fact("待对账 Unconfirmed receivable", yuan(s.Unconfirmed)).
						fact("其中仍有争议 Of it still disputed", yuan(s.Disputed)).fact("账销案存 Written off, still owed", yuan(s.WrittenOff)).
						fact("勾稽 Adds up", ties(s.Ties()))
				}
				return Text{head, l.fact("报送人 Reported by", c.person(e.By)).fact("日期 Date", e.On).end()}
			},
		}.rule(),
		row[account.ChargeDisputed]{
			Kind: "CHARGE_DISPUTED", Clause: "5.3.4", Tells: "a line that the center disputes, which is not chased meanwhile",
			To: to(regionalAdmin), Cc: to(cityLead),
			About: func(e account.ChargeDisputed) Refs {
				return Refs{Center: e.Center, Project: e.Project, Charges: []domain.ChargeID{e.Charge}}
			},
			Write: func(e account.ChargeDisputed, c Context) Text {
				return Text{
					subject("收费异议 "+string(e.Charge), "Charge "+string(e.Charge)+" disputed"),
					say("物业服务中心对下列收费提出异议，请查明后红冲，或不予采纳；处理完毕前不得催收。",
						"The center disputes the charge below: please credit it or reject the dispute; it is not chased meanwhile.").
						ofCharge(c, e.Charge).fact("对账单 Statement", e.Statement).fact("未收 Open", yuan(e.Open)).
						fact("理由 Reason", e.Reason).fact("提出人 By", c.person(e.By)).fact("答复方式 Answered by", way(c, e.Reply)).
						fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
		row[account.ChargeTransferredIn]{
			Kind: "DISPUTE_MOVED", Clause: "5.3.4",
			Tells: "the center that disputes a charge that went with its project to another center, where the dispute goes on",
			To:    to(centerHead), Cc: to(centerMaintenance, regionalAdmin),
			If: func(e account.ChargeTransferredIn) bool { return e.Dispute != nil },
			// Who raised it is told of each move, the second and later ones between others, too.
			About: func(e account.ChargeTransferredIn) Refs {
				return Refs{
					Center: e.Dispute.Center(), Project: e.Project,
					CameFrom: account.ChargePlace{Center: e.From, Charge: e.FromCharge},
				}
			},
			Write: func(e account.ChargeTransferredIn, c Context) Text {
				id := c.cameFrom.Charge
				return Text{
					subject("收费异议 "+string(id)+" 随项目转至 "+string(e.Center)+" 继续处理",
						"Dispute of charge "+string(id)+" goes on at "+string(e.Center)),
					say("下列收费随项目移交转至另一中心，贵中心对它的异议不再由贵中心跟进，由该中心继续处理。",
						"The charge below went to another center with its project: your dispute of it goes on there.").
						ofCharge(c, id).fact("对账单 Statement", version(e.Dispute.Statement, e.Dispute.Version)).
						fact("理由 Reason", e.Dispute.Reason).fact("提出人 By", c.person(e.Dispute.By)).
						fact("提出日期 Disputed on", e.Dispute.On).fact("项目移交日期 Project moved on", c.handedOver(e.Center)).
						fact("现属中心 Center now", e.Center).fact("在该中心编号 Charge there", e.Charge).
						fact("转出金额 Moved", yuan(e.Money.Gross)).end(),
				}
			},
		}.rule(),
		row[account.DisputeRejected]{
			Kind: "DISPUTE_REJECTED", Clause: "5.3.4", Tells: "that the charge stands, and why",
			To: to(centerHead), Cc: to(centerMaintenance, regionalAdmin),
			About: func(e account.DisputeRejected) Refs {
				return Refs{Center: e.Center, Charges: []domain.ChargeID{e.Charge}, Disputed: e.Charge}
			},
			Write: func(e account.DisputeRejected, c Context) Text {
				return Text{
					subject("收费异议 "+string(e.Charge)+" 未予采纳", "Dispute of charge "+string(e.Charge)+" rejected"),
					say("对下列收费的异议未予采纳，收费维持不变。", "The dispute of the charge below was rejected; the charge stands.").
						ofCharge(c, e.Charge).fact("理由 Reason", e.Reason).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
		row[account.DisputeRejected]{
			Kind: "DISPUTE_REJECTED_ELSEWHERE", Clause: "5.3.4",
			Tells: "the center that raised a dispute which ended at another, where the charge stands, and why",
			To:    to(centerHead), Cc: to(centerMaintenance, regionalAdmin),
			About:  func(e account.DisputeRejected) Refs { return Refs{Center: e.Center, Disputed: e.Charge} },
			SeenBy: seenByRaiser,
			Write: func(e account.DisputeRejected, c Context) Text {
				id := string(c.raiser.at.Charge)
				return Text{
					subject("收费异议 "+id+" 未予采纳", "Dispute of charge "+id+" rejected"),
					say("下列收费已随项目移交转至另一中心，贵中心对它的异议未予采纳，收费在该中心维持不变。",
						"The charge below went to another center with its project: your dispute of it was rejected, and it stands there.").
						ofRaised(c).fact("理由 Reason", e.Reason).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
		row[account.CreditNoteIssued]{
			Kind: "DISPUTE_CREDITED_ELSEWHERE", Clause: "5.3.4",
			Tells: "the center that raised a dispute which ended at another with a credit note",
			To:    to(centerHead), Cc: to(centerMaintenance, regionalAdmin),
			If:     func(e account.CreditNoteIssued) bool { return e.SettlesDispute },
			About:  func(e account.CreditNoteIssued) Refs { return Refs{Center: e.Center, Disputed: e.Charge} },
			SeenBy: seenByRaiser,
			Write: func(e account.CreditNoteIssued, c Context) Text {
				id := string(c.raiser.at.Charge)
				return Text{
					subject("收费异议 "+id+" 已红冲", "Dispute of charge "+id+" settled with a credit note"),
					say("下列收费已随项目移交转至另一中心，贵中心对它的异议已在该中心以红冲方式处理。",
						"The charge below went to another center with its project: your dispute of it was settled there with a credit note.").
						ofRaised(c).fact("红冲单 Credit note", e.Note).fact("红冲金额 Credited", yuan(e.Money.Gross)).
						fact("原因 Reason", e.Reason).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
		row[account.CreditNoteIssued]{
			Kind: "DISPUTE_CREDITED", Clause: "5.3.4", Tells: "the credit note that ends a dispute",
			To: to(centerHead), Cc: to(centerMaintenance, regionalAdmin),
			If: func(e account.CreditNoteIssued) bool { return e.SettlesDispute },
			About: func(e account.CreditNoteIssued) Refs {
				return Refs{
					Center: e.Center, Project: e.Project, Charges: []domain.ChargeID{e.Charge}, CreditNote: e.Note,
					Disputed: e.Charge,
				}
			},
			Write: func(e account.CreditNoteIssued, c Context) Text {
				l, of := say("贵中心的异议已以红冲方式处理。", "Your dispute was settled with a credit note."), "your"
				if c.raiser.center != "" {
					l, of = say("对下列收费的异议已以红冲方式处理。", "The dispute of the charge below was settled with a credit note."), "the"
				}
				l.ofCharge(c, e.Charge).fact("红冲单 Credit note", e.Note).fact("红冲金额 Credited", yuan(e.Money.Gross))
				if !c.freed.IsZero() {
					l.fact("其中已付 Of it paid", withAmount(yuan(c.freed), Words{
						"已转为未核销款，先核销贵中心最早到期的其他欠款，余额留在账上",
						"unapplied again: it settles what else you owe, oldest due first, and the rest stays to your credit",
					}))
				}
				return Text{
					subject("红冲单 "+string(e.Note)+"，异议已处理", "Credit note "+string(e.Note)+", "+of+" dispute is settled"),
					l.fact("原因 Reason", e.Reason).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
		row[account.ClaimIssued]{
			Papers: func(e account.ClaimIssued, _ Context) []Paper {
				return one(Paper{Form: ClaimPaper, Center: e.Center, Demand: e.Claim})
			},
			Kind: "CLAIM_ISSUED", Clause: "5.3.4", Tells: "a half-year's claim; disputed items are not in it",
			To: to(centerHead), Cc: to(centerMaintenance, regionalAdmin),
			About: func(e account.ClaimIssued) Refs { return Refs{Center: e.Center, Charges: chargesOf(e.Lines)} },
			Write: func(e account.ClaimIssued, c Context) Text {
				late, rest := overdueOf(e)
				due := Words{e.DueOn.String() + " 到期", "due " + e.DueOn.String()}
				switch { // what is overdue stays so: the half-year's date is that of its own charges
				case rest.IsZero():
					due = Words{"已逾期", "overdue"}
				case !late.IsZero():
					due = Words{"其中已逾期 " + yuan(late).Chinese + "，其余 " + due.Chinese, yuan(late).English + " of it overdue, the rest " + due.English}
				}
				l := say("请支付下列售后服务费。有异议的项目不在其内。",
					"Please pay the charges below. Disputed items are not among them.").
					where(c).fact("请款单 Claim", e.Claim).fact("半年度 Half-year", halfName(e.Half)).fact("日期 Date", e.On)
				if !late.IsZero() {
					l.fact("其中已逾期 Of it overdue", yuan(late))
				}
				if !rest.IsZero() {
					l.fact("其中未到期 Of it not due yet", withAmount(yuan(rest), Words{e.DueOn.String() + " 到期", "due " + e.DueOn.String()}))
				}
				return Text{
					subject(fmt.Sprintf("请款单 %s %s，%s", e.Claim, yuan(e.Total).Chinese, due.Chinese),
						fmt.Sprintf("Claim %s for %s, %s", e.Claim, yuan(e.Total).English, due.English)),
					claimed(l, e.Lines, e.Unapplied, e.Total, e.On, c),
				}
			},
		}.rule(),
		row[account.ReminderIssued]{
			Papers: func(e account.ReminderIssued, _ Context) []Paper {
				return one(Paper{Form: ReminderPaper, Center: e.Center, Demand: e.Reminder})
			},
			Kind: "REMINDER_ISSUED", Clause: "5.3.4", Tells: "what is overdue; disputed items are not in it",
			To: to(centerHead), Cc: to(centerMaintenance, regionalAdmin),
			About: func(e account.ReminderIssued) Refs { return Refs{Center: e.Center, Charges: chargesOf(e.Lines)} },
			Write: func(e account.ReminderIssued, c Context) Text {
				return Text{
					subject(fmt.Sprintf("催款单 %s 逾期 %s", e.Reminder, yuan(e.Total).Chinese),
						fmt.Sprintf("Reminder %s, %s overdue", e.Reminder, yuan(e.Total).English)),
					claimed(say("下列款项已逾期，请尽快支付。有异议的项目不在其内。",
						"The items below are overdue: please pay them. Disputed items are not among them.").
						where(c).fact("催款单 Reminder", e.Reminder).fact("日期 Date", e.On), e.Lines, e.Unapplied, e.Total, e.On, c),
				}
			},
		}.rule(),
	}
}

// overdueOf sums what of a claim is overdue on its day, and what is not: after the
// center's own money, which settles the oldest due first.
func overdueOf(e account.ClaimIssued) (late, rest money.Amount) {
	for _, l := range e.Lines {
		if l.DueOn.Before(e.On) {
			late = late.Add(l.Open)
		} else {
			rest = rest.Add(l.Open)
		}
	}
	own := e.Unapplied
	if late.Less(own) {
		return money.Amount{}, rest.Sub(own.Sub(late))
	}
	return late.Sub(own), rest
}

// since says what has become of a quarter's charges: between its end and the answer, and
// since the answer. Early reports do not tell the two apart.
func (l *letter) since(s *account.Summary) *letter {
	by := s.ByAnswer
	if by == nil {
		return l.fact("季度结束后回款 Paid since the quarter's end", yuan(s.Paid)).
			fact("季度结束后红冲 Credited since the quarter's end", yuan(s.Credited)).
			fact("季度结束后转出 Moved since the quarter's end", yuan(s.Transferred))
	}
	return l.fact("季度结束后至答复回款 Paid between the quarter's end and the answer", yuan(by.Paid)).
		fact("季度结束后至答复红冲 Credited between them", yuan(by.Credited)).
		fact("季度结束后至答复转出 Moved between them", yuan(by.Transferred)).
		fact("答复后回款 Paid since the answer", yuan(s.Paid.Sub(by.Paid))).
		fact("答复后红冲 Credited since the answer", yuan(s.Credited.Sub(by.Credited))).
		fact("答复后转出 Moved since the answer", yuan(s.Transferred.Sub(by.Transferred)))
}

// maxListed bounds the lines of a letter; the paper has them all.
const maxListed = 50

func statementPaper(c domain.CenterID, q calendar.Quarter, version int) Paper {
	return Paper{Form: StatementPaper, Center: c, Quarter: q, Version: version}
}

func chargesOf(lines []account.Claimed) (charges []domain.ChargeID) {
	for i, line := range lines {
		if i < maxListed {
			charges = append(charges, line.Charge)
		}
	}
	return charges
}

// claimed lists what is to be paid, with what is known of each charge, and where
// to pay.
func claimed(
	l *letter, lines []account.Claimed, unapplied, total money.Amount, on calendar.Date, c Context,
) Words {
	for i, line := range lines {
		if i == maxListed {
			var rest money.Amount
			for _, more := range lines[maxListed:] {
				rest = rest.Add(more.Open)
			}
			n := len(lines) - maxListed
			l.fact("另有 And", Words{
				items(n).Chinese + "，" + yuan(rest).Chinese + "，见附件",
				fmt.Sprintf("%d more items, %s, on the paper attached", n, yuan(rest).English),
			})
			break
		}
		what, due := c.charged[line.Charge].String(), Words{" 到期", "due "}
		if line.DueOn.Before(on) {
			due = Words{" 到期，已逾期", "overdue, was due "}
		}
		open := yuan(line.Open)
		l.line(Words{"  " + oneLine(string(line.Charge)), "  " + oneLine(string(line.Charge))}, Words{
			strings.TrimPrefix(what+"，"+open.Chinese+"，"+line.DueOn.String()+due.Chinese, "，"),
			strings.TrimPrefix(what+", "+open.English+", "+due.English+line.DueOn.String(), ", "),
		})
	}
	if !unapplied.IsZero() {
		l.fact("小计 Sum", yuan(total.Add(unapplied))).fact("减：贵中心未核销款 Less your unapplied money with us", yuan(unapplied))
	}
	return l.fact("合计 Total", yuan(total)).fact("收款账户 Pay to", payTo(c)).fact("付款附言 Remark", remark(c)).end()
}

// reopened lists all charges that a bounced payment had settled, with what of each is
// owed again: no paper has them.
func reopened(l *letter, c Context) *letter {
	for _, again := range c.reopened {
		what := c.charged[again.Charge].String()
		name := "恢复未收 Open again"
		if again.Stage == account.WrittenOff {
			name = "恢复账销案存 Written off, owed again"
		}
		l.fact(name, Words{
			strings.TrimSuffix(oneLine(string(again.Charge))+"，"+yuan(again.Amount).Chinese+"，"+what, "，"),
			strings.TrimSuffix(oneLine(string(again.Charge))+", "+yuan(again.Amount).English+", "+what, ", "),
		})
	}
	return l
}

// payTo is the account to pay to.
func payTo(c Context) Words {
	if a := c.Letterhead.Account; !a.IsZero() {
		return Words{a.String(), join(a.Holder+",", a.Bank+",", "account", a.Number)}
	}
	return Words{"收款账户未配置，付款前请向我方索取", "no account is configured: please ask us before you pay"}
}

// remark is what lets a payment be recognised.
func remark(c Context) Words {
	return Words{"请注明 " + string(c.Center) + " 及上列编号", "please state " + string(c.Center) + " and the numbers above"}
}

// way is how an answer came; of the time before it was recorded nothing is said.
func way(c Context, r account.Reply) Words {
	switch r.Way {
	case account.ByLink:
		return Words{names.Of(r.Way), "the link of the mail"}
	case account.ByConsole:
		return Words{names.Of(r.Way), "signing in"}
	case account.OnPaper:
		by := c.person(r.EnteredBy)
		return Words{fmt.Sprintf("%s，%s 录入", names.Of(r.Way), by.Chinese), "stamped paper, entered by " + by.English}
	}
	return Words{}
}

func yuan(a money.Amount) Words { return Words{a.Grouped() + " 元", a.Grouped() + " yuan"} }

func ties(ok bool) Words {
	if ok {
		return Words{"相符", "yes"}
	}
	return Words{"不符", "NO"}
}

// withAmount says how many, and how much.
// paidOfDisputed says what money had settled of disputed items, which is no part of the
// balance and comes back where they are credited; nothing where none had.
func (l *letter) paidOfDisputed(paid money.Amount) *letter {
	if paid.IsZero() {
		return l
	}
	return l.fact("异议项目中已付，不在余额内 Paid of the disputed, not in the balance", yuan(paid))
}

func withAmount(a, b Words) Words {
	return Words{a.Chinese + "，" + b.Chinese, a.English + ", " + b.English}
}

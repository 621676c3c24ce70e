package notice

import (
	"fmt"
	"strings"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/names"
)

// filingRules are the notices of the monthly forms: F1 (§5.1.3), F4 (§5.1.4) and
// F3 (§5.3.3). Each reviewer hears when it is their turn; what has passed them
// goes to whom the procedure names, see filing.ChainOf.
func filingRules() []Rule {
	return []Rule{
		filed("F1_FILED", "5.1.3", filing.FaultRecord, regionalAdmin),
		passed("F1_SENT", "5.1.3", filing.FaultRecord, to(techGroupLead), nil),
		filed("F4_FILED", "5.1.4", filing.MonthlyReport, cityLead),
		reviewed("F4_AT_REGIONAL_ADMIN", domain.CityLead, regionalAdmin, Words{"请汇总", "to be aggregated"}),
		reviewed("F4_AT_REGIONAL_SUPERVISOR", domain.RegionalAdmin, regionalSupervisor, Words{"请审核", "to be reviewed"}),
		reviewed("F4_AT_ASSISTANT_MANAGER", domain.RegionalSupervisor, assistantManager, Words{"请审核", "to be reviewed"}),
		reviewed("F4_REVIEWED", domain.AssistantManager, regionalAdmin, Words{"请发送", "to be sent"}),
		row[filing.ReportReturned]{
			Kind: "F4_RETURNED", Clause: "5.1.4", Tells: "a monthly report that goes back to its filler, with the reason",
			To: to(technician), Cc: to(cityLead),
			Papers: func(e filing.ReportReturned, _ Context) []Paper {
				return one(formPaper(filing.MonthlyReport, e.Project, e.Month))
			},
			About: func(e filing.ReportReturned) Refs { return Refs{Project: e.Project} },
			Write: func(e filing.ReportReturned, c Context) Text {
				return Text{
					subject(fmt.Sprintf("售后服务月报 %s %s 退回", c.ProjectName, e.Month),
						fmt.Sprintf("Monthly report %s %s returned", e.Project, e.Month)),
					say("售后服务月报（F4）被退回，请改后重报。", "The monthly report (F4) comes back to you: please correct it and file it again.").
						where(c).fact("月份 Month",
						e.Month).fact("原因 Reason",
						e.Reason).fact("填报人 Filed by", c.person(e.FiledBy)).fact("退回人 By", c.person(e.By)).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
		passed("F4_SENT", "5.1.4", filing.MonthlyReport, to(centerMaintenance),
			to(centerHead, hqSupervisor, departmentManager)),
		filed("F3_FILED", "5.3.3", filing.ChargeList, regionalAdmin),
		passed("F3_SENT", "5.3.3", filing.ChargeList, to(finance), nil),
	}
}

func formPaper(form filing.Form, p domain.ProjectID, m calendar.Month) Paper {
	return Paper{Form: PaperForm(form), Project: p, Month: m}
}

var formsInEnglish = map[filing.Form]string{
	filing.FaultRecord: "Fault record (F1)", filing.ChargeList: "Charge list (F3)",
	filing.MonthlyReport: "Monthly report (F4)",
}

// the puts what a form is called into a sentence that begins with it.
func the(form string) string { return "The " + strings.ToLower(form[:1]) + form[1:] }

func formName(f filing.Form) Words { return Words{names.Of(f), formsInEnglish[f]} }

// filed tells the first reviewer of a form.
func filed(kind Kind, clause string, form filing.Form, first Recipient) Rule {
	name := formName(form)
	return row[filing.ReportFiled]{
		Papers: func(e filing.ReportFiled, _ Context) []Paper { return one(formPaper(form, e.Project, e.Month)) },
		Kind:   kind, Clause: clause, Tells: "that a " + name.English + " was filed and awaits review", To: to(first),
		If: func(e filing.ReportFiled) bool { return e.Form == form },
		About: func(e filing.ReportFiled) Refs {
			return Refs{Project: e.Project, Center: e.Center, Parts: partsOf(e.Figures)}
		},
		Write: func(e filing.ReportFiled, c Context) Text {
			var late, none Words
			if e.Late {
				late = Words{e.DueOn.String() + "，已逾期", e.DueOn.String() + ", late"}
			}
			if e.Nil {
				none = Words{"本月没有", "nothing to report"}
			}
			l := say(name.Chinese+"已提交，请审核。", the(name.English)+" was filed and awaits your review.").
				where(c).fact("月份 Month", e.Month).fact("版本 Version", nth(e.Version)).fact("零报 Nil", none)
			added, lines, total := "收费 Charges", "故障记录 Lines", "合计 Total"
			if e.Version > 1 { // what the versions before it hold is not filed again
				added, lines, total = "补报的收费 Charges added", "补报的故障记录 Lines added", "补报合计 Total added"
			}
			if form == filing.FaultRecord && !e.Nil {
				l.fact(lines, both("%d 条", "%d", len(e.Faults)))
			}
			if form == filing.ChargeList && !e.Nil {
				l.fact(added, both("%d 笔", "%d", len(e.Charges))).fact(total, yuan(e.Total))
			}
			c.figures(l, e.Figures)
			return Text{
				subject(fmt.Sprintf("%s %s %s 请审核", name.Chinese, c.ProjectName, e.Month),
					fmt.Sprintf("%s %s %s awaits review", name.English, e.Project, e.Month)),
				l.fact("期限 Due", late).fact("备注 Remark", e.Remark).fact("填报人 Filed by", c.person(e.By)).fact("日期 Date", e.FiledOn).end(),
			}
		},
	}.rule()
}

// reviewed tells the next reviewer of a monthly report.
func reviewed(kind Kind, by domain.Role, next Recipient, what Words) Rule {
	return row[filing.ReportReviewed]{
		Papers: func(e filing.ReportReviewed, _ Context) []Paper { return one(formPaper(e.Form, e.Project, e.Month)) },
		Kind:   kind, Clause: "5.1.4", Tells: "a monthly report (F4) that the " + string(by) + " has passed", To: to(next),
		If: func(e filing.ReportReviewed) bool { return e.Form == filing.MonthlyReport && e.Step == by },
		About: func(e filing.ReportReviewed) Refs {
			return Refs{Project: e.Project, Filing: filing.Stream(e.Project, e.Month)}
		},
		Write: func(e filing.ReportReviewed, c Context) Text {
			l := say("售后服务月报已通过上一级审核。", "The monthly report has passed the reviewer before you.").
				where(c).fact("月份 Month", e.Month).fact("版本 Version", nth(e.Version)).fact("下一步 Next", what).
				fact("上一级 Passed by", role(e.Step).then(c.person(e.By))).fact("意见 Note", e.Note)
			c.figures(l, c.report(e.Form, e.Version).Figures)
			return Text{
				subject(fmt.Sprintf("售后服务月报 %s %s %s", c.ProjectName, e.Month, what.Chinese),
					"Monthly report "+string(e.Project)+" "+e.Month.String()+", "+what.English),
				l.end(),
			}
		},
	}.rule()
}

// passed tells those to whom a reviewed form goes.
func passed(kind Kind, clause string, form filing.Form, main, copies []Recipient) Rule {
	name := formName(form)
	return row[filing.ReportSent]{
		Papers: func(e filing.ReportSent, _ Context) []Paper { return one(formPaper(e.Form, e.Project, e.Month)) },
		Kind:   kind, Clause: clause, Tells: name.English + " of a month, reviewed", To: main, Cc: copies,
		If: func(e filing.ReportSent) bool { return e.Form == form },
		About: func(e filing.ReportSent) Refs {
			return Refs{Project: e.Project, Center: e.Center, Filing: filing.Stream(e.Project, e.Month)}
		},
		Write: func(e filing.ReportSent, c Context) Text {
			sheet := c.report(e.Form, e.Version)
			l := say(name.Chinese+"已审核，现发送如下。",
				name.English+", reviewed:").where(c).fact("月份 Month", e.Month).fact("版本 Version", nth(e.Version))
			switch {
			case sheet.Nil:
				l.fact("零报 Nil", Words{"本月没有", "nothing to report"})
			case form == filing.FaultRecord:
				l.fact("故障记录 Lines", both("%d 条", "%d", len(sheet.Faults)))
			case form == filing.ChargeList:
				l.fact("收费 Charges", both("%d 笔", "%d", len(sheet.Charges))).fact("合计 Total", yuan(sheet.Total))
			}
			c.figures(l, sheet.Figures)
			return Text{
				subject(fmt.Sprintf("%s %s %s", name.Chinese, c.ProjectName, e.Month),
					fmt.Sprintf("%s %s %s", name.English, e.Project, e.Month)),
				l.fact("发送人 Sent by", c.person(e.By)).fact("日期 Date", e.On).fact("内容摘要 SHA-256", e.ContentHash).end(),
			}
		},
	}.rule()
}

// nth is a version as people say it.
func nth(version int) Words { return both("第 %d 版", "%d", version) }

// both fills the same numbers into a sentence of each language.
func both(zh, en string, values ...any) Words {
	return Words{fmt.Sprintf(zh, values...), fmt.Sprintf(en, values...)}
}

// partsOf are the parts that a monthly report says were replaced.
func partsOf(f *filing.Figures) (parts []domain.PartCode) {
	if f == nil {
		return nil
	}
	for _, p := range f.PartsUsed {
		parts = append(parts, p.Part)
	}
	return parts
}

// figures lists what a monthly report states (§5.1.4).
func (c Context) figures(l *letter, f *filing.Figures) {
	if f == nil {
		return
	}
	l.fact("期间 Period", Words{fmt.Sprintf("%s 至 %s", f.From, f.Through), fmt.Sprintf("%s to %s", f.From, f.Through)}).
		fact("工单 Tickets",
			both("收到 %d 件，关闭 %d 件，未关闭 %d 件", "%d received, %d closed, %d open", f.TicketsReceived, f.TicketsClosed,
				f.TicketsOpen)).
		fact("响应 Response",
			both("按时到达 %d 件，超时 %d 件，计时中 %d 件", "%d met, %d breached, %d running", f.ResponseMet, f.ResponseBreached,
				f.ResponseRunning)).
		fact("例行巡检 Visits",
			both("本月已做 %d 次；本月到期的各周期应做 %d 次、欠 %d 次", "%d made in the month; %d due in the periods that ended in it, %d missed",
				f.VisitsMade, f.VisitsOwed, f.VisitsShort)).
		fact("故障 Fault lines", both("%d 条", "%d", f.FaultLines))
	for _, p := range f.PartsUsed {
		part, units := oneLine(c.part(p.Part)), c.units(p.Part, p.Quantity)
		l.line(Words{"  更换 " + part, "  replaced " + part}, Words{units, units})
	}
	l.fact("送修 Devices",
		both("送出 %d 台，返回 %d 台，在外 %d 台", "%d sent, %d returned, %d still away", f.DevicesOut, f.DevicesBack, f.DevicesAway)).
		fact("收费 Charges",
			Words{
				fmt.Sprintf("%d 笔，%s", f.Charges, yuan(f.Charged).Chinese),
				fmt.Sprintf("%d, %s", f.Charges, yuan(f.Charged).English),
			}).
		fact("上报 Escalations", both("新增 %d 项，未关闭 %d 项", "%d raised, %d open", f.Escalated, f.EscalationsOpen))
}

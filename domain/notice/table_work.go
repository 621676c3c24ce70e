package notice

import (
	"fmt"
	"strings"
	"time"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/ticket"
)

// workRules are the notices of §5.1.1 to §5.1.3: rosters, tickets, escalations
// and fault records.
func workRules() []Rule {
	return []Rule{
		row[project.RosterPublished]{
			Kind: "ROSTER_PUBLISHED", Clause: "5.1.1", Tells: "names and phones of technicians and city lead, on call 24 hours",
			To: to(centerHead), Cc: to(centerMaintenance),
			About: func(e project.RosterPublished) Refs { return Refs{Project: e.Project} },
			Write: func(e project.RosterPublished, c Context) Text {
				l := say("售后服务人员名单及24小时联系电话如下。", "Whom to call, around the clock:").
					where(c).fact("生效日期 From", e.From).fact("版本 Version", nth(e.Version))
				for _, p := range e.Entries {
					l.line(Words{"  " + names.Of(p.Role), "  " + role(p.Role).English},
						Words{join(p.Name, p.Phone), join(p.Name, p.Phone)})
				}
				return Text{subject("售后服务人员名单 "+c.ProjectName, "On-call roster of "+string(e.Project)), l.end()}
			},
		}.rule(),
		row[ticket.TeamNotified]{
			Kind: "EMERGENCY_NOTIFIED", Clause: "5.1.2", Tells: "an emergency, with the time by which the team must arrive",
			To: to(technician, cityLead), Cc: to(regionalAdmin),
			If:    func(e ticket.TeamNotified) bool { return e.Coverage.Category == policy.Emergency },
			About: func(e ticket.TeamNotified) Refs { return Refs{Ticket: e.Ticket} },
			Write: func(e ticket.TeamNotified, c Context) Text {
				var by any = Words{"无时限", "no deadline"} // after the warranty no clause sets one
				switch {
				case e.Coverage.RespondBy != nil:
					by = instant(*e.Coverage.RespondBy)
				case e.Coverage.Advisory:
					by = Words{"及时到场（不计超时）", "promptly"}
				}
				return Text{
					subject("紧急报修 "+string(e.Ticket)+" "+c.ProjectName+" "+c.Room,
						"Emergency "+string(e.Ticket)+", "+string(c.Project)+" "+c.Room),
					need(say("紧急报修，请立即安排到场。", "An emergency: please see to it that the team goes there at once."), e, c).
						fact("最迟到场 Arrive by", by).fact("服务标准 Service", granted(e.Coverage)).end(),
				}
			},
		}.rule(),
		row[ticket.TeamNotified]{
			Kind: NeedNotified, Clause: "5.1.2", Tells: "an ordinary need, at once or in a digest, as the department prefers",
			To: to(technician), Cc: to(cityLead),
			If:    func(e ticket.TeamNotified) bool { return e.Coverage.Category != policy.Emergency },
			About: func(e ticket.TeamNotified) Refs { return Refs{Ticket: e.Ticket} },
			Write: func(e ticket.TeamNotified, c Context) Text {
				return Text{
					subject("报修 "+string(e.Ticket)+" "+c.ProjectName+" "+c.Room,
						"Need "+string(e.Ticket)+", "+string(c.Project)+" "+c.Room),
					need(say("业主报修，请安排处理。", "A homeowner has reported a need: please attend to it."), e, c).end(),
				}
			},
		}.rule(),
		row[ticket.TicketEscalated]{
			Kind: "ESCALATED", Clause: "5.1.2", Tells: "an important matter or a leftover defect, for an opinion",
			To: to(hqSupervisor, departmentManager), Cc: to(cityLead),
			About: func(e ticket.TicketEscalated) Refs {
				return Refs{Ticket: e.Ticket, Project: e.Project, Center: e.Center}
			},
			Write: func(e ticket.TicketEscalated, c Context) Text {
				reason, risk := Words{"重要事项", "important"}, Words{}
				if e.Reason == ticket.LeftoverDefect {
					reason = Words{"遗留问题", "leftover defect"}
				}
				if e.ComplaintRisk {
					risk = Words{"是", "yes"}
				}
				return Text{
					subject("上报事项 "+string(e.Escalation)+" 请给意见", "Escalation "+string(e.Escalation)+" awaits your opinion"),
					say("下列事项上报，请给出处理意见。", "The matter below was escalated for your opinion.").
						where(c).fact("事项 Matter", e.Matter).fact("类别 Reason", reason).fact("可能引起投诉 Complaint likely", risk).
						fact("工单 Ticket",
							e.Ticket).fact("报修内容 Need", c.Need).fact("上报时间 Escalated", instant(e.EscalatedAt)).fact("上报人 By", c.person(e.By)).end(),
				}
			},
		}.rule(),
		row[ticket.EscalationOpinionGiven]{
			Kind: "OPINION_GIVEN", Clause: "5.1.2", Tells: "an opinion on an escalated matter",
			To: to(hqSupervisor), Cc: to(cityLead),
			About: func(e ticket.EscalationOpinionGiven) Refs {
				return Refs{Ticket: e.Ticket, Escalation: e.Escalation}
			},
			Write: func(e ticket.EscalationOpinionGiven, c Context) Text {
				return Text{
					subject("上报事项 "+string(e.Escalation)+" 意见", "Opinion on escalation "+string(e.Escalation)),
					say("上报事项已有处理意见，请跟进至关闭。", "An opinion was given on the escalated matter: please follow it up until it is closed.").
						where(c).fact("事项 Matter",
						c.matter).fact("意见 Opinion", e.Opinion).fact("角色 Role", role(e.Role)).fact("工单 Ticket", e.Ticket).
						fact("时间 Given", instant(e.GivenAt)).fact("提出人 By", c.person(e.By)).end(),
				}
			},
		}.rule(),
		row[ticket.EscalationClosed]{
			Kind: "ESCALATION_CLOSED", Clause: "5.1.2", Tells: "what came of an escalated matter",
			To: to(departmentManager), Cc: to(cityLead),
			About: func(e ticket.EscalationClosed) Refs {
				return Refs{Ticket: e.Ticket, Escalation: e.Escalation}
			},
			Write: func(e ticket.EscalationClosed, c Context) Text {
				return Text{
					subject("上报事项 "+string(e.Escalation)+" 已关闭", "Escalation "+string(e.Escalation)+" closed"),
					say("上报事项已关闭。", "The escalated matter was closed.").
						where(c).fact("事项 Matter",
						c.matter).fact("结果 Outcome",
						e.Outcome).fact("工单 Ticket", e.Ticket).fact("时间 Closed", instant(e.ClosedAt)).fact("关闭人 By", c.person(e.By)).end(),
				}
			},
		}.rule(),
		row[ticket.FaultLineReviewed]{
			Kind: "FAULT_LINE_QUERIED", Clause: "5.1.3",
			Tells: "what the tech group lead asks about a line of F1, where there is a query",
			To:    to(technician), Cc: to(cityTechLead),
			If:    func(e ticket.FaultLineReviewed) bool { return e.Verdict == ticket.Queried },
			About: func(e ticket.FaultLineReviewed) Refs { return Refs{Ticket: e.Ticket, FaultLine: e.Line} },
			Write: func(e ticket.FaultLineReviewed, c Context) Text {
				return Text{
					subject("故障记录 "+string(e.Line)+" 有疑问", "A query about fault record "+string(e.Line)),
					say("技术组主管对故障处理记录（F1）提出疑问，请答复。", "The tech group lead has a query about a line of the fault record (F1): please answer it.").
						where(c).fact("故障记录行 F1 line", e.Line).
						fact("故障 Fault",
							c.fault).fact("疑问 Query", e.Note).fact("工单 Ticket", e.Ticket).fact("提出人 By", c.person(e.By)).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
		row[ticket.FaultLineAnswered]{
			Kind: "FAULT_LINE_ANSWERED", Clause: "5.1.3", Tells: "what the team answers to a query about a line of F1",
			To: to(techGroupLead), Cc: to(cityTechLead),
			About: func(e ticket.FaultLineAnswered) Refs { return Refs{Ticket: e.Ticket, FaultLine: e.Line} },
			Write: func(e ticket.FaultLineAnswered, c Context) Text {
				return Text{
					subject("故障记录 "+string(e.Line)+" 的疑问已答复", "The query about fault record "+string(e.Line)+" was answered"),
					say("班组已答复对故障处理记录（F1）的疑问，请核实。",
						"The team answered the query about a line of the fault record (F1): please verify it.").
						where(c).fact("故障记录行 F1 line", e.Line).
						fact("故障 Fault",
							c.fault).fact("答复 Answer", e.Answer).fact("工单 Ticket", e.Ticket).
						fact("答复人 By", c.person(e.By)).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
	}
}

// NeedNotified is the kind of the notices that may be sent in a digest.
const NeedNotified Kind = "NEED_NOTIFIED"

// need lists whom the team goes to, and what for.
func need(l *letter, e ticket.TeamNotified, c Context) *letter {
	return l.where(c).fact("工单 Ticket",
		e.Ticket).fact("房号 Room", c.Room).fact("业主 Owner", c.Owner).fact("电话 Telephone", c.Phone).
		fact("设备 Device", c.NeedDevice).fact("报修内容 Need", c.Need).fact("通知时间 Notified", instant(e.NotifiedAt))
}

// granted is the row of the service table that a need falls under, in words; the clause as the
// table numbers it, 5.4/3 being the third row of 5.4.
func granted(c policy.Coverage) Words {
	clause, row, numbered := strings.Cut(c.Clause, "/")
	at := Words{"条款 " + clause, "clause " + clause}
	if numbered {
		at = Words{at.Chinese + " 第 " + row + " 行", at.English + ", row " + row}
	}
	warranty := Words{"保修期外", "after the warranty"}
	if c.InWarranty {
		warranty = Words{"保修期内", "in warranty"}
	}
	team := Words{names.Of(c.Presence), map[policy.Presence]string{
		policy.OnProject: "team on the project", policy.ElsewhereCity: "team elsewhere in the city",
		policy.LeftCity: "the department has left the city",
	}[c.Presence]}
	return Words{
		fmt.Sprintf("%s，%s（%s）", warranty.Chinese, team.Chinese, at.Chinese),
		fmt.Sprintf("%s, %s (%s)", warranty.English, team.English, at.English),
	}
}

// instant writes a time as people here read it.
func instant(t time.Time) string { return t.In(calendar.Shanghai).Format(time.DateTime) }

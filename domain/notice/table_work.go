package notice

import (
	"time"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/ticket"
)

// workRules are the notices of §5.1 and §5.2: tickets and repairs.
func workRules() []Rule {
	return []Rule{
		row[ticket.TeamNotified]{
			Kind: "EMERGENCY_NOTIFIED", Clause: "5.1.2", Tells: "an emergency, with the time by which the team must arrive",
			To: to(technician, cityLead), Cc: to(regionalAdmin),
			If:    func(e ticket.TeamNotified) bool { return e.Coverage.Category == policy.Emergency },
			About: func(e ticket.TeamNotified) Refs { return Refs{Ticket: e.Ticket} },
			Write: func(e ticket.TeamNotified, c Context) Text {
				by := ""
				if e.Coverage.RespondBy != nil {
					by = instant(*e.Coverage.RespondBy)
				}
				return Text{
					subject("紧急报修 "+string(e.Ticket)+" "+c.ProjectName, "Emergency "+string(e.Ticket)),
					say("紧急报修，请立即安排到场。", "An emergency: please see to it that the team goes there at once.").
						where(c).fact("工单 Ticket", e.Ticket).fact("房号 Room", c.Room).fact("报修内容 Need", c.Need).
						fact("通知时间 Notified", instant(e.NotifiedAt)).fact("最迟到场 Arrive by", by).
						fact("服务条款 Service clause", e.Coverage.Clause).end(),
				}
			},
		}.rule(),
		row[repair.ReturnOpened]{
			Kind: "RETURN_FILED", Clause: "5.2.1", Tells: "a process sheet (F2) for a device that its maker shall repair",
			To: to(cityTechLead, techGroupLead), Cc: to(regionalAdmin, hqSupervisor),
			About: func(e repair.ReturnOpened) Refs { return Refs{Project: e.Project, Ticket: e.Ticket} },
			Write: func(e repair.ReturnOpened, c Context) Text {
				return Text{
					subject("送修流程表 "+string(e.Return)+" 请审核", "Process sheet "+string(e.Return)+" awaits review"),
					say("有设备需送厂维修，请审核处理流程表（F2）。", "A device is to be repaired by its maker: please review the process sheet (F2).").
						where(c).fact("流程表 F2", e.Return).fact("设备 Device", join(string(e.Part), e.Serial)).fact("厂家 Maker", e.Maker).
						fact("故障 Fault", e.Fault).fact("工单 Ticket", e.Ticket).fact("故障单 F1 line", e.FaultLine).fact("日期 Date", e.OpenedOn).end(),
				}
			},
		}.rule(),
	}
}

// instant writes a time as people here read it.
func instant(t time.Time) string { return t.In(calendar.Shanghai).Format(time.DateTime) }

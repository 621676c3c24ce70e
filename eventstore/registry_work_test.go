package eventstore

import (
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/servicetable"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/domain/visit"
)

// workExamples are the events of agreements with centers, the course of
// tickets, escalations and routine visits.
func workExamples() []domain.Event {
	respondBy := at("2026-06-19T09:40:00+08:00")
	coverage := policy.Coverage{
		NotifiedOn: on("2026-06-18"), WarrantyEndsOn: on("2026-08-31"), InWarranty: true, Presence: policy.ElsewhereCity,
		Category: policy.Emergency,
		Bearer:   policy.Center, TravelCharged: true, RespondBy: &respondBy, Clause: "5.4/2", Response: "12h", Advisory: true,
		Table: "2026-east",
		Contract: []policy.ContractTerm{
			{Override: "HT-1", Cell: policy.Response, Table: "24h", Value: "12h", Contract: "合同第8.2条"},
		},
	}
	return []domain.Event{
		project.RosterPublished{Project: "P001", Version: 2, From: on("2026-06-01"), By: "zhou", Entries: []project.Contact{
			{Role: domain.Technician, Name: "李伟", Phone: "138 0000 0001"}, {Role: domain.CityLead, Name: "周强", Phone: "+86-138-0000-0002"},
		}},
		project.RegistrationFormHandedOver{
			Project: "P001", Center: "C01", On: on("2024-09-02"), By: "zhou", ReceivedBy: "吴敏",
		},
		project.ServiceTermsOverridden{
			Project: "P001", Override: "HT-1", InWarranty: true, Presence: policy.ElsewhereCity, Cell: policy.Response,
			Value: "12h",
			From:  on("2026-01-01"), Until: on("2026-12-31"), Contract: "合同第8.2条", Reason: "补充协议", By: "zhao",
		},
		project.HandoverPlanned{Project: "P001", Center: "C01", WarrantyEndsOn: on("2026-08-31"), From: on("2026-02-28"),
			By: "zhou", Items: []project.PlannedItem{
				{Item: project.NamedPerson, DueOn: on("2026-03-31")}, {Item: project.GradualHandover, DueOn: on("2026-08-31")},
			}},
		project.HandoverItemDone{
			Project: "P001", Item: project.Training, On: on("2026-05-20"), Person: "吴敏", Attended: []string{"吴敏", "陈刚"},
			Evidence: "培训签到表2026-05", By: "zhou",
		},
		project.SparePartsAdvised{Project: "P001", Center: "C01", On: on("2026-09-10"), By: "li",
			Parts: []project.AdvisedPart{
				{Part: "LK-1", Name: "电插锁", Quantity: decimal.RequireFromString("2"), Remark: "易损"},
			}},
		servicetable.ServiceTablePublished{EffectiveFrom: on("2026-07-01"), By: "zhao", Table: policy.TableText{
			Version: "2026-east", HandoverMonths: 6, Rows: []policy.RowText{{
				Clause: "5.4/3", Warranty: "in", Team: "left-city", Response: "36h", Visits: "1/month", OnSite: "6 months",
				Cost: "department", Travel: "charged", Support: "phone",
			}},
		}},
		ticket.TicketAccepted{Ticket: "T-2026-0001", AcceptedAt: at("2026-06-18T09:45:00+08:00"), Technician: "李伟", By: "li"},
		ticket.ArrivedOnSite{Ticket: "T-2026-0001", ArrivedAt: at("2026-06-18T14:05:09+08:00"), Technician: "李伟", By: "li"},
		ticket.ArrivalWithdrawn{
			Ticket: "T-2026-0001", ArrivedAt: at("2026-06-18T14:05:09+08:00"), Technician: "李伟", EnteredBy: "li",
			Reason: "误录为次日", By: "zhou",
		},
		ticket.ResolutionRecorded{
			Ticket: "T-2026-0001", ResolvedAt: at("2026-06-18T15:00:00+08:00"), How: ticket.Replaced, Note: "更换门口机", By: "li",
		},
		ticket.TicketClosed{Ticket: "T-2026-0001", ClosedAt: at("2026-06-19T10:00:00+08:00"), Note: "业主确认", By: "wu"},
		ticket.TicketReopened{Ticket: "T-2026-0001", ReopenedAt: at("2026-06-20T10:00:00+08:00"), Reason: "再次黑屏", By: "wu"},
		ticket.CoverageOverridden{
			Ticket: "T-2026-0001", What: ticket.OfBearer, Was: "DEPARTMENT", Now: "CENTER", Coverage: coverage,
			Reason:       "现场确认系装修破坏",
			OverriddenAt: at("2026-06-18T16:00:00+08:00"), By: "zhou",
		},
		ticket.TicketEscalated{
			Ticket: "T-2026-0001", Escalation: "ES-1", Project: "P001", Center: "C01", Reason: ticket.LeftoverDefect,
			ComplaintRisk: true,
			Matter:        "单元门漏装闭门器，业主多次反映", To: []domain.Role{domain.HQAffairsSupervisor, domain.DepartmentManager},
			EscalatedAt: at("2026-06-18T11:00:00+08:00"), By: "zhou",
		},
		ticket.EscalationOpinionGiven{
			Ticket: "T-2026-0001", Escalation: "ES-1", Role: domain.DepartmentManager, Opinion: "同意补装",
			GivenAt: at("2026-06-18T17:00:00+08:00"), By: "manager",
		},
		ticket.EscalationFollowUpNoted{
			Ticket: "T-2026-0001", Escalation: "ES-1", Note: "闭门器已发货", NotedAt: at("2026-06-20T09:00:00+08:00"), By: "zhao",
		},
		ticket.EscalationClosed{
			Ticket: "T-2026-0001", Escalation: "ES-1", Outcome: "已补装，业主认可", ClosedAt: at("2026-06-25T09:00:00+08:00"),
			By: "zhao",
		},
		visit.RoutineVisitMade{
			Project: "P001", Center: "C01", On: on("2026-06-17"), Technician: "李伟", Participants: []string{"陈刚"},
			Remark: "单元门口机除尘", By: "li",
		},
		visit.RoutineVisitWithdrawn{Project: "P001", On: on("2026-06-17"), Reason: "误录到一期", By: "li"},
	}
}

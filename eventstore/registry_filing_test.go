package eventstore

import (
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/filing"
)

// filingExamples are the events of the monthly forms.
func filingExamples() []domain.Event {
	month, sum := on("2026-09-25").Month(), "7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730"
	lines := []filing.FaultLine{{Line: "F1-0007", Ticket: "T-2026-0001", RecordedOn: on("2026-09-18")}}
	chain := filing.ChainOf(filing.MonthlyReport)
	return []domain.Event{
		filing.FaultLinesReported{Project: "P001", Month: month, Lines: lines, On: on("2026-09-24"), By: "li"},
		filing.ReportFiled{
			Project: "P001", Center: "C01", Month: month, Form: filing.MonthlyReport, Version: 2, Nil: true, Faults: lines,
			Charges: []filing.Charge{{Charge: "SF-1", Center: "C01", Gross: yuan("106.00")}}, Total: yuan("106.00"),
			Figures: &filing.Figures{
				From: on("2026-08-26"), Through: on("2026-09-25"), TicketsReceived: 1, TicketsClosed: 2, TicketsOpen: 3,
				ResponseMet: 4, ResponseBreached: 5, ResponseRunning: 6, VisitsMade: 7, VisitsOwed: 8, VisitsShort: 9,
				FaultLines: 10,
				PartsUsed:  []filing.PartUsed{{Part: "DS-700", Quantity: decimal.RequireFromString("12.5")}},
				DevicesOut: 11, DevicesBack: 12, DevicesAway: 13, Charges: 14, Charged: yuan("106.00"), Escalated: 15,
				EscalationsOpen: 16,
			},
			Remark: "含一次台风抢修", Through: 4711, ContentHash: sum, DueOn: on("2026-09-25"), FiledOn: on("2026-09-26"), Late: true,
			By: "li",
		},
		filing.ReportReviewed{
			Project: "P001", Month: month, Form: filing.MonthlyReport, Version: 2, Step: domain.CityLead, Note: "已核对",
			On: on("2026-09-26"), By: "zhou",
		},
		filing.ReportReturned{
			Project: "P001", Month: month, Form: filing.MonthlyReport, Version: 1, Step: domain.RegionalAdmin, FiledBy: "li",
			Reason: "漏报台风抢修",
			On:     on("2026-09-26"), By: "qian",
		},
		filing.ReportSent{
			Project: "P001", Center: "C01", Month: month, Form: filing.MonthlyReport, Version: 2, To: chain.To,
			Copies:      chain.Copies,
			ContentHash: sum, On: on("2026-09-28"), By: "qian",
		},
	}
}

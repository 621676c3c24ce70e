package eventstore

import (
	"strings"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/ticket"
)

// partsExamples are the events of depots, the catalogue, the findings of the
// audit and the review of fault records.
func partsExamples() []domain.Event {
	one := decimal.RequireFromString("1")
	return []domain.Event{
		catalogue.PartCatalogued{
			Part: "DS-700", Name: "门口机", Model: "DS-KD8003", Maker: "海康威视", Unit: "台", Serialised: true,
			WarrantyCost: yuan("780.00"),
			From:         on("2026-01-01"), By: "purchasing.wang",
		},
		depot.PartReturned{
			Project: "P001", Slip: "TK-1", Issue: "OUT-37", Part: "DS-700", Quantity: one, Value: yuan("780.00"),
			FaultLine: "F1-0007",
			Serials:   []string{"A2"}, ReturnedBy: "张伟", ReturnedOn: on("2026-08-20"),
		},
		depot.PartTransferredOut{
			Project: "P001", Transfer: "DB-2026-01", Part: "DS-700", Quantity: one, Value: yuan("780.00"),
			Serials: []string{"A2"}, To: "P002",
			Reason: "P002缺货", TransferredOn: on("2026-07-01"),
		},
		depot.PartTransferredIn{
			Project: "P002", Transfer: "DB-2026-01", Part: "DS-700", Quantity: one, Value: yuan("780.00"),
			Serials: []string{"A2"}, From: "P001",
			ReceivedOn: on("2026-07-03"),
		},
		depot.FaultyUnitHandedIn{
			Project: "P001", Slip: "JH-1", Part: "DS-700", Quantity: one, Serials: []string{"A0"}, FaultLine: "F1-0007",
			HandedInBy: "张伟",
			HandedInOn: on("2026-06-19"),
		},
		depot.FaultyUnitsShipped{
			Project: "P001", Shipment: "FC-1", Maker: "海康威视", Waybill: "SF1234567890",
			Units: []depot.FaultyUnit{
				{Part: "DS-700", Quantity: one, Serial: "A0", FaultLine: "F1-0007", Return: "F2-2026-011"},
			},
			ShippedOn: on("2026-06-21"), ExpectedBackOn: on("2026-07-21"),
		},
		depot.PartScrapped{
			Project: "P001", Slip: "BF-1", Part: "DS-700", Condition: depot.Faulty, Quantity: one, Value: yuan("0.00"),
			Serials:   []string{"A0"},
			FaultLine: "F1-0007", Reason: "厂家停产", ScrappedOn: on("2026-09-01"),
		},
		depot.StockCounted{
			Project: "P001", Count: "PD-2026-07", Lines: []depot.Counted{{
				Part: "CAM-2", Counted: decimal.RequireFromString("6"), Book: decimal.RequireFromString("7"),
				Serials: []string{"C1", "C2", "C3", "C4", "C5", "C6"},
				Reason:  "待查",
			}},
			CountedBy: "张伟", Witness: "李强", CountedOn: on("2026-07-31"), By: "tech.zhang",
		},
		depot.StockAdjusted{
			Project: "P001", Adjustment: "TZ-1", Count: "PD-2026-07", Part: "CAM-2", Quantity: decimal.RequireFromString("-1"),
			Value:  yuan("-260.00"),
			Reason: "丢失，已报备", AdjustedOn: on("2026-07-31"), By: "admin.qian",
		},
		finding.FindingAssigned{
			Finding: "COUNT_SHORT:P001/PD-2026-07/CAM-2", Owner: "lead.zhou", Note: "请核对监控室", On: on("2026-08-01"),
			By: "techlead.qian",
		},
		finding.FindingClosed{
			Finding: "COUNT_SHORT:P001/PD-2026-07/CAM-2", Class: finding.CountShort, Project: "P001", Part: "CAM-2",
			Quantity: one, Value: yuan("260.00"),
			Status: finding.Accepted, Reason: "丢失，由项目承担", Evidence: []string{"说明-2026-08"}, On: on("2026-08-05"),
			By: "techlead.qian",
		},
		finding.FindingReopened{
			Finding: "COUNT_SHORT:P001/PD-2026-07/CAM-2", Reason: "找到一台", On: on("2026-08-09"), By: "techlead.qian",
		},
		ticket.FaultLineAnswered{
			Ticket: "T-2026-0001", Line: "F1-0007", Answer: "旧件在库房，明日交回",
			Paper: &attachment.Ref{
				SHA256: attachment.Digest(strings.Repeat("ab", 32)), Name: "旧件.jpg", Type: attachment.JPEG, Size: 240_000,
			},
			On: on("2026-07-03"), By: "li",
		},
		ticket.FaultLineReviewed{
			Ticket: "T-2026-0001", Line: "F1-0007", Verdict: ticket.Queried, Note: "旧件序列号不符", On: on("2026-07-02"),
			By: "techlead.qian",
		},
	}
}

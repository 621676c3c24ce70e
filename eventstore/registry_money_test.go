package eventstore

import (
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/pricelist"
)

// moneyExamples are the events of statements, disputes, credits and collection.
func moneyExamples() []domain.Event {
	taxes := money.Tax{Rate: decimal.RequireFromString("0.06")}
	line := money.Line{Net: yuan("100.00"), Tax: yuan("6.00"), Gross: yuan("106.00")}
	share := account.Share{Amount: yuan("106.00"), Stage: account.Confirmed, ConfirmedOn: on("2026-10-15")}
	lines := []account.ConfirmedLine{{Charge: "SF-1", Open: yuan("106.00")}}
	claimed := []account.Claimed{{Charge: "SF-1", Open: yuan("106.00"), DueOn: on("2027-01-31")}}
	statement := account.Statement{
		Statement: "C01-2026Q3", Center: "C01", Name: "云栖花园物业服务中心", Quarter: q3, Version: 2, Opening: yuan("12000.00"),
		Lines: []account.Movement{{
			Type: account.ChargeMovement, Document: "SF-1", Charge: "SF-1", Project: "P001", Room: "3-1-1202", Text: "可视对讲移位",
			On: on("2026-06-18"), Amount: yuan("106.00"), Tax: yuan("6.00"), Posted: q3,
		}},
		Totals: account.Totals{
			Charges: yuan("0.00"), Late: yuan("106.00"), TransfersIn: yuan("1.00"), TransfersOut: yuan("2.00"),
			Credits:  yuan("3.00"),
			Receipts: yuan("4.00"), Reversals: yuan("5.00"), Tax: yuan("6.00"),
		},
		Closing:  yuan("12103.00"),
		Awaiting: []account.Awaited{{Charge: "SF-1", Project: "P001", Origin: q3, Open: yuan("106.00"), Disputed: true}},
	}
	h2, _ := calendar.ParseHalf("2026H2")
	return []domain.Event{
		account.AllocationReversed{Payment: "S1", Center: "C01", Cause: account.Bounced, Lines: []account.Allocation{
			{Charge: "SF-1", Amount: yuan("106.00"), Stage: account.Confirmed, On: on("2026-10-20"), Posted: q3.Next(), ConfirmedOn: on("2026-10-15")},
		}},
		account.PaymentRefunded{
			Refund: "TK-1", Payment: "S1", Center: "C01", BankReference: "OUT-1", Amount: yuan("5.00"), Reason: "多付",
			On: on("2026-10-20"), Posted: q3.Next(), By: "sun",
		},
		account.PaymentBounced{
			Payment: "S1", Center: "C01", Amount: yuan("5000.00"), Reason: "退票", On: on("2026-10-20"), Posted: q3.Next(),
			By: "sun",
		},
		account.OffListChargeRequested{
			Charge: "SF-2", Center: "C01", Project: "P001", Room: "3-1-1202", Owner: "张三", Ticket: "T-1", FaultLine: "F1-1",
			Kind:    pricelist.Repair,
			Service: "非标维修", Quantity: decimal.RequireFromString("1"), Unit: "项", UnitPrice: decimal.RequireFromString("350"),
			Tax: taxes, Money: line,
			OccurredOn: on("2026-09-28"), Reason: "价目表外", RequestedOn: on("2026-09-29"), By: "li",
		},
		account.OffListChargeApproved{Charge: "SF-2", Center: "C01", Note: "同意", On: on("2026-09-30"), By: "zhao"},
		account.OffListChargeRejected{Charge: "SF-3", Center: "C01", Reason: "价格偏高", On: on("2026-09-30"), By: "zhao"},
		account.CompensationQuoted{
			Quote: "BJ-1", Center: "C01", Project: "P001", Room: "3-1-1202", Owner: "张三", Ticket: "T-1", Damage: "门口机人为损坏",
			Amount: yuan("1900.00"), Tax: taxes, QuotedOn: on("2026-09-30"), By: "zhao",
		},
		account.CreditNoteIssued{
			Note: "HC-1", Charge: "SF-1", Center: "C01", Project: "P001", Kind: pricelist.Move, Money: line,
			Shares: []account.Share{share},
			Reason: "重复收费", SettlesDispute: true, On: on("2026-11-10"), Posted: q3.Next(), Clause: "5.3.4", By: "qian",
		},
		account.WriteOffRequested{
			WriteOff: "HX-1", Charge: "SF-1", Center: "C01", Amount: yuan("106.00"), Reason: "中心撤销",
			RequestedOn: on("2026-11-10"), By: "qian",
		},
		account.WriteOffRejected{WriteOff: "HX-2", Center: "C01", Reason: "继续催收", On: on("2026-11-11"), By: "manager"},
		account.ReceivableWrittenOff{
			WriteOff: "HX-1", Charge: "SF-1", Center: "C01", Project: "P001", Share: share, Reason: "中心撤销", On: on("2026-11-11"),
			Posted: q3.Next(), RequestedBy: "qian", ApprovedBy: "manager",
		},
		account.StatementIssued{
			Statement: statement, ContentHash: statement.Hash(), IssuedOn: on("2026-10-08"), ReplyBy: on("2026-10-23"),
			By: "qian",
		},
		account.StatementSuperseded{Statement: "C01-2026Q3", Center: "C01", Quarter: q3, Version: 1, Cause: "SF-1"},
		account.StatementConfirmed{
			Statement: "C01-2026Q3", Center: "C01", Quarter: q3, Version: 2, ContentHash: statement.Hash(),
			Closing:   yuan("12103.00"),
			Confirmed: lines, Disputed: lines, On: on("2026-10-15"), By: "zheng",
		},
		account.StatementReopened{
			Statement: "C01-2026Q3", Center: "C01", Quarter: q3, Version: 2, Lines: lines, Reason: "漏记", On: on("2026-10-16"),
			By: "manager",
		},
		account.StatementReported{
			Statement: "C01-2026Q3", Center: "C01", Quarter: q3, Version: 2, Closing: yuan("12103.00"), On: on("2026-10-16"),
			By: "qian",
		},
		account.ChargeDisputed{
			Charge: "SF-1", Center: "C01", Project: "P001", Statement: "C01-2026Q3", Quarter: q3, Version: 2,
			Open:   yuan("106.00"),
			Reason: "未施工", On: on("2026-10-14"), By: "zheng",
		},
		account.DisputeRejected{Charge: "SF-1", Center: "C01", Reason: "有签收单", On: on("2026-10-20"), By: "qian"},
		account.OffListChargeMoved{
			Charge: "SF-2", Center: "C01", To: "C02", OccurredOn: on("2026-09-28"), On: on("2026-09-30"), By: "zhao",
		},
		account.CompensationMoved{
			Quote: "BJ-1", Sheet: "F2-1", Charge: "SF-4", Center: "C01", To: "C02", Amount: yuan("1900.00"),
			OccurredOn: on("2026-09-28"),
			On:         on("2026-09-30"), By: "zhou",
		},
		account.ChargeTransferredOut{
			Transfer: "ZY-1", Charge: "SF-1", Center: "C01", To: "C02", Project: "P001", Service: "可视对讲移位", Money: line,
			Share: share,
			On:    on("2026-09-18"), Posted: q3, By: "qian",
		},
		account.ChargeTransferredIn{
			Transfer: "ZY-1", Charge: "C01.SF-1", Center: "C02", From: "C01", FromCharge: "SF-1", Project: "P001",
			Room: "3-1-1202", Owner: "张三",
			Ticket: "T-1", Kind: pricelist.Move, Service: "可视对讲移位", Money: line, On: on("2026-09-18"), Posted: q3,
			DueOn: on("2027-01-31"), By: "qian",
		},
		account.ClaimIssued{
			Claim: "CK-1", Center: "C01", Half: h2, DueOn: on("2027-01-31"), Lines: claimed, Total: yuan("106.00"),
			On: on("2027-01-04"), By: "zhou",
		},
		account.ReplyReminderIssued{
			Reminder: "CD-1", Center: "C01", Statement: "C01-2026Q3", Quarter: q3, Version: 2, Closing: yuan("12103.00"),
			ReplyBy: on("2026-10-23"), On: on("2026-10-24"), By: "qian",
		},
		account.ReminderIssued{
			Reminder: "CB-1", Center: "C01", Lines: claimed, Total: yuan("106.00"), On: on("2027-02-04"), By: "zhou",
		},
		account.FollowUpNoted{
			FollowUp: "GJ-1", Center: "C01", Contact: "郑主任", Note: "月底前付", PromisedOn: on("2027-02-28"),
			Promised: yuan("106.00"), On: on("2027-02-05"), By: "zhou",
		},
		account.ChargesReported{
			Center: "C01", Project: "P001", Month: on("2026-09-25").Month(),
			Lines: []account.Reported{{Charge: "SF-1", Gross: yuan("106.00")}},
			Total: yuan("106.00"), On: on("2026-09-25"), By: "li",
		},
	}
}

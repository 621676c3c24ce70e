package eventstore

import (
	"strings"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/ticket"
)

// again is the first example of an event with what joined it later.
func again[E domain.Event](first []domain.Event, later func(*E)) domain.Event {
	for _, e := range first {
		if e, ok := e.(E); ok {
			later(&e)
			return e
		}
	}
	panic("there is no first example")
}

// laterExamples have the fields that joined their events after the golden files of
// the first examples were written.
func laterExamples(first []domain.Event) []domain.Event {
	reopened := []account.Reopened{{ConfirmedOn: on("2026-10-15"), ReopenedOn: on("2026-10-16")}}
	withReopened := func(lines []account.Allocation) []account.Allocation {
		line := lines[0]
		line.ConfirmedOn, line.Reopened = on("2026-10-18"), reopened
		return []account.Allocation{line}
	}
	answered := account.Answered{
		Confirmed: yuan("106.00"), Disputed: yuan("12.00"), Before: yuan("11985.00"), Unapplied: yuan("7.00"),
		DisputedPaid: yuan("8.00"),
	}
	scan := attachment.Ref{
		SHA256: attachment.Digest(strings.Repeat("0a", 32)), Name: "回函.pdf", Type: attachment.PDF, Size: 9,
	}
	onPaper := account.Reply{Way: account.OnPaper, EnteredBy: "qian", SignedOn: on("2026-10-14"), Scan: &scan}
	return []domain.Event{
		again(first, func(e *account.AllocationReversed) { e.Lines = withReopened(e.Lines) }),
		again(first, func(e *account.PaymentAllocated) { e.Lines = withReopened(e.Lines) }),
		again(first, func(e *account.CreditNoteIssued) {
			e.Shares = []account.Share{
				{Amount: yuan("106.00"), Stage: account.Confirmed, ConfirmedOn: on("2026-10-18"), Reopened: reopened},
			}
		}),
		again(first, func(e *account.ReceivableWrittenOff) { e.Share.Reopened = reopened }),
		again(first, func(e *account.StatementIssued) {
			e.Lines, e.Awaiting, e.Abridged = nil, nil, &account.Abridged{Lines: 3001, Awaiting: 2900, Owed: true}
		}),
		again(first, func(e *account.StatementConfirmed) { e.Answered = &answered }),
		again(first, func(e *account.StatementConfirmed) { e.Answered, e.By, e.Reply = &answered, "郑主任", onPaper }),
		again(first, func(e *account.ChargeDisputed) {
			e.By, e.Reply, e.Papers = "郑主任", onPaper, []attachment.Ref{scan}
		}),
		again(first, func(e *account.StatementReported) {
			e.Summary = &account.Summary{
				Answered: answered, Late: yuan("106.00"), Paid: yuan("1.00"), Credited: yuan("2.00"), Transferred: yuan("3.00"),
				Confirmed:   yuan("4.00"),
				Unconfirmed: yuan("5.00"), Disputed: yuan("6.00"), WrittenOff: yuan("9.00"),
			}
		}),
		again(first, func(e *account.StatementReported) {
			e.Summary = &account.Summary{
				Answered: answered, Paid: yuan("1.00"), Credited: yuan("2.00"), Transferred: yuan("3.00"),
				ByAnswer: &account.ByAnswer{Paid: yuan("0.40"), Credited: yuan("0.50"), Transferred: yuan("0.60")},
			}
		}),
		again(first, func(e *account.ChargeTransferredOut) { e.MovesTax, e.Share.Reopened = true, reopened }),
		again(first, func(e *account.ChargeTransferredIn) {
			e.MovesTax = true
			e.Dispute = &account.Objection{
				Statement: "C01-2026Q3", Quarter: q3, Version: 2, Reason: "未施工", On: on("2026-10-14"), By: "zheng",
			}
		}),
		again(first, func(e *account.ClaimIssued) { e.Unapplied = yuan("6.00") }),
		again(first, func(e *account.ReminderIssued) { e.Unapplied = yuan("6.00") }),
		again(first, func(e *account.FollowUpNoted) { e.Presumed = true }),
		again(first, func(e *account.ChargeAccrued) {
			e.PossibleDuplicateOf = "SF-2026-0011"
			e.Basis = account.PriceBasis{
				Approval: &account.Approval{By: "zhao", On: on("2026-06-20"), ExecutedBefore: true}, Quote: "BJ-1", Sheet: "F2-1",
				Requested: &account.Requested{Center: "C02", Charge: "SF-9"},
			}
		}),
		again(first, func(e *account.PaymentReceived) { e.By, e.OwnAccount, e.Place = "sun", "6222021001", 2 }),
		again(first, func(e *bankref.BankReferenceClaimed) { e.OwnAccount, e.Place, e.Apart = "6222021001", 2, true }),
		again(first, func(e *bankref.ConflictingPaymentRefused) { e.OwnAccount, e.Place = "6222021001", 2 }),
		again(first, func(e *bankref.ConflictingPaymentRefused) { e.Booked, e.BookedOn = yuan("4000.00"), on("2026-09-04") }),
		again(first, func(e *depot.PartReceived) {
			e.Source, e.Shipment, e.SentSerials, e.Requisition = depot.FromMaker, "FC-1", []string{"A0", "A2"}, "SQ-2026-001"
		}),
		again(first, func(e *depot.PartIssued) { e.Bearer = policy.Us }),
		again(first, func(e *depot.PartReturned) { e.Bearer = policy.Us }),
		again(first, func(e *depot.PartScrapped) { e.Condition, e.Shipment = depot.AtMaker, "FC-1" }),
		again(first, func(e *notice.NoticeSent) {
			to, cc := e.To[0], e.Cc[0]
			to.Language, cc.Language = notice.Chinese, notice.English
			e.To, e.Cc = []notice.Addressee{to}, []notice.Addressee{cc}
			e.Attachments = []notice.Attached{
				{Name: "对账单.pdf", SHA256: "4563d462e28faee44cadcd3542be8c205c205de34073f598c8b8f565d28c5ea6"},
			}
		}),
		again(first, func(e *project.WarrantyAgreed) { e.From, e.Reason, e.By = on("2026-07-01"), "补充协议", "zhou" }),
		again(first, func(e *repair.ReturnOpened) {
			e.Cost = repair.Cost{Bearer: repair.ByUs, Estimate: yuan("560.00")}
			e.Region, e.FiledBy, e.GoesTo = "华东", "li", repair.CityTechLead
		}),
		again(first, func(e *repair.RepairPaymentRequested) { e.Region, e.Month = "华东", on("2026-07-25").Month() }),
		again(first, func(e *ticket.TeamNotified) {
			e.Coverage.Response, e.Coverage.Advisory, e.Coverage.Table = "promptly", true, "2026-01"
			e.Coverage.Contract = []policy.ContractTerm{
				{Override: "HT-1", Cell: policy.Response, Table: "48h", Value: "24h", Contract: "第8条"},
			}
		}),
		again(first, func(e *ticket.FaultRecorded) { e.By = "li" }),
	}
}

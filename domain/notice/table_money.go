package notice

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/bankref"
)

// moneyRules are the notices of "Money: what must always hold".
func moneyRules() []Rule {
	return []Rule{
		row[bankref.ConflictingPaymentRefused]{
			Kind: "RECEIPT_CONFLICT", Clause: "Money",
			Tells: "a receipt refused and queued: its bank reference is known with other content",
			To:    to(finance),
			About: func(e bankref.ConflictingPaymentRefused) Refs { return Refs{Center: e.Center} },
			Write: func(e bankref.ConflictingPaymentRefused, c Context) Text {
				var booked Words // not known of refusals of the first version
				if !e.BookedOn.IsZero() {
					booked = Words{yuan(e.Booked).Chinese + "，" + e.BookedOn.String() + " 到账",
						yuan(e.Booked).English + ", received " + e.BookedOn.String()}
				}
				return Text{
					subject("银行流水号冲突 "+e.Reference, "Conflicting bank reference "+e.Reference),
					say("同一银行流水号已以其他内容入账，本笔未入账，请核实。",
						"The bank reference is known with other content: this receipt was refused and waits for you.").
						where(c).fact("流水号 Reference",
						e.Reference).fact("原回款编号 Known as payment", otherThan(e.Reference, string(e.ClaimedBy))).
						fact("已入账 Booked", booked).
						fact("付款方 Payer", e.Payer).
						fact("附言 Remark", e.Remark).fact("金额 Amount", yuan(e.Amount)).fact("到账 Received", e.ReceivedOn).end(),
				}
			},
		}.rule(),
		row[account.PaymentReceived]{
			Kind: "POSSIBLE_DUPLICATE", Clause: "Money",
			Tells: "a receipt that looks like an earlier one, booked and left unapplied",
			To:    to(finance),
			If:    func(e account.PaymentReceived) bool { return e.PossibleDuplicateOf != "" },
			About: func(e account.PaymentReceived) Refs { return Refs{Center: e.Center} },
			Write: func(e account.PaymentReceived, c Context) Text {
				return Text{
					subject("疑似重复回款 "+string(e.Payment), "Possible duplicate payment "+string(e.Payment)),
					say("本笔回款与先前一笔相似，已入账未核销，请核实。",
						"This receipt looks like an earlier one. It is booked and settles nothing until you decide.").
						where(c).fact("回款 Payment", e.Payment).fact("相似于 Looks like", e.PossibleDuplicateOf).fact("付款方 Payer", e.Payer).
						fact("附言 Remark", e.Remark).fact("金额 Amount", yuan(e.Amount)).fact("到账 Received", e.ReceivedOn).end(),
				}
			},
		}.rule(),
		row[account.PaymentBounced]{
			Kind: "PAYMENT_BOUNCED", Clause: "Money", Tells: "a payment taken back by the bank: what it settled is open again",
			To: to(finance), Cc: to(regionalAdmin),
			About: func(e account.PaymentBounced) Refs { return Refs{Center: e.Center, Bounced: e.Payment} },
			Write: func(e account.PaymentBounced, c Context) Text {
				l := say("该笔回款被银行退票，原核销已撤销，账龄不变；请联系物业服务中心重新支付。",
					"The bank took the payment back: what it settled is open again with its age. Please ask the center to pay again.").
					where(c).fact("回款 Payment", e.Payment).fact("付款方 Payer", c.received.Payer).
					fact("金额 Amount", yuan(e.Amount)).fact("原因 Reason", e.Reason).fact("日期 Date", e.On)
				return Text{
					subject("退票 "+string(e.Payment)+" "+yuan(e.Amount).Chinese,
						"Payment "+string(e.Payment)+" bounced, "+yuan(e.Amount).English),
					reopened(l, c).end(),
				}
			},
		}.rule(),
		row[account.PaymentRefunded]{
			Kind: "PAYMENT_REFUNDED", Clause: "Money", Tells: "money that goes back to the center",
			To: to(centerHead), Cc: to(centerMaintenance, regionalAdmin, finance),
			About: func(e account.PaymentRefunded) Refs { return Refs{Center: e.Center, Refunded: e.Payment} },
			Write: func(e account.PaymentRefunded, c Context) Text {
				var came Words
				if got := c.received; got.Payment != "" {
					came = Words{yuan(got.Amount).Chinese + "，" + got.ReceivedOn.String() + " 到账",
						yuan(got.Amount).English + ", received " + got.ReceivedOn.String()}
				}
				l := say(refunded(c)).
					where(c).fact("退款 Refund", e.Refund).fact("退款金额 Amount", yuan(e.Amount)).
					fact("退款流水号 Bank reference", e.BankReference).fact("原回款 Payment", e.Payment).
					fact("原回款金额 Received", came).fact("付款方 Payer", c.received.Payer).
					fact("原因 Reason", e.Reason).fact("日期 Date", e.On)
				return Text{
					subject("退款 "+yuan(e.Amount).Chinese+"，回款 "+string(e.Payment),
						"Refund of "+yuan(e.Amount).English+", payment "+string(e.Payment)),
					l.balance(c).end(),
				}
			},
		}.rule(),
		row[account.WriteOffRequested]{
			Kind: "WRITE_OFF_REQUESTED", Clause: "Money", Tells: "a write-off that awaits approval",
			To: to(departmentManager), Cc: to(finance),
			About: func(e account.WriteOffRequested) Refs {
				return Refs{Center: e.Center, Charges: []domain.ChargeID{e.Charge}}
			},
			Write: func(e account.WriteOffRequested, c Context) Text {
				return Text{
					subject("坏账转销申请 "+string(e.WriteOff)+" 请审批", "Write-off "+string(e.WriteOff)+" awaits approval"),
					say("申请转销下列应收账款（账销案存）。", "The receivable below is proposed to be written off; the center goes on owing it.").
						ofCharge(c, e.Charge).fact("申请 Write-off", e.WriteOff).fact("转销金额 Amount", yuan(e.Amount)).
						fact("原因 Reason", e.Reason).fact("申请人 Requested by", c.person(e.By)).fact("日期 Date", e.RequestedOn).end(),
				}
			},
		}.rule(),
		row[account.WriteOffRejected]{
			Kind: "WRITE_OFF_REJECTED", Clause: "Money", Tells: "a write-off rejected, with its reason",
			To: to(finance), Cc: to(regionalAdmin),
			About: func(e account.WriteOffRejected) Refs { return Refs{Center: e.Center, WriteOff: e.WriteOff} },
			Write: func(e account.WriteOffRejected, c Context) Text {
				l := say("坏账转销申请未获批准，继续催收。", "The write-off was rejected; the money goes on being collected.")
				if asked := c.writeOff; asked.WriteOff != "" {
					l.ofCharge(c, asked.Charge).fact("申请 Write-off", e.WriteOff).
						fact("申请金额 Amount", yuan(asked.Amount)).fact("申请人 Requested by", c.person(asked.By))
				} else {
					l.where(c).fact("申请 Write-off", e.WriteOff)
				}
				return Text{
					subject("坏账转销申请 "+string(e.WriteOff)+" 未批准", "Write-off "+string(e.WriteOff)+" rejected"),
					l.fact("原因 Reason", e.Reason).fact("审批人 By", c.person(e.By)).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
		row[account.ReceivableWrittenOff]{
			Kind: "WRITTEN_OFF", Clause: "Money", Tells: "a receivable written off",
			To: to(finance), Cc: to(regionalAdmin),
			About: func(e account.ReceivableWrittenOff) Refs {
				return Refs{Center: e.Center, Project: e.Project, Charges: []domain.ChargeID{e.Charge}}
			},
			Write: func(e account.ReceivableWrittenOff, c Context) Text {
				return Text{
					subject("已作坏账转销 "+string(e.WriteOff)+" "+yuan(e.Share.Amount).Chinese,
						"Write-off "+string(e.WriteOff)+" done, "+yuan(e.Share.Amount).English),
					say("下列应收账款已作坏账转销（账销案存）。", "The receivable below was written off; the center goes on owing it.").
						ofCharge(c, e.Charge).fact("申请 Write-off", e.WriteOff).fact("转销金额 Amount", yuan(e.Share.Amount)).
						fact("原因 Reason",
							e.Reason).fact("申请人 Requested by",
						c.person(e.RequestedBy)).fact("批准人 Approved by", c.person(e.ApprovedBy)).fact("日期 Date", e.On).end(),
				}
			},
		}.rule(),
	}
}

// refunded says what money was that goes back: more than the center owed or, where it still
// owes something, money that had settled none of that.
func refunded(c Context) (zh, en string) {
	if b, known := c.balance(); known && b.Owed().IsZero() {
		return "贵中心多付的下列款项已退回，请查收。", "The money below was paid above what you owed and has gone back to you."
	}
	return "贵中心账上的下列未核销款项已退回，请查收；退回后它不再抵减贵中心的欠款。",
		"Money of yours that had settled nothing, below, has gone back to you: it is no longer held against what you owe."
}

// balance says what the center owes and what is held for it, once the event has happened.
func (l *letter) balance(c Context) *letter {
	b, known := c.balance()
	if !known {
		return l
	}
	l.fact("退款后尚未核销 Still held for you, unapplied", yuan(b.Unapplied))
	if !b.Disputed.IsZero() {
		return l.fact("贵中心仍欠 You still owe", Words{
			yuan(b.Owed()).Chinese + "，其中有异议 " + yuan(b.Disputed).Chinese,
			yuan(b.Owed()).English + ", of which you dispute " + yuan(b.Disputed).English,
		})
	}
	return l.fact("贵中心仍欠 You still owe", yuan(b.Owed()))
}

// otherThan is a number, or nothing where it only repeats the one before it.
func otherThan(before, number string) string {
	if number == before {
		return ""
	}
	return number
}

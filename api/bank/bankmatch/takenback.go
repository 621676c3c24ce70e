package bankmatch

import (
	"fmt"
	"strings"

	"aftersales-ledger/api/bank/bankfile"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/money"

	moneyviews "aftersales-ledger/projections/money"
)

// reversalDays is how long before a reversal (冲正, 退汇) the receipt may have come
// that it takes back.
const reversalDays = 92

// takesBack tells a line that takes a receipt back.
func (l *Line) takesBack() bool { return l.Status == Reversed && l.Direction == bankfile.Outgoing }

// takenBack finds the payments that reversals take back, booked from an earlier
// file or by hand: what the reversed line of this file is, else what bears the
// reference of the reversal, else the one receipt of this payer and amount. No
// payment is found twice. The payment must be bounced; where several may be
// meant, a person must say which.
func takenBack(lines []Line, d moneyviews.Debtors) {
	claimed := make(map[string]bool)
	for i := range lines {
		l := &lines[i]
		if !l.takesBack() {
			continue
		}
		found := receiptsTakenBack(lines, l, d, claimed)
		switch {
		case len(found) == 1:
			p := found[0]
			claimed[string(p.Payment)] = true
			l.Payment = &p
			l.is(Reversed, money.Sprintf("冲正，收回已入账的来款 %s（中心 %s，%s，%s 元）：应将该来款作退票处理，按行接受本行即可", p.Payment, p.Center, p.ReceivedOn,
				p.Amount),
				money.Sprintf("A reversal: it takes back payment %s of center %s, %s received on %s, which is booked and must be bounced; to accept the line by its row bounces it", p.Payment, p.Center, p.Amount, p.ReceivedOn))
		case len(found) > 1:
			var names []string
			for _, p := range found {
				names = append(names, fmt.Sprintf("%s（%s，%s）", p.Payment, p.Center, p.ReceivedOn))
			}
			several := strings.Join(names, "、")
			l.is(Reversed, fmt.Sprintf("冲正，可能收回已入账的来款 %s 之一：核实后，将该来款作退票处理", several),
				fmt.Sprintf("A reversal that may take back one of the booked payments %s: find out which, and bounce it", several))
		case l.Twin == 0:
			l.is(Reversed, "冲正，未找到被收回的已入账来款：核实该款原入账情况；若已入账，将该来款作退票处理",
				"A reversal, and no booked payment is found that it takes back: look for the receipt; if it is booked, bounce it")
		}
	}
}

// receiptsTakenBack are the booked payments that a reversal may take back.
func receiptsTakenBack(
	lines []Line, l *Line, d moneyviews.Debtors, claimed map[string]bool,
) (found []account.PaymentReceived) {
	add := func(p account.PaymentReceived) {
		if p.Amount == l.Amount && p.ReceivedOn <= l.ReceivedOn && !d.Bounced[p.Payment] && !claimed[string(p.Payment)] &&
			bankref.SameAccount(p.OwnAccount, l.OwnAccount) {
			found = append(found, p)
		}
	}
	if l.Twin > 0 {
		for i := range lines {
			if receipt := lines[i]; receipt.Row == l.Twin && (receipt.isBooked(d.Booked[receipt.Reference]) ||
				receipt.isBooked(d.Booked[receipt.Voucher])) {
				add(*receipt.Payment)
			}
		}
		return found
	}
	for _, p := range d.Booked[l.Reference] {
		add(p)
	}
	if len(found) > 0 {
		return found
	}
	for _, c := range d.Candidates {
		for _, r := range c.Receipts {
			if l.Payer == "" || r.Payer == l.Payer {
				add(account.PaymentReceived{
					Payment: r.Payment, Center: c.Center, Payer: r.Payer, Remark: r.Remark, Amount: r.Amount, ReceivedOn: r.ReceivedOn,
				})
			}
		}
	}
	return found
}

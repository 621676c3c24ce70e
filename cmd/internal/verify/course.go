package verify

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/money"
	moneyviews "aftersales-ledger/projections/money"
)

// course is what became of an account's charges, added up from the documents
// themselves: it shares nothing with the postings nor with the account's fold.
type course struct {
	charged, in, paid, credited, out, givenUp money.Amount
}

func (c *course) add(e account.Event) {
	switch e := e.(type) {
	case account.ChargeAccrued:
		c.charged = c.charged.Add(e.Money.Gross)
	case account.ChargeTransferredIn:
		c.in = c.in.Add(e.Money.Gross)
	case account.ChargeTransferredOut:
		c.out = c.out.Add(e.Money.Gross)
	case account.CreditNoteIssued:
		c.credited = c.credited.Add(e.Money.Gross)
		for _, s := range e.Shares {
			if s.Stage == account.WrittenOff {
				c.givenUp = c.givenUp.Sub(s.Amount)
			}
		}
	case account.ReceivableWrittenOff:
		c.givenUp = c.givenUp.Add(e.Share.Amount)
	case account.PaymentAllocated:
		c.settle(e.Lines, func(a money.Amount) money.Amount { return a })
	case account.AllocationReversed:
		c.settle(e.Lines, money.Amount.Neg)
	default: // leaves what is owed of the charges as it was
	}
}

func (c *course) settle(lines []account.Allocation, signed func(money.Amount) money.Amount) {
	for _, l := range lines {
		c.paid = c.paid.Add(signed(l.Amount))
		if l.Stage == account.WrittenOff {
			c.givenUp = c.givenUp.Sub(signed(l.Amount))
		}
	}
}

// figures pairs what is shown of a center's charges with what the documents say.
func (c *course) figures(shown moneyviews.Receivable) []figure {
	return []figure{
		{domain.Say("charged"), shown.Charged.String(), c.charged.String()}, {domain.Say("transfers in"), shown.TransfersIn.String(), c.in.String()},
		{domain.Say("paid"), shown.Paid.String(), c.paid.String()}, {domain.Say("credited"), shown.Credited.String(), c.credited.String()},
		{domain.Say("transfers out"), shown.TransfersOut.String(), c.out.String()}, {domain.Say("written off"), shown.WrittenOff.String(), c.givenUp.String()},
	}
}

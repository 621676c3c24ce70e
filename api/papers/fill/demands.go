package fill

import (
	"context"

	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/eventstore/ledger"
)

// Claim is a half-year's claim (请款单, 5.3.4), with every line.
func (c Clerk) Claim(ctx context.Context, center domain.CenterID, claim domain.NoticeID) (out Filled, err error) {
	d, err := c.ledger().Claim(ctx, center, claim)
	if err != nil {
		return out, err
	}
	return c.demand(ctx, d)
}

// Reminder is a reminder of what is overdue (催款单, 5.3.4), with every line.
func (c Clerk) Reminder(ctx context.Context, center domain.CenterID, reminder domain.NoticeID) (out Filled, err error) {
	d, err := c.ledger().Reminder(ctx, center, reminder)
	if err != nil {
		return out, err
	}
	return c.demand(ctx, d)
}

func (c Clerk) demand(ctx context.Context, d ledger.Demand) (out Filled, err error) {
	region, err := c.regionOf(ctx, d.Center)
	if err != nil {
		return out, err
	}
	from := c.Letterheads.On(d.On, region)
	f := forms.Demand(d).Sent(from).ToPay(from)
	return c.named(ctx, Filled{f, f.Title + " " + string(d.Number)})
}

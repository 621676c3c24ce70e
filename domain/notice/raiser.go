package notice

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
)

// raiser is the center that raised a dispute which ended at another, to where the charge went
// with its project.
type raiser struct {
	center       domain.CenterID // empty: where it ended
	name, region string
	at           account.ChargePlace // of the charge, followed back towards it as far as is known
	arrivals     map[account.ChargePlace]account.ChargePlace
}

// learn takes up an event of an account through which the charge came; ended is where its
// dispute did.
func (r *raiser) learn(e domain.Event, ended account.ChargePlace) {
	switch e := e.(type) {
	case account.AccountOpened:
		if e.Center == r.center {
			r.name, r.region = e.Name, e.Region
		}
	case account.ChargeDisputed:
		if (account.ChargePlace{Center: e.Center, Charge: e.Charge}) == ended {
			r.center, r.at = "", account.ChargePlace{} // anew, by the center itself
		}
	case account.ChargeTransferredIn:
		if r.arrivals == nil {
			r.arrivals = make(map[account.ChargePlace]account.ChargePlace)
		}
		here := account.ChargePlace{Center: e.Center, Charge: e.Charge}
		r.arrivals[here] = account.ChargePlace{Center: e.From, Charge: e.FromCharge}
		if here == ended && e.Dispute != nil && e.Dispute.Center() != e.Center {
			r.center, r.at = e.Dispute.Center(), here
		}
		for from, known := r.arrivals[r.at]; known && r.at.Center != r.center; from, known = r.arrivals[r.at] {
			r.at = from
		}
	}
}

// seenByRaiser is the context as the raiser of a dispute that ended elsewhere has it: of its
// own account, by its own number of the charge.
func seenByRaiser(c Context) (Context, bool) {
	if c.raiser.center == "" || c.raiser.at.Center != c.raiser.center {
		return c, false
	}
	c.endedAt = account.ChargePlace{Center: c.Center, Charge: c.Disputed}
	c.charged = map[domain.ChargeID]charged{c.raiser.at.Charge: c.charged[c.Disputed]}
	c.Center, c.CenterName, c.Region = c.raiser.center, c.raiser.name, c.raiser.region
	return c, true
}

// ofRaised says of which charge a letter to the raiser is, and where it is now.
func (l *letter) ofRaised(c Context) *letter {
	return l.ofCharge(c, c.raiser.at.Charge).fact("现属中心 Center now", c.endedAt.Center).
		fact("在该中心编号 Charge there", c.endedAt.Charge)
}

package ledger

import (
	"context"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Demand is what a center was asked to pay in one letter: a half-year's claim (请款单),
// or a reminder of what is overdue (催款单), as of its day.
type Demand struct {
	Number    domain.NoticeID
	Center    domain.CenterID
	Name      string
	Half      calendar.Half // of a claim
	On        calendar.Date
	By        string
	Lines     []Demanded
	Unapplied money.Amount // the center's own money with us, taken off
	Total     money.Amount // of the lines, less Unapplied
}

// Demanded is one charge of a demand, with how what is asked of it comes about:
//
//	gross − paid − credited − written off = open
type Demanded struct {
	account.Claimed
	Work                              ChargedWork
	Project                           domain.ProjectID
	Posted                            calendar.Quarter
	Gross, Paid, Credited, WrittenOff money.Amount
	// Before is the last claim that it was in already, and BeforeOn its day.
	Before   domain.NoticeID
	BeforeOn calendar.Date
}

// courses follows the charges of a center up to a demand.
type courses map[domain.ChargeID]*Demanded

func (c courses) add(e domain.Event) {
	switch e := e.(type) {
	case account.ChargeAccrued:
		c[e.Charge] = &Demanded{
			Work:    ChargedWork{On: e.OccurredOn, Room: e.Room, Service: e.Service},
			Project: e.Project, Posted: e.Posted, Gross: e.Money.Gross,
		}
	case account.ChargeTransferredIn:
		c[e.Charge] = &Demanded{
			Work:    ChargedWork{On: e.On, Room: e.Room, Service: e.Service},
			Project: e.Project, Posted: e.Posted, Gross: e.Money.Gross,
		}
	case account.ChargeTransferredOut:
		d := c[e.Charge]
		d.Credited = d.Credited.Add(e.Money.Gross)
	case account.CreditNoteIssued:
		d := c[e.Charge]
		d.Credited = d.Credited.Add(e.Money.Gross)
		for _, s := range e.Shares {
			if s.Stage == account.WrittenOff {
				d.WrittenOff = d.WrittenOff.Sub(s.Amount)
			}
		}
	case account.ReceivableWrittenOff:
		d := c[e.Charge]
		d.WrittenOff = d.WrittenOff.Add(e.Share.Amount)
	case account.PaymentAllocated:
		for _, l := range e.Lines {
			c[l.Charge].paid(l, l.Amount)
		}
	case account.AllocationReversed:
		for _, l := range e.Lines {
			c[l.Charge].paid(l, l.Amount.Neg())
		}
	case account.ClaimIssued:
		for _, l := range e.Lines {
			c[l.Charge].Before, c[l.Charge].BeforeOn = e.Claim, e.On
		}
	}
}

func (d *Demanded) paid(l account.Allocation, amount money.Amount) {
	d.Paid = d.Paid.Add(amount)
	if l.Stage == account.WrittenOff { // a recovery
		d.WrittenOff = d.WrittenOff.Sub(amount)
	}
}

// lines are those that a demand names.
func (c courses) lines(asked []account.Claimed) []Demanded {
	lines := make([]Demanded, len(asked))
	for i, l := range asked {
		lines[i] = *c[l.Charge]
		lines[i].Claimed = l
	}
	return lines
}

// Claim reads a claim back from the log, as of its day.
func (l *Ledger) Claim(ctx context.Context, center domain.CenterID, claim domain.NoticeID) (Demand, error) {
	return l.demand(ctx, center, "claim", claim, func(e domain.Event, c courses) (Demand, bool) {
		i, ok := e.(account.ClaimIssued)
		if !ok || i.Claim != claim {
			return Demand{}, false
		}
		return Demand{
			Number: claim, Half: i.Half, On: i.On, By: i.By, Lines: c.lines(i.Lines), Unapplied: i.Unapplied, Total: i.Total,
		}, true
	})
}

// Reminder reads a reminder back from the log, as of its day.
func (l *Ledger) Reminder(ctx context.Context, center domain.CenterID, reminder domain.NoticeID) (Demand, error) {
	return l.demand(ctx, center, "reminder", reminder, func(e domain.Event, c courses) (Demand, bool) {
		i, ok := e.(account.ReminderIssued)
		if !ok || i.Reminder != reminder {
			return Demand{}, false
		}
		return Demand{
			Number: reminder, On: i.On, By: i.By, Lines: c.lines(i.Lines), Unapplied: i.Unapplied, Total: i.Total,
		}, true
	})
}

func (l *Ledger) demand(
	ctx context.Context, center domain.CenterID, field string, id domain.NoticeID,
	of func(domain.Event, courses) (Demand, bool),
) (d Demand, err error) {
	if err := domain.CheckID("center", center); err != nil {
		return d, err
	}
	all, name := make(courses), ""
	var there []domain.Existing
	for e, err := range l.history(ctx, account.Stream(center)) {
		if err != nil {
			return d, err
		}
		if opened, ok := e.(account.AccountOpened); ok {
			name = opened.Name
		}
		if found, ok := of(e, all); ok {
			found.Center, found.Name = center, name
			return found, nil
		}
		all.add(e)
		if one, ok := asked(field, e); ok {
			there = append(there, domain.Existing{NamedID: one})
		}
	}
	return d, domain.NotFound(field, string(id), "unknown-demand", "is not a number that center %s was asked under", center).
		Among(there)
}

// asked is a claim or a reminder, whichever a field names, as it could have been named.
func asked(field string, e domain.Event) (domain.NamedID, bool) {
	switch e := e.(type) {
	case account.ClaimIssued:
		return domain.NamedID{ID: string(e.Claim), Name: e.Half.String()}, field == "claim"
	case account.ReminderIssued:
		return domain.NamedID{ID: string(e.Reminder), Name: e.On.String()}, field == "reminder"
	}
	return domain.NamedID{}, false
}

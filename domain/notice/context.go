package notice

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/domain/ticket"
)

// Wants names the next stream to be read for the context, from its beginning
// up to the event that is told of; ok is false once nothing is missing.
func (c *Context) Wants() (stream string, ok bool) {
	var streams []string
	if c.Filing != "" {
		streams = append(streams, c.Filing)
	}
	if c.Requisition != "" {
		streams = append(streams, requisition.Stream(c.Requisition))
	}
	if c.Return != "" {
		streams = append(streams, repair.Stream(c.Return))
	}
	if c.Ticket != "" {
		streams = append(streams, ticket.Stream(c.Ticket))
	}
	if c.Project != "" {
		streams = append(streams, project.Stream(c.Project))
	}
	if at := c.raiser.at.Center; at != "" {
		streams = append(streams, account.Stream(at))
	}
	if at := c.cameFrom.Center; at != "" && at != c.Center {
		streams = append(streams, account.Stream(at))
	}
	if c.Center != "" {
		streams = append(streams, account.Stream(c.Center))
	}
	if len(c.parts) > 0 {
		streams = append(streams, catalogue.Stream)
	}
	for _, s := range streams {
		if !c.asked[s] {
			c.asked[s] = true
			return s, true
		}
	}
	return "", false
}

// Learn takes up an event of a wanted stream. enough says that the rest of the
// stream holds nothing more.
func (c *Context) Learn(e domain.Event) (enough bool) {
	if of, ok := e.(account.Event); ok && c.Refunded != "" {
		c.account.Evolve(of)
	}
	if c.Disputed != "" {
		c.raiser.learn(e, account.ChargePlace{Center: c.Center, Charge: c.Disputed})
	}
	switch e := e.(type) {
	case account.AccountOpened:
		if c.Disputed != "" && e.Center != c.Center {
			return false // as above, of a dispute
		}
		if c.cameFrom.Center != "" && e.Center != c.Center {
			return false // it is followed back through this account
		}
		c.CenterName = e.Name
		fill(&c.Region, e.Region)
		return len(c.charges) == 0 && c.WriteOff == "" && c.Bounced == "" && c.Refunded == ""
	case account.WriteOffRequested:
		if e.WriteOff != c.WriteOff {
			return false
		}
		c.writeOff = e
		fill(&c.Project, c.charged[e.Charge].project)
		return true
	case account.PaymentReceived:
		if e.Payment == c.Bounced || e.Payment == c.Refunded {
			c.received = e
		}
	case account.AllocationReversed:
		if e.Payment == c.Bounced && e.Cause == account.Bounced {
			for _, l := range e.Lines {
				c.reopen(l)
			}
		}
		for _, l := range e.Lines {
			if c.CreditNote != "" && e.Cause == account.Credited && c.charges[l.Charge] {
				c.freed = c.freed.Add(l.Amount)
			}
		}
	case account.CreditNoteIssued:
		if e.Note == c.CreditNote {
			return true
		}
		if c.charges[e.Charge] {
			c.freed = money.Amount{} // by an earlier note
		}
	case account.ChargeAccrued:
		return c.describe(e.Charge, charged{
			on: e.OccurredOn, project: e.Project, room: e.Room, service: e.Service, amount: e.Money.Gross,
		})
	case account.OffListChargeRequested: // what was charged of it, and when it was worked on, comes later
		c.describe(e.Charge, charged{
			on: e.OccurredOn, project: e.Project, room: e.Room, service: e.Service, amount: e.Money.Gross,
		})
	case account.ChargeTransferredIn:
		if at := (account.ChargePlace{Center: e.Center, Charge: e.Charge}); at == c.cameFrom && at.Center != c.Center {
			return c.cameBefore(account.ChargePlace{Center: e.From, Charge: e.FromCharge})
		}
		return c.describe(e.Charge, charged{
			on: e.On, project: e.Project, room: e.Room, service: e.Service, amount: e.Money.Gross,
		})
	case project.ProjectRegistered:
		c.ProjectName, c.City = e.Name, e.City
		fill(&c.Region, e.Region)
	case project.CenterAssigned:
		c.assignments = append(c.assignments, e)
		c.assigned(e)
	case filing.ReportFiled:
		c.reports = append(c.reports, e)
		for _, part := range partsOf(e.Figures) {
			c.wantPart(part)
		}
	case catalogue.PartCatalogued:
		if known, wanted := c.parts[e.Part]; wanted && !e.From.After(c.On) && !e.From.Before(known.From) {
			c.parts[e.Part] = e
			if e.Part == c.sent.Part {
				c.Device = c.deviceOf(c.sent)
			}
		}
	case ticket.TicketRegistered:
		c.Need = e.Need
		fill(&c.Project, e.Project)
		fill(&c.Center, e.Center)
		fill(&c.Room, e.Room)
		c.Owner, c.Phone, c.NeedDevice = e.Owner, e.Phone, e.Device
		return c.Escalation == "" && c.FaultLine == ""
	case ticket.TicketEscalated:
		if e.Escalation == c.Escalation {
			c.matter = e.Matter
		}
	case ticket.FaultRecorded:
		if e.Line == c.FaultLine {
			c.fault = join(e.Device, e.Location, e.Symptom)
		}
	case repair.ReturnApproved:
		if e.Gate == repair.DepartmentManager {
			c.Approved = e.Amount
		}
	case repair.DeviceShipped:
		c.shipped = true
	case repair.ReturnRejected:
		if !c.shipped { // takes every approval back
			c.Approved = money.Amount{}
		}
	case repair.ReturnResubmitted:
		c.estimate = e.Cost
	case repair.ReturnOpened:
		c.sent, c.estimate = e, e.Cost
		c.wantPart(e.Part)
		c.Device = c.deviceOf(e)
		fill(&c.Project, e.Project)
		fill(&c.Ticket, e.Ticket)
	case repair.CompensationSheetFiled:
		c.Device, c.centerDay = e.Damage, e.FiledOn // as on the sheet; it names the account that it was quoted in
		fill(&c.Project, e.Project)
		return true
	case requisition.MaterialRequested:
		fill(&c.Project, e.Project)
		return true
	}
	return false
}

// cameBefore follows a charge one account further back.
func (c *Context) cameBefore(from account.ChargePlace) (enough bool) {
	if c.cameFrom = from; from.Center == c.Center {
		c.charges[from.Charge] = true
	}
	return true
}

// balance is what the center owes and what is held for it, where that was to be learnt.
func (c Context) balance() (b account.Balance, known bool) {
	if c.Refunded == "" || c.account.MustExist(c.Center) != nil {
		return b, false
	}
	return c.account.Balance(), true
}

// deviceOf is the device of a return: its part by number and name, and its serial.
func (c Context) deviceOf(e repair.ReturnOpened) string { return join(c.part(e.Part), e.Serial) }

// reopen takes up what is owed again of a charge: open, or as what was written off.
func (c *Context) reopen(l account.Allocation) {
	for i, r := range c.reopened {
		if r.Charge == l.Charge && (r.Stage == account.WrittenOff) == (l.Stage == account.WrittenOff) {
			c.reopened[i].Amount = r.Amount.Add(l.Amount)
			return
		}
	}
	c.reopened = append(c.reopened, l)
}

// describe takes up a charge that is wanted; enough says that it was the last.
func (c *Context) describe(id domain.ChargeID, of charged) (enough bool) {
	if c.Bounced != "" || c.WriteOff != "" { // which charges these are of is known with their end only
		c.charged[id] = of
	}
	if c.charges[id] {
		c.charged[id] = of
		if len(c.charges) == 1 { // a claim is of all projects of its center
			fill(&c.Project, of.project)
		}
	}
	sought := c.Disputed != "" || c.WriteOff != "" || c.CreditNote != "" || c.Bounced != "" || c.Refunded != ""
	return !sought && len(c.charged) == len(c.charges)
}

// assigned takes the center that answers for the project on the day, unless the
// event names one itself. Assignments come in the order in which they were
// recorded, which need not be that of their dates.
func (c *Context) assigned(e project.CenterAssigned) {
	own, day := c.Center != "" && c.centerFrom.IsZero(), c.On
	if !c.centerDay.IsZero() {
		day = c.centerDay
	}
	if own || e.From.After(day) || e.From.Before(c.centerFrom) {
		return
	}
	c.Center, c.centerFrom = e.Center, e.From
}

// centerOn is the center that answered for the project on a day, as far as its
// assignments are known.
func (c Context) centerOn(day calendar.Date) (center domain.CenterID) {
	var since calendar.Date
	for _, a := range c.assignments {
		if !a.From.After(day) && !a.From.Before(since) {
			center, since = a.Center, a.From
		}
	}
	return center
}

// handedOver is the day from which a center answers for the project, by the last
// assignment to it; zero where none is known.
func (c Context) handedOver(to domain.CenterID) (from calendar.Date) {
	for _, a := range c.assignments {
		if a.Center == to {
			from = a.From
		}
	}
	return from
}

// report returns the sheet that an event speaks of.
func (c Context) report(form filing.Form, version int) filing.ReportFiled {
	for _, r := range c.reports {
		if r.Form == form && r.Version == version {
			return r
		}
	}
	return filing.ReportFiled{}
}

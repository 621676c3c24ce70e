package ticket

import "aftersales-ledger/domain"

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (Accept) CommandName() string           { return "AcceptTicket" }
func (Arrive) CommandName() string           { return "ArriveOnSite" }
func (Close) CommandName() string            { return "CloseTicket" }
func (CloseEscalation) CommandName() string  { return "CloseEscalation" }
func (Escalate) CommandName() string         { return "EscalateTicket" }
func (FollowUp) CommandName() string         { return "FollowUpEscalation" }
func (GiveOpinion) CommandName() string      { return "GiveOpinion" }
func (OverrideCoverage) CommandName() string { return "OverrideCoverage" }
func (RecordFault) CommandName() string      { return "RecordFault" }
func (Register) CommandName() string         { return "RegisterTicket" }
func (Reopen) CommandName() string           { return "ReopenTicket" }
func (Resolve) CommandName() string          { return "ResolveTicket" }
func (ReviewFaultLine) CommandName() string  { return "ReviewFaultLine" }
func (WithdrawArrival) CommandName() string  { return "WithdrawArrival" }

// Where each command is written that a state decides on alone, and who says it:
// see ledger.Do.

func (c Accept) At() (domain.Address, error)           { return domain.At("ticket", c.Ticket, Stream) }
func (c Arrive) At() (domain.Address, error)           { return domain.At("ticket", c.Ticket, Stream) }
func (c WithdrawArrival) At() (domain.Address, error)  { return domain.At("ticket", c.Ticket, Stream) }
func (c Resolve) At() (domain.Address, error)          { return domain.At("ticket", c.Ticket, Stream) }
func (c Close) At() (domain.Address, error)            { return domain.At("ticket", c.Ticket, Stream) }
func (c Reopen) At() (domain.Address, error)           { return domain.At("ticket", c.Ticket, Stream) }
func (c OverrideCoverage) At() (domain.Address, error) { return domain.At("ticket", c.Ticket, Stream) }
func (c Escalate) At() (domain.Address, error)         { return domain.At("ticket", c.Ticket, Stream) }
func (c GiveOpinion) At() (domain.Address, error)      { return domain.At("ticket", c.Ticket, Stream) }
func (c FollowUp) At() (domain.Address, error)         { return domain.At("ticket", c.Ticket, Stream) }
func (c CloseEscalation) At() (domain.Address, error)  { return domain.At("ticket", c.Ticket, Stream) }
func (c ReviewFaultLine) At() (domain.Address, error)  { return domain.At("ticket", c.Ticket, Stream) }

// SaidBy takes who enters it for the technician, if it names none.
func (c Accept) SaidBy(a domain.Actor) Accept {
	if c.By = a.Name; c.Technician == "" {
		c.Technician = c.By
	}
	return c
}

// SaidBy takes who enters it for the technician, if it names none.
func (c Arrive) SaidBy(a domain.Actor) Arrive {
	if c.By = a.Name; c.Technician == "" {
		c.Technician = c.By
	}
	return c
}
func (c WithdrawArrival) SaidBy(a domain.Actor) WithdrawArrival {
	c.By, c.Role = a.Name, a.Role
	return c
}
func (c Resolve) SaidBy(a domain.Actor) Resolve { c.By = a.Name; return c }
func (c Close) SaidBy(a domain.Actor) Close     { c.By = a.Name; return c }
func (c Reopen) SaidBy(a domain.Actor) Reopen   { c.By = a.Name; return c }
func (c OverrideCoverage) SaidBy(a domain.Actor) OverrideCoverage {
	c.By, c.Role = a.Name, a.Role
	return c
}
func (c Escalate) SaidBy(a domain.Actor) Escalate               { c.By = a.Name; return c }
func (c GiveOpinion) SaidBy(a domain.Actor) GiveOpinion         { c.By, c.Role = a.Name, a.Role; return c }
func (c FollowUp) SaidBy(a domain.Actor) FollowUp               { c.By = a.Name; return c }
func (c CloseEscalation) SaidBy(a domain.Actor) CloseEscalation { c.By = a.Name; return c }
func (c ReviewFaultLine) SaidBy(a domain.Actor) ReviewFaultLine { c.By = a.Name; return c }

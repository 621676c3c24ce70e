package project

import "aftersales-ledger/domain"

// The names of the commands are kept with the hashes of their content, see those
// of package account.
func (AssignCenter) CommandName() string       { return "AssignCenter" }
func (AdviseSpareParts) CommandName() string   { return "AdviseSpareParts" }
func (AmendWarranty) CommandName() string      { return "AmendWarranty" }
func (ChangePresence) CommandName() string     { return "ChangePresence" }
func (FinishHandoverItem) CommandName() string { return "FinishHandoverItem" }
func (HandOverForm) CommandName() string       { return "HandOverForm" }
func (OverrideTerms) CommandName() string      { return "OverrideTerms" }
func (PlanHandover) CommandName() string       { return "PlanHandover" }
func (PublishRoster) CommandName() string      { return "PublishRoster" }
func (Register) CommandName() string           { return "RegisterProject" }

// Where each command is written that a state decides on alone, and who says it:
// see ledger.Do.

func (c ChangePresence) At() (domain.Address, error) { return domain.At("project", c.Project, Stream) }
func (c PublishRoster) At() (domain.Address, error)  { return domain.At("project", c.Project, Stream) }
func (c HandOverForm) At() (domain.Address, error)   { return domain.At("project", c.Project, Stream) }
func (c OverrideTerms) At() (domain.Address, error)  { return domain.At("project", c.Project, Stream) }
func (c AmendWarranty) At() (domain.Address, error)  { return domain.At("project", c.Project, Stream) }
func (c FinishHandoverItem) At() (domain.Address, error) {
	return domain.At("project", c.Project, Stream)
}
func (c AdviseSpareParts) At() (domain.Address, error) {
	return domain.At("project", c.Project, Stream)
}

func (c ChangePresence) SaidBy(domain.Actor) ChangePresence           { return c }
func (c PublishRoster) SaidBy(a domain.Actor) PublishRoster           { c.By = a.Name; return c }
func (c HandOverForm) SaidBy(a domain.Actor) HandOverForm             { c.By = a.Name; return c }
func (c OverrideTerms) SaidBy(a domain.Actor) OverrideTerms           { c.By = a.Name; return c }
func (c AmendWarranty) SaidBy(a domain.Actor) AmendWarranty           { c.By = a.Name; return c }
func (c FinishHandoverItem) SaidBy(a domain.Actor) FinishHandoverItem { c.By = a.Name; return c }
func (c AdviseSpareParts) SaidBy(a domain.Actor) AdviseSpareParts     { c.By = a.Name; return c }

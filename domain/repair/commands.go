package repair

import "aftersales-ledger/domain"

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (ClaimPayment) CommandName() string   { return "ClaimRepairPayment" }
func (Finish) CommandName() string         { return "FinishReturn" }
func (FollowUp) CommandName() string       { return "FollowUpReturn" }
func (Open) CommandName() string           { return "OpenReturn" }
func (ReleasePayment) CommandName() string { return "ReleaseRepairPayment" }
func (Resubmit) CommandName() string       { return "ResubmitReturn" }
func (Ship) CommandName() string           { return "ShipReturn" }

// Where each command is written that a state decides on alone, and who says it:
// see ledger.Do.

func (c Resubmit) At() (domain.Address, error) { return domain.At("return", c.Return, Stream) }
func (c FollowUp) At() (domain.Address, error) { return domain.At("return", c.Return, Stream) }
func (c Finish) At() (domain.Address, error)   { return domain.At("return", c.Return, Stream) }

func (c Resubmit) SaidBy(a domain.Actor) Resubmit { c.By = a.Name; return c }
func (c FollowUp) SaidBy(a domain.Actor) FollowUp { c.By = a.Name; return c }
func (c Finish) SaidBy(domain.Actor) Finish       { return c }

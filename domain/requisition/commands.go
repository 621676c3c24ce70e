package requisition

import "aftersales-ledger/domain"

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (Decide) CommandName() string   { return "DecideRequisition" }
func (Order) CommandName() string    { return "OrderMaterial" }
func (Request) CommandName() string  { return "RequestMaterial" }
func (Resubmit) CommandName() string { return "ResubmitRequisition" }

// Where each command is written that a state decides on alone, and who says it:
// see ledger.Do.

func (c Resubmit) At() (domain.Address, error) {
	return domain.At("requisition", c.Requisition, Stream)
}
func (c Order) At() (domain.Address, error) { return domain.At("requisition", c.Requisition, Stream) }

func (c Resubmit) SaidBy(a domain.Actor) Resubmit { c.By = a.Name; return c }
func (c Order) SaidBy(a domain.Actor) Order       { c.By = a.Name; return c }

package depot

import "aftersales-ledger/domain"

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (Adjust) CommandName() string         { return "AdjustStock" }
func (Count) CommandName() string          { return "CountStock" }
func (HandIn) CommandName() string         { return "HandInFaultyUnit" }
func (Issue) CommandName() string          { return "IssuePart" }
func (Receive) CommandName() string        { return "ReceivePart" }
func (RejectTransfer) CommandName() string { return "RejectTransfer" }
func (ReturnUnused) CommandName() string   { return "ReturnUnusedParts" }
func (Scrap) CommandName() string          { return "ScrapParts" }
func (ShipFaulty) CommandName() string     { return "ShipFaultyUnits" }
func (TransferIn) CommandName() string     { return "ReceiveTransfer" }
func (TransferOut) CommandName() string    { return "TransferParts" }

// Where each command is written that a state decides on alone, and who says it:
// see ledger.Do.

func (c ReturnUnused) At() (domain.Address, error) {
	return domain.Address{Stream: Stream(c.Project), Of: c.Project}, nil
}
func (c HandIn) At() (domain.Address, error) {
	return domain.Address{Stream: Stream(c.Project), Of: c.Project}, nil
}
func (c Count) At() (domain.Address, error) {
	return domain.Address{Stream: Stream(c.Project), Of: c.Project}, nil
}
func (c Adjust) At() (domain.Address, error) {
	return domain.Address{Stream: Stream(c.Project), Of: c.Project}, nil
}

func (c ReturnUnused) SaidBy(domain.Actor) ReturnUnused { return c }
func (c HandIn) SaidBy(domain.Actor) HandIn             { return c }
func (c Count) SaidBy(a domain.Actor) Count             { c.By = a.Name; return c }
func (c Adjust) SaidBy(a domain.Actor) Adjust           { c.By = a.Name; return c }

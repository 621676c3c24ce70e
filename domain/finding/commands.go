package finding

import "aftersales-ledger/domain"

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (Assign) CommandName() string { return "AssignFinding" }
func (Close) CommandName() string  { return "CloseFinding" }
func (Reopen) CommandName() string { return "ReopenFinding" }

// Where each command is written that a state decides on alone, and who says it:
// see ledger.Do.

func (c Assign) At() (domain.Address, error) { return domain.Address{Stream: Stream(c.Finding)}, nil }
func (c Reopen) At() (domain.Address, error) { return domain.Address{Stream: Stream(c.Finding)}, nil }

func (c Assign) SaidBy(a domain.Actor) Assign { c.By = a.Name; return c }
func (c Reopen) SaidBy(a domain.Actor) Reopen { c.By = a.Name; return c }

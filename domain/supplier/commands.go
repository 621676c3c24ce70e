package supplier

import "aftersales-ledger/domain"

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (Record) CommandName() string { return "RecordSupplier" }

// Where each command is written that a state decides on alone, and who says it:
// see ledger.Do.

func (Record) At() (domain.Address, error) { return domain.Address{Stream: Stream}, nil }

func (c Record) SaidBy(a domain.Actor) Record { c.By = a.Name; return c }

package importlayout

import "aftersales-ledger/domain"

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (Save) CommandName() string { return "SaveImportLayout" }

// Where each command is written that a state decides on alone, and who says it:
// see ledger.Do.

func (c Save) At() (domain.Address, error) { return domain.Address{Stream: Stream(c.Kind)}, nil }

func (c Save) SaidBy(domain.Actor) Save { return c }

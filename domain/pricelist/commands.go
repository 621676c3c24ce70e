package pricelist

import "aftersales-ledger/domain"

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (Publish) CommandName() string { return "PublishPriceList" }

// Where each command is written that a state decides on alone, and who says it:
// see ledger.Do.

func (Publish) At() (domain.Address, error) { return domain.Address{Stream: Stream}, nil }

func (c Publish) SaidBy(domain.Actor) Publish { return c }

package notice

import "aftersales-ledger/domain"

// The names under which commands are hashed for ever, whatever their Go types
// come to be called.

func (Resend) CommandName() string { return "ResendNotice" }
func (Record) CommandName() string { return "RecordNotice" }
func (Begin) CommandName() string  { return "StartNotices" }

// Where each command is written that a state decides on alone, and who says it:
// see ledger.Do.

func (c Resend) At() (domain.Address, error) { return domain.At("notice", c.Notice, Stream) }

func (c Resend) SaidBy(a domain.Actor) Resend { c.By = a.Name; return c }

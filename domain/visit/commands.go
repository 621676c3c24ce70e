package visit

import "aftersales-ledger/domain"

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (Make) CommandName() string     { return "RecordVisit" }
func (Withdraw) CommandName() string { return "WithdrawVisit" }

// Where each command is written that a state decides on alone, and who says it:
// see ledger.Do.

func (c Withdraw) At() (domain.Address, error) {
	return domain.Address{Stream: Stream(c.Project, c.On.Month()), Of: c.Project}, nil
}

func (c Withdraw) SaidBy(a domain.Actor) Withdraw { c.By = a.Name; return c }

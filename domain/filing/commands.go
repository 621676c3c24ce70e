package filing

import "aftersales-ledger/domain"

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (File) CommandName() string   { return "FileReport" }
func (Review) CommandName() string { return "ReviewReport" }
func (Send) CommandName() string   { return "SendReport" }

// Where each command is written that a state decides on alone, and who says it:
// see ledger.Do.

func (c Review) At() (domain.Address, error) {
	return domain.Address{Stream: Stream(c.Project, c.Month), Of: c.Project}, nil
}
func (c Send) At() (domain.Address, error) {
	return domain.Address{Stream: Stream(c.Project, c.Month), Of: c.Project}, nil
}

func (c Review) SaidBy(a domain.Actor) Review { c.By, c.Step = a.Name, a.Role; return c }
func (c Send) SaidBy(a domain.Actor) Send     { c.By = a.Name; return c }

package ticket

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/policy"
)

// BearerOf returns who bears the cost of what a line of the fault record
// replaced, by the coverage frozen on the ticket (§5.4); empty for a line that
// the ticket does not have.
func (t *Ticket) BearerOf(line domain.FaultLineID) policy.Bearer {
	l, _ := t.line(line)
	return l.Bearer
}

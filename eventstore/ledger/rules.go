package ledger

import "aftersales-ledger/domain/policy"

// Rules are the department's rules that commands are decided by.
func (l *Ledger) Rules() policy.Policy { return l.rules }

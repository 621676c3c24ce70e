package visit

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (Make) CommandName() string     { return "RecordVisit" }
func (Withdraw) CommandName() string { return "WithdrawVisit" }

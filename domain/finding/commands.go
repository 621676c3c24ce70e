package finding

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (Assign) CommandName() string { return "AssignFinding" }
func (Close) CommandName() string  { return "CloseFinding" }
func (Reopen) CommandName() string { return "ReopenFinding" }

package project

// CommandName is kept with the hash of the command's content, see the commands
// of package account.
func (AssignCenter) CommandName() string { return "AssignCenter" }

package importlayout

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (Save) CommandName() string { return "SaveImportLayout" }

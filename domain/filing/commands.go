package filing

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (File) CommandName() string   { return "FileReport" }
func (Review) CommandName() string { return "ReviewReport" }
func (Send) CommandName() string   { return "SendReport" }

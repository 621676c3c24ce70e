package number

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (DocumentNumberClaimed) CommandName() string { return "ClaimDocumentNumber" }

package catalogue

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (Describe) CommandName() string { return "DescribePart" }

package payables

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (Abandon) CommandName() string { return "AbandonPaymentRequest" }
func (Pay) CommandName() string     { return "PaySupplier" }
func (Return) CommandName() string  { return "ReturnPaymentRequest" }

package ledger

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (AnswerFaultLine) CommandName() string  { return "AnswerFaultLine" }
func (ChargeBatch) CommandName() string      { return "AccrueCharges" }
func (ConfirmLetter) CommandName() string    { return "ConfirmLetter" }
func (DecideReturn) CommandName() string     { return "DecideReturn" }
func (FileCompensation) CommandName() string { return "FileCompensation" }
func (Notify) CommandName() string           { return "NotifyTeam" }
func (QuoteRepair) CommandName() string      { return "QuoteRepair" }
func (ReceivePurchase) CommandName() string  { return "ReceivePurchase" }
func (RequestPayment) CommandName() string   { return "RequestPayment" }

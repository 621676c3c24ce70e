package account

// The names of the commands are kept with the hashes of their content, by which
// a repeat is told from another command under the same key. Like the names of
// events they are explicit, and so are the names of the fields, in their tags:
// neither follows a change of the Go code. A field that says nothing is left out,
// so that one that joins later changes no hash.

func (Open) CommandName() string               { return "OpenAccount" }
func (AccrueCharge) CommandName() string       { return "AccrueCharge" }
func (ReceivePayment) CommandName() string     { return "ReceivePayment" }
func (AllocatePayment) CommandName() string    { return "AllocatePayment" }
func (RequestOffList) CommandName() string     { return "RequestOffList" }
func (DecideOffList) CommandName() string      { return "DecideOffList" }
func (ExecuteOffList) CommandName() string     { return "ExecuteOffList" }
func (QuoteCompensation) CommandName() string  { return "QuoteCompensation" }
func (ChargeCompensation) CommandName() string { return "ChargeCompensation" }
func (IssueCreditNote) CommandName() string    { return "IssueCreditNote" }
func (RequestWriteOff) CommandName() string    { return "RequestWriteOff" }
func (DecideWriteOff) CommandName() string     { return "DecideWriteOff" }
func (ReallocatePayment) CommandName() string  { return "ReallocatePayment" }
func (RefundPayment) CommandName() string      { return "RefundPayment" }
func (BouncePayment) CommandName() string      { return "BouncePayment" }
func (IssueStatement) CommandName() string     { return "IssueStatement" }
func (ConfirmStatement) CommandName() string   { return "ConfirmStatement" }
func (DisputeCharge) CommandName() string      { return "DisputeCharge" }
func (RejectDispute) CommandName() string      { return "RejectDispute" }
func (ReopenStatement) CommandName() string    { return "ReopenStatement" }
func (ReportStatement) CommandName() string    { return "ReportStatement" }
func (IssueClaim) CommandName() string         { return "IssueClaim" }
func (IssueReminder) CommandName() string      { return "IssueReminder" }
func (RemindOfReply) CommandName() string      { return "RemindOfReply" }
func (NoteFollowUp) CommandName() string       { return "NoteFollowUp" }
func (ReportCharges) CommandName() string      { return "ReportCharges" }

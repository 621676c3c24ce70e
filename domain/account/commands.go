package account

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
)

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
func (RecordPaperReply) CommandName() string   { return "RecordPaperReply" }
func (DisputeCharge) CommandName() string      { return "DisputeCharge" }
func (RejectDispute) CommandName() string      { return "RejectDispute" }
func (ReopenStatement) CommandName() string    { return "ReopenStatement" }
func (ReportStatement) CommandName() string    { return "ReportStatement" }
func (IssueClaim) CommandName() string         { return "IssueClaim" }
func (IssueReminder) CommandName() string      { return "IssueReminder" }
func (RemindOfReply) CommandName() string      { return "RemindOfReply" }
func (NoteFollowUp) CommandName() string       { return "NoteFollowUp" }
func (ReportCharges) CommandName() string      { return "ReportCharges" }

// Where each command is written that a state decides on alone, and who says it:
// see ledger.Do.

func (c Open) At() (domain.Address, error)              { return domain.At("center", c.Center, Stream) }
func (c AllocatePayment) At() (domain.Address, error)   { return domain.At("center", c.Center, Stream) }
func (c ReallocatePayment) At() (domain.Address, error) { return domain.At("center", c.Center, Stream) }
func (c IssueCreditNote) At() (domain.Address, error)   { return domain.At("center", c.Center, Stream) }
func (c RequestWriteOff) At() (domain.Address, error)   { return domain.At("center", c.Center, Stream) }
func (c DecideWriteOff) At() (domain.Address, error)    { return domain.At("center", c.Center, Stream) }
func (c BouncePayment) At() (domain.Address, error)     { return domain.At("center", c.Center, Stream) }
func (c ConfirmStatement) At() (domain.Address, error)  { return domain.At("center", c.Center, Stream) }
func (c DisputeCharge) At() (domain.Address, error)     { return domain.At("center", c.Center, Stream) }
func (c RejectDispute) At() (domain.Address, error)     { return domain.At("center", c.Center, Stream) }
func (c ReopenStatement) At() (domain.Address, error)   { return domain.At("center", c.Center, Stream) }
func (c ReportStatement) At() (domain.Address, error)   { return domain.At("center", c.Center, Stream) }
func (c IssueReminder) At() (domain.Address, error)     { return domain.At("center", c.Center, Stream) }
func (c RemindOfReply) At() (domain.Address, error)     { return domain.At("center", c.Center, Stream) }
func (c NoteFollowUp) At() (domain.Address, error)      { return domain.At("center", c.Center, Stream) }
func (c IssueStatement) At() (domain.Address, error)    { return domain.At("center", c.Center, Stream) }
func (c IssueClaim) At() (domain.Address, error)        { return domain.At("center", c.Center, Stream) }

// Enters says where the account begins to lie.
func (c Open) Enters() (field string, at access.Place) {
	return "region", access.Place{Region: c.Region}
}

func (c Open) SaidBy(domain.Actor) Open                           { return c }
func (c AllocatePayment) SaidBy(domain.Actor) AllocatePayment     { return c }
func (c ReallocatePayment) SaidBy(domain.Actor) ReallocatePayment { return c }
func (c IssueCreditNote) SaidBy(a domain.Actor) IssueCreditNote   { c.By = a.Name; return c }
func (c RequestWriteOff) SaidBy(a domain.Actor) RequestWriteOff   { c.By = a.Name; return c }
func (c DecideWriteOff) SaidBy(a domain.Actor) DecideWriteOff     { c.By = a.Name; return c }
func (c BouncePayment) SaidBy(a domain.Actor) BouncePayment       { c.By = a.Name; return c }
func (c ConfirmStatement) SaidBy(a domain.Actor) ConfirmStatement { c.By = a.Name; return c }
func (c DisputeCharge) SaidBy(a domain.Actor) DisputeCharge       { c.By = a.Name; return c }
func (c RejectDispute) SaidBy(a domain.Actor) RejectDispute       { c.By = a.Name; return c }
func (c ReopenStatement) SaidBy(a domain.Actor) ReopenStatement   { c.By = a.Name; return c }
func (c ReportStatement) SaidBy(a domain.Actor) ReportStatement   { c.By = a.Name; return c }
func (c IssueReminder) SaidBy(a domain.Actor) IssueReminder       { c.By = a.Name; return c }
func (c RemindOfReply) SaidBy(a domain.Actor) RemindOfReply       { c.By = a.Name; return c }
func (c NoteFollowUp) SaidBy(a domain.Actor) NoteFollowUp         { c.By = a.Name; return c }
func (c IssueStatement) SaidBy(a domain.Actor) IssueStatement     { c.By = a.Name; return c }
func (c IssueClaim) SaidBy(a domain.Actor) IssueClaim             { c.By = a.Name; return c }

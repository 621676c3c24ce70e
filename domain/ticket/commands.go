package ticket

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (Accept) CommandName() string           { return "AcceptTicket" }
func (Arrive) CommandName() string           { return "ArriveOnSite" }
func (Close) CommandName() string            { return "CloseTicket" }
func (CloseEscalation) CommandName() string  { return "CloseEscalation" }
func (Escalate) CommandName() string         { return "EscalateTicket" }
func (FollowUp) CommandName() string         { return "FollowUpEscalation" }
func (GiveOpinion) CommandName() string      { return "GiveOpinion" }
func (OverrideCoverage) CommandName() string { return "OverrideCoverage" }
func (RecordFault) CommandName() string      { return "RecordFault" }
func (Register) CommandName() string         { return "RegisterTicket" }
func (Reopen) CommandName() string           { return "ReopenTicket" }
func (Resolve) CommandName() string          { return "ResolveTicket" }
func (ReviewFaultLine) CommandName() string  { return "ReviewFaultLine" }
func (WithdrawArrival) CommandName() string  { return "WithdrawArrival" }

package repair

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (ClaimPayment) CommandName() string   { return "ClaimRepairPayment" }
func (Finish) CommandName() string         { return "FinishReturn" }
func (FollowUp) CommandName() string       { return "FollowUpReturn" }
func (Open) CommandName() string           { return "OpenReturn" }
func (ReleasePayment) CommandName() string { return "ReleaseRepairPayment" }
func (Resubmit) CommandName() string       { return "ResubmitReturn" }
func (Ship) CommandName() string           { return "ShipReturn" }

package project

// The names of the commands are kept with the hashes of their content, see those
// of package account.
func (AssignCenter) CommandName() string       { return "AssignCenter" }
func (AdviseSpareParts) CommandName() string   { return "AdviseSpareParts" }
func (AmendWarranty) CommandName() string      { return "AmendWarranty" }
func (ChangePresence) CommandName() string     { return "ChangePresence" }
func (FinishHandoverItem) CommandName() string { return "FinishHandoverItem" }
func (HandOverForm) CommandName() string       { return "HandOverForm" }
func (OverrideTerms) CommandName() string      { return "OverrideTerms" }
func (PlanHandover) CommandName() string       { return "PlanHandover" }
func (PublishRoster) CommandName() string      { return "PublishRoster" }
func (Register) CommandName() string           { return "RegisterProject" }

package requisition

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (Decide) CommandName() string   { return "DecideRequisition" }
func (Order) CommandName() string    { return "OrderMaterial" }
func (Request) CommandName() string  { return "RequestMaterial" }
func (Resubmit) CommandName() string { return "ResubmitRequisition" }

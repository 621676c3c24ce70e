package depot

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (Adjust) CommandName() string       { return "AdjustStock" }
func (Count) CommandName() string        { return "CountStock" }
func (HandIn) CommandName() string       { return "HandInFaultyUnit" }
func (Issue) CommandName() string        { return "IssuePart" }
func (Receive) CommandName() string      { return "ReceivePart" }
func (ReturnUnused) CommandName() string { return "ReturnUnusedParts" }
func (Scrap) CommandName() string        { return "ScrapParts" }
func (ShipFaulty) CommandName() string   { return "ShipFaultyUnits" }
func (TransferIn) CommandName() string   { return "ReceiveTransfer" }
func (TransferOut) CommandName() string  { return "TransferParts" }

package notice

// The names under which commands are hashed for ever, whatever their Go types
// come to be called.

func (Resend) CommandName() string { return "ResendNotice" }
func (Record) CommandName() string { return "RecordNotice" }
func (Begin) CommandName() string  { return "StartNotices" }

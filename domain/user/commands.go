package user

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (Begin) CommandName() string     { return "BeginUsers" }
func (Create) CommandName() string    { return "CreateUser" }
func (Invite) CommandName() string    { return "InviteUser" }
func (Change) CommandName() string    { return "ChangeUserDetails" }
func (Grant) CommandName() string     { return "GrantRole" }
func (Withdraw) CommandName() string  { return "WithdrawGrant" }
func (Suspend) CommandName() string   { return "SuspendUser" }
func (Reinstate) CommandName() string { return "ReinstateUser" }

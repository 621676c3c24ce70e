package user

import "aftersales-ledger/domain"

// The names of the commands are kept with the hashes of their content, see those
// of package account.

func (Begin) CommandName() string     { return "BeginUsers" }
func (Create) CommandName() string    { return "CreateUser" }
func (Enroll) CommandName() string    { return "EnrollUser" }
func (Invite) CommandName() string    { return "InviteUser" }
func (Change) CommandName() string    { return "ChangeUserDetails" }
func (Grant) CommandName() string     { return "GrantRole" }
func (Withdraw) CommandName() string  { return "WithdrawGrant" }
func (Suspend) CommandName() string   { return "SuspendUser" }
func (Reinstate) CommandName() string { return "ReinstateUser" }
func (Link) CommandName() string      { return "LinkIdentity" }
func (Unlink) CommandName() string    { return "UnlinkIdentity" }
func (Follow) CommandName() string    { return "FollowProvider" }

// Where each command is written that a state decides on alone, and who says it:
// see ledger.Do.

func (Begin) At() (domain.Address, error)     { return all, nil }
func (Create) At() (domain.Address, error)    { return all, nil }
func (Invite) At() (domain.Address, error)    { return all, nil }
func (Change) At() (domain.Address, error)    { return all, nil }
func (Grant) At() (domain.Address, error)     { return all, nil }
func (Withdraw) At() (domain.Address, error)  { return all, nil }
func (Suspend) At() (domain.Address, error)   { return all, nil }
func (Reinstate) At() (domain.Address, error) { return all, nil }
func (Link) At() (domain.Address, error)      { return all, nil }
func (Unlink) At() (domain.Address, error)    { return all, nil }
func (Follow) At() (domain.Address, error)    { return all, nil }

var all = domain.Address{Stream: Stream}

func (c Begin) SaidBy(a domain.Actor) Begin         { c.By = a.Name; return c }
func (c Create) SaidBy(a domain.Actor) Create       { c.By = a.Name; return c }
func (c Enroll) SaidBy(a domain.Actor) Enroll       { c.By = a.Name; return c }
func (c Invite) SaidBy(a domain.Actor) Invite       { c.By = a.Name; return c }
func (c Change) SaidBy(a domain.Actor) Change       { c.By = a.Name; return c }
func (c Grant) SaidBy(a domain.Actor) Grant         { c.By = a.Name; return c }
func (c Withdraw) SaidBy(a domain.Actor) Withdraw   { c.By = a.Name; return c }
func (c Suspend) SaidBy(a domain.Actor) Suspend     { c.By = a.Name; return c }
func (c Reinstate) SaidBy(a domain.Actor) Reinstate { c.By = a.Name; return c }
func (c Link) SaidBy(a domain.Actor) Link           { c.By = a.Name; return c }
func (c Unlink) SaidBy(a domain.Actor) Unlink       { c.By = a.Name; return c }
func (c Follow) SaidBy(a domain.Actor) Follow       { c.By = a.Name; return c }

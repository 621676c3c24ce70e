package user

import "aftersales-ledger/domain/access"

// Person is a user as the door sees them now.
type Person struct {
	Login     string // unique, in its one form: see domain.Login
	Name      string // 姓名, as papers write it
	Mail      string // empty: none is known
	Phone     string // empty: none is known
	Suspended bool
	// Grants are in force now; a suspended person has none.
	Grants []access.Grant
}

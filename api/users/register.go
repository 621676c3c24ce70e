// Package users has the routes of the people who are let in, and of what is granted to
// them. A handler decodes, asks the ledger and answers; the rules are the domain's, and no
// other room of this floor is imported.
package users

import "aftersales-ledger/api/kit"

type service struct{ *kit.Service }

// Register adds the routes of this room.
func Register(k *kit.Service) {
	s := &service{k}
	s.commands()
	s.views()
}

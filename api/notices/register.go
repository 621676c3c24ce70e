// Package notices has the routes of what was sent to whom, and what became of it. A handler
// decodes, asks the ledger or the read models and answers; the rules are the domain's, and
// no other room of this floor is imported.
package notices

import "aftersales-ledger/api/kit"

type service struct{ *kit.Service }

// Register adds the routes of this room.
func Register(k *kit.Service) {
	s := &service{k}
	s.notices()
}

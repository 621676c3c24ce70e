// Package parts has the routes of depots, the catalogue, reviews of fault lines and
// findings (§5.1.3). A handler decodes, asks the ledger or the read models and answers; the
// rules are the domain's, and no other room of this floor is imported.
package parts

import "aftersales-ledger/api/kit"

type service struct{ *kit.Service }

// Register adds the routes of this room.
func Register(k *kit.Service) {
	s := &service{k}
	s.reviews()
	s.findings()
	s.depots()
	s.catalogue()
	s.partViews()
}

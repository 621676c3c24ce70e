// Package repairs has the routes of devices at makers, what their repair costs,
// requisitions and suppliers (§5.2). A handler decodes, asks the ledger or the read models
// and answers; the rules are the domain's, and no other room of this floor is imported.
package repairs

import "aftersales-ledger/api/kit"

type service struct{ *kit.Service }

// Register adds the routes of this room.
func Register(k *kit.Service) {
	s := &service{k}
	s.returns()
	s.repairs()
	s.requisitions()
	s.paymentRequests()
	s.suppliers()
	s.repairViews()
}

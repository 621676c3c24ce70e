// Package money has the routes of what the centers owe (§5.3): charges, statements,
// payments, corrections and collection. A handler decodes, asks the ledger or the read
// models and answers; the rules are the domain's, and no other room of this floor is
// imported.
package money

import "aftersales-ledger/api/kit"

type service struct{ *kit.Service }

// Register adds the routes of this room.
func Register(k *kit.Service) {
	s := &service{k}
	s.centers()
	s.priceLists()
	s.charges()
	s.chargeBatches()
	s.payments()
	s.bankStatements()
	s.corrections()
	s.offList()
	s.statements()
	s.statementLinks()
	s.replyReminders()
	s.collection()
	s.views()
}

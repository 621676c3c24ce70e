// Package work has the routes of projects, their terms and people, tickets, visits and
// escalations (§5.1, §5.4). A handler decodes, asks the ledger or the read models and
// answers; the rules are the domain's, and no other room of this floor is imported.
package work

import "aftersales-ledger/api/kit"

type service struct{ *kit.Service }

// Register adds the routes of this room.
func Register(k *kit.Service) {
	s := &service{k}
	s.projects()
	s.projectTerms()
	s.serviceTables()
	s.tickets()
	s.ticketCourse()
	s.escalations()
	s.visits()
	s.workViews()
}

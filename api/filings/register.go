// Package filings has the routes of the monthly forms: filed, reviewed, collected and sent
// (§5.1.3, §5.1.4, §5.3.3). A handler decodes, asks the ledger or the read models and answers; the rules
// are the domain's, and no other room of this floor is imported.
package filings

import "aftersales-ledger/api/kit"

type service struct{ *kit.Service }

// Register adds the routes of this room.
func Register(k *kit.Service) {
	s := &service{k}
	s.filings()
}

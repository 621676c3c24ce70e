package account

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/duties"
)

// matter is something of the account to be decided on.
func matter(center domain.CenterID, document, decision string) duties.Matter {
	return duties.Matter{Kind: duties.Money, Center: center, Document: document, Decision: decision}
}

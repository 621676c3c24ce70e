// Package papers has the routes of every form of the trade, as a page, a worksheet or a
// PDF, and of the papers that came as files. A handler decodes and answers: package fill
// fills the papers, package forms lays them out, and no other room of this floor is
// imported.
package papers

import "aftersales-ledger/api/kit"

type service struct{ *kit.Service }

// Register adds the routes of this room.
func Register(k *kit.Service) {
	s := &service{k}
	s.papers()
	s.attachments()
}

package scenario

import (
	"context"
	"path/filepath"

	"aftersales-ledger/cmd/internal/notices"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/eventstore"
)

// noticeBook is the address book of a scenario, which its steps may replace.
type noticeBook struct {
	notices.Addresses
	replaced bool
}

// Reload implements what a reactor asks of a book that may change.
func (b *noticeBook) Reload() (changed bool, err error) {
	changed, b.replaced = b.replaced, false
	return changed, nil
}

// notify sends what is to be sent by now into the outbox of the scenario. In a
// scenario notices leave when a step says so, and are told of everything from
// the beginning, so that what a step records is always the same.
func (l *freshLedger) notify(ctx context.Context, book string) error {
	if l.book == nil {
		l.book = &noticeBook{Addresses: notices.Placeholders{}}
	}
	if book != "" {
		b, err := notices.ReadBook("the address book", []byte(book))
		if err != nil {
			return err
		}
		l.book.Addresses, l.book.replaced = b, true
	}
	if l.sender == nil {
		l.sender = notices.New(notices.Config{
			Store: l.app.Store, Registry: eventstore.Trade, Recorder: l.app.Ledger,
			Mailer:    notices.Outbox{Dir: filepath.Join(l.config.Data, "outbox")},
			Addresses: l.book, Sender: "ledger@outbox.invalid",
			Checkpoints: notices.CheckpointFile(filepath.Join(l.config.Data, "notices.checkpoint")),
			Rules:       policy.Default().Notices, Clock: l.clock.Now, From: new(uint64),
		})
	}
	_, err := l.sender.CatchUp(ctx)
	return err
}

package notices

import (
	"context"
	"crypto/rand"
	"time"

	"aftersales-ledger/api/door"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/eventstore"
)

// Post sends the letters of the door: what is in them is for one person, is wanted at
// once and is kept nowhere, so that they are no notices. It implements [door.Post].
type Post struct {
	Mailer Mailer
	Sender string
	Clock  eventstore.Clock
}

// letterTimeout bounds the sending of a letter: somebody waits for it.
const letterTimeout = 30 * time.Second

// Deliver implements [door.Post].
func (p Post) Deliver(ctx context.Context, l door.Letter) error {
	ctx, cancel := context.WithTimeout(ctx, letterTimeout)
	defer cancel()
	m := Message{
		Notice:   notice.Notice{ID: notice.ID("letter-" + rand.Text())},
		Headline: l.Subject, Letter: l.Body, From: p.Sender, Date: p.Clock(),
		ToWhom: []notice.Addressee{{Addresses: []string{l.To}}},
	}
	refused, err := p.Mailer.Send(ctx, m, true)
	if err == nil && len(refused) > 0 {
		return domain.Failed(nil, "the mail server does not take it: %s", refused[0].Reason)
	}
	return err
}

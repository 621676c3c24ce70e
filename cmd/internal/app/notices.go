package app

import (
	"cmp"
	"context"
	"path/filepath"
	"time"

	"aftersales-ledger/api/door"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/cmd/internal/notices"
	"aftersales-ledger/domain"
	"aftersales-ledger/eventstore"
)

// Notices says how notices are sent. The zero value writes them into the folder
// outbox of the Data folder, from now on.
type Notices struct {
	SMTP      string // mail server, see [notices.ParseSMTP]; empty: they go to the outbox folder
	Outbox    string // folder; empty: outbox in the Data folder
	Sender    string // mail address that they come from; needed with SMTP
	Addresses string // address book; needed with SMTP
	// NeedsDigestAt are times of the day, since midnight, at which ordinary needs
	// are told in one letter a project; empty: each at once.
	NeedsDigestAt []time.Duration
	From          *uint64 // log position after which they begin; nil: where they began before, or the end of the log
}

// outboxSender stands for a sender where no mail leaves (RFC 2606).
const outboxSender = "ledger@outbox.invalid"

func (n Notices) open(ctx context.Context, c Config, a *App) (*notices.Reactor, error) {
	config := notices.Config{
		Store: a.Store, Registry: eventstore.Trade, Recorder: a.Ledger,
		Checkpoints: notices.CheckpointFile(filepath.Join(c.Data, "notices.checkpoint")), Clock: c.Clock, Logger: c.Logger,
		From: n.From,
	}
	var err error
	if config.Rules, err = noticeRules(c.Policy); err != nil {
		return nil, err
	}
	config.Rules.NeedsDigestAt = n.NeedsDigestAt
	if config.Letterheads, err = readLetterheads(c); err != nil {
		return nil, err
	}
	config.Letterheads.Names = a.Ledger.People().NameOn
	config.Papers = mailedOf(a, config.Letterheads)
	if config.Mailer, config.Sender, err = n.mailer(c); err != nil {
		return nil, err
	}
	config.Addresses = notices.Placeholders{}
	if n.Addresses != "" {
		book, err := notices.OpenBook(n.Addresses)
		if err != nil {
			return nil, err
		}
		config.Addresses = book
	}
	config.Console = c.PublicURL
	if d, ours := a.Door.(*door.Door); ours && d.CanLink() {
		config.Links = d
	}
	r := notices.New(config)
	return r, r.Begin(ctx)
}

// mailer is how mails leave, and from whom.
func (n Notices) mailer(c Config) (m notices.Mailer, sender string, err error) {
	switch {
	case n.SMTP == "":
		m, sender = notices.Outbox{Dir: cmp.Or(n.Outbox, filepath.Join(c.Data, "outbox"))}, cmp.Or(n.Sender, outboxSender)
	case n.Sender == "" || n.Addresses == "":
		return nil, "", domain.Failed(nil,
			"mail server: needs the sender's mail address (--mail-from) and an address book (--addresses)")
	default:
		if m, err = notices.ParseSMTP(n.SMTP); err != nil {
			return nil, "", err
		}
		sender = n.Sender
	}
	if err := notices.CheckAddress(sender); err != nil {
		return nil, "", domain.Failed(err, "sender of notices")
	}
	return m, sender, nil
}

// post sends the letters of the door the way notices leave.
func (n Notices) post(c Config) (door.Post, error) {
	m, sender, err := n.mailer(c)
	if err != nil {
		return nil, err
	}
	return notices.Post{Mailer: m, Sender: sender, Clock: c.Clock}, nil
}

func (a *App) noticesStatus() kit.NoticesStatus {
	s := a.notices.Status()
	return kit.NoticesStatus{
		State: string(s.State), Reason: s.Reason, Channel: string(s.Channel), Position: s.Position, Waiting: s.Waiting,
		Held: s.Held, GivenUp: s.GivenUp,
	}
}

package notices

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"aftersales-ledger/domain/notice"
	"aftersales-ledger/eventstore"
)

// say writes a message in the language of those it is addressed to: in another
// than Chinese only where all of them read that. Who gets a copy reads the same.
func (m *Message) say(t notice.Text, more ...notice.Words) {
	language := notice.Chinese
	for i, a := range m.ToWhom {
		switch {
		case i == 0 && a.Language != "":
			language = a.Language
		case a.Language != language:
			language = notice.Chinese
		}
	}
	m.Headline, m.Letter = t.Subject.In(language), t.Body.In(language)
	for _, w := range more {
		m.Letter += w.In(language)
	}
}

// gather puts what waits for the same digest into one message, and returns whom
// it is sent for: j, and those that are due with it.
//
// The message is known by the digest of the first of them. Sent a second time
// after a crash, with those that are not recorded yet, it is the same one to a
// mail server.
func (r *Reactor) gather(ctx context.Context, j *job, m *Message) ([]*job, error) {
	together := []*job{j}
	if j.digest.IsZero() {
		return together, nil
	}
	list := []notice.Notice{j.Notice}
	for _, other := range r.queue {
		if other == j || other.lane != j.lane || other.digest.IsZero() || other.sent != nil ||
			r.cfg.Clock().Before(other.next) {
			continue
		}
		due := false
		if err := r.cfg.Recorder.Notice(ctx, other.ID, func(d *notice.Delivery) error {
			due = d.Due() && d.Copy() == m.Copy
			return nil
		}); err != nil {
			return nil, err
		}
		if due {
			together, list = append(together, other), append(list, other.Notice)
		}
	}
	m.Digest = fmt.Sprintf("needs-%s-%s", j.Place.Project, j.digest.UTC().Format("20060102T1504"))
	text, footer := notice.Digest(list)
	m.say(text, footer)
	return together, nil
}

// attach makes the papers that go with a notice.
func (r *Reactor) attach(ctx context.Context, j *job, m *Message) error {
	if r.cfg.Papers == nil {
		return nil
	}
	for _, p := range j.Papers {
		name, content, err := r.cfg.Papers.Paper(ctx, p, eventstore.Position(j.Cause.Position))
		if err != nil {
			return fmt.Errorf("paper %s: %w", p.Form, err)
		}
		m.Attachments = append(m.Attachments, Enclosure{name, content})
	}
	return nil
}

// attached is what is recorded of a message's papers.
func (m Message) attached() (list []notice.Attached) {
	for _, a := range m.Attachments {
		sum := sha256.Sum256(a.Content)
		list = append(list, notice.Attached{Name: a.Name, SHA256: hex.EncodeToString(sum[:])})
	}
	return list
}

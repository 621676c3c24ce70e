package notices

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"aftersales-ledger/domain/notice"
	"aftersales-ledger/eventstore"
)

// This file is how one notice after the other is handed over, and what is recorded of
// it.

// outage is a mail server that cannot be reached.
type outage struct {
	failures int
	until    time.Time
}

// tryAll tries every notice that is due. One that fails holds up those of its
// lane; a mail server that cannot be reached, everything.
func (r *Reactor) tryAll(ctx context.Context) error {
	now := r.cfg.Clock()
	if now.Before(r.down.until) {
		return nil
	}
	blocked := make(map[string]bool)
	var unreachable *DeliveryError
	kept := make([]*job, 0, len(r.queue))
	for i, j := range r.queue {
		if ctx.Err() != nil {
			r.queue = append(kept, r.queue[i:]...)
			return ctx.Err()
		}
		var (
			done bool
			err  error
		)
		switch {
		case unreachable != nil && j.sent == nil:
			done, err = r.failed(ctx, j, unreachable)
		case blocked[j.lane] || now.Before(j.next):
		default:
			done, err = r.try(ctx, j, &unreachable)
		}
		if !done {
			kept = append(kept, j)
			blocked[j.lane] = true
		}
		if err != nil {
			r.queue = append(kept, r.queue[i+1:]...)
			return err
		}
	}
	r.queue = kept
	if unreachable == nil {
		r.down = outage{}
		return nil
	}
	r.down.failures++
	r.down.until = now.Add(r.wait.RetryAfter(r.down.failures))
	return nil
}

// try sends one notice, if it is due, and records what became of it. done says
// that it needs no further try.
func (r *Reactor) try(ctx context.Context, j *job, unreachable **DeliveryError) (done bool, err error) {
	if j.sent != nil {
		return r.recordSent(ctx, j)
	}
	due, copies := false, 0
	if err := r.cfg.Recorder.Notice(ctx, j.ID, func(d *notice.Delivery) error {
		due, copies = d.Due(), d.Copy()
		if j.failures == 0 {
			j.failures, j.since = d.Failures()
		}
		return nil
	}); err != nil {
		return false, err
	}
	if !due {
		r.settle(j)
		return true, nil
	}
	m, lacking := r.address(j, copies)
	if lacking, err = r.ask(ctx, j, &m, lacking); err != nil {
		return false, err
	}
	if len(lacking) > 0 {
		return r.lacks(ctx, j, lacking)
	}
	together, err := r.gather(ctx, j, &m)
	if err != nil {
		return false, err
	}
	if err := r.attach(ctx, j, &m); err != nil {
		return r.failed(ctx, j, &DeliveryError{notice.NoPaper, err})
	}
	// What was begun is finished: a stop must not leave a message whose fate
	// nobody knows.
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTimeout)
	defer cancel()
	refused, err := r.send(sending, j, m)
	if err != nil {
		failure := deliveryError(err)
		if failure.Reason == notice.Unreachable {
			*unreachable = failure
		}
		return r.failed(ctx, j, failure)
	}
	for _, one := range together {
		one.sent = &notice.NoticeSent{
			Matter: one.matter(), Copy: m.Copy, To: m.ToWhom, Cc: m.CcWhom, Subject: m.Headline, Body: m.Letter,
			MessageID: m.MessageID(),
			Channel:   r.cfg.Mailer.Channel(), Refused: refused, Attachments: m.attached(),
		}
	}
	return r.recordSent(ctx, j)
}

func deliveryError(err error) *DeliveryError {
	var d *DeliveryError
	if errors.As(err, &d) {
		return d
	}
	return &DeliveryError{notice.Unreachable, err}
}

func (j *job) matter() notice.Matter {
	return notice.Matter{Notice: j.ID, Kind: j.Kind, Clause: j.Clause, Cause: j.Cause, Place: j.Place}
}

// address finds the addresses of everybody who is to be told; lacking are the
// roles that have none.
func (r *Reactor) address(j *job, copies int) (m Message, lacking []notice.Recipient) {
	m = Message{Notice: j.Notice, Copy: copies, From: r.cfg.Sender, Date: r.cfg.Clock()}
	find := func(list []notice.Recipient) (found []notice.Addressee) {
		for _, who := range list {
			a, ok := r.cfg.Addresses.Find(who, j.Place)
			if !ok {
				lacking = append(lacking, who)
				continue
			}
			found = append(found, a)
		}
		return found
	}
	m.ToWhom, m.CcWhom = find(j.To), find(j.Cc)
	m.say(j.Text, j.how(r.cfg.Console), j.Footer)
	return m, lacking
}

// recordSent records that a message left. Until that has succeeded the message
// is known here, and is not sent again.
func (r *Reactor) recordSent(ctx context.Context, j *job) (done bool, err error) {
	if _, err := r.cfg.Recorder.NoticeSent(context.WithoutCancel(ctx), *j.sent); err != nil {
		return false, fmt.Errorf("record that notice %s was sent: %w", j.ID, err)
	}
	r.note(func(s *Status) { s.Sent++ })
	r.log.Info("notice sent", "notice", j.ID, "kind", j.Kind, "center", j.Place.Center, "refused", len(j.sent.Refused))
	r.settle(j)
	return true, nil
}

// settle drops a notice that lacked an address from those that do.
func (r *Reactor) settle(j *job) {
	p := eventstore.Position(j.Cause.Position)
	if n, held := r.held[p]; j.again && held {
		if n <= 1 {
			delete(r.held, p)
		} else {
			r.held[p] = n - 1
		}
	}
}

// lacks records that nobody is known to send a notice to, and holds it until
// the address book has changed.
func (r *Reactor) lacks(ctx context.Context, j *job, lacking []notice.Recipient) (done bool, err error) {
	lines := make([]string, len(lacking))
	for i, who := range lacking {
		lines[i] = missing(who, j.Place)
	}
	e := r.undeliverable(j, notice.NoAddress, "add to the address book: "+strings.Join(lines, " "), notice.AwaitsAddress)
	if _, err := r.cfg.Recorder.NoticeUndeliverable(context.WithoutCancel(ctx), e); err != nil {
		return false, err
	}
	if !j.again {
		r.held[eventstore.Position(j.Cause.Position)]++
		r.note(func(s *Status) { s.Failed++ })
	}
	return true, nil
}

// failed records a failure, and decides whether the notice is tried again.
func (r *Reactor) failed(ctx context.Context, j *job, failure *DeliveryError) (done bool, err error) {
	now := r.cfg.Clock()
	if j.since.IsZero() {
		j.since = now
	}
	j.failures++
	outlook := notice.Retrying
	if failure.Reason == notice.Refused || now.Sub(j.since) >= r.wait.GiveUpAfter {
		outlook = notice.GivenUp
	}
	if failure.Reason != notice.Unreachable { // that has a pause of its own, for everything
		j.next = now.Add(r.wait.RetryAfter(j.failures))
	}
	e := r.undeliverable(j, failure.Reason, failure.Err.Error(), outlook)
	if _, err := r.cfg.Recorder.NoticeUndeliverable(context.WithoutCancel(ctx), e); err != nil {
		return false, fmt.Errorf("record that notice %s failed: %w", j.ID, err)
	}
	r.note(func(s *Status) { s.Failed++ })
	r.log.Warn("notice not sent", "notice", j.ID, "kind", j.Kind, "reason", failure.Reason, "attempts", j.failures,
		"outlook", outlook, "error", failure.Err)
	if outlook == notice.GivenUp {
		r.note(func(s *Status) { s.GivenUp++ })
		r.settle(j)
		return true, nil
	}
	return false, nil
}

// maxDetail bounds what is kept of a server's words, in characters.
const maxDetail = 500

func (r *Reactor) undeliverable(
	j *job, reason notice.Reason, detail string, outlook notice.Outlook,
) notice.NoticeUndeliverable {
	since := j.since
	if since.IsZero() {
		since = r.cfg.Clock()
	}
	if text := []rune(strings.ToValidUTF8(detail, "\uFFFD")); len(text) > maxDetail {
		detail = string(text[:maxDetail]) + "…"
	}
	return notice.NoticeUndeliverable{
		Matter: j.matter(), To: j.To, Cc: j.Cc, Subject: j.Notice.Subject.Chinese, Reason: reason,
		Detail:   strings.ToValidUTF8(detail, "\uFFFD"),
		Attempts: j.failures, Since: since, Outlook: outlook,
	}
}

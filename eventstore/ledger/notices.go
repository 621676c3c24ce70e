package ledger

import (
	"context"
	"fmt"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/eventstore"
)

// This file keeps what became of notices. The sender records it by these
// methods; people ask for a notice to be sent again.

// Notice shows the state of a notice's delivery to look, which must not keep it.
func (l *Ledger) Notice(ctx context.Context, id notice.ID, look func(*notice.Delivery) error) error {
	if err := domain.CheckID("notice", id); err != nil {
		return err
	}
	return inspect(ctx, l, notice.Stream(id), look)
}

// NoticeHistory returns what became of a notice, in order.
func (l *Ledger) NoticeHistory(ctx context.Context, id notice.ID) (events []domain.Event, err error) {
	if err := domain.CheckID("notice", id); err != nil {
		return nil, err
	}
	for e, err := range l.history(ctx, notice.Stream(id)) {
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	if len(events) == 0 {
		return nil, domain.NotFound("notice", string(id), "unknown-notice", "is not a notice that was sent or failed")
	}
	return events, nil
}

// NoticeSent records that a notice left. However often it is recorded, and by
// how many senders, it is recorded once.
func (l *Ledger) NoticeSent(ctx context.Context, e notice.NoticeSent) (eventstore.Outcome, error) {
	e.At = l.now()
	return l.onNotice(ctx, fmt.Sprintf("sent-%d", e.Copy), e.Matter,
		func(d *notice.Delivery) ([]notice.Event, error) { return d.Sent(e), nil })
}

// NoticeUndeliverable records why a notice could not be sent, once for each
// reason.
func (l *Ledger) NoticeUndeliverable(ctx context.Context, e notice.NoticeUndeliverable) (eventstore.Outcome, error) {
	e.At = l.now()
	key := fmt.Sprintf("%s-%s-%d-%d", e.Reason, e.Outlook, e.Attempts, e.Since.UnixNano())
	return l.onNotice(ctx, key, e.Matter,
		func(d *notice.Delivery) ([]notice.Event, error) { return d.Undeliverable(e), nil })
}

// onNotice executes under a key that says all there is to say: two senders that
// sent the same copy at different times mean the same fact.
func (l *Ledger) onNotice(
	ctx context.Context, key string, m notice.Matter, decide func(*notice.Delivery) ([]notice.Event, error),
) (eventstore.Outcome, error) {
	r := Request{Key: key, Actor: notice.Sender, CorrelationID: m.Cause.Event}
	return execute(ctx, l, r, notice.Stream(m.Notice), notice.Record{Notice: m.Notice}, decide)
}

// StartNotices records from where in the log notices are sent, and returns it:
// from a position, or from where they were before, or, if they never were, from
// the end of the log.
func (l *Ledger) StartNotices(ctx context.Context, from *uint64) (start eventstore.Position, err error) {
	head, err := l.exec.Head(ctx)
	if err != nil {
		return 0, err
	}
	key := fmt.Sprintf("start-%d", head)
	if from != nil {
		key += fmt.Sprintf("-from-%d", *from)
	}
	r := Request{Key: key, Actor: notice.Sender}
	_, err = execute(ctx, l, r, notice.SenderStream, notice.Begin{From: from},
		func(o *notice.Office) ([]notice.Event, error) { return o.Start(from, uint64(head), l.now()), nil })
	if err != nil {
		return 0, err
	}
	err = inspect(ctx, l, notice.SenderStream, func(o *notice.Office) error {
		start = eventstore.Position(o.From())
		return nil
	})
	return start, err
}

package notices

import (
	"context"
	"errors"
	"slices"
	"strings"

	"aftersales-ledger/api/door"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/notice"
)

// Links makes the links that open a statement for the heads of its center: the door
// does.
type Links interface {
	LinksTo(
		ctx context.Context, center domain.CenterID, q calendar.Quarter, version int, replyBy calendar.Date,
	) ([]door.Mailed, error)
}

// ownLetter is the letter of one head of a center: it alone carries their link, and
// what is recorded of the notice does not.
type ownLetter struct {
	door.Mailed
	gone    bool
	refused *notice.RefusedAddress // for good
}

// ask makes the letters of those who are to answer what a notice asks, once for as
// long as it is tried. They need no place in the address book.
func (r *Reactor) ask(
	ctx context.Context, j *job, m *Message, lacking []notice.Recipient,
) ([]notice.Recipient, error) {
	isHead := func(who notice.Recipient) bool { return who.Role == domain.CenterHead }
	if j.Asks == nil || r.cfg.Links == nil || slices.ContainsFunc(lacking, func(who notice.Recipient) bool {
		return !isHead(who)
	}) {
		return lacking, nil
	}
	if j.own == nil {
		a := j.Asks
		made, err := r.cfg.Links.LinksTo(ctx, a.Center, a.Quarter, a.Version, a.ReplyBy)
		if err != nil {
			return nil, err
		}
		j.own = []*ownLetter{}
		for _, l := range made {
			j.own = append(j.own, &ownLetter{Mailed: l})
		}
	}
	for _, l := range j.own {
		m.Apart = append(m.Apart, l.Mail)
		if !slices.ContainsFunc(m.everybody(), func(a string) bool { return strings.EqualFold(a, l.Mail) }) {
			m.ToWhom = append(m.ToWhom, notice.Addressee{
				Role: domain.CenterHead, Scope: notice.Center, Of: string(j.Asks.Center), Addresses: []string{l.Mail},
			})
		}
	}
	if len(j.own) > 0 {
		lacking = slices.DeleteFunc(lacking, isHead)
	}
	m.say(j.Text, j.how(r.cfg.Console), j.Footer)
	return lacking, nil
}

// how says how a notice is answered, to those who have no letter of their own.
func (j *job) how(console string) notice.Words {
	if j.Asks == nil {
		return notice.Words{}
	}
	return notice.HowToAnswer(notice.Ways{Console: console, Others: len(j.own) > 0})
}

// send hands a message over: first the letters that are one head's alone, each once,
// then the one of everybody else.
func (r *Reactor) send(ctx context.Context, j *job, m Message) (refused []notice.RefusedAddress, err error) {
	all := j.failures < r.wait.WaitForAll
	for _, l := range j.own {
		if l.gone {
			continue
		}
		own := m
		own.Own = l.Mail
		own.say(j.Text, notice.HowToAnswer(notice.Ways{Console: r.cfg.Console, Link: l.URL, Until: l.Until}), j.Footer)
		_, err := r.cfg.Mailer.Send(ctx, own, all)
		var failure *DeliveryError
		if errors.As(err, &failure) && failure.Reason == notice.Refused {
			l.refused, err = &notice.RefusedAddress{Address: l.Mail, Reason: failure.Err.Error()}, nil
		}
		if err != nil {
			return nil, err
		}
		l.gone = true
	}
	taken := false
	for _, l := range j.own {
		if taken = taken || l.refused == nil; l.refused != nil {
			refused = append(refused, *l.refused)
		}
	}
	if len(m.Recipients()) > 0 {
		others, err := r.cfg.Mailer.Send(ctx, m, all)
		var failure *DeliveryError
		switch {
		case err == nil:
			return append(refused, others...), nil
		case taken && errors.As(err, &failure) && failure.Reason == notice.Refused:
			for _, address := range m.Recipients() {
				refused = append(refused, notice.RefusedAddress{Address: address, Reason: failure.Err.Error()})
			}
		default:
			return nil, err
		}
	} else if !taken {
		return nil, &DeliveryError{notice.Refused, errors.New(refused[0].Address + ": " + refused[0].Reason)}
	}
	return refused, nil
}

package ledger

import (
	"context"
	"errors"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/eventstore"
)

// This file is where commands meet their streams: every one of them, and nowhere
// else. What holds for all commands stands here once.

// Command is a command that the state of one stream decides on with nothing from
// another: it names its stream, and takes the name of who says it.
type Command[C any] interface {
	eventstore.Named
	At() (domain.Address, error)
	SaidBy(domain.Actor) C
}

// When is what a decision asks of the clock: the business date, or the moment.
type When interface{ calendar.Date | time.Time }

// Do carries out a command by the decision that takes it, a method of the state:
//
//	ledger.Do(ctx, l, r, account.RejectDispute{…}, (*account.Account).RejectDispute)
//
// Commands that need more than their stream have a method of the ledger.
func Do[S any, E domain.Event, C Command[C], W When, P eventstore.State[S, E]](
	ctx context.Context, l *Ledger, r Request, c C, decide func(P, C, W) ([]E, error),
) (eventstore.Outcome, error) {
	at, err := c.At()
	if err == nil && at.Of != "" {
		err = l.projectExists(ctx, at.Of)
	}
	if err != nil {
		return eventstore.Outcome{}, err
	}
	c = c.SaidBy(r.Actor)
	if e, ok := any(c).(entering); ok {
		if err := l.mayEnter(e.Enters()); err != nil {
			return eventstore.Outcome{}, err
		}
		l = l.everywhere()
	}
	return execute(ctx, l, r, at.Stream, c, func(state P) ([]E, error) { return decide(state, c, moment[W](l)) })
}

func moment[W When](l *Ledger) (w W) {
	switch w := any(&w).(type) {
	case *calendar.Date:
		*w = l.today()
	case *time.Time:
		*w = l.now()
	}
	return w
}

// Dateless is a decision that does not ask which day it is, as Do takes it.
func Dateless[P, C, E any](decide func(P, C) ([]E, error)) func(P, C, calendar.Date) ([]E, error) {
	return func(state P, c C, _ calendar.Date) ([]E, error) { return decide(state, c) }
}

// ByRules is a decision that asks for the department's rules, as Do takes it.
func ByRules[P, C, E any](
	l *Ledger, decide func(P, C, policy.Policy, calendar.Date) ([]E, error),
) func(P, C, calendar.Date) ([]E, error) {
	return func(state P, c C, today calendar.Date) ([]E, error) { return decide(state, c, l.rules, today) }
}

// execute carries out a decision on a stream. What is hashed of the command is its
// content.
func execute[S any, E domain.Event, P eventstore.State[S, E]](
	ctx context.Context, l *Ledger, r Request, stream string, content eventstore.Named, decide func(P) ([]E, error),
) (eventstore.Outcome, error) {
	decide = inWholeUnits(ctx, l, content, decide)
	c, err := admitted(l, stream, r.command(content), decide)
	if err != nil {
		return eventstore.Outcome{}, err
	}
	out, err := eventstore.Execute(ctx, l.exec, stream, c, decide)
	for _, e := range out.Events {
		if isSite(e.EventType()) {
			l.sites.recorded(out.Position)
		}
	}
	if err == nil && stream == user.Stream {
		err = l.people.Refresh(ctx)
	}
	return out, err
}

// rehearse refuses what execute would refuse, and records nothing. known says that
// the command was carried out before.
func rehearse[S any, E domain.Event, P eventstore.State[S, E]](
	ctx context.Context, l *Ledger, r Request, stream string, content eventstore.Named, decide func(P) ([]E, error),
) (known bool, err error) {
	decide = inWholeUnits(ctx, l, content, decide)
	c, err := admitted(l, stream, r.command(content), decide)
	if err != nil {
		return false, err
	}
	return eventstore.Rehearse(ctx, l.exec, stream, c, decide)
}

// foresee refuses what execute would refuse, before anything else is recorded for
// the command. A refusal that is a fact is recorded, as execute would.
func foresee[S any, E domain.Event, P eventstore.State[S, E]](
	ctx context.Context, l *Ledger, r Request, stream string, content eventstore.Named, decide func(P) ([]E, error),
) (eventstore.Outcome, error) {
	_, err := rehearse(ctx, l, r, stream, content, decide)
	if refusal := (*domain.Rejection)(nil); errors.As(err, &refusal) && refusal.Fact != nil {
		return execute(ctx, l, r, stream, content, decide)
	}
	return eventstore.Outcome{}, err
}

// part is one command of several that are recorded together on a stream.
func part[S any, E domain.Event, P eventstore.State[S, E]](
	r Request, content eventstore.Named, decide func(P) ([]E, error),
) eventstore.Part[S, E, P] {
	return eventstore.Part[S, E, P]{Command: r.command(content), Decide: decide}
}

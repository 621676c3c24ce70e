package ledger

import (
	"context"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
)

// This file records the lines of lists that are imported: all that one stream
// takes of a list in one append, so that a crash leaves all of them or none. Each
// line keeps a key of its own, made of its content: the same list again, or grown
// longer, completes what broke off between two streams and records nothing twice.
//
// With partly, lines that are refused are left out; else they keep the others of
// their stream out as well, which eventstore.ErrLeftOut says.

// Listed is a line of a list, with the request that records it.
type Listed[C any] struct {
	Request Request
	Line    C
}

// AccrueListed charges a center for the lines of a list (§5.3.3), all of them of
// that center.
func (l *Ledger) AccrueListed(
	ctx context.Context, center domain.CenterID, lines []Listed[Charge], partly bool,
) ([]eventstore.Answer, error) {
	if err := domain.CheckID("center", center); err != nil {
		return nil, err
	}
	parts := make([]eventstore.Part[account.Account, account.Event, *account.Account], len(lines))
	for i, c := range lines {
		quote, refused := l.priceCharge(ctx, c.Line)
		if refused != nil && !isRefusal(refused) {
			return nil, refused
		}
		if l.scope.Has(access.Place{Project: c.Line.Project}) {
			l = l.naming(c.Line.Project)
		}
		parts[i] = part(c.Request, c.Line, func(a *account.Account) ([]account.Event, error) {
			if refused != nil {
				return nil, refused
			}
			return a.AccrueCharge(c.Line.AccrueCharge, quote, l.rules, l.today())
		})
	}
	return executeTogether(ctx, l, account.Stream(center), parts, partly)
}

// DescribeListed adds the parts of a list to the catalogue, or describes them anew.
func (l *Ledger) DescribeListed(
	ctx context.Context, lines []Listed[catalogue.Describe], partly bool,
) ([]eventstore.Answer, error) {
	parts := make([]eventstore.Part[catalogue.Catalogue, catalogue.Event, *catalogue.Catalogue], len(lines))
	for i, c := range lines {
		parts[i] = part(c.Request, c.Line, func(s *catalogue.Catalogue) ([]catalogue.Event, error) {
			return s.Describe(c.Line, c.Request.Actor.Name)
		})
	}
	return executeTogether(ctx, l, catalogue.Stream, parts, partly)
}

type ticketPart = eventstore.Part[ticket.Ticket, ticket.Event, *ticket.Ticket]

// FileFaults records lines of F1 that belong to one ticket, after registering and
// notifying it where a line makes it: the ticket and its lines in one append. The
// lines' numbers are claimed before, each by its ticket. It may be repeated, by
// anybody, after it broke off at any point; an answer to a repeat may carry no
// events.
func (l *Ledger) FileFaults(
	ctx context.Context, id domain.TicketID, lines []Listed[FiledFault], partly bool,
) ([]eventstore.Answer, error) {
	answers := make([]eventstore.Answer, len(lines))
	steps := make([][]ticketPart, len(lines))
	for i, c := range lines {
		var err error
		steps[i], answers[i].Repeated, err = l.fileFault(ctx, c.Request, c.Line)
		if err == nil && len(steps[i]) > 0 {
			// The claim has a key of its own actor's, so that one who completes what
			// another began is not taken for a repeat with other content.
			err = l.claimNumber(ctx, c.Request.step("claim"), claimOf(c.Line.Line), "line")
		}
		if err != nil && !isRefusal(err) {
			return nil, err
		}
		answers[i].Err = err
	}
	refused := slices.ContainsFunc(answers, func(a eventstore.Answer) bool { return a.Err != nil })
	var (
		parts []ticketPart
		of    []int // the line of each part
	)
	for i := range lines {
		switch {
		case answers[i].Err != nil || answers[i].Repeated:
		case refused && !partly:
			answers[i].Err = eventstore.ErrLeftOut
		default:
			parts = append(parts, steps[i]...)
			of = append(of, slices.Repeat([]int{i}, len(steps[i]))...)
		}
	}
	booked, err := executeTogether(ctx, l, ticket.Stream(id), parts, partly)
	if err != nil {
		return nil, err
	}
	for n, i := range of { // a line is its last step, or the one that was refused
		if answers[i].Err == nil {
			answers[i] = booked[n]
		}
	}
	return answers, nil
}

// fileFault are the steps on its ticket that record a line of F1; done says that
// it was recorded before.
func (l *Ledger) fileFault(ctx context.Context, r Request, f FiledFault) (steps []ticketPart, done bool, err error) {
	if done, err := l.RehearseFault(ctx, r, f); err != nil || done {
		return nil, done, err
	}
	if f.Register != nil {
		said := *f.Register // whose center it is is looked up, so that a repeat is the same command
		notify, err := l.coverFiled(ctx, &f)
		if err != nil {
			return nil, false, err
		}
		at := access.Place{Project: f.Register.Project, Center: f.Register.Center}
		if err := l.mayEnter("project", at); err != nil {
			return nil, false, err
		}
		steps = append(steps,
			part(r.step("register"), said, func(t *ticket.Ticket) ([]ticket.Event, error) {
				events, err := t.Register(*f.Register, l.now())
				if isRejection(err, "ticket-exists") {
					return nil, nil
				}
				return events, err
			}),
			part(r.step("notify"), Notify{Ticket: said.Ticket, NotifiedAt: said.RegisteredAt, Category: f.Category},
				func(t *ticket.Ticket) ([]ticket.Event, error) { return t.Notify(notify, l.now()) }))
	}
	f.Line.By = r.Actor.Name
	return append(steps, part(r, f.Line, func(t *ticket.Ticket) ([]ticket.Event, error) {
		return t.RecordFault(f.Line, l.today())
	})), false, nil
}

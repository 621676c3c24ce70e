package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"

	"github.com/shopspring/decimal"
	"golang.org/x/sync/errgroup"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/number"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
)

// This file serves whoever brings in many commands at once, from a list kept
// elsewhere: what holds on a date, what a command would answer, and whether it
// was carried out already.

// Head returns the position of the last event of the log.
func (l *Ledger) Head(ctx context.Context) (eventstore.Position, error) { return l.exec.Head(ctx) }

// Log returns up to limit events of the whole log after a position, as they
// were recorded.
func (l *Ledger) Log(
	ctx context.Context, after eventstore.Position, limit int,
) (events []eventstore.Recorded, more bool, err error) {
	if err := l.mustBeWhole(); err != nil {
		return nil, false, err
	}
	return l.exec.Log(ctx, after, limit)
}

// StreamShown is what a stream shows when it is read as a stream.
type StreamShown struct {
	Stream string
	Events int64                  // up to a position
	Digest eventstore.ChainDigest // of the last of them
	Cut    string                 // what an operator of the log did to it; empty if it is whole
}

// streamsAtOnce is how many streams are read side by side.
const streamsAtOnce = 8

// Streams reads each of these streams as commands read it, up to a position of
// the log. What the log holds and a stream does not show was taken away from it.
func (l *Ledger) Streams(ctx context.Context, names []string, through eventstore.Position) ([]StreamShown, error) {
	if err := l.mustBeWhole(); err != nil {
		return nil, err
	}
	shown := make([]StreamShown, len(names))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(streamsAtOnce)
	for i, name := range names {
		group.Go(func() (err error) {
			shown[i], err = l.stream(ctx, name, through)
			return err
		})
	}
	return shown, group.Wait()
}

func (l *Ledger) stream(ctx context.Context, name string, through eventstore.Position) (StreamShown, error) {
	s := StreamShown{Stream: name}
	err := l.exec.Whole(ctx, name)
	for rec, failed := range l.events(ctx, name) {
		if failed != nil {
			err = errors.Join(err, failed)
			break
		}
		if rec.Position > through {
			break
		}
		s.Events++
		s.Digest = rec.Digest()
	}
	var cut *eventstore.CutError
	switch {
	case errors.As(err, &cut):
		s.Cut = cut.What
		return s, nil
	case errors.Is(err, eventstore.ErrStreamNotFound):
		return s, nil
	}
	return s, err
}

// CenterOn returns the center that answers for a project on a date.
func (l *Ledger) CenterOn(ctx context.Context, id domain.ProjectID, d calendar.Date) (domain.CenterID, error) {
	terms, err := l.termsOn(ctx, id, d)
	return terms.Center, err
}

// MustKnowProject refuses a number that is no project's.
func (l *Ledger) MustKnowProject(ctx context.Context, id domain.ProjectID) error {
	return l.projectExists(ctx, id)
}

// MustKnowCenter refuses a number that is no property center's.
func (l *Ledger) MustKnowCenter(ctx context.Context, id domain.CenterID) error {
	return l.centerExists(ctx, id)
}

// KnowsPart reports whether the catalogue describes a part, or a project's depot
// has ever moved it; of one that is unknown there is what they know.
func (l *Ledger) KnowsPart(
	ctx context.Context, id domain.ProjectID, part domain.PartCode,
) (known bool, there []domain.Existing, err error) {
	if err := l.projectExists(ctx, id); err != nil {
		return false, nil, err
	}
	err = inspect(ctx, l, catalogue.Stream, func(c *catalogue.Catalogue) error {
		known, there = c.Describes(part), c.Parts()
		return nil
	})
	if known || err != nil {
		return known, nil, err
	}
	err = inspect(ctx, l, depot.Stream(id), func(d *depot.Depot) error {
		known = d.Knows(part)
		for _, p := range d.Parts() {
			if !slices.ContainsFunc(there, func(e domain.Existing) bool { return e.ID == p.ID }) {
				there = append(there, p)
			}
		}
		return nil
	})
	return known, there, err
}

// Quote returns the price of an item, named by code or Chinese name, in force
// on a date, and the money of a quantity of it.
func (l *Ledger) Quote(
	ctx context.Context, item string, d calendar.Date, quantity decimal.Decimal,
) (quote pricelist.Quote, line money.Line, err error) {
	if err := money.CheckQuantity("quantity", quantity); err != nil {
		return quote, line, err
	}
	err = inspect(ctx, l, pricelist.Stream, func(p *pricelist.List) (err error) {
		quote, err = p.Price(item, d)
		return err
	})
	if err == nil {
		err = money.CheckWhole("quantity", quote.Item.Unit, quantity)
	}
	if err == nil {
		line, err = money.PriceLine(quote.Item.Price, quantity, quote.Item.Tax)
	}
	return quote, line, err
}

// onceUnder tells whether a rehearsed command's key was used before, be it for
// this command or for another: a list's keys are made of its lines' content, so
// that who sent the line, which is all that can differ, does not matter.
func onceUnder(known bool, err error) (done bool, _ error) {
	if isRejection(err, "idempotency-key-reused") {
		return true, nil
	}
	return known, err
}

// RehearseCharge refuses what AccrueCharge would refuse, and records nothing.
// done says that a command was carried out under the request's key already,
// whatever its content.
func (l *Ledger) RehearseCharge(ctx context.Context, r Request, c Charge) (done bool, err error) {
	quote, err := l.priceCharge(ctx, c)
	if err != nil {
		return false, err
	}
	return onceUnder(rehearse(ctx, l.naming(c.Project), r, account.Stream(c.Center), c,
		func(a *account.Account) ([]account.Event, error) {
			return a.AccrueCharge(c.AccrueCharge, quote, l.rules, l.today())
		}))
}

// HeldCharges are the charges that were accrued to a center, as they were; none, if
// the center never had one under the number asked for. project is whose charge that
// would be.
func (l *Ledger) HeldCharges(
	ctx context.Context, project domain.ProjectID, center domain.CenterID, asked domain.ChargeID,
) (held map[domain.ChargeID]account.ChargeAccrued, err error) {
	l = l.naming(project)
	known := false
	if err := inspect(ctx, l, account.Stream(center), func(a *account.Account) error {
		known = a.Accrued(asked)
		return nil
	}); !known || err != nil {
		return nil, err
	}
	held = make(map[domain.ChargeID]account.ChargeAccrued)
	return held, l.EachEvent(ctx, account.Stream(center), func(e domain.Event) bool {
		if e, ok := e.(account.ChargeAccrued); ok {
			held[e.Charge] = e
		}
		return true
	})
}

// FiledFault is a line of F1 as a department files it: with the number of its
// ticket, or with what makes the ticket.
type FiledFault struct {
	// Register makes the ticket, if it does not exist, registered and notified
	// at the same instant; nil where the line belongs to a known ticket.
	Register *ticket.Register
	Category policy.Category // of the ticket that Register makes
	Line     ticket.RecordFault
}

// RehearseFault refuses what FileFaults would refuse, and records nothing. done
// says that a line was recorded under the request's key already.
func (l *Ledger) RehearseFault(ctx context.Context, r Request, f FiledFault) (done bool, err error) {
	notify, err := l.coverFiled(ctx, &f)
	if err != nil {
		return false, err
	}
	claim := claimOf(f.Line)
	if err := domain.FirstError(domain.CheckID("ticket", f.Line.Ticket), domain.CheckID("line", f.Line.Line)); err != nil {
		return false, err
	}
	if err := inspect(ctx, l, number.Stream(claim.Series, claim.Number), func(n *number.Number) error {
		_, err := n.Claim("line", claim)
		return err
	}); err != nil {
		return false, err
	}
	return onceUnder(rehearse(ctx, l, r, ticket.Stream(f.Line.Ticket), f.Line,
		func(t *ticket.Ticket) ([]ticket.Event, error) {
			ahead := *t // neither step below touches what a ticket shares with its copy
			if f.Register != nil {
				if err := l.play(&ahead, *f.Register, notify); err != nil {
					return nil, err
				}
			}
			return nil, ahead.CheckFault(f.Line, l.today())
		}))
}

// HeldFault is the line of F1 that the ticket of a command has under its number.
func (l *Ledger) HeldFault(
	ctx context.Context, c ticket.RecordFault,
) (held ticket.FaultRecorded, found bool, err error) {
	err = l.EachEvent(ctx, ticket.Stream(c.Ticket), func(e domain.Event) bool {
		if e, ok := e.(ticket.FaultRecorded); ok && e.Line == c.Line {
			held, found = e, true
		}
		return !found
	})
	return held, found, err
}

// HeldCount is the count sheet that a depot has under a number.
func (l *Ledger) HeldCount(
	ctx context.Context, project domain.ProjectID, id domain.SlipID,
) (held depot.StockCounted, found bool, err error) {
	err = l.EachEvent(ctx, depot.Stream(project), func(e domain.Event) bool {
		if e, ok := e.(depot.StockCounted); ok && e.Count == id {
			held, found = e, true
		}
		return !found
	})
	return held, found, err
}

// play registers and notifies a ticket in memory alone, where it is not.
func (l *Ledger) play(t *ticket.Ticket, register ticket.Register, notify ticket.Notify) error {
	if _, err := t.Project(register.Ticket); err != nil {
		events, err := t.Register(register, l.now())
		if err != nil {
			return err
		}
		for _, e := range events {
			t.Evolve(e)
		}
	}
	events, err := t.Notify(notify, l.now())
	for _, e := range events {
		t.Evolve(e)
	}
	return err
}

// coverFiled completes the ticket that a filed line makes: its center, and the
// coverage it is notified under.
func (l *Ledger) coverFiled(ctx context.Context, f *FiledFault) (notify ticket.Notify, err error) {
	if f.Register == nil {
		return notify, nil
	}
	at := f.Register.RegisteredAt
	if at.IsZero() {
		return notify, domain.Invalid("notifiedAt", "", "instant-required", "must be given", "5.1.2")
	}
	terms, err := l.termsOn(ctx, f.Register.Project, calendar.DateOf(at))
	if err != nil {
		return notify, err
	}
	register := *f.Register
	register.Center = terms.Center
	f.Register = &register
	coverage, err := l.cover(ctx, terms, at, f.Category)
	return ticket.Notify{Ticket: register.Ticket, NotifiedAt: at, Coverage: coverage}, err
}

func claimOf(c ticket.RecordFault) number.DocumentNumberClaimed {
	return number.DocumentNumberClaimed{
		Series: number.FaultRecord, Number: string(c.Line), Holder: ticket.Stream(c.Ticket),
	}
}

// step is the request of one step of a longer one.
func (r Request) step(name string) Request {
	r.If = eventstore.Belief{} // what was seen is of the stream that the command itself writes to
	sum := sha256.Sum256([]byte(r.Actor.Name + "\x00" + string(r.Actor.Role) + "\x00" + string(r.Actor.Center) + "\x00" +
		r.Key + "\x00" + name))
	r.Key = name + "-" + hex.EncodeToString(sum[:16])
	return r
}

func isRefusal(err error) bool {
	var r *domain.Rejection
	return errors.As(err, &r)
}

func isRejection(err error, code string) bool {
	var r *domain.Rejection
	return errors.As(err, &r) && r.Code == code
}

// Exists tells whether the log has a stream within the scope.
func (l *Ledger) Exists(ctx context.Context, stream string) (bool, error) {
	shown, err := l.shown(ctx, stream)
	if err != nil || !shown {
		return false, err
	}
	return l.exec.Begun(ctx, stream)
}

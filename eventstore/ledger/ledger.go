// Package ledger carries out the trade's commands. Do carries out those that the
// state of one stream decides on. Of the others each has a method, which gathers
// the facts of other streams that its decision needs (the center that answers for
// a project, the price in force), claims the numbers that must be unique, and
// executes the decision on the one stream whose invariants it touches.
package ledger

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"crypto/sha256"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/number"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
)

// Ledger is the write side of the trade.
type Ledger struct {
	exec   *eventstore.Executor
	rules  policy.Policy
	clock  eventstore.Clock
	people *People
	files  Files // nil: attachments are refused

	sites   *sites
	scope   access.Scope         // of who asks; see Under
	project domain.ProjectID     // see naming
	found   access.Place         // see About
	known   *eventstore.Position // see KnownAt; nil: as it is
}

// New returns a ledger that executes by exec under the department's rules, once it
// is told in whose scope: see Under.
func New(exec *eventstore.Executor, rules policy.Policy, clock eventstore.Clock) *Ledger {
	return &Ledger{exec: exec, rules: rules, clock: clock, people: newPeople(exec, clock), sites: newSites()}
}

// Request is who asks for a command, and under which key.
type Request struct {
	Key           string // idempotency key
	Actor         domain.Actor
	CorrelationID string
	If            eventstore.Belief // what the sender saw of the stream; zero: nothing
}

func (r Request) command(content eventstore.Named) eventstore.Command {
	return eventstore.Command{Key: r.Key, Actor: r.Actor, CorrelationID: r.CorrelationID, Content: content, If: r.If}
}

// NewID derives an identity for something the caller did not number: from the
// key, so that a repeat of the command names the same thing.
func (r Request) NewID(prefix string) string {
	sum := sha256.Sum256([]byte(r.Actor.Name + "\x00" + r.Key))
	return prefix + "-" + hex.EncodeToString(sum[:8])
}

func (l *Ledger) now() time.Time       { return l.clock() }
func (l *Ledger) today() calendar.Date { return calendar.DateOf(l.clock()) }

func (l *Ledger) onAccount(
	ctx context.Context, r Request, center domain.CenterID, c eventstore.Named,
	decide func(*account.Account) ([]account.Event, error),
) (eventstore.Outcome, error) {
	if err := domain.CheckID("center", center); err != nil {
		return eventstore.Outcome{}, err
	}
	return execute(ctx, l, r, account.Stream(center), c, decide)
}

// RegisterProject brings a project under service, for a center with an account.
func (l *Ledger) RegisterProject(ctx context.Context, r Request, c project.Register) (eventstore.Outcome, error) {
	if err := domain.FirstError(domain.CheckID("project", c.Project),
		l.mayEnter("region", access.Place{Region: c.Region, City: c.City}), l.centerExists(ctx, c.Center)); err != nil {
		return eventstore.Outcome{}, err
	}
	return execute(ctx, l.everywhere(), r, project.Stream(c.Project), c,
		func(p *project.Project) ([]project.Event, error) {
			return p.Register(c, l.today())
		})
}

func (l *Ledger) centerExists(ctx context.Context, id domain.CenterID) error {
	if err := domain.CheckID("center", id); err != nil {
		return err
	}
	if l.scope.KnowsCenter(id) {
		l = l.everywhere()
	}
	return inspect(ctx, l, account.Stream(id), func(a *account.Account) error { return a.MustExist(id) })
}

// AssignCenter hands a project over to another center from a date on, and
// moves what is open of its charges since then: out of the one account, then
// into the other. It may be repeated after it broke off between them.
func (l *Ledger) AssignCenter(ctx context.Context, r Request, c project.AssignCenter) (eventstore.Outcome, error) {
	if err := domain.FirstError(domain.CheckID("project", c.Project), l.centerExists(ctx, c.Center)); err != nil {
		return eventstore.Outcome{}, err
	}
	assign := func(p *project.Project) ([]project.Event, error) { return p.AssignCenter(c) }
	out := account.Transfer{
		Transfer: domain.TransferID(fmt.Sprintf("%s.%s", c.Project, c.From)), Project: c.Project, Other: c.Center,
		From: c.From, By: r.Actor.Name,
	}
	transferOut := func(a *account.Account) ([]account.Event, error) { return a.TransferOut(out) }
	var handover project.Handover
	if err := inspect(ctx, l, project.Stream(c.Project), func(p *project.Project) error {
		handover, _ = p.HandoverOn(c.From)
		_, err := assign(p)
		return err
	}); err != nil {
		return eventstore.Outcome{}, err
	}
	if handover.From == "" { // what service began with, said again
		return execute(ctx, l, r, project.Stream(c.Project), c, assign)
	}
	out.Center, out.Until = handover.From, handover.Until
	all := l.everywhere() // the accounts follow the project
	if err := inspect(ctx, all, account.Stream(c.Center), func(a *account.Account) error {
		out.OpenFrom = a.OpenFrom()
		return nil
	}); err != nil {
		return eventstore.Outcome{}, err
	}
	// What the account would refuse is refused before the project has moved.
	if _, err := rehearse(ctx, all, r.step("out"), account.Stream(out.Center), c,
		transferOut); err != nil {
		return eventstore.Outcome{}, err
	}
	total, err := execute(ctx, l, r, project.Stream(c.Project), c, assign)
	if err != nil {
		return total, err
	}
	moved, err := all.onAccount(ctx, r.step("out"), out.Center, c, transferOut)
	if err != nil {
		return total, err
	}
	var carried []account.Carried
	if err := inspect(ctx, all, account.Stream(out.Center), func(a *account.Account) error {
		carried = slices.Clone(a.Outbound(out.Transfer))
		return nil
	}); err != nil {
		return total, err
	}
	in := out
	in.Center, in.Other = out.Other, out.Center
	taken, err := all.onAccount(ctx, r.step("in"), in.Center, c, func(a *account.Account) ([]account.Event, error) {
		return a.TransferIn(in, carried)
	})
	total.Events = slices.Concat(total.Events, moved.Events, taken.Events)
	total.Position = max(total.Position, moved.Position, taken.Position)
	return total, err
}

// termsOn looks up what holds for a project on a date.
func (l *Ledger) termsOn(ctx context.Context, id domain.ProjectID, d calendar.Date) (terms project.Terms, err error) {
	if err := domain.CheckID("project", id); err != nil {
		return terms, err
	}
	err = inspect(ctx, l, project.Stream(id), func(p *project.Project) (err error) {
		terms, err = p.TermsOn(id, d)
		return err
	})
	return terms, err
}

// RegisterTicket writes a need down; the ticket belongs to the center that
// answers for the project on that day.
func (l *Ledger) RegisterTicket(ctx context.Context, r Request, c ticket.Register) (eventstore.Outcome, error) {
	if c.RegisteredAt.IsZero() {
		return eventstore.Outcome{}, domain.Invalid("registeredAt", "", "instant-required", "must be given", "5.1.2")
	}
	terms, err := l.termsOn(ctx, c.Project, calendar.DateOf(c.RegisteredAt))
	if err != nil {
		return eventstore.Outcome{}, err
	}
	if err := l.mayEnter("project", placeOn(terms, c.Project)); err != nil {
		return eventstore.Outcome{}, err
	}
	said := c // whose center it is is looked up, so that a repeat is the same command
	c.Center = terms.Center
	return l.onTicket(ctx, r, c.Ticket, said, func(t *ticket.Ticket) ([]ticket.Event, error) {
		return t.Register(c, l.now())
	})
}

// placeOn is where what happens in a project on a date lies.
func placeOn(terms project.Terms, id domain.ProjectID) access.Place {
	return access.Place{Project: id, Center: terms.Center}
}

func (l *Ledger) onTicket(
	ctx context.Context, r Request, id domain.TicketID, c eventstore.Named,
	decide func(*ticket.Ticket) ([]ticket.Event, error),
) (eventstore.Outcome, error) {
	if err := domain.CheckID("ticket", id); err != nil {
		return eventstore.Outcome{}, err
	}
	return execute(ctx, l, r, ticket.Stream(id), c, decide)
}

// Notify is the request that tells the team of a ticket.
type Notify struct {
	Ticket     domain.TicketID `json:"ticket,omitzero"`
	NotifiedAt time.Time       `json:"notifiedAt,omitzero"`
	Category   policy.Category `json:"category,omitzero"`
}

// NotifyTeam starts a ticket's clock and freezes its coverage (§5.4).
func (l *Ledger) NotifyTeam(ctx context.Context, r Request, c Notify) (eventstore.Outcome, error) {
	id, err := l.projectOf(ctx, c.Ticket)
	if err != nil {
		return eventstore.Outcome{}, err
	}
	terms, err := l.termsOn(ctx, id, calendar.DateOf(c.NotifiedAt))
	if err != nil {
		return eventstore.Outcome{}, err
	}
	if err := l.mayEnter("project", placeOn(terms, id)); err != nil {
		return eventstore.Outcome{}, err
	}
	coverage, err := l.cover(ctx, terms, c.NotifiedAt, c.Category)
	if err != nil {
		return eventstore.Outcome{}, err
	}
	return l.onTicket(ctx, r, c.Ticket, c, func(t *ticket.Ticket) ([]ticket.Event, error) {
		return t.Notify(ticket.Notify{Ticket: c.Ticket, NotifiedAt: c.NotifiedAt, Coverage: coverage}, l.now())
	})
}

func (l *Ledger) projectOf(ctx context.Context, id domain.TicketID) (p domain.ProjectID, err error) {
	if err := domain.CheckID("ticket", id); err != nil {
		return "", err
	}
	err = inspect(ctx, l, ticket.Stream(id), func(t *ticket.Ticket) (err error) {
		p, err = t.Project(id)
		return err
	})
	return p, err
}

// RecordFault writes a line of F1 under a number that is unique in the company.
func (l *Ledger) RecordFault(ctx context.Context, r Request, c ticket.RecordFault) (eventstore.Outcome, error) {
	if err := domain.CheckID("line", c.Line); err != nil {
		return eventstore.Outcome{}, err
	}
	if _, err := l.projectOf(ctx, c.Ticket); err != nil {
		return eventstore.Outcome{}, err
	}
	c.By = r.Actor.Name
	decide := func(t *ticket.Ticket) ([]ticket.Event, error) { return t.RecordFault(c, l.today()) }
	// The command is rehearsed before its number is claimed, so that neither a
	// slip of the pen nor a reused key uses the number up.
	if _, err := rehearse(ctx, l, r, ticket.Stream(c.Ticket), c, decide); err != nil {
		return eventstore.Outcome{}, err
	}
	if err := l.claimNumber(ctx, r, claimOf(c), "line"); err != nil {
		return eventstore.Outcome{}, err
	}
	return l.onTicket(ctx, r, c.Ticket, c, decide)
}

func (l *Ledger) claimNumber(ctx context.Context, r Request, c number.DocumentNumberClaimed, field string) error {
	_, err := execute(ctx, l, r, number.Stream(c.Series, c.Number), c, func(n *number.Number) ([]number.Event, error) {
		return n.Claim(field, c)
	})
	return err
}

func (l *Ledger) projectExists(ctx context.Context, id domain.ProjectID) error {
	if err := domain.CheckID("project", id); err != nil {
		return err
	}
	return inspect(ctx, l, project.Stream(id), func(p *project.Project) error { return p.MustExist(id) })
}

// Charge is the request to charge a center for work by an item of the price
// list, named by code or Chinese name.
type Charge struct {
	account.AccrueCharge
	Item string `json:"item,omitzero"`
}

// AccrueCharge charges a center for work on one of its projects, at the price
// in force on the day of the work (§5.3.1).
func (l *Ledger) AccrueCharge(ctx context.Context, r Request, c Charge) (eventstore.Outcome, error) {
	quote, err := l.priceCharge(ctx, c)
	if err != nil {
		return eventstore.Outcome{}, err
	}
	return l.naming(c.Project).onAccount(ctx, r, c.Center, c, func(a *account.Account) ([]account.Event, error) {
		return a.AccrueCharge(c.AccrueCharge, quote, l.rules, l.today())
	})
}

func (l *Ledger) priceCharge(ctx context.Context, c Charge) (quote pricelist.Quote, err error) {
	if err := domain.FirstError(l.centerExists(ctx, c.Center),
		c.OccurredOn.CheckPast("occurredOn", l.today())); err != nil {
		return quote, err
	}
	terms, err := l.termsOn(ctx, c.Project, c.OccurredOn)
	if err != nil {
		return quote, err
	}
	if terms.Center != c.Center {
		return quote, domain.Conflict("project", string(c.Project), "other-center",
			"belonged to center %s on %s, not to %s", "5.3.4", terms.Center, c.OccurredOn, c.Center)
	}
	if err := l.ticketIsOf(ctx, c.Ticket, c.Project); err != nil {
		return quote, err
	}
	err = inspect(ctx, l, pricelist.Stream, func(p *pricelist.List) (err error) {
		quote, err = p.Price(c.Item, c.OccurredOn)
		return err
	})
	return quote, err
}

// ReceivePayment books money under its bank reference, which is its identity
// within the account of ours that it came to: the same reference with the same
// content is the same payment, whoever enters it again; with other content it is
// refused and queued for a person. See package bankref.
func (l *Ledger) ReceivePayment(ctx context.Context, r Request, c account.ReceivePayment) (eventstore.Outcome, error) {
	if err := domain.FirstError(
		l.centerExists(ctx, c.Center), account.CheckReceipt(c, l.today()),
		bankref.CheckIdentity(c.BankReference, c.OwnAccount, c.Place),
	); err != nil {
		return eventstore.Outcome{}, err
	}
	c.By = r.Actor.Name
	// What is hashed of the claim does not say which payment it becomes: that
	// depends on the others under its reference, and a repeat must be known again.
	claim := bankref.BankReferenceClaimed{
		Payment: domain.PaymentID(c.BankReference), Apart: c.Apart, Content: contentOf(c),
	}
	var err error
	if c.Payment, err = l.PaymentOf(ctx, c); err != nil {
		return eventstore.Outcome{}, err
	}
	decide := func(a *account.Account) ([]account.Event, error) { return a.ReceivePayment(c, l.rules, l.today()) }
	// What the account would refuse, an impossible designation or a reused key,
	// is refused before the reference is claimed.
	if _, err := rehearse(ctx, l, r, account.Stream(c.Center), c, decide); err != nil {
		return eventstore.Outcome{}, err
	}
	if _, err := execute(ctx, l, r, bankref.Stream(c.BankReference), claim,
		func(b *bankref.Reference) ([]bankref.Event, error) {
			return b.Claim(claim)
		}); err != nil {
		return eventstore.Outcome{}, err
	}
	if c.Payment, err = l.PaymentOf(ctx, c); err != nil {
		return eventstore.Outcome{}, err
	}
	return l.onAccount(ctx, r, c.Center, c, decide)
}

// PaymentOf names the payment that a receipt is, or would be if it is not booked.
func (l *Ledger) PaymentOf(ctx context.Context, c account.ReceivePayment) (id domain.PaymentID, err error) {
	err = inspect(ctx, l, bankref.Stream(c.BankReference), func(b *bankref.Reference) error {
		id, _ = b.PaymentOf(contentOf(c))
		return nil
	})
	return id, err
}

func contentOf(c account.ReceivePayment) bankref.Content {
	return bankref.Content{
		Reference: c.BankReference, OwnAccount: c.OwnAccount, Center: c.Center, Payer: c.Payer, Remark: c.Remark,
		Amount:     c.Amount,
		ReceivedOn: c.ReceivedOn, Place: c.Place,
	}
}

package ledger

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/number"
	"aftersales-ledger/eventstore"
)

// This file carries out what happens to money after it was charged or
// received: all of it on the account of one center.

// RequestOffList asks for approval of work outside the price list (§5.3.1).
func (l *Ledger) RequestOffList(ctx context.Context, r Request, c account.RequestOffList) (eventstore.Outcome, error) {
	on := c.OccurredOn
	if on.IsZero() {
		on = l.today()
	}
	if err := domain.FirstError(l.answersFor(ctx, c.Center, c.Project, on),
		l.ticketIsOf(ctx, c.Ticket, c.Project)); err != nil {
		return eventstore.Outcome{}, err
	}
	c.By = r.Actor.Name
	return l.naming(c.Project).onAccount(ctx, r, c.Center, c,
		func(a *account.Account) ([]account.Event, error) { return a.RequestOffList(c, l.today()) })
}

// DecideOffList approves or rejects work outside the price list, where it was
// asked for. What was executed when another center answered for the project is
// charged there; a repeat completes what broke off between the two accounts.
func (l *Ledger) DecideOffList(ctx context.Context, r Request, c account.DecideOffList) (eventstore.Outcome, error) {
	c.By = r.Actor.Name
	answering := c.Center
	if c.Approve {
		var err error
		if answering, err = l.answering(ctx, c.Center, c.Charge, 0); err != nil {
			return eventstore.Outcome{}, err
		}
	}
	decided, err := l.onAccount(ctx, r, c.Center, c, func(a *account.Account) ([]account.Event, error) {
		return a.DecideOffList(c, answering, l.rules, l.today())
	})
	if err != nil || !c.Approve {
		return decided, err
	}
	return l.chargeMoved(ctx, r, c.Center, c.Charge, c, decided)
}

// ExecuteOffList charges approved work once it is done, to the center that answered
// for the project on its day; a repeat completes what broke off between the two
// accounts.
func (l *Ledger) ExecuteOffList(ctx context.Context, r Request, c account.ExecuteOffList) (eventstore.Outcome, error) {
	l, err := l.onWorkOf(ctx, c.Center, c.Charge)
	if err != nil {
		return eventstore.Outcome{}, err
	}
	answering, err := l.answering(ctx, c.Center, c.Charge, c.OccurredOn)
	if err != nil {
		return eventstore.Outcome{}, err
	}
	executed, err := l.onAccount(ctx, r, c.Center, c, func(a *account.Account) ([]account.Event, error) {
		return a.ExecuteOffList(c, answering, r.Actor.Name, l.rules, l.today())
	})
	if err != nil {
		return executed, err
	}
	return l.chargeMoved(ctx, r, c.Center, c.Charge, c, executed)
}

// onWorkOf is the ledger for a command on a request for work outside the list, which
// lies in the project that it was made for.
func (l *Ledger) onWorkOf(ctx context.Context, center domain.CenterID, charge domain.ChargeID) (*Ledger, error) {
	if err := domain.CheckID("center", center); err != nil {
		return l, err
	}
	var project domain.ProjectID
	err := inspect(ctx, l.everywhere(), account.Stream(center), func(a *account.Account) error {
		project, _ = a.OffListOn(charge)
		return nil
	})
	return l.naming(project), err
}

// answering is the center that answered for the project of a request for work
// outside the list on the day of the work: a date or, if that is zero, the one that
// the request names. For work still to be done, and for a request that is not there,
// it is the center itself.
func (l *Ledger) answering(
	ctx context.Context, center domain.CenterID, charge domain.ChargeID, on calendar.Date,
) (domain.CenterID, error) {
	if err := domain.CheckID("center", center); err != nil {
		return "", err
	}
	var project domain.ProjectID
	if err := inspect(ctx, l, account.Stream(center), func(a *account.Account) error {
		of, executed := a.OffListOn(charge)
		project, on = of, cmp.Or(on, executed)
		return nil
	}); err != nil || project == "" || on.IsZero() {
		return center, err
	}
	return l.everywhere().CenterOn(ctx, project, on)
}

// chargeMoved charges another center for work that was approved here, or a
// compensation that was quoted here, if the account says so.
func (l *Ledger) chargeMoved(
	ctx context.Context, r Request, center domain.CenterID, charge domain.ChargeID, c eventstore.Named,
	here eventstore.Outcome,
) (eventstore.Outcome, error) {
	l = l.everywhere() // the command was admitted where it was asked for
	var (
		work  account.MovedWork
		moved bool
	)
	if err := inspect(ctx, l, account.Stream(center), func(a *account.Account) error {
		work, moved = a.MovedWork(charge)
		return nil
	}); err != nil || !moved {
		return here, err
	}
	there, err := l.onAccount(ctx, r.step("charge"), work.To(), c, func(a *account.Account) ([]account.Event, error) {
		return a.ChargeMoved(work, l.rules)
	})
	here.Events = slices.Concat(here.Events, there.Events)
	here.Position = max(here.Position, there.Position)
	return here, err
}

// QuoteCompensation states what damage outside warranty is to cost (§5.3.2).
func (l *Ledger) QuoteCompensation(
	ctx context.Context, r Request, c account.QuoteCompensation,
) (eventstore.Outcome, error) {
	if err := domain.FirstError(l.answersFor(ctx, c.Center, c.Project, l.today()),
		l.ticketIsOf(ctx, c.Ticket, c.Project)); err != nil {
		return eventstore.Outcome{}, err
	}
	c.By = r.Actor.Name
	return l.naming(c.Project).onAccount(ctx, r, c.Center, c,
		func(a *account.Account) ([]account.Event, error) { return a.QuoteCompensation(c, l.today()) })
}

// ticketIsOf refuses a ticket that a charge names and that does not exist, or
// belongs to another project: a charge can be followed back to its ticket.
func (l *Ledger) ticketIsOf(ctx context.Context, id domain.TicketID, project domain.ProjectID) error {
	if id == "" {
		return nil
	}
	of, err := l.projectOf(ctx, id)
	if err == nil && of != project {
		err = domain.Conflict("ticket", string(id), "other-project", "belongs to project %s, not to %s", "5.3.1", of, project)
	}
	return err
}

// answersFor refuses a center that does not answer for a project on a date.
func (l *Ledger) answersFor(
	ctx context.Context, center domain.CenterID, project domain.ProjectID, on calendar.Date,
) error {
	if err := l.centerExists(ctx, center); err != nil {
		return err
	}
	terms, err := l.termsOn(ctx, project, on)
	if err != nil {
		return err
	}
	if terms.Center != center {
		return domain.Conflict("project", string(project), "other-center",
			"belonged to center %s on %s, not to %s", "5.3.4", terms.Center, on, center)
	}
	return nil
}

// RefundPayment records unapplied money sent back, under the bank's reference,
// which is that of one payment of ours in the company.
func (l *Ledger) RefundPayment(ctx context.Context, r Request, c account.RefundPayment) (eventstore.Outcome, error) {
	if err := l.centerExists(ctx, c.Center); err != nil {
		return eventstore.Outcome{}, err
	}
	c.By = r.Actor.Name
	decide := func(a *account.Account) ([]account.Event, error) { return a.RefundPayment(c, l.today()) }
	if _, err := rehearse(ctx, l, r, account.Stream(c.Center), c, decide); err != nil {
		return eventstore.Outcome{}, err
	}
	if err := l.claimNumber(ctx, r, number.DocumentNumberClaimed{
		Series: number.PaidReference, Number: c.BankReference, Holder: account.Stream(c.Center) + " " + string(c.Refund),
	}, "bankReference"); err != nil {
		return eventstore.Outcome{}, err
	}
	return l.onAccount(ctx, r, c.Center, c, decide)
}

// DraftStatement computes a quarter's statement as it would be issued now.
func (l *Ledger) DraftStatement(
	ctx context.Context, center domain.CenterID, q calendar.Quarter,
) (s account.Statement, err error) {
	if err := domain.CheckID("center", center); err != nil {
		return s, err
	}
	err = inspect(ctx, l, account.Stream(center), func(a *account.Account) (err error) {
		s, err = a.DraftStatement(center, q)
		return err
	})
	return s, err
}

// Draft is a quarter's statement as it would be issued now, with how its closing
// balance is made up.
func (l *Ledger) Draft(
	ctx context.Context, center domain.CenterID, q calendar.Quarter,
) (d account.StatementVersion, err error) {
	if err := domain.CheckID("center", center); err != nil {
		return d, err
	}
	err = inspect(ctx, l, account.Stream(center), func(a *account.Account) (err error) {
		d, err = a.Draft(center, q, l.today())
		return err
	})
	return d, err
}

// AnswerStatement takes a center's word on a version of its statement. It never comes
// from one of us: whoever holds a role of the department today answers for no center.
func (l *Ledger) AnswerStatement(
	ctx context.Context, r Request, c account.ConfirmStatement,
) (out eventstore.Outcome, err error) {
	if c.Disputes, err = l.disputes(ctx, r, c.Disputes); err != nil {
		return out, err
	}
	return Do(ctx, l, r, c, ofCenter(l, r.Actor, (*account.Account).ConfirmStatement))
}

// DisputeCharge takes a center's objection to one line of its statement, as
// AnswerStatement does.
func (l *Ledger) DisputeCharge(
	ctx context.Context, r Request, c account.DisputeCharge,
) (out eventstore.Outcome, err error) {
	one, err := l.disputes(ctx, r, []account.Dispute{c.Dispute})
	if err != nil {
		return out, err
	}
	c.Dispute = one[0]
	return Do(ctx, l, r, c, ofCenter(l, r.Actor, (*account.Account).DisputeCharge))
}

// RecordPaperReply enters a center's answer from its stamped paper, whose scan was
// stored before.
func (l *Ledger) RecordPaperReply(
	ctx context.Context, r Request, c account.RecordPaperReply,
) (out eventstore.Outcome, err error) {
	if c.Scan != "" {
		if c.ScanRef, err = l.attachment(ctx, r, "scan", c.Scan); err != nil {
			return out, err
		}
	}
	if c.Disputes, err = l.disputes(ctx, r, c.Disputes); err != nil {
		return out, err
	}
	c.By = r.Actor.Name
	return l.onAccount(ctx, r, c.Center, c, func(a *account.Account) ([]account.Event, error) {
		return a.RecordPaperReply(c, l.today())
	})
}

// ofCenter has a center's answer decided for its own people only, once they may see it.
func ofCenter[C any](
	l *Ledger, by domain.Actor, decide func(*account.Account, C, calendar.Date) ([]account.Event, error),
) func(*account.Account, C, calendar.Date) ([]account.Event, error) {
	return func(a *account.Account, c C, today calendar.Date) ([]account.Event, error) {
		if err := l.notOfOurs(by); err != nil {
			return nil, err
		}
		return decide(a, c, today)
	}
}

// notOfOurs refuses who is one of us, in whatever role they act.
func (l *Ledger) notOfOurs(a domain.Actor) error {
	ours := !a.Role.OfCenter()
	if p, known := l.people.Person(a.Name); known {
		ours = ours || slices.ContainsFunc(p.Grants, func(g access.Grant) bool { return !g.Role.OfCenter() })
	}
	if ours {
		return domain.Conflict("by", a.Name, "answer-of-ours",
			"is one of the department: a center's answer comes from its own people, or from its stamped paper", "5.3.4")
	}
	return nil
}

// disputes looks up the papers of objections.
func (l *Ledger) disputes(ctx context.Context, r Request, list []account.Dispute) ([]account.Dispute, error) {
	list = slices.Clone(list)
	for i := range list {
		list[i].Refs = nil
		for _, id := range list[i].Papers {
			ref, err := l.attachment(ctx, r, fmt.Sprintf("disputes[%d].papers", i), id)
			if err != nil {
				return nil, err
			}
			list[i].Refs = append(list[i].Refs, ref)
		}
	}
	return list, nil
}

// StandingVersion is the newest version of a quarter's statement that was issued, 0 if
// none was.
func (l *Ledger) StandingVersion(
	ctx context.Context, center domain.CenterID, q calendar.Quarter,
) (version int, err error) {
	err = inspect(ctx, l, account.Stream(center), func(a *account.Account) error {
		version = a.StandingVersion(q)
		return nil
	})
	return version, err
}

// Statements returns every version issued for a quarter, in order.
func (l *Ledger) Statements(
	ctx context.Context, center domain.CenterID, q calendar.Quarter,
) (issued []account.StatementVersion, err error) {
	if err := domain.CheckID("center", center); err != nil {
		return nil, err
	}
	err = inspect(ctx, l, account.Stream(center), func(a *account.Account) (err error) {
		issued, err = a.Statements(center, q)
		return err
	})
	for i := range issued {
		if err == nil {
			err = l.follow(ctx, &issued[i])
		}
	}
	return issued, err
}

// follow says of charges that left with their projects where they are now.
func (l *Ledger) follow(ctx context.Context, v *account.StatementVersion) error {
	all := l.everywhere() // the statement is read by those who may; its charges are with others
	return v.Follow(func(by account.Leg, went account.Departure) (account.Departure, error) {
		for by.Transfer != "" {
			var (
				here domain.ChargeID
				next account.Leg
				to   account.Departure
			)
			if err := inspect(ctx, all, account.Stream(went.To), func(a *account.Account) error {
				here, next, to = a.Arrived(by)
				return nil
			}); err != nil {
				return went, err
			}
			if here != "" {
				went.There = here
			}
			if by = next; by.Transfer != "" { // a dispute that ended there goes on nowhere
				to.Disputed = to.Disputed && went.Disputed
				went = to
			}
		}
		return went, nil
	})
}

// StatementDocument is one version of a statement, or its draft, with how old
// what it closes at is.
type StatementDocument struct {
	account.StatementVersion
	Draft bool // never issued: only the statement itself is there
	books.Standing
	Charged map[domain.ChargeID]ChargedWork // what each charge of the center is for
}

// ChargedWork is what a charge is for.
type ChargedWork struct {
	On            calendar.Date
	Room, Service string
	// TakenBack says that nothing of it stands: it was credited in full, or went to
	// another center.
	TakenBack bool
	stands    money.Amount
}

// chargedWork is what each charge of a center is for.
type chargedWork map[domain.ChargeID]ChargedWork

func (w chargedWork) add(e domain.Event) {
	reduce := func(id domain.ChargeID, by money.Amount) {
		c := w[id]
		c.stands = c.stands.Sub(by)
		c.TakenBack = c.stands.IsZero()
		w[id] = c
	}
	switch e := e.(type) {
	case account.ChargeAccrued:
		w[e.Charge] = ChargedWork{On: e.OccurredOn, Room: e.Room, Service: e.Service, stands: e.Money.Gross}
	case account.ChargeTransferredIn:
		w[e.Charge] = ChargedWork{On: e.On, Room: e.Room, Service: e.Service, stands: e.Money.Gross}
	case account.CreditNoteIssued:
		reduce(e.Charge, e.Money.Gross)
	case account.ChargeTransferredOut:
		reduce(e.Charge, e.Money.Gross)
	}
}

// ChargedWork reads what each charge of a center is for, as of now.
func (l *Ledger) ChargedWork(
	ctx context.Context, center domain.CenterID,
) (map[domain.ChargeID]ChargedWork, error) {
	work := make(chargedWork)
	for e, err := range l.history(ctx, account.Stream(center)) {
		if err != nil {
			return nil, err
		}
		work.add(e)
	}
	return work, nil
}

// frozen reports whether an event ends what a version shows: its answer, or its issue
// while it has none. A draft shows everything.
func frozen(e domain.Event, of account.StatementVersion) bool {
	switch e := e.(type) {
	case account.StatementIssued:
		return of.AnsweredOn.IsZero() && e.Quarter == of.Version.Quarter && e.Version == of.Version.Version &&
			of.Version.ContentHash != ""
	case account.StatementConfirmed:
		return !of.AnsweredOn.IsZero() && e.Quarter == of.Version.Quarter && e.Version == of.Version.Version
	}
	return false
}

// InAccount is what a center's account holds, for a refusal of what it does not; none while
// the log cannot be read.
func (l *Ledger) InAccount(
	ctx context.Context, center domain.CenterID, held func(*account.Account) []domain.Existing,
) (there []domain.Existing) {
	_ = inspect(ctx, l, account.Stream(center), func(a *account.Account) error {
		there = held(a)
		return nil
	})
	return there
}

// StatementDocument reads a version of a quarter's statement back from the log,
// as it was when it was issued or answered: the last one for version 0, or the draft
// of the next.
func (l *Ledger) StatementDocument(
	ctx context.Context, center domain.CenterID, q calendar.Quarter, version int, draft bool,
) (d StatementDocument, err error) {
	issued, err := l.Statements(ctx, center, q)
	if err != nil {
		return d, err
	}
	if version == 0 {
		version = len(issued)
	}
	switch {
	case draft:
		d.Draft = true
		if d.StatementVersion, err = l.Draft(ctx, center, q); err != nil {
			return d, err
		}
		if err := l.follow(ctx, &d.StatementVersion); err != nil {
			return d, err
		}
	case len(issued) == 0:
		return d, domain.NotFound("quarter", q.String(), "not-issued",
			"has no statement of center %s yet; its draft can be read", center)
	case version < 1 || version > len(issued):
		return d, domain.NotFound("version", fmt.Sprint(version), "unknown-statement",
			"is not a version of the statement of center %s for %s, of which %d were issued", center, q, len(issued))
	default:
		d.StatementVersion = issued[version-1]
	}
	work := make(chargedWork)
	d.Through, d.Charged = q, work
	for e, err := range l.history(ctx, account.Stream(center)) {
		if err != nil {
			return d, err
		}
		if frozen(e, d.StatementVersion) {
			break
		}
		work.add(e)
		if e, ok := e.(account.Event); ok {
			d.Add(e)
		}
	}
	return d, nil
}

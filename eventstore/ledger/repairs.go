package ledger

import (
	"context"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/number"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/eventstore"
)

// This file carries out what happens on process sheets (F2): of devices that
// go to their makers (§5.2.1), and of compensations (§5.3.2).

// OpenReturn files the process sheet of a device that goes to its maker, under
// a number that is unique in the company.
func (l *Ledger) OpenReturn(ctx context.Context, r Request, c repair.Open) (_ eventstore.Outcome, err error) {
	if c.Region, err = l.regionIn(ctx, "project", c.Project); err != nil {
		return eventstore.Outcome{}, err
	}
	c.FiledBy = r.Actor.Name
	decide := func(s *repair.Return) ([]repair.Event, error) { return s.Open(c, l.today()) }
	return l.fileSheet(ctx, r, c.Return, c, decide)
}

// fileSheet files a sheet after claiming its number. It is rehearsed before,
// so that neither a slip of the pen nor a reused key uses the number up.
func (l *Ledger) fileSheet(
	ctx context.Context, r Request, id domain.ReturnID, c eventstore.Named,
	decide func(*repair.Return) ([]repair.Event, error),
) (eventstore.Outcome, error) {
	if err := domain.CheckID("return", id); err != nil {
		return eventstore.Outcome{}, err
	}
	if _, err := rehearse(ctx, l, r, repair.Stream(id), c, decide); err != nil {
		return eventstore.Outcome{}, err
	}
	claim := number.DocumentNumberClaimed{Series: number.ProcessSheet, Number: string(id), Holder: repair.Stream(id)}
	if err := l.claimNumber(ctx, r, claim, "return"); err != nil {
		return eventstore.Outcome{}, err
	}
	return l.onReturn(ctx, r, id, c, decide)
}

// regionIn looks up the region of a project that a field names.
func (l *Ledger) regionIn(ctx context.Context, field string, id domain.ProjectID) (region string, err error) {
	if err := domain.CheckID(field, id); err != nil {
		return "", err
	}
	err = inspect(ctx, l, project.Stream(id), func(p *project.Project) error {
		region = p.InRegion()
		return p.MustExist(id)
	})
	return region, err
}

// FileCompensation is the request to file the sheet of a compensation.
type FileCompensation struct {
	Return     domain.ReturnID `json:"return,omitzero"`
	Center     domain.CenterID `json:"center,omitzero"`
	Quote      domain.QuoteID  `json:"quote,omitzero"`
	Charge     domain.ChargeID `json:"charge,omitzero"` // number of the charge it becomes
	Amount     money.Amount    `json:"amount,omitzero"` // as the F2 states it
	OccurredOn calendar.Date   `json:"occurredOn,omitzero"`
}

// FileCompensation files the sheet of a compensation that was quoted, at
// exactly that amount: what the account would not charge is refused now.
func (l *Ledger) FileCompensation(ctx context.Context, r Request, c FileCompensation) (eventstore.Outcome, error) {
	if err := domain.FirstError(domain.CheckID("return", c.Return), l.centerExists(ctx, c.Center)); err != nil {
		return eventstore.Outcome{}, err
	}
	f := repair.FileCompensation{
		Return: c.Return, Center: c.Center, Quote: c.Quote, Charge: c.Charge, Amount: c.Amount, OccurredOn: c.OccurredOn,
		By: r.Actor.Name,
	}
	if err := inspect(ctx, l, account.Stream(c.Center), func(a *account.Account) error {
		quoted, err := a.Quoted(c.Center, c.Quote)
		f.Project, f.Damage = quoted.Project, quoted.Damage
		return err
	}); err != nil {
		return eventstore.Outcome{}, err
	}
	var err error
	if f.Region, err = l.regionIn(ctx, "project", f.Project); err != nil {
		return eventstore.Outcome{}, err
	}
	decide := func(s *repair.Return) ([]repair.Event, error) { return s.FileCompensation(f, l.today()) }
	known, err := rehearse(ctx, l, r, repair.Stream(c.Return), c, decide)
	if err != nil {
		return eventstore.Outcome{}, err
	}
	if !known {
		book, err := l.charging(ctx, repair.CompensationSheetFiled(f))
		if err != nil {
			return eventstore.Outcome{}, err
		}
		if out, err := foresee(ctx, l, r, account.Stream(c.Center), c, book); err != nil {
			return out, err
		}
	}
	return l.fileSheet(ctx, r, c.Return, c, decide)
}

// chargeOf is the charge that a reviewed sheet becomes, on the word of whom it
// is from.
func chargeOf(s repair.CompensationSheetFiled) account.ChargeCompensation {
	return account.ChargeCompensation{
		Charge: s.Charge, Center: s.Center, Quote: s.Quote, Sheet: domain.SheetID(s.Return), Amount: s.Amount,
		OccurredOn: s.OccurredOn, By: s.By,
	}
}

// charging decides on the charge that a sheet becomes, in the account to which it
// was quoted: it is owed by the center that answered for the project on its day.
func (l *Ledger) charging(
	ctx context.Context, s repair.CompensationSheetFiled,
) (func(*account.Account) ([]account.Event, error), error) {
	answering, err := l.CenterOn(ctx, s.Project, s.OccurredOn)
	return func(a *account.Account) ([]account.Event, error) {
		return a.ChargeCompensation(chargeOf(s), answering, l.rules, l.today())
	}, err
}

// DecideReturn is the request to pass or reject a sheet, at the gate that the
// actor's role keeps.
type DecideReturn struct {
	Return   domain.ReturnID   `json:"return,omitzero"`
	Approve  bool              `json:"approve,omitzero"`
	Amount   *money.Amount     `json:"amount,omitzero"` // what we bear, as the decider saw it
	Note     string            `json:"note,omitzero"`
	MailPage attachment.Digest `json:"mailPage,omitzero"`
}

// DecideReturn passes or rejects a sheet. The review of a compensation charges
// the center: what the account would refuse is refused before the review, and
// a repeat completes what broke off between the two.
func (l *Ledger) DecideReturn(ctx context.Context, r Request, c DecideReturn) (eventstore.Outcome, error) {
	gate, err := repair.GateOf(r.Actor.Role)
	if err != nil {
		return eventstore.Outcome{}, err
	}
	if err := domain.CheckID("return", c.Return); err != nil {
		return eventstore.Outcome{}, err
	}
	d := repair.Decide{Return: c.Return, Gate: gate, Approve: c.Approve, Amount: c.Amount, Note: c.Note, By: r.Actor.Name}
	if d.MailPage, err = l.optional(ctx, r, "mailPage", c.MailPage); err != nil {
		return eventstore.Outcome{}, err
	}
	decide := func(s *repair.Return) ([]repair.Event, error) { return s.Decide(d, l.today()) }
	sheet, isCompensation, err := l.compensation(ctx, c.Return)
	if err != nil {
		return eventstore.Outcome{}, err
	}
	if !isCompensation || !c.Approve {
		return l.onReturn(ctx, r, c.Return, c, decide)
	}
	charging, charge := r.step("charge"), chargeOf(sheet)
	book, err := l.charging(ctx, sheet)
	if err != nil {
		return eventstore.Outcome{}, err
	}
	// A review that is refused itself may be a fact, which only Execute records.
	if _, err := rehearse(ctx, l, r, repair.Stream(c.Return), c, decide); err == nil {
		if out, err := foresee(ctx, l.everywhere(), charging, account.Stream(charge.Center), charge, book); err != nil {
			return out, err
		}
	}
	total, err := l.onReturn(ctx, r, c.Return, c, decide)
	if err != nil {
		return total, err
	}
	charged, err := l.everywhere().onAccount(ctx, charging, charge.Center, charge, book)
	if err == nil {
		charged, err = l.chargeMoved(ctx, r, charge.Center, charge.Charge, charge, charged)
	}
	total.Events = slices.Concat(total.Events, charged.Events)
	total.Position = max(total.Position, charged.Position)
	return total, err
}

// compensation returns the sheet of a compensation, if it is of that kind.
func (l *Ledger) compensation(
	ctx context.Context, id domain.ReturnID,
) (sheet repair.CompensationSheetFiled, ok bool, err error) {
	err = inspect(ctx, l, repair.Stream(id), func(s *repair.Return) error {
		sheet, _, ok = s.Compensation()
		return nil
	})
	return sheet, ok, err
}

// ShipDevice records a device on its way to its maker. Where the team does not
// say when it is expected back, the department's rules do.
func (l *Ledger) ShipDevice(ctx context.Context, r Request, c repair.Ship) (eventstore.Outcome, error) {
	asked := c
	if c.ExpectedBackOn.IsZero() && !c.ShippedOn.IsZero() {
		c.ExpectedBackOn = c.ShippedOn.AddDays(l.rules.RepairWithinDays)
	}
	return l.onReturn(ctx, r, c.Return, asked,
		func(s *repair.Return) ([]repair.Event, error) { return s.Ship(c, l.today()) })
}

// QuoteRepair is the request to enter what a maker asks.
type QuoteRepair struct {
	Return   domain.ReturnID   `json:"return,omitzero"`
	Supplier string            `json:"supplier,omitzero"`
	Amount   money.Amount      `json:"amount,omitzero"`
	Letter   attachment.Digest `json:"letter,omitzero"` // may be absent
	QuotedOn calendar.Date     `json:"quotedOn,omitzero"`
}

// QuoteRepair enters what the maker asks.
func (l *Ledger) QuoteRepair(ctx context.Context, r Request, c QuoteRepair) (eventstore.Outcome, error) {
	letter, err := l.optional(ctx, r, "letter", c.Letter)
	if err != nil {
		return eventstore.Outcome{}, err
	}
	q := repair.Quote{
		Return: c.Return, Supplier: c.Supplier, Amount: c.Amount, Letter: letter, QuotedOn: c.QuotedOn, By: r.Actor.Name,
	}
	return l.onReturn(ctx, r, c.Return, c, func(s *repair.Return) ([]repair.Event, error) { return s.Quote(q, l.today()) })
}

// ConfirmLetter is the request to give our word on a supplier's letter.
type ConfirmLetter struct {
	Return domain.ReturnID   `json:"return,omitzero"`
	Letter attachment.Digest `json:"letter,omitzero"`
	Amount money.Amount      `json:"amount,omitzero"`
}

// ConfirmLetter gives our word on a supplier's letter.
func (l *Ledger) ConfirmLetter(ctx context.Context, r Request, c ConfirmLetter) (eventstore.Outcome, error) {
	letter, err := l.attachment(ctx, r, "letter", c.Letter)
	if err != nil {
		return eventstore.Outcome{}, err
	}
	w := repair.ConfirmLetter{Return: c.Return, Letter: letter, Amount: c.Amount, By: r.Actor.Name}
	return l.onReturn(ctx, r, c.Return, c,
		func(s *repair.Return) ([]repair.Event, error) { return s.ConfirmLetter(w, l.today()) })
}

func (l *Ledger) onReturn(
	ctx context.Context, r Request, id domain.ReturnID, c eventstore.Named,
	decide func(*repair.Return) ([]repair.Event, error),
) (eventstore.Outcome, error) {
	if err := domain.CheckID("return", id); err != nil {
		return eventstore.Outcome{}, err
	}
	return execute(ctx, l, r, repair.Stream(id), c, decide)
}

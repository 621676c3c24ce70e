package account

import (
	"cmp"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Account is the state of one center's account.
type Account struct {
	opened AccountOpened

	charges      map[domain.ChargeID]*charge
	byNumber     []*charge // in order of accrual
	alikeCharges map[look][]*charge
	owed         []*charge // with something owed, open or written off, in order of application
	offList      map[domain.ChargeID]*offListRequest
	landed       map[Requested]domain.ChargeID // asked for, or quoted, in another account
	quotes       map[domain.QuoteID]*compensation
	sheets       map[domain.SheetID]domain.ChargeID // the compensation that an F2 states

	compensationsMoved map[domain.ChargeID]CompensationMoved // that other centers are charged for

	payments map[domain.PaymentID]*payment
	ready    []*payment // whose unapplied money settles charges by itself, oldest first
	alike    map[lookAlike][]*payment
	refunds  map[domain.RefundID]bool

	notes     map[domain.CreditNoteID]bool
	writeOffs map[domain.WriteOffID]*writeOffRequest
	transfers map[domain.TransferID][]Carried // out of this account
	departed  map[departing]Departure         // by them
	arrived   map[departing]domain.ChargeID   // what other accounts' transfers brought, by its number here
	inbound   map[domain.TransferID]bool

	movements     []Movement // in log order
	statements    map[calendar.Quarter]*statement
	versions      []*StatementVersion // of all statements, in log order
	closedThrough calendar.Quarter    // last confirmed quarter; it and all before are closed

	notices         map[domain.NoticeID]bool
	remindedOn      calendar.Date                   // of what is overdue
	claimedOn       map[calendar.Half]calendar.Date // the last claim of each
	reportedThrough map[domain.ProjectID]calendar.Month
	reports         map[reportOf][]Reported // F3
}

// inOrderOfApplication sorts charges oldest due first, then by charge date.
func inOrderOfApplication(a, b *charge) int {
	return cmp.Or(cmp.Compare(a.dueOn, b.dueOn), cmp.Compare(a.occurredOn, b.occurredOn), cmp.Compare(a.number, b.number))
}

// Open is the command that begins an account.
type Open struct {
	Center domain.CenterID `json:"center,omitzero"`
	Name   string          `json:"name,omitzero"`
	Region string          `json:"region,omitzero"`
	Terms  Terms           `json:"terms,omitzero"`
}

// Open begins the account of a property center. An account is opened once.
func (a *Account) Open(c Open, today calendar.Date) ([]Event, error) {
	if a.exists() {
		return nil, domain.Conflict("center", string(c.Center), "account-exists",
			"has an account already, as %q", "", a.opened.Name)
	}
	if err := domain.FirstError(
		domain.CheckID("center", c.Center),
		domain.CheckText("name", c.Name, true),
		domain.CheckText("region", c.Region, true),
	); err != nil {
		return nil, err
	}
	if s := c.Terms.SameDueDate; s != ByChargeDate && s != ProRata {
		return nil, domain.Invalid("terms.sameDueDate", string(s), "unknown-terms", "must be one of %v", "Money",
			[]SameDueDate{ByChargeDate, ProRata})
	}
	return []Event{AccountOpened{
		Center: c.Center, Name: c.Name, Region: c.Region, Currency: money.Currency, Terms: c.Terms, OpenedOn: today,
	}}, nil
}

// Evolve folds an event into the account.
func (a *Account) Evolve(e Event) {
	switch e := e.(type) {
	case AccountOpened:
		*a = Account{
			opened:       e,
			charges:      make(map[domain.ChargeID]*charge),
			alikeCharges: make(map[look][]*charge),
			landed:       make(map[Requested]domain.ChargeID),
			offList:      make(map[domain.ChargeID]*offListRequest),
			quotes:       make(map[domain.QuoteID]*compensation),
			sheets:       make(map[domain.SheetID]domain.ChargeID),

			compensationsMoved: make(map[domain.ChargeID]CompensationMoved),
			payments:           make(map[domain.PaymentID]*payment),
			alike:              make(map[lookAlike][]*payment),
			refunds:            make(map[domain.RefundID]bool),
			notes:              make(map[domain.CreditNoteID]bool),
			writeOffs:          make(map[domain.WriteOffID]*writeOffRequest),
			transfers:          make(map[domain.TransferID][]Carried),
			departed:           make(map[departing]Departure),
			arrived:            make(map[departing]domain.ChargeID),
			inbound:            make(map[domain.TransferID]bool),
			statements:         make(map[calendar.Quarter]*statement),
			notices:            make(map[domain.NoticeID]bool),
			claimedOn:          make(map[calendar.Half]calendar.Date),
			reportedThrough:    make(map[domain.ProjectID]calendar.Month),
			reports:            make(map[reportOf][]Reported),
		}
	case ChargeAccrued:
		a.charged(chargeAccrued(e))
		delete(a.offList, e.Charge)
		if at := e.Basis.Requested; at != nil {
			a.landed[*at] = e.Charge
		}
		if q := a.quotes[e.Basis.Quote]; q != nil && e.Basis.Requested == nil {
			q.charge = e.Charge
		}
		if e.Basis.Sheet != "" {
			a.sheets[e.Basis.Sheet] = e.Charge
		}
	case OffListChargeRequested:
		a.offList[e.Charge] = &offListRequest{asked: e, status: awaitingApproval}
	case OffListChargeApproved:
		r := a.offList[e.Charge]
		r.status, r.approval = awaitingExecution, Approval{By: e.By, On: e.On}
	case OffListChargeMoved:
		r := a.offList[e.Charge]
		r.status, r.moved = chargedElsewhere, e
	case OffListChargeRejected:
		a.offList[e.Charge].status = rejected
	case CompensationQuoted:
		a.quotes[e.Quote] = &compensation{quoted: e}
	case CompensationMoved:
		a.compensationMoved(e)
	case PaymentReceived:
		a.received(e)
	case PaymentAllocated:
		a.settle(e)
	case AllocationReversed:
		a.unsettle(e)
	case PaymentRefunded:
		p := a.payments[e.Payment]
		p.refunded = p.refunded.Add(e.Amount)
		a.spend(p, e.Amount, e.On)
		a.refunds[e.Refund] = true
	case PaymentBounced:
		p := a.payments[e.Payment]
		p.bounced, p.bouncedBy = true, e.By
		a.spend(p, e.Amount, e.On)
	case CreditNoteIssued:
		a.credited(e)
	case WriteOffRequested:
		a.writeOffs[e.WriteOff] = &writeOffRequest{asked: e}
	case WriteOffRejected:
		a.writeOffs[e.WriteOff].decided = "was rejected already"
	case ReceivableWrittenOff:
		a.writtenOff(e)
	case StatementIssued:
		a.issued(e)
	case StatementSuperseded:
		a.supersede(e)
	case StatementConfirmed:
		a.confirmed(e)
	case StatementReopened:
		a.reopened(e)
	case StatementReported:
		a.statements[e.Quarter].reported = true
	case ChargeDisputed:
		a.charges[e.Charge].dispute = &Objection{e.Statement, e.Quarter, e.Version, e.Reason, e.On, e.By}
	case DisputeRejected:
		a.charges[e.Charge].dispute = nil
	case ChargeTransferredOut:
		a.transferredOut(e)
	case ChargeTransferredIn:
		a.transferredIn(e)
	case ClaimIssued:
		a.notices[e.Claim], a.claimedOn[e.Half] = true, e.On
		for _, l := range e.Lines {
			a.charges[l.Charge].claimedOn = e.On
		}
	case ReminderIssued:
		a.notices[e.Reminder], a.remindedOn = true, e.On
	case ReplyReminderIssued:
		a.replyReminded(e)
	case FollowUpNoted:
		a.notices[e.FollowUp] = true
	case ChargesReported:
		a.reportedThrough[e.Project] = e.Month
		f3 := reportOf{e.Project, e.Month}
		a.reports[f3] = append(a.reports[f3], e.Lines...)
		for _, l := range e.Lines {
			a.charges[l.Charge].reported = true
		}
	}
	a.pursue(e)
	if m, ok := MovementOf(e); ok {
		a.movements = append(a.movements, m)
	}
}

// reduce takes from what is open of a charge, as of a date; less than nothing
// gives back.
func (a *Account) reduce(c *charge, amount money.Amount, on calendar.Date) {
	if amount.IsZero() {
		return
	}
	c.open = c.open.Sub(amount)
	c.opens.add(on, amount.Neg())
	a.list(c)
}

// giveUp changes what is written off of a charge, as of a date.
func (a *Account) giveUp(c *charge, amount money.Amount, on calendar.Date) {
	if amount.IsZero() {
		return
	}
	c.writtenOff = c.writtenOff.Add(amount)
	c.writeOffs.add(on, amount)
	a.list(c)
}

// list keeps a charge among the owed ones while something of it is owed.
func (a *Account) list(c *charge) {
	i, listed := slices.BinarySearchFunc(a.owed, c, inOrderOfApplication)
	switch owed := !c.owed().IsZero(); {
	case owed && !listed:
		a.owed = slices.Insert(a.owed, i, c)
	case !owed && listed:
		a.owed = slices.Delete(a.owed, i, i+1)
	}
}

// Balance is the account's position.
type Balance struct {
	Unconfirmed money.Amount // open, 待对账
	Confirmed   money.Amount // open, 已确认应收
	Disputed    money.Amount // open; part of the unconfirmed
	WrittenOff  money.Amount // still owed by the center
	Unapplied   money.Amount // of all payments
}

// Open is our receivable.
func (b Balance) Open() money.Amount { return b.Unconfirmed.Add(b.Confirmed) }

// Owed is what the center owes, given up by us or not.
func (b Balance) Owed() money.Amount { return b.Open().Add(b.WrittenOff) }

// Closing is what the center owes less what we hold for it.
func (b Balance) Closing() money.Amount { return b.Owed().Sub(b.Unapplied) }

// Balance sums the account up.
func (a *Account) Balance() Balance {
	var b Balance
	for _, c := range a.byNumber {
		b.WrittenOff = b.WrittenOff.Add(c.writtenOff)
		if c.stage == Confirmed {
			b.Confirmed = b.Confirmed.Add(c.open)
		} else {
			b.Unconfirmed = b.Unconfirmed.Add(c.open)
		}
		if c.disputed() {
			b.Disputed = b.Disputed.Add(c.open)
		}
	}
	for _, p := range a.payments {
		b.Unapplied = b.Unapplied.Add(p.unapplied)
	}
	return b
}

func (a *Account) exists() bool { return a.opened.Center != "" }

// MustExist rejects a center without an account.
func (a *Account) MustExist(id domain.CenterID) error {
	if !a.exists() {
		return domain.NotFound("center", string(id), "unknown-center", "is not a property center with an account")
	}
	return nil
}

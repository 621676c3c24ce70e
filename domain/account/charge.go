package account

import (
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
)

// ChargeAccrued is one line owed by the center.
type ChargeAccrued struct {
	Charge     domain.ChargeID       `json:"charge"`
	Center     domain.CenterID       `json:"center"`
	Project    domain.ProjectID      `json:"project"`
	Room       string                `json:"room,omitempty"`
	Owner      string                `json:"owner,omitempty"`
	Ticket     domain.TicketID       `json:"ticket,omitempty"`
	FaultLine  domain.FaultLineID    `json:"faultLine,omitempty"`
	Kind       pricelist.ServiceKind `json:"kind"`
	Service    string                `json:"service"` // as printed on F3
	Basis      PriceBasis            `json:"basis"`
	Quantity   decimal.Decimal       `json:"quantity"`
	Unit       string                `json:"unit"`
	UnitPrice  decimal.Decimal       `json:"unitPrice"`
	Tax        money.Tax             `json:"taxTerms"`
	Money      money.Line            `json:"money"`
	OccurredOn calendar.Date         `json:"occurredOn"` // business date of the work
	// accounting quarter; later than that of OccurredOn for a late item
	Posted calendar.Quarter `json:"posted"`
	DueOn  calendar.Date    `json:"dueOn"`
	Clause string           `json:"clause"`
	Remark string           `json:"remark,omitempty"`
	// PossibleDuplicateOf is an earlier charge of the center that looks alike: the
	// same work at the same place on the same day. This one is booked all the same,
	// for a person to look at.
	PossibleDuplicateOf domain.ChargeID `json:"possibleDuplicateOf,omitempty"`
}

// PriceBasis is the ground on which a price stands: a version of the price list
// (§5.3.1), an approval of work outside it (§5.3.1), or a quote for damage
// outside warranty (§5.3.2).
type PriceBasis struct {
	PriceList string         `json:"priceList,omitempty"` // version in force on the day of the work
	Item      string         `json:"item,omitempty"`      // code on that list
	Approval  *Approval      `json:"approval,omitempty"`  // of work outside the list
	Quote     domain.QuoteID `json:"quote,omitempty"`     // of a compensation
	Sheet     domain.SheetID `json:"sheet,omitempty"`     // F2 that states the compensation
	// Requested is where the work outside the list was asked for, or the compensation
	// was quoted, if the project has belonged to another center since.
	Requested *Requested `json:"requested,omitempty"`
}

// Requested names a request for work outside the price list, or the charge of a
// compensation: its center, and its number there.
type Requested struct {
	Center domain.CenterID `json:"center"`
	Charge domain.ChargeID `json:"charge"`
}

// Approval is the HQ affairs supervisor's word on work outside the price list.
type Approval struct {
	By string        `json:"by"`
	On calendar.Date `json:"on"`
	// ExecutedBefore flags, for ever, work that was done before it was approved.
	ExecutedBefore bool `json:"executedBefore,omitempty"`
}

func (ChargeAccrued) EventType() string             { return "ChargeAccrued" }
func (e ChargeAccrued) center() domain.CenterID     { return e.Center }
func (e ChargeAccrued) businessDate() calendar.Date { return e.OccurredOn }
func (e ChargeAccrued) RestsOn() domain.Ground      { return domain.Clause(e.Clause) }
func (e ChargeAccrued) concerns(t *trail) bool      { return e.Charge == t.charge }

func (e ChargeAccrued) movement() Movement {
	return Movement{
		Type: ChargeMovement, Document: string(e.Charge), Charge: e.Charge, Project: e.Project, Room: e.Room, Text: e.Service,
		On: e.OccurredOn, Amount: e.Money.Gross, Tax: e.Money.Tax, Posted: e.Posted,
	}
}

// charge is one line owed. At any time
//
//	gross = reduced + settled + writtenOff + open
//
// where settled is the sum of its settlements that are no recoveries, and
// recoveries have left writtenOff.
type charge struct {
	id         domain.ChargeID
	project    domain.ProjectID
	kind       pricelist.ServiceKind
	service    string
	room       string
	owner      string
	ticket     domain.TicketID
	dueOn      calendar.Date
	occurredOn calendar.Date
	posted     calendar.Quarter
	number     int // order of accrual

	gross      money.Amount
	tax        money.Amount
	reduced    money.Amount      // credited, or transferred to another center
	moved      money.Amount      // transferred to another center
	departures []Departure       // to other centers, in order
	leftBy     domain.TransferID // the last of them
	writtenOff money.Amount      // outstanding: the center still owes it
	open       money.Amount
	opens      timeline // open, as of each date
	writeOffs  timeline // writtenOff, as of each date

	settlements []*settlement
	stage       Stage
	confirmedOn calendar.Date
	confirmedIn calendar.Quarter // statement that confirmed it
	reopened    []Reopened
	dispute     *Objection     // nil: not disputed
	pursued     *DisputeCourse // the last dispute
	posts       []inQuarter    // what was posted of it
	reported    bool           // on an F3
	claimedOn   calendar.Date  // the last claim that it is in
}

func (c *charge) disputed() bool { return c.dispute != nil }

// owed is what the center still owes of the charge, given up by us or not.
func (c *charge) owed() money.Amount { return c.open.Add(c.writtenOff) }

// share is a part of what is open of the charge.
func (c *charge) share(amount money.Amount) Share {
	return Share{Amount: amount, Stage: c.stage, ConfirmedOn: c.confirmedOn, Reopened: c.reopened}
}

// reduction is the money of a part of the charge that is taken back. However
// many parts a charge is taken back in, their taxes add up to its tax.
func (c *charge) reduction(gross money.Amount) money.Line {
	tax := c.tax.Share(c.reduced.Add(gross).Fen(), c.gross.Fen()).Sub(c.tax.Share(c.reduced.Fen(), c.gross.Fen()))
	return money.Line{Net: gross.Sub(tax), Tax: tax, Gross: gross}
}

// AccrueCharge is the command that charges the center for work at a price of
// the list.
type AccrueCharge struct {
	Charge     domain.ChargeID    `json:"charge,omitzero"`
	Center     domain.CenterID    `json:"center,omitzero"`
	Project    domain.ProjectID   `json:"project,omitzero"`
	Room       string             `json:"room,omitzero"`
	Owner      string             `json:"owner,omitzero"`
	Ticket     domain.TicketID    `json:"ticket,omitzero"`
	FaultLine  domain.FaultLineID `json:"faultLine,omitzero"`
	Quantity   decimal.Decimal    `json:"quantity,omitzero"`
	OccurredOn calendar.Date      `json:"occurredOn,omitzero"`
	Remark     string             `json:"remark,omitzero"`
	// Stated is the gross amount on a sheet entered from paper, to be checked
	// against price times quantity; nil where none was stated.
	Stated *money.Amount `json:"stated,omitzero"`
	// PostTo is the quarter that a person expects the charge in; zero: whichever
	// it belongs to.
	PostTo calendar.Quarter `json:"postTo,omitzero"`
}

// PricedCharge is a charge with the price of its item on the day of the work.
type PricedCharge struct {
	Charge AccrueCharge
	Quote  pricelist.Quote
}

// AccrueCharges charges many works at once, all of them or none: they are one
// decision, and recorded together. lines are the rejections, by line; nil where
// there are none.
func (a *Account) AccrueCharges(
	charges []PricedCharge, rules policy.Policy, today calendar.Date,
) (events []Event, lines []error) {
	c := a.course()
	first := make(map[domain.ChargeID]int, len(charges))
	for i, line := range charges {
		e, err := a.price(line.Charge, line.Quote, today)
		if before, twice := first[line.Charge.Charge]; twice {
			err = domain.Conflict("charge", string(line.Charge.Charge), "number-twice", "is in lines[%d] already", "5.3.3",
				before)
		}
		first[line.Charge.Charge] = i
		if err != nil {
			if lines == nil {
				lines = make([]error, len(charges))
			}
			lines[i] = err
			continue
		}
		c.accrue(e, rules)
	}
	if lines != nil {
		return nil, lines
	}
	c.applyUnapplied(0, "")
	return c.decided(), nil
}

// AccrueCharge charges work at the price in force on its day (§5.3.1). Unapplied
// money of the center settles it at once, after whatever is owed and due before it.
func (a *Account) AccrueCharge(
	c AccrueCharge, quote pricelist.Quote, rules policy.Policy, today calendar.Date,
) ([]Event, error) {
	e, err := a.price(c, quote, today)
	if err != nil {
		return nil, err
	}
	return a.accrue(e, rules), nil
}

// price checks a charge and says what it comes to.
func (a *Account) price(c AccrueCharge, quote pricelist.Quote, today calendar.Date) (e ChargeAccrued, err error) {
	if err := a.checkCharge(c, today); err != nil {
		return e, err
	}
	if err := money.CheckWhole("quantity", quote.Item.Unit, c.Quantity); err != nil {
		return e, err
	}
	line, err := money.PriceLine(quote.Item.Price, c.Quantity, quote.Item.Tax)
	if err != nil {
		return e, err
	}
	if err := line.Gross.CheckPositive("amount"); err != nil {
		return e, err
	}
	if c.Stated != nil && *c.Stated != line.Gross {
		return e, domain.Invalid("amount", c.Stated.String(), "amount-differs",
			"must be %s: %s × %s at price list %s", "5.3.1", line.Gross, quote.Item.Price, c.Quantity, quote.Version)
	}
	return ChargeAccrued{
		Charge: c.Charge, Center: c.Center, Project: c.Project, Room: c.Room, Owner: c.Owner, Ticket: c.Ticket,
		FaultLine: c.FaultLine, Kind: quote.Item.Kind, Service: quote.Item.Name,
		Basis: PriceBasis{PriceList: quote.Version, Item: quote.Item.Code}, Quantity: c.Quantity, Unit: quote.Item.Unit,
		UnitPrice: quote.Item.Price, Tax: quote.Item.Tax, Money: line, OccurredOn: c.OccurredOn, Clause: "5.3.1",
		Remark: c.Remark,
	}, nil
}

// accrue posts a charge, settles what is owed from unapplied money and supersedes
// the statements that it changes.
func (a *Account) accrue(e ChargeAccrued, rules policy.Policy) []Event {
	c := a.course()
	c.accrue(e, rules)
	c.applyUnapplied(0, "")
	return c.decided()
}

// accrue posts a charge and flags it if it looks like an earlier one.
func (c *course) accrue(e ChargeAccrued, rules policy.Policy) {
	e.Posted = c.account.postTo(e.OccurredOn)
	e.DueOn = rules.DueOn(e.Posted)
	e.PossibleDuplicateOf = c.looksLike(chargeAccrued(e))
	c.decide(e)
}

// look is what two entries of the same charge have in common, beside the ticket
// where both name one.
type look struct {
	project       domain.ProjectID
	room, service string
	occurredOn    calendar.Date
	gross         money.Amount
}

func (c *charge) look() look { return look{c.project, c.room, c.service, c.occurredOn, c.gross} }

// looksLike finds the earlier charge that a new one may be the double of: one
// that was not taken back in full, and is not of another ticket.
func (c *course) looksLike(ch *charge) domain.ChargeID {
	same := func(was *charge) bool {
		return was.reduced != was.gross && (was.ticket == ch.ticket || was.ticket == "" || ch.ticket == "")
	}
	for _, was := range c.account.alikeCharges[ch.look()] {
		if same(was) {
			return was.id
		}
	}
	for _, was := range c.joined {
		if was.look() == ch.look() && same(was) {
			return was.id
		}
	}
	return ""
}

func (a *Account) checkCharge(c AccrueCharge, today calendar.Date) error {
	if err := domain.FirstError(
		a.MustExist(c.Center),
		domain.CheckID("charge", c.Charge),
		money.CheckQuantity("quantity", c.Quantity),
		domain.CheckText("room", c.Room, false),
		domain.CheckText("owner", c.Owner, false),
		domain.CheckText("remark", c.Remark, false),
		c.OccurredOn.CheckPast("occurredOn", today),
	); err != nil {
		return err
	}
	if err := a.checkNewCharge(c.Charge); err != nil {
		return err
	}
	return a.checkPostTo(c.PostTo, c.OccurredOn)
}

// Accrued reports whether the center was charged under a number, whatever has become
// of the charge since.
func (a *Account) Accrued(id domain.ChargeID) bool { return a.charges[id] != nil }

// checkNewCharge rejects a number that a charge, or a request for one, has.
func (a *Account) checkNewCharge(id domain.ChargeID) error {
	if was, ok := a.charges[id]; ok {
		return domain.Conflict("charge", string(id), "charge-exists",
			"was entered already: %s yuan for work on %s", "5.3.3", was.gross, was.occurredOn)
	}
	if was, ok := a.offList[id]; ok {
		return domain.Conflict("charge", string(id), "charge-exists",
			"was entered already: %s yuan of work outside the price list, which %s", "5.3.1", was.asked.Money.Gross,
			was.stands())
	}
	if was, ok := a.compensationsMoved[id]; ok {
		return domain.Conflict("charge", string(id), "charge-exists",
			"is the number of a compensation of %s yuan that center %s was charged", "5.3.2", was.Amount, was.To)
	}
	return nil
}

// checkPostTo rejects a quarter that a person forces an item into.
func (a *Account) checkPostTo(want calendar.Quarter, on calendar.Date) error {
	must := a.postTo(on)
	if want.IsZero() || want == must {
		return nil
	}
	if want <= a.closedThrough {
		return domain.Conflict("postTo", want.String(), "quarter-closed",
			"is closed: center %s has confirmed everything through %s; an item of %s posts to %s, labelled with its origin",
			"5.3.4", a.opened.Center, a.closedThrough, on, must)
	}
	return domain.Invalid("postTo", want.String(), "other-quarter", "must be %s, to which an item of %s posts", "5.3.4",
		must, on)
}

// postTo returns the accounting quarter for a business date: its own or, once
// the center has confirmed that, the earliest open one.
func (a *Account) postTo(d calendar.Date) calendar.Quarter {
	return max(d.Quarter(), a.OpenFrom())
}

func chargeAccrued(e ChargeAccrued) *charge {
	return &charge{
		id: e.Charge, project: e.Project, kind: e.Kind, service: e.Service, room: e.Room, owner: e.Owner, ticket: e.Ticket,
		dueOn: e.DueOn, occurredOn: e.OccurredOn, posted: e.Posted, gross: e.Money.Gross, tax: e.Money.Tax,
		stage: Unconfirmed,
	}
}

// charged adds a charge to the state.
func (a *Account) charged(c *charge) {
	c.number = len(a.charges)
	a.charges[c.id] = c
	a.byNumber = append(a.byNumber, c)
	a.alikeCharges[c.look()] = append(a.alikeCharges[c.look()], c)
	a.reduce(c, c.gross.Neg(), c.occurredOn)
}

// mustHold returns a charge of the center.
func (a *Account) mustHold(field string, id domain.ChargeID) (*charge, error) {
	if c, ok := a.charges[id]; ok {
		return c, nil
	}
	return nil, domain.NotFound(field, string(id), "unknown-charge", "is not a charge of center %s", a.opened.Center).
		Among(a.Charges())
}

// Charges are the numbers of the center's charges, with what each is for.
func (a *Account) Charges() []domain.Existing {
	return numbered(a.charges, func(c *charge) domain.Existing {
		return domain.Existing{NamedID: domain.NamedID{Name: c.service}, Project: c.project}
	})
}

// numbered is what the account holds under numbers, with what they are called and whose
// they are, for a refusal of a number that it does not hold.
func numbered[K ~string, V any](held map[K]V, describe func(V) domain.Existing) []domain.Existing {
	there := make([]domain.Existing, 0, len(held))
	for number, one := range held {
		e := describe(one)
		e.ID = string(number)
		there = append(there, e)
	}
	return there
}

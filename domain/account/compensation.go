package account

import (
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
)

// CompensationQuoted is what the HQ affairs supervisor asks for damage outside
// warranty (§5.3.2). It moves no money until the F2 states it.
type CompensationQuoted struct {
	Quote    domain.QuoteID   `json:"quote"`
	Center   domain.CenterID  `json:"center"`
	Project  domain.ProjectID `json:"project"`
	Room     string           `json:"room,omitempty"`
	Owner    string           `json:"owner,omitempty"`
	Ticket   domain.TicketID  `json:"ticket,omitempty"`
	Damage   string           `json:"damage"`
	Amount   money.Amount     `json:"amount"` // what the center pays
	Tax      money.Tax        `json:"taxTerms"`
	QuotedOn calendar.Date    `json:"quotedOn"`
	By       string           `json:"by"`
}

// CompensationMoved says that a quoted compensation is for damage of a day on
// which another center answered for the project: that one is charged for it.
type CompensationMoved struct {
	Quote      domain.QuoteID  `json:"quote"`
	Sheet      domain.SheetID  `json:"sheet"`  // F2 that states it
	Charge     domain.ChargeID `json:"charge"` // the number asked for
	Center     domain.CenterID `json:"center"` // to which it was quoted
	To         domain.CenterID `json:"to"`     // that is charged
	Amount     money.Amount    `json:"amount"`
	OccurredOn calendar.Date   `json:"occurredOn"`
	On         calendar.Date   `json:"on"`
	By         string          `json:"by"`
}

func (CompensationQuoted) EventType() string { return "CompensationQuoted" }
func (CompensationMoved) EventType() string  { return "CompensationMoved" }

func (e CompensationQuoted) center() domain.CenterID { return e.Center }
func (e CompensationMoved) center() domain.CenterID  { return e.Center }

func (e CompensationQuoted) businessDate() calendar.Date { return e.QuotedOn }
func (e CompensationMoved) businessDate() calendar.Date  { return e.On }

func (CompensationQuoted) RestsOn() domain.Ground { return domain.Clause("5.3.2") }
func (CompensationMoved) RestsOn() domain.Ground  { return domain.Clause("5.3.2") }

func (e CompensationQuoted) concerns(t *trail) bool { return t.quote != "" && e.Quote == t.quote }
func (e CompensationMoved) concerns(t *trail) bool  { return e.Charge == t.charge }

// compensation is a quote, and the charge it became here or at another center.
type compensation struct {
	quoted CompensationQuoted
	charge domain.ChargeID
}

// QuoteCompensation is the command that states what damage is to cost.
type QuoteCompensation struct {
	Quote   domain.QuoteID   `json:"quote,omitzero"`
	Center  domain.CenterID  `json:"center,omitzero"`
	Project domain.ProjectID `json:"project,omitzero"`
	Room    string           `json:"room,omitzero"`
	Owner   string           `json:"owner,omitzero"`
	Ticket  domain.TicketID  `json:"ticket,omitzero"`
	Damage  string           `json:"damage,omitzero"`
	Amount  money.Amount     `json:"amount,omitzero"`
	TaxRate decimal.Decimal  `json:"taxRate,omitzero"` // included in the amount
	By      string           `json:"by,omitzero"`
}

// QuoteCompensation quotes the compensation for damage that the city lead
// reported by phone (§5.3.2). A better estimate is a new quote.
func (a *Account) QuoteCompensation(c QuoteCompensation, today calendar.Date) ([]Event, error) {
	tax := money.Tax{Rate: c.TaxRate}
	if err := domain.FirstError(
		a.MustExist(c.Center),
		domain.CheckID("quote", c.Quote),
		domain.CheckText("damage", c.Damage, true),
		domain.CheckText("room", c.Room, false),
		domain.CheckText("owner", c.Owner, false),
		c.Amount.CheckPositive("amount"),
		tax.Check("taxRate"),
	); err != nil {
		return nil, err
	}
	if was, ok := a.quotes[c.Quote]; ok {
		return nil, domain.Conflict("quote", string(c.Quote), "quote-exists", "was given already: %s yuan on %s", "5.3.2",
			was.quoted.Amount, was.quoted.QuotedOn)
	}
	return []Event{CompensationQuoted{
		Quote: c.Quote, Center: c.Center, Project: c.Project, Room: c.Room, Owner: c.Owner, Ticket: c.Ticket,
		Damage: c.Damage,
		Amount: c.Amount, Tax: tax, QuotedOn: today, By: c.By,
	}}, nil
}

// ChargeCompensation is the command that charges what a process sheet F2 of
// this kind states.
type ChargeCompensation struct {
	Charge     domain.ChargeID `json:"charge,omitzero"`
	Center     domain.CenterID `json:"center,omitzero"`
	Quote      domain.QuoteID  `json:"quote,omitzero"`
	Sheet      domain.SheetID  `json:"sheet,omitzero"`
	Amount     money.Amount    `json:"amount,omitzero"` // as the F2 states it
	OccurredOn calendar.Date   `json:"occurredOn,omitzero"`
	By         string          `json:"by,omitzero"`
}

// ChargeCompensation charges damage outside warranty at exactly the amount
// that was quoted (§5.3.2): to the center that answered for the project on its day,
// see ChargeMoved where that is another one.
func (a *Account) ChargeCompensation(
	c ChargeCompensation, answering domain.CenterID, rules policy.Policy, today calendar.Date,
) ([]Event, error) {
	if m, ok := a.compensationsMoved[c.Charge]; ok && m.Quote == c.Quote && m.Sheet == c.Sheet {
		return nil, nil // and again: what broke off between the two accounts is completed
	}
	if err := domain.FirstError(
		a.MustExist(c.Center),
		domain.CheckID("charge", c.Charge),
		domain.CheckID("sheet", c.Sheet),
		c.OccurredOn.CheckPast("occurredOn", today),
	); err != nil {
		return nil, err
	}
	q, err := a.Quoted(c.Center, c.Quote)
	if err != nil {
		return nil, err
	}
	if charge := a.quotes[c.Quote].charge; charge != "" {
		return nil, domain.Conflict("quote", string(c.Quote), "quote-used", "was charged already, as %s", "5.3.2", charge)
	}
	if q.Amount != c.Amount {
		return nil, domain.Conflict("amount", c.Amount.String(), "compensation-differs",
			"must be exactly the %s yuan that %s quoted on %s", "5.3.2", q.Amount, q.By, q.QuotedOn)
	}
	if err := duties.Apart(duties.Decision{
		Matter: matter(c.Center, string(c.Quote), "COMPENSATION"), Field: "quote", Clause: "5.3.2", By: c.By, On: today,
	}, duties.Submitted(q.By)); err != nil {
		return nil, err
	}
	if was, ok := a.sheets[c.Sheet]; ok {
		return nil, domain.Conflict("sheet", string(c.Sheet), "sheet-used", "states the compensation of another charge, %s",
			"5.3.2", was)
	}
	if err := a.checkNewCharge(c.Charge); err != nil {
		return nil, err
	}
	moved := CompensationMoved{
		Quote: c.Quote, Sheet: c.Sheet, Charge: c.Charge, Center: c.Center, To: answering, Amount: c.Amount,
		OccurredOn: c.OccurredOn,
		On:         today, By: c.By,
	}
	charge, err := compensationCharge(q, moved)
	switch {
	case err != nil:
		return nil, err
	case answering != c.Center:
		return []Event{moved}, nil
	}
	return a.accrue(charge, rules), nil
}

// compensationCharge is what a center is charged for a quote.
func compensationCharge(q CompensationQuoted, m CompensationMoved) (ChargeAccrued, error) {
	line, err := q.Tax.Split(q.Amount)
	return ChargeAccrued{
		Charge: m.Charge, Center: m.To, Project: q.Project, Room: q.Room, Owner: q.Owner, Ticket: q.Ticket,
		Kind: pricelist.Compensation, Service: q.Damage, Basis: PriceBasis{Quote: m.Quote, Sheet: m.Sheet},
		Quantity: decimal.NewFromInt(1), Unit: "项", UnitPrice: q.Amount.Decimal(), Tax: q.Tax, Money: line,
		OccurredOn: m.OccurredOn, Clause: "5.3.2",
	}, err
}

// compensationMoved folds a compensation that another center is charged for. Its
// number is taken here, too.
func (a *Account) compensationMoved(e CompensationMoved) {
	a.compensationsMoved[e.Charge] = e
	a.quotes[e.Quote].charge = e.Charge
	a.sheets[e.Sheet] = e.Charge
}

// Quoted returns what was quoted under a number.
func (a *Account) Quoted(center domain.CenterID, id domain.QuoteID) (CompensationQuoted, error) {
	found, ok := a.quotes[id]
	if !ok {
		return CompensationQuoted{}, domain.NotFound("quote", string(id), "unknown-quote",
			"is not a compensation quoted to center %s", center).Among(numbered(a.quotes, func(c *compensation) domain.Existing {
			return domain.Existing{NamedID: domain.NamedID{Name: c.quoted.Damage}, Project: c.quoted.Project}
		}))
	}
	return found.quoted, nil
}

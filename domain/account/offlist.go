package account

import (
	"slices"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
)

// OffListChargeRequested asks for the HQ affairs supervisor's approval of work
// outside the price list (§5.3.1). It moves no money: it appears in no F3 and
// in no statement.
type OffListChargeRequested struct {
	Charge      domain.ChargeID       `json:"charge"` // number of the charge it becomes
	Center      domain.CenterID       `json:"center"`
	Project     domain.ProjectID      `json:"project"`
	Room        string                `json:"room,omitempty"`
	Owner       string                `json:"owner,omitempty"`
	Ticket      domain.TicketID       `json:"ticket,omitempty"`
	FaultLine   domain.FaultLineID    `json:"faultLine,omitempty"`
	Kind        pricelist.ServiceKind `json:"kind"`
	Service     string                `json:"service"`
	Quantity    decimal.Decimal       `json:"quantity"`
	Unit        string                `json:"unit"`
	UnitPrice   decimal.Decimal       `json:"unitPrice"`
	Tax         money.Tax             `json:"taxTerms"`
	Money       money.Line            `json:"money"`
	OccurredOn  calendar.Date         `json:"occurredOn,omitzero"` // absent: not executed yet
	Reason      string                `json:"reason"`
	RequestedOn calendar.Date         `json:"requestedOn"`
	By          string                `json:"by"`
}

// OffListChargeApproved allows work outside the price list. Work done before
// is charged with it, flagged; work still to be done may be executed.
type OffListChargeApproved struct {
	Charge domain.ChargeID `json:"charge"`
	Center domain.CenterID `json:"center"`
	Note   string          `json:"note,omitempty"`
	On     calendar.Date   `json:"on"`
	By     string          `json:"by"`
}

// OffListChargeRejected refuses work outside the price list.
type OffListChargeRejected struct {
	Charge domain.ChargeID `json:"charge"`
	Center domain.CenterID `json:"center"`
	Reason string          `json:"reason"`
	On     calendar.Date   `json:"on"`
	By     string          `json:"by"`
}

// OffListChargeMoved says that approved work was done when another center
// answered for the project: that one is charged for it.
type OffListChargeMoved struct {
	Charge     domain.ChargeID `json:"charge"` // number of the request
	Center     domain.CenterID `json:"center"` // where it was asked for
	To         domain.CenterID `json:"to"`     // that is charged
	OccurredOn calendar.Date   `json:"occurredOn"`
	On         calendar.Date   `json:"on"`
	By         string          `json:"by"`
}

func (OffListChargeRequested) EventType() string { return "OffListChargeRequested" }
func (OffListChargeApproved) EventType() string  { return "OffListChargeApproved" }
func (OffListChargeRejected) EventType() string  { return "OffListChargeRejected" }
func (OffListChargeMoved) EventType() string     { return "OffListChargeMoved" }

func (e OffListChargeRequested) center() domain.CenterID { return e.Center }
func (e OffListChargeApproved) center() domain.CenterID  { return e.Center }
func (e OffListChargeRejected) center() domain.CenterID  { return e.Center }
func (e OffListChargeMoved) center() domain.CenterID     { return e.Center }

func (e OffListChargeRequested) businessDate() calendar.Date { return e.RequestedOn }
func (e OffListChargeApproved) businessDate() calendar.Date  { return e.On }
func (e OffListChargeRejected) businessDate() calendar.Date  { return e.On }
func (e OffListChargeMoved) businessDate() calendar.Date     { return e.On }

func (OffListChargeRequested) RestsOn() domain.Ground { return domain.Clause("5.3.1") }
func (OffListChargeApproved) RestsOn() domain.Ground  { return domain.Clause("5.3.1") }
func (OffListChargeRejected) RestsOn() domain.Ground  { return domain.Clause("5.3.1") }
func (OffListChargeMoved) RestsOn() domain.Ground     { return domain.Clause("5.3.1") }

func (e OffListChargeRequested) concerns(t *trail) bool { return e.Charge == t.charge }
func (e OffListChargeApproved) concerns(t *trail) bool  { return e.Charge == t.charge }
func (e OffListChargeRejected) concerns(t *trail) bool  { return e.Charge == t.charge }
func (e OffListChargeMoved) concerns(t *trail) bool     { return e.Charge == t.charge }

// offListStatus says where a request stands.
type offListStatus uint8

const (
	awaitingApproval offListStatus = iota
	awaitingExecution
	rejected
	chargedElsewhere
)

var offListStands = map[offListStatus]domain.Sentence{
	awaitingApproval:  "awaits approval",
	awaitingExecution: "is approved and not executed yet",
	rejected:          "was rejected",
	chargedElsewhere:  "is charged to center %s, which the project belonged to on the day of the work",
}

// offListRequest is a request that has not become a charge.
type offListRequest struct {
	asked    OffListChargeRequested
	status   offListStatus
	approval Approval
	moved    OffListChargeMoved // once another center is charged
}

// stands is what became of the request so far.
func (r *offListRequest) stands() domain.Text {
	if r.status == chargedElsewhere {
		return domain.Say(offListStands[r.status], r.moved.To)
	}
	return domain.Say(offListStands[r.status])
}

// RequestOffList is the command that asks for approval of work outside the list.
type RequestOffList struct {
	Charge     domain.ChargeID       `json:"charge,omitzero"`
	Center     domain.CenterID       `json:"center,omitzero"`
	Project    domain.ProjectID      `json:"project,omitzero"`
	Room       string                `json:"room,omitzero"`
	Owner      string                `json:"owner,omitzero"`
	Ticket     domain.TicketID       `json:"ticket,omitzero"`
	FaultLine  domain.FaultLineID    `json:"faultLine,omitzero"`
	Kind       pricelist.ServiceKind `json:"kind,omitzero"`
	Service    string                `json:"service,omitzero"`
	Quantity   decimal.Decimal       `json:"quantity,omitzero"`
	Unit       string                `json:"unit,omitzero"`
	UnitPrice  decimal.Decimal       `json:"unitPrice,omitzero"`
	Tax        money.Tax             `json:"tax,omitzero"`
	OccurredOn calendar.Date         `json:"occurredOn,omitzero"` // zero: not executed yet
	Reason     string                `json:"reason,omitzero"`
	By         string                `json:"by,omitzero"`
}

// RequestOffList asks for approval of work outside the price list.
func (a *Account) RequestOffList(c RequestOffList, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		a.MustExist(c.Center),
		domain.CheckID("charge", c.Charge),
		domain.CheckText("service", c.Service, true),
		domain.CheckText("unit", c.Unit, true),
		domain.CheckText("reason", c.Reason, true),
		domain.CheckText("room", c.Room, false),
		domain.CheckText("owner", c.Owner, false),
		money.CheckQuantity("quantity", c.Quantity),
		money.CheckWhole("quantity", c.Unit, c.Quantity),
		money.CheckUnitPrice("unitPrice", c.UnitPrice),
		c.Tax.Check("taxRate"),
		a.checkNewCharge(c.Charge),
	); err != nil {
		return nil, err
	}
	if !slices.Contains(pricelist.ServiceKinds(), c.Kind) || c.Kind == pricelist.Compensation {
		return nil, domain.Invalid("kind", string(c.Kind), "unknown-kind",
			"must be one of %v; a compensation is quoted, not approved", "5.3.1", pricelist.ServiceKinds())
	}
	if !c.OccurredOn.IsZero() {
		if err := c.OccurredOn.CheckPast("occurredOn", today); err != nil {
			return nil, err
		}
	}
	line, err := money.PriceLine(c.UnitPrice, c.Quantity, c.Tax)
	if err != nil {
		return nil, err
	}
	if err := line.Gross.CheckPositive("amount"); err != nil {
		return nil, err
	}
	return []Event{OffListChargeRequested{
		Charge: c.Charge, Center: c.Center, Project: c.Project, Room: c.Room, Owner: c.Owner, Ticket: c.Ticket,
		FaultLine: c.FaultLine,
		Kind:      c.Kind, Service: c.Service, Quantity: c.Quantity, Unit: c.Unit, UnitPrice: c.UnitPrice, Tax: c.Tax,
		Money:      line,
		OccurredOn: c.OccurredOn, Reason: c.Reason, RequestedOn: today, By: c.By,
	}}, nil
}

// DecideOffList is the command that approves or rejects work outside the list.
type DecideOffList struct {
	Charge  domain.ChargeID `json:"charge,omitzero"`
	Center  domain.CenterID `json:"center,omitzero"`
	Approve bool            `json:"approve,omitzero"`
	Note    string          `json:"note,omitzero"` // the reason, required for a rejection
	By      string          `json:"by,omitzero"`
}

// DecideOffList approves or rejects work outside the price list. Nobody
// approves their own request. Work that was executed already is charged with
// its approval and flagged, if it lies before it: to the center that answered for
// the project on its day, see ChargeMoved where that is another one.
func (a *Account) DecideOffList(
	c DecideOffList, answering domain.CenterID, rules policy.Policy, today calendar.Date,
) ([]Event, error) {
	if r := a.offList[c.Charge]; c.Approve && r != nil && r.status == chargedElsewhere {
		return nil, nil // and again: what broke off between the two accounts is completed
	}
	r, err := a.offListIn(c.Center, c.Charge, awaitingApproval)
	if err != nil {
		return nil, err
	}
	if err := domain.CheckText("note", c.Note, !c.Approve); err != nil {
		return nil, err
	}
	if err := duties.Apart(duties.Decision{
		Matter: matter(c.Center, string(c.Charge), "OFF_LIST"), Field: "charge", Clause: "5.3.1", By: c.By, On: today,
	}, duties.Submitted(r.asked.By)); err != nil {
		return nil, err
	}
	if !c.Approve {
		return []Event{OffListChargeRejected{Charge: c.Charge, Center: c.Center, Reason: c.Note, On: today, By: c.By}}, nil
	}
	approved := OffListChargeApproved{Charge: c.Charge, Center: c.Center, Note: c.Note, On: today, By: c.By}
	if r.asked.OccurredOn.IsZero() {
		return []Event{approved}, nil
	}
	if answering != c.Center {
		return []Event{approved, OffListChargeMoved{
			Charge: c.Charge, Center: c.Center, To: answering, OccurredOn: r.asked.OccurredOn, On: today, By: c.By,
		}}, nil
	}
	return append([]Event{approved}, a.execute(r.asked, Approval{By: c.By, On: today}, r.asked.OccurredOn, rules)...), nil
}

// ExecuteOffList is the command that charges approved work once it is done.
type ExecuteOffList struct {
	Charge     domain.ChargeID `json:"charge,omitzero"`
	Center     domain.CenterID `json:"center,omitzero"`
	OccurredOn calendar.Date   `json:"occurredOn,omitzero"`
}

// ExecuteOffList charges work that was approved before it was done: to the center
// that answered for the project on its day, see ChargeMoved where that is another
// one.
func (a *Account) ExecuteOffList(
	c ExecuteOffList, answering domain.CenterID, by string, rules policy.Policy, today calendar.Date,
) ([]Event, error) {
	if r := a.offList[c.Charge]; r != nil && r.status == chargedElsewhere && r.moved.OccurredOn == c.OccurredOn {
		return nil, nil
	}
	r, err := a.offListIn(c.Center, c.Charge, awaitingExecution)
	if err != nil {
		return nil, err
	}
	if err := c.OccurredOn.CheckPast("occurredOn", today); err != nil {
		return nil, err
	}
	if answering != c.Center {
		return []Event{OffListChargeMoved{
			Charge: c.Charge, Center: c.Center, To: answering, OccurredOn: c.OccurredOn, On: today, By: by,
		}}, nil
	}
	return a.execute(r.asked, r.approval, c.OccurredOn, rules), nil
}

// MovedWork is a charge on its way from the account where it was asked for, as
// work outside the price list, or quoted, as a compensation, to the one of the
// center that is charged for it.
type MovedWork struct {
	at     Requested
	charge ChargeAccrued // under the number that it has there
}

// To is the center that is charged.
func (w MovedWork) To() domain.CenterID { return w.charge.Center }

// MovedWork returns the charge under a number that another center is charged for;
// false for any other.
func (a *Account) MovedWork(id domain.ChargeID) (MovedWork, bool) {
	at := Requested{a.opened.Center, id}
	if m, ok := a.compensationsMoved[id]; ok {
		charge, err := compensationCharge(a.quotes[m.Quote].quoted, m)
		return MovedWork{at, charge}, err == nil
	}
	r, ok := a.offList[id]
	if !ok || r.status != chargedElsewhere {
		return MovedWork{}, false
	}
	asked := r.asked
	asked.Center = r.moved.To
	return MovedWork{at, executed(asked, r.approval, r.moved.OccurredOn)}, true
}

// ChargeMoved charges what was asked for in the account of the center that had
// the project then, under the number that it got there or, where that is taken, as
// numberThere says. It is charged once: again decides nothing.
func (a *Account) ChargeMoved(w MovedWork, rules policy.Policy) ([]Event, error) {
	if err := a.MustExist(w.To()); err != nil {
		return nil, err
	}
	if _, again := a.landed[w.at]; again {
		return nil, nil
	}
	e := w.charge
	for n := 1; a.checkNewCharge(e.Charge) != nil; n++ {
		if n > maxReturns {
			return nil, a.checkNewCharge(e.Charge)
		}
		e.Charge = numberThere(w.at.Center, w.at.Charge, n)
	}
	if err := domain.CheckID("charge", e.Charge); err != nil {
		return nil, err
	}
	e.Basis.Requested = &w.at
	return a.accrue(e, rules), nil
}

func (a *Account) execute(r OffListChargeRequested, approval Approval, on calendar.Date, rules policy.Policy) []Event {
	return a.accrue(executed(r, approval, on), rules)
}

func executed(r OffListChargeRequested, approval Approval, on calendar.Date) ChargeAccrued {
	approval.ExecutedBefore = on.Before(approval.On)
	return ChargeAccrued{
		Charge: r.Charge, Center: r.Center, Project: r.Project, Room: r.Room, Owner: r.Owner, Ticket: r.Ticket,
		FaultLine: r.FaultLine,
		Kind:      r.Kind, Service: r.Service, Basis: PriceBasis{Approval: &approval}, Quantity: r.Quantity, Unit: r.Unit,
		UnitPrice: r.UnitPrice,
		Tax:       r.Tax, Money: r.Money, OccurredOn: on, Clause: "5.3.1", Remark: r.Reason,
	}
}

// offListIn returns a request that stands where a decision needs it.
func (a *Account) offListIn(center domain.CenterID, id domain.ChargeID, status offListStatus) (*offListRequest, error) {
	if err := a.MustExist(center); err != nil {
		return nil, err
	}
	r, ok := a.offList[id]
	if !ok {
		if c, charged := a.charges[id]; charged {
			return nil, domain.Conflict("charge", string(id), "already-charged", "is charged already, for work on %s", "5.3.1",
				c.occurredOn)
		}
		return nil, domain.NotFound("charge", string(id), "unknown-request",
			"is not a request of center %s for work outside the price list", center).
			Among(numbered(a.offList, func(r *offListRequest) domain.Existing {
				return domain.Existing{NamedID: domain.NamedID{Name: r.asked.Service}, Project: r.asked.Project}
			}))
	}
	if r.status != status {
		stands := r.stands()
		return nil, domain.Conflict("charge", string(id), "request-not-"+map[offListStatus]string{
			awaitingApproval: "pending", awaitingExecution: "approved",
		}[status], stands.Format, "5.3.1", stands.Args...)
	}
	return r, nil
}

// OffListOn returns the project of a request, and the date of its work where that
// was executed before it was approved; else the date is zero.
func (a *Account) OffListOn(id domain.ChargeID) (domain.ProjectID, calendar.Date) {
	if r, ok := a.offList[id]; ok {
		return r.asked.Project, r.asked.OccurredOn
	}
	return "", 0
}

package account

import (
	"fmt"
	"strings"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/pricelist"
)

// ChargeTransferredOut moves what is open of a charge to the center that took
// the project over (§5.3.4). ChargeTransferredIn is its other half.
type ChargeTransferredOut struct {
	Transfer domain.TransferID `json:"transfer"`
	Charge   domain.ChargeID   `json:"charge"`
	Center   domain.CenterID   `json:"center"`
	To       domain.CenterID   `json:"to"`
	Project  domain.ProjectID  `json:"project"`
	Service  string            `json:"service"`
	Money    money.Line        `json:"money"` // the part that moves
	Share    Share             `json:"share"`
	// MovesTax: the tax of what moves leaves this center with it, to be that of the
	// other; earlier transfers left it here.
	MovesTax bool `json:"movesTax,omitempty"`
	// On is the date of the charge, or the later one from which what moves was
	// open: a payment of it bounced. Both ends count from it.
	On     calendar.Date    `json:"on"`
	Posted calendar.Quarter `json:"posted"`
	By     string           `json:"by"`
}

// ChargeTransferredIn is a charge that came from another center with its
// project: dated, due and aged as it was there.
type ChargeTransferredIn struct {
	Transfer   domain.TransferID     `json:"transfer"`
	Charge     domain.ChargeID       `json:"charge"` // its number here
	Center     domain.CenterID       `json:"center"`
	From       domain.CenterID       `json:"from"`
	FromCharge domain.ChargeID       `json:"fromCharge"` // its number there
	Project    domain.ProjectID      `json:"project"`
	Room       string                `json:"room,omitempty"`
	Owner      string                `json:"owner,omitempty"`
	Ticket     domain.TicketID       `json:"ticket,omitempty"`
	Kind       pricelist.ServiceKind `json:"kind"`
	Service    string                `json:"service"`
	Money      money.Line            `json:"money"`
	On         calendar.Date         `json:"on"` // as at the other end
	Posted     calendar.Quarter      `json:"posted"`
	DueOn      calendar.Date         `json:"dueOn"`
	MovesTax   bool                  `json:"movesTax,omitempty"` // see ChargeTransferredOut
	// Dispute came with the charge, and ends here; earlier transfers ended it.
	Dispute *Objection `json:"dispute,omitempty"`
	By      string     `json:"by"`
}

// Objection is a center's dispute of a charge, on its way to another center.
type Objection struct {
	Statement string           `json:"statement"` // of the center that raised it
	Quarter   calendar.Quarter `json:"quarter"`
	Version   int              `json:"version"`
	Reason    string           `json:"reason"`
	On        calendar.Date    `json:"on"`
	By        string           `json:"by"`
}

// Center is the center that raised the dispute: statements are numbered by theirs.
func (o Objection) Center() domain.CenterID {
	return domain.CenterID(o.Statement[:max(0, strings.LastIndex(o.Statement, "-"))])
}

func (ChargeTransferredOut) EventType() string { return "ChargeTransferredOut" }
func (ChargeTransferredIn) EventType() string  { return "ChargeTransferredIn" }

func (e ChargeTransferredOut) center() domain.CenterID { return e.Center }
func (e ChargeTransferredIn) center() domain.CenterID  { return e.Center }

func (e ChargeTransferredOut) businessDate() calendar.Date { return e.On }
func (e ChargeTransferredIn) businessDate() calendar.Date  { return e.On }

func (ChargeTransferredOut) RestsOn() domain.Ground { return domain.Clause("5.3.4") }
func (ChargeTransferredIn) RestsOn() domain.Ground  { return domain.Clause("5.3.4") }

func (e ChargeTransferredOut) concerns(t *trail) bool { return e.Charge == t.charge }
func (e ChargeTransferredIn) concerns(t *trail) bool  { return e.Charge == t.charge }

func (e ChargeTransferredIn) movement() Movement {
	m := Movement{
		Type: TransferInMovement, Document: string(e.Transfer), Charge: e.Charge, Project: e.Project, Room: e.Room,
		Text: e.Service, On: e.On, Amount: e.Money.Gross, Posted: e.Posted,
	}
	if e.MovesTax {
		m.Tax = e.Money.Tax
	}
	return m
}

func (e ChargeTransferredOut) movement() Movement {
	m := Movement{
		Type: TransferOutMovement, Document: string(e.Transfer), Charge: e.Charge, Project: e.Project, Text: e.Service,
		On: e.On, Amount: e.Money.Gross.Neg(), Posted: e.Posted,
	}
	if e.MovesTax {
		m.Tax = e.Money.Tax.Neg()
	}
	return m
}

// Carried is a charge on its way from one account to another.
type Carried struct {
	Charge  domain.ChargeID
	Room    string
	Owner   string
	Ticket  domain.TicketID
	Kind    pricelist.ServiceKind
	Service string
	Money   money.Line
	On      calendar.Date
	Posted  calendar.Quarter
	DueOn   calendar.Date

	MovesTax bool
	Dispute  *Objection // nil: not disputed
}

// Departure is where a charge went with its project (§5.3.4).
type Departure struct {
	To    domain.CenterID // the center that took it over
	There domain.ChargeID // its number in that center's account
	// Disputed: it was disputed when it went, and its dispute goes on there.
	Disputed bool
}

// departing is one charge in one transfer: what was paid of a charge may bounce, and go
// after it in another.
type departing struct {
	transfer domain.TransferID
	charge   domain.ChargeID
}

// Departed says where the charge of a movement of the statement went; ok is false of one that
// is no transfer to another center.
func (v StatementVersion) Departed(m Movement) (d Departure, ok bool) {
	d, ok = v.departed[departing{domain.TransferID(m.Document), m.Charge}]
	return d, ok && m.Type == TransferOutMovement
}

// Leg is one transfer of one charge, by its number in the account that it leaves.
type Leg struct {
	Transfer domain.TransferID
	Charge   domain.ChargeID
}

// Arrived is the number here of what another account's leg brought, empty while it is on its
// way, and the last leg by which it left again, with where that leads; its transfer is empty
// of a charge that never did.
func (a *Account) Arrived(by Leg) (here domain.ChargeID, next Leg, to Departure) {
	here = a.arrived[departing{by.Transfer, by.Charge}]
	c := a.charges[here]
	if c == nil || c.leftBy == "" {
		return here, Leg{}, Departure{}
	}
	return here, Leg{c.leftBy, here}, c.departures[len(c.departures)-1]
}

// Follow puts where the charges of the version are now in the place of where they went first.
func (v *StatementVersion) Follow(now func(Leg, Departure) (Departure, error)) (err error) {
	for by, d := range v.departed {
		if v.departed[by], err = now(Leg{by.transfer, by.charge}, d); err != nil {
			return err
		}
	}
	for i := range v.Disputes {
		d := &v.Disputes[i]
		if d.End != DisputeMoved {
			continue
		}
		if d.Departure, err = now(Leg{domain.TransferID(d.Document), d.Charge}, d.Departure); err != nil {
			return err
		}
	}
	return nil
}

// departedWith is where the charges of movements went.
func (a *Account) departedWith(lines []Movement) map[departing]Departure {
	went := make(map[departing]Departure)
	for _, m := range lines {
		key := departing{domain.TransferID(m.Document), m.Charge}
		if d, ok := a.departed[key]; ok {
			went[key] = d
		}
	}
	return went
}

// Transfer is the command that moves a project's charges with it.
type Transfer struct {
	Transfer domain.TransferID
	Project  domain.ProjectID
	Center   domain.CenterID // whose account decides
	Other    domain.CenterID // at the other end
	From     calendar.Date   // charges of this date and later move
	Until    calendar.Date   // and none from this date on; zero: all of them do
	// OpenFrom is the earliest quarter that is open at the other end: both ends
	// post to the same quarter.
	OpenFrom calendar.Quarter
	By       string
}

func (c Transfer) covers(d calendar.Date) bool {
	return !d.Before(c.From) && (c.Until.IsZero() || d.Before(c.Until))
}

// TransferOut moves what is open of a project's charges, from a date on, to
// another center: each by its own date where its quarter is open at both ends,
// else in the earliest that is. The tax of what moves goes with it, and so does a
// dispute. What was paid stays where it was paid, and what was written off where
// that was done [D]. A transfer is carried out once: again decides nothing. What
// could keep the other center from taking a charge over is refused here, before
// anything has moved.
func (a *Account) TransferOut(c Transfer) ([]Event, error) {
	if err := a.MustExist(c.Center); err != nil {
		return nil, err
	}
	if a.transfers[c.Transfer] != nil {
		return nil, nil
	}
	var events []Event
	for _, ch := range a.byNumber {
		if ch.project != c.Project || !c.covers(ch.occurredOn) || ch.open.IsZero() {
			continue
		}
		if err := domain.CheckID("charge", numberThere(c.Center, ch.id, maxReturns)); err != nil {
			return nil, err
		}
		on := ch.opens.heldFrom(ch.open, ch.occurredOn)
		events = append(events, ChargeTransferredOut{
			Transfer: c.Transfer, Charge: ch.id, Center: c.Center, To: c.Other, Project: c.Project, Service: ch.service,
			Money: ch.reduction(ch.open), Share: ch.share(ch.open), MovesTax: true, On: on,
			Posted: max(a.postTo(on), c.OpenFrom), By: c.By,
		})
	}
	if len(events) > maxTransfer {
		return nil, domain.Conflict("from", c.From.String(), "too-much-at-once",
			"would move %d open charges of project %s; at most %d move at once: move the project from a later date first, then from this one", "5.3.4", len(events), c.Project, maxTransfer)
	}
	return a.superseding(events), nil
}

// maxTransfer bounds what moves at once: each charge is an event, and they are
// recorded together or not at all.
const maxTransfer = 800

// OpenFrom returns the earliest quarter that is not closed.
func (a *Account) OpenFrom() calendar.Quarter { return a.closedThrough + 1 }

// Outbound returns what a transfer took out of the account.
func (a *Account) Outbound(id domain.TransferID) []Carried { return a.transfers[id] }

// maxReturns bounds how often one charge can come from the same center.
const maxReturns = 99

// numberThere is the number that a charge gets in the account it moves to: its
// own, led by its center's, and counted where it comes for the nth time (what
// was paid of it bounced, and the project moved once more).
func numberThere(center domain.CenterID, id domain.ChargeID, n int) domain.ChargeID {
	number := domain.ChargeID(fmt.Sprintf("%s.%s", center, id))
	if n > 1 {
		number += domain.ChargeID(fmt.Sprintf("#%d", n))
	}
	return number
}

// TransferIn takes over the charges that a transfer brings, see numberThere, and
// settles what is owed from unapplied money of the center. A transfer is taken
// over once: again decides nothing.
func (a *Account) TransferIn(c Transfer, carried []Carried) ([]Event, error) {
	if err := a.MustExist(c.Center); err != nil {
		return nil, err
	}
	if a.inbound[c.Transfer] {
		return nil, nil
	}
	course := a.course()
	for _, in := range carried {
		id := numberThere(c.Other, in.Charge, 1)
		for n := 2; a.checkNewCharge(id) != nil; n++ {
			if n > maxReturns {
				return nil, a.checkNewCharge(id)
			}
			id = numberThere(c.Other, in.Charge, n)
		}
		course.decide(ChargeTransferredIn{
			Transfer: c.Transfer, Charge: id, Center: c.Center, From: c.Other, FromCharge: in.Charge, Project: c.Project,
			Room: in.Room, Owner: in.Owner, Ticket: in.Ticket, Kind: in.Kind, Service: in.Service, Money: in.Money,
			On: in.On, Posted: max(a.postTo(in.On), in.Posted), DueOn: in.DueOn, MovesTax: in.MovesTax, Dispute: in.Dispute,
			By: c.By,
		})
	}
	if len(course.events) > 0 {
		course.applyUnapplied(0, "")
	}
	return course.decided(), nil
}

func (a *Account) transferredOut(e ChargeTransferredOut) {
	c := a.charges[e.Charge]
	a.transfers[e.Transfer] = append(a.transfers[e.Transfer], Carried{
		Charge: c.id, Room: c.room, Owner: c.owner, Ticket: c.ticket, Kind: c.kind, Service: c.service, Money: e.Money,
		On: e.On, Posted: e.Posted, DueOn: c.dueOn, MovesTax: e.MovesTax, Dispute: c.dispute,
	})
	c.departures, c.leftBy = append(c.departures, c.departure(e)), e.Transfer
	a.departed[departing{e.Transfer, e.Charge}] = c.departures[len(c.departures)-1]
	a.reduce(c, e.Share.Amount, e.On)
	c.reduced = c.reduced.Add(e.Money.Gross)
	c.moved = c.moved.Add(e.Money.Gross)
	c.dispute = nil
}

// departure is where a charge goes that is about to leave. The number there counts how often
// it came from here, see TransferIn, which is how often it went.
func (c *charge) departure(e ChargeTransferredOut) Departure {
	nth := 1
	for _, before := range c.departures {
		if before.To == e.To {
			nth++
		}
	}
	return Departure{To: e.To, There: numberThere(e.Center, c.id, nth), Disputed: c.disputed()}
}

// movedTo says where what moved of the charge is, for those who look for it here.
func (c *charge) movedTo() []domain.Text {
	places := make([]domain.Text, len(c.departures))
	for i, d := range c.departures {
		places[i] = domain.Say("charge %s of center %s", d.There, d.To)
	}
	return places
}

// aboveOpen refuses more than what is open of a charge, and says where the rest is if it moved.
func (c *charge) aboveOpen(field string, amount, open money.Amount) error {
	if len(c.departures) > 0 {
		return domain.Conflict(field, amount.String(), "above-open",
			"exceeds the %s yuan open here on charge %s, of which %s moved with its project: %v", "Money", open, c.id,
			c.moved, c.movedTo())
	}
	return domain.Conflict(field, amount.String(), "above-open", "exceeds the %s yuan open on charge %s", "Money", open,
		c.id)
}

func (a *Account) transferredIn(e ChargeTransferredIn) {
	a.inbound[e.Transfer] = true
	a.arrived[departing{e.Transfer, e.FromCharge}] = e.Charge
	a.charged(chargeTransferredIn(e))
}

func chargeTransferredIn(e ChargeTransferredIn) *charge {
	return &charge{
		id: e.Charge, project: e.Project, kind: e.Kind, service: e.Service, room: e.Room, owner: e.Owner, ticket: e.Ticket,
		dueOn: e.DueOn, occurredOn: e.On, posted: e.Posted, gross: e.Money.Gross, tax: e.Money.Tax, stage: Unconfirmed,
		dispute:  e.Dispute,
		reported: true, // the charge is on an F3, or will be, where it was accrued: §5.3.3 reports it once
	}
}

// Package ticket follows one need of an owner or a center from its
// registration on F0 (项目安防设备服务登记表) to the lines of the fault record F1
// (智能化工程设备故障处理记录表).
package ticket

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
)

// Stream names the stream of one ticket.
func Stream(id domain.TicketID) string { return "ticket-" + string(id) }

// Event is a fact about one ticket.
//
//sumtype:decl
type Event interface {
	domain.Grounded
	ticketEvent()
}

// TicketRegistered is a need written down on F0 by the center (§5.1.2).
type TicketRegistered struct {
	Ticket       domain.TicketID  `json:"ticket"`
	Project      domain.ProjectID `json:"project"`
	Center       domain.CenterID  `json:"center"`
	Room         string           `json:"room,omitempty"`
	Owner        string           `json:"owner,omitempty"`
	Phone        string           `json:"phone,omitempty"`
	Device       string           `json:"device,omitempty"`
	Need         string           `json:"need"`
	RegisteredAt time.Time        `json:"registeredAt"`
}

// TeamNotified starts the response clock and freezes what the ticket is
// covered by (§5.1.2, §5.4).
type TeamNotified struct {
	Ticket     domain.TicketID `json:"ticket"`
	NotifiedAt time.Time       `json:"notifiedAt"`
	Coverage   policy.Coverage `json:"coverage"`
}

// FaultRecorded is one line of the fault record F1 (§5.1.3).
type FaultRecorded struct {
	Ticket       domain.TicketID    `json:"ticket"`
	Line         domain.FaultLineID `json:"line"`
	Project      domain.ProjectID   `json:"project"`
	Center       domain.CenterID    `json:"center"`
	Device       string             `json:"device"`
	Serial       string             `json:"serial,omitempty"`
	Location     string             `json:"location,omitempty"`
	Symptom      string             `json:"symptom"`
	Cause        policy.Cause       `json:"cause"`
	SolvedOnSite bool               `json:"solvedOnSite"`
	Replacement  *Replacement       `json:"replacement,omitempty"`
	Bearer       policy.Bearer      `json:"bearer"` // who bears the cost, by coverage and cause
	Clause       string             `json:"clause"`
	RecordedOn   calendar.Date      `json:"recordedOn"`   // business date of the work
	By           string             `json:"by,omitempty"` // who recorded it; absent on lines of the first version
}

// Replacement is the part that a fault needed, and the units exchanged.
type Replacement struct {
	Part      domain.PartCode `json:"part"`
	Quantity  decimal.Decimal `json:"quantity"`
	OldSerial string          `json:"oldSerial,omitempty"`
	NewSerial string          `json:"newSerial,omitempty"`
}

func (TicketRegistered) EventType() string { return "TicketRegistered" }
func (TeamNotified) EventType() string     { return "TeamNotified" }
func (FaultRecorded) EventType() string    { return "FaultRecorded" }

func (TicketRegistered) RestsOn() domain.Ground { return domain.Clause("5.1.2") }
func (TeamNotified) RestsOn() domain.Ground     { return domain.Clause("5.1.2") }
func (e FaultRecorded) RestsOn() domain.Ground  { return domain.Clause(e.Clause) }

func (TicketRegistered) ticketEvent() {}
func (TeamNotified) ticketEvent()     {}
func (FaultRecorded) ticketEvent()    {}

// Ticket is the state of one ticket.
type Ticket struct {
	registered TicketRegistered
	coverage   policy.Coverage
	notifiedAt time.Time
	lines      []FaultRecorded

	accepted    TicketAccepted
	arrivals    Arrivals
	resolution  ResolutionRecorded // zero: none, or reopened since
	closedAt    time.Time          // zero: open
	since       time.Time          // when the ticket was last reopened, else zero
	linesBefore int                // lines written before that
	escalations []escalation
	reviews     map[domain.FaultLineID]FaultLineReviewed // the last of each line
	answers     map[domain.FaultLineID]FaultLineAnswered // the last to the question that stands
}

// Register is the command that writes a need down.
type Register struct {
	Ticket       domain.TicketID  `json:"ticket,omitzero"`
	Project      domain.ProjectID `json:"project,omitzero"`
	Center       domain.CenterID  `json:"center,omitzero"` // the center that answers for the project on that day
	Room         string           `json:"room,omitzero"`
	Owner        string           `json:"owner,omitzero"`
	Phone        string           `json:"phone,omitzero"`
	Device       string           `json:"device,omitzero"`
	Need         string           `json:"need,omitzero"`
	RegisteredAt time.Time        `json:"registeredAt,omitzero"`
}

// Register writes a need down on F0. A ticket is registered once.
func (t *Ticket) Register(c Register, now time.Time) ([]Event, error) {
	if t.exists() {
		return nil, domain.Conflict("ticket", string(c.Ticket), "ticket-exists",
			"is registered already, for project %s", "5.1.2", t.registered.Project)
	}
	if err := domain.FirstError(
		domain.CheckID("ticket", c.Ticket),
		domain.CheckText("room", c.Room, false),
		domain.CheckText("owner", c.Owner, false),
		domain.CheckText("phone", c.Phone, false),
		domain.CheckText("device", c.Device, false),
		domain.CheckText("need", c.Need, true),
		domain.CheckNotFuture("registeredAt", c.RegisteredAt, now),
	); err != nil {
		return nil, err
	}
	e := TicketRegistered(c)
	e.RegisteredAt = inShanghai(c.RegisteredAt)
	return []Event{e}, nil
}

// Notify is the command that tells the team.
type Notify struct {
	Ticket     domain.TicketID
	NotifiedAt time.Time
	Coverage   policy.Coverage
}

// Notify records that the team was told, not before the need was registered.
// A second notification decides nothing if it states the same instant and category.
func (t *Ticket) Notify(c Notify, now time.Time) ([]Event, error) {
	if err := domain.FirstError(t.mustExist(c.Ticket),
		domain.CheckNotFuture("notifiedAt", c.NotifiedAt, now)); err != nil {
		return nil, err
	}
	if c.NotifiedAt.Before(t.registered.RegisteredAt) {
		return nil, domain.Invalid("notifiedAt", c.NotifiedAt.Format(time.RFC3339), "before-registration",
			"must not lie before the registration, %s", "5.1.2", t.registered.RegisteredAt.Format(time.RFC3339))
	}
	if k := c.Coverage.Category; k != policy.Emergency && k != policy.Ordinary {
		return nil, domain.Invalid("category", string(k), "unknown-category", "must be one of %v", "5.4",
			[]policy.Category{policy.Emergency, policy.Ordinary})
	}
	if !t.notifiedAt.IsZero() {
		if t.notifiedAt.Equal(inShanghai(c.NotifiedAt)) && t.coverage.Category == c.Coverage.Category {
			return nil, nil
		}
		return nil, domain.Conflict("notifiedAt", c.NotifiedAt.Format(time.RFC3339), "already-notified",
			"the team was notified at %s of an %s need, which started the clock", "5.1.2", t.notifiedAt.Format(time.RFC3339),
			t.coverage.Category)
	}
	return []Event{TeamNotified{Ticket: c.Ticket, NotifiedAt: inShanghai(c.NotifiedAt), Coverage: c.Coverage}}, nil
}

// RecordFault is the command that writes one line of F1.
type RecordFault struct {
	Ticket       domain.TicketID    `json:"ticket,omitzero"`
	Line         domain.FaultLineID `json:"line,omitzero"`
	Device       string             `json:"device,omitzero"`
	Serial       string             `json:"serial,omitzero"`
	Location     string             `json:"location,omitzero"`
	Symptom      string             `json:"symptom,omitzero"`
	Cause        policy.Cause       `json:"cause,omitzero"`
	SolvedOnSite bool               `json:"solvedOnSite,omitzero"`
	Replacement  *Replacement       `json:"replacement,omitzero"`
	RecordedOn   calendar.Date      `json:"recordedOn,omitzero"`
	By           string             `json:"by,omitzero"`
}

// Says reports whether the line is what a command would write, whoever gives it.
func (e FaultRecorded) Says(c RecordFault) bool {
	return e.Ticket == c.Ticket && e.Line == c.Line && e.otherwise(c) == nil
}

// otherwise rejects a command that writes the line with other content, by what is other.
func (e FaultRecorded) otherwise(c RecordFault) error {
	differs := func(field, is string, was any) error {
		switch fmt.Sprint(was) {
		case is:
			return nil
		case "":
			return domain.Conflict(field, is, "line-exists", "was left empty on line %s, which was written already", "5.1.3", e.Line)
		}
		return domain.Conflict(field, is, "line-exists", "was written already on line %s as %s", "5.1.3", e.Line, was)
	}
	var was, is Replacement
	if e.Replacement != nil {
		was = *e.Replacement
	}
	if c.Replacement != nil {
		is = *c.Replacement
	}
	// What the command leaves out has no value that could be quoted.
	unless := func(said bool, field string, err error) error {
		if said {
			return err
		}
		return domain.NamedBy(field, "", err)
	}
	return domain.FirstError(
		differs("device", c.Device, e.Device),
		differs("serial", c.Serial, e.Serial),
		differs("location", c.Location, e.Location),
		differs("symptom", c.Symptom, e.Symptom),
		differs("cause", string(c.Cause), e.Cause),
		unless(c.SolvedOnSite, "solvedOnSite",
			differs("solvedOnSite", fmt.Sprint(c.SolvedOnSite), e.SolvedOnSite)),
		differs("recordedOn", c.RecordedOn.String(), e.RecordedOn),
		differs("replacement.part", string(is.Part), was.Part),
		unless(c.Replacement != nil, "replacement.quantity",
			differs("replacement.quantity", is.Quantity.String(), was.Quantity)),
		differs("replacement.oldSerial", is.OldSerial, was.OldSerial),
		differs("replacement.newSerial", is.NewSerial, was.NewSerial),
	)
}

// RecordFault writes one line of F1. What is not solved by adjusting names the
// part that replaced the faulty one; a line is written once.
func (t *Ticket) RecordFault(c RecordFault, today calendar.Date) ([]Event, error) {
	if err := t.CheckFault(c, today); err != nil {
		return nil, err
	}
	e := FaultRecorded{
		Ticket: c.Ticket, Line: c.Line, Project: t.registered.Project, Center: t.registered.Center,
		Device: c.Device, Serial: c.Serial, Location: c.Location, Symptom: c.Symptom, Cause: c.Cause,
		SolvedOnSite: c.SolvedOnSite, Replacement: c.Replacement,
		Bearer: t.coverage.BearerFor(c.Cause), Clause: t.coverage.Clause, RecordedOn: c.RecordedOn, By: c.By,
	}
	return []Event{e}, nil
}

// CheckFault reports what RecordFault would refuse.
func (t *Ticket) CheckFault(c RecordFault, today calendar.Date) error {
	if err := domain.FirstError(
		t.mustExist(c.Ticket),
		domain.CheckID("line", c.Line),
		domain.CheckText("device", c.Device, true),
		domain.CheckText("serial", c.Serial, false),
		domain.CheckText("location", c.Location, false),
		domain.CheckText("symptom", c.Symptom, true),
		c.RecordedOn.CheckPast("recordedOn", today),
	); err != nil {
		return err
	}
	if t.notifiedAt.IsZero() {
		return domain.Conflict("ticket", string(c.Ticket), "not-notified",
			"must be notified to the team before its fault is recorded: coverage is frozen then", "5.4")
	}
	if day := calendar.DateOf(t.notifiedAt); c.RecordedOn.Before(day) {
		return domain.Invalid("recordedOn", c.RecordedOn.String(), "before-notification",
			"must not lie before the team was notified, %s", "5.1.3", day)
	}
	if !slices.Contains(policy.Causes(), c.Cause) {
		return domain.Invalid("cause", string(c.Cause), "unknown-cause", "must be one of %v", "5.4", policy.Causes())
	}
	if was, written := t.line(c.Line); written {
		if err := was.otherwise(c); err != nil {
			return err
		}
		return domain.Conflict("line", string(c.Line), "line-exists", "is a line of this ticket already", "5.1.3")
	}
	if !t.closedAt.IsZero() {
		return domain.Conflict("ticket", string(c.Ticket), "ticket-closed",
			"was closed at %s; it must be reopened, with a reason, before more is recorded", "5.1.3",
			t.closedAt.Format(time.RFC3339))
	}
	if how := t.resolution.How; c.Replacement != nil && how != "" && how != Replaced {
		return domain.Conflict("replacement.part", string(c.Replacement.Part), "contradicts-resolution",
			"contradicts the ticket's resolution %s; reopen the ticket to record a replacement", "5.1.3", how)
	}
	if r := c.Replacement; r != nil {
		return domain.FirstError(
			domain.CheckID("replacement.part", r.Part),
			money.CheckQuantity("replacement.quantity", r.Quantity),
			domain.CheckText("replacement.oldSerial", r.OldSerial, false),
			domain.CheckText("replacement.newSerial", r.NewSerial, false),
		)
	}
	return nil
}

// Evolve folds an event into the ticket.
func (t *Ticket) Evolve(e Event) {
	switch e := e.(type) {
	case TicketRegistered:
		t.registered = e
	case TeamNotified:
		t.notifiedAt, t.coverage = e.NotifiedAt, e.Coverage
	case FaultRecorded:
		t.lines = append(t.lines, e)
	case TicketAccepted:
		t.accepted = e
	case ArrivedOnSite:
		t.arrivals = t.arrivals.With(e)
	case ArrivalWithdrawn:
		t.arrivals = t.arrivals.Without(e)
	case ResolutionRecorded:
		t.resolution = e
	case TicketClosed:
		t.closedAt = e.ClosedAt
	case TicketReopened:
		t.resolution, t.closedAt, t.since, t.linesBefore = ResolutionRecorded{}, time.Time{}, e.ReopenedAt, len(t.lines)
	case CoverageOverridden:
		t.coverage = e.Coverage
	case TicketEscalated:
		t.escalations = append(t.escalations, escalation{escalated: e})
	case EscalationOpinionGiven:
		i := t.escalation(e.Escalation)
		t.escalations[i].opinions = append(t.escalations[i].opinions, e)
	case EscalationFollowUpNoted:
	case EscalationClosed:
		t.escalations[t.escalation(e.Escalation)].closed = e
	case FaultLineReviewed:
		if t.reviews == nil {
			t.reviews = make(map[domain.FaultLineID]FaultLineReviewed)
		}
		t.reviews[e.Line] = e
		delete(t.answers, e.Line)
	case FaultLineAnswered:
		if t.answers == nil {
			t.answers = make(map[domain.FaultLineID]FaultLineAnswered)
		}
		t.answers[e.Line] = e
	}
}

// Project returns the ticket's project.
func (t *Ticket) Project(id domain.TicketID) (domain.ProjectID, error) {
	return t.registered.Project, t.mustExist(id)
}

// Center returns the ticket's property center.
func (t *Ticket) Center(id domain.TicketID) (domain.CenterID, error) {
	return t.registered.Center, t.mustExist(id)
}

// HasLine reports whether the line was written already.
func (t *Ticket) HasLine(id domain.FaultLineID) bool {
	_, ok := t.line(id)
	return ok
}

func (t *Ticket) exists() bool { return t.registered.Ticket != "" }

func (t *Ticket) mustExist(id domain.TicketID) error {
	if !t.exists() {
		return domain.NotFound("ticket", string(id), "unknown-ticket", "is not a registered ticket")
	}
	return nil
}

// inShanghai writes an instant in the zone that the trade reads, to the millisecond.
func inShanghai(t time.Time) time.Time { return t.In(calendar.Shanghai).Truncate(time.Millisecond) }

// Lies says where the ticket lies: in its project, and with the center that answered
// for it when the need was registered.
func (t *Ticket) Lies() (at access.Place, ok bool) {
	return access.Place{Project: t.registered.Project, Center: t.registered.Center}, t.registered.Ticket != ""
}

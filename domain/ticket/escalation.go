package ticket

import (
	"slices"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/duties"
)

// TicketEscalated puts a matter before the HQ affairs supervisor and the
// department manager for their opinions (§5.1.2).
type TicketEscalated struct {
	Ticket        domain.TicketID     `json:"ticket"`
	Escalation    domain.EscalationID `json:"escalation"`
	Project       domain.ProjectID    `json:"project"`
	Center        domain.CenterID     `json:"center"`
	Reason        EscalationReason    `json:"reason"`
	ComplaintRisk bool                `json:"complaintRisk"`
	Matter        string              `json:"matter"`
	To            []domain.Role       `json:"to"` // whose opinions are asked for
	EscalatedAt   time.Time           `json:"escalatedAt"`
	By            string              `json:"by"`
}

// EscalationReason says why a matter is escalated.
type EscalationReason string

const (
	LeftoverDefect EscalationReason = "LEFTOVER_DEFECT" // 遗留问题
	Important      EscalationReason = "IMPORTANT"       // 重要事项
)

// EscalationOpinionGiven is what one of those asked has to say.
type EscalationOpinionGiven struct {
	Ticket     domain.TicketID     `json:"ticket"`
	Escalation domain.EscalationID `json:"escalation"`
	Role       domain.Role         `json:"role"`
	Opinion    string              `json:"opinion"`
	GivenAt    time.Time           `json:"givenAt"`
	By         string              `json:"by"`
}

// EscalationFollowUpNoted is a step of the supervisor on the way to closure.
type EscalationFollowUpNoted struct {
	Ticket     domain.TicketID     `json:"ticket"`
	Escalation domain.EscalationID `json:"escalation"`
	Note       string              `json:"note"`
	NotedAt    time.Time           `json:"notedAt"`
	By         string              `json:"by"`
}

// EscalationClosed ends an escalation, with what came of it.
type EscalationClosed struct {
	Ticket     domain.TicketID     `json:"ticket"`
	Escalation domain.EscalationID `json:"escalation"`
	Outcome    string              `json:"outcome"`
	ClosedAt   time.Time           `json:"closedAt"`
	By         string              `json:"by"`
}

// EventType implements domain.Event.
func (TicketEscalated) EventType() string { return "TicketEscalated" }

// EventType implements domain.Event.
func (EscalationOpinionGiven) EventType() string { return "EscalationOpinionGiven" }

// EventType implements domain.Event.
func (EscalationFollowUpNoted) EventType() string { return "EscalationFollowUpNoted" }

// EventType implements domain.Event.
func (EscalationClosed) EventType() string { return "EscalationClosed" }

func (TicketEscalated) RestsOn() domain.Ground         { return domain.Clause("5.1.2") }
func (EscalationOpinionGiven) RestsOn() domain.Ground  { return domain.Clause("5.1.2") }
func (EscalationFollowUpNoted) RestsOn() domain.Ground { return domain.Clause("5.1.2") }
func (EscalationClosed) RestsOn() domain.Ground        { return domain.Clause("5.1.2") }

func (TicketEscalated) ticketEvent()         {}
func (EscalationOpinionGiven) ticketEvent()  {}
func (EscalationFollowUpNoted) ticketEvent() {}
func (EscalationClosed) ticketEvent()        {}

// escalation is one matter that was put before the supervisor and the manager.
type escalation struct {
	escalated TicketEscalated
	opinions  []EscalationOpinionGiven
	closed    EscalationClosed
}

func (e escalation) openAt() time.Time { return e.escalated.EscalatedAt }

// opinionOf returns the opinion given in a role.
func (e escalation) opinionOf(r domain.Role) (EscalationOpinionGiven, bool) {
	i := slices.IndexFunc(e.opinions, func(o EscalationOpinionGiven) bool { return o.Role == r })
	if i < 0 {
		return EscalationOpinionGiven{}, false
	}
	return e.opinions[i], true
}

func (t *Ticket) escalation(id domain.EscalationID) int {
	return slices.IndexFunc(t.escalations, func(e escalation) bool { return e.escalated.Escalation == id })
}

// Escalate is the command that puts a matter before supervisor and manager.
type Escalate struct {
	Ticket        domain.TicketID     `json:"ticket,omitzero"`
	Escalation    domain.EscalationID `json:"escalation,omitzero"`
	Reason        EscalationReason    `json:"reason,omitzero"`
	ComplaintRisk bool                `json:"complaintRisk,omitzero"`
	Matter        string              `json:"matter,omitzero"`
	EscalatedAt   time.Time           `json:"escalatedAt,omitzero"`
	By            string              `json:"by,omitzero"`
}

// escalatedTo is whose opinions are asked for (§5.1.2).
func escalatedTo() []domain.Role {
	return []domain.Role{domain.HQAffairsSupervisor, domain.DepartmentManager}
}

// Escalate puts a matter before the HQ affairs supervisor and the department
// manager: what is important, or a leftover defect likely to cause a complaint.
func (t *Ticket) Escalate(c Escalate, now time.Time) ([]Event, error) {
	if err := domain.FirstError(
		t.mustExist(c.Ticket),
		t.mustBeOpen(c.Ticket),
		domain.CheckID("escalation", c.Escalation),
		domain.CheckText("matter", c.Matter, true),
	); err != nil {
		return nil, err
	}
	if c.Reason != LeftoverDefect && c.Reason != Important {
		return nil, domain.Invalid("reason", domain.Clip(string(c.Reason)), "unknown-escalation-reason",
			"must be one of %v", "5.1.2",
			[]EscalationReason{LeftoverDefect, Important})
	}
	if c.Reason == LeftoverDefect && !c.ComplaintRisk {
		return nil, domain.Invalid("complaintRisk", "", "no-complaint-likely",
			"must be true of a leftover defect: one that is not likely to cause a complaint takes the ordinary way", "5.1.2")
	}
	if err := t.notBefore("escalatedAt", c.EscalatedAt, t.registered.RegisteredAt, "the registration", now); err != nil {
		return nil, err
	}
	e := TicketEscalated{
		Ticket: c.Ticket, Escalation: c.Escalation, Project: t.registered.Project, Center: t.registered.Center,
		Reason:        c.Reason,
		ComplaintRisk: c.ComplaintRisk, Matter: c.Matter, To: escalatedTo(), EscalatedAt: inShanghai(c.EscalatedAt), By: c.By,
	}
	if i := t.escalation(c.Escalation); i >= 0 {
		was := t.escalations[i].escalated
		if was.Reason == e.Reason && was.Matter == e.Matter && was.EscalatedAt.Equal(e.EscalatedAt) {
			return nil, nil
		}
		return nil, domain.Conflict("escalation", string(c.Escalation), "escalation-exists",
			"is the number of another matter already: %q", "5.1.2", domain.Clip(was.Matter))
	}
	return []Event{e}, nil
}

// openEscalation finds an escalation that is not closed.
func (t *Ticket) openEscalation(id domain.TicketID, n domain.EscalationID) (escalation, error) {
	if err := t.mustExist(id); err != nil {
		return escalation{}, err
	}
	i := t.escalation(n)
	if i < 0 {
		return escalation{}, domain.NotFound("escalation", string(n), "unknown-escalation",
			"is not an escalation of this ticket").Among(domain.Each(t.escalations, func(e escalation) domain.NamedID {
			return domain.NamedID{ID: string(e.escalated.Escalation), Name: domain.Clip(e.escalated.Matter)}
		}))
	}
	if e := t.escalations[i]; e.closed.Ticket != "" {
		return e, domain.Conflict("escalation", string(n), "escalation-closed", "was closed at %s", "5.1.2",
			e.closed.ClosedAt.Format(time.RFC3339))
	}
	return t.escalations[i], nil
}

// GiveOpinion is the command of one of those asked.
type GiveOpinion struct {
	Ticket     domain.TicketID     `json:"ticket,omitzero"`
	Escalation domain.EscalationID `json:"escalation,omitzero"`
	Role       domain.Role         `json:"role,omitzero"`
	Opinion    string              `json:"opinion,omitzero"`
	GivenAt    time.Time           `json:"givenAt,omitzero"`
	By         string              `json:"by,omitzero"`
}

// GiveOpinion records an opinion, one for each role that is asked. Nobody
// gives one on what they escalated themselves, nor in both roles: two are
// asked so that two look at it. Such a refusal is recorded.
func (t *Ticket) GiveOpinion(c GiveOpinion, now time.Time) ([]Event, error) {
	e, err := t.openEscalation(c.Ticket, c.Escalation)
	if err := domain.FirstError(err, domain.CheckText("opinion", c.Opinion, true),
		t.notBefore("givenAt", c.GivenAt, e.openAt(), "the escalation", now)); err != nil {
		return nil, err
	}
	if !slices.Contains(e.escalated.To, c.Role) {
		return nil, domain.Forbidden("role", string(c.Role), "not-asked", "was not asked for an opinion; %v were", "5.1.2",
			e.escalated.To)
	}
	given := EscalationOpinionGiven{c.Ticket, c.Escalation, c.Role, c.Opinion, inShanghai(c.GivenAt), c.By}
	if was, ok := e.opinionOf(c.Role); ok {
		if was.By == given.By && was.Opinion == given.Opinion {
			return nil, nil
		}
		return nil, domain.Conflict("role", string(c.Role), "opinion-given",
			"has given its opinion, by %s; what follows is a follow-up", "5.1.2", was.By)
	}
	var others []string
	for _, o := range e.opinions {
		others = append(others, o.By)
	}
	if err := apart(c.Ticket, "escalation", string(c.Escalation), "ESCALATION_OPINION", c.By, now,
		duties.By(e.escalated.By).Did("was escalated by %s: nobody decides on their own submission"),
		duties.By(others...).Did("has the opinion of %s in the other role: two people look at an escalation"),
	); err != nil {
		return nil, err
	}
	return []Event{given}, nil
}

// apart keeps a decision on what a field names of a ticket from those whose own it
// is.
func apart(
	id domain.TicketID, field, document, decision, by string, now time.Time, parts ...duties.Involvement,
) error {
	return duties.Apart(duties.Decision{
		Matter: duties.Matter{Kind: duties.Ticket, Document: document, Decision: decision, Ticket: id},
		Field:  field, Clause: "4", By: by, On: calendar.DateOf(now), At: inShanghai(now),
	}, parts...)
}

// FollowUp is the command that notes a step towards closure.
type FollowUp struct {
	Ticket     domain.TicketID     `json:"ticket,omitzero"`
	Escalation domain.EscalationID `json:"escalation,omitzero"`
	Note       string              `json:"note,omitzero"`
	NotedAt    time.Time           `json:"notedAt,omitzero"`
	By         string              `json:"by,omitzero"`
}

// FollowUp notes what was done about an open escalation.
func (t *Ticket) FollowUp(c FollowUp, now time.Time) ([]Event, error) {
	e, err := t.openEscalation(c.Ticket, c.Escalation)
	if err := domain.FirstError(err, domain.CheckText("note", c.Note, true),
		t.notBefore("notedAt", c.NotedAt, e.openAt(), "the escalation", now)); err != nil {
		return nil, err
	}
	return []Event{EscalationFollowUpNoted{c.Ticket, c.Escalation, c.Note, inShanghai(c.NotedAt), c.By}}, nil
}

// CloseEscalation is the command of the supervisor who has seen it through.
type CloseEscalation struct {
	Ticket     domain.TicketID     `json:"ticket,omitzero"`
	Escalation domain.EscalationID `json:"escalation,omitzero"`
	Outcome    string              `json:"outcome,omitzero"`
	ClosedAt   time.Time           `json:"closedAt,omitzero"`
	By         string              `json:"by,omitzero"`
}

// CloseEscalation ends an escalation on which all who were asked have given
// their opinions.
func (t *Ticket) CloseEscalation(c CloseEscalation, now time.Time) ([]Event, error) {
	if err := domain.FirstError(t.mustExist(c.Ticket), domain.CheckText("outcome", c.Outcome, true)); err != nil {
		return nil, err
	}
	if i := t.escalation(c.Escalation); i >= 0 {
		if was := t.escalations[i].closed; was.Ticket != "" && was.Outcome == c.Outcome &&
			was.ClosedAt.Equal(inShanghai(c.ClosedAt)) {
			return nil, nil
		}
	}
	e, err := t.openEscalation(c.Ticket, c.Escalation)
	if err != nil {
		return nil, err
	}
	after := e.openAt()
	for _, role := range e.escalated.To {
		o, ok := e.opinionOf(role)
		if !ok {
			return nil, domain.Conflict("escalation", string(c.Escalation), "opinion-missing",
				"cannot be closed before the %s has given an opinion", "5.1.2", role)
		}
		if o.GivenAt.After(after) {
			after = o.GivenAt
		}
	}
	if err := t.notBefore("closedAt", c.ClosedAt, after, "the last opinion", now); err != nil {
		return nil, err
	}
	return []Event{EscalationClosed{c.Ticket, c.Escalation, c.Outcome, inShanghai(c.ClosedAt), c.By}}, nil
}

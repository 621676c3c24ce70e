package ticket

import (
	"slices"
	"time"

	"aftersales-ledger/domain"
)

// TicketAccepted says that the team has taken the ticket up, and who goes.
type TicketAccepted struct {
	Ticket     domain.TicketID `json:"ticket"`
	AcceptedAt time.Time       `json:"acceptedAt"`
	Technician string          `json:"technician"`
	By         string          `json:"by"`
}

// ArrivedOnSite is a technician's arrival. The earliest of a ticket stops its
// response clock (§5.4); a ticket that is reopened has no second one [D].
type ArrivedOnSite struct {
	Ticket     domain.TicketID `json:"ticket"`
	ArrivedAt  time.Time       `json:"arrivedAt"`
	Technician string          `json:"technician"`
	By         string          `json:"by"`
}

// ResolutionRecorded says that the need was met, and how.
type ResolutionRecorded struct {
	Ticket     domain.TicketID `json:"ticket"`
	ResolvedAt time.Time       `json:"resolvedAt"`
	How        Resolution      `json:"how"`
	Note       string          `json:"note,omitempty"`
	By         string          `json:"by"`
}

// TicketClosed ends a ticket whose need was met.
type TicketClosed struct {
	Ticket   domain.TicketID `json:"ticket"`
	ClosedAt time.Time       `json:"closedAt"`
	Note     string          `json:"note,omitempty"` // what the owner or center said
	By       string          `json:"by"`
}

// TicketReopened takes a resolution back: the need was not met after all.
type TicketReopened struct {
	Ticket     domain.TicketID `json:"ticket"`
	ReopenedAt time.Time       `json:"reopenedAt"`
	Reason     string          `json:"reason"`
	By         string          `json:"by"`
}

// EventType implements domain.Event.
func (TicketAccepted) EventType() string { return "TicketAccepted" }

// EventType implements domain.Event.
func (ArrivedOnSite) EventType() string { return "ArrivedOnSite" }

// EventType implements domain.Event.
func (ResolutionRecorded) EventType() string { return "ResolutionRecorded" }

// EventType implements domain.Event.
func (TicketClosed) EventType() string { return "TicketClosed" }

// EventType implements domain.Event.
func (TicketReopened) EventType() string { return "TicketReopened" }

func (TicketAccepted) RestsOn() domain.Ground     { return domain.Clause("5.1.2") }
func (ArrivedOnSite) RestsOn() domain.Ground      { return domain.Clause("5.4") }
func (ResolutionRecorded) RestsOn() domain.Ground { return domain.Clause("5.1.3") }
func (TicketClosed) RestsOn() domain.Ground       { return domain.Clause("5.1.3") }
func (TicketReopened) RestsOn() domain.Ground     { return domain.Clause("5.1.3") }

func (TicketAccepted) ticketEvent()     {}
func (ArrivedOnSite) ticketEvent()      {}
func (ResolutionRecorded) ticketEvent() {}
func (TicketClosed) ticketEvent()       {}
func (TicketReopened) ticketEvent()     {}

// Resolution says how a need was met.
type Resolution string

const (
	OnSite       Resolution = "ON_SITE"       // 现场解决, without a part (§5.1.3)
	Replaced     Resolution = "REPLACED"      // 更换, with a line of F1 that names the part
	ByPhone      Resolution = "PHONE"         // 电话支持
	WorkDone     Resolution = "WORK_DONE"     // 加装、移位 and the like: no fault
	NothingToFix Resolution = "NOTHING_FOUND" // 未发现故障
)

// Resolutions lists how a need can be met.
func Resolutions() []Resolution {
	return []Resolution{OnSite, Replaced, ByPhone, WorkDone, NothingToFix}
}

// visited reports whether somebody must have been there.
func (r Resolution) visited() bool { return r != ByPhone }

// Accept is the command of a team that takes a ticket up.
type Accept struct {
	Ticket     domain.TicketID `json:"ticket,omitzero"`
	AcceptedAt time.Time       `json:"acceptedAt,omitzero"`
	Technician string          `json:"technician,omitzero"`
	By         string          `json:"by,omitzero"`
}

// Accept takes the ticket up. Another technician may take it over later.
func (t *Ticket) Accept(c Accept, now time.Time) ([]Event, error) {
	if err := domain.FirstError(
		t.mustBeNotified(c.Ticket), t.mustBeOpen(c.Ticket),
		t.notBefore("acceptedAt", c.AcceptedAt, t.notifiedAt, "the team was notified", now),
		domain.CheckText("technician", c.Technician, true),
	); err != nil {
		return nil, err
	}
	e := TicketAccepted{c.Ticket, inShanghai(c.AcceptedAt), c.Technician, c.By}
	switch was := t.accepted; {
	case was.Technician == e.Technician && was.AcceptedAt.Equal(e.AcceptedAt):
		return nil, nil
	case was.Technician == e.Technician:
		return nil, domain.Conflict("technician", c.Technician, "accepted-already",
			"has accepted the ticket already, at %s", "5.1.2", was.AcceptedAt.Format(time.RFC3339))
	}
	return []Event{e}, nil
}

// Arrive is the command that records a technician on site.
type Arrive struct {
	Ticket     domain.TicketID `json:"ticket,omitzero"`
	ArrivedAt  time.Time       `json:"arrivedAt,omitzero"`
	Technician string          `json:"technician,omitzero"`
	By         string          `json:"by,omitzero"`
}

// Arrive records a technician on site.
func (t *Ticket) Arrive(c Arrive, now time.Time) ([]Event, error) {
	if err := domain.FirstError(
		t.mustBeNotified(c.Ticket), t.mustBeOpen(c.Ticket),
		t.notBefore("arrivedAt", c.ArrivedAt, t.notifiedAt, "the team was notified", now),
		domain.CheckText("technician", c.Technician, true),
	); err != nil {
		return nil, err
	}
	e := ArrivedOnSite{c.Ticket, inShanghai(c.ArrivedAt), c.Technician, c.By}
	if slices.ContainsFunc(t.arrivals, func(a ArrivedOnSite) bool { return a.ArrivedAt.Equal(e.ArrivedAt) }) {
		return nil, nil
	}
	if r := t.resolution.ResolvedAt; !r.IsZero() && e.ArrivedAt.After(r) {
		return nil, domain.Conflict("arrivedAt", e.ArrivedAt.Format(time.RFC3339), "after-resolution",
			"must not lie after the resolution, %s; reopen the ticket for another visit", "5.1.3", r.Format(time.RFC3339))
	}
	return []Event{e}, nil
}

// Resolve is the command that records how the need was met.
type Resolve struct {
	Ticket     domain.TicketID `json:"ticket,omitzero"`
	ResolvedAt time.Time       `json:"resolvedAt,omitzero"`
	How        Resolution      `json:"how,omitzero"`
	Note       string          `json:"note,omitzero"`
	By         string          `json:"by,omitzero"`
}

// Resolve records how the need was met. It must agree with the fault record: a
// replacement has its line of F1, and what was replaced was not solved by
// phone or adjusting.
func (t *Ticket) Resolve(c Resolve, now time.Time) ([]Event, error) {
	if err := domain.FirstError(
		t.mustBeNotified(c.Ticket), t.mustBeOpen(c.Ticket),
		domain.CheckText("note", c.Note, false),
	); err != nil {
		return nil, err
	}
	if !slices.Contains(Resolutions(), c.How) {
		return nil, domain.Invalid("how", domain.Clip(string(c.How)), "unknown-resolution", "must be one of %v", "5.1.3",
			Resolutions())
	}
	after, what := t.notifiedAt, domain.Sentence("the team was notified")
	if t.since.After(after) {
		after, what = t.since, "the ticket was reopened"
	}
	if err := t.notBefore("resolvedAt", c.ResolvedAt, after, what, now); err != nil {
		return nil, err
	}
	e := ResolutionRecorded{c.Ticket, inShanghai(c.ResolvedAt), c.How, c.Note, c.By}
	if was := t.resolution; was.Ticket != "" {
		if was.How == e.How && was.ResolvedAt.Equal(e.ResolvedAt) && was.Note == e.Note {
			return nil, nil
		}
		return nil, domain.Conflict("ticket", string(c.Ticket), "resolved-already",
			"was resolved at %s, %s; reopen it, with a reason, to say otherwise", "5.1.3", was.ResolvedAt.Format(time.RFC3339),
			was.How)
	}
	if err := t.agreesWithFaults(e); err != nil {
		return nil, err
	}
	return []Event{e}, nil
}

func (t *Ticket) agreesWithFaults(e ResolutionRecorded) error {
	if e.How.visited() && !slices.ContainsFunc(t.arrivals,
		func(a ArrivedOnSite) bool { return !a.ArrivedAt.After(e.ResolvedAt) }) {
		return domain.Conflict("how", string(e.How), "nobody-arrived",
			"needs an arrival on site by then; what was solved from afar is PHONE", "5.1.3")
	}
	lines := t.lines[t.linesBefore:]
	i := slices.IndexFunc(lines, func(l FaultRecorded) bool { return l.Replacement != nil })
	switch {
	case e.How == Replaced && i < 0:
		return domain.Conflict("how", string(e.How), "replacement-without-line",
			"needs a line of F1 that names the part, against which it is issued from stock", "5.1.3")
	case e.How != Replaced && i >= 0:
		return domain.Conflict("how", string(e.How), "contradicts-fault-record",
			"contradicts line %s of F1, by which part %s was replaced", "5.1.3", lines[i].Line, lines[i].Replacement.Part)
	}
	return nil
}

// Close is the command that ends a ticket.
type Close struct {
	Ticket   domain.TicketID `json:"ticket,omitzero"`
	ClosedAt time.Time       `json:"closedAt,omitzero"`
	Note     string          `json:"note,omitzero"`
	By       string          `json:"by,omitzero"`
}

// Close ends a ticket that is resolved and whose escalations are closed.
func (t *Ticket) Close(c Close, now time.Time) ([]Event, error) {
	if err := domain.FirstError(t.mustBeNotified(c.Ticket), domain.CheckText("note", c.Note, false)); err != nil {
		return nil, err
	}
	at := inShanghai(c.ClosedAt)
	if !t.closedAt.IsZero() {
		if t.closedAt.Equal(at) {
			return nil, nil
		}
		return nil, t.mustBeOpen(c.Ticket)
	}
	if t.resolution.Ticket == "" {
		return nil, domain.Conflict("ticket", string(c.Ticket), "not-resolved", "has no resolution yet", "5.1.3")
	}
	if err := t.notBefore("closedAt", c.ClosedAt, t.resolution.ResolvedAt, "the resolution", now); err != nil {
		return nil, err
	}
	for _, e := range t.escalations {
		if e.closed.Ticket == "" {
			return nil, domain.Conflict("ticket", string(c.Ticket), "escalation-open",
				"has escalation %s, which the HQ affairs supervisor follows to its closure first", "5.1.2", e.escalated.Escalation)
		}
	}
	return []Event{TicketClosed{c.Ticket, at, c.Note, c.By}}, nil
}

// Reopen is the command that takes a resolution back.
type Reopen struct {
	Ticket     domain.TicketID `json:"ticket,omitzero"`
	ReopenedAt time.Time       `json:"reopenedAt,omitzero"`
	Reason     string          `json:"reason,omitzero"`
	By         string          `json:"by,omitzero"`
}

// Reopen takes the resolution back. The response clock does not start again.
func (t *Ticket) Reopen(c Reopen, now time.Time) ([]Event, error) {
	if err := domain.FirstError(t.mustBeNotified(c.Ticket), domain.CheckText("reason", c.Reason, true)); err != nil {
		return nil, err
	}
	if t.resolution.Ticket == "" {
		return nil, domain.Conflict("ticket", string(c.Ticket), "not-resolved", "is open: there is nothing to take back",
			"5.1.3")
	}
	after, what := t.resolution.ResolvedAt, domain.Sentence("the resolution")
	if t.closedAt.After(after) {
		after, what = t.closedAt, "the closing"
	}
	if err := t.notBefore("reopenedAt", c.ReopenedAt, after, what, now); err != nil {
		return nil, err
	}
	return []Event{TicketReopened{c.Ticket, inShanghai(c.ReopenedAt), c.Reason, c.By}}, nil
}

func (t *Ticket) mustBeNotified(id domain.TicketID) error {
	if err := t.mustExist(id); err != nil {
		return err
	}
	if t.notifiedAt.IsZero() {
		return domain.Conflict("ticket", string(id), "not-notified",
			"must be notified to the team first: its clock and coverage begin then", "5.1.2")
	}
	return nil
}

func (t *Ticket) mustBeOpen(id domain.TicketID) error {
	if t.closedAt.IsZero() {
		return nil
	}
	return domain.Conflict("ticket", string(id), "ticket-closed",
		"was closed at %s; it must be reopened, with a reason, before more is recorded", "5.1.3",
		t.closedAt.Format(time.RFC3339))
}

// notBefore rejects an instant that is missing, in the future or before what
// comes before it.
func (t *Ticket) notBefore(field string, at, after time.Time, what domain.Sentence, now time.Time) error {
	if at.IsZero() {
		return domain.Invalid(field, "", "instant-required", "must be given", "5.1.2")
	}
	if err := domain.CheckNotFuture(field, at, now); err != nil {
		return err
	}
	if inShanghai(at).Before(after) {
		return domain.Invalid(field, at.Format(time.RFC3339Nano), "out-of-order",
			"must not lie before %s, %s", "5.1.2", what, after.Format(time.RFC3339))
	}
	return nil
}

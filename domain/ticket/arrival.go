package ticket

import (
	"slices"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/duties"
)

// ArrivalWithdrawn takes an arrival back that was entered by mistake. It stays
// in the log, and every date is answered without it from then on; what took its
// place, if anything, is an ArrivedOnSite of its own.
type ArrivalWithdrawn struct {
	Ticket     domain.TicketID `json:"ticket"`
	ArrivedAt  time.Time       `json:"arrivedAt"` // as it was entered
	Technician string          `json:"technician"`
	EnteredBy  string          `json:"enteredBy"`
	Reason     string          `json:"reason"`
	By         string          `json:"by"`
}

// EventType implements domain.Event.
func (ArrivalWithdrawn) EventType() string { return "ArrivalWithdrawn" }

func (ArrivalWithdrawn) RestsOn() domain.Ground { return domain.Clause("5.4") }

func (ArrivalWithdrawn) ticketEvent() {}

// WithdrawArrival is the command that takes an arrival back, and may put the
// right instant in its place.
type WithdrawArrival struct {
	Ticket    domain.TicketID `json:"ticket,omitzero"`
	ArrivedAt time.Time       `json:"arrivedAt,omitzero"`
	Instead   time.Time       `json:"instead,omitzero"` // zero: nobody arrived
	Reason    string          `json:"reason,omitzero"`
	By        string          `json:"by,omitzero"`
	Role      domain.Role     `json:"role,omitzero"`
}

// WithdrawArrival takes an arrival back, with a reason. It may stop another
// clock than before, so nobody does it of their own arrival, nor of one that
// they entered; such a refusal is recorded. A closed ticket stays closed.
func (t *Ticket) WithdrawArrival(c WithdrawArrival, now time.Time) ([]Event, error) {
	if err := domain.FirstError(t.mustBeNotified(c.Ticket), domain.CheckText("reason", c.Reason, true)); err != nil {
		return nil, err
	}
	is := func(at time.Time) func(ArrivedOnSite) bool {
		return func(a ArrivedOnSite) bool { return a.ArrivedAt.Equal(inShanghai(at)) }
	}
	i := slices.IndexFunc(t.arrivals, is(c.ArrivedAt))
	if i < 0 { // as it is read everywhere: to the second
		i = slices.IndexFunc(t.arrivals, func(a ArrivedOnSite) bool {
			return a.ArrivedAt.Truncate(time.Second).Equal(inShanghai(c.ArrivedAt))
		})
	}
	if i < 0 {
		return nil, domain.NotFound("arrivedAt", inShanghai(c.ArrivedAt).Format(time.RFC3339), "unknown-arrival",
			"is not an arrival of this ticket that stands").
			Among(domain.Each(t.arrivals, func(a ArrivedOnSite) domain.NamedID {
				return domain.NamedID{ID: a.ArrivedAt.Format(time.RFC3339), Name: a.Technician}
			}))
	}
	was := t.arrivals[i]
	own := duties.By(was.By, was.Technician).Did(
		"has an arrival that is of %s or was entered by them: nobody corrects what their own clock is read from")
	if err := apart(c.Ticket, "ticket", string(c.Ticket), "ARRIVAL_WITHDRAWAL", c.By, now, own); err != nil {
		return nil, err
	}
	events := []Event{ArrivalWithdrawn{c.Ticket, was.ArrivedAt, was.Technician, was.By, c.Reason, c.By}}
	left := slices.Delete(slices.Clone(t.arrivals), i, i+1)
	if !c.Instead.IsZero() {
		if err := t.notBefore("instead", c.Instead, t.notifiedAt, "the team was notified", now); err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(left, is(c.Instead)) {
			e := ArrivedOnSite{c.Ticket, inShanghai(c.Instead), was.Technician, c.By}
			events, left = append(events, e), append(left, e)
		}
	}
	if r := t.resolution; r.How != "" && r.How.visited() && !slices.ContainsFunc(left,
		func(a ArrivedOnSite) bool { return !a.ArrivedAt.After(r.ResolvedAt) }) {
		return nil, domain.Conflict("arrivedAt", was.ArrivedAt.Format(time.RFC3339), "nobody-arrived",
			"is the arrival that the resolution %s of %s needs: say when it was instead", "5.1.3", r.How,
			r.ResolvedAt.Format(time.RFC3339))
	}
	return events, nil
}

// Arrivals are the arrivals of a ticket that stand.
type Arrivals []ArrivedOnSite

// With returns them with one more.
func (a Arrivals) With(e ArrivedOnSite) Arrivals { return append(a, e) }

// Without returns them without one that was withdrawn.
func (a Arrivals) Without(e ArrivalWithdrawn) Arrivals {
	return slices.DeleteFunc(a, func(was ArrivedOnSite) bool { return was.ArrivedAt.Equal(e.ArrivedAt) })
}

// First returns the earliest, which stops the clock; none is the zero value.
func (a Arrivals) First() ArrivedOnSite {
	if len(a) == 0 {
		return ArrivedOnSite{}
	}
	return slices.MinFunc(a, func(x, y ArrivedOnSite) int { return x.ArrivedAt.Compare(y.ArrivedAt) })
}

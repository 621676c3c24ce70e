// Package visit holds the routine visits that §5.4 owes a project, and holds
// those made against the quota: weekly, half-monthly or monthly.
package visit

import (
	"fmt"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// Stream names the stream of one project's visits in one month.
func Stream(id domain.ProjectID, m calendar.Month) string {
	return "visits-" + string(id) + "-" + m.String()
}

// Event is a fact about the routine visits of one project in one month.
//
//sumtype:decl
type Event interface {
	domain.Grounded
	visitEvent()
}

// RoutineVisitMade is a routine visit (例行巡检). A day has one: whoever else
// came along is a participant.
type RoutineVisitMade struct {
	Project      domain.ProjectID `json:"project"`
	Center       domain.CenterID  `json:"center"`
	On           calendar.Date    `json:"on"`
	Technician   string           `json:"technician"`
	Participants []string         `json:"participants,omitempty"` // of the center, or more of ours
	Remark       string           `json:"remark,omitempty"`       // what was looked at and found
	By           string           `json:"by"`
}

// RoutineVisitWithdrawn takes a visit back that was entered by mistake.
type RoutineVisitWithdrawn struct {
	Project domain.ProjectID `json:"project"`
	On      calendar.Date    `json:"on"`
	Reason  string           `json:"reason"`
	By      string           `json:"by"`
}

// EventType implements domain.Event.
func (RoutineVisitMade) EventType() string { return "RoutineVisitMade" }

// EventType implements domain.Event.
func (RoutineVisitWithdrawn) EventType() string { return "RoutineVisitWithdrawn" }

func (RoutineVisitMade) RestsOn() domain.Ground      { return domain.Clause("5.4") }
func (RoutineVisitWithdrawn) RestsOn() domain.Ground { return domain.Clause("5.4") }

func (RoutineVisitMade) visitEvent()      {}
func (RoutineVisitWithdrawn) visitEvent() {}

// Visits is the state of one project's month.
type Visits struct {
	made []RoutineVisitMade // by date, one each
}

// Make is the command that enters a visit.
type Make struct {
	Project      domain.ProjectID `json:"project,omitzero"`
	Center       domain.CenterID  `json:"center,omitzero"` // the center that answers for the project on that day
	On           calendar.Date    `json:"on,omitzero"`
	Technician   string           `json:"technician,omitzero"`
	Participants []string         `json:"participants,omitzero"`
	Remark       string           `json:"remark,omitzero"`
	By           string           `json:"by,omitzero"`
}

// Make enters a visit, once a day.
func (v *Visits) Make(c Make, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		c.On.CheckPast("on", today),
		domain.CheckText("technician", c.Technician, true),
		domain.CheckText("remark", c.Remark, false),
	); err != nil {
		return nil, err
	}
	for i, name := range c.Participants {
		if err := domain.CheckText(fmt.Sprintf("participants[%d]", i), name, true); err != nil {
			return nil, err
		}
	}
	if was, ok := v.on(c.On); ok {
		if was.Technician == c.Technician && was.Remark == c.Remark && slices.Equal(was.Participants, c.Participants) {
			return nil, nil
		}
		return nil, domain.Conflict("on", c.On.String(), "visited-already",
			"has a routine visit by %s already; who else came is a participant", "5.4", was.Technician)
	}
	return []Event{RoutineVisitMade(c)}, nil
}

// Withdraw is the command that takes a visit back.
type Withdraw struct {
	Project domain.ProjectID `json:"project,omitzero"`
	On      calendar.Date    `json:"on,omitzero"`
	Reason  string           `json:"reason,omitzero"`
	By      string           `json:"by,omitzero"`
}

// Withdraw takes back a visit that was entered by mistake.
func (v *Visits) Withdraw(c Withdraw) ([]Event, error) {
	if err := domain.CheckText("reason", c.Reason, true); err != nil {
		return nil, err
	}
	if _, ok := v.on(c.On); !ok {
		return nil, domain.Conflict("on", c.On.String(), "no-visit", "has no routine visit that could be taken back", "5.4")
	}
	return []Event{RoutineVisitWithdrawn(c)}, nil
}

func (v *Visits) on(d calendar.Date) (RoutineVisitMade, bool) {
	i := slices.IndexFunc(v.made, func(m RoutineVisitMade) bool { return m.On == d })
	if i < 0 {
		return RoutineVisitMade{}, false
	}
	return v.made[i], true
}

// Evolve folds an event into the month.
func (v *Visits) Evolve(e Event) {
	switch e := e.(type) {
	case RoutineVisitMade:
		v.made = append(v.made, e)
	case RoutineVisitWithdrawn:
		v.made = slices.DeleteFunc(v.made, func(m RoutineVisitMade) bool { return m.On == e.On })
	}
}

package filing

import (
	"cmp"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// RegisterStream names the stream of the lines of the fault record that a
// project has filed.
func RegisterStream(id domain.ProjectID) string { return "faultregister-" + string(id) }

// RegisterEvent is a fact about the fault register of one project.
//
//sumtype:decl
type RegisterEvent interface {
	domain.Grounded
	registerEvent()
}

// FaultLinesReported puts lines of the fault record on the F1 of a month, for
// ever: no other F1 may have them.
type FaultLinesReported struct {
	Project domain.ProjectID `json:"project"`
	Month   calendar.Month   `json:"month"`
	Lines   []FaultLine      `json:"lines"`
	On      calendar.Date    `json:"on"`
	By      string           `json:"by"`
}

func (FaultLinesReported) EventType() string { return "FaultLinesReported" }

func (FaultLinesReported) RestsOn() domain.Ground { return domain.Clause("5.1.3") }

func (FaultLinesReported) registerEvent() {}

// FaultRegister is the state of one project's fault register: which F1 has which
// line.
type FaultRegister struct {
	months map[calendar.Month][]FaultLine
	lines  map[domain.FaultLineID]bool
}

// Report puts every line on the F1 of a month that is on no F1 yet and was
// worked on before the month ended (§5.1.3).
func (r *FaultRegister) Report(c File, recorded []FaultLine, today calendar.Date) ([]RegisterEvent, error) {
	lines := r.Pending(c.Month, recorded)
	if len(lines) == 0 {
		return nil, nothingToReport(c, len(r.months[c.Month]) > 0)
	}
	return []RegisterEvent{FaultLinesReported{Project: c.Project, Month: c.Month, Lines: lines, On: today, By: c.By}}, nil
}

// Pending returns those of the lines that the F1 of a month has to report, by
// date.
func (r *FaultRegister) Pending(m calendar.Month, recorded []FaultLine) (lines []FaultLine) {
	for _, l := range recorded {
		if !r.lines[l.Line] && !l.RecordedOn.After(m.Last()) {
			lines = append(lines, l)
		}
	}
	slices.SortFunc(lines, func(a, b FaultLine) int {
		return cmp.Or(cmp.Compare(a.RecordedOn, b.RecordedOn), cmp.Compare(a.Line, b.Line))
	})
	return lines
}

// Of returns the lines that are on the F1 of a month.
func (r *FaultRegister) Of(m calendar.Month) []FaultLine { return slices.Clone(r.months[m]) }

// Evolve folds an event into the register.
func (r *FaultRegister) Evolve(e RegisterEvent) {
	switch e := e.(type) {
	case FaultLinesReported:
		if r.lines == nil {
			r.months, r.lines = make(map[calendar.Month][]FaultLine), make(map[domain.FaultLineID]bool)
		}
		r.months[e.Month] = append(r.months[e.Month], e.Lines...)
		for _, l := range e.Lines {
			r.lines[l.Line] = true
		}
	}
}

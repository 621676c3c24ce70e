package match

import (
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/policy"
)

// This file finds faulty units that were scrapped more than once, by whichever depots. A
// depot refuses a serial that it scrapped itself; of units without one, and of those of
// other depots, it does not know.

// scrappedFor holds what slips scrapped for a line against what the line took out.
func (m *Comparison) scrappedFor(l *LineFact, o *oldUnits) {
	if o.scrap <= l.Quantity {
		return
	}
	papers := []ref{{&l.Stamp, "F1", l.Line}}
	for _, p := range o.papers {
		if p.kind == "SCRAP_SLIP" {
			papers = append(papers, p)
		}
	}
	m.find(finding.SerialMismatch, l.Line+finding.ScrappedTwice, &l.Stamp, l.Part, o.scrap-l.Quantity,
		m.cost(l.Project, l.Part, l.On, o.scrap-l.Quantity), Finding{
			Line: domain.FaultLineID(l.Line), Ticket: domain.TicketID(l.Ticket), Bearer: policy.Bearer(l.Bearer),
			Expected: Quantity(l.Quantity), Actual: Quantity(o.scrap), Documents: written(papers...),
		})
}

// compareScraps finds serials that a slip scraps after another did, when no paper that
// names no line tells that the unit was there again between. Two slips for one line are
// held against the line, and two of units at their maker against what was sent there.
func (m *Comparison) compareScraps() {
	scraps, again := make(map[heldKey][]*UnitFact), make(map[heldKey][]uint16)
	for i := range m.Units {
		u := &m.Units[i]
		for _, serial := range u.Serials {
			switch k := (heldKey{u.Part, serial}); {
			case u.On > m.asOf:
			case u.scraps():
				scraps[k] = append(scraps[k], u)
			case u.Line == "":
				again[k] = append(again[k], u.On)
			}
		}
	}
	type slip struct {
		serials []string
		papers  []ref
	}
	twice := make(map[*UnitFact]*slip)
	for k, list := range scraps {
		slices.SortFunc(list, (*UnitFact).compare)
		for i, u := range list[1:] {
			before := list[i]
			if u.Line != "" && u.Line == before.Line || u.Step == before.Step && u.Ends() ||
				slices.ContainsFunc(again[k], func(on uint16) bool { return before.On <= on && on <= u.On }) {
				continue
			}
			s := twice[u]
			if s == nil {
				s = &slip{papers: []ref{u.paper()}}
				twice[u] = s
			}
			s.serials, s.papers = append(s.serials, k.serial), append(s.papers, before.paper())
		}
	}
	for u, s := range twice {
		slices.Sort(s.serials)
		n := int64(len(s.serials)) * milli
		m.find(finding.SerialMismatch, u.Project+"/"+u.Document+finding.ScrappedTwice, &u.Stamp, u.Part, n,
			m.cost(u.Project, u.Part, u.On, n), Finding{
				Line: domain.FaultLineID(u.Line), Expected: Quantity(u.Quantity), Stated: s.serials,
				Documents: written(s.papers...),
			})
	}
}

// scraps reports whether the row says that faulty units were scrapped.
func (u *UnitFact) scraps() bool { return u.Step == "SCRAPPED" || u.Step == "SCRAPPED_AT_MAKER" }

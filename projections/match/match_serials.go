package match

import (
	"cmp"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/finding"
)

// This file follows units with a serial through the stock of each depot, by its papers.

// leaving are the papers by which good units leave a depot's stock, by the kind of
// the movement, and what ends the key of a finding about the serials on one: depots
// number each kind by itself.
var leaving = map[string]struct{ document, ending string }{
	"ISSUE":        {"ISSUE_SLIP", ""},
	"TRANSFER_OUT": {"TRANSFER_SLIP", finding.Transferred},
	"SCRAP":        {"SCRAP_SLIP", finding.ScrappedGood},
}

// Leaves reports whether the movement takes units out of stock.
func (v *MoveFact) Leaves() bool { return leaving[v.Kind].document != "" }

// Named is what the key of a finding about the paper by which units left names after its
// class.
func (v *MoveFact) Named() string { return v.Project + "/" + v.Slip + leaving[v.Kind].ending }

func (v *MoveFact) paper() ref { return ref{&v.Stamp, leaving[v.Kind].document, v.Slip} }

// absence is what a paper by which units left names that was not there.
type absence struct {
	never []string // serials that never came
	gone  []string // that had left already
	on    []ref    // the papers by which those had
}

// compareSerials finds serials on papers by which units left a depot's stock that
// were not there on that day, by its papers as far as they are known: they had never
// come, or had left and not come back. Commands accept such a paper, since that which
// explains it may be entered later. A slip of which the unit came back is not asked.
func (m *Comparison) compareSerials() {
	absent := make(map[*MoveFact]*absence)
	for _, s := range m.stock {
		for serial, papers := range s.named {
			s.follow(papers, func(v, by *MoveFact) {
				if v.Kind == "ISSUE" && slices.ContainsFunc(papers,
					func(r *MoveFact) bool { return r.Kind == "RETURN" && r.Reference == v.Slip }) {
					return
				}
				a := absent[v]
				if a == nil {
					a = &absence{}
					absent[v] = a
				}
				if by == nil {
					a.never = append(a.never, serial)
				} else {
					a.gone, a.on = append(a.gone, serial), append(a.on, by.paper())
				}
			})
		}
	}
	for v, a := range absent {
		slices.Sort(a.never)
		slices.Sort(a.gone)
		n := int64(len(a.never)+len(a.gone)) * milli
		m.find(finding.SerialMismatch, v.Named(), &v.Stamp, v.Part, n,
			share(-v.Value, n, -v.Quantity), Finding{
				Line: domain.FaultLineID(v.Line), Expected: Quantity(-v.Quantity), Stated: a.never, Seen: a.gone,
				Documents: written(append([]ref{v.paper()}, a.on...)...),
			})
	}
}

// follow takes a unit through the papers that name it, and tells of those by which it
// left without being there, each with the paper by which it had left; nil where it had
// never come. What comes on a day is there for all that leaves on it. Where units came
// in without their serials since it left, one of them may be it: what the depot cannot
// know it cannot miss.
func (s *stockState) follow(papers []*MoveFact, absent func(v, by *MoveFact)) {
	slices.SortFunc(papers, func(a, b *MoveFact) int {
		return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.Slip, b.Slip), cmp.Compare(a.Kind, b.Kind))
	})
	there, since, by := 0, uint16(0), (*MoveFact)(nil)
	for len(papers) > 0 {
		n := slices.IndexFunc(papers, func(v *MoveFact) bool { return v.On != papers[0].On })
		if n < 0 {
			n = len(papers)
		}
		for _, v := range papers[:n] {
			if !v.Leaves() {
				there++
			}
		}
		for _, v := range papers[:n] {
			maybe := func(on uint16) bool { return since <= on && on <= v.On }
			switch {
			case !v.Leaves():
			case there > 0 || slices.ContainsFunc(s.unnamed, maybe):
				there, since, by = max(there-1, 0), v.On, v
			default:
				absent(v, by)
			}
		}
		there, papers = min(there, 1), papers[n:]
	}
}

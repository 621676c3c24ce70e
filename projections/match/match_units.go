package match

import (
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/policy"
)

// This file compares units: what became of the old ones, and which serials were
// given for them.

// oldUnits is what accounts for the units that a line took out.
type oldUnits struct {
	shelf, maker, scrap int64
	serials             []string
	papers              []ref
}

// ref is a document not written out yet: most are of lines that agree.
type ref struct {
	*Stamp
	kind, number string
}

func written(refs ...ref) []FindingDocument {
	documents := make([]FindingDocument, len(refs))
	for i, r := range refs {
		documents[i] = r.document(r.kind, r.number)
	}
	return documents
}

// compareUnits holds the lines against what became of the old units, and the
// serials on the papers against those of the line.
func (m *Comparison) compareUnits() {
	followed := make(map[string]bool) // sheets that a batch names
	for i := range m.Units {
		if u := &m.Units[i]; u.Step == "SHIPPED" && u.On <= m.asOf && u.Sheet != "" {
			followed[u.Sheet] = true
		}
	}
	type serialKey struct{ part, serial string }
	byLine, bySerial := make(map[string]*oldUnits, len(m.Units)), make(map[serialKey][]ref)
	account := func(s *Stamp, kind, number, line, part string, serials []string, add func(*oldUnits)) {
		paper := ref{s, kind, number}
		if line == "" {
			for _, serial := range serials {
				k := serialKey{part, serial}
				bySerial[k] = append(bySerial[k], paper)
			}
			return
		}
		o := byLine[line]
		if o == nil {
			o = &oldUnits{}
			byLine[line] = o
		}
		add(o)
		for _, serial := range serials {
			if !slices.Contains(o.serials, serial) {
				o.serials = append(o.serials, serial)
			}
		}
		o.papers = append(o.papers, paper)
	}
	for i := range m.Units {
		u := &m.Units[i]
		if u.On > m.asOf {
			continue
		}
		switch u.Step {
		case "HANDED_IN":
			account(&u.Stamp, "HAND_IN_SLIP", u.Document, u.Line, u.Part, u.Serials, func(o *oldUnits) { o.shelf += u.Quantity })
		case "SHIPPED":
			account(&u.Stamp, "SHIPMENT", u.Document, u.Line, u.Part, u.Serials, func(o *oldUnits) { o.maker += u.Quantity })
		case "SCRAPPED", "SCRAPPED_AT_MAKER":
			account(&u.Stamp, "SCRAP_SLIP", u.Document, u.Line, u.Part, u.Serials, func(o *oldUnits) { o.scrap += u.Quantity })
		}
	}
	for i := range m.Sheets {
		s := &m.Sheets[i]
		if s.Step != "OPENED" || s.On > m.asOf {
			continue
		}
		account(&s.Stamp, "F2", s.Sheet, s.Line, s.Part, texts(s.Serial), func(o *oldUnits) {
			if !followed[s.Sheet] { // else it is the unit of that batch
				o.maker += milli
			}
		})
	}
	for i := range m.Lines {
		l := &m.Lines[i]
		if !l.Replaces || l.On > m.asOf {
			continue
		}
		var o oldUnits
		if named := byLine[l.Line]; named != nil {
			o = *named
		}
		var loose []ref
		if l.OldSerial != "" {
			loose = l.loose(bySerial[serialKey{l.Part, l.OldSerial}], o.serials)
		}
		m.compareOld(l, o, loose)
	}
}

// loose are the papers that name no line and, by its serial, the unit that the line
// took out: those of its own project or, where neither they nor a paper that names
// the line know the unit, those of other projects since it was taken out. A unit
// without a serial that another project sent off is anybody's, and stays missing here.
func (l *LineFact) loose(papers []ref, named []string) (own []ref) {
	var others []ref
	for _, p := range papers {
		switch {
		case p.Project == l.Project:
			own = append(own, p)
		case p.On >= l.On:
			others = append(others, p)
		}
	}
	if len(own) > 0 || slices.Contains(named, l.OldSerial) {
		return own
	}
	return others
}

func texts(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func (m *Comparison) compareOld(l *LineFact, o oldUnits, loose []ref) {
	m.scrappedFor(l, &o)
	different := int64(len(o.serials))
	if len(loose) > 0 && !slices.Contains(o.serials, l.OldSerial) {
		different++
	}
	accounted := max(o.shelf, o.maker, o.scrap, different*milli)
	due := l.On + uint16(m.rules.OldUnitWithinDays)
	p := m.price(l.Part, l.On)
	missing := m.asOf > due && accounted < l.Quantity && (p == nil || !slices.Contains(m.rules.UsedUpUnits, p.Unit))
	otherOld := l.OldSerial != "" && len(o.serials) > 0 && !slices.Contains(o.serials, l.OldSerial)
	if !missing && !otherOld && l.NewSerial == "" {
		return
	}
	f := Finding{
		Line: domain.FaultLineID(l.Line), Ticket: domain.TicketID(l.Ticket), Bearer: policy.Bearer(l.Bearer),
		Expected: Quantity(l.Quantity),
		Actual:   Quantity(accounted),
	}
	slices.Sort(o.serials)
	paper := ref{&l.Stamp, "F1", l.Line}
	f.Stated, f.Seen = texts(l.OldSerial), o.serials
	if missing {
		f.DueOn, f.Documents = calendar.Date(due), written(slices.Concat([]ref{paper}, o.papers, loose)...)
		m.find(finding.NoFaultyReturn, l.Line, &l.Stamp, l.Part, l.Quantity-accounted,
			m.cost(l.Project, l.Part, l.On, l.Quantity-accounted), f)
		f.DueOn = 0
	}
	if otherOld {
		f.Documents = written(slices.Concat([]ref{paper}, o.papers)...)
		m.find(finding.SerialMismatch, l.Line+finding.OldUnit, &l.Stamp, l.Part, milli,
			m.cost(l.Project, l.Part, l.On, milli), f)
	}
	m.compareNew(l, f)
}

// compareNew holds the unit built in against those issued for the line, where
// every slip says which they were.
func (m *Comparison) compareNew(l *LineFact, f Finding) {
	var issued []string
	var units, value int64
	papers := []ref{{&l.Stamp, "F1", l.Line}}
	for _, s := range m.forLine[l.Line] {
		if !s.there || s.finding != "" {
			continue
		}
		if len(s.Serials) == 0 {
			return
		}
		issued = append(issued, s.left()...)
		units, value = units-s.MoveFact.Quantity, value-s.MoveFact.Value
		papers = append(papers, ref{&s.Stamp, "ISSUE_SLIP", s.Slip})
	}
	if l.NewSerial == "" || units == 0 || slices.Contains(issued, l.NewSerial) {
		return
	}
	slices.Sort(issued)
	f.Stated, f.Seen, f.Documents = texts(l.NewSerial), issued, written(papers...)
	m.find(finding.SerialMismatch, l.Line, &l.Stamp, l.Part, milli, share(value, milli, units), f)
	if m.issuedAs == nil {
		m.issuedAs = make(map[string]bool)
	}
	m.issuedAs[l.Line] = true
}

// left are the serials of a slip that did not come back unused.
func (s *slipState) left() []string {
	if len(s.back) == 0 {
		return s.Serials
	}
	return slices.DeleteFunc(slices.Clone(s.Serials), func(serial string) bool {
		return slices.ContainsFunc(s.back, func(r *MoveFact) bool { return slices.Contains(r.Serials, serial) })
	})
}

package projections

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
	*stamp
	kind, number string
}

func written(refs ...ref) []Document {
	documents := make([]Document, len(refs))
	for i, r := range refs {
		documents[i] = r.document(r.kind, r.number)
	}
	return documents
}

// compareUnits holds the lines against what became of the old units, and the
// serials on the papers against those of the line.
func (m *match) compareUnits() {
	followed := make(map[string]bool) // sheets that a batch names
	for i := range m.units {
		if u := &m.units[i]; u.step == "SHIPPED" && u.on <= m.asOf && u.sheet != "" {
			followed[u.sheet] = true
		}
	}
	type serialKey struct{ project, part, serial string }
	byLine, bySerial := make(map[string]*oldUnits, len(m.units)), make(map[serialKey][]ref)
	account := func(s *stamp, kind, number, line, part string, serials []string, add func(*oldUnits)) {
		paper := ref{s, kind, number}
		if line == "" {
			for _, serial := range serials {
				k := serialKey{s.project, part, serial}
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
	for i := range m.units {
		u := &m.units[i]
		if u.on > m.asOf {
			continue
		}
		switch u.step {
		case "HANDED_IN":
			account(&u.stamp, "HAND_IN_SLIP", u.document, u.line, u.part, u.serials, func(o *oldUnits) { o.shelf += u.quantity })
		case "SHIPPED":
			account(&u.stamp, "SHIPMENT", u.document, u.line, u.part, u.serials, func(o *oldUnits) { o.maker += u.quantity })
		case "SCRAPPED", "SCRAPPED_AT_MAKER":
			account(&u.stamp, "SCRAP_SLIP", u.document, u.line, u.part, u.serials, func(o *oldUnits) { o.scrap += u.quantity })
		}
	}
	for i := range m.sheets {
		s := &m.sheets[i]
		if s.step != "OPENED" || s.on > m.asOf {
			continue
		}
		account(&s.stamp, "F2", s.sheet, s.line, s.part, texts(s.serial), func(o *oldUnits) {
			if !followed[s.sheet] { // else it is the unit of that batch
				o.maker += milli
			}
		})
	}
	for i := range m.lines {
		l := &m.lines[i]
		if !l.replaces || l.on > m.asOf {
			continue
		}
		var o oldUnits
		if named := byLine[l.line]; named != nil {
			o = *named
		}
		var loose []ref
		if l.oldSerial != "" {
			loose = bySerial[serialKey{l.project, l.part, l.oldSerial}]
		}
		m.compareOld(l, o, loose)
	}
}

func texts(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func (m *match) compareOld(l *lineFact, o oldUnits, loose []ref) {
	different := int64(len(o.serials))
	if len(loose) > 0 && !slices.Contains(o.serials, l.oldSerial) {
		different++
	}
	accounted := max(o.shelf, o.maker, o.scrap, different*milli)
	due := l.on + uint16(m.rules.OldUnitWithinDays)
	p := m.price(l.part, l.on)
	missing := m.asOf > due && accounted < l.quantity && (p == nil || !slices.Contains(m.rules.UsedUpUnits, p.unit))
	otherOld := l.oldSerial != "" && len(o.serials) > 0 && !slices.Contains(o.serials, l.oldSerial)
	if !missing && !otherOld && l.newSerial == "" {
		return
	}
	f := AuditFinding{
		Line: domain.FaultLineID(l.line), Ticket: domain.TicketID(l.ticket), Bearer: policy.Bearer(l.bearer), Expected: quantity(l.quantity),
		Actual: quantity(accounted),
	}
	slices.Sort(o.serials)
	paper := ref{&l.stamp, "F1", l.line}
	f.Stated, f.Seen = texts(l.oldSerial), o.serials
	if missing {
		f.DueOn, f.Documents = calendar.Date(due), written(slices.Concat([]ref{paper}, o.papers, loose)...)
		m.find(finding.NoFaultyReturn, l.line, &l.stamp, l.part, l.quantity-accounted, m.cost(l.project, l.part, l.on, l.quantity-accounted), f)
		f.DueOn = 0
	}
	if otherOld {
		f.Documents = written(slices.Concat([]ref{paper}, o.papers)...)
		m.find(finding.SerialMismatch, l.line+finding.OldUnit, &l.stamp, l.part, milli, m.cost(l.project, l.part, l.on, milli), f)
	}
	m.compareNew(l, f)
}

// compareNew holds the unit built in against those issued for the line, where
// every slip says which they were.
func (m *match) compareNew(l *lineFact, f AuditFinding) {
	var issued []string
	var units, value int64
	papers := []ref{{&l.stamp, "F1", l.line}}
	for _, s := range m.forLine[l.line] {
		if !s.there || s.finding != "" {
			continue
		}
		if len(s.serials) == 0 {
			return
		}
		issued = append(issued, s.left()...)
		units, value = units-s.moveFact.quantity, value-s.moveFact.value
		papers = append(papers, ref{&s.stamp, "ISSUE_SLIP", s.slip})
	}
	if l.newSerial == "" || units == 0 || slices.Contains(issued, l.newSerial) {
		return
	}
	slices.Sort(issued)
	f.Stated, f.Seen, f.Documents = texts(l.newSerial), issued, written(papers...)
	m.find(finding.SerialMismatch, l.line, &l.stamp, l.part, milli, share(value, milli, units), f)
	if m.issuedAs == nil {
		m.issuedAs = make(map[string]bool)
	}
	m.issuedAs[l.line] = true
}

// left are the serials of a slip that did not come back unused.
func (s *slipState) left() []string {
	if len(s.back) == 0 {
		return s.serials
	}
	return slices.DeleteFunc(slices.Clone(s.serials), func(serial string) bool {
		return slices.ContainsFunc(s.back, func(r *moveFact) bool { return slices.Contains(r.serials, serial) })
	})
}

// compareSerials finds serials on issue slips that the depot never had by then.
// It is not asked where units of the part came in without their serials: what
// the depot cannot know it cannot miss.
func (m *match) compareSerials() {
	for _, s := range m.slips {
		if !s.there || len(s.serials) == 0 {
			continue
		}
		stock := m.stock[holdingKey{s.project, s.part}]
		if stock.unnamed != 0 && stock.unnamed <= s.on {
			continue
		}
		var unknown []string
		for _, serial := range s.left() {
			if on, ok := stock.serials[serial]; !ok || on > s.on {
				unknown = append(unknown, serial)
			}
		}
		if len(unknown) == 0 {
			continue
		}
		slices.Sort(unknown)
		n := int64(len(unknown)) * milli
		m.find(finding.SerialMismatch, s.project+"/"+s.slip, &s.stamp, s.part, n, share(-s.moveFact.value, n, -s.moveFact.quantity), AuditFinding{
			Line: domain.FaultLineID(s.line), Expected: quantity(-s.moveFact.quantity), Stated: unknown, Documents: []Document{s.document("ISSUE_SLIP", s.slip)},
		})
	}
}

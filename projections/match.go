package projections

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
)

// match compares facts as of a date. It is a function of them and of nothing
// else: of the order in which they were recorded it makes no use.
type match struct {
	*matchFacts
	asOf  uint16
	rules policy.PartRules
	// repairWithinDays: see policy.Policy.
	repairWithinDays int

	byLine   map[string]*lineFact
	slips    []*slipState
	forLine  map[string][]*slipState // slips still out that name a line, by date and number
	stock    map[holdingKey]*stockState
	priceOf  map[string][]*priceFact // by date
	findings []AuditFinding
	rows     []PartsAuditRow // of the parts audit, where it is asked for
	keepRows bool
	sums     map[holdingKey]*issuedSums
	issuedAs map[string]bool // lines whose new unit is another than was issued for them
}

// issuedSums are what a depot issued of a part that is still out: all, what
// matches, and what is in findings.
type issuedSums struct{ issued, matched, found issuedSum }

// issuedSum is in thousandths of a unit and in fen, on a number of slips.
type issuedSum struct{ quantity, value, slips int64 }

func (s *issuedSum) add(o issuedSum) {
	s.quantity, s.value, s.slips = s.quantity+o.quantity, s.value+o.value, s.slips+o.slips
}

type holdingKey struct{ project, part string }

// slipState is an issue slip of which units are still out.
type slipState struct {
	*moveFact
	there           bool // dated on or before the day asked for
	quantity, value int64
	back            []*moveFact // by the day asked for
	finding         Finding     // empty: made for the line it names, of its part, from its project's depot
}

// stockState is the history of a part in a depot, by date.
type stockState struct {
	days    []stockDay
	serials map[string]uint16 // when a unit first came in
	unnamed uint16            // when a unit first came in without its serial; zero: never
}

// stockDay is a depot's stock of a part at the end of a day.
type stockDay struct {
	on                 uint16
	book, bookValue    int64
	cameIn, cameInCost int64
}

// at finds the stock at the end of a day.
func (s *stockState) at(day uint16) (d stockDay) {
	if s == nil {
		return d
	}
	i, found := slices.BinarySearchFunc(s.days, day, func(d stockDay, on uint16) int { return cmp.Compare(d.on, on) })
	switch {
	case found:
		return s.days[i]
	case i > 0:
		return s.days[i-1]
	}
	return d
}

// runMatch compares the facts as of a date.
func runMatch(f *matchFacts, asOf calendar.Date, rules *policy.Policy) *match {
	m := &match{matchFacts: f, asOf: uint16(asOf), rules: rules.Parts, repairWithinDays: rules.RepairWithinDays}
	m.index()
	m.compareSlips()
	m.compareLines()
	m.compareTheRest()
	return m
}

// runAudit compares issues with fault records alone, and keeps what agrees.
func runAudit(f *matchFacts, asOf calendar.Date, rules *policy.Policy) *match {
	m := &match{matchFacts: f, asOf: uint16(asOf), rules: rules.Parts, keepRows: true}
	m.index()
	m.compareSlips()
	m.compareLines()
	return m
}

func (m *match) compareTheRest() {
	m.compareUnits()
	m.compareSerials()
	m.compareNames()
	m.compareMakers()
	m.compareCounts()
	m.compareCharges()
	m.compareCosts()
}

type slipKey struct{ project, slip string }

func (m *match) index() {
	m.sums = make(map[holdingKey]*issuedSums)
	m.byLine = make(map[string]*lineFact, len(m.lines))
	for i := range m.lines {
		m.byLine[m.lines[i].line] = &m.lines[i]
	}
	m.priceOf = make(map[string][]*priceFact)
	for i := range m.prices {
		p := &m.prices[i]
		m.priceOf[p.part] = append(m.priceOf[p.part], p)
	}
	for _, list := range m.priceOf {
		slices.SortFunc(list, func(a, b *priceFact) int { return cmp.Compare(a.on, b.on) })
	}
	m.stock = make(map[holdingKey]*stockState)
	back := make(map[slipKey][]*moveFact)
	for i := range m.moves {
		v := &m.moves[i]
		m.stockUp(v)
		if v.kind == "RETURN" {
			k := slipKey{v.project, v.reference}
			back[k] = append(back[k], v)
		}
	}
	for _, s := range m.stock {
		s.addUp()
	}
	for i := range m.moves {
		v := &m.moves[i]
		if v.kind != "ISSUE" {
			continue
		}
		s := &slipState{moveFact: v, there: v.on <= m.asOf, quantity: -v.quantity, value: -v.value}
		for _, r := range back[slipKey{v.project, v.slip}] {
			if r.on <= m.asOf {
				s.back = append(s.back, r)
			}
			if r.on <= m.asOf || !s.there {
				s.quantity, s.value = s.quantity-r.quantity, s.value-r.value
			}
		}
		if s.quantity > 0 {
			m.slips = append(m.slips, s)
		}
	}
	slices.SortFunc(m.slips, func(a, b *slipState) int {
		return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.slip, b.slip), cmp.Compare(a.project, b.project))
	})
}

// stockUp takes a movement into the history of its stock.
func (m *match) stockUp(v *moveFact) {
	k := holdingKey{v.project, v.part}
	s := m.stock[k]
	if s == nil {
		s = &stockState{}
		m.stock[k] = s
	}
	d := stockDay{on: v.on, book: v.quantity, bookValue: v.value}
	comes := v.comesIn()
	if comes {
		d.cameIn, d.cameInCost = v.quantity, v.value
	}
	s.days = append(s.days, d)
	if v.unnamed() && (s.unnamed == 0 || v.on < s.unnamed) {
		s.unnamed = v.on
	}
	if comes || v.kind == "RETURN" {
		for _, serial := range v.serials {
			if s.serials == nil {
				s.serials = make(map[string]uint16)
			}
			if on, ok := s.serials[serial]; !ok || v.on < on {
				s.serials[serial] = v.on
			}
		}
	}
}

// addUp turns movements into what was there at the end of each day.
func (s *stockState) addUp() {
	slices.SortFunc(s.days, func(a, b stockDay) int { return cmp.Compare(a.on, b.on) })
	sums := s.days[:0]
	var sum stockDay
	for _, d := range s.days {
		sum = stockDay{d.on, sum.book + d.book, sum.bookValue + d.bookValue, sum.cameIn + d.cameIn, sum.cameInCost + d.cameInCost}
		if n := len(sums); n > 0 && sums[n-1].on == d.on {
			sums[n-1] = sum
			continue
		}
		sums = append(sums, sum)
	}
	s.days = sums
}

// price finds the description of a part in force on a day; nil if there is none.
func (m *match) price(part string, on uint16) (p *priceFact) {
	for _, d := range m.priceOf[part] {
		if d.on > on {
			break
		}
		p = d
	}
	return p
}

// average values units by all that a depot had received by a day.
func (m *match) average(project, part string, on uint16, units int64) (int64, bool) {
	d := m.stock[holdingKey{project, part}].at(on)
	if d.cameIn <= 0 {
		return 0, false
	}
	return share(d.cameInCost, units, d.cameIn), true
}

// byCatalogue values units by the catalogue; zero where it does not know.
func (m *match) byCatalogue(part string, on uint16, units int64) int64 {
	if p := m.price(part, on); p != nil {
		return share(p.cost, units, milli)
	}
	return 0
}

// cost values units by the catalogue where it knows, else by the depot's average.
func (m *match) cost(project, part string, on uint16, units int64) int64 {
	if v := m.byCatalogue(part, on, units); v > 0 {
		return v
	}
	v, _ := m.average(project, part, on, units)
	return v
}

// milli is one unit.
const milli = 1000

// share is a·part/whole, rounded half up.
func share(a, part, whole int64) int64 {
	if a <= 0 || part <= 0 || whole <= 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(a), uint64(part))
	q, r := bits.Div64(hi, lo, uint64(whole))
	if r >= uint64(whole)-r {
		q++
	}
	return int64(q)
}

func quantity(milli int64) decimal.Decimal { return decimal.New(milli, -3) }

// find adds a finding. document is what its key names after the class.
func (m *match) find(class finding.Class, document string, s *stamp, part string, units, value int64, f AuditFinding) {
	f.Key, f.Class = finding.Key(string(class)+":"+document), class
	f.Project, f.Part, f.On = domain.ProjectID(s.project), domain.PartCode(part), calendar.Date(s.on)
	f.Quantity, f.Value = quantity(units), money.Fen(value)
	m.findings = append(m.findings, f)
}

// compareSlips finds the issues that were not made for the line they name.
func (m *match) compareSlips() {
	m.forLine = make(map[string][]*slipState, len(m.slips))
	for _, s := range m.slips {
		line := m.byLine[s.line]
		other := uint16(0)
		switch {
		case s.line == "" || line == nil || !line.replaces:
			s.finding = IssueNoFault
		case line.on > m.asOf:
			s.finding, other = Cutoff, line.on
		case line.project != s.project:
			s.finding = WrongProject
		case line.part != s.part:
			s.finding = ItemMismatch
		}
		if s.finding != IssueNoFault && s.finding != Cutoff {
			m.forLine[s.line] = append(m.forLine[s.line], s)
		}
		if !s.there {
			continue
		}
		sums, slip := m.sumsOf(s.project, s.part), issuedSum{s.quantity, s.value, 1}
		sums.issued.add(slip)
		if s.finding == "" {
			continue
		}
		sums.found.add(slip)
		row := PartsAuditRow{
			Finding: s.finding, Key: string(s.finding) + ":" + s.project + "/" + s.slip, Project: domain.ProjectID(s.project), Part: domain.PartCode(s.part),
			On: calendar.Date(s.on), Line: domain.FaultLineID(s.line), Slips: []domain.SlipID{domain.SlipID(s.slip)}, Issued: quantity(s.quantity),
			Value: money.Fen(s.value), Override: s.override, InQuestion: quantity(s.quantity), ValueInQuestion: money.Fen(s.value),
		}
		papers := s.papers(nil)
		if line != nil && s.line != "" {
			row.names(line)
			papers = append(papers, line.document("F1", line.line))
		}
		m.row(row, &s.stamp, other, papers)
	}
}

func (m *match) sumsOf(project, part string) *issuedSums {
	k := holdingKey{project, part}
	s := m.sums[k]
	if s == nil {
		s = &issuedSums{}
		m.sums[k] = s
	}
	return s
}

// names takes over what a row says of a line.
func (r *PartsAuditRow) names(l *lineFact) {
	r.LineProject, r.Ticket, r.Bearer = domain.ProjectID(l.project), domain.TicketID(l.ticket), policy.Bearer(l.bearer)
	r.LinePart, r.OldSerial, r.NewSerial = domain.PartCode(l.part), l.oldSerial, l.newSerial
}

// row adds a row of the parts audit, and the finding in it.
func (m *match) row(r PartsAuditRow, s *stamp, other uint16, papers []Document) {
	if m.keepRows {
		m.rows = append(m.rows, r)
		return
	}
	stated := make([]string, len(r.Slips))
	for i, slip := range r.Slips {
		stated[i] = string(slip)
	}
	_, document, _ := strings.Cut(r.Key, ":")
	m.find(finding.Class(r.Finding), document, s, string(r.Part), r.InQuestion.Shift(3).IntPart(), r.ValueInQuestion.Fen(), AuditFinding{
		Line: r.Line, LineProject: r.LineProject, LinePart: r.LinePart, Ticket: r.Ticket, Bearer: r.Bearer, Expected: r.Replaced, Actual: r.Issued,
		Stated: stated, OtherOn: calendar.Date(other), Documents: papers,
	})
}

func (s *slipState) papers(to []Document) []Document {
	to = append(to, s.document("ISSUE_SLIP", s.slip))
	for _, r := range s.back {
		to = append(to, r.document("RETURN_SLIP", r.slip))
	}
	return to
}

// compareLines holds every replacement against what was issued for it.
func (m *match) compareLines() {
	for i := range m.lines {
		l := &m.lines[i]
		if l.replaces && l.on <= m.asOf {
			m.compareLine(l)
		}
	}
}

func (m *match) compareLine(l *lineFact) {
	var issued, value, madeFor, coming, excessValue int64
	comingOn, n := uint16(0), 0
	for _, s := range m.forLine[l.line] {
		if !s.there {
			if coming += s.quantity; comingOn == 0 {
				comingOn = s.on
			}
			continue
		}
		madeFor += s.quantity
		if s.finding != "" {
			continue
		}
		// Units beyond what was replaced are those issued last.
		before := issued
		n, issued, value = n+1, issued+s.quantity, value+s.value
		if over := issued - max(l.quantity, before); over > 0 {
			excessValue += share(s.value, over, s.quantity)
		}
	}
	missing, excess := max(l.quantity-madeFor, 0), max(issued-l.quantity, 0)
	if issued == 0 && missing == 0 {
		return // all that was issued for it is in rows of its own
	}
	verdict, inQuestion, other := Matched, excessValue, uint16(0)
	switch {
	case excess > 0 && n > 1:
		verdict = DuplicateIssue
	case excess > 0:
		verdict = OverIssue
	case missing > 0 && coming >= missing:
		verdict, other = Cutoff, comingOn
	case missing == l.quantity:
		verdict = FaultNoIssue
	case missing > 0:
		verdict = ShortIssue
	}
	sums, slips := m.sumsOf(l.project, l.part), issuedSum{issued, value, int64(n)}
	if verdict == Matched {
		sums.matched.add(slips)
		if !m.keepRows {
			return
		}
	} else {
		sums.found.add(slips)
	}
	if missing > 0 {
		var known bool
		if inQuestion, known = m.average(l.project, l.part, l.on, missing); !known {
			inQuestion = m.byCatalogue(l.part, l.on, missing)
		}
	}
	row := PartsAuditRow{
		Key: string(verdict) + ":" + l.line, Finding: verdict, Project: domain.ProjectID(l.project), Part: domain.PartCode(l.part), On: calendar.Date(l.on),
		Line: domain.FaultLineID(l.line), Replaced: quantity(l.quantity), Issued: quantity(issued), Value: money.Fen(value),
		InQuestion: quantity(excess + missing), ValueInQuestion: money.Fen(inQuestion),
	}
	row.names(l)
	papers := []Document{l.document("F1", l.line)}
	var overrides []string
	for _, s := range m.forLine[l.line] {
		papers = s.papers(papers)
		if !s.there || s.finding != "" {
			continue
		}
		row.Slips = append(row.Slips, domain.SlipID(s.slip))
		if s.override != "" {
			overrides = append(overrides, s.override)
		}
	}
	row.Override = strings.Join(overrides, "; ")
	m.row(row, &l.stamp, other, papers)
}

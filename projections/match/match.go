// Package match compares what depots issued, took back and counted with what the
// fault records, process sheets and charges say (§5.1.3). It is a pure function of
// facts that were read before: it knows no database, and asks nothing by itself.
package match

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
	"aftersales-ledger/projections"
)

// Comparison compares facts as of a date. It is a function of them and of nothing
// else: of the order in which they were recorded it makes no use.
type Comparison struct {
	*Facts
	asOf  uint16
	rules policy.PartRules
	// repairWithinDays: see policy.Policy.
	repairWithinDays int

	byLine   map[string]*LineFact
	slips    []*slipState
	forLine  map[string][]*slipState // slips still out that name a line, by date and number
	stock    map[holdingKey]*stockState
	priceOf  map[string][]*PriceFact // by date
	Findings []Finding
	Rows     []PartsAuditLine // of the parts audit, where it is asked for
	keepRows bool
	Sums     map[holdingKey]*IssuedSums
	issuedAs map[string]bool // lines whose new unit is another than was issued for them
}

// IssuedSums are what a depot issued of a part that is still out: all, what
// matches, and what is in findings.
type IssuedSums struct{ Issued, Matched, Found IssuedSum }

// IssuedSum is in thousandths of a unit and in fen, on a number of slips.
type IssuedSum struct{ Quantity, Value, Slips int64 }

func (s *IssuedSum) Add(o IssuedSum) {
	s.Quantity, s.Value, s.Slips = s.Quantity+o.Quantity, s.Value+o.Value, s.Slips+o.Slips
}

type holdingKey struct{ Project, Part string }

// slipState is an issue slip of which units are still out.
type slipState struct {
	*MoveFact
	there           bool // dated on or before the day asked for
	quantity, value int64
	back            []*MoveFact // by the day asked for
	finding         Verdict     // empty: made for the line it names, of its part, from its project's depot
}

// stockState is the history of a part in a depot, by date.
type stockState struct {
	days    []stockDay
	named   map[string][]*MoveFact // papers by the day asked for that name a unit, by its serial
	unnamed []uint16               // when units came in without their serials
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

// Run compares the facts as of a date.
func Run(f *Facts, asOf calendar.Date, rules *policy.Policy) *Comparison {
	m := &Comparison{Facts: f, asOf: uint16(asOf), rules: rules.Parts, repairWithinDays: rules.RepairWithinDays}
	m.index()
	m.compareSlips()
	m.compareLines()
	m.compareTheRest()
	return m
}

// Audit compares issues with fault records alone, and keeps what agrees.
func Audit(f *Facts, asOf calendar.Date, rules *policy.Policy) *Comparison {
	m := &Comparison{Facts: f, asOf: uint16(asOf), rules: rules.Parts, keepRows: true}
	m.index()
	m.compareSlips()
	m.compareLines()
	return m
}

func (m *Comparison) compareTheRest() {
	m.compareUnits()
	m.compareSerials()
	m.compareNames()
	m.compareMakers()
	m.compareScraps()
	m.compareCounts()
	m.compareCharges()
	m.compareCosts()
}

type slipKey struct{ project, slip string }

func (m *Comparison) index() {
	m.Sums = make(map[holdingKey]*IssuedSums)
	m.byLine = make(map[string]*LineFact, len(m.Lines))
	for i := range m.Lines {
		m.byLine[m.Lines[i].Line] = &m.Lines[i]
	}
	m.priceOf = make(map[string][]*PriceFact)
	for i := range m.Prices {
		p := &m.Prices[i]
		m.priceOf[p.Part] = append(m.priceOf[p.Part], p)
	}
	for _, list := range m.priceOf {
		slices.SortFunc(list, func(a, b *PriceFact) int { return cmp.Compare(a.On, b.On) })
	}
	m.stock = make(map[holdingKey]*stockState)
	back := make(map[slipKey][]*MoveFact)
	for i := range m.Moves {
		v := &m.Moves[i]
		m.stockUp(v)
		if v.Kind == "RETURN" {
			k := slipKey{v.Project, v.Reference}
			back[k] = append(back[k], v)
		}
	}
	for _, s := range m.stock {
		s.addUp()
	}
	for i := range m.Moves {
		v := &m.Moves[i]
		if v.Kind != "ISSUE" {
			continue
		}
		s := &slipState{MoveFact: v, there: v.On <= m.asOf, quantity: -v.Quantity, value: -v.Value}
		for _, r := range back[slipKey{v.Project, v.Slip}] {
			if r.On <= m.asOf {
				s.back = append(s.back, r)
			}
			if r.On <= m.asOf || !s.there {
				s.quantity, s.value = s.quantity-r.Quantity, s.value-r.Value
			}
		}
		if s.quantity > 0 {
			m.slips = append(m.slips, s)
		}
	}
	slices.SortFunc(m.slips, func(a, b *slipState) int {
		if a.On != b.On { // most are decided here: to compare their names as well takes its time
			return cmp.Compare(a.On, b.On)
		}
		return cmp.Or(cmp.Compare(a.Slip, b.Slip), cmp.Compare(a.Project, b.Project))
	})
}

// stockUp takes a movement into the history of its stock.
func (m *Comparison) stockUp(v *MoveFact) {
	k := holdingKey{v.Project, v.Part}
	s := m.stock[k]
	if s == nil {
		s = &stockState{}
		m.stock[k] = s
	}
	d := stockDay{on: v.On, book: v.Quantity, bookValue: v.Value}
	comes := v.comesIn()
	if comes {
		d.cameIn, d.cameInCost = v.Quantity, v.Value
	}
	s.days = append(s.days, d)
	if v.unnamed() {
		s.unnamed = append(s.unnamed, v.On)
	}
	if v.On > m.asOf || len(v.Serials) == 0 {
		return
	}
	if s.named == nil {
		s.named = make(map[string][]*MoveFact)
	}
	for _, serial := range v.Serials {
		s.named[serial] = append(s.named[serial], v)
	}
}

// addUp turns movements into what was there at the end of each day.
func (s *stockState) addUp() {
	slices.SortFunc(s.days, func(a, b stockDay) int { return cmp.Compare(a.on, b.on) })
	sums := s.days[:0]
	var sum stockDay
	for _, d := range s.days {
		sum = stockDay{
			on: d.on, book: sum.book + d.book, bookValue: sum.bookValue + d.bookValue, cameIn: sum.cameIn + d.cameIn,
			cameInCost: sum.cameInCost + d.cameInCost,
		}
		if n := len(sums); n > 0 && sums[n-1].on == d.on {
			sums[n-1] = sum
			continue
		}
		sums = append(sums, sum)
	}
	s.days = sums
}

// price finds the description of a part in force on a day; nil if there is none.
func (m *Comparison) price(part string, on uint16) (p *PriceFact) {
	for _, d := range m.priceOf[part] {
		if d.On > on {
			break
		}
		p = d
	}
	return p
}

// unit is what a part is counted in, which its descriptions never change; empty where there
// is none.
func (m *Comparison) unit(part string) string {
	if described := m.priceOf[part]; len(described) > 0 {
		return described[0].Unit
	}
	return ""
}

// average values units by all that a depot had received by a day.
func (m *Comparison) average(project, part string, on uint16, units int64) (int64, bool) {
	d := m.stock[holdingKey{project, part}].at(on)
	if d.cameIn <= 0 {
		return 0, false
	}
	return share(d.cameInCost, units, d.cameIn), true
}

// unpriced is the value of units of which nobody says what one costs: it is not nothing,
// it is not known.
const unpriced = int64(-1)

// byCatalogue values units by the catalogue, which may not know: a cost of 0.00 there is
// one that is not known.
func (m *Comparison) byCatalogue(part string, on uint16, units int64) int64 {
	if p := m.price(part, on); p != nil && p.Cost > 0 {
		return share(p.Cost, units, milli)
	}
	return unpriced
}

// cost values units by the catalogue where it knows, else by the depot's average, where
// it ever received any.
func (m *Comparison) cost(project, part string, on uint16, units int64) int64 {
	v := m.byCatalogue(part, on, units)
	if v > 0 {
		return v
	}
	if average, known := m.average(project, part, on, units); known {
		return average
	}
	return v
}

// worth is a value, in fen, as it is shown: nothing where it is not known.
func worth(fen int64) projections.Figure {
	if fen == unpriced {
		return projections.Figure{Hidden: true}
	}
	return projections.Figure{Amount: money.Fen(fen)}
}

// fen is the value that is shown.
func fen(worth projections.Figure) int64 {
	if worth.Hidden {
		return unpriced
	}
	return worth.Fen()
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

// find adds a finding. document is what its key names after the class.
func (m *Comparison) find(class finding.Class, document string, s *Stamp, part string, units, value int64, f Finding) {
	f.Key, f.Class = finding.Key(string(class)+":"+document), class
	f.Project, f.Part, f.On = domain.ProjectID(s.Project), domain.PartCode(part), calendar.Date(s.On)
	f.Quantity, f.Unit, f.Value = Quantity(units), m.unit(part), worth(value)
	m.Findings = append(m.Findings, f)
}

// compareSlips finds the issues that were not made for the line they name.
func (m *Comparison) compareSlips() {
	m.forLine = make(map[string][]*slipState, len(m.slips))
	for _, s := range m.slips {
		line := m.byLine[s.Line]
		other := uint16(0)
		switch {
		case s.Line == "" || line == nil || !line.Replaces:
			s.finding = IssueNoFault
		case line.On > m.asOf:
			s.finding, other = Cutoff, line.On
		case line.Project != s.Project:
			s.finding = WrongProject
		case line.Part != s.Part:
			s.finding = ItemMismatch
		}
		if s.finding != IssueNoFault && s.finding != Cutoff {
			m.forLine[s.Line] = append(m.forLine[s.Line], s)
		}
		if !s.there {
			continue
		}
		sums, slip := m.sumsOf(s.Project, s.Part), IssuedSum{s.quantity, s.value, 1}
		sums.Issued.Add(slip)
		if s.finding == "" {
			continue
		}
		sums.Found.Add(slip)
		row := PartsAuditLine{
			Finding: s.finding, Key: string(s.finding) + ":" + s.Project + "/" + s.Slip, Project: domain.ProjectID(s.Project),
			Part: domain.PartCode(s.Part),
			On:   calendar.Date(s.On), Line: domain.FaultLineID(s.Line), Slips: []string{s.Slip},
			Issued: Quantity(s.quantity),
			Value:  money.Fen(s.value), Override: s.Override, InQuestion: Quantity(s.quantity),
			ValueInQuestion: worth(s.value),
		}
		papers := s.papers(nil)
		if line != nil && s.Line != "" {
			row.names(line)
			papers = append(papers, line.document("F1", line.Line))
		}
		m.row(row, &s.Stamp, other, papers)
	}
}

func (m *Comparison) sumsOf(project, part string) *IssuedSums {
	k := holdingKey{project, part}
	s := m.Sums[k]
	if s == nil {
		s = &IssuedSums{}
		m.Sums[k] = s
	}
	return s
}

// names takes over what a row says of a line.
func (r *PartsAuditLine) names(l *LineFact) {
	r.LineProject, r.Ticket, r.Bearer = domain.ProjectID(l.Project), domain.TicketID(l.Ticket), policy.Bearer(l.Bearer)
	r.LinePart, r.OldSerial, r.NewSerial = domain.PartCode(l.Part), l.OldSerial, l.NewSerial
}

// row adds a row of the parts audit, and the finding in it.
func (m *Comparison) row(r PartsAuditLine, s *Stamp, other uint16, papers []FindingDocument) {
	if m.keepRows {
		m.Rows = append(m.Rows, r)
		return
	}
	var expected decimal.Decimal
	if r.Replaced != nil {
		expected = *r.Replaced
	}
	_, document, _ := strings.Cut(r.Key, ":")
	m.find(finding.Class(r.Finding), document, s, string(r.Part), r.InQuestion.Shift(3).IntPart(), fen(r.ValueInQuestion),
		Finding{
			Line: r.Line, LineProject: r.LineProject, LinePart: r.LinePart, Ticket: r.Ticket, Bearer: r.Bearer,
			Expected: expected, Actual: r.Issued,
			Stated: r.Slips, OtherOn: calendar.Date(other), Documents: papers,
		})
}

func (s *slipState) papers(to []FindingDocument) []FindingDocument {
	to = append(to, s.document("ISSUE_SLIP", s.Slip))
	for _, r := range s.back {
		to = append(to, r.document("RETURN_SLIP", r.Slip))
	}
	return to
}

// compareLines holds every replacement against what was issued for it.
func (m *Comparison) compareLines() {
	for i := range m.Lines {
		l := &m.Lines[i]
		if l.Replaces && l.On <= m.asOf {
			m.compareLine(l)
		}
	}
}

func (m *Comparison) compareLine(l *LineFact) {
	var issued, value, madeFor, coming, excessValue int64
	comingOn, n := uint16(0), 0
	for _, s := range m.forLine[l.Line] {
		if !s.there {
			if coming += s.quantity; comingOn == 0 {
				comingOn = s.On
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
		if over := issued - max(l.Quantity, before); over > 0 {
			excessValue += share(s.value, over, s.quantity)
		}
	}
	missing, excess := max(l.Quantity-madeFor, 0), max(issued-l.Quantity, 0)
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
	case missing == l.Quantity:
		verdict = FaultNoIssue
	case missing > 0:
		verdict = ShortIssue
	}
	sums, slips := m.sumsOf(l.Project, l.Part), IssuedSum{issued, value, int64(n)}
	if verdict == Matched {
		sums.Matched.Add(slips)
		if !m.keepRows {
			return
		}
	} else {
		sums.Found.Add(slips)
	}
	if missing > 0 {
		var known bool
		if inQuestion, known = m.average(l.Project, l.Part, l.On, missing); !known {
			inQuestion = m.byCatalogue(l.Part, l.On, missing)
		}
	}
	replaced := Quantity(l.Quantity)
	row := PartsAuditLine{
		Key: string(verdict) + ":" + l.Line, Finding: verdict, Project: domain.ProjectID(l.Project),
		Part: domain.PartCode(l.Part), On: calendar.Date(l.On),
		Line: domain.FaultLineID(l.Line), Replaced: &replaced, Slips: []string{}, Issued: Quantity(issued),
		Value:      money.Fen(value),
		InQuestion: Quantity(excess + missing), ValueInQuestion: worth(inQuestion),
	}
	row.names(l)
	papers := []FindingDocument{l.document("F1", l.Line)}
	var overrides []string
	for _, s := range m.forLine[l.Line] {
		papers = s.papers(papers)
		if !s.there || s.finding != "" {
			continue
		}
		row.Slips = append(row.Slips, s.Slip)
		if s.Override != "" {
			overrides = append(overrides, s.Override)
		}
	}
	row.Override = strings.Join(overrides, "; ")
	m.row(row, &l.Stamp, other, papers)
}

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
	sums     map[string]*issuedSums // by depot
}

// issuedSums are what a depot issued that is still out, in thousandths of a unit
// and in fen: all, what matches, and what is in findings.
type issuedSums struct {
	issued, issuedValue, matched, matchedValue, found, foundValue int64
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
	m.compareMakers()
	m.compareCounts()
	m.compareCharges()
	m.compareCosts()
}

type slipKey struct{ project, slip string }

func (m *match) index() {
	m.sums = make(map[string]*issuedSums)
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
	comes := v.kind == "RECEIPT" || v.kind == "TRANSFER_IN"
	if comes {
		d.cameIn, d.cameInCost = v.quantity, v.value
	}
	s.days = append(s.days, d)
	if (comes && len(v.serials) == 0 || v.kind == "ADJUSTMENT" && v.quantity > 0) && (s.unnamed == 0 || v.on < s.unnamed) {
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
		sums := m.sumsOf(s.project)
		sums.issued, sums.issuedValue = sums.issued+s.quantity, sums.issuedValue+s.value
		if s.finding == "" {
			continue
		}
		sums.found, sums.foundValue = sums.found+s.quantity, sums.foundValue+s.value
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

func (m *match) sumsOf(project string) *issuedSums {
	s := m.sums[project]
	if s == nil {
		s = &issuedSums{}
		m.sums[project] = s
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
	sums := m.sumsOf(l.project)
	if verdict == Matched {
		sums.matched, sums.matchedValue = sums.matched+issued, sums.matchedValue+value
		if !m.keepRows {
			return
		}
	} else {
		sums.found, sums.foundValue = sums.found+issued, sums.foundValue+value
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
		case "SCRAPPED":
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

// sheetState is a process sheet as of the day asked for.
type sheetState struct {
	opened, shipped *sheetFact
	finished        *sheetFact
}

func (m *match) sheetStates() map[string]*sheetState {
	sheets := make(map[string]*sheetState)
	for i := range m.sheets {
		s := &m.sheets[i]
		if s.on > m.asOf {
			continue
		}
		state := sheets[s.sheet]
		if state == nil {
			state = &sheetState{}
			sheets[s.sheet] = state
		}
		switch s.step {
		case "OPENED":
			state.opened = s
		case "SHIPPED":
			state.shipped = s
		case "RETURNED":
			state.finished = s
		}
	}
	return sheets
}

// compareMakers finds units that are not back from their maker in time: by
// process sheet F2, and by batch and part where no sheet follows a unit.
func (m *match) compareMakers() {
	backs := make(map[holdingKey][]*unitFact)
	batches := make(map[string]*batchState)
	for i := range m.units {
		u := &m.units[i]
		switch {
		case u.on > m.asOf:
		case u.step == "BACK":
			k := holdingKey{u.project, u.part}
			backs[k] = append(backs[k], u)
		case u.step == "SHIPPED":
			k := u.project + "/" + u.document + "/" + u.part
			b := batches[k]
			if b == nil {
				b = &batchState{first: u}
				batches[k] = b
			}
			b.add(u)
		}
	}
	for id, s := range m.sheetStates() {
		if s.opened == nil || s.shipped == nil || s.finished != nil {
			continue
		}
		o := s.opened
		if o.serial != "" && slices.ContainsFunc(backs[holdingKey{o.project, o.part}], func(u *unitFact) bool {
			return u.on >= s.shipped.on && slices.Contains(u.serials, o.serial)
		}) {
			continue
		}
		at := o.stamp
		at.on = s.shipped.on
		m.overdue(id, at, o.part, s.shipped.expectedOn, milli, 0, AuditFinding{
			Line: domain.FaultLineID(o.line), Ticket: domain.TicketID(o.ticket), Stated: texts(o.serial), Seen: texts(o.maker),
			Documents: []Document{o.document("F2", id), s.shipped.document("F2_SHIPPED", id)},
		})
	}
	for k, b := range batches {
		if b.sent == 0 {
			continue
		}
		back, papers := b.back(backs[holdingKey{b.first.project, b.first.part}])
		m.overdue(k, b.first.stamp, b.first.part, b.first.expectedOn, b.sent, back, AuditFinding{
			Line: domain.FaultLineID(b.line), Stated: b.serials, Seen: texts(b.first.maker),
			Documents: append([]Document{b.first.stamp.document("SHIPMENT", b.first.document)}, papers...),
		})
	}
}

func (m *match) overdue(document string, s stamp, part string, expected uint16, sent, back int64, f AuditFinding) {
	due := cmp.Or(expected, s.on+uint16(m.repairWithinDays))
	if sent <= back || m.asOf <= due {
		return
	}
	f.DueOn, f.Expected, f.Actual = calendar.Date(due), quantity(sent), quantity(back)
	m.find(finding.AtVendorOverdue, document, &s, part, sent-back, m.cost(s.project, part, s.on, sent-back), f)
}

// batchState is what a batch to the maker holds of a part.
type batchState struct {
	first    *unitFact
	sent     int64    // units that no sheet follows
	serials  []string // of them
	followed []string // of those that a sheet follows
	line     string
}

func (b *batchState) add(u *unitFact) {
	if u.sheet != "" {
		b.followed = append(b.followed, u.serials...)
		return
	}
	b.sent, b.serials, b.line = b.sent+u.quantity, append(b.serials, u.serials...), cmp.Or(b.line, u.line)
}

// back counts the units of the batch that came back: on a receipt that names it,
// or by their serials on one that names none.
func (b *batchState) back(receipts []*unitFact) (units int64, papers []Document) {
	for _, r := range receipts {
		ours := shared(r.serials, b.serials)
		switch {
		case r.shipment == b.first.document:
			units += r.quantity - shared(r.serials, b.followed)*milli
		case r.shipment == "" && r.on >= b.first.on:
			units += ours * milli
		}
		if r.shipment == b.first.document || ours > 0 {
			papers = append(papers, r.stamp.document("RECEIPT", r.document))
		}
	}
	return units, papers
}

func shared(a, b []string) (n int64) {
	for _, s := range a {
		if slices.Contains(b, s) {
			n++
		}
	}
	return n
}

// compareCounts holds every count sheet against the book as it stands for the
// end of that day. A difference stands for as long as every later count of the
// part shows it, and the later ones do not raise it again: the findings of a
// part add up to what its last count shows.
func (m *match) compareCounts() {
	counted := make(map[holdingKey][]*countFact)
	for i := range m.counts {
		if c := &m.counts[i]; c.on <= m.asOf {
			k := holdingKey{c.project, c.part}
			counted[k] = append(counted[k], c)
		}
	}
	for k, list := range counted {
		slices.SortFunc(list, func(a, b *countFact) int { return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.sheet, b.sheet)) })
		lasting := make([][2]int64, len(list)) // short and over that this and every later count shows
		for i, c := range slices.Backward(list) {
			variance := c.counted - m.stock[k].at(c.on).book
			lasting[i] = [2]int64{max(-variance, 0), max(variance, 0)}
			if i+1 < len(list) {
				lasting[i] = [2]int64{min(lasting[i][0], lasting[i+1][0]), min(lasting[i][1], lasting[i+1][1])}
			}
		}
		var before [2]int64
		for i, c := range list {
			if short := lasting[i][0] - before[0]; short > 0 {
				m.countDiffers(finding.CountShort, k, c, short)
			}
			if over := lasting[i][1] - before[1]; over > 0 {
				m.countDiffers(finding.CountOver, k, c, over)
			}
			before = lasting[i]
		}
	}
}

func (m *match) countDiffers(class finding.Class, k holdingKey, c *countFact, units int64) {
	d := m.stock[k].at(c.on)
	var value int64
	switch {
	case d.book > 0 && d.bookValue > 0:
		value = share(d.bookValue, units, d.book)
	case d.cameIn > 0:
		value = share(d.cameInCost, units, d.cameIn)
	default:
		value = m.byCatalogue(k.part, c.on, units)
	}
	m.find(class, k.project+"/"+c.sheet+"/"+k.part, &c.stamp, k.part, units, value, AuditFinding{
		Expected: quantity(d.book), Actual: quantity(c.counted), Stated: []string{c.sheet}, Documents: []Document{c.document("COUNT_SHEET", c.sheet)},
	})
}

// charged is what was charged for the part of a line, less credit notes.
type charged struct {
	amount  int64
	numbers []string
	papers  []ref
}

func (c *charged) add(o *charged) {
	if o != nil {
		c.amount, c.numbers, c.papers = c.amount+o.amount, append(c.numbers, o.numbers...), append(c.papers, o.papers...)
	}
}

// compareCharges holds replacements against charges (§5.4): a part that we bear
// and that was charged, or one that the center bears and that was not, in time. A
// charge that names only the ticket is for its replacement where it has one.
func (m *match) compareCharges() {
	type chargeKey struct{ center, charge string }
	credits := make(map[chargeKey][]*creditFact)
	for i := range m.credits {
		if c := &m.credits[i]; c.on <= m.asOf {
			k := chargeKey{c.center, c.charge}
			credits[k] = append(credits[k], c)
		}
	}
	byLine, byTicket := make(map[string]*charged), make(map[string]*charged)
	for i := range m.charges {
		c := &m.charges[i]
		if c.on > m.asOf {
			continue
		}
		to, name := byLine, c.line
		if name == "" {
			to, name = byTicket, c.ticket
		}
		if to[name] == nil {
			to[name] = &charged{}
		}
		one := &charged{c.gross, []string{c.charge}, []ref{{&c.stamp, "CHARGE", c.charge}}}
		for _, n := range credits[chargeKey{c.center, c.charge}] {
			one.amount -= n.amount
			one.papers = append(one.papers, ref{&n.stamp, "CREDIT_NOTE", n.note})
		}
		to[name].add(one)
	}
	replacements := make(map[string]int, len(m.lines))
	for i := range m.lines {
		if l := &m.lines[i]; l.replaces && l.on <= m.asOf {
			replacements[l.ticket]++
		}
	}
	for i := range m.lines {
		l := &m.lines[i]
		if !l.replaces || l.on > m.asOf {
			continue
		}
		var c charged
		c.add(byLine[l.line])
		if replacements[l.ticket] == 1 {
			c.add(byTicket[l.ticket])
		}
		m.compareCharge(l, c)
	}
}

func (m *match) compareCharge(l *lineFact, c charged) {
	due := l.on + uint16(m.rules.ChargeWithinDays)
	bearer := policy.Bearer(l.bearer)
	late := bearer == policy.Center && c.amount <= 0 && m.asOf > due
	if !late && (bearer != policy.Us || c.amount <= 0) {
		return
	}
	f := AuditFinding{
		Line: domain.FaultLineID(l.line), Ticket: domain.TicketID(l.ticket), Bearer: bearer, Expected: quantity(l.quantity),
		Stated: []string{l.bearer}, Seen: c.numbers, Documents: written(append([]ref{{&l.stamp, "F1", l.line}}, c.papers...)...),
	}
	value := c.amount
	if late {
		f.DueOn, value = calendar.Date(due), m.cost(l.project, l.part, l.on, l.quantity)
	}
	m.find(finding.CoverageConflict, l.line, &l.stamp, l.part, l.quantity, value, f)
}

// compareCosts finds slips whose units cost otherwise than the catalogue in
// force says.
func (m *match) compareCosts() {
	for _, s := range m.slips {
		p := m.price(s.part, s.on)
		if !s.there || p == nil || p.cost <= 0 {
			continue
		}
		units, value := -s.moveFact.quantity, -s.moveFact.value
		// In thousandths of a fen: nothing is rounded before it is compared.
		should := p.cost * units
		differs := max(value*milli-should, should-value*milli)
		if differs*100 <= should*int64(m.rules.CostVariancePercent) {
			continue
		}
		m.find(finding.CostVariance, s.project+"/"+s.slip, &s.stamp, s.part, s.quantity, share(differs, s.quantity, units*milli), AuditFinding{
			Line: domain.FaultLineID(s.line), Expected: decimal.New(p.cost, -2), Actual: decimal.New(share(value, milli, units), -2),
			Stated: []string{s.slip}, Documents: []Document{s.document("ISSUE_SLIP", s.slip), p.document("CATALOGUE", p.part)},
		})
	}
}

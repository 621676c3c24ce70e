package projections_test

import (
	"cmp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/projections/facts"
	"aftersales-ledger/projections/match"
)

// found is what a finding says, however it was found.
type found struct {
	Key              finding.Key
	Class            finding.Class
	Project          domain.ProjectID
	Part             domain.PartCode
	On, DueOn        calendar.Date
	Quantity         string
	Value            money.Amount
	Line             domain.FaultLineID
	Expected, Actual string
	Documents        string // kinds and numbers, in the order of the log
	Status           finding.Status
	Owner            string
}

// matcher finds by reading the events one after the other and comparing every
// paper with every other. It shares nothing with the read models but the events
// and the names of things.
type matcher struct {
	oracle
	rules policy.PartRules
	read  map[string]any // events by type
	out   []found
}

// all lists the events of one kind that are known, with where they stand.
func all[E domain.Event](m *matcher) (list []recordedAs[E]) {
	var kind E
	if read, ok := m.read[kind.EventType()]; ok {
		return read.([]recordedAs[E])
	}
	defer func() { m.read[kind.EventType()] = list }()
	for _, r := range m.events {
		if e, ok := r.Event.(E); ok {
			list = append(list, recordedAs[E]{e, r})
		}
	}
	return list
}

type recordedAs[E domain.Event] struct {
	E E
	r facts.Recorded
}

// mention is a document that a finding names.
type mention struct {
	position     uint64
	kind, number string
}

func (m recordedAs[E]) as(kind, number string) mention { return mention{m.r.Position, kind, number} }

func (m *matcher) add(f found, papers ...mention) {
	slices.SortFunc(papers, func(a, b mention) int {
		return cmp.Or(cmp.Compare(a.position, b.position), cmp.Compare(a.kind, b.kind), cmp.Compare(a.number, b.number))
	})
	var names []string
	for _, p := range slices.Compact(papers) {
		names = append(names, p.kind+" "+p.number)
	}
	f.Documents = strings.Join(names, ", ")
	f.Class = f.Key.Class()
	m.out = append(m.out, f)
}

func newMatcher(o oracle) *matcher {
	m := &matcher{oracle: o, rules: policy.Default().Parts, read: make(map[string]any)}
	m.linesAgainstIssues()
	m.issuesAgainstLines()
	m.oldUnits()
	m.serials()
	m.names()
	m.makers()
	m.scrappedTwice()
	m.counts()
	m.coverage()
	m.costs()
	m.decisions()
	slices.SortFunc(m.out, func(a, b found) int { return cmp.Compare(a.Key, b.Key) })
	return m
}

// stillOut is what of a slip has not come back: by the day asked for, or at all
// if the slip is dated later.
func (m *matcher) stillOut(e depot.PartIssued) (decimal.Decimal, money.Amount, []mention) {
	q, v := e.Quantity, e.Value
	var papers []mention
	for _, back := range all[depot.PartReturned](m) {
		if back.E.Project != e.Project || back.E.Issue != e.Slip {
			continue
		}
		if back.E.ReturnedOn <= m.asOf {
			papers = append(papers, back.as("RETURN_SLIP", string(back.E.Slip)))
		}
		if back.E.ReturnedOn <= m.asOf || e.IssuedOn > m.asOf {
			q, v = q.Sub(back.E.Quantity), v.Sub(back.E.Value)
		}
	}
	return q, v, papers
}

// average values units of a part by all that a depot had received by a day.
func (m *matcher) average(
	p domain.ProjectID, part domain.PartCode, on calendar.Date, units decimal.Decimal,
) (money.Amount, bool) {
	var q decimal.Decimal
	var v money.Amount
	for _, e := range all[depot.PartReceived](m) {
		if e.E.Project == p && e.E.Part == part && e.E.ReceivedOn <= on {
			q, v = q.Add(e.E.Quantity), v.Add(e.E.Value)
		}
	}
	for _, e := range all[depot.PartTransferredIn](m) {
		if e.E.Project == p && e.E.Part == part && e.E.ReceivedOn <= on {
			q, v = q.Add(e.E.Quantity), v.Add(e.E.Value)
		}
	}
	if !q.IsPositive() {
		return money.Amount{}, false
	}
	return ratio(v, units, q), true
}

func ratio(v money.Amount, part, whole decimal.Decimal) money.Amount {
	a, err := money.RoundHalfUp(v.Decimal().Mul(part).DivRound(whole, 12))
	if err != nil {
		panic(err)
	}
	return a
}

func (m *matcher) described(part domain.PartCode, on calendar.Date) (best catalogue.PartCatalogued, position uint64) {
	for _, e := range all[catalogue.PartCatalogued](m) {
		if e.E.Part == part && e.E.From <= on && (position == 0 || e.E.From > best.From) {
			best, position = e.E, e.r.Position
		}
	}
	return best, position
}

// cost values units by the catalogue where it knows, else by the depot's average.
func (m *matcher) cost(p domain.ProjectID, part domain.PartCode, on calendar.Date, units decimal.Decimal) money.Amount {
	if d, _ := m.described(part, on); d.WarrantyCost.Sign() > 0 {
		return ratio(d.WarrantyCost, units, decimal.NewFromInt(1))
	}
	v, _ := m.average(p, part, on, units)
	return v
}

func (m *matcher) linesAgainstIssues() {
	for _, l := range all[ticket.FaultRecorded](m) {
		r := l.E.Replacement
		if r == nil || l.E.RecordedOn > m.asOf {
			continue
		}
		var own []recordedAs[depot.PartIssued]
		var issued, madeFor, coming decimal.Decimal
		papers := []mention{l.as("F1", string(l.E.Line))}
		for _, i := range all[depot.PartIssued](m) {
			if i.E.FaultLine != l.E.Line {
				continue
			}
			q, _, back := m.stillOut(i.E)
			if !q.IsPositive() {
				continue
			}
			papers = append(append(papers, i.as("ISSUE_SLIP", string(i.E.Slip))), back...)
			switch {
			case i.E.IssuedOn > m.asOf:
				coming = coming.Add(q)
				continue
			case i.E.Project == l.E.Project && i.E.Part == r.Part:
				own, issued = append(own, i), issued.Add(q)
			}
			madeFor = madeFor.Add(q)
		}
		f := found{
			Project: l.E.Project, Part: r.Part, On: l.E.RecordedOn, Line: l.E.Line, Expected: r.Quantity.String(),
			Actual: issued.String(),
		}
		missing, excess := r.Quantity.Sub(madeFor), issued.Sub(r.Quantity)
		class := finding.Class("")
		switch {
		case excess.IsPositive() && len(own) > 1:
			class = finding.DuplicateIssue
		case excess.IsPositive():
			class = finding.OverIssue
		case missing.IsPositive() && coming.GreaterThanOrEqual(missing):
			class = finding.Cutoff
		case missing.IsPositive() && madeFor.IsZero():
			class = finding.FaultNoIssue
		case missing.IsPositive():
			class = finding.ShortIssue
		default:
			continue
		}
		if excess.IsPositive() {
			f.Quantity, f.Value = excess.String(), m.lastIssued(own, excess)
		} else {
			f.Quantity = missing.String()
			if v, ok := m.average(l.E.Project, r.Part, l.E.RecordedOn, missing); ok {
				f.Value = v
			} else if d, _ := m.described(r.Part, l.E.RecordedOn); d.WarrantyCost.Sign() > 0 {
				f.Value = ratio(d.WarrantyCost, missing, decimal.NewFromInt(1))
			}
		}
		f.Key = finding.Key(string(class) + ":" + string(l.E.Line))
		m.add(f, papers...)
	}
}

// lastIssued values the last units of some slips, by the date of the slips.
func (m *matcher) lastIssued(own []recordedAs[depot.PartIssued], excess decimal.Decimal) (sum money.Amount) {
	slices.SortFunc(own, func(a, b recordedAs[depot.PartIssued]) int {
		return cmp.Or(cmp.Compare(b.E.IssuedOn, a.E.IssuedOn), cmp.Compare(b.E.Slip, a.E.Slip))
	})
	for _, i := range own {
		q, v, _ := m.stillOut(i.E)
		of := decimal.Min(q, excess)
		sum, excess = sum.Add(ratio(v, of, q)), excess.Sub(of)
	}
	return sum
}

func (m *matcher) issuesAgainstLines() {
	for _, i := range all[depot.PartIssued](m) {
		q, v, papers := m.stillOut(i.E)
		if i.E.IssuedOn > m.asOf || !q.IsPositive() {
			continue
		}
		papers = append(papers, i.as("ISSUE_SLIP", string(i.E.Slip)))
		class := finding.IssueNoFault
		for _, l := range all[ticket.FaultRecorded](m) {
			if l.E.Line != i.E.FaultLine {
				continue
			}
			papers = append(papers, l.as("F1", string(l.E.Line)))
			switch r := l.E.Replacement; {
			case r == nil:
			case l.E.RecordedOn > m.asOf:
				class = finding.Cutoff
			case l.E.Project != i.E.Project:
				class = finding.WrongProject
			case r.Part != i.E.Part:
				class = finding.ItemMismatch
			default:
				class = ""
			}
		}
		if class != "" {
			m.add(found{
				Key: finding.Key(string(class) + ":" + string(i.E.Project) + "/" + string(i.E.Slip)), Project: i.E.Project,
				Part: i.E.Part, On: i.E.IssuedOn,
				Quantity: q.String(), Value: v, Line: i.E.FaultLine, Expected: "0", Actual: q.String(),
			}, papers...)
		}
	}
}

// scrappedTwice finds old units that slips scrapped more of than there were: of a line,
// and of a serial, with no loose paper between that has the unit.
func (m *matcher) scrappedTwice() {
	var slips []recordedAs[depot.PartScrapped]
	for _, s := range all[depot.PartScrapped](m) {
		if s.E.Condition != depot.Good && s.E.ScrappedOn <= m.asOf {
			slips = append(slips, s)
		}
	}
	for _, l := range all[ticket.FaultRecorded](m) {
		r := l.E.Replacement
		if r == nil || l.E.RecordedOn > m.asOf {
			continue
		}
		var scrapped decimal.Decimal
		papers := []mention{l.as("F1", string(l.E.Line))}
		for _, s := range slips {
			if s.E.FaultLine == l.E.Line {
				scrapped = scrapped.Add(s.E.Quantity)
				papers = append(papers, s.as("SCRAP_SLIP", string(s.E.Slip)))
			}
		}
		if more := scrapped.Sub(r.Quantity); more.IsPositive() {
			m.add(found{
				Key: finding.Key("SERIAL_MISMATCH:" + string(l.E.Line) + ":scrapped-twice"), Project: l.E.Project, Part: r.Part,
				On: l.E.RecordedOn, Quantity: more.String(), Value: m.cost(l.E.Project, r.Part, l.E.RecordedOn, more),
				Line: l.E.Line, Expected: r.Quantity.String(), Actual: scrapped.String(),
			}, papers...)
		}
	}
	loose := make(map[string][]calendar.Date) // days on which a paper that names no line has a unit
	for _, t := range m.traces() {
		if t.line == "" && t.how != "scrap" && t.paper.kind != "F2" {
			for _, serial := range t.serials {
				loose[string(t.part)+" "+serial] = append(loose[string(t.part)+" "+serial], t.on)
			}
		}
	}
	for _, e := range all[depot.PartReceived](m) {
		if e.E.Source == depot.FromMaker && e.E.ReceivedOn <= m.asOf {
			for _, serial := range e.E.BackAs() {
				loose[string(e.E.Part)+" "+serial] = append(loose[string(e.E.Part)+" "+serial], e.E.ReceivedOn)
			}
		}
	}
	slices.SortFunc(slips, func(a, b recordedAs[depot.PartScrapped]) int {
		return cmp.Or(cmp.Compare(a.E.ScrappedOn, b.E.ScrappedOn), cmp.Compare(a.E.Project, b.E.Project),
			cmp.Compare(a.E.Slip, b.E.Slip))
	})
	for i, s := range slips {
		var serials []string
		papers := []mention{s.as("SCRAP_SLIP", string(s.E.Slip))}
		for _, serial := range s.E.Serials {
			last := -1
			for j, before := range slips[:i] {
				if before.E.Part == s.E.Part && slices.Contains(before.E.Serials, serial) {
					last = j
				}
			}
			if last < 0 {
				continue
			}
			before := slips[last]
			there := slices.ContainsFunc(loose[string(s.E.Part)+" "+serial], func(on calendar.Date) bool {
				return before.E.ScrappedOn <= on && on <= s.E.ScrappedOn
			})
			atMaker := before.E.Condition == depot.AtMaker && s.E.Condition == depot.AtMaker
			if there || atMaker || s.E.FaultLine != "" && s.E.FaultLine == before.E.FaultLine {
				continue
			}
			serials = append(serials, serial)
			papers = append(papers, before.as("SCRAP_SLIP", string(before.E.Slip)))
		}
		if len(serials) > 0 {
			n := decimal.NewFromInt(int64(len(serials)))
			m.add(found{
				Key:     finding.Key("SERIAL_MISMATCH:" + string(s.E.Project) + "/" + string(s.E.Slip) + ":scrapped-twice"),
				Project: s.E.Project, Part: s.E.Part, On: s.E.ScrappedOn, Quantity: n.String(),
				Value: m.cost(s.E.Project, s.E.Part, s.E.ScrappedOn, n), Line: s.E.FaultLine, Expected: s.E.Quantity.String(),
				Actual: "0",
			}, papers...)
		}
	}
}

// trace is a paper that says where old units went.
type trace struct {
	how     string
	on      calendar.Date
	project domain.ProjectID
	part    domain.PartCode
	line    domain.FaultLineID
	units   decimal.Decimal
	serials []string
	paper   mention
}

func (m *matcher) traces() (list []trace) {
	followed := make(map[domain.ReturnID]bool)
	for _, e := range all[depot.FaultyUnitHandedIn](m) {
		if e.E.HandedInOn <= m.asOf {
			list = append(list,
				trace{
					"shelf", e.E.HandedInOn, e.E.Project, e.E.Part, e.E.FaultLine, e.E.Quantity, e.E.Serials, e.as("HAND_IN_SLIP", string(e.E.Slip)),
				})
		}
	}
	for _, e := range all[depot.FaultyUnitsShipped](m) {
		if e.E.ShippedOn > m.asOf {
			continue
		}
		for _, u := range e.E.Units {
			followed[u.Return] = true
			list = append(list,
				trace{
					"maker", e.E.ShippedOn, e.E.Project, u.Part, u.FaultLine, u.Quantity, nonEmpty(u.Serial), e.as("SHIPMENT", string(e.E.Shipment)),
				})
		}
	}
	for _, e := range all[depot.PartScrapped](m) {
		if e.E.ScrappedOn <= m.asOf && e.E.Condition != depot.Good {
			list = append(list,
				trace{
					"scrap", e.E.ScrappedOn, e.E.Project, e.E.Part, e.E.FaultLine, e.E.Quantity, e.E.Serials, e.as("SCRAP_SLIP", string(e.E.Slip)),
				})
		}
	}
	for _, e := range all[repair.ReturnOpened](m) {
		if e.E.OpenedOn <= m.asOf {
			units := decimal.NewFromInt(1)
			if followed[e.E.Return] {
				units = decimal.Zero
			}
			list = append(list,
				trace{
					"maker", e.E.OpenedOn, e.E.Project, e.E.Part, e.E.FaultLine, units, nonEmpty(e.E.Serial),
					e.as("F2", string(e.E.Return)),
				})
		}
	}
	return list
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func (m *matcher) oldUnits() {
	for _, l := range all[ticket.FaultRecorded](m) {
		r := l.E.Replacement
		if r == nil || l.E.RecordedOn > m.asOf {
			continue
		}
		ways := make(map[string]decimal.Decimal)
		serials := make(map[string]bool)
		papers := []mention{l.as("F1", string(l.E.Line))}
		var loose, elsewhere []mention
		for _, t := range m.traces() {
			switch {
			case t.line == l.E.Line:
				ways[t.how] = ways[t.how].Add(t.units)
				for _, s := range t.serials {
					serials[s] = true
				}
				papers = append(papers, t.paper)
			case t.line != "" || t.part != r.Part || r.OldSerial == "" || !slices.Contains(t.serials, r.OldSerial):
			case t.project == l.E.Project:
				loose = append(loose, t.paper)
			case t.on >= l.E.RecordedOn:
				elsewhere = append(elsewhere, t.paper)
			}
		}
		if len(loose) == 0 && !serials[r.OldSerial] {
			loose = elsewhere
		}
		due := l.E.RecordedOn.AddDays(m.rules.OldUnitWithinDays)
		if len(serials) > 0 && r.OldSerial != "" && !serials[r.OldSerial] {
			m.add(found{
				Key: finding.Key("SERIAL_MISMATCH:" + string(l.E.Line) + ":old"), Project: l.E.Project, Part: r.Part,
				On:       l.E.RecordedOn,
				Quantity: "1", Value: m.cost(l.E.Project, r.Part, l.E.RecordedOn, decimal.NewFromInt(1)), Line: l.E.Line,
				Expected: r.Quantity.String(),
				Actual:   m.accounted(ways, serials, r.OldSerial, loose).String(),
			}, papers...)
		}
		accounted := m.accounted(ways, serials, r.OldSerial, loose)
		d, _ := m.described(r.Part, l.E.RecordedOn)
		if missing := r.Quantity.Sub(accounted); m.asOf > due && missing.IsPositive() && !slices.Contains(m.rules.UsedUpUnits,
			d.Unit) {
			m.add(found{
				Key: finding.Key("NO_FAULTY_RETURN:" + string(l.E.Line)), Project: l.E.Project, Part: r.Part, On: l.E.RecordedOn,
				DueOn:    due,
				Quantity: missing.String(), Value: m.cost(l.E.Project, r.Part, l.E.RecordedOn, missing), Line: l.E.Line,
				Expected: r.Quantity.String(),
				Actual:   accounted.String(),
			}, append(papers, loose...)...)
		}
		m.newSerial(l, m.accounted(ways, serials, r.OldSerial, loose))
	}
}

func (m *matcher) accounted(
	ways map[string]decimal.Decimal, serials map[string]bool, old string, loose []mention,
) decimal.Decimal {
	known := len(serials)
	if len(loose) > 0 && !serials[old] {
		known++
	}
	return decimal.Max(decimal.NewFromInt(int64(known)), ways["shelf"], ways["maker"], ways["scrap"])
}

// newSerial compares the unit built in with those issued for it.
func (m *matcher) newSerial(l recordedAs[ticket.FaultRecorded], accounted decimal.Decimal) {
	r := l.E.Replacement
	papers := []mention{l.as("F1", string(l.E.Line))}
	var q decimal.Decimal
	var v money.Amount
	slips := 0
	for _, i := range all[depot.PartIssued](m) {
		if i.E.FaultLine != l.E.Line || i.E.Project != l.E.Project || i.E.Part != r.Part || i.E.IssuedOn > m.asOf {
			continue
		}
		if still, _, _ := m.stillOut(i.E); !still.IsPositive() {
			continue
		}
		if len(i.E.Serials) == 0 || slices.Contains(m.left(i.E), r.NewSerial) {
			return
		}
		slips++
		q, v = q.Add(i.E.Quantity), v.Add(i.E.Value)
		papers = append(papers, i.as("ISSUE_SLIP", string(i.E.Slip)))
	}
	if slips > 0 && r.NewSerial != "" {
		m.add(found{
			Key: finding.Key("SERIAL_MISMATCH:" + string(l.E.Line)), Project: l.E.Project, Part: r.Part, On: l.E.RecordedOn,
			Quantity: "1",
			Value:    ratio(v, decimal.NewFromInt(1), q), Line: l.E.Line, Expected: r.Quantity.String(),
			Actual: accounted.String(),
		}, papers...)
	}
}

// left are the serials of a slip that did not come back unused.
func (m *matcher) left(e depot.PartIssued) (serials []string) {
	back := make(map[string]bool)
	for _, b := range all[depot.PartReturned](m) {
		if b.E.Project == e.Project && b.E.Issue == e.Slip && b.E.ReturnedOn <= m.asOf {
			for _, s := range b.E.Serials {
				back[s] = true
			}
		}
	}
	for _, s := range e.Serials {
		if !back[s] {
			serials = append(serials, s)
		}
	}
	return serials
}

// stockPaper is a paper that brings units of a part into a depot or takes them out.
type stockPaper struct {
	mention
	key     string // of a finding about it; empty where it brings units
	project domain.ProjectID
	part    domain.PartCode
	on      calendar.Date
	serials []string
	q       decimal.Decimal
	value   money.Amount
	line    domain.FaultLineID
	back    []string // serials of an issue that came back unused
	secret  bool     // units came without their serials
}

func (m *matcher) stockPapers() (list []stockPaper) {
	add := func(p stockPaper) {
		if p.on <= m.asOf {
			list = append(list, p)
		}
	}
	for _, e := range all[depot.PartReceived](m) {
		add(stockPaper{project: e.E.Project, part: e.E.Part, on: e.E.ReceivedOn, serials: e.E.Serials,
			secret: len(e.E.Serials) == 0})
	}
	for _, e := range all[depot.PartTransferredIn](m) {
		add(stockPaper{project: e.E.Project, part: e.E.Part, on: e.E.ReceivedOn, serials: e.E.Serials,
			secret: len(e.E.Serials) == 0})
	}
	for _, e := range all[depot.StockAdjusted](m) {
		add(stockPaper{project: e.E.Project, part: e.E.Part, on: e.E.AdjustedOn, secret: e.E.Quantity.IsPositive()})
	}
	for _, e := range all[depot.PartReturned](m) {
		add(stockPaper{project: e.E.Project, part: e.E.Part, on: e.E.ReturnedOn, serials: e.E.Serials})
	}
	for _, e := range all[depot.PartTransferredOut](m) {
		number := string(e.E.Transfer)
		add(stockPaper{mention: e.as("TRANSFER_SLIP", number), key: number + ":transferred", project: e.E.Project,
			part: e.E.Part, on: e.E.TransferredOn, serials: e.E.Serials, q: e.E.Quantity, value: e.E.Value})
	}
	for _, e := range all[depot.PartScrapped](m) {
		if number := string(e.E.Slip); e.E.Condition == depot.Good {
			add(stockPaper{mention: e.as("SCRAP_SLIP", number), key: number + ":scrapped-good", project: e.E.Project,
				part: e.E.Part, on: e.E.ScrappedOn, serials: e.E.Serials, q: e.E.Quantity, value: e.E.Value})
		}
	}
	for _, e := range all[depot.PartIssued](m) {
		number := string(e.E.Slip)
		p := stockPaper{mention: e.as("ISSUE_SLIP", number), key: number, project: e.E.Project, part: e.E.Part,
			on: e.E.IssuedOn, serials: e.E.Serials, q: e.E.Quantity, value: e.E.Value, line: e.E.FaultLine}
		for _, s := range e.E.Serials {
			if !slices.Contains(m.left(e.E), s) {
				p.back = append(p.back, s)
			}
		}
		add(p)
	}
	return list
}

// serials asks of every unit that leaves a stock whether it was there: day by day from
// the first, so many times as it came until then, but never twice overnight.
func (m *matcher) serials() {
	papers := m.stockPapers()
	slices.SortFunc(papers, func(a, b stockPaper) int {
		return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.number, b.number), cmp.Compare(a.kind, b.kind))
	})
	for _, p := range papers {
		if p.key == "" {
			continue
		}
		missing, because := 0, []mention{p.mention}
		for _, serial := range p.serials {
			if by, gone := gone(papers, p, serial); gone && !slices.Contains(p.back, serial) {
				missing++
				because = append(because, by...)
			}
		}
		if missing == 0 {
			continue
		}
		n := decimal.NewFromInt(int64(missing))
		m.add(found{
			Key: finding.Key("SERIAL_MISMATCH:" + string(p.project) + "/" + p.key), Project: p.project, Part: p.part, On: p.on,
			Quantity: n.String(), Value: ratio(p.value, n, p.q), Line: p.line, Expected: p.q.String(), Actual: "0",
		}, because...)
	}
}

// gone reports whether a unit that a paper takes out of stock was not there, and by
// which paper it had left before.
func gone(papers []stockPaper, p stockPaper, serial string) (by []mention, gone bool) {
	var about, secret []stockPaper
	for _, o := range papers {
		switch {
		case o.project != p.project || o.part != p.part || o.on > p.on:
		case o.secret:
			secret = append(secret, o)
		case slices.Contains(o.serials, serial):
			about = append(about, o)
		}
	}
	units, day, last := 0, calendar.Date(0), calendar.Date(0)
	for _, o := range about {
		if o.on != day { // all that comes on a day is there in its morning
			units, day = min(units, 1), o.on
			for _, in := range about {
				if in.key == "" && in.on == day {
					units++
				}
			}
		}
		maybe := slices.ContainsFunc(secret, func(u stockPaper) bool { return u.on >= last && u.on <= o.on })
		switch it := o.mention == p.mention; {
		case o.key == "":
		case units > 0 || maybe:
			if it {
				return nil, false
			}
			units, last, by = max(units-1, 0), o.on, []mention{o.mention}
		case it:
			return by, true
		}
	}
	panic("the paper does not name the unit")
}

// names asks of every line whether its part and its unit are known anywhere.
func (m *matcher) names() {
	loaded := slices.ContainsFunc(all[catalogue.PartCatalogued](m),
		func(e recordedAs[catalogue.PartCatalogued]) bool { return e.E.From <= m.asOf })
	for _, l := range all[ticket.FaultRecorded](m) {
		r := l.E.Replacement
		if r == nil || l.E.RecordedOn > m.asOf {
			continue
		}
		f := found{
			Project: l.E.Project, Part: r.Part, On: l.E.RecordedOn, Line: l.E.Line, Expected: r.Quantity.String(), Actual: "0",
			Quantity: r.Quantity.String(),
		}
		if _, position := m.described(r.Part, m.asOf); loaded && position == 0 {
			f.Key, f.Value = finding.Key("ITEM_MISMATCH:"+string(l.E.Line)), m.cost(l.E.Project, r.Part, l.E.RecordedOn,
				r.Quantity)
			m.add(f, l.as("F1", string(l.E.Line)))
		}
		said := slices.ContainsFunc(m.out,
			func(o found) bool { return o.Key == finding.Key("SERIAL_MISMATCH:"+string(l.E.Line)) })
		if r.NewSerial != "" && !said && !m.somewhere(l.E.Project, r.Part, r.NewSerial) {
			f.Key, f.Quantity = finding.Key("SERIAL_MISMATCH:"+string(l.E.Line)+":unheld"), "1"
			f.Value = m.cost(l.E.Project, r.Part, l.E.RecordedOn, decimal.NewFromInt(1))
			m.add(f, l.as("F1", string(l.E.Line)))
		}
	}
}

// somewhere reports whether a unit was in some depot, or may have come into the
// project's without its serial being written down.
func (m *matcher) somewhere(of domain.ProjectID, part domain.PartCode, serial string) bool {
	for _, r := range m.events {
		var (
			p       domain.ProjectID
			on      calendar.Date
			is      domain.PartCode
			named   []string
			without bool
		)
		switch e := r.Event.(type) {
		case depot.PartReceived:
			p, is, on, named, without = e.Project, e.Part, e.ReceivedOn, e.Serials, len(e.Serials) == 0
		case depot.PartTransferredIn:
			p, is, on, named, without = e.Project, e.Part, e.ReceivedOn, e.Serials, len(e.Serials) == 0
		case depot.PartTransferredOut:
			p, is, on, named = e.Project, e.Part, e.TransferredOn, e.Serials
		case depot.PartReturned:
			p, is, on, named = e.Project, e.Part, e.ReturnedOn, e.Serials
		case depot.PartScrapped:
			if e.Condition == depot.Good {
				p, is, on, named = e.Project, e.Part, e.ScrappedOn, e.Serials
			}
		case depot.StockAdjusted:
			p, is, on, without = e.Project, e.Part, e.AdjustedOn, e.Quantity.IsPositive()
		}
		if is == part && on <= m.asOf && (slices.Contains(named, serial) || without && p == of) {
			return true
		}
	}
	return false
}

// sending is one unit with a serial, or several without, sent to a maker.
type sending struct {
	project      domain.ProjectID
	part         domain.PartCode
	serial       string
	units        decimal.Decimal
	on, due      calendar.Date
	sheet        domain.ReturnID
	batch        batch
	line         domain.FaultLineID
	ofBatch      bool // the paper is a batch
	paper, other mention
}

// batch is a batch of faulty units: its number, and whose depot sent it.
type batch struct {
	number domain.SlipID
	sender domain.ProjectID
}

func (b batch) after(o batch) bool {
	return b.number > o.number || b.number == o.number && b.sender > o.sender
}

// homecoming is a paper that says of units that their maker has them no more.
type homecoming struct {
	project domain.ProjectID
	part    domain.PartCode
	serials []string
	units   decimal.Decimal
	on      calendar.Date
	batch   domain.SlipID
	key     string // of the finding about it
	line    domain.FaultLineID
	paper   mention
	scrap   bool
	meant   []batch  // that it may mean by the number
	as      []string // serials now
}

func (m *matcher) sendings() (list []sending) {
	standard := func(due, on calendar.Date) calendar.Date {
		if due == 0 {
			return on.AddDays(policy.Default().RepairWithinDays)
		}
		return due
	}
	batchOf := make(map[domain.ReturnID]batch)
	for _, s := range all[depot.FaultyUnitsShipped](m) {
		for _, u := range s.E.Units {
			if s.E.ShippedOn > m.asOf {
				continue
			}
			id := batch{s.E.Shipment, s.E.Project}
			if u.Return != "" && id.after(batchOf[u.Return]) {
				batchOf[u.Return] = id
			}
			list = append(list, sending{
				s.E.Project, u.Part, u.Serial, u.Quantity, s.E.ShippedOn, standard(s.E.ExpectedBackOn, s.E.ShippedOn), u.Return, id,
				u.FaultLine,
				true, s.as("SHIPMENT", string(s.E.Shipment)), mention{},
			})
		}
	}
	for _, o := range all[repair.ReturnOpened](m) {
		for _, s := range all[repair.DeviceShipped](m) {
			if o.E.Return == s.E.Return && o.E.OpenedOn <= m.asOf && s.E.ShippedOn <= m.asOf {
				list = append(list, sending{
					o.E.Project, o.E.Part, o.E.Serial, decimal.NewFromInt(1), s.E.ShippedOn,
					standard(s.E.ExpectedBackOn, s.E.ShippedOn), o.E.Return,
					batchOf[o.E.Return], o.E.FaultLine, false, o.as("F2", string(o.E.Return)), s.as("F2_SHIPPED", string(o.E.Return)),
				})
			}
		}
	}
	return list
}

func (m *matcher) homecomings() (list []homecoming) {
	for _, r := range all[depot.PartReceived](m) {
		serials := r.E.SentSerials
		if serials == nil {
			serials = r.E.Serials
		}
		if r.E.Source == depot.FromMaker && r.E.ReceivedOn <= m.asOf {
			list = append(list, homecoming{
				r.E.Project, r.E.Part, serials, r.E.Quantity, r.E.ReceivedOn, r.E.Shipment, string(r.E.Receipt) + ":back", "",
				r.as("RECEIPT", string(r.E.Receipt)), false, m.meant(r.E.Project, r.E.Shipment), r.E.Serials,
			})
		}
	}
	for _, s := range all[depot.PartScrapped](m) {
		if s.E.Condition == depot.AtMaker && s.E.ScrappedOn <= m.asOf {
			list = append(list, homecoming{
				s.E.Project, s.E.Part, s.E.Serials, s.E.Quantity, s.E.ScrappedOn, s.E.Shipment, string(s.E.Slip) + ":scrapped",
				s.E.FaultLine,
				s.as("SCRAP_SLIP", string(s.E.Slip)), true, m.meant(s.E.Project, s.E.Shipment), nil,
			})
		}
	}
	return list
}

// meant are the batches that a paper of a project may mean by a number.
func (m *matcher) meant(by domain.ProjectID, number domain.SlipID) (others []batch) {
	for _, s := range all[depot.FaultyUnitsShipped](m) {
		if number == "" || s.E.ShippedOn > m.asOf || s.E.Shipment != number {
			continue
		}
		if s.E.Project == by {
			return []batch{{number, by}}
		}
		if b := (batch{number, s.E.Project}); !slices.Contains(others, b) {
			others = append(others, b)
		}
	}
	return others
}

// makers compares all that was sent with all that is said of it.
func (m *matcher) makers() {
	w := &workshop{matcher: m, sent: m.sendings(), home: m.homecomings(), result: make(map[domain.ReturnID]repair.Result)}
	w.said = slices.Clone(w.home)
	for _, s := range all[repair.DeviceReturned](m) {
		if s.E.On > m.asOf {
			continue
		}
		w.result[s.E.Return] = s.E.Result
		for _, o := range all[repair.ReturnOpened](m) {
			if o.E.Return == s.E.Return && o.E.OpenedOn <= m.asOf {
				w.said = append(w.said, homecoming{
					project: o.E.Project, part: o.E.Part, serials: nonEmpty(o.E.Serial), on: s.E.On,
					paper: s.as("F2_RESULT", string(s.E.Return)),
				})
			}
		}
	}
	done := make(map[string]bool)
	for _, s := range w.sent {
		key := string(s.batch.sender) + "/" + string(s.batch.number) + "/" + string(s.part)
		switch {
		case !s.ofBatch && w.result[s.sheet] == "" && s.serial != "" && w.out(s):
			w.late(s, string(s.sheet), s.units, s.units, []mention{s.paper, s.other})
		case !s.ofBatch && w.result[s.sheet] == "" && s.serial == "":
			papers := []mention{s.paper, s.other}
			if t := w.tally(s.batch, s.part); t.sent {
				if slices.Contains(t.gone, s.sheet) {
					continue
				}
				papers = append(papers, t.papers...)
			}
			w.late(s, string(s.sheet), s.units, s.units, papers)
		case s.ofBatch && s.sheet == "" && !done[key]:
			done[key] = true
			t := w.tally(s.batch, s.part)
			s.line = t.line
			w.late(s, key, t.of, t.still, append(t.papers, t.more...))
		}
	}
	for _, h := range w.home {
		w.homecoming(h)
	}
	for _, r := range all[repair.DeviceReturned](m) {
		for _, s := range w.sent {
			if r.E.On <= m.asOf && !s.ofBatch && s.serial != "" && s.sheet == r.E.Return {
				w.twoWords(s, r)
			}
		}
	}
}

// twoWords compares the result on a sheet with each paper about the same unit.
func (w *workshop) twoWords(s sending, r recordedAs[repair.DeviceReturned]) {
	papers := []mention{s.paper, r.as("F2_RESULT", string(s.sheet))}
	for _, h := range w.home {
		nth := slices.Index(h.serials, s.serial)
		if nth < 0 || !w.ofJourney(h, s, r.E.On) {
			continue
		}
		agrees := map[repair.Result]bool{
			repair.Repaired: !h.scrap && h.as[nth] == s.serial,
			repair.Replaced: !h.scrap && h.as[nth] == r.E.NewSerial,
			repair.Scrapped: h.scrap,
			repair.NotBack:  h.scrap || h.on > r.E.On,
		}
		if !agrees[r.E.Result] {
			papers = append(papers, h.paper)
		}
	}
	if one := decimal.NewFromInt(1); len(papers) > 2 {
		w.add(found{
			Key: finding.Key("SERIAL_MISMATCH:" + string(s.sheet) + ":result"), Project: s.project, Part: s.part, On: r.E.On,
			Quantity: "1", Value: w.cost(s.project, s.part, r.E.On, one), Line: s.line, Expected: "0", Actual: "0",
		}, papers...)
	}
}

// ofJourney reports whether a paper speaks of the journey of a sheet that ended on a
// day, and not of a later one of the same unit.
func (w *workshop) ofJourney(h homecoming, s sending, ended calendar.Date) bool {
	if s.batch.number != "" && slices.Contains(h.meant, s.batch) {
		return true
	}
	for _, o := range w.sent {
		later := o.serial == s.serial && o.part == s.part && (!o.ofBatch || o.sheet == "") && o.on > s.on && o.on <= h.on
		if !later {
			continue
		}
		home := o.on >= ended
		for _, b := range w.home {
			home = home || !b.scrap && b.paper != h.paper && b.part == s.part && slices.Contains(b.serials, s.serial) &&
				b.on >= s.on && b.on <= o.on
		}
		if home {
			return false
		}
	}
	return w.brings(h, s)
}

// workshop is what makers are said to have, and to have no more.
type workshop struct {
	*matcher
	sent   []sending
	home   []homecoming
	said   []homecoming // home, and the results on process sheets
	result map[domain.ReturnID]repair.Result
}

func (w *workshop) brings(h homecoming, s sending) bool {
	switch {
	case s.serial == "" || !slices.Contains(h.serials, s.serial):
		return false
	case s.batch.number != "" && slices.Contains(h.meant, s.batch):
		return true
	}
	return h.part == s.part && h.on >= s.on
}

// known reports whether a paper ends a journey of a unit: as many papers do, the first
// first, as can be given one each.
func (w *workshop) known(h homecoming, serial string) bool {
	var journeys []sending
	for _, s := range w.sent {
		if s.serial == serial && !w.onSheet(s) {
			journeys = append(journeys, s)
		}
	}
	var most func(papers []homecoming, left []sending) int
	most = func(papers []homecoming, left []sending) int {
		if len(papers) == 0 {
			return 0
		}
		best := most(papers[1:], left)
		for i, s := range left {
			if w.brings(papers[0], s) {
				best = max(best, 1+most(papers[1:], slices.Delete(slices.Clone(left), i, i+1)))
			}
		}
		return best
	}
	var before []homecoming
	for _, o := range w.home {
		if slices.Contains(o.serials, serial) && o.compare(h) < 0 {
			before = append(before, o)
		}
	}
	return most(append(slices.Clone(before), h), journeys) > most(before, journeys)
}

// onSheet reports whether a line of a batch is of a unit whose sheet says that it was sent.
func (w *workshop) onSheet(s sending) bool {
	return s.ofBatch && s.sheet != "" && slices.ContainsFunc(w.sent, func(o sending) bool {
		return !o.ofBatch && o.serial == s.serial && o.batch == s.batch
	})
}

// compare orders papers by their dates.
func (h homecoming) compare(o homecoming) int {
	scrap := func(h homecoming) int { return len(h.paper.kind) } // RECEIPT is before SCRAP_SLIP
	return cmp.Or(cmp.Compare(h.on, o.on), cmp.Compare(h.project, o.project), cmp.Compare(h.paper.number, o.paper.number),
		cmp.Compare(scrap(h), scrap(o)))
}

// named reports whether some depot's paper says that a unit is back under its serial.
func (w *workshop) named(s sending) bool {
	return slices.ContainsFunc(w.home, func(h homecoming) bool { return w.brings(h, s) })
}

// out reports whether a unit with a serial is still where it was sent.
func (w *workshop) out(s sending) bool {
	for _, h := range w.said {
		if w.brings(h, s) {
			return false
		}
	}
	for _, o := range w.sent {
		if o.serial != s.serial || o.part != s.part || o.ofBatch && o.sheet != "" {
			continue
		}
		switch {
		case o.on > s.on,
			o.on == s.on && !o.ofBatch && s.ofBatch,
			o.on == s.on && !o.ofBatch && !s.ofBatch && o.sheet > s.sheet,
			o.on == s.on && o.ofBatch && s.ofBatch && o.batch.after(s.batch):
			return false
		}
	}
	return true
}

func (w *workshop) late(s sending, key string, of, still decimal.Decimal, papers []mention) {
	if still.IsPositive() && w.asOf > s.due {
		w.add(found{
			Key: finding.Key("AT_VENDOR_OVERDUE:" + key), Project: s.project, Part: s.part, On: s.on, DueOn: s.due,
			Quantity: still.String(),
			Value:    w.cost(s.project, s.part, s.on, still), Line: s.line, Expected: of.String(),
			Actual: of.Sub(still).String(),
		}, papers...)
	}
}

// tally is the count of a part in a batch.
type tally struct {
	sent         bool
	secret       bool            // something was sent without a serial
	of, still    decimal.Decimal // that no sheet follows: all, and out
	line         domain.FaultLineID
	papers, more []mention // more: that only what no sheet follows is about
	gone         []domain.ReturnID
	beyond       decimal.Decimal // back, and not sent
}

// tally counts the units of a part in a batch, and what is left over of its
// receipts and scrap slips goes to its sheets without a serial, oldest first.
func (w *workshop) tally(id batch, part domain.PartCode) (t tally) {
	one := decimal.NewFromInt(1)
	var own, sheets []sending
	for _, o := range w.sent {
		if o.batch != id || o.part != part {
			continue
		}
		if !o.ofBatch {
			if o.serial == "" {
				sheets = append(sheets, o)
			}
			continue
		}
		if !t.sent {
			t.sent, t.papers = true, []mention{o.paper}
		}
		t.secret = t.secret || o.serial == ""
		if o.sheet != "" {
			continue
		}
		own, t.of, t.line = append(own, o), t.of.Add(o.units), cmp.Or(t.line, o.line)
		if o.serial == "" || w.out(o) {
			t.still = t.still.Add(o.units)
		}
	}
	var back, scrapped decimal.Decimal
	for _, h := range w.said {
		for _, o := range own {
			if w.brings(h, o) {
				t.more = append(t.more, h.paper)
			}
		}
		if h.part != part || !slices.Contains(h.meant, id) || len(w.candidates(h)) > 1 {
			continue
		}
		t.papers = append(t.papers, h.paper)
		n := decimal.Zero
		if len(h.serials) == 0 {
			n = h.units
		}
		for _, serial := range h.serials {
			if t.secret && !w.known(h, serial) {
				n = n.Add(one)
			}
		}
		if h.scrap {
			scrapped = scrapped.Add(n)
		} else {
			back = back.Add(n)
		}
	}
	slices.SortFunc(sheets,
		func(a, b sending) int { return cmp.Or(cmp.Compare(a.on, b.on), cmp.Compare(a.sheet, b.sheet)) })
	unnamed := slices.ContainsFunc(own, func(o sending) bool { return o.serial == "" })
	for _, s := range sheets {
		switch w.result[s.sheet] {
		case repair.Repaired, repair.Replaced:
			back = decimal.Max(back.Sub(one), decimal.Zero)
		case repair.Scrapped:
			scrapped = decimal.Max(scrapped.Sub(one), decimal.Zero)
		case repair.NotBack, "":
		}
		for _, r := range all[repair.DeviceReturned](w.matcher) {
			if unnamed && r.E.Return == s.sheet && r.E.On <= w.asOf {
				t.more = append(t.more, r.as("F2_RESULT", string(s.sheet)))
			}
		}
	}
	t.still = t.still.Sub(back).Sub(scrapped)
	over := t.still.Neg()
	for _, s := range sheets {
		if w.result[s.sheet] == "" && over.GreaterThanOrEqual(one) {
			t.gone, over = append(t.gone, s.sheet), over.Sub(one)
		}
	}
	for _, s := range sheets {
		if w.result[s.sheet] == repair.NotBack && over.GreaterThanOrEqual(one) {
			over = over.Sub(one)
		}
	}
	for _, o := range w.sent {
		if o.ofBatch && o.batch == id && o.part == part && o.serial != "" && !w.named(o) && (o.sheet != "" || !w.out(o)) {
			over = over.Sub(one)
		}
	}
	t.beyond = over
	return t
}

// candidates are the batches that a paper may mean which took units of its part.
func (w *workshop) candidates(h homecoming) (list []batch) {
	for _, id := range h.meant {
		if slices.ContainsFunc(w.sent, func(s sending) bool { return s.ofBatch && s.batch == id && s.part == h.part }) {
			list = append(list, id)
		}
	}
	return list
}

// homecoming compares a paper with all that was sent.
func (w *workshop) homecoming(h homecoming) {
	n := decimal.Zero
	for _, serial := range h.serials {
		if !w.known(h, serial) {
			n = n.Add(decimal.NewFromInt(1))
		}
	}
	of := w.candidates(h)
	switch all := len(h.serials) == 0; {
	case h.batch == "" && (all || w.secretly(h)):
		n = w.loose(h)
	case h.batch == "":
	case len(h.meant) == 0, len(of) != 1 && all:
		n = h.units
	case len(of) == 1:
		if t := w.tally(of[0], h.part); all || t.secret {
			n = w.last(h, t, of[0])
		}
	}
	if n.IsPositive() {
		w.add(found{
			Key: finding.Key("SERIAL_MISMATCH:" + string(h.project) + "/" + h.key), Project: h.project, Part: h.part, On: h.on,
			Quantity: n.String(),
			Value:    w.cost(h.project, h.part, h.on, n), Line: h.line, Expected: h.units.String(), Actual: "0",
		}, h.paper)
	}
}

// secretly reports whether the project of a paper sent a unit of its part by that day
// without its serial.
func (w *workshop) secretly(h homecoming) bool {
	return slices.ContainsFunc(w.sent, func(s sending) bool {
		return s.serial == "" && s.part == h.part && s.project == h.project && s.on <= h.on
	})
}

// unnamed counts the units of a paper that only a count can tell of.
func (w *workshop) unnamed(h homecoming) (n decimal.Decimal) {
	if len(h.serials) == 0 {
		return h.units
	}
	for _, serial := range h.serials {
		if !w.known(h, serial) {
			n = n.Add(decimal.NewFromInt(1))
		}
	}
	return n
}

// last is how many of the units that are too many for a batch a paper brings, if those
// do that are dated last.
func (w *workshop) last(h homecoming, t tally, id batch) decimal.Decimal {
	left := t.beyond
	for _, o := range w.home {
		if of := w.candidates(o); o.compare(h) > 0 && o.part == h.part && len(of) == 1 && of[0] == id &&
			(t.secret || len(o.serials) == 0) {
			left = left.Sub(w.unnamed(o))
		}
	}
	return decimal.Min(left, w.unnamed(h))
}

// loose is how many units of a paper without a batch come beyond all that its project
// sent of the part until then.
func (w *workshop) loose(h homecoming) decimal.Decimal {
	sent, back := decimal.Zero, decimal.Zero
	for _, s := range w.sent {
		switch {
		case s.project != h.project || s.part != h.part || s.on > h.on:
		case s.serial == "" && (s.ofBatch || s.batch.number == ""):
			sent = sent.Add(s.units)
		case s.serial != "" && !w.named(s) && !w.onSheet(s):
			sent = sent.Add(s.units)
		}
	}
	for _, o := range w.home {
		if o.batch == "" && o.project == h.project && o.part == h.part && o.compare(h) < 0 &&
			(len(o.serials) == 0 || w.secretly(o)) {
			back = back.Add(w.unnamed(o).Sub(w.loose(o)))
		}
	}
	return decimal.Max(w.unnamed(h).Sub(decimal.Max(sent.Sub(back), decimal.Zero)), decimal.Zero)
}

// moved is what one event did to a stock.
type moved struct {
	project domain.ProjectID
	part    domain.PartCode
	on      calendar.Date
	q       decimal.Decimal
	v       money.Amount
}

func (m *matcher) movements() (list []moved) {
	for _, r := range m.events {
		switch e := r.Event.(type) {
		case depot.PartReceived:
			list = append(list, moved{e.Project, e.Part, e.ReceivedOn, e.Quantity, e.Value})
		case depot.PartIssued:
			list = append(list, moved{e.Project, e.Part, e.IssuedOn, e.Quantity.Neg(), e.Value.Neg()})
		case depot.PartReturned:
			list = append(list, moved{e.Project, e.Part, e.ReturnedOn, e.Quantity, e.Value})
		case depot.PartTransferredOut:
			list = append(list, moved{e.Project, e.Part, e.TransferredOn, e.Quantity.Neg(), e.Value.Neg()})
		case depot.PartTransferredIn:
			list = append(list, moved{e.Project, e.Part, e.ReceivedOn, e.Quantity, e.Value})
		case depot.PartScrapped:
			if e.Condition == depot.Good {
				list = append(list, moved{e.Project, e.Part, e.ScrappedOn, e.Quantity.Neg(), e.Value.Neg()})
			}
		case depot.StockAdjusted:
			list = append(list, moved{e.Project, e.Part, e.AdjustedOn, e.Quantity, e.Value})
		}
	}
	return list
}

// sighting is one line of a count sheet against the book.
type sighting struct {
	e                   recordedAs[depot.StockCounted]
	line                depot.Counted
	book, short, over   decimal.Decimal
	bookValue           money.Amount
	shortHere, overHere decimal.Decimal
}

func (m *matcher) counts() {
	type holding struct {
		project domain.ProjectID
		part    domain.PartCode
	}
	seen := make(map[holding][]sighting)
	for _, e := range all[depot.StockCounted](m) {
		if e.E.CountedOn > m.asOf {
			continue
		}
		for _, l := range e.E.Lines {
			s := sighting{e: e, line: l}
			for _, mv := range m.movements() {
				if mv.project == e.E.Project && mv.part == l.Part && mv.on <= e.E.CountedOn {
					s.book, s.bookValue = s.book.Add(mv.q), s.bookValue.Add(mv.v)
				}
			}
			s.short, s.over = decimal.Max(s.book.Sub(l.Counted), decimal.Zero), decimal.Max(l.Counted.Sub(s.book), decimal.Zero)
			k := holding{e.E.Project, l.Part}
			seen[k] = append(seen[k], s)
		}
	}
	for k, list := range seen {
		slices.SortFunc(list, func(a, b sighting) int {
			return cmp.Or(cmp.Compare(a.e.E.CountedOn, b.e.E.CountedOn), cmp.Compare(a.e.E.Count, b.e.E.Count))
		})
		// A difference that a later count does not show any more is gone.
		var shortBefore, overBefore decimal.Decimal
		for i := range list {
			short, over := list[i].short, list[i].over
			for _, later := range list[i:] {
				short, over = decimal.Min(short, later.short), decimal.Min(over, later.over)
			}
			s := list[i]
			s.shortHere, s.overHere = short.Sub(shortBefore), over.Sub(overBefore)
			shortBefore, overBefore = short, over
			m.count(k.project, k.part, s)
		}
	}
}

func (m *matcher) count(p domain.ProjectID, part domain.PartCode, s sighting) {
	class, q := finding.CountShort, s.shortHere
	if s.overHere.IsPositive() {
		class, q = finding.CountOver, s.overHere
	}
	if !q.IsPositive() {
		return
	}
	on := s.e.E.CountedOn
	f := found{
		Key: finding.Key(string(class) + ":" + string(p) + "/" + string(s.e.E.Count) + "/" + string(part)), Project: p,
		Part: part, On: on,
		Quantity: q.String(), Expected: s.book.String(), Actual: s.line.Counted.String(),
	}
	average, ok := m.average(p, part, on, q)
	switch {
	case s.book.IsPositive() && s.bookValue.Sign() > 0:
		f.Value = ratio(s.bookValue, q, s.book)
	case ok:
		f.Value = average
	default:
		d, _ := m.described(part, on)
		f.Value = ratio(d.WarrantyCost, q, decimal.NewFromInt(1))
	}
	m.add(f, s.e.as("COUNT_SHEET", string(s.e.E.Count)))
}

func (m *matcher) coverage() {
	replacements := make(map[domain.TicketID]int)
	for _, l := range all[ticket.FaultRecorded](m) {
		if l.E.Replacement != nil && l.E.RecordedOn <= m.asOf {
			replacements[l.E.Ticket]++
		}
	}
	for _, l := range all[ticket.FaultRecorded](m) {
		r := l.E.Replacement
		if r == nil || l.E.RecordedOn > m.asOf {
			continue
		}
		papers := []mention{l.as("F1", string(l.E.Line))}
		var charged money.Amount
		for _, c := range all[account.ChargeAccrued](m) {
			isPart := c.E.Kind != pricelist.Travel && c.E.Kind != pricelist.Labour && c.E.OccurredOn <= m.asOf
			names := c.E.FaultLine == l.E.Line || c.E.FaultLine == "" && c.E.Ticket == l.E.Ticket && c.E.Ticket != "" &&
				replacements[l.E.Ticket] == 1
			if !isPart || !names {
				continue
			}
			papers = append(papers, c.as("CHARGE", string(c.E.Charge)))
			charged = charged.Add(c.E.Money.Gross)
			for _, n := range all[account.CreditNoteIssued](m) {
				if n.E.Center == c.E.Center && n.E.Charge == c.E.Charge && n.E.On <= m.asOf {
					charged = charged.Sub(n.E.Money.Gross)
					papers = append(papers, n.as("CREDIT_NOTE", string(n.E.Note)))
				}
			}
		}
		f := found{
			Key: finding.Key("COVERAGE_CONFLICT:" + string(l.E.Line)), Project: l.E.Project, Part: r.Part, On: l.E.RecordedOn,
			Quantity: r.Quantity.String(), Line: l.E.Line, Expected: r.Quantity.String(), Actual: "0",
		}
		due := l.E.RecordedOn.AddDays(m.rules.ChargeWithinDays)
		switch {
		case l.E.Bearer == policy.Us && charged.Sign() > 0:
			f.Value = charged
		case l.E.Bearer == policy.Center && charged.Sign() <= 0 && m.asOf > due:
			f.Value, f.DueOn = m.cost(l.E.Project, r.Part, l.E.RecordedOn, r.Quantity), due
		default:
			continue
		}
		m.add(f, papers...)
	}
}

func (m *matcher) costs() {
	for _, i := range all[depot.PartIssued](m) {
		still, _, _ := m.stillOut(i.E)
		d, position := m.described(i.E.Part, i.E.IssuedOn)
		if i.E.IssuedOn > m.asOf || !still.IsPositive() || d.WarrantyCost.Sign() <= 0 {
			continue
		}
		should := d.WarrantyCost.Decimal().Mul(i.E.Quantity)
		differs := i.E.Value.Decimal().Sub(should).Abs()
		percent := decimal.NewFromInt(int64(m.rules.CostVariancePercent))
		if !differs.Mul(decimal.NewFromInt(100)).GreaterThan(should.Mul(percent)) {
			continue
		}
		value, err := money.RoundHalfUp(differs.Mul(still).DivRound(i.E.Quantity, 12))
		if err != nil {
			panic(err)
		}
		m.add(found{
			Key: finding.Key("COST_VARIANCE:" + string(i.E.Project) + "/" + string(i.E.Slip)), Project: i.E.Project,
			Part: i.E.Part, On: i.E.IssuedOn,
			Quantity: still.String(), Value: value, Line: i.E.FaultLine, Expected: d.WarrantyCost.Decimal().String(),
			Actual: ratio(i.E.Value, decimal.NewFromInt(1), i.E.Quantity).Decimal().String(),
		}, i.as("ISSUE_SLIP", string(i.E.Slip)), mention{position, "CATALOGUE", string(i.E.Part)})
	}
}

// decisions gives every finding its status and who looks into it.
func (m *matcher) decisions() {
	for i := range m.out {
		f := &m.out[i]
		f.Status, f.Owner = finding.Open, string(f.Class.Owner())
		for _, r := range m.events {
			switch e := r.Event.(type) {
			case finding.FindingAssigned:
				if e.Finding == f.Key && e.On <= m.asOf {
					f.Owner = e.Owner
				}
			case finding.FindingClosed:
				if e.Finding == f.Key && e.On <= m.asOf {
					f.Status = finding.Open
					if e.Quantity.String() == f.Quantity && e.Value == f.Value {
						f.Status = e.Status
					}
				}
			case finding.FindingReopened:
				if e.Finding == f.Key && e.On <= m.asOf {
					f.Status = finding.Open
				}
			}
		}
	}
}

// foundBy is what the read model found, in the matcher's words.
func foundBy(rows []match.Finding) []found {
	var list []found
	for _, r := range rows {
		var names []string
		for _, d := range r.Documents {
			names = append(names, d.Kind+" "+d.Number)
		}
		list = append(list, found{
			r.Key, r.Class, r.Project, r.Part, r.On, r.DueOn, r.Quantity.String(), r.Value.Amount, r.Line, r.Expected.String(),
			r.Actual.String(),
			strings.Join(names, ", "), r.Status, r.Owner,
		})
	}
	slices.SortFunc(list, func(a, b found) int { return cmp.Compare(a.Key, b.Key) })
	return list
}

// regionsOf are the regions of projects as far as they are known.
func (o oracle) regionsOf() map[domain.ProjectID]string {
	regions := make(map[domain.ProjectID]string)
	for _, r := range o.events {
		if e, ok := r.Event.(project.ProjectRegistered); ok {
			regions[e.Project] = e.Region
		}
	}
	return regions
}

func units(s string) decimal.Decimal { return decimal.RequireFromString(s) }

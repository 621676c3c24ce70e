package projections

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/money"
)

// FindingStep is one step in the life of a finding.
type FindingStep struct {
	At       time.Time // when it was recorded, or the day came
	Position uint64    // of the event; of the last before it, where a day came
	// Step is RAISED, CHANGED or CLEARED, which the documents decide, or
	// ASSIGNED, CLOSED or REOPENED, which people do, or REFUSED, a closing by
	// somebody who must not.
	Step      string
	By        string // who recorded the event; empty where a day came
	Quantity  decimal.Decimal
	Value     money.Amount
	Status    finding.Status // after the step
	Owner     string         // it was assigned to
	Reason    string
	Evidence  []string
	Documents []Document // of the finding, while it stands
}

// FindingHistory is the answer of [ReadModels.FindingHistory].
type FindingHistory struct {
	Answer
	Found   bool         // it was ever raised, or decided on
	Finding AuditFinding // as it stands, or stood last
	Steps   []FindingStep
}

// FindingHistory answers the life of one finding. Every moment at which a fact
// of its projects was recorded, and every day on which time ran out, the match is
// run as things were known then, as of that day: so the past never changes.
func (m *ReadModels) FindingHistory(ctx context.Context, cut Cut, key finding.Key) (FindingHistory, error) {
	q, err := m.ask(cut, Page{}, "finding history", key)
	if err != nil {
		return FindingHistory{}, err
	}
	defer q.done()
	h := FindingHistory{Answer: q.Answer}
	filter := FindingFilter{Keys: []finding.Key{key}}
	sites, err := q.sites(ctx)
	if err != nil {
		return h, err
	}
	scope, err := q.scopeOf(ctx, filter, sites)
	if err != nil {
		return h, err
	}
	facts, err := q.matchFacts(ctx, scope, window{})
	if err != nil {
		return h, err
	}
	steps, err := q.stepsOf(ctx, []string{string(key)})
	if err != nil {
		return h, err
	}
	facts = facts.about(key)
	if err := q.holdingsOf(ctx, facts, key, scope); err != nil {
		return h, err
	}
	life := &life{q: q, key: key}
	for _, moment := range facts.moments(key, q) {
		life.look(facts, moment)
	}
	for _, s := range steps[key] {
		life.decided(s)
	}
	h.Steps, h.Finding, h.Found = life.inOrder(), life.last, life.raised || len(steps[key]) > 0
	if h.Found {
		f := &h.Finding
		if f.Key == "" {
			f.Key, f.Class = key, key.Class()
		}
		f.Region, f.Center = sites.region(f.Project), sites.center(f.Project, f.On)
		f.AgeDays, f.OwnerRole = int(q.AsOf-f.On), f.Class.Owner()
		f.decide(steps[key])
		if !life.stands {
			f.Status = finding.Cleared
		}
	}
	return h, nil
}

// moment is when something about a finding may have changed.
type moment struct {
	position uint64
	at       int64 // microseconds since 1970
	actor    string
}

// life follows a finding from moment to moment.
type life struct {
	q              *question
	key            finding.Key
	raised, stands bool
	last           AuditFinding
	steps          []FindingStep
}

func (l *life) look(facts *matchFacts, at moment) {
	when := inShanghai(time.UnixMicro(at.at))
	asOf := min(l.q.AsOf, calendar.DateOf(when))
	found := runMatch(facts.until(at.position, when), asOf, l.q.m.opts.Rules).findings
	i := slices.IndexFunc(found, func(f AuditFinding) bool { return f.Key == l.key })
	step := FindingStep{At: when, Position: at.position, By: at.actor}
	switch {
	case i < 0 && !l.stands:
		return
	case i < 0:
		step.Step, step.Status, l.stands = "CLEARED", finding.Cleared, false
	default:
		f := found[i]
		f.Documents = inOrder(f.Documents)
		same := l.stands && f.Quantity.Equal(l.last.Quantity) && f.Value == l.last.Value
		l.last = f
		step.Step, step.Status, step.Quantity, step.Value, step.Documents = "CHANGED", finding.Open, f.Quantity, f.Value, f.Documents
		switch {
		case same:
			return
		case !l.stands:
			step.Step = "RAISED"
		}
		l.stands, l.raised = true, true
	}
	l.steps = append(l.steps, step)
}

// decided adds a person's decision.
func (l *life) decided(s findingStep) {
	step := FindingStep{
		At: s.recordedAt, Position: s.position, Step: s.step, By: s.closing.By, Reason: s.closing.Reason, Evidence: s.closing.Evidence, Owner: s.owner,
		Quantity: s.closing.Quantity, Value: s.closing.Value, Status: finding.Open,
	}
	if s.step == "CLOSED" {
		step.Status = s.closing.Status
	}
	l.steps = append(l.steps, step)
}

// inOrder puts the steps in the order of the log, and gives each that changes no
// status the one that it found.
func (l *life) inOrder() []FindingStep {
	slices.SortStableFunc(l.steps, func(a, b FindingStep) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Position, b.Position))
	})
	status := finding.Open
	for i := range l.steps {
		s := &l.steps[i]
		if s.Step == "ASSIGNED" || s.Step == "REFUSED" {
			s.Status = status
		}
		status = s.Status
	}
	return l.steps
}

// about leaves the facts that a finding may rest on: those of its part, and those
// that name its line.
func (f *matchFacts) about(k finding.Key) *matchFacts {
	document := strings.Split(k.Document(), "/")
	number, line, part := document[len(document)-1], "", ""
	switch k.Class() {
	case finding.CountShort, finding.CountOver, finding.AtVendorOverdue:
		part = number
		for _, s := range f.sheets {
			if s.sheet == number && s.step == "OPENED" {
				part, line = s.part, s.line
			}
		}
	default:
		line = number
		for _, u := range f.units {
			if len(document) == 2 && u.ends() && u.project == document[0] && u.document == number {
				part = u.part
			}
		}
		for _, v := range f.moves {
			if len(document) == 2 && v.kind == "ISSUE" && v.project == document[0] && v.slip == number {
				part, line = v.part, v.line
			}
		}
	}
	ticket := ""
	for _, l := range f.lines {
		if l.line == line {
			part, ticket = cmp.Or(part, l.part), l.ticket
		}
	}
	is := func(p, l string) bool { return p == part || l != "" && l == line }
	sheets := make(map[string]bool)
	for _, s := range f.sheets {
		if s.step == "OPENED" && is(s.part, s.line) {
			sheets[s.sheet] = true
		}
	}
	batches := make(map[string]bool) // their units may have come back as another part
	for _, u := range f.units {
		if is(u.part, u.line) && u.shipment != "" {
			batches[u.shipment] = true
		}
	}
	return &matchFacts{
		lines:   only(f.lines, func(r *lineFact) bool { return is(r.part, r.line) || r.ticket == ticket }),
		moves:   only(f.moves, func(r *moveFact) bool { return is(r.part, r.line) }),
		units:   only(f.units, func(r *unitFact) bool { return is(r.part, r.line) || sheets[r.sheet] || batches[r.shipment] }),
		sheets:  only(f.sheets, func(r *sheetFact) bool { return sheets[r.sheet] }),
		counts:  only(f.counts, func(r *countFact) bool { return r.part == part }),
		prices:  f.pricesAbout(k, part),
		charges: only(f.charges, func(r *chargeFact) bool { return r.line == line || r.line == "" && r.ticket == ticket }),
		credits: f.credits,
	}
}

// pricesAbout leaves the descriptions of the part; for a finding that the catalogue
// does not have it, also those by which there is a catalogue at all: one that comes
// into force before all that were loaded before it.
func (f *matchFacts) pricesAbout(k finding.Key, part string) []priceFact {
	first := uint16(math.MaxUint16)
	return only(f.prices, func(r *priceFact) bool {
		earlier := r.on < first
		if earlier {
			first = r.on
		}
		return r.part == part || earlier && k.Class() == finding.ItemMismatch && k.AboutLine()
	})
}

// holdingsOf reads what depots elsewhere had of the unit that the key's line built
// in, whenever they had it.
func (q *question) holdingsOf(ctx context.Context, f *matchFacts, k finding.Key, scope projectScope) error {
	var serials []string
	for _, l := range f.lines {
		if l.line == k.Document() && l.newSerial != "" {
			serials = append(serials, l.newSerial)
		}
	}
	if !strings.HasSuffix(string(k), finding.Unheld) || len(serials) == 0 || scope.everywhere {
		return nil
	}
	var mu sync.Mutex
	sources := f.sources(&mu)
	err := q.holdings(ctx, sources, scope, serials)
	for _, s := range sources {
		s.tidy()
	}
	return err
}

func only[F any](all []F, is func(*F) bool) (some []F) {
	for i := range all {
		if is(&all[i]) {
			some = append(some, all[i])
		}
	}
	return some
}

// moments are when facts that the key's finding may rest on were recorded, and
// the days after which something would be late.
func (f *matchFacts) moments(k finding.Key, q *question) []moment {
	var all []moment
	var days []calendar.Date
	see := func(s *stamp, limits ...uint16) {
		all = append(all, moment{s.position, s.recordedAt, s.actor})
		for _, d := range limits {
			days = append(days, calendar.Date(d)+1)
		}
	}
	rules := q.m.opts.Rules
	for i := range f.lines {
		l := &f.lines[i]
		see(&l.stamp, l.on+uint16(rules.Parts.OldUnitWithinDays), l.on+uint16(rules.Parts.ChargeWithinDays))
	}
	for i := range f.moves {
		see(&f.moves[i].stamp)
	}
	for i := range f.units {
		u := &f.units[i]
		see(&u.stamp, cmp.Or(u.expectedOn, u.on+uint16(rules.RepairWithinDays)))
	}
	for i := range f.sheets {
		s := &f.sheets[i]
		see(&s.stamp, cmp.Or(s.expectedOn, s.on+uint16(rules.RepairWithinDays)))
	}
	for i := range f.counts {
		see(&f.counts[i].stamp)
	}
	for i := range f.prices {
		see(&f.prices[i].stamp, f.prices[i].on-1) // in force from its day on
	}
	for i := range f.charges {
		see(&f.charges[i].stamp)
	}
	for i := range f.credits {
		if slices.ContainsFunc(f.charges, func(c chargeFact) bool { return c.center == f.credits[i].center && c.charge == f.credits[i].charge }) {
			see(&f.credits[i].stamp)
		}
	}
	slices.Sort(days)
	days = slices.Compact(days)
	slices.SortFunc(all, func(a, b moment) int { return cmp.Compare(a.position, b.position) })
	// What is known at a moment is a beginning of the log.
	for i := 1; i < len(all); i++ {
		all[i].at = max(all[i].at, all[i-1].at)
	}
	last := moment{position: q.Position, at: q.KnownAt.UnixMicro()}
	for _, d := range days {
		at := d.Start().UnixMicro()
		if at > last.at {
			continue
		}
		before := moment{at: at}
		for _, m := range all {
			if m.at <= at && m.actor != "" {
				before.position = m.position
			}
		}
		all = append(all, before)
	}
	all = append(all, last)
	slices.SortStableFunc(all, func(a, b moment) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.position, b.position)) })
	return slices.Compact(all)
}

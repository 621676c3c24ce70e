package parts

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
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/match"
)

// FindingStep is one step in the life of a finding. RAISED, CHANGED and CLEARED are
// what the documents decide; the others people do.
type FindingStep struct {
	At        projections.Moment      `json:"at"` // when it was recorded, or the day came
	Position  uint64                  `json:"position" doc:"Of the event in the log; of the last before it, where a day came"`
	Step      string                  `json:"step" enum:"RAISED,CHANGED,CLEARED,ASSIGNED,CLOSED,REOPENED,REFUSED" doc:"REFUSED: a closing by somebody who must not decide on it"`
	By        string                  `json:"by,omitempty" doc:"Who recorded the event; absent where a day came"`
	Quantity  *decimal.Decimal        `json:"quantity,omitempty"`
	Value     *money.Amount           `json:"value,omitempty"`
	Status    finding.Status          `json:"status" doc:"After the step"`
	Owner     string                  `json:"owner,omitempty"` // it was assigned to
	Reason    string                  `json:"reason,omitempty"`
	Evidence  []string                `json:"evidence,omitempty"`
	Documents []match.FindingDocument `json:"documents,omitempty"` // of the finding, while it stands
}

// FindingHistory is the answer of [Views.FindingHistory].
type FindingHistory struct {
	projections.Answer
	Found   bool          // it was ever raised, or decided on
	Finding match.Finding // as it stands, or stood last
	Steps   []FindingStep
}

// FindingHistory answers the life of one finding. Every moment at which a fact
// of its projects was recorded, and every day on which time ran out, the match is
// run as things were known then, as of that day: so the past never changes.
func (m Views) FindingHistory(ctx context.Context, cut projections.Cut, key finding.Key) (FindingHistory, error) {
	q, err := m.Ask(cut, projections.Page{}, "finding history", key)
	if err != nil {
		return FindingHistory{}, err
	}
	defer q.Done()
	h := FindingHistory{Answer: q.Answer}
	filter := FindingFilter{Keys: []finding.Key{key}}
	sites, err := q.Sites(ctx)
	if err != nil {
		return h, err
	}
	scope, err := scopeOf(ctx, q, filter, sites)
	if err != nil {
		return h, err
	}
	if len(scope.Projects) == 0 && !q.InScope().IsWhole() {
		return h, nil // of projects outside the scope, or of none
	}
	facts, err := factsOf(ctx, q, scope, match.Window{})
	if err != nil {
		return h, err
	}
	steps, err := stepsOf(ctx, q, []string{string(key)})
	if err != nil {
		return h, err
	}
	facts = about(facts, key)
	if err := holdingsOf(ctx, q, facts, key, scope); err != nil {
		return h, err
	}
	life := &life{q: q, key: key, last: match.Finding{Documents: []match.FindingDocument{}}}
	for _, moment := range moments(facts, key, q) {
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
		f.Region, f.Center = sites.Region(f.Project), sites.Center(f.Project, f.On)
		f.AgeDays = int(q.AsOf - f.On)
		f.Decide(steps[key])
		if !life.stands {
			f.Status = finding.Cleared
		}
		f.Say()
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
	q              *projections.Question
	key            finding.Key
	raised, stands bool
	last           match.Finding
	steps          []FindingStep
}

func (l *life) look(facts *match.Facts, at moment) {
	when := projections.InShanghai(time.UnixMicro(at.at))
	asOf := min(l.q.AsOf, calendar.DateOf(when))
	found := match.Run(facts.Until(at.position, when), asOf, l.q.M.Opts.Rules).Findings
	i := slices.IndexFunc(found, func(f match.Finding) bool { return f.Key == l.key })
	step := FindingStep{At: projections.Moment{Time: when}, Position: at.position, By: at.actor}
	switch {
	case i < 0 && !l.stands:
		return
	case i < 0:
		step.Step, step.Status, l.stands = "CLEARED", finding.Cleared, false
	default:
		f := found[i]
		f.Documents = match.InOrder(f.Documents)
		same := l.stands && f.Quantity.Equal(l.last.Quantity) && f.Value == l.last.Value
		l.last = f
		step.Step, step.Status, step.Documents = "CHANGED", finding.Open, f.Documents
		step.inQuestion(f.Quantity, f.Value)
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

// inQuestion says of a step what was in question, where anything was.
func (s *FindingStep) inQuestion(quantity decimal.Decimal, value projections.Figure) {
	if !quantity.IsPositive() {
		return
	}
	if s.Quantity = &quantity; !value.Hidden {
		s.Value = &value.Amount
	}
}

// decided adds a person's decision.
func (l *life) decided(s match.Step) {
	step := FindingStep{
		At: projections.Moment{Time: s.RecordedAt}, Position: s.Position, Step: s.Step, By: s.Closing.By,
		Reason: s.Closing.Reason, Evidence: s.Closing.Evidence, Owner: s.Owner, Status: finding.Open,
	}
	step.inQuestion(s.Closing.Quantity, projections.Figure{Amount: s.Closing.Value})
	if s.Step == "CLOSED" {
		step.Status = s.Closing.Status
	}
	l.steps = append(l.steps, step)
}

// inOrder puts the steps in the order of the log, and gives each that changes no
// status the one that it found.
func (l *life) inOrder() []FindingStep {
	slices.SortStableFunc(l.steps, func(a, b FindingStep) int {
		return cmp.Or(a.At.Compare(b.At.Time), cmp.Compare(a.Position, b.Position))
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
func about(f *match.Facts, k finding.Key) *match.Facts {
	document := strings.Split(k.Document(), "/")
	number, line, part := document[len(document)-1], "", ""
	switch k.Class() {
	case finding.CountShort, finding.CountOver, finding.AtVendorOverdue:
		part = number
		for _, s := range f.Sheets {
			if s.Sheet == number && s.Step == "OPENED" {
				part, line = s.Part, s.Line
			}
		}
	default:
		line = number
		for _, s := range f.Sheets {
			if k.AboutResult() && s.Sheet == number && s.Step == "OPENED" {
				part, line = s.Part, s.Line
			}
		}
		for _, u := range f.Units {
			about := u.Ends() || strings.HasSuffix(string(k), finding.ScrappedTwice) && u.Step == "SCRAPPED"
			if len(document) == 2 && about && u.Project == document[0] && u.Document == number {
				part = u.Part
			}
		}
		for _, v := range f.Moves {
			if v.Leaves() && string(k) == string(k.Class())+":"+v.Named() {
				part, line = v.Part, v.Line
			}
		}
	}
	ticket := ""
	for _, l := range f.Lines {
		if l.Line == line {
			part, ticket = cmp.Or(part, l.Part), l.Ticket
		}
	}
	is := func(p, l string) bool { return p == part || l != "" && l == line }
	sheets := make(map[string]bool)
	for _, s := range f.Sheets {
		if s.Step == "OPENED" && is(s.Part, s.Line) {
			sheets[s.Sheet] = true
		}
	}
	batches := make(map[string]bool) // their units may have come back as another part
	for _, u := range f.Units {
		if is(u.Part, u.Line) && u.Shipment != "" {
			batches[u.Shipment] = true
		}
	}
	return &match.Facts{
		Lines: only(f.Lines, func(r *match.LineFact) bool { return is(r.Part, r.Line) || r.Ticket == ticket }),
		Moves: only(f.Moves, func(r *match.MoveFact) bool { return is(r.Part, r.Line) }),
		Units: only(f.Units,
			func(r *match.UnitFact) bool { return is(r.Part, r.Line) || sheets[r.Sheet] || batches[r.Shipment] }),
		Sheets: only(f.Sheets, func(r *match.SheetFact) bool { return sheets[r.Sheet] }),
		Counts: only(f.Counts, func(r *match.CountFact) bool { return r.Part == part }),
		Prices: pricesAbout(f, k, part),
		Charges: only(f.Charges,
			func(r *match.ChargeFact) bool { return r.Line == line || r.Line == "" && r.Ticket == ticket }),
		Credits: f.Credits,
	}
}

// pricesAbout leaves the descriptions of the part; for a finding that the catalogue
// does not have it, also those by which there is a catalogue at all: one that comes
// into force before all that were loaded before it.
func pricesAbout(f *match.Facts, k finding.Key, part string) []match.PriceFact {
	first := uint16(math.MaxUint16)
	return only(f.Prices, func(r *match.PriceFact) bool {
		earlier := r.On < first
		if earlier {
			first = r.On
		}
		return r.Part == part || earlier && k.Class() == finding.ItemMismatch && k.AboutLine()
	})
}

// holdingsOf reads what depots elsewhere had of the unit that the key's line built
// in, whenever they had it.
func holdingsOf(
	ctx context.Context, q *projections.Question, f *match.Facts, k finding.Key, scope projections.ProjectSelection,
) error {
	var serials []string
	for _, l := range f.Lines {
		if l.Line == k.Document() && l.NewSerial != "" {
			serials = append(serials, l.NewSerial)
		}
	}
	if !strings.HasSuffix(string(k), finding.Unheld) || len(serials) == 0 || scope.Everywhere {
		return nil
	}
	var mu sync.Mutex
	sources := sources(f, &mu)
	err := holdings(ctx, q, sources, scope, serials)
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
func moments(f *match.Facts, k finding.Key, q *projections.Question) []moment {
	var all []moment
	var days []calendar.Date
	see := func(s *match.Stamp, limits ...uint16) {
		all = append(all, moment{s.Position, s.RecordedAt, s.Actor})
		for _, d := range limits {
			days = append(days, calendar.Date(d)+1)
		}
	}
	rules := q.M.Opts.Rules
	for i := range f.Lines {
		l := &f.Lines[i]
		see(&l.Stamp, l.On+uint16(rules.Parts.OldUnitWithinDays), l.On+uint16(rules.Parts.ChargeWithinDays))
	}
	for i := range f.Moves {
		see(&f.Moves[i].Stamp)
	}
	for i := range f.Units {
		u := &f.Units[i]
		see(&u.Stamp, cmp.Or(u.ExpectedOn, u.On+uint16(rules.RepairWithinDays)))
	}
	for i := range f.Sheets {
		s := &f.Sheets[i]
		see(&s.Stamp, cmp.Or(s.ExpectedOn, s.On+uint16(rules.RepairWithinDays)))
	}
	for i := range f.Counts {
		see(&f.Counts[i].Stamp)
	}
	for i := range f.Prices {
		see(&f.Prices[i].Stamp, f.Prices[i].On-1) // in force from its day on
	}
	for i := range f.Charges {
		see(&f.Charges[i].Stamp)
	}
	for i := range f.Credits {
		if slices.ContainsFunc(f.Charges, func(c match.ChargeFact) bool {
			return c.Center == f.Credits[i].Center && c.Charge == f.Credits[i].Charge
		}) {
			see(&f.Credits[i].Stamp)
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
	slices.SortStableFunc(all,
		func(a, b moment) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.position, b.position)) })
	return slices.Compact(all)
}

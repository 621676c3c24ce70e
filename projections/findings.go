package projections

import (
	"cmp"
	"context"
	_ "embed"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
)

var (
	//go:embed findings_scope.sql
	findingsScopeSQL string
	//go:embed findings_steps.sql
	findingsStepsSQL string
)

// AuditFinding is one difference between papers that should agree, as of a date
// and as known at a moment.
type AuditFinding struct {
	Key     finding.Key
	Class   finding.Class
	Project domain.ProjectID
	Region  string          // of the project
	Center  domain.CenterID // that answered for the project on that date
	Part    domain.PartCode
	On      calendar.Date // of the document that shows it
	DueOn   calendar.Date // until when the missing one was in time; zero where there is no time for it
	AgeDays int           // from On to the date asked for

	// Quantity and Value (yuan) are in question. What was issued is valued as on
	// its slip; what was not, as the depot's units cost on average on that date,
	// or by the catalogue.
	Quantity decimal.Decimal
	Value    money.Amount

	Line        domain.FaultLineID // F1 line, as named by the document
	LineProject domain.ProjectID   // of that line
	LinePart    domain.PartCode    // replaced according to it
	Ticket      domain.TicketID
	Bearer      policy.Bearer

	// Expected and Actual are the two figures that differ: replaced and issued,
	// replaced and accounted for, sent and back, book and counted, the
	// catalogue's cost and the slip's.
	Expected decimal.Decimal
	Actual   decimal.Decimal
	Stated   []string      // numbers or serials of the one side
	Seen     []string      // of the other
	OtherOn  calendar.Date // of the other side, where it comes later

	Documents []Document // of both sides

	Status    finding.Status
	Owner     string      // who was assigned; empty: nobody yet
	OwnerRole domain.Role // that looks into it until somebody is
	Closing   *Closing    // nil unless closed, or closed over other figures
}

// Document is a paper that a finding rests on.
type Document struct {
	Kind       string // F1, ISSUE_SLIP, RETURN_SLIP, HAND_IN_SLIP, SHIPMENT, SCRAP_SLIP, RECEIPT, COUNT_SHEET, F2, F2_SHIPPED, F2_RESULT, CHARGE, CREDIT_NOTE, CATALOGUE
	Number     string
	Project    domain.ProjectID
	On         calendar.Date
	RecordedAt time.Time
	Actor      string // who recorded it
	Position   uint64
}

// Closing is a person's decision to end a finding.
type Closing struct {
	Status   finding.Status
	Quantity decimal.Decimal
	Value    money.Amount
	Reason   string
	Evidence []string
	On       calendar.Date
	By       string
}

// findingsSort is what findings can be sorted by; their own order is oldest
// first.
var findingsSort = sortable{"age", "value"}

// FindingFilter narrows the findings down. Empty fields do not narrow, except
// that no Statuses means those that are open.
type FindingFilter struct {
	Filter   // Project and Region are those of either side
	Keys     []finding.Key
	From     calendar.Date // on or after, by AuditFinding.On
	To       calendar.Date // on or before, by AuditFinding.On
	Part     domain.PartCode
	Classes  []finding.Class
	Statuses []finding.Status
	Owner    string // assigned person, or role of those that nobody was assigned to
	// ClearedSince is the moment whose findings, if they are gone by now, are
	// listed as cleared; zero means the first of the month asked for.
	ClearedSince time.Time
}

// ClassTotal sums the findings of one class up.
type ClassTotal struct {
	Class    finding.Class
	Findings int
	Part     domain.PartCode // of all of them; empty: there are several
	Quantity decimal.Decimal // of that part; metres and pieces are not added up
	Value    money.Amount
}

// IssuedUnits are issued units: on how many slips, and their value in yuan.
type IssuedUnits struct {
	Quantity decimal.Decimal // of the part of the tie-out
	Slips    int
	Value    money.Amount
}

// FindingTieOut proves that no issue was lost on the way: all that were made, net
// of what came back unused, are matched or in a finding. Quantities must tie part
// by part, and are summed up where there is one part only.
type FindingTieOut struct {
	Part                   domain.PartCode // of all issues; empty: of none, or of several
	Issued, Matched, Found IssuedUnits
	Ties                   bool
}

// AuditFindings is the answer of [ReadModels.AuditFindings].
type AuditFindings struct {
	Answer
	Rows   []AuditFinding
	Totals []ClassTotal   // over all that match, in the order of classes; on the first page only
	TieOut *FindingTieOut // of the issues in scope; on the first page, where all classes and dates are asked for
	// NoCatalogue is true where the catalogue of parts is empty on the day asked for:
	// then no line is held against it.
	NoCatalogue bool
	Next        string
}

// AuditFindings matches what was issued, recorded on F1, handed in, sent away,
// counted and charged, and answers what does not agree (§5.1.3).
func (m *ReadModels) AuditFindings(ctx context.Context, cut Cut, filter FindingFilter, page Page) (AuditFindings, error) {
	q, err := m.askSorted(cut, page, findingsSort, "findings", filter)
	if err != nil {
		return AuditFindings{}, err
	}
	defer q.done()
	answer := AuditFindings{Answer: q.Answer}
	found, err := q.match(ctx, filter)
	if err != nil {
		return answer, err
	}
	answer.NoCatalogue = found.noCatalogue
	rows := found.rows
	if slices.Contains(filter.Statuses, finding.Cleared) {
		cleared, err := q.cleared(ctx, filter, found)
		if err != nil {
			return answer, err
		}
		rows = append(rows, cleared...)
	}
	rows = slices.DeleteFunc(rows, func(f AuditFinding) bool { return !filter.shows(f) })
	if page.After == "" {
		answer.Totals, answer.TieOut = totalsOf(rows), found.tieOut
	}
	answer.Rows, answer.Next = q.page(rows)
	return answer, nil
}

// page sorts the rows and cuts the page asked for out of them.
func (q *question) page(rows []AuditFinding) ([]AuditFinding, string) {
	less := func(a, b AuditFinding) int {
		first := cmp.Compare(a.On, b.On)
		switch q.sort {
		case "age":
			first = -first * int(q.sortSign)
		case "value":
			first = a.Value.Cmp(b.Value) * int(q.sortSign)
		}
		return cmp.Or(first, cmp.Compare(a.Key, b.Key))
	}
	slices.SortFunc(rows, less)
	if len(q.after) == 1 {
		i := slices.IndexFunc(rows, func(f AuditFinding) bool { return string(f.Key) == q.after[0] })
		rows = rows[i+1:]
	}
	if len(rows) <= q.limit {
		return rows, ""
	}
	return rows[:q.limit], q.next(string(rows[q.limit-1].Key))
}

func (f FindingFilter) shows(a AuditFinding) bool {
	statuses := f.Statuses
	if len(statuses) == 0 {
		statuses = []finding.Status{finding.Open}
	}
	owner := cmp.Or(a.Owner, string(a.OwnerRole))
	return slices.Contains(statuses, a.Status) &&
		(f.Owner == "" || f.Owner == owner) &&
		(f.Center == "" || f.Center == a.Center)
}

func totalsOf(rows []AuditFinding) []ClassTotal {
	sums := make(map[finding.Class]ClassTotal)
	for _, r := range rows {
		t, begun := sums[r.Class]
		switch {
		case !begun:
			t.Class, t.Part, t.Quantity = r.Class, r.Part, r.Quantity
		case t.Part == r.Part && t.Part != "":
			t.Quantity = t.Quantity.Add(r.Quantity)
		default:
			t.Part, t.Quantity = "", decimal.Zero
		}
		t.Findings, t.Value = t.Findings+1, t.Value.Add(r.Value)
		sums[r.Class] = t
	}
	var totals []ClassTotal
	for _, c := range finding.Classes() {
		if t, ok := sums[c]; ok {
			totals = append(totals, t)
		}
	}
	return totals
}

// matched is what the match found.
type matched struct {
	rows        []AuditFinding
	tieOut      *FindingTieOut
	sites       sites
	noCatalogue bool
}

// match finds all findings that the filter is about, with their status; the
// status itself does not narrow it.
func (q *question) match(ctx context.Context, filter FindingFilter) (matched, error) {
	out, err := matched{}, error(nil)
	if out.sites, err = q.sites(ctx); err != nil {
		return out, err
	}
	scope, err := q.scopeOf(ctx, filter, out.sites)
	if err != nil {
		return out, err
	}
	facts, err := q.matchFacts(ctx, scope, filter.window())
	if err != nil {
		return out, err
	}
	m := runMatch(facts, q.AsOf, q.m.opts.Rules)
	out.rows = slices.DeleteFunc(m.findings, func(f AuditFinding) bool { return !filter.about(f, scope) })
	out.noCatalogue = len(m.catalogued()) == 0
	if filter.all() {
		out.tieOut = m.tieOut(scope)
	}
	steps, err := q.findingSteps(ctx, out.rows)
	if err != nil {
		return out, err
	}
	for i := range out.rows {
		r := &out.rows[i]
		r.Region, r.Center = out.sites.region(r.Project), out.sites.center(r.Project, r.On)
		r.AgeDays, r.OwnerRole = int(q.AsOf-r.On), r.Class.Owner()
		r.decide(steps[r.Key])
		r.Documents = inOrder(r.Documents)
	}
	return out, nil
}

// tieOut adds the issues of some depots up: all, the matched, and those in
// findings.
func (m *match) tieOut(scope projectScope) *FindingTieOut {
	byPart := make(map[string]*issuedSums)
	for k, s := range m.sums {
		if !scope.has(domain.ProjectID(k.project)) || *s == (issuedSums{}) {
			continue
		}
		if byPart[k.part] == nil {
			byPart[k.part] = &issuedSums{}
		}
		of := byPart[k.part]
		of.issued.add(s.issued)
		of.matched.add(s.matched)
		of.found.add(s.found)
	}
	var all issuedSums
	t := &FindingTieOut{Ties: true}
	for part, s := range byPart {
		t.Part = domain.PartCode(part)
		all.issued.add(s.issued)
		all.matched.add(s.matched)
		all.found.add(s.found)
		both := s.matched
		both.add(s.found)
		t.Ties = t.Ties && s.issued == both
	}
	if len(byPart) != 1 {
		t.Part = ""
	}
	units := func(s issuedSum) IssuedUnits {
		u := IssuedUnits{Slips: int(s.slips), Value: money.Fen(s.value)}
		if t.Part != "" {
			u.Quantity = quantity(s.quantity)
		}
		return u
	}
	t.Issued, t.Matched, t.Found = units(all.issued), units(all.matched), units(all.found)
	return t
}

// all reports whether the filter takes every issue of its projects, so that they
// must add up.
func (f FindingFilter) all() bool {
	return len(f.Classes) == 0 && len(f.Keys) == 0 && f.window() == window{}
}

func (f FindingFilter) window() window { return window{f.From, f.To} }

// decide gives the finding the status that people's decisions leave it in: a
// closing counts while quantity and value are what they were.
func (f *AuditFinding) decide(steps []findingStep) {
	f.Status = finding.Open
	for _, s := range steps {
		switch s.step {
		case "ASSIGNED":
			f.Owner = s.owner
		case "CLOSED":
			f.Closing = &s.closing
		case "REOPENED":
			f.Closing = nil
		}
	}
	if c := f.Closing; c != nil && c.Quantity.Equal(f.Quantity) && c.Value == f.Value {
		f.Status = c.Status
	}
}

// scopeOf finds the projects whose facts the filter is about.
func (q *question) scopeOf(ctx context.Context, f FindingFilter, s sites) (projectScope, error) {
	scope := s.scope(f.Filter)
	if len(f.Keys) == 0 {
		return scope, nil
	}
	projects, err := q.projectsOf(ctx, f.Keys, s)
	return projectScope{projects: slices.DeleteFunc(projects, func(p string) bool { return !scope.has(domain.ProjectID(p)) })}, err
}

// projectsOf finds the projects whose papers the findings of some keys rest on.
func (q *question) projectsOf(ctx context.Context, keys []finding.Key, s sites) ([]string, error) {
	var projects, documents []string
	for _, k := range keys {
		first, _, _ := strings.Cut(k.Document(), "/")
		if _, known := s[domain.ProjectID(first)]; known {
			projects = append(projects, first)
		}
		documents = append(documents, first)
	}
	err := q.rows(ctx, findingsScopeSQL, params{"documents": documents}, func(rows driver.Rows) error {
		var p string
		err := rows.Scan(&p)
		projects = append(projects, p)
		return err
	})
	slices.Sort(projects)
	return slices.Compact(projects), err
}

// inOrder sorts documents by the log and names each once.
func inOrder(documents []Document) []Document {
	slices.SortFunc(documents, func(a, b Document) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Number, b.Number))
	})
	return slices.Compact(documents)
}

// findingStep is one decision about a finding.
type findingStep struct {
	step       string
	class      finding.Class
	project    domain.ProjectID
	part       domain.PartCode
	owner      string
	closing    Closing
	recordedAt time.Time
	position   uint64
}

// manyKeys is from how many keys on all steps are read rather than theirs.
const manyKeys = 500

func (q *question) findingSteps(ctx context.Context, rows []AuditFinding) (map[finding.Key][]findingStep, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	keys := []string{}
	if len(rows) < manyKeys {
		for _, r := range rows {
			keys = append(keys, string(r.Key))
		}
	}
	return q.stepsOf(ctx, keys)
}

// stepsOf reads the decisions on some findings; on all, if there are no keys.
func (q *question) stepsOf(ctx context.Context, keys []string) (map[finding.Key][]findingStep, error) {
	steps := make(map[finding.Key][]findingStep)
	statement := findingsStepsSQL
	if len(keys) > 0 {
		statement += "  AND finding IN {keys:Array(String)}\n"
	}
	err := q.rows(ctx, statement, params{"keys": keys}, func(rows driver.Rows) error {
		var (
			k finding.Key
			s findingStep
		)
		err := rows.Scan(
			textTo(&k), &s.step, textTo(&s.class), textTo(&s.project), textTo(&s.part), &s.closing.Quantity, amountTo{&s.closing.Value},
			textTo(&s.closing.Status), &s.closing.Reason, &s.closing.Evidence, &s.owner, dateTo{&s.closing.On}, &s.recordedAt, &s.closing.By, &s.position,
		)
		s.recordedAt = inShanghai(s.recordedAt)
		steps[k] = append(steps[k], s)
		return err
	})
	for k, list := range steps {
		// Every step is an event of its own: what was written twice has its position.
		slices.SortFunc(list, func(a, b findingStep) int { return cmp.Compare(a.position, b.position) })
		steps[k] = slices.CompactFunc(list, func(a, b findingStep) bool { return a.position == b.position })
	}
	return steps, err
}

// cleared finds what stood at an earlier moment, or was ever decided on, and
// stands no more.
func (q *question) cleared(ctx context.Context, filter FindingFilter, now matched) ([]AuditFinding, error) {
	since := filter.ClearedSince
	if since.IsZero() {
		since = q.AsOf.Month().First().Start()
	}
	present := make(map[finding.Key]bool)
	for _, r := range now.rows {
		present[r.Key] = true
	}
	before, err := q.at(since.Truncate(time.Microsecond), q.Position).match(ctx, filter)
	if err != nil {
		return nil, err
	}
	steps, err := q.stepsOf(ctx, nil)
	if err != nil {
		return nil, err
	}
	var gone []AuditFinding
	add := func(f AuditFinding) {
		if present[f.Key] {
			return
		}
		present[f.Key] = true
		f.Status, f.OwnerRole = finding.Cleared, f.Class.Owner()
		gone = append(gone, f)
	}
	for _, f := range before.rows {
		f.decide(steps[f.Key])
		add(f)
	}
	for key, decided := range steps {
		f, ok := decidedFinding(key, decided)
		if ok && !present[key] && filter.about(f, now.sites.scope(filter.Filter)) {
			f.Region, f.Center = now.sites.region(f.Project), now.sites.center(f.Project, f.On)
			f.decide(decided)
			add(f)
		}
	}
	return gone, nil
}

// decidedFinding is what the last closing of a finding said of it.
func decidedFinding(key finding.Key, steps []findingStep) (f AuditFinding, ok bool) {
	for _, s := range steps {
		if s.step == "CLOSED" {
			f = AuditFinding{
				Key: key, Class: s.class, Project: s.project, Part: s.part, On: s.closing.On, Quantity: s.closing.Quantity, Value: s.closing.Value,
			}
			ok = true
		}
	}
	return f, ok
}

// about is the part of the filter that needs no status.
func (f FindingFilter) about(a AuditFinding, scope projectScope) bool {
	return (scope.has(a.Project) || a.LineProject != "" && scope.has(a.LineProject)) &&
		(f.Part == "" || f.Part == a.Part || f.Part == a.LinePart) &&
		(len(f.Classes) == 0 || slices.Contains(f.Classes, a.Class)) &&
		(len(f.Keys) == 0 || slices.Contains(f.Keys, a.Key)) &&
		(f.From == 0 || a.On >= f.From) && (f.To == 0 || a.On <= f.To)
}

// at is the same question, known at an earlier moment and position, and as of
// that day.
func (q *question) at(moment time.Time, position uint64) *question {
	earlier := *q
	earlier.KnownAt, earlier.Position, earlier.AsOf = inShanghai(moment), min(position, q.Position), min(q.AsOf, calendar.DateOf(moment))
	return &earlier
}

// Value is what is in question in all, in yuan; zero but on the first page.
func (a AuditFindings) Value() (sum money.Amount) {
	for _, t := range a.Totals {
		sum = sum.Add(t.Value)
	}
	return sum
}

package parts

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
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/match"
)

var (
	//go:embed findings_scope.sql
	findingsScopeSQL string
	//go:embed findings_steps.sql
	findingsStepsSQL string
)

// findingsSort is what findings can be sorted by; their own order is oldest
// first.
var findingsSort = projections.Sortable{"age", "value"}

// FindingFilter narrows the findings down. Empty fields do not narrow, except
// that no Statuses means those that are open.
type FindingFilter struct {
	projections.Filter // Project and Region are those of either side
	Keys               []finding.Key
	From               calendar.Date // on or after, by AuditFinding.On
	To                 calendar.Date // on or before, by AuditFinding.On
	Part               domain.PartCode
	Classes            []finding.Class
	Statuses           []finding.Status
	Owner              string // assigned person, or role of those that nobody was assigned to
	// ClearedSince is the moment whose findings, if they are gone by now, are
	// listed as cleared; zero means the first of the month asked for.
	ClearedSince time.Time
}

// ClassTotal sums the findings of one class up.
type ClassTotal struct {
	Class    finding.Class    `json:"class"`
	Findings int              `json:"findings"`
	Quantity *decimal.Decimal `json:"quantity,omitempty" doc:"Units, where all findings are of one part: metres and pieces are not added up"`
	Value    money.Amount     `json:"value" doc:"Of those whose value is known"`
	Unvalued int              `json:"unvalued" doc:"Findings whose value nobody knows"`
}

// FindingTieOut proves that no issue was lost on the way: all that were made, net
// of what came back unused, are matched or in a finding. Quantities must tie part
// by part, and are summed up where there is one part only.
type FindingTieOut struct {
	Issued  match.Units `json:"issued" doc:"Net of what came back unused"`
	Matched match.Units `json:"matched"`
	Found   match.Units `json:"found" doc:"On slips that are in a finding"`
	Ties    bool        `json:"ties" doc:"issued = matched + found, in slips and value, and in units of each part by itself"`
}

// AuditFindings is the answer of [Views.AuditFindings].
type AuditFindings struct {
	projections.List[match.Finding]
	Totals []ClassTotal   // over all that match, in the order of classes; on the first page only
	TieOut *FindingTieOut // of the issues in scope; on the first page, where all classes and dates are asked for
	// NoCatalogue is true where the catalogue of parts is empty on the day asked for:
	// then no line is held against it.
	NoCatalogue bool
}

// AuditFindings matches what was issued, recorded on F1, handed in, sent away,
// counted and charged, and answers what does not agree (§5.1.3).
func (m Views) AuditFindings(
	ctx context.Context, cut projections.Cut, filter FindingFilter, page projections.Page,
) (AuditFindings, error) {
	q, err := m.AskSorted(cut, page, findingsSort, "findings", filter)
	if err != nil {
		return AuditFindings{}, err
	}
	defer q.Done()
	answer := AuditFindings{List: projections.List[match.Finding]{Answer: q.Answer}, Totals: []ClassTotal{}}
	found, err := findAll(ctx, q, filter)
	if err != nil {
		return answer, err
	}
	answer.NoCatalogue = found.noCatalogue
	rows := append([]match.Finding{}, found.rows...) // none is an empty list
	if slices.Contains(filter.Statuses, finding.Cleared) {
		cleared, err := cleared(ctx, q, filter, found)
		if err != nil {
			return answer, err
		}
		rows = append(rows, cleared...)
	}
	rows = slices.DeleteFunc(rows, func(f match.Finding) bool { return !filter.shows(f) })
	if page.After == "" {
		answer.Totals, answer.TieOut = totalsOf(rows), found.tieOut
	}
	answer.Rows, answer.Next = pageOf(q, rows)
	for i := range answer.Rows {
		answer.Rows[i].Say()
	}
	return answer, nil
}

// Standing lists the findings that stand within the scope of who asks by their keys,
// whatever was decided on them.
func (m Views) Standing(ctx context.Context, cut projections.Cut) ([]domain.NamedID, error) {
	q, err := m.Ask(cut, projections.Page{}, "standing findings")
	if err != nil {
		return nil, err
	}
	defer q.Done()
	found, err := findAll(ctx, q, FindingFilter{})
	standing := make([]domain.NamedID, len(found.rows))
	for i, f := range found.rows {
		standing[i].ID = string(f.Key)
	}
	return standing, err
}

// pageOf sorts the rows and cuts the page asked for out of them.
func pageOf(q *projections.Question, rows []match.Finding) ([]match.Finding, string) {
	less := func(a, b match.Finding) int {
		first := cmp.Compare(a.On, b.On)
		switch q.Sort {
		case "age":
			first = -first * int(q.SortSign)
		case "value":
			first = a.Value.Cmp(b.Value.Amount) * int(q.SortSign)
		}
		return cmp.Or(first, cmp.Compare(a.Key, b.Key))
	}
	slices.SortFunc(rows, less)
	if len(q.After) == 1 {
		i := slices.IndexFunc(rows, func(f match.Finding) bool { return string(f.Key) == q.After[0] })
		rows = rows[i+1:]
	}
	if len(rows) <= q.Limit {
		return rows, ""
	}
	return rows[:q.Limit], q.Next(string(rows[q.Limit-1].Key))
}

func (f FindingFilter) shows(a match.Finding) bool {
	statuses := f.Statuses
	if len(statuses) == 0 {
		statuses = []finding.Status{finding.Open}
	}
	return slices.Contains(statuses, a.Status) &&
		(f.Owner == "" || f.Owner == a.Owner) &&
		(f.Center == "" || f.Center == a.Center)
}

func totalsOf(rows []match.Finding) []ClassTotal {
	return totalsBy(rows, finding.Classes(),
		func(f match.Finding) (finding.Class, partTotal) {
			return f.Class, inQuestion(f.Part, f.Quantity, f.Value)
		},
		func(c finding.Class, t partTotal) ClassTotal {
			return ClassTotal{Class: c, Findings: t.rows, Quantity: t.ofOnePart(), Value: t.value, Unvalued: t.unvalued}
		})
}

// matched is what the match found.
type matched struct {
	rows        []match.Finding
	tieOut      *FindingTieOut
	sites       projections.Sites
	noCatalogue bool
}

// findAll finds all findings that the filter is about, with their status; the
// status itself does not narrow it.
func findAll(ctx context.Context, q *projections.Question, filter FindingFilter) (matched, error) {
	out, err := matched{}, error(nil)
	if out.sites, err = q.Sites(ctx); err != nil {
		return out, err
	}
	scope, err := scopeOf(ctx, q, filter, out.sites)
	if err != nil {
		return out, err
	}
	facts, err := factsOf(ctx, q, scope, filter.window())
	if err != nil {
		return out, err
	}
	m := match.Run(facts, q.AsOf, q.M.Opts.Rules)
	out.rows = slices.DeleteFunc(m.Findings, func(f match.Finding) bool { return !filter.about(f, scope) })
	out.noCatalogue = len(m.Catalogued()) == 0
	if filter.all() {
		out.tieOut = tieOut(m, scope)
	}
	steps, err := findingSteps(ctx, q, out.rows)
	if err != nil {
		return out, err
	}
	for i := range out.rows {
		r := &out.rows[i]
		r.Region, r.Center = out.sites.Region(r.Project), out.sites.Center(r.Project, r.On)
		r.AgeDays = int(q.AsOf - r.On)
		r.Decide(steps[r.Key])
		r.Documents = match.InOrder(r.Documents)
	}
	return out, nil
}

// tieOut adds the issues of some depots up: all, the matched, and those in
// findings.
func tieOut(m *match.Comparison, scope projections.ProjectSelection) *FindingTieOut {
	byPart := make(map[string]*match.IssuedSums)
	for k, s := range m.Sums {
		if !scope.Has(domain.ProjectID(k.Project)) || *s == (match.IssuedSums{}) {
			continue
		}
		if byPart[k.Part] == nil {
			byPart[k.Part] = &match.IssuedSums{}
		}
		of := byPart[k.Part]
		of.Issued.Add(s.Issued)
		of.Matched.Add(s.Matched)
		of.Found.Add(s.Found)
	}
	var all match.IssuedSums
	t := &FindingTieOut{Ties: true}
	for _, s := range byPart {
		all.Issued.Add(s.Issued)
		all.Matched.Add(s.Matched)
		all.Found.Add(s.Found)
		both := s.Matched
		both.Add(s.Found)
		t.Ties = t.Ties && s.Issued == both
	}
	units := func(s match.IssuedSum) match.Units {
		u := match.Units{Slips: int(s.Slips), Value: money.Fen(s.Value)}
		if len(byPart) == 1 {
			quantity := match.Quantity(s.Quantity)
			u.Quantity = &quantity
		}
		return u
	}
	t.Issued, t.Matched, t.Found = units(all.Issued), units(all.Matched), units(all.Found)
	return t
}

// all reports whether the filter takes every issue of its projects, so that they
// must add up.
func (f FindingFilter) all() bool {
	return len(f.Classes) == 0 && len(f.Keys) == 0 && f.window() == match.Window{}
}

func (f FindingFilter) window() match.Window { return match.Window{From: f.From, To: f.To} }

// scopeOf finds the projects whose facts the filter is about.
func scopeOf(
	ctx context.Context, q *projections.Question, f FindingFilter, s projections.Sites,
) (projections.ProjectSelection, error) {
	scope := s.Narrow(f.Filter)
	if len(f.Keys) == 0 {
		return scope, nil
	}
	projects, err := projectsOf(ctx, q, f.Keys, s)
	return projections.ProjectSelection{
		Projects: slices.DeleteFunc(projects, func(p string) bool { return !scope.Has(domain.ProjectID(p)) }),
	}, err
}

// projectsOf finds the projects within the scope of who asks whose papers the
// findings of some keys rest on.
func projectsOf(
	ctx context.Context, q *projections.Question, keys []finding.Key, s projections.Sites,
) ([]string, error) {
	var projects, documents []string
	for _, k := range keys {
		first, _, _ := strings.Cut(k.Document(), "/")
		if s.Has(domain.ProjectID(first)) {
			projects = append(projects, first)
		}
		documents = append(documents, first)
	}
	err := q.BeyondScope().RowsUnmerged(ctx, findingsScopeSQL, projections.Params{
		"documents": documents,
	}, func(rows driver.Rows) error {
		var p string
		err := rows.Scan(&p)
		projects = append(projects, p)
		return err
	})
	slices.Sort(projects)
	projects = slices.DeleteFunc(slices.Compact(projects), func(p string) bool {
		return !q.InScope().Has(access.Place{Project: domain.ProjectID(p)})
	})
	return projects, err
}

// manyKeys is from how many keys on all steps are read rather than theirs.
const manyKeys = 500

func findingSteps(
	ctx context.Context, q *projections.Question, rows []match.Finding,
) (map[finding.Key][]match.Step, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	keys := []string{}
	if len(rows) < manyKeys {
		for _, r := range rows {
			keys = append(keys, string(r.Key))
		}
	}
	return stepsOf(ctx, q, keys)
}

// stepsOf reads the decisions on some findings; on all, if there are no keys.
func stepsOf(ctx context.Context, q *projections.Question, keys []string) (map[finding.Key][]match.Step, error) {
	steps := make(map[finding.Key][]match.Step)
	statement := findingsStepsSQL
	if len(keys) > 0 {
		statement += "  AND finding IN {keys:Array(String)}\n"
	}
	type row struct {
		Finding finding.Key
		Step    match.Step `sql:",inline"`
	}
	p := projections.Params{"keys": keys}
	err := projections.EachUnmerged(ctx, q.BeyondScope(), statement, p, func(r *row) error {
		steps[r.Finding] = append(steps[r.Finding], r.Step)
		return nil
	})
	for k, list := range steps {
		// Every step is an event of its own: what was written twice has its position.
		slices.SortFunc(list, func(a, b match.Step) int { return cmp.Compare(a.Position, b.Position) })
		steps[k] = slices.CompactFunc(list, func(a, b match.Step) bool { return a.Position == b.Position })
	}
	return steps, err
}

// cleared finds what stood at an earlier moment, or was ever decided on, and
// stands no more.
func cleared(ctx context.Context, q *projections.Question, filter FindingFilter, now matched) ([]match.Finding, error) {
	since := filter.ClearedSince
	if since.IsZero() {
		since = q.AsOf.Month().First().Start()
	}
	present := make(map[finding.Key]bool)
	for _, r := range now.rows {
		present[r.Key] = true
	}
	earlier := q.At(since.Truncate(time.Microsecond), q.Position)
	before, err := findAll(ctx, earlier, filter)
	if err != nil {
		return nil, err
	}
	steps, err := stepsOf(ctx, q, nil)
	if err != nil {
		return nil, err
	}
	var gone []match.Finding
	add := func(f match.Finding) {
		if present[f.Key] {
			return
		}
		present[f.Key] = true
		f.Status = finding.Cleared
		gone = append(gone, f)
	}
	for _, f := range before.rows {
		f.Decide(steps[f.Key])
		add(f)
	}
	for key, decided := range steps {
		f, ok := match.AsClosed(key, decided)
		if ok && !present[key] && filter.about(f, now.sites.Narrow(filter.Filter)) {
			f.Region, f.Center = now.sites.Region(f.Project), now.sites.Center(f.Project, f.On)
			f.Decide(decided)
			add(f)
		}
	}
	return gone, nil
}

// about is the part of the filter that needs no status.
func (f FindingFilter) about(a match.Finding, scope projections.ProjectSelection) bool {
	return (scope.Has(a.Project) || a.LineProject != "" && scope.Has(a.LineProject)) &&
		(f.Part == "" || f.Part == a.Part || f.Part == a.LinePart) &&
		(len(f.Classes) == 0 || slices.Contains(f.Classes, a.Class)) &&
		(len(f.Keys) == 0 || slices.Contains(f.Keys, a.Key)) &&
		(f.From == 0 || a.On >= f.From) && (f.To == 0 || a.On <= f.To)
}

// Value is what is in question in all, in yuan; zero but on the first page.
func (a AuditFindings) Value() (sum money.Amount) {
	for _, t := range a.Totals {
		sum = sum.Add(t.Value)
	}
	return sum
}

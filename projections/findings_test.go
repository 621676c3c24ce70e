package projections_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/facts"
	"aftersales-ledger/projections/match"
	"aftersales-ledger/projections/parts"
)

// allStatuses are those that a finding that stands can have.
var allStatuses = []finding.Status{finding.Open, finding.Explained, finding.Adjusted, finding.Accepted}

// findings reads all pages of an answer.
func findings(
	t testing.TB, m *projections.ReadModels, cut projections.Cut, f parts.FindingFilter,
) (rows []match.Finding, first parts.AuditFindings) {
	t.Helper()
	f.Statuses = allStatuses
	for page := (projections.Page{Limit: 97}); ; {
		a, err := parts.Of(m).AuditFindings(t.Context(), cut, f, page)
		if err != nil {
			t.Fatal(err)
		}
		if page.After == "" {
			first = a
		}
		rows = append(rows, a.Rows...)
		if page.After = a.Next; page.After == "" {
			return rows, first
		}
	}
}

// A random year with its mistakes gives the same findings, row for row, to an
// independent matcher, whatever the date and the moment it is asked for.
func TestFindingsEqualAnIndependentMatch(t *testing.T) {
	seen := make(map[finding.Class]int)
	for seed := range uint64(3) {
		y := newYear(seed, 150)
		events := y.record(y.late())
		events = decideAtRandom(events, y.rnd)
		last := events[len(events)-1].RecordedAt
		m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(events...),
			projections.WithClock(domaintest.NewClock(last.Add(time.Hour))))
		projections.Projected(t, m, uint64(len(events)))
		rnd := rand.New(rand.NewPCG(seed, 3))
		for i := range 8 {
			cut := projections.Cut{Scope: access.Whole(), AsOf: calendar.DateOf(last), KnownAt: last}
			if i > 0 {
				cut.AsOf = yearBegins.AddDays(rnd.IntN(400))
				cut.KnownAt = events[rnd.IntN(len(events))].RecordedAt
			}
			checkFindings(t, m, cut, newOracle(events, cut.AsOf, cut.KnownAt), rnd, seen)
		}
	}
	for _, c := range finding.Classes() {
		if seen[c] == 0 {
			t.Errorf("no year has the finding %s: the test shows nothing about it", c)
		}
	}
	if seen[leftTwice] == 0 {
		t.Error("in no year a unit leaves that had left: the test shows nothing about it")
	}
}

// leftTwice counts, beside the classes, findings that name two papers by which a unit left.
const leftTwice finding.Class = "a unit left that had left"

func checkFindings(
	t *testing.T, m *projections.ReadModels, cut projections.Cut, o oracle, rnd *rand.Rand, seen map[finding.Class]int,
) {
	t.Helper()
	want := newMatcher(o).out
	rows, first := findings(t, m, cut, parts.FindingFilter{})
	if diff := gocmp.Diff(want, foundBy(rows), projections.CompareAmounts); diff != "" {
		t.Errorf("%+v (-independent +read model):\n%s", cut, diff)
	}
	if !first.TieOut.Ties {
		t.Errorf("%+v: issues do not tie: %+v", cut, first.TieOut)
	}
	for _, f := range want {
		seen[f.Class]++
		if strings.HasSuffix(string(f.Key), finding.Transferred) && strings.Contains(f.Documents, ", ") {
			seen[leftTwice]++
		}
	}
	checkFilter(t, m, cut, o, want,
		parts.FindingFilter{Filter: projections.Filter{Region: []string{"华东", "华南"}[rnd.IntN(2)]}})
	checkFilter(t, m, cut, o, want,
		parts.FindingFilter{
			Filter: projections.Filter{Project: yearProjects[rnd.IntN(3)]}, From: cut.AsOf.AddDays(-120),
			To: cut.AsOf.AddDays(-20),
		})
	checkFilter(t, m, cut, o, want,
		parts.FindingFilter{Part: yearParts[rnd.IntN(3)], Classes: finding.Classes()[rnd.IntN(8):]})
	if len(want) > 0 {
		checkFilter(t, m, cut, o, want, parts.FindingFilter{Keys: []finding.Key{want[rnd.IntN(len(want))].Key}})
		checkFilter(t, m, cut, o, want, parts.FindingFilter{Keys: []finding.Key{want[rnd.IntN(len(want))].Key, want[0].Key}})
	}
}

// checkFilter compares what a filter leaves with what it should leave of all.
func checkFilter(
	t *testing.T, m *projections.ReadModels, cut projections.Cut, o oracle, all []found, f parts.FindingFilter,
) {
	t.Helper()
	rows, _ := findings(t, m, cut, f)
	other := make(map[finding.Key]match.Finding) // projects and parts of the other side are not in found
	for _, r := range rows {
		other[r.Key] = r
	}
	regions := o.regionsOf()
	var want []found
	for _, w := range all {
		r := other[w.Key]
		side := func(p domain.ProjectID) bool {
			return p != "" && (f.Project == "" || f.Project == p) && (f.Region == "" || f.Region == regions[p])
		}
		everywhere := f.Project == "" && f.Region == ""
		if (everywhere || side(w.Project) || side(r.LineProject)) &&
			(f.Part == "" || f.Part == w.Part || f.Part == r.LinePart) &&
			(f.From == 0 || w.On >= f.From) && (f.To == 0 || w.On <= f.To) &&
			(len(f.Classes) == 0 || slices.Contains(f.Classes,
				w.Class)) && (len(f.Keys) == 0 || slices.Contains(f.Keys, w.Key)) {
			want = append(want, w)
		}
	}
	if diff := gocmp.Diff(want, foundBy(rows), projections.CompareAmounts); diff != "" {
		t.Errorf("%+v, %+v (-independent +read model):\n%s", cut, f, diff)
	}
}

// decideAtRandom lets people assign, close and reopen some of what is found at
// the end of a log.
func decideAtRandom(events []facts.Recorded, rnd *rand.Rand) []facts.Recorded {
	last := events[len(events)-1]
	on := calendar.DateOf(last.RecordedAt)
	r := &projections.Recorder{Events: events}
	for i, f := range newMatcher(newOracle(events, on, last.RecordedAt)).out {
		at := last.RecordedAt.Add(time.Duration(i) * time.Second)
		stream := finding.Stream(f.Key)
		closed := finding.FindingClosed{
			Finding: f.Key, Class: f.Class, Project: f.Project, Part: f.Part, Quantity: units(f.Quantity), Value: f.Value,
			Status: []finding.Status{finding.Explained, finding.Adjusted, finding.Accepted}[rnd.IntN(3)], Reason: "已核", On: on,
			By: "钱",
		}
		switch rnd.IntN(6) {
		case 0:
			r.Record(stream, at, finding.FindingAssigned{Finding: f.Key, Owner: "周", On: on, By: "钱"})
		case 1:
			r.Record(stream, at, closed)
		case 2:
			closed.Value = closed.Value.Add(money.Fen(1)) // over other figures
			r.Record(stream, at, closed)
		case 3:
			r.Record(stream, at, closed, finding.FindingReopened{Finding: f.Key, Reason: "再查", On: on, By: "钱"})
		}
	}
	return r.Events
}

// A question about some projects finds of them what one about everything finds, to
// the last paper and serial: what papers of other projects say of their units is read
// as well, and no more is made of it.
func TestAQuestionAboutSomeProjectsFindsWhatOneAboutEverythingDoes(t *testing.T) {
	y := newYear(77, 500)
	events := y.record(y.late())
	last := events[len(events)-1].RecordedAt
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(events...),
		projections.WithClock(domaintest.NewClock(last.Add(time.Hour))))
	projections.Projected(t, m, uint64(len(events)))
	regions := newOracle(events, calendar.DateOf(last), last).regionsOf()
	across := false // a unit is overdue by papers of several projects
	rapid.Check(t, func(r *rapid.T) {
		cut := projections.Cut{Scope: access.Whole(),
			AsOf:    yearBegins.AddDays(rapid.IntRange(60, 400).Draw(r, "asOf")),
			KnownAt: events[rapid.IntRange(len(events)/3, len(events)-1).Draw(r, "known")].RecordedAt,
		}
		var some parts.FindingFilter
		if rapid.Bool().Draw(r, "byRegion") {
			some.Region = rapid.SampledFrom([]string{"华东", "华南"}).Draw(r, "region")
		} else {
			some.Project = rapid.SampledFrom(yearProjects).Draw(r, "project")
		}
		if rapid.Bool().Draw(r, "window") {
			some.From = yearBegins.AddDays(rapid.IntRange(0, 300).Draw(r, "from"))
			some.To = some.From.AddDays(rapid.IntRange(0, 120).Draw(r, "days"))
		}
		about := func(p domain.ProjectID) bool {
			return p != "" && (some.Project == "" || p == some.Project) && (some.Region == "" || regions[p] == some.Region)
		}
		everything, _ := findings(t, m, cut, parts.FindingFilter{From: some.From, To: some.To})
		want := slices.DeleteFunc(everything,
			func(f match.Finding) bool { return !about(f.Project) && !about(f.LineProject) })
		for _, f := range want {
			if slices.ContainsFunc(f.Documents,
				func(d match.FindingDocument) bool { return d.Project != f.Project && d.Project != "" }) {
				across = across || f.Class == finding.AtVendorOverdue
			}
		}
		got, _ := findings(t, m, cut, some)
		if diff := gocmp.Diff(inOneOrder(want), inOneOrder(got), projections.CompareAmounts); diff != "" {
			r.Errorf("%+v, %+v (-everything +some projects):\n%s", cut, some, diff)
		}
	})
	if !across {
		t.Error("no unit is overdue by papers of several projects: the test shows nothing about them")
	}
}

// inOneOrder leaves out the order in which serials and numbers were read.
func inOneOrder(list []match.Finding) []match.Finding {
	list = append([]match.Finding{}, list...)
	for i := range list {
		slices.Sort(list[i].Stated)
		slices.Sort(list[i].Seen)
	}
	return list
}

// However the papers of a year arrive (an issue before its fault record, a count
// before a late issue, a unit back before its shipment), the findings are the
// same in the end, and recorded twice they are the same.
func TestFindingsDoNotDependOnTheOrderOfArrival(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := newYear(rapid.Uint64Range(0, 1<<20).Draw(t, "seed"), rapid.IntRange(3, 25).Draw(t, "jobs"))
		order := rapid.Permutation(indexes(len(y.papers))).Draw(t, "order")
		asOf := yearBegins.AddDays(rapid.IntRange(0, 400).Draw(t, "asOf"))
		inOrder, shuffled := y.record(indexes(len(y.papers))), y.record(order)
		want := foundInFacts(t, inOrder, asOf)
		if diff := gocmp.Diff(want, foundInFacts(t, shuffled, asOf), projections.CompareAmounts); diff != "" {
			t.Errorf("as of %s (-in order +as they arrived):\n%s", asOf, diff)
		}
		if diff := gocmp.Diff(want,
			withoutOrder(newMatcher(newOracle(shuffled, asOf, shuffled[len(shuffled)-1].RecordedAt)).out),
			projections.CompareAmounts); diff != "" {
			t.Errorf("as of %s (-match +independent):\n%s", asOf, diff)
		}
	})
}

func indexes(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// foundInFacts runs the match over the facts that events give, without
// ClickHouse between them.
func foundInFacts(t fataler, events []facts.Recorded, asOf calendar.Date) []found {
	rules := policy.Default()
	rows := match.Run(factsFor(t, events), asOf, &rules).Findings
	for i := range rows {
		rows[i].Decide(nil)
	}
	return withoutOrder(foundBy(rows))
}

// withoutOrder leaves out what the order of arrival decides: that of the
// documents.
func withoutOrder(list []found) []found {
	for i := range list {
		names := strings.Split(list[i].Documents, ", ")
		slices.Sort(names)
		list[i].Documents = strings.Join(slices.Compact(names), ", ")
	}
	return list
}

// Replayed, and rebuilt, the read models give the same findings.
func TestFindingsSurviveReplay(t *testing.T) {
	y := newYear(5, 60)
	events := decideAtRandom(y.record(y.late()), y.rnd)
	cut := projections.Cut{Scope: access.Whole(), AsOf: calendar.DateOf(events[len(events)-1].RecordedAt)}
	clock := domaintest.NewClock(events[len(events)-1].RecordedAt.Add(time.Hour))
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(events...),
		projections.WithClock(clock))
	projections.Projected(t, m, uint64(len(events)))
	want, _ := findings(t, m, cut, parts.FindingFilter{})

	// The same rows once more, as a projector writes them that died before its
	// checkpoint.
	f := facts.New()
	for i := range events {
		if err := f.Add(&events[i]); err != nil {
			t.Fatal(err)
		}
	}
	for _, table := range f.Tables {
		if table.Rows > 0 {
			if err := table.Write(t.Context(), projections.ConnOf(m)); err != nil {
				t.Fatal(err)
			}
		}
	}
	got, _ := findings(t, m, cut, parts.FindingFilter{})
	if diff := gocmp.Diff(foundBy(want), foundBy(got), projections.CompareAmounts); diff != "" {
		t.Errorf("written twice (-want +got):\n%s", diff)
	}
	if err := m.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if got, _ = findings(t, m, cut, parts.FindingFilter{}); len(got) == 0 {
		t.Error("nothing is found after a rebuild")
	}
	if diff := gocmp.Diff(foundBy(want), foundBy(got), projections.CompareAmounts); diff != "" {
		t.Errorf("rebuilt (-want +got):\n%s", diff)
	}
}

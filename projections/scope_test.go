package projections

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/projections/facts"
)

// Each fact table says by which of its columns its rows lie where they lie.
func TestEveryFactTableSaysWhereItsRowsLie(t *testing.T) {
	closed := []string{"finding_steps"} // read beside the findings, which are narrowed down
	for _, table := range factTables() {
		l := table.Lies
		if (l == facts.Lies{}) || l.Closed != slices.Contains(closed, table.Name) {
			t.Errorf("table %s does not say where its rows lie: only the whole company sees them", table.Name)
		}
		for _, column := range []string{l.Center, l.Project, l.Depot, l.Region, l.Numbered} {
			if column != "" && !regexp.MustCompile(`(?m)^    `+column+` `).MatchString(table.Schema) {
				t.Errorf("table %s has no column %s to say where its rows lie", table.Name, column)
			}
		}
		if (l.Numbered == "") != (l.Kind == "") || l.Open && (l != facts.Lies{Open: true}) {
			t.Errorf("table %s says two things of where its rows lie: %+v", table.Name, l)
		}
	}
}

// twoRegions are C1 and P1 of the east, and C3 and P3 of the south with P4, which C1
// answers for.
func twoRegions() *access.Sites {
	s := access.NewSites()
	s.OpenCenter("C1", "east")
	s.OpenCenter("C3", "south")
	for p, at := range map[domain.ProjectID][3]string{
		"P1": {"east", "Shanghai", "C1"}, "P3": {"south", "Shenzhen", "C3"}, "P4": {"south", "Zhuhai", "C1"},
	} {
		s.RegisterProject(p, at[0], at[1])
		s.AssignCenter(p, domain.CenterID(at[2]), 1)
	}
	return s
}

// placedRow is a row by what it may say of where it lies; a table without such a column
// does not say it.
type placedRow struct{ center, project, region string }

// seenBy is the rule, apart from SQL.
func (r placedRow) seenBy(scope access.Scope, l facts.Lies) bool {
	place := access.Place{}
	if l.Center != "" || l.Numbered != "" {
		place.Center = domain.CenterID(r.center)
	}
	if l.Project != "" || l.Numbered != "" || l.Depot != "" && r.center == "" {
		place.Project = domain.ProjectID(r.project)
	}
	seen := scope.Has(place) || l.Open || l.Region != "" && scope.Has(access.Place{Region: r.region}) ||
		l.Named && r.center != "" && scope.KnowsCenter(place.Center)
	return seen && !l.Closed || scope.IsWhole()
}

// Whatever a statement does with a fact table, it sees what lies within the scope of
// who asks: of every table, whichever way its rows lie.
func TestAStatementSeesWhatLiesWithinTheScopeAndNothingElse(t *testing.T) {
	h := newHistory(t, 20)
	m, _ := Start(t, NewDatabase(t), h.log(), WithClock(h.clock))
	until(t, m, Live)
	within := func(r access.Reach) access.Scope { return access.Resolve(r, twoRegions(), 10_000) }
	scopes := map[string]access.Scope{
		"the whole company": access.Whole(), "the east": within(access.Reach{Regions: []string{"east"}}),
		"the south": within(access.Reach{Regions: []string{"south"}}), "Zhuhai": within(access.Reach{Cities: []string{"Zhuhai"}}),
		"P1": within(access.Reach{Projects: []domain.ProjectID{"P1"}}), "C1": within(access.OfCenter("C1")),
		"nothing": within(access.Reach{}), "what is not": within(access.Reach{Regions: []string{`it's \`}}),
	}
	lying := []placedRow{
		{"C1", "P1", ""}, {"C3", "P3", ""}, {"C1", "P4", ""}, {"C3", "P1", ""}, {"", "P4", ""}, {"C3", "", ""}, {"C1", "", ""},
		{"", "", "south"}, {"", "", ""},
	}
	ask := func(scope access.Scope) *Question {
		q, err := m.Ask(Cut{Scope: scope}, Page{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(q.Done)
		q.Position = 100
		return q
	}
	at := ask(access.Whole()).KnownAt.UnixMicro()
	exec := func(statement string, args ...any) {
		t.Helper()
		if err := m.serving.conn.Exec(t.Context(), fmt.Sprintf(statement, args...)); err != nil {
			t.Fatal(statement, err)
		}
	}
	exec("TRUNCATE TABLE places")
	var values []string
	for _, kind := range []string{"TICKET", "RETURN", "REQUISITION"} {
		for i, r := range lying {
			values = append(values, fmt.Sprintf("(1, %d, fromUnixTimestamp64Micro(%d), '%s', 'N%d', '%s', '%s')", i, at, kind, i,
				r.project, r.center))
		}
	}
	exec("INSERT INTO places (position, line, recorded_at, kind, number, project, center) VALUES %s",
		strings.Join(values, ", "))
	for _, table := range factTables() {
		l := table.Lies
		if table.Name == "places" {
			continue // has rows of three kinds, and is seen through the others
		}
		exec("TRUNCATE TABLE %s", table.Name)
		for i, r := range lying {
			columns, values := "position, line, recorded_at", fmt.Sprintf("1, %d, fromUnixTimestamp64Micro(%d)", i, at)
			for column, value := range map[string]string{
				l.Center: r.center, l.Project: r.project, l.Depot: r.project, l.Region: r.region, l.Numbered: fmt.Sprint("N", i),
			} {
				if column != "" {
					columns, values = columns+", "+column, values+", '"+value+"'"
				}
			}
			exec("INSERT INTO %s (%s) VALUES (%s)", table.Name, columns, values)
		}
		for name, scope := range scopes {
			var want []uint32
			for i, r := range lying {
				if r.seenBy(scope, l) {
					want = append(want, uint32(i))
				}
			}
			q := ask(scope)
			for _, from := range []string{
				"SELECT line FROM %[1]s ORDER BY line",
				"WITH them AS (SELECT line FROM %[1]s) SELECT a.line FROM them AS a JOIN %[1]s AS b ON a.line = b.line ORDER BY a.line",
				"SELECT line FROM %[1]s WHERE line IN (SELECT line FROM %[1]s) ORDER BY line",
			} {
				var got []uint32
				if err := q.Rows(t.Context(), fmt.Sprintf(from, table.Name), nil, func(rows driver.Rows) error {
					var line uint32
					err := rows.Scan(&line)
					got = append(got, line)
					return err
				}); err != nil {
					t.Fatal(table.Name, err)
				}
				if !slices.Equal(got, want) {
					t.Errorf("in the scope of %s, rows %v of table %s are seen, not %v", name, got, table.Name, want)
				}
			}
		}
	}
}

// A scope as wide as the department is, of long numbers, in a statement that reads
// every table, is not too long for the engine.
func TestAStatementHoldsAScopeOfThreeThousandProjects(t *testing.T) {
	h := newHistory(t, 20)
	m, _ := Start(t, NewDatabase(t), h.log(), WithClock(h.clock))
	until(t, m, Live)
	s := access.NewSites()
	for i := range 300 {
		s.OpenCenter(domain.CenterID(fmt.Sprintf("CENTER-OF-SHANGHAI-%04d", i)), "east")
	}
	for i := range 3000 {
		id := domain.ProjectID(fmt.Sprintf("PROJECT-OF-SHANGHAI-%05d", i))
		s.RegisterProject(id, "east", "Shanghai")
		s.AssignCenter(id, domain.CenterID(fmt.Sprintf("CENTER-OF-SHANGHAI-%04d", i%300)), 1)
	}
	q, err := m.Ask(Cut{Scope: access.Resolve(access.Reach{Regions: []string{"east"}}, s, 10_000)}, Page{})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Done()
	var all []string
	for _, table := range factTables() {
		all = append(all, "SELECT count() AS n FROM "+table.Name)
	}
	statement := "SELECT sum(n) FROM (" + strings.Join(all, " UNION ALL ") + ")"
	if err := q.Rows(t.Context(), statement, nil, func(driver.Rows) error { return nil }); err != nil {
		t.Errorf("%d bytes: %v", len(statement+q.reading(statement, true)), errors.Unwrap(err))
	}
}

func TestAQuestionInNobodysScopeIsRefused(t *testing.T) {
	h := newHistory(t, 20)
	m, _ := Start(t, NewDatabase(t), h.log(), WithClock(h.clock))
	until(t, m, Live)
	if _, err := m.Ask(Cut{}, Page{}); !errors.Is(err, ErrNoScope) {
		t.Errorf("asked in nobody's scope: %v", err)
	}
}

// A page that was begun in one scope is not turned in another.
func TestACursorOfOneScopeIsRefusedInAnother(t *testing.T) {
	h := newHistory(t, 20)
	m, _ := Start(t, NewDatabase(t), h.log(), WithClock(h.clock))
	until(t, m, Live)
	east := access.Resolve(access.Reach{Regions: []string{"east"}}, twoRegions(), 10_000)
	south := access.Resolve(access.Reach{Regions: []string{"south"}}, twoRegions(), 10_000)
	q, err := m.Ask(Cut{Scope: east}, Page{}, "a list")
	if err != nil {
		t.Fatal(err)
	}
	defer q.Done()
	for scope, want := range map[access.Scope]bool{east: true, south: false, access.Whole(): false} {
		next, err := m.Ask(Cut{Scope: scope}, Page{After: q.Next("C1")}, "a list")
		if (err == nil) != want {
			t.Errorf("the page of %s in scope %s: %v", east.ID(), scope.ID(), err)
		}
		if err == nil {
			next.Done()
		}
	}
}

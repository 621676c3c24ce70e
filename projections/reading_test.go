package projections

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain/access"
)

// Whatever a statement does with a fact table, it sees what is within the cut: of
// every table, in every place where a statement can name one.
func TestAStatementSeesWhatIsWithinTheCutAndNothingElse(t *testing.T) {
	h := newHistory(t, 20)
	m, _ := Start(t, NewDatabase(t), h.log(), WithClock(h.clock))
	until(t, m, Live)
	q, err := m.Ask(Cut{Scope: access.Whole()}, Page{})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Done()
	q.Position, q.KnownAt = 100, q.Status.LastEventAt.Add(-time.Second) // not all that is shown was known
	for _, made := range factTables() {
		table := made.Name
		for _, statement := range []string{
			"SYSTEM STOP MERGES " + table,
			"TRUNCATE TABLE " + table,
			// known
			"INSERT INTO " + table + " (position, line, recorded_at) VALUES (%[1]d, 0, fromUnixTimestamp64Micro(%[2]d))",
			// twice
			"INSERT INTO " + table + " (position, line, recorded_at) VALUES (%[1]d, 0, fromUnixTimestamp64Micro(%[2]d))",
			"INSERT INTO " + table + " (position, line, recorded_at) VALUES (%[1]d, 1, fromUnixTimestamp64Micro(%[2]d + 1))",
			"INSERT INTO " + table + " (position, line, recorded_at) VALUES (%[1]d + 1, 0, fromUnixTimestamp64Micro(%[2]d))",
		} {
			if strings.Contains(statement, "%") {
				statement = fmt.Sprintf(statement, q.Position, q.KnownAt.UnixMicro())
			}
			if err := m.serving.conn.Exec(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		for _, from := range []string{
			"SELECT count() FROM %[1]s",
			"SELECT count() FROM %[1]s AS named",
			"SELECT count() FROM (SELECT * FROM %[1]s)",
			"SELECT toUInt64((SELECT count() FROM %[1]s))",
			"WITH seen AS (SELECT position, line FROM %[1]s) SELECT count() FROM seen",
			"SELECT toUInt64(length(arrayFilter(n -> has([0, 1], n), groupArray(line)))) FROM %[1]s PREWHERE position > 0",
			"SELECT count() FROM %[1]s WHERE (position, line) IN (SELECT position, line FROM %[1]s)",
			"SELECT count() FROM (SELECT 1 FROM %[1]s UNION ALL SELECT 1 FROM %[1]s WHERE line > 0)",
			"SELECT n FROM (SELECT count() AS n FROM %[1]s WHERE line > 0) WHERE n > 0 UNION ALL SELECT count() FROM %[1]s",
			"SELECT count() FROM (SELECT DISTINCT position, line FROM %[1]s) AS a LEFT JOIN %[1]s AS b USING (position, line)",
		} {
			statement, counted := fmt.Sprintf(from, table), uint64(0)
			count := func(rows driver.Rows) error { return rows.Scan(&counted) }
			if err := q.Rows(t.Context(), statement, nil, count); err != nil || counted != 1 {
				t.Errorf("%s sees %d rows, %v; one is within the cut", statement, counted, err)
			}
			if err := q.RowsUnmerged(t.Context(), statement, nil, count); err != nil || counted != 2 {
				t.Errorf("unmerged, %s sees %d rows, %v; one is within the cut, written twice", statement, counted, err)
			}
		}
	}
}

// Known now is all that is shown, and a condition on its time only costs some: what was
// not known at an earlier moment is left out by its time as well.
func TestWhatIsKnownNowIsTheLogUpToAPosition(t *testing.T) {
	h := newHistory(t, 20)
	m, _ := Start(t, NewDatabase(t), h.log(), WithClock(h.clock))
	until(t, m, Live)
	for name, c := range map[string]struct {
		known time.Time
		timed bool
	}{
		"now":                       {time.Time{}, false},
		"when the last came":        {m.Status().LastEventAt, false},
		"a moment before that":      {m.Status().LastEventAt.Add(-time.Microsecond), true},
		"a part of a moment before": {m.Status().LastEventAt.Truncate(time.Microsecond).Add(-1), true},
	} {
		q, err := m.Ask(Cut{Scope: access.Whole(), KnownAt: c.known}, Page{})
		if err != nil {
			t.Fatal(err)
		}
		if said := q.reading("SELECT count() FROM charges", true); strings.Contains(said, "recorded_at") != c.timed {
			t.Errorf("known %s, it is read with %s", name, said)
		}
		earlier := q.At(q.Status.LastEventAt.Add(-time.Hour), q.Position)
		if said := earlier.reading("SELECT count() FROM charges", true); !strings.Contains(said, "recorded_at <=") {
			t.Errorf("an hour before, it is read with %s", said)
		}
		q.Done()
	}
}

// asksClickHouse are the functions that send a statement to ClickHouse. Those that
// read facts go through (*Question).reading.
var asksClickHouse = []string{
	"Question.query", "generation.checkpoint", "warehouse.active", "warehouse.numbers",
}

// readsUnmerged are the functions that read rows which may be there twice, each with
// its reason beside it.
var readsUnmerged = []string{
	"ReadModels.Beginning", "ReadModels.Begun", // the least of them
	"ReadModels.Named", "Question.Sites", "parts.projectsOf", "parts.readFacts", "parts.stepsOf",
	"EachUnmerged", "Question.RowsUnmerged", // whose callers are these
}

// asksBeyondScope are the functions that read beyond the scope of who asks: what is
// compared must come to the same for everybody, and is narrowed down afterwards.
var asksBeyondScope = []string{
	"Question.Sites", "Views.OffListRequests", "work.visitsMade", "makers.read", "parts.projectsOf", "parts.readFacts", "parts.stepsOf",
	"Views.Transfers", "Views.Quotes", "repairs.centered",
}

// ownCut is what only the cut's one place may say.
var ownCut = regexp.MustCompile(`(?i)\bFINAL\b|\bSETTINGS\b|\{known_at\b|\{position\b|\b(FROM|JOIN)\s+\w+\.\w+`)

// Every statement reads fact tables through the one place that applies the cut.
func TestEveryStatementReadsFactsThroughTheCut(t *testing.T) {
	var statements int
	check := func(where, statement string) {
		statements++
		statement = regexp.MustCompile(`(?m)--.*$`).ReplaceAllString(statement, "")
		if found := ownCut.FindString(statement); found != "" {
			t.Errorf("%s says %q: the cut, and that rows count once, is said in reading.go for all statements", where, found)
		}
	}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "chdb" || d.Name() == "facts"):
			return fs.SkipDir
		case filepath.Ext(path) == ".sql":
			text, err := os.ReadFile(path)
			check(path, string(text))
			return err
		case filepath.Ext(path) == ".go" && !strings.HasSuffix(path, "_test.go"):
			return checkSource(t, path, check)
		}
		return nil
	})
	if err != nil || statements < 80 {
		t.Errorf("%d statements were read, %v", statements, err)
	}
}

func checkSource(t *testing.T, path string, check func(where, statement string)) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, declaration := range file.Decls {
		name := nameOf(path, declaration)
		ast.Inspect(declaration, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				switch n.Sel.Name {
				case "Query", "QueryRow", "Select":
					if !slices.Contains(asksClickHouse, name) {
						t.Errorf("%s: %s asks ClickHouse itself: facts are read by Question.Rows, within the cut", path, name)
					}
				case "BeyondScope":
					if path != "reading.go" && !slices.Contains(asksBeyondScope, name) {
						t.Errorf("%s: %s looks beyond the scope of who asks; say beside it why, and narrow it down", path, name)
					}
				}
			case *ast.Ident:
				unmerged := n.Name == "RowsUnmerged" || n.Name == "EachUnmerged"
				if unmerged && !slices.Contains(readsUnmerged, name) {
					t.Errorf("%s: %s reads rows that may be there twice; use Question.Rows, or say beside it why twice is as good",
						path, name)
				}
			case *ast.BasicLit:
				text, err := strconv.Unquote(n.Value)
				if err == nil && strings.Contains(text, "SELECT ") && path != "warehouse.go" {
					check(path+": "+name, text)
				}
			}
			return true
		})
	}
	return nil
}

// nameOf names a function with its receiver, or its package in a room.
func nameOf(path string, declaration ast.Decl) string {
	f, ok := declaration.(*ast.FuncDecl)
	if !ok {
		return "a declaration"
	}
	if f.Recv != nil {
		of := f.Recv.List[0].Type
		if star, ok := of.(*ast.StarExpr); ok {
			of = star.X
		}
		if named, ok := of.(*ast.Ident); ok {
			return named.Name + "." + f.Name.Name
		}
	}
	if room := filepath.Dir(path); room != "." {
		return filepath.Base(room) + "." + f.Name.Name
	}
	return f.Name.Name
}

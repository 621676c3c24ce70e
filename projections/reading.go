package projections

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"aftersales-ledger/domain/access"
	"aftersales-ledger/projections/facts"
)

// factTables are the tables that hold facts.
var factTables = sync.OnceValue(func() []*facts.Table { return facts.New().Tables })

// wholeAccounts marks a statement that sums up accounts; see [OfAccounts].
const wholeAccounts = "\n-- of whole accounts"

// OfAccounts is a statement that sums up what centers owe: it sees the centers whose
// accounts lie within the scope, and not those that may only be named there because they
// answer, or answered, for one of its projects. Of theirs a part would be summed up, or
// nothing, and said to be all.
func OfAccounts(sql string) string { return sql + wholeAccounts }

// reading says how a statement of the question reads fact tables; it goes after
// the statement. Every fact table, wherever the statement names it, shows what
// is within the cut and within the scope of who asks, and nothing else: no
// statement says so itself, and none can forget it.
//
// merged reads each row once, even where it was written twice; see
// [Question.RowsUnmerged].
func (q *Question) reading(sql string, merged bool) string {
	cut := fmt.Sprintf("position <= %d", q.Position)
	if q.KnownAt.Before(q.Status.LastEventAt.Truncate(time.Microsecond)) {
		// Else all that is shown is known: recorded times never run backwards along the log.
		cut += fmt.Sprintf(" AND recorded_at <= fromUnixTimestamp64Micro(%d)", q.KnownAt.UnixMicro())
	}
	seen := sight{scope: q.scope}
	named := make(map[string]bool)
	for _, word := range words.FindAllString(sql, -1) {
		named[word] = true
	}
	var filters []string
	for _, table := range factTables() {
		filter := cut
		switch {
		case named[table.Name] && !q.scope.IsWhole():
			lies := table.Lies
			lies.Named = lies.Named && !strings.Contains(sql, wholeAccounts)
			filter += " AND " + seen.of(lies)
		case named[table.Name], table.Name == "places" && !q.scope.IsWhole(): // which the filters of others name
		default:
			continue // it cannot be read without being named, and every filter costs the engine time
		}
		filters = append(filters, "'"+table.Name+"': '"+escaped.Replace(filter)+"'")
	}
	var b strings.Builder
	b.WriteString("\nSETTINGS additional_table_filters = {" + strings.Join(filters, ", ") + "}")
	if merged {
		b.WriteString(", final = 1")
	}
	return b.String()
}

var (
	words   = regexp.MustCompile(`\w+`)
	escaped = strings.NewReplacer(`\`, `\\`, `'`, `\'`) // a text within a text
)

// sight says in SQL which rows of a table lie within a scope that is not the whole
// company. It never says more than it must: a statement's length is bounded.
type sight struct {
	scope                            access.Scope
	centers, near, projects, granted string // lists for IN; made when they are wanted
}

func (s *sight) of(l facts.Lies) string {
	if l.Open {
		return "1"
	}
	var any []string
	if l.Numbered != "" {
		any = append(any, l.Numbered+" IN (SELECT number FROM places WHERE kind = '"+l.Kind+"' AND ("+
			s.of(facts.Lies{Center: "center", Project: "project"})+"))")
	}
	if l.Region != "" {
		any = append(any, in(l.Region, list(s.scope.Regions())))
	}
	switch {
	case l.Center == "":
	case l.Named:
		any = append(any, in(l.Center, made(&s.near, s.scope.NearCenters)))
	default:
		any = append(any, in(l.Center, made(&s.centers, s.scope.Centers)))
	}
	if l.Depot != "" {
		any = append(any, l.Center+" = '' AND "+in(l.Depot, made(&s.projects, s.scope.Projects)))
	}
	if l.Project != "" {
		switch granted := in(l.Project, made(&s.granted, s.scope.GrantedProjects)); {
		case l.Center == "":
			any = append(any, in(l.Project, made(&s.projects, s.scope.Projects)))
		case len(s.scope.Projects()) == len(s.scope.GrantedProjects()):
			any = append(any, granted)
		default:
			any = append(any, granted, l.Center+" = '' AND "+in(l.Project, made(&s.projects, s.scope.Projects)))
		}
	}
	any = drop(any, "0")
	if len(any) == 0 {
		return "0"
	}
	return "(" + strings.Join(any, " OR ") + ")"
}

func made[T ~string](kept *string, of func() []T) string {
	if *kept == "" {
		*kept = list(of())
	}
	return *kept
}

// list is a list for IN, in brackets.
func list[T ~string](names []T) string {
	var b strings.Builder
	b.WriteString("(")
	for i, name := range names {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("'" + escaped.Replace(string(name)) + "'")
	}
	b.WriteString(")")
	return b.String()
}

func in(column, list string) string {
	if list == "()" {
		return "0" // nothing
	}
	return column + " IN " + list
}

func drop(all []string, what string) (kept []string) {
	for _, one := range all {
		if one != what {
			kept = append(kept, one)
		}
	}
	return kept
}

// BeyondScope is the question for what is compared across the scope's border, such as
// a slip of one project with the fault record of another, whose comparison must be
// the same for everybody. What it comes to is narrowed down by [Sites.Select] before
// anybody sees it. The test of the statements lists who asks so.
func (q *Question) BeyondScope() *Question {
	all := *q
	all.scope = access.Whole()
	return &all
}

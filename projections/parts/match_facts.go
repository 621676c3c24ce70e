package parts

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"aftersales-ledger/domain"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/match"
)

// The facts that the match compares, without joins: ClickHouse spends its time on
// reading and not on planning.
//
//go:embed match_facts.sql
var matchFactsSQL string

// source is a table and how its rows become facts.
type source struct {
	table string
	read  func(ctx context.Context, q *projections.Question, statement string, p projections.Params) error
	tidy  func()
}

// its is a row of a statement, whose columns are the fields of a fact.
type its[F any] struct {
	Fact F `sql:"its_,inline"`
}

// readFacts asks one statement and appends its rows. Rows that are there twice are
// dropped by tidyFacts, at less cost than that of merging them.
func readFacts[F any](
	to *[]F, mu *sync.Mutex,
) func(context.Context, *projections.Question, string, projections.Params) error {
	return func(ctx context.Context, q *projections.Question, statement string, p projections.Params) error {
		var rows []F
		err := projections.EachUnmerged(ctx, q.BeyondScope(), statement, p, func(r *its[F]) error {
			rows = append(rows, r.Fact)
			return nil
		})
		mu.Lock()
		defer mu.Unlock()
		if *to == nil {
			*to = rows
		} else {
			*to = append(*to, rows...)
		}
		return err
	}
}

// tidyFacts puts facts in the order of the log and drops those that were written
// twice. What is sorted is their places: they hold no pointers and are small.
func tidyFacts[F any](of func(*F) *match.Stamp, facts *[]F) func() {
	type place struct {
		position uint64
		row, at  uint32
	}
	return func() {
		places := make([]place, len(*facts))
		for i := range *facts {
			s := of(&(*facts)[i])
			places[i] = place{s.Position, s.Row, uint32(i)}
		}
		slices.SortFunc(places, func(a, b place) int {
			if c := cmp.Compare(a.position, b.position); c != 0 {
				return c
			}
			return cmp.Compare(a.row, b.row)
		})
		places = slices.CompactFunc(places, func(a, b place) bool { return a.position == b.position && a.row == b.row })
		tidied := make([]F, len(places))
		for i, p := range places {
			tidied[i] = (*facts)[p.at]
		}
		*facts = tidied
	}
}

func newSource[F any](table string, to *[]F, mu *sync.Mutex, of func(*F) *match.Stamp) source {
	return source{table, readFacts(to, mu), tidyFacts(of, to)}
}

func sources(f *match.Facts, mu *sync.Mutex) []source {
	return []source{
		newSource("part_movements", &f.Moves, mu, func(r *match.MoveFact) *match.Stamp { return &r.Stamp }),
		newSource("fault_lines", &f.Lines, mu, func(r *match.LineFact) *match.Stamp { return &r.Stamp }),
		newSource("faulty_units", &f.Units, mu, func(r *match.UnitFact) *match.Stamp { return &r.Stamp }),
		newSource("charges", &f.Charges, mu, func(r *match.ChargeFact) *match.Stamp { return &r.Stamp }),
		newSource("device_returns", &f.Sheets, mu, func(r *match.SheetFact) *match.Stamp { return &r.Stamp }),
		newSource("documents", &f.Credits, mu, func(r *match.CreditFact) *match.Stamp { return &r.Stamp }),
		newSource("stock_counts", &f.Counts, mu, func(r *match.CountFact) *match.Stamp { return &r.Stamp }),
		newSource("catalogue", &f.Prices, mu, func(r *match.PriceFact) *match.Stamp { return &r.Stamp }),
	}
}

// statements are those of match_facts.sql by name, each with the columns of its table.
var statements = sync.OnceValue(func() map[string]string {
	all := make(map[string]string)
	for _, part := range strings.Split(matchFactsSQL, "\n;\n") {
		if _, part, ok := strings.Cut(part, "\n-- "); ok {
			if i := strings.LastIndex(part, "\n-- "); i >= 0 {
				part = part[i+len("\n-- "):]
			}
			name, sql, _ := strings.Cut(part, "\n")
			all[name] = sql
		}
	}
	for name, sql := range all {
		table, how, _ := strings.Cut(name, ", ")
		if how != "columns" {
			all[name] = "SELECT\n" + all[table+", columns"] + "\n" + sql
		}
	}
	return all
})

// statementOf is the one that reads a table.
func statementOf(table string, scope projections.ProjectSelection, w match.Window) string {
	how := []string{table + ", some"}
	switch {
	case table == "catalogue":
		return statements()[table]
	case scope.Everywhere:
		return statements()[table+", all"]
	case w != match.Window{}:
		how = []string{table + ", window", table + ", some"}
	}
	for _, name := range how {
		if sql, ok := statements()[name]; ok {
			return sql
		}
	}
	panic("no statement reads " + table)
}

// readers bounds how many statements are under way at a time.
const readers = 4

// factsOf reads the facts known about some projects, and what stands on the
// other side of them in others.
func factsOf(
	ctx context.Context, q *projections.Question, scope projections.ProjectSelection, w match.Window,
) (*match.Facts, error) {
	var (
		f       = &match.Facts{}
		mu      sync.Mutex
		sources = sources(f, &mu)
		credits = sourceOf(sources, "documents") // of the charges that the others bring
		others  = slices.DeleteFunc(slices.Clone(sources), func(s source) bool { return s.table == credits.table })
		err     = readAll(ctx, q, others, scope, w)
	)
	if (w != match.Window{}) && !scope.Everywhere && err == nil {
		err = missing(ctx, q, f, w, sources, scope)
	}
	if !scope.Everywhere && err == nil {
		err = elsewhere(ctx, q, f, sources, scope)
	}
	if len(f.Charges) > 0 && err == nil {
		err = errors.Join(readAll(ctx, q, []source{credits}, scope, w), creditsElsewhere(ctx, q, f, credits, scope))
	}
	for _, s := range sources {
		s.tidy()
	}
	return f, err
}

// auditFactsOf reads what the comparison of issues with fault records rests on, and
// no more: of units at makers it shows the process sheet alone.
func auditFactsOf(
	ctx context.Context, q *projections.Question, scope projections.ProjectSelection,
) (*match.Facts, error) {
	var (
		f       = &match.Facts{}
		mu      sync.Mutex
		sources = slices.DeleteFunc(sources(f, &mu), func(s source) bool {
			return !slices.Contains([]string{"part_movements", "fault_lines", "device_returns", "catalogue"}, s.table)
		})
	)
	err := readAll(ctx, q, sources, scope, match.Window{})
	for _, s := range sources {
		s.tidy()
	}
	return f, err
}

// readAll reads several tables at once.
func readAll(
	ctx context.Context, q *projections.Question, sources []source, scope projections.ProjectSelection, w match.Window,
) error {
	var group errgroup.Group
	group.SetLimit(readers)
	p := scope.Params().With("from_date", projections.IsoDate(cmp.Or(w.From, projections.FirstDate))).
		With("to_date", projections.IsoDate(cmp.Or(w.To, projections.LastDate)))
	for _, s := range sources {
		group.Go(func() error { return s.read(ctx, q, statementOf(s.table, scope, w), p) })
	}
	return group.Wait()
}

// numbersAtOnce is how many numbers one statement names.
const numbersAtOnce = 2000

// missing reads what the facts of a window turn out to need beyond it: lines that
// its issues name, the other lines of tickets that were charged as a whole, all
// issues of the parts that were counted, and those of units that left in it.
func missing(
	ctx context.Context, q *projections.Question, f *match.Facts, w match.Window, sources []source,
	scope projections.ProjectSelection,
) error {
	inHand, tickets := make(map[string]bool, len(f.Lines)), make(map[string]bool, len(f.Lines))
	for i := range f.Lines {
		inHand[f.Lines[i].Line], tickets[f.Lines[i].Ticket] = true, true
	}
	var named, whole, counted, left []string
	for i := range f.Moves {
		v := &f.Moves[i]
		if v.Kind == "ISSUE" && v.Line != "" && !inHand[v.Line] {
			named = append(named, v.Line)
		}
		if v.Leaves() && w.Has(v.On) {
			left = append(left, v.Serials...)
		}
	}
	for i := range f.Charges {
		if c := &f.Charges[i]; c.Line == "" && tickets[c.Ticket] {
			whole = append(whole, c.Ticket)
		}
	}
	for i := range f.Counts {
		if c := &f.Counts[i]; w.Has(c.On) {
			counted = append(counted, c.Part)
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readers)
	for _, more := range []struct {
		table, how string
		numbers    []string
	}{
		{"fault_lines", "named", named}, {"fault_lines", "of tickets", whole}, {"part_movements", "counted", counted},
		{"part_movements", "of units", left},
	} {
		slices.Sort(more.numbers)
		for numbers := range slices.Chunk(slices.Compact(more.numbers), numbersAtOnce) {
			group.Go(func() error {
				return sourceOf(sources,
					more.table).read(ctx, q, statements()[more.table+", "+more.how], scope.Params().With("numbers", numbers))
			})
		}
	}
	return group.Wait()
}

// elsewhere reads what papers of other projects say of units of these: what their
// depots had, and what they sent to makers and have back from there. What it reads may
// name more.
func elsewhere(
	ctx context.Context, q *projections.Question, f *match.Facts, sources []source, scope projections.ProjectSelection,
) error {
	own := make(map[string]bool, len(scope.Projects))
	for _, p := range scope.Projects {
		own[p] = true
	}
	unheld := slices.Collect(maps.Values(f.Unheld(uint16(q.AsOf))))
	var asked match.Elsewhere
	for {
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(readers)
		if serials := unheld; len(serials) > 0 {
			group.Go(func() error { return holdings(ctx, q, sources, scope, serials) })
		}
		all := f.AtMakers(uint16(q.AsOf), own)
		ask := all.Beyond(asked)
		for from := 0; from < ask.Longest(); from += numbersAtOnce {
			part := ask.Part(from, from+numbersAtOnce)
			p := scope.Params().With("sent", part.Sent).With("back", part.Back).With("batches", part.Batches).
				With("counted", part.Counted).With("sheets", part.Sheets).With("old", part.Old)
			for _, table := range []string{"faulty_units", "device_returns"} {
				group.Go(func() error { return sourceOf(sources, table).read(ctx, q, statements()[table+", elsewhere"], p) })
			}
		}
		if err := group.Wait(); err != nil || ask.Longest() == 0 {
			return err
		}
		unheld, asked = nil, all
	}
}

// holdings reads what depots elsewhere had of some units.
func holdings(
	ctx context.Context, q *projections.Question, sources []source, scope projections.ProjectSelection, serials []string,
) error {
	slices.Sort(serials)
	for numbers := range slices.Chunk(slices.Compact(serials), numbersAtOnce) {
		err := sourceOf(sources,
			"part_movements").read(ctx, q, statements()["part_movements, holding"], scope.Params().With("numbers", numbers))
		if err != nil {
			return err
		}
	}
	return nil
}

func sourceOf(sources []source, table string) source {
	return sources[slices.IndexFunc(sources, func(s source) bool { return s.table == table })]
}

// creditsElsewhere reads the credit notes of charges of other projects.
func creditsElsewhere(
	ctx context.Context, q *projections.Question, f *match.Facts, documents source, scope projections.ProjectSelection,
) error {
	var charges []string
	for i := range f.Charges {
		if c := &f.Charges[i]; !scope.Has(domain.ProjectID(c.Project)) {
			charges = append(charges, c.Charge)
		}
	}
	slices.Sort(charges)
	for numbers := range slices.Chunk(slices.Compact(charges), numbersAtOnce) {
		if err := documents.read(ctx, q, statements()["documents, named"],
			scope.Params().With("numbers", numbers)); err != nil {
			return err
		}
	}
	return nil
}

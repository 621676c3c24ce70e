package projections

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"golang.org/x/sync/errgroup"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// The facts that the match compares, without joins: ClickHouse spends its time on
// reading and not on planning.
//
//go:embed match_facts.sql
var matchFactsSQL string

// stamp is what every fact of the match has in common.
type stamp struct {
	position   uint64
	row        uint32 // within the event
	recordedAt int64  // microseconds since 1970
	actor      string
	project    string
	on         uint16 // days since 1970
}

// Facts with quantities in thousandths of a unit and money in fen.
type (
	lineFact struct { // a line of F1
		stamp
		line, ticket, part, oldSerial, newSerial, bearer string
		quantity                                         int64
		replaces                                         bool
	}
	moveFact struct { // a movement of stock
		stamp
		kind, part, slip, line, override, reference string
		quantity, value                             int64
		serials                                     []string
	}
	unitFact struct { // a faulty unit on its way
		stamp
		step, part, document, shipment, line, sheet, maker string
		quantity                                           int64
		serials                                            []string
		expectedOn                                         uint16
	}
	sheetFact struct { // a step of a process sheet F2
		stamp
		step, sheet, ticket, line, part, serial, maker, result string
		expectedOn                                             uint16
	}
	countFact struct { // a line of a count sheet
		stamp
		part, sheet string
		counted     int64
	}
	priceFact struct { // a description of the catalogue; on is from when
		stamp
		part, unit string
		cost       int64
	}
	chargeFact struct { // a charge that may be for a part
		stamp
		center, charge, ticket, line string
		fromCenter, fromCharge       string // of one that moved here from another center's account
		gross                        int64
	}
	creditFact struct { // a credit note
		stamp
		center, charge, note string
		amount               int64
	}
)

// matchFacts are all facts that a match may need.
type matchFacts struct {
	lines   []lineFact
	moves   []moveFact
	units   []unitFact
	sheets  []sheetFact
	counts  []countFact
	prices  []priceFact
	charges []chargeFact
	credits []creditFact
}

func (s *stamp) fields() []any {
	return []any{&s.position, &s.row, &s.recordedAt, &s.actor, &s.project, &s.on}
}

// source is a table and how its rows become facts.
type source struct {
	table string
	read  func(ctx context.Context, q *question, statement string, p params) error
	tidy  func()
}

// readFacts asks one statement and appends its rows.
func readFacts[F any](to *[]F, mu *sync.Mutex, fields func(*F) []any) func(context.Context, *question, string, params) error {
	return func(ctx context.Context, q *question, statement string, p params) error {
		var (
			row, zero F
			rows      []F
			into      = fields(&row)
		)
		err := q.rows(ctx, statement, p, func(r driver.Rows) error {
			row = zero
			err := r.Scan(into...)
			rows = append(rows, row)
			return err
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
// twice.
func tidyFacts[F any](of func(*F) *stamp, facts *[]F) func() {
	return func() {
		compare := func(a, b F) int {
			x, y := of(&a), of(&b)
			return cmp.Or(cmp.Compare(x.position, y.position), cmp.Compare(x.row, y.row))
		}
		if !slices.IsSortedFunc(*facts, compare) {
			slices.SortFunc(*facts, compare)
		}
		*facts = slices.CompactFunc(*facts, func(a, b F) bool { return compare(a, b) == 0 })
	}
}

func newSource[F any](table string, to *[]F, mu *sync.Mutex, of func(*F) *stamp, more func(*F) []any) source {
	fields := func(f *F) []any { return append(of(f).fields(), more(f)...) }
	return source{table, readFacts(to, mu, fields), tidyFacts(of, to)}
}

func (f *matchFacts) sources(mu *sync.Mutex) []source {
	return []source{
		newSource("part_movements", &f.moves, mu, func(r *moveFact) *stamp { return &r.stamp }, func(r *moveFact) []any {
			return []any{&r.kind, &r.part, &r.slip, &r.line, &r.override, &r.reference, &r.quantity, &r.value, &r.serials}
		}),
		newSource("fault_lines", &f.lines, mu, func(r *lineFact) *stamp { return &r.stamp }, func(r *lineFact) []any {
			return []any{&r.line, &r.ticket, &r.part, &r.oldSerial, &r.newSerial, &r.bearer, &r.quantity, &r.replaces}
		}),
		newSource("faulty_units", &f.units, mu, func(r *unitFact) *stamp { return &r.stamp }, func(r *unitFact) []any {
			return []any{&r.step, &r.part, &r.document, &r.shipment, &r.line, &r.sheet, &r.maker, &r.quantity, &r.serials, &r.expectedOn}
		}),
		newSource("charges", &f.charges, mu, func(r *chargeFact) *stamp { return &r.stamp }, func(r *chargeFact) []any {
			return []any{&r.center, &r.charge, &r.ticket, &r.line, &r.fromCenter, &r.fromCharge, &r.gross}
		}),
		newSource("device_returns", &f.sheets, mu, func(r *sheetFact) *stamp { return &r.stamp }, func(r *sheetFact) []any {
			return []any{&r.step, &r.sheet, &r.ticket, &r.line, &r.part, &r.serial, &r.maker, &r.result, &r.expectedOn}
		}),
		newSource("documents", &f.credits, mu, func(r *creditFact) *stamp { return &r.stamp }, func(r *creditFact) []any {
			return []any{&r.center, &r.charge, &r.note, &r.amount}
		}),
		newSource("stock_counts", &f.counts, mu, func(r *countFact) *stamp { return &r.stamp }, func(r *countFact) []any {
			return []any{&r.part, &r.sheet, &r.counted}
		}),
		newSource("catalogue", &f.prices, mu, func(r *priceFact) *stamp { return &r.stamp }, func(r *priceFact) []any {
			return []any{&r.part, &r.unit, &r.cost}
		}),
	}
}

// window is a time to which what is compared may be narrowed, by the dates of
// findings; zero dates do not narrow.
type window struct{ from, to calendar.Date }

func (w window) has(on uint16) bool {
	return uint16(w.from) <= on && (w.to == 0 || on <= uint16(w.to))
}

// statements are those of match_facts.sql by name.
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
	return all
})

// statementsOf are those that read a table.
func statementsOf(table string, scope projectScope, w window) (list []string) {
	named := func(how string) bool {
		sql, ok := statements()[table+", "+how]
		if ok {
			list = append(list, sql)
		}
		return ok
	}
	switch {
	case table == "catalogue":
		return []string{statements()[table]}
	case scope.everywhere:
		named("all")
		return list
	case w != window{} && named("window"):
		return list
	}
	named("own")
	named("other")
	return list
}

// readers bounds how many statements are under way at a time.
const readers = 4

// matchFacts reads the facts known about some projects, and what stands on the
// other side of them in others. Several tables are read at once.
func (q *question) matchFacts(ctx context.Context, scope projectScope, w window) (*matchFacts, error) {
	var (
		f     = &matchFacts{}
		mu    sync.Mutex
		group errgroup.Group
		p     = scope.params().with("from_date", isoDate(cmp.Or(w.from, firstDate))).with("to_date", isoDate(cmp.Or(w.to, lastDate)))
	)
	group.SetLimit(readers)
	sources := f.sources(&mu)
	for _, s := range sources {
		if s.table == "documents" {
			continue
		}
		for _, sql := range statementsOf(s.table, scope, w) {
			group.Go(func() error { return s.read(ctx, q, sql, p) })
		}
	}
	err := group.Wait()
	narrowed := w != window{} && !scope.everywhere
	if narrowed && err == nil {
		err = q.missing(ctx, f, w, sources, scope)
	}
	if !scope.everywhere && err == nil {
		here := f
		if narrowed {
			here = f.until(q.Position, q.KnownAt)
		}
		err = q.holdings(ctx, sources, scope, slices.Collect(maps.Values(here.unheld(uint16(q.AsOf)))))
	}
	for _, s := range sources {
		if s.table == "documents" && len(f.charges) > 0 && err == nil { // credit notes of charges
			for _, sql := range statementsOf(s.table, scope, w) {
				err = errors.Join(err, s.read(ctx, q, sql, p))
			}
		}
		s.tidy()
	}
	if narrowed {
		f = f.until(q.Position, q.KnownAt)
	}
	return f, err
}

// numbersAtOnce is how many numbers one statement names.
const numbersAtOnce = 2000

// missing reads what the facts of a window turn out to need beyond it: lines that
// its issues name, the other lines of tickets that were charged as a whole, and
// all issues of the parts that were counted.
func (q *question) missing(ctx context.Context, f *matchFacts, w window, sources []source, scope projectScope) error {
	inHand, tickets := make(map[string]bool, len(f.lines)), make(map[string]bool, len(f.lines))
	for i := range f.lines {
		inHand[f.lines[i].line], tickets[f.lines[i].ticket] = true, true
	}
	var named, whole, counted []string
	for i := range f.moves {
		if v := &f.moves[i]; v.kind == "ISSUE" && v.line != "" && !inHand[v.line] {
			named = append(named, v.line)
		}
	}
	for i := range f.charges {
		if c := &f.charges[i]; c.line == "" && tickets[c.ticket] {
			whole = append(whole, c.ticket)
		}
	}
	for i := range f.counts {
		if c := &f.counts[i]; w.has(c.on) {
			counted = append(counted, c.part)
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readers)
	for _, more := range []struct {
		table, how string
		numbers    []string
	}{
		{"fault_lines", "named", named}, {"fault_lines", "of tickets", whole}, {"part_movements", "counted", counted},
	} {
		i := slices.IndexFunc(sources, func(s source) bool { return s.table == more.table })
		slices.Sort(more.numbers)
		for numbers := range slices.Chunk(slices.Compact(more.numbers), numbersAtOnce) {
			group.Go(func() error {
				return sources[i].read(ctx, q, statements()[more.table+", "+more.how], scope.params().with("numbers", numbers))
			})
		}
	}
	return group.Wait()
}

// until leaves the facts that were known at a position and a moment.
func (f *matchFacts) until(position uint64, moment time.Time) *matchFacts {
	k := stamp{position: position, recordedAt: moment.UnixMicro()}
	return &matchFacts{
		lines: knownBy(k, f.lines, func(r *lineFact) *stamp { return &r.stamp }), moves: knownBy(k, f.moves, func(r *moveFact) *stamp { return &r.stamp }),
		units: knownBy(k, f.units, func(r *unitFact) *stamp { return &r.stamp }), sheets: knownBy(k, f.sheets, func(r *sheetFact) *stamp { return &r.stamp }),
		counts: knownBy(k, f.counts, func(r *countFact) *stamp { return &r.stamp }), prices: knownBy(k, f.prices, func(r *priceFact) *stamp { return &r.stamp }),
		charges: knownBy(k, f.charges, func(r *chargeFact) *stamp { return &r.stamp }), credits: knownBy(k, f.credits, func(r *creditFact) *stamp { return &r.stamp }),
	}
}

func knownBy[F any](by stamp, all []F, of func(*F) *stamp) (some []F) {
	for i := range all {
		if s := of(&all[i]); s.position <= by.position && s.recordedAt <= by.recordedAt {
			some = append(some, all[i])
		}
	}
	return some
}

// document makes the paper that a fact stands for.
func (s *stamp) document(kind, number string) Document {
	return Document{
		Kind: kind, Number: number, Project: domain.ProjectID(s.project), On: calendar.Date(s.on), RecordedAt: inShanghai(time.UnixMicro(s.recordedAt)),
		Actor: s.actor, Position: s.position,
	}
}

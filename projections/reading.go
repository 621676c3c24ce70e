package projections

import (
	"fmt"
	"strings"
	"sync"

	"aftersales-ledger/projections/facts"
)

// factTables are the names of the tables that hold facts.
var factTables = sync.OnceValue(func() (names []string) {
	for _, t := range facts.New().Tables {
		names = append(names, t.Name)
	}
	return names
})

// reading says how a statement of the question reads fact tables; it goes after
// the statement. Every fact table, wherever the statement names it, shows what
// is within the cut and nothing else: no statement says so itself, and none can
// forget it. The scope of who asks belongs here as well.
//
// merged reads each row once, even where it was written twice; see
// [Question.RowsUnmerged].
func (q *Question) reading(merged bool) string {
	cut := fmt.Sprintf("position <= %d AND recorded_at <= fromUnixTimestamp64Micro(%d)", q.Position, q.KnownAt.UnixMicro())
	var b strings.Builder
	b.WriteString("\nSETTINGS additional_table_filters = {")
	for i, table := range factTables() {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "'%s': '%s'", table, cut)
	}
	b.WriteString("}")
	if merged {
		b.WriteString(", final = 1")
	}
	return b.String()
}

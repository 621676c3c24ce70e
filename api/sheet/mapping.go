package sheet

import (
	"maps"
	"slices"
	"strings"

	"aftersales-ledger/domain"
)

// Unread is the name under which Layout.Map takes headings of columns that a
// person leaves unread.
const Unread = "unread"

// Map returns the layout with headings of a person's choice: by field, the
// heading of the column that holds it, of a column in a group as GROUP/HEADING,
// of one without a heading its letters as G列, or several with | between, of
// which the first in the file is read. No other column is then read for the
// field, and the column for no other field. An empty heading leaves an optional
// field unread, and those under Unread are known to say nothing. It refuses a
// field that the layout does not have, and one heading for two fields.
func (l Layout) Map(headings map[string]string) (Layout, error) {
	chosen := make(map[string]string, len(headings)) // canonical heading to field
	named := make(map[string][]string, len(headings))
	for _, field := range slices.Sorted(maps.Keys(headings)) {
		i := slices.IndexFunc(l.Columns, func(c Column) bool { return c.Field == field })
		if i < 0 && field != Unread {
			return l, domain.Invalid("columns", domain.Clip(field), "unknown-column", "must be one of %s", "", strings.Join(append(l.fields(), Unread), ", "))
		}
		for _, heading := range strings.Split(headings[field], "|") {
			name := canonicalOfPath(heading)
			switch {
			case name == "":
			case chosen[name] != "":
				return l, domain.Invalid("columns."+field, domain.Clip(heading), "column-twice", "is the column of %s already", "", chosen[name])
			default:
				chosen[name] = field
				named[field] = append(named[field], name)
			}
		}
		if i >= 0 && len(named[field]) == 0 && l.Columns[i].Required {
			return l, domain.Invalid("columns."+field, domain.Clip(headings[field]), "heading-required", "must name a column of the file: a %s needs it", "", l.Name)
		}
	}
	columns := make([]Column, 0, len(l.Columns))
	l.Aside = slices.Clone(l.Aside)
	for _, c := range l.Columns {
		_, mapped := headings[c.Field]
		free := slices.DeleteFunc(slices.Clone(c.Names), func(name string) bool { return chosen[name] != "" })
		if !mapped {
			c.Names = free
			columns = append(columns, c)
			continue
		}
		l.Aside = append(l.Aside, free...) // a person has decided against them
		if len(named[c.Field]) > 0 {
			c.Names, c.Required, c.chosen = named[c.Field], true, true
			columns = append(columns, c)
		}
	}
	l.Columns, l.Aside = columns, append(slices.DeleteFunc(l.Aside, func(name string) bool { return chosen[name] != "" }), named[Unread]...)
	return l, nil
}

// canonicalOfPath is the canonical form of a heading with its group before it.
func canonicalOfPath(s string) string {
	var b strings.Builder
	for _, part := range strings.Split(s, "/") {
		if !isUnit(part) || !strings.Contains(s, "/") {
			b.WriteString(canonical(part))
		}
	}
	return b.String()
}

func (l Layout) fields() []string {
	names := make([]string, len(l.Columns))
	for i, c := range l.Columns {
		names[i] = c.Field
	}
	return names
}

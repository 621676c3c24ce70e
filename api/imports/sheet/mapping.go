package sheet

import (
	"maps"
	"slices"
	"strings"

	"aftersales-ledger/domain"
)

// Unread is the name under which Layout.Map takes headings of columns that a
// person leaves unread; unreadTitle is what people call it.
const (
	Unread      = "unread"
	unreadTitle = "不读"
)

// Title is what people call a field, in Chinese; empty of one that the layout
// does not have.
func (l Layout) Title(field string) string {
	if field == Unread {
		return unreadTitle
	}
	c, _ := l.column(field)
	return c.Title
}

// ByField gives headings that are named by field or by title, as people name
// them, their fields. It refuses a name that the layout does not have, and two
// of one field.
func (l Layout) ByField(headings map[string]string) (map[string]string, error) {
	if headings == nil {
		return nil, nil
	}
	out, named := make(map[string]string, len(headings)), make(map[string]string, len(headings))
	for _, name := range slices.Sorted(maps.Keys(headings)) {
		field := Unread
		i := slices.IndexFunc(l.Columns, func(c Column) bool { return c.Field == name || c.Title == name })
		switch {
		case i >= 0:
			field = l.Columns[i].Field
		case name != Unread && name != unreadTitle:
			return nil, domain.Invalid("columns", domain.Clip(name), "unknown-column", "must be one of %v", "",
				append(titles(l.Columns), unreadTitle))
		}
		if other, twice := named[field]; twice {
			return nil, domain.Invalid("columns", name, "column-twice", "means the same as %s; name it once", "", other)
		}
		out[field], named[field] = headings[name], name
	}
	return out, nil
}

// Map returns the layout with headings of a person's choice: by field or title,
// the heading of the column that holds it, of a column in a group as GROUP/HEADING,
// of one without a heading its letters as G列, or several with | between, of
// which the first in the file is read. No other column is then read for the
// field, and the column for no other field. An empty heading leaves an optional
// field unread, and those under Unread are known to say nothing. It refuses a
// field that the layout does not have, and one heading for two fields.
func (l Layout) Map(headings map[string]string) (Layout, error) {
	headings, err := l.ByField(headings)
	if err != nil {
		return l, err
	}
	chosen := make(map[string]string, len(headings)) // canonical heading to field
	named := make(map[string][]string, len(headings))
	for _, field := range slices.Sorted(maps.Keys(headings)) {
		i := slices.IndexFunc(l.Columns, func(c Column) bool { return c.Field == field })
		for _, heading := range strings.Split(headings[field], "|") {
			name := canonicalOfPath(heading)
			switch {
			case name == "":
			case chosen[name] != "":
				return l, domain.Invalid("columns", domain.Clip(heading), "column-twice", "is the column of %s already", "",
					l.Title(chosen[name]))
			default:
				chosen[name] = field
				named[field] = append(named[field], name)
			}
		}
		if i >= 0 && len(named[field]) == 0 && l.Columns[i].Required {
			return l, domain.Invalid("columns", l.Title(field)+"="+domain.Clip(headings[field]), "heading-required",
				"must name a column of the file: a %s needs it", "", l.Name)
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
	l.Columns, l.Aside = columns, append(slices.DeleteFunc(l.Aside, func(name string) bool { return chosen[name] != "" }),
		named[Unread]...)
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

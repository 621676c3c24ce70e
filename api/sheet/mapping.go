package sheet

import (
	"maps"
	"slices"
	"strings"

	"aftersales-ledger/domain"
)

// Map returns the layout with headings of a person's choice: by field, the
// heading of the column that holds it. No other column is then read for the
// field, and the column for no other field. An empty heading leaves an optional
// field unread. It refuses a field that the layout does not have, and one
// heading for two fields.
func (l Layout) Map(headings map[string]string) (Layout, error) {
	chosen := make(map[string]string, len(headings)) // canonical heading to field
	for _, field := range slices.Sorted(maps.Keys(headings)) {
		i := slices.IndexFunc(l.Columns, func(c Column) bool { return c.Field == field })
		name := canonical(headings[field])
		switch {
		case i < 0:
			return l, domain.Invalid("columns", domain.Clip(field), "unknown-column", "must be one of %s", "", strings.Join(l.fields(), ", "))
		case name == "" && l.Columns[i].Required:
			return l, domain.Invalid("columns."+field, domain.Clip(headings[field]), "heading-required", "must name a column of the file: a %s needs it", "", l.Name)
		case name == "":
		case chosen[name] != "":
			return l, domain.Invalid("columns."+field, domain.Clip(headings[field]), "column-twice", "is the column of %s already", "", chosen[name])
		default:
			chosen[name] = field
		}
	}
	columns := make([]Column, 0, len(l.Columns))
	for _, c := range l.Columns {
		heading, mapped := headings[c.Field]
		switch {
		case mapped && canonical(heading) == "":
			continue
		case mapped:
			c.Names, c.Required = []string{canonical(heading)}, true
		default:
			c.Names = slices.DeleteFunc(slices.Clone(c.Names), func(name string) bool { return chosen[name] != "" })
		}
		columns = append(columns, c)
	}
	l.Columns = columns
	return l, nil
}

func (l Layout) fields() []string {
	names := make([]string, len(l.Columns))
	for i, c := range l.Columns {
		names[i] = c.Field
	}
	return names
}

package imports

import (
	"context"
	"maps"
	"slices"
	"strings"

	"aftersales-ledger/api/bank/bankfile"
	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/importlayout"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// BankStatements is the kind of bank statements among the kinds of lists; those
// that Run brings in are named by their reports.
const BankStatements = "bank-statements"

// layoutOf is what can be read of a kind of list.
var layoutOf = map[string]sheet.Layout{
	"charges": sheet.Charges, "fault-records": sheet.Faults, "catalogue": sheet.Catalogue, "counts": sheet.Counts, "users": sheet.Users, BankStatements: sheet.BankStatement,
}

// Title is what people call a field of a kind of list, in Chinese.
func Title(kind, field string) string { return layoutOf[kind].Title(field) }

// ListField is what a column of a kind of list can be read as.
type ListField struct {
	Field string `json:"field"`
	Title string `json:"title" doc:"What people call it, in Chinese"`
}

// Fields lists what a column of a kind of list can be read as, in the order of the
// form; the last is read as nothing.
func Fields(kind string) []ListField {
	l := layoutOf[kind]
	out := make([]ListField, 0, len(l.Columns)+1)
	for _, c := range l.Columns {
		out = append(out, ListField{Field: c.Field, Title: c.Title})
	}
	return append(out, ListField{Field: sheet.Unread, Title: l.Title(sheet.Unread)})
}

// NamedLayout is a mapping of headings under a name: one that the program knows
// of a bank, or one that a person has saved.
type NamedLayout struct {
	Name    string            `json:"name"`
	Aliases []string          `json:"aliases,omitempty" doc:"Other names of the same"`
	Columns map[string]string `json:"columns" doc:"Headings by field, as in columns of an import"`
	Of      string            `json:"of,omitempty" doc:"The bank of which this is a further form; an import under the bank's name takes the form that the file has"`
	Shipped bool              `json:"shipped" doc:"Comes with the program, and is of a bank or payment service; false: was saved"`
}

func (l NamedLayout) isNamed(name string) bool {
	same := func(n string) bool { return strings.EqualFold(n, name) }
	return same(l.Name) || slices.ContainsFunc(l.Aliases, same)
}

// Layouts lists the layouts of a kind of list: those that come with the program,
// then those that were saved.
func Layouts(ctx context.Context, l *ledger.Ledger, kind string) ([]NamedLayout, error) {
	all := shipped(kind)
	saved, err := l.ImportLayouts(ctx, kind)
	for _, s := range saved {
		all = append(all, NamedLayout{Name: s.Name, Columns: s.Columns})
	}
	return all, err
}

func shipped(kind string) []NamedLayout {
	all := []NamedLayout{}
	if kind == BankStatements {
		for _, b := range bankfile.Layouts() {
			all = append(all, NamedLayout{Name: b.Name, Aliases: b.Aliases, Of: b.Of, Columns: b.Columns, Shipped: true})
		}
	}
	return all
}

// Columns joins the columns of a named layout with those that a person names,
// which count more. Without a name it is the latter alone. A name that was saved
// before a layout of the same name came with the program is refused: nobody
// could tell which was read.
func Columns(
	ctx context.Context, l *ledger.Ledger, kind, name string, columns map[string]string,
) (map[string]string, error) {
	columns, err := layoutOf[kind].ByField(columns)
	if name == "" || err != nil {
		return columns, err
	}
	all, err := Layouts(ctx, l, kind)
	if err != nil {
		return nil, err
	}
	var found []NamedLayout
	for _, layout := range all {
		if layout.isNamed(name) {
			found = append(found, layout)
		}
	}
	switch {
	case len(found) > 1:
		return nil, domain.Invalid("layout", domain.Clip(name), "layout-twice",
			"is the name of a layout that comes with the program and of one that was saved before; save the latter under another name", "")
	case len(found) == 0 && len(all) == 0:
		return nil, domain.Invalid("layout", domain.Clip(name), "unknown-layout",
			"must have been saved, and none is for this kind of list; name the columns (columns), and save them as a layout", "")
	case len(found) == 0:
		return nil, domain.Invalid("layout", domain.Clip(name), "unknown-layout",
			"must be one of %v; of a list of another form name the columns (columns), and save them as a layout", "",
			layoutNames(all))
	}
	joined := maps.Clone(found[0].Columns)
	maps.Copy(joined, columns)
	return joined, nil
}

// FileColumns is Columns for one file: a bank that exports several forms names
// them all, and the columns are those of the form that the file has.
func FileColumns(
	ctx context.Context, l *ledger.Ledger, kind, name string, file []byte, o sheet.Options,
) (map[string]string, error) {
	columns, err := Columns(ctx, l, kind, name, o.Columns)
	if name == "" || err != nil || kind != BankStatements {
		return columns, err
	}
	o.Columns, _ = layoutOf[kind].ByField(o.Columns) // checked by Columns
	for _, b := range bankfile.Layouts() {
		if (NamedLayout{Name: b.Name, Aliases: b.Aliases}).isNamed(name) {
			columns = maps.Clone(bankfile.FormOf(file, o, b).Columns)
			maps.Copy(columns, o.Columns)
		}
	}
	return columns, nil
}

func layoutNames(all []NamedLayout) []string {
	out := make([]string, len(all))
	for i, l := range all {
		out[i] = strings.Join(append([]string{l.Name}, l.Aliases...), " ")
	}
	return out
}

// SaveLayout saves a mapping for a kind of list under a name. It refuses fields
// that such a list does not have, and the name of a layout that comes with the
// program.
func SaveLayout(
	ctx context.Context, l *ledger.Ledger, r ledger.Request, c importlayout.Save,
) (eventstore.Outcome, error) {
	columns, err := layoutOf[c.Kind].ByField(c.Columns)
	if err == nil {
		_, err = layoutOf[c.Kind].Map(columns)
	}
	if err != nil {
		return eventstore.Outcome{}, err
	}
	c.Columns = columns
	for _, known := range shipped(c.Kind) {
		if known.isNamed(c.Name) {
			return eventstore.Outcome{}, domain.Conflict("name", domain.Clip(c.Name), "layout-shipped",
				"is the name of a layout that comes with the program (%s); save this one under another name", "", known.Name)
		}
	}
	return ledger.Do(ctx, l, r, c, ledger.Dateless((*importlayout.Layouts).Save))
}

package intake

import (
	"context"
	"strings"

	"aftersales-ledger/api/imports"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain/importlayout"
)

type saveLayoutBody struct {
	Name    string            `json:"name" maxLength:"60" example:"万科表" doc:"Unique for the kind of list, whatever its case; one that was saved before is replaced, and the name of one that comes with the program is refused"`
	Columns map[string]string `json:"columns,omitempty" example:"{\"amount\":\"收费情况/总价\"}" doc:"Headings by field, as in columns of an import"`
	Layout  string            `json:"layout,omitempty" maxLength:"60" doc:"Name of a layout to start from; columns count more"`
}

type layoutsInput struct {
	After uint64 `query:"after" doc:"Accepted as by every question; layouts are read from the log itself and are never behind"`
}

// LayoutsBody lists the layouts of a kind of list.
type LayoutsBody struct {
	Kind   string                `json:"kind"`
	Fields []imports.ListField   `json:"fields" doc:"What a column can be read as, in the order of the form"`
	Rows   []imports.NamedLayout `json:"rows" doc:"Those that come with the program, then those that were saved, by name"`
}

// importLayouts keeps the layouts of a kind of list for who may import it.
func (s *service) importLayouts(kind string, may *kit.Action) {
	path, id := "/v1/imports/"+kind+"/layouts", strings.TrimSuffix(kind, "s")
	kit.Command(s.Service, path, "save-"+id+
		"-layout", "Save the headings of a list under a name, to import the next one with (layout)", may,
		func(ctx context.Context, in *kit.CommandInput[saveLayoutBody]) (kit.Receipt, error) {
			columns, err := imports.Columns(ctx, s.Ledger(ctx), kind, in.Body.Layout, in.Body.Columns)
			if err != nil {
				return kit.Receipt{}, err
			}
			o, err := imports.SaveLayout(ctx, s.Ledger(ctx), in.Request(ctx),
				importlayout.Save{Kind: kind, Name: in.Body.Name, Columns: columns})
			return kit.ReceiptOf(in.Body.Name, o), err
		})
	kit.TaggedQuery(s.Service, path, "list-"+id+"-layouts", "The layouts under which a list may be imported", may,
		func(*layoutsInput) string { return importlayout.Stream(kind) },
		func(ctx context.Context, _ *layoutsInput) (out LayoutsBody, err error) {
			out.Kind, out.Fields = kind, imports.Fields(kind)
			out.Rows, err = imports.Layouts(ctx, s.Ledger(ctx), kind)
			return out, err
		})
}

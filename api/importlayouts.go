package api

import (
	"context"
	"encoding/json"
	"strings"

	"aftersales-ledger/api/imports"
	"aftersales-ledger/domain"
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
	Kind string                `json:"kind"`
	Rows []imports.NamedLayout `json:"rows" doc:"Those that come with the program, then those that were saved, by name"`
}

// importLayouts keeps the layouts of a kind of list for who may import it.
func (s *server) importLayouts(kind string, roles []domain.Role) {
	path, id := "/v1/imports/"+kind+"/layouts", strings.TrimSuffix(kind, "s")
	command(s, path, "save-"+id+"-layout", "Save the headings of a list under a name, to import the next one with (layout)", roles,
		func(ctx context.Context, in *commandInput[saveLayoutBody]) (Receipt, error) {
			columns, err := imports.Columns(ctx, s.deps.Ledger, kind, in.Body.Layout, in.Body.Columns)
			if err != nil {
				return Receipt{}, err
			}
			o, err := imports.SaveLayout(ctx, s.deps.Ledger, in.request(ctx), importlayout.Save{Kind: kind, Name: in.Body.Name, Columns: columns})
			return receipt(in.Body.Name, o), err
		})
	query(s, path, "list-"+id+"-layouts", "The layouts under which a list may be imported", roles,
		func(ctx context.Context, _ *layoutsInput) (out LayoutsBody, err error) {
			out.Kind = kind
			out.Rows, err = imports.Layouts(ctx, s.deps.Ledger, kind)
			return out, err
		})
}

// columnsOf are the headings that a request names, itself and by a layout.
func (s *server) columnsOf(ctx context.Context, kind, layout, columns string) (map[string]string, error) {
	named, err := readColumns(columns)
	if err != nil {
		return nil, err
	}
	return imports.Columns(ctx, s.deps.Ledger, kind, layout, named)
}

func readColumns(s string) (columns map[string]string, err error) {
	if s == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(s), &columns); err != nil {
		return nil, domain.Invalid("columns", domain.Clip(s), "bad-columns", `must be a JSON object of headings by field, such as {"reference":"业务编号"}`, "")
	}
	return columns, nil
}

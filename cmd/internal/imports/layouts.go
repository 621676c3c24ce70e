package imports

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	lists "aftersales-ledger/api/imports"
	intakeapi "aftersales-ledger/api/intake"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/domain/names"
)

func layouts(kind string) string { return "/v1/imports/" + kind + "/layouts" }

// PrintLayouts writes the layouts under which a kind of list may be imported.
func PrintLayouts(ctx context.Context, c *client.Client, w io.Writer, kind string) error {
	say := c.Language
	var body intakeapi.LayoutsBody
	if err := c.Fetch(ctx, client.Request{Method: http.MethodGet, Path: layouts(kind)}, &body); err != nil {
		return err
	}
	t := newTable(w, say.Label("版式 Layouts")+" · "+wording.Code(say, names.ImportKind(kind)))
	t.AppendHeader(heads(say, "名称\nname", "来源\nfrom", "列\ncolumns"))
	t.SetColumnConfigs([]table.ColumnConfig{{Number: 3, WidthMax: 80, WidthMaxEnforcer: text.WrapSoft}})
	for _, l := range body.Rows {
		from := say.Label("已存 saved")
		if l.Shipped {
			from = say.Label("自带 shipped")
		}
		var columns []string
		for _, field := range slices.Sorted(maps.Keys(l.Columns)) {
			columns = append(columns, say.Column(lists.Title(kind, field), field)+"="+l.Columns[field])
		}
		t.AppendRow(table.Row{strings.Join(append([]string{l.Name}, l.Aliases...), " "), from, strings.Join(columns, "  ")})
	}
	t.Render()
	return nil
}

// SaveLayout saves columns under a name, joined with those of a layout where one
// is named. Each call is a command of its own: a mapping that was replaced may
// come back.
func SaveLayout(ctx context.Context, c *client.Client, kind, name, layout string, columns map[string]string) error {
	body, err := json.Marshal(map[string]any{"name": name, "layout": layout, "columns": columns})
	if err != nil {
		return err
	}
	var receipt kit.Receipt
	return c.Fetch(ctx,
		client.Request{Method: http.MethodPost, Path: layouts(kind), Key: "save-layout-" + rand.Text(), Body: body}, &receipt)
}

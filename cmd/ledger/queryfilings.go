package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	filingsapi "aftersales-ledger/api/filings"
	filingsviews "aftersales-ledger/projections/filings"
)

type filingsCmd struct {
	sortable
	Month   string `arg:"" optional:"" help:"Month, such as 2025-09. Default: the present one."`
	Project string `help:"Only this project."`
	Form    string `help:"Only this form: F1, F3 or F4."`
	State   string `help:"Only these: DUE, MISSING, NIL, FILED or RETURNED."`
	Missing bool   `help:"Only those to be chased for: overdue and not filed, or returned and not filed anew."`
	Late    bool   `help:"Only those filed late."`
}

func (r filingsCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"month": r.Month, "project": r.Project, "form": r.Form, "state": r.State})
	for name, set := range map[string]bool{"missing": r.Missing, "late": r.Late} {
		if set {
			params.Set(name, "true")
		}
	}
	return ask(ctx, c, r.single, "/v1/filings", params, func(b *filingsapi.FilingsBody) error {
		var rows, totals []table.Row
		for _, v := range b.Rows {
			late := ""
			if v.Late {
				late = c.label("迟 late")
			}
			rows = append(rows,
				table.Row{
					v.Project, v.Name, v.Region, v.Form, word(c, v.State), late, v.DaysOver,
					versionText(c, v), c.person(v.FiledBy), v.Entries, v.Total, word(c, v.Awaits), tick(v.Sent),
					strings.Join(v.Team, ", "),
				})
		}
		for _, t := range b.Totals {
			totals = append(totals,
				table.Row{
					t.Region, t.Form, t.Owed, t.Filed, t.Nil, t.Late, t.Missing, t.Sent, t.Entries, t.Total,
				})
		}
		c.grid(c.title("月度报表 Filings", b.Basis, b.Month, "·", c.label("期限 due"),
			b.DueOn), table.Row{"项目\nproject", "名称\nname", "区域\nregion", "表\nform", "状态\nstate", "迟报\nlate",
			"逾期天数\ndays over", "填报\nfiled", "填报人\nby", "条数\nentries", "金额\ntotal", "待\nawaits", "已送\nsent",
			"班组\nteam"}, rows, nil, 7, 10, 11)
		c.grid(c.label("汇总 Totals"),
			table.Row{
				"区域\nregion", "表\nform", "应报\nowed", "已报\nfiled", "零报\nnil", "迟报\nlate", "缺报\nmissing", "已送\nsent", "条数\nentries",
				"金额\ntotal",
			}, totals, nil, 3, 4, 5, 6, 7, 8, 9, 10)
		return nil
	})
}

// versionText says when the version that stands was filed, and, where it is not
// the first, when that was.
func versionText(c *cli, v filingsviews.FilingRow) string {
	if v.Version == nil || *v.Version < 2 {
		return v.FiledOn.String()
	}
	return fmt.Sprintf("%s\n%s %d, %s %s", v.FiledOn, c.label("版本 version"), *v.Version, c.label("首报 first"), v.FirstFiled)
}

package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	partsapi "aftersales-ledger/api/parts"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/projections/match"
)

type findingsCmd struct {
	sortable
	Project      string   `help:"Only this project."`
	Part         string   `help:"Only this part."`
	Month        string   `help:"Only this month's, such as 2025-06."`
	Class        []string `help:"Only these classes, such as ISSUE_NO_FAULT."`
	Status       []string `help:"OPEN, EXPLAINED, ADJUSTED, ACCEPTED or CLEARED. Default: OPEN."`
	Owner        string   `help:"Only what this person or role looks into."`
	ClearedSince string   `help:"With CLEARED: what stood at this moment and is gone."`
	History      string   `help:"The life of the finding of this key, and nothing else." placeholder:"KEY"`
}

func (r findingsCmd) Run(ctx context.Context, c *cli) error {
	if r.History != "" {
		return r.history(ctx, c)
	}
	params := r.params(map[string]string{
		"project": r.Project, "part": r.Part, "month": r.Month, "owner": r.Owner, "clearedSince": r.ClearedSince,
	})
	for _, v := range r.Class {
		params.Add("class", v)
	}
	for _, v := range r.Status {
		params.Add("status", v)
	}
	return ask(ctx, c, r.single, "/v1/findings", params, func(b *partsapi.FindingsBody) error {
		var rows, totals []table.Row
		for _, v := range b.Rows {
			rows = append(rows,
				table.Row{
					v.Key, word(c, v.Status), c.ownerOf(v.Owner), v.AgeDays, v.Quantity, v.Value,
					c.said(v.Chinese, v.English),
				})
		}
		for _, v := range b.Totals {
			totals = append(totals, table.Row{word(c, v.Class), v.Findings, v.Quantity, v.Value})
		}
		c.grid(c.title("配件差异 Findings",
			b.Basis), table.Row{"编号\nkey", "状态\nstatus", "责任人\nowner", "天数\ndays", "数量\nquantity", "金额\nvalue",
			"差异\nwhat is wrong"}, rows, nil, 4, 5, 6)
		if b.Value != nil {
			c.grid(c.label("汇总 Totals"), table.Row{"类别\nclass", "件数\nfindings", "数量\nquantity", "金额\nvalue"}, totals,
				table.Row{c.label("合计 total"), "", "", b.Value}, 2, 3, 4)
		}
		if b.NoCatalogue != "" {
			fmt.Println(b.NoCatalogue)
		}
		if t := b.TieOut; t != nil {
			fmt.Printf(c.label("出库%s＝相符%s＋有差异%s %s issued %s = matched %s + in findings %s %s")+"\n", issued(c, t.Issued),
				issued(c, t.Matched), issued(c, t.Found), tick(t.Ties))
		}
		return nil
	})
}

// issued says units by their slips and value, and by their number where they are
// of one part.
func issued(c *cli, u match.Units) string {
	text := fmt.Sprintf(c.label("%d张单、%s元 %d slips / %s"), u.Slips, money.Group(u.Value.String()))
	if u.Quantity != nil {
		text = fmt.Sprintf(c.label("%s件、%s %s / %s"), u.Quantity, text)
	}
	return text
}

func (r findingsCmd) history(ctx context.Context, c *cli) error {
	return askOne(ctx, c, r.single, "/v1/findings/history", map[string]string{
		"key": r.History, "region": r.Region, "sort": r.Sort, // which it refuses
	}, func(b *partsapi.FindingHistoryBody) error {
		var rows []table.Row
		for _, s := range b.Steps {
			rows = append(rows,
				table.Row{
					inFull(s.At), word(c, names.FindingStep(s.Step)), c.person(s.By), s.Quantity, s.Value, word(c, s.Status),
					strings.TrimSpace(s.Owner + " " + s.Reason + " " + strings.Join(s.Evidence, " ")),
				})
		}
		c.grid(c.title(string(b.Finding.Key), b.Basis, "·",
			c.said(b.Finding.Chinese,
				b.Finding.English)), table.Row{"时间\nat", "步骤\nstep", "何人\nby", "数量\nquantity", "金额\nvalue", "状态\nstatus",
			"说明\nreason"}, rows, nil, 4, 5)
		return nil
	})
}

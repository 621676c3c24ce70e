package main

import (
	"context"

	"github.com/jedib0t/go-pretty/v6/table"

	moneyapi "aftersales-ledger/api/money"
)

type chargeListCmd struct {
	question
	Center             string `help:"Only this center."`
	Project            string `help:"Only this project."`
	Posted             string `help:"Only this accounting quarter, such as 2025Q2."`
	Open               bool   `help:"Only those of which something is open."`
	Late               bool   `help:"Only those posted to a later quarter than their own."`
	PossibleDuplicates bool   `help:"Only those that look like an earlier charge of the center and were not taken back in full."`
}

func (r chargeListCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"center": r.Center, "project": r.Project, "posted": r.Posted})
	for name, set := range map[string]bool{
		"openOnly": r.Open, "lateOnly": r.Late, "possibleDuplicates": r.PossibleDuplicates,
	} {
		if set {
			params.Set(name, "true")
		}
	}
	return ask(ctx, c, r.question, "/v1/charges", params, func(b *moneyapi.ChargesBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			rows = append(rows, table.Row{v.Center, v.Charge, v.Project, v.Room, v.Service, v.Ticket, v.OccurredOn, v.Posted,
				v.DueOn,
				v.Gross, v.Paid, v.Credited, v.Transferred, v.WrittenOff, v.Open, v.PossibleDuplicateOf})
		}
		ties := "" // who does not see what a center owes sees no proof of it
		if b.Ties != nil {
			ties = tick(*b.Ties)
		}
		c.grid(c.title("收费 Charges",
			b.Basis), table.Row{"中心\ncenter", "单据\ncharge", "项目\nproject", "房号\nroom", "服务\nservice", "工单\nticket",
			"日期\non", "入账\nposted", "到期\ndue", "金额\ngross", "－回款\npaid", "－红冲\ncredited", "－转出\nout", "－坏账转销\nwritten off", "＝未收\nopen",
			"疑似重复\nlooks like"}, rows,
			table.Row{
				"", c.label("合计 total"), "", "", "", "", "", "", "", b.Gross, b.Paid, b.Credited, b.Transferred, b.WrittenOff,
				b.Open, ties,
			},
			10, 11, 12, 13, 14, 15)
		return nil
	})
}

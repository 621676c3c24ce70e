package main

import (
	"context"
	"net/url"
)

type monthPackCmd struct {
	connection
	Region  string `arg:"" help:"Region, such as 华东."`
	Month   string `arg:"" help:"Month, such as 2025-06."`
	Out     string `arg:"" help:"File to write: .xlsx for a worksheet, .pdf or .html for pages to print." type:"path"`
	AsOf    string `help:"Business date, such as 2025-06-30. Default: the end of the month, or today while it runs."`
	KnownAt string `help:"Moment of knowledge, such as 2025-07-15T00:00:00+08:00. Default: now."`
}

func (monthPackCmd) Help() string {
	return `What the tech group lead gets of a region's month: the fault record F1 line by
line with its issues and who verified it when, issues and returns, what does not
match, and the stock from opening to closing with its counts.

  ledger month-pack 华东 2025-06 核对包.xlsx`
}

func (m monthPackCmd) Run(ctx context.Context, c *cli) error {
	params := url.Values{"region": {m.Region}, "month": {m.Month}}
	for name, value := range map[string]string{"asOf": m.AsOf, "knownAt": m.KnownAt} {
		if value != "" {
			params.Set(name, value)
		}
	}
	return writePaper(ctx, c, m.connection, "/v1/parts/month-pack", params, m.Out)
}

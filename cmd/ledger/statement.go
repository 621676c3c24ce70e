package main

import (
	"context"
	"net/url"
	"strconv"
)

type statementCmd struct {
	connection
	Center  string `arg:"" help:"Property center, such as C01."`
	Quarter string `arg:"" help:"Quarter, such as 2025Q2."`
	Out     string `arg:"" help:"File to write: .xlsx for a worksheet, .pdf or .html for a page to print." type:"path"`
	Version int    `help:"Version. Default: the last that was issued."`
	Draft   bool   `help:"What the next version would be now."`
}

func (statementCmd) Help() string {
	return `The statement (对账单) as it is put to the center: opening balance, lines with
running balance, late items with the quarter they belong to, dispute marks, the
closing balance in figures and capitals (大写), ageing, and the boxes for the reply.

  ledger statement C01 2025Q2 对账单.xlsx
  ledger statement C01 2025Q2 对账单.pdf
  ledger statement C01 2025Q3 draft.html --draft

A version that was issued reads the same for ever; its SHA-256 stands below it.
Those of a whole region, as one PDF or an archive: ledger form statements-region.
Every other paper: ledger form.`
}

func (s statementCmd) Run(ctx context.Context, c *cli) error {
	params := url.Values{"draft": {strconv.FormatBool(s.Draft)}}
	if s.Version != 0 {
		params.Set("version", strconv.Itoa(s.Version))
	}
	return writePaper(ctx, c, s.connection,
		"/v1/centers/"+url.PathEscape(s.Center)+"/statements/"+url.PathEscape(s.Quarter)+"/form", params, s.Out)
}

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

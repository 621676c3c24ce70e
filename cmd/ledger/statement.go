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

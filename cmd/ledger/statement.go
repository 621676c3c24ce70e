package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"aftersales-ledger/cmd/client"
)

type statementCmd struct {
	connection
	Center  string `arg:"" help:"Property center, such as C01."`
	Quarter string `arg:"" help:"Quarter, such as 2025Q2."`
	Out     string `arg:"" help:"File to write: .xlsx for a worksheet, .html for a page to print." type:"path"`
	Version int    `help:"Version. Default: the last that was issued."`
	Draft   bool   `help:"What the next version would be now."`
}

func (statementCmd) Help() string {
	return `The statement (对账单) as it is put to the center: opening balance, lines with
running balance, late items with the quarter they belong to, dispute marks, the
closing balance in figures and capitals (大写), ageing, and the boxes for the reply.

  ledger statement C01 2025Q2 对账单.xlsx
  ledger statement C01 2025Q3 draft.html --draft

A version that was issued reads the same for ever; its SHA-256 stands below it.`
}

func (s statementCmd) Run(ctx context.Context, c *cli) error {
	format := strings.TrimPrefix(strings.ToLower(filepath.Ext(s.Out)), ".")
	if format != "xlsx" && format != "html" {
		return fmt.Errorf("%s: must end in .xlsx or .html", s.Out)
	}
	cl, release, err := s.connect(ctx, c)
	if err != nil {
		return err
	}
	params := url.Values{"format": {format}, "draft": {strconv.FormatBool(s.Draft)}}
	if s.Version != 0 {
		params.Set("version", strconv.Itoa(s.Version))
	}
	paper, err := cl.Download(ctx, client.Request{
		Method: http.MethodGet, Path: "/v1/centers/" + url.PathEscape(s.Center) + "/statements/" + url.PathEscape(s.Quarter) + "/form?" + params.Encode(),
	})
	if err := errors.Join(err, release()); err != nil {
		return err
	}
	if err := os.WriteFile(s.Out, paper, 0o644); err != nil {
		return err
	}
	_, err = fmt.Println(s.Out)
	return err
}

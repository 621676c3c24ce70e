package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"

	"github.com/jedib0t/go-pretty/v6/table"

	workapi "aftersales-ledger/api/work"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/cmd/internal/policyfile"
	"aftersales-ledger/domain/policy"
)

type policyCmd struct {
	connection
	On    string `help:"Date on which it is in force. Default: today."`
	JSON  bool   `help:"Print the API's answer instead of a table."`
	Write string `help:"Write the procedure's table to a file to edit, and do nothing else." type:"path" placeholder:"FILE" xor:"file"`
	Check string `help:"Check a file and print its table, and do nothing else." type:"path" placeholder:"FILE" xor:"file"`
}

func (policyCmd) Help() string {
	return `The service table of §5.4 says what service is owed and who bears its cost, by
warranty and by where the team is. A department may put a table of its own in
force; what was owed before stays as it was. The same file says how often a notice
is tried again that a mail server does not take; it may hold that alone.

  ledger policy                       the table in force
  ledger policy --write table.yaml    the procedure's, as a file to edit
  ledger policy --check table.yaml    line and reason of what is wrong with it
  ledger serve --policy table.yaml    puts it in force`
}

func (p policyCmd) Run(ctx context.Context, c *cli) error {
	switch {
	case p.Write != "":
		if err := os.WriteFile(p.Write, policyfile.Write(policyfile.File{
			Table: policy.DefaultTable().Text(), Notices: policy.Default().Notices,
		}), 0o644); err != nil {
			return err
		}
		_, err := fmt.Println(p.Write)
		return err
	case p.Check != "":
		f, err := policyfile.Read(p.Check)
		if err != nil {
			return err
		}
		defer c.printNoticeRules(f.Notices.FirstRetry.String(), f.Notices.LongestRetry.String(),
			f.Notices.GiveUpAfter.String(), f.Notices.WaitForAll)
		if !f.HasTable() {
			return nil
		}
		whole, err := f.Table.Table()
		if err != nil {
			return err
		}
		from := f.EffectiveFrom.String()
		if from == "" {
			from = c.label("首次使用之日 its first use")
		}
		c.printTable(fmt.Sprintf("%s · %s %s", f.Table.Version, c.label("生效 in force from"), from), whole.Text())
		return nil
	}
	cl, release, err := p.connect(ctx, c)
	if err != nil {
		return err
	}
	raw, err := cl.Download(ctx,
		client.Request{Method: http.MethodGet, Path: "/v1/service-table?" + url.Values{"on": {p.On}}.Encode()})
	if err := errors.Join(err, release()); err != nil {
		return err
	}
	if p.JSON {
		_, err := fmt.Println(string(raw))
		return err
	}
	var b workapi.ServiceTableAnswer
	if err := json.Unmarshal(raw, &b); err != nil {
		return err
	}
	version := c.label("本制度 the procedure's own")
	if b.Version != "" {
		version = fmt.Sprintf("%s · %s %s", b.Version, c.label("生效 in force from"), b.EffectiveFrom)
	}
	text := policy.TableText{Version: b.Version, HandoverMonths: b.HandoverMonths}
	for _, r := range b.Rows {
		text.Rows = append(text.Rows, policy.RowText(r))
	}
	c.printTable(fmt.Sprintf("%s · %s %s", version, c.label("截至 on"), b.On), text)
	c.printNoticeRules(b.Notices.FirstRetry, b.Notices.LongestRetry, b.Notices.GiveUpAfter, b.Notices.WaitForAll)
	return nil
}

func (c *cli) printNoticeRules(first, longest, giveUp string, waitForAll int) {
	c.grid(c.label("通知重发 Notices that a mail server does not take"), table.Row{"首次重试\nfirst retry", "最长间隔\nlongest wait",
		"放弃\ngiven up after",
		"等齐收件人\nattempts for all"}, []table.Row{{first, longest, giveUp, waitForAll}}, nil, 4)
}

func (c *cli) printTable(heading string, t policy.TableText) {
	var rows []table.Row
	for _, r := range t.Rows {
		rows = append(rows,
			table.Row{r.Clause, r.Warranty, r.Team, r.Response, r.Visits, r.OnSite, r.Cost, r.Travel, r.Support})
	}
	c.grid(fmt.Sprintf("%s · %s · %s %d", c.label("服务标准 Service table"), heading, c.label("移交提前（月） handover, months"),
		t.HandoverMonths),
		table.Row{
			"条款\nclause", "保修\nwarranty", "班组\nteam", "紧急到场\nresponse", "例行巡检\nvisits", "驻场\non site", "费用\ncost", "差旅\ntravel",
			"支持\nsupport",
		}, rows, nil)
}

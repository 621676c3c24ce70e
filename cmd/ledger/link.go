package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/jedib0t/go-pretty/v6/table"

	moneyapi "aftersales-ledger/api/money"
	"aftersales-ledger/cmd/internal/client"
)

type linkCmd struct {
	List   linkListCmd   `cmd:"" help:"List the links to a statement that are good."`
	Revoke linkRevokeCmd `cmd:"" help:"End the links to a statement, with what they have opened."`
}

func (linkCmd) Help() string {
	return `The mail that issues a statement, or reminds of it, carries a link for the head of the
center. The regional admin sees to those that are good; their secrets are kept nowhere.

  ledger link list C01 2025Q4
  ledger link revoke C01 2025Q4 --reason 负责人已更换`
}

// ofStatement names whose links are meant.
type ofStatement struct {
	connection
	Center  string `arg:"" help:"Property center, such as C01."`
	Quarter string `arg:"" help:"Quarter, such as 2025Q2."`
}

func (s ofStatement) links() string {
	return "/v1/centers/" + url.PathEscape(s.Center) + "/statements/" + url.PathEscape(s.Quarter) + "/links"
}

type linkListCmd struct{ ofStatement }

func (l linkListCmd) Run(ctx context.Context, c *cli) error {
	var list moneyapi.StatementLinksBody
	if err := l.call(ctx, c, client.Request{Method: http.MethodGet, Path: l.links()}, nil, &list); err != nil {
		return err
	}
	var rows []table.Row
	for _, k := range list.Links {
		rows = append(rows, table.Row{k.Link, k.Login, k.Mail, k.Version, k.MadeAt, k.Opened, k.Until})
	}
	c.grid(fmt.Sprintf("%s %s %s", c.label("对账单链接 Links to the statement"), l.Center, l.Quarter), table.Row{
		"编号\nid", "登录名\nlogin", "邮箱\nmail", "版本\nversion", "寄出\nmade", "最近打开\nopened", "有效至\nuntil",
	}, rows, nil, 4)
	return nil
}

type linkRevokeCmd struct {
	ofStatement
	Reason string `required:"" help:"Why."`
}

func (l linkRevokeCmd) Run(ctx context.Context, c *cli) error {
	var out moneyapi.RevokedLinksBody
	err := l.call(ctx, c, client.Request{Method: http.MethodPost, Path: l.links() + "/revocation"}, reason(l.Reason), &out)
	if err != nil {
		return err
	}
	_, err = fmt.Println(l.Center, l.Quarter+":", c.label("已撤销的链接 links revoked:"), out.Revoked)
	return err
}

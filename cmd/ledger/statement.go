package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	moneyapi "aftersales-ledger/api/money"
	papersapi "aftersales-ledger/api/papers"
	"aftersales-ledger/cmd/internal/client"
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

type paperReplyCmd struct {
	connection
	Center   string   `arg:"" help:"Property center, such as C01."`
	Quarter  string   `arg:"" help:"Quarter, such as 2025Q2."`
	Scan     string   `arg:"" help:"Scan of the stamped paper: PDF, PNG or JPEG." type:"existingfile"`
	Version  int      `required:"" help:"Version of the statement, as the paper says."`
	Signer   string   `required:"" help:"Who signed it."`
	SignedOn string   `required:"" help:"Date on the paper, such as 2026-01-14."`
	Dispute  []string `help:"A charge that the paper does not agree to, with its reason: SF-1=未施工. All others are confirmed." placeholder:"CHARGE=REASON" sep:"none"`
}

func (paperReplyCmd) Help() string {
	return `A center's answer on its stamped paper (盖章回函), entered by the regional admin: the
scan is kept with it, and the statement, its list and its paper show that it came so, who signed and
who entered it.

  ledger paper-reply C01 2025Q4 回函.pdf --version 1 --signer 郑主任 --signed-on 2026-01-14 --dispute SF-3=未施工`
}

func (p paperReplyCmd) Run(ctx context.Context, c *cli) (err error) {
	scan, err := os.ReadFile(p.Scan)
	if err != nil {
		return err
	}
	type dispute struct {
		Charge string `json:"charge"`
		Reason string `json:"reason"`
	}
	var disputes []dispute
	for _, text := range p.Dispute {
		charge, reason, ok := strings.Cut(text, "=")
		if !ok {
			return c.errorf("--dispute %q：须写作 收费编号=理由 --dispute %q: must be CHARGE=REASON", text)
		}
		disputes = append(disputes, dispute{strings.TrimSpace(charge), reason})
	}
	cl, release, err := p.connect(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	key := "paper-reply-" + rand.Text()
	raw, err := cl.Download(ctx, client.Request{
		Method: http.MethodPost, Path: "/v1/attachments?name=" + url.QueryEscape(filepath.Base(p.Scan)), Key: key,
		ContentType: http.DetectContentType(scan), Body: scan,
	})
	if err != nil {
		return err
	}
	var kept papersapi.AttachmentReceipt
	if err := json.Unmarshal(raw, &kept); err != nil {
		return err
	}
	body, err := json.Marshal(map[string]any{
		"version": p.Version, "signer": p.Signer, "signedOn": p.SignedOn, "scan": kept.SHA256, "disputes": disputes,
	})
	if err != nil {
		return err
	}
	path := "/v1/centers/" + url.PathEscape(p.Center) + "/statements/" + url.PathEscape(p.Quarter) + "/paper-reply"
	if _, err := cl.Download(ctx, client.Request{Method: http.MethodPost, Path: path, Key: key, Body: body}); err != nil {
		return err
	}
	return c.became(p.Center+" "+p.Quarter, c.label("已录入 entered"))
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
	return c.became(l.Center+" "+l.Quarter, fmt.Sprintf(c.label("已撤销%d个链接 links revoked: %d"), out.Revoked))
}

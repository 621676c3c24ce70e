package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"aftersales-ledger/api/hooks"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/names"
)

type webhookCmd struct {
	Add         webhookAddCmd         `cmd:"" help:"Have a program told what happens, and print the secret that signs it, once."`
	List        webhookListCmd        `cmd:"" help:"List webhooks, how far each has come, and what is wrong with it."`
	Remove      webhookRemoveCmd      `cmd:"" help:"End a webhook, with what it could not deliver."`
	Secret      webhookSecretCmd      `cmd:"" help:"Give a webhook a new secret and print it, once; the one before signs along for a day."`
	Pause       webhookPauseCmd       `cmd:"" help:"Stop a webhook where it stands."`
	Resume      webhookResumeCmd      `cmd:"" help:"Have a webhook go on where it stopped."`
	Undelivered webhookUndeliveredCmd `cmd:"" help:"List what a webhook could not deliver and gave up."`
	Resend      webhookResendCmd      `cmd:"" help:"Send messages again that were given up, once and now."`
}

func (webhookCmd) Help() string {
	return `A webhook tells what its owner may know, in the role in which they registered it: it
belongs to a user, whom --as names, or to the owner of --token. The machine's owner
sees to everybody's.

  ledger webhook add https://erp.example.com/hooks --as wang.fang --role finance --type StatementConfirmed
  ledger webhook list
  ledger webhook undelivered ID
  ledger webhook resend ID MESSAGE`
}

// ofHook is the path of a webhook, and of what is below it.
func ofHook(id, what string) string { return "/v1/webhooks/" + url.PathEscape(id) + what }

// call makes one call, with a body where there is one, and decodes its answer.
func (n connection) call(ctx context.Context, c *cli, r client.Request, body, answer any) (err error) {
	if body != nil {
		if r.Body, err = json.Marshal(body); err != nil {
			return err
		}
	}
	if r.Method == http.MethodPost {
		r.Key = rand.Text()
	}
	cl, release, err := n.connect(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	return cl.Fetch(ctx, r, answer)
}

type webhookAddCmd struct {
	connection
	URL  string   `arg:"" help:"Address that is posted to, such as https://erp.example.com/hooks."`
	Type []string `help:"Types of events, such as StatementConfirmed. Default: all that its owner may know of." placeholder:"TYPE"`
	Note string   `help:"What it is for, as lists show it."`
}

func (w webhookAddCmd) Run(ctx context.Context, c *cli) error {
	var hook hooks.HookBody
	err := w.call(ctx, c, client.Request{Method: http.MethodPost, Path: "/v1/webhooks"},
		map[string]any{"url": w.URL, "types": w.Type, "note": w.Note}, &hook)
	if err != nil {
		return err
	}
	return c.printSecret(hook)
}

func (c *cli) printSecret(hook hooks.HookBody) error {
	_, err := fmt.Printf("%s %s\n%s %s\n", c.label("推送 webhook"), hook.ID,
		c.label("密钥（仅显示一次） secret, shown this once:"), hook.Secret)
	return err
}

type webhookListCmd struct{ connection }

func (w webhookListCmd) Run(ctx context.Context, c *cli) error {
	var list hooks.HooksBody
	if err := w.call(ctx, c, client.Request{Method: http.MethodGet, Path: "/v1/webhooks"}, nil, &list); err != nil {
		return err
	}
	c.printHooks(list.Rows...)
	return nil
}

func (c *cli) printHooks(list ...hooks.HookBody) {
	var rows []table.Row
	for _, h := range list {
		rows = append(rows, table.Row{
			h.ID, h.URL, strings.Join(h.Types, "\n"), h.Note, h.Owner, word(c, domain.Role(h.Role)),
			word(c, names.WebhookStatus(h.Status)), h.Problem, h.Since, h.Next, h.Through,
		})
	}
	c.grid(c.label("推送 Webhooks"), table.Row{
		"编号\nid", "地址\naddress", "事件\ntypes", "说明\nnote", "所有者\nowner", "角色\nrole", "状态\nstatus",
		"原因\nproblem", "自\nsince", "下次\nnext try", "已推送至\nthrough",
	}, rows, nil, 11)
}

type webhookRemoveCmd struct {
	connection
	ID string `arg:"" help:"The webhook's id, as 'ledger webhook list' shows it."`
}

func (w webhookRemoveCmd) Run(ctx context.Context, c *cli) error {
	r := client.Request{Method: http.MethodPost, Path: ofHook(w.ID, "/removal")}
	if err := w.call(ctx, c, r, nil, &struct{}{}); err != nil {
		return err
	}
	return c.became(w.ID, c.label("已删除 removed"))
}

type webhookSecretCmd struct {
	connection
	ID string `arg:"" help:"The webhook's id, as 'ledger webhook list' shows it."`
}

func (w webhookSecretCmd) Run(ctx context.Context, c *cli) error {
	var hook hooks.HookBody
	r := client.Request{Method: http.MethodPost, Path: ofHook(w.ID, "/secret")}
	if err := w.call(ctx, c, r, nil, &hook); err != nil {
		return err
	}
	return c.printSecret(hook)
}

type webhookPauseCmd struct {
	connection
	ID string `arg:"" help:"The webhook's id, as 'ledger webhook list' shows it."`
}

func (w webhookPauseCmd) Run(ctx context.Context, c *cli) error { return w.pause(ctx, c, true) }

func (w webhookPauseCmd) pause(ctx context.Context, c *cli, paused bool) error {
	var hook hooks.HookBody
	r := client.Request{Method: http.MethodPost, Path: ofHook(w.ID, "/pause")}
	if err := w.call(ctx, c, r, map[string]bool{"paused": paused}, &hook); err != nil {
		return err
	}
	c.printHooks(hook)
	return nil
}

type webhookResumeCmd struct{ webhookPauseCmd }

func (w webhookResumeCmd) Run(ctx context.Context, c *cli) error { return w.pause(ctx, c, false) }

type webhookUndeliveredCmd struct {
	connection
	ID string `arg:"" help:"The webhook's id, as 'ledger webhook list' shows it."`
}

func (w webhookUndeliveredCmd) Run(ctx context.Context, c *cli) (err error) {
	cl, release, err := w.connect(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	var rows []table.Row
	params := url.Values{"limit": {"1000"}}
	for {
		var page hooks.UndeliveredListBody
		r := client.Request{Method: http.MethodGet, Path: ofHook(w.ID, "/undelivered?"+params.Encode())}
		if err := cl.Fetch(ctx, r, &page); err != nil {
			return err
		}
		for _, u := range page.Rows {
			rows = append(rows, table.Row{u.Message, u.Change.Type, u.Change.ID, u.Change.Position, u.Since, u.Problem})
		}
		if page.Next == "" {
			break
		}
		params.Set("cursor", page.Next)
	}
	c.grid(c.label("未送达 Undelivered"), table.Row{
		"消息\nmessage", "事件\ntype", "对象\nof", "日志位置\nposition", "自\nsince", "原因\nproblem",
	}, rows, table.Row{c.label("合计 total"), len(rows)}, 4)
	return nil
}

type webhookResendCmd struct {
	connection
	ID      string   `arg:"" help:"The webhook's id, as 'ledger webhook list' shows it."`
	Message []string `arg:"" help:"The messages' ids, as 'ledger webhook undelivered' shows them."`
}

func (w webhookResendCmd) Run(ctx context.Context, c *cli) (err error) {
	cl, release, err := w.connect(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	for _, message := range w.Message {
		r := client.Request{Method: http.MethodPost, Path: ofHook(w.ID, "/undelivered/"+url.PathEscape(message)+"/resend")}
		if err := cl.Fetch(ctx, r, &struct{}{}); err != nil {
			return err
		}
		if err := c.became(message, c.label("已送达 delivered")); err != nil {
			return err
		}
	}
	return nil
}

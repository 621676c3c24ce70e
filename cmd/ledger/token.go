package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/user"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"aftersales-ledger/api/door"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/domain"
)

type tokenCmd struct {
	Make   tokenMakeCmd   `cmd:"" default:"withargs" help:"Make an API token for a user, in one of their roles."`
	List   tokenListCmd   `cmd:"" help:"List the API tokens that are good, and when each was last used."`
	Revoke tokenRevokeCmd `cmd:"" help:"Revoke an API token, at once."`
}

type tokenMakeCmd struct {
	Login  string        `arg:"" help:"Login of the user, such as wang.fang."`
	Role   string        `arg:"" help:"The role in which the token acts; the user must hold it whenever it is used."`
	Name   string        `help:"What the token is for, as lists show it." default:"script"`
	Life   time.Duration `help:"How long the token is good, at most 8784h." default:"12h"`
	Server string        `help:"Address of the running server, if one runs: it is asked whether the user holds the role." default:"http://127.0.0.1:8080" env:"LEDGER_SERVER"`
}

func (tokenMakeCmd) Help() string {
	return `The token is printed once and kept nowhere: DATA/door.sqlite holds its SHA-256. It
is sent as

  Authorization: Bearer TOKEN

Whoever it belongs to, what is granted to them and how far that reaches is looked
up each time it is used. It ends by itself, with 'ledger token revoke', or when its
owner is suspended. People make their own in a browser, or under /v1/me/tokens.

Tokens of earlier versions, signed with DATA/signing.key, are refused: they could
not be revoked. The file is worth nothing any more; remove it.

Roles: ` + strings.Join(roleNames(), ", ") + `.`
}

func roleNames() []string {
	var names []string
	for _, r := range domain.Roles() {
		names = append(names, string(r))
	}
	return names
}

// by is who makes or revokes a token at the command line, as the audit names them.
func by() string {
	if u, err := user.Current(); err == nil {
		return door.Machine + "/" + u.Username
	}
	return door.Machine
}

func (t tokenMakeCmd) Run(ctx context.Context, c *cli) error {
	d, release, err := app.OpenDoor(ctx, c.config(), nil)
	if err != nil {
		return err
	}
	wish := door.TokenWish{Name: t.Name, Role: domain.Role(t.Role), Life: t.Life}
	secret, made, err := d.MakeToken(ctx, t.Login, wish, by())
	if err == nil {
		if err = t.good(ctx, c, secret); err != nil {
			err = errors.Join(err, d.DropToken(ctx, secret))
		}
	}
	if err := errors.Join(err, release()); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, c.label("令牌%s（%s，%s）有效至%s token %s (%s, %s) is good until %s")+"\n", made.ID, made.Owner, made.Role,
		made.Expires.Local().Format(time.DateTime))
	_, err = fmt.Println(secret)
	return err
}

// good asks whether a token lets its owner in: the running server, or the log where
// none runs.
func (t tokenMakeCmd) good(ctx context.Context, c *cli, secret string) error {
	remote := &client.Client{Base: t.Server, Token: secret, HTTP: http.DefaultClient, Language: c.language()}
	resp, err := remote.Do(ctx, client.Request{Method: http.MethodGet, Path: "/v1/me"})
	if err == nil && (resp.Status == http.StatusOK || resp.Status == http.StatusUnauthorized) {
		return letsIn(ctx, remote, "login", t.Login, t.Role)
	}
	l, store, err := app.OpenLedger(ctx, c.config())
	if err != nil {
		return domain.Failed(err, "no server answers at %s (--server says where one is), and the log cannot be opened", t.Server)
	}
	err = l.People().Refresh(ctx)
	if err = errors.Join(err, store.Close()); err != nil {
		return err
	}
	p, ok := l.People().Person(t.Login)
	if !ok || p.Suspended {
		return domain.NotFound("login", domain.Clip(t.Login), "unknown-login", "is nobody's login, or is suspended")
	}
	for _, g := range p.Grants {
		if string(g.Role) == t.Role {
			return nil
		}
	}
	return notGranted(t.Role, p.Login, p.Name)
}

type tokenListCmd struct {
	Login  string `arg:"" optional:"" help:"Only of this user."`
	Server string `help:"Address of the running server. Where none answers, the engines in DATA are opened." default:"http://127.0.0.1:8080" env:"LEDGER_SERVER"`
}

func (t tokenListCmd) Run(ctx context.Context, c *cli) error {
	d, release, err := app.OpenDoor(ctx, c.config(), nil)
	if err != nil {
		return err
	}
	list, err := d.Tokens(ctx, domain.Login(t.Login))
	if err := errors.Join(err, release()); err != nil {
		return err
	}
	if t.Login != "" && len(list) == 0 { // of nobody there is no list, not even an empty one
		asks := connection{Server: t.Server, As: door.Machine, Role: string(domain.Administrator)}
		r := client.Request{Method: http.MethodGet, Path: "/v1/users/" + url.PathEscape(t.Login)}
		if err := asks.call(ctx, c, r, nil, &struct{}{}); err != nil {
			return err
		}
	}
	var rows []table.Row
	for _, t := range list {
		used := ""
		if !t.LastUsed.IsZero() {
			used = t.LastUsed.Local().Format(time.DateTime)
		}
		rows = append(rows, table.Row{t.ID, t.Owner, t.Role, t.Name, t.Made.Local().Format(time.DateTime),
			t.Expires.Local().Format(time.DateTime), used, t.LastAddress})
	}
	c.grid(c.label("令牌 API tokens"), table.Row{"编号\nid", "所有者\nowner", "角色\nrole", "名称\nname", "生成\nmade", "到期\nexpires",
		"最近使用\nlast used", "来自\nfrom"}, rows, nil)
	return nil
}

type tokenRevokeCmd struct {
	ID string `arg:"" help:"The token's id, as 'ledger token list' shows it."`
}

func (t tokenRevokeCmd) Run(ctx context.Context, c *cli) error {
	d, release, err := app.OpenDoor(ctx, c.config(), nil)
	if err != nil {
		return err
	}
	if err := errors.Join(d.RevokeToken(ctx, "", t.ID, by()), release()); err != nil {
		return err
	}
	fmt.Println(c.label("已撤销，五秒内处处失效 revoked; it is over everywhere within five seconds"))
	return nil
}

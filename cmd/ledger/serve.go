package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"aftersales-ledger/api"
	"aftersales-ledger/api/door"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/cmd/internal/network"
	"aftersales-ledger/domain"
)

type serveCmd struct {
	serveFlags
	Welcome bool `help:"Print how to look at the ledger, with tokens to do so."`
}

// serveFlags are what a server runs with.
type serveFlags struct {
	Listen string        `help:"Address to serve on." default:"127.0.0.1:8080" env:"LEDGER_LISTEN"`
	Drain  time.Duration `help:"How long requests under way may take after a stop signal." default:"15s" env:"LEDGER_DRAIN"`
	Policy string        `help:"YAML file with the department's own service table (5.4), put in force from its date or from today, and how often a notice is tried again; 'ledger policy --write FILE' writes one to edit." env:"LEDGER_POLICY" type:"path" placeholder:"FILE"`
	noticeFlags
	network.Flags
	network.DoorFlags
	network.ProviderFlags
}

func (serveCmd) Help() string {
	return `Commands are POSTs that carry an API token (see 'ledger token') and an
Idempotency-Key. The API is described by /openapi.json. /healthz answers while
the process serves, /readyz while commands are taken and the figures keep up with
the log, /metrics says how far they are behind. An EventStoreDB that is away is
waited for: the server listens, says so in /readyz, and goes on when it comes.
'ledger config' prints what it runs with and from where, 'ledger doctor' whether
all of it is well. Who is let in, and by what, is in api/door/README.md.

Who is to be told of what, by mail and as a copy, is in domain/notice/README.md. Without
--smtp notices are written into a folder as .eml files, to addresses that no mail
ever reaches unless --addresses names others. The address book is YAML, the most
specific entry wins, and it is read again when it changes:

  addresses:
    - {role: finance, mail: [finance@example.com]}
    - {role: regional-admin, region: 华东, mail: [east@example.com]}
    - {role: city-lead, city: 杭州, mail: [hangzhou@example.com]}
    - {role: center-head, center: C01, mail: [head@c01.example.com]}

Notices begin with what is recorded after the first start; --notices-from says
otherwise. What was sent is in the log and is never sent again by itself.

On SIGINT or SIGTERM the server stops taking requests, finishes those under way
and the projector's batch, and closes the engines.`
}

func (s serveCmd) Run(ctx context.Context, c *cli) error {
	config := c.config()
	config.Policy, config.DoorPolicy = s.Policy, s.DoorFlags.Policy(s.Listen, s.Flags)
	var err error
	if config.PublicURL, err = s.DoorFlags.Public(); err != nil {
		return err
	}
	config.WebhookNetworks = network.Prefixes(s.WebhookNetwork)
	if config.Provider, err = s.ProviderFlags.Provider(); err != nil {
		return err
	}
	if config.Notices, err = s.noticeFlags.config(); err != nil {
		return err
	}
	front := &api.Front{Version: config.Version}
	server, address, served, err := s.Flags.Serve(s.Listen, config.Data, front, config.Logger)
	if err != nil {
		return err
	}

	config.LogWait = app.Forever
	config.Waiting = func(reason error) { front.Waiting(reason.Error(), time.Now()) }
	a, err := app.Open(ctx, config)
	if err != nil {
		return errors.Join(err, server.Close())
	}
	front.Open(a.Handler)
	projecting, stopProjecting := context.WithCancel(context.WithoutCancel(ctx))
	projected := make(chan error, 1)
	go func() { projected <- a.Run(projecting) }()

	config.Logger.Info("serving", "address", address, "openapi", "/openapi.json", "ready",
		"/readyz", "metrics", "/metrics")

	if s.Welcome {
		// Whoever pastes the lines at once is to see figures.
		if err := c.catchUp(ctx, a); err != nil {
			config.Logger.Warn("the figures are not there yet", "error", err)
		}
		err = welcome(ctx, c, a, address, cmp.Or(config.PublicURL, address))
	}
	if err != nil {
		return errors.Join(err, server.Close(), stopAll(stopProjecting, projected, a))
	}
	select {
	case err = <-served:
	case <-ctx.Done():
		config.Logger.Info("stopping", "drain", s.Drain)
		drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.Drain)
		defer cancel()
		err = server.Shutdown(drain)
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	if err := errors.Join(err, stopAll(stopProjecting, projected, a)); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	config.Logger.Info("stopped")
	return nil
}

func stopAll(stopProjecting func(), projected <-chan error, a *app.App) error {
	stopProjecting()
	return errors.Join(<-projected, a.Close())
}

// welcomeTokenLife is the life of the tokens that a welcome prints.
const welcomeTokenLife = 12 * time.Hour

// welcome prints where to look, so that it can be pasted into another terminal.
// Browsers are sent to the public address, where there is one: passkeys and mailed links belong to it.
func welcome(ctx context.Context, c *cli, a *app.App, address, public string) error {
	d, ok := a.Door.(*door.Door)
	if !ok {
		return nil
	}
	fmt.Printf("\n%s\n\n", c.said("账本已在服务。在另一个终端中：", "The ledger is served. In another terminal:"))
	for _, role := range []domain.Role{domain.Finance, domain.RegionalAdmin, domain.TechGroupLead} {
		login, ok := holder(a, role, regionOf(ctx, a, shown))
		if !ok {
			fmt.Println(c.said("  （尚无用户担任 "+string(role)+"：ledger user --help 说明如何建立）",
				"  (no user is "+string(role)+" yet: 'ledger user --help' says how one is made)"))
			continue
		}
		token, _, err := d.MakeToken(ctx, login, door.TokenWish{Name: "welcome", Role: role, Life: welcomeTokenLife},
			door.Machine)
		if err != nil {
			return err
		}
		name := strings.ToUpper(strings.ReplaceAll(string(role), "-", "_"))
		fmt.Printf("  %s=%s\n", name, token)
	}
	fmt.Printf(`
  curl -sH "Authorization: Bearer $FINANCE" '%[1]s/v1/receivables?asOf=2025-12-31&center=C12'
  curl -sH "Authorization: Bearer $REGIONAL_ADMIN" '%[1]s/v1/reconciliation?quarter=2025Q1&through=2025Q4&center=C12'
  curl -sH "Authorization: Bearer $TECH_GROUP_LEAD" '%[1]s/v1/parts/audit?asOf=2025-12-31&finding=ISSUE_NO_FAULT'

%[3]s

  bin/ledger --data %[2]s query receivables --server %[1]s --as-of 2025-12-31
  bin/ledger --data %[2]s query reconciliation 2025Q1 --through 2025Q4 --center C12 --server %[1]s
  bin/ledger --data %[2]s query parts --server %[1]s --as-of 2025-12-31

  %[4]s

`, address, c.Data, c.said("或以表格查看，在本机不需要令牌：", "or as tables, without a token on this machine:"),
		c.said("其余接口见 "+address+"/openapi.json。按 Ctrl-C 停止。",
			address+"/openapi.json describes everything else. Ctrl-C stops."))
	return signIns(ctx, c, a, d, public)
}

// signIns prints by whom and with which password one signs in, once for each role.
func signIns(ctx context.Context, c *cli, a *app.App, d *door.Door, address string) error {
	said := false
	for _, role := range domain.Roles() {
		login, ok := holder(a, role, "")
		if !ok {
			continue
		}
		if has, err := d.HasPassword(ctx, login); err != nil || has {
			if err != nil {
				return err
			}
			continue
		}
		password, err := d.GivePassword(ctx, login)
		if err != nil {
			return err
		}
		if !said {
			said = true
			fmt.Printf("%s\n\n", c.said("浏览器登录账号，仅显示这一次；首次登录须修改密码：",
				"Sign-ins for a browser, printed this once; the password is to be changed at the first:"))
		}
		// What stands behind the # stays in the browser: the console signs in with it.
		fmt.Printf("  %-22s %-16s %s  %s/?asOf=2025-12-31#%s:%s\n", role, login, password, address, login, password)
	}
	if said {
		fmt.Println()
	}
	return nil
}

// shown is the center that the welcome looks at.
const shown domain.CenterID = "C12"

// regionOf is the region of a center, empty where it cannot be told.
func regionOf(ctx context.Context, a *app.App, center domain.CenterID) string {
	cl := client.InProcess(a.Handler, a.Door.OfMachine(domain.Actor{Name: door.Machine, Role: domain.Finance}))
	var found struct{ Rows []struct{ Region string } }
	path := "/v1/receivables?center=" + string(center)
	err := cl.Fetch(ctx, client.Request{Method: http.MethodGet, Path: path}, &found)
	if err != nil || len(found.Rows) == 0 {
		return ""
	}
	return found.Rows[0].Region
}

// holder is the first user whose first role it is, now, and which reaches a region, if
// one is named.
func holder(a *app.App, role domain.Role, region string) (login string, ok bool) {
	for _, u := range a.Ledger.People().All() {
		p, _ := a.Ledger.People().Person(u.Login)
		if p.Suspended || len(p.Grants) == 0 || p.Grants[0].Role != role {
			continue
		}
		if reach := p.Grants[0].Reach; region == "" || reach.All || slices.Contains(reach.Regions, region) {
			return u.Login, true
		}
	}
	return "", false
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"syscall"
	"time"

	"aftersales-ledger/api/door"
	"aftersales-ledger/api/kit"
	moneyapi "aftersales-ledger/api/money"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/domain"
)

// connection is how a tool reaches the ledger: the running server, or, if none
// runs, the engines in its own process. The embedded engines belong to one
// process at a time.
type connection struct {
	Server string `help:"Address of the running server. Where none answers, the engines in DATA are opened." default:"http://127.0.0.1:8080" env:"LEDGER_SERVER"`
	Token  string `help:"API token. Default: one of the machine's owner, or of the user that --as names, made in DATA/door.sqlite for this run." env:"LEDGER_TOKEN"`
	As     string `help:"Who acts without --token: the machine's owner, or the login of a user who holds --role." default:"console"`
	Role   string `help:"Role to act in without --token; a property center's, such as center-head, needs --of." default:"${role}"`
	Of     string `help:"Property center whose person acts, such as C01, with a role of a center. Filters such as --center never say who acts." placeholder:"CENTER"`
}

// actor is who acts where no token says so.
func (n connection) actor() (domain.Actor, error) {
	role, err := domain.ParseRole(n.Role)
	switch {
	case err != nil:
		return domain.Actor{}, err
	case role.OfCenter() && n.Of == "":
		return domain.Actor{}, domain.Invalid("of", "", "center-of-role",
			"must name the property center for which %s acts: --of C01", "4", role)
	case !role.OfCenter() && n.Of != "":
		return domain.Actor{}, domain.Invalid("of", n.Of, "center-of-role",
			"must be left out: %s acts for the department; --center narrows a question", "4", role)
	}
	return domain.Actor{Name: n.As, Role: role, Center: domain.CenterID(n.Of)}, nil
}

// toolToken makes the token that a tool uses for its run: of the machine's owner,
// or of the user that is named. It is dropped afterwards.
func toolToken(ctx context.Context, c *cli, actor domain.Actor) (token string, drop func() error, err error) {
	d, release, err := app.OpenDoor(ctx, c.config(), nil)
	if err != nil {
		return "", nil, err
	}
	if actor.Name == door.Machine {
		token, err = d.MakeMachineToken(ctx, actor.Role, actor.Center, toolTokenLife)
	} else {
		token, _, err = d.MakeToken(ctx, actor.Name,
			door.TokenWish{Name: "tool", Role: actor.Role, Life: toolTokenLife}, by())
	}
	if err != nil {
		return "", nil, errors.Join(err, release())
	}
	return token, func() error {
		ctx := context.WithoutCancel(ctx)
		return errors.Join(d.DropToken(ctx, token), release())
	}, nil
}

// connect returns a client and what releases it.
func (n connection) connect(ctx context.Context, c *cli) (*client.Client, func() error, error) {
	token, drop := n.Token, func() error { return nil }
	if token == "" {
		actor, err := n.actor()
		if err == nil {
			token, drop, err = toolToken(ctx, c, actor)
		}
		if err != nil {
			return nil, nil, err
		}
	} else if n.Of != "" {
		return nil, nil, domain.Invalid("of", n.Of, "center-of-role", "must be left out: --token says who acts", "4")
	}
	remote := &client.Client{Base: n.Server, Token: token, HTTP: http.DefaultClient, Language: c.language()}
	_, err := remote.Do(ctx, client.Request{Method: http.MethodGet, Path: "/healthz"})
	if err == nil {
		if err := n.mayAct(ctx, remote); err != nil {
			return nil, nil, errors.Join(err, drop())
		}
		return remote, drop, nil
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		return nil, nil, errors.Join(domain.Failed(err, "server %s", n.Server), drop())
	}
	a, err := app.Open(ctx, c.config())
	if err != nil {
		return nil, nil,
			errors.Join(drop(), domain.Failed(err,
				"no server answers at %s (--server says where one is), and the ledger cannot be opened", n.Server))
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan error, 1)
	go func() { done <- a.Run(running) }()
	release := func() error {
		stop()
		return errors.Join(<-done, a.Close(), drop())
	}
	if err := c.catchUp(ctx, a); err != nil {
		return nil, nil, errors.Join(err, release())
	}
	own := client.InProcess(a.Handler, token)
	own.Language = c.language()
	if err := n.mayAct(ctx, own); err != nil {
		return nil, nil, errors.Join(err, release())
	}
	return own, release, nil
}

// mayAct refuses to act as somebody who is nobody, or who holds another role, in words of
// --as and --role: whoever wrote these has seen no credentials that could be wrong.
func (n connection) mayAct(ctx context.Context, cl *client.Client) error {
	if n.Token != "" || n.As == door.Machine {
		return nil
	}
	return letsIn(ctx, cl, "as", n.As, n.Role)
}

// letsIn refuses a login under which nobody is let in, or not in a role.
func letsIn(ctx context.Context, cl *client.Client, field, login, role string) error {
	resp, err := cl.Do(ctx, client.Request{Method: http.MethodGet, Path: "/v1/me"})
	switch {
	case err != nil:
		return err
	case resp.Status == http.StatusUnauthorized:
		return domain.NotFound(field, domain.Clip(login), "unknown-login", "is nobody's login, or is suspended")
	case resp.Status != http.StatusOK:
		return nil // what is asked next says what is wrong
	}
	var me door.Me
	if err := json.Unmarshal(resp.Body, &me); err != nil {
		return err
	}
	if len(me.Grants) == 0 {
		return notGranted(role, me.Login, me.Name)
	}
	return nil
}

// notGranted refuses a role that somebody does not hold, whom people are told by name.
func notGranted(role, login, name string) error {
	r := domain.Forbidden("role", role, "not-granted", "is not granted to %s at present", "4", login)
	r.Rule = wording.NamingPeople(r.Rule, func(string) string { return name })
	return r
}

// awaitFigures waits until the figures show what a tool recorded, so that the
// next question finds it. What is recorded is recorded: figures that stay
// behind are said, and fail nothing.
func awaitFigures(ctx context.Context, cl *client.Client, position uint64) {
	if position == 0 {
		return
	}
	var answer moneyapi.ReceivablesBody
	err := cl.Fetch(ctx,
		client.Request{Method: http.MethodGet, Path: fmt.Sprintf("/v1/receivables?limit=1&after=%d", position)}, &answer)
	var p *kit.Problem
	if errors.As(err, &p) && p.Status == http.StatusServiceUnavailable {
		fmt.Fprintln(os.Stderr, cl.Language.Label("已入账，报表稍后可见： recorded; not in the figures yet:"), p.Detail)
	}
}

// catchUp waits until the figures show the whole log.
func (c *cli) catchUp(ctx context.Context, a *app.App) error {
	head, err := a.Store.Head(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	return showProgress(c.label("报表库 read models"), uint64(head), func(report func(done uint64)) error {
		return watch(ctx, a, uint64(head), report)
	})
}

// watch reports the projector's position until it has passed head.
func watch(ctx context.Context, a *app.App, head uint64, report func(done uint64)) error {
	arrived := make(chan error, 1)
	go func() { arrived <- a.ReadModels.Wait(ctx, head) }()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-arrived:
			return err
		case <-tick.C:
			report(a.ReadModels.Status().Position)
		}
	}
}

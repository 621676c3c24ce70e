package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/domain"
)

type tokenCmd struct {
	Actor  string          `arg:"" help:"Unique name of the person, such as wang.fang."`
	Role   string          `arg:"" help:"Role they act in."`
	Center domain.CenterID `help:"The property center they belong to, for a role of a center."`
	Life   time.Duration   `help:"How long the token is valid, at most 8784h." default:"12h"`
}

func (tokenCmd) Help() string {
	return `The token is signed with the key in DATA/signing.key, which is made on first
use: whoever can read that file can act as anybody. It is sent as

  Authorization: Bearer TOKEN

Roles: ` + strings.Join(roleNames(), ", ") + `.`
}

func roleNames() []string {
	var names []string
	for _, r := range domain.Roles() {
		names = append(names, string(r))
	}
	return names
}

func (t tokenCmd) Run(c *cli) error {
	token, err := mint(c, domain.Actor{Name: t.Actor, Role: domain.Role(t.Role), Center: t.Center}, t.Life)
	if err != nil {
		return err
	}
	_, err = fmt.Println(token)
	return err
}

func mint(c *cli, a domain.Actor, life time.Duration) (string, error) {
	if err := os.MkdirAll(c.Data, 0o750); err != nil {
		return "", err
	}
	tokens, err := app.OpenTokens(c.Data, time.Now)
	if err != nil {
		return "", err
	}
	return tokens.Mint(a, life)
}

package main

import (
	"context"
	"errors"

	"aftersales-ledger/cmd/internal/app"
)

// givePassword gives a user of the data folder a random password.
func givePassword(ctx context.Context, c *cli, login string) (_ string, err error) {
	d, release, err := app.OpenDoor(ctx, c.config(), nil)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, release()) }()
	return d.GivePassword(ctx, login)
}

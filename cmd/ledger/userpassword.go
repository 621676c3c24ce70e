package main

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"aftersales-ledger/api/door"
	"aftersales-ledger/api/door/store/sqlitefile"
)

// givePassword gives a user of the data folder a random password.
func givePassword(ctx context.Context, c *cli, login string) (_ string, err error) {
	memory, err := sqlitefile.Open(filepath.Join(c.Data, "door.sqlite"), time.Now)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, memory.Close()) }()
	d, err := door.New(door.Options{Store: memory})
	if err != nil {
		return "", err
	}
	return d.GivePassword(ctx, login)
}

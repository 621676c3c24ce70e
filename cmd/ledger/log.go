package main

import (
	"context"
	"errors"
	"fmt"

	"aftersales-ledger/eventstore/esdb"
)

type eventLogCmd struct {
	Protect protectCmd `cmd:"" help:"Set the access control lists that keep others from the ledger's streams on an EventStoreDB."`
}

type protectCmd struct {
	Group string `arg:"" help:"The group of the user with which the ledger serves, such as ledgers."`
}

func (protectCmd) Help() string {
	return `Lets GROUP read $all, without which a user needs an administrator's rights, and,
where the server is the ledger's alone (no streamPrefix), lets only GROUP write
streams and only administrators delete them or set their metadata. What it could
not do is said. --log must name an administrator:

  ledger --log 'esdb://admin:…@host:2113?tls=true' log protect ledgers`
}

func (p protectCmd) Run(ctx context.Context, c *cli) error {
	store, err := esdb.Open(ctx, c.Log, esdb.Options{Logger: c.config().Logger})
	if err != nil {
		return err
	}
	done, err := store.Protect(ctx, p.Group)
	for _, line := range done.Done {
		fmt.Println(c.label("已完成： done:"), line)
	}
	for _, line := range done.Undone {
		fmt.Println(c.label("未完成： not done:"), line)
	}
	return errors.Join(err, store.Close())
}

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"aftersales-ledger/cmd/internal/app"
)

type rebuildCmd struct{}

func (rebuildCmd) Help() string {
	return `New tables are filled beside the present ones and take over when they have
caught up; a rebuild that is interrupted leaves the present ones in force. The
event log is only read.`
}

func (rebuildCmd) Run(ctx context.Context, c *cli) error {
	a, err := app.Open(ctx, c.config())
	if err != nil {
		return err
	}
	head, err := a.Store.Head(ctx)
	start := time.Now()
	if err == nil {
		err = showProgress(c.label("重建 rebuild"), uint64(head), func(report func(uint64)) error {
			return a.ReadModels.Rebuild(ctx, func(position, _ uint64) { report(position) })
		})
	}
	if err := errors.Join(err, a.Close()); err != nil {
		return err
	}
	took := time.Since(start)
	fmt.Printf(c.label("已重建至日志%d，用时%s（每秒%.0f条） rebuilt to position %d in %s (%.0f positions/s)")+"\n", head,
		took.Round(time.Millisecond), float64(head)/took.Seconds())
	return nil
}

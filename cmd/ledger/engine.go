package main

import (
	"context"
	"fmt"
	"os"

	"aftersales-ledger/projections/chdb"
)

type engineCmd struct {
	Install engineInstallCmd `cmd:"" help:"Fetch the engine's library into the user's cache, if it is not there."`
	Where   engineWhereCmd   `cmd:"" help:"Print where the library is."`
}

type engineInstallCmd struct{}

func (engineInstallCmd) Help() string {
	return `The library (178 MB packed, 566 MB unpacked) is fetched once with npm, checked
against a pinned checksum and kept in the user's cache folder, outside the
checkout. Where it cannot be had, name a library in LEDGER_CHDB_LIB, or use a
ClickHouse server with --read-models.`
}

func (engineInstallCmd) Run(ctx context.Context, c *cli) error {
	if path, err := chdb.Locate(); err == nil {
		fmt.Println(path)
		return nil
	}
	fmt.Fprintln(os.Stderr,
		c.label("正在获取内嵌ClickHouse引擎（178MB，仅此一次）… fetching the embedded ClickHouse engine (178 MB, once) …"))
	var path string
	err := showProgress(c.label("内嵌ClickHouse引擎 embedded ClickHouse engine"), 0, func(report func(uint64)) (err error) {
		path, err = chdb.Install(ctx, func(done, _ int64) { report(uint64(done)) })
		return err
	})
	if err != nil {
		return err
	}
	fmt.Println(path)
	return nil
}

type engineWhereCmd struct{}

func (engineWhereCmd) Run() error {
	path, err := chdb.Locate()
	if err != nil {
		return err
	}
	_, err = fmt.Println(path)
	return err
}

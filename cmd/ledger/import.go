package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"aftersales-ledger/cmd/imports"
)

type importCmd struct {
	connection
	Kind    string `arg:"" help:"charges (F3 收费明细) or fault-records (F1 故障处理记录)." enum:"charges,fault-records"`
	File    string `arg:"" help:"CSV (UTF-8 or GB18030) or XLSX file." type:"existingfile"`
	Sheet   string `help:"Worksheet of an XLSX file. Default: the first."`
	Center  string `help:"Center of charges that name none. Default: the project's on the day."`
	DryRun  bool   `help:"Check every row and report; record nothing."`
	Partial bool   `help:"Record the good rows of a file that has bad ones."`
	Verbose bool   `help:"List the good rows, too."`
}

func (importCmd) Help() string {
	return `Columns are found by their Chinese or English names, below any title rows; a
total row (合计) must equal the sum of the rows.

  F3  编号 日期 项目 房号 服务内容 数量 单价 金额 工单号 付款方 备注
  F1  编号 项目 设备 序列号 位置 报修时间 故障现象 原因 现场解决 更换配件 数量 旧序列号 新序列号

Every row is checked before any is recorded; if one is wrong, none is, unless
--partial says otherwise. A file imported twice changes nothing: a row is known
again by its number, or without one by its content. Without a token it acts as
--as in --role; charges need city-lead, regional-admin or technician, fault
records city-tech-lead or technician.`
}

func (i importCmd) Run(ctx context.Context, c *cli) error {
	cl, release, err := i.connect(ctx, c)
	if err != nil {
		return err
	}
	report, err := imports.Run(ctx, cl, i.Kind, i.File, imports.Options{
		DryRun: i.DryRun, Partial: i.Partial, Verbose: i.Verbose, Sheet: i.Sheet, Center: i.Center,
	})
	if len(report.Results) > 0 || err == nil {
		imports.Print(os.Stdout, report)
	}
	if err := errors.Join(err, release()); err != nil {
		return fmt.Errorf("import %s: %w", i.File, err)
	}
	return nil
}

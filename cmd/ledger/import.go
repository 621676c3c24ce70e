package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"aftersales-ledger/cmd/imports"
)

type importCmd struct {
	Charges      chargesCmd      `cmd:"" help:"收费明细 (F3): charge lists."`
	FaultRecords faultRecordsCmd `cmd:"" help:"故障处理记录 (F1): fault records."`
	Bank         bankCmd         `cmd:"" help:"银行对账单: propose whose money each line of a bank statement is; book what you accept."`
}

// listCmd is what both lists have in common.
type listCmd struct {
	connection
	File    string `arg:"" help:"CSV (UTF-8 or GB18030) or XLSX file." type:"existingfile"`
	Sheet   string `help:"Worksheet of an XLSX file. Default: the first."`
	DryRun  bool   `help:"Check every row and report; record nothing."`
	Partial bool   `help:"Record the good rows of a file that has bad ones."`
	Verbose bool   `help:"List the good rows, too."`
}

const listHelp = `Columns are found by their Chinese or English names, below any title rows; a
total row (合计) must equal the sum of the rows.

%s

Every row is checked before any is recorded; if one is wrong, none is, unless
--partial says otherwise. A file imported twice changes nothing: a row is known
again by its number, or without one by its content. Without a token it acts as
--as in --role; %s.`

type chargesCmd struct {
	listCmd
	Center string `help:"Center of charges that name none. Default: the project's on the day."`
}

func (chargesCmd) Help() string {
	return fmt.Sprintf(listHelp, "  编号 日期 项目 房号 服务内容 数量 单价 金额 工单号 付款方 备注",
		"charges need city-lead, regional-admin or technician")
}

func (i chargesCmd) Run(ctx context.Context, c *cli) error {
	return i.send(ctx, c, imports.Charges, i.Center)
}

type faultRecordsCmd struct{ listCmd }

func (faultRecordsCmd) Help() string {
	return fmt.Sprintf(listHelp, "  编号 项目 设备 序列号 位置 报修时间 故障现象 原因 现场解决 更换配件 数量 旧序列号 新序列号",
		"fault records need city-tech-lead or technician")
}

func (i faultRecordsCmd) Run(ctx context.Context, c *cli) error {
	return i.send(ctx, c, imports.FaultRecords, "")
}

func (i listCmd) send(ctx context.Context, c *cli, kind, center string) error {
	cl, release, err := i.connect(ctx, c)
	if err != nil {
		return err
	}
	report, err := imports.Run(ctx, cl, kind, i.File, imports.Options{
		DryRun: i.DryRun, Partial: i.Partial, Verbose: i.Verbose, Sheet: i.Sheet, Center: center,
	})
	if len(report.Results) > 0 || err == nil {
		imports.Print(os.Stdout, report)
	}
	awaitFigures(ctx, cl, report.Position)
	if err := errors.Join(err, release()); err != nil {
		return fmt.Errorf("import %s: %w", i.File, err)
	}
	return nil
}

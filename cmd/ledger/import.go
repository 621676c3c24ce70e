package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	lists "aftersales-ledger/api/imports"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/cmd/internal/imports"
)

type importCmd struct {
	Charges      chargesCmd      `cmd:"" help:"收费明细 (F3): charge lists."`
	FaultRecords faultRecordsCmd `cmd:"" help:"故障处理记录 (F1): fault records."`
	Catalogue    catalogueCmd    `cmd:"" help:"配件目录: what parts are called, and whether their units carry serials."`
	Count        countCmd        `cmd:"" help:"盘点表: what was seen in a depot."`
	Bank         bankCmd         `cmd:"" help:"银行对账单: propose whose money each line of a bank statement is; book what you accept."`
}

// listCmd is what all lists have in common.
type listCmd struct {
	connection
	File  string `arg:"" optional:"" help:"CSV (UTF-8, UTF-16 or GB18030; comma, semicolon, tab or |), XLSX, or a web page named .xls." type:"existingfile"`
	Sheet string `help:"Worksheet of a workbook; several as 10月/11月, '*' for each with the same header. Default: the only one that is seen and holds a list."`
	headings
	Hidden  bool `help:"Read the rows that a filter hides, too."`
	DryRun  bool `help:"Check every row and report; record nothing of them."`
	Partial bool `help:"Record the good rows of a file that has bad ones."`
	Verbose bool `help:"List the good rows, too."`
}

const listHelp = `Columns are found by their Chinese or English names, below any title rows, in a
header of up to three rows; units in brackets do not count:

%s

A column whose heading is not known and that carries a quantity, a price, an
amount, a date, a reference or a counter-party refuses the file. Say what it is,
or that it is not to be read:

  --columns 金额=总价                      the column headed 总价 is the amount
  --columns 数量=收费情况/数量             a heading under a group
  --columns '金额=应收|费用'               the first of these that the file has
  --columns 金额=G列                       a column without a heading
  --columns '不读=已收金额|登记日期'       these say nothing of their own
  --columns 数量=                          the column is not read from this file

(amount, quantity, unread and the like, as the service names them, do as well)

and, for the next list of the same make:

  --columns 金额=总价 --save-layout 万科表     keep the columns under a name once the file is booked
  --layout 万科表                              read them again; --layout ? lists the names

Every total, subtotal or number of rows that the file states, above, within or
below the list, must be that of its rows, or is named as not compared; --dry-run
shows each, the rows passed over, and what would be recorded. A hidden worksheet
is never read; rows hidden by a filter are named, and read with --hidden. Projects
and payers may be written by number or by name.

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
	return i.send(ctx, c, imports.Charges, imports.Options{Center: i.Center})
}

type faultRecordsCmd struct{ listCmd }

func (faultRecordsCmd) Help() string {
	return fmt.Sprintf(listHelp, "  编号 项目 设备 序列号 位置 报修时间 故障现象 原因 现场解决 更换配件 数量 旧序列号 新序列号",
		"fault records need city-tech-lead or technician")
}

func (i faultRecordsCmd) Run(ctx context.Context, c *cli) error {
	return i.send(ctx, c, imports.FaultRecords, imports.Options{})
}

type catalogueCmd struct {
	listCmd
	From string `help:"First day of the descriptions that name none. Default: today."`
}

func (catalogueCmd) Help() string {
	return fmt.Sprintf(listHelp, "  配件编号 名称 型号 厂家 单位 序列号管理 质保成本 生效日期",
		"a catalogue needs materials-planner, purchasing-admin or tech-group-lead")
}

func (i catalogueCmd) Run(ctx context.Context, c *cli) error {
	return i.send(ctx, c, imports.Catalogue, imports.Options{More: map[string]string{"from": i.From}})
}

type countCmd struct {
	listCmd
	Project      string `help:"Project whose depot was counted, where no column names it."`
	Number       string `help:"Number of the sheet (盘点表编号). Default: PD- and the day."`
	CountedOn    string `help:"Day of the count, where no column names it."`
	CountedBy    string `help:"Who counted, where no column names them."`
	Witness      string `help:"监盘人."`
	UnknownParts bool   `help:"Accept parts that neither the catalogue nor the depot knows."`
}

func (countCmd) Help() string {
	return fmt.Sprintf(listHelp, "  配件编号 账面数量 实盘数量 盈亏 差异原因 序列号 项目编号 盘点表编号 盘点日期 盘点人 监盘人",
		"a count needs technician, project-leader, materials-planner or regional-admin") + `

  ledger import count 盘点表.xlsx --project P001 --counted-on 2025-06-30 --counted-by 张伟 --role technician`
}

func (i countCmd) Run(ctx context.Context, c *cli) error {
	return i.send(ctx, c, imports.Counts, imports.Options{More: map[string]string{
		"project": i.Project, "count": i.Number, "countedOn": i.CountedOn, "countedBy": i.CountedBy, "witness": i.Witness, "unknownParts": onlyTrue(i.UnknownParts),
	}})
}

// onlyTrue is the text of a parameter that is left out where it is false.
func onlyTrue(on bool) string {
	if on {
		return "true"
	}
	return ""
}

// isBooked tells a file that is in the ledger, now or by an earlier import.
func isBooked(r lists.Report) bool { return r.Status == "BOOKED" || r.Status == "PARTLY_BOOKED" }

func (i listCmd) send(ctx context.Context, c *cli, kind string, o imports.Options) error {
	cl, release, err := i.connect(ctx, c)
	if err != nil {
		return err
	}
	if done, err := i.list(ctx, cl, kind, i.File); done || err != nil {
		return errors.Join(err, release())
	}
	o.DryRun, o.Partial, o.Verbose, o.Sheet = i.DryRun, i.Partial, i.Verbose, i.Sheet
	o.Hidden, o.Columns, o.Layout = i.Hidden, i.Columns, i.Layout
	report, err := imports.Run(ctx, cl, kind, i.File, o)
	if len(report.Results) > 0 || err == nil {
		imports.Print(os.Stdout, c.language(), report)
		err = errors.Join(err, i.save(ctx, cl, kind, isBooked(report)))
	}
	awaitFigures(ctx, cl, report.Position)
	if err := errors.Join(err, release()); err != nil {
		return c.failed(i.File, err)
	}
	return nil
}

// headings say how a list names its columns.
type headings struct {
	Columns    map[string]string `help:"Headings by column where they are not usual ones: --columns 数量=收费情况/数量." placeholder:"COLUMN=HEADING" mapsep:"none"`
	Layout     string            `help:"Read the columns under this name: of a bank's export (招商银行, CMB), or saved before; ? lists the names." placeholder:"NAME"`
	SaveLayout string            `help:"Save --columns under this name for the next list; done once the file, or lines of it, are booked, and never by a look or a dry run." placeholder:"NAME"`
}

// list lists the layouts where these are asked for, and sees to it that a file
// is named otherwise.
func (h headings) list(ctx context.Context, cl *client.Client, kind, file string) (done bool, err error) {
	switch {
	case h.Layout == "?":
		return true, imports.PrintLayouts(ctx, cl, os.Stdout, kind)
	case file == "":
		return false, errors.New(cl.Language.Label("请写出要导入的文件 name the file to import"))
	}
	return false, nil
}

// save saves the columns, where this is asked for, of a file of which something
// was booked; of another it says that they are not saved yet.
func (h headings) save(ctx context.Context, cl *client.Client, kind string, booked bool) error {
	if h.SaveLayout == "" {
		return nil
	}
	if !booked {
		_, err := fmt.Println(cl.Language.Label("版式未存，入账后才保存： the layout is not saved; it is once the file is booked:"),
			"--save-layout", h.SaveLayout)
		return err
	}
	if err := imports.SaveLayout(ctx, cl, kind, h.SaveLayout, h.Layout, h.Columns); err != nil {
		return fmt.Errorf("--save-layout %s: %w", h.SaveLayout, err)
	}
	_, err := fmt.Println(cl.Language.Label("版式已存： layout saved:"), "--layout", h.SaveLayout)
	return err
}

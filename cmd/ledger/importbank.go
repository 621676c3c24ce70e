package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	moneyapi "aftersales-ledger/api/money"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/cmd/internal/imports"
)

type bankCmd struct {
	connection
	File  string `arg:"" optional:"" help:"CSV (UTF-8 or GB18030) or XLSX file, as the bank wrote it." type:"existingfile"`
	Sheet string `help:"Worksheet of a workbook, where several hold a list."`
	headings
	OwnAccount string   `help:"本方账号: the account of ours that the statement is of, where the file does not name it." placeholder:"ACCOUNT"`
	Hidden     bool     `help:"Read the rows that a filter hides, too."`
	Accept     int      `help:"Book the best proposals of this confidence or more, in percent." placeholder:"PERCENT"`
	AcceptRefs []string `help:"Book the best proposals of these lines; REFERENCE=CENTER for another center." placeholder:"REFERENCE[=CENTER]"`
	AcceptRows []string `help:"Book the best proposals of the lines in these rows, also where a question was asked of a person." placeholder:"ROW[=CENTER]"`
	Verbose    bool     `help:"List lines that are booked or outgoing, too."`
}

func (bankCmd) Help() string {
	return `Without --accept, --accept-refs and --accept-rows nothing is booked: every
incoming line is shown with what would be done, how sure that is, and why; and
below them which column was read as what, which rows were passed over, and which
totals were compared.

  ledger import bank 7月.xlsx                             look
  ledger import bank 7月.xlsx --accept 90                 book what is nearly certain
  ledger import bank 7月.xlsx --accept-refs T104,T105=C02 book these, T105 for C02
  ledger import bank 7月.xlsx --accept-rows 12,13=C02     book what a person was asked

Columns are found by the names that banks give them:

  交易流水号 交易日期 对方户名 附言/摘要 贷方金额/收入 借方金额/支出 余额 币种,
  or 交易金额 with a sign or with a column of 借/贷, 收/付 or 收入/支出

or as a bank writes them by --layout 招商银行 (--layout ? lists the names), and
otherwise by --columns 贷方金额=HEADING, which --save-layout NAME keeps once lines are
booked, of 流水号 凭证号 交易日期 交易时间 对方户名 对方账号 附言 用途 备注 摘要 贷方金额 借方金额
交易金额 收支方向 余额 币种 本方账号 收款人账号 交易状态 冲账标志; 不读=HEADING is left.
--columns 余额= leaves the balance unread.

A line without the bank's serial number gets a reference of our own, NS-…, made of
its day, time, amount, payer and balance: the same line in another export is
known again. A serial number is unique within one account of ours (本方账号). Lines
that share one, and equal lines that neither balance nor total proves to be two,
wait for a person: --accept-rows.

A reversal (冲正, 退汇) of a payment that is booked is shown with that payment;
--accept-rows on its row bounces the payment, whose charges are open again.

A file that contradicts itself is refused as a whole: a total (合计) or number of
lines (笔数) that is not that of its lines, a balance that does not follow from
the line before, money other than CNY.

Confidence, by who is named and how the amount compares with what is owed:

                               charges  a sum    a likely  part of  more than
                               named    that is  set of    what is  is open
                               exactly  owed     charges   open
  payer and remark name it       99       97        92        85       70
  one of them names it           97       95        85        75       60
  one of them hints at it         –       80        60        45       30
  neither; the amount alone       –       40         –         –        –

divided by n where n centers are equally likely; at most 50 for what looks like
a booked receipt, 60 where a charge is disputed. Other lines of the file change
no confidence; what one is to pay is not proposed to another, and is said there.

To accept again books nothing twice, whoever does it: a line is known by its
account, reference and content. Needs the role finance.`
}

func (b bankCmd) Run(ctx context.Context, c *cli) error {
	if b.Accept < 0 || b.Accept > 100 {
		return c.errorf("--accept：%d不在1至100之间 --accept %d: a confidence is between 1 and 100 percent", b.Accept)
	}
	cl, release, err := b.connect(ctx, c)
	if err != nil {
		return err
	}
	if done, err := b.list(ctx, cl, imports.BankStatements, b.File); done || err != nil {
		return errors.Join(err, release())
	}
	if err := errors.Join(b.propose(ctx, cl), release()); err != nil {
		return c.failed(b.File, err)
	}
	return nil
}

func (b bankCmd) propose(ctx context.Context, cl *client.Client) error {
	body, err := imports.ProposeBank(ctx, cl, b.File, imports.BankOptions{
		Sheet: b.Sheet, Columns: b.Columns, Layout: b.Layout, OwnAccount: b.OwnAccount, Hidden: b.Hidden,
	})
	if err != nil {
		return err
	}
	if err := imports.PrintBank(os.Stdout, cl.Language, body, b.Verbose); err != nil {
		return err
	}
	if b.Accept == 0 && len(b.AcceptRefs)+len(b.AcceptRows) == 0 {
		_, err := fmt.Println(cl.Language.Label("未入账；可用选项--accept、--accept-refs、--accept-rows入账 nothing was booked; --accept 90 books what is nearly certain, --accept-refs or --accept-rows chosen lines"))
		return errors.Join(err, b.save(ctx, cl, imports.BankStatements, false))
	}
	lines, err := imports.Selection{AtLeast: b.Accept, References: b.AcceptRefs, Rows: b.AcceptRows}.Choose(body)
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		_, err := fmt.Printf(cl.Language.Label("未入账：没有把握达到%d%%的待认领行 nothing was booked: no new line has a proposal of %d%% or more")+"\n", b.Accept)
		return errors.Join(err, b.save(ctx, cl, imports.BankStatements, false))
	}
	return b.accept(ctx, cl, lines)
}

func (b bankCmd) accept(ctx context.Context, cl *client.Client, lines []moneyapi.AcceptedLine) error {
	var report moneyapi.AcceptanceReport
	err := showProgress(cl.Language.Label("入账的行 accepted lines"), uint64(len(lines)), func(done func(uint64)) (err error) {
		report, err = imports.AcceptBank(ctx, cl, lines, done)
		return err
	})
	if len(report.Lines) > 0 {
		imports.PrintAcceptance(os.Stdout, cl.Language, report)
	}
	awaitFigures(ctx, cl, report.Position)
	err = errors.Join(err, b.save(ctx, cl, imports.BankStatements, report.Booked+report.BookedBefore+report.Bounced > 0))
	if n := report.Refused + report.Failed; err == nil && n > 0 {
		err = fmt.Errorf(cl.Language.Label("有%d行未入账，共%d行 %d of %d accepted lines were not booked"), n, len(lines))
	}
	return err
}

package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/jedib0t/go-pretty/v6/table"

	"aftersales-ledger/api"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/cmd/internal/verify"
)

type verifyCmd struct{ connection }

func (verifyCmd) Help() string {
	return `Reads the whole log anew and checks:

  · every event: its place, its digest over all before it in its stream, and
    that it can be read
  · every stream: that read as commands read it, it shows what the log holds; what
    an operator of the log has hidden or deleted is named
  · every posting: those of one event sum to 0.00
  · every statement: its content hash, and that the events before it give the
    very lines it froze; every confirmation: that it names what was issued
  · every account: open, confirmed, unapplied, written off and closing balance
    computed from the events alone, against the postings and against what the
    read models answer, known at the last event

It changes nothing and may run beside a serving ledger. Exit status 1: something
was found. Needs the role finance or department-manager.`
}

func (v verifyCmd) Run(ctx context.Context, c *cli) error {
	cl, release, err := v.connect(ctx, c)
	if err != nil {
		return err
	}
	report, err := v.audit(ctx, cl)
	if err := errors.Join(err, release()); err != nil {
		return err
	}
	c.grid(c.label("核查 Verification"), table.Row{"", ""}, []table.Row{
		{c.label("日志 log"), report.Through}, {c.label("事件 events"), report.Events}, {c.label("流 streams"), report.Streams}, {c.label("账户 accounts"), report.Accounts},
		{c.label("分录 postings"), report.Postings}, {c.label("对账单 statements"), report.Statements}, {c.label("核对的数字 figures compared"), report.Figures},
		{c.label("不符 flaws"), len(report.Flaws)},
	}, nil, 2)
	if len(report.Flaws) == 0 {
		return nil
	}
	var rows []table.Row
	for _, f := range report.Flaws {
		rows = append(rows, table.Row{f.Position, f.Where, c.language().Say(f.What)})
	}
	c.grid(c.label("不符 Flaws"), table.Row{"位置\nposition", "何处\nwhere", "何事\nwhat"}, rows, nil, 1)
	return c.errorf("核查：不符%d项 verify: %d flaws", len(report.Flaws))
}

func (verifyCmd) audit(ctx context.Context, cl *client.Client) (report verify.Report, err error) {
	var health api.HealthBody
	if err := cl.Fetch(ctx, client.Request{Method: http.MethodGet, Path: "/healthz"}, &health); err != nil {
		return report, err
	}
	head := health.ReadModel.Position + health.ReadModel.LagEvents
	err = showProgress(cl.Language.Label("日志 log"), head, func(done func(uint64)) (err error) {
		report, err = verify.Run(ctx, cl, done)
		return err
	})
	return report, err
}

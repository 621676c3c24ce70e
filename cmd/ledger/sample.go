package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/sample"
	"aftersales-ledger/domain/calendar"
)

type sampleCmd struct {
	Scale   int    `help:"Activity: 1 is some 30,000 events, each one more some 19,000." default:"1"`
	Seed    uint64 `help:"Another seed is another year." default:"1"`
	Year    int    `help:"The year that is played." default:"2025"`
	IfEmpty bool   `help:"Do nothing, instead of failing, if the ledger holds events."`
}

func (sampleCmd) Help() string {
	return `Plays a year of a department with 3 regions, 12 property centers and 40 projects
through the ledger's own commands: tickets, fault records, issues, devices at
their makers, charges and payments, with the mistakes that real people make.
The same options give the same events, with the same times and identities.`
}

func (s sampleCmd) Run(ctx context.Context, c *cli) error {
	clock := sample.NewClock(calendar.NewDate(s.Year, time.January, 1).Start())
	config := c.config()
	config.Clock, config.Bulk = clock.Now, true
	if s.IfEmpty {
		if empty, err := isEmpty(ctx, c); err != nil || !empty {
			return err
		}
	}
	l, store, err := app.OpenLedger(ctx, config)
	if err != nil {
		return err
	}
	var summary sample.Summary
	err = showProgress(c.label("样例年度 sample year"), 365, func(report func(uint64)) (err error) {
		summary, err = sample.Fill(ctx, l, clock, sample.Options{
			Scale: s.Scale, Seed: s.Seed, Year: s.Year, Progress: func(done, _ int) { report(uint64(done)) },
		})
		return err
	})
	if err := errors.Join(err, store.Close()); err != nil {
		return err
	}
	if err := writeLetterhead(c.Data, summary.People); err != nil {
		return err
	}
	fmt.Printf(c.label("样例年度%d：事件%d个，中心%d个，项目%d个 sample year %d: %d events, %d centers, %d projects")+"\n", s.Year,
		summary.Total, summary.Centers, summary.Projects)
	c.printAccount(summary.Small)
	return nil
}

// writeLetterhead puts the sample department's letterhead beside its ledger,
// where there is none.
func writeLetterhead(dir string, people []sample.Person) error {
	f, err := os.OpenFile(filepath.Join(dir, app.LetterheadFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(sample.Letterhead(people))
	return errors.Join(err, f.Close())
}

// isEmpty reports whether the log holds no event yet.
func isEmpty(ctx context.Context, c *cli) (bool, error) {
	_, store, err := app.OpenLedger(ctx, c.config())
	if err != nil {
		return false, err
	}
	head, err := store.Head(ctx)
	return head == 0, errors.Join(err, store.Close())
}

// printAccount prints an account small enough to be checked by hand.
func (c *cli) printAccount(a sample.CenterAccount) {
	var rows []table.Row
	for _, l := range a.Lines {
		charge, payment := "", ""
		if !l.Charge.IsZero() {
			charge = l.Charge.String()
		}
		if !l.Payment.IsZero() {
			payment = l.Payment.String()
		}
		rows = append(rows, table.Row{l.On, l.Posted, l.Document, l.Text, charge, payment})
	}
	c.grid(fmt.Sprintf("%s %s", a.Center,
		a.Name), table.Row{"日期\non", "季度\nposted", "单据\ndocument", "内容\ntext", "收费\ncharge", "收款\npayment"},
		rows, table.Row{"", "", "", c.label("余额 closing"), a.Balance.Closing(), ""}, 5, 6)
}

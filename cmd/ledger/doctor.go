package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"

	"github.com/jedib0t/go-pretty/v6/table"

	"aftersales-ledger/cmd/internal/doctor"
)

type doctorCmd struct {
	serveFlags
	JSON bool `help:"Print JSON."`
}

// LikeServe implements [settings.LikeServe].
func (doctorCmd) LikeServe() {}

func (doctorCmd) Help() string {
	return `Looks at folder and rights, disk, open files, clock, event log, read models and how
far they are behind, notices and mail server, service table, letterhead,
certificates and sign-in, by the same flags, environment and file as 'ledger
serve', and says what to do about what is wrong. It changes nothing and sends
nothing. Where a server runs it is asked how its engines are; else they are
opened for a moment.

It ends with 0 if nothing is bad, and with 1 otherwise.`
}

func (d doctorCmd) Run(ctx context.Context, c *cli) error {
	config := c.config()
	config.Policy = d.Policy
	config.Logger = slog.New(slog.DiscardHandler) // what is wrong is said below
	found := doctor.Subject{
		Config: config, Listen: d.Listen, Network: d.Flags, SMTP: d.SMTP, Sender: d.MailFrom, Addresses: d.Addresses,
		NoNotices: d.NoNotices, Say: c.language(),
	}.Examine(ctx)
	if d.JSON {
		out := json.NewEncoder(os.Stdout)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		if err := out.Encode(found); err != nil {
			return err
		}
	} else {
		rows := make([]table.Row, len(found))
		for i, f := range found {
			verdict := map[doctor.Verdict]string{
				doctor.Good: "正常 good", doctor.Warn: "注意 mind", doctor.Bad: "有误 bad",
			}[f.Verdict]
			says := f.Says
			if f.Do != "" {
				says += "\n→ " + f.Do
			}
			rows[i] = table.Row{f.Check, c.label(verdict), says}
		}
		c.grid(c.label("体检 Examination"), table.Row{"项目\ncheck", "结论\nverdict", "情况与办法\nwhat was seen, and what to do"}, rows,
			nil)
	}
	if doctor.Worst(found) == doctor.Bad {
		return errReported
	}
	return nil
}

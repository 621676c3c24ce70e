package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"

	"github.com/alecthomas/kong"
	"github.com/jedib0t/go-pretty/v6/table"

	"aftersales-ledger/cmd/internal/doctor"
	"aftersales-ledger/cmd/internal/settings"
)

// BeforeResolve reads the file of settings, if there is one.
func (c *cli) BeforeResolve(ctx *kong.Context) (err error) {
	data, path := "data", ""
	for _, f := range ctx.Flags() {
		switch f.Name {
		case "data":
			data, _ = ctx.FlagValue(f).(string)
		case "config":
			path, _ = ctx.FlagValue(f).(string)
		}
	}
	named := path != ""
	if !named {
		path = filepath.Join(data, settings.FileName)
	}
	c.settings, err = settings.Read(path)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return nil
	}
	if err == nil {
		ctx.AddResolver(c.settings)
	}
	return err
}

type configCmd struct {
	serveFlags
	JSON bool `help:"Print JSON."`
}

// LikeServe implements [settings.LikeServe].
func (configCmd) LikeServe() {}

func (configCmd) Help() string {
	return `What 'ledger serve' would run with, and from where each value comes: a flag goes
before the environment, the environment before the file, the file before the
default. The file is --config, or DATA/ledger.yaml where there is one; it holds
names of flags without their dashes, those of one command below its name:

  log: esdb://ledger@10.0.0.5:2113
  serve:
    listen: 0.0.0.0:443
    acme-domain: [ledger.example.com]

A name that no flag has is refused. Paths in it are taken from the file's own
folder. Passwords are not printed.`
}

func (cmd configCmd) Run(ctx *kong.Context, c *cli) error {
	list := settings.InForce(ctx, c.settings, cmd.derived(c))
	if cmd.JSON {
		out := json.NewEncoder(os.Stdout)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		return out.Encode(list)
	}
	rows := make([]table.Row, len(list))
	for i, s := range list {
		if s.From == "default" {
			s.From = c.label("默认 default")
		}
		rows[i] = table.Row{s.Name, s.Value, s.From}
	}
	c.grid(c.label("配置 Configuration"), table.Row{"设置\nsetting", "值\nvalue", "来源\nfrom"}, rows, nil)
	return nil
}

// derived are the values that empty flags stand for.
func (f serveFlags) derived(c *cli) map[string]string {
	config := c.config().WithDefaults()
	return map[string]string{
		"log": config.Log, "read-models": config.ReadModels, "attachments": config.Attachments,
		"outbox": filepath.Join(c.Data, "outbox"), "lang": string(c.language()),
		"connections": strconv.Itoa(f.Flags.Bounds().Connections),
	}
}

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
		NoNotices: d.NoNotices, Door: d.DoorFlags, Provider: d.ProviderFlags, Say: c.language(),
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
			grade := map[doctor.Grade]string{
				doctor.Good: "正常 good", doctor.Warn: "注意 mind", doctor.Bad: "有误 bad",
			}[f.Grade]
			says := f.Says
			if f.Do != "" {
				says += "\n→ " + f.Do
			}
			rows[i] = table.Row{f.Check, c.label(grade), says}
		}
		c.grid(c.label("体检 Examination"), table.Row{"项目\ncheck", "结论\nverdict", "情况与办法\nwhat was seen, and what to do"}, rows,
			nil)
	}
	if doctor.Worst(found) == doctor.Bad {
		return errReported
	}
	return nil
}

package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/alecthomas/kong"
	"github.com/jedib0t/go-pretty/v6/table"

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

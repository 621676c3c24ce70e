package main

import (
	"context"
	"os"

	"aftersales-ledger/cmd/internal/scenario"
)

type scenarioCmd struct {
	Files []string `arg:"" help:"Scenario files, played one after the other, each against a fresh ledger."`
	Quiet bool     `help:"Print only what failed, and the summary." short:"q"`
}

func (scenarioCmd) Help() string { return scenario.Help }

func (s scenarioCmd) Run(ctx context.Context, c *cli) error {
	config := c.config()
	failed, err := scenario.Run(ctx, os.Stdout, s.Files, scenario.Options{
		Version: config.Version, Quiet: s.Quiet, Say: c.language(),
	})
	if err != nil {
		return err
	}
	if failed > 0 {
		return c.errorf("场景未通过：%d/%d %d of %d scenarios failed", failed, len(s.Files))
	}
	return nil
}

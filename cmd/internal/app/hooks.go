package app

import (
	"path/filepath"

	"aftersales-ledger/api/door/store/sqlitefile"
	"aftersales-ledger/api/hooks"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/live"
)

// HooksFile keeps the webhooks, in the data folder.
const HooksFile = "webhooks.sqlite"

// openHooks opens what delivers webhooks.
func (a *App) openHooks(c Config, deps *kit.Deps) (err error) {
	memory, err := sqlitefile.Open(filepath.Join(c.Data, HooksFile), c.Clock)
	if err != nil {
		return err
	}
	a.hooksStore = memory
	a.hooks = hooks.New(hooks.Options{
		Store: memory, Tail: a.tail, Places: live.NewPlaces(a.Ledger), People: a.Ledger.People(), Rules: deps.NoticeRules,
		Clock: c.Clock, Log: c.Logger, Networks: c.WebhookNetworks,
	})
	deps.Hooks = a.hooks
	return nil
}

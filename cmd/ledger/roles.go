package main

import (
	"fmt"
	"os"

	"github.com/jedib0t/go-pretty/v6/table"

	"aftersales-ledger/api/kit"
)

type rolesCmd struct {
	Markdown bool `help:"Print it as a document in both languages."`
}

func (rolesCmd) Help() string {
	return `The one table of who may do what, and how far their rights must reach. Every route
of the API names a line of it.

  ledger roles
  ledger --lang en roles
  ledger roles --markdown > roles.md`
}

func (r rolesCmd) Run(c *cli) error {
	if r.Markdown {
		_, err := fmt.Print(kit.RolesMarkdown())
		return err
	}
	t := table.NewWriter()
	t.SetOutputMirror(os.Stdout)
	t.AppendHeader(table.Row{
		c.label("操作 action"), c.label("角色 roles"), c.label("权限须覆盖 rights reach"), c.label("条款 clause"),
		c.label("不可见 does not see"),
	})
	for _, row := range kit.RoleRows(c.language()) {
		t.AppendRow(table.Row{row.Action, row.Roles, row.Reach, row.Clause, row.Closed})
	}
	t.SetColumnConfigs([]table.ColumnConfig{{Number: 2, WidthMax: 60}, {Number: 5, WidthMax: 40}})
	t.Render()
	return nil
}

package money

import (
	"context"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/remittance"
	"aftersales-ledger/projections"
)

// Directory is the answer of [Views.Directory].
type Directory struct {
	Projects []remittance.Project
	Centers  []NamedCenter
}

// NamedCenter is a property center and what it is called.
type NamedCenter struct {
	Center domain.CenterID
	Name   string
}

// Directory answers what the projects and the centers within a scope are called now.
func (m Views) Directory(ctx context.Context, scope access.Scope) (d Directory, err error) {
	q, err := m.Ask(projections.Cut{Scope: scope}, projections.Page{}, "directory")
	if err != nil {
		return d, err
	}
	defer q.Done()
	if err := q.Rows(ctx, debtorsSQL, nil, func(rows driver.Rows) error {
		var c NamedCenter
		var unapplied money.Amount
		err := rows.Scan(projections.TextTo(&c.Center), &c.Name, projections.AmountTo(&unapplied))
		d.Centers = append(d.Centers, c)
		return err
	}); err != nil {
		return Directory{}, err
	}
	err = q.Rows(ctx, debtorsProjectsSQL, nil, func(rows driver.Rows) error {
		var center domain.CenterID
		var p remittance.Project
		err := rows.Scan(projections.TextTo(&center), projections.TextTo(&p.ID), &p.Name)
		d.Projects = append(d.Projects, p)
		return err
	})
	return d, err
}

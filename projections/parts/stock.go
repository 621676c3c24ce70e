package parts

import (
	"context"
	_ "embed"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed stock.sql
var stockSQL string

//go:embed stock_rows.sql
var stockRowsSQL string

//go:embed stock_totals.sql
var stockTotalsSQL string

// StockLine is what one project's depot holds of one part, in yuan.
type StockLine struct {
	Project     domain.ProjectID `json:"project"`
	ProjectName string           `json:"projectName"`
	Region      string           `json:"region"`
	Part        domain.PartCode  `json:"part"`
	Name        string           `json:"name,omitempty" doc:"By the catalogue"` // empty where it does not know the part
	Model       string           `json:"model,omitempty"`
	Unit        string           `json:"unit,omitempty"`
	Quantity    decimal.Decimal  `json:"quantity" doc:"By the book"`
	Value       money.Amount     `json:"value" doc:"Yuan"`
	AverageCost *decimal.Decimal `json:"averageCost" sql:"-" doc:"Of a unit, yuan; null where the book holds none"`
	Count       domain.SlipID    `json:"count,omitempty" doc:"The last count sheet"` // empty: never counted
	Counted     *decimal.Decimal `json:"counted,omitempty"`
	CountedOn   calendar.Date    `json:"countedOn,omitempty"`
	Movements   string           `json:"movements" sql:"-" doc:"Path of the movements that the figures are made of"`
}

// Derive implements [projections.Derived]: a unit's cost has four decimals.
func (l *StockLine) Derive(calendar.Date) {
	if l.Quantity.IsPositive() {
		cost := l.Value.Decimal().DivRound(l.Quantity, 4)
		l.AverageCost = &cost
	}
}

// Stock is the answer of [Views.Stock], by project and part.
type Stock struct {
	projections.List[StockLine]
	StockTotals // on the first page only
}

// StockTotals are over all rows that match.
type StockTotals struct {
	Kinds     uint64       // rows
	Value     money.Amount // of all that match
	Booked    money.Amount // on account 1405 for these projects, of all their parts
	InTransit money.Amount // on account 1405.9: sent by these projects and not yet received, less the other way round
}

// PartsFilter narrows a question about parts down. Empty fields do not narrow.
type PartsFilter struct {
	Region  string
	Project domain.ProjectID
	Part    domain.PartCode
}

func (f PartsFilter) params() projections.Params {
	return projections.Params{"region": f.Region, "project": string(f.Project), "part": string(f.Part)}
}

// Stock answers what the depots hold.
func (m Views) Stock(
	ctx context.Context, cut projections.Cut, filter PartsFilter, page projections.Page,
) (Stock, error) {
	q, err := m.Ask(cut, page, "stock", filter)
	if err != nil {
		return Stock{}, err
	}
	defer q.Done()
	p := filter.params().With("after_project", q.AfterKey(0, "")).With("after_part", q.AfterKey(1, ""))
	list, err := projections.ListOf(ctx, q, stockSQL+stockRowsSQL, p, func(r *StockLine) []string {
		return []string{string(r.Project), string(r.Part)}
	})
	if err != nil || page.After != "" {
		return Stock{List: list}, err
	}
	totals, err := projections.All[StockTotals](ctx, q, stockSQL+stockTotalsSQL, filter.params())
	if err != nil {
		return Stock{}, err
	}
	return Stock{list, totals[0]}, nil
}

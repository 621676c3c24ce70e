package parts

import (
	"context"
	_ "embed"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
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

// StockRow is what one project's depot holds of one part. Amounts are in yuan.
type StockRow struct {
	Project     domain.ProjectID
	ProjectName string
	Region      string
	Part        domain.PartCode
	Name        string // by the catalogue; empty where it does not know the part
	Model       string
	Unit        string
	Quantity    decimal.Decimal
	Value       money.Amount
	Count       domain.SlipID // the last count sheet; empty: never counted
	Counted     decimal.Decimal
	CountedOn   calendar.Date
}

// AverageCost is what a unit is worth, in yuan with four decimals; zero where
// the book holds none.
func (r StockRow) AverageCost() decimal.Decimal {
	if !r.Quantity.IsPositive() {
		return decimal.Zero
	}
	return r.Value.Decimal().DivRound(r.Quantity, 4)
}

// Stock is the answer of [Views.Stock].
type Stock struct {
	projections.Answer
	Rows      []StockRow   // by project, then part
	Kinds     uint64       // rows that match, on the first page only, as all that follows
	Value     money.Amount // of all that match
	Booked    money.Amount // on account 1405 for these projects, of all their parts
	InTransit money.Amount // on account 1405.9: sent by these projects and not yet received, less the other way round
	Next      string       // asks for the next page; empty on the last
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
	answer := Stock{Answer: q.Answer}
	p := filter.params().With("after_project", q.AfterKey(0, "")).With("after_part", q.AfterKey(1, ""))
	if err := q.Rows(ctx, stockSQL+stockRowsSQL, p, func(rows driver.Rows) error {
		var r StockRow
		if err := rows.Scan(
			projections.TextTo(&r.Project), &r.ProjectName, &r.Region, projections.TextTo(&r.Part), &r.Name, &r.Model, &r.Unit,
			&r.Quantity, projections.AmountTo(&r.Value),
			projections.TextTo(&r.Count), &r.Counted, projections.DateTo(&r.CountedOn),
		); err != nil {
			return err
		}
		if len(answer.Rows) == q.Limit {
			end := answer.Rows[q.Limit-1]
			answer.Next = q.Next(string(end.Project), string(end.Part))
			return nil
		}
		answer.Rows = append(answer.Rows, r)
		return nil
	}); err != nil || page.After != "" {
		return answer, err
	}
	err = q.Rows(ctx, stockSQL+stockTotalsSQL, filter.params(), func(rows driver.Rows) error {
		return rows.Scan(&answer.Kinds, projections.AmountTo(&answer.Value), projections.AmountTo(&answer.Booked),
			projections.AmountTo(&answer.InTransit))
	})
	return answer, err
}

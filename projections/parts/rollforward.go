package parts

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed rollforward.sql
var rollForwardSQL string

//go:embed rollforward_rows.sql
var rollForwardRowsSQL string

//go:embed rollforward_totals.sql
var rollForwardTotalsSQL string

// StockFigure is a number of units and their value in yuan.
type StockFigure struct {
	Quantity decimal.Decimal
	Value    money.Amount
}

// Add returns f + g.
func (f StockFigure) Add(g StockFigure) StockFigure {
	return StockFigure{f.Quantity.Add(g.Quantity), f.Value.Add(g.Value)}
}

// Sub returns f − g.
func (f StockFigure) Sub(g StockFigure) StockFigure {
	return StockFigure{f.Quantity.Sub(g.Quantity), f.Value.Sub(g.Value)}
}

// Equal reports whether both figures are equal.
func (f StockFigure) Equal(g StockFigure) bool {
	return f.Quantity.Equal(g.Quantity) && f.Value == g.Value
}

// MonthOfStock is what happened to the stock over a month. What went out is
// positive.
type MonthOfStock struct {
	Month                                    calendar.Month
	Opening                                  StockFigure
	Received, TransfersIn, Returned          StockFigure
	Issued, TransfersOut, Scrapped, Adjusted StockFigure
	Closing                                  StockFigure
}

// Ties: opening + received + transfers in + returned − issued − transfers out −
// scrapped ± adjusted = closing.
func (m MonthOfStock) Ties() bool {
	in := m.Opening.Add(m.Received).Add(m.TransfersIn).Add(m.Returned)
	return in.Sub(m.Issued).Sub(m.TransfersOut).Sub(m.Scrapped).Add(m.Adjusted).Equal(m.Closing)
}

// CountOfStock is the last count of a month against the book of its day, by all
// documents known at the cut.
type CountOfStock struct {
	Count       domain.SlipID
	Counted     decimal.Decimal
	CountedOn   calendar.Date
	Position    uint64
	Book        decimal.Decimal // at the end of the day, adjustments included
	Explained   StockFigure     // adjusted by this sheet
	Unexplained StockFigure     // counted − book, at average cost
}

// RollForwardRow is one part of one project's depot over one month.
type RollForwardRow struct {
	Project domain.ProjectID
	Region  string
	Part    domain.PartCode
	MonthOfStock
	Count *CountOfStock // nil: not counted in the month
}

// RollForwardTotal is the value of all rows of one month; its quantities are
// zero, since units of different parts do not add up.
type RollForwardTotal struct {
	MonthOfStock
	Unexplained money.Amount
	Booked      money.Amount // on account 1405 at the end of the month, for all parts of these projects
}

// RollForward is the answer of [Views.RollForward].
type RollForward struct {
	projections.Answer
	Rows   []RollForwardRow   // by project, part and month; only months with stock, movements or a count
	Totals []RollForwardTotal // by month, on the first page only
	Next   string             // asks for the next page; empty on the last
}

// maxMonths bounds a range of months.
const maxMonths = 120

// RollForward answers how stock came from month to month: each opening is the
// closing of the month before.
func (m Views) RollForward(
	ctx context.Context, cut projections.Cut, first, last calendar.Month, filter PartsFilter, page projections.Page,
) (RollForward, error) {
	if first.IsZero() || last < first || last-first >= maxMonths {
		return RollForward{}, domain.Invalid("through", last.String(), "bad-range",
			"must be the first month, %s, or one of the %d after it", "", first, maxMonths-1)
	}
	q, err := m.Ask(cut, page, "roll-forward", first, last, filter)
	if err != nil {
		return RollForward{}, err
	}
	defer q.Done()
	answer := RollForward{Answer: q.Answer}
	p := filter.params().With("first", uint32(first)).With("last", uint32(last))
	after, err := strconv.ParseUint(q.AfterKey(2, "0"), 10, 32)
	if err != nil {
		return RollForward{}, domain.Invalid("cursor", domain.Clip(page.After), "bad-cursor",
			"must be the next of a page of the same question", "")
	}
	p = p.With("after_project", q.AfterKey(0, "")).With("after_part", q.AfterKey(1, "")).With("after_month", uint32(after))
	if err := q.Rows(ctx, rollForwardSQL+rollForwardRowsSQL, p, func(rows driver.Rows) error {
		r, err := scanRollForward(rows)
		if err != nil {
			return err
		}
		if len(answer.Rows) == q.Limit {
			end := answer.Rows[q.Limit-1]
			answer.Next = q.Next(string(end.Project), string(end.Part), fmt.Sprint(uint32(end.Month)))
			return nil
		}
		answer.Rows = append(answer.Rows, r)
		return nil
	}); err != nil || page.After != "" {
		return answer, err
	}
	err = q.Rows(ctx, rollForwardSQL+rollForwardTotalsSQL, p, func(rows driver.Rows) error {
		var (
			t     RollForwardTotal
			month uint32
		)
		err := rows.Scan(&month, projections.AmountTo(&t.Opening.Value), projections.AmountTo(&t.Received.Value),
			projections.AmountTo(&t.TransfersIn.Value), projections.AmountTo(&t.Returned.Value),
			projections.AmountTo(&t.Issued.Value), projections.AmountTo(&t.TransfersOut.Value),
			projections.AmountTo(&t.Scrapped.Value), projections.AmountTo(&t.Adjusted.Value),
			projections.AmountTo(&t.Closing.Value), projections.AmountTo(&t.Unexplained), projections.AmountTo(&t.Booked))
		t.Month = calendar.Month(month)
		answer.Totals = append(answer.Totals, t)
		return err
	})
	return answer, err
}

func scanRollForward(rows driver.Rows) (r RollForwardRow, err error) {
	var (
		c     CountOfStock
		month uint32
	)
	into := []any{projections.TextTo(&r.Project), &r.Region, projections.TextTo(&r.Part), &month}
	for _, f := range []*StockFigure{
		&r.Opening, &r.Received, &r.TransfersIn, &r.Returned, &r.Issued, &r.TransfersOut, &r.Scrapped, &r.Adjusted,
		&r.Closing,
	} {
		into = append(into, &f.Quantity, projections.AmountTo(&f.Value))
	}
	into = append(into, projections.TextTo(&c.Count), &c.Counted, projections.DateTo(&c.CountedOn), &c.Position, &c.Book,
		&c.Explained.Quantity, projections.AmountTo(&c.Explained.Value), &c.Unexplained.Quantity,
		projections.AmountTo(&c.Unexplained.Value))
	err = rows.Scan(into...)
	r.Month = calendar.Month(month)
	if c.Count != "" {
		r.Count = &c
	}
	return r, err
}

package parts

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"

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
	Quantity  decimal.Decimal `json:"quantity"`
	Value     money.Amount    `json:"value" doc:"Yuan"`
	Movements string          `json:"movements,omitempty" sql:"-" doc:"Path of the movements that the figure is made of; absent where there are none"`
}

// Add returns f + g.
func (f StockFigure) Add(g StockFigure) StockFigure {
	return StockFigure{Quantity: f.Quantity.Add(g.Quantity), Value: f.Value.Add(g.Value)}
}

// Sub returns f − g.
func (f StockFigure) Sub(g StockFigure) StockFigure {
	return StockFigure{Quantity: f.Quantity.Sub(g.Quantity), Value: f.Value.Sub(g.Value)}
}

// Equal reports whether both figures are equal.
func (f StockFigure) Equal(g StockFigure) bool {
	return f.Quantity.Equal(g.Quantity) && f.Value == g.Value
}

// Difference is a number of units by which a count differs from the book, and what they are
// worth.
type Difference struct {
	Quantity decimal.Decimal `json:"quantity"`
	Value    *money.Amount   `json:"value" doc:"Yuan; null where the depot never held the part at a cost"`
}

// Count is the last count of a month against the book of its day, by all documents
// known at the cut.
type Count struct {
	Count       domain.SlipID         `json:"count" doc:"Number of the count sheet"`
	CountedOn   calendar.Date         `json:"countedOn"`
	Counted     decimal.Decimal       `json:"counted"`
	Book        decimal.Decimal       `json:"book" doc:"At the end of that day, by all documents known now, adjustments included"`
	Explained   StockFigure           `json:"explained" sql:"explained_,inline" doc:"Adjusted by this sheet"`
	Unexplained Difference            `json:"unexplained" sql:"unexplained_,inline" doc:"Counted − book"` // at average cost
	Event       projections.EventPath `json:"event" doc:"Path of the count in the log"`
}

// IsZero reports that nothing was counted.
func (c Count) IsZero() bool { return c.Count == "" }

// RollForwardRow is one part of one project's depot over one month. What went out is
// positive.
type RollForwardRow struct {
	Project      domain.ProjectID `json:"project"`
	Region       string           `json:"region"`
	Part         domain.PartCode  `json:"part"`
	Month        calendar.Month   `json:"month"`
	Opening      StockFigure      `json:"opening" sql:"opening_,inline"`
	Received     StockFigure      `json:"received" sql:"received_,inline"`
	TransfersIn  StockFigure      `json:"transfersIn" sql:"moved_in_,inline"`
	Returned     StockFigure      `json:"returned" sql:"returned_,inline"`
	Issued       StockFigure      `json:"issued" sql:"issued_,inline"`
	TransfersOut StockFigure      `json:"transfersOut" sql:"moved_out_,inline"`
	Scrapped     StockFigure      `json:"scrapped" sql:"scrapped_,inline"`
	Adjusted     StockFigure      `json:"adjusted" sql:"adjusted_,inline"`
	Closing      StockFigure      `json:"closing" sql:"closing_,inline" doc:"The book at the end of the month"`
	Count        Count            `json:"count,omitzero" sql:"count_,inline" doc:"Absent where nothing was counted in the month"`
	Ties         bool             `json:"ties" sql:"-" doc:"opening + received + transfersIn + returned − issued − transfersOut − scrapped ± adjusted = closing"`
}

// Derive implements [projections.Derived].
func (r *RollForwardRow) Derive(calendar.Date) {
	in := r.Opening.Add(r.Received).Add(r.TransfersIn).Add(r.Returned)
	r.Ties = in.Sub(r.Issued).Sub(r.TransfersOut).Sub(r.Scrapped).Add(r.Adjusted).Equal(r.Closing)
}

// RollForwardTotal is the value of all rows of one month, in yuan; units of different
// parts do not add up.
type RollForwardTotal struct {
	Month        calendar.Month `json:"month"`
	Opening      money.Amount   `json:"opening"`
	Received     money.Amount   `json:"received"`
	TransfersIn  money.Amount   `json:"transfersIn"`
	Returned     money.Amount   `json:"returned"`
	Issued       money.Amount   `json:"issued"`
	TransfersOut money.Amount   `json:"transfersOut"`
	Scrapped     money.Amount   `json:"scrapped"`
	Adjusted     money.Amount   `json:"adjusted"`
	Closing      money.Amount   `json:"closing"`
	Unexplained  money.Amount   `json:"unexplained" doc:"As far as it is known what the units cost"`
	Booked       money.Amount   `json:"booked" doc:"On account 1405 at the end of the month for these projects, all parts"`
	Ties         bool           `json:"ties" sql:"-" doc:"opening + received + transfersIn + returned − issued − transfersOut − scrapped ± adjusted = closing; closing = booked, where all parts were asked for"`
}

// ties says whether the month ties, by itself and, of all parts, with the books.
func (t RollForwardTotal) ties(allParts bool) bool {
	in := t.Opening.Add(t.Received).Add(t.TransfersIn).Add(t.Returned)
	return in.Sub(t.Issued).Sub(t.TransfersOut).Sub(t.Scrapped).Add(t.Adjusted) == t.Closing &&
		(!allParts || t.Closing == t.Booked)
}

// RollForward is the answer of [Views.RollForward], by project, part and month: only
// months with stock, movements or a count.
type RollForward struct {
	projections.List[RollForwardRow]
	Totals []RollForwardTotal // by month, on the first page only
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
	p := filter.params().With("first", uint32(first)).With("last", uint32(last))
	after, err := strconv.ParseUint(q.AfterKey(2, "0"), 10, 32)
	if err != nil {
		return RollForward{}, projections.BadCursor(page.After)
	}
	p = p.With("after_project", q.AfterKey(0, "")).With("after_part", q.AfterKey(1, "")).With("after_month", uint32(after))
	list, err := projections.ListOf(ctx, q, rollForwardSQL+rollForwardRowsSQL, p, func(r *RollForwardRow) []string {
		return []string{string(r.Project), string(r.Part), fmt.Sprint(uint32(r.Month))}
	})
	answer := RollForward{list, []RollForwardTotal{}}
	if err != nil || page.After != "" {
		return answer, err
	}
	answer.Totals, err = projections.All[RollForwardTotal](ctx, q, rollForwardSQL+rollForwardTotalsSQL, p)
	for i, t := range answer.Totals {
		answer.Totals[i].Ties = t.ties(filter.Part == "")
	}
	return answer, err
}

package parts

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"strconv"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed movementlist.sql
var movementListSQL string

// MovementKind is a kind of stock movement.
type MovementKind string

// The kinds of stock movements.
const (
	Receipt     MovementKind = "RECEIPT"      // 入库
	TransferIn  MovementKind = "TRANSFER_IN"  // 调拨入库
	Return      MovementKind = "RETURN"       // 退库
	IssueOut    MovementKind = "ISSUE"        // 出库
	TransferOut MovementKind = "TRANSFER_OUT" // 调拨出库
	Scrapping   MovementKind = "SCRAP"        // 报废
	Adjustment  MovementKind = "ADJUSTMENT"   // 盘点调整
)

// Movement is one movement of a depot's stock; what left is negative.
type Movement struct {
	Position     uint64                `json:"position"`
	Stream       string                `json:"stream" sql:"-"`
	Line         uint64                `json:"-" sql:"line"` // within the event
	RecordedAt   projections.Moment    `json:"recordedAt"`
	Actor        string                `json:"actor"`
	Role         string                `json:"role"`
	On           calendar.Date         `json:"on" doc:"Business date"`
	Project      domain.ProjectID      `json:"project"`
	Part         domain.PartCode       `json:"part"`
	Kind         MovementKind          `json:"kind"`
	Slip         domain.SlipID         `json:"slip"`
	Quantity     decimal.Decimal       `json:"quantity"`
	Value        money.Amount          `json:"value" doc:"Yuan"`
	Source       depot.Source          `json:"source,omitempty"`
	FaultLine    domain.FaultLineID    `json:"faultLine,omitempty"`
	Person       string                `json:"person,omitempty" doc:"Who took the units, or brought them back"`
	Override     string                `json:"override,omitempty"`
	Serials      []string              `json:"serials,omitempty"`
	SentSerials  []string              `json:"sentSerials,omitempty"`
	Reference    domain.SlipID         `json:"reference,omitempty" doc:"Issue slip of a return, count sheet of an adjustment, batch of a receipt from the maker"`
	OtherProject domain.ProjectID      `json:"otherProject,omitempty"`
	Reason       string                `json:"reason,omitempty"`
	Event        projections.EventPath `json:"event" doc:"Path of the event in the log"`
}

// Derive implements [projections.Derived]: it names the stream that holds the
// movement's event.
func (m *Movement) Derive(calendar.Date) { m.Stream = depot.Stream(m.Project) }

// MovementFilter narrows movements down. Empty fields do not narrow.
type MovementFilter struct {
	PartsFilter
	From, To calendar.Date
	Kinds    []MovementKind
	Count    domain.SlipID // only adjustments by this count sheet
}

// Movements is the answer of [Views.Movements], by business date and position.
type Movements struct {
	projections.List[Movement]
	MovementSums
}

// MovementSums are over all movements that match.
type MovementSums struct {
	Count    uint64           `json:"count" doc:"Of all that match"`
	Quantity *decimal.Decimal `json:"quantity,omitempty" doc:"Sum of all that match, where one part was asked for: metres and pieces are not added up"`
	Value    money.Amount     `json:"value" doc:"Sum of all that match, yuan"`
}

// Movements answers what a figure of the stock is made of.
func (m Views) Movements(
	ctx context.Context, cut projections.Cut, filter MovementFilter, page projections.Page,
) (Movements, error) {
	q, err := m.Ask(cut, page, "movements", filter)
	if err != nil {
		return Movements{}, err
	}
	defer q.Done()
	position, err1 := strconv.ParseUint(q.AfterKey(1, "0"), 10, 64)
	line, err2 := strconv.ParseUint(q.AfterKey(2, "0"), 10, 32)
	if err1 != nil || err2 != nil {
		return Movements{}, projections.BadCursor(page.After)
	}
	kinds := make([]string, len(filter.Kinds))
	for i, k := range filter.Kinds {
		kinds[i] = string(k)
	}
	p := filter.params().
		With("kinds", kinds).With("count_sheet", string(filter.Count)).
		With("from_date", projections.IsoDate(cmp.Or(filter.From, projections.FirstDate))).
		With("to_date", projections.IsoDate(cmp.Or(filter.To, projections.LastDate))).
		With("after_date", q.AfterKey(0, projections.IsoDate(projections.FirstDate))).
		With("after_position", position).With("after_line", uint32(line))
	var sums MovementSums
	if filter.Part != "" {
		sums.Quantity = new(decimal.Decimal) // of no movement
	}
	list, err := projections.SummedListOf(ctx, q, movementListSQL, p, func(r *Movement) []string {
		return []string{r.On.String(), fmt.Sprint(r.Position), fmt.Sprint(r.Line)}
	}, &sums)
	return Movements{list, sums}, err
}

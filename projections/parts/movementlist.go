package parts

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
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

// Movement is one movement of a depot's stock; quantity and value are negative
// where units left.
type Movement struct {
	Position     uint64
	Line         uint32
	RecordedAt   time.Time
	Actor        string
	Role         string
	Project      domain.ProjectID
	Part         domain.PartCode
	Kind         MovementKind
	Slip         domain.SlipID
	Quantity     decimal.Decimal
	Value        money.Amount
	Source       depot.Source
	FaultLine    domain.FaultLineID
	Person       string // who took the units, or brought them back
	Override     string
	Serials      []string
	On           calendar.Date
	Reference    domain.SlipID // issue slip of a return, count sheet of an adjustment, batch of a receipt from the maker
	OtherProject domain.ProjectID
	Reason       string
	SentSerials  []string
}

// Stream names the stream that holds the movement's event.
func (m Movement) Stream() string { return depot.Stream(m.Project) }

// MovementFilter narrows movements down. Empty fields do not narrow.
type MovementFilter struct {
	PartsFilter
	From, To calendar.Date
	Kinds    []MovementKind
	Count    domain.SlipID // only adjustments by this count sheet
}

// Movements is the answer of [Views.Movements].
type Movements struct {
	projections.Answer
	Rows  []Movement // by business date, then position
	Count uint64     // of all that match, as the two that follow
	Sum   StockFigure
	Next  string // asks for the next page; empty on the last
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
		return Movements{}, domain.Invalid("cursor", domain.Clip(page.After), "bad-cursor",
			"must be the next of a page of the same question", "")
	}
	kinds := make([]string, len(filter.Kinds))
	for i, k := range filter.Kinds {
		kinds[i] = string(k)
	}
	p := filter.params().
		With("kinds", kinds).With("count_sheet", string(filter.Count)).
		With("from_date",
			projections.IsoDate(cmp.Or(filter.From,
				projections.FirstDate))).With("to_date", projections.IsoDate(cmp.Or(filter.To, projections.LastDate))).
		With("after_date",
			q.AfterKey(0,
				projections.IsoDate(projections.FirstDate))).With("after_position", position).With("after_line", uint32(line))
	answer := Movements{Answer: q.Answer}
	err = q.Rows(ctx, movementListSQL, p, func(rows driver.Rows) error {
		var r Movement
		if err := rows.Scan(
			&r.Position, &r.Line, &r.RecordedAt, &r.Actor, &r.Role, projections.TextTo(&r.Project), projections.TextTo(&r.Part),
			projections.TextTo(&r.Kind), projections.TextTo(&r.Slip),
			&r.Quantity, projections.AmountTo(&r.Value), projections.TextTo(&r.Source), projections.TextTo(&r.FaultLine),
			&r.Person, &r.Override, &r.Serials, projections.DateTo(&r.On),
			projections.TextTo(&r.Reference), projections.TextTo(&r.OtherProject), &r.Reason, &r.SentSerials, &answer.Count,
			&answer.Sum.Quantity, projections.AmountTo(&answer.Sum.Value),
		); err != nil {
			return err
		}
		if len(answer.Rows) == q.Limit {
			end := answer.Rows[q.Limit-1]
			answer.Next = q.Next(end.On.String(), fmt.Sprint(end.Position), fmt.Sprint(end.Line))
			return nil
		}
		answer.Rows = append(answer.Rows, r)
		return nil
	})
	return answer, err
}

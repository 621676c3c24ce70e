package projections

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

// Movements is the answer of [ReadModels.Movements].
type Movements struct {
	Answer
	Rows  []Movement // by business date, then position
	Count uint64     // of all that match, as the two that follow
	Sum   StockFigure
	Next  string // asks for the next page; empty on the last
}

// Movements answers what a figure of the stock is made of.
func (m *ReadModels) Movements(ctx context.Context, cut Cut, filter MovementFilter, page Page) (Movements, error) {
	q, err := m.ask(cut, page, "movements", filter)
	if err != nil {
		return Movements{}, err
	}
	defer q.done()
	position, err1 := strconv.ParseUint(q.afterKey(1, "0"), 10, 64)
	line, err2 := strconv.ParseUint(q.afterKey(2, "0"), 10, 32)
	if err1 != nil || err2 != nil {
		return Movements{}, domain.Invalid("cursor", domain.Clip(page.After), "bad-cursor", "must be the next of a page of the same question", "")
	}
	kinds := make([]string, len(filter.Kinds))
	for i, k := range filter.Kinds {
		kinds[i] = string(k)
	}
	p := filter.params().
		with("kinds", kinds).with("count_sheet", string(filter.Count)).
		with("from_date", isoDate(cmp.Or(filter.From, firstDate))).with("to_date", isoDate(cmp.Or(filter.To, lastDate))).
		with("after_date", q.afterKey(0, isoDate(firstDate))).with("after_position", position).with("after_line", uint32(line))
	answer := Movements{Answer: q.Answer}
	err = q.rows(ctx, movementListSQL, p, func(rows driver.Rows) error {
		var r Movement
		if err := rows.Scan(
			&r.Position, &r.Line, &r.RecordedAt, &r.Actor, &r.Role, textTo(&r.Project), textTo(&r.Part), textTo(&r.Kind), textTo(&r.Slip),
			&r.Quantity, amountTo{&r.Value}, textTo(&r.Source), textTo(&r.FaultLine), &r.Person, &r.Override, &r.Serials, dateTo{&r.On},
			textTo(&r.Reference), textTo(&r.OtherProject), &r.Reason, &r.SentSerials, &answer.Count, &answer.Sum.Quantity, amountTo{&answer.Sum.Value},
		); err != nil {
			return err
		}
		if len(answer.Rows) == q.limit {
			end := answer.Rows[q.limit-1]
			answer.Next = q.next(end.On.String(), fmt.Sprint(end.Position), fmt.Sprint(end.Line))
			return nil
		}
		answer.Rows = append(answer.Rows, r)
		return nil
	})
	return answer, err
}

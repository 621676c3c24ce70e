package projections

import (
	"context"
	_ "embed"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

//go:embed partlist.sql
var partListSQL string

// ListedPart is a part as the catalogue describes it on a date.
type ListedPart struct {
	Part         domain.PartCode
	Name         string
	Model        string
	Maker        string
	Unit         string
	Serialised   bool
	WarrantyCost money.Amount // yuan
	From         calendar.Date
	Position     uint64
}

// PartList is the answer of [ReadModels.Catalogue].
type PartList struct {
	Answer
	Rows []ListedPart // by part
	Next string       // asks for the next page; empty on the last
}

// Catalogue answers how the catalogue describes its parts.
func (m *ReadModels) Catalogue(ctx context.Context, cut Cut, part domain.PartCode, page Page) (PartList, error) {
	q, err := m.ask(cut, page, "catalogue", part)
	if err != nil {
		return PartList{}, err
	}
	defer q.done()
	answer := PartList{Answer: q.Answer}
	err = q.rows(ctx, partListSQL, params{"part": string(part), "after_part": q.afterKey(0, "")}, func(rows driver.Rows) error {
		var r ListedPart
		if err := rows.Scan(textTo(&r.Part), &r.Name, &r.Model, &r.Maker, &r.Unit, &r.Serialised, dateTo{&r.From}, &r.Position, amountTo{&r.WarrantyCost}); err != nil {
			return err
		}
		if len(answer.Rows) == q.limit {
			answer.Next = q.next(string(answer.Rows[q.limit-1].Part))
			return nil
		}
		answer.Rows = append(answer.Rows, r)
		return nil
	})
	return answer, err
}

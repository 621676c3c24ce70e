package parts

import (
	"context"
	_ "embed"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
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

// PartList is the answer of [Views.Catalogue].
type PartList struct {
	projections.Answer
	Rows []ListedPart // by part
	Next string       // asks for the next page; empty on the last
}

// Catalogue answers how the catalogue describes its parts.
func (m Views) Catalogue(
	ctx context.Context, cut projections.Cut, part domain.PartCode, page projections.Page,
) (PartList, error) {
	q, err := m.Ask(cut, page, "catalogue", part)
	if err != nil {
		return PartList{}, err
	}
	defer q.Done()
	answer := PartList{Answer: q.Answer}
	err = q.Rows(ctx, partListSQL, projections.Params{
		"part": string(part), "after_part": q.AfterKey(0, ""),
	}, func(rows driver.Rows) error {
		var r ListedPart
		if err := rows.Scan(projections.TextTo(&r.Part), &r.Name, &r.Model, &r.Maker, &r.Unit, &r.Serialised,
			projections.DateTo(&r.From), &r.Position, projections.AmountTo(&r.WarrantyCost)); err != nil {
			return err
		}
		if len(answer.Rows) == q.Limit {
			answer.Next = q.Next(string(answer.Rows[q.Limit-1].Part))
			return nil
		}
		answer.Rows = append(answer.Rows, r)
		return nil
	})
	return answer, err
}

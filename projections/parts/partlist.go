package parts

import (
	"context"
	_ "embed"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed partlist.sql
var partListSQL string

// PartLine is a part as the catalogue describes it on a date.
type PartLine struct {
	Part         domain.PartCode       `json:"part"`
	Name         string                `json:"name"`
	Model        string                `json:"model,omitempty"`
	Maker        string                `json:"maker,omitempty"`
	Unit         string                `json:"unit"`
	Serialised   bool                  `json:"serialised"`
	WarrantyCost *money.Amount         `json:"warrantyCost" doc:"Of a unit, yuan; null where it is not known"`
	From         calendar.Date         `json:"from"`
	Event        projections.EventPath `json:"event"`
}

// PartList is the answer of [Views.Catalogue], by part.
type PartList = projections.List[PartLine]

// Catalogue answers how the catalogue describes its parts.
func (m Views) Catalogue(
	ctx context.Context, cut projections.Cut, part domain.PartCode, page projections.Page,
) (PartList, error) {
	q, err := m.Ask(cut, page, "catalogue", part)
	if err != nil {
		return PartList{}, err
	}
	defer q.Done()
	p := projections.Params{"part": string(part), "after_part": q.AfterKey(0, "")}
	return projections.ListOf(ctx, q, partListSQL, p, func(r *PartLine) []string { return []string{string(r.Part)} })
}

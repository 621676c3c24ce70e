package parts

import (
	"context"
	"fmt"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/catalogue"
)

type partBody struct {
	Part         string `json:"part" example:"DS-700"`
	Name         string `json:"name" example:"门口机"`
	Model        string `json:"model,omitempty" example:"DS-KV700"`
	Maker        string `json:"maker,omitempty"`
	Unit         string `json:"unit" example:"台"`
	Serialised   bool   `json:"serialised,omitempty" doc:"Whether its units carry serial numbers, which receipts, issues and transfers then name"`
	WarrantyCost string `json:"warrantyCost,omitempty" example:"780.00" doc:"What a unit costs us under warranty, yuan; 0.00 where it is not known"`
	From         string `json:"from" example:"2026-01-01" doc:"First day of this description"`
}

type describePartsBody struct {
	Parts []partBody `json:"parts"`
}

func described(p *kit.Parser, at string, b partBody) catalogue.PartCatalogued {
	if b.WarrantyCost == "" {
		b.WarrantyCost = "0.00"
	}
	return catalogue.PartCatalogued{
		Part: domain.PartCode(b.Part), Name: b.Name, Model: b.Model, Maker: b.Maker, Unit: b.Unit, Serialised: b.Serialised,
		WarrantyCost: p.Amount(at+"warrantyCost", b.WarrantyCost), From: p.Date(at+"from", b.From),
	}
}

func (s *service) catalogue() {
	kit.Command(s.Service, "/v1/catalogue", "describe-parts", "Describe parts from a date on: all of a list, or none",
		kit.MayDescribeParts,
		func(ctx context.Context, in *kit.CommandInput[describePartsBody]) (kit.Receipt, error) {
			var p kit.Parser
			c := catalogue.Describe{Parts: make([]catalogue.PartCatalogued, len(in.Body.Parts))}
			for i, b := range in.Body.Parts {
				c.Parts[i] = described(&p, fmt.Sprintf("parts[%d].", i), b)
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := s.Ledger(ctx).DescribeParts(ctx, in.Request(ctx), c)
			return kit.ReceiptOf(catalogue.Stream, o), err
		})
}

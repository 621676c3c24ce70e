package money

import (
	"context"
	"fmt"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/eventstore/ledger"
)

type publishPriceListBody struct {
	Version       string          `json:"version" example:"2026-01"`
	EffectiveFrom string          `json:"effectiveFrom" example:"2026-01-01" doc:"First day on which the version is in force"`
	Items         []priceItemBody `json:"items"`
}

type priceItemBody struct {
	Code        string `json:"code" example:"MOVE-01"`
	Name        string `json:"name" example:"可视对讲移位"`
	Kind        string `json:"kind" enum:"ADD,MOVE,ACTIVATION,PART,REPAIR,COMPENSATION,TRAVEL,LABOUR"`
	Unit        string `json:"unit" example:"台"`
	Price       string `json:"price" example:"150.00" doc:"Yuan per unit, at most four decimals"`
	TaxRate     string `json:"taxRate" example:"0.06" doc:"Share of the net amount"`
	TaxExcluded bool   `json:"taxExcluded,omitempty" doc:"The price is net; by default it includes tax"`
}

func (s *service) priceLists() {
	kit.Command(s.Service, "/v1/price-lists", "publish-price-list", "Publish a version of the price list (5.3.1)",
		kit.MayPublishPrices,
		func(ctx context.Context, in *kit.CommandInput[publishPriceListBody]) (kit.Receipt, error) {
			var p kit.Parser
			c := pricelist.Publish{Version: in.Body.Version, EffectiveFrom: p.Date("effectiveFrom", in.Body.EffectiveFrom)}
			for i, it := range in.Body.Items {
				field := func(name string) string { return fmt.Sprintf("items[%d].%s", i, name) }
				c.Items = append(c.Items, pricelist.Item{
					Code: it.Code, Name: it.Name, Kind: pricelist.ServiceKind(it.Kind), Unit: it.Unit,
					Price: p.Decimal(field("price"), it.Price),
					Tax:   money.Tax{Rate: p.Decimal(field("taxRate"), it.TaxRate), Excluded: it.TaxExcluded},
				})
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, ledger.Dateless((*pricelist.List).Publish))
			return kit.ReceiptOf(c.Version, o), err
		})
}

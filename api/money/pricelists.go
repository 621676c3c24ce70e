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
	kit.TaggedQuery(s.Service, "/v1/price-lists", "list-price-lists",
		"部门收费标准: the versions of the price list, with what each item costs (5.3.1)", kit.MayReadTables,
		func(*priceListsInput) string { return pricelist.Stream }, s.listPriceLists)
}

type priceListsInput struct {
	KnownAt string `query:"knownAt" doc:"Moment of knowledge. Default: now"`
	After   uint64 `query:"after" doc:"Accepted as by every question; versions are read from the log itself and are never behind"`
}

// PriceListBody is one version of the price list.
type PriceListBody struct {
	Version       string          `json:"version"`
	EffectiveFrom string          `json:"effectiveFrom" doc:"First day on which it is in force"`
	Until         string          `json:"until,omitempty" doc:"Last day on which it is in force; absent: until the next version"`
	Items         []priceItemBody `json:"items"`
}

// PriceListsBody lists the versions of the price list.
type PriceListsBody struct {
	Rows []PriceListBody `json:"rows" doc:"By the day from which they are in force"`
}

func (s *service) listPriceLists(ctx context.Context, in *priceListsInput) (out PriceListsBody, err error) {
	var p kit.Parser
	knownAt := p.Instant("knownAt", in.KnownAt)
	if p.Err != nil {
		return out, p.Err
	}
	steps, err := s.Ledger(ctx).Steps(ctx, pricelist.Stream)
	if err != nil {
		return out, err
	}
	out.Rows = []PriceListBody{}
	for _, step := range steps {
		e, ok := step.Event.(pricelist.PriceListPublished)
		if !ok || !knownAt.IsZero() && step.RecordedAt.After(knownAt) {
			continue
		}
		if n := len(out.Rows); n > 0 { // a version ends where the next one begins
			out.Rows[n-1].Until = e.EffectiveFrom.AddDays(-1).String()
		}
		out.Rows = append(out.Rows, priceListOf(e))
	}
	return out, nil
}

func priceListOf(e pricelist.PriceListPublished) PriceListBody {
	body := PriceListBody{
		Version: e.Version, EffectiveFrom: e.EffectiveFrom.String(), Items: make([]priceItemBody, len(e.Items)),
	}
	for i, it := range e.Items {
		body.Items[i] = priceItemBody{
			Code: it.Code, Name: it.Name, Kind: string(it.Kind), Unit: it.Unit, Price: it.Price.String(),
			TaxRate: it.Tax.Rate.String(), TaxExcluded: it.Tax.Excluded,
		}
	}
	return body
}

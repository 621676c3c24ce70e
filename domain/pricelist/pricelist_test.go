package pricelist_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/pricelist"
)

var day, checkCode = domaintest.Day, domaintest.Refused

func item(code, name, price string) pricelist.Item {
	return pricelist.Item{
		Code: code, Name: name, Kind: pricelist.Move, Unit: "次", Price: decimal.RequireFromString(price),
		Tax: money.Tax{Rate: decimal.New(6, -2)},
	}
}

func published(version, from string, items ...pricelist.Item) pricelist.PriceListPublished {
	return pricelist.PriceListPublished{Version: version, EffectiveFrom: day(from), Items: items}
}

func fold(events ...pricelist.Event) *pricelist.List {
	return domaintest.Fold[pricelist.List](events...)
}

func TestPublish(t *testing.T) {
	good := item("MOV", "移位", "150")
	with := func(change func(*pricelist.Item)) pricelist.PriceListPublished {
		it := good
		change(&it)
		return published("v1", "2026-01-01", it)
	}
	first := published("v1", "2026-01-01", good)
	tests := map[string]struct {
		given []pricelist.Event
		when  pricelist.PriceListPublished
		code  string // empty: published as given
	}{
		"a first version":                         {when: first},
		"a version that begins later":             {given: []pricelist.Event{first}, when: published("v2", "2026-01-02", good)},
		"no version begins with the last one":     {given: []pricelist.Event{first}, when: published("v2", "2026-01-01", good), code: "price-list-overlap"},
		"no version begins before the last one":   {given: []pricelist.Event{first}, when: published("v2", "2025-12-31", good), code: "price-list-overlap"},
		"a version is published once":             {given: []pricelist.Event{first}, when: published("v1", "2026-09-01", good), code: "version-exists"},
		"a version has a date":                    {when: pricelist.PriceListPublished{Version: "v1", Items: []pricelist.Item{good}}, code: "date-required"},
		"a version has items":                     {when: published("v1", "2026-01-01"), code: "no-items"},
		"an item stands once":                     {when: published("v1", "2026-01-01", good, good), code: "item-twice"},
		"an item has a code":                      {when: with(func(i *pricelist.Item) { i.Code = "" }), code: "bad-identity"},
		"an item has a name":                      {when: with(func(i *pricelist.Item) { i.Name = "" }), code: "text-required"},
		"an item has a unit":                      {when: with(func(i *pricelist.Item) { i.Unit = "" }), code: "text-required"},
		"an item has a known kind":                {when: with(func(i *pricelist.Item) { i.Kind = "GIFT" }), code: "unknown-kind"},
		"a price has at most four decimals":       {when: with(func(i *pricelist.Item) { i.Price = decimal.RequireFromString("3.12345") }), code: "bad-price"},
		"a rate is a share, not a percentage":     {when: with(func(i *pricelist.Item) { i.Tax.Rate = decimal.NewFromInt(6) }), code: "bad-tax-rate"},
		"a version's name is fit to be an ID":     {when: published("第一版 草稿", "2026-01-01", good), code: "bad-identity"},
		"a price of three decimals, by the metre": {when: published("v1", "2026-01-01", item("CABLE", "线缆", "3.125"))},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := fold(tc.given...).Publish(pricelist.Publish(tc.when))
			checkCode(t, err, tc.code)
			if tc.code != "" {
				return
			}
			if diff := cmp.Diff([]pricelist.Event{tc.when}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPriceIsThatOfTheDayOfTheWork(t *testing.T) {
	l := fold(published("v1", "2026-01-01", item("MOV", "移位", "150"), item("OLD", "旧项", "1")),
		published("v2", "2026-09-01", item("MOV", "移位", "180")))
	tests := map[string]struct {
		item, on, want, code string
	}{
		"the last day of the first version":    {"MOV", "2026-08-31", "v1 150", ""},
		"the first day of the second":          {"MOV", "2026-09-01", "v2 180", ""},
		"the first day of all":                 {"移位", "2026-01-01", "v1 150", ""},
		"long after":                           {"MOV", "2030-01-01", "v2 180", ""},
		"before any list":                      {"MOV", "2025-12-31", "", "no-price-list"},
		"an item that the second list dropped": {"OLD", "2026-09-01", "", "not-on-price-list"},
		"an item of no list":                   {"岗亭", "2026-09-01", "", "not-on-price-list"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			q, err := l.Price(tc.item, day(tc.on))
			checkCode(t, err, tc.code)
			if got := q.Version + " " + q.Item.Price.String(); err == nil && got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

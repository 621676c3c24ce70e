package app_test

import (
	"testing"

	"aftersales-ledger/api/money"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
)

// Whoever charges sees what the list states, and from which day until which (5.3.1):
// a version ends on the day before the next, which may be published long before.
func TestThePriceListsSayWhatEachItemCostsAndWhen(t *testing.T) {
	m := newMatrix(t)
	m.must(domain.DepartmentManager, "/v1/price-lists", `{"version":"2027","effectiveFrom":"2027-01-01","items":[
		{"code":"MOVE-01","name":"可视对讲移位","kind":"MOVE","unit":"台","price":"160.125","taxRate":"0.06","taxExcluded":true}]}`)
	var body money.PriceListsBody
	m.json(m.as(domain.Technician, access.Everything()), "/v1/price-lists", &body)
	if len(body.Rows) < 2 {
		t.Fatalf("%+v", body)
	}
	last, before := body.Rows[len(body.Rows)-1], body.Rows[len(body.Rows)-2]
	if before.Until != "2026-12-31" || last.EffectiveFrom != "2027-01-01" || last.Until != "" {
		t.Errorf("%s until %q, then %s from %s until %q", before.Version, before.Until, last.Version, last.EffectiveFrom, last.Until)
	}
	if it := last.Items[0]; it.Code != "MOVE-01" || it.Price != "160.125" || it.TaxRate != "0.06" || !it.TaxExcluded {
		t.Errorf("%+v", it)
	}
}

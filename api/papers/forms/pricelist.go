package forms

import (
	"fmt"
	"slices"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/pricelist"
)

// PriceList is 部门收费标准: one version of the price list.
type PriceList struct {
	Version string
	From    calendar.Date
	Until   calendar.Date // last day; zero: until the next version
	Items   []pricelist.Item
	Issued  Signature
}

// Lay implements Paper.
func (p PriceList) Lay() Form {
	t := Table{Columns: slices.Concat(numbers("序号"), texts("编号", "名称", "类别", "单位"), numbers("单价（元）"), texts("税率", "计价方式"))}
	for i, item := range p.Items {
		priced := "含税"
		if item.Tax.Excluded {
			priced = "不含税"
		}
		t.Rows = append(t.Rows,
			[]string{
				fmt.Sprint(i + 1), item.Code, item.Name, names.Of(item.Kind), item.Unit, price(item.Price), percent(item.Tax.Rate),
				priced,
			})
	}
	until := "下一版生效前"
	if !p.Until.IsZero() {
		until = p.Until.String()
	}
	return Form{
		Title: "部门收费标准", Subtitle: "Price list of the department",
		Head:   []Field{{"版本", p.Version}, {"生效日期", p.From.String()}, {"有效至", until}, {"币种", "人民币（元）"}},
		Tables: []Table{t.orNone()},
		Signs:  []Field{p.Issued.field("本部事务主管"), {"部门经理", ""}, {"日期", ""}},
	}
}

package forms

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// IssueSlip is 出库单: units of a part taken out of a project's depot.
type IssueSlip struct {
	Project   Project
	Number    domain.SlipID
	IssuedOn  calendar.Date
	Taker     string
	FaultLine domain.FaultLineID
	Override  string // reason for a second issue against one line
	Entered   Signature
	Lines     []IssueLine
}

// IssueLine is one part on an issue slip.
type IssueLine struct {
	Part     domain.PartCode
	Name     string
	Unit     string
	Asked    decimal.Decimal
	Quantity decimal.Decimal
	Value    money.Amount // at the depot's cost
	Serials  []string
}

// Lay implements Paper.
func (s IssueSlip) Lay() Form {
	t := Table{
		Columns: slices.Concat(numbers("序号"), texts("配件编号", "名称", "单位"), numbers("申领数", "实发数"), amounts("金额（元）"),
			texts("序列号")),
	}
	var total money.Amount
	for i, l := range s.Lines {
		total = total.Add(l.Value)
		t.Rows = append(t.Rows,
			[]string{
				fmt.Sprint(i + 1), string(l.Part), orSaid(l.Name, uncatalogued), orSaid(l.Unit, unitUnsaid),
				l.Asked.String(), l.Quantity.String(),
				l.Value.String(),
				strings.Join(l.Serials, " "),
			})
	}
	t.Total = []string{"合计", "", "", "", "", "", total.String(), ""}
	f := Form{
		Title: "出库单", Subtitle: "Issue slip",
		Head: append([]Field{
			{"编号", string(s.Number)}, {"出库日期", s.IssuedOn.String()}, {"用于 F1", string(s.FaultLine)}, {"领用人", s.Taker},
		}, s.Project.head()...),
		Tables: []Table{t.orNone()},
		Signs:  []Field{s.Entered.field("发料人"), {"领用人", s.Taker}, {"项目组负责人", ""}},
	}
	if s.Override != "" {
		f.Foot = []Field{{"重复出库原因", s.Override}}
	}
	return f
}

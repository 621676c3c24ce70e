package forms

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/money"
)

// Requisition is 物资申请单: what a project leader asks to be bought, with the
// three reviews and the approval (§5.2.3).
type Requisition struct {
	Project Project
	Number  string
	Lines   []Requested
	Total   money.Amount
	Filed   Signature
	Gates   []Gate
	Orders  []Order
	// Approved is the department manager's word; without a name while it is awaited.
	Approved Signature
}

// Requested is one line of a requisition.
type Requested struct {
	Part     domain.PartCode
	Name     string
	Unit     string // of the catalogue; empty where it does not know the part
	Quantity decimal.Decimal
	Estimate money.Amount // of all units together
	Purpose  string
	Received decimal.Decimal // so far
}

// Order is what was bought by a requisition.
type Order struct {
	Number     string
	Supplier   string
	Unrecorded bool // nobody had recorded the supplier on the day of the order
	Total      money.Amount
	Signature
}

// bought is the purchasing admin's row: who ordered, and when last.
func (r Requisition) bought() Field {
	var words []string
	for _, o := range r.Orders {
		if w := spaced(o.By, o.On.String()); !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return Field{"采购管理员", strings.Join(words, "，")}
}

// Lay implements Paper.
func (r Requisition) Lay() Form {
	lines := Table{Title: "申请物资", Columns: slices.Concat(
		numbers("序号"), texts("物资编号", "名称", "单位"), numbers("数量"), amounts("预计金额"), texts("用途"), numbers("已到货"))}
	for i, l := range r.Lines {
		lines.Rows = append(lines.Rows,
			[]string{
				decimal.NewFromInt(int64(i + 1)).String(), string(l.Part), l.Name, orSaid(l.Unit, unitUnsaid),
				l.Quantity.String(), l.Estimate.String(), l.Purpose, l.Received.String(),
			})
	}
	lines.Total = []string{"合计", "", "", "", "", r.Total.String(), "", ""}
	gates := Table{
		Title:   "审批",
		Columns: slices.Concat(texts("环节", "结论", "意见"), amounts("金额"), texts("姓名"), dates("日期")),
	}
	for _, g := range r.Gates {
		gates.Rows = append(gates.Rows, g.row())
	}
	orders := Table{
		Title: "采购", Columns: slices.Concat(texts("订单号", "供应商"), amounts("金额"), texts("经办"), dates("日期")),
	}
	for _, o := range r.Orders {
		orders.Rows = append(orders.Rows,
			[]string{o.Number, marked(o.Supplier, o.Unrecorded), o.Total.String(), o.By, o.On.String()})
	}
	if len(orders.Rows) == 0 {
		orders.Rows = [][]string{{"未采购", "", "", "", ""}}
	}
	return Form{
		Title: "物资申请单", Subtitle: "Material requisition",
		Head:   append([]Field{{"编号", r.Number}, {"申请日期", r.Filed.On.String()}}, r.Project.head()...),
		Tables: []Table{lines.orNone(), gates, orders},
		Foot:   []Field{{"合计大写", r.Total.Capitals()}},
		Signs:  []Field{r.Filed.field("项目组负责人"), r.Approved.field("部门经理"), r.bought()},
	}
}

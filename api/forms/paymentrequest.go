package forms

import (
	"fmt"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// PaymentRequest is 付款申请单: a region's monthly batch of repairs to be paid,
// each with its three attachments (§5.2.2).
type PaymentRequest struct {
	Number string
	Region string
	Month  calendar.Month
	Lines  []Payable
	Total  money.Amount
	Filed  Signature
	State  string // awaiting payment, returned, paid
}

// Payable is one repair on a payment request.
type Payable struct {
	Return   domain.ReturnID
	Project  domain.ProjectID
	Supplier string
	Amount   money.Amount
	Letter   string // name of each attachment
	Sheet    string
	Approval string
	PaidOn   calendar.Date
	BankRef  string
}

// Lay implements Paper.
func (r PaymentRequest) Lay() Form {
	t := Table{Least: 6, Columns: slices.Concat(texts("序号", "F2 编号", "项目", "收款单位"), amounts("金额（元）"), texts("收费确认函", "流程表 F2", "邮件批复页"), dates("付款日期"), texts("银行流水号"))}
	for i, l := range r.Lines {
		t.Rows = append(t.Rows, []string{fmt.Sprint(i + 1), string(l.Return), string(l.Project), l.Supplier, l.Amount.String(), l.Letter, l.Sheet, l.Approval, l.PaidOn.String(), l.BankRef})
	}
	t.Total = []string{"合计", "", "", "", r.Total.String(), "", "", "", "", ""}
	return Form{
		Title: "付款申请单", Subtitle: "Payment request", Wide: true,
		Head:   []Field{{"编号", r.Number}, {"申请日期", r.Filed.On.String()}, {"区域", r.Region}, {"月份", r.Month.String()}, {"事由", "售后设备返厂维修费"}, {"状态", r.State}},
		Tables: []Table{t},
		Foot:   []Field{{"合计大写", r.Total.Capitals()}, {"附件", fmt.Sprintf("%d 份", 3*len(r.Lines))}},
		Signs:  []Field{r.Filed.field("区域行政"), {"本部事务主管", ""}, {"部门经理", ""}, {"财务", ""}},
	}
}

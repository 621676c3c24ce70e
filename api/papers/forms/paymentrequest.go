package forms

import (
	"fmt"
	"slices"
	"strings"

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
	Payees []Payee
	// Papers counts the attachments, one that several repairs share once.
	Papers   int
	Approved []Field     // who approved all its repairs, by role
	Paid     []Signature // who paid its suppliers
}

// Payee is a supplier of a payment request, with the sum of its repairs and the
// account that its money goes to, as recorded on the day of the request.
type Payee struct {
	Supplier string
	Number   domain.SupplierID // empty: the supplier is not recorded
	Repairs  int
	Amount   money.Amount
	Bank     string
	Holder   string
	Account  string
	Recorded Signature // who entered the account, and from when it holds
	Was      string    // the account before, where it changed
}

// Payable is one repair on a payment request.
type Payable struct {
	Return     domain.ReturnID
	Project    domain.ProjectID
	Supplier   string
	Unrecorded bool // nobody had recorded the supplier on the day of the request
	Amount     money.Amount
	Letter     string // name of each attachment
	Sheet      string
	Approval   string
	PaidOn     calendar.Date
	BankRef    string
}

// Lay implements Paper.
func (r PaymentRequest) Lay() Form {
	t := Table{
		Columns: slices.Concat(numbers("序号"), texts("F2 编号", "项目",
			"收款单位"), amounts("金额（元）"), texts("收费确认函", "流程表 F2", "邮件批复页"),
			dates("付款日期"), texts("银行流水号")),
	}
	for i, l := range r.Lines {
		t.Rows = append(t.Rows,
			[]string{
				fmt.Sprint(i + 1), string(l.Return), string(l.Project), marked(l.Supplier, l.Unrecorded), l.Amount.String(),
				l.Letter, l.Sheet, l.Approval, orSaid(l.PaidOn.String(), "未付款"), l.BankRef,
			})
	}
	payees := Table{
		Title: "收款单位及账户",
		Columns: slices.Concat(texts("收款单位", "供应商编号"), numbers("笔数"), amounts("金额（元）"),
			texts("开户银行", "户名", "账号", "生效日期及登记人", "变更前账户")),
	}
	for _, p := range r.Payees {
		account := p.Account
		if p.Number == "" {
			account = "未登记收款账户"
		}
		payees.Rows = append(payees.Rows,
			[]string{
				p.Supplier, string(p.Number), fmt.Sprint(p.Repairs), p.Amount.String(), p.Bank, p.Holder, account,
				spaced(p.Recorded.On.String(), p.Recorded.By), p.Was,
			})
	}
	payees.Total = []string{"合计", "", fmt.Sprint(len(r.Lines)), r.Total.String(), "", "", "", "", ""}
	t.Total = []string{"合计", "", "", "", r.Total.String(), "", "", "", "", ""}
	return Form{
		Title: "付款申请单", Subtitle: "Payment request", Wide: true,
		Head: []Field{
			{"编号", r.Number}, {"申请日期", r.Filed.On.String()}, {"区域", r.Region}, {"月份", r.Month.String()}, {"事由", "售后设备返厂维修费"},
			{"状态", r.State},
		},
		Tables: []Table{t.orNone(), payees.orNone()},
		Foot:   []Field{{"合计大写", r.Total.Capitals()}, {"附件", fmt.Sprintf("%d 份", r.Papers)}},
		Signs:  slices.Concat([]Field{r.Filed.field("区域行政")}, r.Approved, []Field{{"财务", r.paidBy()}}),
	}
}

// marked is the name of a supplier or maker, with a mark where nobody had recorded it.
func marked(name string, unrecorded bool) string {
	if unrecorded {
		return name + "（未建档）"
	}
	return name
}

// paidBy is who paid the suppliers, and when.
func (r PaymentRequest) paidBy() string {
	var words []string
	for _, p := range r.Paid {
		if w := spaced(p.By, p.On.String()); !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return strings.Join(words, "，")
}

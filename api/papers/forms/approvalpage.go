package forms

import (
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/money"
)

// ApprovalPage is 邮件批复页: the words of those who approved what we bear of a
// repair, as it is attached to the payment request (§5.2.2).
type ApprovalPage struct {
	Project    Project
	Return     domain.ReturnID
	Subject    string
	Requested  Signature
	Request    string
	Amount     money.Amount // as it was asked for
	Quoted     Quote        // what the maker quoted since; of no day where it did not
	Gates      []Gate
	Attachment string // name and SHA-256 of the page as it came
}

// Lay implements Paper.
func (p ApprovalPage) Lay() Form {
	t := Table{
		Title: "批复", Columns: slices.Concat(texts("环节", "结论", "批复内容"), amounts("金额（元）"), texts("姓名"), dates("日期")),
		Least: 1,
	}
	for _, g := range p.Gates {
		t.Rows = append(t.Rows, g.row())
	}
	asked := [][]Field{
		{{"申请人", p.Requested.By}, {"日期", p.Requested.On.String()}},
		{{"申请内容", p.Request}},
		{{"金额（元）", knownOr(p.Amount, p.Amount.String())}, {"大写", knownOr(p.Amount, p.Amount.Capitals())}},
	}
	if q := p.Quoted; !q.On.IsZero() {
		asked = append(asked,
			[]Field{{"厂家报价（元）", q.Amount.String() + "（" + q.On.String() + "）"}, {"大写", q.Amount.Capitals()}})
	}
	return Form{
		Title: "邮件批复页", Subtitle: "Approval by e-mail",
		Head: append([]Field{{"主题", p.Subject}, {"F2 编号", string(p.Return)}}, p.Project.head()...),
		Tables: []Table{
			{Title: "申请", Boxes: asked},
			t,
		},
		Foot:  []Field{{"邮件存档", orSaid(p.Attachment, "未存档")}},
		Signs: []Field{{"打印人", ""}, {"日期", ""}},
	}
}

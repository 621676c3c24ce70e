package forms

import (
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// ConfirmationLetter is 维修设备收费确认函: what a supplier asks for a repair,
// to be confirmed by us before it can be paid (§5.2.2).
type ConfirmationLetter struct {
	Project     Project
	Return      domain.ReturnID
	Supplier    string
	Part        domain.PartCode
	Serial      string
	Fault       string
	ShippedOn   calendar.Date
	QuotedOn    calendar.Date
	Amount      money.Amount
	Attachment  string // name and SHA-256 of the letter as it came
	Confirmed   Signature
	ConfirmedAs money.Amount
}

// Lay implements Paper.
func (l ConfirmationLetter) Lay() Form {
	t := Table{Columns: slices.Concat(texts("F2 编号", "设备型号", "序列号", "故障情况"), dates("寄出日期"),
		amounts("维修费（元）")), Least: 1, Rows: [][]string{
		{
			string(l.Return), string(l.Part), l.Serial, l.Fault, orSaid(l.ShippedOn.String(), "未寄出"),
			knownOr(l.Amount, l.Amount.String()),
		},
	}}
	f := Form{
		Title: "维修设备收费确认函", Subtitle: "Confirmation of a supplier's repair charge",
		Head:   append([]Field{{"收费单位", l.Supplier}, {"报价日期", l.QuotedOn.String()}}, l.Project.head()...),
		Tables: []Table{t},
		Foot:   []Field{{"大写", knownOr(l.Amount, l.Amount.Capitals())}, {"来函", orSaid(l.Attachment, "未附")}},
		Replies: []string{
			"同意上述收费，请凭此函办理付款", "不同意，理由如下：",
		},
		Signs: []Field{{"收费单位（盖章）", ""}, l.Confirmed.field("确认人"), {"日期", l.Confirmed.On.String()}},
	}
	if l.Confirmed.By == "" {
		f.Foot = append(f.Foot, Field{"确认", "未确认"})
	} else {
		f.Replied = 1
		f.Foot = append(f.Foot, Field{"确认", money.Sprintf("%s，%s，%s 元", l.Confirmed.By, l.Confirmed.On, l.ConfirmedAs)})
	}
	return f
}

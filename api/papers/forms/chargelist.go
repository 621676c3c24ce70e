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

// ChargeList is F3, 售后服务收费明细表 of one month: of a project, or of all
// projects of a region (§5.3.3).
type ChargeList struct {
	Region string
	Month  calendar.Month
	Sheets []ChargeSheet // by project
	Draft  bool
	Edition
	Signs []Field
}

// ChargeSheet is a project's part of an F3.
type ChargeSheet struct {
	Project Project
	Nil     bool
	Late    bool
	Filed   Signature
	DueOn   calendar.Date
	Remark  string
	Hash    string
	Lines   []ChargeLine
}

// ChargeLine is one charge as F3 lists it.
type ChargeLine struct {
	Charge    domain.ChargeID
	On        calendar.Date // of the work
	Posted    calendar.Quarter
	Project   domain.ProjectID
	Room      string
	Owner     string
	Service   string
	UnitPrice decimal.Decimal
	Quantity  decimal.Decimal
	Unit      string
	Money     money.Line
	Approval  string // price list and item, or who approved the price
	Ticket    domain.TicketID
	Payer     domain.CenterID
	Remark    string
}

// Lay implements Paper.
func (c ChargeList) Lay() Form {
	t := Table{Least: 1, Columns: slices.Concat(
		texts("编号\nno."), dates("日期\ndate"), texts("项目\nproject", "房号业主\nroom, owner", "服务内容\nservice"),
		numbers("单价\nprice", "数量\nqty"), texts("单位\nunit"),
		amounts("不含税金额\nnet", "税额\ntax", "金额(含税)\ngross"),
		texts("计价依据\nlist or approval", "工单号\nticket", "付款方\npayer", "备注\nremark")),
	}
	var sum money.Line
	filed := filedTable(slices.Concat(numbers("笔数"), amounts("合计（元）"))...)
	for _, s := range c.Sheets {
		var of money.Amount
		for _, l := range s.Lines {
			t.Rows = append(t.Rows, chargeRow(l, c.Month))
			of = of.Add(l.Money.Gross)
			sum = money.Line{Net: sum.Net.Add(l.Money.Net), Tax: sum.Tax.Add(l.Money.Tax), Gross: sum.Gross.Add(l.Money.Gross)}
		}
		filed.Rows = append(filed.Rows,
			filedRow(s.Project, nilText(s.Nil, "无收费"), s.Late, s.DueOn, s.Filed, fmt.Sprint(len(s.Lines)), of.String()))
	}
	t.Total = []string{
		"合计", "", "", "", fmt.Sprintf("%d 笔", len(t.Rows)), "", "", "", sum.Net.String(), sum.Tax.String(),
		sum.Gross.String(), "", "", "", "",
	}
	capitals := sum.Gross.Capitals()
	unfiled := !c.Draft && !slices.ContainsFunc(c.Sheets, func(s ChargeSheet) bool { return !s.Filed.On.IsZero() })
	if unfiled {
		// nothing, which is not zero
		t.Total, capitals = []string{"合计", "", "", "", "未报", "", "", "", "", "", "", "", "", "", ""}, "未报"
	}
	f := Form{
		Title: "智能化工程售后服务收费明细表", Subtitle: "Charge list (F3)", Code: "VKWY7.5.1-J02-03-F3", Wide: true,
		Head: []Field{{"月份", c.Month.String()}}, Tables: []Table{t}, Signs: c.Signs,
		Foot: []Field{{"合计大写", capitals}},
	}
	if c.Region == "" {
		s := c.Sheets[len(c.Sheets)-1]
		f.Head = append(f.Head, s.Project.head()...)
		f.Head = append(f.Head, Field{"填报", filedTexts(filed)})
		f.Head = append(f.Head, c.Edition.fields(continuedBy)...)
		if s.Remark != "" {
			f.Foot = append(f.Foot, Field{"备注", s.Remark})
		}
		f.Seal = sealed(s.Hash)
	} else {
		f.Title, f.Subtitle = f.Title+"（区域汇总）", "Charge list of a region (F3)"
		f.Head = append(f.Head, Field{"区域", c.Region}, Field{projectsCounted, c.counted()})
		filed.Total = []string{"合计", "", fmt.Sprint(len(t.Rows)), sum.Gross.String(), "", "", ""}
		if unfiled {
			filed.Total[2], filed.Total[3] = "", ""
		}
		f.Tables[0].Sheet = "收费明细"
		f.Tables = append(f.Tables, filed)
	}
	if c.Draft {
		f.Marks = "草稿"
	}
	return f
}

// counted is how many projects there are, and how many of them are in the list: one that
// had nothing to charge, and one that filed nothing, has no line.
func (c ChargeList) counted() string {
	var of filedCount
	for _, s := range c.Sheets {
		of.add(len(s.Lines) > 0, s.Nil, !s.Filed.On.IsZero())
	}
	return of.says("有收费")
}

func chargeRow(l ChargeLine, m calendar.Month) []string {
	where := l.Room
	if l.Owner != "" {
		where = strings.TrimSpace(l.Room + "(" + l.Owner + ")")
	}
	remark := l.Remark
	if q := m.First().Quarter(); l.Posted != q && !l.Posted.IsZero() { // the tail between F3 and the quarter
		remark = spaced(remark, "计入 "+l.Posted.String())
	}
	each, quantity := price(l.UnitPrice), l.Quantity.String()
	if l.Quantity.IsZero() { // came from another center: what was open of it, and no quantity at a price
		each, quantity = "", ""
	}
	return []string{
		string(l.Charge), l.On.String(), string(l.Project), where, l.Service, each, quantity, l.Unit,
		l.Money.Net.String(), l.Money.Tax.String(), l.Money.Gross.String(), l.Approval, string(l.Ticket), string(l.Payer),
		remark,
	}
}

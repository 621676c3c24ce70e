package forms

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/eventstore/ledger"
)

// Demand lays out what asks a center for money: a half-year's claim (请款单) or a
// reminder (催款单).
func Demand(d ledger.Demand) Form {
	title, subtitle, asked := "催款单", "Reminder of what is overdue", "本次催款"
	head := []Field{{"物业服务中心", fmt.Sprintf("%s（%s）", d.Name, d.Center)}, {"编号", string(d.Number)}}
	if !d.Half.IsZero() {
		title, subtitle, asked = "请款单", "Claim", "本次请款"
		half := "下半年"
		if d.Half.Last().FirstHalf() {
			half = "上半年"
		}
		head = append(head, Field{"半年度", fmt.Sprintf("%d年%s（及以前未付）", d.Half.Last().Year(), half)})
	}
	return Form{
		Title: title, Subtitle: subtitle, Wide: true, On: d.On,
		Head:   append(head, Field{"出具日期", d.On.String()}, Field{"币种", "人民币（元）"}),
		Tables: []Table{demanded(d, asked), dueTable(d)},
		Foot: []Field{
			{"应付合计", d.Total.String()}, {"大写", d.Total.Capitals()},
			{"付款附言", fmt.Sprintf("请注明 %s 及 %s", d.Center, d.Number)},
		},
		Notes: []string{"有争议的收费不在其内。各项金额为截至出具日未付的金额；到期日为该项收费原定的到期日，逾期天数截至出具日。"},
		Signs: []Field{{Label: "出具人", Value: d.By}, {Label: "盖章"}, {Label: "日期", Value: d.On.String()}},
	}
}

// demanded lists the charges, each with how what is asked of it comes about.
func demanded(d ledger.Demand, asked string) Table {
	type column struct {
		name  string
		shown bool
		value func(ledger.Demanded) money.Amount
	}
	columns := []column{
		{"收费金额", true, func(l ledger.Demanded) money.Amount { return l.Gross }},
		{"已付", false, func(l ledger.Demanded) money.Amount { return l.Paid }},
		{"已红冲", false, func(l ledger.Demanded) money.Amount { return l.Credited }},
		{"账销案存", false, func(l ledger.Demanded) money.Amount { return l.WrittenOff }},
		{asked, true, func(l ledger.Demanded) money.Amount { return l.Open }},
	}
	before := false
	for _, l := range d.Lines {
		before = before || l.Before != ""
		for i := range columns {
			columns[i].shown = columns[i].shown || !columns[i].value(l).IsZero()
		}
	}
	columns = slices.DeleteFunc(columns, func(c column) bool { return !c.shown })
	t := Table{Title: "明细", Columns: slices.Concat(texts("单据"), dates("日期"), texts("项目", "房号", "服务内容"))}
	for _, c := range columns {
		t.Columns = append(t.Columns, amounts(c.name)...)
	}
	t.Columns = append(t.Columns, slices.Concat(dates("到期"), numbers("逾期天数"))...)
	if before {
		t.Columns = append(t.Columns, texts("此前请款")...)
	}
	sums := make([]money.Amount, len(columns))
	for _, l := range d.Lines {
		r := []string{string(l.Charge), l.Work.On.String(), string(l.Project), l.Work.Room, l.Work.Service}
		for i, c := range columns {
			r, sums[i] = append(r, c.value(l).String()), sums[i].Add(c.value(l))
		}
		r = append(r, l.DueOn.String(), daysLate(l.DueOn, d.On))
		if before {
			r = append(r, strings.TrimSpace(string(l.Before)+" "+l.BeforeOn.String()))
		}
		t.Rows = append(t.Rows, r)
	}
	t.Total = []string{"合计", "", "", "", ""}
	for _, s := range sums {
		t.Total = append(t.Total, s.String())
	}
	t.Total = append(t.Total, make([]string, len(t.Columns)-len(t.Total))...)
	return t
}

// daysLate is how many days a date is past, empty where it is not.
func daysLate(due, on calendar.Date) string {
	if late := int(on - due); late > 0 {
		return fmt.Sprint(late)
	}
	return ""
}

// dueTable sums the lines by when they fall due, and takes the center's own money off.
func dueTable(d ledger.Demand) Table {
	t := Table{Title: "按到期日汇总", Columns: slices.Concat(texts("项目"), amounts("金额"))}
	byDue := make(map[calendar.Date]money.Amount)
	var sum money.Amount
	for _, l := range d.Lines {
		byDue[l.DueOn], sum = byDue[l.DueOn].Add(l.Open), sum.Add(l.Open)
	}
	days := make([]calendar.Date, 0, len(byDue))
	for day := range byDue {
		days = append(days, day)
	}
	slices.SortFunc(days, func(a, b calendar.Date) int { return cmp.Compare(a, b) })
	for _, day := range days {
		name := day.String() + " 到期"
		if late := daysLate(day, d.On); late != "" {
			name += "，已逾期 " + late + " 天"
		}
		t.Rows = append(t.Rows, []string{name, byDue[day].String()})
	}
	t.Rows = append(t.Rows, []string{"＝ 小计", sum.String()}, []string{"－ 未核销款（贵中心存于我方）", d.Unapplied.String()},
		[]string{"＝ 应付合计", d.Total.String()})
	return t
}

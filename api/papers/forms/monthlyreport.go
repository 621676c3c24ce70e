package forms

import (
	"fmt"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/names"
)

// MonthlyReport is F4, 售后服务月报: of a project with the words of its
// reviewers, or of all projects of a region, summed up (§5.1.4).
type MonthlyReport struct {
	Project  Project
	Region   string // set: of the region
	Projects []ProjectReport
	Month    calendar.Month
	Edition
	Figures filing.Figures
	Stated  bool // of a region: there are figures
	Signs   []Field
	Filed   Signature
	First   Signature // of version 1, where this is a later one
	Late    bool
	DueOn   calendar.Date
	Remark  string
	Steps   []ReportStep
	Sent    calendar.Date
	Parts   map[domain.PartCode]catalogue.PartCatalogued // what they are called
	Hash    string
}

// ProjectReport is one project's line in the report of a region.
type ProjectReport struct {
	Project Project
	Figures *filing.Figures // nil: none was filed
	State   string          // where the report stands
}

// ReportStep is the word of one reviewer; By is empty while it is awaited.
type ReportStep struct {
	Role     domain.Role
	Version  int // that was reviewed, from 1
	Returned bool
	Note     string
	Signature
}

// Lay implements Paper.
func (r MonthlyReport) Lay() Form {
	x := r.Figures
	period := ""
	if r.Region == "" || r.Stated {
		period = periodText(x)
	}
	count := func(n int) string { return fmt.Sprint(n) }
	figures := Table{Title: "统计期数据", Columns: slices.Concat(texts("类别", "指标"), numbers("数量"),
		texts("说明")), Rows: [][]string{
		{"工单", "登记", count(x.TicketsReceived), "统计期内登记的"},
		{"", "关闭", count(x.TicketsClosed), "统计期内关闭的，不论何时登记"},
		{"", "期末未结", count(x.TicketsOpen), "统计期末尚未关闭的，不论何时登记"},
		{"响应", "按时到达", count(x.ResponseMet), "仅计有时限的紧急需求，时限在统计期内届满的"},
		{"", "超时", count(x.ResponseBreached), "同上"},
		{"", "计时中", count(x.ResponseRunning), "期末时限未到、无人到场的"},
		{"巡检", "巡检次数", count(x.VisitsMade), "统计期内每一次例行巡检"},
		{"", "到期周期应巡次数", count(x.VisitsOwed), "统计期内届满的各周期（周、半月、月）之和"},
		{"", "到期周期欠巡次数", count(x.VisitsShort), "逐周期计：多巡的周期不抵欠巡的周期"},
		{"故障", "F1 记录", count(x.FaultLines), "按处理日期"},
		{"返修", "寄出", count(x.DevicesOut), "统计期内寄出的：F2 与库房无 F2 的返厂批次，同一台计一次"},
		{"", "返回", count(x.DevicesBack), "统计期内有结果、库房收回或厂家报废的，不论何时寄出"},
		{"", "期末在厂", count(x.DevicesAway), "其中期末无结果，库房未收回、厂家未报废的，不论何时寄出"},
		{"收费", "笔数", count(x.Charges), "按服务日期"},
		{"", "金额（元）", x.Charged.String(), x.Charged.Capitals()},
		{"上报事项", "新增", count(x.Escalated), "统计期内上报的"},
		{"", "期末未结", count(x.EscalationsOpen), "不论何时上报"},
	}}
	parts := Table{Title: "更换配件", Columns: slices.Concat(texts("配件编号", "名称"), numbers("数量"), texts("单位"))}
	for _, p := range x.PartsUsed {
		is := r.Parts[p.Part]
		parts.Rows = append(parts.Rows, []string{
			string(p.Part), orSaid(is.Name, uncatalogued), p.Quantity.String(), orSaid(is.Unit, unitUnsaid),
		})
	}
	f := Form{
		Title: "售后服务月报", Subtitle: "Monthly report (F4)", Code: "VKWY7.5.1-J02-03-F4",
		Head:   []Field{{"月份", r.Month.String()}, {"统计期间", period}},
		Tables: []Table{figures, parts.orNone()},
	}
	if r.Region != "" {
		return r.region(f)
	}
	f.Head = append(f.Head, r.Project.head()...)
	f.Head = append(f.Head, Field{"填报", spaced(r.Filed.By, r.Filed.On.String()) + lateText(r.Late, r.DueOn)})
	if r.First.On != 0 {
		f.Head = append(f.Head, Field{"首次填报", spaced(r.First.By, r.First.On.String())})
	}
	f.Head = append(f.Head, r.Edition.fields(supersededBy)...)
	if r.Next != 0 {
		f.Marks = "作废"
	}
	steps := Table{Title: "审阅", Columns: slices.Concat(texts("环节", "意见", "姓名"), dates("日期"))}
	for _, s := range r.Steps {
		word := s.Note
		switch {
		case s.By == "":
			word = "未审阅"
		case s.Returned:
			word = "退回：" + s.Note
		case word == "":
			word = "同意"
		}
		gate := names.Of(s.Role)
		if r.Version != 0 && s.Version != r.Version { // what was said of a version before this one does not pass this one
			gate += fmt.Sprintf("（第%d版）", s.Version)
		}
		steps.Rows = append(steps.Rows, []string{gate, word, s.By, s.On.String()})
	}
	f.Tables = append(f.Tables, Table{Boxes: [][]Field{{{"情况说明", r.Remark}}}}, steps)
	f.Foot = []Field{{"送达", "未送达"}}
	if !r.Sent.IsZero() {
		f.Foot = []Field{{"送达", "物业维修主管 " + r.Sent.String() + "；抄送物业服务中心负责人、本部事务主管、部门经理"}}
	}
	f.Signs = []Field{r.Filed.field("填报人"), {"物业维修主管（签收）", ""}, {"日期", ""}}
	f.Seal = sealed(r.Hash)
	return f
}

// periodText is the days that figures are of.
func periodText(x filing.Figures) string { return x.From.String() + " 至 " + x.Through.String() }

// region lays the sum of a region out, and its projects side by side.
func (r MonthlyReport) region(f Form) Form {
	f.Title, f.Subtitle, f.Wide = f.Title+"（区域汇总）", "Monthly report of a region (F4)", true
	f.Head = append(f.Head, Field{"区域", r.Region}, Field{projectsCounted, fmt.Sprint(len(r.Projects))})
	t := Table{
		Title: "各项目",
		Columns: slices.Concat(texts("项目", "统计期间"),
			numbers("登记", "关闭", "期末未结", "紧急按时", "紧急超时", "巡检次数", "到期周期应巡", "到期周期欠巡", "F1", "寄出", "返回"), amounts("收费"),
			numbers("上报"), texts("状态")),
	}
	row := func(name string, x *filing.Figures, state string) []string {
		out := make([]string, len(t.Columns))
		out[0], out[len(out)-1] = name, state
		if x == nil {
			return out
		}
		out = []string{name, onOwnLine(x.From.String()+" 至", x.Through)}
		for _, n := range []int{
			x.TicketsReceived, x.TicketsClosed, x.TicketsOpen, x.ResponseMet, x.ResponseBreached, x.VisitsMade, x.VisitsOwed,
			x.VisitsShort, x.FaultLines, x.DevicesOut, x.DevicesBack,
		} {
			out = append(out, fmt.Sprint(n))
		}
		return append(out, x.Charged.String(), fmt.Sprint(x.Escalated), state)
	}
	for _, p := range r.Projects {
		t.Rows = append(t.Rows, row(named(p.Project.Name, string(p.Project.ID)), p.Figures, p.State))
	}
	// A report covers the days from the one before it to the last that was over when it was
	// filed: of projects that filed on different days they differ, and none covers them all.
	if slices.ContainsFunc(r.Projects, func(p ProjectReport) bool {
		return p.Figures != nil && (p.Figures.From != r.Figures.From || p.Figures.Through != r.Figures.Through)
	}) {
		f.Head[1].Value = "各项目不一，见下表（" + periodText(r.Figures) + " 之间）"
	}
	f.Signs = r.Signs
	if !r.Stated { // what was not filed has no sum
		f.Tables, t.Total = nil, row("合计", nil, "未报")
	} else {
		t.Total = row("合计", &r.Figures, "")
		t.Total[1] = ""
	}
	f.Tables = append([]Table{t}, f.Tables...)
	return f
}

package forms

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/ticket"
)

// FaultRecord is F1, 智能化工程设备故障处理记录表 of one month: of a project,
// or of all projects of a region (§5.1.3).
type FaultRecord struct {
	Region string
	Month  calendar.Month
	Sheets []FaultSheet // by project
	Draft  bool
	Edition
	// Doubtful are the lines that were verified while something about them did not
	// match.
	Doubtful []string
	Signs    []Field
}

// FaultSheet is a project's part of an F1.
type FaultSheet struct {
	Project Project
	Nil     bool
	Late    bool
	Filed   Signature
	DueOn   calendar.Date
	Remark  string
	Hash    string
	Lines   []FaultLine
}

// FaultLine is one line of the fault record, with what belongs to it.
type FaultLine struct {
	ticket.FaultRecorded
	NotifiedAt time.Time
	ArrivedAt  time.Time
	ResolvedAt time.Time
	Coverage   policy.Coverage
	Slips      []string // issue slips made for it
}

// Lay implements Paper.
func (r FaultRecord) Lay() Form {
	t := Table{Least: 1, Columns: slices.Concat(
		texts("编号\nno.", "工单号\nticket", "项目\nproject", "中心\ncenter", "设备名称\ndevice", "序列号\nserial", "位置\nlocation"),
		moments("通知时间\nnotified", "到达时间\narrived", "解决时间\nresolved"), dates("处理日期\nworked on"),
		inBlock(1, texts("故障现象\nsymptom", "故障原因\ncause", "现场解决\non site", "更换配件\npart"), numbers("更换数量\nqty"),
			texts("旧序列号\nold serial", "新序列号\nnew serial", "出库单\nissue slip", "保修责任\ncoverage"))),
	}
	lines, replaced := 0, 0
	filed := filedTable(numbers("条数")...)
	for _, s := range r.Sheets {
		for _, l := range s.Lines {
			t.Rows = append(t.Rows, faultRow(l))
			lines++
			if l.Replacement != nil {
				replaced++
			}
		}
		filed.Rows = append(filed.Rows,
			filedRow(s.Project, nilText(s.Nil, "无故障"), s.Late, s.DueOn, s.Filed, fmt.Sprint(len(s.Lines))))
	}
	f := Form{
		Title: "智能化工程设备故障处理记录表", Subtitle: "Fault record (F1)", Code: "VKWY7.5.1-J02-03-F1", Wide: true,
		Head: []Field{{"月份", r.Month.String()}}, Tables: []Table{t}, Signs: r.Signs,
	}
	summary := fmt.Sprintf("共 %d 条，其中更换 %d 条", lines, replaced)
	unfiled := !r.Draft && !slices.ContainsFunc(r.Sheets, func(s FaultSheet) bool { return !s.Filed.On.IsZero() })
	if unfiled {
		summary = "未报"
	}
	if r.Region == "" {
		s := r.Sheets[len(r.Sheets)-1]
		f.Head = append(f.Head, s.Project.head()...)
		f.Head = append(f.Head, Field{"填报", filedTexts(filed)})
		f.Head = append(f.Head, r.Edition.fields(continuedBy)...)
		f.Foot = []Field{{"合计", summary}}
		if s.Remark != "" {
			f.Foot = append(f.Foot, Field{"备注", s.Remark})
		}
		f.Seal = sealed(s.Hash)
	} else {
		f.Title, f.Subtitle = f.Title+"（区域汇总）", "Fault record of a region (F1)"
		f.Head = append(f.Head, Field{"区域", r.Region}, Field{projectsCounted, r.counted()})
		f.Foot = []Field{{"合计", summary}}
		filed.Total = []string{"合计", "", fmt.Sprint(lines), "", "", ""}
		if unfiled {
			filed.Total[2] = ""
		}
		f.Tables[0].Sheet = "故障处理记录"
		f.Tables = append(f.Tables, filed)
	}
	if r.Draft {
		f.Marks = "草稿"
	}
	if n := len(r.Doubtful); n > 0 { // not beside the total, which is read back
		f.Notes = []string{fmt.Sprintf("其中 %d 条核实时有未结差异：%s", n, strings.Join(r.Doubtful, "、"))}
	}
	return f
}

// counted is how many projects there are, and how many of them are in the list.
func (r FaultRecord) counted() string {
	var of filedCount
	for _, s := range r.Sheets {
		of.add(len(s.Lines) > 0, s.Nil, !s.Filed.On.IsZero())
	}
	return of.says("有故障")
}

// filedTable lists who filed a region's forms, and when, and what figures they
// come to. It stands on a sheet of its own, as the list does that is read back, whose
// columns it does not name.
func filedTable(figures ...Column) Table {
	return Table{
		Title: "填报情况", Sheet: "填报情况",
		Columns: slices.Concat(texts("填报项目", "名称"), figures, texts("填报人"), dates("填报日期"), texts("状态")),
	}
}

// filedRow is one project's line; what was not filed has no figures. isNil is what
// a nil return says there was none of.
func filedRow(p Project, isNil string, late bool, due calendar.Date, by Signature, figures ...string) []string {
	state := "已报"
	switch {
	case by.On.IsZero():
		figures, state = make([]string, len(figures)), "未报"
	case isNil != "":
		state = "零报（" + isNil + "）"
	}
	state += lateText(late, due)
	return slices.Concat([]string{string(p.ID), p.Name}, figures, []string{by.By, by.On.String(), state})
}

// lateText says by when what came late was due.
func lateText(late bool, due calendar.Date) string {
	if !late {
		return ""
	}
	return "（迟报，应于 " + due.String() + " 前）"
}

// nilText is what a nil return says.
func nilText(isNil bool, text string) string {
	if !isNil {
		return ""
	}
	return text
}

// filedTexts says in a line how the sheets of one project were filed.
func filedTexts(t Table) string {
	var texts []string
	for _, r := range t.Rows {
		texts = append(texts, spaced(r[len(r)-3:]...))
	}
	return strings.Join(texts, "；")
}

func faultRow(l FaultLine) []string {
	part, count, oldSerial, newSerial, slips := "", "", "", "", strings.Join(l.Slips, "\n")
	if x := l.Replacement; x != nil {
		part, count, oldSerial, newSerial = string(x.Part), x.Quantity.String(), x.OldSerial, x.NewSerial
		slips = orSaid(slips, "未出库")
	}
	return []string{
		string(l.Line), string(l.Ticket), string(l.Project), string(l.Center), l.Device, l.Serial, l.Location,
		moment(l.NotifiedAt), orSaid(moment(l.ArrivedAt), "未到场"),
		orSaid(moment(l.ResolvedAt), "未解决"), l.RecordedOn.String(), l.Symptom, names.Of(l.Cause), yesNo(l.SolvedOnSite), part,
		count,
		oldSerial, newSerial,
		slips, coverage(l.Coverage) + "·" + names.Of(l.Bearer),
	}
}

package forms

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"aftersales-ledger/domain/calendar"
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
	Signs  []Field
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
	Lines   []Fault
}

// Fault is one line of the fault record, with what belongs to it.
type Fault struct {
	ticket.FaultRecorded
	NotifiedAt time.Time
	ArrivedAt  time.Time
	ResolvedAt time.Time
	Coverage   policy.Coverage
	Slips      []string // issue slips made for it
}

// Lay implements Paper.
func (r FaultRecord) Lay() Form {
	t := Table{Least: 12, Columns: slices.Concat(
		texts("编号\nno.", "工单号\nticket", "项目\nproject", "中心\ncenter", "设备名称\ndevice", "序列号\nserial", "位置\nlocation", "通知时间\nnotified",
			"到达时间\narrived", "解决时间\nresolved", "处理日期\nworked on", "故障现象\nsymptom", "故障原因\ncause", "现场解决\non site", "更换配件\npart"),
		numbers("更换数量\nqty"), texts("旧序列号\nold serial", "新序列号\nnew serial", "出库单\nissue slip", "保修责任\ncoverage")),
	}
	lines, replaced := 0, 0
	var filed []string
	for _, s := range r.Sheets {
		for _, l := range s.Lines {
			t.Rows = append(t.Rows, faultRow(l))
			lines++
			if l.Replacement != nil {
				replaced++
			}
		}
		filed = append(filed, s.filed())
	}
	f := Form{
		Title: "智能化工程设备故障处理记录表", Subtitle: "Fault record (F1)", Code: "vkwy7.5.1-j02-03-f1", Wide: true,
		Head: []Field{{"月份", r.Month.String()}}, Tables: []Table{t}, Signs: r.Signs,
	}
	summary := fmt.Sprintf("共 %d 条，其中更换 %d 条", lines, replaced)
	if r.Region == "" {
		s := r.Sheets[len(r.Sheets)-1]
		f.Head = append(f.Head, s.Project.head()...)
		f.Head = append(f.Head, Field{"填报", strings.Join(filed, "；")})
		f.Foot = []Field{{"合计", summary}}
		if s.Remark != "" {
			f.Foot = append(f.Foot, Field{"备注", s.Remark})
		}
		f.Seal = sealed(s.Hash)
	} else {
		f.Title, f.Subtitle = f.Title+"（区域汇总）", "Fault record of a region (F1)"
		f.Head = append(f.Head, Field{"区域", r.Region}, Field{"项目数", fmt.Sprint(len(r.Sheets))})
		f.Foot = []Field{{"合计", summary}, {"填报说明", strings.Join(filed, "；")}}
	}
	if r.Draft {
		f.Marks = "草稿 DRAFT"
	}
	return f
}

func (s FaultSheet) filed() string { return filedText(s.Project, s.Nil, s.Late, s.DueOn, s.Filed) }

// filedText says how a form was filed.
func filedText(p Project, isNil, late bool, due calendar.Date, by Signature) string {
	text := string(p.ID)
	if by.On.IsZero() {
		return text + " 未报"
	}
	text = spaced(text, by.By, by.On.String())
	if isNil {
		text += " 零报（无故障无收费）"
	}
	if late {
		text += "（迟报，应于 " + due.String() + " 前）"
	}
	return text
}

func faultRow(l Fault) []string {
	part, count, oldSerial, newSerial := "", "", "", ""
	if x := l.Replacement; x != nil {
		part, count, oldSerial, newSerial = string(x.Part), x.Quantity.String(), x.OldSerial, x.NewSerial
	}
	return []string{
		string(l.Line), string(l.Ticket), string(l.Project), string(l.Center), l.Device, l.Serial, l.Location, moment(l.NotifiedAt), moment(l.ArrivedAt),
		moment(l.ResolvedAt), l.RecordedOn.String(), l.Symptom, causeNames[l.Cause], yesNo(l.SolvedOnSite), part, count, oldSerial, newSerial,
		strings.Join(l.Slips, "\n"), coverage(l.Coverage) + "·" + bearerNames[l.Bearer],
	}
}

package forms

import (
	"slices"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/policy"
)

// Registration is F0, 项目安防设备服务登记表: one need from its registration
// to its closing (§5.1.2).
type Registration struct {
	Blank        bool // to be filled in by hand
	Project      Project
	Ticket       domain.TicketID
	Room         string
	Owner        string
	Phone        string
	Device       string
	Need         string
	RegisteredAt time.Time
	RegisteredBy string
	NotifiedAt   time.Time // zero: the team was not told yet
	NotifiedBy   string
	Coverage     policy.Coverage
	AcceptedAt   time.Time
	AcceptedBy   string
	ArrivedAt    time.Time
	ArrivedBy    string
	Done         []string // lines of the fault record, in words
	ResolvedAt   time.Time
	Resolution   string
	ClosedAt     time.Time
	Verdict      string // of the owner or center
	Overrides    []string
	Escalations  []Escalation
}

// Escalation is a matter put to the HQ affairs supervisor and the department
// manager.
type Escalation struct {
	At       time.Time
	Matter   string
	Opinions []string
	Outcome  string // empty: still open
}

// Lay implements Paper.
func (r Registration) Lay() Form {
	deadline := "无时限"
	need, done := r.Need, 3
	pending := orSaid
	if r.Blank { // room to write
		need, deadline, done = "\n\n\n", "", 10
		pending = func(text, _ string) string { return text }
	} else if r.NotifiedAt.IsZero() {
		deadline = "通知后确定"
	}
	if r.Coverage.Advisory {
		deadline = "及时到达（不计超时）"
	}
	if by := r.Coverage.RespondBy; by != nil {
		deadline = moment(*by)
		switch {
		case r.ArrivedAt.IsZero():
		case r.ArrivedAt.After(*by):
			deadline += "（超时 " + names.Span(r.ArrivedAt.Sub(*by)) + "）"
		default:
			deadline += "（按时到达）"
		}
	}
	covered := ""
	if r.Coverage.Clause != "" {
		covered = coverage(r.Coverage) + "，保修至 " + r.Coverage.WarrantyEndsOn.String() + "；" + names.Of(r.Coverage.Presence) +
			"；" +
			names.Of(r.Coverage.Bearer) + "（条款 " + r.Coverage.Clause + "）"
	}
	f := Form{
		Title: "项目安防设备服务登记表", Subtitle: "Registration of a service need (F0)", Code: "F0",
		Head: append([]Field{{"编号", string(r.Ticket)}, {"登记日期", date(r.RegisteredAt).String()}}, r.Project.head()...),
		Tables: []Table{
			{Title: "登记", Boxes: [][]Field{
				{{"房号", r.Room}, {"业主", r.Owner}},
				{{"电话", r.Phone}, {"设备", r.Device}},
				{{"需求内容", need}},
				{{"登记时间", moment(r.RegisteredAt)}, {"登记人", r.RegisteredBy}},
			}},
			{Title: "通知与响应", Boxes: [][]Field{
				{{"通知时间", pending(moment(r.NotifiedAt), "未通知")}, {"通知人", r.NotifiedBy}},
				{{"紧急程度", names.Of(r.Coverage.Category)}, {"到场时限", deadline}},
				{{"保修与费用", pending(covered, "通知后确定")}},
				{
					{"受理", pending(spaced(moment(r.AcceptedAt), r.AcceptedBy), "未受理")},
					{"到场", pending(spaced(moment(r.ArrivedAt), r.ArrivedBy), "未到场")},
				},
			}},
			{Title: "处理", Boxes: [][]Field{
				{{"处理记录", paragraphs(r.Done, done)}},
				{{"解决时间", pending(moment(r.ResolvedAt), "未解决")}, {"解决方式", r.Resolution}},
				{{"关闭时间", pending(moment(r.ClosedAt), "未关闭")}, {"业主意见", r.Verdict}},
			}},
		},
		Signs: []Field{{"登记人", r.RegisteredBy}, {"售后服务技术员", r.ArrivedBy}, {"业主或物业（签字）", ""}},
	}
	if len(r.Overrides) > 0 {
		f.Tables = append(f.Tables, Table{Title: "人工调整", Boxes: [][]Field{{{"调整", paragraphs(r.Overrides, 1)}}}})
	}
	if len(r.Escalations) > 0 {
		t := Table{
			Title:   "上报事项",
			Columns: slices.Concat(moments("时间"), texts("事项", "意见", "结果")),
		}
		for _, e := range r.Escalations {
			t.Rows = append(t.Rows,
				[]string{moment(e.At), e.Matter, orSaid(paragraphs(e.Opinions, 0), "未答复"), orSaid(e.Outcome, "未结")})
		}
		f.Tables = append(f.Tables, t)
	}
	return f
}

func date(t time.Time) (d calendar.Date) {
	if t.IsZero() {
		return d
	}
	return calendar.DateOf(t)
}

// paragraphs writes texts below one another, in at least so many lines.
func paragraphs(texts []string, least int) string {
	out := ""
	for i := range max(len(texts), least) {
		if i > 0 {
			out += "\n"
		}
		if i < len(texts) {
			out += texts[i]
		}
	}
	return out
}

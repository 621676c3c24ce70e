package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/ticket"

	workapi "aftersales-ledger/api/work"
	"aftersales-ledger/projections"
	workviews "aftersales-ledger/projections/work"
)

type ticketsCmd struct {
	question
	Center     string `help:"Only this center."`
	Project    string `help:"Only this project."`
	Status     string `help:"Only these: REGISTERED, NOTIFIED, ACCEPTED, ON_SITE, RESOLVED, CLOSED or REOPENED."`
	Clock      string `help:"Only these: MET, BREACHED, RUNNING, ADVISORY, NONE or NOT_NOTIFIED."`
	Category   string `help:"EMERGENCY or ORDINARY."`
	Open       bool   `help:"Only those not closed."`
	Overridden bool   `help:"Only those whose coverage was overridden."`
	From       string `help:"Registered on or after."`
	To         string `help:"Registered on or before."`
}

func (r ticketsCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{
		"center": r.Center, "project": r.Project, "status": r.Status, "clock": r.Clock, "category": r.Category, "from": r.From, "to": r.To,
	})
	flag(params, "open", r.Open)
	flag(params, "overridden", r.Overridden)
	return ask(ctx, c, r.single, "/v1/tickets", params, func(b *workapi.TicketListBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			rows = append(rows, table.Row{
				v.Ticket, v.Project, v.Need, word(c, names.TicketStatus(v.Status)), minute(v.NotifiedAt),
				word(c, v.Category), c.language().Clause(v.Clause), word(c, v.Bearer), minute(v.RespondBy),
				minute(v.ArrivedAt),
				clock(c, v), word(c, v.How), v.OurCost, v.Charged, mark(v.Overrides), mark(v.OpenEscalations),
			})
		}
		t := b.Totals
		c.grid(c.title("工单 Tickets",
			b.Basis), table.Row{"单号\nticket", "项目\nproject", "需求\nneed", "状态\nstatus", "通知\nnotified", "类别\ncategory",
			"条款\nclause",
			"费用\nbearer", "时限\nrespond by", "到场\narrived", "计时\nclock", "处理\nhow", "我方成本\nour cost", "收费\ncharged", "改判\noverrides", "上报\nescalated"}, rows,
			table.Row{c.label("合计 total"), t.Tickets,
				c.counted("未关 open", t.Open), c.counted("已关 closed", t.Closed), "", "", "", "",
				c.counted("按时 met", t.Met), c.counted("超时 breached", t.Breached), c.counted("计时 running", t.Running)}, 13, 14)
		return nil
	})
}

// clock says how a ticket stands to its deadline, and by how much.
func clock(c *cli, v workviews.TicketRow) string {
	switch {
	case v.LateSeconds != nil && *v.LateSeconds > 0:
		return word(c, v.Clock) + " " + c.span(*v.LateSeconds)
	case v.RemainingSecs != nil:
		return word(c, v.Clock) + " " + c.span(*v.RemainingSecs)
	}
	return word(c, v.Clock)
}

func (c *cli) span(seconds int64) string {
	d := time.Duration(seconds) * time.Second
	return c.said(names.Span(d), d.String())
}

// cell says a cell of the service table.
func (c *cli) cell(text string) string { return c.said(names.Cell(text), text) }

// minute shortens an instant for a column; a text that is none stays as it is.
func minute[T string | projections.Moment](at T) string {
	const short = "2006-01-02 15:04"
	switch at := any(at).(type) {
	case projections.Moment:
		if at.IsZero() {
			return ""
		}
		return at.Format(short)
	case string:
		if t, err := time.Parse(time.RFC3339, at); err == nil {
			return t.Format(short)
		}
		return at
	}
	panic("neither a text nor a moment")
}

// inFull is a moment as the API says it.
func inFull(at projections.Moment) string { return at.Format(time.RFC3339Nano) }

func mark(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func flag(params url.Values, name string, on bool) {
	if on {
		params.Set(name, "true")
	}
}

type ticketCmd struct {
	single
	Ticket string `arg:"" help:"Number of the ticket, such as F0-P001-00001."`
}

func (r ticketCmd) Run(ctx context.Context, c *cli) error {
	return askOne(ctx, c, r.single, "/v1/tickets/"+url.PathEscape(r.Ticket), nil, func(b *workapi.TicketHistoryBody) error {
		v := b.Ticket
		c.grid(c.title("工单 Ticket", b.Basis,
			string(v.Ticket)), table.Row{
			"项目\nproject", "房号\nroom", "需求\nneed", "状态\nstatus", "条款\nclause", "费用\nbearer", "时限\nrespond by", "到场\narrived",
			"计时\nclock",
		},
			[]table.Row{
				{v.Project, v.Room, v.Need, word(c, names.TicketStatus(v.Status)), c.language().Clause(v.Clause), word(c, v.Bearer), minute(v.RespondBy), minute(v.ArrivedAt), clock(c, v)},
			}, nil)
		for _, why := range v.Because {
			zh, en, _ := strings.Cut(why, " · ")
			fmt.Println("  ·", c.said(zh, en))
		}
		var rows []table.Row
		for _, s := range b.Steps {
			rows = append(rows,
				table.Row{
					s.Position, minute(s.At), word(c, names.TicketStep(s.Step)), what(c, s), change(c, s),
					c.person(s.Who), s.Text, c.person(s.Actor),
					word(c, domain.Role(s.Role)),
				})
		}
		c.grid(c.label("经过 What happened"),
			table.Row{
				"位置\nposition", "时间\nat", "步骤\nstep", "内容\nwhat", "变更\nchange", "经办\nwho", "说明\ntext", "何人\nactor", "角色\nrole",
			}, rows, nil, 1)
		return nil
	})
}

// what says what a step of a ticket is about.
func what(c *cli, s workviews.TicketStep) string {
	if s.Step == "COVERAGE_OVERRIDDEN" {
		return word(c, ticket.CoverageItem(s.What))
	}
	return word(c, ticket.Resolution(s.What))
}

// change says what a step put in the place of what.
func change(c *cli, s workviews.TicketStep) string {
	said := func(v string) string { return minute(word(c, names.CoverageValue(v))) } // a deadline is a moment
	was, now := said(s.Was), said(s.Now)
	return strings.TrimPrefix(was+" → "+now, " → ")
}

type escalationsCmd struct {
	question
	Center  string `help:"Only this center."`
	Project string `help:"Only this project."`
	Open    bool   `help:"Only those not closed."`
	Awaits  string `help:"Only those that wait for the opinion of hq-affairs-supervisor or department-manager."`
}

func (r escalationsCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"center": r.Center, "project": r.Project, "awaits": r.Awaits})
	flag(params, "open", r.Open)
	return ask(ctx, c, r.single, "/v1/escalations", params, func(b *workapi.EscalationListBody) error {
		var rows []table.Row
		opinion := func(o workviews.Opinion) string {
			if o.By == "" {
				return ""
			}
			return c.person(o.By) + "：" + o.Text
		}
		for _, v := range b.Rows {
			rows = append(rows, table.Row{
				v.Ticket, v.Escalation, v.Project, word(c, v.Reason), v.Matter, minute(v.EscalatedAt),
				v.AgeDays, opinion(v.Supervisor), opinion(v.Manager),
				v.FollowUps, words[domain.Role](c, v.Awaits, "、"), minute(v.ClosedAt), v.Outcome,
			})
		}
		c.grid(c.title("上报事项 Escalations",
			b.Basis), table.Row{"单号\nticket", "编号\nescalation", "项目\nproject", "原因\nreason", "事项\nmatter", "上报\nescalated",
			"天数\ndays",
			"主管意见\nsupervisor", "经理意见\nmanager", "跟进\nfollow-ups", "待意见\nawaits", "关闭\nclosed", "结果\noutcome"}, rows, nil, 7, 10)
		return nil
	})
}

type visitsCmd struct {
	question
	Center    string `help:"Only this center."`
	Project   string `help:"Only this project."`
	From      string `help:"Periods that touch this date or a later one. Default: the month's first."`
	To        string `help:"Or an earlier one."`
	Shortfall bool   `help:"Only periods with too few visits."`
}

func (r visitsCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"center": r.Center, "project": r.Project, "from": r.From, "to": r.To})
	flag(params, "shortfall", r.Shortfall)
	return ask(ctx, c, r.single, "/v1/visits", params, func(b *workapi.VisitsBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			var dates []string
			for _, d := range v.Dates {
				dates = append(dates, d.String())
			}
			state := ""
			switch {
			case v.Running:
				state = c.label("进行中 running")
			case !v.Whole:
				state = c.label("部分 part")
			}
			rows = append(rows,
				table.Row{
					v.Project, v.Name, v.First, v.Last, c.cell(v.Quota),
					c.language().Clause(v.Clause), v.Due, v.Made, v.Shortfall, state,
					strings.Join(dates, " "),
				})
		}
		t := b.Totals
		c.grid(c.title("例行巡检 Routine visits",
			b.Basis), table.Row{
			"项目\nproject", "名称\nname", "自\nfirst", "至\nlast", "标准\nquota", "条款\nclause", "应\ndue", "实\nmade", "缺\nshort", "",
			"日期\ndates",
		},
			rows, table.Row{c.label("合计 total"), c.counted("期数 periods", t.Periods), "", "", "", "", t.Due, t.Made, t.Shortfall},
			7, 8, 9)
		return nil
	})
}

type handoversCmd struct {
	question
	Center  string `help:"Only this center."`
	Project string `help:"Only this project."`
	Status  string `help:"Only these: NOT_PLANNED, PLANNED, OPEN, OVERDUE or DONE."`
	Begun   bool   `help:"Only projects whose handover has begun."`
}

func (r handoversCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"center": r.Center, "project": r.Project, "status": r.Status})
	flag(params, "begun", r.Begun)
	return ask(ctx, c, r.single, "/v1/handovers", params, func(b *workapi.HandoversBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			rows = append(rows,
				table.Row{
					v.Project, v.Name, v.Center, v.WarrantyEndsOn, v.From, word(c, project.HandoverItem(v.Item)),
					word(c, names.HandoverStatus(v.Status)), v.DueOn, v.DoneOn, v.DaysLate, v.Person + strings.Join(v.Attended, "、"),
					v.Evidence,
				})
		}
		c.grid(c.title("出保移交 Handover",
			b.Basis), table.Row{"项目\nproject", "名称\nname", "中心\ncenter", "保修至\nwarranty", "移交起\nfrom", "事项\nitem", "状态\nstatus",
			"期限\ndue",
			"完成\ndone", "迟\nlate", "人员\npeople", "凭证\nevidence"}, rows, nil, 10)
		return nil
	})
}

type projectsCmd struct {
	question
	Center  string `help:"Only this center."`
	Project string `help:"Only this project."`
}

func (r projectsCmd) Run(ctx context.Context, c *cli) error {
	return ask(ctx, c, r.single, "/v1/projects", r.params(map[string]string{
		"center": r.Center, "project": r.Project,
	}), func(b *workapi.ProjectListBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			var contract []string
			for _, t := range v.Contract {
				contract = append(contract, word(c, t.Cell)+"="+t.Value)
			}
			rows = append(rows,
				table.Row{
					v.Project, v.Name, v.Region, v.City, v.Center, word(c, v.Presence), v.Warranty.EndsOn,
					c.language().Clause(v.Clause),
					c.cell(v.Response), c.cell(v.Visits), word(c, v.Bearer), v.HandoverFrom, v.OnSiteUntil, strings.Join(contract, " "),
				})
		}
		c.grid(c.title("项目 Projects",
			b.Basis), table.Row{"项目\nproject", "名称\nname", "区域\nregion", "城市\ncity", "中心\ncenter", "班组\nteam", "保修至\nwarranty",
			"条款\nclause",
			"紧急到场\nresponse", "巡检\nvisits", "费用\nbearer", "移交起\nhandover", "驻场至\non site", "合同\ncontract"}, rows, nil)
		return nil
	})
}

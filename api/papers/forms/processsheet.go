package forms

import (
	"fmt"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/repair"
)

// ProcessSheet is F2, 售后服务处理流程表: a device on its way to its maker and
// back (§5.2.1), or damage that is compensated (§5.3.2).
type ProcessSheet struct {
	Project      Project
	Return       domain.ReturnID
	Compensation bool
	Ticket       domain.TicketID
	FaultLine    domain.FaultLineID
	Part         domain.PartCode
	Serial       string
	Maker        string
	// MakerUnrecorded: nobody had recorded the maker when the sheet was filed.
	MakerUnrecorded bool
	CatalogueMaker  string // of the part, where it was another than the maker; else empty
	Fault           string // or the damage
	Filed           Signature
	Bearer          string
	Cost            money.Amount // known when it was filed, or the compensation
	Approved        money.Amount // what we bear at most; zero: nothing yet
	Gates           []Gate
	Waybill         string
	ShippedOn       calendar.Date
	ExpectedOn      calendar.Date
	Quotes          []Quote
	FollowUps       []FollowUp
	Result          string
	NewSerial       string
	BackOn          calendar.Date
	Remark          string
}

// Gate is the word of one reviewer; By is empty while it is awaited.
type Gate struct {
	Name    string
	Role    domain.Role // empty: filed again
	Refused bool
	Verdict string
	Opinion string
	Amount  money.Amount
	Signature
}

// row is the gate in a table of reviews. While its word is awaited it says so.
func (g Gate) row() []string {
	verdict, amount := g.Verdict, amountOrNone(g.Amount)
	if g.By == "" {
		verdict = "未审批"
	}
	return []string{g.Name, verdict, g.Opinion, amount, g.By, g.On.String()}
}

// Quote is what a supplier asks for a repair.
type Quote struct {
	Supplier  string
	Amount    money.Amount
	On        calendar.Date
	Confirmed bool
}

// FollowUp is a word with the maker.
type FollowUp struct {
	Contact, Note string
	Signature
}

// Lay implements Paper.
func (p ProcessSheet) Lay() Form {
	kind := "返厂维修"
	if p.Compensation {
		kind = "赔偿"
	}
	f := Form{
		Title: "智能化工程售后服务处理流程表", Subtitle: "Process sheet (F2)", Code: "VKWY7.5.1-J02-03-F2",
		Head:   append([]Field{{"编号", string(p.Return)}, {"类别", kind}}, p.Project.head()...),
		Tables: []Table{{Title: "申报", Boxes: p.request()}},
	}
	gates := Table{
		Title:   "审批",
		Columns: slices.Concat(texts("环节", "结论", "意见"), amounts("金额"), texts("姓名"), dates("日期")),
	}
	for _, g := range p.Gates {
		gates.Rows = append(gates.Rows, g.row())
	}
	f.Tables = append(f.Tables, gates)
	if !p.Compensation {
		f.Tables = append(f.Tables, p.journey()...)
	}
	switch {
	case !p.Approved.IsZero():
		f.Foot = []Field{{"已批金额", p.Approved.String()}, {"大写", p.Approved.Capitals()}}
	case !p.Compensation && p.Bearer == names.Of(repair.ByUs):
		f.Foot = []Field{{"已批金额", "未批准"}}
	}
	f.Signs = p.signs()
	return f
}

// request is what was filed: a device for its maker, or damage to be paid for.
func (p ProcessSheet) request() [][]Field {
	cost := [][]Field{
		{{"费用承担", p.Bearer}, {"费用（元）", knownOr(p.Cost, p.Cost.String())}},
		{{"大写", knownOr(p.Cost, p.Cost.Capitals())}},
	}
	if p.Compensation {
		return append([][]Field{{{"损坏情况", p.Fault}}, {{"报价与收费", p.Remark}, {"申报日期", p.Filed.On.String()}}}, cost...)
	}
	return append([][]Field{
		{{"设备型号", string(p.Part)}, {"序列号", p.Serial}},
		{{"厂家", p.maker()}, {"申报日期", p.Filed.On.String()}},
		{{"工单号", string(p.Ticket)}, {"F1 编号", string(p.FaultLine)}},
		{{"故障情况", p.Fault}},
	}, cost...)
}

// maker is the maker with what is to be seen of it: it is on no record, or the catalogue
// has another.
func (p ProcessSheet) maker() string {
	name := marked(p.Maker, p.MakerUnrecorded)
	if p.CatalogueMaker != "" {
		name += fmt.Sprintf("（目录载：%s）", p.CatalogueMaker)
	}
	return name
}

// signs are those to whom the sheet goes: a compensation to the supervisor and
// finance (§5.3.2), a repair that we pay for to two more than another (§5.2.1).
func (p ProcessSheet) signs() []Field {
	switch {
	case p.Compensation:
		return []Field{p.Filed.field("城市负责人"), p.agreed(domain.HQAffairsSupervisor).field("本部事务主管"), {"财务", ""}}
	case p.Approved.IsZero():
		return []Field{
			p.Filed.field("申报人"), p.agreed(domain.CityTechLead).field("城市技术负责人"), p.agreed(domain.TechGroupLead).field("技术组主管"),
		}
	}
	signs := []Field{p.Filed.field("申报人")}
	for _, role := range []domain.Role{
		domain.CityTechLead, domain.TechGroupLead, domain.HQAffairsSupervisor, domain.DepartmentManager,
	} {
		signs = append(signs, p.agreed(role).field(names.Of(role)))
	}
	return signs
}

// agreed is who agreed in a role to the sheet as it was filed last; nobody while
// it is awaited or after a refusal.
func (p ProcessSheet) agreed(role domain.Role) (by Signature) {
	for _, g := range p.Gates {
		switch {
		case g.Role == "" || g.Refused: // filed again, or sent back
			by = Signature{}
		case g.Role == role:
			by = g.Signature
		}
	}
	return by
}

// journey is what happened to the device, and what was asked for it.
func (p ProcessSheet) journey() []Table {
	quotes := Table{Title: "厂家报价", Columns: slices.Concat(texts("厂家"), dates("日期"), amounts("金额"), texts("确认函"))}
	for _, q := range p.Quotes {
		confirmed := "待确认"
		if q.Confirmed {
			confirmed = "已确认"
		}
		quotes.Rows = append(quotes.Rows, []string{q.Supplier, q.On.String(), q.Amount.String(), confirmed})
	}
	follow := Table{Title: "跟进", Columns: slices.Concat(dates("日期"), texts("联系人", "内容", "跟进人"))}
	for _, w := range p.FollowUps {
		follow.Rows = append(follow.Rows, []string{w.On.String(), w.Contact, w.Note, w.By})
	}
	if len(quotes.Rows) == 0 {
		quotes.Rows = [][]string{{"未报价", "", "", ""}}
	}
	shipped, promised, back, days := "未寄出", "", "", ""
	if !p.ShippedOn.IsZero() {
		shipped, promised, back = p.ShippedOn.String(), orSaid(p.ExpectedOn.String(), "未承诺"), "未返回"
	}
	if !p.BackOn.IsZero() {
		back = p.BackOn.String()
		if !p.ShippedOn.IsZero() {
			days = fmt.Sprintf("%d 天", int(p.BackOn-p.ShippedOn))
		}
	}
	return []Table{
		{Title: "寄送", Boxes: [][]Field{
			{{"寄出日期", shipped}, {"运单号", p.Waybill}},
			{{"预计返回", promised}, {"实际返回", back}},
			{{"结果", p.Result}, {"在厂天数", days}},
			{{"新序列号", p.NewSerial}, {"备注", p.Remark}},
		}},
		quotes, follow,
	}
}

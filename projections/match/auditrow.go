package match

import (
	"cmp"
	"strings"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/projections"
)

// Units are issued units.
type Units struct {
	Quantity *decimal.Decimal `json:"quantity,omitempty" doc:"Units, where all issues are of one part"`
	Slips    int              `json:"slips" doc:"Issue slips of which units are out"`
	Value    money.Amount     `json:"value" doc:"Yuan"`
}

// Say gives the finding the sentences that people read of it. Most that are found are
// on no page, and need none.
func (f *Finding) Say() { f.Chinese, f.English = f.sentence() }

// sentence says what is wrong, with the figures, in Chinese and in English. It
// is a function of the finding and of nothing else.
func (f Finding) sentence() (chinese, english string) {
	slips, q, part, line := strings.Join(f.Stated, "、"), f.Quantity, f.Part, f.Line
	enSlips := strings.Join(f.Stated, ", ")
	say := func(zh, en string) (string, string) {
		if f.Value.Hidden {
			return zh + "，单价不详，无法计算金额。", en + ": what it is worth is not known, since nobody says what a unit costs."
		}
		return money.Sprintf("%s，涉及 %s 元。", zh, f.Value.Amount), money.Sprintf("%s: %s yuan in question.", en, f.Value.Amount)
	}
	switch f.Class {
	case finding.IssueNoFault:
		zh, en := "未写明故障记录", "without a fault record"
		if line != "" {
			zh, en = money.Sprintf("所写故障记录 %s 不存在或未更换配件",
				line), money.Sprintf("for %s, which does not exist or replaced nothing", line)
		}
		return say(money.Sprintf("%s 出库单 %s 领用 %s %s，%s", f.Project, slips, part, f.units(q), zh),
			money.Sprintf("Slip %s of %s issued %s of %s %s", enSlips, f.Project, q, part, en))
	case finding.FaultNoIssue:
		return say(money.Sprintf("故障记录 %s 更换 %s %s，没有出库", line, part, f.units(f.Expected)),
			money.Sprintf("%s replaced %s of %s, and nothing was issued for it", line, f.Expected, part))
	case finding.OverIssue:
		return say(money.Sprintf("故障记录 %s 更换 %s %s，出库单 %s 出库 %s，多 %s", line, part, f.units(f.Expected), slips, f.units(f.Actual), f.units(q)),
			money.Sprintf("%s replaced %s of %s, slip %s issued %s: %s too many", line, f.Expected, part, enSlips, f.Actual, q))
	case finding.ShortIssue:
		return say(money.Sprintf("故障记录 %s 更换 %s %s，只出库 %s，少 %s", line, part, f.units(f.Expected), f.units(f.Expected.Sub(q)), f.units(q)),
			money.Sprintf("%s replaced %s of %s, only %s were issued for it: %s missing", line, f.Expected, part,
				f.Expected.Sub(q), q))
	case finding.DuplicateIssue:
		return say(money.Sprintf("故障记录 %s 更换 %s %s，由出库单 %s 重复出库 %s，多 %s", line, part, f.units(f.Expected), slips, f.units(f.Actual), f.units(q)),
			money.Sprintf("%s replaced %s of %s, slips %s issued %s for it: %s too many", line, f.Expected, part, enSlips,
				f.Actual, q))
	case finding.ItemMismatch:
		if f.Key.AboutLine() {
			return say(money.Sprintf("故障记录 %s 更换 %s %s，配件目录中没有该配件", line, part, f.units(q)),
				money.Sprintf("%s replaced %s of %s, which is not in the catalogue", line, q, part))
		}
		return say(money.Sprintf("故障记录 %s 更换 %s，出库单 %s 出库的是 %s %s", line, f.LinePart, slips, part, f.units(q)),
			money.Sprintf("%s replaced %s, slip %s issued %s of %s for it", line, f.LinePart, enSlips, q, part))
	case finding.WrongProject:
		return say(money.Sprintf("%s 出库单 %s 领用 %s %s，所写故障记录 %s 属于 %s", f.Project, slips, part, f.units(q), line, f.LineProject),
			money.Sprintf("Slip %s of %s issued %s of %s for %s, which is of %s", enSlips, f.Project, q, part, line,
				f.LineProject))
	case finding.Cutoff:
		if f.Expected.IsZero() {
			return say(money.Sprintf("%s 出库单 %s 领用 %s %s，所写故障记录 %s 的日期 %s 在截止日之后", f.Project, slips, part, f.units(q), line, f.OtherOn),
				money.Sprintf("Slip %s of %s issued %s of %s for %s, which is dated later, %s", enSlips, f.Project, q, part, line,
					f.OtherOn))
		}
		return say(money.Sprintf("故障记录 %s 更换 %s %s，其中 %s的出库日期 %s 在截止日之后", line, part, f.units(f.Expected), f.units(q), f.OtherOn),
			money.Sprintf("%s replaced %s of %s, %s of them issued later, on %s", line, f.Expected, part, q, f.OtherOn))
	}
	return f.sentenceOfUnits(say)
}

// words are one text in Chinese and in English.
type words struct{ zh, en string }

// beyondSent says that a paper has units back from their maker, or scrapped there, of
// which no sending is recorded.
func (f Finding) beyondSent(paper, ended words) (chinese, english string) {
	part, q := f.Part, f.Quantity
	switch {
	case len(f.Seen) > 0:
		return money.Sprintf("%s %s %s 写明返修批次 %s（%s %s），该批次不存在", f.Project, paper.zh, numberOf(f), strings.Join(f.Seen, "、"), part,
				f.units(q)),
			money.Sprintf("%s %s of %s names batch %s, which does not exist, for %s of %s", paper.en, numberOf(f), f.Project,
				strings.Join(f.Seen, ", "), q, part)
	case len(f.Stated) == 0:
		return money.Sprintf("%s %s %s 写明%s %s %s，其中 %s没有对应的送修记录", f.Project, paper.zh, numberOf(f), ended.zh, part,
				f.units(f.Expected), f.units(q)),
			money.Sprintf("%s %s of %s states %s of %s %s, %s of them beyond those that were sent", paper.en, numberOf(f),
				f.Project, f.Expected, part, ended.en, q)
	}
	return money.Sprintf("%s %s %s 写明%s的 %s 序列号 %s 没有对应的送修记录", f.Project, paper.zh, numberOf(f), ended.zh, part,
			strings.Join(f.Stated, "、")),
		money.Sprintf("%s %s of %s states serials of %s %s, of which no sending is recorded: %s", paper.en, numberOf(f), f.Project,
			part, ended.en, strings.Join(f.Stated, ", "))
}

// sentenceOfUnits is Sentence for the classes that are about units, money and
// counts.
func (f Finding) sentenceOfUnits(say func(zh, en string) (string, string)) (chinese, english string) {
	stated, seen, q, part, line := strings.Join(f.Stated, "、"), strings.Join(f.Seen, "、"), f.Quantity, f.Part, f.Line
	enStated, enSeen := strings.Join(f.Stated, ", "), strings.Join(f.Seen, ", ")
	switch f.Class {
	case finding.SerialMismatch:
		switch key := string(f.Key); {
		case f.Key.AboutResult():
			zh, en := f.contradiction()
			return say(money.Sprintf("流程表 %s 上 %s（序列号 %s）的结果为%s，而 %s", numberOf(f), part, stated, f.result(), zh),
				money.Sprintf("Process sheet %s states the result %s for %s with serial %s, but %s", numberOf(f), f.Result, part,
					enStated, en))
		case strings.HasSuffix(key, finding.ScrappedTwice):
			zh, en := f.scrappedTwice()
			return say(zh, en)
		case len(f.Seen) > 1 && (strings.HasSuffix(key, finding.FromMaker) || strings.HasSuffix(key, finding.AtMaker)):
			return say(money.Sprintf("%s 的单据 %s 所写返修批次，有多个项目送修过 %s（%s），%s属于哪一批无法判断", f.Project, numberOf(f), part, seen, f.units(q)),
				money.Sprintf("Document %s of %s names a batch with which several projects sent %s (%s): of which %s units are cannot be told",
					numberOf(f), f.Project, part, enSeen, q))
		case strings.HasSuffix(key, finding.FromMaker):
			return say(f.beyondSent(words{"入库单", "Receipt"}, words{"返修回来", "back from their maker"}))
		case strings.HasSuffix(key, finding.AtMaker):
			return say(f.beyondSent(words{"报废单", "Scrap slip"}, words{"厂家报废", "scrapped by their maker"}))
		case !f.Key.AboutLine():
			zh, en := f.absence()
			return say(zh, en)
		case strings.HasSuffix(string(f.Key), finding.Unheld):
			return say(money.Sprintf("故障记录 %s 装上的 %s 序列号为 %s，任何项目的库中都没有过该序列号", line, part, stated),
				money.Sprintf("%s built in %s with serial %s, which no depot ever had", line, part, enStated))
		case strings.HasSuffix(string(f.Key), finding.OldUnit):
			return say(money.Sprintf("故障记录 %s 拆下的 %s 序列号为 %s，交回或返修的却是 %s", line, part, stated, seen),
				money.Sprintf("%s took out %s with serial %s, but %s was handed in or sent away", line, part, enStated, enSeen))
		}
		return say(money.Sprintf("故障记录 %s 装上的 %s 序列号为 %s，出库的却是 %s", line, part, stated, seen),
			money.Sprintf("%s built in %s with serial %s, but %s was issued for it", line, part, enStated, enSeen))
	case finding.NoFaultyReturn:
		return say(money.Sprintf("故障记录 %s 于 %s 拆下 %s %s，至期限 %s 只有 %s交回、返修或报废，缺 %s", line, f.On, part, f.units(f.Expected), f.DueOn,
			f.units(f.Actual), f.units(q)),
			money.Sprintf("%s took out %s of %s on %s; by %s only %s were handed in, sent away or scrapped: %s missing", line,
				f.Expected, part, f.On, f.DueOn, f.Actual, q))
	case finding.AtVendorOverdue:
		zh, en := f.unnamedUnits()
		return say(money.Sprintf("%s 于 %s 送 %s 返修 %s %s（%s），应于 %s 返回，已回 %s，欠 %s%s", f.Project, f.On, seen, part,
			f.units(f.Expected), f.Key.Document(), f.DueOn, f.units(f.Actual), f.units(q), zh),
			money.Sprintf("%s sent %s of %s to %s on %s (%s), due back on %s: %s are back, %s are not%s", f.Project, f.Expected,
				part, enSeen, f.On, f.Key.Document(), f.DueOn, f.Actual, q, en))
	case finding.CountShort:
		return say(money.Sprintf("%s 盘点表 %s：%s 账面 %s，实盘 %s，本次盘亏 %s", f.Project, stated, part, f.units(f.Expected), f.units(f.Actual), f.units(q)),
			money.Sprintf("Count sheet %s of %s: %s of %s in the book, %s counted, %s short since this count", enStated, f.Project,
				f.Expected, part, f.Actual, q))
	case finding.CountOver:
		return say(money.Sprintf("%s 盘点表 %s：%s 账面 %s，实盘 %s，本次盘盈 %s", f.Project, stated, part, f.units(f.Expected), f.units(f.Actual), f.units(q)),
			money.Sprintf("Count sheet %s of %s: %s of %s in the book, %s counted, %s over since this count", enStated, f.Project,
				f.Expected, part, f.Actual, q))
	case finding.CoverageConflict:
		if f.Bearer == policy.Us {
			return say(money.Sprintf("故障记录 %s 的 %s %s由我方承担，却已收费（%s）", line, part, f.units(q), seen),
				money.Sprintf("%s: we bear the cost of %s of %s, but it was charged (%s)", line, q, part, enSeen))
		}
		return say(money.Sprintf("故障记录 %s 的 %s %s由中心承担，至期限 %s 没有收费", line, part, f.units(q), f.DueOn),
			money.Sprintf("%s: the center bears the cost of %s of %s, but it was not charged by %s", line, q, part, f.DueOn))
	case finding.CostVariance:
		return say(money.Sprintf("%s 出库单 %s：%s 单位成本 %s 元，目录为 %s 元，共 %s", f.Project, stated, part, money.Group(f.Actual.StringFixed(2)),
			money.Group(f.Expected.StringFixed(2)), f.units(q)),
			money.Sprintf("Slip %s of %s: %s of %s cost %s yuan each, by the catalogue %s", enStated, f.Project, q, part,
				money.Group(f.Actual.StringFixed(2)), money.Group(f.Expected.StringFixed(2))))
	case finding.IssueNoFault, finding.FaultNoIssue, finding.OverIssue, finding.ShortIssue, finding.DuplicateIssue,
		finding.ItemMismatch,
		finding.WrongProject, finding.Cutoff:
	}
	return say(string(f.Class)+" "+f.Key.Document(), string(f.Class)+" "+f.Key.Document())
}

// units is a quantity of the finding's part in the part's own unit, as Chinese needs it.
// result is what the sheet says became of the unit.
func (f Finding) result() string {
	if f.ReplacedBy != "" {
		return names.Of(f.Result) + "（" + f.ReplacedBy + "）"
	}
	return names.Of(f.Result)
}

// contradiction is what the papers of depots say of the unit instead.
func (f Finding) contradiction() (chinese, english string) {
	var zh, en []string
	for _, d := range f.Documents {
		switch d.Kind {
		case "SCRAP_SLIP":
			zh = append(zh, money.Sprintf("%s 报废单 %s 记为厂家报废", d.Project, d.Number))
			en = append(en, money.Sprintf("by scrap slip %s of %s its maker scrapped it", d.Number, d.Project))
		case "RECEIPT":
			zh = append(zh, money.Sprintf("%s 入库单 %s 记为返修入库（序列号 %s）", d.Project, d.Number, strings.Join(f.Seen, "、")))
			en = append(en, money.Sprintf("by receipt %s of %s it is back as %s", d.Number, d.Project, strings.Join(f.Seen, ", ")))
		}
	}
	return strings.Join(zh, "、"), strings.Join(en, ", ")
}

// scrappedTwice says which slips scrapped what was scrapped already.
func (f Finding) scrappedTwice() (chinese, english string) {
	var zh, en []string
	for _, d := range f.Documents {
		if own := string(d.Project)+"/"+d.Number == f.Key.Document(); d.Kind == "SCRAP_SLIP" && !own {
			zh = append(zh, money.Sprintf("%s 报废单 %s", d.Project, d.Number))
			en = append(en, money.Sprintf("%s of %s", d.Number, d.Project))
		}
	}
	if f.Key.AboutLine() {
		return money.Sprintf("故障记录 %s 拆下 %s %s，却报废了 %s（%s）", f.Line, f.Part, f.units(f.Expected), f.units(f.Actual),
				strings.Join(zh, "、")),
			money.Sprintf("%s took out %s of %s, but scrap slips have %s of them: %s", f.Line, f.Expected, f.Part, f.Actual,
				strings.Join(en, ", "))
	}
	serials := strings.Join(f.Stated, "、")
	return money.Sprintf("%s 报废单 %s 所写 %s 序列号 %s，此前已报废（%s）", f.Project, numberOf(f), f.Part, serials, strings.Join(zh, "、")),
		money.Sprintf("Scrap slip %s of %s states %s with serial %s, scrapped before: %s", numberOf(f), f.Project, f.Part,
			strings.Join(f.Stated, ", "), strings.Join(en, ", "))
}

func (f Finding) units(n decimal.Decimal) string { return n.String() + " " + cmp.Or(f.Unit, "件") }

// absence says of a paper by which units left a depot which of their serials were not
// there.
func (f Finding) absence() (chinese, english string) {
	own, en := "ISSUE_SLIP", "Slip"
	switch key := string(f.Key); {
	case strings.HasSuffix(key, finding.Transferred):
		own, en = "TRANSFER_SLIP", "Transfer"
	case strings.HasSuffix(key, finding.ScrappedGood):
		own, en = "SCRAP_SLIP", "Scrap slip"
	}
	name := func(kind, number string) string { return names.Of(names.FindingDocument(kind)) + " " + number }
	var zh, more []string
	if len(f.Stated) > 0 {
		zh = append(zh, money.Sprintf("%s 从未入过该库", strings.Join(f.Stated, "、")))
		more = append(more, "that its depot never had: "+strings.Join(f.Stated, ", "))
	}
	if len(f.Seen) > 0 {
		var by, on []string
		for _, d := range f.Documents {
			if d.Kind != own || d.Number != numberOf(f) {
				by, on = append(by, name(d.Kind, d.Number)), append(on, d.Number)
			}
		}
		zh = append(zh, money.Sprintf("%s 当时不在该库（此前已由%s 出库，没有再入库）", strings.Join(f.Seen, "、"), strings.Join(by, "、")))
		more = append(more, money.Sprintf("that had left its depot already, by %s: %s", strings.Join(on, ", "),
			strings.Join(f.Seen, ", ")))
	}
	return money.Sprintf("%s %s写明的 %s 序列号 %s", f.Project, name(own, numberOf(f))+" ", f.Part, strings.Join(zh, "，")),
		money.Sprintf("%s %s of %s states serials of %s %s", en, numberOf(f), f.Project, f.Part, strings.Join(more, ", and "))
}

// unnamedUnits says of units at their maker how those are followed that have no serial.
func (f Finding) unnamedUnits() (chinese, english string) {
	unnamed := f.Expected.Sub(decimal.NewFromInt(int64(len(f.Stated))))
	switch {
	case !unnamed.IsPositive():
		return "", ""
	case !strings.Contains(f.Key.Document(), "/"):
		return "；单上没有序列号，以处理结果或所在批次返回的件数为准", "; its sheet has no serial, so its result ends it, or the count of its batch"
	}
	return money.Sprintf("；其中 %s没有序列号，按批次件数核对",
		f.units(unnamed)), money.Sprintf("; %s of them have no serial and are counted by batch", unnamed)
}

// Finding is one difference between papers that should agree, as of a date and as
// known at a moment. What was issued is valued as on its slip; what was not, as the
// depot's units cost on average on that date, or by the catalogue.
type Finding struct {
	Key     finding.Key      `json:"key"`
	Class   finding.Class    `json:"class"`
	Status  finding.Status   `json:"status"`
	Owner   string           `json:"owner" doc:"The person assigned, or the role that looks into it until somebody is"`
	Project domain.ProjectID `json:"project"`
	Region  string           `json:"region"` // of the project
	Center  domain.CenterID  `json:"center"` // that answered for the project on that date
	Part    domain.PartCode  `json:"part"`
	On      calendar.Date    `json:"on" doc:"Of the document that shows it"`
	DueOn   calendar.Date    `json:"dueOn,omitempty" doc:"Until when the missing document was in time"`
	AgeDays int              `json:"ageDays"` // from On to the date asked for

	Quantity decimal.Decimal    `json:"quantity" doc:"In question"`
	Unit     string             `json:"unit,omitempty" doc:"In which the catalogue counts the part; absent where it does not know it"`
	Value    projections.Figure `json:"value" nullable:"true" doc:"In question, yuan; null where neither the catalogue nor the depot knows what a unit costs"`
	Chinese  string             `json:"chinese" doc:"What is wrong"` // see Say
	English  string             `json:"english" doc:"What is wrong"`

	Line        domain.FaultLineID `json:"faultLine,omitempty"`   // F1 line, as named by the document
	LineProject domain.ProjectID   `json:"lineProject,omitempty"` // of that line
	LinePart    domain.PartCode    `json:"linePart,omitempty"`    // replaced according to it
	Ticket      domain.TicketID    `json:"ticket,omitempty"`
	Bearer      policy.Bearer      `json:"bearer,omitempty"`

	Expected  decimal.Decimal   `json:"expected" doc:"Replaced, sent, in the book, or the catalogue's cost"`
	Actual    decimal.Decimal   `json:"actual" doc:"Issued, accounted for, back, counted, or the slip's cost"`
	Documents []FindingDocument `json:"documents" doc:"Of both sides, in the order of the log"`
	Closing   *Closing          `json:"closing,omitempty" doc:"The last closing; it counts while quantity and value are what they were"`

	Stated  []string      `json:"-"` // numbers or serials of the one side
	Seen    []string      `json:"-"` // of the other
	OtherOn calendar.Date `json:"-"` // of the other side, where it comes later

	Result     repair.Result `json:"-"` // of a process sheet that a depot's paper contradicts
	ReplacedBy string        `json:"-"` // according to that
}

// OpenFinding is a finding that stands open about what is reviewed.
type OpenFinding struct {
	Key     finding.Key   `json:"key"`
	Class   finding.Class `json:"class"`
	Chinese string        `json:"chinese" doc:"What is wrong"`
	English string        `json:"english" doc:"What is wrong"`
}

// OpenFindings are findings as a review shows them.
func OpenFindings(found []Finding) []OpenFinding {
	out := make([]OpenFinding, len(found))
	for i, f := range found {
		out[i] = OpenFinding{f.Key, f.Class, f.Chinese, f.English}
	}
	return out
}

// Decide gives the finding its owner and the status that people's decisions leave it
// in: a closing counts while quantity and value are what they were.
func (f *Finding) Decide(steps []Step) {
	f.Status, f.Owner = finding.Open, string(f.Class.Owner())
	for _, s := range steps {
		switch s.Step {
		case "ASSIGNED":
			f.Owner = s.Owner
		case "CLOSED":
			f.Closing = &s.Closing
		case "REOPENED":
			f.Closing = nil
		}
	}
	if c := f.Closing; c != nil && c.Quantity.Equal(f.Quantity) && c.Value == f.Value.Amount {
		f.Status = c.Status
	}
}

// Window is a time to which what is compared may be narrowed, by the dates of
// findings; zero dates do not narrow.
type Window struct{ From, To calendar.Date }

// Verdict is what the comparison of issues with fault records found.
type Verdict string

// The findings of this audit; the values are the procedure's names.
const (
	Matched        Verdict = "MATCHED"         // 相符
	IssueNoFault   Verdict = "ISSUE_NO_FAULT"  // 有出库无故障: issued, no fault record of a replacement
	FaultNoIssue   Verdict = "FAULT_NO_ISSUE"  // 有更换无出库: replaced, nothing issued
	OverIssue      Verdict = "OVER_ISSUE"      // more issued than replaced, on one slip
	ShortIssue     Verdict = "SHORT_ISSUE"     // less issued than replaced
	DuplicateIssue Verdict = "DUPLICATE_ISSUE" // the same line issued again, beyond what was replaced
	ItemMismatch   Verdict = "ITEM_MISMATCH"   // issued for the line, but another part
	WrongProject   Verdict = "WRONG_PROJECT"   // issued from the depot of another project than the line's
	Cutoff         Verdict = "CUTOFF"          // 跨期: the other side is known, but dated after the day asked for
)

// Verdicts lists the verdicts in the order of reports.
func Verdicts() []Verdict {
	return []Verdict{
		Matched, IssueNoFault, FaultNoIssue, OverIssue, ShortIssue, DuplicateIssue, ItemMismatch, WrongProject, Cutoff,
	}
}

// PartsAuditLine compares one F1 line that replaced a part with the issues of
// that part from its project's depot for it; or it is one issue that no such
// line accounts for. Every line and every issue is in exactly one row, except
// that a line for which only issues of another part or project were made, none
// of its units missing, is in the rows of those issues.
type PartsAuditLine struct {
	Key     string           `json:"key"` // stable name of the row: finding and document
	Finding Verdict          `json:"finding"`
	Project domain.ProjectID `json:"project"` // of the line; of the depot if the row is an issue
	Region  string           `json:"region"`  // of the project
	Center  domain.CenterID  `json:"-"`       // that answered for the project on that date
	Part    domain.PartCode  `json:"part"`
	On      calendar.Date    `json:"on"`      // of the fault record; of the issue if the row is an issue
	AgeDays int              `json:"ageDays"` // from On to the date asked for

	Line        domain.FaultLineID `json:"faultLine,omitempty"`   // as named by the slip if the row is an issue
	LineProject domain.ProjectID   `json:"lineProject,omitempty"` // where the line is known, as what follows
	LinePart    domain.PartCode    `json:"linePart,omitempty"`    // replaced according to the line
	Ticket      domain.TicketID    `json:"ticket,omitempty"`
	OldSerial   string             `json:"oldSerial,omitempty"`
	NewSerial   string             `json:"newSerial,omitempty"`
	Bearer      policy.Bearer      `json:"bearer,omitempty"`
	Replaced    *decimal.Decimal   `json:"replaced" doc:"Units, according to F1; null where no line of F1 is known"`

	Slips    []string        `json:"slips"`                                      // issue slips of which units are still out, by date
	Issued   decimal.Decimal `json:"issued" doc:"Units, according to the slips"` // net of those that came back unused
	Value    money.Amount    `json:"value" doc:"Of the issued units, yuan"`      // at the depot's cost
	Override string          `json:"override,omitempty"`                         // reasons given for a repeated issue

	// At the cost on the slip for what was issued, and for what was not at the average
	// cost of what the depot had received by then, or the catalogue's.
	InQuestion      decimal.Decimal    `json:"inQuestion" doc:"Units the finding is about"`
	ValueInQuestion projections.Figure `json:"valueInQuestion" nullable:"true" doc:"Null where nobody knows what a unit costs"`

	Return *Return `json:"return,omitempty" doc:"What became of the faulty unit"` // nil where no F2 names the line
}

// Return is what became of the faulty unit on its way to the maker: the last process
// sheet (F2) that names the line.
type Return struct {
	Return         domain.ReturnID `json:"return"`
	OpenedOn       calendar.Date   `json:"openedOn"`
	ShippedOn      calendar.Date   `json:"shippedOn,omitempty"`      // zero: not shipped
	ExpectedBackOn calendar.Date   `json:"expectedBackOn,omitempty"` // zero: not stated
	BackOn         calendar.Date   `json:"backOn,omitempty"`         // zero: not finished
	Result         repair.Result   `json:"result,omitempty"`         // empty: not finished
}

// Returns are the last process sheets F2 that name each line.
func (m *Comparison) Returns() map[domain.FaultLineID]*Return {
	last, of := make(map[domain.FaultLineID]*Return), make(map[domain.FaultLineID]uint64)
	for id, s := range m.sheetStates() {
		if s.opened == nil || s.opened.Line == "" {
			continue
		}
		line := domain.FaultLineID(s.opened.Line)
		if of[line] > s.opened.Position {
			continue
		}
		status := &Return{Return: domain.ReturnID(id), OpenedOn: calendar.Date(s.opened.On)}
		if s.shipped != nil {
			status.ShippedOn, status.ExpectedBackOn = calendar.Date(s.shipped.On), calendar.Date(s.shipped.ExpectedOn)
		}
		if s.finished != nil {
			status.BackOn, status.Result = calendar.Date(s.finished.On), repair.Result(s.finished.Result)
		}
		last[line], of[line] = status, s.opened.Position
	}
	return last
}

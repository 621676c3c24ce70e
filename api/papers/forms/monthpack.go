package forms

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/ticket"

	"aftersales-ledger/projections/match"
	partsviews "aftersales-ledger/projections/parts"
)

// MonthPack is what the tech group lead gets of a region's month (§5.1.3): the
// fault record, what was issued for it, how the stock moved, and what does not
// match.
type MonthPack struct {
	Region   string
	Month    calendar.Month
	AsOf     calendar.Date
	KnownAt  time.Time
	Position uint64 // of the log, up to which events are considered
	Faults   []partsviews.FaultLine
	Issues   []partsviews.Movement
	Stock    []partsviews.RollForwardRow
	Totals   partsviews.RollForwardTotal
	Findings []PackFinding
	// NoCatalogue is true where no line was held against the catalogue, which is empty.
	NoCatalogue bool
}

// PackFinding is one thing that does not match.
type PackFinding struct {
	Finding   finding.Class
	Project   domain.ProjectID
	Part      domain.PartCode
	On        calendar.Date
	AgeDays   int
	Documents string // of both sides
	Quantity  decimal.Decimal
	Value     string // yuan; empty where nobody knows it
	Status    finding.Status
	Owner     string
	Text      string
}

// DocumentName is the paper of a kind with its number.
func DocumentName(kind, number string) string {
	return names.Of(names.FindingDocument(kind)) + " " + number
}

// Lay implements Paper.
func (p MonthPack) Lay() Form {
	verified, doubtful, queried := 0, 0, 0
	for _, l := range p.Faults {
		switch l.Review.Verdict {
		case ticket.Verified:
			verified++
			doubtful += min(len(l.OpenFindings), 1)
		case ticket.Queried:
			queried++
		}
	}
	return Form{
		Title: "配件月度核对包", Subtitle: "Month pack of parts for the tech group lead (5.1.3)", Wide: true,
		Head: []Field{
			{"区域", p.Region}, {"月份", p.Month.String()}, {"截至", p.AsOf.String()}, {"知悉于", moment(p.KnownAt)},
			{"故障记录", fmt.Sprintf("%d 条：已核实 %d（其中 %d 条有未结差异），有疑问 %d，未核实 %d", len(p.Faults), verified, doubtful, queried, len(p.Faults)-verified-queried)},
			{"待处理差异", p.toSettle()},
		},
		Tables: []Table{p.faults().orNone(), p.issues().orNone(), p.findings().orNone(), p.stock().orNone()},
		Signs:  []Field{{"区域行政", ""}, {"技术组主管", ""}},
		Seal:   fmt.Sprintf("依据日志位置 %d 之前的全部事件", p.Position),
	}
}

func (p MonthPack) faults() Table {
	t := Table{Title: "故障记录及其出库", Sheet: "故障记录", Columns: slices.Concat(
		texts("编号\nno."), dates("日期\non"),
		texts("项目\nproject", "设备\ndevice", "位置\nlocation", "故障现象\nsymptom", "故障原因\ncause", "更换配件\npart"),
		numbers("更换数量\nreplaced"), texts("旧/新序列号\nserials"),
		inBlock(1, texts("出库单\nslips"), numbers("出库数量\nissued"), amounts("金额\nvalue"),
			texts("承担\nbearer", "核实\nreview", "核实人\nby"), moments("核实时间\nat"), texts("意见\nnote", "未结差异\nopen findings")))}
	var value money.Amount
	for _, l := range p.Faults {
		replaced, issued, worth, slips := "", "", "", strings.Join(l.Slips, "\n")
		if l.Quantity != nil {
			replaced, slips = quantity(*l.Quantity), orSaid(slips, "未出库")
		}
		if l.Issued != nil {
			issued, worth = quantity(*l.Issued), amountOrNone(*l.Value)
			value = value.Add(*l.Value)
		}
		note := l.Review.Note
		if a := l.Review.Answer; a.Text != "" {
			note += "；答复：" + a.Text
		}
		t.Rows = append(t.Rows, []string{
			string(l.Line), l.RecordedOn.String(), string(l.Project), l.Device, l.Location, l.Symptom, names.Of(l.Cause),
			string(l.Part), replaced,
			strings.Join(slices.DeleteFunc([]string{l.OldSerial, l.NewSerial}, func(s string) bool { return s == "" }), " → "),
			slips, issued, worth, names.Of(l.Bearer),
			orSaid(names.Of(l.Review.Verdict), "未核实"), l.Review.By, moment(l.Review.RecordedAt.Time), note,
			openNames(l.OpenFindings),
		})
	}
	if len(t.Rows) > 0 {
		t.Total = make([]string, len(t.Columns))
		t.Total[0], t.Total[12] = "合计", value.String()
	}
	return t
}

// toSettle says how much does not match, and what was not compared.
func (p MonthPack) toSettle() string {
	text := fmt.Sprint(len(p.Findings))
	if p.NoCatalogue {
		text += "（配件目录为空，故障记录未与目录核对）"
	}
	return text
}

// openNames are the classes of findings that are open about a line.
func openNames(open []match.OpenFinding) string {
	var said []string
	for _, f := range open {
		if name := names.Of(f.Class); !slices.Contains(said, name) {
			said = append(said, name)
		}
	}
	return strings.Join(said, "、")
}

func (p MonthPack) issues() Table {
	t := Table{Title: "出库与退库", Sheet: "出库与退库", Columns: slices.Concat(
		dates("日期\non"), texts("类型\nkind", "单据\nslip", "项目\nproject", "配件\npart"), numbers("数量\nquantity"),
		amounts("金额\nvalue"),
		texts("故障单\nF1 line", "领用/退库人\nperson", "序列号\nserials", "重复领用原因\noverride", "录入\nrecorded"))}
	var value money.Amount
	for _, m := range p.Issues {
		kind := "出库"
		if m.Kind == partsviews.Return {
			kind = "退库"
		}
		value = value.Sub(m.Value)
		t.Rows = append(t.Rows, []string{
			m.On.String(), kind, string(m.Slip), string(m.Project), string(m.Part), m.Quantity.Neg().String(),
			m.Value.Neg().String(), string(m.FaultLine),
			m.Person, strings.Join(m.Serials, " "), m.Override, spaced(m.Actor, moment(m.RecordedAt.Time)),
		})
	}
	if len(t.Rows) > 0 {
		t.Total = make([]string, len(t.Columns))
		t.Total[0], t.Total[6] = "合计", value.String()
	}
	return t
}

func (p MonthPack) findings() Table {
	t := Table{Title: "差异", Sheet: "差异", Columns: slices.Concat(
		texts("类别\nfinding", "项目\nproject", "配件\npart"), dates("日期\non"), numbers("天数\nage"), texts("双方单据\ndocuments"),
		numbers("数量\nquantity"), amounts("金额\nvalue"),
		texts("状态\nstatus", "责任人\nowner", "说明\nwhat is wrong"))}
	for _, f := range p.Findings {
		t.Rows = append(t.Rows, []string{
			names.Of(f.Finding), string(f.Project), string(f.Part), f.On.String(), fmt.Sprint(f.AgeDays), f.Documents,
			f.Quantity.String(), f.Value, names.Of(f.Status), f.Owner, f.Text,
		})
	}
	return t
}

func (p MonthPack) stock() Table {
	t := Table{Title: "收发存", Sheet: "收发存", Columns: slices.Concat(
		texts("项目\nproject", "配件\npart"),
		numbers("期初\nopening", "入库\nin", "调入\nmoved in", "退库\nback", "出库\nout", "调出\nmoved out", "报废\nscrap", "调整\nadjust",
			"账面\nbook"),
		amounts("账面金额\nvalue"), texts("盘点表\ncount"), numbers("实盘\nseen", "已解释\nknown", "未解释\nopen"), amounts("未解释金额\nvalue"))}
	for _, r := range p.Stock {
		count, counted, explained, unexplained, value := "未盘点", "", "", "", ""
		if c := r.Count; !c.IsZero() {
			count, counted = onOwnLine(string(c.Count), c.CountedOn), c.Counted.String()
			explained, unexplained, value = quantity(c.Explained.Quantity), quantity(c.Unexplained.Quantity),
				""
			if v := c.Unexplained.Value; v != nil {
				value = amountOrNone(*v)
			}
		}
		t.Rows = append(t.Rows, []string{
			string(r.Project), string(r.Part), quantity(r.Opening.Quantity), quantity(r.Received.Quantity),
			quantity(r.TransfersIn.Quantity),
			quantity(r.Returned.Quantity), quantity(r.Issued.Quantity), quantity(r.TransfersOut.Quantity),
			quantity(r.Scrapped.Quantity),
			quantity(r.Adjusted.Quantity), r.Closing.Quantity.String(), r.Closing.Value.String(), count, counted, explained,
			unexplained, value,
		})
	}
	if len(t.Rows) > 0 {
		t.Total = make([]string, len(t.Columns))
		t.Total[0], t.Total[11], t.Total[16] = "合计", p.Totals.Closing.String(), amountOrNone(p.Totals.Unexplained)
	}
	return t
}

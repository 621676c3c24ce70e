package main

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/repair"

	partsapi "aftersales-ledger/api/parts"
)

// aboutParts is what questions about parts have in common.
type aboutParts struct {
	question
	Project string `help:"Only this project."`
	Part    string `help:"Only this part."`
}

func (q aboutParts) with(more map[string]string) url.Values {
	v := q.params(more)
	put(v, map[string]string{"project": q.Project, "part": q.Part})
	return v
}

type stockCmd struct{ aboutParts }

func (r stockCmd) Run(ctx context.Context, c *cli) error {
	return ask(ctx, c, r.single, "/v1/parts/stock", r.with(nil), func(b *partsapi.StockBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			rows = append(rows,
				table.Row{v.Project, v.Part, v.Name, v.Quantity, v.Unit, v.AverageCost, v.Value, v.Counted, v.CountedOn})
		}
		var footer table.Row
		if b.Value != nil {
			footer = table.Row{c.label("合计 total"), "", "1405 " + money.Group(b.Booked.String()), "", "", "", b.Value, "", tick(b.Ties)}
		}
		c.grid(c.title("库存 Stock",
			b.Basis), table.Row{"项目\nproject", "配件\npart", "名称\nname", "账面\nbook", "单位\nunit", "均价\naverage", "金额\nvalue",
			"实盘\ncounted", "盘点日\ncounted on"}, rows, footer, 4, 6, 7, 8)
		return nil
	})
}

type rollForwardCmd struct {
	aboutParts
	Month   string `arg:"" optional:"" help:"Month, such as 2025-06. Default: the present one."`
	Through string `help:"Last month of a range."`
}

func (r rollForwardCmd) Run(ctx context.Context, c *cli) error {
	params := r.with(map[string]string{"month": r.Month, "through": r.Through})
	return ask(ctx, c, r.single, "/v1/parts/roll-forward", params, func(b *partsapi.RollForwardBody) error {
		var rows, totals []table.Row
		for _, v := range b.Rows {
			counted, explained, unexplained, value := "", "", "", ""
			if n := v.Count; !n.IsZero() {
				counted, explained = n.Counted.String(), n.Explained.Quantity.String()
				unexplained, value = n.Unexplained.Quantity.String(), orNothing(n.Unexplained.Value)
			}
			rows = append(rows, table.Row{v.Project, v.Part, v.Month, v.Opening.Quantity, v.Received.Quantity,
				v.TransfersIn.Quantity, v.Returned.Quantity,
				v.Issued.Quantity, v.TransfersOut.Quantity, v.Scrapped.Quantity, v.Adjusted.Quantity, v.Closing.Quantity,
				v.Closing.Value,
				counted, explained, unexplained, value, tick(v.Ties)})
		}
		for _, t := range b.Totals {
			totals = append(totals, table.Row{t.Month, t.Opening, t.Received, t.TransfersIn, t.Returned, t.Issued,
				t.TransfersOut, t.Scrapped, t.Adjusted,
				t.Closing, t.Booked, t.Unexplained, tick(t.Ties)})
		}
		c.grid(c.title("收发存 Roll-forward",
			b.Basis), table.Row{"项目\nproject", "配件\npart", "月份\nmonth", "期初\nopening", "入库\nreceived", "调入\nin", "退库\nreturned",
			"出库\nissued", "调出\nout", "报废\nscrapped", "调整\nadjusted", "账面\nbook", "金额\nvalue", "实盘\ncounted", "已解释\nexplained", "未解释\nunexplained",
			"金额\nvalue", "勾稽\nties"}, rows, nil, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17)
		if len(totals) > 0 {
			c.grid(c.label("金额 Value by month"), table.Row{"月份\nmonth", "期初\nopening", "入库\nreceived", "调入\nin", "退库\nreturned",
				"出库\nissued", "调出\nout", "报废\nscrapped",
				"调整\nadjusted", "期末\nclosing", "科目1405\nbooked", "未解释\nunexplained",
				"勾稽\nties"}, totals, nil, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
		}
		return nil
	})
}

type movementsCmd struct {
	aboutParts
	Month string   `help:"Only this month, such as 2025-06."`
	Kind  []string `help:"Only these: RECEIPT, TRANSFER_IN, RETURN, ISSUE, TRANSFER_OUT, SCRAP, ADJUSTMENT."`
}

func (r movementsCmd) Run(ctx context.Context, c *cli) error {
	params := r.with(map[string]string{"month": r.Month})
	for _, k := range r.Kind {
		params.Add("kind", k)
	}
	return ask(ctx, c, r.single, "/v1/parts/movements", params, func(b *partsapi.MovementsBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			rows = append(rows,
				table.Row{
					v.Position, v.On, v.Project, v.Part, word(c, v.Kind), v.Slip, v.Quantity, v.Value,
					v.FaultLine, string(v.Reference) + string(v.OtherProject), c.person(v.Actor), inFull(v.RecordedAt),
				})
		}
		c.grid(c.title("收发明细 Movements",
			b.Basis), table.Row{"日志\nlog", "日期\non", "项目\nproject", "配件\npart", "类型\nkind", "单据\nslip", "数量\nquantity",
			"金额\nvalue",
			"故障单\nF1 line", "关联\nreference", "何人\nwho",
			"记录于\nrecorded"}, rows, table.Row{"", "", "", "", c.label("合计 total"), b.Count, b.Quantity, b.Value}, 1, 7, 8)
		return nil
	})
}

type transfersCmd struct {
	aboutParts
	From   string `help:"Sent on or after this date."`
	To     string `help:"Sent on or before this date."`
	Status string `help:"Only UNDER_WAY or RECEIVED."`
}

func (r transfersCmd) Run(ctx context.Context, c *cli) error {
	params := r.with(map[string]string{"from": r.From, "to": r.To, "status": r.Status})
	return ask(ctx, c, r.single, "/v1/parts/transfers", params, func(b *partsapi.TransfersBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			rows = append(rows, table.Row{
				v.Transfer, v.SentOn, v.Project, v.To, v.Part, v.Quantity, v.Value, word(c, v.Status), v.ReceivedOn, v.WentBackAs,
				v.Days, c.person(v.Actor), v.Reason,
			})
		}
		c.grid(c.title("调拨单 Transfers",
			b.Basis), table.Row{"调拨单\ntransfer", "发出\nsent", "调出\nfrom", "调入\nto", "配件\npart", "数量\nquantity", "金额\nvalue",
			"状态\nstatus", "收到\nreceived", "拒收退回\nsent back as", "天数\ndays", "何人\nwho", "事由\nreason"}, rows,
			table.Row{c.label("合计 total"), b.Count, c.label("在途 under way"), b.UnderWay, b.ValueUnderWay, "", b.Value}, 6, 7, 11)
		return nil
	})
}

type serialCmd struct {
	single
	Serial string `arg:"" help:"Serial number (序列号)."`
	Part   string `help:"Only units of this part."`
}

func (r serialCmd) Run(ctx context.Context, c *cli) error {
	return askOne(ctx, c, r.single, "/v1/serials/"+url.PathEscape(r.Serial), map[string]string{
		"part": r.Part,
	}, func(b *partsapi.SerialHistoryBody) error {
		var rows []table.Row
		for _, v := range b.Steps {
			where := strings.TrimSpace(strings.Join([]string{string(v.Project), v.Room, v.Maker, string(v.OtherProject)}, " "))
			reference := string(v.Reference)
			if v.Step == "F2_RETURNED" {
				reference = word(c, repair.Result(v.Reference))
			}
			rows = append(rows,
				table.Row{
					v.On, word(c, names.UnitStep(v.Step)), where, v.Document, reference, v.FaultLine, v.OtherSerial,
					v.Value, c.person(v.Actor),
					inFull(v.RecordedAt),
				})
		}
		c.grid(c.title("序列号 Serial", b.Basis, b.Serial, "·", word(c, b.Place),
			string(b.Project)), table.Row{"日期\non", "经过\nstep", "何处\nwhere", "单据\ndocument", "关联\nreference",
			"故障单\nF1 line", "换成/换下\nother serial", "金额\nvalue", "何人\nwho", "记录于\nrecorded"}, rows, nil, 8)
		for _, link := range b.ReplacedBy {
			fmt.Println(c.label("被替换： replaced by:"), link.Serial)
		}
		for _, link := range b.Replaces {
			fmt.Println(c.label("替换： replaces:"), link.Serial)
		}
		return nil
	})
}

type faultLinesCmd struct {
	aboutParts
	Month  string `help:"Only this month, such as 2025-06."`
	Review string `help:"Only VERIFIED, QUERIED (not answered yet), ANSWERED or OPEN (not reviewed yet, or answered)."`

	Differing bool `help:"Only lines that an open finding is about."`
}

func (r faultLinesCmd) Run(ctx context.Context, c *cli) error {
	params := r.with(map[string]string{"month": r.Month, "review": r.Review})
	flag(params, "differing", r.Differing)
	return ask(ctx, c, r.single, "/v1/fault-lines", params, func(b *partsapi.FaultLinesBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			verdict, by := "", ""
			if r := v.Review; r.Verdict != "" {
				verdict, by = word(c, r.Verdict)+" "+r.Note, c.person(r.By)+" "+r.On.String()
				if a := r.Answer; a.Text != "" {
					verdict, by = verdict+"\n"+c.label("答复 answered")+" "+a.Text, by+"\n"+c.person(a.By)+" "+a.On.String()
				}
			}
			var open []string
			for _, f := range v.OpenFindings {
				open = append(open, string(f.Key))
			}
			rows = append(rows,
				table.Row{
					v.RecordedOn, v.Line, v.Project, v.Device, v.Symptom, v.Part, v.Quantity, strings.Join(v.Slips, " "), v.Issued,
					v.Value, verdict, by, strings.Join(open, "\n"),
				})
		}
		c.grid(c.title("故障处理记录 Fault record", b.Basis,
			"F1"), table.Row{"日期\non", "编号\nline", "项目\nproject", "设备\ndevice", "现象\nsymptom", "配件\npart", "数量\nquantity", "出库单\nslips",
			"出库\nissued", "金额\nvalue", "核实\nreview", "何人何时\nby",
			"未结差异\nopen findings"}, rows,
			table.Row{
				c.label("合计 total"), b.Count, "", "", "", "", "", "", "", "", fmt.Sprintf("✓ %d ? %d ↩ %d", b.Verified, b.Queried, b.Answered),
			}, 7, 9, 10)
		return nil
	})
}

type partListCmd struct {
	single
	Part string `help:"Only this part."`
}

func (r partListCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"part": r.Part, "limit": "1000"})
	return ask(ctx, c, r.single, "/v1/catalogue", params, func(b *partsapi.PartListBody) error {
		var rows []table.Row
		for _, v := range b.Rows {
			serialised := ""
			if v.Serialised {
				serialised = "✓"
			}
			rows = append(rows, table.Row{v.Part, v.Name, v.Model, v.Maker, v.Unit, serialised, v.WarrantyCost, v.From})
		}
		c.grid(c.title("配件目录 Catalogue", b.Basis),
			table.Row{
				"编号\npart", "名称\nname", "型号\nmodel", "厂家\nmaker", "单位\nunit", "序列号\nserials", "质保成本\nwarranty cost", "自\nfrom",
			}, rows, nil, 7)
		return nil
	})
}

// orNothing is an amount, or nothing where nobody knows it.
func orNothing(v *money.Amount) string {
	if v == nil {
		return ""
	}
	return v.String()
}

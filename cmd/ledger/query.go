package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/shopspring/decimal"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"

	"aftersales-ledger/api/kit"
	moneyapi "aftersales-ledger/api/money"
	partsapi "aftersales-ledger/api/parts"
	moneyviews "aftersales-ledger/projections/money"
)

type queryCmd struct {
	Tickets        ticketsCmd        `cmd:"" help:"工单: tickets with their response clocks."`
	Ticket         ticketCmd         `cmd:"" help:"一张工单: what happened to one ticket, and why it is covered as it is."`
	Escalations    escalationsCmd    `cmd:"" help:"上报事项: escalations with the opinions given and awaited."`
	Visits         visitsCmd         `cmd:"" help:"例行巡检: routine visits against their quota, and shortfalls."`
	Handovers      handoversCmd      `cmd:"" help:"移交: what centers must have before the warranty ends."`
	Projects       projectsCmd       `cmd:"" help:"项目: projects with what service they are granted."`
	Receivables    receivablesCmd    `cmd:"" help:"应收账款: what each center owes, and since when."`
	Reconciliation reconciliationCmd `cmd:"" help:"季度对账: each center's account over a quarter."`
	Parts          partsCmd          `cmd:"" help:"配件核对: parts issued against fault records."`
	Findings       findingsCmd       `cmd:"" help:"配件差异: what does not agree among issues, fault records, old units, counts and charges."`
	Stock          stockCmd          `cmd:"" help:"库存: what the depots hold."`
	Rollforward    rollForwardCmd    `cmd:"" help:"收发存: stock month by month, counted, explained and unexplained."`
	Movements      movementsCmd      `cmd:"" help:"收发明细: what a figure of the stock is made of."`
	Transfers      transfersCmd      `cmd:"" help:"调拨单: what depots sent to one another, and what has not arrived."`
	Serial         serialCmd         `cmd:"" help:"序列号: where a unit has been."`
	FaultLines     faultLinesCmd     `cmd:"" help:"故障处理记录 F1: the fault record line by line, and who verified it."`
	Catalogue      partListCmd       `cmd:"" help:"配件目录: parts as the catalogue describes them."`
	Charge         chargeCmd         `cmd:"" help:"一笔收费: who did what to one charge, when and why, and its postings."`
	Charges        chargeListCmd     `cmd:"" help:"收费清单: charges with what is open of them, and those that may have been entered twice."`
	Breakdown      breakdownCmd      `cmd:"" help:"应收构成: what is owed by project or kind of service."`
	Statements     statementsCmd     `cmd:"" help:"对账单: where the statements stand, and whose answer is overdue."`
	Disputes       disputesCmd       `cmd:"" help:"争议: charges that a center disputes."`
	Quotes         quotesCmd         `cmd:"" help:"赔偿报价: compensation quoted for damage outside warranty, and what of it was charged."`
	OffList        offListCmd        `cmd:"" help:"标准外收费申请: work outside the price list that approval was asked for: pending and decided."`
	Payments       paymentsCmd       `cmd:"" help:"回款: payments and what became of the money."`
	Conflicts      conflictsCmd      `cmd:"" help:"流水号冲突: receipts that were not booked, and what was under their reference."`
	Collection     collectionCmd     `cmd:"" help:"催收: what is to be collected, and what was done about it."`
	TrialBalance   trialBalanceCmd   `cmd:"" help:"试算平衡表: what was booked on every account."`
	Notices        noticesCmd        `cmd:"" help:"通知: who was told what, and what could not be sent."`
	Repairs        repairsCmd        `cmd:"" help:"返修: devices at their makers, what each waits for, and which are overdue."`
	Requisitions   requisitionsCmd   `cmd:"" help:"物资申请: requisitions open."`
	Payables       payablesCmd       `cmd:"" help:"付款申请: repairs in payment requests."`
	PriceLists     priceListsCmd     `cmd:"" help:"收费标准: the versions of the price list, with what each item costs."`
	Suppliers      suppliersCmd      `cmd:"" help:"供应商: suppliers and the accounts that their money goes to, and what these were."`
	Filings        filingsCmd        `cmd:"" help:"月度报表: F1, F3 and F4 of a month: filed, nil, late or missing, and who is to be chased."`
	ChargeReports  bridgeCmd         `cmd:"" help:"收费明细表 F3: from the monthly charge lists to the quarter's charges."`
}

// single is what questions have in common that are about one thing.
type single struct {
	connection
	AsOf    string `help:"Business date, such as 2025-06-30. Default: today."`
	KnownAt string `help:"Moment of knowledge, such as 2025-07-15T00:00:00+08:00. Default: now."`
	JSON    bool   `help:"Print the API's answer instead of a table."`
}

func (q single) params(more map[string]string) url.Values {
	v := url.Values{}
	put(v, map[string]string{"asOf": q.AsOf, "knownAt": q.KnownAt})
	put(v, more)
	return v
}

// question is what the lists have in common.
type question struct {
	single
	Region string `help:"Only this region."`
}

func (q question) params(more map[string]string) url.Values {
	v := q.single.params(more)
	put(v, map[string]string{"region": q.Region, "limit": "1000"})
	return v
}

// sortable is what the lists have in common whose rows can be sorted.
type sortable struct {
	question
	Sort string `help:"Sort the rows, such as by -open: a leading - puts the largest first. What a view can be sorted by, /openapi.json says."`
}

func (q sortable) params(more map[string]string) url.Values {
	v := q.question.params(more)
	put(v, map[string]string{"sort": q.Sort})
	return v
}

// put sets what is not empty.
func put(v url.Values, values map[string]string) {
	for name, value := range values {
		if value != "" {
			v.Set(name, value)
		}
	}
}

// page is one page of an answer: its rows can be joined to those before.
type page[P any] interface {
	*P
	NextPage() string
}

// ask fetches every page of a view and shows each.
func ask[P any, PP page[P]](
	ctx context.Context, c *cli, q single, path string, params url.Values, show func(PP) error,
) error {
	cl, release, err := q.connect(ctx, c)
	if err != nil {
		return err
	}
	err = func() error {
		for {
			var raw json.RawMessage
			if err := cl.Fetch(ctx, client.Request{Method: http.MethodGet, Path: path + "?" + params.Encode()},
				&raw); err != nil {
				return err
			}
			c.meet(raw)
			var p P
			if err := json.Unmarshal(raw, &p); err != nil {
				return err
			}
			if q.JSON {
				fmt.Println(string(raw))
			} else if err := show(&p); err != nil {
				return err
			}
			next := PP(&p).NextPage()
			if next == "" {
				return nil
			}
			params.Set("cursor", next)
		}
	}()
	return errors.Join(err, release())
}

// askOne fetches a view of one thing and shows it.
func askOne[P any](
	ctx context.Context, c *cli, q single, path string, params map[string]string, show func(*P) error,
) error {
	cl, release, err := q.connect(ctx, c)
	if err != nil {
		return err
	}
	asked := q.params(params)
	raw, err := cl.Download(ctx, client.Request{Method: http.MethodGet, Path: path + "?" + asked.Encode()})
	if err := errors.Join(err, release()); err != nil {
		return err
	}
	if q.JSON {
		_, err := fmt.Println(string(raw))
		return err
	}
	c.meet(raw)
	var p P
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	return show(&p)
}

// longAmount is an amount that people read in groups of three digits.
var longAmount = regexp.MustCompile(`^-?\d{4,}\.\d{2}$`)

// known are the cells of a row as they are printed: what an answer does not know
// leaves its cell empty.
func known(row table.Row) table.Row {
	cells := slices.Clone(row)
	for i, cell := range cells {
		if v := reflect.ValueOf(cell); v.Kind() == reflect.Pointer {
			cells[i] = ""
			if !v.IsNil() {
				cells[i] = v.Elem().Interface()
			}
		}
		switch v := cells[i].(type) {
		case money.Amount:
			cells[i] = v.Grouped()
		case projections.Figure:
			if cells[i] = ""; !v.Hidden {
				cells[i] = v.Grouped()
			}
		case string:
			if longAmount.MatchString(v) {
				cells[i] = money.Group(v)
			} else if at, err := time.Parse(time.RFC3339, v); err == nil {
				cells[i] = at.In(calendar.Shanghai).Format("2006-01-02 15:04:05")
			}
		}
	}
	return cells
}

// price is a price of any number of decimals with two of them at least, or nothing where
// there is none.
func price(text string) string {
	p, err := decimal.NewFromString(text)
	if err != nil {
		return text
	}
	return p.StringFixed(max(2, -p.Exponent()))
}

// grid prints rows under headers of which each says itself in Chinese and, on
// its second line, in English: the reader sees one of them.
func (c *cli) grid(title string, headers table.Row, rows []table.Row, footer table.Row, numeric ...int) {
	headers = slices.Clone(headers)
	for i, h := range headers {
		headers[i] = c.label(fmt.Sprint(h))
	}
	t := table.NewWriter()
	t.SetOutputMirror(os.Stdout)
	t.SetTitle(title)
	t.AppendHeader(headers)
	for _, row := range rows {
		t.AppendRow(known(row))
	}
	if footer != nil {
		t.AppendFooter(known(footer))
	}
	t.SetStyle(table.StyleLight)
	t.Style().Format.Header = text.FormatDefault
	t.Style().Format.Footer = text.FormatDefault
	var columns []table.ColumnConfig
	for _, n := range numeric {
		columns = append(columns,
			table.ColumnConfig{Number: n, Align: text.AlignRight, AlignHeader: text.AlignRight, AlignFooter: text.AlignRight})
	}
	t.SetColumnConfigs(columns)
	t.Render()
}

// title is what a view is called, what of it was asked for, and of when it is.
func (c *cli) title(name string, b kit.Basis, of ...string) string {
	s := strings.Join(append([]string{c.label(name)}, of...), " ")
	s += fmt.Sprintf(" · %s %s · %s %s · %s %d", c.label("截至 as of"), b.AsOf, c.label("知悉 known at"), moment(b.KnownAt),
		c.label("日志 log"), b.ReadModel.Position)
	if b.ReadModel.LagEvents > 0 {
		s += fmt.Sprintf(" · %s %d", c.label("落后 behind"), b.ReadModel.LagEvents)
	}
	if b.ReadModel.Reason != "" {
		s += "\n⚠ " + c.label("数据未与日志保持同步： the figures do not keep up with the log:") + " " + b.ReadModel.Reason
	}
	return s
}

// label is what stands in both languages, as the reader reads it.
func (c *cli) label(both string) string { return c.language().Label(both) }

// said is a sentence in the reader's language, where an answer says it in both.
func (c *cli) said(chinese, english string) string {
	if c.language() == wording.English {
		return english
	}
	return chinese
}

// became prints what became of something, behind its name.
func (c *cli) became(of, what string) error {
	_, err := fmt.Println(of + c.said("：", ": ") + what)
	return err
}

// counted is a number under its label.
func (c *cli) counted(label string, n any) string { return fmt.Sprint(c.label(label), " ", n) }

// words is word of several codes.
func words[T ~string](c *cli, codes []string, comma string) string {
	said := make([]string, len(codes))
	for i, code := range codes {
		said[i] = word(c, T(code))
	}
	return strings.Join(said, comma)
}

// word says a code: its name for readers of Chinese, itself for others.
func word[T ~string](c *cli, code T) string { return wording.Code(c.language(), code) }

// moment is a moment of an answer to the second, as people read it.
func moment(at string) string {
	t, err := time.Parse(time.RFC3339Nano, at)
	if err != nil {
		return at
	}
	return t.In(calendar.Shanghai).Format(time.DateTime)
}

func tick(ok bool) string {
	if ok {
		return "✓"
	}
	return "✗"
}

type receivablesCmd struct {
	sortable
	Center  string `help:"Only this center."`
	Project string `help:"Only charges of this project."`
}

func (r receivablesCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"center": r.Center, "project": r.Project})
	return ask(ctx, c, r.single, "/v1/receivables", params, func(b *moneyapi.ReceivablesBody) error {
		var rows, aged []table.Row
		line := func(v moneyviews.Receivable, name string) table.Row {
			return table.Row{v.Center, name, v.Charged, v.TransfersIn, v.Paid, v.Credited, v.TransfersOut, v.WrittenOff,
				v.OpenUnconfirmed, v.OpenConfirmed, tick(v.Ties)}
		}
		age := func(v moneyviews.Receivable, name string) table.Row {
			return table.Row{v.Center, name, v.Ageing.NotDue, v.Ageing.Late1To30, v.Ageing.Late31To60, v.Ageing.Late61To90,
				v.Ageing.Late91To180, v.Ageing.Late181To365, v.Ageing.LateOver365, v.WrittenOff, v.Unapplied, v.Closing,
				tick(v.Ties)}
		}
		for _, v := range b.Rows {
			rows, aged = append(rows, line(v, v.Name)), append(aged, age(v, v.Name))
		}
		c.grid(c.title("应收账款 Receivables",
			b.Basis), table.Row{"中心\ncenter", "名称\nname", "收费\ncharged", "＋转入\nin", "－回款\npaid", "－红冲\ncredited",
			"－转出\nout", "－坏账转销\nwritten off", "＝待对账\nunconfirmed", "＋已确认\nconfirmed", "勾稽\nties"},
			rows, line(b.Total, c.label("合计 total")), 3, 4, 5, 6, 7, 8, 9, 10)
		c.grid(c.label("账龄与余额 Ageing and balance"), table.Row{"中心\ncenter", "名称\nname", "未到期\nnot due", "＋1–30天\n+1–30 days",
			"＋31–60", "＋61–90", "＋91–180",
			"＋181–365", "＋>365", "＋账销案存\nwritten off", "－未核销款\nunapplied", "＝余额\nclosing", "勾稽\nties"},
			aged, age(b.Total, c.label("合计 total")), 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
		return nil
	})
}

type reconciliationCmd struct {
	sortable
	Quarter string `arg:"" optional:"" help:"Quarter, such as 2025Q2. Default: the present one."`
	Through string `help:"Last quarter of a range."`
	Center  string `help:"Only this center."`
}

func (r reconciliationCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"quarter": r.Quarter, "through": r.Through, "center": r.Center})
	return ask(ctx, c, r.single, "/v1/reconciliation", params, func(b *moneyapi.ReconciliationBody) error {
		var rows []table.Row
		line := func(v moneyviews.ReconciliationRow, name string) {
			rows = append(rows,
				table.Row{
					v.Center, name, v.Quarter, v.Opening, v.Charges, v.Late, v.TransfersIn, v.TransfersOut, v.Credits, v.Receipts,
					v.Reversals, v.Closing, tick(v.Ties),
				})
		}
		for _, v := range b.Rows {
			line(v, v.Name)
		}
		for _, v := range b.Totals {
			line(v, c.label("合计 total"))
		}
		c.grid(c.title("季度对账 Reconciliation",
			b.Basis), table.Row{"中心\ncenter", "名称\nname", "季度\nquarter", "期初\nopening", "＋本期收费\ncharges",
			"＋补记\nlate", "＋转入\nin", "－转出\nout", "－红冲\ncredits", "－回款\nreceipts", "＋退款退票\nreversals", "＝期末\nclosing",
			"勾稽\nties"}, rows, nil, 4, 5, 6, 7, 8, 9, 10, 11, 12)
		return nil
	})
}

type partsCmd struct {
	question
	Project string   `help:"Only this project."`
	Part    string   `help:"Only this part."`
	From    string   `help:"From this date on."`
	To      string   `help:"Up to this date."`
	Finding []string `help:"Only these findings, such as ISSUE_NO_FAULT."`
}

func (r partsCmd) Run(ctx context.Context, c *cli) error {
	params := r.params(map[string]string{"project": r.Project, "part": r.Part, "from": r.From, "to": r.To})
	for _, f := range r.Finding {
		params.Add("finding", f)
	}
	return ask(ctx, c, r.single, "/v1/parts/audit", params, func(b *partsapi.PartsAuditBody) error {
		var rows, totals []table.Row
		for _, v := range b.Rows {
			back := ""
			if v.Return != nil {
				back = string(v.Return.Return) + " " + word(c, v.Return.Result)
			}
			rows = append(rows,
				table.Row{
					word(c, v.Finding), v.Project, v.Part, v.On, v.Line, v.Replaced, strings.Join(v.Slips, " "),
					v.Issued, v.InQuestion, v.ValueInQuestion, back,
				})
		}
		for _, v := range b.Totals {
			totals = append(totals, table.Row{word(c, v.Finding), v.Rows, v.InQuestion, v.ValueInQuestion})
		}
		c.grid(c.title("配件核对 Parts audit",
			b.Basis), table.Row{"结论\nfinding", "项目\nproject", "配件\npart", "日期\non", "故障单\nF1 line",
			"更换\nreplaced", "出库单\nslips", "出库\nissued", "差异\nin question", "金额\nvalue", "返修\nreturn"}, rows, nil, 6, 8, 9, 10)
		c.grid(c.label("汇总 Totals"), table.Row{"结论\nfinding", "行数\nrows", "差异\nin question", "金额\nvalue"}, totals, nil, 2, 3,
			4)
		return nil
	})
}

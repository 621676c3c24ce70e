package imports

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"aftersales-ledger/api"
	"aftersales-ledger/cmd/client"
	"aftersales-ledger/domain/money"
)

const bankStatements = "/v1/imports/bank-statements"

// BankOptions say how a bank statement is read.
type BankOptions struct {
	Sheet      string            // worksheet; empty is the one that holds a statement
	Columns    map[string]string // headings by field, where they are not usual ones
	Layout     string            // of a bank, or saved; empty: the headings are found
	OwnAccount string            // 本方账号, where the file does not name it
	Hidden     bool              // read the rows that a filter hides, too
}

// ProposeBank sends the bank statement at path and returns what the ledger
// would do with each line. Nothing is booked. A refused file returns the
// *api.Problem.
func ProposeBank(ctx context.Context, c *client.Client, path string, o BankOptions) (body api.BankStatementBody, err error) {
	file, err := read(path)
	if err != nil {
		return body, err
	}
	q := url.Values{"file": {filepath.Base(path)}}
	for name, value := range map[string]string{"sheet": o.Sheet, "layout": o.Layout, "ownAccount": o.OwnAccount} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if o.Hidden {
		q.Set("hidden", "true")
	}
	if len(o.Columns) > 0 {
		columns, err := json.Marshal(o.Columns)
		if err != nil {
			return body, err
		}
		q.Set("columns", string(columns))
	}
	err = c.Fetch(ctx, client.Request{
		Method: http.MethodPost, Path: bankStatements + "?" + q.Encode(), ContentType: "application/octet-stream", Body: file,
	}, &body)
	return body, err
}

// Selection is what a person accepts of a statement's proposals.
type Selection struct {
	AtLeast    int      // best proposals of this confidence or more, percent; 0: none by confidence
	References []string // lines by reference, with their best proposal; REFERENCE=CENTER for another center
	// Rows are lines by the row of the file, ROW or ROW=CENTER. To name a line by its
	// row is to have looked at it: one with a question, or whose reference is booked
	// with other content, is accepted as a receipt of its own.
	Rows []string
}

// Choose returns the lines that a selection accepts, in the order in which money
// was promised to them: clear lines before questions, likely ones before guesses,
// those that name charges before those whose money goes to the oldest due, each
// by date. It refuses a reference or row that is no line of the statement that may be
// accepted, and one that nothing is proposed for unless it names a center.
func (s Selection) Choose(body api.BankStatementBody) ([]api.AcceptedLine, error) {
	named, rows := centersBy(s.References), centersBy(s.Rows)
	var chosen []choice
	seen := make(map[string]int) // receipts under a reference, to their row
	for _, l := range body.Lines {
		row := strconv.Itoa(l.Row)
		center, byRow := rows[row]
		delete(rows, row)
		of, byName := named[l.Reference]
		byName = byName && mayBeAccepted(l, true)
		if byName {
			if before, twice := seen[l.Reference]; twice {
				return nil, fmt.Errorf("%s stands in rows %d and %d: choose by row, --accept-rows %d", l.Reference, before, l.Row, l.Row)
			}
			seen[l.Reference] = l.Row
		}
		if !byRow {
			center = of
		}
		byConfidence := s.AtLeast > 0 && len(l.Proposals) > 0 && l.Proposals[0].Confidence >= s.AtLeast
		switch {
		case (byRow || byName) && !mayBeAccepted(l, byRow):
			return nil, fmt.Errorf("line %d, %s, cannot be accepted: it is %s: %s", l.Row, l.Reference, l.Status, l.Reason.English)
		case (byRow || byName) && center == "" && len(l.Proposals) == 0 && !bounces(l):
			return nil, fmt.Errorf("line %d, %s, has no proposal; name its center: %s=C01", l.Row, l.Reference, l.Reference)
		case byRow, byName, l.Status == "NEW" && byConfidence:
			chosen = append(chosen, choice{l, accept(l, center)})
		}
	}
	for reference := range named {
		if _, ok := seen[reference]; ok {
			continue
		}
		for _, l := range body.Lines {
			if l.Reference == reference {
				return nil, fmt.Errorf("line %d, %s, cannot be accepted: it is %s: %s", l.Row, l.Reference, l.Status, l.Reason.English)
			}
		}
		return nil, fmt.Errorf("%s is no line of %s", reference, body.File)
	}
	for row := range rows {
		return nil, fmt.Errorf("row %s is no line of %s", row, body.File)
	}
	slices.SortStableFunc(chosen, func(a, b choice) int {
		return cmp.Or(cmp.Compare(a.turn(), b.turn()), cmp.Compare(a.ReceivedOn, b.ReceivedOn), cmp.Compare(a.Reference, b.Reference))
	})
	accepted := make([]api.AcceptedLine, len(chosen))
	for i, c := range chosen {
		accepted[i] = c.AcceptedLine
	}
	return accepted, nil
}

// choice is a line of a file, and what is accepted of it.
type choice struct {
	of api.BankLine
	api.AcceptedLine
}

// turn tells which lines come first.
func (c choice) turn() int {
	const guess = 50 // percent
	switch {
	case c.of.Status == "QUESTION" || len(c.of.Proposals) == 0:
		return 3
	case c.of.Proposals[0].Confidence <= guess:
		return 2
	case len(c.Designation) == 0:
		return 1
	}
	return 0
}

// mayBeAccepted tells a line that a person may accept. What is asked of a person
// is answered by naming the row.
func mayBeAccepted(l api.BankLine, byRow bool) bool {
	return l.Status == "NEW" || byRow && (l.Status == "QUESTION" || l.Status == "CONFLICT" || bounces(l))
}

// bounces tells a reversal of a payment that is booked.
func bounces(l api.BankLine) bool { return l.Status == "REVERSED" && l.Payment != nil }

// centersBy takes NAME=CENTER apart.
func centersBy(list []string) map[string]string {
	named := make(map[string]string, len(list))
	for _, r := range list {
		name, center, _ := strings.Cut(r, "=")
		named[name] = center
	}
	return named
}

// accept takes a line's proposal for a center, the best if none is named. A
// center that is not among the proposals pays its oldest due.
func accept(l api.BankLine, center string) api.AcceptedLine {
	a := api.AcceptedLine{
		Reference: l.Reference, Payer: l.Payer, Remark: l.Remark, Amount: l.Amount, Currency: money.Currency, ReceivedOn: l.ReceivedOn, Center: center,
		BankMovement: l.BankMovement,
	}
	if bounces(l) {
		a.Center, a.Bounces = l.Payment.Center, l.Payment.Payment
		return a
	}
	i := slices.IndexFunc(l.Proposals, func(p api.BankProposal) bool { return center == "" || p.Center == center })
	if i >= 0 {
		a.Center, a.Designation = l.Proposals[i].Center, l.Proposals[i].Designation
	}
	return a
}

// linesAtOnce is how many lines one request accepts.
const linesAtOnce = 100

// AcceptBank books accepted lines, and reports how many are through. What a
// broken-off call has booked, the next call finds booked.
func AcceptBank(ctx context.Context, c *client.Client, lines []api.AcceptedLine, report func(done uint64)) (all api.AcceptanceReport, err error) {
	var booked money.Amount
	done := 0
	for some := range slices.Chunk(lines, linesAtOnce) {
		body, err := json.Marshal(map[string]any{"lines": some})
		if err != nil {
			return all, err
		}
		sum := sha256.Sum256(body)
		var r api.AcceptanceReport
		if err := c.Fetch(ctx, client.Request{
			Method: http.MethodPost, Path: bankStatements + "/acceptances", Key: "accept-" + hex.EncodeToString(sum[:16]), Body: body,
		}, &r); err != nil {
			return all, fmt.Errorf("after %d of %d lines: %w", done, len(lines), err)
		}
		all.Lines = append(all.Lines, r.Lines...)
		all.Booked, all.BookedBefore = all.Booked+r.Booked, all.BookedBefore+r.BookedBefore
		all.Bounced += r.Bounced
		all.Refused, all.Failed = all.Refused+r.Refused, all.Failed+r.Failed
		all.Position = max(all.Position, r.Position)
		amount, err := money.Parse(r.BookedAmount)
		if err != nil {
			return all, err
		}
		booked = booked.Add(amount)
		all.BookedAmount = booked.String()
		done += len(some)
		report(uint64(done))
	}
	return all, nil
}

// statuses in the order in which a person looks at them.
var statuses = []struct{ status, title string }{
	{"NEW", "待认领 new"},
	{"QUESTION", "待核实 question"},
	{"CONFLICT", "流水号冲突 conflict"},
	{"UNREADABLE", "无法读取 unreadable"},
	{"BOOKED", "已入账 booked"},
	{"OUTGOING", "支出 outgoing"},
	{"REVERSED", "冲正 reversed"},
	{"REFUNDED", "已退款 refunded"},
	{"CLOSED", "交易关闭 closed"},
	{"NEITHER", "不计收支 neither"},
	{"ZERO", "零金额 zero"},
}

func titleOf(status string) string {
	for _, s := range statuses {
		if s.status == status {
			return s.title
		}
	}
	return status
}

// PrintBank writes the lines that ask for a person, or all, with what is
// proposed for each and why, and below them a summary.
func PrintBank(w io.Writer, b api.BankStatementBody, all bool) error {
	lines := newTable(w, fmt.Sprintf("银行对账单 Bank statement · %s · %s", b.File, b.Format))
	lines.AppendHeader(table.Row{"行\nrow", "状态\nstatus", "流水号\nreference", "日期\ndate", "付款人、附言\npayer, remark", "金额\namount", "中心\ncenter", "%", "核销\nsettles", "依据\nreason"})
	lines.SetColumnConfigs([]table.ColumnConfig{
		{Number: 3, WidthMax: 24}, {Number: 5, WidthMax: 28}, {Number: 6, Align: text.AlignRight}, {Number: 8, Align: text.AlignRight},
		{Number: 9, WidthMax: 26, WidthMaxEnforcer: text.WrapSoft}, {Number: 10, WidthMax: 60, WidthMaxEnforcer: text.WrapSoft},
	})
	count, sum := make(map[string]int), make(map[string]money.Amount)
	for _, l := range b.Lines {
		count[l.Status]++
		if l.Amount != "" {
			a, err := money.Parse(l.Amount)
			if err != nil {
				return err
			}
			sum[l.Status] = sum[l.Status].Add(a)
		}
		if all || !slices.Contains([]string{"BOOKED", "OUTGOING"}, l.Status) {
			lines.AppendRow(bankRow(l))
			lines.AppendSeparator()
		}
	}
	if lines.Length() > 0 {
		lines.Render()
	}
	summary := newTable(w, "汇总 Summary")
	for _, s := range statuses {
		if count[s.status] > 0 {
			summary.AppendRow(table.Row{s.title, count[s.status], sum[s.status]})
		}
	}
	summary.AppendRow(table.Row{"贷方 credits", b.Credits.Lines, b.Credits.Amount})
	summary.AppendRow(table.Row{"借方 debits", b.Debits.Lines, b.Debits.Amount})
	summary.AppendRow(table.Row{"可入账 may be booked", b.Bookable.Lines, b.Bookable.Amount})
	summary.SetColumnConfigs([]table.ColumnConfig{{Number: 2, Align: text.AlignRight}, {Number: 3, Align: text.AlignRight}})
	summary.Render()
	printHowRead(w, b)
	return nil
}

// printHowRead writes which column was read as what, which rows were passed over
// and why, and what was compared.
func printHowRead(w io.Writer, b api.BankStatementBody) {
	how := newTable(w, "读取方式 How it was read")
	how.SetColumnConfigs([]table.ColumnConfig{{Number: 2, WidthMax: 110, WidthMaxEnforcer: text.WrapText}})
	list := func(title string, of []string) {
		if len(of) > 0 {
			how.AppendRow(table.Row{title, strings.Join(of, "\n")})
		}
	}
	account := b.OwnAccount
	if account == "" {
		account = "未知：流水号只在一个账户内唯一，可用 --own-account 指明 not known: say it with --own-account"
		if slices.ContainsFunc(b.Lines, func(l api.BankLine) bool { return l.OwnAccount != "" }) {
			account = "逐行列明 named line by line"
		}
	}
	list("本方账号 own account", []string{account})
	list("版式 layout", nonEmpty(b.Layout))
	list("工作表 sheet", nonEmpty(b.Sheet))
	var read, searched, aside, passed, others []string
	for _, c := range b.Columns {
		switch c.Status {
		case "READ":
			read = append(read, fmt.Sprintf("%s %s → %s", c.Column, c.Heading, c.Field))
		case "BESIDE":
			aside = append(aside, fmt.Sprintf("%s（已读 read: %s）", c.Heading, c.Beside))
		case "SEARCHED":
			searched = append(searched, c.Heading)
		default:
			aside = append(aside, c.Heading)
		}
	}
	list("读取的列 columns read", read)
	list("只检索文字 searched only", nonEmpty(strings.Join(searched, ", ")))
	list("不读的列 left aside", nonEmpty(strings.Join(aside, ", ")))
	for _, p := range b.PassedOver {
		passed = append(passed, fmt.Sprintf("%s（%s）%s", p.Place, whyText[p.Why], p.Text))
	}
	list("略过的行 rows passed over", passed)
	for _, o := range b.OtherSheets {
		others = append(others, o.Name+" "+otherText[o.Why])
	}
	list("未读的工作表 other sheets", others)
	list("隐藏行，未读 hidden rows", nonEmpty(strings.Join(b.HiddenRows, ", ")))
	list("相符 compared, and holds", b.Checked)
	list("未比较 not compared", b.NotCompared)
	how.Render()
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func bankRow(l api.BankLine) table.Row {
	who := strings.TrimSpace(l.Payer + "\n" + l.Remark)
	row := table.Row{l.Row, titleOf(l.Status), l.Reference, l.ReceivedOn, who, l.Amount, "", "", "", l.Reason.Chinese + "\n" + l.Reason.English}
	if len(l.Nearest) > 0 {
		near := []string{"", "名称最接近的是 nearest names (not proposed):"}
		for _, n := range l.Nearest {
			near = append(near, n.Center+" "+n.Name)
		}
		row[9] = fmt.Sprint(row[9], strings.Join(near, "\n"))
	}
	if p := l.Payment; p != nil && l.Status == "REVERSED" {
		row[6], row[8] = p.Center, "退回 bounce "+p.Payment
	}
	if len(l.Proposals) == 0 {
		return row
	}
	best := l.Proposals[0]
	settles := "最早到期 oldest due"
	if len(best.Designation) > 0 {
		var charges []string
		for _, d := range best.Designation {
			charges = append(charges, d.Charge+" "+d.Amount)
		}
		settles = strings.Join(charges, "\n")
	}
	for _, charge := range best.Names { // what others take of it, the reason says
		if !strings.Contains(settles, charge+" ") {
			settles = charge + " 0.00\n" + settles
		}
	}
	row[6], row[7], row[8] = best.Center+"\n"+best.Name, best.Confidence, settles
	return row
}

// PrintAcceptance writes what became of accepted lines.
func PrintAcceptance(w io.Writer, r api.AcceptanceReport) {
	t := newTable(w, fmt.Sprintf("入账 Accepted · 日志 log %d", r.Position))
	t.AppendHeader(table.Row{"流水号\nreference", "中心\ncenter", "金额\namount", "结果\noutcome", "说明\nremark"})
	t.SetColumnConfigs([]table.ColumnConfig{{Number: 3, Align: text.AlignRight}, {Number: 5, WidthMax: 70, WidthMaxEnforcer: text.WrapSoft}})
	for _, l := range r.Lines {
		remark := l.Remark
		switch {
		case l.Problem != nil:
			remark = l.Problem.Detail
		case l.PossibleDuplicateOf != "":
			remark = "疑似重复，未核销 looks like payment " + l.PossibleDuplicateOf + "; unapplied"
		}
		t.AppendRow(table.Row{l.Reference, l.Center, l.Amount, outcomeText[l.Outcome], remark})
	}
	t.AppendFooter(table.Row{"合计 total", "", r.BookedAmount, fmt.Sprintf("入账 booked %d · 原已入账 before %d · 退回 refused %d", r.Booked, r.BookedBefore, r.Refused+r.Failed), ""})
	t.Style().Format.Footer = text.FormatDefault
	t.Render()
}

var outcomeText = map[string]string{
	"BOOKED":         "已入账 booked",
	"BOOKED_BEFORE":  "原已入账 booked before",
	"BOUNCED":        "来款已退回 payment bounced",
	"BOUNCED_BEFORE": "原已退回 bounced before",
	"REFUSED":        "退回 refused",
	"FAILED":         "未完成，请重试 failed: accept again",
}

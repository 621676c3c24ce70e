package imports

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
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

	"aftersales-ledger/api/bank/bankmatch"
	"aftersales-ledger/api/imports/sheet"
	moneyapi "aftersales-ledger/api/money"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/names"
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
func ProposeBank(
	ctx context.Context, c *client.Client, path string, o BankOptions,
) (body moneyapi.BankStatementBody, err error) {
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
	return statementWithFlags(body), refusalWithFlags(err)
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
func (s Selection) Choose(body moneyapi.BankStatementBody) ([]moneyapi.AcceptedLine, error) {
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
				return nil, domain.Invalid("accept-refs", l.Reference, "line-ambiguous",
					"stands in rows %d and %d: choose by row, --accept-rows %d", "", before, l.Row, l.Row)
			}
			seen[l.Reference] = l.Row
		}
		if !byRow {
			center = of
		}
		byConfidence := s.AtLeast > 0 && len(l.Proposals) > 0 && l.Proposals[0].Confidence >= s.AtLeast
		switch {
		case (byRow || byName) && !mayBeAccepted(l, byRow):
			return nil, cannotBeAccepted(l)
		case (byRow || byName) && center == "" && len(l.Proposals) == 0 && !bounces(l):
			return nil, domain.Invalid("accept", l.Reference, "line-without-proposal",
				"has no proposal: name its center, %s=C01", "", l.Reference)
		case byRow, byName, l.Status == "NEW" && byConfidence:
			chosen = append(chosen, choice{l, accept(l, center)})
		}
	}
	if err := s.unknown(body, seen, rows); err != nil {
		return nil, err
	}
	slices.SortStableFunc(chosen, func(a, b choice) int {
		return cmp.Or(cmp.Compare(a.turn(), b.turn()), cmp.Compare(a.ReceivedOn, b.ReceivedOn),
			cmp.Compare(a.Reference, b.Reference))
	})
	accepted := make([]moneyapi.AcceptedLine, len(chosen))
	for i, c := range chosen {
		accepted[i] = c.AcceptedLine
	}
	return accepted, nil
}

// unknown refuses every reference, else every row, that is no line which may be accepted, in the order in
// which they were given. Taken are the references whose lines are; left, the rows that are none.
func (s Selection) unknown(body moneyapi.BankStatementBody, taken map[string]int, left map[string]string) error {
	var faults []error
	for _, reference := range namesIn(s.References) {
		if _, ok := taken[reference]; !ok {
			faults = append(faults, noSuchReference(body, reference))
		}
	}
	if faults != nil {
		return errors.Join(faults...)
	}
	for _, row := range namesIn(s.Rows) {
		if _, ok := left[row]; ok {
			faults = append(faults, domain.NotFound("accept-rows", row, "unknown-line", "is no line of %s", body.File).
				Among(linesBy(body, func(l moneyapi.BankLine) string { return strconv.Itoa(l.Row) })))
		}
	}
	return errors.Join(faults...)
}

func noSuchReference(body moneyapi.BankStatementBody, reference string) error {
	for _, l := range body.Lines {
		if l.Reference == reference {
			return cannotBeAccepted(l)
		}
	}
	return domain.NotFound("accept-refs", reference, "unknown-line", "is no line of %s", body.File).
		Among(linesBy(body, func(l moneyapi.BankLine) string { return l.Reference }))
}

// choice is a line of a file, and what is accepted of it.
type choice struct {
	of moneyapi.BankLine
	moneyapi.AcceptedLine
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
func mayBeAccepted(l moneyapi.BankLine, byRow bool) bool {
	return l.Status == "NEW" || byRow && (l.Status == "QUESTION" || l.Status == "CONFLICT" || bounces(l))
}

func cannotBeAccepted(l moneyapi.BankLine) error {
	return domain.Conflict("accept", l.Reference, "line-not-acceptable", "cannot be accepted: line %d is %s", "", l.Row,
		bankmatch.Status(l.Status))
}

// bounces tells a reversal of a payment that is booked.
func bounces(l moneyapi.BankLine) bool { return l.Status == "REVERSED" && l.Payment != nil }

// linesBy are the lines that may be accepted, by what a flag names them by, with their payers.
func linesBy(body moneyapi.BankStatementBody, by func(moneyapi.BankLine) string) (there []domain.Existing) {
	for _, l := range body.Lines {
		if by(l) != "" && mayBeAccepted(l, true) {
			there = append(there, domain.Existing{NamedID: domain.NamedID{ID: by(l), Name: l.Payer}})
		}
	}
	return there
}

// centersBy takes NAME=CENTER apart.
func centersBy(list []string) map[string]string {
	named := make(map[string]string, len(list))
	for _, r := range list {
		name, center, _ := strings.Cut(r, "=")
		named[name] = center
	}
	return named
}

// namesIn are the names of NAME=CENTER, each once, in the order in which they are given.
func namesIn(list []string) (names []string) {
	for _, r := range list {
		if name, _, _ := strings.Cut(r, "="); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// accept takes a line's proposal for a center, the best if none is named. A
// center that is not among the proposals pays its oldest due.
func accept(l moneyapi.BankLine, center string) moneyapi.AcceptedLine {
	a := moneyapi.AcceptedLine{
		Reference: l.Reference, Payer: l.Payer, Remark: l.Remark, Amount: l.Amount, Currency: money.Currency,
		ReceivedOn: l.ReceivedOn, Center: center,
		BankMovement: l.BankMovement,
	}
	if bounces(l) {
		a.Center, a.Bounces = l.Payment.Center, l.Payment.Payment
		return a
	}
	i := slices.IndexFunc(l.Proposals, func(p moneyapi.BankProposal) bool { return center == "" || p.Center == center })
	if i >= 0 {
		a.Center, a.Designation = l.Proposals[i].Center, l.Proposals[i].Designation
	}
	return a
}

// linesAtOnce is how many lines one request accepts.
const linesAtOnce = 100

// AcceptBank books accepted lines, and reports how many are through. What a
// broken-off call has booked, the next call finds booked.
func AcceptBank(
	ctx context.Context, c *client.Client, lines []moneyapi.AcceptedLine, report func(done uint64),
) (all moneyapi.AcceptanceReport, err error) {
	var booked money.Amount
	done := 0
	for some := range slices.Chunk(lines, linesAtOnce) {
		body, err := json.Marshal(map[string]any{"lines": some})
		if err != nil {
			return all, err
		}
		sum := sha256.Sum256(body)
		var r moneyapi.AcceptanceReport
		if err := c.Fetch(ctx, client.Request{
			Method: http.MethodPost, Path: bankStatements + "/acceptances", Key: "accept-" + hex.EncodeToString(sum[:16]),
			Body: body,
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
var statuses = []bankmatch.Status{
	bankmatch.New, bankmatch.Asked, bankmatch.Conflict, bankmatch.Unreadable, bankmatch.Booked, bankmatch.Outgoing,
	bankmatch.Reversed,
	bankmatch.Refunded, bankmatch.Closed, bankmatch.Neither, bankmatch.Zero,
}

// PrintBank writes the lines that ask for a person, or all, with what is
// proposed for each and why, and below them a summary.
func PrintBank(w io.Writer, say wording.Language, b moneyapi.BankStatementBody, all bool) error {
	lines := newTable(w, fmt.Sprintf("%s · %s · %s", say.Label("银行对账单 Bank statement"), b.File, b.Format))
	lines.AppendHeader(heads(say, "行\nrow", "状态\nstatus", "流水号\nreference", "日期\ndate", "付款人、附言\npayer, remark",
		"金额\namount", "中心\ncenter", "%", "核销\nsettles", "依据\nreason"))
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
			lines.AppendRow(bankRow(say, l))
			lines.AppendSeparator()
		}
	}
	if lines.Length() > 0 {
		lines.Render()
	}
	summary := newTable(w, say.Label("汇总 Summary"))
	for _, s := range statuses {
		if count[string(s)] > 0 {
			summary.AppendRow(table.Row{wording.Code(say, s), count[string(s)], sum[string(s)].Grouped()})
		}
	}
	summary.AppendRow(table.Row{say.Label("贷方 credits"), b.Credits.Lines, money.Group(b.Credits.Amount)})
	summary.AppendRow(table.Row{say.Label("借方 debits"), b.Debits.Lines, money.Group(b.Debits.Amount)})
	summary.AppendRow(table.Row{say.Label("可入账 may be booked"), b.Bookable.Lines, money.Group(b.Bookable.Amount)})
	summary.SetColumnConfigs([]table.ColumnConfig{
		{Number: 2, Align: text.AlignRight}, {Number: 3, Align: text.AlignRight},
	})
	summary.Render()
	printHowRead(w, say, b)
	return nil
}

// printHowRead writes which column was read as what, which rows were passed over
// and why, and what was compared.
func printHowRead(w io.Writer, say wording.Language, b moneyapi.BankStatementBody) {
	how := newTable(w, say.Label("读取方式 How it was read"))
	how.SetColumnConfigs([]table.ColumnConfig{{Number: 2, WidthMax: 110, WidthMaxEnforcer: text.WrapText}})
	list := func(title string, of []string) {
		if len(of) > 0 {
			how.AppendRow(table.Row{title, strings.Join(of, "\n")})
		}
	}
	account := b.OwnAccount
	if account == "" {
		account = say.Label("未知：流水号只在一个账户内唯一，可用--own-account指明 not known: say it with --own-account")
		if slices.ContainsFunc(b.Lines, func(l moneyapi.BankLine) bool { return l.OwnAccount != "" }) {
			account = say.Label("逐行列明 named line by line")
		}
	}
	list(say.Label("本方账号 own account"), []string{account})
	list(say.Label("版式 layout"), nonEmpty(b.Layout))
	list(say.Label("工作表 sheet"), nonEmpty(b.Sheet))
	var read, searched, aside, passed, others []string
	for _, c := range b.Columns {
		switch c.Status {
		case "READ":
			read = append(read, fmt.Sprintf("%s %s → %s", c.Column, c.Heading, say.Column(c.Title, c.Field)))
		case "BESIDE":
			aside = append(aside, fmt.Sprintf("%s（%s %s）", c.Heading, say.Label("已读： read:"), c.Beside))
		case "SEARCHED":
			searched = append(searched, c.Heading)
		default:
			aside = append(aside, c.Heading)
		}
	}
	list(say.Label("读取的列 columns read"), read)
	list(say.Label("只检索文字 searched only"), nonEmpty(strings.Join(searched, ", ")))
	list(say.Label("不读的列 left aside"), nonEmpty(strings.Join(aside, ", ")))
	for _, p := range b.PassedOver {
		passed = append(passed, fmt.Sprintf("%s（%s）%s", p.Place, wording.Code(say, sheet.Why(p.Why)), p.Text))
	}
	list(say.Label("略过的行 rows passed over"), passed)
	for _, o := range b.OtherSheets {
		others = append(others, o.Name+" "+wording.Code(say, names.SheetStatus(o.Why)))
	}
	list(say.Label("未读的工作表 other sheets"), others)
	list(say.Label("隐藏行，未读 hidden rows"), nonEmpty(strings.Join(b.HiddenRows, ", ")))
	list(say.Label("相符 compared, and holds"), b.Checked)
	list(say.Label("未比较 not compared"), b.NotCompared)
	how.Render()
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// reason says why a line is what it is.
func reason(say wording.Language, l moneyapi.BankLine) string {
	if say == wording.English {
		return l.Reason.English
	}
	return l.Reason.Chinese
}

func bankRow(say wording.Language, l moneyapi.BankLine) table.Row {
	who := strings.TrimSpace(l.Payer + "\n" + l.Remark)
	row := table.Row{
		l.Row, wording.Code(say, bankmatch.Status(l.Status)), l.Reference, l.ReceivedOn, who, money.Group(l.Amount),
		"", "", "",
		reason(say, l),
	}
	if len(l.Nearest) > 0 {
		near := []string{"", say.Label("名称最接近的是 nearest names (not proposed):")}
		for _, n := range l.Nearest {
			near = append(near, n.Center+" "+n.Name)
		}
		row[9] = fmt.Sprint(row[9], strings.Join(near, "\n"))
	}
	if p := l.Payment; p != nil && l.Status == "REVERSED" {
		row[6], row[8] = p.Center, say.Label("退票 bounce")+" "+p.Payment
	}
	if len(l.Proposals) == 0 {
		return row
	}
	best := l.Proposals[0]
	settles := say.Label("最早到期 oldest due")
	if len(best.Designation) > 0 {
		var charges []string
		for _, d := range best.Designation {
			charges = append(charges, d.Charge+" "+money.Group(d.Amount))
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
func PrintAcceptance(w io.Writer, say wording.Language, r moneyapi.AcceptanceReport) {
	title := say.Label("入账 Accepted")
	if r.Position > 0 { // something was recorded
		title += fmt.Sprintf(" · %s %d", say.Label("日志 log"), r.Position)
	}
	t := newTable(w, title)
	t.AppendHeader(heads(say, "流水号\nreference", "中心\ncenter", "金额\namount", "结果\noutcome", "说明\nremark"))
	t.SetColumnConfigs([]table.ColumnConfig{
		{Number: 3, Align: text.AlignRight}, {Number: 5, WidthMax: 70, WidthMaxEnforcer: text.WrapSoft},
	})
	for _, l := range r.Lines {
		remark := l.Remark
		switch {
		case l.Problem != nil:
			remark = l.Problem.Detail
		case l.PossibleDuplicateOf != "":
			remark = say.Label("疑似重复，未核销： unapplied, since it looks like payment") + " " + l.PossibleDuplicateOf
		}
		t.AppendRow(table.Row{l.Reference, l.Center, money.Group(l.Amount), outcome(say, l.Outcome), remark})
	}
	t.AppendFooter(table.Row{
		say.Label("合计 total"), "", money.Group(r.BookedAmount),
		fmt.Sprintf("%s %d · %s %d · %s %d", say.Label("入账 booked"), r.Booked, say.Label("原已入账 before"), r.BookedBefore,
			say.Label("被拒绝 refused"), r.Refused+r.Failed),
		"",
	})
	t.Style().Format.Footer = text.FormatDefault
	t.Render()
}

// outcomeInEnglish is what became of a line, where the code alone does not say
// what to do.
var outcomeInEnglish = map[string]string{
	"BOOKED": "booked", "BOOKED_BEFORE": "booked before", "BOUNCED": "payment bounced", "BOUNCED_BEFORE": "bounced before",
	"REFUSED": "refused", "FAILED": "failed: accept again",
}

func outcome(say wording.Language, code string) string {
	if say == wording.English {
		return outcomeInEnglish[code]
	}
	return names.Of(names.AcceptanceOutcome(code))
}

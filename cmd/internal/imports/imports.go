// Package imports sends charge lists, fault records, catalogues, count sheets and bank statements to a
// ledger, and prints what became of their rows.
package imports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	lists "aftersales-ledger/api/imports"
	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/domain/names"
)

// Kinds of lists.
const (
	Charges      = "charges"       // F3
	FaultRecords = "fault-records" // F1
	Catalogue    = "catalogue"     // 配件目录
	Users        = "users"         // 用户清单
	Counts       = "counts"        // 盘点表
	// BankStatements are read by ProposeBank.
	BankStatements = lists.BankStatements
)

// Options of an import. The zero value records a file if all its rows are good.
type Options struct {
	DryRun  bool   // check and report only
	Partial bool   // record the good rows of a file that has bad ones
	Verbose bool   // report every successful row
	Hidden  bool   // read rows that a filter hides, too
	Sheet   string // worksheet; empty is the only one that holds a list
	Center  string // of charges that name none; empty is the project's on the day
	Layout  string // shipped or saved; empty: the headings are found
	// Columns are headings by field, where they are not usual ones.
	Columns map[string]string
	// More are the kind's own parameters; empty ones are left out.
	More map[string]string
}

func (o Options) query(file string) url.Values {
	q := url.Values{"file": {file}}
	for name, on := range map[string]bool{
		"dryRun": o.DryRun, "partial": o.Partial, "verbose": o.Verbose, "hidden": o.Hidden,
	} {
		if on {
			q.Set(name, "true")
		}
	}
	columns := ""
	if len(o.Columns) > 0 {
		text, err := json.Marshal(o.Columns)
		if err != nil {
			panic("imports: headings: " + err.Error())
		}
		columns = string(text)
	}
	for name, value := range map[string]string{
		"sheet": o.Sheet, "center": o.Center, "layout": o.Layout, "columns": columns,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	for name, value := range o.More {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// Run sends the file at path as a list of a kind. A file that is refused
// returns its report together with the *api.Problem; a file that cannot be read
// at all, the problem alone and a report without results.
func Run(ctx context.Context, c *client.Client, kind, path string, o Options) (lists.Report, error) {
	file, err := read(path)
	if err != nil {
		return lists.Report{}, err
	}
	sum := sha256.Sum256(file)
	resp, err := c.Do(ctx, client.Request{
		Method: http.MethodPost, Path: "/v1/imports/" + kind + "?" + o.query(filepath.Base(path)).Encode(),
		Key: "import-" + hex.EncodeToString(sum[:]), ContentType: "application/octet-stream", Body: file,
	})
	if err != nil {
		return lists.Report{}, err
	}
	if resp.Status < http.StatusBadRequest {
		var report lists.Report
		err := json.Unmarshal(resp.Body, &report)
		return reportWithFlags(report), err
	}
	var refused struct {
		kit.Problem
		Report lists.Report `json:"report"`
	}
	if json.Unmarshal(resp.Body, &refused) == nil && refused.Detail != "" {
		return reportWithFlags(refused.Report), refusalWithFlags(&refused.Problem)
	}
	return lists.Report{}, fmt.Errorf("the server answered %d: %.300s", resp.Status, resp.Body)
}

func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	file, err := io.ReadAll(io.LimitReader(f, sheet.MaxBytes+1))
	if err == nil && len(file) > sheet.MaxBytes {
		err = fmt.Errorf("%s is larger than the %d MiB that are accepted", path, sheet.MaxBytes>>20)
	}
	return file, err
}

// Print writes how the file was read, what became of it, and the rows that were
// refused, with the cell, what it says and the rule it breaks. Of a dry run it
// also writes what would be booked.
func Print(w io.Writer, say wording.Language, r lists.Report) {
	printSummary(w, say, r)
	printReading(w, say, r)
	if r.DryRun && r.Bookable {
		printBooking(w, say, r)
	}
	refused := newTable(w, say.Label("被拒绝 Refused"))
	refused.AppendHeader(heads(say, "单元格\ncell", "单号\ndocument", "栏目\nfield", "内容\nvalue", "原因\nrule", "条款\nclause"))
	refused.SetColumnConfigs([]table.ColumnConfig{
		{Number: 4, WidthMax: 30}, {Number: 5, WidthMax: 70, WidthMaxEnforcer: text.WrapSoft},
	})
	for _, v := range r.Results {
		if v.Outcome == "refused" {
			refused.AppendRow(table.Row{v.Cell, v.Document, say.Column(v.Title, v.Field), v.Value, v.Rule, v.Clause})
		}
	}
	if refused.Length() > 0 {
		refused.Render()
	}
}

func printSummary(w io.Writer, say wording.Language, r lists.Report) {
	status := statusInEnglish[r.Status]
	if say != wording.English {
		status = names.Of(names.ImportStatus(r.Status))
	}
	if r.DryRun && !r.Bookable {
		status = say.Label("仅校验，正式导入将被拒绝 checked; it would be refused")
	}
	summary := newTable(w,
		fmt.Sprintf("%s · %s · %s · %s", say.Label("导入 Import"), r.File, wording.Code(say, names.ImportKind(r.Kind)), status))
	row := func(name string, value any) { summary.AppendRow(table.Row{name, value}) }
	if len(r.Sheets) > 0 {
		row(say.Label("工作表 worksheets"), strings.Join(r.Sheets, ", "))
	}
	for _, o := range r.OtherSheets {
		row(say.Label("未读工作表 worksheet not read"), o.Name+" "+wording.Code(say, names.SheetStatus(o.Why)))
	}
	row(say.Label("数据行 rows"), r.Rows)
	row(say.Label("已入账 recorded"), withAmount(r.Recorded, r.RecordedAmount))
	row(say.Label("未变 unchanged"), r.Unchanged)
	if r.Valid > 0 {
		row(say.Label("可入账 valid"), r.Valid)
	}
	row(say.Label("被拒绝 refused"), r.Refused)
	row(say.Label("略过 passed over"), r.Ignored)
	if n := len(r.HiddenRows); n > 0 {
		row(say.Label("隐藏未读 hidden, not read"),
			fmt.Sprintf("%d: %s (--hidden)", n, strings.Join(r.HiddenRows[:min(n, 20)], ", ")))
	}
	if r.HiddenRead > 0 {
		row(say.Label("隐藏已读 hidden, read"), r.HiddenRead)
	}
	if r.TotalAmount != "" {
		row(say.Label("合计 total"), r.TotalAmount)
	}
	if r.StatedTotal != "" {
		row(say.Label("表内合计 stated total"), r.StatedTotal)
	}
	if r.Note != "" {
		row(say.Label("中断 broke off"), r.Note)
	}
	if r.Position > 0 {
		row(say.Label("日志 log"), r.Position)
	}
	row("SHA-256", r.SHA256)
	summary.Render()
}

// printReading writes which column was read as what, which rows were passed over
// and why, and which of the file's own figures were compared.
func printReading(w io.Writer, say wording.Language, r lists.Report) {
	columns := newTable(w, say.Label("列 Columns"))
	columns.AppendHeader(heads(say, "列\ncolumn", "表头\nheading", "读作\nread as"))
	for _, c := range r.Columns {
		as := say.Column(c.Title, c.Field)
		switch c.Status {
		case "BESIDE":
			as = say.Label("未读，已读 not read beside ") + c.Beside
		case "ASIDE":
			as = say.Label("无需读 says nothing of its own")
		case "UNREAD":
			as = say.Label("未读 not read")
		}
		if c.Hidden {
			as += "（" + say.Label("隐藏列 hidden column") + "）"
		}
		columns.AppendRow(table.Row{c.Column, c.Heading, as})
	}
	if columns.Length() > 0 {
		columns.Render()
	}
	passed := newTable(w, say.Label("略过的行 Rows passed over"))
	passed.AppendHeader(heads(say, "行\nrow", "内容\nit says", "原因\nwhy"))
	passed.SetColumnConfigs([]table.ColumnConfig{{Number: 2, WidthMax: 60}})
	for _, p := range r.PassedOver {
		passed.AppendRow(table.Row{p.Place, p.Text, wording.Code(say, sheet.Why(p.Why))})
	}
	if passed.Length() > 0 {
		passed.Render()
	}
	totals := newTable(w, say.Label("表内勾稽 What the file states of itself"))
	totals.AppendHeader(heads(say, "单元格\ncell", "字样\nword", "项目\nof", "表内\nstated", "各行\nrows sum to", "范围\nrows",
		"结果\nresult"))
	for _, t := range r.Totals {
		result := wording.Code(say, names.TotalStatus(t.Status))
		if t.Why != "" {
			result += ": " + t.Why
		}
		totals.AppendRow(table.Row{t.Cell, t.Word, t.Name, t.Stated, t.Found, t.Rows, result})
	}
	if totals.Length() > 0 {
		totals.Render()
	}
}

// booked is how many rows a dry run shows.
const booked = 200

func printBooking(w io.Writer, say wording.Language, r lists.Report) {
	rows := newTable(w, say.Label("将入账 What would be recorded"))
	rows.AppendHeader(heads(say, "行\nrow", "单号\ndocument", "内容\nwhat", "金额\namount"))
	rows.SetColumnConfigs([]table.ColumnConfig{
		{Number: 3, WidthMax: 80, WidthMaxEnforcer: text.WrapSoft}, {Number: 4, Align: text.AlignRight},
	})
	left := r.Unlisted
	for _, v := range r.Results {
		switch {
		case v.Outcome != "valid":
		case rows.Length() == booked:
			left++
		default:
			rows.AppendRow(table.Row{v.Cell, v.Document, v.Books, v.Amount})
		}
	}
	if left > 0 {
		rows.AppendFooter(table.Row{"", "", fmt.Sprint(say.Label("另有行数： and more:"), " ", left), ""})
	}
	if rows.Length() > 0 {
		rows.Render()
	}
}

// statusInEnglish is what became of a list, where the code alone does not say
// what to do.
var statusInEnglish = map[string]string{
	"CHECKED": "checked, nothing recorded", "BOOKED": "booked", "PARTLY_BOOKED": "partly booked", "REFUSED": "nothing recorded",
	"INTERRUPTED": "interrupted: import the file again",
}

// heads are headers that say themselves in both languages.
func heads(say wording.Language, both ...string) table.Row {
	row := make(table.Row, len(both))
	for i, h := range both {
		row[i] = say.Label(h)
	}
	return row
}

func withAmount(n int, amount string) string {
	if amount == "" || n == 0 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d (%s)", n, amount)
}

func newTable(w io.Writer, title string) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetTitle(title)
	t.SetStyle(table.StyleLight)
	t.Style().Format.Header = text.FormatDefault
	return t
}

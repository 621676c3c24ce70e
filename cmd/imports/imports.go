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

	"aftersales-ledger/api"
	"aftersales-ledger/api/sheet"
	"aftersales-ledger/cmd/client"
)

// Kinds of lists.
const (
	Charges      = "charges"       // F3
	FaultRecords = "fault-records" // F1
	Catalogue    = "catalogue"     // 配件目录
	Counts       = "counts"        // 盘点表
)

// Options of an import. The zero value records a file if all its rows are good.
type Options struct {
	DryRun  bool   // check and report only
	Partial bool   // record the good rows of a file that has bad ones
	Verbose bool   // report every successful row
	Sheet   string // worksheet; empty is the first
	Center  string // of charges that name none; empty is the project's on the day
	// More are the kind's own parameters; empty ones are left out.
	More map[string]string
}

func (o Options) query(file string) url.Values {
	q := url.Values{"file": {file}}
	for name, on := range map[string]bool{"dryRun": o.DryRun, "partial": o.Partial, "verbose": o.Verbose} {
		if on {
			q.Set(name, "true")
		}
	}
	for name, value := range map[string]string{"sheet": o.Sheet, "center": o.Center} {
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
func Run(ctx context.Context, c *client.Client, kind, path string, o Options) (api.ImportReport, error) {
	file, err := read(path)
	if err != nil {
		return api.ImportReport{}, err
	}
	sum := sha256.Sum256(file)
	resp, err := c.Do(ctx, client.Request{
		Method: http.MethodPost, Path: "/v1/imports/" + kind + "?" + o.query(filepath.Base(path)).Encode(),
		Key: "import-" + hex.EncodeToString(sum[:]), ContentType: "application/octet-stream", Body: file,
	})
	if err != nil {
		return api.ImportReport{}, err
	}
	if resp.Status < http.StatusBadRequest {
		var report api.ImportReport
		return report, json.Unmarshal(resp.Body, &report)
	}
	var refused struct {
		api.Problem
		Report api.ImportReport `json:"report"`
	}
	if json.Unmarshal(resp.Body, &refused) == nil && refused.Detail != "" {
		return refused.Report, &refused.Problem
	}
	return api.ImportReport{}, fmt.Errorf("the server answered %d: %.300s", resp.Status, resp.Body)
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

// Print writes a summary of the report and a table of the rows that were
// refused, with the cell, what it says and the rule it breaks.
func Print(w io.Writer, r api.ImportReport) {
	summary := newTable(w, fmt.Sprintf("导入 Import · %s · %s · %s", r.File, r.Kind, statusText[r.Status]))
	row := func(name string, value any) { summary.AppendRow(table.Row{name, value}) }
	row("数据行 rows", r.Rows)
	row("已入账 recorded", withAmount(r.Recorded, r.RecordedAmount))
	row("未变 unchanged", r.Unchanged)
	if r.Valid > 0 {
		row("可入账 valid", r.Valid)
	}
	row("退回 refused", r.Refused)
	row("略过 ignored", r.Ignored)
	if r.TotalAmount != "" {
		row("合计 total", r.TotalAmount)
	}
	if r.StatedTotal != "" {
		row("表内合计 stated total", r.StatedTotal)
	}
	if len(r.UnreadColumns) > 0 {
		row("未读列 columns not read", strings.Join(r.UnreadColumns, ", "))
	}
	if r.Position > 0 {
		row("日志 log", r.Position)
	}
	row("SHA-256", r.SHA256)
	summary.Render()

	refused := newTable(w, "退回 Refused")
	refused.AppendHeader(table.Row{"单元格\ncell", "单号\ndocument", "栏目\nfield", "内容\nvalue", "原因\nrule", "条款\nclause"})
	refused.SetColumnConfigs([]table.ColumnConfig{{Number: 4, WidthMax: 30}, {Number: 5, WidthMax: 70, WidthMaxEnforcer: text.WrapSoft}})
	for _, v := range r.Results {
		if v.Outcome == "refused" {
			refused.AppendRow(table.Row{v.Cell, v.Document, v.Field, v.Value, v.Rule, v.Clause})
		}
	}
	if refused.Length() > 0 {
		refused.Render()
	}
}

var statusText = map[string]string{
	"CHECKED":       "仅校验 checked, nothing recorded",
	"BOOKED":        "已入账 booked",
	"PARTLY_BOOKED": "部分入账 partly booked",
	"REFUSED":       "未入账 nothing recorded",
	"INTERRUPTED":   "中断，请重新导入 interrupted: import the file again",
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

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/domain"
)

// printed is one of the trade's papers: what names one of its kind, and where
// the API keeps it.
type printed struct {
	name    string
	chinese string
	english string
	of      []string // what names it, in the order of the path
	path    string   // each %s is one of them
}

var papers = []printed{
	{"f0", "项目安防设备服务登记表", "service registration", []string{"TICKET"}, "/v1/tickets/%s/form"},
	{"f1", "智能化工程设备故障处理记录表", "fault record", []string{"PROJECT", "MONTH"}, "/v1/projects/%s/filings/%s/F1/form"},
	{"f2", "售后服务处理流程表", "process sheet", []string{"RETURN"}, "/v1/returns/%s/form"},
	{"f3", "售后服务收费明细表", "charge list", []string{"PROJECT", "MONTH"}, "/v1/projects/%s/filings/%s/F3/form"},
	{"f4", "售后服务月报", "monthly report", []string{"PROJECT", "MONTH"}, "/v1/projects/%s/filings/%s/F4/form"},
	{"f1-region", "故障处理记录表（区域汇总）", "fault record of a region", []string{"REGION", "MONTH"}, "/v1/regions/%s/filings/%s/F1/form"},
	{"f3-region", "收费明细表（区域汇总）", "charge list of a region", []string{"REGION", "MONTH"}, "/v1/regions/%s/filings/%s/F3/form"},
	{"f4-region", "售后服务月报（区域汇总）", "monthly report of a region", []string{"REGION", "MONTH"}, "/v1/regions/%s/filings/%s/F4/form"},
	{"statement", "对账单", "statement of account", []string{"CENTER", "QUARTER"}, "/v1/centers/%s/statements/%s/form"},
	{"statements-region", "对账单（全区域，.pdf 或 .zip）", "statements of a whole region, .pdf or .zip", []string{"REGION", "QUARTER"}, "/v1/regions/%s/statements/%s/form"},
	{"claim", "请款单（半年度）", "claim of a half-year", []string{"CENTER", "CLAIM"}, "/v1/centers/%s/claims/%s/form"},
	{"reminder", "催款单", "reminder", []string{"CENTER", "REMINDER"}, "/v1/centers/%s/reminders/%s/form"},
	{"requisition", "物资申请单", "requisition", []string{"REQUISITION"}, "/v1/requisitions/%s/form"},
	{"payment-request", "付款申请单", "payment request", []string{"REGION", "MONTH"}, "/v1/payment-requests/%s/%s/form"},
	{"letter", "维修设备收费确认函", "letter confirming the price of a repair", []string{"RETURN"}, "/v1/returns/%s/letter/form"},
	{"approval", "邮件批复页", "approval page of mails", []string{"RETURN"}, "/v1/returns/%s/approval/form"},
	{"count", "盘点表", "count sheet", []string{"PROJECT", "COUNT"}, "/v1/projects/%s/depot/counts/%s/form"},
	{"issue", "出库单", "issue slip", []string{"PROJECT", "SLIP"}, "/v1/projects/%s/depot/issues/%s/form"},
	{"price-list", "部门收费标准", "price list", []string{"VERSION"}, "/v1/price-lists/%s/form"},
	{"blank-f0", "项目安防设备服务登记表（空白）", "service registration, blank", []string{"PROJECT"}, "/v1/projects/%s/blank-forms/F0/form"},
	{"blank-count", "盘点表（空白）", "count sheet, blank", []string{"PROJECT"}, "/v1/projects/%s/blank-forms/COUNT/form"},
}

type formCmd struct {
	connection
	Paper string   `arg:"" help:"Which paper; see the list above."`
	Args  []string `arg:"" help:"What names it, and at the end the file to write: .xlsx for a worksheet, .pdf or .html for a page to print."`
	Draft bool     `help:"What would be filed or issued now, of f1, f3 and statement."`

	Version int    `help:"Which version, of f1, f3, f4 and statement. Default: the newest."`
	Number  string `help:"Which one, of payment-request, such as one that was returned. Default: the last of the month."`
}

func (formCmd) Help() string {
	return "A paper of the trade as a worksheet (.xlsx), a PDF (.pdf) or a page to print (.html), filled from the log:\n\n" +
		paperList(func(p printed) string { return p.english })
}

// paperList is every paper with what names one of its kind, and a few as they are asked for.
func paperList(called func(printed) string) string {
	var b strings.Builder
	for _, p := range papers {
		fmt.Fprintf(&b, "  ledger form %-48s %s\n", strings.Join(append([]string{p.name}, p.of...), " ")+" FILE", called(p))
	}
	b.WriteString("\n  ledger form f1 P001 2025-09 F1.xlsx\n  ledger form f3-region 华东 2025-09 收费明细.pdf\n" +
		"  ledger form statements-region 华东 2025Q3 对账单.zip\n")
	return b.String()
}

func (f formCmd) Run(ctx context.Context, c *cli) error {
	i := slices.IndexFunc(papers, func(p printed) bool { return p.name == strings.ToLower(f.Paper) })
	if i < 0 {
		return notAPaper(f.Paper)
	}
	p := papers[i]
	if len(f.Args) != len(p.of)+1 {
		return c.errorf("“%s”后须写：%s %s must be followed by %s", p.name, strings.Join(append(slices.Clone(p.of), "FILE"), " "))
	}
	parts := make([]any, len(p.of))
	for i, a := range f.Args[:len(p.of)] {
		parts[i] = url.PathEscape(a)
	}
	params := url.Values{}
	flag(params, "draft", f.Draft)
	put(params, map[string]string{"number": f.Number})
	if f.Version != 0 {
		params.Set("version", strconv.Itoa(f.Version))
	}
	return writePaper(ctx, c, f.connection, fmt.Sprintf(p.path, parts...), params, f.Args[len(p.of)])
}

// notAPaper refuses the name of a paper that there is not, with those that are like it.
func notAPaper(name string) error {
	there := make([]domain.NamedID, len(papers))
	for i, p := range papers {
		there[i] = domain.NamedID{ID: p.name, Name: p.chinese}
	}
	return domain.NotFound("form", domain.Clip(name), "unknown-paper",
		"is not a paper of the trade; 'ledger form --help' lists them").Among(domain.Named(there))
}

// writePaper fetches a paper in the format that the file's name ends with, and
// writes it.
func writePaper(ctx context.Context, c *cli, n connection, path string, params url.Values, out string) error {
	format := strings.TrimPrefix(strings.ToLower(filepath.Ext(out)), ".")
	if !slices.Contains([]string{"xlsx", "html", "pdf", "zip"}, format) {
		return c.errorf("%s：文件名须以.xlsx、.pdf或.html结尾，全区域的对账单为.pdf或.zip %s: must end in .xlsx, .pdf or .html; the statements of a region in .pdf or .zip", out)
	}
	params.Set("format", format)
	cl, release, err := n.connect(ctx, c)
	if err != nil {
		return err
	}
	paper, err := cl.Download(ctx, client.Request{Method: http.MethodGet, Path: path + "?" + params.Encode()})
	if err := errors.Join(err, release()); err != nil {
		return err
	}
	if err := os.WriteFile(out, paper, 0o600); err != nil {
		return err
	}
	_, err = fmt.Println(out)
	return err
}

package forms_test

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/letterhead"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/ticket"
)

// long is a paper with more in it than people expect: long names with rare
// characters, remarks of several lines, lists of 90 rows.
func long(f forms.Form) forms.Form {
	const name, remark = "欧阳䶮𬎆喆燚犇", "业主反映夜间无法呼叫，经现场检测为主板受潮损坏，已更换并复测三次正常；" +
		"因线路老化建议整栋更换，待物业服务中心书面确认后另行报价（见 F0-P001-00017 及来函 CAM-2M/VI-07A）。"
	values := func(in []forms.Field, add string) []forms.Field {
		out := slices.Clone(in)
		for i := range out {
			if out[i].Value != "" {
				out[i].Value += add
			}
		}
		return out
	}
	f.Head = values(f.Head, "")
	for i := range f.Head {
		if i%2 == 0 && f.Head[i].Value != "" {
			f.Head[i].Value += "呼和浩特市新城区成吉思汗大街金桂云山锦江花园一期二期三期" + name
		}
	}
	f.Foot = values(f.Foot, "")
	f.Foot = append(f.Foot, forms.Field{Label: "备注", Value: strings.Repeat(remark, 4)})
	f.Signs = slices.Clone(f.Signs)
	for i := range f.Signs {
		f.Signs[i].Value = name + "（ouyang.yan-zhe） 2026-09-25"
	}
	f.Tables = slices.Clone(f.Tables)
	for n := range f.Tables {
		t := &f.Tables[n]
		boxes := make([][]forms.Field, len(t.Boxes))
		for i, r := range t.Boxes {
			boxes[i] = slices.Clone(r)
			for j := range r {
				if boxes[i][j].Value != "" {
					boxes[i][j].Value += name + remark
				}
			}
		}
		t.Boxes = boxes
		rows := t.Rows
		t.Rows = nil
		for i := 0; len(rows) > 0 && len(t.Columns) > 2 && i < 90 || i < len(rows); i++ {
			r := slices.Clone(rows[i%len(rows)])
			for j := range r {
				if t.Columns[j].Kind == forms.Text && j > 1 && (i+j)%3 == 0 && r[j] != "" {
					r[j] += name
				}
				if t.Columns[j].Kind == forms.Text && j == len(r)-1 && i%7 == 0 {
					r[j] += remark
				}
				if t.Columns[j].Kind == forms.Amount && i%5 == 0 && r[j] != "" {
					r[j] = "-12345678.90"
				}
			}
			t.Rows = append(t.Rows, r)
		}
	}
	return f
}

// filledForms are one of each kind, under a letterhead that is not configured.
func filledForms(t *testing.T) map[string]forms.Form {
	out := make(map[string]forms.Form)
	for n, p := range papers() {
		out[n] = p.Lay()
	}
	d := document(t)
	out["statement"] = forms.Statement(d)
	d.Draft = true
	out["statement-draft"] = forms.Statement(d)
	charges, faults := papers()["f3"].(forms.ChargeList), papers()["f1-region"].(forms.FaultRecord)
	charges.Region = faults.Region
	out["f3-region"] = charges.Lay()
	out["blank-f0"] = forms.Registration{Project: estate, Blank: true}.Lay()
	out["blank-count"] = forms.CountSheet{
		Project: estate, Blank: true, Lines: []forms.CountLine{{Part: "CAM-1", Name: "枪机", Unit: "台"}, {Part: "UPS-12V"}},
	}.Lay()
	for n, f := range out {
		out[n] = f.Sent(letterhead.Letterhead{})
	}
	return out
}

// emptyForms are papers about which nothing has happened yet.
func emptyForms() map[string]forms.Form {
	m := calendar.Month(2026*12 + 8)
	return map[string]forms.Form{
		"f0":              forms.Registration{Project: estate, Ticket: "F0-1"}.Lay(),
		"f1":              forms.FaultRecord{Month: m, Sheets: []forms.FaultSheet{{Project: estate}}}.Lay(),
		"f1-region":       forms.FaultRecord{Region: "华东", Month: m}.Lay(),
		"f2":              forms.ProcessSheet{Project: estate, Return: "F2-1"}.Lay(),
		"f2-compensation": forms.ProcessSheet{Project: estate, Return: "F2-1", Compensation: true}.Lay(),
		"f3":              forms.ChargeList{Month: m, Sheets: []forms.ChargeSheet{{Project: estate}}}.Lay(),
		"f3-region":       forms.ChargeList{Region: "华东", Month: m}.Lay(),
		"f4":              forms.MonthlyReport{Project: estate, Month: m}.Lay(),
		"f4-region":       forms.MonthlyReport{Region: "华东", Month: m}.Lay(),
		"requisition":     forms.Requisition{Project: estate}.Lay(),
		"payment-request": forms.PaymentRequest{Region: "华东", Month: m}.Lay(),
		"letter":          forms.ConfirmationLetter{Project: estate}.Lay(),
		"approval":        forms.ApprovalPage{Project: estate}.Lay(),
		"count-sheet":     forms.CountSheet{Project: estate}.Lay(),
		"blank-count":     forms.CountSheet{Project: estate, Blank: true}.Lay(),
		"issue-slip":      forms.IssueSlip{Project: estate}.Lay(),
		"price-list":      forms.PriceList{}.Lay(),
		"month-pack":      forms.MonthPack{Region: "华南", Month: m}.Lay(),
	}
}

// everyForm walks each kind of paper as it is, with more than people expect, and
// with nothing.
func everyForm(t *testing.T, check func(*testing.T, forms.Form)) {
	t.Helper()
	walk := func(content string, all map[string]forms.Form, change func(forms.Form) forms.Form) {
		for name, f := range all {
			t.Run(name+" "+content, func(t *testing.T) { check(t, change(f)) })
		}
	}
	same := func(f forms.Form) forms.Form { return f }
	walk("filled", filledForms(t), same)
	walk("long", filledForms(t), long)
	walk("empty", emptyForms(), same)
}

// A page that begins within a list begins with its headers, total and signatures
// stand below rows of what they close, and nothing is wider than its page.
func TestEveryPageOfEveryPaperSaysWhatItsColumnsAre(t *testing.T) {
	everyForm(t, func(t *testing.T, f forms.Form) {
		for _, fault := range append(f.PageFaults(false), f.PageFaults(true)...) {
			t.Error(fault)
		}
	})
}

var (
	amountShown = regexp.MustCompile(`^-?\d[\d,]*\.\d{2}$`)
	dayShown    = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2})?)?$`)
)

// People sum and sort what is on a worksheet: amounts and days are values there,
// and what is not there is blank. Each sheet prints within its width, and where
// it goes on over pages the row that it repeats is the headers of its list.
func TestWorksheetsHoldValuesAndRepeatTheirHeaders(t *testing.T) {
	everyForm(t, func(t *testing.T, f forms.Form) {
		var b bytes.Buffer
		if err := f.XLSX(&b); err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		printed, titles := make(map[string]bool), make(map[string]string)
		for _, n := range book.GetDefinedName() {
			printed[n.Scope] = printed[n.Scope] || n.Name == "_xlnm.Print_Area"
			if n.Name == "_xlnm.Print_Titles" {
				titles[n.Scope] = n.RefersTo
			}
		}
		for _, name := range book.GetSheetList() {
			layout, err := book.GetPageLayout(name)
			if err != nil || !printed[name] || *layout.FitToWidth < 1 || *layout.Size != 9 {
				t.Errorf("%s is not set up to be printed: %v", name, err)
			}
			rows, err := book.GetRows(name)
			if err != nil {
				t.Fatal(err)
			}
			header := regexp.MustCompile(`\$(\d+):\$\d+$`).FindStringSubmatch(titles[name])
			for y, r := range rows {
				if header != nil && header[1] == strconv.Itoa(y+1) && !slices.ContainsFunc(f.Tables, func(t forms.Table) bool {
					return len(t.Columns) > 0 && t.Columns[0].Header == r[0]
				}) {
					t.Errorf("%s repeats %q", name, r)
				}
				for x, text := range r {
					axis, err := excelize.CoordinatesToCellName(x+1, y+1)
					if err != nil {
						t.Fatal(err)
					}
					kind, err := book.GetCellType(name, axis)
					if err != nil {
						t.Fatal(err)
					}
					isText := kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString
					if text = strings.TrimSpace(text); isText && (amountShown.MatchString(text) || dayShown.MatchString(text)) {
						t.Errorf("%s %s: %q is a text", name, axis, text)
					}
				}
			}
		}
	})
}

// On a phone a row is a card: each of its values stands beside the header of its
// column. What closes a paper is one with the last rows above it.
func TestThePageIsReadableOnAPhone(t *testing.T) {
	everyForm(t, func(t *testing.T, f forms.Form) {
		var b bytes.Buffer
		if err := f.Print(&b); err != nil {
			t.Fatal(err)
		}
		page := b.String()
		if !strings.Contains(page, `<meta name="viewport" content="width=device-width, initial-scale=1">`) {
			t.Error("a phone shows the page in the width of a desk's screen")
		}
		for _, table := range f.Tables {
			for _, c := range table.Columns {
				zh, _, _ := strings.Cut(c.Header, "\n")
				if len(table.Lines()) > 0 && !strings.Contains(page, `data-head="`+zh+`"`) {
					t.Errorf("no value stands beside %q", zh)
				}
			}
		}
		closing, table := strings.Index(page, `class="closing"`), strings.Index(page, "<table")
		if tail := strings.LastIndex(page,
			`<tbody class="tail">`); closing < 0 || table >= 0 && tail < strings.LastIndex(page, "<thead") ||
			table >= 0 && closing < tail {
			t.Error("what closes the paper does not stand with its last rows")
		}
	})
}

// What begins a page of its own in a browser begins it with the title, as it does in
// a PDF; and a page that lies about alone says at its foot whose it is.
func TestALoosePageSaysOfWhichPaperAndProjectItIs(t *testing.T) {
	all := filledForms(t)
	for name, headed := range map[string]int{"month-pack": 3, "f1-region": 1, "f3-region": 1, "f4-region": 0, "statement": 0} {
		var b bytes.Buffer
		if err := all[name].Print(&b); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(b.String(), "<header><b>"+all[name].Title+"</b>"); got != headed {
			t.Errorf("%s has %d pages that begin with its title, not %d", name, got, headed)
		}
	}
	for name, of := range map[string][]string{
		"f1": {"2026-09", estate.Name}, "f3": {"2026-09", estate.Name}, "f4": {"2026-09", estate.Name},
		"f1-region": {"2026-09", "华东"}, "count-sheet": {"PD-2026-09", estate.Name}, "f2": {"F2-2026-011", estate.Name},
		"statement": {"C01", "2026Q2"}, "month-pack": {"华东", "2026-09"}, "requisition": {"SQ-2026-001", estate.Name},
	} {
		var b bytes.Buffer
		if err := all[name].XLSX(&b); err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		for _, sheet := range book.GetSheetList() {
			foot, err := book.GetHeaderFooter(sheet)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range of {
				if !strings.Contains(foot.OddFooter, want) {
					t.Errorf("%s: the foot of %s does not name %s: %s", name, sheet, want, foot.OddFooter)
				}
			}
			for _, h := range all[name].Head {
				if h.Label == "项目数" && strings.Contains(foot.OddFooter, h.Value) {
					t.Errorf("%s: the foot of %s counts, and does not say what: %s", name, sheet, foot.OddFooter)
				}
			}
		}
	}
}

// An F4 counts the days that it says it is of, which are no calendar month.
func TestAMonthlyReportCountsItsOwnDays(t *testing.T) {
	all := filledForms(t)
	for _, name := range []string{"f4", "f4-region"} {
		var b bytes.Buffer
		if err := all[name].Print(&b); err != nil {
			t.Fatal(err)
		}
		if text := b.String(); strings.Contains(text, "本月") || !strings.Contains(text, "统计期内每一次例行巡检") {
			t.Errorf("%s says of figures of its days that they are of a month", name)
		}
	}
}

// Whatever is not there is said in words where people would read nothing as
// nothing to do.
func TestWhatHasNotHappenedIsSaid(t *testing.T) {
	papers := emptyForms()
	papers["f1"] = forms.FaultRecord{Sheets: []forms.FaultSheet{{Lines: []forms.FaultLine{
		{FaultRecorded: ticket.FaultRecorded{Replacement: &ticket.Replacement{Part: "DS-700", Quantity: d("1")}}},
	}}}}.Lay()
	papers["f2"] = forms.ProcessSheet{
		Bearer: names.Of(repair.ByUs), Gates: []forms.Gate{{Name: "部门经理批准", Role: domain.DepartmentManager}},
	}.Lay()
	papers["f4"] = forms.MonthlyReport{Steps: []forms.ReportStep{{Role: domain.CityLead}}}.Lay()
	papers["requisition"] = forms.Requisition{
		Lines: []forms.Requested{{Part: "UPS-12V"}}, Gates: []forms.Gate{{Name: "技术组主管审核"}},
	}.Lay()
	papers["payment-request"] = forms.PaymentRequest{Lines: []forms.Payable{{Return: "F2-1"}}}.Lay()
	papers["blank-count"] = forms.CountSheet{Blank: true, Lines: []forms.CountLine{{Part: "UPS-12V"}}}.Lay()
	doc := document(t)
	papers["statement"] = forms.Statement(doc)
	doc.Draft = true
	papers["statement-draft"] = forms.Statement(doc)
	for name, words := range map[string][]string{
		"f0":        {"通知时间|未通知", "受理||未受理", "到场||未到场", "解决时间|未解决", "关闭时间|未关闭"},
		"f1":        {"未到场|未解决", "未出库"},
		"f2":        {"部门经理批准|未审批", "寄出日期|未寄出", "已批金额：|未批准", "费用（元）|未报价"},
		"approval":  {"金额（元）|未报价|大写|未报价"},
		"f1-region": {"合计：|未报"}, "f3-region": {"合计大写：|未报"},
		"f4":          {"城市负责人|未审阅", "送达：|未送达"},
		"letter":      {"确认：|未确认", "未寄出|未报价", "大写：|未报价"},
		"requisition": {"未采购", "技术组主管审核|未审批"}, "payment-request": {"未付款"},
		"blank-count": {"UPS-12V|（目录未收录）|未注明"}, "statement": {"回复：|未答复"}, "statement-draft": {"出具日期：|未出具"},
	} {
		_, text := cellsOf(t, papers[name])
		for _, w := range words {
			if w = strings.ReplaceAll(w, "||", "|"); !strings.Contains(text, w) {
				t.Errorf("%s does not say %q:\n%s", name, w, text)
			}
		}
	}
	for _, name := range []string{"f1-region", "f3-region", "f4-region"} { // what nobody filed has no sum
		if _, text := cellsOf(t, papers[name]); regexp.MustCompile(`合计\|[^\n]*\d`).MatchString(text) {
			t.Errorf("%s adds up what was not filed:\n%s", name, text)
		}
	}
}

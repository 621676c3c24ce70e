package sheet

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// figures says of each figure that a list states of itself what became of it.
func figures(list *List) []string {
	out := []string{}
	for _, c := range list.Compare(nil) {
		out = append(out, fmt.Sprintf("%s %s %s/%s %s", c.Word, c.Name, c.Stated, c.Found, c.Status))
	}
	return out
}

// whys are the rows passed over, by number and reason.
func whys(list *List) []string {
	out := []string{}
	for _, p := range list.Passed {
		out = append(out, fmt.Sprintf("%d %s", p.Number, p.Why))
	}
	return out
}

func TestAHeaderOfTwoRowsIsReadAsGroupAndHeading(t *testing.T) {
	grouped := [][]any{
		{"售后服务收费明细表（2026年11月）"},
		{"编号", "日期", "项目", "房号", "服务内容", "收费情况", nil, nil, "备注"},
		{nil, nil, nil, nil, nil, "数量", "单价", "金额（元）", nil},
		{"F3-X1", "2026.11.5", "P040", "1-1-101", "室内机移位", 2, 180, 360},
		{"F3-X2", "11月6日", "P040", "1-1-102", "门禁卡开通", 5, 18, 90},
		{"合计", nil, nil, nil, nil, 7, nil, 450},
	}
	rows := func(f *excelize.File, s string) {
		for i, row := range grouped {
			must(t, f.SetSheetRow(s, fmt.Sprintf("A%d", i+1), &row))
		}
	}
	merged := workbook(t, func(f *excelize.File, s string) {
		rows(f, s)
		must(t, f.MergeCell(s, "A1", "I1"), f.MergeCell(s, "F2", "H2"), f.MergeCell(s, "I2", "I3"))
		for _, c := range "ABCDE" {
			must(t, f.MergeCell(s, string(c)+"2", string(c)+"3"))
		}
	})
	var text strings.Builder
	for _, row := range grouped {
		for i := range 9 {
			if i < len(row) && row[i] != nil {
				fmt.Fprint(&text, row[i])
			}
			text.WriteString(",")
		}
		text.WriteString("\n")
	}
	for name, file := range map[string][]byte{
		"merged": merged, "not merged": workbook(t, rows), "as text": []byte(text.String()),
	} {
		t.Run(name, func(t *testing.T) {
			list := read(t, file)
			want := []line{
				{4, "F3-X1", "2026-11-05", "P040", "1-1-101", "室内机移位", "2", "360.00"},
				{5, "F3-X2", "2026-11-06", "P040", "1-1-102", "门禁卡开通", "5", "90.00"},
			}
			if diff := cmp.Diff(want, lines(list)); diff != "" {
				t.Error(diff)
			}
			at := slices.IndexFunc(list.Headings, func(h Heading) bool { return h.Field == "quantity" })
			if list.Headings[at].Text != "收费情况/数量" {
				t.Errorf("headings %+v", list.Headings)
			}
			if diff := cmp.Diff([]string{"合计 收费情况/数量 7/7 AGREES", "合计 收费情况/金额(元) 450/450 AGREES"}, figures(list)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The first row below a header of two rows, of which nothing looks like a value,
// is a row all the same.
func TestTheFirstRowOfWordsIsNoThirdRowOfTheHeader(t *testing.T) {
	list, err := Read([]byte("编号,日期,项目,服务内容,收费,\n,,,,数量,金额\n甲,十一月初,某小区,移位,,\n乙,十一月底,某小区,移位,,\n"), Options{}, Charges)
	if err != nil || len(list.Rows) != 2 {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestOneHeadingUnderTwoGroupsIsToldApart(t *testing.T) {
	file := "6月盘点表,,,,,,\n配件编号,名称,账面,,实盘,,差异原因\n,,数量,金额,数量,金额,\nBAT-7AH,蓄电池,9,900.00,8,800.00,待查\nCAM-2M,摄像机,11,1100.00,11,1100.00,\n合计,,20,2000.00,19,1900.00,\n"
	list, err := Read([]byte(file), Options{}, Counts)
	if err != nil {
		t.Fatal(err)
	}
	counted, err := list.Rows[0].Value("counted").Quantity()
	if book, err2 := list.Rows[0].Value("book").Quantity(); err != nil || err2 != nil || counted.String() != "8" ||
		book.String() != "9" {
		t.Errorf("counted %s, book %s, %v, %v", counted, book, err, err2)
	}
	want := []string{
		"合计 账面/数量 20/20 AGREES", "合计 账面/金额 2000.00/2000.00 AGREES", "合计 实盘/数量 19/19 AGREES",
		"合计 实盘/金额 1900.00/1900.00 AGREES",
	}
	if diff := cmp.Diff(want, figures(list)); diff != "" {
		t.Error(diff)
	}
	bank := "发生日期,流水号,对方户名,发生额/元,,余额/元\n,,,借方,贷方,\n2026-11-20,S1,云栖,,169.06,1169.06\n"
	if list, err = Read([]byte(bank), Options{Columns: map[string]string{"receivedOn": "发生日期"}},
		BankStatement); err != nil {
		t.Fatal(err)
	}
	if a, err := list.Rows[0].Value("credit").Amount(); err != nil || a.String() != "169.06" ||
		!list.Rows[0].Value("debit").Blank() {
		t.Errorf("credit %s, %v", a, err)
	}
}

// headingsOf is the table of headings as people write them, by field.
var headingsOf = []struct {
	layout  Layout
	heading string
	field   string
}{
	{Charges, "数量（次）", "quantity"}, {Charges, "数量[台/套]", "quantity"}, {Charges, "数 量", "quantity"}, {Charges, "台数", "quantity"}, {Charges, "件数", "quantity"},
	{Charges, "金额（元）", "amount"}, {Charges, "金额/元", "amount"}, {Charges, "金额【人民币：元】", "amount"}, {Charges, "总价", "amount"}, {Charges, "应收（元）", "amount"},
	{Charges, "小计", "amount"}, {Charges, "合计（元）", "amount"}, {Charges, "金额 元", "amount"}, {Charges, "金额(含税/元)", "amount"}, {Charges, "不含税金额（元）", "net"},
	{Charges, "单价（元/台）", "unitPrice"}, {Charges, "收费标准", "unitPrice"}, {Charges, "日期（年/月/日）", ""}, {Charges, "服务日期", "occurredOn"},
	{Charges, "房号(业主)", "roomAndOwner"}, {Charges, "物业服务中心", "center"}, {Charges, "服务内容", "item"}, {Charges, "小区", "project"}, {Charges, "编　号", "charge"},
	{Faults, "更换数量（个）", "replacement.quantity"}, {Faults, "报修时间", "notifiedAt"}, {Faults, "现场解决", "solvedOnSite"}, {Faults, "故障现象", "symptom"},
	{Catalogue, "成本单价（元）", "warrantyCost"}, {Catalogue, "计量单位", "unit"}, {Catalogue, "物料编码", "part"},
	{Counts, "实盘数（台）", "counted"}, {Counts, "账面数量", "book"}, {Counts, "盈亏数量", "difference"}, {Counts, "差异原因", "reason"},
	{BankStatement, "贷方发生额/元(收入)", "credit"}, {BankStatement, "余额/元", "balance"}, {BankStatement, "交易日期[ Transaction Date ]", "receivedOn"},
	{BankStatement, "付款人名称[ Payer's Name ]", "payer"}, {BankStatement, "对方户名", "payer"},
}

func TestHeadingsAsPeopleWriteThem(t *testing.T) {
	for _, c := range headingsOf {
		claims := make(map[string][]claim)
		g := &grid{rows: []gridRow{{number: 1, cells: []cell{textCell(c.heading)}}}}
		c.layout.claim(g.headingAt(0, 1, 0), claims)
		got := ""
		for field := range claims {
			got = field
		}
		if got != c.field || len(claims) > 1 {
			t.Errorf("%s: %q is read as %v, want %s", c.layout.Name, c.heading, claims, c.field)
		}
	}
	for _, l := range []Layout{Charges, Faults, Catalogue, Counts} { // a bank's time may be its date, too
		of := make(map[string]string)
		for _, c := range l.Columns {
			for _, n := range c.Names {
				if of[n] != "" && of[n] != c.Field || n == "" {
					t.Errorf("%s: %q is a name of %s and of %s", l.Name, n, of[n], c.Field)
				}
				of[n] = c.Field
			}
		}
		for _, n := range l.Aside {
			if of[n] != "" {
				t.Errorf("%s: %q says nothing, and is a name of %s", l.Name, n, of[n])
			}
		}
	}
}

func TestWhatMustBeReadIsReadOrRefusesTheFile(t *testing.T) {
	const row = "F3-X3,2026-11-05,P040,1-1-101,室内机移位,2,400,2026-11-01\n"
	for name, c := range map[string]struct {
		headings string
		columns  map[string]string
		code     string
		says     string
	}{
		"a quantity under another name": {"编号,日期,项目,房号,服务内容,工作量数量,金额,备注", nil, "!column-unread", "工作量数量"},
		"an amount that was paid":       {"编号,日期,项目,房号,服务内容,数量,已收金额,备注", nil, "!column-unread", "(columns: unread=已收金额)"},
		"a second date":                 {"编号,日期,项目,房号,服务内容,数量,金额,报修日期", nil, "!column-unread", "报修日期"},
		"a column without a heading":    {"编号,日期,项目,房号,服务内容,数量,,备注", nil, "!column-nameless", "G列"},
		"figures in other units":        {"编号,日期,项目,房号,服务内容,数量,金额（万元）,备注", nil, "!other-unit", "万元"},
		"units of the whole list":       {"收费明细,,,,单位：万元,,,\n编号,日期,项目,房号,服务内容,数量,金额,备注", nil, "!other-unit", "万元"},
		"a heading twice":               {"编号,日期,项目,房号,服务内容,金额,金额,备注", nil, "!column-twice", "(columns: "},
		"mended by its name":            {"编号,日期,项目,房号,服务内容,工作量数量,金额,备注", map[string]string{"quantity": "工作量数量"}, "", ""},
		"mended by being left":          {"编号,日期,项目,房号,服务内容,数量,金额,报修日期", map[string]string{"unread": "报修日期|已收金额"}, "", ""},
		"mended by its letter":          {"编号,日期,项目,房号,服务内容,数量,,备注", map[string]string{"amount": "G列"}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := Read([]byte(c.headings+"\n"+row), Options{Columns: c.columns}, Charges)
			if c.code == "" {
				if err != nil || len(list.Rows) != 1 || !list.Rows[0].Has("quantity") {
					t.Errorf("%+v, %v", list, err)
				}
				return
			}
			if err == nil || codeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%+v, %v", list, err)
			}
		})
	}
	both := read(t,
		[]byte("编号,日期,项目,房号,服务内容,数量,金额,应收金额\nF3-1,2026-11-05,P040,1,移位,2,360,360\nF3-2,2026-11-05,P040,1,移位,2,360,400\n"))
	if _, err := both.Rows[0].Value("amount").Amount(); err != nil {
		t.Error(err)
	}
	if _, err := both.Rows[1].Value("amount").Amount(); codeOf(err) != "!unreadable-cell" {
		t.Errorf("two columns that do not agree: %v", err)
	}
}

func TestTotalsAreComparedWhereverTheyStand(t *testing.T) {
	const head = "编号,日期,项目,房号,服务内容,数量,金额\n"
	const a, b, c = "F3-1,2026-11-05,P040,1,移位,2,360.00\n", "F3-2,2026-11-06,P040,1,移位,1,180.00\n",
		"F3-3,2026-11-07,P039,1,移位,1,180.00\n"
	for name, x := range map[string]struct {
		file string
		want []string
		why  []string
	}{
		"above the header":    {"收费明细\n合计：720.00元,,共3笔\n" + head + a + b + c, []string{"合计 合计 元 720.00/720.00 AGREES"}, []string{}},
		"wrong above":         {"总金额,820.00\n" + head + a + b + c, []string{"总金额 总金额 820.00/720.00 DIFFERS"}, []string{}},
		"in one cell":         {head + a + b + c + "合计：数量 4，金额 720.00 元，共 3 笔,,,,,,\n", []string{"合计 数量 4/4 AGREES", "合计 金额 元 720.00/720.00 AGREES", "合计 共 笔 3/3 AGREES"}, []string{"5 TOTAL"}},
		"by group":            {head + a + b + "P040小计,,,,,3,540.00\n" + c + "P039小计,,,,,1,180.00\n总计,,,,,4,720.00\n", []string{"P040小计 数量 3/3 AGREES", "P040小计 金额 540.00/540.00 AGREES", "P039小计 数量 1/1 AGREES", "P039小计 金额 180.00/180.00 AGREES", "总计 数量 4/4 AGREES", "总计 金额 720.00/720.00 AGREES"}, []string{"4 SUBTOTAL", "6 SUBTOTAL", "7 TOTAL"}},
		"wrong by group":      {head + a + b + "小计,,,,,3,541.00\n" + c + "合计,,,,,4,720.00\n", []string{"小计 数量 3/3 AGREES", "小计 金额 541.00/540.00 DIFFERS", "合计 数量 4/4 AGREES", "合计 金额 720.00/720.00 AGREES"}, []string{"4 SUBTOTAL", "6 TOTAL"}},
		"page by page":        {head + a + b + "本页小计,,,,,3,540.00\n过次页,,,,,3,540.00\n第1页 共2页,,,,,,\n" + head + "承前页,,,,,3,540.00\n" + c + "本页小计,,,,,1,180.00\n合计,,,,,4,720.00\n", []string{"本页小计 数量 3/3 AGREES", "本页小计 金额 540.00/540.00 AGREES", "过次页 数量 3/3 AGREES", "过次页 金额 540.00/540.00 AGREES", "承前页 数量 3/3 AGREES", "承前页 金额 540.00/540.00 AGREES", "本页小计 数量 1/1 AGREES", "本页小计 金额 180.00/180.00 AGREES", "合计 数量 4/4 AGREES", "合计 金额 720.00/720.00 AGREES"}, []string{"4 SUBTOTAL", "5 CARRIED", "6 FOOTER", "7 HEADER", "8 CARRIED", "10 SUBTOTAL", "11 TOTAL"}},
		"of more than a file": {head + a + "本年累计,,,,,9,1620.00\n", []string{"本年累计 数量 9/ NOT_COMPARED", "本年累计 金额 1620.00/ NOT_COMPARED"}, []string{"3 CARRIED"}},
		"in words":            {head + a + "金额（大写）：人民币叁佰陆拾元整,,,,,,\n", []string{" 大写 360.00/360.00 AGREES"}, []string{"3 CAPITALS"}},
		"wrong in words":      {head + a + "合计（大写）：肆佰元整,,,,,,\n", []string{"合计 大写 400.00/360.00 DIFFERS"}, []string{"3 CAPITALS"}},
		"without a word":      {head + a + b + ",,,,,3,540.00\n", []string{" 数量 3/3 AGREES", " 金额 540.00/540.00 AGREES"}, []string{"4 UNNAMED_SUM"}},
		"with a wrong column": {head + a + "合计,,,,,3,360.00\n", []string{"合计 数量 3/2 DIFFERS", "合计 金额 360.00/360.00 AGREES"}, []string{"3 TOTAL"}},
		"and other noise":     {"收费明细表\n" + head + a + "以下空白,,,,,,\n第1页 共1页,,,,,,\n收费明细表,,,,,,\n11月合计,,,,,2,360.00\n制表人：张三,,,,,,\n", []string{"11月合计 数量 2/2 AGREES", "11月合计 金额 360.00/360.00 AGREES"}, []string{"4 BLANK", "5 FOOTER", "6 TITLE", "7 SUBTOTAL", "8 SIGNATURE"}},
	} {
		t.Run(name, func(t *testing.T) {
			list := read(t, []byte(x.file))
			got := figures(list)
			if name == "above the header" {
				got = got[:1]
			}
			if diff := cmp.Diff(x.want, got); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(x.why, whys(list)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestASubtotalIsNeverAPart(t *testing.T) {
	list, err := Read([]byte("序号,配件编号,名称,单位,账面数量,实盘数量,差异原因\n1,BAT-7AH,蓄电池,个,9,9,\n,电池类小计,,,9,9,\n2,CAM-2M,摄像机,台,11,11,\n,监控类小计,,,11,11,\n合计,,,,20,29,\n"), Options{}, Counts)
	if err != nil || len(list.Rows) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if diff := cmp.Diff("合计 实盘数量 29/20 DIFFERS", figures(list)[5]); diff != "" {
		t.Error(diff)
	}
}

func TestSheetsAndRowsNobodySees(t *testing.T) {
	row := func(n string) []any { return []any{n, "2026-11-05", "P040", "1-1-101", "移位", 2, 360} }
	book := func(set func(f *excelize.File)) []byte {
		return workbook(t, func(f *excelize.File, s string) {
			must(t, f.SetSheetName(s, "10月"))
			for _, name := range []string{"10月", "11月"} {
				if name != "10月" {
					_, err := f.NewSheet(name)
					must(t, err)
				}
				must(t, f.SetSheetRow(name, "A1", &headings), f.SetSheetRow(name, "A2", new(row(name+"-1"))),
					f.SetSheetRow(name, "A3", new(row(name+"-2"))))
			}
			set(f)
		})
	}
	numbers := func(list *List) (out []string) {
		for _, l := range lines(list) {
			out = append(out, l.Number)
		}
		return out
	}
	hidden := book(func(f *excelize.File) { f.SetActiveSheet(1); must(t, f.SetSheetVisible("10月", false)) })
	list := read(t, hidden)
	if diff := cmp.Diff([]string{"11月-1", "11月-2"},
		numbers(list)); diff != "" || list.Others[0] != (Other{"10月", OtherHidden}) {
		t.Error(diff, list.Others)
	}
	if _, err := Read(hidden, Options{Sheet: "10月"}, Charges); codeOf(err) != "!sheet-hidden" {
		t.Errorf("a hidden sheet that is named: %v", err)
	}
	several := book(func(f *excelize.File) {
		_, err := f.NewSheet("汇总")
		must(t, err, f.SetSheetRow("汇总", "A1", &[]any{"月份", "金额"}), f.SetSheetRow("汇总", "A2", &[]any{"10月", 720}))
	})
	if _, err := Read(several, Options{},
		Charges); codeOf(err) != "!several-sheets" || !strings.Contains(err.Error(), "(sheet: 10月/11月)") {
		t.Errorf("two lists: %v", err)
	}
	for sheet, want := range map[string][]string{
		"11月": {"11月-1", "11月-2"}, "*": {"10月-1", "10月-2", "11月-1", "11月-2"}, "11月/10月": {"11月-1", "11月-2", "10月-1", "10月-2"},
	} {
		list, err := Read(several, Options{Sheet: sheet}, Charges)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, numbers(list)); diff != "" {
			t.Error(sheet, diff)
		}
	}
	filtered := book(func(f *excelize.File) {
		f.SetActiveSheet(1)
		must(t, f.SetSheetVisible("10月", false), f.SetRowVisible("11月", 3, false))
	})
	if list = read(t, filtered); len(list.Rows) != 1 || len(list.Hidden) != 1 || list.Hidden[0].Place() != "11月!3" {
		t.Errorf("rows %+v, hidden %+v", numbers(list), list.Hidden)
	}
	list, err := Read(filtered, Options{Hidden: true}, Charges)
	if err != nil || len(list.Rows) != 2 || list.HiddenRead != 1 {
		t.Errorf("asked for: %+v, %v", list, err)
	}
}

func TestWhatSpreadsheetsSpoilIsRefused(t *testing.T) {
	file := workbook(t, func(f *excelize.File, s string) {
		must(t, f.SetSheetRow(s, "A1", &headings))
		chinese, long := `m"月"d"日"`, 17
		for i, style := range []*excelize.Style{{NumFmt: 58}, {CustomNumFmt: &chinese}, {NumFmt: long}, {NumFmt: 31}} {
			id, err := f.NewStyle(style)
			cell := fmt.Sprintf("D%d", i+2)
			must(t, err,
				f.SetSheetRow(s, fmt.Sprintf("A%d", i+2),
					&[]any{fmt.Sprintf("SF-%d", i), "2026-11-05", "P040", 46058, "移位", 1, 180}), f.SetCellStyle(s, cell, cell, id))
		}
	})
	for i, r := range read(t, file).Rows {
		if _, err := r.Value("room").Text(); codeOf(err) != "!unreadable-cell" || !strings.Contains(err.Error(), "2-5") {
			t.Errorf("row %d: %v", i, err)
		}
	}
	const head = "编号,日期,项目,房号,服务内容,数量,金额\n"
	for cell, want := range map[string]string{
		"2.02611E+19": "!unreadable-cell", "2月5日": "!unreadable-cell", "5-Feb": "!unreadable-cell", "Feb-26": "!unreadable-cell", "2026/2/5": "!unreadable-cell",
		"20261112345678900000": "!unreadable-cell", "20261112345678912345": "20261112345678912345", "1-1-101": "1-1-101", `"=""0012"""`: "0012", "'0012": "0012", "6222021234567890": "6222021234567890",
	} {
		list := read(t, []byte(head+"F3-1,2026-11-05,P040,"+cell+",移位,1,180\n"))
		got, err := list.Rows[0].Value("room").Text()
		if err != nil {
			got = codeOf(err)
		}
		if got != want {
			t.Errorf("room %s is read as %s, want %s", cell, got, want)
		}
	}
	zeros := read(t, []byte(head+"0012,2026-11-05,P040,1,移位,1,180\n13,2026-11-05,P040,1,移位,1,180\n"))
	if _, err := zeros.Rows[1].Value("charge").Text(); codeOf(err) != "!unreadable-cell" {
		t.Errorf("leading zeros lost: %v", err)
	}
}

func TestFormsOfFile(t *testing.T) {
	want := []line{{2, "A1", "2026-11-20", "P040", "1", "移位", "2", "360.00"}}
	gb := func(s string) string {
		out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
		must(t, err)
		return out
	}
	const page = "<html><head><style>td{x:y}</style></head><body><table border=1><tr><td>编号<td>日期<td>项目<td>房号<td>服务内容<td>数量<td>金额</tr>" +
		"<tr><td>A1</td><td>2026-11-20</td><td>P040</td><td>1</td><td>移位</td><td>2</td><td>360.00</td></tr></table></body></html>"
	for name, file := range map[string]string{
		"strokes in GB18030":               gb("编号|日期|项目|房号|服务内容|数量|金额|\r\nA1|20261120|P040|1|移位|2|360.00|\r\n"),
		"white space behind quotes":        "编号,日期,项目,房号,服务内容,数量,金额\n\"A1\"\t,\"2026-11-20\" ,\"P040\"\t,\"1\",\"移位\",\"2\"\t,\"360.00\"\t\n",
		"a web page":                       page,
		"numbers with marks":               "编号,日期,项目,房号,服务内容,数量,金额\nA1,20261120 17:07:09,P040,1,移位,２台,+360.00\n",
		"a date of 14 digits":              "编号,日期,项目,房号,服务内容,数量,金额\nA1,20261120170709,P040,1,移位,2,￥360.00\n",
		"a date with weekday and half day": "编号,日期,项目,房号,服务内容,数量,金额\nA1,2026年11月20日 星期五 5:07:09 PM,P040,1,移位,2,360元\n",
	} {
		list, err := Read([]byte(file), Options{}, Charges)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, lines(list)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for name, file := range map[string]string{
		"XML of 2003":             `<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>`,
		"a web page with nothing": "<html><body>请登录</body></html>",
	} {
		if _, err := Read([]byte(file), Options{},
			Charges); codeOf(err) != "!file-format" || !strings.Contains(err.Error(), "另存为") {
			t.Errorf("%s: %v", name, err)
		}
	}
	blanks := read(t, []byte("编号,日期,项目,房号,服务内容,数量,金额\nA1,2026-11-20,P040,1,移位,2 1,360\n"))
	if _, err := blanks.Rows[0].Value("quantity").Quantity(); codeOf(err) != "!not-a-decimal" {
		t.Errorf("2 1 is read: %v", err)
	}
}

// FuzzHTML gives the reader web pages.
func FuzzHTML(f *testing.F) {
	f.Add("<table><tr><td>日期</td><td rowspan=2>项目</td><td colspan=3>服务</td></tr><tr hidden><td>1<table><tr><td>x</td></tr></table></td></tr></table>")
	f.Add("<html><table><tr><th>编号<th>日期<th>项目<th>服务内容<th>金额<tr><td>1<td>2026-11-20<td>P1<td>移位<td>1<tr><td>合计<td><td><td><td>1</table>")
	f.Fuzz(func(t *testing.T, page string) { exercise(t, []byte("<html>"+page), Charges) })
}

// FuzzMapping gives the reader headings of a person's choice.
func FuzzMapping(f *testing.F) {
	f.Add("编号,日期,项目,服务内容,金额\n1,2026-11-20,P1,移位,1\n合计,,,,1\n", "金额", "日期|项目")
	f.Add("a,b\n,c\n1,2\n", "A列", "a/c")
	f.Fuzz(func(t *testing.T, file, amount, unread string) {
		list, err := Read([]byte(file), Options{Columns: map[string]string{"amount": amount, Unread: unread}}, Charges)
		if err == nil {
			_ = list.Compare(nil)
		}
		for _, x := range Figures(file) {
			if x.Number == "" {
				t.Errorf("a figure without a number in %q", file)
			}
		}
		_, _ = readCapitals(file)
	})
}

package sheet

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// What is read wrongly where nobody looks for it is refused, in its cell and with
// the reason.
func TestAFileThatLooksSoundAndIsNotIsRefused(t *testing.T) {
	const head = "编号,日期,项目,服务内容,数量,金额,备注\n"
	for name, c := range map[string]struct{ file, code, says string }{
		"money of a column":           {"编号,日期,项目,服务内容,金额,币种\nS1,2026-06-05,P001,移位,150,人民币\nS2,2026-06-05,P001,移位,150,USD\n", "!other-currency", "line 3, column 币种"},
		"money above the list":        {"收费明细  币种：美元,,,,,,\n" + head + "S1,2026-06-05,P001,移位,1,150,\n", "!other-currency", "美元"},
		"a reduction":                 {"编号,日期,项目,服务内容,数量,折扣\nS1,2026-06-05,P001,移位,1,0.8\n", "!column-unread", "a reduction"},
		"money that went back":        {"编号,日期,项目,服务内容,数量,退费\nS1,2026-06-05,P001,移位,1,50\n", "!column-unread", "a reduction"},
		"a document":                  {"%PDF-1.7\n1 0 obj\n", "!file-format", "PDF"},
		"a web archive":               {"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=\"x\"\n", "!file-format", "MHTML"},
		"an amount torn in two":       {"编号,日期,项目,服务内容,金额,备注\nS1,2026-06-05,P001,移位,1,150.00\n", "", "is followed by 150.00"},
		"an amount torn in three":     {"编号,日期,项目,服务内容,金额,备注,业主\nS1,2026-06-05,P001,移位,1,234,567.00\n", "", "is followed by 234,567.00"},
		"an amount before a number":   {"编号,日期,项目,服务内容,金额,数量\nS1,2026-06-05,P001,移位,150,100.00\n", "", "sound"},
		"an amount before its remark": {head + "S1,2026-06-05,P001,移位,1,150,100\n", "", "sound"},
	} {
		list, err := Read([]byte(c.file), Options{}, Charges)
		if c.code == "" && err == nil {
			if _, err = list.Rows[0].Value("amount").Amount(); err == nil {
				if c.says != "sound" {
					t.Errorf("%s: read", name)
				}
				continue
			}
		}
		if err == nil || c.code != "" && codeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for currency, wrong := range map[string]bool{"CNY": false, "人民币元": false, "": false, "rmb": false, "港币": true} {
		_, err := Read([]byte("编号,日期,项目,服务内容,金额,币种\nS1,2026-06-05,P001,移位,150,"+currency+"\n"), Options{}, Charges)
		if (err != nil) != wrong {
			t.Errorf("%q: %v", currency, err)
		}
	}
}

// How a number is shown says what it is a number of.
func TestANumberShownAsSomethingElseIsRefused(t *testing.T) {
	for format, says := range map[string]string{
		`0.00_);(0.00)`: "-150", `0.00;[Red]0.00`: "-150", `_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ `: "-150",
		`0!.0,"万元"`: "-150",
		`0.00%`:     "percentage", `[$$-409]#,##0.00`: "other money", `[$US$-409] #,##0.00`: "other money",
		`#,##0.00" USD"`: "other money", `[$€-407]0.00`: "other money",
	} {
		file := chargeBook(t, func(b *excelize.File, s string) {
			must(t, b.SetSheetRow(s, "A4", &[]any{"SF-1", 46191, "P001", "3-1", "ADD-01", 1, -150, true}))
			id, err := b.NewStyle(&excelize.Style{CustomNumFmt: &format})
			must(t, err, b.SetCellStyle(s, "G4", "G4", id))
		})
		list, err := Read(file, Options{}, Charges)
		must(t, err)
		a, err := list.Rows[0].Value("amount").Amount()
		if got := a.String(); err != nil && !strings.Contains(err.Error(),
			says) || err == nil && !strings.HasPrefix(got, says) {
			t.Errorf("%s: %s, %v", format, got, err)
		}
	}
}

func TestWhatIsStruckThroughIsRefused(t *testing.T) {
	file := chargeBook(t, func(b *excelize.File, s string) {
		must(t, b.SetSheetRow(s, "A4", &[]any{"SF-1", "2026-06-05", "P001", "3-1", "ADD-01", 1, 380.5, true}))
		must(t, b.SetSheetRow(s, "A5", &[]any{"SF-2", "2026-06-05", "P001", "3-1", "ADD-01", 1, 380.5, true}))
		id, err := b.NewStyle(&excelize.Style{Font: &excelize.Font{Strike: true}})
		must(t, err, b.SetCellStyle(s, "A5", "H5", id))
	})
	list, err := Read(file, Options{}, Charges)
	if err != nil || len(list.Rows) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	if _, err := list.Rows[0].Value("amount").Amount(); err != nil {
		t.Error(err)
	}
	if _, err := list.Rows[1].Value("amount").Amount(); codeOf(err) != "!unreadable-cell" {
		t.Errorf("read: %v", err)
	}
}

// A protected workbook says so, and one of tens of thousands of styled blank rows
// is read.
func TestABookOfBlankRowsIsReadAndAProtectedOneIsNot(t *testing.T) {
	file := chargeBook(t, func(b *excelize.File, s string) {
		must(t, b.SetSheetRow(s, "A4", &[]any{"SF-1", "2026-06-05", "P001", "3-1", "ADD-01", 1, 380.5, true}))
		id, err := b.NewStyle(&excelize.Style{NumFmt: 2})
		must(t, err, b.SetCellStyle(s, "A5", "H20000", id))
	})
	if list, err := Read(file, Options{}, Charges); err != nil || len(list.Rows) != 1 || len(list.Passed) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	secret, err := excelize.Encrypt(file, &excelize.Options{Password: "x"})
	must(t, err)
	if _, err := Read(secret, Options{},
		Charges); codeOf(err) != "!file-format" || !strings.Contains(err.Error(), "password") {
		t.Errorf("a protected book: %v", err)
	}
	if _, err := Read(bytes.Replace(file, []byte("PK"), []byte("XX"), 1), Options{}, Charges); err == nil {
		t.Error("a book with a broken front is read")
	}
}

// A total that a title or a note names is compared, or named as not compared.
func TestATotalInANoteIsNamed(t *testing.T) {
	const head, rows = "编号,日期,项目,服务内容,数量,金额\n", "S1,2026-06-05,P001,移位,1,150\nS2,2026-06-05,P001,移位,2,300\n"
	for said, want := range map[string]string{
		"备注：本月合计450元": "本月合计 元 450 AGREES", "备注：本月合计451元": "本月合计 元 451 NOT_COMPARED", "说明：以上费用共计451元，请核对": "以上费用共计 元 451 NOT_COMPARED",
		"制表：张三  合计：451": "合计 451 NOT_COMPARED", "说明：以上共计人民币肆佰伍拾元整": "大写 450.00 AGREES", "备注：电话 57128888": "", "说明：共 2 页": "", "说明：2026年6月": "",
	} {
		list, err := Read([]byte(head+rows+said+",,,,,\n"), Options{}, Charges)
		must(t, err)
		var got []string
		for _, c := range list.Compare(nil) {
			got = append(got, c.Name+" "+c.Stated+" "+c.Status)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: got %q, want %q", said, got, want)
		}
	}
	for said, want := range map[string]string{
		"收费明细（合计451元）": "合计 元 451 NOT_COMPARED", "本月应收：450.00": "", "应收金额：451": "应收金额 451 NOT_COMPARED", "笔数：3": "笔数 3 NOT_COMPARED", "收费明细表（2026年6月）": "",
	} {
		list, err := Read([]byte(said+",,,,,\n"+head+rows), Options{}, Charges)
		must(t, err)
		var got []string
		for _, c := range list.Compare(nil) {
			got = append(got, c.Name+" "+c.Stated+" "+c.Status)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s above: got %q, want %q", said, got, want)
		}
	}
}

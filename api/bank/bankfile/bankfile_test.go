package bankfile

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
)

// says writes lines as S1 +150.00 云栖花园 2026-06-18 维修费, unreadable ones with
// their faults.
func says(s *BankStatement) []string {
	out := []string{}
	for _, l := range s.Lines {
		sign := map[Direction]string{Incoming: "+", Outgoing: "-", Unknown: "?"}[l.Direction]
		text := fmt.Sprintf("%d %s %s%s %s %s %s", l.Row, l.Reference, sign, l.Amount, l.Payer, l.ReceivedOn, l.Remark)
		if len(l.Errors) > 0 {
			text = fmt.Sprint(l.Row)
			for _, f := range l.Errors {
				text += " !" + f.Code + " at " + f.Cell
			}
		}
		if l.Question != NoDoubt {
			text += fmt.Sprintf(" %s %d", l.Question, l.Twin)
		}
		out = append(out, strings.TrimRight(text, " "))
	}
	return out
}

func mustRead(t *testing.T, file string, columns map[string]string) *BankStatement {
	t.Helper()
	s, err := Read([]byte(file), Options{Options: sheet.Options{Columns: columns}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const june = `招商银行交易明细,,,,,,,,
账号：1234,,户名：某公司,,,,,,
交易日期,交易流水号,对方户名,对方账号,摘要,附言,借方金额,贷方金额,余额
2026-06-18,S1,云栖花园物业服务中心,6222,转账,付SF-1,,150.00,1150.00
2026-06-18,S2,某供应商,6223,货款,,"1,000.00",,150.00
2026-06-19,S3,,,结息,,,0.50,150.50
合计,共3笔,,,,,1000.00,150.50,
`

func TestAStatementIsReadWithItsTotals(t *testing.T) {
	s := mustRead(t, june, nil)
	want := []string{
		"4 S1 +150.00 云栖花园物业服务中心 2026-06-18 付SF-1",
		"5 S2 -1000.00 某供应商 2026-06-18 货款",
		"6 S3 +0.50  2026-06-19 结息",
	}
	if diff := cmp.Diff(want, says(s)); diff != "" {
		t.Error(diff)
	}
	if said := wording.English.Say(s.Checked[1]); said != "sum of debits 1,000.00" {
		t.Errorf("in English %s", said)
	}
	if diff := cmp.Diff([]string{"笔数 3", "借方合计 1,000.00", "贷方合计 150.50", "余额 2 处连续"}, inChinese(s.Checked)); diff != "" {
		t.Error(diff)
	}
	if s.Credits.Amount.String() != "150.50" || s.Credits.Lines != 2 || s.Debits.Lines != 1 || len(s.Ignored) != 1 ||
		s.Lines[0].Account != "6222" {
		t.Errorf("%+v", s)
	}
}

func TestEveryBankNamesItsColumnsDifferently(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(june)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"S1 +150.00 云栖花园 2026-06-18 维修费", "S2 -80.00 某人 2026-06-18 退款"}
	for name, c := range map[string]struct {
		file    string
		columns map[string]string
	}{
		"收入 and 支出":                        {"交易时间,流水号,对方户名,用途,收入,支出\n2026-06-18 09:31:02,S1,云栖花园,维修费,150.00,\n2026-06-18 10:00:00,S2,某人,退款,,80.00\n", nil},
		"发生额 in both, the unused one 0.00": {"日期,流水号,对方名称,备注,贷方发生额,借方发生额\n20260618,S1,云栖花园,维修费,150.00,0.00\n20260618,S2,某人,退款,0.00,80.00\n", nil},
		"one amount and 借贷标志":              {"交易日期,流水号,对方户名,摘要,借贷标志,交易金额\n2026-06-18,S1,云栖花园,维修费,贷,150.00\n2026-06-18,S2,某人,退款,借,80.00\n", nil},
		"a minus that repeats 借":           {"交易日期,流水号,对方户名,摘要,借贷标志,交易金额,余额\n2026-06-18,S1,云栖花园,维修费,贷,150.00,250\n2026-06-18,S2,某人,退款,借,-80.00,170\n", nil},
		"one amount with a sign":           {"交易日期,流水号,对方户名,摘要,金额\n2026-06-18,S1,云栖花园,维修费,150.00\n2026-06-18,S2,某人,退款,-80.00\n", nil},
		"brackets around what goes out":    {"交易日期,流水号,对方户名,摘要,金额(元)\n2026-06-18,S1,云栖花园,维修费,150.00\n2026-06-18,S2,某人,退款,(80.00)\n", nil},
		"two languages, as at one bank": {"交易日期[ Transaction Date ],交易流水号[ Transaction reference number ],付款人名称[ Payer's Name ],附言[ Remark ],交易金额[ Trade Amount ],交易货币[ Trade Currency ]\n" +
			"2026-06-18,S1,云栖花园,维修费,150.00,CNY\n2026-06-18,S2,某人,退款,-80.00,人民币\n", nil},
		"English":             {"Date,Reference,Counterparty,Description,Credit,Debit\n2026-06-18,S1,云栖花园,维修费,150.00,\n2026-06-18,S2,某人,退款,,80.00\n", nil},
		"columns by mapping":  {"记账,业务号,来款单位,事由,进账额,出账额\n2026-06-18,S1,云栖花园,维修费,150.00,\n2026-06-18,S2,某人,退款,,80.00\n", map[string]string{"receivedOn": "记账", "reference": "业务号", "payer": "来款单位", "remark": "事由", "credit": "进账额", "debit": "出账额"}},
		"贷方金额 as the amount":  {"交易日期,流水号,对方户名,摘要,贷方金额,借方金额\n2026-06-18,S1,云栖花园,维修费,150.00,\n2026-06-18,S2,某人,退款,,80.00\n", map[string]string{"amount": "贷方金额"}},
		"the newest on top":   {"交易日期,流水号,对方户名,摘要,金额,余额\n2026-06-18,S1,云栖花园,维修费,150.00,170.00\n2026-06-18,S2,某人,退款,-80.00,20.00\n", nil},
		"a balance on top":    {"交易日期,流水号,对方户名,摘要,金额,余额\n,,,承前页,,100.00\n2026-06-18,S1,云栖花园,维修费,150.00,250.00\n2026-06-18,S2,某人,退款,-80.00,170.00\n以上为全部交易,,,,,\n", nil},
		"an amount as a text": {"交易日期,流水号,对方户名,摘要,金额\n2026年6月18日,S1,云栖花园,维修费,￥150.00元\n2026/6/18,S2,某人,退款,-80\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := mustRead(t, c.file, c.columns)
			got := says(s)
			for i := range got {
				_, got[i], _ = strings.Cut(got[i], " ")
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	if diff := cmp.Diff(says(mustRead(t, june, nil)), says(mustRead(t, gb, nil))); diff != "" {
		t.Errorf("in GB18030: %s", diff)
	}
}

func TestAWorkbookIsReadLikeText(t *testing.T) {
	book := excelize.NewFile()
	defer book.Close()
	for i, row := range [][]any{
		{"交易明细"},
		{"交易日期", "交易流水号", "对方户名", "附言", "贷方金额", "借方金额", "余额"},
		{46191, "S1", "云栖花园", "维修费", 150.1, nil, 1150.1},
		{46191, "S2", "某人", "退款", nil, 80.07, 1070.03},
		{"合计", "2笔", nil, nil, 150.1, 80.07},
	} {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	s, err := Read(b.Bytes(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"3 S1 +150.10 云栖花园 2026-06-18 维修费", "4 S2 -80.07 某人 2026-06-18 退款"}
	if diff := cmp.Diff(want, says(s)); diff != "" || s.Format != "xlsx" || len(s.Checked) != 4 {
		t.Errorf("%s %+v", diff, s)
	}
}

func TestAFileThatContradictsItselfIsRefusedWithBothFigures(t *testing.T) {
	const head = "交易日期,流水号,对方户名,附言,借方金额,贷方金额,余额,币种\n"
	const s1, s2 = "2026-06-18,S1,云栖,a,,150.00,1150.00,CNY\n", "2026-06-18,S2,某人,b,50.00,,1100.00,CNY\n"
	for name, c := range map[string]struct{ file, code, cell, rule string }{
		"the credits' total":                {head + s1 + s2 + "合计,,,,50.00,151.00,,\n", "total-differs", "line 4, column 贷方金额", "sum to 151.00, but they sum to 150.00"},
		"the debits' total":                 {head + s1 + s2 + "合计,,,,55.00,150.00,,\n", "total-differs", "line 4, column 借方金额", "sum to 55.00, but they sum to 50.00"},
		"a total beside its label":          {head + s1 + s2 + "贷方合计,151.00,借方合计,50.00,,,,\n", "total-differs", "line 4, column 流水号", "151.00"},
		"a total in the cell of its label":  {head + s1 + s2 + "总收入：151.00元,总支出：50.00元,,,,,,\n", "total-differs", "line 4, column 交易日期", "151.00"},
		"the number of lines":               {head + s1 + s2 + "合计,共3笔,,,,,,\n", "lines-differ", "line 4, column 流水号", "it has 3 lines, but has 2"},
		"the number of incoming lines":      {head + s1 + s2 + "贷方笔数,2,借方笔数,1,,,,\n", "lines-differ", "line 4, column 流水号", "it has 2 incoming"},
		"a label and a number in one":       {head + s1 + s2 + "贷方 2 笔 合计 150.00,,,,,,,\n", "lines-differ", "line 4, column 交易日期", "it has 2 incoming"},
		"a line lost in the middle":         {head + s1 + "2026-06-18,S3,某人,b,50.00,,900.00,CNY\n", "balance-breaks", "line 3, column 余额", "must be 1,100.00: 1,150.00 before, and a movement of -50.00"},
		"a balance that does not follow up": {head + s2 + s1 + "2026-06-18,S0,某人,b,,1.00,1000.00,CNY\n2026-06-17,S9,某人,b,,1.00,998.50,CNY\n", "balance-breaks", "line 4, column 余额", "must be 999.50"},
		"other money":                       {head + s1 + "2026-06-18,S2,某人,b,50.00,,1100.00,USD\n", "other-currency", "line 3, column 币种", "must be CNY"},
		"a total that is no amount":         {head + s1 + s2 + "合计,,,,50.00,150.001,,\n", "not-an-amount", "line 4, column 贷方金额", "two decimals"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Read([]byte(c.file), Options{})
			var r *Contradiction
			if !errors.As(err, &r) {
				t.Fatalf("got %+v, %v", s, err)
			}
			f := r.Errors[0]
			if f.Code != c.code || f.Cell != c.cell || !strings.Contains(f.Rule.String(),
				c.rule) || !strings.Contains(r.Error(), c.cell) {
				t.Errorf("refused at %s as %s: %s", f.Cell, f.Code, f.Rule)
			}
		})
	}
}

func TestAReceiptTwiceInAFileIsAQuestion(t *testing.T) {
	s := mustRead(t,
		"交易日期,流水号,对方户名,附言,金额\n2026-06-18,S1,云栖,a,150.00\n2026-06-18,F1,,手续费,-1.00\n2026-06-18,F1,,手续费,-2.00\n2026-06-18,S1,云栖,a,150.00\n", nil)
	if got := says(s); got[3] != "5 S1 +150.00 云栖 2026-06-18 a EQUAL 2" || len(got) != 4 {
		t.Errorf("%q", got)
	}
}

func TestALineThatCannotBeReadIsNamedWithItsCells(t *testing.T) {
	const head = "交易日期,流水号,对方户名,附言,借方金额,贷方金额\n"
	const good = "2026-06-18,S0,云栖,a,,150.00\n"
	for name, c := range map[string]struct{ row, want string }{
		"no date":                          {",S1,云栖,a,,150.00", "3 !not-a-date at line 3, column 交易日期"},
		"an ambiguous date":                {"06/18/26,S1,云栖,a,,150.00", "3 !not-a-date at line 3, column 交易日期"},
		"no reference":                     {"2026-06-18,,云栖,a,,150.00", "3 NS-20260618-00ffb1342b751004 +150.00 云栖 2026-06-18 a"},
		"a reference of other characters":  {"2026-06-18,S 1*,云栖,a,,150.00", "3 !bad-identity at line 3, column 流水号"},
		"an amount of three decimals":      {"2026-06-18,S1,云栖,a,,150.001", "3 !not-an-amount at line 3, column 贷方金额"},
		"an amount in words":               {"2026-06-18,S1,云栖,a,,一百五十", "3 !not-an-amount at line 3, column 贷方金额"},
		"no amount":                        {"2026-06-18,S1,云栖,a,,", "3 !amount-required at line 3, column 贷方金额"},
		"both directions":                  {"2026-06-18,S1,云栖,a,10.00,150.00", "3 !both-directions at line 3, column 贷方金额"},
		"the error of a formula":           {"2026-06-18,S1,#N/A,a,,150.00", "3 !unreadable-cell at line 3, column 对方户名"},
		"two cells":                        {"昨天,S1,云栖,a,,十元", "3 !not-an-amount at line 3, column 贷方金额 !not-a-date at line 3, column 交易日期"},
		"the word for a total as a remark": {"2026-06-18,S1,云栖,合计,,150.00", "3 S1 +150.00 云栖 2026-06-18 合计"},
		"a reversed receipt goes out":      {"2026-06-18,S1,云栖,冲正,,-150.00", "3 S1 -150.00 云栖 2026-06-18 冲正"},
		"of what goes out, only the money": {"昨天,,#N/A,a,9.00,", "3  -9.00  !"},
	} {
		t.Run(name, func(t *testing.T) {
			s := mustRead(t, head+good+c.row+"\n", nil)
			got := says(s)
			if strings.HasSuffix(c.want, "!") {
				if l := s.Lines[1]; l.Direction != Outgoing || len(l.Errors) > 0 {
					t.Errorf("got %q", got)
				}
				return
			}
			if len(got) != 2 || got[1] != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestSumsAreNotComparedWhereALineIsUnknown(t *testing.T) {
	s := mustRead(t, "交易日期,流水号,对方户名,附言,贷方金额\n2026-06-18,S1,云栖,a,150.00\n2026-06-18,S2,云栖,a,十元\n合计,2笔,,,160.00\n", nil)
	if diff := cmp.Diff([]string{"笔数 2"}, inChinese(s.Checked)); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoStatementIsRefused(t *testing.T) {
	var long strings.Builder
	long.WriteString("交易日期,流水号,对方户名,贷方金额\n")
	for i := range MaxLines + 1 {
		fmt.Fprintf(&long, "2026-06-18,S%d,云栖,1.00\n", i)
	}
	for name, c := range map[string]struct {
		file    string
		columns map[string]string
		code    string
	}{
		"a charge list":           {"编号,日期,项目,服务内容,金额\nSF-1,2026-06-18,P001,移位,150\n", nil, "column-missing"},
		"no column of money":      {"交易日期,流水号,对方户名\n2026-06-18,S1,云栖\n", nil, "column-missing"},
		"a column that it lacks":  {"交易日期,流水号,对方户名,金额\n2026-06-18,S1,云栖,1\n", map[string]string{"balance": "结存"}, "column-missing"},
		"a field that it has not": {june, map[string]string{"iban": "账号"}, "unknown-column"},
		"too long":                {long.String(), nil, "too-many-lines"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Read([]byte(c.file), Options{Options: sheet.Options{Columns: c.columns}})
			var r *domain.Rejection
			if !errors.As(err, &r) || r.Code != c.code {
				t.Errorf("got %+v, %v", s, err)
			}
		})
	}
}

// FuzzRead gives the reader whole files, with and without a mapping: it never
// panics, and what it reads adds up.
func FuzzRead(f *testing.F) {
	f.Add([]byte(june), "")
	f.Add([]byte("交易日期,流水号,对方户名,摘要,借贷标志,交易金额,余额,币种\n2026-06-18,S1,云栖花园,维修费,贷,150.00,250,CNY\n2026-06-18,S2,某人,退款,借,-80.00,170,RMB\n"), "")
	f.Add([]byte("交易日期,流水号,对方户名,金额\n2026-06-18,S1,云栖,1\n贷方合计,1.00,贷方笔数,1\n"), "金额")
	f.Add([]byte("Date;Reference;Payer;Credit\n2026-06-18;S1;云栖;1\nTotal;;;1\n"), "Credit")
	f.Add([]byte("交易日期,流水号,对方户名,金额,余额\n,,,,100\n2026-06-18,S1,云栖,-99999999999999999999,1\n"), "")
	f.Add([]byte("账号：44201501\n贷方发生总额,1.00\n交易时间|交易单号|对方户名|收/支|金额|当前状态\n2026-06-18 10:00:00|S1|云栖|收入|1|已退款\n共1笔\n"), "")
	f.Add([]byte("记账时间,资金流水单号,收支类型,收支金额（元）\n`2026-06-18,`1,`收入,`1.00\n收入笔数,收入金额\n`1,`1.00\n"), "")
	f.Add([]byte("交易日期,对方户名,支出金额（-元）,收入金额（+元）\n承前页,,5.00,5.00\n2026-06-18,云栖,-1.00,\n2026-06-18,云栖,,2.00\n过次页,,6.00,7.00\n本年累计,,6.00,7.00\n"), "")
	f.Fuzz(func(t *testing.T, file []byte, amount string) {
		columns := map[string]string{}
		if amount != "" {
			columns["amount"] = amount
		}
		s, err := Read(file, Options{Options: sheet.Options{Columns: columns}})
		if err != nil {
			var rejection *domain.Rejection
			var refusal *Contradiction
			if s != nil || !errors.As(err, &rejection) && !errors.As(err, &refusal) {
				t.Errorf("error %v with %+v", err, s)
			}
			return
		}
		var credits Sum
		for _, l := range s.Lines {
			if l.IsReceipt() {
				credits = credits.Add(l.Amount)
			}
			if l.Amount.Sign() < 0 || l.Cell == "" || len(l.Errors) == 0 && l.Amount.IsZero() && l.Nature != Zero {
				t.Errorf("line %+v", l)
			}
			if l.IsReceipt() && domain.CheckID("reference", l.Reference) != nil {
				t.Errorf("reference %q", l.Reference)
			}
		}
		if credits.Lines > s.Credits.Lines {
			t.Errorf("credits %+v of lines that have %+v", s.Credits, credits)
		}
	})
}

// inChinese is a list as people read it.
func inChinese(list []domain.Text) (out []string) {
	for _, text := range list {
		out = append(out, wording.Chinese.Say(text))
	}
	return out
}

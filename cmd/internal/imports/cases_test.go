package imports_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	lists "aftersales-ledger/api/imports"
	moneyapi "aftersales-ledger/api/money"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/cmd/internal/imports"
	"aftersales-ledger/domain"
)

// These are files as departments and banks really make them, each of which was
// once read wrongly without a word, or refused without need. They are sent as a
// person sends them, to a whole ledger.

// asFile writes a file under a name.
func asFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// asBook writes rows of cells, separated by |, as a workbook, which set may change.
func asBook(t *testing.T, rows string, set func(f *excelize.File) error) string {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range strings.Split(strings.Trim(rows, "\n"), "\n") {
		cells := strings.Split(row, "|")
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &cells); err != nil {
			t.Fatal(err)
		}
	}
	if set != nil {
		if err := set(f); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "表.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func inGB(t *testing.T, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// told writes what a list's import came to: its status, how much was recorded, and
// each refusal by code and cell.
func told(r lists.Report) string {
	s := strings.TrimSpace(fmt.Sprintf("%s %d %s", r.Status, r.Recorded+r.Valid, r.RecordedAmount))
	for _, x := range r.Results {
		if x.Outcome == "refused" {
			s += " " + x.Code + "@" + x.Cell
		}
	}
	return strings.TrimSpace(s)
}

func TestChargeListsAsTheyComeAreBookedRightlyOrRefused(t *testing.T) {
	as := newHouse(t)
	admin := as(domain.RegionalAdmin)
	const head, moved = "编号,日期,项目,房号,服务内容,数量,金额\n", "2026-06-05,P001,1-1-101,可视对讲移位,"
	merged := func(f *excelize.File) error {
		for _, m := range [][2]string{
			{"A1", "I1"}, {"A2", "A3"}, {"B2", "B3"}, {"C2", "C3"}, {"D2", "D3"}, {"E2", "E3"}, {"F2", "H2"}, {"I2", "I3"},
		} {
			if err := f.MergeCell("Sheet1", m[0], m[1]); err != nil {
				return err
			}
		}
		return nil
	}
	const twoRows = "售后服务收费明细表（2026年6月）\n编号|日期|项目|房号|服务内容|收费情况|||备注\n|||||数量|单价|金额（元）|\n" +
		"A1-1|2026.6.5|P001|1-1-101|可视对讲移位|2|150|300\nA1-2|2026.6.6|P001|1-1-102|加装门禁读卡器|5|380|1900\n合计|||||7||"
	sheets := func(f *excelize.File) error {
		if err := f.SetSheetName("Sheet1", "5月"); err != nil {
			return err
		}
		if _, err := f.NewSheet("6月"); err != nil {
			return err
		}
		rows := [][]string{
			{"编号", "日期", "项目", "房号", "服务内容", "数量", "金额"}, {"F-6", "2026-06-05", "P001", "1-1-102", "可视对讲移位", "2", "300"},
		}
		for i := range rows {
			if err := f.SetSheetRow("6月", fmt.Sprintf("A%d", i+1), &rows[i]); err != nil {
				return err
			}
		}
		f.SetActiveSheet(1)
		return nil
	}
	const may = "编号|日期|项目|房号|服务内容|数量|金额\nF-5|2026-05-08|P001|1-1-101|可视对讲移位|1|150"
	for _, c := range []struct {
		name, file string
		options    imports.Options
		want       string
		says       string // in the answer, refused or not
	}{
		{"A1: a header of two rows", asBook(t, twoRows+"2200", merged), imports.Options{}, "BOOKED 2 2200.00", "合计 收费情况/金额(元) 2200.00 AGREES"},
		{"A1: and its total", asBook(t, strings.ReplaceAll(twoRows, "A1-", "A1x-")+"450", merged), imports.Options{}, "REFUSED 2 0.00 total-differs@Sheet1!H6", "合计写的收费情况/金额(元)是 450.00，Sheet1!4 … Sheet1!5 合计为 2200.00"},
		{"A3: a quantity with its unit in the heading", asFile(t, "f.csv", "编号,日期,项目,房号,服务内容,数量（次）,备注\nA3,"+moved+"2,\n"), imports.Options{}, "BOOKED 1 300.00", ""},
		{"A5: a total price that is not the price", asFile(t, "f.csv", strings.Replace(head, "金额", "总价", 1)+"A5,"+moved+"2,400\n合计,,,,,2,400\n"), imports.Options{}, "REFUSED 0 0.00 amount-differs@第 2 行“总价”列", "合计 总价 400.00 AGREES"},
		{"A5: 应收（元）", asFile(t, "f.csv", strings.Replace(head, "金额", "应收（元）", 1)+"A5,"+moved+"2,400\n合计,,,,,2,400\n"), imports.Options{}, "REFUSED 0 0.00 amount-differs@第 2 行“应收(元)”列", "合计 应收(元) 400.00 AGREES"},
		{"A5: 小计", asFile(t, "f.csv", strings.Replace(head, "金额", "小计", 1)+"A5,"+moved+"2,400\n合计,,,,,2,400\n"), imports.Options{}, "REFUSED 0 0.00 amount-differs@第 2 行“小计”列", "合计 小计 400.00 AGREES"},
		{"A5: 合计（元）", asFile(t, "f.csv", strings.Replace(head, "金额", "合计（元）", 1)+"A5,"+moved+"2,400\n合计,,,,,2,400\n"), imports.Options{}, "REFUSED 0 0.00 amount-differs@第 2 行“合计(元)”列", "合计 合计(元) 400.00 AGREES"},
		{"A5: and its total row", asFile(t, "f.csv", strings.Replace(head, "金额", "总价", 1)+"A5,"+moved+"2,300\n合计,,,,,2,400\n"), imports.Options{}, "REFUSED 1 0.00 total-differs@第 3 行“总价”列", "合计 总价 400.00 DIFFERS"},
		{"E3: what stands below a list", asFile(t, "f.csv", "收费明细,,,,,,\n"+head+"E3,"+moved+"2,300\n以下空白,,,,,,\n第1页 共1页,,,,,,\n收费明细,,,,,,\n6月合计,,,,,2,300\n本月合计,,,,,2,300\n金额（大写）：叁佰元整,,,,,,\n"),
			imports.Options{DryRun: true}, "CHECKED 1 0.00",
			"第 4 行 BLANK, 第 5 行 FOOTER, 第 6 行 TITLE, 第 7 行 SUBTOTAL, 第 8 行 SUBTOTAL, 第 9 行 CAPITALS"},
		{"a period that holds its rows", asFile(t, "f.csv", "收费期间：2026-05-26 至 2026-06-25,,,,,,\n"+head+"D1,"+moved+"2,300\n"), imports.Options{}, "BOOKED 1 300.00", "期间 日期 2026-05-26 至 2026-06-25 AGREES"},
		{"a period that does not", asFile(t, "f.csv", "收费期间：2026-06-06 至 2026-06-25,,,,,,\n"+head+"D2,"+moved+"2,300\n"), imports.Options{}, "REFUSED 0 0.00 outside-period@第 3 行“日期”列", "不在文件第 1 行“编号”列写明的期间 2026-06-06 至 2026-06-25 之内"},
		{"a month that begins on some day", asFile(t, "f.csv", "收费明细（2026年7月）,,,,,,\n"+head+"D3,"+moved+"2,300\n"), imports.Options{DryRun: true}, "CHECKED 1 0.00", "期间 日期 2026-07-01 至 2026-07-31 NOT_COMPARED"},
		{"rows that say they do not hold", asFile(t, "f.csv", strings.Replace(head, "金额", "金额,备注,状态", 1)+"V1,"+moved+"2,300,作废,\nV2,"+moved+"2,300,,已取消\nV3,"+moved+"2,300,作废件已收回,正常\n"), imports.Options{Partial: true},
			"PARTLY_BOOKED 1 300.00 row-void@第 2 行 row-void@第 3 行", "在第 2 行“备注”列写明该行不作数"},
		{"an amount of a stroke", asFile(t, "f.csv", head+"V4,"+moved+"2,—\nV5,"+moved+"2,¥ -\n"), imports.Options{}, "REFUSED 0 amount-required@第 2 行“金额”列 amount-required@第 3 行“金额”列", "按收费标准计价的请留空"},
		{"an amount of 0.00 shown as a stroke", asBook(t, "编号|日期|项目|房号|服务内容|数量|金额\nV6|2026-06-05|P001|1-1-101|可视对讲移位|2|0", func(f *excelize.File) error {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: new(`_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ `)})
			if err != nil {
				return err
			}
			if err := f.SetCellValue("Sheet1", "G2", 0); err != nil {
				return err
			}
			return f.SetCellStyle("Sheet1", "G2", "G2", id)
		}), imports.Options{}, "REFUSED 0 0.00 amount-differs@Sheet1!G2", ""},
		{"F1: a hidden first sheet", asBook(t, may, func(f *excelize.File) error {
			if err := sheets(f); err != nil {
				return err
			}
			return f.SetSheetVisible("5月", false)
		}), imports.Options{DryRun: true}, "CHECKED 1 0.00", "5月 HIDDEN"},
		{"F2: several sheets", asBook(t, may, sheets), imports.Options{DryRun: true}, "", "--sheet '5月/6月'"},
		{"F2: one of several sheets", asBook(t, may, sheets), imports.Options{DryRun: true, Sheet: "6月"}, "CHECKED 1 0.00", "5月 NOT_CHOSEN"},
		{"F3: rows that a filter hides", asBook(t, may+"\nF-5a|2026-05-08|P001|1-1-103|可视对讲移位|1|150\nF-5b|2026-05-08|P001|1-1-104|可视对讲移位|1|150", func(f *excelize.File) error {
			if err := f.SetRowVisible("Sheet1", 3, false); err != nil {
				return err
			}
			return f.SetRowVisible("Sheet1", 4, false)
		}), imports.Options{DryRun: true}, "CHECKED 1 0.00", "hidden Sheet1!3, Sheet1!4"},
		{"F4: rooms and a number that became dates", asBook(t, strings.ReplaceAll(may, "F-5|", "F4-1|")+"\nF4-2|2026-05-08|P001||可视对讲移位|1|150\n5月8日|2026-05-08|P001|1-1|可视对讲移位|1|150", func(f *excelize.File) error {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: new(`m"月"d"日"`)})
			if err != nil {
				return err
			}
			for _, cell := range []string{"D2", "D3"} {
				if err := f.SetCellValue("Sheet1", cell, 46058); err != nil {
					return err
				}
				if err := f.SetCellStyle("Sheet1", cell, cell, id); err != nil {
					return err
				}
			}
			return nil
		}), imports.Options{}, "REFUSED 0 0.00 unreadable-cell@Sheet1!D2 unreadable-cell@Sheet1!D3 unreadable-cell@Sheet1!A4",
			"请把单元格设为文本后重新录入，或将该列按文本重新导出"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := imports.Run(t.Context(), admin, imports.Charges, c.file, c.options)
			if refused := err != nil; refused != (c.want == "" || strings.HasPrefix(c.want, "REFUSED")) {
				t.Fatalf("%+v, %v", r, err)
			}
			if c.want != "" && told(r) != c.want {
				t.Errorf("got  %s\nwant %s", told(r), c.want)
			}
			if all := fmt.Sprint(err, " ", howRead(r)); !strings.Contains(all, c.says) {
				t.Errorf("%s\ndoes not say %s", all, c.says)
			}
		})
	}
}

// howRead says what was passed over, compared and not read, and why rows were refused.
func howRead(r lists.Report) string {
	var s, passed []string
	for _, x := range r.Totals {
		s = append(s, fmt.Sprint(x.Word, " ", x.Name, " ", x.Stated, " ", x.Status))
	}
	for _, p := range r.PassedOver {
		passed = append(passed, p.Place+" "+p.Why)
	}
	for _, o := range r.OtherSheets {
		s = append(s, o.Name+" "+o.Why)
	}
	for _, x := range r.Results {
		s = append(s, x.Rule)
	}
	return strings.Join(append(s, strings.Join(passed, ", "), "hidden "+strings.Join(r.HiddenRows, ", ")), "\n")
}

func TestCountSheetsAsTheyComeAreCountedRightlyOrRefused(t *testing.T) {
	as := newHouse(t)
	more := map[string]string{"project": "P001", "countedOn": "2026-06-25", "countedBy": "张三", "unknownParts": "true"}
	const head = "序号,配件编号,名称,单位,账面数量,实盘数量,差异原因\n"
	for i, c := range []struct{ name, file, want, says string }{
		{"C5: a total that is not that of the rows", head + "1,BAT-7AH,蓄电池,个,9,9,\n2,CAM-2M,摄像机,台,11,10,待查\n合计,,,,20,29,\n", "REFUSED 2 total-differs@第 4 行“实盘数量”列", "写的实盘数量是 29"},
		{"a day above the list that is not that of the count", "盘点日期：2026-06-24,,,,,,\n" + head + "1,BAT-7AH,蓄电池,个,9,9,\n", "REFUSED 0 outside-period@第 3 行", "不是文件第 1 行“序号”列写明的日期 2026-06-24"},
		{"a group over one column", "序号,配件编号,名称,账面,实盘\n,,,数量,数量\n1,BAT-7AH,蓄电池,9,9\n合计,,,9,9\n", "BOOKED 1", "合计 实盘/数量 9 AGREES"},
		{"E1: subtotals are no parts", head + "1,BAT-7AH,蓄电池,个,9,9,\n,电池类小计,,,9,9,\n2,CAM-2M,摄像机,台,11,11,\n,监控类小计,,,11,11,\n合计,,,,20,20,\n", "BOOKED 2", "第 3 行 SUBTOTAL, 第 5 行 SUBTOTAL, 第 6 行 TOTAL"},
		{"E1: and the total above them is compared", head + "1,BAT-7AH,蓄电池,个,9,9,\n,电池类小计,,,9,9,\n合计,,,,18,18,\n", "REFUSED 1 total-differs@第 4 行“账面数量”列 total-differs@第 4 行“实盘数量”列", "写的账面数量是 18"},
	} {
		more["count"] = fmt.Sprint("PD-", i)
		t.Run(c.name, func(t *testing.T) {
			r, err := imports.Run(t.Context(), as(domain.Technician), imports.Counts, asFile(t, "盘点.csv", c.file),
				imports.Options{More: more})
			if told(r) != c.want {
				t.Errorf("got  %s\nwant %s", told(r), c.want)
			}
			if all := fmt.Sprint(err, " ", howRead(r)); !strings.Contains(all, c.says) {
				t.Errorf("%s\ndoes not say %s", all, c.says)
			}
		})
	}
	t.Run("E1: a part that nobody knows", func(t *testing.T) {
		delete(more, "unknownParts")
		more["count"] = "PD-X"
		r, err := imports.Run(t.Context(), as(domain.Technician), imports.Counts,
			asFile(t, "盘点.csv", head+"1,BAT-7AX,蓄电池,个,9,9,\n"), imports.Options{More: more})
		if told(r) != "REFUSED 0 unknown-part@第 2 行“配件编号”列" || !strings.Contains(fmt.Sprint(err),
			"请更正，或确认确有此配件（--unknown-parts）") {
			t.Errorf("%s: %v", told(r), err)
		}
	})
}

// lines writes what each line of a statement is: status, amount, the confidence and
// the center of the best proposal, and what it names and designates.
func linesOf(b moneyapi.BankStatementBody) (out []string) {
	for _, l := range b.Lines {
		s := fmt.Sprintf("%s %s", l.Status, l.Amount)
		if len(l.Proposals) > 0 {
			best := l.Proposals[0]
			s += fmt.Sprintf(" %d%% %s %s", best.Confidence, best.Center, strings.Join(best.Names, ","))
		}
		out = append(out, strings.TrimSpace(s))
	}
	return out
}

func TestBankStatementsAsTheyComeAreReadRightlyOrRefused(t *testing.T) {
	c := newBankClient(t)
	const payer = "云栖花园物业服务中心"
	const icbc = "[HISTORYDETAIL]\n凭证号|对方账号|交易时间|借贷标志|对方单位|用途|摘要|附言|余额|转出金额|转入金额|本方账号\n" +
		"0|6217|2026-06-20 10:12:33|贷|" + payer +
		"|维修费|转账|SF-2026-0101|10150.00||150.00|44201501\n0||2026-06-20 11:00:00|借||费|手续费||10114.50|35.50||44201501\n0|6217|2026-06-23 09:05:07|贷|" + payer + "|移位费|转账||10494.50||380.00|44201501"
	const ccb = "中国建设银行\n账　　号|44201501\n\n记账日期|  交易时间   |凭证号|发生额/元|  |余额/元|对方户名|摘要|备注|账户明细编号-交易流水号\n | | |借方|贷方| | | | | \n" +
		"20260620|20260620 10:12:33||0.00|150.00|10150.00|" + payer +
		"|转账|维修费|31-A1\n20260620|20260620 11:00:00||35.50|0.00|10114.50||费|电子汇划费|32-A2\n20260623|20260623 09:05:07||0.00|380.00|10494.50|" + payer + "|转账|移位费|33-A3"
	const cmb = "标题|||公司名称|某公司||银行码|CMB\n接口版本||||||银行账号|44201501\n累计借金额|35.50||累计借总笔数|1||累计贷金额|530.00\n累计贷总笔数|2||对账单初期余额|10000.00||对账单余额|10494.50\n记录条数|3\n\n" +
		"交易日|交易时间|起息日|交易类型|借方金额|贷方金额|余额|用途|流水号|业务摘要|收(付)方名称|收(付)方账号|冲账标志\n20260620|10:12:33|20260620|转账||150.00|10150.00|维修费|A1|维修费|" + payer + "|6217|N\n" +
		"20260620|11:00:00|20260620|费|35.50||10114.50|费|A2|费|||N\n20260623|09:05:07|20260623|转账||380.00|10494.50|移位费|A3|移位费|" + payer + "|6217|N"
	const boc = "查询账号[ Inquirer account number ]|44201501\n总笔数[Total number ]|%d\n贷方发生总笔数[ Total Numbers of Credited Payments ]|2\n贷方发生总额[ Total Credit Amount of Payments ]|%s\n" +
		"交易类型[ Transaction Type ]|付款人名称[ Payer's Name ]|交易日期[ Transaction Date ]|交易时间[ Transaction time ]|交易货币[ Trade Currency ]|交易金额[ Trade Amount ]|交易后余额[ After-transaction balance ]|交易流水号[ Transaction reference number ]|摘要[ Reference ]|交易附言[ Remark ]\n" +
		"来账|" + payer +
		"|20260620|10:12:33|CNY|150.00|10150.00|A1|转账|维修费\n往账|某公司|20260620|11:00:00|CNY|-35.50|10114.50|A2|费|费\n来账|" + payer +
		"|20260623|09:05:07|CNY|380.00|10494.50|A3|转账|移位费"
	const finance = "||某集团财务有限公司\n||客户对账单\n开户机构：本部||||账户号：0001\n日期|摘要|交易编号|对方账户号|对方账户名称|付款金额|收款金额|余额\n" +
		"2026-06-20|维修费|A1|6217|" + payer + "||150.00|10150.00\n2026-06-20|费|A2|||35.50||10114.50\n2026-06-23|移位费|A3|6217|" +
		payer + "||380.00|10494.50"
	three := []string{"NEW 150.00 95% C01", "OUTGOING 35.50", "NEW 380.00 95% C01"}
	const direction = "交易日期,交易时间,交易流水号,%s,交易金额,账户余额,对方户名,摘要\n2026-06-20,10:12:33,A7710000001,%s,204.00,9796.00," + payer +
		",退多收移位费\n"
	const four = "交易日期,交易流水号,对方户名,摘要,用途,附言,备注,贷方金额\n2026-06-20,R1,李某,转账,付SF-2026-0101,,,150.00\n2026-06-20,R2,李某,转账,,付SF-2026-0101,,150.00\n" +
		"2026-06-20,R3,李某,转账,,网银转账,付SF-2026-0101,150.00\n2026-06-20,R4,李某,付SF-2026-0101,,转账,,150.00\n"
	alipay := inGB(t,
		"-----\n导出信息：\n姓名：某公司\n起始时间：[2026-06-01 00:00:00]    终止时间：[2026-06-30 23:59:59]\n共3笔记录\n收入：2笔 530.00元\n支出：0笔 0.00元\n不计收支：1笔 300.00元\n\n特别提示：\n1.仅供对账\n\n----支付宝  电子客户回单----\n"+
			"交易时间            ,交易分类                ,交易对方                ,对方账号                ,商品说明                ,收/支                 ,金额                  ,收/付款方式              ,交易状态                ,交易订单号     ,商家订单号           ,备注                  ,\n"+
			"2026-06-20 21:32:14 ,转账红包  ,"+payer+
			"   ,/   ,SF-2026-0101 ,收入  ,150.00  , ,交易成功  ,2026062022001100010\t, , ,\n2026-06-21 21:32:14 ,账户存取  ,提现   ,/   ,提现 ,不计收支  ,300.00  , ,交易成功  ,2026062122001100011\t, , ,\n2026-06-23 21:32:14 ,转账红包  ,"+payer+"   ,/   ,移位费 ,收入  ,380.00  , ,交易关闭  ,2026062322001100012\t, , ,\n")
	const weixin = "微信支付账单明细,,,,,,,,,,\n共2笔记录,,,,,,,,,,\n收入：2笔 530.00元,,,,,,,,,,\n交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注\n" +
		"2026-06-20 12:45:27,\"转账\",\"" + payer +
		"\",\"维修费\",\"收入\",¥150.00,\"零钱\",\"已收钱\",\"4200002986202611203091615320\"\t,\"10001\"\t,\"/\"\n2026-06-23 12:45:27,\"转账\",\"" + payer + "\",\"移位费\",\"收入\",¥380.00,\"零钱\",\"已收钱\",\"4200002986202611233091615321\"\t,\"10002\"\t,\"/\"\n"
	const plain = "交易日期,交易流水号,对方户名,摘要,借方金额,贷方金额\n"
	const abc = "交易日期,交易时间,交易摘要,交易金额,本次余额,对手信息,日 志 号,交易渠道,交易附言\n20260620,101233,转存,+150.00,10150.00," + payer +
		",369396693,网银,维修费\n20260620,110000,手续费,-35.50,10114.50,--,369396694,,费\n20260621,,利息税,+0.00,10114.50,--,369396695,,\n20260623,090507,转存,+380.00,10494.50," + payer + ",369396696,网银,移位费\n"
	for _, x := range []struct {
		name, file string
		columns    map[string]string
		want       []string // nil: refused
		says       string
	}{
		{"B1: 收支标识 支出", asFile(t, "b.csv", fmt.Sprintf(direction, "收支标识", "支出")), nil, []string{"OUTGOING 204.00"}, "→ 收支方向"},
		{"B1: 收付标志 付", asFile(t, "b.csv", fmt.Sprintf(direction, "收付标志", "付")), nil, []string{"OUTGOING 204.00"}, "→ 收支方向"},
		{"B1: 收入/支出标志 出", asFile(t, "b.csv", fmt.Sprintf(direction, "收入/支出标志", "出")), nil, []string{"OUTGOING 204.00"}, "→ 收支方向"},
		{"B1: 收/付 借", asFile(t, "b.csv", fmt.Sprintf(direction, "收/付", "借")), nil, []string{"OUTGOING 204.00"}, "→ 收支方向"},
		{"C1: totals above the header", asBook(t, fmt.Sprintf(boc, 3, "530.00"), nil), nil, three, "贷方合计 530.00"},
		{"C1: a wrong number above the header", asBook(t, fmt.Sprintf(boc, 5, "530.00"), nil), nil, nil, "5"},
		{"C1: a wrong sum above the header", asBook(t, fmt.Sprintf(boc, 3, "9530.00"), nil), nil, nil, "9,530.00"},
		{"C3: a line of 0.00 switches nothing off", asFile(t, "b.csv", plain+"2026-06-20,Z1,"+payer+",维修费,,150.00\n2026-06-21,Z2,,利息税,0.00,\n合计,,,,0.00,9150.00\n"), nil, nil, "9,150.00"},
		{"C3: a line of 0.00 moves nothing", asFile(t, "b.csv", plain+"2026-06-20,Z1,"+payer+",维修费,,150.00\n2026-06-21,Z2,,利息税,0.00,\n合计,,,,0.00,150.00\n"), nil, []string{"NEW 150.00 95% C01", "ZERO 0.00"}, "贷方合计 150.00"},
		{"C6: two equal lines that the balance proves", asFile(t, "b.csv", strings.Replace(plain, "额\n", "额,余额\n", 1)+"2026-06-20,BATCH7,"+payer+",移位费,,150.00,10150.00\n2026-06-20,BATCH7,"+payer+",移位费,,150.00,10300.00\n合计,2笔,,,,300.00,\n"), nil,
			[]string{"NEW 150.00 95% C01", "NEW 150.00 95% C01"}, "可入账 │ 2 │ 300.00"},
		{"C7: different lines under one reference", asFile(t, "b.csv", strings.Replace(plain, "额\n", "额,余额\n", 1)+"2026-06-20,BATCH1,住户甲,移位费,,180.00,10180.00\n2026-06-20,BATCH1,住户乙,移位费,,180.00,10360.00\n2026-06-20,BATCH2,"+payer+",维修费,,150.00,10510.00\n"), nil,
			[]string{"QUESTION 180.00", "QUESTION 180.00", "NEW 150.00 95% C01"}, "核实各为一笔后，按行接受"},
		{"D1: a bank that gives no serial number", asBook(t, icbc, nil), nil, []string{"NEW 150.00 99% C01 SF-2026-0101", "OUTGOING 35.50", "NEW 380.00 95% C01"}, "NS-20260620-"},
		{"D3: a header of two rows", asBook(t, ccb, nil), nil, three, "发生额/元/贷方 → 贷方金额"},
		{"D3: and its sub-headings by name", asBook(t, ccb, nil), map[string]string{"credit": "贷方", "debit": "借方"}, three, "发生额/元/贷方 → 贷方金额"},
		{"D4: 招商银行", asBook(t, cmb, nil), nil, three, "收(付)方名称 → 对方户名"},
		{"D6: a finance company", asBook(t, finance, nil), nil, three, "收款金额 → 贷方金额"},
		{"D6: 平安 借, 贷", asFile(t, "b.csv", "交易日期,交易流水号,借,贷,账户余额,对方户名,摘要\n2026-06-20,A1,,150.00,10150.00,"+payer+",维修费\n2026-06-20,A2,35.50,,10114.50,,费\n2026-06-23,A3,,380.00,10494.50,"+payer+",移位费\n"), nil, three, "贷 → 贷方金额"},
		{"D6: 国开 付款户名, 收入/支出标志", asFile(t, "b.csv", "交易日期,交易流水号,付款户名,收款户名,收入/支出标志,交易金额,摘要\n2026-06-20,A1,"+payer+",某公司,收入,150.00,维修费\n2026-06-20,A2,某公司,银行,支出,35.50,费\n2026-06-23,A3,"+payer+",某公司,收入,380.00,移位费\n"), nil, three, "付款户名 → 对方户名"},
		{"D7: a plus sign", asFile(t, "b.csv", abc), map[string]string{"reference": "日 志 号", "payer": "对手信息"}, []string{"NEW 150.00 95% C01", "OUTGOING 35.50", "ZERO 0.00", "NEW 380.00 95% C01"}, "对手信息 → 对方户名"},
		{"D7: without help", asFile(t, "b.csv", abc), nil, []string{"NEW 150.00 95% C01", "OUTGOING 35.50", "ZERO 0.00", "NEW 380.00 95% C01"}, "对手信息 → 对方户名"},
		{"D8: white space behind quotes", asFile(t, "b.csv", weixin), map[string]string{"reference": "交易单号"}, []string{"NEW 150.00 95% C01", "NEW 380.00 95% C01"}, "4200002986202611203091615320"[:20]},
		{"D8: without help", asFile(t, "b.csv", weixin), nil, []string{"NEW 150.00 95% C01", "NEW 380.00 95% C01"}, "交易单号 → 流水号"},
		{"D9: a closed transaction", asFile(t, "b.csv", alipay), nil, []string{"NEW 150.00 99% C01 SF-2026-0101", "NEITHER 300.00", "CLOSED 380.00"}, "商品说明 → 摘要"},
		{"D10: a compact date with its time", asFile(t, "b.csv", "交易时间,交易流水号,对方户名,摘要,贷方金额\n20260620 17:07:09,D0,"+payer+",维修费,150.00\n"), nil, []string{"NEW 150.00 95% C01"}, "2026-06-20"},
		{"D12: a charge named in each of four columns", asFile(t, "b.csv", four), nil,
			[]string{
				"NEW 150.00 97% C01 SF-2026-0101", "NEW 150.00 97% C01 SF-2026-0101", "NEW 150.00 97% C01 SF-2026-0101",
				"NEW 150.00 97% C01 SF-2026-0101",
			}, "同一文件的来款 R1"},
		{"D14: a web page under an .xls name", asFile(t, "b.xls", "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><body><table border=1><tr><td>交易日期</td><td>交易流水号</td><td>对方户名</td><td>摘要</td><td>贷方金额</td></tr><tr><td>2026-06-20</td><td>A1</td><td>"+payer+"</td><td>维修费</td><td>150.00</td></tr></table></body></html>"), nil, []string{"NEW 150.00 95% C01"}, "html"},
		{"D15: separated by strokes", asFile(t, "b.txt", inGB(t, "交易日期|交易流水号|对方户名|摘要|借方金额|贷方金额|\n20260620|A1|"+payer+"|维修费||150.00|\n")), nil, []string{"NEW 150.00 95% C01"}, "GB18030"},
		{"D16: a reference that lost its digits", asFile(t, "b.csv", plain+"2026/6/20,2.02611E+19,"+payer+",维修费,,150.00\n2026/6/23,2.02611E+19,"+payer+",移位费,,380.00\n"), nil, []string{"UNREADABLE 150.00", "UNREADABLE 380.00"}, "将该列按文本重新导出"},
	} {
		t.Run(x.name, func(t *testing.T) {
			body, err := imports.ProposeBank(t.Context(), c, x.file, imports.BankOptions{Columns: x.columns})
			if (err != nil) != (x.want == nil) {
				t.Fatalf("%+v, %v", body, err)
			}
			if diff := cmp.Diff(x.want, linesOf(body)); diff != "" {
				t.Error(diff)
			}
			var out strings.Builder
			if err := imports.PrintBank(&out, wording.Chinese, body, true); err != nil {
				t.Fatal(err)
			}
			if at := englishPlace.FindString(out.String()); at != "" {
				t.Errorf("the page says %q, in English, where something stands", at)
			}
			if all := squeeze(out.String()) + fmt.Sprint(err); !strings.Contains(all, x.says) {
				t.Errorf("%s\ndoes not say %s", all, x.says)
			}
		})
	}
	t.Run("a bank's name tries its further forms", func(t *testing.T) {
		file := asFile(t, "民生.csv",
			"交易时间,交易流水号,借方发生额,贷方发生额,账户余额,对方账号,对方账号名称,客户附言\n2026-06-20 10:12:33,M1,,150.00,10150.00,6217,"+payer+",维修费\n")
		for _, name := range []string{"CMBC", "民生银行", "cmbc-2"} {
			body, err := imports.ProposeBank(t.Context(), c, file, imports.BankOptions{Layout: name})
			if diff := cmp.Diff([]string{"NEW 150.00 95% C01"},
				linesOf(body)); err != nil || diff != "" || body.Layout != "民生银行（客户附言）" {
				t.Errorf("--layout %s: %s, %v\n%s", name, body.Layout, err, diff)
			}
		}
		_, err := imports.ProposeBank(t.Context(), c, file, imports.BankOptions{Layout: "CIB"})
		if !strings.Contains(fmt.Sprint(err), "缺少交易日期") && !strings.Contains(fmt.Sprint(err), "缺少流水号") {
			t.Errorf("another bank's: %v", err)
		}
	})
	t.Run("C6 and D13: booked, and again", func(t *testing.T) { bookedByPlaceAndAccount(t, c, payer) })
}

// squeeze joins what a table wraps and fills.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

func bookedByPlaceAndAccount(t *testing.T, c *client.Client, payer string) {
	acceptAll := func(file, account string) (statuses []string, booked int) {
		t.Helper()
		body, err := imports.ProposeBank(t.Context(), c, file, imports.BankOptions{OwnAccount: account})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range body.Lines {
			statuses = append(statuses, l.Status)
		}
		chosen, err := imports.Selection{AtLeast: 70}.Choose(body)
		if err != nil {
			t.Fatal(err)
		}
		if len(chosen) == 0 {
			return statuses, 0
		}
		r, err := imports.AcceptBank(t.Context(), c, chosen, func(uint64) {})
		if err != nil {
			t.Fatal(err)
		}
		return statuses, r.Booked
	}
	batch := asFile(t, "b.csv",
		"交易日期,交易流水号,对方户名,摘要,借方金额,贷方金额,余额\n2026-06-20,B7,"+payer+",移位费,,50.00,10050.00\n2026-06-20,B7,"+payer+
			",移位费,,50.00,10100.00\n合计,2笔,,,,100.00,\n")
	one := asFile(t, "b.csv", "账号：44201501,,,,\n交易日期,交易流水号,对方户名,摘要,贷方金额\n2026-06-20,1,"+payer+",维修费,30.00\n")
	other := asFile(t, "b.csv", "交易日期,交易流水号,对方户名,摘要,贷方金额\n2026-06-21,1,"+payer+",移位费,20.00\n")
	for _, x := range []struct {
		name, file, account string
		status              string
		booked              int
	}{
		{"C6: both are booked", batch, "", "NEW", 2},
		{"C6: and neither again", batch, "", "", 0},
		{"D13: the first account, named in the file", one, "", "NEW", 1},
		{"D13: another account, named by an option", other, "44201502", "NEW", 1},
		{"D13: and neither again", one, "", "", 0},
		{"D13: nor the other", other, "44201502", "", 0},
	} {
		statuses, booked := acceptAll(x.file, x.account)
		if booked != x.booked || slices.ContainsFunc(statuses,
			func(s string) bool { return x.status != "" && s != x.status }) {
			t.Errorf("%s: %v, booked %d", x.name, statuses, booked)
		}
	}
}

// englishPlace is a place in a file, in English.
var englishPlace = regexp.MustCompile(`\bline \d+|\bcolumn \S+`)

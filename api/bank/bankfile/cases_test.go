package bankfile

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// gb writes a file as Chinese banks do.
func gb(t testing.TB, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// ways says what each line is.
func ways(s *BankStatement) []string {
	out := []string{}
	for _, l := range s.Lines {
		text := map[Direction]string{
			Incoming: "+", Outgoing: "-", Neither: "=", Unknown: "?",
		}[l.Direction] + l.Amount.String() + " " + l.Payer
		if l.Nature != Standing {
			text += " " + string(l.Nature)
		}
		if l.Question != NoDoubt {
			text += " " + string(l.Question)
		}
		for _, f := range l.Errors {
			text += " !" + f.Code
		}
		out = append(out, strings.Join(strings.Fields(text), " "))
	}
	return out
}

func TestDirectionIsToldOrTheFileIsRefused(t *testing.T) {
	const rows = "交易日期,流水号,对方户名,摘要,%,交易金额\n2026-11-20,A1,云栖,退款,OUT,204.00\n2026-11-21,A2,湖畔,维修费,IN,10.00\n"
	for name, c := range map[string]struct{ heading, out, in string }{
		"支出 and 收入 under 收支标识": {"收支标识", "支出", "收入"},
		"借 and 贷 under 收付标志":   {"收付标志", "借", "贷"},
		"付 and 收 under 收/付":    {"收/付", "付", "收"},
		"in two languages":     {"借贷标志", "借 Dr", "贷 Cr"},
		"往账 and 来账":            {"交易类型", "往账", "来账"},
		"- and +":              {"正负", "-", "+"},
		"出 and 入 in full":      {"收付类型", "转出", "转入"},
		"under no name at all": {"甲", "支出", "收入"},
		"English":              {"type", "Debit", "Credit"},
	} {
		t.Run(name, func(t *testing.T) {
			s := mustRead(t, strings.NewReplacer("%", c.heading, "OUT", c.out, "IN", c.in).Replace(rows), nil)
			if diff := cmp.Diff([]string{"-204.00 云栖", "+10.00 湖畔"}, ways(s)); diff != "" {
				t.Error(diff)
			}
		})
	}
	const bare = "交易日期,流水号,对方户名,摘要,交易金额\n2026-11-20,A1,云栖,退款,204.00\n"
	for name, c := range map[string]struct{ file, code string }{
		"nothing tells":                       {bare, "direction-missing"},
		"a column of other words":             {"交易日期,流水号,对方户名,收支种类,交易金额\n2026-11-20,A1,云栖,甲类,204.00\n", "column-unread"},
		"a payer's column of an unknown name": {"交易日期,流水号,对方全称,借方金额,贷方金额\n2026-11-20,A1,云栖,,204.00\n", "column-unread"},
		"money of an unknown name":            {"交易日期,流水号,对方户名,贷方金额,退回金额\n2026-11-20,A1,云栖,1.00,2.00\n", "column-unread"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Read([]byte(c.file), Options{})
			if err == nil || rejectionOf(err).Code != c.code {
				t.Errorf("got %v, %v", s, err)
			}
		})
	}
	if s := mustRead(t, bare, map[string]string{"credit": "交易金额"}); s.Credits.Lines != 1 {
		t.Errorf("%+v", s.Lines)
	}
	s := mustRead(t, "交易日期,流水号,对方户名,借贷标志,交易金额\n2026-11-20,A1,云栖,贷,1.00\n2026-11-20,A2,云栖,,2.00\n2026-11-20,A3,云栖,另,3.00\n",
		nil)
	if diff := cmp.Diff([]string{"+1.00 云栖", "?0.00 云栖 !unknown-direction", "?0.00 云栖 !unknown-direction"},
		ways(s)); diff != "" {
		t.Error(diff)
	}
	s = mustRead(t,
		"交易日期,交易时间,交易摘要,交易金额,本次余额,对手信息,日 志 号\n20261120,101233,转存,+169.06,10169.06,银杏,1\n20261120,110000,手续费,-35.50,10133.56,--,2\n20261121,,利息税,+0.00,10133.56,--,3\n", nil)
	if diff := cmp.Diff([]string{"+169.06 银杏", "-35.50", "?0.00 ZERO"}, ways(s)); diff != "" || len(s.Checked) != 1 {
		t.Error(diff, s.Checked)
	}
}

func TestWhatNeitherCameNorStayedIsShownAsWhatItIs(t *testing.T) {
	alipay := gb(t, "--------\n账号：[2088001]\n收入：2笔 373.06元\n支出：0笔 0.00元\n不计收支：1笔 300.00元\n共4笔记录\n特别提示：\n1.仅供对账\n"+
		"交易时间            ,交易分类,交易对方 ,商品说明 ,收/支 ,金额 ,交易状态 ,交易订单号 \n"+
		"2026-11-20 21:32:14 ,转账,银杏 ,维修费 ,收入 ,169.06 ,交易成功 ,1\t,\n2026-11-21 21:32:14 ,提现,提现 , ,不计收支,300.00 ,交易成功 ,2\t,\n"+
		"2026-11-23 21:32:14 ,转账,银杏 ,移位费 ,收入 ,204.00 ,交易关闭 ,3\t,\n2026-11-23 21:33:14 ,转账,银杏 ,移位费 ,收入 ,0.00 ,交易成功 ,4\t,\n")
	s := mustRead(t, alipay, nil)
	if diff := cmp.Diff([]string{"+169.06 银杏", "=300.00 提现", "+204.00 银杏 CLOSED", "+0.00 银杏 ZERO"}, ways(s)); diff != "" {
		t.Error(diff)
	}
	want := []string{"贷方笔数 2", "贷方合计 373.06", "借方笔数 0", "借方合计 0.00", "不计收支笔数 1", "不计收支合计 300.00", "笔数 4"}
	if diff := cmp.Diff(want, inChinese(s.Checked)); diff != "" || s.OwnAccount != "2088001" {
		t.Error(diff, s.OwnAccount)
	}
	const head = "交易日期,流水号,对方户名,摘要,借方金额,贷方金额,冲账标志,状态\n"
	for name, c := range map[string]struct {
		rows string
		want []string
	}{
		"refunded":                  {"2026-11-20,1,银杏,a,,10.00,N,已全额退款\n", []string{"+10.00 银杏 REFUNDED"}},
		"in part":                   {"2026-11-20,1,银杏,a,,10.00,N,已退款（￥3.00）\n", []string{"+10.00 银杏 REFUNDED"}},
		"failed":                    {"2026-11-20,1,银杏,a,,10.00,N,交易失败\n", []string{"+10.00 银杏 CLOSED"}},
		"a state that nobody knows": {"2026-11-20,1,银杏,a,,10.00,N,神秘\n", []string{"+10.00 银杏 !unknown-status"}},
		"a mark of reversal":        {"2026-11-20,1,银杏,a,,10.00,Y,成功\n", []string{"+10.00 银杏 REVERSED"}},
		"a mark that nobody knows":  {"2026-11-20,1,银杏,a,,10.00,呵,成功\n", []string{"+10.00 银杏 !unknown-reversal"}},
		"taken back in red": {"2026-11-20,1,银杏,a,,10.00,N,\n2026-11-20,2,银杏,b,,10.00,N,\n2026-11-21,1,银杏,冲正,,-10.00,N,\n",
			[]string{"+10.00 银杏 REVERSED", "+10.00 银杏", "-10.00 银杏 REVERSED"}},
		"taken back by a payment": {"2026-11-20,1,银杏,a,,10.00,N,\n2026-11-21,2,银杏,冲正,10.00,,N,\n", []string{"+10.00 银杏 REVERSED", "-10.00 银杏 REVERSED"}},
		"a refund of ours":        {"2026-11-20,1,银杏,a,,10.00,N,\n2026-11-21,2,银杏,退款,10.00,,N,\n", []string{"+10.00 银杏", "-10.00 银杏"}},
		"of what left, any state": {"2026-11-20,,银杏,a,5.00,,N,神秘\n", []string{"-5.00 银杏"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, ways(mustRead(t, head+c.rows, nil))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatTheFileSaysOfItselfIsComparedOrNamed(t *testing.T) {
	const head = "交易日期,流水号,对方户名,摘要,借方金额,贷方金额,余额\n"
	const rows = "2026-11-20,1,银杏,a,,169.06,10169.06\n2026-11-20,2,银行,费,35.50,,10133.56\n2026-11-23,3,银杏,b,,204.00,10337.56\n"
	for name, c := range map[string]struct{ file, want string }{ // the code of the refusal, or what was compared
		"above the header, label and value beside":   {"总笔数[Total number ],3\n贷方发生总笔数[ Total Numbers of Credited Payments ],2\n贷方发生总额[ Total Credit Amount of Payments ],373.06\n" + head + rows, "笔数 3, 贷方笔数 2, 贷方合计 373.06, 余额 2 处连续"},
		"above the header, wrong":                    {"贷方发生总额[ Total Credit Amount of Payments ],9373.06\n" + head + rows, "total-differs"},
		"a wrong number above":                       {"总笔数[Total number ],5\n" + head + rows, "lines-differ"},
		"several in one cell":                        {head + rows + "借方合计 35.50 贷方合计 373.06 共 3 笔,,,,,,\n", "借方合计 35.50, 贷方合计 373.06, 笔数 3, 余额 2 处连续"},
		"several in one cell, one wrong":             {head + rows + "借方合计 35.50 贷方合计 9373.06 共 3 笔,,,,,,\n", "total-differs"},
		"of one side in one cell":                    {head + rows + "支出合计：1笔，共35.50元,,,,,,\n收入合计：2笔，共373.06元,,,,,,\n", "借方笔数 1, 借方合计 35.50, 贷方笔数 2, 贷方合计 373.06, 余额 2 处连续"},
		"of one side in one cell, wrong":             {head + rows + "收入合计：2笔，共337.06元,,,,,,\n", "total-differs"},
		"a line of 0.00 switches nothing off":        {head + rows + "2026-11-24,4,,利息税,0.00,,10337.56\n合计,,,,35.50,9373.06,\n", "total-differs"},
		"nor does it count or not":                   {head + rows + "2026-11-24,4,,利息税,0.00,,10337.56\n合计,4笔,,,35.50,373.06,\n", "笔数 4, 借方合计 35.50, 贷方合计 373.06, 余额 3 处连续"},
		"of a page":                                  {head + "2026-11-20,1,银杏,a,,169.06,\n本页合计,,,,0.00,169.06,\n" + head + "2026-11-23,3,银杏,b,,204.00,\n本页合计,,,,,204.00,\n累计,,,,,373.06,\n", "借方合计 0.00, 贷方合计 169.06, 贷方合计 204.00, 贷方合计 373.06"},
		"of a page, wrong":                           {head + "2026-11-20,1,银杏,a,,169.06,\n本页合计,,,,0.00,196.06,\n" + head + "2026-11-23,3,银杏,b,,204.00,\n", "total-differs"},
		"carried over":                               {head + "2026-11-20,1,银杏,a,,169.06,10169.06\n过次页,,,,,,10169.06\n承前页,,,,,,10169.06\n2026-11-23,3,银杏,b,,204.00,10373.06\n", "余额 3 处连续"},
		"lost between pages":                         {head + "2026-11-20,1,银杏,a,,169.06,10169.06\n过次页,,,,,,10199.06\n", "balance-breaks"},
		"the balances at both ends":                  {"期初余额,10000.00,期末余额,10337.56\n" + head + rows, "余额 2 处连续, 期初余额 10,000.00, 期末余额 10,337.56"},
		"a line lost at the end":                     {"期初余额：10000.00,期末余额：10400.00\n" + head + rows, "balance-breaks"},
		"a line lost at the beginning":               {"期初余额：9000.00\n" + head + rows, "balance-breaks"},
		"a line lost where a balance is left out":    {head + "2026-11-20,1,银杏,a,,169.06,10169.06\n2026-11-20,2,银行,费,35.50,,\n2026-11-23,3,银杏,b,,204.00,10373.06\n", "balance-breaks"},
		"beside its label, under the balance":        {head + rows + "贷方合计,,,,,,373.06\n贷方笔数,,,,,2,\n", "贷方合计 373.06, 贷方笔数 2, 余额 2 处连续"},
		"beside its label, under the balance, wrong": {head + rows + "贷方合计,,,,,,337.06\n", "total-differs"},
		"beside its label, a wrong number":           {head + rows + "贷方笔数,,,,,3,\n", "lines-differ"},
		"of a year":                                  {head + rows + "本年累计,,,,100.00,9000.00,\n", "余额 2 处连续; 2"},
		"where a line cannot be read":                {head + "2026-11-20,1,银杏,a,,十元,\n合计,1笔,,,,10.00,\n", "笔数 1; 1"},
		"labels over their figures":                  {"记账时间,资金流水单号,业务名称,收支类型,收支金额（元）,账户结余（元）,备注\n`2026-11-20 10:00:00,`1,`交易,`收入,`169.06,`169.06,`a\n资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n`1,`1,`169.06,`0,`0.00\n", "笔数 1, 贷方笔数 1, 贷方合计 169.06, 借方笔数 0, 借方合计 0.00"},
		"labels over a wrong figure":                 {"记账时间,资金流水单号,业务名称,收支类型,收支金额（元）,账户结余（元）,备注\n`2026-11-20 10:00:00,`1,`交易,`收入,`169.06,`169.06,`a\n资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n`1,`1,`196.06,`0,`0.00\n", "total-differs"},
		"a stated period":                            {"起始日期：20261101,,终止日期：20261130\n" + head + rows, "余额 2 处连续, 起止日期 2026-11-01 至 2026-11-30"},
		"a stated range":                             {"查询时间范围[ Time Range ],20261101-20261130\n" + head + rows, "余额 2 处连续, 起止日期 2026-11-01 至 2026-11-30"},
		"a period in one cell, with times":           {"起始时间：[2026-11-01 00:00:00]    终止时间：[2026-11-30 23:59:59]\n" + head + rows, "余额 2 处连续, 起止日期 2026-11-01 至 2026-11-30"},
		"a line after the period":                    {"起始日期,2026年11月1日,截止日期,2026年11月22日\n" + head + rows, "outside-period"},
		"a line before the period":                   {"查询开始日期,20261121,,查询结束日期,20261130\n" + head + rows, "outside-period"},
		"a period that cannot be read":               {"起始日期：月初,,终止日期：20261130\n" + head + rows, "余额 2 处连续, 起止日期 … 至 2026-11-30; 1"},
		"other money above":                          {"账号：1234567,币种：美元\n" + head + rows, "other-currency"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Read([]byte(c.file), Options{})
			var r *Contradiction
			if errors.As(err, &r) {
				var codes []string
				for _, f := range r.Errors {
					codes = append(codes, f.Code)
				}
				if len(codes) == 0 || codes[0] != c.want {
					t.Errorf("refused: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(inChinese(s.Checked), ", ")
			if n := len(s.NotCompared); n > 0 {
				got += "; " + string(rune('0'+n))
			}
			if got != c.want {
				t.Errorf("compared %s, not %v; want %s", got, s.NotCompared, c.want)
			}
		})
	}
}

func TestReferencesAreDerivedAndToldApart(t *testing.T) {
	const icbc = "凭证号,对方账号,交易时间,借贷标志,对方单位,用途,摘要,余额,转出金额,转入金额,本方账号\n"
	const a, b = "0,6217,2026-11-20 10:12:33,贷,银杏,维修费,转账,10169.06,,169.06,4420 1501\n",
		",6217,2026-11-20 10:12:33,贷,银杏,维修费,转账,10338.12,,169.06,44201501\n"
	s := mustRead(t, icbc+a+b, nil)
	again := mustRead(t, icbc+b, nil)
	if s.Lines[0].Reference == s.Lines[1].Reference || s.Lines[1].Reference != again.Lines[0].Reference ||
		s.Lines[0].OwnAccount != "44201501" || !s.Lines[0].Derived {
		t.Errorf("%+v\n%+v", s.Lines, again.Lines)
	}
	const head = "交易日期,流水号,对方户名,摘要,借方金额,贷方金额"
	const equal = "2026-11-20,B7,银杏,移位费,,180.00"
	for name, c := range map[string]struct {
		file string
		want []string
	}{
		"the balance proves two":              {head + ",余额\n" + equal + ",10180.00\n" + equal + ",10360.00\n", []string{"+180.00 银杏", "+180.00 银杏"}},
		"a total proves two":                  {head + "\n" + equal + "\n" + equal + "\n合计,,,,,360.00\n", []string{"+180.00 银杏", "+180.00 银杏"}},
		"a number proves two":                 {head + "\n" + equal + "\n" + equal + "\n共2笔,,,,,\n", []string{"+180.00 银杏", "+180.00 银杏"}},
		"nothing proves two":                  {head + "\n" + equal + "\n" + equal + "\n", []string{"+180.00 银杏", "+180.00 银杏 EQUAL"}},
		"a number with a 0.00 proves nothing": {head + "\n" + equal + "\n" + equal + "\n2026-11-20,B8,,利息,,0.00\n共2笔,,,,,\n", []string{"+180.00 银杏", "+180.00 银杏 EQUAL", "+0.00 ZERO"}},
		"nothing proves two without a number": {strings.ReplaceAll(head, ",流水号", ",凭证种类") + "\n" + strings.ReplaceAll(equal, "B7", "x") + "\n" + strings.ReplaceAll(equal, "B7", "x") + "\n", []string{"+180.00 银杏", "+180.00 银杏 EQUAL"}},
		"a batch of several payers":           {head + "\n" + equal + "\n2026-11-20,B7,住户乙,移位费,,180.00\n2026-11-20,B9,湖畔,维修费,,1.00\n", []string{"+180.00 银杏 SHARED", "+180.00 住户乙 SHARED", "+1.00 湖畔"}},
		"a payment and its fee":               {head + "\n2026-11-20,B7,银杏,货款,100.00,\n2026-11-20,B7,银行,费,1.00,\n2026-11-20,B7,湖畔,a,,5.00\n", []string{"-100.00 银杏", "-1.00 银行", "+5.00 湖畔"}},
		"other accounts of ours":              {head + ",本方账号\n" + equal + ",1001\n2026-11-20,B7,住户乙,移位费,,180.00,1002\n", []string{"+180.00 银杏", "+180.00 住户乙"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := mustRead(t, c.file, nil)
			if diff := cmp.Diff(c.want, ways(s)); diff != "" {
				t.Error(diff)
			}
			if len(s.Lines) > 1 && s.Lines[1].equals(&s.Lines[0]) && s.Lines[1].Place != 2 &&
				s.Lines[1].OwnAccount == s.Lines[0].OwnAccount {
				t.Errorf("place %d", s.Lines[1].Place)
			}
		})
	}
	for name, c := range map[string]struct{ above, option, want, code string }{
		"from the preamble":          {above: "查询账号[ Inquirer account number ],4420 1501", want: "44201501"},
		"in one cell":                {above: "账　号：44201501,户名：某公司", want: "44201501"},
		"by a person":                {above: "交易明细", option: "4420-1501", want: "44201501"},
		"by both":                    {above: "账号：4420****", option: "44201501", want: "44201501"},
		"by both, and they differ":   {above: "账号：44201502", option: "44201501", code: "account-differs"},
		"of two accounts, neither":   {above: "账号：44201502,卡号：62220201"},
		"not that of the other side": {above: "对方账号：44201502"},
		"what cannot be an account":  {above: "x", option: strings.Repeat("9", 65) + "\x00", code: "text-unprintable"},
	} {
		t.Run("the own account "+name, func(t *testing.T) {
			s, err := Read([]byte(c.above+"\n"+head+"\n"+equal+"\n"), Options{OwnAccount: c.option})
			var r *Contradiction
			switch {
			case errors.As(err, &r):
				if r.Errors[0].Code != c.code {
					t.Error(err)
				}
			case err != nil:
				if rejectionOf(err).Code != c.code {
					t.Error(err)
				}
			case s.OwnAccount != c.want || s.Lines[0].OwnAccount != c.want || c.code != "":
				t.Errorf("account %q, %q", s.OwnAccount, s.Lines[0].OwnAccount)
			}
		})
	}
}

func TestTextsDatesAndSpoiltNumbersOfBanks(t *testing.T) {
	const head = "交易日期,交易流水号,对方户名,摘要,用途,附言,备注,贷方金额\n"
	s := mustRead(t,
		head+
			"2026-11-20,R1,李某,转账,付F3-C12-00006,,,54.00\n2026-11-20,R2,李某,转账,,付F3-C12-00006,,54.00\n2026-11-20,R3,李某,转账,,网银转账,付F3-C12-00006,54.00\n2026-11-20,R4,李某,付F3-C12-00006,,转账,,54.00\n", nil)
	for _, l := range s.Lines {
		if !strings.Contains(strings.Join(l.Texts, "|"), "F3-C12-00006") {
			t.Errorf("%s says %q", l.Reference, l.Texts)
		}
	}
	if diff := cmp.Diff([]string{"转账", "付F3-C12-00006", "网银转账", "转账"},
		[]string{s.Lines[0].Remark, s.Lines[1].Remark, s.Lines[2].Remark, s.Lines[3].Remark}); diff != "" {
		t.Errorf("what is booked as the remark is that of earlier imports: %s", diff)
	}
	for text, want := range map[string]string{
		"20261120 17:07:09": "2026-11-20 170709", "20261120170709": "2026-11-20 170709", "2026年11月20日": "2026-11-20 ", "2026-11-20 5:07:09 PM": "2026-11-20 170709",
		"2026-11-20 星期五": "2026-11-20 ", "2026/11/20 17:07": "2026-11-20 170700",
	} {
		s := mustRead(t, "交易时间,交易流水号,对方户名,摘要,贷方金额\n"+text+",D0,银杏,维修费,￥１６９．０６元\n", nil)
		if l := s.Lines[0]; l.ReceivedOn.String()+" "+l.at != want || l.Amount.String() != "169.06" {
			t.Errorf("%s is read as %s %s, %s", text, l.ReceivedOn, l.at, l.Amount)
		}
	}
	s = mustRead(t, "交易日期,交易流水号,对方户名,摘要,贷方金额\n2026/11/20,2.02611E+19,银杏,维修费,169.06\n2026/11/20,S2,银杏,维修费,16 9.06\n", nil)
	if diff := cmp.Diff([]string{"+169.06 银杏 !unreadable-cell", "?0.00 银杏 !not-an-amount"},
		ways(s)); diff != "" || s.Lines[0].Reference != "" {
		t.Error(diff)
	}
	for name, file := range map[string]string{
		"a pipe":                       gb(t, "交易日期|交易流水号|对方户名|摘要|借方金额|贷方金额|\r\n20261120|A1|银杏|维修费||169.06|\r\n"),
		"a quote with a tab behind it": "交易时间,交易类型,交易对方,商品,收/支,金额(元),当前状态,交易单号,商户单号\n2026-11-20 12:45:27,\"转账\",\"银杏\",\"维修费\",\"收入\",¥169.06,\"已收钱\",\"A1\"\t,\"10001\"\t\n",
		"a web page":                   "<html><head><meta charset=utf-8></head><body><table><tr><td>交易日期</td><td>交易流水号</td><td>对方户名</td><td>贷方金额</td></tr><tr><td>2026-11-20</td><td>A1</td><td>银杏</td><td>169.06</td></tr></table></body></html>",
	} {
		if diff := cmp.Diff([]string{"+169.06 银杏"}, ways(mustRead(t, file, nil))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

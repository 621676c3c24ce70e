package bankfile

import (
	"fmt"
	"strings"
	"testing"

	"aftersales-ledger/api/imports/sheet"
)

// told is a statement in one line, or why it was refused.
func told(file string, o Options) string {
	s, err := Read([]byte(file), o)
	if err != nil {
		return "refused: " + err.Error()
	}
	var out []string
	for _, l := range s.Lines {
		text := map[Direction]string{
			Incoming: "+", Outgoing: "-",
		}[l.Direction] + l.Amount.String() + string(l.Nature) + string(l.Question)
		if len(l.Errors) > 0 {
			text = "fault: " + l.Errors[0].Error()
		}
		out = append(out, text)
	}
	return strings.Join(append(append(out, inChinese(s.Checked)...), inChinese(s.NotCompared)...), " | ")
}

// Files built to be read wrongly are read rightly, or refused with the cell.
func TestAFileBuiltToBeReadWronglyIsReadRightlyOrRefused(t *testing.T) {
	const head, both = "交易日期,流水号,对方户名,", "贷方金额,借方金额"
	for name, c := range map[string]struct{ file, says string }{
		"debit and credit changed places": {
			head + both +
				",余额\n2026-11-01,A1,张,,100.00,1100.00\n2026-11-02,A2,张,50.00,,1050.00\n2026-11-03,A3,张,,10.00,1060.00\n", "refused: at line 3, column 余额"},
		"the header again with its columns moved": {
			head + both + "\n2026-11-01,A1,张,100.00,\n" + head + "借方金额,贷方金额\n2026-11-02,A2,张,50.00,\n",
			"refused: file names the columns again at line 3, column 贷方金额, 借方金额"},
		"a word that contradicts the column": {
			head + both + ",借贷标志\n2026-11-01,A1,张,100.00,,借\n2026-11-02,A2,张,,50.00,借\n",
			`fault: direction "借" is another direction`},
		"a reversal in red under a word of either side": {head + both + ",借贷标志\n2026-11-01,A1,张,-100.00,,贷\n2026-11-02,A2,张,-50.00,,借\n", "-100.00REVERSED | -50.00REVERSED"},
		"an amount beside another in its column":        {head + "交易金额," + both + "\n2026-11-01,A1,张,90.00,100.00,\n", `fault: amount "90.00" is not what line 2, column 贷方金额 says, 100.00`},
		"an amount beside the same with a sign":         {head + "交易金额," + both + "\n2026-11-01,A1,张,100.00,100.00,\n2026-11-01,A2,张,-50.00,,50.00\n", "+100.00 | -50.00"},
		"two columns of what came in":                   {head + "贷方金额,收入金额,借方金额\n2026-11-01,A1,张,100.00,200.00,\n", `fault: credit "100.00" is not what line 2, column 收入金额 says`},
		"money of a column that is not known":           {head + both + ",记账货币\n2026-11-01,A1,张,100.00,,CNY\n2026-11-01,A2,张,1000.00,,USD\n", "refused: at line 3, column 记账货币"},
		"money named in one cell":                       {head + both + ",币种\n2026-11-01,A1,张,100.00,,人民币\n2026-11-01,A2,张,1000.00,,USD\n", "refused: at line 3, column 币种"},
		"two accounts in one list": {
			head + "本方账号," + both +
				",余额\n2026-11-01,A1,张,111111,100.00,,1100.00\n2026-11-02,A1,李,222222,50.00,,9050.00\n2026-11-03,A3,张,111111,10.00,,1110.00\n2026-11-03,A4,李,222222,10.00,,9060.00\n",
			"+100.00 | +50.00 | +10.00 | +10.00 | 余额 2 处连续"},
		"two accounts in one list, one balance broken": {
			head + "本方账号," + both +
				",余额\n2026-11-01,A1,张,111111,100.00,,1100.00\n2026-11-02,A1,李,222222,50.00,,9050.00\n2026-11-03,A3,张,111111,10.00,,1120.00\n",
			"refused: at line 4, column 余额"},
		"two accounts one below the other": {
			"账号：111111\n" + head + both + "\n2026-11-01,A1,张,100.00,\n账号：222222\n" + head + both + "\n2026-11-01,A2,张,50.00,\n", "refused: at line 4, column 交易日期, ownAccount \"222222\""},
		"two accounts one below the other, in two cells": {
			"账号：111111\n" + head + both + "\n2026-11-01,A1,张,100.00,\n账号,222222\n" + head + both + "\n2026-11-01,A2,张,50.00,\n", "refused: at line 4, column 流水号, ownAccount \"222222\""},
		"the account again at the foot":       {"账号：111111\n" + head + both + "\n2026-11-01,A1,张,100.00,\n账号：111111\n", "+100.00"},
		"a total of a page that hides a line": {head + both + "\n2026-11-01,A1,张,100.00,\n2026-11-02,A2,张,100.00,\n本页贷方发生额合计 100.00\n", "refused: at line 4"},
		"a balance that is no amount":         {head + both + ",余额\n2026-11-01,A1,张,100.00,,1.1.1\n", "+100.00 | 余额 1.1.1（第 2 行“余额”列）：不是金额，无法与前后比较"},
		"a balance that one line contradicts": {head + both + ",余额\n2026-11-01,A1,张,100.00,,1100.00\n2026-11-02,A2,张,50.00,,1100.00\n2026-11-03,A3,张,10.00,,1110.00\n", "refused: at line 3, column 余额"},
		"dates of two orders":                 {head + both + "\n03/11/2026,A1,张,100.00,\n2026-11-04,A2,张,50.00,\n", `fault: receivedOn "03/11/2026" must be a date`},
		"amounts in 万元 by their heading":      {head + "贷方金额（万元）,借方金额（万元）\n2026-11-01,A1,张,0.01,\n", "refused: "},
		"amounts in 万元 by their cells":        {head + both + "\n2026-11-01,A1,张,1.2万,\n", `fault: credit "1.2万"`},
		"amounts in 万元 by a note":             {"单位：万元\n" + head + both + "\n2026-11-01,A1,张,0.01,\n", "refused: "},
		"a count with decimals, as WeChat writes it": {
			"记账时间,资金流水单号,业务名称,收支类型,收支金额（元）,账户结余（元）\n`2026-11-01 04:21:23,`190,`退款,`支出,`0.02,`0.17\n`2026-11-01 04:22:23,`191,`交易,`收入,`1.02,`1.19\n" +
				"资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n`2.0,`1.0,`1.02,`1.0,`0.02\n",
			"-0.02 | +1.02 | 笔数 2 | 贷方笔数 1 | 贷方合计 1.02 | 借方笔数 1 | 借方合计 0.02 | 余额 1 处连续"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := told(c.file, Options{}); !strings.HasPrefix(got, c.says) {
				t.Errorf("%s", got)
			}
		})
	}
	for _, unit := range []string{"贷方金额（万元）", "贷方金额/千元", "贷方金额(USD)"} {
		o := Options{Options: sheet.Options{Columns: map[string]string{"credit": unit}}}
		if got := told(fmt.Sprintf("%s%s\n2026-11-01,A1,张,0.01\n", head, unit), o); !strings.HasPrefix(got, "refused: ") {
			t.Errorf("%s, named by a person: %s", unit, got)
		}
	}
}

func TestATotalThatIsNotUnderstoodIsNamed(t *testing.T) {
	const rows = "交易日期,流水号,对方户名,借方金额,贷方金额,余额\n2026-06-20,A1,张,,100.00,1100.00\n2026-06-21,A2,张,,50.00,1150.00\n"
	for _, said := range []string{"以上收入共计人民币壹佰伍拾壹元整,,,,,", "本月净流入：151,,,,,", ",,,,151,"} {
		for _, file := range []string{rows + said + "\n", said + "\n" + rows} {
			s, err := Read([]byte(file), Options{})
			if said == ",,,,151," && file[0] == ',' {
				continue // a figure above the list that nothing names
			}
			if err != nil || len(s.NotCompared) != 1 || !strings.Contains(inChinese(s.NotCompared)[0], "没有认出是哪些明细的合计") {
				t.Errorf("%s: %v %+v", file, err, s)
			}
		}
	}
}

package imports

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"aftersales-ledger/api/bank/bankfile"
	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
)

// said is what may stand in Latin letters in a Chinese refusal of a file: what
// is typed, names of formats, and letters of columns.
var said = regexp.MustCompile(`--(?:columns|sheet|hidden|save-layout|layout)\b|\.xlsx?\b|\.csv\b|\b(?:CSV|XML|HTML|UTF-8|GB18030|Excel|CNY|USD|F1|F3)\b|\b[A-Z]{1,2}(?:\d+|列)`)

func inChinese(t *testing.T, err error) string {
	t.Helper()
	var r *domain.Rejection
	var refusal *bankfile.Contradiction
	switch {
	case errors.As(err, &refusal):
		return wording.Chinese.Place(refusal.Errors[0].Cell) + " " + wording.Chinese.Say(refusal.Errors[0].Rule)
	case errors.As(err, &r):
		return wording.Chinese.Refusal(r)
	}
	t.Fatalf("not refused: %v", err)
	return ""
}

// A refusal of a file speaks Chinese to the end: its places, its columns, and the
// call that mends it.
func TestARefusalOfAFileHasNoWordOfEnglish(t *testing.T) {
	latin := regexp.MustCompile(`[A-Za-z]+`)
	const charges, bank = "编号,日期,项目,房号,服务内容,数量,单价,金额\n", "交易日期,流水号,对方户名,借方金额,贷方金额,余额\n"
	files := map[string]struct {
		kind, file string
		columns    map[string]string
		want       string
	}{
		"no header":                     {"charges", "一,二\n三,四\n", nil, "没有找到收费明细表（F3）的标题行，须有：日期、项目、服务内容；请指明其中一列的标题（columns：日期=标题）"},
		"a column missing":              {"charges", "日期,项目,甲,数量\n2026-11-01,P001,移位,1\n", nil, "文件第 1 行：是标题行，但缺少服务内容"},
		"a column missing, none unread": {"charges", "日期,项目,数量\n2026-11-01,P001,1\n", nil, "其余标题都已读作别的栏目；请补上该列，或指明是哪一个标题（columns：服务内容=标题）"},
		"a column that is not known":    {"charges", "编号,日期,项目,服务内容,实收金额\nS1,2026-11-01,P001,移位,1\n", nil, "文件第 1 行“实收金额”列：标题"},
		"a column without a heading":    {"charges", "编号,日期,项目,服务内容,\nS1,2026-11-01,P001,移位,12\nS2,2026-11-01,P001,移位,15\n", nil, "（columns：栏目=E列）"},
		"two columns of one name":       {"charges", "编号,日期,项目,服务内容,单价,单价\nS1,2026-11-01,P001,移位,1,1\n", nil, "（columns：单价="},
		"figures in 万元":                 {"charges", "编号,日期,项目,服务内容,金额（万元）\nS1,2026-11-01,P001,移位,1\n", nil, "数字以万元为单位"},
		"a quote that is never closed":  {"charges", charges + "\"S1,2026-11-01,P001,1,移位,1,1,1\n", nil, "文件第 2 行"},
		"a name of no column":           {"charges", charges, map[string]string{"总额": "金额"}, "须为下列之一：编号、日期、项目"},
		"one column for two":            {"charges", charges, map[string]string{"金额": "甲", "单价": "甲"}, "已用作金额的列"},
		"a column that is needed":       {"charges", charges, map[string]string{"日期": ""}, "须指明文件中的一列"},
		"a sheet of a file of none":     {"charges", charges, nil, ""},
		"no column of money":            {BankStatements, "交易日期,流水号,对方户名\n2026-11-01,S1,张\n", nil, "缺少贷方金额/交易金额"},
		"no direction":                  {BankStatements, "交易日期,流水号,对方户名,交易金额\n2026-11-01,S1,张,1\n", nil, "（columns：收支方向=标题）"},
		"a payer of another heading":    {BankStatements, "交易日期,流水号,往来单位全称,贷方金额\n2026-11-01,S1,张,1\n", nil, "（columns：对方户名=往来单位全称）"},
		"a total that differs":          {BankStatements, bank + "2026-11-01,S1,张,,1.00,\n合计,,,,2.00,\n", nil, "第 3 行“贷方金额”列 文件写明贷方合计 2.00"},
		"a balance that breaks":         {BankStatements, bank + "2026-11-01,S1,张,,1.00,1.00\n2026-11-02,S2,张,,1.00,3.00\n", nil, "第 3 行“余额”列"},
		"other money":                   {BankStatements, "交易日期,流水号,对方户名,贷方金额,币种\n2026-11-01,S1,张,1.00,美元\n", nil, "第 2 行“币种”列"},
	}
	for name, c := range files {
		t.Run(name, func(t *testing.T) {
			o := sheet.Options{Columns: c.columns}
			if c.want == "" {
				o.Sheet, c.want = "十一月", "工作表（worksheet）“十一月”："
			}
			_, err := sheet.Read([]byte(c.file), o, layoutOf[c.kind])
			if err == nil && c.kind == BankStatements {
				_, err = bankfile.Read([]byte(c.file), bankfile.Options{Options: o})
			}
			got := inChinese(t, err)
			if !strings.Contains(got, c.want) {
				t.Errorf("it does not say %q: %s", c.want, got)
			}
			got = strings.NewReplacer("（worksheet）", "", "（columns）", "", "（columns：", "（").Replace(got) // the name of the parameter
			if rest := latin.FindAllString(said.ReplaceAllString(got, ""), -1); rest != nil {
				t.Errorf("it speaks English, %q: %s", rest, got)
			}
		})
	}
}

package imports

import "testing"

// Who sits at a terminal is told the flag, in either language; what is a flag of nothing stays.
func TestARefusalOfAFileNamesTheFlagsOfThisTool(t *testing.T) {
	for said, want := range map[string]string{
		"请指明是哪一个标题（columns：金额=标题），未读取的标题有：甲": "请指明是哪一个标题（--columns '金额=标题'），未读取的标题有：甲",
		"read the two one by one (sheet)":                                           "read the two one by one (--sheet)",
		"choose one (sheet: 5月), several (sheet: 5月/6月) or each of them (sheet: *)": "choose one (--sheet '5月'), several (--sheet '5月/6月') or each of them (--sheet '*')",
		"请更正，或确认确有此配件（unknownParts）":                                                "请更正，或确认确有此配件（--unknown-parts）",
		"列名（columns）“总额”：须为下列之一":                                                    "列名（--columns）“总额”：须为下列之一",
		"金额（amount）“1”：不是金额":                                                        "金额（amount）“1”：不是金额",
	} {
		if got := withFlags(said); got != want {
			t.Errorf("%s", got)
		}
	}
}

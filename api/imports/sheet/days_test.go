package sheet

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain/calendar"
)

func TestTheDaysOfAFileAreHeldAgainstItsRows(t *testing.T) {
	const head, rows = "日期,项目,服务内容,数量,金额\n", "2026-06-03,P001,移位,1,150\n2026-06-20,P001,移位,1,150\n"
	days := func(list *List) (out []calendar.Date) {
		for _, r := range list.Rows {
			d, _ := r.Value("occurredOn").Date()
			out = append(out, d)
		}
		return out
	}
	for said, want := range map[string]string{
		"收费期间：2026-06-01 至 2026-06-30":    "期间 2026-06-01 至 2026-06-30 AGREES",
		"收费期间：2026-06-01 至 2026-06-15":    "期间 2026-06-01 至 2026-06-15 DIFFERS",
		"收费明细（2026年5月26日—6月25日）":          "期间 2026-05-26 至 2026-06-25 AGREES",
		"收费明细 2025年12月26日至1月25日":          "期间 2025-12-26 至 2026-01-25 DIFFERS",
		"开始日期：20260601,,结束日期：20260610":    "期间 2026-06-01 至 … AGREES, 期间 … 至 2026-06-10 DIFFERS",
		"所属期：2026年6月":                     "期间 2026-06-01 至 2026-06-30 AGREES",
		"售后服务收费明细表（2026年7月）":              "期间 2026-07-01 至 2026-07-31 NOT_COMPARED rows lie outside the month of the calendar, and the file does not say on which day its month begins",
		"统计区间：本月":                         "期间 统计区间：本月 NOT_COMPARED the days cannot be read",
		"填表日期：2026年6月25日":                 "",
		"付款截止日期：2026-06-10":               "",
		"收费期间：":                           "",
		"售后服务收费明细表":                       "",
		"打印时间：2026-07-01 10:00:00，打印人：张三": "",
	} {
		for _, file := range []string{said + ",,,\n" + head + rows, head + rows + "备注：," + said + ",,\n"} {
			if strings.HasPrefix(file, head) && strings.Contains(said, "（2026年7月") {
				continue // a month is looked for above the list
			}
			list, err := Read([]byte(file), Options{}, Charges)
			if err != nil {
				t.Fatalf("%s: %v", said, err)
			}
			var got []string
			for _, c := range list.CompareDays(days(list)) {
				got = append(got,
					strings.TrimSpace(c.Word+" "+strings.ReplaceAll(c.Stated, ":", "：")+" "+c.Status+" "+c.Why.String()))
			}
			if diff := cmp.Diff(want, strings.Join(got, ", ")); diff != "" {
				t.Errorf("%s\n%s", file, diff)
			}
		}
	}
	list, err := Read([]byte("收费期间：2026-06-01至2026-06-30,,,\n"+head+rows+"昨天,P001,移位,1,150\n"), Options{}, Charges)
	if err != nil {
		t.Fatal(err)
	}
	if c := list.CompareDays(days(list)); len(c) != 1 || c[0].Status != NotCompared ||
		c[0].Why.String() != "the days of 1 rows are not known" {
		t.Errorf("a row without a day: %+v", c)
	}
}

func TestAGroupOverOneColumnIsRead(t *testing.T) {
	for name, file := range map[string]string{
		"each":       "配件编号,名称,账面,实盘,差异原因\n,,数量,数量,\nBAT-7AH,蓄电池,9,8,待查\n",
		"one of two": "配件编号,名称,账面,,实盘,差异原因\n,,数量,金额,数量,\nBAT-7AH,蓄电池,9,900.00,8,待查\n",
		"one":        "配件编号,名称,实盘,账面数量,差异原因\n,,数量（个）,,\nBAT-7AH,蓄电池,8,9,待查\n",
	} {
		list, err := Read([]byte(file), Options{}, Counts)
		if err != nil || len(list.Rows) != 1 {
			t.Errorf("%s: %v %+v", name, err, list)
			continue
		}
		counted, err := list.Rows[0].Value("counted").Quantity()
		if book, err2 := list.Rows[0].Value("book").Quantity(); err != nil || err2 != nil || counted.String() != "8" ||
			book.String() != "9" {
			t.Errorf("%s: counted %s, book %s, %v, %v", name, counted, book, err, err2)
		}
	}
	list, err := Read([]byte("交易日期,流水号,对方户名,发生额\n,,,贷方\n2026-06-03,S1,张,150.00\n"), Options{}, BankStatement)
	if err != nil || list.Rows[0].Value("credit").Shown() != "150.00" {
		t.Errorf("%+v, %v", list, err)
	}
}

package sheet

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

func TestAmountsAreReadExactlyOrRefused(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0.00", "150": "150.00", "0.1": "0.10", "1234.5": "1234.50", "1,234.50": "1234.50", "¥1,234.50": "1234.50", "￥ 1,234.50": "1234.50",
		"1234.50元": "1234.50", "150元整": "150.00", "人民币150元": "150.00", "１，２３４．５０": "1234.50", "　150　": "150.00",
		"-12.00": "-12.00", "－12": "-12.00", "−12": "-12.00", "(12.00)": "-12.00", "（12.00）": "-12.00", "-¥12": "-12.00", "CNY 12": "12.00",
		"999,999,999.99": "999999999.99", "007": "7.00",

		"": "!not-an-amount", "-": "!not-an-amount", "12.345": "!not-an-amount", "12.500": "!not-an-amount", "1,23": "!not-an-amount",
		"1,2345": "!not-an-amount", "12,34,567": "!not-an-amount", "1.234,50": "!not-an-amount", "1e3": "!not-an-amount", "1.5万": "!not-an-amount",
		"一百五十": "!not-an-amount", "150-160": "!not-an-amount", "--12": "!not-an-amount", "1000000000": "!not-an-amount", ".5": "!not-an-amount",
		"5.": "!not-an-amount", "$5": "!not-an-amount", "150/160": "!not-an-amount", "NaN": "!not-an-amount",
	} {
		got := ""
		if a, err := ParseAmount(text); err != nil {
			got = codeOf(err)
		} else {
			got = a.String()
		}
		if got != want {
			t.Errorf("%q is read as %s, want %s", text, got, want)
		}
	}
}

func TestDatesAreReadAsWrittenOrRefused(t *testing.T) {
	for text, want := range map[string]string{
		"2026-06-18": "2026-06-18 00:00:00", "2026/6/18": "2026-06-18 00:00:00", "2026.6.18": "2026-06-18 00:00:00",
		"2026年6月18日": "2026-06-18 00:00:00", "2026 年 6 月 18 日": "!not-a-date", "2026年06月18号": "2026-06-18 00:00:00", "20260618": "2026-06-18 00:00:00",
		"２０２６－０６－１８": "2026-06-18 00:00:00", "2026-06-18 09:30": "2026-06-18 09:30:00", "2026-06-18 09:30:05": "2026-06-18 09:30:05",
		"2026-06-18T09:30:00": "2026-06-18 09:30:00", "2026年6月18日 9时5分": "2026-06-18 09:05:00", "2026年6月18日9点": "2026-06-18 09:00:00",
		"2026-06-18 下午 2:30": "2026-06-18 14:30:00", "2026-06-18T01:30:00Z": "2026-06-18 09:30:00", "2028-02-29": "2028-02-29 00:00:00",

		"": "!not-a-date", "06/18/26": "!not-a-date", "6/18/2026": "!not-a-date", "18.06.2026": "!not-a-date", "26-06-18": "!not-a-date", "6月18日": "!not-a-date",
		"2026-02-29": "!not-a-date", "2026-13-01": "!not-a-date", "2026-00-10": "!not-a-date", "2026-06": "!not-a-date", "2026-06/18": "!not-a-date",
		"1999-12-31": "!not-a-date", "2100-01-01": "!not-a-date", "46191": "!not-a-date", "2026-06-18 25:00": "!not-a-date", "2026-06-18 09:61": "!not-a-date",
		"2026-06-18 左右": "!not-a-date", "2026-06-181": "!not-a-date", "2026-6-18~20": "!not-a-date", "昨天": "!not-a-date",
	} {
		got := ""
		if at, _, err := ParseInstant(text); err != nil {
			got = codeOf(err)
		} else {
			got = at.In(calendar.Shanghai).Format(time.DateTime)
		}
		if got != want {
			t.Errorf("%q is read as %s, want %s", text, got, want)
		}
	}
}

func TestQuantitiesAndYesOrNo(t *testing.T) {
	for text, want := range map[string]string{
		"2": "2", "2台": "2", "2 个": "2", "3.5米": "3.5", "１２": "12", "1,000": "1000", "0.125": "0.125",
		"": "!not-a-decimal", "二": "!not-a-decimal", "2台1个": "!not-a-decimal", "1e9": "!not-a-decimal", "2*3": "!not-a-decimal",
	} {
		got := ""
		if q, err := ParseQuantity(text); err != nil {
			got = codeOf(err)
		} else {
			got = q.String()
		}
		if got != want {
			t.Errorf("quantity %q is read as %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"是": "true", "√": "true", "✓": "true", "Yes": "true", "TRUE": "true", "1": "true",
		"否": "false", "×": "false", "": "false", "-": "false", "N": "false", "ｘ": "false", "大概": "!not-yes-or-no", "是否": "!not-yes-or-no",
	} {
		got := "false"
		if yes, err := ParseYesNo(text); err != nil {
			got = codeOf(err)
		} else if yes {
			got = "true"
		}
		if got != want {
			t.Errorf("%q is read as %s, want %s", text, got, want)
		}
	}
}

func TestStoredNumbersKeepTheirFifteenDigits(t *testing.T) {
	for stored, want := range map[string]string{
		"1234.5": "1234.5", "0.1": "0.1", "0.30000000000000004": "0.3", "1234.5600000000001": "1234.56", "33.333333333333336": "33.3333333333333",
		"1E-3": "0.001", "1.2345E+5": "123450", "999999999.99": "999999999.99", "0.125": "0.125", "46191.395833333336": "46191.3958333333", "-0": "0",
		"1e999": "", "1e21": "", "NaN": "", "Infinity": "", "0x1p4": "", "1_000": "", "abc": "", "": "",
	} {
		got, ok := exactNumber(stored)
		if got != want || ok != (want != "") {
			t.Errorf("%q is read as %q, %t; want %q", stored, got, ok, want)
		}
	}
}

// The fuzz targets hold what a reader must keep whatever it is given: it does
// not panic, and what it accepts, written plainly, it reads as the same again.

func FuzzAmount(f *testing.F) {
	for _, s := range []string{"1,234.50", "￥１２．３", "(5)", "-¥ 1", "1e9", "人民币5元整"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ParseAmount(s)
		if err != nil {
			return
		}
		if money.Max.Less(a) || money.Max.Less(a.Neg()) {
			t.Errorf("%q exceeds the largest amount", s)
		}
		if again, err := ParseAmount(a.String()); err != nil || again != a {
			t.Errorf("%q is %s, which is read as %s, %v", s, a, again, err)
		}
	})
}

func FuzzInstant(f *testing.F) {
	for _, s := range []string{
		"2026-06-18", "2026年6月18日 9时5分", "20260618", "2026/6/18 下午 3:04:05", "06/18/26", "46191", "2026-06-18T01:30:00Z",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, _, err := ParseInstant(s)
		if err != nil {
			return
		}
		day, _, err := ParseInstant(at.Format(time.DateOnly))
		if err != nil || calendar.DateOf(day) != calendar.DateOf(at) {
			t.Errorf("%q is %s, whose day is read as %s, %v", s, at, day, err)
		}
		for _, dates := range []serialDates{{}, {from1904: true}} {
			_, _, _ = dates.instant(s)
		}
	})
}

func FuzzQuantity(f *testing.F) {
	for _, s := range []string{"2台", "3.5 米", "1,000", "１２"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := ParseQuantity(s)
		if err != nil {
			return
		}
		if again, err := ParseQuantity(q.String()); err != nil || !again.Equal(q) {
			t.Errorf("%q is %s, which is read as %s, %v", s, q, again, err)
		}
	})
}

func FuzzYesNo(f *testing.F) {
	for _, s := range []string{"是", "√", "×", "no", "?"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := ParseYesNo(s); err != nil && codeOf(err) != "!not-yes-or-no" {
			t.Error(err)
		}
	})
}

func FuzzStoredNumber(f *testing.F) {
	for _, s := range []string{"0.1", "1E-3", "1e999", "0.30000000000000004"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, ok := exactNumber(s)
		if !ok {
			return
		}
		if _, err := decimal.NewFromString(n); err != nil || len(n) > 40 {
			t.Errorf("%q is read as %q, %v", s, n, err)
		}
	})
}

// exercise reads every value of a list as everything.
func exercise(t *testing.T, file []byte, layout Layout) {
	list, err := Read(file, Options{}, layout)
	if err != nil {
		if list != nil || codeOf(err) == "!"+err.Error() {
			t.Errorf("error %v with list %v", err, list)
		}
		return
	}
	for _, r := range list.Rows {
		said := false
		for _, c := range layout.Columns {
			v := r.Value(c.Field)
			said = said || !v.Blank()
			_, _ = v.Text()
			_, _ = v.Amount()
			_, _ = v.Quantity()
			_, _ = v.Price()
			_, _, _ = v.Instant()
			_, _ = v.YesNo()
			if v.Cell == "" {
				t.Errorf("a value of row %d does not know its cell", r.Number)
			}
		}
		if !said {
			t.Errorf("row %d says nothing and is not passed over", r.Number)
		}
	}
	for _, total := range list.Totals {
		_, _ = total.Figures[0].Value.Amount()
	}
}

func FuzzCSV(f *testing.F) {
	for _, name := range []string{"charges.csv", "charges-gb18030.csv", "faults.csv"} {
		f.Add(testdata(f, name))
	}
	f.Add([]byte("日期;项目;服务\n" + strings.Repeat(";", 30)))
	f.Fuzz(func(t *testing.T, file []byte) {
		exercise(t, file, Charges)
		exercise(t, file, Faults)
	})
}

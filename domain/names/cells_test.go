package names

import (
	"testing"
	"time"
)

func TestCellsOfTheServiceTableAreSaidInChinese(t *testing.T) {
	for cell, want := range map[string]string{
		"none": "无", "promptly": "及时", "24h": "24小时", "1h30m": "1小时30分", "2/week": "每周 2 次", "1/half-month": "每半月 1 次",
		"1/month": "每月 1 次", "6 months": "6 个月", "": "", "驻场": "驻场", "1/year": "1/year",
	} {
		if said := Cell(cell); said != want {
			t.Errorf("%q is said %q, want %q", cell, said, want)
		}
	}
	for d, want := range map[time.Duration]string{
		0: "", 59 * time.Minute: "59分", 26*time.Hour + 5*time.Minute: "1天2小时5分", 1500 * time.Millisecond: "2秒",
	} {
		if said := Span(d); said != want {
			t.Errorf("%s is said %q, want %q", d, said, want)
		}
	}
}

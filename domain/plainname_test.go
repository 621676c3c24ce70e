package domain

import "testing"

func TestANameIsTheSameHoweverItIsWritten(t *testing.T) {
	for _, same := range [][]string{
		{"云栖花园1期", "云栖花园一期", "云栖花园（一期）", "云栖花园 １ 期", "云栖花园·1期"},
		{"万科VANKE物业", "万科Vanke物业", "万科ｖａｎｋｅ（物业）"},
		{"", "", "（）", "—"},
	} {
		for _, name := range same[1:] {
			if got := PlainName(name); got != same[0] {
				t.Errorf("%q: got %q, want %q", name, got, same[0])
			}
		}
	}
	if PlainName("云栖花园一期") == PlainName("云栖花园二期") {
		t.Error("two phases are one")
	}
}

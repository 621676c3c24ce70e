package wording

import "testing"

func TestAPlaceInAFileIsSaidInTheReadersLanguage(t *testing.T) {
	for at, want := range map[string]string{
		"line 6": "第 6 行", "line 6, column 金额": "第 6 行“金额”列", "line 12, column 费用, 元": "第 12 行“费用, 元”列",
		"line 3 … line 5": "第 3 行 … 第 5 行", "11月!F3": "11月!F3", "11月!3 … 11月!5": "11月!3 … 11月!5", "": "", "the line 6": "the line 6",
	} {
		if got := Chinese.Place(at); got != want {
			t.Errorf("%q: got %q, want %q", at, got, want)
		}
		if got := English.Place(at); got != at {
			t.Errorf("%q in English is %q", at, got)
		}
	}
}

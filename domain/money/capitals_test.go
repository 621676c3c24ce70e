package money_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"aftersales-ledger/domain/money"
)

func TestCapitals(t *testing.T) {
	for amount, want := range map[string]string{
		"0.00":           "零元整",
		"0.05":           "伍分",
		"0.50":           "伍角整",
		"-0.55":          "负伍角伍分",
		"1.00":           "壹元整",
		"10.00":          "壹拾元整",
		"10.05":          "壹拾元零伍分",
		"107000.53":      "壹拾万柒仟元伍角叁分",
		"1409.50":        "壹仟肆佰零玖元伍角整",
		"6007.14":        "陆仟零柒元壹角肆分",
		"16409.02":       "壹万陆仟肆佰零玖元零贰分",
		"325.04":         "叁佰贰拾伍元零肆分",
		"15450.50":       "壹万伍仟肆佰伍拾元伍角整",
		"100000000.00":   "壹亿元整",
		"100000001.00":   "壹亿零壹元整",
		"1010000000.00":  "壹拾亿壹仟万元整",
		"1001000000.00":  "壹拾亿零壹佰万元整",
		"-2000030004.00": "负贰拾亿零叁万零肆元整",
		"50007.00":       "伍万零柒元整",
	} {
		a, err := money.Parse(strings.TrimPrefix(amount, "-"))
		if err != nil {
			// Above the largest input, but not above a sum.
			whole := strings.TrimSuffix(strings.TrimPrefix(amount, "-"), ".00")
			var fen int64
			for _, d := range whole {
				fen = fen*10 + int64(d-'0')
			}
			a = money.Fen(fen * 100)
		}
		if amount[0] == '-' {
			a = a.Neg()
		}
		if got := a.Capitals(); got != "人民币"+want {
			t.Errorf("%s is %s, want 人民币%s", amount, got, want)
		}
	}
}

// readCapitals reads a capital amount back, by adding up what it says.
func readCapitals(s string) int64 {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "人民币"), "整")
	sign := int64(1)
	if rest, negative := strings.CutPrefix(s, "负"); negative {
		s, sign = rest, -1
	}
	var fen int64
	yuan, small, found := strings.Cut(s, "元")
	if !found {
		small, yuan = s, ""
	}
	var below func(s string) int64
	below = func(s string) int64 {
		for _, u := range []struct {
			name  string
			worth int64
		}{{"亿", 1e8}, {"万", 1e4}, {"仟", 1000}, {"佰", 100}, {"拾", 10}} {
			if i := strings.LastIndex(s, u.name); i >= 0 {
				return below(s[:i])*u.worth + below(s[i+len(u.name):])
			}
		}
		s = strings.TrimPrefix(s, "零")
		return int64(strings.Index("壹贰叁肆伍陆柒捌玖", s)/len("壹")) + 1 - int64(map[bool]int{true: 1, false: 0}[s == ""])
	}
	fen = below(yuan) * 100
	digit := rune(0)
	for _, r := range small {
		switch r {
		case '角':
			fen += below(string(digit)) * 10
		case '分':
			fen += below(string(digit))
		}
		digit = r
	}
	return sign * fen
}

func TestCapitalsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fen := rapid.OneOf(rapid.Int64Range(-1_000_000, 1_000_000), rapid.Int64(),
			rapid.Map(rapid.Int64Range(0, 99), func(n int64) int64 { return n * 1_000_000_001 })).Draw(t, "fen")
		if fen == -1<<63 {
			fen++
		}
		s := money.Fen(fen).Capitals()
		if got := readCapitals(s); got != fen {
			t.Fatalf("%d fen is %s, which says %d", fen, s, got)
		}
		if strings.Contains(s,
			"零零") || strings.Contains(s, "零元") && fen/100 != 0 || strings.Contains(s, "零万") || strings.Contains(s, "零亿") {
			t.Fatalf("%d fen is %s", fen, s)
		}
	})
}

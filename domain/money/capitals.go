package money

import "strings"

var capitalDigits = [10]string{"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"}

// Capitals writes the amount as documents of account must state it (大写), by the
// rules of the People's Bank for notes: 壹仟零伍元叁角整, 负伍分.
func (a Amount) Capitals() string {
	var b strings.Builder
	b.WriteString("人民币")
	fen := uint64(a.fen)
	if a.fen < 0 {
		b.WriteString("负")
		fen = -fen
	}
	yuan, jiao, rest := fen/100, fen/10%10, fen%10
	if yuan > 0 || fen == 0 {
		writeCapital(&b, yuan)
		b.WriteString("元")
	}
	if jiao > 0 {
		b.WriteString(capitalDigits[jiao] + "角")
	}
	if rest == 0 {
		b.WriteString("整")
		return b.String()
	}
	if jiao == 0 && yuan > 0 {
		b.WriteString("零")
	}
	b.WriteString(capitalDigits[rest] + "分")
	return b.String()
}

// writeCapital writes a whole number: what stands before each unit is itself a
// number, and a gap of zeros before what follows it is one 零.
func writeCapital(b *strings.Builder, n uint64) {
	if n < 10 {
		b.WriteString(capitalDigits[n])
		return
	}
	for _, u := range [...]struct {
		worth uint64
		name  string
	}{{1e8, "亿"}, {1e4, "万"}, {1000, "仟"}, {100, "佰"}, {10, "拾"}} {
		if n < u.worth {
			continue
		}
		writeCapital(b, n/u.worth)
		b.WriteString(u.name)
		if rest := n % u.worth; rest > 0 {
			if rest < u.worth/10 {
				b.WriteString("零")
			}
			writeCapital(b, rest)
		}
		return
	}
}

package sheet

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"
	"golang.org/x/text/width"
)

// signatureWords stand before the colon of a row of signatures or notes below
// the list.
var signatureWords = []string{
	"制表", "制单", "填表", "填报", "填写", "编制", "审核", "审批", "复核", "核对", "经办", "签字", "签名", "签章", "盖章",
	"盘点人", "监盘人", "保管人", "负责人", "主管", "财务", "出纳", "会计", "日期", "备注", "说明", "注", "附注", "preparedby", "reviewedby", "approvedby", "signature", "note",
}

// placeholders stand in a cell that has nothing to say.
var placeholders = []string{"-", "--", "—", "——", "/", "\\", "无", "n/a", "N/A"}

func isPlaceholder(s string) bool {
	if rest, money := strings.CutPrefix(s, "¥"); money { // ¥ -, as 会计专用 shows nothing and 0.00
		s = strings.TrimSpace(rest)
	}
	return slices.Contains(placeholders, s)
}

// clean takes out what a reader does not see: spaces around, full-width forms
// of ASCII, marks of zero width.
func clean(s string) string {
	if isPlain(s) {
		return strings.Trim(s, " ")
	}
	s = width.Fold.String(s)
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\ufeff' || r == '\u2060' || r == '\u00ad':
			return -1
		case r == '\r' || r == '\n' || r == '\t' || r == '\v' || r == '\f':
			return ' '
		case r == '\u00a0' || unicode.Is(unicode.Zs, r):
			return ' '
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// brackets of any form stand around units and second names.
var brackets = strings.NewReplacer("[", "(", "]", ")", "【", "(", "】", ")", "〔", "(", "〕", ")", "{", "(", "}", ")", "《",
	"(", "》", ")", "〈", "(", "〉", ")")

// canonical reduces a heading to its letters and digits, without the units that
// it adds: 金额(元), 发生额/元, 单价【元/台】, 金额(含税/元).
func canonical(s string) string {
	var b strings.Builder
	for i, part := range headingParts(s) {
		if i > 0 && part.isUnit() {
			continue
		}
		b.WriteString(keep(part.text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }))
	}
	return b.String()
}

// otherUnit returns the unit of a heading in which its figures are no yuan, such
// as 万元; empty is none.
func otherUnit(s string) string {
	for i, part := range headingParts(s) {
		if (i > 0 || part.inside) && slices.Contains(words.OtherUnits, part.text) {
			return part.text
		}
	}
	return ""
}

// isUnit tells a heading that states no more than a unit: (元), 单位：台.
func isUnit(s string) bool {
	parts := headingParts(s)
	for i, part := range parts {
		if !part.isUnit() && (i > 0 || len(parts) == 1 || part.text != "单位") {
			return false
		}
	}
	return len(parts) > 0
}

// headingPart is what stands between the marks of a heading.
type headingPart struct {
	text   string // lower case, without blanks
	inside bool   // brackets
}

func (p headingPart) isUnit() bool {
	return slices.Contains(words.Units,
		p.text) || p.inside && (p.text == "单位" || slices.Contains(words.Units, strings.TrimPrefix(p.text, "单位")))
}

// headingParts splits a heading at its brackets and, where a unit may follow,
// at strokes, commas and colons.
func headingParts(s string) (parts []headingPart) {
	s = brackets.Replace(strings.ToLower(width.Fold.String(s)))
	inside := false
	var b strings.Builder
	end := func() {
		fields := strings.Fields(b.String())
		b.Reset()
		if n := len(fields); n > 1 && fields[n-1] == "元" {
			fields = fields[:n-1]
		}
		if len(fields) > 0 {
			parts = append(parts, headingPart{strings.Join(fields, ""), inside})
		}
	}
	for _, r := range s {
		switch {
		case r == '(':
			end()
			inside = true
		case r == ')':
			end()
			inside = false
		case strings.ContainsRune("/,、:;", r):
			end()
		default:
			b.WriteRune(r)
		}
	}
	end()
	return parts
}

func keep(s string, wanted func(rune) bool) string {
	return strings.Map(func(r rune) rune {
		if wanted(r) {
			return r
		}
		return -1
	}, s)
}

// chineseOf and latinOf are the two halves of a heading in both languages.
func chineseOf(s string) string {
	return keep(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}
func latinOf(s string) string {
	return keep(s, func(r rune) bool { return !unicode.Is(unicode.Han, r) })
}

// capitalFigures and capitalUnits are the words of amounts (大写).
var (
	capitalFigures = map[rune]int64{'零': 0, '〇': 0, '壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9,
		'一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
	capitalUnits = map[rune]int64{'拾': 10, '十': 10, '佰': 100, '百': 100, '仟': 1000, '千': 1000}
	capitalText  = regexp.MustCompile(`(?:人民币)?负?[零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿]+[元圆][零壹贰叁肆伍陆柒捌玖角分]*[整正]?`)
)

// capitalsOf finds an amount in words in a text.
func capitalsOf(text string) string {
	return capitalText.FindString(strings.ReplaceAll(text, " ", ""))
}

// readCapitals reads an amount in words.
func readCapitals(s string) (decimal.Decimal, bool) {
	s = strings.TrimPrefix(s, "人民币")
	s, negative := strings.CutPrefix(s, "负")
	var whole, section, figure, fen int64
	yuan := false
	for _, r := range s {
		f, isFigure := capitalFigures[r]
		unit, isUnit := capitalUnits[r]
		switch {
		case isFigure:
			figure = f
			continue
		case isUnit && !yuan:
			section += max(figure, map[bool]int64{true: 1}[figure == 0 && unit == 10 && section == 0]) * unit
		case r == '万' && !yuan:
			whole += (section + figure) * 10_000
			section = 0
		case r == '亿' && !yuan:
			whole = (whole + section + figure) * 100_000_000
			section = 0
		case (r == '元' || r == '圆') && !yuan:
			whole += section + figure
			yuan = true
		case r == '角' && yuan:
			fen += figure * 10
		case r == '分' && yuan:
			fen += figure
		case r == '整' || r == '正':
		default:
			return decimal.Decimal{}, false
		}
		figure = 0
	}
	d := decimal.New(whole*100+fen, -2)
	if negative {
		d = d.Neg()
	}
	return d, yuan && figure == 0
}

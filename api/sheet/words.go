package sheet

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// totalWords begin a row that states a sum over the rows above it.
var totalWords = []string{"合计", "总计", "共计", "总合计", "总金额", "total", "grandtotal", "sum"}

// subtotalWords begin a row that sums up a part; it is passed over.
var subtotalWords = []string{"小计", "本页小计", "本页合计", "累计", "本月累计", "本年累计", "subtotal"}

// signatureWords stand before the colon of a row of signatures or notes below
// the list.
var signatureWords = []string{
	"制表", "制单", "填表", "填报", "填写", "编制", "审核", "审批", "复核", "核对", "经办", "签字", "签名", "签章", "盖章",
	"盘点人", "监盘人", "保管人", "负责人", "主管", "财务", "出纳", "会计", "日期", "备注", "说明", "注", "附注", "preparedby", "reviewedby", "approvedby", "signature", "note",
}

// placeholders stand in a cell that has nothing to say.
var placeholders = []string{"-", "--", "—", "——", "/", "\\", "无", "n/a", "N/A"}

func isPlaceholder(s string) bool { return slices.Contains(placeholders, s) }

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

// unitOfHeading is what headings add about the unit: 金额(元), 单价(元/台),
// 金额(含税/元).
var unitOfHeading = regexp.MustCompile(`\((?:单位:?)?(?:人民币|rmb|cny|yuan)?元?(?:/[^)]*)?\)|[/,、:](?:人民币|rmb|cny)?元\)`)

// canonical reduces a heading to its letters and digits.
func canonical(s string) string {
	s = strings.ToLower(width.Fold.String(s))
	s = unitOfHeading.ReplaceAllString(s, "")
	return keep(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
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

// cutTotalWord splits 合计：1,234.00 into its word and the rest. The word is
// empty for a subtotal.
func cutTotalWord(s string) (word, rest string, found bool) {
	letters, rest := leadingLetters(s)
	switch {
	case slices.Contains(subtotalWords, letters):
		return "", "", true
	case slices.Contains(totalWords, letters):
		return strings.TrimSpace(s[:len(s)-len(rest)]), afterLabel(rest), true
	}
	for _, w := range []string{"合计", "总计", "共计"} {
		if after, ok := strings.CutPrefix(letters, w); ok && slices.Contains([]string{"金额", "大写", "人民币", "人民币大写", "金额大写", "元"}, after) {
			return w, afterLabel(rest), true
		}
	}
	return "", "", false
}

// leadingLetters takes the letters at the beginning of s, spaces between them
// left out: 合 计 is 合计.
func leadingLetters(s string) (letters, rest string) {
	var b strings.Builder
	for i, r := range s {
		if r == ' ' {
			continue
		}
		if !unicode.IsLetter(r) {
			return strings.ToLower(b.String()), s[i:]
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String()), ""
}

// afterLabel takes the colon, and what stands in brackets before it, off the
// front of a stated value.
func afterLabel(s string) string {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "(") {
		if _, after, ok := strings.Cut(s, ")"); ok {
			s = after
		}
	}
	return strings.TrimSpace(strings.TrimLeft(s, ": "))
}

// isSignature recognises a row of signatures or notes by its first words: 制表人：.
func isSignature(r gridRow) bool {
	for _, c := range r.cells {
		if c.blank() {
			continue
		}
		label, _, colon := strings.Cut(c.text, ":")
		label = canonical(label)
		if !colon {
			return slices.Contains(signatureWords, label) && label != ""
		}
		return slices.ContainsFunc(signatureWords, func(w string) bool { return strings.Contains(label, w) })
	}
	return false
}

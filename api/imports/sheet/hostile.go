package sheet

import (
	"regexp"
	"slices"
	"strings"

	"aftersales-ledger/domain"
)

// What a file says of its figures elsewhere than in the figures: that they are
// other money, or the two halves of one that was torn apart.

// yuan are the ways in which CNY is written.
var yuan = []string{"CNY", "RMB", "人民币", "人民币元", "元", "156", "01", "¥", "人民币(CNY)", "CNY人民币"}

// IsYuan tells a name of the currency that is booked.
func IsYuan(currency string) bool { return slices.Contains(yuan, strings.ToUpper(currency)) }

var (
	currencyHeading = regexp.MustCompile(`币种|币别|货币|(?i)currency`)
	currencyBeside  = regexp.MustCompile(`(?:币种|币别|货币)\s*:\s*([^\s,;()]+)`)
	otherMoney      = regexp.MustCompile(`[$€£₩฿]|USD|HKD|EUR|JPY|GBP|美元|港币|港元|欧元|日元|英镑`)
)

// CurrencyIn finds the currency that a text names: 币种：美元. Empty is none.
func CurrencyIn(text string) string {
	if m := currencyBeside.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// otherCurrency refuses other money: named above the header, or row by row in a
// column that the layout does not know.
func (g *grid) otherCurrency(h header, l *List) error {
	wrong := func(cell, money string) error {
		return domain.Invalid("file", cell, "other-currency",
			"names %s, and must be CNY: other money cannot be booked, and sums over both say nothing", "Money",
			domain.Clip(money))
	}
	for _, r := range g.rows[:h.row] {
		for i, c := range r.cells {
			if money := CurrencyIn(c.text); money != "" && !c.merged && !IsYuan(money) {
				return wrong(g.name(r, i), money)
			}
		}
	}
	for i, d := range l.Headings {
		if d.Field != "" || d.Aside || !currencyHeading.MatchString(d.Text) {
			continue
		}
		for _, r := range l.Rows {
			if v := r.Under(d); !v.Blank() && !IsYuan(v.Shown()) {
				return wrong(v.Cell, v.Shown())
			}
		}
		l.Headings[i].Aside = true
	}
	return nil
}

var (
	frontOfNumber  = regexp.MustCompile(`^[+-]?[0-9]{1,3}$`)
	threeDigits    = regexp.MustCompile(`^[0-9]{3}$`)
	restOfNumber   = regexp.MustCompile(`^[0-9]{3}\.[0-9]{2}$`)
	tornByThousand = domain.Sentence("is followed by %s, as if a thousands mark had been taken for the comma between two cells; put the value in quotation marks, or save the file as .xlsx")
)

// torn tells a number whose thousands mark has separated it from its rest, which
// then stands in a column of something else: 1,150.00 in a file of commas.
func (g *grid) torn(r gridRow, at int, layout Layout) domain.Text {
	if !g.commas || !frontOfNumber.MatchString(r.at(at).text) || g.fieldAt(at+1, Number, layout) != "" {
		return domain.Text{}
	}
	rest := r.at(at + 1).text
	if threeDigits.MatchString(rest) && restOfNumber.MatchString(r.at(at+2).text) && g.fieldAt(at+2, Number,
		layout) == "" {
		return domain.Say(tornByThousand, rest+","+r.at(at+2).text)
	}
	if restOfNumber.MatchString(rest) {
		return domain.Say(tornByThousand, rest)
	}
	return domain.Text{}
}

// voided is what a cell says of a row that does not hold any more.
var voided = regexp.MustCompile(`^[(（]?(?:此行|本行|本单|此单|该笔|单据)?已?(?:作废|取消|撤销|注销|红冲|冲红|删除|无效)[)）]?$`)

// Voided finds the cell by which a row says that it does not hold: 作废, 已取消.
func (r Row) Voided() (v Value, found bool) {
	for _, v := range r.Cells() {
		if voided.MatchString(strings.ReplaceAll(v.text, " ", "")) {
			return v, true
		}
	}
	return v, false
}

// foreignFile tells files that are no lists and are often taken for one.
func foreignFile(file []byte) (format string) {
	start := string(file[:min(len(file), 64)])
	for begin, format := range map[string]string{"%PDF": "PDF", "{\\rtf": "RTF", "MIME-Version:": "MHTML"} {
		if strings.HasPrefix(start, begin) {
			return format
		}
	}
	return ""
}

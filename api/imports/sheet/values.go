package sheet

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Value is what one cell says. Its methods read it as what the column holds;
// their errors are *domain.Rejection without a field, which the caller knows.
type Value struct {
	Cell   string // such as Sheet1!F12, or line 12, column 费用
	text   string
	number string
	bad    domain.Text
	serial serialDates
	year   int // of the list; 0: unknown
}

// Shown is the cell's text as a person sees it, readable or not.
func (v Value) Shown() string { return domain.Clip(v.text) }

// Blank tells a cell that says nothing; a stroke or 无 says nothing either, unless
// it is how a number, 0.00, is shown.
func (v Value) Blank() bool {
	return v.bad.IsZero() && v.number == "" && (v.text == "" || isPlaceholder(v.text))
}

// readable rejects a cell that the spreadsheet itself marks as wrong.
func (v Value) readable() error {
	if v.bad.IsZero() {
		return nil
	}
	return domain.Invalid("", v.Shown(), "unreadable-cell", v.bad.Format, "", v.bad.Args...)
}

// Text reads free text; blank is empty.
func (v Value) Text() (string, error) {
	if err := v.readable(); err != nil || v.Blank() {
		return "", err
	}
	return v.text, nil
}

// TextOf is what a cell says that holds a text.
func TextOf(s string) string {
	text, _ := Value{text: clean(s)}.Text()
	return text
}

// Amount reads money.
func (v Value) Amount() (money.Amount, error) {
	if err := v.readable(); err != nil {
		return money.Amount{}, err
	}
	return ParseAmount(v.numeral())
}

// Quantity reads a quantity, with or without its unit.
func (v Value) Quantity() (decimal.Decimal, error) {
	if err := v.readable(); err != nil {
		return decimal.Decimal{}, err
	}
	return ParseQuantity(v.numeral())
}

// Price reads a unit price, which may have more decimals than money.
func (v Value) Price() (decimal.Decimal, error) {
	if err := v.readable(); err != nil {
		return decimal.Decimal{}, err
	}
	return ParsePrice(v.numeral())
}

func (v Value) numeral() string {
	if v.number != "" {
		return v.number
	}
	return v.text
}

// Date reads a business date.
func (v Value) Date() (calendar.Date, error) {
	t, _, err := v.Instant()
	if err != nil {
		return 0, err
	}
	return calendar.DateOf(t), nil
}

// Instant reads a date with or without a time of day, in Shanghai.
func (v Value) Instant() (t time.Time, timed bool, err error) {
	if err := v.readable(); err != nil {
		return time.Time{}, false, err
	}
	if v.number != "" {
		if t, timed, ok := v.serial.instant(v.number); ok {
			return t, timed, nil
		}
		return ParseInstant(v.number)
	}
	if v.year > 0 && monthAndDay.MatchString(v.text) {
		return ParseInstant(fmt.Sprintf("%d年%s", v.year, v.text))
	}
	return ParseInstant(v.text)
}

// YesNo reads 是, 否, √ and the like; blank is no.
func (v Value) YesNo() (bool, error) {
	if err := v.readable(); err != nil {
		return false, err
	}
	return ParseYesNo(v.text)
}

func isZero(c cell) bool {
	v := Value{text: c.text, number: c.number}
	d, err := v.Price()
	return err == nil && d.IsZero()
}

var (
	// plainNumber and groupedNumber are the two ways of writing a number:
	// without separators, or with one after every third digit.
	plainNumber   = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,15})?$`)
	groupedNumber = regexp.MustCompile(`^[0-9]{1,3}(,[0-9]{3}){1,3}(\.[0-9]{1,15})?$`)
)

// numeral reads a number as people write it: separators of thousands,
// full-width digits, a sign before it or brackets around it. Blanks within it
// are refused: 2 1 may be 21, or two numbers.
func numeral(s string) (decimal.Decimal, bool) {
	s = clean(s)
	negative := false
	if inner, ok := strings.CutPrefix(s, "("); ok {
		if inner, ok = strings.CutSuffix(inner, ")"); ok {
			s, negative = strings.TrimSpace(inner), true
		}
	}
	if sign, rest := cutSign(s); sign != "" && !negative {
		s, negative = rest, sign == "-"
	}
	switch {
	case plainNumber.MatchString(s):
	case groupedNumber.MatchString(s):
		s = strings.ReplaceAll(s, ",", "")
	default:
		return decimal.Decimal{}, false
	}
	d, err := decimal.NewFromString(s)
	if negative {
		d = d.Neg()
	}
	return d, err == nil
}

// cutSign takes a sign off the front of a number: - or + and the rest.
func cutSign(s string) (sign, rest string) {
	for _, mark := range []string{"-", "−", "+"} {
		if rest, ok := strings.CutPrefix(s, mark); ok {
			return strings.Replace(mark, "−", "-", 1), strings.TrimSpace(rest)
		}
	}
	return "", s
}

// withoutCurrency takes the marks of the currency off an amount. A sign may
// stand before them.
func withoutCurrency(s string) string {
	sign, s := cutSign(clean(s))
	for _, mark := range []string{"人民币", "RMB", "CNY", "¥"} {
		s = strings.TrimSpace(strings.TrimPrefix(s, mark))
	}
	for _, mark := range []string{"整", "元", "圆"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, mark))
	}
	return sign + s
}

// ParseAmount reads money as such departments write it: ¥1,234.50, 1234.5元,
// １２３４．５０, (12.00). It refuses more than two decimals, and never rounds.
func ParseAmount(s string) (money.Amount, error) {
	d, ok := numeral(withoutCurrency(s))
	if !ok {
		return money.Amount{}, domain.Invalid("", domain.Clip(s), "not-an-amount",
			"must be an amount in yuan such as 1,234.50", "")
	}
	if d.Exponent() < -2 {
		return money.Amount{}, domain.Invalid("", domain.Clip(s), "not-an-amount",
			"must have at most two decimals (fen); it is never rounded", "")
	}
	return money.Parse(d.StringFixed(2))
}

// ParsePrice reads a unit price: like an amount, with as many decimals as stand there.
func ParsePrice(s string) (decimal.Decimal, error) {
	d, ok := numeral(withoutCurrency(s))
	if !ok {
		return decimal.Decimal{}, domain.Invalid("", domain.Clip(s), "not-a-decimal", "must be a number such as 150.00", "")
	}
	return d, nil
}

// units may follow a quantity.
var units = []string{
	"台", "个", "只", "套", "件", "块", "根", "米", "张", "次", "户", "条", "把", "处", "批", "项", "部", "组", "小时", "pcs",
}

// ParseQuantity reads a quantity, with or without its unit: 2, 2台, 3.5 米.
func ParseQuantity(s string) (decimal.Decimal, error) {
	text := clean(s)
	for _, u := range units {
		if rest, ok := strings.CutSuffix(text, u); ok {
			text = rest
			break
		}
	}
	d, ok := numeral(text)
	if !ok {
		return decimal.Decimal{}, domain.Invalid("", domain.Clip(s), "not-a-decimal", "must be a quantity such as 2 or 3.5",
			"")
	}
	return d, nil
}

var (
	// writtenDate is year, month, day with one kind of mark between them.
	writtenDate = regexp.MustCompile(`^(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]?)`)
	// compactDate is 20260618, with or without 17:07:09 or 170709 behind it.
	compactDate = regexp.MustCompile(`^(20\d{2})(\d{2})(\d{2})(?:[ T]?(\d{2}):?(\d{2}):?(\d{2}))?$`)
	// writtenTime follows a date.
	writtenTime = regexp.MustCompile(`(?i)^[ T]?(上午|下午)? ?(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.\d{1,9})?)?|[时点] ?(?:(\d{1,2}) ?分? ?(?:(\d{1,2}) ?秒)?)?) ?(am|pm)?$`)
	// weekday may stand behind a date.
	weekday = regexp.MustCompile(`(?i)^ ?[(]?(?:(?:星期|周)[一二三四五六日天]|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)[)]? ?`)
	// monthAndDay is a date whose year is that of its list.
	monthAndDay = regexp.MustCompile(`^\d{1,2} ?月 ?\d{1,2} ?[日号]?(?:$|[ (星周])`)
)

// ParseInstant reads a date as such departments write it, with or without a
// time of day: 2026-06-18, 2026/6/18, 2026.6.18, 2026年6月18日, 20260618,
// 2026-06-18 09:30, 2026年6月18日9时30分, 20260618 093000, 2026-06-18 9:30 PM, with
// or without a weekday. The year has four digits and comes first: 06/18/26 could
// be read in more than one way, and is refused.
func ParseInstant(s string) (t time.Time, timed bool, err error) {
	text := clean(s)
	wrong := func() (time.Time, bool, error) {
		return time.Time{}, false, domain.Invalid("", domain.Clip(s), "not-a-date",
			"must be a date with a year of four digits first, such as 2026-06-18, 2026/6/18 or 2026年6月18日, within 2000–2099", "")
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		if _, err := calendar.ParseDate(text); err != nil {
			return wrong()
		}
		return t.In(calendar.Shanghai), true, nil
	}
	var parts []string
	rest := ""
	if m := compactDate.FindStringSubmatch(text); m != nil {
		parts = m[1:4]
		if m[4] != "" {
			rest = " " + strings.Join(m[4:7], ":")
		}
	} else if m := writtenDate.FindStringSubmatch(text); m != nil {
		rest = text[len(m[0]):]
		rest = rest[len(weekday.FindString(rest)):]
		parts = slices.DeleteFunc(m[1:], func(p string) bool { return p == "" })
	} else {
		return wrong()
	}
	d, ok := civil(parts)
	if !ok {
		return wrong()
	}
	if rest = strings.TrimRight(rest, " "); rest == "" {
		return d.Start(), false, nil
	}
	at, ok := timeOfDay(rest)
	if !ok {
		return wrong()
	}
	return d.Start().Add(at), true, nil
}

// timeOfDay reads what follows a date.
func timeOfDay(s string) (at time.Duration, ok bool) {
	m := writtenTime.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	hour, minute, second := number(m[2]), number(m[3])+number(m[5]), number(m[4])+number(m[6])
	half := strings.ToLower(m[7])
	switch {
	case half != "" && (m[1] != "" || hour > 12 || hour == 0):
		return 0, false
	case half == "am" && hour == 12:
		hour = 0
	case (m[1] == "下午" || half == "pm") && hour < 12:
		hour += 12
	}
	if hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second, true
}

// civil makes a date of year, month and day, if there is such a day.
func civil(parts []string) (calendar.Date, bool) {
	d, err := calendar.ParseDate(fmt.Sprintf("%s-%02d-%02d", parts[0], number(parts[1]), number(parts[2])))
	return d, err == nil
}

// number reads at most four digits; none are 0.
func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// serialDates reads dates as XLSX keeps them: days since an epoch, with the
// time of day as their fraction.
type serialDates struct{ from1904 bool }

const daysFrom1900To1904 = 1462

// instant reads a serial number. Numbers outside 2000–2099 are no dates.
func (s serialDates) instant(number string) (t time.Time, timed, ok bool) {
	n, err := decimal.NewFromString(number)
	if err != nil {
		return t, false, false
	}
	if s.from1904 {
		n = n.Add(decimal.NewFromInt(daysFrom1900To1904))
	}
	if n.LessThan(decimal.NewFromInt(36526)) || n.GreaterThanOrEqual(decimal.NewFromInt(73051)) {
		return t, false, false
	}
	day := n.Truncate(0)
	seconds := n.Sub(day).Mul(decimal.NewFromInt(24 * 60 * 60)).Round(0).IntPart()
	d := calendar.NewDate(1899, time.December, 30).AddDays(int(day.IntPart()))
	return d.Start().Add(time.Duration(seconds) * time.Second), seconds != 0, true
}

var (
	yesWords = []string{"是", "√", "✓", "✔", "☑", "对", "有", "已", "已解决", "解决", "y", "yes", "true", "1"}
	noWords  = []string{"", "否", "×", "✗", "✘", "x", "错", "无", "没有", "未", "未解决", "n", "no", "false", "0"}
)

// ParseYesNo reads 是 or 否, √ or ×, yes or no; blank is no.
func ParseYesNo(s string) (bool, error) {
	text := strings.ToLower(clean(s))
	switch {
	case slices.Contains(yesWords, text):
		return true, nil
	case slices.Contains(noWords, text) || isPlaceholder(text):
		return false, nil
	}
	return false, domain.Invalid("", domain.Clip(s), "not-yes-or-no", "must be 是 or 否 (√ or ×, yes or no)", "")
}

// quotedText is how some programs write a text that others shall not take for a
// number: ="0012", '0012 and, WeChat, `0012.
var quotedText = regexp.MustCompile("^(?:=\"([^\"]*)\"|['`](.+))$")

// textCell makes a cell of text, and marks what cannot be read.
func textCell(s string) cell {
	c := cell{text: clean(s)}
	if m := quotedText.FindStringSubmatch(c.text); m != nil {
		c.text = clean(m[1] + m[2])
	}
	switch {
	case utf8.RuneCountInString(s) > maxCellLength:
		c = cell{text: domain.Clip(c.text), bad: domain.Say("is longer than %d characters", maxCellLength)}
	case strings.ContainsRune(s, utf8.RuneError):
		c.bad = domain.Say("holds characters that were lost when the file was saved (�); enter them again")
	case strings.ContainsFunc(c.text, func(r rune) bool { return r < ' ' || r == 0x7f }):
		c.bad = domain.Say("holds control characters")
	case slices.Contains(errorValues, c.text):
		c.bad = domain.Say("is the error %s of a formula; correct the formula", c.text)
	}
	return c
}

// errorValues are what formulas show instead of a result.
var errorValues = []string{
	"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!",
}

package sheet

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// The days from and to which a file says that it is, and how it says so.
var (
	daysLabel = regexp.MustCompile(`(起始|开始|起)(?:日期|时间|日)|(终止|截止|结束|止)(?:日期|时间|日)|(?:时间|日期)范围|起止(?:日期|时间)|` +
		`(?:对账|查询|账单|明细|统计|交易|收费|计费|服务|结算|所属|报告|盘点)(?:期间|区间|时段|期)|期间|(盘点(?:日期|时间))|(?i:time ?range|period)`)
	// notOfLines stands before the label of a day by which something is to be done.
	notOfLines = regexp.MustCompile(`(?:付款|缴费|缴款|交款|回款|上报|填报|提交|报送|质保|保修)$`)
	writtenDay = `(20\d\d)(?:(\d\d)(\d\d)|\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2}))`
	dayInText  = regexp.MustCompile(writtenDay)
	daysInText = regexp.MustCompile(writtenDay + `\s*[日号]?\s*(?:至|到|[-—–~～]+)\s*(?:` + writtenDay +
		`|(\d{1,2})月(\d{1,2})日)`)
	monthInText = regexp.MustCompile(`(20\d\d)\s*(?:年\s*(\d{1,2})\s*月|[-/.](\d{1,2}))(?:份|\s*$|[^\d日]\D)`)
)

// Days are days that a file says to be of: from and to which it holds, or one end
// of them, or a month of which it does not say where it begins.
type Days struct {
	Cell     string
	Text     string        // as it stands
	From, To calendar.Date // zero: it does not say
	Counted  bool          // the day of a count
	Month    bool
	Unread   bool // it names days that cannot be read
}

// StatedDays reads the days that a row says the file to be of.
func StatedDays(row Row) (out []Days) {
	cells := row.Cells()
	if len(cells) == 0 {
		return nil
	}
	texts := make([]string, len(cells))
	for i, v := range cells {
		texts[i] = v.Shown()
	}
	text := strings.Join(texts, " ")
	labels := daysLabel.FindAllStringSubmatchIndex(text, -1)
	for i, at := range labels {
		end := len(text)
		if i+1 < len(labels) {
			end = labels[i+1][0]
		}
		if notOfLines.MatchString(text[:at[0]]) {
			continue
		}
		said := text[at[1]:end]
		d := Days{Cell: cells[0].Cell, Text: strings.TrimSpace(text[at[0]:end])}
		days, begins, ends := daysIn(said), at[2] >= 0, at[4] >= 0
		from, to, ranged := rangeIn(said)
		switch {
		case begins && len(days) >= 1:
			d.From = days[0]
		case ends && len(days) >= 1:
			d.To = days[0]
		case begins || ends:
			d.Unread = true
		case at[6] >= 0 && len(days) == 1:
			d.From, d.To, d.Counted = days[0], days[0], true
		case ranged:
			d.From, d.To = from, to
		case len(days) == 2:
			d.From, d.To = days[0], days[1]
		default:
			if d.From, d.To, d.Month = monthIn(said); !d.Month {
				d.Unread = true
			}
		}
		if d.Unread && strings.Trim(said, " :：[]()（）") == "" {
			continue // a label over nothing
		}
		out = append(out, d)
	}
	if len(labels) > 0 {
		return out
	}
	if from, to, ok := rangeIn(text); ok {
		return []Days{{Cell: cells[0].Cell, Text: text, From: from, To: to}}
	}
	return nil
}

// statedMonth reads the month that a title names.
func statedMonth(row Row) (Days, bool) {
	for _, v := range row.Cells() {
		if from, to, ok := monthIn(v.Shown()); ok && !dayInText.MatchString(v.Shown()) {
			return Days{Cell: v.Cell, Text: v.Shown(), From: from, To: to, Month: true}, true
		}
	}
	return Days{}, false
}

func daysIn(text string) (days []calendar.Date) {
	for _, m := range dayInText.FindAllStringSubmatch(text, -1) {
		if d, ok := dayOf(m[1], m[2]+m[4], m[3]+m[5]); ok {
			days = append(days, d)
		}
	}
	return days
}

func dayOf(year, month, day string) (calendar.Date, bool) {
	d, err := calendar.ParseDate(fmt.Sprintf("%04d-%02d-%02d", number(year), number(month), number(day)))
	return d, err == nil
}

// rangeIn reads two days with 至 or a stroke between; the second may leave out its
// year.
func rangeIn(text string) (from, to calendar.Date, ok bool) {
	m := daysInText.FindStringSubmatch(text)
	if m == nil {
		return from, to, false
	}
	from, ok = dayOf(m[1], m[2]+m[4], m[3]+m[5])
	if m[6] != "" {
		to, _ = dayOf(m[6], m[7]+m[9], m[8]+m[10])
	} else if to, _ = dayOf(m[1], m[11], m[12]); to < from {
		to, _ = dayOf(strconv.Itoa(number(m[1])+1), m[11], m[12])
	}
	return from, to, ok && to >= from
}

func monthIn(text string) (from, to calendar.Date, ok bool) {
	m := monthInText.FindStringSubmatch(text + " ")
	if m == nil {
		return from, to, false
	}
	from, ok = dayOf(m[1], m[2]+m[3], "1")
	return from, from.AddMonths(1).AddDays(-1), ok
}

// Days lists the days that the file says to be of, above its rows, between and
// below them.
func (l *List) Days() (out []Days) {
	for _, row := range l.Above {
		days := StatedDays(row)
		if month, ok := statedMonth(row); ok && len(days) == 0 {
			days = []Days{month}
		}
		out = append(out, days...)
	}
	for _, p := range l.Passed {
		if p.Why != Header {
			out = append(out, StatedDays(p.Row)...)
		}
	}
	return out
}

// Outside tells a day that is none of those that are said.
func (d Days) Outside(day calendar.Date) bool {
	return !d.From.IsZero() && day < d.From || !d.To.IsZero() && day > d.To
}

// String says the days: 2026-10-26 至 2026-11-25.
func (d Days) String() string {
	if d.Unread {
		return d.Text
	}
	return Open(d.From) + " 至 " + Open(d.To)
}

// Open says a day that a file may leave open.
func Open(d calendar.Date) string {
	if d.IsZero() {
		return "…"
	}
	return d.String()
}

// CompareDays holds the days that the file says to be of against those of its
// rows; zero is a row whose day is not known. A month is held against that of the
// calendar, and named as not compared where rows lie outside: the file does not
// say on which day it begins.
func (l *List) CompareDays(days []calendar.Date) (out []Compared) {
	known := slices.DeleteFunc(slices.Clone(days), calendar.Date.IsZero)
	for _, d := range l.Days() {
		c := Compared{Cell: d.Cell, Word: "期间", Name: "日期", Stated: d.String(), Status: NotCompared}
		if d.Counted {
			c.Word, c.Stated = "盘点日期", d.From.String()
		}
		outside := slices.ContainsFunc(known, d.Outside)
		switch {
		case d.Unread:
			c.Why = domain.Say("the days cannot be read")
		case len(known) == 0:
			c.Why = domain.Say("no row says its day")
		case len(known) < len(days):
			c.Why = domain.Say("the days of %d rows are not known", len(days)-len(known))
		case d.Month && outside:
			c.Why = domain.Say("rows lie outside the month of the calendar, and the file does not say on which day its month begins")
		case outside:
			c.Status = Differs
		default:
			c.Status = Agrees
		}
		if len(known) > 0 {
			c.Found = Days{From: slices.Min(known), To: slices.Max(known)}.String()
		}
		out = append(out, c)
	}
	return out
}

package bankfile

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// The days from and to which a file says that it holds the movements.
var (
	periodLabel = regexp.MustCompile(`(起始|开始|起)(?:日期|时间|日)|(终止|截止|结束|止)(?:日期|时间|日)|(?:时间|日期)范围|起止(?:日期|时间)|(?:对账|查询|账单|明细|统计|交易)(?:期间|区间|时段)|(?i:time ?range|period)`)
	periodDay   = regexp.MustCompile(`(20\d\d)(?:(\d\d)(\d\d)|\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2}))`)
)

// period is what a file says of its days; a zero date is of an end that it does
// not say.
type period struct {
	from, to calendar.Date
	cell     string
}

// stated reads the period that a row that is no movement states.
func (r *reader) stated(row sheet.Row) {
	cells := row.Cells()
	if len(cells) == 0 {
		return
	}
	var texts []string
	for _, v := range cells {
		texts = append(texts, v.Shown())
	}
	text := strings.Join(texts, " ")
	labels := periodLabel.FindAllStringSubmatchIndex(text, -1)
	for i, at := range labels {
		end := len(text)
		if i+1 < len(labels) {
			end = labels[i+1][0]
		}
		days := daysIn(text[at[1]:end])
		begins, ends := at[2] >= 0, at[4] >= 0
		switch {
		case begins && len(days) >= 1:
			r.period.from, r.period.cell = days[0], cells[0].Cell
		case ends && len(days) >= 1:
			r.period.to, r.period.cell = days[0], cells[0].Cell
		case !begins && !ends && len(days) == 2:
			r.period = period{days[0], days[1], cells[0].Cell}
		case strings.Trim(text[at[1]:end], " :：[]") != "":
			r.note("%s（%s）：日期读不出，没有与各行日期比较", strings.TrimSpace(text[at[0]:end]), cells[0].Cell)
		}
	}
}

func daysIn(text string) (days []calendar.Date) {
	for _, m := range periodDay.FindAllStringSubmatch(text, -1) {
		year, month, day := number(m[1]), number(m[2]+m[4]), number(m[3]+m[5])
		if d, err := calendar.ParseDate(fmt.Sprintf("%04d-%02d-%02d", year, month, day)); err == nil {
			days = append(days, d)
		}
	}
	return days
}

func number(s string) int {
	n, _ := strconv.Atoi(s) // digits, by the pattern
	return n
}

// checkPeriod refuses a file that holds movements of other days than it says.
func (r *reader) checkPeriod() {
	p := r.period
	if p.from.IsZero() && p.to.IsZero() {
		return
	}
	said := fmt.Sprintf("%s 至 %s", dayOrOpen(p.from), dayOrOpen(p.to))
	unread := 0
	for _, l := range r.statement.Lines {
		switch {
		case l.ReceivedOn.IsZero():
			unread++
		case !p.from.IsZero() && l.ReceivedOn < p.from, !p.to.IsZero() && l.ReceivedOn > p.to:
			r.refuse(l.Cell, domain.Invalid("receivedOn", l.ReceivedOn.String(), "outside-period", "lies outside the period that the file states at %s, %s to %s", "Money",
				p.cell, dayOrOpen(p.from), dayOrOpen(p.to)))
		}
	}
	switch {
	case unread > 0:
		r.note("起止日期 %s（%s）：有 %d 行没有可读的日期，没有全部比较", said, p.cell, unread)
	case len(r.statement.Lines) > 0:
		r.statement.Checked = append(r.statement.Checked, "起止日期 "+said)
	}
}

func dayOrOpen(d calendar.Date) string {
	if d.IsZero() {
		return "…"
	}
	return d.String()
}

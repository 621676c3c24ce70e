// Package calendar holds the trade's dates: business dates in Asia/Shanghai,
// calendar quarters and half-years.
package calendar

import (
	"fmt"
	"strconv"
	"time"

	"aftersales-ledger/domain"
)

// Shanghai is the zone of every business date. It is a fixed offset: China
// keeps one time without daylight saving since 1991, and a fixed offset needs
// no zone database on the machine.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Date is a business date, in days since 1970-01-01. The zero value means
// "no date"; dates before 1970-01-02 do not occur in the trade.
type Date int32

const secondsPerDay = 24 * 60 * 60

// Bounds of accepted dates. They lie inside ClickHouse's Date range.
var (
	minDate = NewDate(2000, time.January, 1)
	maxDate = NewDate(2099, time.December, 31)
)

// NewDate returns the date of a year, month and day; out of range days
// normalise as in time.Date.
func NewDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// DateOf returns the business date on which the instant t falls in Shanghai.
func DateOf(t time.Time) Date {
	y, m, d := t.In(Shanghai).Date()
	return NewDate(y, m, d)
}

// ParseDate reads YYYY-MM-DD, or an RFC 3339 instant, whose Shanghai date it
// takes. Dates outside 2000–2099 are refused.
func ParseDate(s string) (Date, error) {
	d, err := parseDate(s)
	if err == nil && (d < minDate || d > maxDate) {
		err = fmt.Errorf("outside 2000-01-01 to 2099-12-31")
	}
	if err != nil {
		return 0, domain.Invalid("date", domain.Clip(s), "not-a-date",
			"must be a date such as 2026-06-18 or an instant such as 2026-06-18T09:30:00+08:00, within 2000–2099", "")
	}
	return d, nil
}

func parseDate(s string) (Date, error) {
	if len(s) > len(time.DateOnly) {
		t, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			return 0, err
		}
		return DateOf(t), nil
	}
	if d, ok := parseISODate(s); ok {
		return d, nil
	}
	return 0, fmt.Errorf("not YYYY-MM-DD")
}

// parseISODate is time.Parse for YYYY-MM-DD only; every stored event has
// several such dates, and decoding them is a large part of a replay.
func parseISODate(s string) (Date, bool) {
	if len(s) != len(time.DateOnly) || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	var n [3]int
	for i, part := range [3]string{s[:4], s[5:7], s[8:]} {
		for _, c := range []byte(part) {
			if c < '0' || c > '9' {
				return 0, false
			}
			n[i] = n[i]*10 + int(c-'0')
		}
	}
	d := NewDate(n[0], time.Month(n[1]), n[2])
	if y, m, day := d.civil(); y != n[0] || m != time.Month(n[1]) || day != n[2] {
		return 0, false
	}
	return d, true
}

func (d Date) civil() (int, time.Month, int) { return d.utc().Date() }
func (d Date) utc() time.Time                { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// IsZero reports whether d means "no date".
func (d Date) IsZero() bool { return d == 0 }

// Before and After compare dates; neither is true of equal ones.
func (d Date) Before(o Date) bool { return d < o }

// After reports whether d is later than o.
func (d Date) After(o Date) bool { return d > o }

// Start is the first instant of d in Shanghai.
func (d Date) Start() time.Time {
	return time.Unix(int64(d)*secondsPerDay, 0).Add(-8 * time.Hour).In(Shanghai)
}

// End is the first instant after d in Shanghai: "on or before d" means before End.
func (d Date) End() time.Time { return d.AddDays(1).Start() }

// UTC is d's midnight in UTC, the form in which databases take dates.
func (d Date) UTC() time.Time { return d.utc() }

// AddDays moves d by n days.
func (d Date) AddDays(n int) Date { return d + Date(n) }

// AddMonths moves d by n months to the same day, clamped to the month's end:
// 31 August less six months is 28 or 29 February.
func (d Date) AddMonths(n int) Date {
	y, m, day := d.civil()
	first := time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return NewDate(first.Year(), first.Month(), min(day, last))
}

// Quarter returns the calendar quarter that holds d.
func (d Date) Quarter() Quarter {
	y, m, _ := d.civil()
	return QuarterOf(y, (int(m)+2)/3)
}

func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// MarshalText writes YYYY-MM-DD, nothing for "no date". It fails for a date
// that UnmarshalText would refuse: an event must never be written that cannot
// be read again.
func (d Date) MarshalText() ([]byte, error) {
	if err := d.CheckRange("date"); err != nil {
		return nil, err
	}
	return []byte(d.String()), nil
}

// CheckRange rejects a date, calculated from others, that lies outside the
// accepted range. "No date" passes.
func (d Date) CheckRange(field string) error {
	if !d.IsZero() && (d < minDate || d > maxDate) {
		return domain.Invalid(field, d.String(), "date-out-of-range", "must lie within 2000–2099", "")
	}
	return nil
}

// UnmarshalText reads what ParseDate accepts; empty text is "no date".
func (d *Date) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = 0
		return nil
	}
	*d, err = ParseDate(string(b))
	return err
}

// CheckPast rejects a business date that is missing or after today.
func (d Date) CheckPast(field string, today Date) error {
	if d.IsZero() {
		return domain.Invalid(field, "", "date-required", "must be given", "")
	}
	if d.After(today) {
		return domain.Invalid(field, d.String(), "in-the-future", "must not lie after today, %s", "", today)
	}
	return nil
}

// Quarter is a calendar quarter, counted as year*4 + 0…3. The zero value means
// "no quarter".
type Quarter int32

// QuarterOf returns quarter q, 1 to 4, of a year.
func QuarterOf(year, q int) Quarter { return Quarter(year*4 + q - 1) }

// ParseQuarter reads 2026Q3.
func ParseQuarter(s string) (Quarter, error) {
	if len(s) == 6 && s[4] == 'Q' && s[5] >= '1' && s[5] <= '4' {
		if y, err := strconv.Atoi(s[:4]); err == nil && y >= 2000 && y <= 2099 {
			return QuarterOf(y, int(s[5]-'0')), nil
		}
	}
	return 0, domain.Invalid("quarter", domain.Clip(s), "not-a-quarter", "must be a quarter such as 2026Q3", "")
}

// Year and Number take the quarter apart.
func (q Quarter) Year() int { return int(q) / 4 }

// Number is 1 to 4.
func (q Quarter) Number() int { return int(q)%4 + 1 }

// First and Last are the quarter's first and last business dates.
func (q Quarter) First() Date { return NewDate(q.Year(), time.Month(q.Number()*3-2), 1) }

// Last is the last business date of the quarter.
func (q Quarter) Last() Date { return q.Next().First().AddDays(-1) }

// Next and Prev are the neighbouring quarters.
func (q Quarter) Next() Quarter { return q + 1 }

// Prev is the quarter before.
func (q Quarter) Prev() Quarter { return q - 1 }

// FirstHalf reports whether the quarter lies in H1.
func (q Quarter) FirstHalf() bool { return q.Number() <= 2 }

// IsZero reports whether q means "no quarter".
func (q Quarter) IsZero() bool { return q == 0 }

func (q Quarter) String() string {
	if q == 0 {
		return ""
	}
	return fmt.Sprintf("%dQ%d", q.Year(), q.Number())
}

// MarshalText writes 2026Q3, nothing for "no quarter".
func (q Quarter) MarshalText() ([]byte, error) { return []byte(q.String()), nil }

// UnmarshalText reads what ParseQuarter accepts; empty text is "no quarter".
func (q *Quarter) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*q = 0
		return nil
	}
	*q, err = ParseQuarter(string(b))
	return err
}

// Half is a calendar half-year, the period of collection (§5.3.4), counted as
// year*2 + 0…1. The zero value means "no half-year".
type Half int32

// Half returns the half-year that holds the quarter.
func (q Quarter) Half() Half { return Half(int(q) / 2) }

// ParseHalf reads 2026H1.
func ParseHalf(s string) (Half, error) {
	if len(s) == 6 && s[4] == 'H' && (s[5] == '1' || s[5] == '2') {
		if y, err := strconv.Atoi(s[:4]); err == nil && y >= 2000 && y <= 2099 {
			return Half(y*2 + int(s[5]-'1')), nil
		}
	}
	return 0, domain.Invalid("half", domain.Clip(s), "not-a-half-year", "must be a half-year such as 2026H1", "")
}

// Last is the last quarter of the half-year.
func (h Half) Last() Quarter { return Quarter(h*2 + 1) }

// IsZero reports whether h means "no half-year".
func (h Half) IsZero() bool { return h == 0 }

func (h Half) String() string {
	if h == 0 {
		return ""
	}
	return fmt.Sprintf("%dH%d", int(h)/2, int(h)%2+1)
}

// MarshalText writes 2026H1, nothing for "no half-year".
func (h Half) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what ParseHalf accepts; empty text is "no half-year".
func (h *Half) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*h = 0
		return nil
	}
	*h, err = ParseHalf(string(b))
	return err
}

// Month is a calendar month, the period of the monthly forms, counted as
// year*12 + 0…11. The zero value means "no month".
type Month int32

// Month returns the calendar month that holds d.
func (d Date) Month() Month {
	y, m, _ := d.civil()
	return Month(y*12 + int(m) - 1)
}

// ParseMonth reads 2026-09.
func ParseMonth(s string) (Month, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil || t.Year() < 2000 || t.Year() > 2099 {
		return 0, domain.Invalid("month", domain.Clip(s), "not-a-month", "must be a month such as 2026-09", "")
	}
	return Month(t.Year()*12 + int(t.Month()) - 1), nil
}

// First and Last are the month's first and last business dates.
func (m Month) First() Date { return NewDate(int(m)/12, time.Month(int(m)%12+1), 1) }

// Last is the last business date of the month.
func (m Month) Last() Date { return (m + 1).First().AddDays(-1) }

// IsZero reports whether m means "no month".
func (m Month) IsZero() bool { return m == 0 }

func (m Month) String() string {
	if m == 0 {
		return ""
	}
	return m.First().utc().Format("2006-01")
}

// MarshalText writes 2026-09, nothing for "no month".
func (m Month) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what ParseMonth accepts; empty text is "no month".
func (m *Month) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*m = 0
		return nil
	}
	*m, err = ParseMonth(string(b))
	return err
}

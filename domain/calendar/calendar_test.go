package calendar_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

func TestParseDate(t *testing.T) {
	const refused = "refused"
	tests := map[string]struct{ in, want string }{
		"a date":                                 {"2026-06-18", "2026-06-18"},
		"a leap day":                             {"2028-02-29", "2028-02-29"},
		"no leap day":                            {"2026-02-29", refused},
		"no such month":                          {"2026-13-01", refused},
		"no such day":                            {"2026-04-31", refused},
		"day zero":                               {"2026-04-00", refused},
		"the first day accepted":                 {"2000-01-01", "2000-01-01"},
		"the last day accepted":                  {"2099-12-31", "2099-12-31"},
		"before them":                            {"1999-12-31", refused},
		"after them":                             {"2100-01-01", refused},
		"the last instant of a day in Shanghai":  {"2026-09-30T15:59:59.999Z", "2026-09-30"},
		"the first instant of a day in Shanghai": {"2026-09-30T16:00:00Z", "2026-10-01"},
		"an instant in Shanghai's own time":      {"2026-09-30T23:59:59+08:00", "2026-09-30"},
		"an instant whose Shanghai date is 2100": {"2099-12-31T16:00:00Z", refused},
		"a date without dashes":                  {"20260618", refused},
		"a short date":                           {"2026-6-18", refused},
		"a sign":                                 {"+026-06-18", refused},
		"a time without a zone":                  {"2026-06-18T09:30:00", refused},
		"nothing":                                {"", refused},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := calendar.ParseDate(tc.in)
			got := d.String()
			if err != nil {
				var r *domain.Rejection
				if !errors.As(err, &r) || r.Code != "not-a-date" {
					t.Fatalf("error %v is not a rejection", err)
				}
				got = refused
			}
			if got != tc.want {
				t.Errorf("%q was read as %s, want %s", tc.in, got, tc.want)
			}
		})
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{
		"2026-06-18", "2026-02-29", "2026-09-30T16:30:00Z", "0000-00-00", "2099-12-31T23:59:59.999999999-12:00",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := calendar.ParseDate(s)
		if err != nil {
			return
		}
		if again, err := calendar.ParseDate(d.String()); err != nil || again != d {
			t.Errorf("%q was read as %s, which is read as %s (%v)", s, d, again, err)
		}
		want, err := time.Parse(time.DateOnly, s)
		if err != nil {
			instant, err := time.Parse(time.RFC3339Nano, s)
			if err != nil {
				t.Fatalf("%q was read as %s", s, d)
			}
			want = instant.In(calendar.Shanghai)
		}
		if got := want.Format(time.DateOnly); got != d.String() {
			t.Errorf("%q was read as %s, want %s", s, d, got)
		}
	})
}

func FuzzParseQuarter(f *testing.F) {
	f.Add("2026Q3")
	f.Add("+026Q3")
	f.Fuzz(func(t *testing.T, s string) {
		if q, err := calendar.ParseQuarter(s); err == nil && q.String() != s {
			t.Errorf("%q was read as %s", s, q)
		}
	})
}

func dates() *rapid.Generator[calendar.Date] {
	return rapid.Map(rapid.IntRange(0, 36_524),
		func(n int) calendar.Date { return calendar.NewDate(2000, time.January, 1).AddDays(n) })
}

func TestDaysAgreeWithTheStandardLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := dates().Draw(t, "date"), rapid.IntRange(-400, 400).Draw(t, "days")
		if got, want := d.AddDays(n).UTC(), d.UTC().AddDate(0, 0, n); !got.Equal(want) {
			t.Fatalf("%s + %d days is %s, want %s", d, n, got, want)
		}
		start, last := d.Start(), d.End().Add(-time.Nanosecond)
		if calendar.DateOf(start) != d || calendar.DateOf(last) != d || calendar.DateOf(d.End()) != d+1 ||
			start.Add(-1).In(calendar.Shanghai).Day() == start.Day() {
			t.Fatalf("%s lasts from %s to %s", d, start, last)
		}
	})
}

func TestMonthsAreClampedToTheMonthsEnd(t *testing.T) {
	tests := map[string]struct {
		from   string
		months int
		want   string
	}{
		"half a year before 31 August":                {"2026-08-31", -6, "2026-02-28"},
		"half a year before 31 August of a leap year": {"2028-08-31", -6, "2028-02-29"},
		"half a year after 31 August":                 {"2026-08-31", 6, "2027-02-28"},
		"over the year's end":                         {"2026-11-30", 3, "2027-02-28"},
		"a leap day, a year on":                       {"2028-02-29", 12, "2029-02-28"},
		"no change":                                   {"2026-05-15", 0, "2026-05-15"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			from, _ := calendar.ParseDate(tc.from)
			if got := from.AddMonths(tc.months).String(); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		d, n := dates().Draw(t, "date"), rapid.IntRange(-300, 300).Draw(t, "months")
		from, to := d.UTC(), d.AddMonths(n).UTC()
		if moved := (to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month()); moved != n {
			t.Fatalf("%s + %d months is %s", d, n, to)
		}
		if to.Day() != from.Day() && to.AddDate(0, 0, 1).Day() != 1 || to.Day() > from.Day() {
			t.Fatalf("%s + %d months is %s, neither the same day nor the month's last", d, n, to)
		}
	})
}

func TestEveryDateLiesInItsQuarter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := dates().Draw(t, "date")
		q := d.Quarter()
		if d < q.First() || d > q.Last() || q.Next().First() != q.Last()+1 || q.Prev().Last() != q.First()-1 {
			t.Fatalf("%s in %s, %s to %s", d, q, q.First(), q.Last())
		}
		if m := d.UTC().Month(); q.Year() != d.UTC().Year() || q.Number() != (int(m)+2)/3 || q.FirstHalf() != (m <= 6) {
			t.Fatalf("%s in %s", d, q)
		}
		if again, err := calendar.ParseQuarter(q.String()); err != nil || again != q {
			t.Fatalf("%s is read as %s (%v)", q, again, err)
		}
	})
}

func TestTextForms(t *testing.T) {
	var d calendar.Date
	var q calendar.Quarter
	if err := errors.Join(d.UnmarshalText(nil), q.UnmarshalText(nil)); err != nil || !d.IsZero() || !q.IsZero() {
		t.Errorf("no text is %s %s (%v)", d, q, err)
	}
	if diff := cmp.Diff([]string{"", ""}, []string{d.String(), q.String()}); diff != "" {
		t.Error(diff)
	}
	for _, s := range []string{"2026Q0", "2026Q5", "1999Q4", "2100Q1", "2026q1", "26Q1", "+026Q1", ""} {
		if q, err := calendar.ParseQuarter(s); err == nil {
			t.Errorf("%q was read as %s", s, q)
		}
	}
}

// What is written into the log must be readable for ever.
func TestADateThatCouldNotBeReadAgainIsNotWritten(t *testing.T) {
	for _, d := range []calendar.Date{calendar.NewDate(1999, time.December, 31), calendar.NewDate(2100, time.January, 1)} {
		if text, err := d.MarshalText(); err == nil {
			t.Errorf("%s was written", text)
		}
	}
}

func TestCheckPast(t *testing.T) {
	today := calendar.NewDate(2026, time.June, 18)
	tests := map[string]struct {
		d    calendar.Date
		code string
	}{
		"today":     {today, ""},
		"yesterday": {today - 1, ""},
		"tomorrow":  {today + 1, "in-the-future"},
		"no date":   {0, "date-required"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var r *domain.Rejection
			if err := tc.d.CheckPast("on", today); errors.As(err, &r) != (tc.code != "") || r != nil && r.Code != tc.code {
				t.Errorf("got %v, want %q", err, tc.code)
			}
		})
	}
}

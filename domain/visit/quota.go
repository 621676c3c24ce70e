package visit

import (
	"slices"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
)

// Owed is what a project is owed on one day, by whatever is in force then.
type Owed struct {
	Quota  policy.Quota
	Clause string // row of the service table, on the first day of a span; empty: no service yet
}

// Span is a period of a quota, or the part of it in which one quota held.
type Span struct {
	First, Last calendar.Date
	Owed
	Whole     bool            // the quota held on every day of the period
	Due       int             // visits owed
	Made      []calendar.Date // visits made
	Shortfall int             // Due less those made, once the span is over; never negative
	Running   bool            // the span is not over yet
}

// Tally holds the visits made against the quota, period by period, for the
// periods that touch the dates from first to last. asOf is the last day that is
// over: a span that ends later is running and short of nothing yet.
//
// A period in which the quota changes, service begins or the warranty ends is
// cut there. Each part owes its share of the quota by days, rounded down to
// whole visits, and counts the visits made in it [D]: nobody is short of a
// visit that part of a period could not ask for.
func Tally(first, last, asOf calendar.Date, owed func(calendar.Date) Owed, made []calendar.Date) []Span {
	var spans []Span
	for d := first; !d.After(last); {
		o := owed(d)
		if o.Quota.Count == 0 {
			d = d.AddDays(1)
			continue
		}
		begin, end := o.Quota.Per.Around(d)
		s := Span{First: d, Last: d, Owed: o}
		for s.First.After(begin) && owed(s.First.AddDays(-1)).Quota == o.Quota {
			s.First = s.First.AddDays(-1)
		}
		for s.Last.Before(end) && owed(s.Last.AddDays(1)).Quota == o.Quota {
			s.Last = s.Last.AddDays(1)
		}
		days, all := int(s.Last-s.First)+1, int(end-begin)+1
		s.Whole = days == all
		s.Due = o.Quota.Count * days / all
		s.Running = s.Last.After(asOf)
		for _, m := range made {
			if !m.Before(s.First) && !m.After(s.Last) {
				s.Made = append(s.Made, m)
			}
		}
		slices.Sort(s.Made)
		if !s.Running {
			s.Shortfall = max(0, s.Due-len(s.Made))
		}
		spans = append(spans, s)
		d = s.Last.AddDays(1)
	}
	return spans
}

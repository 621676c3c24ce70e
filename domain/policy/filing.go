package policy

import "aftersales-ledger/domain/calendar"

// Filing says when a team's monthly forms F1, F3 and F4 are due (§5.1.3,
// §5.1.4, §5.3.3).
type Filing struct {
	// Day of the month on or before which they are filed, until 24:00 in
	// Shanghai, weekends and holidays included [D]. The reporting month of F4 ends
	// with it.
	Day int
}

// DefaultFiling is the procedure's 25th.
func DefaultFiling() Filing { return Filing{Day: 25} }

// DueOn returns the last day on which a month's forms are in time.
func (f Filing) DueOn(m calendar.Month) calendar.Date {
	return min(m.First().AddDays(f.Day-1), m.Last())
}

package policy

import (
	"strconv"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// NoticeRules say how hard the ledger tries to send a notice [D].
type NoticeRules struct {
	FirstRetry   time.Duration // how long after the first failure it is tried again; the wait doubles each time
	LongestRetry time.Duration // up to this
	GiveUpAfter  time.Duration // since the first failure; then a person decides
	// WaitForAll: while so many attempts have not been made, a message that a
	// mail server takes for some of its recipients only, for now, waits for all.
	WaitForAll int
	// NeedsDigestAt are the times of the day, as durations since midnight in
	// Shanghai and rising, at which ordinary needs (§5.1.2) are told in one letter
	// a project; empty: each at once. Emergencies are always told at once.
	NeedsDigestAt []time.Duration
}

// NeedsTold is when an ordinary need is told of that came at a moment: that
// moment, or the next time of a digest.
func (r NoticeRules) NeedsTold(at time.Time) time.Time {
	if len(r.NeedsDigestAt) == 0 {
		return at
	}
	day := calendar.DateOf(at)
	for _, after := range r.NeedsDigestAt {
		if t := day.Start().Add(after); !t.Before(at) {
			return t
		}
	}
	return day.AddDays(1).Start().Add(r.NeedsDigestAt[0])
}

// Bounds of what a department may set.
const (
	maxRetry      = 24 * time.Hour
	maxGiveUp     = 30 * 24 * time.Hour
	maxWaitForAll = 1000
	minRetry      = time.Second
)

// Check refuses rules by which a mail server is never or always asked. The field
// names the rule as the department's file does.
func (r NoticeRules) Check() error {
	within := func(field string, d, least, most time.Duration) error {
		if d < least || d > most {
			return domain.Invalid("notices."+field, d.String(), "retry-out-of-range", "must be %s to %s", "", least, most)
		}
		return nil
	}
	if r.WaitForAll < 0 || r.WaitForAll > maxWaitForAll {
		return domain.Invalid("notices.waitForAll", strconv.Itoa(r.WaitForAll), "retry-out-of-range", "must be %d to %d", "",
			0, maxWaitForAll)
	}
	return domain.FirstError(
		within("firstRetry", r.FirstRetry, minRetry, maxRetry),
		within("longestRetry", r.LongestRetry, r.FirstRetry, maxRetry),
		within("giveUpAfter", r.GiveUpAfter, r.FirstRetry, maxGiveUp),
	)
}

func defaultNoticeRules() NoticeRules {
	return NoticeRules{FirstRetry: time.Minute, LongestRetry: time.Hour, GiveUpAfter: 48 * time.Hour, WaitForAll: 3}
}

// RetryAfter is how long to wait after so many failures, counted from 1.
func (r NoticeRules) RetryAfter(failures int) time.Duration {
	wait := r.FirstRetry
	for range failures - 1 {
		if wait >= r.LongestRetry/2 {
			return r.LongestRetry
		}
		wait *= 2
	}
	return min(wait, r.LongestRetry)
}

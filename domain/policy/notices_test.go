package policy_test

import (
	"testing"
	"time"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
)

func TestRetriesComeAtGrowingIntervals(t *testing.T) {
	r := policy.Default().Notices
	for failures, want := range map[int]time.Duration{
		1: time.Minute, 2: 2 * time.Minute, 6: 32 * time.Minute, 7: time.Hour, 8: time.Hour, 1_000_000: time.Hour,
	} {
		if got := r.RetryAfter(failures); got != want {
			t.Errorf("after %d failures it waits %s, want %s", failures, got, want)
		}
	}
	odd := policy.NoticeRules{FirstRetry: 50 * time.Minute, LongestRetry: time.Hour}
	if got := odd.RetryAfter(2); got != time.Hour {
		t.Errorf("the longest wait is passed: %s", got)
	}
}

func TestOrdinaryNeedsAreToldAtOnceOrWithTheNextDigest(t *testing.T) {
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, time.September, day, hour, minute, 0, 0, calendar.Shanghai)
	}
	digests := policy.NoticeRules{NeedsDigestAt: []time.Duration{8 * time.Hour, 17 * time.Hour}}
	for name, c := range map[string]struct {
		rules     policy.NoticeRules
		came, out time.Time
	}{
		"at once, unless the department prefers a digest": {policy.Default().Notices, at(3, 9, 30), at(3, 9, 30)},
		"before the morning's":                            {digests, at(3, 7, 59), at(3, 8, 0)},
		"on its minute":                                   {digests, at(3, 8, 0), at(3, 8, 0)},
		"in the afternoon's":                              {digests, at(3, 8, 1), at(3, 17, 0)},
		"after the last of a day, on the next":            {digests, at(30, 17, 1), time.Date(2026, time.October, 1, 8, 0, 0, 0, calendar.Shanghai)},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.rules.NeedsTold(c.came); !got.Equal(c.out) {
				t.Errorf("told at %s, want %s", got, c.out)
			}
		})
	}
}

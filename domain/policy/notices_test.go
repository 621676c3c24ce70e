package policy_test

import (
	"testing"
	"time"

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

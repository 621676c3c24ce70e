package domain_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"aftersales-ledger/domain"
)

func TestCheckID(t *testing.T) {
	tests := map[string]struct {
		id string
		ok bool
	}{
		"letters, digits and marks":  {"F1-P001_2.3#4", true},
		"Chinese letters":            {"单号７", true},
		"64 characters":              {strings.Repeat("单", 64), true},
		"65 characters":              {strings.Repeat("a", 65), false},
		"nothing":                    {"", false},
		"a space":                    {"F1 1", false},
		"a slash, which ends a URL":  {"F1/1", false},
		"a leading mark":             {"-F1", false},
		"a system stream":            {"$all", false},
		"a control character":        {"F1\x00", false},
		"what is not UTF-8":          {"F1\xff", false},
		"an invisible joiner":        {"F1\u200d", false},
		"a right-to-left override":   {"F1\u202e", false},
		"a combining mark by itself": {"\u0301", false},
		"an emoji is not a letter":   {"F1😀", false},
		"a line break":               {"F1\n", false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			err := domain.CheckID("id", tc.id)
			var r *domain.Rejection
			if errors.As(err,
				&r); tc.ok != (err == nil) || err != nil && (r == nil || r.Code != "bad-identity" || r.Field != "id") {
				t.Errorf("%q: %v", tc.id, err)
			}
		})
	}
}

func TestCheckText(t *testing.T) {
	tests := map[string]struct {
		text     string
		required bool
		code     string
	}{
		"nothing, where something is needed": {"", true, "text-required"},
		"nothing, where nothing is needed":   {"", false, ""},
		"2,000 characters":                   {strings.Repeat("字", 2000), true, ""},
		"2,001 characters":                   {strings.Repeat("字", 2001), true, "text-too-long"},
		"what is not UTF-8":                  {"\xff", true, "text-not-utf8"},
		"several lines":                      {"一\r\n\t二", true, ""},
		"a character XML has not":            {"物业\x01", true, "text-unprintable"},
		"a zero":                             {"物业\x00", false, "text-unprintable"},
		"text that turns its direction":      {"物业\u202e00.1", true, "text-unprintable"},
		"an emoji":                           {"好👌🏻", true, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var r *domain.Rejection
			if err := domain.CheckText("need", tc.text,
				tc.required); errors.As(err, &r) != (tc.code != "") || r != nil && r.Code != tc.code {
				t.Errorf("got %v, want %q", err, tc.code)
			}
		})
	}
	if got := domain.Clip(strings.Repeat("字", 100)); utf8.RuneCountInString(got) != 81 || !strings.HasSuffix(got, "字…") {
		t.Errorf("clipped to %q", got)
	}
}

func TestRolesAreParsedByName(t *testing.T) {
	for _, r := range domain.Roles() {
		if got, err := domain.ParseRole(string(r)); err != nil || got != r {
			t.Errorf("%s: %s, %v", r, got, err)
		}
		if strings.HasPrefix(string(r), "center-") != r.OfCenter() {
			t.Errorf("%s is of a center: %t", r, r.OfCenter())
		}
	}
	if r, err := domain.ParseRole("owner"); err == nil {
		t.Errorf("%s is a role", r)
	}
}

func TestARejectionNamesFieldValueRuleAndClause(t *testing.T) {
	err := domain.Invalid("amount", "1.005", "not-an-amount", "must have at most two decimals", "5.3.1")
	if got, want := err.Error(), `amount "1.005" must have at most two decimals (clause 5.3.1)`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	kinds := map[domain.Kind]*domain.Rejection{
		domain.KindInvalid: err, domain.KindNotFound: domain.NotFound("f", "", "c", "r"),
		domain.KindConflict:  domain.Conflict("f", "", "c", "r", ""),
		domain.KindForbidden: domain.Forbidden("f", "", "c", "r", ""),
	}
	for kind, r := range kinds {
		if r.Kind != kind {
			t.Errorf("%v is of kind %d", r, r.Kind)
		}
	}
}

func TestTheFutureBeginsTwoMinutesFromNow(t *testing.T) {
	now := time.Date(2026, 6, 18, 12, 0, 0, 0, time.UTC)
	if err := domain.CheckNotFuture("at", now.Add(2*time.Minute), now); err != nil {
		t.Error(err)
	}
	if err := domain.CheckNotFuture("at", now.Add(2*time.Minute+1), now); err == nil {
		t.Error("an instant beyond the tolerance was accepted")
	}
}

// Package domaintest is what the specifications of the domain are written with: days, moments and amounts as people
// write them, a clock that stands still, a state folded from its events, and what a decision comes to. Only tests
// import it.
package domaintest

import (
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Day is a business date such as 2026-09-25.
func Day(s string) calendar.Date { return must(calendar.ParseDate(s)) }

// At is a moment in RFC 3339, as it is kept: in Shanghai.
func At(s string) time.Time { return must(time.Parse(time.RFC3339Nano, s)).In(calendar.Shanghai) }

// Yuan is an amount such as 150.00 or -150.00.
func Yuan(s string) money.Amount {
	if positive, negative := strings.CutPrefix(s, "-"); negative {
		return must(money.Parse(positive)).Neg()
	}
	return must(money.Parse(s))
}

// Units is a quantity such as 2 or 1.5.
func Units(s string) decimal.Decimal { return must(decimal.NewFromString(s)) }

// Clock stands still until a test moves it. It is safe for concurrent use.
type Clock struct{ at atomic.Pointer[time.Time] }

// NewClock returns a clock that shows t.
func NewClock(t time.Time) *Clock {
	c := &Clock{}
	c.Set(t)
	return c
}

// Now is what the clock shows.
func (c *Clock) Now() time.Time { return *c.at.Load() }

// Set has the clock show t.
func (c *Clock) Set(t time.Time) { c.at.Store(&t) }

// Move moves the clock on.
func (c *Clock) Move(d time.Duration) {
	for {
		was := c.at.Load()
		if is := was.Add(d); c.at.CompareAndSwap(was, &is) {
			return
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Exact holds amounts to be the same to the fen.
var Exact = cmp.Comparer(func(a, b money.Amount) bool { return a == b })

// Fold is the state after its events.
func Fold[S any, E domain.Event, P interface {
	*S
	Evolve(E)
}](events ...E) P {
	state := P(new(S))
	for _, e := range events {
		state.Evolve(e)
	}
	return state
}

// Code is the code of a refusal: none of no error, and the words of what is no
// refusal.
func Code(err error) string {
	var r *domain.Rejection
	switch {
	case errors.As(err, &r):
		return r.Code
	case err != nil:
		return err.Error()
	}
	return ""
}

// Refused ends a test whose decision was not refused with a code; an empty code
// means that it must not be refused.
func Refused(t testing.TB, err error, code string) {
	t.Helper()
	if Code(err) != code {
		t.Fatalf("got %v, want %q", err, code)
	}
	// A refusal names a field of what was sent. Nobody sends these: they follow from the
	// role of who decides, or from the document.
	var r *domain.Rejection
	if errors.As(err, &r) && slices.Contains([]string{"gate", "step", "statement", "request", "reach"}, r.Field) {
		t.Errorf("%q is refused for its %s, which no command sends", code, r.Field)
	}
}

// Decided holds a decision against what a specification says: these events, or the
// refusal with a code.
func Decided[E domain.Event](t testing.TB, want, got []E, err error, code string) {
	t.Helper()
	Refused(t, err, code)
	if diff := cmp.Diff(want, got, Exact); diff != "" {
		t.Error(diff)
	}
}

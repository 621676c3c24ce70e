// Package money holds exact amounts of CNY in fen, and the arithmetic that
// leads to them: price times quantity, tax per line, shares of an amount.
// Rounding is half up, and happens only in the functions that say so.
package money

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"strings"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
)

// Currency is the only one the trade uses.
const Currency = "CNY"

// Amount is an exact sum of money in fen. The zero value is 0.00.
//
// Sums are kept in 64 bits. Inputs are bounded by Max, so that 90 million lines
// of the largest amount still add up; Add and Sub panic beyond that rather
// than wrap.
type Amount struct{ fen int64 }

// Max is the largest amount of one line, payment or item accepted from
// outside: 999,999,999.99 yuan [D].
var Max = Fen(99_999_999_999)

// Fen returns an amount of n fen.
func Fen(n int64) Amount { return Amount{n} }

// Parse reads a decimal such as 1234.56 exactly. It refuses more than two
// decimals (never rounding silently), anything beyond ±Max, and exponents,
// separators and a leading "+", so that what a person reads is what is booked.
func Parse(s string) (Amount, error) {
	if fen, ok := parseFen(s); ok {
		return Amount{fen}, nil
	}
	rule := domain.Say("must be an amount in yuan such as 1234.56")
	switch d, err := decimal.NewFromString(s); {
	case err != nil || len(s) > 64:
	case !d.Equal(d.Truncate(2)):
		rule = domain.Say("must have at most two decimals (fen); it is never rounded silently")
	case d.Abs().GreaterThan(Max.Decimal()):
		rule = domain.Say("must not exceed %s yuan", Max)
	}
	return Amount{}, domain.Invalid("amount", domain.Clip(s), "not-an-amount", rule.Format, "", rule.Args...)
}

// parseFen does not allocate: a replay parses millions of amounts.
func parseFen(s string) (int64, bool) {
	digits := strings.TrimPrefix(s, "-")
	whole, cents, hasPoint := strings.Cut(digits, ".")
	if len(whole) == 0 || len(whole) > 9 || (len(whole) > 1 && whole[0] == '0') || len(cents) > 2 || (hasPoint &&
		cents == "") {
		return 0, false
	}
	var n int64
	for _, part := range [2]string{whole, cents} {
		for i := range len(part) {
			c := part[i]
			if c < '0' || c > '9' {
				return 0, false
			}
			n = n*10 + int64(c-'0')
		}
	}
	for range 2 - len(cents) {
		n *= 10
	}
	if len(digits) != len(s) {
		n = -n
	}
	return n, true
}

// RoundHalfUp rounds a decimal to fen, halves away from zero as the trade
// rounds both charges and credits. It refuses results beyond ±Max.
func RoundHalfUp(d decimal.Decimal) (Amount, error) {
	r := d.Round(2)
	if r.Abs().GreaterThan(Max.Decimal()) {
		return Amount{}, domain.Invalid("amount", r.String(), "amount-too-large",
			"must not exceed %s yuan", "", Max)
	}
	return Amount{r.Shift(2).IntPart()}, nil
}

// Fen returns the amount in fen.
func (a Amount) Fen() int64 { return a.fen }

// Decimal returns the amount in yuan.
func (a Amount) Decimal() decimal.Decimal { return decimal.New(a.fen, -2) }

// Add returns a + b. It panics where 64 bits do not hold the sum.
func (a Amount) Add(b Amount) Amount {
	sum := a.fen + b.fen
	if (sum > a.fen) != (b.fen > 0) && b.fen != 0 {
		panic(fmt.Sprintf("money: %s + %s exceeds what a ledger of this size can hold", a, b))
	}
	return Amount{sum}
}

// Sub returns a − b. It panics where 64 bits do not hold the difference.
func (a Amount) Sub(b Amount) Amount { return a.Add(b.Neg()) }

// Neg returns −a.
func (a Amount) Neg() Amount {
	if a.fen == math.MinInt64 {
		panic("money: the negative of the smallest amount does not exist")
	}
	return Amount{-a.fen}
}

// Sign is −1, 0 or 1.
func (a Amount) Sign() int {
	switch {
	case a.fen < 0:
		return -1
	case a.fen > 0:
		return 1
	}
	return 0
}

// IsZero reports whether the amount is 0.00.
func (a Amount) IsZero() bool { return a.fen == 0 }

// Cmp is −1, 0 or 1 as a is less than, equal to or greater than b.
func (a Amount) Cmp(b Amount) int { return cmp.Compare(a.fen, b.fen) }

// Less reports whether a < b.
func (a Amount) Less(b Amount) bool { return a.fen < b.fen }

// Min returns the smaller of a and b.
func Min(a, b Amount) Amount {
	if b.fen < a.fen {
		return b
	}
	return a
}

// Share returns a·part/whole rounded half up, for 0 ≤ part ≤ whole and
// a ≥ 0.
func (a Amount) Share(part, whole int64) Amount {
	q, r := a.times(part, whole)
	if r >= uint64(whole)-r {
		q++
	}
	return Amount{int64(q)}
}

// Proportion returns a·part/whole rounded down, for 0 ≤ part ≤ whole and
// a ≥ 0, and the remainder of the division, by which leftover fen are shared.
func (a Amount) Proportion(part, whole Amount) (share Amount, remainder uint64) {
	q, r := a.times(part.fen, whole.fen)
	return Amount{int64(q)}, r
}

// times divides the exact 128-bit product a·part by whole.
func (a Amount) times(part, whole int64) (q, r uint64) {
	if a.fen < 0 || part < 0 || whole <= 0 || part > whole {
		panic(fmt.Sprintf("money: no share %d/%d of %s", part, whole, a))
	}
	hi, lo := bits.Mul64(uint64(a.fen), uint64(part))
	return bits.Div64(hi, lo, uint64(whole))
}

// String writes yuan with two decimals, such as -1234.50.
func (a Amount) String() string { return string(a.append(make([]byte, 0, 20))) }

// Grouped writes yuan as people read them, in groups of three digits, such as
// -1,234.50.
func (a Amount) Grouped() string { return Group(a.String()) }

// Sprintf writes a sentence for people, its amounts grouped.
func Sprintf(format string, args ...any) string {
	return domain.Text{Format: domain.Sentence(format), Args: args}.String()
}

// Group puts commas between each three digits of a decimal's whole part.
func Group(decimal string) string {
	whole, fraction, dot := strings.Cut(decimal, ".")
	unsigned := strings.TrimPrefix(whole, "-")
	var b strings.Builder
	b.WriteString(whole[:len(whole)-len(unsigned)])
	for i, digit := range unsigned {
		if i > 0 && (len(unsigned)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	if dot {
		b.WriteString("." + fraction)
	}
	return b.String()
}

func (a Amount) append(b []byte) []byte {
	n := uint64(a.fen)
	if a.fen < 0 {
		b = append(b, '-')
		n = -n
	}
	b = fmt.Appendf(b, "%d.%02d", n/100, n%100)
	return b
}

// MarshalText writes the amount as String does; in JSON it is a quoted string,
// never a float.
func (a Amount) MarshalText() ([]byte, error) { return a.append(nil), nil }

// UnmarshalText reads what Parse accepts.
func (a *Amount) UnmarshalText(b []byte) (err error) {
	*a, err = Parse(string(b))
	return err
}

// CheckPositive rejects an amount that is not above zero or above Max.
func (a Amount) CheckPositive(field string) error {
	if a.Sign() <= 0 {
		return domain.Invalid(field, a.String(), "not-positive", "must be more than 0.00", "")
	}
	if Max.Less(a) {
		return domain.Invalid(field, a.String(), "amount-too-large", "must not exceed %s yuan", "", Max)
	}
	return nil
}

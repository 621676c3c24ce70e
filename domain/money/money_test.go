package money_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/money"
)

func TestParse(t *testing.T) {
	const refused = "refused"
	tests := map[string]struct{ in, want string }{
		"yuan and fen":                      {"1234.56", "1234.56"},
		"whole yuan":                        {"7", "7.00"},
		"tenths":                            {"0.5", "0.50"},
		"zero":                              {"0", "0.00"},
		"no negative zero":                  {"-0.00", "0.00"},
		"negative":                          {"-680.05", "-680.05"},
		"the largest amount":                {"999999999.99", "999999999.99"},
		"the smallest amount":               {"-999999999.99", "-999999999.99"},
		"one fen too much":                  {"1000000000.00", refused},
		"many digits":                       {strings.Repeat("9", 40), refused},
		"three decimals are not rounded":    {"1.005", refused},
		"three decimals, though the last 0": {"1.500", refused},
		"an exponent":                       {"1e3", refused},
		"a tiny exponent":                   {"1e-999999999", refused},
		"a huge exponent":                   {"1e999999999", refused},
		"a plus sign":                       {"+1.00", refused},
		"two minus signs":                   {"--1.00", refused},
		"a separator":                       {"1,000.00", refused},
		"a leading zero":                    {"01.00", refused},
		"a leading point":                   {".50", refused},
		"a trailing point":                  {"1.", refused},
		"nothing":                           {"", refused},
		"a sign only":                       {"-", refused},
		"spaces":                            {" 1.00", refused},
		"full-width digits":                 {"１.00", refused},
		"not a number":                      {"NaN", refused},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			a, err := money.Parse(tc.in)
			got := a.String()
			if err != nil {
				var r *domain.Rejection
				if !errors.As(err, &r) || r.Code != "not-an-amount" {
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

func FuzzParse(f *testing.F) {
	for _, s := range []string{"0", "-0.01", "1234.5", "1e5", "999999999.99", "1.", "１"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := money.Parse(s)
		if err != nil {
			return
		}
		if d, err := decimal.NewFromString(s); err != nil || !d.Equal(a.Decimal()) {
			t.Errorf("%q was read as %s; decimal reads %s (%v)", s, a, d, err)
		}
		if again, err := money.Parse(a.String()); err != nil || again != a {
			t.Errorf("%s does not survive: %s (%v)", a, again, err)
		}
	})
}

func TestJSONIsAQuotedString(t *testing.T) {
	got, err := json.Marshal(map[string]money.Amount{"a": money.Fen(-5)})
	if err != nil || string(got) != `{"a":"-0.05"}` {
		t.Errorf("got %s, %v", got, err)
	}
	var back struct{ A money.Amount }
	if err := json.Unmarshal([]byte(`{"A":12.5}`), &back); err == nil {
		t.Error("a number was read as an amount")
	}
}

// amounts draws any amount accepted from outside.
func amounts(low int64) *rapid.Generator[money.Amount] {
	return rapid.Map(rapid.Int64Range(low, money.Max.Fen()), money.Fen)
}

func TestArithmeticAgreesWithDecimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := amounts(-money.Max.Fen()).Draw(t, "a"), amounts(-money.Max.Fen()).Draw(t, "b")
		da, db := a.Decimal(), b.Decimal()
		if parsed, err := money.Parse(da.StringFixed(2)); err != nil || parsed != a {
			t.Fatalf("%s was read as %s (%v)", da, parsed, err)
		}
		if !a.Add(b).Decimal().Equal(da.Add(db)) || !a.Sub(b).Decimal().Equal(da.Sub(db)) {
			t.Fatalf("%s ± %s", a, b)
		}
		if a.Cmp(b) != da.Cmp(db) || a.Less(b) != da.LessThan(db) || a.Sign() != da.Sign() || money.Min(a, b).Cmp(b) > 0 {
			t.Fatalf("%s compared with %s", a, b)
		}
	})
}

func TestSumsNeverWrap(t *testing.T) {
	largest, smallest := money.Fen(math.MaxInt64), money.Fen(math.MinInt64)
	tests := map[string]func(){
		"above":                    func() { largest.Add(money.Fen(1)) },
		"below":                    func() { smallest.Add(money.Fen(-1)) },
		"subtracted below":         func() { smallest.Sub(money.Fen(1)) },
		"the negative of smallest": func() { smallest.Neg() },
	}
	for name, f := range tests {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("the sum wrapped")
				}
			}()
			f()
		})
	}
	if got := largest.Cmp(money.Fen(-1)); got != 1 {
		t.Errorf("the largest amount compares with -0.01 as %d", got)
	}
	if got := smallest.String(); got != "-92233720368547758.08" {
		t.Errorf("the smallest amount prints as %s", got)
	}
}

func TestShareAgreesWithExactDivision(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Int64Range(0, math.MaxInt64).Draw(t, "a")
		whole := rapid.Int64Range(1, math.MaxInt64).Draw(t, "whole")
		part := rapid.Int64Range(0, whole).Draw(t, "part")
		if rapid.Bool().Draw(t, "small") {
			whole, part, a = whole%20+1, part%(whole%20+1), a%1000
		}
		product := new(big.Int).Mul(big.NewInt(a), big.NewInt(part))
		q, r := new(big.Int).QuoRem(product, big.NewInt(whole), new(big.Int))
		share, rest := money.Fen(a).Proportion(money.Fen(part), money.Fen(whole))
		if share.Fen() != q.Int64() || rest != r.Uint64() {
			t.Fatalf("proportion %s rest %d, want %s rest %s", share, rest, q, r)
		}
		if r.Lsh(r, 1).Cmp(big.NewInt(whole)) >= 0 {
			q.Add(q, big.NewInt(1))
		}
		if got := money.Fen(a).Share(part, whole); got.Fen() != q.Int64() {
			t.Fatalf("share %s, want %s fen", got, q)
		}
	})
}

func TestPriceLine(t *testing.T) {
	tests := map[string]struct {
		price, quantity, rate string
		excluded              bool
		want                  string // net, tax, gross
	}{
		"tax is taken out of the price":           {"150.00", "1", "0.06", false, "141.51 8.49 150.00"},
		"13 % of goods":                           {"580.00", "2", "0.13", false, "1026.55 133.45 1160.00"},
		"cable by the metre, three decimals":      {"3.125", "12.5", "0.13", false, "34.57 4.49 39.06"},
		"half a fen goes up":                      {"0.005", "1", "0", false, "0.01 0.00 0.01"},
		"tax on top of a net price":               {"302.50", "1", "0.06", true, "302.50 18.15 320.65"},
		"tax on top, half a fen up":               {"0.25", "1", "0.06", true, "0.25 0.02 0.27"},
		"untaxed":                                 {"80", "1.5", "0", false, "120.00 0.00 120.00"},
		"the product is rounded once, then taxed": {"0.3333", "3", "0.06", false, "0.94 0.06 1.00"},
		"a product above the largest amount":      {"999999999.99", "2", "0.06", false, "refused"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			l, err := money.PriceLine(decimal.RequireFromString(tc.price), decimal.RequireFromString(tc.quantity),
				money.Tax{Rate: decimal.RequireFromString(tc.rate), Excluded: tc.excluded})
			got := l.Net.String() + " " + l.Tax.String() + " " + l.Gross.String()
			if err != nil {
				got = "refused"
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// roundHalfUp rounds a non-negative number of fen, exactly.
func roundHalfUp(r *big.Rat) *big.Int {
	twice := new(big.Int).Mul(r.Num(), big.NewInt(2))
	twice.Add(twice, r.Denom())
	return twice.Quo(twice, new(big.Int).Mul(r.Denom(), big.NewInt(2)))
}

func TestTaxAgreesWithExactFractions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := amounts(0).Draw(t, "amount")
		tax := money.Tax{
			Rate: decimal.New(rapid.Int64Range(0, 10_000).Draw(t, "rate"), -4), Excluded: rapid.Bool().Draw(t, "excluded"),
		}
		line, err := tax.Split(a)
		want := new(big.Rat).Mul(big.NewRat(a.Fen(), 1), tax.Rate.Rat())
		if !tax.Excluded {
			want.Quo(want, new(big.Rat).Add(tax.Rate.Rat(), big.NewRat(1, 1)))
		}
		if err != nil {
			t.Fatal(err)
		}
		if line.Net.Add(line.Tax) != line.Gross || line.Tax.Fen() != roundHalfUp(want).Int64() {
			t.Fatalf("%+v, want a tax of %s fen", line, want.FloatString(4))
		}
		if tax.Excluded && line.Net != a || !tax.Excluded && line.Gross != a {
			t.Fatalf("%+v does not contain the stated amount %s", line, a)
		}
	})
}

func TestBounds(t *testing.T) {
	d := decimal.RequireFromString
	tests := map[string]struct {
		err  error
		code string // empty: accepted
	}{
		"a quantity of three decimals":      {money.CheckQuantity("q", d("0.001")), ""},
		"a quantity of four decimals":       {money.CheckQuantity("q", d("0.0001")), "bad-quantity"},
		"no quantity":                       {money.CheckQuantity("q", d("0")), "bad-quantity"},
		"a negative quantity":               {money.CheckQuantity("q", d("-1")), "bad-quantity"},
		"a million":                         {money.CheckQuantity("q", d("1000000")), ""},
		"above a million":                   {money.CheckQuantity("q", d("1000000.001")), "bad-quantity"},
		"half a camera":                     {money.CheckWhole("q", "台", d("0.5")), "part-of-a-unit"},
		"part of a piece, written in Latin": {money.CheckWhole("q", " PCS", d("1.001")), "part-of-a-unit"},
		"two cameras":                       {money.CheckWhole("q", "台", d("2.000")), ""},
		"half a metre":                      {money.CheckWhole("q", "米", d("0.5")), ""},
		"half an hour":                      {money.CheckWhole("q", "小时", d("0.5")), ""},
		"half a yuan":                       {money.CheckWhole("q", "元", d("0.5")), ""},
		"a free item":                       {money.CheckUnitPrice("p", d("0")), ""},
		"a price of four decimals":          {money.CheckUnitPrice("p", d("3.1255")), ""},
		"a price of five decimals":          {money.CheckUnitPrice("p", d("3.12555")), "bad-price"},
		"a negative price":                  {money.CheckUnitPrice("p", d("-0.01")), "bad-price"},
		"a price above the largest amount":  {money.CheckUnitPrice("p", d("1000000000")), "bad-price"},
		"a rate of 100 %":                   {money.Tax{Rate: d("1")}.Check("r"), ""},
		"a rate above 100 %":                {money.Tax{Rate: d("1.0001")}.Check("r"), "bad-tax-rate"},
		"a rate in percent":                 {money.Tax{Rate: d("6")}.Check("r"), "bad-tax-rate"},
		"a negative rate":                   {money.Tax{Rate: d("-0.06")}.Check("r"), "bad-tax-rate"},
		"a rate of five decimals":           {money.Tax{Rate: d("0.06001")}.Check("r"), "bad-tax-rate"},
		"one fen":                           {money.Fen(1).CheckPositive("a"), ""},
		"nothing":                           {money.Fen(0).CheckPositive("a"), "not-positive"},
		"more than the largest amount":      {money.Max.Add(money.Fen(1)).CheckPositive("a"), "amount-too-large"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var r *domain.Rejection
			if errors.As(tc.err, &r); r == nil && (tc.code != "" || tc.err != nil) || r != nil && r.Code != tc.code {
				t.Errorf("got %v, want %q", tc.err, tc.code)
			}
		})
	}
}

func TestSentencesGroupTheirAmounts(t *testing.T) {
	long := money.Fen(-123_456_789)
	for want, said := range map[string]string{
		"-1,234,567.89 of 12.00 on P001, 2000": money.Sprintf("%s of %s on %s, %d", long, money.Fen(1_200), "P001", 2000),
		"exceeds the 1,500.00 yuan":            domain.Say("exceeds the %s yuan", money.Fen(150_000)).String(),
		"one of 1,000.00, 2,000.00":            domain.Say("one of %v", []money.Amount{money.Fen(100_000), money.Fen(200_000)}).String(),
	} {
		if said != want {
			t.Errorf("said %q, want %q", said, want)
		}
	}
}
